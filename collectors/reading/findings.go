package reading

import (
	"slices"

	"yardstick/schema"
	"yardstick/schema/words"
)

// most bounds each list, so that a hostile or hopeless file cannot fill the
// memory; what goes beyond is counted and said.
const most = 10_000

// Findings is everything that is wrong, open or left out in a file.
type Findings struct {
	Problems  []schema.Problem
	Questions []schema.Question
	Excluded  []schema.Problem
	Unmapped  []string // names the registers lack

	Whole   bool // something concerns every row: none is certain
	Dropped int  // rows that hold a problem and could not be taken further

	problems, excluded int // all of them
}

// Problem adds something wrong.
func (f *Findings) Problem(p schema.Problem) {
	if f.problems++; f.problems <= most {
		f.Problems = append(f.Problems, p)
	}
}

// Ask adds something open. A question that was asked before under the same key
// is not asked again.
func (f *Findings) Ask(q schema.Question) {
	for i := range f.Questions {
		if f.Questions[i].Key == q.Key {
			return
		}
	}
	if len(f.Questions) < most {
		f.Questions = append(f.Questions, q)
	}
}

// Exclude adds something left out.
func (f *Findings) Exclude(p schema.Problem) {
	if f.excluded++; f.excluded <= most {
		f.Excluded = append(f.Excluded, p)
	}
}

// Lack adds a name that the registers lack, once.
func (f *Findings) Lack(name string) {
	if len(f.Unmapped) < most && !slices.Contains(f.Unmapped, name) {
		f.Unmapped = append(f.Unmapped, name)
	}
}

// Close says how many problems and left-out rows there were beyond those
// listed.
func (f *Findings) Close(file string) {
	if n := f.problems - most; n > 0 && len(f.Problems) == most {
		f.Problems = append(f.Problems, schema.Problem{Code: TooManyProblems, File: file, Text: words.Say("problem-"+TooManyProblems, "n", n)})
	}
	if n := f.excluded - most; n > 0 && len(f.Excluded) == most {
		f.Excluded = append(f.Excluded, schema.Problem{Code: TooManyProblems, File: file, Text: words.Say("excluded-too-many", "n", n)})
	}
}
