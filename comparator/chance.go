package comparator

import (
	"yardstick/comparator/forecast"
	"yardstick/schema"
)

// question is the case as a forecaster is asked it: the points since the last
// break. Where points before it are left out, counting did not begin with those
// that remain.
func (h *hearing) question(by []point) forecast.Question {
	q := forecast.Question{
		Indicator: h.Indicator, Target: h.Target, Counted: counted(h.Target.Kind), Deadline: h.v.Deadline, AsOf: h.AsOf,
	}
	pts := sinceBreak(by)
	if q.Counted && len(pts) == len(by) {
		q.Begin = h.begin
	}
	for _, p := range pts {
		q.Points = append(q.Points, forecast.Point{Day: p.day, Value: p.value, Period: p.period, Final: p.final})
	}
	return q
}

// remember keeps what the chance rests on.
func (h *hearing) remember(q forecast.Question, a forecast.Answer, changes int, pts []point) {
	f := &schema.Forecast{Method: a.Method, Begin: q.Begin, ByChanges: changes != 0, Points: make([]schema.SeriesPoint, len(q.Points))}
	for i, p := range q.Points {
		f.Points[i] = schema.SeriesPoint{Period: p.Period, Value: p.Value, Final: p.Final}
	}
	for _, x := range a.Quantiles {
		f.Quantiles = append(f.Quantiles, schema.Quantile{P: x.P, Value: x.Value})
	}
	for _, p := range pts {
		h.history(p)
	}
	h.v.Forecast = f
}

// ask puts the question by the target's bounds. Where it has two, the chance to
// stay between them is that of not passing the upper one less that of not
// passing the lower one, of the same distribution.
func (h *hearing) ask(q forecast.Question, changes int) forecast.Answer {
	low, high := q.Target.Bounds()
	if q.Target.Tolerance == nil {
		return h.forecast(q, changes)
	}
	q.Target.Tolerance = nil
	if high == nil {
		q.Target.Value = *low
		return h.forecast(q, changes)
	}
	q.Target.Op, q.Target.Direction, q.Target.Value = "<=", schema.Down, *high
	a := h.forecast(q, changes)
	if low == nil || a.WhyNot != (schema.Text{}) {
		return a
	}
	q.Target.Value = *low
	b := h.forecast(q, changes)
	if b.WhyNot != (schema.Text{}) {
		return b
	}
	a.Chance = max(0, a.Chance-b.Chance)
	if n := len(q.Points); n > 0 && a.Chance == 0 && b.Chance == 1 && q.Points[n-1].Value.Equal(*low) {
		a.Chance = 1 // the figure is known, and is the bound itself
	}
	return a
}

// changing tells a level that has only ever risen (1) or only ever fallen (-1)
// since its break from any other (0). Such a level of months or quarters, a stock
// that is being built up, is asked about by its changes, as a count is: methods
// for levels damp its trend. On nine never-falling values of public American
// series, 7 months ahead, a range meant to hold 80 % of the outcomes held 31 % so
// taken as levels and 84 % as changes (147 origins of 22 series); 3 quarters
// ahead 52 % and 71 % (56 of 14). Annual figures are left as they are: 86 % and
// 72 % (702 of 130 World Bank series).
func changing(q forecast.Question) int {
	if q.Counted || len(q.Points) < 2 || q.Points[0].Period.Frequency() == schema.Annual {
		return 0
	}
	way := 0
	for i, p := range q.Points[1:] {
		switch c := p.Value.Cmp(q.Points[i].Value); {
		case c == 0:
		case way == 0:
			way = c
		case c != way:
			return 0
		}
	}
	return way
}

// forecast asks the forecaster, by changes where the level only rises or falls. A
// falling one is mirrored, so that it rises, and its answer mirrored back.
func (h *hearing) forecast(q forecast.Question, changes int) forecast.Answer {
	switch changes {
	case 1:
		q.Counted = true
	case -1:
		q.Counted = true
		return mirrored(h.Forecaster.Forecast(mirror(q)))
	}
	return h.Forecaster.Forecast(q)
}

// mirror turns a question upside down: nought stays, up is down.
func mirror(q forecast.Question) forecast.Question {
	points := make([]forecast.Point, len(q.Points))
	for i, p := range q.Points {
		p.Value = p.Value.Neg()
		points[i] = p
	}
	q.Points = points
	q.Indicator.Min, q.Indicator.Max = negated(q.Indicator.Max), negated(q.Indicator.Min)
	q.Target.Value = q.Target.Value.Neg()
	if q.Target.Op == "<=" {
		q.Target.Op, q.Target.Direction = ">=", schema.Up
	} else {
		q.Target.Op, q.Target.Direction = "<=", schema.Down
	}
	return q
}

func negated(d *schema.Decimal) *schema.Decimal {
	if d == nil {
		return nil
	}
	n := d.Neg()
	return &n
}

// mirrored turns an answer back.
func mirrored(a forecast.Answer) forecast.Answer {
	back := make([]forecast.Quantile, len(a.Quantiles))
	for i, x := range a.Quantiles {
		back[len(back)-1-i] = forecast.Quantile{P: a.Quantiles[len(back)-1-i].P, Value: -x.Value}
	}
	a.Quantiles = back
	return a
}
