package table

import (
	"cmp"
	"path"
	"strconv"
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
	if t.Quote == '\'' || t.Escape == '\\' || t.Delimiter == '|' || t.Delimiter == ' ' || t.Spaced {
		r.note("", Cell{}, refusal.NoteDialect, "delimiter", delimiterName(t.Delimiter), "quote", string(t.Quote),
			"escape", string(t.Escape)+string(t.Quote))
	}
	if t.LineEnds == "mixed" {
		r.note("", Cell{}, refusal.NoteLineEnds)
	}
	r.noteOther(refusal.NoteQuoteMended, t.mended)
	r.noteOther(refusal.NoteRowDivided, t.resplits)
	if t.Ragged > 0 {
		r.note("", Cell{Line: t.raggedLine, Row: t.raggedLine}, refusal.NoteRagged, "n", t.Ragged, "common", t.Common)
	}
}

// otherRows are rows that were read otherwise than they are written: how many, the
// first, and the lines of the first of them.
type otherRows struct {
	n     int
	first Cell
	lines []string
}

func (o *otherRows) add(text string, line, row int) {
	const most = 50
	switch o.n++; {
	case o.n == 1:
		o.first = Cell{Text: Excerpt(text), Line: line, Row: row, Column: 1}
		fallthrough
	case o.n <= most:
		o.lines = append(o.lines, strconv.Itoa(line))
	case o.n == most+1:
		o.lines = append(o.lines, "…")
	}
}

// noteOther tells of them.
func (r *fileReader) noteOther(code string, rows otherRows) {
	if rows.n > 0 {
		r.note("", rows.first, code, "n", rows.n, "lines", strings.Join(rows.lines, ", "), "written", rows.first.Text)
	}
}

// noteFile tells of the archive and of a name that says another format.
func (r *fileReader) noteFile() {
	if r.file.Inner != "" {
		r.note("", Cell{}, refusal.NoteInner, "inner", Excerpt(r.file.Inner))
	}
	claims := map[string]string{".csv": "csv", ".txt": "csv", ".tsv": "csv", ".xlsx": "xlsx", ".xlsm": "xlsx", ".xls": "xls", ".et": "xls",
		".htm": "html", ".html": "html", ".slk": "slk", ".dif": "dif"}
	if extension := strings.ToLower(path.Ext(cmp.Or(r.file.Inner, r.file.Name))); claims[extension] != "" && claims[extension] != r.file.Format {
		r.note("", Cell{}, refusal.NoteName, "extension", extension, "format", strings.ToUpper(r.file.Format))
	}
}

func delimiterName(b byte) schema.Text {
	switch b {
	case 0:
		return words.Say("delimiter-none")
	case ' ':
		return words.Say("delimiter-blank")
	case '\t':
		return words.Say("delimiter-tab")
	}
	return schema.Same(string(b))
}

// tallies count, by the codes of notes, what a sheet holds that a sender should
// know of; each keeps the first place.
type tallies map[string]*tally

type tally struct {
	n     int
	first Cell
}

func (t tallies) add(code string, c Cell) {
	if t[code] == nil {
		t[code] = &tally{first: c}
	}
	t[code].n++
}

// see counts a row.
func (t tallies) see(row *Row) {
	if row.Hidden && !row.Blank() {
		t.add(refusal.NoteRowsHidden, row.Cell(0))
	}
	for i, a := range row.abouts {
		c := Cell{Text: row.Texts[i], Line: row.Line, Row: row.Number, Column: i + 1}
		if a.Formula {
			t.add(refusal.NoteFormula, c)
		}
		switch {
		case a.Why == numfmt.Uncalculated:
			t.add(refusal.NoteUncalculated, c)
		case a.Kind == numfmt.KindError:
			t.add(refusal.NoteErrors, c)
		case a.Scaled:
			t.add(refusal.NoteScaled, c)
		case a.Rounded(c.Text):
			t.add(refusal.NoteRounded, c)
		}
	}
}

// noteSheet tells what was counted on a sheet.
func (r *fileReader) noteSheet(t *Table, counted tallies) {
	t.index()
	if t.Hidden {
		r.note(t.Sheet, Cell{}, refusal.NoteSheetHidden)
	}
	for _, code := range []string{refusal.NoteRowsHidden, refusal.NoteFormula, refusal.NoteUncalculated, refusal.NoteErrors,
		refusal.NoteRounded, refusal.NoteScaled} {
		if of := counted[code]; of != nil {
			r.note(t.Sheet, of.first, code, "n", of.n, "written", Excerpt(of.first.Text))
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
			out = append(out, schema.ColumnName(s.First)+"–"+schema.ColumnName(last))
		} else {
			out = append(out, schema.ColumnName(s.First))
		}
	}
	return strings.Join(out, ", ")
}
