package account

import (
	"slices"
	"strings"

	"yardstick/schema"
)

// A workbook has a sheet for each month or each place: what one sheet leaves out is asked
// of it alone, for an answer about one would be false of the next.

// Sheet is what is known of one sheet beside its cells, by the kinds of questions.
type Sheet struct {
	Keyed map[string]bool     // those whose keys bear the sheet's name
	Hints map[string][]string // what else may be answered
	Doubt map[string]bool     // those of which its name and its lines say different things
}

// sheetKinds are the kinds of questions that each sheet may answer otherwise.
const sheetKinds = "indicator region year period frequency basis unit"

// OfSheet parts the key of a question about one sheet: region@NAME.
func OfSheet(key string) (kind, sheet string, ok bool) {
	kind, sheet, ok = strings.Cut(key, schema.KeySheet)
	return kind, sheet, ok && sheet != "" && slices.Contains(strings.Fields(sheetKinds), kind)
}

// SheetKey is the key of a question about one sheet.
func SheetKey(kind, sheet string) string { return kind + schema.KeySheet + strings.TrimSpace(sheet) }

// SheetKinds are the kinds of questions that each sheet may answer otherwise.
func SheetKinds() []string { return strings.Fields(sheetKinds) }

// SheetFact names what is lacking or said of one sheet.
type SheetFact struct{ Sheet, Kind string }

// Lacks notes that a sheet leaves open what a question of the kind is about, with what
// may be answered.
func (f *Findings) Lacks(sheet, kind string, candidates []string) {
	if f.Lacking == nil {
		f.Lacking = map[SheetFact][]string{}
	}
	at := SheetFact{sheet, kind}
	if _, told := f.Lacking[at]; !told && len(f.Lacking) < Most {
		f.Lacking[at] = slices.Clone(candidates)
	}
}

// asked is the key and the candidates of a question as they are for this sheet.
func (r *Reader) asked(key string, candidates []string) (string, []string) {
	if !slices.Contains(SheetKinds(), key) {
		return key, candidates
	}
	r.Found.Lacks(r.Table.Sheet, key, candidates)
	for _, hint := range r.Options.Sheet.Hints[key] {
		if !slices.Contains(candidates, hint) {
			candidates = append(candidates, hint)
		}
	}
	if r.Options.Sheet.Keyed[key] {
		key = SheetKey(key, r.Table.Sheet)
	}
	return key, candidates
}

// Says are what a line above the table and an answer say, the one that goes first before
// the other. Where the sheet's name makes the line doubtful the answer alone counts.
func (r *Reader) Says(kind string, line Facet) []Facet {
	given := Facet{Text: r.Options.Given[kind]}
	if r.Options.Sheet.Doubt[kind] {
		return []Facet{given}
	}
	return []Facet{line, given}
}

// Took notes what was taken for all of a table, to be held against its sheet's name.
func (r *Reader) Took(kind string, at Facet) {
	if !at.Said() {
		return
	}
	if r.Found.Taken == nil {
		r.Found.Taken = map[SheetFact]string{}
	}
	if of := (SheetFact{r.Table.Sheet, kind}); len(r.Found.Taken) < Most && r.Found.Taken[of] == "" {
		r.Found.Taken[of] = at.Text
	}
}
