package reading

import (
	"bytes"
	"slices"
	"testing"

	"github.com/xuri/excelize/v2"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
)

// cells is a sheet to write: its rows from A1, merged areas, and the number
// formats of cells.
type cells struct {
	rows    [][]any
	merges  [][2]string
	formats map[string]string
}

// readSheet reads a workbook of one sheet.
func readSheet(t *testing.T, s cells, given map[string]string) ([]string, *account.Findings) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	f := excelize.NewFile()
	for i, row := range s.rows {
		at, err := excelize.CoordinatesToCellName(1, i+1)
		must(err)
		must(f.SetSheetRow("Sheet1", at, &row))
	}
	for _, m := range s.merges {
		must(f.MergeCell("Sheet1", m[0], m[1]))
	}
	for at, code := range s.formats {
		id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &code})
		must(err)
		must(f.SetCellStyle("Sheet1", at, at, id))
	}
	var b bytes.Buffer
	must(f.Write(&b))
	file, problems, err := table.Read(t.Context(), bytes.NewReader(b.Bytes()), "f.xlsx", table.Limits{})
	if err != nil || len(problems) > 0 {
		t.Fatalf("%v %v", problems, err)
	}
	var out []string
	found := &account.Findings{}
	must(Read(t.Context(), file.Tables[0], account.Options{Headers: mustRegister(t).Indicators, Given: given}, found, func(c *account.Candidate) error {
		if c.Bad == 0 {
			out = append(out, line(*c))
		}
		return nil
	}))
	return out, found
}

func TestANumberMergedOverSeveralFiguresIsNobodys(t *testing.T) {
	for name, s := range map[string]cells{
		"down":   {rows: [][]any{{"地区：大连"}, {"年份", "甲产值(亿元)", "乙产值(亿元)"}, {"2022年", 5, 3}, {"2023年", nil, 4}}, merges: [][2]string{{"B3", "B4"}}},
		"across": {rows: [][]any{{"地区：大连"}, {"指标", "2022年", "2023年"}, {"甲产值(亿元)", 5, nil}, {"乙产值(亿元)", 3, 4}}, merges: [][2]string{{"B3", "C3"}}},
		"tidy":   {rows: [][]any{{"指标", "地区", "时期", "数值", "单位"}, {"甲产值", "大连", "2022年", 5, "亿元"}, {"甲产值", "大连", "2023年", nil, "亿元"}}, merges: [][2]string{{"D2", "D3"}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, found := readSheet(t, s, nil)
			if len(found.Problems) != 1 || found.Problems[0].Code != account.ValueMerged {
				t.Fatalf("%+v", found.Problems)
			}
			for _, l := range got {
				if l != "乙产值|大连|2022 |3|亿元|[]||" && l != "乙产值|大连|2023 |4|亿元|[]||" {
					t.Errorf("given: %s", l)
				}
			}
		})
	}
}

func TestAFigureMergedWithAnEmptyFlagIsAFigure(t *testing.T) {
	s := cells{rows: [][]any{{"地区：大连"}, {"指标", "2022年", nil, "2023年", nil}, {"甲产值(亿元)", 5, nil, 6, nil}, {"乙产值(亿元)", 7, "p", 8, nil}},
		merges: [][2]string{{"B2", "C2"}, {"D2", "E2"}, {"B3", "C3"}, {"D3", "E3"}}}
	got, found := readSheet(t, s, nil)
	if len(got) != 4 || len(found.Problems)+len(found.Questions) > 0 {
		t.Errorf("%v %+v %+v", got, found.Problems, found.Questions)
	}
}

func TestAUnitMergedDownIsThatOfEveryRowAndAnEmptyOneIsAsked(t *testing.T) {
	s := cells{rows: [][]any{{"地区：大连"}, {"指标", "单位", "2024年"}, {"甲产值", "亿元", 5}, {"乙产值", nil, 3}, {"丙产量", "万吨", 1}}, merges: [][2]string{{"B3", "B4"}}}
	want := []string{"甲产值|大连|2024 |5|亿元|[]||", "乙产值|大连|2024 |3|亿元|[]||", "丙产量|大连|2024 |1|万吨|[]||"}
	if got, found := readSheet(t, s, nil); !slices.Equal(got, want) || len(found.Problems)+len(found.Questions) > 0 {
		t.Errorf("%v %+v %+v", got, found.Problems, found.Questions)
	}
	s.merges = nil
	if got, _ := readSheet(t, s, nil); slices.Contains(got, want[1]) {
		t.Error("an empty cell that is not merged takes the unit above")
	}
}

func TestAFigureShownDividedIsAskedAbout(t *testing.T) {
	for _, code := range []string{"0!.0,", `#,##0.0,`, `0\.0000`} {
		s := cells{rows: [][]any{{"地区：大连"}, {"指标", "2024年"}, {"甲产值(万元)", 12345678}}, formats: map[string]string{"B3": code}}
		_, found := readSheet(t, s, nil)
		if len(found.Questions) != 1 || found.Questions[0].Code != account.AskScaled || found.Questions[0].Cell != "B3" {
			t.Fatalf("%s: %+v %+v", code, found.Problems, found.Questions)
		}
		got, found := readSheet(t, s, map[string]string{"scaled": "stored"})
		if len(found.Questions) > 0 || !slices.Equal(got, []string{"甲产值|大连|2024 |12345678|万元|[]||"}) {
			t.Errorf("%s answered: %v %+v", code, got, found.Questions)
		}
	}
	tidy := cells{rows: [][]any{{"指标", "地区", "时期", "数值", "单位"}, {"甲产值", "大连", "2022年", 12345678, "万元"}}, formats: map[string]string{"D2": "0!.0,"}}
	if _, found := readSheet(t, tidy, nil); len(found.Questions) != 1 || found.Questions[0].Code != account.AskScaled {
		t.Errorf("tidy: %+v", found.Questions)
	}
}

func TestADittoWithNothingAboveNamesNothing(t *testing.T) {
	_, found := read(t, "指标,地区,时期,数值,单位\n甲产值,〃,2024年,5,亿元\n", nil)
	if len(found.Problems) != 1 || found.Problems[0].Code != account.CellEmpty || found.Problems[0].Cell != "B2" {
		t.Errorf("%+v", found.Problems)
	}
}

func TestWhatIsWrongWithANameIsToldOnceForAllItsFigures(t *testing.T) {
	_, found := read(t, "地区：大连\n年份,甲产值(亿元),乙产值(亿元)\n2021年,1,2\n2022年,3,4\n2021-2022年平均增长(%),5,6\n", nil)
	if len(found.Problems) != 1 || found.Problems[0].Code != account.NotAPeriod || found.Problems[0].Cell != "A5" {
		t.Errorf("%+v", found.Problems)
	}
}

func TestATableOfWordsForNumbersNamesItsCellsAndNotItsHeader(t *testing.T) {
	for text, code := range map[string]string{
		"地区：大连\n指标,2024年,2023年\n甲增长率(%),下降3.2,增长5.1\n": written.NotANumber,
		"地区：大连\n指标,2024年,2023年\n甲增长率(%),↓3.2,↑5\n":     written.NotANumber,
		"地区：大连\n指标,2024年,2023年\n甲合格率(%),≥95,>94\n":     written.NotExact,
	} {
		got, found := read(t, text, nil)
		if len(found.Problems) != 2 || found.Problems[0].Code != code || found.Problems[0].Cell != "B3" || found.Problems[1].Cell != "C3" {
			t.Errorf("%q: %+v", text, found.Problems)
		}
		for _, c := range got {
			if c.Bad&account.Value == 0 {
				t.Errorf("%q gives %s", text, line(c))
			}
		}
	}
}
