package web

import (
	"yardstick/schema"
	"yardstick/schema/words"
)

// Badge is a status as it is shown: a shape, a hue and a word, never one alone.
type Badge struct {
	Shape string // also the class that gives the hue
	Word  string
}

// BadgeOf words the verdict's status: a limit that is kept says so, and what
// has hardly begun is not called undated.
func (f *Frame) BadgeOf(v schema.Verdict) Badge {
	word := f.Say(v.Status.Label())
	switch {
	case v.Status == schema.OnTrack && Limit(v.Kind):
		word = f.T("board-within-limit")
	case v.Status == schema.Open && v.Marks.NotBegun:
		word = f.T("board-not-begun")
	}
	return Badge{string(v.Status), word}
}

// NotJudged is shown for a target nothing has been said of yet.
func NotJudged(p schema.Policy, t schema.Target, asOf schema.Date) schema.Verdict {
	return schema.Verdict{
		Policy: p.ID, Target: t.ID, Region: t.Region, AsOf: asOf, Status: schema.NoData, Reason: schema.Reason{Text: words.Say("board-not-judged")},
		Clause: t.Clause, Kind: t.Kind, Direction: t.Direction, Unit: t.Unit, TargetValue: t.Value,
		Baseline: t.Baseline, BaselineDate: t.BaselineDate, Deadline: t.Deadline, Thresholds: t.Thresholds,
	}
}

// Limit reports whether the kind is a bound that is kept, not reached.
func Limit(k schema.Kind) bool { return k == schema.Ceiling || k == schema.Floor }
