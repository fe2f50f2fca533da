package comparator_test

import (
	"testing"

	"yardstick/comparator"
	"yardstick/schema"
)

func TestTheReportsOfACadenceAreReckonedAsItsVerdictIs(t *testing.T) {
	tenDay := target(schema.Cadence, "10")
	tenDay.Unit, tenDay.Every = "day", schema.TenDay
	daily := target(schema.Cadence, "1")
	daily.Unit, daily.Every = "day", schema.Daily
	ind := schema.Indicator{Code: "i", Unit: "day", Frequencies: []schema.Frequency{schema.TenDay}, Basis: schema.Point}
	var obs []schema.Observation
	for _, r := range [][2]string{
		{"2024-10-21/P10D", "2024-11-02"}, {"2024-11-01/P10D", "2024-11-12"}, {"2024-12-01/P10D", "2024-12-15"}, {"2025-01-01/P10D", "2025-01-20"},
	} {
		s := series("i", schema.Point, r[0]+"=1")
		s[0].PublishedAt = day(r[1])
		obs = append(obs, s...)
	}
	late := 0
	for _, tg := range []schema.Target{tenDay, daily} {
		for d := day("2024-10-28"); d.Before(day("2025-03-01")); d = d.AddDays(1) {
			c := of(t, d.String(), tg, ind, obs)
			v, reports := judge(t, c), comparator.Reports(c)
			next := reports[len(reports)-1]
			if !next.Made.IsZero() || next.Late() != v.Marks.LateCadence {
				t.Errorf("%s on %s: the next report is %+v, the verdict says late: %v", tg.Every, d, next, v.Marks.LateCadence)
			}
			if next.Late() && !v.Gap.Equal(schema.NewDecimal(int64(next.Days), 0)) {
				t.Errorf("%s on %s: %d days late, the verdict's gap is %s", tg.Every, d, next.Days, v.Gap)
			}
			for i, r := range reports[:len(reports)-1] {
				if r.Made.IsZero() || r.Late() != r.Made.After(r.Due) || i > 0 && r.Made.Before(reports[i-1].Made) {
					t.Errorf("%s on %s: %+v", tg.Every, d, r)
				}
			}
			late += len(reports)
		}
	}
	if late == 0 {
		t.Error("nothing was compared")
	}
	// By hand: the report of early November came on the 12th; the next ten days
	// end on the 30th, the one of December came on the 15th, 15 days after.
	reports := comparator.Reports(of(t, "2025-01-31", tenDay, ind, obs))
	if r := reports[2]; r.Due != day("2024-11-30") || r.Made != day("2024-12-15") || r.Days != 15 {
		t.Errorf("%+v", r)
	}
	if got := comparator.Reports(of(t, "2025-01-31", target(schema.Added, "10"), ind, obs)); got != nil {
		t.Errorf("a target that is no cadence has reports: %v", got)
	}
}
