package telling_test

import (
	"strings"
	"testing"

	"yardstick/comparator"
	"yardstick/comparator/telling"
	"yardstick/schema"
	"yardstick/schema/calendar"
	"yardstick/schema/targets"
)

// A share of 14.96 is not the 15 it was to reach, and a chance beneath a bound is
// not the bound: what is shown with SQL is what every page says.
func TestWhatIsShownNeverCrossesATargetOrABound(t *testing.T) {
	days, err := calendar.Default()
	if err != nil {
		t.Fatal(err)
	}
	register, err := targets.Load()
	if err != nil {
		t.Fatal(err)
	}
	var target schema.Target
	var issued schema.Date
	for _, p := range register.Policies {
		for _, g := range p.Targets {
			if ind, _ := register.Indicators.ByCode(g.Indicator); ind.Formula != nil && target.ID == "" {
				target, issued = g, p.Issued
			}
		}
	}
	ind, _ := register.Indicators.ByCode(target.Indicator)
	value := target.Value.Sub(schema.MustDecimal("0.04"))
	p := schema.Quarter(2025, 1)
	c := comparator.Case{
		Target: target, Indicator: ind, Region: schema.Region{Code: target.Region}, Issued: issued, AsOf: schema.Date{Year: 2025, Month: 6, Day: 30}, Calendar: days,
		Observations: []schema.Observation{{Key: schema.Key{Indicator: ind.Code, Region: target.Region, Period: p, Basis: ind.Basis}, Value: &value, Unit: ind.Unit,
			Status: "A", PublishedAt: schema.Date{Year: 2025, Month: 4, Day: 20}}},
	}
	v := telling.Verdict(comparator.Judge(c), ind)
	chance := 0.79996
	v.Chance, v.Thresholds.ChanceOnTrack = &chance, .8
	for _, lang := range schema.LanguageCodes() {
		shown, told := telling.Show(v, c, c.Observations, register, lang, 1), telling.Tell(v, c.Observations, register, lang, v.AsOf)
		if !strings.HasPrefix(shown.Value, value.String()) || strings.HasPrefix(shown.Value, target.Value.String()+"%") {
			t.Errorf("%s: %s is shown as %s beside %s", lang, value, shown.Value, shown.Target)
		}
		if shown.Chance != "79.996%" || shown.Chance != told.Chance {
			t.Errorf("%s: the chance %v is shown as %s and told as %s", lang, chance, shown.Chance, told.Chance)
		}
		if !strings.Contains(shown.Gap, "0.04") || !strings.Contains(shown.Story, told.Reason) || !strings.Contains(shown.Story, told.Owner) || len(shown.Lines) < 2 {
			t.Errorf("%s: %+v", lang, shown)
		}
		if len(shown.Curve) == 0 || strings.ContainsAny(shown.Story+strings.Join(shown.Lines, ""), "{}") {
			t.Errorf("%s: %+v", lang, shown)
		}
	}
}
