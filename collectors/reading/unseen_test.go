package reading

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/table"
	"yardstick/schema"
	"yardstick/schema/targets"
)

// page is a made-up sheet of texts, and what of it is not seen.
type page struct {
	rows   [][]string
	column map[int]string // attributes of columns, from 1
	row    map[int]string // attributes of rows, from 1
	merges []string
	cell   map[string]string // cells written otherwise: what stands in <c …>
	calc   string            // of the workbook
	chain  bool              // a spreadsheet worked the formulas out before
	format []string          // number formats of the styles from 1 on
}

// xlsx writes it as a workbook.
func (p page) xlsx(t *testing.T) []byte {
	t.Helper()
	var sheet strings.Builder
	sheet.WriteString("<worksheet><cols>")
	for c := range len(p.rows[0]) {
		if at := p.column[c+1]; at != "" {
			fmt.Fprintf(&sheet, `<col min="%d" max="%d" %s/>`, c+1, c+1, at)
		}
	}
	sheet.WriteString("</cols><sheetData>")
	for r, row := range p.rows {
		fmt.Fprintf(&sheet, `<row r="%d" %s>`, r+1, p.row[r+1])
		for c, text := range row {
			name := fmt.Sprintf("%c%d", 'A'+c, r+1)
			switch other := p.cell[name]; {
			case other != "":
				fmt.Fprintf(&sheet, `<c r="%s" %s</c>`, name, other)
			case text == "":
			case strings.Trim(text, "0123456789.") == "":
				fmt.Fprintf(&sheet, `<c r="%s"><v>%s</v></c>`, name, text)
			default:
				fmt.Fprintf(&sheet, `<c r="%s" t="inlineStr"><is><t>%s</t></is></c>`, name, text)
			}
		}
		sheet.WriteString("</row>")
	}
	sheet.WriteString("</sheetData><mergeCells>")
	for _, m := range p.merges {
		fmt.Fprintf(&sheet, `<mergeCell ref="%s"/>`, m)
	}
	sheet.WriteString("</mergeCells></worksheet>")
	rels := `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="s.xml"/>`
	if p.chain {
		rels += `<Relationship Id="r2" Type="x/calcChain" Target="c.xml"/>`
	}
	codes, styles := "", `<xf numFmtId="0"/>`
	for i, f := range p.format {
		codes += fmt.Sprintf(`<numFmt numFmtId="%d" formatCode="%s"/>`, 170+i, strings.ReplaceAll(f, `"`, "&quot;"))
		styles += fmt.Sprintf(`<xf numFmtId="%d"/>`, 170+i)
	}
	rels += `<Relationship Id="r3" Type="x/styles" Target="f.xml"/>`
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, part := range [][2]string{{"[Content_Types].xml", "<Types/>"},
		{"_rels/.rels", `<Relationships><Relationship Id="r1" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook xmlns:r="r"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets>` + p.calc + `</workbook>`},
		{"xl/_rels/workbook.xml.rels", rels + "</Relationships>"}, {"xl/s.xml", sheet.String()}, {"xl/c.xml", "<calcChain/>"},
		{"xl/f.xml", "<styleSheet><numFmts>" + codes + "</numFmts><cellXfs>" + styles + "</cellXfs></styleSheet>"}} {
		w, err := z.Create(part[0])
		if err == nil {
			_, err = io.WriteString(w, part[1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// readBytes reads the first table of a file; the figures that may be taken, as
// "indicator|region|period|value|unit".
func readBytes(t *testing.T, name string, data []byte, given map[string]string) ([]string, *account.Findings) {
	t.Helper()
	register, err := targets.Load()
	if err != nil {
		t.Fatal(err)
	}
	file, problems, err := table.Read(t.Context(), bytes.NewReader(data), name, table.Limits{})
	if err != nil || len(problems) > 0 {
		t.Fatalf("%v %v", problems, err)
	}
	var out []string
	found := &account.Findings{}
	err = Read(t.Context(), file.Tables[0], account.Options{Headers: register.Indicators, Given: given}, found, func(c *account.Candidate) error {
		if c.Bad == 0 {
			value := ""
			if c.Number != nil {
				value = c.Number.String()
			}
			out = append(out, strings.Join([]string{c.Written(account.Indicator), c.Written(account.Region), c.When.String(), value, c.Written(account.Unit)}, "|"))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out, found
}

// asks are the keys and candidates of what is asked.
func asks(f *account.Findings) string {
	var out []string
	for _, q := range f.Questions {
		out = append(out, q.Key+"="+strings.Join(q.Candidates, "/"))
	}
	for _, p := range f.Problems {
		out = append(out, p.Code+" "+p.Cell)
	}
	return strings.Join(out, " ")
}

func tidyPage() page {
	return page{rows: [][]string{{"指标", "地区", "时期", "数值", "单位"}, {"绿地面积", "甲县", "2031年7月", "512", "公顷"},
		{"粮食产量", "甲县", "2031年8月", "733", "万吨"}, {"绿地面积", "乙县", "2031年9月", "518", "公顷"}}}
}

// No figure is made, without a word, of a cell that the sheet hides or that another
// one covers, nor of a formula whose result is none.
func TestWhatTheEyeDoesNotSeeOfAFigureIsAskedAbout(t *testing.T) {
	const full, hidden, covered, stale = `<calcPr fullCalcOnLoad="1"/>`, "hidden=take/leave", "seen.covered=shown/stored", "seen.uncalculated=missing/stored"
	for name, c := range map[string]struct {
		make func(*page)
		asks string
		left int // figures that are not asked about
	}{
		"nothing":                    {func(*page) {}, "", 3},
		"a column dragged shut":      {func(p *page) { p.column = map[int]string{4: `width="0" customWidth="1"`} }, hidden, 0},
		"one of a hair":              {func(p *page) { p.column = map[int]string{4: `width="0.14" customWidth="1"`} }, hidden, 0},
		"a hidden one":               {func(p *page) { p.column = map[int]string{4: `width="9" hidden="1"`} }, hidden, 0},
		"hidden units":               {func(p *page) { p.column = map[int]string{5: `width="0" customWidth="1"`} }, hidden, 0},
		"hidden periods":             {func(p *page) { p.column = map[int]string{3: `hidden="true"`} }, hidden, 0},
		"a narrow one":               {func(p *page) { p.column = map[int]string{4: `width="2.5"`} }, "", 3},
		"a row without height":       {func(p *page) { p.row = map[int]string{3: `ht="0" customHeight="1"`} }, hidden, 2},
		"one of a hair's height":     {func(p *page) { p.row = map[int]string{2: `ht="0.4" customHeight="1"`} }, hidden, 2},
		"a covered name":             {func(p *page) { p.merges = []string{"A2:A3"} }, covered, 2},
		"a covered unit":             {func(p *page) { p.merges = []string{"E2:E4"} }, covered, 2},
		"a covered region":           {func(p *page) { p.merges = []string{"B3:B4"} }, covered, 2},
		"a covered period":           {func(p *page) { p.merges = []string{"C3:C4"} }, covered, 2},
		"a unit under its figure":    {func(p *page) { p.merges = []string{"D2:E2"} }, covered, 2},
		"a merge that says the same": {func(p *page) { p.merges, p.rows[2][1] = []string{"B2:B3"}, "甲县" }, "", 3},
		"a covered figure":           {func(p *page) { p.merges = []string{"D3:D4"} }, "value-merged D3", 1},
		"a formula put as nothing":   {func(p *page) { p.calc, p.cell = full, map[string]string{"D3": `><f>700+33</f><v>0</v>`} }, stale, 2},
		"one put as 0.0":             {func(p *page) { p.calc, p.cell = full, map[string]string{"D4": `><f>D2</f><v>0.0</v>`} }, stale, 2},
		"one of a changed workbook":  {func(p *page) { p.calc, p.chain, p.cell = full, true, map[string]string{"D2": `><f>D3</f><v>509</v>`} }, stale, 2},
		"a name by such a formula": {func(p *page) {
			p.calc, p.chain, p.cell = full, true, map[string]string{"A2": ` t="str"><f>A4</f><v>绿地面积</v>`}
		}, stale, 2},
		"one that a program worked out": {func(p *page) { p.calc, p.cell = full, map[string]string{"D2": `><f>500+12</f><v>512</v>`} }, "", 3},
		"one that a spreadsheet did":    {func(p *page) { p.chain, p.cell = true, map[string]string{"D2": `><f>5-5</f><v>0</v>`} }, "", 3},
		"one without a result":          {func(p *page) { p.cell = map[string]string{"D2": `><f>500+12</f>`} }, "seen.uncalculated=missing", 2},
		"one with an empty one":         {func(p *page) { p.cell = map[string]string{"D3": `><f>500+12</f><v></v>`} }, "seen.uncalculated=missing", 2},
	} {
		t.Run(name, func(t *testing.T) {
			p := tidyPage()
			c.make(&p)
			data := p.xlsx(t)
			figures, found := readBytes(t, "f.xlsx", data, nil)
			if got := asks(found); got != c.asks || len(figures) != c.left {
				t.Fatalf("asked %q, want %q; figures %v", got, c.asks, figures)
			}
			accounted(t, found, 20)
			if len(found.Questions) == 0 {
				return
			}
			for _, answer := range found.Questions[0].Candidates {
				figures, found := readBytes(t, "f.xlsx", data, map[string]string{found.Questions[0].Key: answer})
				if asks(found) != "" && (name != "a unit under its figure" || answer != "shown") || len(figures) < c.left {
					t.Errorf("%s: %q, figures %v", answer, asks(found), figures)
				}
				accounted(t, found, 20)
			}
		})
	}
}

// accounted checks that every cell is accounted for, those with formulas too.
func accounted(t *testing.T, found *account.Findings, want int) {
	t.Helper()
	if c := found.Cells; c.Figures+c.Labels+c.LeftOut+c.Asked+c.Wrong != want {
		t.Errorf("%d cells are accounted for as %+v", want, c)
	}
	if len(found.Questions) > 0 && found.Cells.Asked == 0 {
		t.Errorf("a question is about no cell: %+v", found.Cells)
	}
}

// What an answer says of covered cells is what is read.
func TestACoveredCellIsReadAsItIsSaid(t *testing.T) {
	p := tidyPage()
	p.merges = []string{"A2:A3", "E2:E3"}
	for answer, want := range map[string]string{"shown": "绿地面积|甲县|2031-08|733|公顷", "stored": "粮食产量|甲县|2031-08|733|万吨"} {
		if got, found := readBytes(t, "f.xlsx", p.xlsx(t), map[string]string{"seen.covered": answer}); len(got) != 3 || got[1] != want || asks(found) != "" {
			t.Errorf("%s: %v %s", answer, got, asks(found))
		}
	}
	grid := page{rows: [][]string{{"指标", "单位", "2031年", "2032年"}, {"绿地面积", "公顷", "512", "518"}, {"粮食产量", "万吨", "733", "740"}}, merges: []string{"B2:B3"}}
	region := map[string]string{"region": "甲县"}
	if got, found := readBytes(t, "f.xlsx", grid.xlsx(t), region); asks(found) != "seen.covered=shown/stored" || len(got) != 2 {
		t.Errorf("a grid: %v %s", got, asks(found))
	}
	region["seen.covered"] = "shown"
	if got, found := readBytes(t, "f.xlsx", grid.xlsx(t), region); len(got) != 4 || !slices.Contains(got, "粮食产量|甲县|2032|740|公顷") || asks(found) != "" {
		t.Errorf("a grid as shown: %v %s", got, asks(found))
	}
}

// Whatever of a sheet is hidden, covered or not worked out: it is asked about, exactly
// where a figure is made of it, and every answer ends the question.
func TestAnySheetIsAskedAboutWhereItHidesWhatAFigureIsMadeOf(t *testing.T) {
	for seed := range uint64(400) {
		rng := rand.New(rand.NewPCG(seed, 5))
		p := page{rows: [][]string{{"指标", "地区", "时期", "数值", "单位"}}, column: map[int]string{}, row: map[int]string{}, cell: map[string]string{}}
		n := 3 + rng.IntN(8)
		for i := range n {
			p.rows = append(p.rows, []string{[]string{"绿地面积", "粮食产量", "用电量"}[rng.IntN(3)], []string{"甲县", "乙县"}[rng.IntN(2)],
				schema.Month(2031, 1).Add(i).String(), fmt.Sprint(100 + rng.IntN(900)), []string{"公顷", "万吨"}[rng.IntN(2)]})
		}
		at := 2 + rng.IntN(n-1)
		want := map[string]bool{}
		column := 1 + rng.IntN(5)
		switch rng.IntN(6) {
		case 0:
			p.column[column] = []string{`hidden="1"`, `width="0"`, `width="0.2" customWidth="1"`}[rng.IntN(3)]
			want["hidden"] = true
		case 1:
			p.row[at] = []string{`hidden="1"`, `ht="0"`, `ht="0.5"`}[rng.IntN(3)]
			want["hidden"] = true
		case 2, 3:
			last := at + 1
			name := 'A' + rune(column-1)
			p.merges = append(p.merges, fmt.Sprintf("%c%d:%c%d", name, at, name, last))
			switch same := p.rows[at-1][column-1] == p.rows[last-1][column-1]; {
			case column == 4:
				want["value-merged"] = true
			case !same:
				want["seen.covered"] = true
			}
		case 4:
			p.calc = `<calcPr fullCalcOnLoad="true"/>`
			p.cell[fmt.Sprintf("D%d", at)] = `><f>D2+1</f><v>0</v>`
			want["seen.uncalculated"] = true
		}
		data := p.xlsx(t)
		given := map[string]string{}
		for round := 0; ; round++ {
			_, found := readBytes(t, "f.xlsx", data, given)
			accounted(t, found, 5*(n+1))
			if round == 0 {
				told := map[string]bool{}
				for _, q := range found.Questions {
					told[q.Key] = true
				}
				for _, problem := range found.Problems {
					told[problem.Code] = true
				}
				if fmt.Sprint(told) != fmt.Sprint(want) {
					t.Fatalf("seed %d: told %v, want %v", seed, told, want)
				}
			}
			if len(found.Questions) == 0 {
				break
			}
			q := found.Questions[0]
			if given[q.Key] != "" || round > 2 {
				t.Fatalf("seed %d: %s is asked again", seed, q.Key)
			}
			given[q.Key] = q.Candidates[rng.IntN(len(q.Candidates))]
		}
	}
}

// A cell that is merged downward on a page belongs to every row it reaches, the last
// column too, and empty cells at the end of a row are cells.
func TestAPagesMergedCellsBelongToTheirRows(t *testing.T) {
	head := "<table><tr><td>指标<td>地区<td>时期<td>数值<td>单位</tr>"
	for body, want := range map[string][]string{
		"<tr><td>绿地面积<td>甲县<td>2031年7月<td>512<td rowspan=2>公顷<tr><td>绿地面积<td>乙县<td>2031年7月<td>518":                                  {"512|公顷", "518|公顷"},
		"<tr><td rowspan=3>绿地面积<td rowspan=2>甲县<td>2031年7月<td>512<td rowspan=3>公顷<tr><td>2031年8月<td>518<tr><td>乙县<td>2031年7月<td>77": {"512|公顷", "518|公顷", "77|公顷"},
		"<tr><td>粮食产量<td>甲县<td rowspan=2>2031年<td>7.5<td rowspan=2>万吨</tr><tr><td>用水量<td>甲县<td>8.25</tr>":                           {"7.5|万吨", "8.25|万吨"},
		"<tr><td>粮食产量<td>甲县<td>2031年<td>7.5<td>万吨<tr><td>用水量<td>甲县<td>2031年<td>8.25<td></td></tr>":                                  {"7.5|万吨", "8.25|"},
	} {
		got, found := readBytes(t, "f.html", []byte(head+body+"</table>"), nil)
		for i, figure := range got {
			part := strings.Split(figure, "|")
			got[i] = part[3] + "|" + part[4]
		}
		if !slices.Equal(got, want) || len(found.Problems)+len(found.Questions) > 0 {
			t.Errorf("%s: %v, %s", body, got, asks(found))
		}
	}
}
