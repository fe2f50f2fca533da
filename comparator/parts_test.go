package comparator_test

import (
	"testing"

	"yardstick/comparator"
	"yardstick/comparator/telling"
	"yardstick/schema"
)

var (
	east  = schema.Region{Code: "210202", Name: schema.Text{Zh: "东区", En: "East"}, Parent: city, Standard: "GB/T 2260"}
	west  = schema.Region{Code: "210203", Name: schema.Text{Zh: "西区", En: "West"}, Parent: city, Standard: "GB/T 2260"}
	newer = schema.Region{Code: "210200-L1", Name: schema.Text{Zh: "新区", En: "New Area"}, Parent: city, Standard: "local"}
)

func local(r schema.Region, obs []schema.Observation) []schema.Observation {
	for i := range obs {
		obs[i].Region = r.Code
	}
	return obs
}

func TestDistrictsAreHeldAgainstTheirAllocationAndNotRepaired(t *testing.T) {
	tg := added("400", "2025-12-31")
	tg.Allocations = []schema.Allocation{{Region: east.Code, Value: dec("150"), Source: schema.Text{Zh: "附件", En: "Annex"}}, {Region: newer.Code, Value: dec("60"), Source: schema.Text{Zh: "附件", En: "Annex"}}}
	ind := monthly(schema.InPeriod)
	c := of(t, asOf, tg, ind, series("i", schema.InPeriod, "2024-11=20 2024-12=25 2025-01=15 2025-02=10 2025-03=30 2025-04=28 2025-05=22"))
	known := map[string][]schema.Observation{
		east.Code:  local(east, series("i", schema.InPeriod, "2024-11=8 2024-12=9 2025-01=9 2025-02=8 2025-03=9 2025-04=9 2025-05=8")),
		west.Code:  local(west, series("i", schema.InPeriod, "2024-11=12 2024-12=15 2025-01=15 2025-02=10 2025-03=20 2025-04=19 2025-05=13")),
		newer.Code: local(newer, series("i", schema.InPeriod, "2024-11=5 2024-12=5 2025-01=5 2025-02=5 2025-03=5 2025-04=5")),
	}
	p := telling.Divide(c, []schema.Region{newer, west, east}, known)
	// East 60, west 104: 164, where the city says 150. The new area lies inside them.
	if p.Sum == nil || !p.Sum.Equal(dec("164")) || !p.Value.Equal(dec("150")) || !p.Difference.Equal(dec("14")) || len(p.Missing) > 0 {
		t.Fatalf("%+v", p)
	}
	if !p.Allocated.Equal(dec("150")) || !p.Unassigned.Equal(dec("250")) {
		t.Errorf("allocated %s, unassigned %s", p.Allocated, p.Unassigned)
	}
	if len(p.Parts) != 3 || p.Parts[0].Region.Code != east.Code || p.Parts[1].Region.Code != west.Code || p.Parts[2].Region.Code != newer.Code {
		t.Fatalf("order %+v", p.Parts)
	}
	// East: 60 of 150 is .4 where 216 of 430 days are gone: .7963.
	v := p.Parts[0].Verdict
	if v == nil || v.Status != schema.AtRisk || v.Region != east.Code || !v.TargetValue.Equal(dec("150")) || p.Parts[0].Source.Zh != "附件" {
		t.Fatalf("%+v", p.Parts[0])
	}
	wantNumber(t, "pace", v.Pace, 60*430, 150*216)
	if w := p.Parts[1]; w.Verdict != nil || w.Asked != nil || w.WhyNot.Zh == "" || !w.Value.Equal(dec("104")) {
		t.Errorf("without an allocation it is listed alone: %+v", w)
	}
	if n := p.Parts[2]; n.Added || n.Verdict == nil || !n.Value.Equal(dec("30")) || n.Period != schema.Month(2025, 4) {
		t.Errorf("%+v", n)
	}
	// The city's verdict is what it was without its parts.
	if w := judge(t, c); w.Value.String() != "150" || w.Status != schema.AtRisk {
		t.Errorf("%+v", w)
	}
	// A district silent for the month: no sum.
	delete(known, west.Code)
	if p = telling.Divide(c, []schema.Region{newer, west, east}, known); p.Sum != nil || len(p.Missing) != 1 || p.Missing[0] != west.Code || p.SumWhyNot.Zh == "" {
		t.Errorf("%+v", p)
	}
}

func TestPartsOfAShareDoNotAddUp(t *testing.T) {
	ind := monthly(schema.Point)
	ind.Unit = "%"
	tg := target(schema.Level, "15")
	tg.Unit = "%"
	tg.Allocations = []schema.Allocation{{Region: east.Code, Value: dec("12")}}
	c := of(t, asOf, tg, ind, series("i", schema.Point, "2025-05=14"))
	p := telling.Divide(c, []schema.Region{east, west}, map[string][]schema.Observation{
		east.Code: local(east, series("i", schema.Point, "2025-05=12")), west.Code: local(west, series("i", schema.Point, "2025-05=9"))})
	if p.Sum != nil || p.Difference != nil || p.Allocated != nil || p.SumWhyNot.En == "" || p.Parts[0].Verdict.Status != schema.Achieved {
		t.Errorf("%+v", p)
	}
}

func TestAPartHasNeitherTheBaselineNorThePlanOfTheWhole(t *testing.T) {
	tg := target(schema.Level, "200")
	tg.Baseline, tg.BaselineDate, tg.Deadline, tg.Path = ptr(dec("100")), day("2024-12-31"), day("2025-12-31"), "plan"
	tg.Plan = []schema.PlanPoint{{Date: day("2025-06-30"), Value: dec("150")}}
	tg.Allocations = []schema.Allocation{{Region: east.Code, Value: dec("50")}}
	c := of(t, asOf, tg, monthly(schema.Point))
	part, ok := comparator.PartCase(c, east, local(east, series("i", schema.Point, "2025-03=30 2025-04=34 2025-05=38")))
	if !ok || part.Target.Baseline != nil || part.Target.Plan != nil || len(c.Target.Plan) != 1 {
		t.Fatalf("%+v", part.Target)
	}
	want(t, judge(t, part), schema.OnTrack, "6 pace")
	if _, ok := comparator.PartCase(c, west, nil); ok {
		t.Error("nothing was allocated to it")
	}
}
