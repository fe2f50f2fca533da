package validate

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"yardstick/collectors/reading"
	"yardstick/collectors/reading/account"
	"yardstick/collectors/table"
	"yardstick/schema"
	"yardstick/schema/targets"
	"yardstick/schema/words"
)

var today = schema.NewDate(2025, 10, 20)

// check reads and validates a tidy text; change may alter the options.
func check(t *testing.T, text string, change func(*Options)) ([]schema.Observation, int, *account.Findings) {
	t.Helper()
	register, err := targets.Load()
	if err != nil {
		t.Fatal(err)
	}
	file, problems, err := table.Read(t.Context(), bytes.NewReader([]byte(text)), "f.csv", table.Limits{})
	if err != nil || len(problems) > 0 {
		t.Fatalf("%v %v", problems, err)
	}
	o := Options{Catalogue: register.Indicators, Gazetteer: register.Regions, Today: today, Published: func(schema.Period) schema.Date { return today }}
	if change != nil {
		change(&o)
	}
	found := &account.Findings{}
	c := New(o, "f.csv", found)
	err = reading.Read(t.Context(), file.Tables[0], account.Options{Headers: register.Indicators, Given: o.Given}, found, func(cand *account.Candidate) error {
		c.Row(cand)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	rows, rejected := c.Close()
	return rows, rejected, found
}

const head = "指标,地区,时期,数值,单位,口径,状态,备注,发布日期\n"

func TestAGoodRowBecomesAnObservation(t *testing.T) {
	rows, rejected, found := check(t, head+"国内生产总值（亿元）,大连,2025年1-9月,\"7,000.10\",,累计,初步核算,快报,2025-10\n", func(o *Options) { o.Today = schema.NewDate(2025, 11, 1) })
	if len(found.Problems)+len(found.Questions)+rejected > 0 || len(rows) != 1 {
		t.Fatalf("%+v %+v", found.Problems, found.Questions)
	}
	o := rows[0]
	got := fmt.Sprintf("%s %s %s %s %s %s %s %s %q %s %s", o.Indicator, o.Region, o.Period, o.Basis, o.Value, o.Unit, o.UnitWritten, o.Status, o.Written, o.PublishedAt, o.Cell)
	if want := `gdp 210200 2025-Q3 ytd 7000.10 亿元 亿元 P "7,000.10" 2025-10-31 D2`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if o.Note != "快报" {
		t.Errorf("note %q", o.Note)
	}
}

func TestUnitsAreConvertedExactlyAndKeptAsWritten(t *testing.T) {
	for row, want := range map[string]string{
		"high-standard-farmland,210200,2025-08,43,万亩,,,,":         "430000 亩 < 万亩",
		"high-standard-farmland,210200,2025-08,43万,亩,,,,":         "430000 亩 < 万亩",
		"high-standard-farmland,210200,2025-08,43万亩,亩,,,,":        "430000 亩 < 万亩",
		"high-standard-farmland,210200,2025-08,43万亩,,,,,":         "430000 亩 < 万亩",
		"high-standard-farmland,210200,2025-08,43万亩,万亩,,,,":       "430000 亩 < 万亩",
		"高标准农田(万亩),210200,2025-08,43.0,,,,,":                      "430000 亩 < 万亩",
		"urban-village-households,210200,2025-08,1.24,万户,,,,":     "12400 户 < 万户",
		"ai-compute,210200,2025-08,0.95,EFlops,,,,":               "950 PFlops < EFlops",
		"strategic-industry-gdp-share,210200,2025-Q2,14.20%,,,,,": "14.20 % < %",
		"strategic-industry-gdp-share,210200,2025-Q2,14.2%,%,,,,": "14.2 % < %",
		"gdp,210200,2024,9516.90,亿元,,,,":                          "9516.90 亿元 < 亿元",
		"gdp,210200,2024,95169000,万元,,,,":                         "9516.9000 亿元 < 万元",
		"gdp,210200,2024,9516.9亿,,,,,":                            "9516.9 亿元 < 亿",
		"fair-price-shops,210200,2025-08,1.2千,家,,,,":              "1200 家 < 家",
		"fair-price-shops,210200,2025-08,80,,,,,":                 "80 家 < 家",
	} {
		t.Run(row, func(t *testing.T) {
			rows, _, found := check(t, head+row+"\n", nil)
			if len(rows) != 1 {
				t.Fatalf("%+v %+v", found.Problems, found.Questions)
			}
			if got := fmt.Sprintf("%s %s < %s", rows[0].Value, rows[0].Unit, rows[0].UnitWritten); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

func TestOnePeriodHasOneKeyHoweverItIsWritten(t *testing.T) {
	for row, want := range map[string]string{
		"gdp,,2025年1-9月,":                      "2025-Q3 ytd",
		"gdp,,2025年前三季度,":                      "2025-Q3 ytd",
		"gdp,,2025年9月,累计":                      "2025-Q3 ytd",
		"gdp,,2025-Q3,ytd":                     "2025-Q3 ytd",
		"gdp,,2025-Q3,":                        "2025-Q3 ytd", // the catalogue counts it so
		"gdp,,2025年三季度,当季":                     "2025-Q3 period",
		"gdp,,2025年7-9月,":                      "2025-Q3 period",
		"gdp,,2025年上半年,":                       "2025-Q2 ytd",
		"gdp,,2024,":                           "2024 period",
		"gdp,,2024年,累计":                        "2024 period",
		"gdp,,2024年1-12月,":                     "2024-Q4 ytd",
		"large-events,,2025年1-8月,":             "2025-08 ytd",
		"large-events,,2025年8月,当月":             "2025-08 period",
		"large-events,,2024年,":                 "2024-12 ytd", // its catalogue knows no years
		"ai-compute,,2025年8月,":                 "2025-08 point",
		"ai-compute,,2025年8月底,":                "2025-08 point",
		"ai-compute,,2025年二季度,期末":              "2025-06 point",
		"ai-compute,,2024,":                    "2024-12 point",
		"first-loan-centres,,截至2025年9月底,":      "2025-09 cumulative",
		"first-loan-centres,,2025年9月,累计":       "2025-09 cumulative",
		"bond-fund-report-cadence,,2025年9月中旬,": "2025-09-11/P10D period",
	} {
		t.Run(row, func(t *testing.T) {
			c := strings.Split(row, ",")
			unit := map[string]string{"gdp": "亿元", "ai-compute": "PFlops"}[c[0]]
			rows, _, found := check(t, head+c[0]+",210200,"+c[2]+",5,"+unit+","+c[3]+",,,\n", nil)
			if len(rows) != 1 {
				t.Fatalf("%+v %+v", found.Problems, found.Questions)
			}
			if got := fmt.Sprintf("%s %s", rows[0].Period, rows[0].Basis); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

func TestAMissingFigureIsMissingAndNotZero(t *testing.T) {
	rows, _, found := check(t, head+"gdp,210200,2024,,亿元,,,,\ngdp,210200,2023,—,亿元,,O,,\ngdp,210200,2022,0,亿元,,,,\n", nil)
	if len(rows) != 3 {
		t.Fatalf("%+v", found.Problems)
	}
	for i, want := range []string{"O", "O", "A"} {
		if string(rows[i].Status) != want || (rows[i].Value == nil) != (want == "O") {
			t.Errorf("row %d: value %v, status %s", i+1, rows[i].Value, rows[i].Status)
		}
	}
	if rows[2].Value.Sign() != 0 {
		t.Error("0 is not 0")
	}
}

// Every problem of this package, with a row that brings it about and the cell
// that must be named.
func TestEachFaultNamesItsCell(t *testing.T) {
	only := func(indicators, regions []string) func(*Options) {
		return func(o *Options) { o.Indicators, o.Regions = indicators, regions }
	}
	noEstimate := func(o *Options) { o.Given = map[string]string{"estimate": "no"} }
	embargo := func(o *Options) { o.Release = schema.NewDate(2025, 11, 1) }
	cases := []struct {
		name, rows, code, cell string
		change                 func(*Options)
	}{
		{"an indicator the catalogue lacks", "国内生产总植,210200,2024,1,亿元,,,,", IndicatorUnknown, "A2", nil},
		{"a definition of its own in brackets", "地区生产总值(不变价),210200,2024,1,亿元,,,,", IndicatorUnknown, "A2", nil},
		{"an indicator the feed may not write", "gdp,210200,2024,1,亿元,,,,", IndicatorNotAllowed, "A2", only([]string{"ai-compute"}, nil)},
		{"a region nobody knows", "gdp,大连是,2024,1,亿元,,,,", RegionUnknown, "B2", nil},
		{"a region the feed may not write", "gdp,210200,2024,1,亿元,,,,", RegionNotAllowed, "B2", only(nil, []string{"210202"})},
		{"a unit of another kind", "gdp,210200,2024,1,亩,,,,", UnitNotConvertible, "E2", nil},
		{"a unit of another kind in the cell", "gdp,210200,2024,1亩,,,,,", UnitNotConvertible, "D2", nil},
		{"a unit of another kind in the name", "地区生产总值(亩),210200,2024,1,,,,,", UnitNotConvertible, "A2", nil},
		{"two units", "gdp,210200,2024,15%,亿元,,,,", UnitConflict, "D2", nil},
		{"a unit in the name and another in its column", "地区生产总值(万元),210200,2024,9516.9,亿元,,,,", account.UnitTwice, "E2", nil},
		{"a multiplier twice", "gdp,210200,2024,9516.9亿,亿元,,,,", UnitConflict, "D2", nil},
		{"a month for a yearly and quarterly series", "gdp,210200,2025年1-8月,1,亿元,,,,", FrequencyWrong, "C2", nil},
		{"a month's flow for a quarterly series", "gdp,210200,2025-08,1,亿元,当月,,,", FrequencyWrong, "C2", nil},
		{"a share above one hundred", "strategic-industry-gdp-share,210200,2025-Q2,142,%,,,,", OutOfRange, "D2", nil},
		{"a negative count", "ai-compute,210200,2025-08,-1,PFlops,,,,", OutOfRange, "D2", nil},
		{"an eleventh decimal", "gdp,210200,2024,1.12345678901,亿元,,,,", TooPrecise, "D2", nil},
		{"an eleventh decimal by its unit", "gdp,210200,2024,0.001,元,,,,", TooPrecise, "D2", nil},
		{"more digits than can be kept", "gdp,210200,2024,12345678901234567890123456789,亿元,,,,", TooLarge, "D2", nil},
		{"a status that wants a figure", "gdp,210200,2024,,亿元,,P,,", StatusWithoutValue, "G2", nil},
		{"a figure that is said to be missing", "gdp,210200,2024,1,亿元,,O,,", ValueWithStatus, "G2", nil},
		{"a year the store would clamp", "gdp,210200,1820,1,亿元,,,,", DateOutOfRange, "C2", nil},
		{"a year far away", "gdp,210200,2300,1,亿元,,F,,", DateOutOfRange, "C2", nil},
		{"a publication the store would clamp", "gdp,210200,2024,1,亿元,,F,,1820-01-01", DateOutOfRange, "I2", nil},
		{"published tomorrow", "gdp,210200,2024,1,亿元,,,,2025-10-21", PublishedInFuture, "I2", nil},
		{"a period not yet over", "gdp,210200,2025,1,亿元,,,,", PeriodUnfinished, "C2", noEstimate},
		{"a period not yet over when published", "gdp,210200,2024,1,亿元,,,,2024-12-20", PeriodUnfinished, "C2", noEstimate},
		{"a year mistyped", "gdp,210200,2052,1,亿元,,,,", PeriodFar, "C2", nil},
		{"made public before its release", "gdp,210200,2024,1,亿元,,,,2025-10-01", PublishedEarly, "I2", embargo},
		{"made public after its release, still to come", "gdp,210200,2024,1,亿元,,,,2025-11-02", PublishedInFuture, "I2", embargo},
		{"two figures for one key", "gdp,210200,2025-Q3,1,亿元,累计,,,\ngdp,大连市,2025年1-9月,2,亿元,,,,", DuplicateDiffers, "D3", nil},
		{"two figures for one fact", "gdp,210200,2024年1-12月,1,亿元,,,,\ngdp,大连市,2024年,2,亿元,,,,", DuplicateDiffers, "D3", nil},
		{"two figures for a first quarter", "gdp,210200,2025-Q1,1,亿元,累计,,,\ngdp,大连市,2025-Q1,2,亿元,当期,,,", DuplicateDiffers, "D3", nil},
		{"two statuses for one key", "gdp,210200,2024,1,亿元,,P,,\ngdp,210200,2024,1.0,亿元,,A,,", DuplicateDiffers, "D3", nil},
		{"an answer that is no basis", "gdp,210200,2024,1,亿元,,,,", account.AnswerInvalid, "", func(o *Options) { o.Given = map[string]string{"basis": "大概"} }},
	}
	seen := map[string]bool{AnswerUnknown: true, PeriodLocked: true, Clash: true} // the pipeline's tests have them
	for _, c := range cases {
		seen[c.code] = true
		t.Run(c.name, func(t *testing.T) {
			rows, rejected, found := check(t, head+c.rows+"\n", c.change)
			asked := 0 // whose an unknown name is: the way out
			if slices.Contains([]string{IndicatorUnknown, IndicatorNotAllowed, RegionUnknown, RegionNotAllowed}, c.code) {
				asked = 1
			}
			if len(found.Problems) != 1 || len(found.Questions) != asked {
				t.Fatalf("found %+v %+v", found.Problems, found.Questions)
			}
			p := found.Problems[0]
			if p.Code != c.code || p.Cell != c.cell || c.cell != "" && (p.Line < 2 || p.Column == 0) {
				t.Errorf("got %s at %s, line %d, column %d: %s", p.Code, p.Cell, p.Line, p.Column, p.Zh)
			}
			if p.Zh == p.En || strings.Contains(p.Zh+p.En, "{") {
				t.Errorf("sentence %q / %q", p.Zh, p.En)
			}
			if lines := strings.Count(c.rows, "\n") + 1; c.cell != "" && (len(rows) != 0 || rejected != lines) {
				t.Errorf("%d rows are good and %d are not, of %d", len(rows), rejected, lines)
			}
		})
	}
	for _, code := range ProblemCodes() {
		if !seen[code] {
			t.Errorf("no case for %s", code)
		}
	}
}

func TestWhatIsUnsureIsAskedOnce(t *testing.T) {
	text := head + "gdp,210200,2023,1,,,,,\ngdp,210200,2024,2,,,,,\nai-compute,210200,2025-08,3,,,,,\n"
	rows, rejected, found := check(t, text, nil)
	if len(rows) != 0 || rejected != 3 || len(found.Questions) != 2 {
		t.Fatalf("%d rows, %d rejected, %+v", len(rows), rejected, found.Questions)
	}
	q := found.Questions[0]
	if q.Code != AskUnit || q.Key != "unit.gdp" || q.Cell != "D2" || q.Candidates[0] != "亿元" || strings.Contains(q.Zh+q.En, "{") || q.Why.En == "" {
		t.Errorf("question %+v", q)
	}
	rows, _, found = check(t, text, func(o *Options) { o.Given = map[string]string{"unit": "万元", "unit.ai-compute": "EFlops"} })
	if len(rows) != 3 || len(found.Problems)+len(found.Questions) != 0 {
		t.Fatalf("%+v %+v", found.Problems, found.Questions)
	}
	if rows[1].Value.String() != "0.0002" || rows[1].UnitWritten != "万元" || rows[2].Value.String() != "3000" {
		t.Errorf("got %s and %s", rows[1].Value, rows[2].Value)
	}
	_, _, found = check(t, head+"gdp,210200,2023,1,,,,,\n", nil)
	if len(found.Questions) != 1 || found.Questions[0].Key != "unit" {
		t.Errorf("one open unit is asked as %+v", found.Questions)
	}
}

func TestTheFileGoesBeforeTheAnswersAndTheyBeforeTheCatalogue(t *testing.T) {
	given := func(o *Options) { o.Given = map[string]string{"unit": "万元", "basis": "当期", "status": "P"} }
	rows, _, _ := check(t, head+"gdp,210200,2025-Q2,1,亿元,累计,A,,\ngdp,210200,2025-Q1,1,,,,,\n", given)
	if len(rows) != 2 {
		t.Fatal(rows)
	}
	if a, b := rows[0], rows[1]; a.UnitWritten != "亿元" || a.Basis != schema.YearToDate || a.Status != "A" || b.UnitWritten != "万元" || b.Basis != schema.InPeriod || b.Status != "P" {
		t.Errorf("got %+v and %+v", a, b)
	}
}

func TestTheSameFigureTwiceCountsOnceAndIsTold(t *testing.T) {
	rows, rejected, found := check(t, head+"gdp,210200,2025-Q3,7000,亿元,累计,,,\ngdp,大连市,2025年前三季度,7000.0,亿元,,,,\n", nil)
	if len(rows) != 1 || rejected != 0 || len(found.Problems) != 0 || len(found.Excluded) != 1 {
		t.Fatalf("%d rows, %+v, %+v", len(rows), found.Problems, found.Excluded)
	}
	if e := found.Excluded[0]; e.Code != account.ExcludedDuplicate || e.Cell != "D3" || !strings.Contains(e.Zh, "D2") {
		t.Errorf("told as %+v", e)
	}
}

func TestContradictingRowsAreBothNamedAndNoneIsTaken(t *testing.T) {
	rows, rejected, found := check(t, head+"gdp,210200,2024,1,亿元,,,,\ngdp,210200,2023,5,亿元,,,,\ngdp,210200,2024,2,亿元,,,,\ngdp,210200,2024,3,亿元,,,,\n", nil)
	if len(rows) != 1 || rows[0].Period != schema.Year(2023) || rejected != 3 || len(found.Problems) != 2 {
		t.Fatalf("%d rows, %d rejected, %+v", len(rows), rejected, found.Problems)
	}
	for _, want := range []string{"D2", "D4", "（1、2）"} {
		if !strings.Contains(found.Problems[0].Zh, want) {
			t.Errorf("%q does not say %s", found.Problems[0].Zh, want)
		}
	}
}

func TestVintagesOfOneKeyMayStandInOneFile(t *testing.T) {
	rows, _, found := check(t, head+"gdp,210200,2024,9516.9,亿元,,P,,2025-01\ngdp,210200,2024,9540.2,亿元,,A,,2025-10-15\n", nil)
	if len(rows) != 2 || len(found.Problems) != 0 {
		t.Errorf("%d rows, %+v", len(rows), found.Problems)
	}
}

func TestAnEstimateMayBePublishedBeforeThePeriodEnds(t *testing.T) {
	rows, _, found := check(t, head+"gdp,210200,2025,10000,亿元,,预计数,,\n", nil)
	if len(rows) != 1 || rows[0].Status != schema.StatusEstimated {
		t.Errorf("%+v", found.Problems)
	}
}

func TestEveryFaultOfARowIsTold(t *testing.T) {
	_, _, found := check(t, head+"gdq,大连是,2025,1,亩,,,,2026-01-01\ngdp,大连是,2300,1,亩,当期,,,2026-01-01\n", nil)
	var codes []string
	for _, p := range found.Problems {
		codes = append(codes, fmt.Sprintf("%d:%s", p.Line, p.Code))
	}
	want := []string{"2:" + IndicatorUnknown, "2:" + RegionUnknown, "2:" + PublishedInFuture,
		"3:" + RegionUnknown, "3:" + DateOutOfRange, "3:" + PublishedInFuture, "3:" + UnitNotConvertible}
	if !slices.Equal(codes, want) {
		t.Errorf("got  %v\nwant %v", codes, want)
	}
}

func TestNamesThatAreNearlyRightAreOffered(t *testing.T) {
	_, _, found := check(t, head+"地区生产总植,大连是,2024,1,亿元,,,,\n", nil)
	if len(found.Problems) != 2 || !strings.Contains(found.Problems[0].Zh, "地区生产总值") || !strings.Contains(found.Problems[1].Zh, "大连") {
		t.Errorf("%+v", found.Problems)
	}
	if !slices.Equal(found.Unmapped, []string{"地区生产总植", "大连是"}) {
		t.Errorf("unmapped %q", found.Unmapped)
	}
}

func TestWithoutAFeedAnUnknownNameIsListedAndNoProblem(t *testing.T) {
	open := func(o *Options) { o.Open = true }
	_, rejected, found := check(t, head+"国内旅客吞吐量(万人),大连,2024,1,,,,,\n沈阳某数,火星,2024,1,个,,,,\n", open)
	if len(found.Problems)+len(found.Questions) > 0 || rejected != 0 || !slices.Equal(found.Unmapped, []string{"国内旅客吞吐量", "沈阳某数", "火星"}) {
		t.Errorf("%+v %+v %q", found.Problems, found.Questions, found.Unmapped)
	}
	_, _, found = check(t, head+"国内旅客吞吐量,大连,2024,1,,,,,\n", open)
	if len(found.Questions) != 1 || found.Questions[0].Key != "unit" {
		t.Errorf("a unit nobody names is asked as %+v", found.Questions)
	}
}

func TestEverySentenceIsInTheCatalogue(t *testing.T) {
	ids := words.IDs()
	var need []string
	for _, c := range ProblemCodes() {
		need = append(need, "problem-"+c)
	}
	for _, c := range QuestionCodes() {
		need = append(need, "question-"+c, "why-"+c)
	}
	for _, b := range []schema.Basis{schema.Point, schema.InPeriod, schema.YearToDate, schema.Cumulative} {
		need = append(need, "basis-"+string(b))
	}
	for _, f := range []schema.Frequency{schema.Annual, schema.Quarterly, schema.Monthly, schema.TenDay, schema.Daily} {
		need = append(need, "frequency-"+string(f))
	}
	for _, id := range need {
		if !slices.Contains(ids, id) {
			t.Errorf("no sentence %s", id)
		}
	}
}

func TestAFigureThatDiffersOnTwoSheetsNamesBoth(t *testing.T) {
	register, err := targets.Load()
	if err != nil {
		t.Fatal(err)
	}
	book := excelize.NewFile()
	for i, name := range []string{"初稿", "定稿"} {
		if _, err := book.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for at, row := range map[string][]any{"A1": {"地区：大连"}, "A2": {"指标", "2024年", "2023年"}, "A3": {"甲产值(亿元)", 5 + i, 4}} {
			if err := book.SetSheetRow(name, at, &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := book.DeleteSheet("Sheet1"); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	file, problems, err := table.Read(t.Context(), bytes.NewReader(b.Bytes()), "f.xlsx", table.Limits{})
	if err != nil || len(problems) > 0 {
		t.Fatalf("%v %v", problems, err)
	}
	found := &account.Findings{}
	c := New(Options{Open: true, Catalogue: register.Indicators, Gazetteer: register.Regions, Today: today, Published: func(schema.Period) schema.Date { return today }}, "f.xlsx", found)
	for _, tab := range file.Tables {
		if err := reading.Read(t.Context(), tab, account.Options{Headers: register.Indicators, Sheets: 2}, found, func(cand *account.Candidate) error {
			c.Row(cand)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	c.Close()
	for _, p := range found.Problems {
		if p.Code == DuplicateDiffers && strings.Contains(p.Zh, "初稿!B3") && strings.Contains(p.Zh, "定稿!B3") {
			return
		}
	}
	t.Errorf("no problem names both sheets: %+v", found.Problems)
}

func TestOneFactUnderTwoKeysIsKeptUnderBothFirstAsItsSeriesWritesIt(t *testing.T) {
	year, quarters := "gdp,210200,2024年,9540.2,亿元,,,,\n", "gdp,210200,2024年1-12月,9540.2,亿元,,,,\n"
	for _, text := range []string{year + quarters, quarters + year} {
		rows, rejected, found := check(t, head+text, nil)
		if len(rows) != 2 || rejected != 0 || len(found.Problems)+len(found.Questions)+len(found.Excluded) != 0 {
			t.Fatalf("%q: %d rows, %d rejected, %+v", text, len(rows), rejected, found)
		}
		if rows[0].Period != schema.Quarter(2024, 4) || rows[1].Period != schema.Year(2024) {
			t.Errorf("%q: kept as %s, then as %s", text, rows[0].Period, rows[1].Period)
		}
	}
	rows, rejected, found := check(t, head+year+quarters+year, nil) // once more is a duplicate
	if len(rows) != 2 || rejected != 0 || len(found.Excluded) != 1 || found.Excluded[0].Cell != "D4" {
		t.Errorf("%d rows, %d rejected, %+v", len(rows), rejected, found.Excluded)
	}
	rows, rejected, found = check(t, head+year+quarters+strings.Replace(year, "9540.2", "9541", 1), nil)
	if len(rows) != 0 || rejected != 3 || len(found.Problems) != 1 {
		t.Errorf("%d rows, %d rejected, %+v", len(rows), rejected, found.Problems)
	}
}
