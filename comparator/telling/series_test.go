package telling

import (
	"strings"
	"testing"

	"yardstick/schema"
	"yardstick/schema/figure"
)

// monthly are figures of one basis from a month on; - is a month without one.
func monthly(basis schema.Basis, from schema.Period, figures string) []schema.Observation {
	var out []schema.Observation
	for i, w := range strings.Fields(figures) {
		if w == "-" {
			continue
		}
		v := schema.MustDecimal(w)
		out = append(out, schema.Observation{Key: schema.Key{Basis: basis, Period: from.Add(i)}, Value: &v, Written: w, Status: schema.StatusNormal})
	}
	return out
}

func drawn(pts []Point) string {
	var parts []string
	for _, p := range pts {
		mark := ""
		if p.Break {
			mark = "|"
		}
		parts = append(parts, mark+p.Value.String())
	}
	return strings.Join(parts, " ")
}

func TestWhatIsCountedIsDrawnAsItsRunningSum(t *testing.T) {
	issued := schema.NewDate(2024, 10, 27)
	for _, c := range []struct {
		name   string
		target schema.Target
		start  schema.Date
		obs    []schema.Observation
		value  string
		want   string
	}{
		{"months from the first whole one", schema.Target{Kind: schema.Added, Since: issued}, issued, monthly(schema.InPeriod, schema.Month(2024, 10), "5 6 7"), "13", "0 6 13"},
		{"the month of issue too, when it was counted", schema.Target{Kind: schema.Added, Since: issued}, issued, monthly(schema.InPeriod, schema.Month(2024, 10), "5 6 7"), "18", "0 5 11 18"},
		{"a hole: nothing is drawn that comes to another value", schema.Target{Kind: schema.Added, Since: issued}, issued, monthly(schema.InPeriod, schema.Month(2024, 11), "6 - 7"), "13", ""},
		{
			"only the window", schema.Target{Kind: schema.Within, WindowFrom: schema.NewDate(2025, 1, 1), WindowTo: schema.NewDate(2025, 3, 31)},
			schema.NewDate(2024, 12, 31), monthly(schema.InPeriod, schema.Month(2024, 12), "9 1 2 3"), "6", "0 1 3 6",
		},
		{"year to date across the year's end", schema.Target{Kind: schema.Added, Since: issued}, issued, monthly(schema.YearToDate, schema.Month(2024, 9), "90 100 104 110 3 8"), "18", "0 4 10 13 18"},
		{"and with the month of issue", schema.Target{Kind: schema.Added, Since: issued}, issued, monthly(schema.YearToDate, schema.Month(2024, 9), "90 100 104 110 3 8"), "28", "0 10 14 20 23 28"},
		{
			"year to date in a window of one year", schema.Target{Kind: schema.Within, WindowFrom: schema.NewDate(2025, 1, 1), WindowTo: schema.NewDate(2025, 12, 31)},
			schema.NewDate(2024, 12, 31), monthly(schema.YearToDate, schema.Month(2024, 12), "77 3 8 11"), "11", "0 3 8 11",
		},
		{"cumulative as it is", schema.Target{Kind: schema.Added, Since: issued}, issued, monthly(schema.Cumulative, schema.Month(2024, 11), "4 9 - 15"), "15", "0 4 9 |15"},
		{"a level with a hole", schema.Target{Kind: schema.Level}, issued, monthly(schema.Point, schema.Month(2024, 11), "4 9 - 15"), "15", "4 9 |15"},
	} {
		last := c.obs[len(c.obs)-1]
		value := schema.MustDecimal(c.value)
		v := schema.Verdict{Value: &value, Period: last.Period, Inputs: []schema.Input{{Role: "judged", Observation: last}}}
		ind := schema.Indicator{Frequencies: []schema.Frequency{schema.Monthly}, Basis: last.Basis}
		if got := drawn(Trajectory(v, c.target, ind, c.start, c.obs)); got != c.want {
			t.Errorf("%s: drawn as %q, want %q", c.name, got, c.want)
		}
	}
}

func TestFiguresOfAnotherKindAreNotMixedIn(t *testing.T) {
	obs := append(monthly(schema.InPeriod, schema.Month(2025, 2), "1 2 3"), monthly(schema.InPeriod, schema.Quarter(2024, 4), "99")...)
	forecast := monthly(schema.InPeriod, schema.Month(2025, 5), "50")[0]
	forecast.Status = schema.StatusForecast
	obs = append(obs, forecast)
	v := schema.Verdict{Inputs: []schema.Input{{Role: "judged", Observation: obs[2]}}}
	ind := schema.Indicator{Frequencies: []schema.Frequency{schema.Monthly}, Basis: schema.InPeriod}
	if got := drawn(Trajectory(v, schema.Target{Kind: schema.Level}, ind, schema.Date{}, obs)); got != "1 2 3" {
		t.Errorf("drawn as %q", got)
	}
}

func TestAFigureIsDrawnWhicheverKeyItIsWrittenUnder(t *testing.T) {
	ind := schema.Indicator{Frequencies: []schema.Frequency{schema.Monthly}, Basis: schema.InPeriod}
	obs := monthly(schema.InPeriod, schema.Month(2025, 2), "2 3")
	obs = append(monthly(schema.YearToDate, schema.Month(2025, 1), "1"), obs...)
	three := schema.MustDecimal("3")
	v := schema.Verdict{Value: &three, Period: schema.Month(2025, 3), Inputs: []schema.Input{{Role: "judged", Observation: obs[2]}}}
	if got := drawn(Trajectory(v, schema.Target{Kind: schema.Level}, ind, schema.Date{}, obs)); got != "1 2 3" {
		t.Errorf("drawn as %q", got)
	}
	six := schema.MustDecimal("6")
	v = schema.Verdict{Value: &six, Period: schema.Month(2025, 3), Inputs: []schema.Input{{Role: "part", Observation: obs[0]}}}
	if got := drawn(Trajectory(v, schema.Target{Kind: schema.Added}, ind, schema.NewDate(2024, 12, 31), obs)); got != "0 1 3 6" {
		t.Errorf("drawn as %q", got)
	}
}

func TestAPaceIsContinuedOnlyAsFarAsItHolds(t *testing.T) {
	base := func() schema.Verdict {
		return schema.Verdict{
			Status: schema.Lagging, Kind: schema.Level, Direction: schema.Up, Value: ptr(schema.MustDecimal("50")), Gap: ptr(schema.MustDecimal("50")),
			Observed: schema.NewDate(2025, 1, 1), Deadline: schema.NewDate(2025, 12, 31), SlopeSeen: ptr(25.0),
		}
	}
	start := schema.NewDate(2024, 1, 1)
	for _, c := range []struct {
		name   string
		change func(*schema.Verdict)
		kind   OutlookKind
		day    string
		late   int
	}{
		{"two years at 25 a year", func(*schema.Verdict) {}, Reaches, "2027-01-02", 13},
		{"standing still", func(v *schema.Verdict) { v.SlopeSeen = ptr(0.0) }, Never, "", 0},
		{"falling away", func(v *schema.Verdict) { v.SlopeSeen = ptr(-1.0) }, Never, "", 0},
		{"centuries", func(v *schema.Verdict) { v.SlopeSeen = ptr(.01) }, FarOff, "", 0},
		{"downwards", func(v *schema.Verdict) { v.Direction, v.SlopeSeen = schema.Down, ptr(-100.0) }, Reaches, "2025-07-03", 0},
		{"reached", func(v *schema.Verdict) { v.Gap = ptr(schema.Decimal{}) }, NoOutlook, "", 0},
		{"missed is missed", func(v *schema.Verdict) { v.Status = schema.Missed }, NoOutlook, "", 0},
		{"nothing observed", func(v *schema.Verdict) { v.Value = nil }, NoOutlook, "", 0},
		{"no slope known", func(v *schema.Verdict) { v.SlopeSeen = nil }, NoOutlook, "", 0},
		{"not begun", func(v *schema.Verdict) { v.Status, v.Marks.NotBegun = schema.Open, true }, NoOutlook, "", 0},
		{"a limit", func(v *schema.Verdict) { v.Kind = schema.Ceiling }, NoOutlook, "", 0},
		{"by the average where that was judged", func(v *schema.Verdict) {
			v.Baseline, v.Progress, v.Schedule = &schema.Decimal{}, ptr(.5), ptr(.5)
		}, Reaches, "2026-01-02", 1},
	} {
		v := base()
		c.change(&v)
		p := project(v, start)
		if p.Kind != c.kind || p.Day.String() != c.day || p.Late != c.late {
			t.Errorf("%s: %+v, want %v %s late %d", c.name, p, c.kind, c.day, c.late)
		}
	}
}

func TestTheTimeLineFollowsTheRegistersPath(t *testing.T) {
	from, to := schema.NewDate(2024, 1, 1), schema.NewDate(2026, 1, 1)
	target := schema.Target{Value: schema.MustDecimal("400"), Path: "compound"}
	line := schedule(target, schema.MustDecimal("100"), from, to)
	if half := line[len(line)/2]; half.Value < 199 || half.Value > 202 || half.Day.Year != 2024 || half.Day.Month != 12 {
		t.Errorf("half way from 100 to 400 by compound growth is %v, want about 200", half)
	}
	target.Path, target.Plan = "plan", []schema.PlanPoint{{Date: schema.NewDate(2025, 1, 1), Value: schema.MustDecimal("350")}}
	if got := schedule(target, schema.MustDecimal("100"), from, to); len(got) != 3 || got[1] != (Place{schema.NewDate(2025, 1, 1), 350}) {
		t.Errorf("the plan's value is %v", got)
	}
	if line := schedule(schema.Target{Value: schema.MustDecimal("400"), Path: "compound"}, schema.Decimal{}, from, to); len(line) != 2 {
		t.Error("compound growth from nought was drawn")
	}
}

func TestAShareIsExplainedByItsTwoTerms(t *testing.T) {
	a, b, v := schema.MustDecimal("2152.40"), schema.MustDecimal("9540.2"), schema.MustDecimal("22.5613718790")
	s := Subject{
		Voice: Voice{Lang: "zh"},
		V:     schema.Verdict{Value: &v, Inputs: []schema.Input{{Role: "numerator", Observation: schema.Observation{Value: &a}}, {Role: "denominator", Observation: schema.Observation{Value: &b}}}},
		Of:    schema.Target{Value: schema.MustDecimal("25"), Unit: "%"},
		Ind:   schema.Indicator{Unit: "%", Decimals: 1, Formula: &schema.Formula{Op: "share"}},
	}
	s.Scale = figure.ScaleOf(s.Ind, "%", s.Lang)
	if got := s.howValue(); got != "2152.40 ÷ 9540.2 = 22.6%" {
		t.Errorf("the share is explained by %q", got)
	}
	b = schema.MustDecimal("9516.9")
	if got := s.howValue(); got != "" {
		t.Errorf("a share of other terms is explained by %q", got)
	}
}

func ptr[T any](v T) *T { return &v }

func TestWhatMadeAForecastIsToldInWords(t *testing.T) {
	const plain = "combined; M, n=7, h=7; intervals calibrated 2026-11-25 (4a4799c8)"
	for written, want := range map[string]string{
		plain: "多种方法综合，用7个月的数，向前推7期，区间校准于 2026-11-25（4a4799c8）",
		plain + "; 2 missing periods interpolated":                       "；补入缺失的2期",
		plain + "; reported days in a row":                               "；按报送日相连计",
		"known; the last period before the deadline has its figure":      "时限前的最后一期已有数",
		"something else that nobody has words for":                       "something else that nobody has words for",
		"theta; Q, n=5, h=3; intervals calibrated 2026-11-25 (4a4799c8)": "theta，用5个季度的数",
	} {
		if got := (Voice{"zh"}).method(written); !strings.Contains(got, want) {
			t.Errorf("%q is told as %q, want %q in it", written, got, want)
		}
	}
	if got := (Voice{"en"}).method(plain); !strings.Contains(got, "several methods combined; monthly figures: 7") {
		t.Errorf("in English it is told as %q", got)
	}
}
