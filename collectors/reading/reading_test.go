package reading

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
	"yardstick/schema"
	"yardstick/schema/targets"
	"yardstick/schema/words"
)

// read reads a text with the real names of headers.
func read(t *testing.T, text string, given map[string]string) ([]account.Candidate, *account.Findings) {
	t.Helper()
	register, err := targets.Load()
	if err != nil {
		t.Fatal(err)
	}
	file, problems, err := table.Read(t.Context(), bytes.NewReader([]byte(text)), "f.csv", table.Limits{})
	if err != nil || len(problems) > 0 {
		t.Fatalf("%v %v", problems, err)
	}
	var out []account.Candidate
	found := &account.Findings{}
	err = Read(t.Context(), file.Tables[0], account.Options{Headers: register.Indicators, Given: given}, found, func(c *account.Candidate) error {
		out = append(out, *c)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out, found
}

// line is a candidate in one line, for comparing.
func line(c account.Candidate) string {
	value := "missing"
	if c.Number != nil {
		value = c.Number.String() + c.Suffix
	}
	return fmt.Sprintf("%s|%s|%s %s|%s|%s|%v|%s|%s", c.Written(account.Indicator), c.Written(account.Region), c.When, c.WhenBasis, value, c.Written(account.Unit), c.Bases, c.State, c.Day)
}

func TestColumnsMayStandInAnyOrderAndEitherLanguage(t *testing.T) {
	want := "gdp|大连市|2025-09 ytd|7000.10|亿元|[ytd cumulative]|P|2025-10-31"
	for name, text := range map[string]string{
		"Chinese":             "指标,地区,时期,数值,单位,口径,状态,发布日期\ngdp,大连市,2025年1-9月,7000.10,亿元,累计,P,2025-10\n",
		"English, reversed":   "published,status,basis,unit,value,period,region,indicator\n2025-10,P,累计,亿元,7000.10,2025年1-9月,大连市,gdp\n",
		"a preamble above":    "数据库：月度数据\n单位：见表,\n\n指标,地区,时期,数值,单位,口径,状态,发布日期\ngdp,大连市,2025年1-9月,\"7,000.10\",亿元,累计,初步核算,2025年10月\n",
		"unit in the header":  "指标,地区,时期,数值(亿元),口径,状态,发布日期\ngdp,大连市,2025年1-9月,7000.10,累计,P,2025-10-31\n",
		"spaces around words": " 指标 , 地区 ,时期 ,数值,单位,口径,状态,发布日期\n gdp , 大连市 , 2025年1-9月 , 7000.10 , 亿元 , 累计 , P , 2025-10 \n",
	} {
		t.Run(name, func(t *testing.T) {
			got, found := read(t, text, nil)
			if len(found.Problems)+len(found.Questions) > 0 {
				t.Fatalf("%+v %+v", found.Problems, found.Questions)
			}
			if len(got) != 1 || line(got[0]) != want {
				t.Errorf("got %s", line(got[0]))
			}
		})
	}
}

func TestWhatIsNoFigureIsLeftOutAndListed(t *testing.T) {
	text := "数据库：月度\n地区：大连\n指标,地区,时期,数值,备用,单位\ngdp,210200,2024,9516.9,,亿元\n\n\n  ,,,,,\ngdp,210200,2023,8752.9,,亿元\n" +
		"指标,地区,时期,数值,备用,单位\n注：1.初步数,未作机械调整\n数据来源：大连市统计局\n*口径见说明\n"
	got, found := read(t, text, nil)
	if len(got) != 2 || len(found.Problems) != 0 {
		t.Fatalf("%d rows, %+v", len(got), found.Problems)
	}
	var listed []string
	for _, p := range found.Excluded {
		listed = append(listed, fmt.Sprintf("%s@%d", p.Code, p.Line))
		if p.Zh == "" || p.En == "" || strings.Contains(p.Zh+p.En, "{") {
			t.Errorf("sentence %q / %q", p.Zh, p.En)
		}
	}
	want := []string{"preamble@1", "preamble@2", "column-ignored@3", "blank-row@5", "header-again@9", "note@10", "note@11", "note@12"}
	if !slices.Equal(listed, want) {
		t.Errorf("got  %v\nwant %v", listed, want)
	}
	if zh := found.Excluded[3].Zh; !strings.Contains(zh, "5至7") {
		t.Errorf("the blank rows are told as %q", zh)
	}
}

func TestARowThatBeginsLikeANoteAndHoldsAFigureIsAFigure(t *testing.T) {
	got, found := read(t, "指标,地区,时期,数值\n注册企业,大连,2025-01,5\n注：企业,大连,2025-01,5\n", nil)
	if len(got) != 2 || len(found.Excluded) != 0 {
		t.Errorf("%d rows, left out %+v", len(got), found.Excluded)
	}
}

const head = "指标,地区,时期,数值,单位,口径,状态,备注,发布日期\n"

// Every problem and question of this package, with a feed that brings it about
// and the cell that must be named.
func TestEachFaultNamesItsCell(t *testing.T) {
	cases := []struct {
		name, text, code, cell string
		line                   int
	}{
		{"a file that is no table", "大连,沈阳,鞍山\n甲,乙,丙\n", account.NotTidy, "A1", 1},
		{"a tidy file that lacks a column", "指标,地区,数值\ngdp,大连,1\n", account.AskPeriod, "C2", 2},
		{"a column that stands twice", "指标,地区,区域,时期,数值\ngdp,大连,大连,2024,1\n", account.ColumnTwice, "C1", 1},
		{"a cell in a column without a name", "指标,地区,时期,数值,,单位\ngdp,大连,2024,1,何物,亿元\n", account.ColumnUnnamed, "E2", 2},
		{"a thousands separator without quotes", head + "gdp,大连,2024,9,516.9,亿元,,,,\n", account.RowRagged, "J2", 2},
		{"a row with a cell too few", head + "gdp,大连,2024,1,亿元,,,\n", account.RowRagged, "I2", 2},
		{"a row of one cell", head + "一、总量,,,,,,,,\n", account.RowIncomplete, "A2", 2},
		{"no indicator", head + ",大连,2024,1,亿元,,,,\n", account.CellEmpty, "A2", 2},
		{"no region", head + "gdp,,2024,1,亿元,,,,\n", account.CellEmpty, "B2", 2},
		{"no period", head + "gdp,大连,,1,亿元,,,,\n", account.CellEmpty, "C2", 2},
		{"a word for a number", head + "gdp,大连,2024,很多,亿元,,,,\n", written.NotANumber, "D2", 2},
		{"a decimal comma", head + "gdp,大连,2024,\"9516,9\",亿元,,,,\n", written.NumberAmbiguous, "D2", 2},
		{"more than", head + "gdp,大连,2024,超20000*,亿元,,,,\n", written.NotExact, "D2", 2},
		{"a spreadsheet's error", head + "gdp,大连,2024,#DIV/0!,亿元,,,,\n", written.SpreadsheetError, "D2", 2},
		{"a month that does not exist", head + "gdp,大连,2024-13,1,亿元,,,,\n", account.NotAPeriod, "C2", 2},
		{"a second half year", head + "gdp,大连,2024年下半年,1,亿元,,,,\n", account.HalfYear, "C2", 2},
		{"a basis nobody knows", head + "gdp,大连,2024,1,亿元,大概,,,\n", account.BasisUnknown, "F2", 2},
		{"a status nobody knows", head + "gdp,大连,2024,1,亿元,,X,,\n", account.StatusUnknown, "G2", 2},
		{"a day that does not exist", head + "gdp,大连,2024,1,亿元,,,,2025-02-30\n", account.BadPublished, "I2", 2},
		{"published in a span", head + "gdp,大连,2024,1,亿元,,,,2025年1-3月\n", account.BadPublished, "I2", 2},
		{"a header nearly right", "指标,地区,时期,数值,staus\ngdp,大连,2024,1,P\n", account.AskColumn, "E1", 1},
		{"figures above a table that belong to none", "地区：大连\n甲,乙,5\n指标,2024年,2023年\n甲(亿元),1,2\n", account.RowUnread, "A2", 2},
		{"a unit in the name and another beside it", "地区：大连\n指标,单位,2024年\n甲(亿元),万元,1\n", account.UnitTwice, "A3", 3},
		{"a quarter's figure in another month", "指标,甲_累计\n地区,大连\n频度,季\n单位,亿元\n2025-02,5\n2025-03,6\n", account.OffFrequency, "B5", 5},
		{"a column of growth", "地区：大连\n指标,2024年,2023年,2022年,增长%\n甲(亿元),1,2,3,4\n", account.AskMeaning, "E2", 2},
		{"rows that are neither", "地区：大连\n单位：亿元\n,2024年,2023年\n甲,1,2\n沈阳市,3,4\n", account.AskAxis, "A4", 4},
		{"a row of growth", "地区：大连\n指标,2024年,2023年\n同比增长(%),3,4\n甲(亿元),1,2\n", account.AskRow, "A3", 3},
		{"names that stand in", "地区：大连\n单位：亿元\n指标,2024年,2023年\n甲投资,5,4\n　　乙局,1,2\n", account.AskOutline, "A5", 5},
		{"a name that stands in and is a part's", "地区：大连\n单位：亿元\n指标,2024年,2023年\n甲投资,5,4\n　　建筑业,1,2\n", account.AskPart, "A5", 5},
		{"two columns of a kind", "2024年\n地区,市县,甲(亿元)\n大连市,瓦房店市,1\n沈阳市,庄河市,2\n", account.AskTwice, "B2", 2},
		{"two rows of periods", "地区：大连\n指标,2024年,2023年\n,2024年6月,2023年6月\n甲(亿元),1,2\n", account.AskDated, "A2", 2},
		{"a heading", "地区：大连\n指标,2024年,2023年\n丙类,,\n甲(亿元),1,2\n", account.AskHeading, "A3", 3},
		{"a title that counts a part alone", "大连市男性情况\n指标,2024年,2023年\n甲(亿元),1,2\n", account.AskTitle, "A1", 1},
		{"a table without indicator", "单位：亿元\n地区,2024年,2023年\n大连,1,2\n", account.AskIndicator, "B3", 3},
		{"a table without region", "指标,2024年,2023年\n甲(亿元),1,2\n", account.AskRegion, "B2", 2},
		{"a table without period", "指标,大连,沈阳\n甲(亿元),1,2\n", account.AskPeriod, "B2", 2},
		{"a month's figure, or since January", "地区：大连\n指标,2025年5月,2025年4月\n甲产值(亿元),5,4\n", account.AskBasis, "A3", 3},
		{"an SDMX dimension with two values", "DATAFLOW,INDICATOR,REF_AREA,SEX,TIME_PERIOD,OBS_VALUE\nX,W,CN,M,2023,1\nX,W,CN,F,2024,2\n", account.AskDimension, "D2", 2},
		{"an SDMX dimension with one part alone", "FREQ,INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE,S_ADJ,ACTIVITY\nA,W,CN,2023,1,N,_T: Total\nA,W,CN,2024,2,N,C: Manufacturing\n", account.AskDimension, "G3", 3},
		{"days that may be months", "地区：大连\n日期,甲余额(亿元)\n2025-03-01,1\n2025-06-01,2\n", account.AskDates, "A3", 3},
		{"two numbers in a cell", head + "gdp,大连,2024,\"5\n6\",亿元,,,,\n", written.NumberSeveral, "D2", 2},
		{"an October that lost its zero", head + "gdp,大连,2025.1,1,亿元,,,,\n", account.AskOctober, "C2", 2},
		{"a multiplier that is none", "FREQ,INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE,UNIT_MULT\nA,W,CN,2023,1,千\n", account.BadMultiplier, "F2", 2},
		{"a multiplier beside a unit with one", "FREQ,INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,UNIT_MULT\nA,W,CN,2023,1,万元,3\n", account.AskMultiplier, "G2", 2},
		{"a period without its year", head + "gdp,大连,上半年,1,亿元,,,,\n", account.AskYear, "C2", 2},
	}
	seen := map[string]bool{account.TooManyProblems: true, account.AskSheet: true, account.AskUnitMissing: true, account.ValueMerged: true, account.AskScaled: true, account.CellUnread: true, account.AskSeen: true, account.AskHidden: true, account.AskWhen: true, account.AnswerInvalid: true, account.AskPlace: true, account.AskWhere: true, account.AskPlaces: true, account.AskScale: true} // these have tests of their own
	for _, c := range cases {
		seen[c.code] = true
		t.Run(c.name, func(t *testing.T) {
			_, found := read(t, c.text, nil)
			all := slices.Clone(found.Problems)
			for _, q := range found.Questions {
				all = append(all, q.Problem)
				if q.Key == "" || q.Why.Zh == "" || q.Why.En == "" {
					t.Errorf("question %+v", q)
				}
			}
			if len(all) != 1 {
				t.Fatalf("found %+v", all)
			}
			p := all[0]
			if p.Code != c.code || p.Cell != c.cell || p.Line != c.line || p.Column == 0 || p.File != "f.csv" {
				t.Errorf("got %s at %s, line %d, column %d: %s", p.Code, p.Cell, p.Line, p.Column, p.Zh)
			}
			if p.Zh == p.En || strings.Contains(p.Zh+p.En, "{") || !strings.ContainsAny(p.En, "abcdefghij") {
				t.Errorf("sentence %q / %q", p.Zh, p.En)
			}
		})
	}
	for _, code := range slices.Concat(problemCodes(), questionCodes()) {
		if !seen[code] {
			t.Errorf("no case for %s", code)
		}
	}
}

func TestAFileThatIsNotTidySaysWhatIsMissingAndSeen(t *testing.T) {
	_, found := read(t, "表一\n指标,数量,备注栏,2023年底的\ngdp,大连,甲,乙\n", nil)
	p := found.Problems[0]
	for _, want := range []string{"时期", "数值", "2023年底的"} {
		if !strings.Contains(p.Zh, want) {
			t.Errorf("%q does not say %s", p.Zh, want)
		}
	}
	if p.Line != 2 || strings.Contains(p.Zh, "缺少：指标") {
		t.Errorf("line %d: %s", p.Line, p.Zh)
	}
}

func TestAnswersFillWhatTheFileLeavesOut(t *testing.T) {
	got, found := read(t, "时期,数值,staus,source code\n上半年,1,P,x\n前三季度,2,P,x\n", map[string]string{
		"indicator": "gdp", "region": "210200", "year": "2025", "column.staus": "status", "column.source code": "ignore"})
	if len(found.Problems)+len(found.Questions) > 0 || len(got) != 2 {
		t.Fatalf("%+v %+v", found.Problems, found.Questions)
	}
	if l := line(got[1]); l != "gdp|210200|2025-Q3 ytd|2||[]|P|" {
		t.Errorf("got %s", l)
	}
	if c := got[0].Cell(account.Indicator); c.Name() != "" || c.Line != 2 {
		t.Errorf("an answered cell says it stands at %q, line %d", c.Name(), c.Line)
	}
}

func TestEveryFaultInARowIsTold(t *testing.T) {
	_, found := read(t, head+"gdp,,2024-13,x,亿元,y,z,,w\n", nil)
	var codes []string
	for _, p := range found.Problems {
		codes = append(codes, p.Code)
	}
	want := []string{account.CellEmpty, account.NotAPeriod, written.NotANumber, account.BasisUnknown, account.StatusUnknown, account.BadPublished}
	if !slices.Equal(codes, want) {
		t.Errorf("got %v, want %v", codes, want)
	}
}

func TestAHopelessFileDoesNotFillTheMemory(t *testing.T) {
	var b strings.Builder
	b.WriteString(head)
	for range account.Most + 50 {
		b.WriteString("gdp,大连,2024,x,亿元,,,,\n")
	}
	_, found := read(t, b.String(), nil)
	found.Close("f.csv")
	last := found.Problems[len(found.Problems)-1]
	if len(found.Problems) != account.Most+1 || last.Code != account.TooManyProblems || !strings.Contains(last.Zh, "50") {
		t.Errorf("%d problems, the last %s", len(found.Problems), last.Zh)
	}
}

func TestAnErrorOfTheTakerEndsTheWalk(t *testing.T) {
	register, err := targets.Load()
	if err != nil {
		t.Fatal(err)
	}
	file, _, err := table.Read(t.Context(), bytes.NewReader([]byte(head+strings.Repeat("gdp,大连,2024,1,亿元,,,,\n", 9))), "f.csv", table.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	full, n := errors.New("full"), 0
	err = Read(t.Context(), file.Tables[0], account.Options{Headers: register.Indicators}, &account.Findings{}, func(*account.Candidate) error {
		n++
		return full
	})
	if !errors.Is(err, full) || n != 1 {
		t.Errorf("error %v after %d rows", err, n)
	}
}

func TestEverySentenceIsInTheCatalogue(t *testing.T) {
	ids := words.IDs()
	need := func(id string) {
		if !slices.Contains(ids, id) {
			t.Errorf("no sentence %s", id)
		}
	}
	for _, c := range problemCodes() {
		need("problem-" + c)
	}
	for _, c := range questionCodes() {
		need("question-" + c)
		need("why-" + c)
	}
	for _, c := range excludedCodes() {
		need("excluded-" + c)
	}
	for i := range account.FieldNames() {
		if f := account.Field(1 << i); f.Text().Zh == "" || f.Text().En == "" || f.Text().Zh == "field-"+f.String() {
			t.Errorf("%s has no name for people", f)
		}
	}
}

func FuzzParsePeriod(f *testing.F) {
	for _, s := range []string{"2025", "2025-Q3", "2025-09", "2025-09-11/P10D", "2025-09-15", "2025年1-9月", "2025年三季度", "上半年", "2025年9月底", "202509", "20250915",
		"2025年9月上旬", "Jan 2025", "jan-sep 2025", "2025年前三季度", "0000", "00000101", "2025年下半年", "９月"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, basis, err := schema.ParsePeriod(s)
		if err != nil {
			if !errors.Is(err, schema.ErrPeriod) || !p.IsZero() {
				t.Fatalf("%q: %v with %s", s, err, p)
			}
			return
		}
		if p.IsZero() || !p.Frequency().Valid() || basis != "" && !basis.Valid() || p.Last().Before(p.First()) {
			t.Fatalf("%q: %q basis %q, %s to %s", s, p, basis, p.First(), p.Last())
		}
		again, _, err := schema.ParsePeriod(p.String())
		if err != nil || again != p {
			t.Fatalf("%q is %s, which is read as %s: %v", s, p, again, err)
		}
	})
}

func TestTotalsOfATidyTableAreLeftOutWhateverTheirShape(t *testing.T) {
	const head = "指标,地区,时期,数值,单位\n"
	for _, total := range []string{"合计,,,835,\n", "合计,,,835\n", "高标准农田,合计,2023年4月,20,亩\n", "高标准农田,金州区,合计,20,亩\n", "总计,,2023年4月,20,\n", "小计：,,,20,\n"} {
		got, found := read(t, head+"高标准农田,金州区,2023年4月,12,亩\n"+total+"高标准农田,中山区,2023年4月,8,亩\n", nil)
		if len(got) != 2 || len(found.Problems)+len(found.Questions) > 0 || len(found.Excluded) != 1 || found.Excluded[0].Code != account.ExcludedTotal {
			t.Errorf("%q: %v, problems %+v, left out %+v", total, got, found.Problems, found.Excluded)
		}
	}
	got, found := read(t, head+"工业合计,金州区,2023年4月,12,亿元\n", nil)
	if len(got) != 1 || len(found.Excluded) > 0 {
		t.Errorf("an indicator that is called so is none: %v %+v", got, found.Excluded)
	}
}

// figuresOf are the figures as indicator|unit|period|basis|value.
func figuresOf(list []account.Candidate) (out []string) {
	for _, c := range list {
		value := "-"
		if c.Number != nil {
			value = c.Number.String()
		}
		out = append(out, strings.Join([]string{c.Written(account.Indicator), c.Written(account.Unit), c.When.String(), value}, "|"))
	}
	return out
}

// TestWhatAColumnIsIsAnsweredAsIfItStoodInTheHeader: every answer counts for the column
// that is asked about, and what it cannot mean is refused as an answer.
func TestWhatAColumnIsIsAnsweredAsIfItStoodInTheHeader(t *testing.T) {
	const tidy = "指标,地区,时期,数值,同比增长(%),上年同期,单位\n地区生产总值,大连市,2023年1-6月,240,5.5,228,亿元\n外贸货物吞吐量,大连市,2023年1-6月,90,-1.5,91,万吨\n"
	const grid = "大连市\n指标,单位,2023年1-6月,增减额,升降(%)\n地区生产总值,亿元,240,12,5.5\n"
	const twice = "大连市\n指标,单位,2022年1-6月,排,2023年1-6月,排\n地区生产总值,亿元,228,3,240,4\n"
	for _, c := range []struct {
		name, text string
		given      map[string]string
		want       []string // of the column asked about
		refused    bool
	}{
		{"tidy: a change", tidy, map[string]string{"column.同比增长(%)": "增速", "column.上年同期": "ignore"}, []string{"地区生产总值增速|%|2023-06|5.5", "外贸货物吞吐量增速|%|2023-06|-1.5"}, false},
		{"tidy: a period", tidy, map[string]string{"column.同比增长(%)": "ignore", "column.上年同期": "2022年1-6月"}, []string{"地区生产总值|亿元|2022-06|228", "外贸货物吞吐量|万吨|2022-06|91"}, false},
		{"tidy: an indicator", tidy, map[string]string{"column.同比增长(%)": "工业增速", "column.上年同期": "ignore"}, []string{"工业增速|%|2023-06|5.5"}, false},
		{"tidy: a second value", tidy, map[string]string{"column.上年同期": "value", "column.同比增长(%)": "ignore"}, nil, true},
		{"tidy: a number", tidy, map[string]string{"column.上年同期": "12", "column.同比增长(%)": "ignore"}, nil, true},
		{"tidy: a part of a year", tidy, map[string]string{"column.上年同期": "上半年", "column.同比增长(%)": "ignore"}, nil, true},
		{"grid: an indicator with the unit of its head", grid, map[string]string{"column.升降(%)": "地区生产总值增速", "column.增减额": "ignore"}, []string{"地区生产总值增速|%|2023-06|5.5"}, false},
		{"grid: a change", grid, map[string]string{"column.升降(%)": "同比", "column.增减额": "ignore"}, []string{"地区生产总值同比|%|2023-06|5.5"}, false},
		{"grid: a period", grid, map[string]string{"column.升降(%)": "ignore", "column.增减额": "2021年1-6月"}, []string{"地区生产总值|亿元|2021-06|12"}, false},
		{"grid: a field", grid, map[string]string{"column.升降(%)": "unit", "column.增减额": "ignore"}, nil, true},
		{"grid: nothing that can be meant", grid, map[string]string{"column.升降(%)": "12", "column.增减额": "ignore"}, nil, true},
		{"one of two with one head", twice, map[string]string{"column.排@D2": "位次", "column.排@F2": "ignore"}, []string{"地区生产总值位次|位|2022-06|3"}, false},
		{"the other of two", twice, map[string]string{"column.排@F2": "位次", "period.排@F2": "2023年1-6月", "column.排@D2": "ignore"}, []string{"地区生产总值位次|位|2023-06|4"}, false},
		{"both of two", twice, map[string]string{"column.排": "ignore"}, []string{"地区生产总值|亿元|2022-06|228"}, false},
		{"beside a period of the title", "大连市2023年6月\n指标,单位,本期,去年同期\n智算算力规模,PFlops,90,80\n", map[string]string{"column.去年同期": "2022年6月", "basis": "point"}, []string{"智算算力规模|PFlops|2023-06|90", "智算算力规模|PFlops|2022-06|80"}, false},
		{"a year of two digits", "大连市\n指标,单位,23年,24年1-6月\n地区生产总值,亿元,90,91\n", nil, []string{"地区生产总值|亿元|2023|90", "地区生产总值|亿元|2024-06|91"}, false},
		{"the figure itself", "大连市2023年6月报表\n指标,单位,办理\n吸引集聚青年人,人,9000\n", map[string]string{"column.办理": "value", "basis": "period"}, []string{"吸引集聚青年人|人|2023-06|9000"}, false},
	} {
		got, found := read(t, c.text, c.given)
		if c.refused {
			if len(found.Problems) != 1 || found.Problems[0].Code != account.AnswerInvalid || found.Problems[0].Cell == "" || !strings.Contains(found.Problems[0].Zh, "value") {
				t.Errorf("%s: %+v", c.name, found.Problems)
			}
			continue
		}
		if len(found.Problems)+len(found.Questions) > 0 {
			t.Errorf("%s: %+v %+v", c.name, found.Problems, found.Questions)
		}
		for _, want := range c.want {
			if !slices.Contains(figuresOf(got), want) {
				t.Errorf("%s: %s is not among %v", c.name, want, figuresOf(got))
			}
		}
	}
}

func TestTermsOfYearsAreNoYears(t *testing.T) {
	got, found := read(t, "大连市2023年6月\n指标,单位,10年,20年,30年\n债券利率,%,2.1,2.5,2.7\n", nil)
	if len(got) > 0 || len(found.Questions) != 3 {
		t.Errorf("%v, asked %+v", figuresOf(got), found.Questions)
	}
}

// TestEveryCandidateOfAColumnLeadsIn: no offered answer is refused or asked again.
func TestEveryCandidateOfAColumnLeadsIn(t *testing.T) {
	asked := 0
	for _, head := range []string{"办理", "上年同期", "25年", "24年", "同比增减", "升降", "上年", "其它", "去年同期(亿元)", "本期末余", "Y24"} {
		for _, text := range []string{
			"大连市2025年5月报表\n指标,单位," + head + "\n地区生产总值,亿元,31\n工业产值,亿元,32\n",
			"大连市\n指标,单位,2024年1-6月," + head + ",2025年1-6月," + head + "\n地区生产总值,亿元,31,32,33,34\n工业产值,亿元,35,36,37,38\n",
			"指标,地区,时期,数值,同比" + head + ",单位\n地区生产总值,大连市,2025年1-5月,31,32,亿元\n",
		} {
			_, found := read(t, text, nil)
			for _, q := range found.Questions {
				if !strings.HasPrefix(q.Key, "column.") {
					continue
				}
				for _, answer := range q.Candidates {
					asked++
					_, again := read(t, text, map[string]string{q.Key: answer})
					if len(again.Problems) > 0 || slices.ContainsFunc(again.Questions, func(o schema.Question) bool { return o.Key == q.Key }) {
						t.Errorf("%q: %s=%s: %+v %+v", text, q.Key, answer, again.Problems, again.Questions)
					}
				}
			}
		}
	}
	if asked < 40 {
		t.Errorf("%d candidates: the test tests nothing", asked)
	}
}
