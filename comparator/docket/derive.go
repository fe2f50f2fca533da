package docket

import (
	"fmt"
	"maps"
	"slices"

	"yardstick/comparator"
	"yardstick/comparator/derive"
	"yardstick/schema"
)

// derive adds to the judgement's series the figures that the catalogue's formulas
// give, for every region that has a term, with what each came from. It tells what
// kept others from being computed.
func (d *Docket) derive(j *Judgement, rows []schema.Observation) (map[schema.SeriesKey][]comparator.Lack, error) {
	j.Terms = map[schema.Key][]schema.Input{}
	lacking := map[schema.SeriesKey][]comparator.Lack{}
	for _, ind := range d.Register.Indicators.All() {
		if ind.Formula == nil {
			continue
		}
		needs, err := derive.Needs(d.Register.Indicators, ind.Code)
		if err != nil {
			return nil, fmt.Errorf("deriving %s: %w", ind.Code, err)
		}
		regions := map[string][]schema.Observation{}
		for _, o := range rows {
			if slices.Contains(needs, o.Indicator) {
				regions[o.Region] = append(regions[o.Region], o)
			}
		}
		for region, obs := range regions {
			found, err := derive.Compute(d.Register.Indicators, ind.Code, region, obs)
			if err != nil {
				return nil, fmt.Errorf("deriving %s for %s: %w", ind.Code, region, err)
			}
			k := schema.SeriesKey{Indicator: ind.Code, Region: region}
			j.Series[k] = append(j.Series[k], found.Observations()...)
			maps.Copy(j.Terms, found.Terms())
			for _, g := range found.Missing {
				term, _ := d.Register.Indicators.ByCode(g.Term)
				lacking[k] = append(lacking[k], comparator.Lack{Period: g.Key.Period, Basis: g.Key.Basis, Term: term.Name, Because: g.Because})
			}
		}
	}
	return lacking, nil
}
