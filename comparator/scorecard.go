package comparator

import (
	"cmp"
	"maps"
	"slices"

	"yardstick/schema"
)

// Scorecard is how good the chances told so far turned out to be (预测成绩单).
// Only targets whose outcome is settled count, and of each target one chance a
// reference period, the first that was told for it: the same figure judged again
// tomorrow is no second forecast.
type Scorecard struct {
	Targets   int      `json:"targets"`     // with a settled outcome and a chance before it
	Reached   int      `json:"reached"`     // of those
	Waiting   int      `json:"waiting"`     // targets with a chance and no outcome yet
	Forecasts int      `json:"forecasts"`   // chances of settled targets
	Brier     *float64 `json:"brier"`       // mean of (chance - outcome)², outcome 1 reached and 0 missed; 0 is perfect
	PaceBrier *float64 `json:"pace_brier"`  // the same of pace alone, over the same verdicts as far as they have a pace
	PaceN     int      `json:"pace_n"`      // how many those are
	PacedBy   *float64 `json:"chance_of_n"` // Brier of the chances of just those
	BaseBrier *float64 `json:"base_brier"`  // of always telling the share that was reached
	Skill     *float64 `json:"skill"`       // 1 - Brier / BaseBrier; nil when all outcomes are alike
	Bands     []Band   `json:"bands"`       // by what was told: on track, at risk, lagging
	Bins      []Bin    `json:"bins"`        // calibration: ten bins of a tenth; empty ones left out
}

// Band is one word told and what came of it.
type Band struct {
	Status  schema.Status `json:"status"`
	Told    int           `json:"told"`    // by chance
	Reached int           `json:"reached"` // of those
	Pace    int           `json:"pace"`    // told by pace alone
	PaceMet int           `json:"pace_reached"`
}

// Bin is the forecasts whose chance lies from From to below To (to 1 inclusive
// in the last).
type Bin struct {
	From    float64 `json:"from"`
	To      float64 `json:"to"`
	Told    int     `json:"told"`
	Mean    float64 `json:"mean_chance"`
	Reached int     `json:"reached"`
	Share   float64 `json:"share_reached"`
}

// settled is the outcome of a scope, if its verdict has one: past the deadline
// (rule 3), or reached by a count, which cannot be lost again.
func settled(v schema.Verdict) (reached, ok bool) {
	switch {
	case v.Rule == ruleDeadline:
		return v.Status == schema.Achieved, true
	case v.Status == schema.Achieved && counted(v.Kind) && v.Direction == schema.Up:
		return true, true
	}
	return false, false
}

// ScoreForecasts scores the chances among told by the outcomes in last, the
// newest verdict of each scope. The order of told does not matter.
func ScoreForecasts(told, last []schema.Verdict) Scorecard {
	outcomes := map[schema.Scope]schema.Verdict{}
	for _, v := range last {
		if held, ok := outcomes[v.Scope()]; !ok || v.AsOf.After(held.AsOf) {
			outcomes[v.Scope()] = v
		}
	}
	var s Scorecard
	scopes, waiting := map[schema.Scope]bool{}, map[schema.Scope]bool{}
	var scored []scoredOne
	for _, v := range firstTold(told) {
		reached, ok := settled(outcomes[v.Scope()])
		if !ok {
			waiting[v.Scope()] = true
			continue
		}
		if !scopes[v.Scope()] {
			scopes[v.Scope()] = true
			s.Targets++
			if reached {
				s.Reached++
			}
		}
		scored = append(scored, scoredOne{v, reached})
	}
	s.Waiting, s.Forecasts = len(waiting), len(scored)
	s.count(scored)
	return s
}

// firstTold keeps, of each scope and reference period, the first chance told
// before the deadline, in a fixed order.
func firstTold(told []schema.Verdict) []schema.Verdict {
	type key struct {
		schema.Scope
		period schema.Period
	}
	first := map[key]schema.Verdict{}
	for _, v := range told {
		if v.Chance == nil || !v.Deadline.IsZero() && v.AsOf.After(v.Deadline) {
			continue
		}
		k := key{v.Scope(), v.Period}
		if held, ok := first[k]; !ok || v.AsOf.Before(held.AsOf) {
			first[k] = v
		}
	}
	return slices.SortedFunc(maps.Values(first), func(a, b schema.Verdict) int {
		return cmp.Or(cmp.Compare(a.Policy, b.Policy), cmp.Compare(a.Target, b.Target), cmp.Compare(a.Region, b.Region), a.Period.Compare(b.Period))
	})
}

// scoredOne is a chance with its outcome.
type scoredOne struct {
	schema.Verdict
	reached bool
}

func (o scoredOne) outcome() float64 {
	if o.reached {
		return 1
	}
	return 0
}

// byWord is the probability that the word pace alone says stands for: certain,
// even, impossible. Pace knows no other.
func byWord(s schema.Status) float64 {
	switch s {
	case schema.OnTrack:
		return 1
	case schema.AtRisk:
		return .5
	}
	return 0
}

// count fills the sums in.
func (s *Scorecard) count(scored []scoredOne) {
	if len(scored) == 0 {
		return
	}
	bands := []Band{{Status: schema.OnTrack}, {Status: schema.AtRisk}, {Status: schema.Lagging}}
	place := map[schema.Status]int{schema.OnTrack: 0, schema.AtRisk: 1, schema.Lagging: 2}
	bins := make([]Bin, 10)
	var all, paced, ofPaced, base, met float64
	for _, o := range scored {
		met += o.outcome()
	}
	share := met / float64(len(scored))
	for _, o := range scored {
		d := *o.Chance - o.outcome()
		all += d * d
		base += (share - o.outcome()) * (share - o.outcome())
		b := &bands[place[band(*o.Chance, o.Thresholds.ChanceOnTrack, o.Thresholds.ChanceAtRisk)]]
		b.Told++
		bin := &bins[min(int(*o.Chance*10), 9)]
		bin.Told++
		bin.Mean += *o.Chance
		if o.reached {
			b.Reached++
			bin.Reached++
		}
		if o.Pace == nil {
			continue
		}
		word := band(*o.Pace, o.Thresholds.PaceOnTrack, o.Thresholds.PaceAtRisk)
		p := &bands[place[word]]
		p.Pace++
		if o.reached {
			p.PaceMet++
		}
		s.PaceN++
		e := byWord(word) - o.outcome()
		paced += e * e
		ofPaced += d * d
	}
	n := float64(len(scored))
	s.Brier, s.BaseBrier, s.Bands = ptr(all/n), ptr(base/n), bands
	if s.PaceN > 0 {
		s.PaceBrier, s.PacedBy = ptr(paced/float64(s.PaceN)), ptr(ofPaced/float64(s.PaceN))
	}
	if base > 0 {
		s.Skill = ptr(1 - all/base)
	}
	for i, b := range bins {
		if b.Told > 0 {
			b.From, b.To = float64(i)/10, float64(i+1)/10
			b.Mean /= float64(b.Told)
			b.Share = float64(b.Reached) / float64(b.Told)
			s.Bins = append(s.Bins, b)
		}
	}
}
