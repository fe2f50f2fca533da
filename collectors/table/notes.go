package table

import (
	"cmp"
	"path"
	"strings"

	"yardstick/collectors/table/numfmt"
	"yardstick/collectors/table/refusal"
	"yardstick/schema"
	"yardstick/schema/words"
)

// note tells something about a cell, a sheet or the file; it is no problem.
func (r *fileReader) note(sheet string, c Cell, code string, args ...any) {
	n := schema.Problem{Code: code, File: r.file.Name, Sheet: sheet, Line: c.Line, Column: c.Column, Cell: c.Name(), Written: Excerpt(c.Text),
		Text: words.Say(code, append(args, "sheet", sheet, "cell", c.Name(), "line", c.Line)...)}
	r.file.Notes = append(r.file.Notes, n)
}

// noteText tells what was found out about a text file.
func (r *fileReader) noteText(t *Table) {
	r.noteFile()
	if t.Quote == '\'' || t.Escape == '\\' || t.Delimiter == '|' {
		r.note("", Cell{}, refusal.NoteDialect, "delimiter", delimiterName(t.Delimiter), "quote", string(t.Quote),
			"escape", string(t.Escape)+string(t.Quote))
	}
	if t.LineEnds == "mixed" {
		r.note("", Cell{}, refusal.NoteLineEnds)
	}
	if t.Ragged > 0 {
		r.note("", Cell{Line: t.raggedLine, Row: t.raggedLine}, refusal.NoteRagged, "n", t.Ragged, "common", t.Common)
	}
}

// noteFile tells of the archive and of a name that says another format.
func (r *fileReader) noteFile() {
	if r.file.Inner != "" {
		r.note("", Cell{}, refusal.NoteInner, "inner", Excerpt(r.file.Inner))
	}
	claims := map[string]string{".csv": "csv", ".txt": "csv", ".tsv": "csv", ".xlsx": "xlsx", ".xlsm": "xlsx", ".xls": "xls", ".et": "xls",
		".htm": "html", ".html": "html"}
	if extension := strings.ToLower(path.Ext(cmp.Or(r.file.Inner, r.file.Name))); claims[extension] != "" && claims[extension] != r.file.Format {
		r.note("", Cell{}, refusal.NoteName, "extension", extension, "format", strings.ToUpper(r.file.Format))
	}
}

func delimiterName(b byte) schema.Text {
	switch b {
	case 0:
		return words.Say("delimiter-none")
	case '\t':
		return words.Say("delimiter-tab")
	}
	return schema.Same(string(b))
}

// tallies count what a sheet holds that a sender should know of; each keeps
// the first place.
type tallies struct {
	formulas, uncalculated, errors, rounded, scaled, hiddenRows tallyOf
}

type tallyOf struct {
	n     int
	first Cell
}

func (t *tallyOf) add(c Cell) {
	if t.n++; t.n == 1 {
		t.first = c
	}
}

// uncalculated stands where a formula was saved without its result: the error
// a spreadsheet has for it.
const uncalculated = "#CALC!"

// see counts a row.
func (t *tallies) see(row *Row) {
	if row.Hidden && !row.Blank() {
		t.hiddenRows.add(row.Cell(0))
	}
	for i, a := range row.abouts {
		c := Cell{Text: row.Texts[i], Line: row.Line, Row: row.Number, Column: i + 1}
		if a.Formula {
			t.formulas.add(c)
		}
		switch {
		case a.Kind == numfmt.KindError && a.Formula && c.Text == uncalculated:
			t.uncalculated.add(c)
		case a.Kind == numfmt.KindError:
			t.errors.add(c)
		case a.Scaled:
			t.scaled.add(c)
		case a.Rounded(c.Text):
			t.rounded.add(c)
		}
	}
}

// noteSheet tells what was counted on a sheet.
func (r *fileReader) noteSheet(t *Table, counted tallies) {
	if t.Hidden {
		r.note(t.Sheet, Cell{}, refusal.NoteSheetHidden)
	}
	for _, one := range []struct {
		tally tallyOf
		code  string
	}{
		{counted.hiddenRows, refusal.NoteRowsHidden}, {counted.formulas, refusal.NoteFormula}, {counted.uncalculated, refusal.NoteUncalculated},
		{counted.errors, refusal.NoteErrors}, {counted.rounded, refusal.NoteRounded}, {counted.scaled, refusal.NoteScaled},
	} {
		if one.tally.n > 0 {
			r.note(t.Sheet, one.tally.first, one.code, "n", one.tally.n, "written", Excerpt(one.tally.first.Text))
		}
	}
	if len(t.HiddenColumns) > 0 && t.HiddenColumns[0].First <= t.Widest {
		r.note(t.Sheet, Cell{}, refusal.NoteColumnHidden, "columns", spans(t.HiddenColumns, t.Widest))
	}
	if len(t.Merges) > 0 {
		m := t.Merges[0]
		r.note(t.Sheet, Cell{Line: m.FirstRow, Row: m.FirstRow, Column: m.FirstColumn}, refusal.NoteMerged, "n", len(t.Merges))
	}
}

func spans(all []Span, widest int) string {
	var out []string
	for _, s := range all {
		if s.First > widest || len(out) == 20 {
			break
		}
		if last := min(s.Last, widest); last > s.First {
			out = append(out, ColumnName(s.First)+"–"+ColumnName(last))
		} else {
			out = append(out, ColumnName(s.First))
		}
	}
	return strings.Join(out, ", ")
}
