package samples_test

import (
	"strings"
	"testing"

	"yardstick/comparator"
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
			Observations: obs, Calendar: days})
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
		"high-growth-firms":                "open/n lagging lagging at_risk missed missed",
		"innovation-consortia":             "open/n at_risk on_track on_track achieved achieved",
		"major-rd-projects":                "open/n on_track achieved achieved achieved achieved",
		"open-bid-projects":                "open/n on_track achieved achieved achieved achieved",
		"open-bid-subsidy-cap":             "on_track on_track on_track on_track on_track on_track/S",
		"overseas-experts":                 "open/n at_risk at_risk on_track achieved achieved",
		"digital-retrofit-funds":           "open open open open achieved achieved/S",
		"strategic-industry-gdp-share":     "open/n at_risk/P at_risk/P at_risk/P achieved/P achieved/P",
		"low-altitude-scenarios":           "open open open achieved achieved achieved/S",
		"ai-compute":                       "open/n lagging lagging lagging missed missed",
		"minimum-down-payment":             "on_track on_track on_track on_track on_track on_track/S",
		"affordable-sale-housing-delivery": "on_track missed/L missed/L missed/L missed/L missed/L",
		"affordable-homes":                 "open open open open open open/S",
		"urban-village-projects":           "open open open open open open/S",
		"urban-village-households":         "open open open open achieved achieved/S",
		"soe-layer-compression":            "open/n lagging lagging at_risk missed/P missed",
		"soe-innovation-consortia":         "open/n lagging on_track achieved achieved achieved",
		"large-events":                     "open/n at_risk at_risk achieved achieved achieved",
		"spring-events":                    "open/n open/n at_risk achieved achieved achieved",
		"pension-finance-projects":         "open/n at_risk on_track on_track achieved/P missed",
		"high-standard-farmland":           "open/n at_risk on_track on_track achieved/P achieved",
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
				t.Errorf("as of %s, %s is %s, want %s (%s)", day, id, got, strings.Fields(want[id])[i], v.Reason.En)
			}
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
		schema.OnTrack:  {"2025-06-30", "high-standard-farmland"},
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
