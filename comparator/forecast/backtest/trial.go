package backtest

import (
	"cmp"
	"errors"
	"math"
	"slices"

	"yardstick/comparator/forecast"
	"yardstick/schema"
	"yardstick/schema/words"
)

// trial is one series held back and compared.
type trial struct {
	left      *LeftOut
	frequency schema.Frequency
	flat      bool
	zeros     int // of the default method
	smape     [][]float64
	scaled    [][]float64 // absolute error over change; nil when flat
	in80      []bool
	in95      []bool
}

func try(s Series, o Options) (trial, error) {
	t := trial{frequency: s.Frequency}
	if t.frequency == "" {
		t.frequency = FrequencyOf(o.Season)
	}
	if s.Why != (schema.Text{}) {
		return trial{left: &LeftOut{s.Name, s.Why}}, nil
	}
	// Periods that are years have no months for a season.
	season := o.Season
	if s.Frequency != "" && s.Frequency != schema.Daily {
		season = min(season, forecast.SeasonOf(s.Frequency))
	}
	n := len(s.Values) - o.Horizon
	leave := func(id string) (trial, error) {
		return trial{left: &LeftOut{s.Name, words.Say(id, "n", len(s.Values), "horizon", o.Horizon, "least", forecast.Least)}}, nil
	}
	if n < forecast.Least {
		return leave("backtest-too-short")
	}
	for _, v := range s.Values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return leave("backtest-not-finite")
		}
	}
	known, held := s.Values[:n], s.Values[n:]
	p, points, err := o.Calibration.Compare(forecast.Series{Values: known, Frequency: t.frequency, Season: season}, o.Horizon, o.Methods...)
	switch {
	case errors.Is(err, forecast.ErrHorizon):
		return leave("backtest-too-far")
	case errors.Is(err, forecast.ErrNotFinite):
		return leave("backtest-not-finite")
	case err != nil:
		return t, err
	}
	size := change(known, season)
	t.flat = !(size > 0)
	for i, f := range points {
		smape, scaled := make([]float64, o.Horizon), make([]float64, o.Horizon)
		for h, x := range held {
			var none bool
			smape[h], none = symmetric(x, f[h])
			if none && o.Methods[i] == o.Calibration.Point {
				t.zeros++
			}
			scaled[h] = math.Abs(x-f[h]) / size
		}
		t.smape = append(t.smape, smape)
		if !t.flat {
			t.scaled = append(t.scaled, scaled)
		}
	}
	for h, x := range held {
		within := func(level float64) bool {
			low, high := p.Steps[h].Interval(level)
			return low <= x && x <= high
		}
		t.in80, t.in95 = append(t.in80, within(.80)), append(t.in95, within(.95))
	}
	return t, nil
}

// symmetric is 200 |x - f| / (|x| + |f|); of two zeros it is 0, and told.
func symmetric(x, f float64) (percent float64, zeros bool) {
	d := math.Abs(x) + math.Abs(f)
	if d == 0 {
		return 0, true
	}
	return 200 * math.Abs(x-f) / d, false
}

// tally adds up; a mean over nothing is nil.
type tally struct {
	sum float64
	n   int
}

func (t *tally) add(x float64) { t.sum += x; t.n++ }

func (t tally) mean() *float64 {
	if t.n == 0 {
		return nil
	}
	m := t.sum / float64(t.n)
	return &m
}

// sums are the measures of one method over some series and horizons.
type sums struct {
	smape, mase, in80, in95 tally
	series                  int
}

// take adds one series at the horizons [from, to).
func (s *sums) take(t trial, method, from, to int, covered bool) {
	s.series++
	var a, b tally
	for h := from; h < to; h++ {
		a.add(t.smape[method][h])
		if !t.flat {
			b.add(t.scaled[method][h])
		}
		if covered {
			s.in80.add(share(t.in80[h]))
			s.in95.add(share(t.in95[h]))
		}
	}
	s.smape.add(*a.mean())
	if m := b.mean(); m != nil {
		s.mase.add(*m)
	}
}

func share(in bool) float64 {
	if in {
		return 1
	}
	return 0
}

// gather averages over series, in their order, whichever was done first.
func gather(trials []trial, o Options) *Report {
	r := &Report{Method: o.Calibration.Point, Rows: []Row{}, LeftOut: []LeftOut{}}
	by := map[schema.Frequency][]trial{}
	var frequencies []schema.Frequency
	var all sums
	point := slices.Index(o.Methods, o.Calibration.Point)
	for _, t := range trials {
		if t.left != nil {
			r.LeftOut = append(r.LeftOut, *t.left)
			continue
		}
		if by[t.frequency] == nil {
			frequencies = append(frequencies, t.frequency)
		}
		by[t.frequency] = append(by[t.frequency], t)
		all.take(t, point, 0, o.Horizon, true)
		r.BothZeros += t.zeros
		if t.flat {
			r.Flat++
		}
	}
	r.Overall = Overall{MASE: all.mase.mean(), SMAPE: all.smape.mean(), Coverage80: all.in80.mean(), Coverage95: all.in95.mean(), Series: all.series}
	slices.SortFunc(frequencies, func(a, b schema.Frequency) int { return cmp.Compare(a.PerYear(), b.PerYear()) })
	for _, f := range frequencies {
		for i, k := range o.Methods {
			for h := range o.Horizon + 1 { // 0: all horizons
				from, to := h-1, h
				if h == 0 {
					from, to = 0, o.Horizon
				}
				var s sums
				for _, t := range by[f] {
					s.take(t, i, from, to, i == point)
				}
				r.Rows = append(r.Rows, Row{k, f, h, s.mase.mean(), s.smape.mean(), s.in80.mean(), s.in95.mean(), s.series})
			}
		}
	}
	return r
}
