package account

import (
	"yardstick/schema"
	"yardstick/schema/words"
)

// Most bounds each list, so that a hostile or hopeless file cannot fill the
// memory; what goes beyond is counted and said.
const Most = 10_000

// Findings is everything that is wrong, open or left out in a file.
type Findings struct {
	Problems  []schema.Problem
	Questions []schema.Question
	Excluded  []schema.Problem
	Unmapped  []string // names the registers lack

	Whole   bool // something concerns every row: none is certain
	Dropped int  // rows that hold a problem and could not be taken further

	problems, LeftOut int // all of them
	Asked, lacking    map[string]bool
	told              map[schema.Problem]bool // with a cell
}

// Problem adds something wrong. What was said of a cell is not said again for
// every figure that the cell names.
func (f *Findings) Problem(p schema.Problem) {
	if p.Cell != "" {
		if f.told[p] {
			return
		}
		if f.told == nil {
			f.told = map[schema.Problem]bool{}
		}
		if len(f.told) < Most {
			f.told[p] = true
		}
	}
	if f.problems++; f.problems <= Most {
		f.Problems = append(f.Problems, p)
	}
}

// Ask adds something open. A question that was asked before under the same key
// is not asked again.
func (f *Findings) Ask(q schema.Question) {
	if once(&f.Asked, q.Key) {
		f.Questions = append(f.Questions, q)
	}
}

// once reports whether s is new to the set, which holds no more than most.
func once(set *map[string]bool, s string) bool {
	if *set == nil {
		*set = map[string]bool{}
	}
	if (*set)[s] || len(*set) >= Most {
		return false
	}
	(*set)[s] = true
	return true
}

// Exclude adds something left out.
func (f *Findings) Exclude(p schema.Problem) {
	if f.LeftOut++; f.LeftOut <= Most {
		f.Excluded = append(f.Excluded, p)
	}
}

// Lack adds a name that the registers lack, once.
func (f *Findings) Lack(name string) {
	if once(&f.lacking, name) {
		f.Unmapped = append(f.Unmapped, name)
	}
}

// Close says how many problems and left-out rows there were beyond those
// listed.
func (f *Findings) Close(file string) {
	if n := f.problems - Most; n > 0 && len(f.Problems) == Most {
		f.Problems = append(f.Problems, schema.Problem{Code: TooManyProblems, File: file, Text: words.Say("problem-"+TooManyProblems, "n", n)})
	}
	if n := f.LeftOut - Most; n > 0 && len(f.Excluded) == Most {
		f.Excluded = append(f.Excluded, schema.Problem{Code: TooManyProblems, File: file, Text: words.Say("excluded-too-many", "n", n)})
	}
}
