package heads_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"yardstick/collectors/reading"
	"yardstick/collectors/reading/account"
	"yardstick/collectors/table"
	"yardstick/schema/targets"
)

// loaded is the register, loaded once.
var loaded = sync.OnceValues(targets.Load)

// read reads a text with the real names of headers.
func read(t *testing.T, text string, given map[string]string) ([]string, *account.Findings) {
	t.Helper()
	var out []string
	found := readWith(t, text, account.Options{Given: given}, func(c *account.Candidate) error {
		out = append(out, fmt.Sprintf("%s|%s|%s|%v|%s|%v|%s", c.Written(account.Indicator), c.Written(account.Region), c.When, c.Number, c.Written(account.Unit), c.Bases, c.State))
		return nil
	})
	return out, found
}

// readWith reads a text with the register's names of headers, and the options given.
func readWith(t *testing.T, text string, o account.Options, each func(*account.Candidate) error) *account.Findings {
	t.Helper()
	return readNamed(t, "", text, o, each)
}

// readNamed is readWith of a sheet of that name.
func readNamed(t *testing.T, sheet, text string, o account.Options, each func(*account.Candidate) error) *account.Findings {
	t.Helper()
	register, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	file, problems, err := table.Read(t.Context(), strings.NewReader(text), "f.csv", table.Limits{})
	if err != nil || len(problems) > 0 {
		t.Fatalf("%v %v", problems, err)
	}
	o.Headers, file.Tables[0].Sheet = register.Indicators, sheet
	found := &account.Findings{}
	if err := reading.Read(t.Context(), file.Tables[0], o, found, each); err != nil {
		t.Fatal(err)
	}
	return found
}

// A period in the title is that of the table only where nothing nearer says one,
// and a year in it only completes months and quarters that name none.
func TestATitlesPeriodStandsInForWhatTheTableDoesNotSay(t *testing.T) {
	for name, c := range map[string]struct {
		text, want string // the first figure; empty: the period is asked
		told       bool
		given      string // key=value
	}{
		"no axis of periods":                {"大连市2024年各区产值\n地区,甲产值(亿元)\n大连,1\n沈阳,2\n", "甲产值|大连|2024|1|亿元|[]|", true, ""},
		"months without a year":             {"大连市2024年产值\n地区：大连\n指标,1月,2月\n甲(亿元),1,2\n", "甲|大连|2024-01|1|亿元|[]|", true, ""},
		"months with their year":            {"大连市2023年产值\n地区：大连\n指标,2024年1月,2024年2月\n甲(亿元),1,2\n", "甲|大连|2024-01|1|亿元|[]|", false, ""},
		"months down, without a year":       {"大连市2024年产值\n地区：大连\n月份,甲(亿元)\n1月,1\n2月,2\n", "甲|大连|2024-01|1|亿元|[]|", true, ""},
		"months down, with their year":      {"大连市2023年产值\n地区：大连\n时间,甲(亿元)\n2024年1月,1\n2024年2月,2\n", "甲|大连|2024-01|1|亿元|[]|", false, ""},
		"a column of years":                 {"大连市2023年产值\n地区：大连\n年份,月份,甲(亿元)\n2024,1月,1\n2024,2月,2\n", "甲|大连|2024-01|1|亿元|[]|", false, ""},
		"months in a title of a quarter":    {"大连市2024年一季度产值\n地区：大连\n指标,1月,2月\n甲(亿元),1,2\n", "", false, ""},
		"a period that was answered":        {"大连市2023年产值\n地区,甲产值(亿元)\n大连,1\n沈阳,2\n", "甲产值|大连|2024-05|1|亿元|[]|", false, "period=2024-05"},
		"a year that was answered":          {"大连市2023年产值\n地区：大连\n指标,1月,2月\n甲(亿元),1,2\n", "甲|大连|2024-01|1|亿元|[]|", false, "year=2024"},
		"a line above that names no month":  {"大连市2023年产值\n时间：近期\n地区,甲产值(亿元)\n大连,1\n沈阳,2\n", "", false, ""},
		"a line above that names the month": {"大连市2023年产值\n时间：2024年5月\n地区,甲产值(亿元)\n大连,1\n沈阳,2\n", "甲产值|大连|2024-05|1|亿元|[]|", false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			given := map[string]string{}
			if key, value, ok := strings.Cut(c.given, "="); ok {
				given[key] = value
			}
			got, found := read(t, c.text, given)
			if c.want == "" {
				if len(found.Questions) == 0 {
					t.Errorf("nothing is asked of %v", got)
				}
			} else if len(got) == 0 || got[0] != c.want {
				t.Errorf("got %v, want %s; asked %+v", got, c.want, found.Questions)
			}
			told := false
			for _, x := range found.Excluded {
				told = told || x.Code == account.PeriodTold
			}
			if told != c.told {
				t.Errorf("told: %v", told)
			}
		})
	}
}

// A letter that folds to one of a key's is that one.
func TestAKeyIsKnownByItsFoldedLetters(t *testing.T) {
	got, _ := read(t, "时间：2024年\nunitſ：亿元\n地区,甲余额\n大连,1\n沈阳,2\n", nil)
	if len(got) == 0 || got[0] != "甲余额|大连|2024|1|亿元|[]|" {
		t.Errorf("got %v", got)
	}
}

// A column of change is an indicator of its own, of what stands beside or above
// it; one of a total to date is none, though it names no indicator either.
func TestAColumnOfChangeIsOfWhatItStandsBeside(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		given map[string]string
		asked string // the column, as the question names it; empty: nothing
		first string
	}{
		"beside indicators":            {"2024年,,\n地区,甲产值(亿元),同比增长\n大连,1,5\n沈阳,2,6\n", nil, "", "甲产值|大连|2024|1|亿元|[]| 甲产值同比增长|大连|2024|5||[]|"},
		"beside an amount":             {"指标：甲产值\n单位：亿元\n时间：2024年\n地区,绝对额,同比增长(%)\n大连,1,5\n沈阳,2,6\n", nil, "", "甲产值|大连|2024|1|亿元|[]| 甲产值同比增长|大连|2024|5|%|[]|"},
		"answered":                     {"指标：甲产值\n单位：亿元\n时间：2024年\n地区,绝对额,同比增长\n大连,1,5\n沈阳,2,6\n", map[string]string{"column.同比增长": "ignore"}, "", "甲产值|大连|2024|1|亿元|[]|"},
		"of this month and to date":    {"指标：甲产值\n单位：亿元\n时间：2024年5月\n地区,本月,累计\n大连,1,5\n沈阳,2,6\n", nil, "", "甲产值|大连|2024-05|1|亿元|[period]|"},
		"a period that is an estimate": {"地区：大连\n指标,2025年5月（预计）,2025年4月\n甲余额(亿元),1,2\n", map[string]string{"basis": "point"}, "", "甲余额|大连|2025-05|1|亿元|[]|E"},
		"a period that is none":        {"地区：大连\n指标,2025年4月,2025年5月（预计）\n甲余额(亿元),1,2\n", map[string]string{"basis": "point"}, "", "甲余额|大连|2025-04|1|亿元|[]|"},
		"indicators without a change":  {"时间：2024年\n地区,甲产值(亿元),乙产值(亿元)\n大连,1,5\n沈阳,2,6\n", nil, "", "甲产值|大连|2024|1|亿元|[]|"},
	} {
		t.Run(name, func(t *testing.T) {
			got, found := read(t, c.text, c.given)
			var asked []string
			for _, q := range found.Questions {
				asked = append(asked, q.Key)
			}
			if strings.Join(asked, " ") != c.asked {
				t.Errorf("asked %v, want %q", asked, c.asked)
			}
			if all := strings.Join(got, " "); c.first != "" && !strings.HasPrefix(all, c.first) {
				t.Errorf("got %v, want %s", got, c.first)
			}
		})
	}
}

// A first column of periods is one though a single row bears them out, or its head
// names no axis; numbers that may be years are periods only where their head says so.
func TestAFirstColumnOfPeriodsIsKnownByItsCells(t *testing.T) {
	for name, c := range map[string]struct{ text, first string }{
		"of one row":                {"地区：大连\n项目,甲余额(亿元)\n2024年1月,1\n", "甲余额|大连|2024-01|1|亿元|[]|"},
		"beside an unnamed column":  {"地区：大连\n时间,甲余额(亿元),\n2024年1月,1,9\n2024年2月,2,\n", ""},
		"under a head of no axis":   {"地区：大连\n项目,甲余额(亿元)\n2024年1月,1\n2024年2月,2\n", "甲余额|大连|2024-01|1|亿元|[]|"},
		"of bare years, headed":     {"地区：大连\n项目,甲余额(亿元)\n2019,1\n2020,2\n", ""},
		"in a second column, named": {"地区,时间,甲余额(亿元)\n大连,2019,1\n沈阳,2020,2\n", "甲余额|大连|2019|1|亿元|[]|"},
	} {
		t.Run(name, func(t *testing.T) {
			got, found := read(t, c.text, nil)
			if c.first == "" && len(found.Questions)+len(found.Problems) == 0 || c.first != "" && (len(got) == 0 || got[0] != c.first) {
				t.Errorf("got %v, want %q; asked %+v", got, c.first, found.Questions)
			}
		})
	}
}

// A row of names above the figures is read as what its head says, or its names
// are; where neither tells, more than two names are asked about at once, and two
// one by one.
func TestARowOfNamesIsReadOrAskedAbout(t *testing.T) {
	for name, c := range map[string]struct{ text, first, asked string }{
		"named by its head":       {"时间：2024年\n单位：亿元\n指标,大连,沈阳\n甲余额,1,2\n乙余额,3,4\n", "甲余额|大连|2024|1|亿元|[]|", ""},
		"three of no axis":        {"指标：甲余额\n时间：2024年\n单位：亿元\n地区,子,丑,寅\n大连,1,2,3\n沈阳,4,5,6\n", "", "columns"},
		"two of no axis":          {"指标：甲余额\n时间：2024年\n单位：亿元\n地区,子,丑\n大连,1,2\n沈阳,4,5\n", "", "columns"},
		"an amount and a change":  {"指标：甲余额\n时间：2024年\n单位：亿元\n地区,绝对额,同比增长,子\n大连,1,2,3\n沈阳,4,5,6\n", "", "column.子"},
		"a source of each column": {"时间：2024年\n地区：大连\n指标,甲余额(亿元),乙余额(亿元)\n来源,统计局,财政局\n大连,1,2\n", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, found := read(t, c.text, nil)
			var asked []string
			for _, q := range found.Questions {
				asked = append(asked, q.Key)
			}
			if strings.Join(asked, " ") != c.asked || c.first != "" && (len(got) == 0 || got[0] != c.first) {
				t.Errorf("got %v, want %q; asked %v, want %q", got, c.first, asked, c.asked)
			}
		})
	}
}
