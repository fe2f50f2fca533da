package samples_test

import (
	"strings"
	"testing"

	"yardstick/comparator"
	"yardstick/comparator/forecast"
	"yardstick/comparator/telling"
	"yardstick/schema"
	"yardstick/schema/calendar"
)

// inForce is the figures known on a day, one vintage a key.
func (f *feeds) inForce(asOf schema.Date) map[schema.Key]schema.Observation {
	held := map[schema.Key]schema.Observation{}
	for _, l := range f.lines {
		o := l.obs
		if was, ok := held[o.Key]; !o.PublishedAt.After(asOf) && (!ok || o.Later(was)) {
			held[o.Key] = o
		}
	}
	return held
}

func judgeAll(t *testing.T, f *feeds, asOf schema.Date) map[string]schema.Verdict {
	t.Helper()
	days, err := calendar.Default()
	if err != nil {
		t.Fatal(err)
	}
	forecaster, err := forecast.New()
	if err != nil {
		t.Fatal(err)
	}
	held := f.inForce(asOf)
	derived(held)
	p, _ := f.register.Policy("dalian-2024-15")
	out := map[string]schema.Verdict{}
	for _, target := range p.Targets {
		ind, _ := f.register.Indicators.ByCode(target.Indicator)
		region, _ := f.register.Regions.ByCode(target.Region)
		var obs []schema.Observation
		for k, o := range held {
			if k.Indicator == ind.Code && k.Region == region.Code {
				obs = append(obs, o)
			}
		}
		out[target.ID] = comparator.Judge(comparator.Case{Target: target, Indicator: ind, Region: region, Issued: p.Issued, AsOf: asOf,
			Observations: obs, Calendar: days, Forecaster: forecaster})
	}
	return out
}

// derived adds the share of GDP where both figures of a period are known,
// computed here by hand.
func derived(held map[schema.Key]schema.Observation) {
	for k, o := range held {
		if k.Indicator != "strategic-industry-value-added" {
			continue
		}
		g, ok := held[schema.Key{Indicator: "gdp", Region: k.Region, Basis: k.Basis, Period: k.Period}]
		if !ok {
			continue
		}
		r := o.Value.Rat()
		v := schema.DecimalFromRat(r.Quo(r, g.Value.Rat()).Mul(r, schema.NewDecimal(100, 0).Rat()), 10)
		s := o
		s.Indicator, s.Value, s.Unit = "strategic-industry-gdp-share", &v, "%"
		if !g.Status.Final() {
			s.Status = g.Status
		}
		if g.PublishedAt.After(s.PublishedAt) {
			s.PublishedAt = g.PublishedAt
		}
		held[s.Key] = s
	}
}

func TestSamplesShowALivelyBoardOnEachOfSixDays(t *testing.T) {
	days := []string{"2024-11-15", "2025-03-31", "2025-06-30", "2025-12-31", "2026-02-28", "2026-11-23"}
	// A status a day, in the order of days. Beside it the marks: initially (P)
	// provisional, reached late (L), stale (S), not begun (n).
	want := map[string]string{
		"bond-fund-report-cadence":         "on_track on_track on_track on_track lagging lagging",
		"bond-fund-disbursement-cadence":   "on_track on_track on_track on_track lagging lagging",
		"tech-sme-npl-tolerance":           "on_track breached on_track on_track on_track on_track/S",
		"first-loan-centres":               "open open achieved achieved achieved achieved/S",
		"high-growth-firms":                "open/n lagging lagging lagging missed missed",
		"innovation-consortia":             "open/n at_risk on_track on_track achieved achieved",
		"major-rd-projects":                "open/n on_track achieved achieved achieved achieved",
		"open-bid-projects":                "open/n at_risk achieved achieved achieved achieved",
		"open-bid-subsidy-cap":             "on_track on_track on_track on_track on_track on_track/S",
		"overseas-experts":                 "open/n at_risk lagging on_track achieved achieved",
		"digital-retrofit-funds":           "open open open open achieved achieved/S",
		"strategic-industry-gdp-share":     "open/n lagging/P lagging/P lagging/P achieved/P achieved/P",
		"low-altitude-scenarios":           "open open open achieved achieved achieved/S",
		"ai-compute":                       "open/n lagging lagging lagging missed missed",
		"minimum-down-payment":             "on_track on_track on_track on_track on_track on_track/S",
		"affordable-sale-housing-delivery": "on_track missed/L missed/L missed/L missed/L missed/L",
		"affordable-homes":                 "open open open open open open/S",
		"urban-village-projects":           "open open open open open open/S",
		"urban-village-households":         "open open open open achieved achieved/S",
		"soe-layer-compression":            "open/n lagging lagging lagging missed/P missed",
		"soe-innovation-consortia":         "open/n lagging at_risk achieved achieved achieved",
		"large-events":                     "open/n at_risk at_risk achieved achieved achieved",
		"spring-events":                    "open/n open/n at_risk achieved achieved achieved",
		"pension-finance-projects":         "open/n at_risk at_risk at_risk achieved/P missed",
		"high-standard-farmland":           "open/n lagging on_track at_risk achieved/P achieved",
		"young-talent":                     "on_track achieved achieved achieved achieved achieved",
		"fair-price-shops":                 "open open open open achieved achieved/S",
	}
	f := allFeeds(t)
	for i, day := range days {
		verdicts := judgeAll(t, f, dayOf(t, day))
		if len(verdicts) != len(want) {
			t.Fatalf("%d verdicts, want %d", len(verdicts), len(want))
		}
		for id, v := range verdicts {
			if got := short(v); got != strings.Fields(want[id])[i] {
				t.Errorf("as of %s, %s is %s, want %s (%s)", day, id, got, strings.Fields(want[id])[i], said(v.Reason).En)
			}
		}
	}
}

// TestTheChancesByHand redoes the bands of the chances with pencil and paper:
// what each period to come must bring beside what the periods seen brought. The
// bands are wide enough for that: on track is four times in five, lagging is
// less than two in five, and where pace says something two bands away it is at
// risk.
func TestTheChancesByHand(t *testing.T) {
	f := allFeeds(t)
	for _, c := range []struct {
		day, id    string
		increments string // of the periods seen
		need       string // from the last figure to the target
		periods    int    // to the deadline
		status     schema.Status
	}{
		// 34.2 a month are needed; the best month brought 19.
		{"2025-03-31", "high-growth-firms", "15 19 8 13", "342", 10, schema.Lagging},
		// 10.8 a month needed, 10 on average: about even.
		{"2025-03-31", "innovation-consortia", "7 12 11 10", "108", 10, schema.AtRisk},
		// 4.9 a month needed, never less than 11.
		{"2025-03-31", "major-rd-projects", "11 13 11 12", "49", 10, schema.OnTrack},
		// 0.3 a month needed, 0.5 on average: likely, yet four months show little (the chance of none in a month
		// may well be three in four, and then fewer than three in ten months come up half the time).
		{"2025-03-31", "open-bid-projects", "0 1 0 1", "3", 10, schema.AtRisk},
		// 18.3 thousand mu a month needed, 14 at best.
		{"2025-03-31", "high-standard-farmland", "13000 14000 14000 14000", "183000", 10, schema.Lagging},
		// 65.5 PFlops a month needed, 16 at best.
		{"2025-03-31", "ai-compute", "7 11 13 16", "655", 10, schema.Lagging},
		// 11 a month needed, 6 at best.
		{"2025-03-31", "soe-layer-compression", "5 5 5 6", "110", 10, schema.Lagging},

		// 41.1 a month needed, 19 at best.
		{"2025-06-30", "high-growth-firms", "15 19 8 16 15 18 18", "288", 7, schema.Lagging},
		// 9.4 a month needed; six of seven months brought more, the last three half as much again.
		{"2025-06-30", "innovation-consortia", "7 12 11 10 13 14 15", "66", 7, schema.OnTrack},
		// 1.71 a month needed, 1.14 on average: 7 × 1.14 = 8, short by 4, where seven months spread by about
		// 0.7·√7·√2 = 2.6: one in fifteen, somewhat more if the slow rise goes on.
		{"2025-06-30", "overseas-experts", "1 0 2 1 1 1 2", "12", 7, schema.Lagging},
		// 9.1 a month needed; 7.2 on average, 10 in the last. It must get better and is getting better: even.
		{"2025-06-30", "large-events", "5 7 8 6 10", "64", 7, schema.AtRisk},
		// 16.6 thousand mu a month needed; the last three months brought 20 and more, each more than the one before.
		{"2025-06-30", "high-standard-farmland", "13000 14000 14000 14000 20000 23000 24000", "116000", 7, schema.OnTrack},
		// 0.4 points a quarter needed for three quarters, and the best of four brought 0.3.
		{"2025-06-30", "strategic-industry-gdp-share", "0.2017225034 0.2989792287 0.300550507 0.2995031986", "1.2003024104", 3, schema.Lagging},
		// One is needed in seven months; one came in five: 1 - (1 - 1/5)^7 = 79 % at that rate, which itself is unsure.
		{"2025-06-30", "soe-innovation-consortia", "0 0 0 1 0", "1", 7, schema.AtRisk},
		// 0.71 a month needed, 1 on average, in five months of which one brought none: about three in four.
		{"2025-06-30", "pension-finance-projects", "1 0 1 2 1", "5", 7, schema.AtRisk},
		// 84.3 PFlops a month needed, 25 at best.
		{"2025-06-30", "ai-compute", "7 11 13 16 17 23 25", "590", 7, schema.Lagging},
		// 13.6 a month needed, 6 at best.
		{"2025-06-30", "soe-layer-compression", "5 5 5 6 5 5 5", "95", 7, schema.Lagging},

		// The last month: 88 needed and 44 at best; 26 and 13; 2 and never less than 7; 1, which eleven of thirteen
		// months brought.
		{"2025-12-31", "high-growth-firms", "15 19 8 16 15 18 18 26 28 33 32 37 44", "88", 1, schema.Lagging},
		{"2025-12-31", "soe-layer-compression", "5 5 5 6 5 5 5 10 11 12 11 13 12", "26", 1, schema.Lagging},
		{"2025-12-31", "innovation-consortia", "7 12 11 10 13 14 15 11 10 11 10 12 10", "2", 1, schema.OnTrack},
		{"2025-12-31", "overseas-experts", "1 0 2 1 1 1 2 2 1 2 2 2 2", "1", 1, schema.OnTrack},
		// 1 needed; it came in eight months of eleven, lately in every second: between one half and three quarters.
		{"2025-12-31", "pension-finance-projects", "1 0 1 2 1 1 1 0 1 0 1", "1", 1, schema.AtRisk},
		// 12000 mu needed. It rose for twelve months by as much or more, and has just fallen by 13000: whether the fall goes on,
		// one month does not tell.
		{"2025-12-31", "high-standard-farmland", "13000 14000 14000 14000 20000 23000 24000 23000 23000 23000 24000 24000 -13000", "12000", 1, schema.AtRisk},
		// 0.4 points needed in the last quarter; of six the last alone brought as much.
		{"2025-12-31", "strategic-industry-gdp-share", "0.2017225034 0.2989792287 0.3011212991 0.2989324065 0.2997213904 0.5000677891", "0.4005132309", 1, schema.Lagging},
	} {
		v := judgeAll(t, f, dayOf(t, c.day))[c.id]
		if v.Forecast == nil || v.Chance == nil {
			t.Errorf("as of %s, %s has no chance: %s", c.day, c.id, said(v.ChanceWhyNot).En)
			continue
		}
		var seen []string
		pts := v.Forecast.Points
		if v.Forecast.Begin == pts[0].Period.Prev().Last() {
			seen = append(seen, pts[0].Value.Normal().String())
		}
		for i := 1; i < len(pts); i++ {
			seen = append(seen, pts[i].Value.Sub(pts[i-1].Value).Normal().String())
		}
		last := pts[len(pts)-1]
		periods := schema.PeriodOf(last.Period.Frequency(), v.Deadline).Since(last.Period)
		if got := strings.Join(seen, " "); got != c.increments || !v.Gap.Equal(schema.MustDecimal(c.need)) || periods != c.periods {
			t.Errorf("as of %s, %s: increments %s, %s short, %d periods left", c.day, c.id, got, v.Gap, periods)
		}
		if v.Status != c.status {
			t.Errorf("as of %s, %s is %s with a chance of %.3f, want %s", c.day, c.id, v.Status, *v.Chance, c.status)
		}
	}
}

func short(v schema.Verdict) string {
	marks := ""
	for _, m := range []struct {
		on     bool
		letter string
	}{{v.Marks.Provisional, "P"}, {v.Marks.ReachedLate, "L"}, {v.Marks.Stale, "S"}, {v.Marks.NotBegun, "n"}} {
		if m.on {
			marks += m.letter
		}
	}
	if marks == "" {
		return string(v.Status)
	}
	return string(v.Status) + "/" + marks
}

func TestEveryStatusOccursOnSomeDay(t *testing.T) {
	f := allFeeds(t)
	for status, at := range map[schema.Status][2]string{
		schema.NoData:   {"2024-11-10", "high-growth-firms"}, // nothing is published yet
		schema.Open:     {"2025-06-30", "affordable-homes"},
		schema.OnTrack:  {"2025-06-30", "innovation-consortia"},
		schema.AtRisk:   {"2025-06-30", "large-events"},
		schema.Lagging:  {"2025-02-12", "bond-fund-disbursement-cadence"}, // three days without a payment
		schema.Breached: {"2025-03-31", "tech-sme-npl-tolerance"},
		schema.Achieved: {"2025-06-30", "major-rd-projects"},
		schema.Missed:   {"2025-01-20", "affordable-sale-housing-delivery"},
	} {
		if v := judgeAll(t, f, dayOf(t, at[0]))[at[1]]; v.Status != status {
			t.Errorf("as of %s, %s is %s, want %s", at[0], at[1], v.Status, status)
		}
	}
}

func TestTheTurnsOfTheSamples(t *testing.T) {
	f := allFeeds(t)
	on := func(day, id string) schema.Verdict { return judgeAll(t, f, dayOf(t, day))[id] }

	if v := on("2025-10-08", "bond-fund-report-cadence"); v.Status != schema.Lagging {
		t.Errorf("two ten-day reports left out in September: %s", v.Status)
	}
	if v := on("2025-04-20", "tech-sme-npl-tolerance"); v.Status != schema.OnTrack || v.Breaches != 1 {
		t.Errorf("the ceiling kept again after one breach: %s, %d breaches", v.Status, v.Breaches)
	}
	if v := on("2025-02-28", "young-talent"); v.Status != schema.Missed || !v.Marks.Provisional {
		t.Errorf("missed by a provisional figure: %s", short(v))
	}
	if v := on("2025-11-20", "high-standard-farmland"); v.Status != schema.Achieved {
		t.Errorf("farmland at 43.1: %s", v.Status)
	}
	if v := on("2025-12-20", "high-standard-farmland"); v.Status == schema.Achieved || v.LostOn.String() != "2025-11-30" {
		t.Errorf("farmland lost again: %s, lost on %s", v.Status, v.LostOn)
	}
	share := on("2025-06-30", "strategic-industry-gdp-share")
	if share.Value == nil || share.Value.Round(1).String() != "13.8" || share.Period != schema.Quarter(2025, 1) || !share.Marks.Synthetic {
		t.Errorf("the share of GDP: %v in %s", share.Value, share.Period)
	}
	if v := on("2025-06-30", "ai-compute"); v.Value.String() != "410" || v.Period != schema.Month(2025, 5) {
		t.Errorf("computing capacity: %s in %s", v.Value, v.Period)
	}
	if v := on("2026-11-23", "ai-compute"); v.Value.String() != "720" {
		t.Errorf("0.720 EFlops are %s PFlops", v.Value)
	}
	if v := on("2025-06-30", "high-standard-farmland"); v.Value.String() != "314000" {
		t.Errorf("31.4万亩 are %s 亩", v.Value)
	}
}

func dayOf(t *testing.T, s string) schema.Date {
	t.Helper()
	d, err := schema.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// said are the words of a reason.
func said(r schema.Reason) schema.Text {
	return telling.Verdict(schema.Verdict{Reason: r}, schema.Indicator{}).Reason.Text
}
