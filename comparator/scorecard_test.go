package comparator_test

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"yardstick/comparator"
	"yardstick/schema"
)

// told is a verdict with a chance, and a pace if it is not below zero.
func told(target, asOf string, month int, chance, pace float64) schema.Verdict {
	v := schema.Verdict{Policy: "p", Target: target, Region: city, AsOf: day(asOf), Kind: schema.Level, Direction: schema.Up, Deadline: day("2025-12-31"),
		Period: schema.Month(2025, 1).Add(month - 1), Status: schema.AtRisk, Rule: "6 chance", Chance: &chance, Thresholds: schema.DefaultThresholds()}
	if pace >= 0 {
		v.Pace = &pace
	}
	return v
}

func outcome(target string, s schema.Status, rule string) schema.Verdict {
	return schema.Verdict{Policy: "p", Target: target, Region: city, AsOf: day("2026-02-20"), Kind: schema.Level, Direction: schema.Up, Deadline: day("2025-12-31"), Status: s, Rule: rule}
}

func TestTheScorecardByHand(t *testing.T) {
	history := []schema.Verdict{
		told("a", "2025-04-15", 3, .9, 1.0),
		told("a", "2025-04-16", 3, .1, 0.2), // the same figure judged again counts once
		told("a", "2025-05-15", 4, .8, 0.7),
		told("b", "2025-05-15", 4, .3, 0.5),
		told("b", "2025-06-15", 5, .6, 0.96),
		told("c", "2025-06-15", 5, .85, -1),
		told("d", "2025-06-15", 5, .5, 1), // not settled
		told("a", "2026-01-05", 11, .99, 1),
	}
	last := []schema.Verdict{
		outcome("a", schema.Achieved, "3 deadline"), outcome("b", schema.Missed, "3 deadline"), outcome("c", schema.Missed, "3 deadline"),
		outcome("d", schema.Achieved, "4 achieved"), // a level that is met may be lost again
	}
	s := comparator.ScoreForecasts(history, last)
	if s.Targets != 3 || s.Reached != 1 || s.Waiting != 1 || s.Forecasts != 5 || s.PaceN != 4 {
		t.Fatalf("%+v", s)
	}
	// (.9-1)² + (.8-1)² + .3² + .6² + .85² = .01 + .04 + .09 + .36 + .7225 = 1.2225
	wantNumber(t, "brier", s.Brier, 1.2225, 5)
	// Pace says on track (1), at risk (.5), lagging (0), on track (1): 0 + .25 + 0 + 1 = 1.25; the chances of those four: .5.
	wantNumber(t, "pace", s.PaceBrier, 1.25, 4)
	wantNumber(t, "chances of those with a pace", s.PacedBy, .5, 4)
	// Two forecasts of five were of what was reached: 2·.6² + 3·.4² = 1.2.
	wantNumber(t, "base", s.BaseBrier, 1.2, 5)
	wantNumber(t, "skill", s.Skill, 1.2-1.2225, 1.2)
	want := []comparator.Band{{schema.OnTrack, 3, 2, 2, 1}, {schema.AtRisk, 1, 0, 1, 1}, {schema.Lagging, 1, 0, 1, 0}}
	if !reflect.DeepEqual(s.Bands, want) {
		t.Errorf("bands %+v, want %+v", s.Bands, want)
	}
	if len(s.Bins) != 4 || s.Bins[0].From != .3 || s.Bins[2].Told != 2 || s.Bins[2].From != .8 || s.Bins[2].Reached != 1 || s.Bins[2].Mean != (.8+.85)/2 || s.Bins[3].To != 1 {
		t.Errorf("bins %+v", s.Bins)
	}
}

func TestACountThatReachedItsTargetIsSettledBeforeTheDeadline(t *testing.T) {
	v := outcome("a", schema.Achieved, "4 achieved")
	v.Kind = schema.Added
	if s := comparator.ScoreForecasts([]schema.Verdict{told("a", "2025-04-15", 3, .9, 1)}, []schema.Verdict{v}); s.Forecasts != 1 || s.Reached != 1 || s.Skill != nil {
		t.Errorf("%+v", s)
	}
	if s := comparator.ScoreForecasts(nil, nil); s.Brier != nil || s.Forecasts != 0 || s.Bins != nil {
		t.Errorf("without history: %+v", s)
	}
}

// TestAnHonestForecasterIsFoundCalibrated: outcomes drawn with the very chances
// told give shares near them and a Brier score near the mean of p(1-p).
func TestAnHonestForecasterIsFoundCalibrated(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 10))
	var history, last []schema.Verdict
	mean := 0.0
	const n = 20000
	for i := range n {
		p := r.Float64()
		mean += p * (1 - p) / n
		id := itoa(i)
		history = append(history, told(id, "2025-04-15", 3, p, -1))
		s := schema.Missed
		if r.Float64() < p {
			s = schema.Achieved
		}
		last = append(last, outcome(id, s, "3 deadline"))
	}
	s := comparator.ScoreForecasts(history, last)
	if d := *s.Brier - mean; d > .005 || d < -.005 {
		t.Errorf("Brier %g, the chances give %g", *s.Brier, mean)
	}
	if *s.Skill < .3 {
		t.Errorf("skill %g", *s.Skill)
	}
	for _, b := range s.Bins {
		if d := b.Share - b.Mean; d > .04 || d < -.04 {
			t.Errorf("%+v", b)
		}
	}
	r.Shuffle(n, func(i, j int) { history[i], history[j] = history[j], history[i] })
	if again := comparator.ScoreForecasts(history, last); !reflect.DeepEqual(s.Bands, again.Bands) || s.Forecasts != again.Forecasts {
		t.Error("the order of the history matters")
	}
}
