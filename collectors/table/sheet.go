package table

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"yardstick/collectors/table/numfmt"
	"yardstick/collectors/table/ooxml"
	"yardstick/collectors/table/refusal"
	"yardstick/collectors/table/runs"
	"yardstick/schema"
)

// sheetRows is a worksheet while its rows are streamed.
type sheetRows struct {
	*ooxml.Part
	book *workbook
	row  Row
	read int // number of the last row element

	scratch  []byte
	noZeros  bool // the sheet shows no zeros
	noHeight bool // it hides the rows that do not say otherwise

	// What the walk finds beside the rows.
	dimension Merge // as the sheet says; zero when it does not
	elements  int   // cell elements, empty ones included
	merges    []Merge
	hidden    []Span
}

// table walks a sheet once, to see that it can be read and what is to be told:
// with short, how far the sheet says it reaches when less was read.
func (b *workbook) table(ctx context.Context, s sheetPart, found tallies, cells *int, hold *holder) (t *Table, short string, err error) {
	t = &Table{File: b.file, Sheet: s.name, Hidden: s.hidden}
	t.open = func(ctx context.Context) rows { return spaced((&sheetRows{book: b}).filled(ctx, s)) }
	sheet := &sheetRows{book: b}
	err = t.measure(ctx, spaced(sheet.filled(ctx, s)), cells, b.limits, func(row *Row) {
		found.see(row)
		hold.add(row)
	})
	if err != nil {
		return nil, "", err
	}
	t.holds(hold)
	t.Merges, t.HiddenColumns = sheet.merges, sheet.hidden
	switch d := sheet.dimension; {
	case d.LastRow <= 1 && d.LastColumn <= 1:
	case sheet.elements == 0:
		return nil, "", faultAt(refusal.SheetUnread, 0, 0, "said", d.end())
	case d.LastRow > sheet.read && d.LastRow > t.Records:
		short = d.end()
	}
	return t, short, nil
}

// end is the last cell of an area: H50.
func (m Merge) end() string { return schema.ColumnName(m.LastColumn) + strconv.Itoa(m.LastRow) }

// filled gives the rows that hold anything.
func (s *sheetRows) filled(ctx context.Context, sheet sheetPart) rows {
	return func(yield func(*Row, error) bool) {
		p, err := s.book.Part(sheet.part, mostSheetXML)
		if err != nil {
			yield(nil, fmt.Errorf("opening the sheet %s: %w", sheet.name, ooxml.Unexpected(err)))
			return
		}
		defer p.Close()
		s.Part = p
		ended := false
		for n := 0; ; n++ {
			if n%1024 == 0 && ctx.Err() != nil {
				yield(nil, ctx.Err())
				return
			}
			t, err := s.Next()
			if ended && errors.Is(err, io.EOF) {
				return
			}
			switch e := t.(type) {
			case xml.StartElement:
				if e.Name.Local != "row" {
					err = s.aside(e)
				} else if err = s.readRow(ctx, e); err == nil && s.row.holds() && !yield(&s.row, nil) {
					return
				}
			case xml.EndElement:
				ended = ended || e.Name.Local == "worksheet"
			}
			if err != nil {
				yield(nil, ooxml.Unexpected(err))
				return
			}
		}
	}
}

// aside takes what stands beside the rows.
func (s *sheetRows) aside(e xml.StartElement) error {
	switch e.Name.Local {
	case "sheetView":
		s.noZeros = ooxml.Attr(e, "showZeros") != "" && !ooxml.Truth(ooxml.Attr(e, "showZeros"))
	case "sheetFormatPr":
		s.noHeight = ooxml.Truth(ooxml.Attr(e, "zeroHeight"))
	case "dimension":
		s.dimension, _ = area(ooxml.Attr(e, "ref"))
	case "mergeCell":
		m, ok := area(ooxml.Attr(e, "ref"))
		if !ok || len(s.merges) >= mostMerges {
			return faultAt(refusal.SheetOutside, 0, 0, "written", Excerpt(ooxml.Attr(e, "ref")))
		}
		s.merges = append(s.merges, m)
	case "col":
		first, _ := strconv.Atoi(ooxml.Attr(e, "min"))
		last, _ := strconv.Atoi(ooxml.Attr(e, "max"))
		unseen := ooxml.Truth(ooxml.Attr(e, "hidden")) || runs.Below(ooxml.Attr(e, "width"), runs.LeastWidth)
		if unseen && first > 0 && last >= first && len(s.hidden) < lastColumn {
			s.hidden = append(s.hidden, Span{first, min(last, lastColumn)})
		}
	}
	return nil
}

// readRow reads a row whose start was read; only its filled cells widen it.
func (s *sheetRows) readRow(ctx context.Context, e xml.StartElement) error {
	number := s.read + 1
	if r := ooxml.Attr(e, "r"); r != "" {
		n, err := strconv.Atoi(r)
		if err != nil || n <= s.read || n > lastRow {
			return faultAt(refusal.SheetOutside, max(n, 0), 0, "written", Excerpt(r))
		}
		number = n
	} else if number > lastRow {
		return faultAt(refusal.SheetOutside, number, 0, "written", "")
	}
	s.read = number
	s.row.begin(number)
	hidden, height := ooxml.Attr(e, "hidden"), ooxml.Attr(e, "ht")
	s.row.Hidden = ooxml.Truth(hidden) || runs.Below(height, runs.LeastHeight) || s.noHeight && hidden+height == ""
	size := 0
	for column := 0; ; {
		t, err := s.Next()
		if err != nil {
			return ooxml.Unexpected(err)
		}
		switch e := t.(type) {
		case xml.EndElement:
			if e.Name.Local == "row" {
				return nil
			}
		case xml.StartElement:
			if e.Name.Local != "c" {
				continue
			}
			if s.elements++; s.elements%4096 == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			column++
			if ref := ooxml.Attr(e, "r"); ref != "" {
				c, r, ok := reference(ref)
				if !ok || r != number {
					return faultAt(refusal.SheetOutside, number, max(0, min(c, lastColumn)), "written", Excerpt(ref))
				}
				column = c
			}
			if column > min(lastColumn, s.book.limits.Columns) {
				return faultAt(refusal.TooManyColumns, number, column, "limit", min(lastColumn, s.book.limits.Columns))
			}
			text, a, err := s.readCell(e, number, column)
			if err != nil {
				return err
			}
			if size += len(text); size > s.book.limits.Row {
				return faultAt(refusal.RowTooLong, number, column, "limit", s.book.limits.Row)
			}
			if text != "" || a.Why != numfmt.Agrees {
				s.row.put(column, text, a)
			}
		}
	}
}

// readCell reads a cell whose start was read: its value, and whether a formula
// made it.
func (s *sheetRows) readCell(e xml.StartElement, row, column int) (string, numfmt.About, error) {
	kind := ooxml.Attr(e, "t")
	style, _ := strconv.Atoi(ooxml.Attr(e, "s")) // else the first
	s.scratch = s.scratch[:0]
	var inline runs.Runs
	formula, valued, in := false, false, false
	for done := false; !done; {
		t, err := s.Next()
		if err != nil {
			return "", numfmt.About{}, ooxml.Unexpected(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "v":
				in, valued = true, true
			case "f":
				formula = true
			case "is":
				if inline, err = s.RichText(s.book.limits.Field); err != nil {
					return "", numfmt.About{}, err
				}
			}
		case xml.EndElement:
			in = in && t.Name.Local != "v"
			done = t.Name.Local == "c"
		case xml.CharData:
			if in {
				s.scratch = append(s.scratch, t...)
			}
			if len(s.scratch) > s.book.limits.Field {
				return "", numfmt.About{}, faultAt(refusal.FieldTooLong, row, column, "limit", s.book.limits.Field)
			}
		}
	}
	value := string(s.scratch)
	if formula && (!valued || value == "" && kind != "str") {
		return "", numfmt.About{Formula: true, Decimals: -1, Why: numfmt.Uncalculated}, nil
	}
	text, a, err := s.value(kind, value, inline, style, row, column)
	switch a.Formula = formula; {
	case formula && s.book.stale(kind, value):
		a.Why, a.Shown, a.Bare = numfmt.Uncalculated, "", ""
	case formula && text == "" && kind == "str":
		a.Why = numfmt.FormulaEmpty
	}
	return text, a, err
}

// stale reports whether a formula's stored result is none: the workbook says that all
// are to be worked out when it is opened, so that no spreadsheet has saved it since;
// and it was changed after one had, or this is what programs put where they work
// nothing out.
func (b *workbook) stale(kind, value string) bool {
	if !b.anew || kind == "e" {
		return false
	}
	n, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	return b.kept || strings.TrimSpace(value) == "" || err == nil && n == 0
}

// value makes the text of a cell from what is stored.
func (s *sheetRows) value(kind, stored string, inline runs.Runs, at, row, column int) (string, numfmt.About, error) {
	var style runs.Style
	if at >= 0 && at < len(s.book.Styles) {
		style = s.book.Styles[at]
	}
	a := numfmt.About{Decimals: -1}
	bad := func() (string, numfmt.About, error) {
		return "", a, faultAt(refusal.SheetOutside, row, column, "written", Excerpt(stored))
	}
	told := func(text string, r runs.Runs) (string, numfmt.About, error) {
		style.Words(text, r, &a)
		return text, a, nil
	}
	switch kind {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(stored))
		if stored == "" {
			return "", a, nil
		}
		if err != nil || i < 0 || i >= len(s.book.Texts) {
			return bad()
		}
		return told(s.book.Texts[i], s.book.Rich[i])
	case "inlineStr":
		return told(inline.Text(), inline)
	case "str":
		return told(ooxml.Unescape(stored), nil)
	case "b":
		a.Kind = numfmt.KindBool
		if ooxml.Truth(stored) {
			return "TRUE", a, nil
		}
		return "FALSE", a, nil
	case "e":
		a.Kind, a.Why, a.Shown = numfmt.KindError, numfmt.ErrorValue, stored
		return stored, a, nil
	case "d":
		text, ok := isoDate(stored)
		if !ok {
			return bad()
		}
		if a.Kind, a.Shows = numfmt.KindDate, numfmt.ShowsDay; text != stored {
			a.Stored = stored
		}
		style.See(text, &a)
		return text, a, nil
	}
	if stored = strings.TrimSpace(stored); stored == "" {
		return "", a, nil
	}
	number, err := strconv.ParseFloat(stored, 64)
	if err != nil || number != number || number > 1e300 || number < -1e300 || strings.ContainsAny(stored, "xXpP_") {
		return bad()
	}
	text, a := style.Number(number, s.book.date1904, !s.noZeros)
	if plainLong(stored) && a.Kind == numfmt.KindNumber && !a.Percent && a.Why == numfmt.Agrees {
		return stored, numfmt.About{Kind: numfmt.KindNumber, Decimals: a.Decimals}, nil
	}
	return text, a, nil
}

// isoDate is the day of a date stored as text.
func isoDate(stored string) (day string, ok bool) {
	for _, layout := range []string{time.DateOnly, "2006-01-02T15:04:05", "2006-01-02T15:04:05.999", time.RFC3339} {
		if when, err := time.Parse(layout, stored); err == nil {
			return when.Format(time.DateOnly), true
		}
	}
	return "", false
}

// plainLong reports a whole number of more digits than a float holds.
func plainLong(stored string) bool {
	digits := strings.TrimPrefix(stored, "-")
	return len(digits) > numfmt.Precision && len(digits) <= 60 && strings.Trim(digits, "0123456789") == ""
}

// area reads A1:H50, or A1.
func area(ref string) (Merge, bool) {
	from, to, two := strings.Cut(ref, ":")
	if !two {
		to = from
	}
	c1, r1, ok1 := reference(from)
	c2, r2, ok2 := reference(to)
	if !ok1 || !ok2 || c2 < c1 || r2 < r1 {
		return Merge{}, false
	}
	return Merge{r1, r2, c1, c2}, true
}

// reference reads D7 (column 4, row 7); ok is false outside a sheet.
func reference(ref string) (column, row int, ok bool) {
	i := 0
	for ; i < len(ref) && i < 4; i++ {
		c := ref[i] &^ 0x20
		if c < 'A' || c > 'Z' {
			break
		}
		column = column*26 + int(c-'A') + 1
	}
	row, err := strconv.Atoi(ref[i:])
	return column, row, err == nil && column > 0 && column <= lastColumn && row > 0 && row <= lastRow
}
