package figure

import (
	"yardstick/schema"
	"yardstick/schema/words"
)

// Promise says of the day an owner promised how far it is from day; without a
// promise it says that there is none. broken is true when the day is past and
// the target still stands no better than at risk; what was reached late is done.
func Promise(promised, day schema.Date, v schema.Verdict) (say schema.Text, broken bool) {
	left := promised.DaysSince(day)
	switch {
	case promised.IsZero():
		return words.Say("statement-no-promise"), false
	case left > 0:
		return words.Say("statement-left", "day", promised, "days", Days(left)), false
	case left == 0:
		return words.Say("statement-due-today", "day", promised), false
	case v.Status.Behind() && !v.Marks.ReachedLate:
		return words.Say("statement-broken", "day", promised, "days", Days(-left), "status", v.Status.Label()), true
	}
	return words.Say("statement-passed", "day", promised, "days", Days(-left)), false
}

// AfterDeadline says that the promised day comes after the target's own; ok is
// false when it does not.
func AfterDeadline(promised, deadline schema.Date) (say schema.Text, ok bool) {
	if promised.IsZero() || deadline.IsZero() || !promised.After(deadline) {
		return say, false
	}
	return words.Say("statement-after-deadline", "deadline", deadline, "days", Days(promised.DaysSince(deadline))), true
}

// GapOf is what a verdict's figure lacks to its target, with the unit, as lists
// show it; — where there is none.
func GapOf(v schema.Verdict, t schema.Target, ind schema.Indicator, lang string) string {
	if v.Value == nil || v.Gap == nil || v.Gap.Sign() == 0 || t.Kind == schema.Milestone {
		return "—"
	}
	scale := ScaleOf(ind, t.Unit, lang)
	shown, to := scale.Figure(*v.Value, v.Judged(), &t.Value), t.Value
	if t.Tolerance != nil { // to the bound
		to = v.Value.Add(*v.Gap)
	}
	gap := Join(scale.Gap(shown, to), scale.GapUnit)
	timeless := t.Kind == schema.Ceiling || t.Kind == schema.Floor || t.Kind == schema.Cadence || t.Kind == schema.Range
	switch {
	case v.Gap.Sign() > 0 && timeless:
		return words.Say("board-gap-over-limit").In(lang) + " " + gap
	case v.Gap.Sign() > 0:
		return gap
	case timeless:
		return words.Say("board-gap-room").In(lang) + " " + gap
	}
	return words.Say("board-gap-beyond").In(lang) + " " + gap
}

// SaidBy is who made a statement on the target, or took one back, for which
// office and when.
func SaidBy(s schema.Statement, t schema.Target) schema.Text {
	who := schema.Same(s.By)
	if s.Office != "" && s.Office == t.Office {
		who = words.Say("statement-who", "who", s.By, "owner", t.Owner)
	}
	if s.Withdrawn != "" {
		return words.Say("statement-back-at", "who", who, "day", s.Day)
	}
	return words.Say("statement-at", "who", who, "day", s.Day)
}

// Badge is a status as it is shown: a shape, a hue and a word, never one alone.
type Badge struct {
	Shape string // also the class that gives the hue
	Word  string
}

// BadgeOf words the verdict's status: a limit that is kept says so, and what
// has hardly begun is not called undated.
func BadgeOf(v schema.Verdict, lang string) Badge {
	word := v.Status.Label()
	switch {
	case v.Status == schema.OnTrack && v.Kind.Limit():
		word = words.Say("board-within-limit")
	case v.Status == schema.Open && v.Marks.NotBegun:
		word = words.Say("board-not-begun")
	}
	return Badge{Shape: string(v.Status), Word: word.In(lang)}
}
