package reading

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// gridPage is a table of a year's months under a title, with units and a line of them.
func gridPage() page {
	return page{rows: [][]string{{"丙县2031年主要指标", "", "", ""}, {"", "", "", "单位：公顷"}, {"指标", "2031年7月", "2031年8月", "2031年9月"},
		{"绿地面积", "512", "518", "525"}, {"水面面积", "73", "74", "76"}}}
}

// What says of which period, unit, region or indicator figures are is asked about where
// the eye does not see it, wherever it stands.
func TestALabelThatTheEyeDoesNotSeeIsAskedAbout(t *testing.T) {
	const hidden, label = "hidden=take/leave", "seen.label=shown/stored"
	region := map[string]string{"region": "丙县", "basis": "period"}
	basis := map[string]string{"basis": "period"}
	for name, c := range map[string]struct {
		page  page
		given map[string]string
		asks  string
	}{
		"nothing":                 {gridPage(), region, ""},
		"the line of the unit":    {page{rows: gridPage().rows, row: map[int]string{2: `hidden="1"`}}, region, hidden},
		"the head of the periods": {page{rows: gridPage().rows, row: map[int]string{3: `hidden="1"`}}, region, hidden},
		"the names":               {page{rows: gridPage().rows, column: map[int]string{1: `hidden="1"`}}, region, hidden},
		"a title with the period": {page{rows: [][]string{{"丙县2031年7月", "", ""}, {"指标", "单位", "数值"}, {"绿地面积", "公顷", "512"}, {"粮食产量", "万吨", "7"}},
			row: map[int]string{1: `ht="0"`}}, basis, hidden},
		"a title with the year": {page{rows: [][]string{{"丙县2031年", "", ""}, {"指标", "7月", "8月"}, {"绿地面积", "512", "518"}, {"粮食产量", "7", "8"}},
			row: map[int]string{1: `hidden="1"`}}, basis, hidden},
		"a head of units": {page{rows: [][]string{{"时期", "绿地面积", "粮食产量"}, {"", "公顷", "万吨"}, {"2031年7月", "512", "7"}, {"2031年8月", "518", "8"}},
			row: map[int]string{2: `hidden="1"`}}, region, hidden},
		"a head of years": {page{rows: [][]string{{"指标", "2031年", "", "2032年", ""}, {"", "7月", "8月", "7月", "8月"}, {"绿地面积", "512", "518", "7", "9"}, {"粮食产量", "7", "8", "9", "7"}},
			row: map[int]string{1: `hidden="1"`}}, region, hidden},
		"the head of a tidy table": {page{rows: tidyPage().rows, row: map[int]string{1: `hidden="1"`}}, nil, hidden},
		"a year with words":        {page{rows: gridPage().rows, format: []string{`0"年1-7月"`}, cell: map[string]string{"B3": ` s="1"><v>2031</v>`}}, region, label},
		"a year with a plan":       {page{rows: gridPage().rows, format: []string{`0"年计划"`}, cell: map[string]string{"D3": ` s="1"><v>2031</v>`}}, region, label},
		"a name with words": {page{rows: gridPage().rows, format: []string{`"其中："@`}, cell: map[string]string{"A5": ` s="1" t="inlineStr"><is><t>水面面积</t></is>`}},
			region, label},
		"a unit with a letter":     {page{rows: tidyPage().rows, format: []string{`"千"@`}, cell: map[string]string{"E3": ` s="1" t="inlineStr"><is><t>吨</t></is>`}}, nil, label},
		"a region with words":      {page{rows: tidyPage().rows, format: []string{`@"城区"`}, cell: map[string]string{"B3": ` s="1" t="inlineStr"><is><t>甲县</t></is>`}}, nil, label},
		"a tidy period with words": {page{rows: tidyPage().rows, format: []string{`0"年1-7月"`}, cell: map[string]string{"C3": ` s="1"><v>2031</v>`}}, nil, label},
		"a text that is seen":      {page{rows: tidyPage().rows, format: []string{`@" "`}, cell: map[string]string{"B3": ` s="1" t="inlineStr"><is><t>甲县</t></is>`}}, nil, ""},
		"a name that is not shown": {page{rows: tidyPage().rows, format: []string{`;;;`}, cell: map[string]string{"A3": ` s="1" t="inlineStr"><is><t>绿地面积</t></is>`}}, nil, "seen.format-hides=stored/missing"},
		"a head under another":     {page{rows: gridPage().rows, merges: []string{"B3:C3"}}, region, "seen.covered=shown/stored"},
		"a unit under another":     {page{rows: tidyPage().rows, merges: []string{"E1:E3"}}, nil, "seen.covered=shown/stored"},
		"a year under another": {page{rows: [][]string{{"指标", "2031年", "", "2032年", ""}, {"", "7月", "8月", "7月", "8月"}, {"绿地面积", "512", "518", "7", "9"}, {"粮食产量", "7", "8", "9", "7"}},
			merges: []string{"B1:E1"}}, region, "seen.covered=shown/stored"},
	} {
		t.Run(name, func(t *testing.T) {
			data, given := c.page.xlsx(t), c.given
			_, found := readBytes(t, "f.xlsx", data, given)
			if got := asks(found); got != c.asks {
				t.Fatalf("asked %q, want %q", got, c.asks)
			}
			if c.asks == "" {
				return
			}
			for _, answer := range found.Questions[0].Candidates {
				said := map[string]string{found.Questions[0].Key: answer}
				for k, v := range given {
					said[k] = v
				}
				figures, then := readBytes(t, "f.xlsx", data, said)
				for _, q := range then.Questions {
					if q.Key == found.Questions[0].Key {
						t.Errorf("%s=%s: asked again", q.Key, answer)
					}
				}
				t.Logf("%s: %v %s", answer, figures, asks(then))
			}
		})
	}
}

// What is answered to a label that is shown otherwise than it is stored is what is read.
func TestALabelIsReadAsItIsSaid(t *testing.T) {
	region := func(answer string) map[string]string {
		return map[string]string{"region": "丙县", "basis": "period", "seen.label": answer}
	}
	p := page{rows: [][]string{{"指标", "单位", "2030", "2031"}, {"绿地面积", "公顷", "512", "518"}, {"粮食产量", "万吨", "7", "8"}}, format: []string{`0"年1-9月"`},
		cell: map[string]string{"C1": ` s="1"><v>2030</v>`, "D1": ` s="1"><v>2031</v>`}}
	for answer, want := range map[string]string{"shown": "绿地面积|丙县|2031-09|518|公顷", "stored": "绿地面积|丙县|2031|518|公顷"} {
		if got, found := readBytes(t, "f.xlsx", p.xlsx(t), region(answer)); !slices.Contains(got, want) || len(got) != 4 || asks(found) != "" {
			t.Errorf("%s: %v %s", answer, got, asks(found))
		}
	}
	page := `<table><tr><td>指标<td>单位<td style='mso-number-format:"0\0022年1-9月\0022"' x:num=2030>2030年1-9月<td style='mso-number-format:"0\0022年1-9月\0022"' x:num=2031>2031年1-9月<tr><td>绿地面积<td>公顷<td>512<td>518<tr><td>粮食产量<td>万吨<td>7<td>8</table>`
	if got, found := readBytes(t, "f.xls", []byte(page), region("shown")); !slices.Contains(got, "绿地面积|丙县|2031-09|518|公顷") || len(got) != 4 || asks(found) != "" {
		t.Errorf("a page: %v %s", got, asks(found))
	}
	if _, found := readBytes(t, "f.xls", []byte(page), map[string]string{"region": "丙县", "basis": "period"}); asks(found) != "seen.label=shown/stored" {
		t.Errorf("a page is asked %s", asks(found))
	}
	merged := page3()
	for answer, want := range map[string][]string{"shown": {"2031-07"}, "stored": {"2031-07", "2031-08"}} {
		got, _ := readBytes(t, "f.xlsx", merged.xlsx(t), map[string]string{"region": "丙县", "basis": "period", "seen.covered": answer})
		for i, figure := range got {
			got[i] = strings.Split(figure, "|")[2]
		}
		slices.Sort(got)
		if got = slices.Compact(got); !slices.Equal(got, want) {
			t.Errorf("%s of a merged head: %v", answer, got)
		}
	}
}

func page3() page {
	return page{rows: [][]string{{"指标", "单位", "2031年7月", "2031年8月"}, {"绿地面积", "公顷", "512", "518"}, {"粮食产量", "万吨", "7", "8"}}, merges: []string{"C1:D1"}}
}

// Whatever label of a table is hidden or shown with words: it is asked about, and every
// answer ends the question.
func TestAnyLabelThatIsNotSeenAsItIsStoredIsAskedAbout(t *testing.T) {
	for seed := range uint64(400) {
		rng := rand.New(rand.NewPCG(seed, 59))
		p := page{rows: [][]string{{"丙县" + fmt.Sprint(2028+rng.IntN(5)) + "年", "", ""}, {"指标", "单位"}}, column: map[int]string{}, row: map[int]string{}, cell: map[string]string{},
			format: []string{`"其中："@`, `@"（预计）"`, `"约"@`}}
		months := 2 + rng.IntN(4)
		for m := range months {
			p.rows[1] = append(p.rows[1], fmt.Sprintf("%d月", m+2))
		}
		for i := range 2 + rng.IntN(5) {
			row := []string{[]string{"绿地面积", "粮食产量", "用电量", "水面面积", "发电量", "公路里程"}[i], []string{"公顷", "万吨", "公里"}[rng.IntN(3)]}
			for range months {
				row = append(row, fmt.Sprint(100+rng.IntN(900)))
			}
			p.rows = append(p.rows, row)
		}
		want, at := "", 3+rng.IntN(len(p.rows)-2)
		switch rng.IntN(5) {
		case 0:
			p.row[1+rng.IntN(2)] = []string{`hidden="1"`, `ht="0"`}[rng.IntN(2)]
			want = "hidden"
		case 1:
			p.column[1+rng.IntN(2)] = []string{`hidden="1"`, `width="0"`}[rng.IntN(2)]
			want = "hidden"
		case 2, 3:
			c := rng.IntN(2)
			p.cell[fmt.Sprintf("%c%d", 'A'+c, at)] = fmt.Sprintf(` s="%d" t="inlineStr"><is><t>%s</t></is>`, 1+rng.IntN(3), p.rows[at-1][c])
			want = "seen.label"
		}
		data, given := p.xlsx(t), map[string]string{"basis": "period"}
		for round := 0; ; round++ {
			_, found := readBytes(t, "f.xlsx", data, given)
			if round == 0 {
				got := ""
				for _, q := range found.Questions {
					got += q.Key
				}
				if got != want || len(found.Problems) > 0 {
					t.Fatalf("seed %d: asked %q, want %q: %s", seed, got, want, asks(found))
				}
			}
			if len(found.Questions) == 0 {
				break
			}
			q := found.Questions[0]
			if given[q.Key] != "" || round > 3 {
				t.Fatalf("seed %d: %s is asked again: %v", seed, q.Key, asks(found))
			}
			if given[q.Key] = "丙县"; len(q.Candidates) > 0 {
				given[q.Key] = q.Candidates[rng.IntN(len(q.Candidates))]
			}
		}
	}
}
