package targets

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"yardstick/schema"
	"yardstick/schema/words"
)

// Fault is something wrong in a register, where it stands, and what to do, in
// both languages. Line and Column count from 1; 0 is the file as a whole.
type Fault struct {
	File        string `json:"file"`
	Line        int    `json:"line"`
	Column      int    `json:"column"`
	schema.Text        // the sentence
}

// String is file:line:column: sentence, in both languages.
func (f Fault) String() string {
	return fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Column, f.All(" / "))
}

// FaultsError is every fault found in the registers that were read.
type FaultsError struct{ Faults []Fault }

// Error lists all faults, a line each.
func (e *FaultsError) Error() string {
	lines := make([]string, len(e.Faults))
	for i, f := range e.Faults {
		lines[i] = f.String()
	}
	return strings.Join(lines, "\n")
}

// faultList gathers faults; loading goes on after each.
type faultList struct{ all []Fault }

func (l *faultList) add(f Fault) { l.all = append(l.all, f) }

// sorted is the faults in reading order, each once.
func (l *faultList) sorted() []Fault {
	slices.SortStableFunc(l.all, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return slices.Compact(l.all)
}

// place is where something stands: a node of a file.
type place struct {
	file   *file
	node   *yaml.Node
	faults *faultList
}

// fault says sentence id about the place.
func (p place) fault(id string, args ...any) {
	f := Fault{File: p.file.name, Text: words.Say(id, args...)}
	if p.node != nil {
		f.Line, f.Column = p.node.Line, p.node.Column
	}
	p.faults.add(f)
}
