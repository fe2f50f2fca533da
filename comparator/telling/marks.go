package telling

import (
	"yardstick/schema"
	"yardstick/schema/figure"
	"yardstick/schema/words"
)

// Timeless reports whether the kind is judged without a line of time.
func Timeless(k schema.Kind) bool { return k.Limit() || k == schema.Cadence || k == schema.Range }

// StatusMarks stand beside the status.
func (f Voice) StatusMarks(v schema.Verdict) []string {
	var out []string
	add := func(on bool, id string, args ...any) {
		if on {
			out = append(out, f.T(id, args...))
		}
	}
	m := v.Marks
	add(m.ReachedLate, "board-mark-late")
	add(m.AwaitingFinal, "board-mark-awaiting")
	add(m.LateCadence, "board-mark-cadence")
	add(m.ReadingUnconfirmed, "board-mark-reading")
	add(v.Breaches > 0, "board-mark-breaches", "n", v.Breaches)
	add(!v.LostOn.IsZero(), "board-mark-lost", "day", v.LostOn)
	add(len(v.Missing) > 0, "board-mark-missing", "n", len(v.Missing))
	return out
}

// FigureBits stand next to the figure: its period, and whether it is not
// final, old or made up.
func (f Voice) FigureBits(v schema.Verdict, period string) []string {
	var out []string
	if period != "" {
		out = append(out, period)
	}
	if v.Marks.Provisional {
		out = append(out, f.T("board-mark-provisional"))
	}
	if v.Marks.Stale {
		id := "board-mark-stale"
		if v.Marks.StaleDays > 0 {
			id = "board-mark-stale-days"
		}
		out = append(out, f.T(id, "days", figure.Days(v.Marks.StaleDays)))
	}
	if v.Marks.Synthetic {
		out = append(out, f.T("board-mark-synthetic"))
	}
	return out
}

// NotJudged is shown for a target nothing has been said of yet.
func NotJudged(p schema.Policy, t schema.Target, asOf schema.Date) schema.Verdict {
	return schema.Verdict{
		Policy: p.ID, Target: t.ID, Region: t.Region, AsOf: asOf, Status: schema.NoData, Reason: schema.Reason{Text: words.Say("board-not-judged")},
		Clause: t.Clause, Kind: t.Kind, Direction: t.Direction, Unit: t.Unit, TargetValue: t.Value,
		Baseline: t.Baseline, BaselineDate: t.BaselineDate, Deadline: t.Deadline, Thresholds: t.Thresholds,
	}
}
