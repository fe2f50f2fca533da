package figure_test

import (
	"math"
	"testing"

	"yardstick/schema"
	"yardstick/schema/figure"
)

func dec(s string) schema.Decimal { return schema.MustDecimal(s) }

func farmland() schema.Indicator {
	return schema.Indicator{
		Code: "high-standard-farmland", Unit: "亩", UnitEn: "mu", Display: "万亩",
		Units: []schema.UnitFactor{{Unit: "万亩", Factor: dec("10000")}},
	}
}

func share() schema.Indicator {
	return schema.Indicator{Unit: "%", Decimals: 1, Formula: &schema.Formula{Op: "share"}}
}

func written(text, unit, value, catalogue string) *schema.Observation {
	v := dec(value)
	return &schema.Observation{Written: text, UnitWritten: unit, Value: &v, Unit: catalogue}
}

func TestAFigureKeepsItsOwnDigits(t *testing.T) {
	plain := schema.Indicator{Unit: "亿元", UnitEn: "100 million yuan"}
	for _, c := range []struct {
		name string
		ind  schema.Indicator
		lang string
		v    string
		o    *schema.Observation
		want string
	}{
		{"trailing noughts stay", plain, "zh", "2152.40", written("2152.40", "亿元", "2152.40", "亿元"), "2152.40"},
		{"a cell with separators keeps the value's digits", plain, "zh", "2152.40", written("2,152.40", "亿元", "2152.40", "亿元"), "2152.40"},
		{"no unit written is the catalogue's", plain, "zh", "0.10", written("0.10", "", "0.10", "亿元"), "0.10"},
		{"the unit people speak in, as written", farmland(), "zh", "314000.00", written("31.40", "万亩", "314000.00", "亩"), "31.40"},
		{"written in the catalogue's unit, shown in people's", farmland(), "zh", "314000", written("314000", "亩", "314000", "亩"), "31.4"},
		{"English has no 万: no noughts of the conversion", farmland(), "en", "314000.00", written("31.40", "万亩", "314000.00", "亩"), "314000"},
		{"below nought", plain, "zh", "-3.20", nil, "-3.20"},
		{"a cell that says something else is not believed", farmland(), "zh", "314000", written("99", "万亩", "314000", "亩"), "31.4"},
		{"far beyond a float", plain, "zh", "12345678901234567890.123456789", nil, "12345678901234567890.123456789"},
	} {
		if got := figure.ScaleOf(c.ind, "", c.lang).Figure(dec(c.v), c.o, nil).String(); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestADerivedFigureHasTheCataloguesDecimalsAndNeverReadsAsTheTargetItMisses(t *testing.T) {
	s := figure.ScaleOf(share(), "%", "zh")
	target := dec("15")
	for v, want := range map[string]string{
		"13.8123456": "13.8", "13.85": "13.9", "14.96": "14.96", "14.9996": "14.9996", "15": "15.0", "15.04": "15.04", "13": "13.0", "14.99999999": "15.0000000",
	} {
		if got := s.Figure(dec(v), nil, &target).String(); got != want {
			t.Errorf("%s is shown as %s, want %s", v, got, want)
		}
	}
}

func TestAGapAddsUpWithTheFigureShown(t *testing.T) {
	s := figure.ScaleOf(share(), "%", "zh")
	target := dec("15")
	shown := s.Figure(dec("13.85"), nil, &target)
	if got := s.Gap(shown, target); shown.String() != "13.9" || got != "1.1" {
		t.Errorf("15 - %s is shown as %s", shown, got)
	}
	land := figure.ScaleOf(farmland(), "", "zh")
	if got := land.Gap(dec("31.4"), dec("430000")); figure.Join(got, land.GapUnit) != "11.6万亩" {
		t.Errorf("the gap is %s", figure.Join(got, land.GapUnit))
	}
	if got := land.Gap(dec("45"), dec("430000")); got != "2" {
		t.Errorf("beyond the target by %s", got)
	}
}

func TestUnitsAreSetAsPeopleWriteThem(t *testing.T) {
	for _, c := range [][3]string{
		{"15", "%", "15%"}, {"43", "万亩", "43万亩"}, {"1000", "PFlops", "1000 PFlops"}, {"1.2", "个百分点", "1.2 个百分点"}, {"5", "", "5"}, {"3", "个", "3 个"},
	} {
		if got := figure.Join(c[0], c[1]); got != c[2] {
			t.Errorf("%q, want %q", got, c[2])
		}
	}
	for lang, want := range map[string]string{"zh": "个百分点", "en": "pp"} {
		if got := figure.ScaleOf(schema.Indicator{Unit: "百分点"}, "", lang).GapUnit; got != want {
			t.Errorf("a gap between shares is in %q, want %q", got, want)
		}
	}
	if got := figure.ScaleOf(schema.Indicator{Unit: "万元", UnitEn: "10,000 yuan"}, "", "en").Unit; got != "× 10,000 yuan" {
		t.Errorf("a unit that is a number itself stands as %q", got)
	}
	if got := figure.ScaleOf(schema.Indicator{}, "家", "zh").Unit; got != "家" {
		t.Errorf("an unknown indicator is shown in %q", got)
	}
}

func TestSharesAreNeverRoundedAcrossAll(t *testing.T) {
	for ratio, want := range map[float64]string{
		0: "0%", .341: "34%", .9951: "99.5%", .99999: "99.999%", 1: "100%", 1.004: "100%", .002: "0.2%", -.031: "-3%", -.0000001: "0%", 10: "1000%", .9999999: ">99.999%", .0000001: "<0.001%",
	} {
		if got := figure.Percent(ratio); got != want {
			t.Errorf("%v is shown as %s, want %s", ratio, got, want)
		}
	}
	if got := figure.PercentFine(.9215); got != "92.2%" && got != "92.1%" {
		t.Errorf("0.9215 is shown as %s", got)
	}
	if got := figure.Percent(math.NaN()); got != "—" {
		t.Errorf("no number is shown as %s", got)
	}
}

func TestARatioStaysOnItsSideOfTheThreshold(t *testing.T) {
	for ratio, want := range map[float64]string{.9496: "0.9496", .95: "0.95", .6: "0.60", .5999: "0.5999", .61: "0.61", 1.2345: "1.23"} {
		if got := figure.Ratio(ratio, .60, .95); got != want {
			t.Errorf("%v is shown as %s, want %s", ratio, got, want)
		}
	}
}

func TestASlopeHasThreeDigits(t *testing.T) {
	for f, want := range map[float64]string{1.74321: "1.74", 207.14: "207", 20714: "20700", .012345: "0.0123", 0: "0", -3.5: "-3.5", 999.6: "1000"} {
		if got := figure.Significant(f, 3); got != want {
			t.Errorf("%v is shown as %s, want %s", f, got, want)
		}
	}
}

func TestAMonthBeforeStaysInItsMonth(t *testing.T) {
	for from, want := range map[string]string{"2025-06-30": "2025-05-31", "2025-06-29": "2025-05-29", "2025-03-31": "2025-02-28", "2024-03-30": "2024-02-29", "2025-01-15": "2024-12-15"} {
		d, err := schema.ParseDate(from)
		if err != nil {
			t.Fatal(err)
		}
		if got := figure.MonthBefore(d).String(); got != want {
			t.Errorf("a month before %s is %s, want %s", from, got, want)
		}
	}
}

func TestCountsOfTimeAreWordsInBothLanguages(t *testing.T) {
	if one, more := figure.Days(1), figure.Months(3); one != (schema.Text{Zh: "1天", En: "1 day"}) || more != (schema.Text{Zh: "3个月", En: "3 months"}) {
		t.Errorf("%v, %v", one, more)
	}
	if got := figure.Month(schema.NewDate(2026, 4, 9)); got != (schema.Text{Zh: "2026年4月", En: "Apr 2026"}) {
		t.Errorf("%v", got)
	}
}
