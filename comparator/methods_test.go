package comparator_test

import (
	"math"
	"testing"

	"yardstick/comparator"
	"yardstick/comparator/telling"
	"yardstick/schema"
)

// annual makes a case of yearly figures of a stock, judged on a day by a target
// for the end of 2030.
func annual(t *testing.T, asOf, value string, d schema.Direction, figures string) comparator.Case {
	t.Helper()
	tg := target(schema.Level, value)
	tg.Deadline, tg.Direction = day("2030-12-31"), d
	if d == schema.Down {
		tg.Op = "<="
	}
	ind := monthly(schema.Point)
	ind.Frequencies = []schema.Frequency{schema.Annual}
	c := of(t, asOf, tg, ind, series("i", schema.Point, figures))
	c.Issued = day("2015-12-31")
	return c
}

func by(t *testing.T, c comparator.Case, method string) comparator.Opinion {
	t.Helper()
	for _, o := range telling.OpinionsOn(schema.Verdict{}, c).Methods {
		if o.Method == method {
			if o.Source == "" || o.Name.Zh == "" || (o.Value == nil) == o.WhyNot.IsZero() || (o.Value != nil) != (o.How.En != "") {
				t.Errorf("an unsound opinion: %+v", o)
			}
			return o
		}
	}
	t.Fatalf("no method %s", method)
	return comparator.Opinion{}
}

func agrees(t *testing.T, what string, o comparator.Opinion, value float64, class string) {
	t.Helper()
	if o.Value == nil || math.Abs(*o.Value-value) > 1e-9 || o.Class != class || o.Label.Zh == "" {
		t.Errorf("%s: %v %s (%s), want %.9f %s", what, o.Value, o.Class, o.WhyNot.En, value, class)
	}
}

func TestGrowthRatioByHand(t *testing.T) {
	// 50 in 2015, 60 in 2020, 80 wanted in 2030: 1.2^(1/5) - 1 = 3.71373 % a year seen, 1.6^(1/15) - 1 = 3.18305 % wanted.
	c := annual(t, "2021-06-30", "80", schema.Up, "2015=50 2017=54 2020=60")
	r := (math.Pow(1.2, .2) - 1) / (math.Pow(1.6, 1./15) - 1) // 1.1667
	o := by(t, c, "growth-ratio")
	agrees(t, "ahead", o, r, "substantial")
	if *o.Score != math.Min(7.1429*r-4.2857, 5) || *o.Score < 4.04 || *o.Score > 4.06 {
		t.Errorf("score %v", *o.Score)
	}
	for _, k := range []struct {
		figures, target string
		d               schema.Direction
		now             float64
		class           string
		score           func(r float64) float64
	}{
		{"2015=50 2020=56.5", "80", schema.Up, 56.5, "moderate", func(r float64) float64 { return 7.1429*r - 4.2857 }},
		{"2015=50 2020=52", "80", schema.Up, 52, "limited", func(r float64) float64 { return 4.1667*r - 2.5 }},
		{"2015=50 2020=49", "80", schema.Up, 49, "deterioration", func(r float64) float64 { return math.Max(4.1667*r-2.5, -5) }},
		{"2015=50 2020=20", "80", schema.Up, 20, "deterioration", func(float64) float64 { return -5 }},
		{"2015=50 2020=81", "80", schema.Up, 81, "reached", func(float64) float64 { return 5 }},
		{"2015=50 2020=40", "20", schema.Down, 40, "moderate", func(r float64) float64 { return 7.1429*r - 4.2857 }},
		{"2015=50 2020=55", "20", schema.Down, 55, "deterioration", func(r float64) float64 { return math.Max(4.1667*r-2.5, -5) }},
	} {
		d := 1.0
		if k.d == schema.Down {
			d = -1
		}
		goal := dec(k.target)
		r := d * (math.Pow(k.now/50, .2) - 1) / math.Abs(math.Pow(goal.Float()/50, 1./15)-1)
		o := by(t, annual(t, "2021-06-30", k.target, k.d, k.figures), "growth-ratio")
		agrees(t, k.figures, o, r, k.class)
		if math.Abs(*o.Score-k.score(r)) > 1e-9 {
			t.Errorf("%s: score %v, want %v", k.figures, *o.Score, k.score(r))
		}
	}
	// A count that starts at nought has no growth rate, and is not given one.
	k := of(t, asOf, added("400", "2025-12-31"), monthly(schema.InPeriod), series("i", schema.InPeriod, "2024-11=20 2024-12=25"))
	if o := by(t, k, "growth-ratio"); o.Value != nil {
		t.Errorf("%+v", o)
	}
}

func TestProjectionByHand(t *testing.T) {
	// 60 goes on at 1.2^(1/5) a year for ten years: 60·1.2² = 86.4; (86.4-50)/(80-50) = 1.21333.
	agrees(t, "ahead", by(t, annual(t, "2021-06-30", "80", schema.Up, "2015=50 2020=60"), "projection"), (60*1.44-50)/30, "on-track")
	// 52·1.04² = 56.2432; 6.2432/30 = .2081.
	agrees(t, "slow", by(t, annual(t, "2021-06-30", "80", schema.Up, "2015=50 2020=52"), "projection"), (52*1.04*1.04-50)/30, "slow")
	// 50.5·1.01² = 51.51505: .0505.
	agrees(t, "hardly", by(t, annual(t, "2021-06-30", "80", schema.Up, "2015=50 2020=50.5"), "projection"), (50.5*1.01*1.01-50)/30, "none")
	// Downwards: 40·.8² = 25.6; (25.6-50)/(20-50) = .81333.
	agrees(t, "downwards", by(t, annual(t, "2021-06-30", "20", schema.Down, "2015=50 2020=40"), "projection"), (40*.64-50)/-30, "slow")
}

func TestIndicatorWeatherByHand(t *testing.T) {
	for _, c := range []struct {
		what, target, figures string
		d                     schema.Direction
		value                 float64
		class                 string
	}{
		// Mean change (60-50)/5 = 2 a year; ten years on 80: not missed.
		{"sun", "80", "2015=50 2016=53 2017=54 2018=55 2019=58 2020=60", schema.Up, 0, "sun"},
		// 60 + 20 = 80 of 81: 1 of 21 = 4.76 %.
		{"just sun", "81", "2015=50 2016=53 2017=54 2018=55 2019=58 2020=60", schema.Up, 1. / 21, "sun"},
		// 5 of 25 = 20 %.
		{"sun and cloud", "85", "2015=50 2016=53 2017=54 2018=55 2019=58 2020=60", schema.Up, .2, "sun-cloud"},
		{"cloud", "86", "2015=50 2016=53 2017=54 2018=55 2019=58 2020=60", schema.Up, 6. / 26, "cloud"},
		// -1 a year from 45: 35 where 80 is wanted: 45 of 35.
		{"storm", "80", "2015=50 2016=49 2017=48 2018=47 2019=46 2020=45", schema.Up, 45. / 35, "storm"},
		// Only the last six count: 2014 would change the mean.
		{"six points", "80", "2014=10 2015=50 2016=53 2017=54 2018=55 2019=58 2020=60", schema.Up, 0, "sun"},
		// Four are the least: (60-54)/3 = 2.
		{"four points", "80", "2017=54 2018=55 2019=58 2020=60", schema.Up, 0, "sun"},
		// Down: (40-50)/5 = -2; 20 of 15: 5 of 25.
		{"downwards", "15", "2015=50 2016=48 2017=46 2018=44 2019=42 2020=40", schema.Down, .2, "sun-cloud"},
	} {
		agrees(t, c.what, by(t, annual(t, "2021-06-30", c.target, c.d, c.figures), "weather"), c.value, c.class)
	}
	if o := by(t, annual(t, "2021-06-30", "80", schema.Up, "2018=55 2019=58 2020=60"), "weather"); o.Value != nil {
		t.Errorf("three points are too few: %+v", o)
	}
	if o := by(t, annual(t, "2021-06-30", "80", schema.Up, "2015=50 2016=53 2017=54 2019=58 2020=60"), "weather"); o.Value != nil {
		t.Errorf("2018 is missing: %+v", o)
	}
}

func TestScheduleIndexByHand(t *testing.T) {
	// 150 of 400 at half time: EV 150, PV 200, SV -50, SPI 0.75; a growth ratio with .001 for nought would be about 16.
	tg := target(schema.Added, "400")
	tg.Since, tg.Deadline = day("2024-12-31"), day("2025-12-31")
	c := of(t, "2025-07-31", tg, monthly(schema.Cumulative), series("i", schema.Cumulative, "2025-03=50 2025-06=150"))
	c.Issued = day("2024-12-31")
	// 181 of 365 days at the end of June: PV 400·181/365.
	o := by(t, c, "spi")
	agrees(t, "counts", o, 150/(400*181./365), "behind")
	level := target(schema.Level, "200")
	level.Baseline, level.BaselineDate, level.Deadline = ptr(dec("100")), day("2024-12-31"), day("2025-12-31")
	agrees(t, "a level", by(t, of(t, "2025-07-31", level, monthly(schema.Point), series("i", schema.Point, "2025-06=160")), "spi"), 60/(100*181./365), "on-time")
	level.Baseline = nil
	if o := by(t, of(t, "2025-07-31", level, monthly(schema.Point), series("i", schema.Point, "2025-05=150 2025-06=160")), "spi"); o.Value != nil {
		t.Errorf("without a baseline: %+v", o)
	}
}

func TestMethodsSayWhyTheyDoNotApply(t *testing.T) {
	cases := map[string]comparator.Case{
		"a limit":   of(t, asOf, target(schema.Ceiling, "3"), monthly(schema.Point), series("i", schema.Point, "2025-05=2")),
		"undated":   of(t, asOf, target(schema.Level, "3"), monthly(schema.Point), series("i", schema.Point, "2025-05=2")),
		"no figure": annual(t, "2021-06-30", "80", schema.Up, ""),
		"one":       annual(t, "2021-06-30", "80", schema.Up, "2020=50"),
	}
	for name, c := range cases {
		all := telling.OpinionsOn(schema.Verdict{}, c).Methods
		if len(all) != 4 {
			t.Fatalf("%d opinions", len(all))
		}
		for _, o := range all {
			if o.Value != nil || o.WhyNot.Zh == "" || o.WhyNot.En == "" {
				t.Errorf("%s, %s: %+v", name, o.Method, o)
			}
		}
	}
}
