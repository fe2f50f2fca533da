package figure

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
