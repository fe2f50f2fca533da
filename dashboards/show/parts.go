package show

import (
	"yardstick/comparator"
	"yardstick/comparator/telling"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/figure"
)

// Part is a part of the region on the page.
type Part struct {
	Name, Value, Asked, Period, Said, By string // By: the document that allocated it
	Source                               *web.Source
	Status                               *figure.Badge

	number, asked, unit string // for a table that is taken away
}

// Parts are the rows, and what their sum says of the whole; series are the
// parts' figures in force, which the rows lead to.
func Parts(f *web.Frame, p comparator.Parts, s telling.Subject, series map[schema.SeriesKey][]schema.Observation) (rows []Part, sum string) {
	show := func(d *schema.Decimal) string {
		if d == nil {
			return "—"
		}
		return figure.Join(s.Scale.Number(*d), s.Scale.Unit)
	}
	for _, part := range p.Parts {
		row := Part{
			Name: f.Say(part.Region.Name), Value: show(part.Value), Asked: show(part.Asked), Said: f.Say(part.WhyNot.Text), By: f.Say(part.Source),
			Source: PartSource(f, s, part, show(part.Value), series[schema.SeriesKey{Indicator: s.Of.Indicator, Region: part.Region.Code}]),
		}
		row.unit = s.Scale.Unit
		if part.Asked != nil {
			row.asked = s.Scale.Number(*part.Asked)
		}
		if part.Value != nil {
			row.number = s.Scale.Number(*part.Value)
			row.Period = f.PeriodName(part.Period, s.Basis())
		}
		if part.Verdict != nil {
			status := figure.BadgeOf(*part.Verdict, f.Lang)
			row.Status, row.Said = &status, ""
		}
		rows = append(rows, row)
	}
	switch {
	case len(rows) == 0:
	case p.Sum != nil:
		sum = f.T("board-parts-sum", "period", f.PeriodName(p.Period, s.Basis()), "sum", show(p.Sum), "value", show(p.Value), "difference", show(p.Difference))
	default:
		sum = f.Say(p.SumWhyNot.Text)
	}
	return rows, sum
}

// Cells are the row of a table that is taken away.
func (p Part) Cells() []string {
	status, note := "", p.Said
	if p.Status != nil {
		status = p.Status.Word
	}
	if p.By != "" {
		note += " " + p.By
	}
	return []string{p.Name, p.number, p.unit, p.Period, p.asked, status, note}
}

// PartSource leads to the figure of a part: its cell, or its formula; a sum of
// several figures leads to all there are of the indicator. shown is the value
// as the page has it, obs are the part's figures in force.
func PartSource(f *web.Frame, s telling.Subject, part comparator.Part, shown string, obs []schema.Observation) *web.Source {
	if part.Value == nil || part.Period.IsZero() || !f.Traced {
		return nil
	}
	key := schema.Key{Indicator: s.Of.Indicator, Region: part.Region.Code, Basis: s.Basis(), Period: part.Period}
	for _, o := range obs {
		if o.Period == part.Period && o.Value != nil && o.Value.Equal(*part.Value) {
			return f.SourceOf(o, shown)
		}
	}
	if s.Ind.Formula != nil {
		return f.SourceOf(schema.Observation{Key: key}, shown)
	}
	return &web.Source{Href: f.IndicatorLink(s.Of.Indicator), Say: f.T("board-figure-link", "value", shown)}
}
