package table

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"yardstick/collectors/table/biff"
	"yardstick/collectors/table/numfmt"
	"yardstick/collectors/table/refusal"
	"yardstick/collectors/table/runs"
)

// sheetOf is a sheet of an old workbook while it is read.
type sheetOf struct {
	*oldBook
	rows    map[int]*gridRow
	table   *Table
	pending *gridCell  // a formula's cell whose text comes in the next STRING
	style   runs.Style // of that cell
	said    Merge      // as DIMENSIONS says
	cells   int        // cell records, blank ones included
	noZeros bool       // the sheet shows no zeros
}

// table reads a sheet.
func (b *oldBook) table(ctx context.Context, s sheetPart, found tallies) (*Table, error) {
	t := &Table{File: b.file, Sheet: s.name, Hidden: s.hidden}
	sheet := &sheetOf{oldBook: b, rows: map[int]*gridRow{}, table: t}
	if err := sheet.walk(ctx, int(s.offset)); err != nil {
		return nil, err
	}
	if sheet.cells == 0 && (sheet.said.LastRow > 1 || sheet.said.LastColumn > 1) {
		return nil, faultAt(refusal.SheetUnread, 0, 0, "said", sheet.said.end())
	}
	rows, err := sheet.sorted()
	if err != nil {
		return nil, err
	}
	return t, t.grid(ctx, rows, found, b.limits)
}

// sorted gives the filled rows in order; two values in one cell are damage.
func (s *sheetOf) sorted() ([]gridRow, error) {
	out := make([]gridRow, 0, len(s.rows))
	for _, row := range s.rows {
		filled := false
		row.cells = slices.DeleteFunc(row.cells, func(c gridCell) bool { return c.text == "" && c.about.Why == numfmt.Agrees && !c.about.Formula })
		slices.SortStableFunc(row.cells, func(a, b gridCell) int { return a.column - b.column })
		for i := range row.cells {
			c := &row.cells[i]
			if i > 0 && c.column == row.cells[i-1].column {
				return nil, errXLS
			}
			s.finish(c)
			filled = filled || c.about.Why != numfmt.FormulaEmpty
		}
		if filled {
			out = append(out, *row)
		}
	}
	slices.SortFunc(out, func(a, b gridRow) int { return a.number - b.number })
	return out, nil
}

// finish says of a cell what only the end of the sheet tells.
func (s *sheetOf) finish(c *gridCell) {
	switch {
	case c.text == "" && c.about.Why == numfmt.Agrees:
		c.about.Why = numfmt.FormulaEmpty
	case s.noZeros && c.about.Kind == numfmt.KindNumber && strings.Trim(c.text, "0.%") == "":
		c.about.Why, c.about.Shown, c.about.Bare = numfmt.FormatHides, "", ""
	}
}

// walk reads the records of the sheet; charts within it are passed over.
func (s *sheetOf) walk(ctx context.Context, at int) error {
	for depth, n := 0, 0; ; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		kind, data, next, err := s.record(at)
		if err != nil {
			return err
		}
		at = next
		switch {
		case kind == recBOF:
			if depth++; depth > 8 {
				return errXLS
			}
		case depth == 0:
			return errXLS
		case kind == recEOF:
			if depth--; depth == 0 {
				return nil
			}
		case depth == 1:
			seg := &biff.Segments{Parts: [][]byte{data}}
			if kind == recString || kind == recLabel || kind == recRString {
				seg = s.segments(data, next)
			}
			if err := s.take(kind, len(data), seg); err != nil {
				return err
			}
			if seg.Failed {
				return errXLS
			}
		}
	}
}

// take reads one record of the sheet.
func (s *sheetOf) take(kind, size int, seg *biff.Segments) error {
	switch kind {
	case recDimensions:
		first, last, left, right := seg.U32(), seg.U32(), seg.U16(), seg.U16()
		if last > first && right > left && last <= 1<<16 && right <= 1<<8 {
			s.said = Merge{int(first) + 1, int(last), left + 1, right}
		} else if last > 1<<16 || right > 1<<8 {
			return faultAt(refusal.SheetOutside, 0, 0, "written", strconv.FormatUint(uint64(last), 10))
		}
	case recRow:
		row := seg.U16()
		seg.Skip(4)
		height := seg.U16() & 0x7fff // in twentieths of a point
		seg.Skip(4)
		if flags := seg.U32(); flags&0x20 != 0 || flags&0x40 != 0 && height < 20 { // 0x40: of its own
			s.row(row).hidden = true
		}
	case recWindow2:
		s.noZeros = seg.U16()&0x10 == 0
	case recColInfo:
		first, last, width := seg.U16(), seg.U16(), seg.U16()
		seg.Skip(2)
		if (seg.U16()&1 != 0 || width < 128) && last >= first && first < 1<<8 && len(s.table.HiddenColumns) < 1<<8 {
			s.table.HiddenColumns = append(s.table.HiddenColumns, Span{first + 1, min(last+1, 1<<8)})
		}
	case recMerged:
		for range seg.U16() {
			r1, r2, c1, c2 := seg.U16(), seg.U16(), seg.U16(), seg.U16()
			if seg.Failed || r2 < r1 || c2 < c1 || len(s.table.Merges) >= mostMerges {
				return errXLS
			}
			s.table.Merges = append(s.table.Merges, Merge{r1 + 1, r2 + 1, c1 + 1, c2 + 1})
		}
	case recString:
		if p := s.pending; p != nil {
			text, _ := seg.Text(seg.U16())
			p.text, s.pending = runs.Lines(text), nil
			s.style.Words(p.text, nil, &p.about)
		}
	case recMulRK:
		row, column := seg.U16(), seg.U16()
		for n := (size - 6) / 6; n > 0 && !seg.Failed; n-- {
			style := seg.U16()
			if err := s.number(row, column, style, biff.RK(seg.U32()), false); err != nil {
				return err
			}
			column++
		}
	case 0x00be, 0x0201: // blank cells with a style
		s.cells++
	case recRK, recNumber, recLabelSST, recLabel, recRString, recBoolErr, recFormula:
		return s.cell(kind, seg)
	}
	return nil
}

// cell reads a record of one cell.
func (s *sheetOf) cell(kind int, seg *biff.Segments) error {
	row, column, style := seg.U16(), seg.U16(), seg.U16()
	switch kind {
	case recRK:
		return s.number(row, column, style, biff.RK(seg.U32()), false)
	case recNumber:
		return s.number(row, column, style, math.Float64frombits(seg.U64()), false)
	case recLabelSST:
		i := seg.U32()
		if int64(i) >= int64(len(s.texts)) {
			return faultAt(refusal.SheetOutside, row+1, column+1, "written", strconv.FormatUint(uint64(i), 10))
		}
		return s.words(row, column, style, s.texts[i], s.rich[int(i)])
	case recLabel, recRString:
		text, changes := seg.Text(seg.U16())
		if kind == recRString {
			changes = seg.FontChanges(seg.U16())
		}
		return s.words(row, column, style, runs.Lines(text), s.runs(text, changes))
	case recBoolErr:
		value, isError := seg.U8(), seg.U8()
		return s.boolOrError(row, column, value, isError != 0, false)
	}
	result := seg.U64()
	const never = 2 // to be worked out when the file is opened
	if len(seg.Here()) > 1 && seg.U16()&never != 0 && (result == 0 || result>>48 == 0xffff && result&0xff == 3) {
		return s.put(row, column, "", numfmt.About{Formula: true, Decimals: -1, Why: numfmt.Uncalculated})
	}
	return s.formula(row, column, style, result)
}

func (s *sheetOf) words(row, column, style int, text string, r runs.Runs) error {
	a := numfmt.About{Decimals: -1}
	s.styleOf(style).Words(text, r, &a)
	return s.put(row, column, text, a)
}

// formula takes a formula's result, as it was saved.
func (s *sheetOf) formula(row, column, style int, result uint64) error {
	if result>>48 != 0xffff {
		return s.number(row, column, style, math.Float64frombits(result), true)
	}
	value := int(result >> 16 & 0xff)
	switch result & 0xff {
	case 0, 3: // the text comes next; none
		if err := s.put(row, column, "", numfmt.About{Formula: true, Decimals: -1}); err != nil {
			return err
		}
		if cells := s.row(row).cells; result&0xff == 0 {
			s.pending, s.style = &cells[len(cells)-1], s.styleOf(style)
		}
	case 1, 2:
		return s.boolOrError(row, column, value, result&0xff == 2, true)
	}
	return nil
}

func (s *sheetOf) boolOrError(row, column, value int, isError, formula bool) error {
	text, a := "FALSE", numfmt.About{Kind: numfmt.KindBool, Formula: formula, Decimals: -1}
	switch {
	case isError:
		text = biff.ErrorName(value)
		a.Kind, a.Why, a.Shown = numfmt.KindError, numfmt.ErrorValue, text
	case value != 0:
		text = "TRUE"
	}
	return s.put(row, column, text, a)
}

func (s *sheetOf) number(row, column, style int, value float64, formula bool) error {
	if math.IsNaN(value) || math.Abs(value) > 1e300 {
		return faultAt(refusal.SheetOutside, row+1, column+1, "written", "")
	}
	text, a := s.styleOf(style).Number(value, s.date1904, true)
	a.Formula = formula
	return s.put(row, column, text, a)
}

func (s *sheetOf) put(row, column int, text string, a numfmt.About) error {
	s.pending = nil
	s.cells++
	if column >= 1<<8 {
		return faultAt(refusal.SheetOutside, row+1, column+1, "written", Excerpt(text))
	}
	if s.oldBook.cells++; s.oldBook.cells > mostXLSCells {
		return faultAt(refusal.TooManyCells, row+1, column+1, "limit", mostXLSCells)
	}
	r := s.row(row)
	r.cells = append(r.cells, gridCell{column + 1, text, a})
	return nil
}

// row is the row of a number from 0.
func (s *sheetOf) row(n int) *gridRow {
	if s.rows[n] == nil {
		s.rows[n] = &gridRow{number: n + 1}
	}
	return s.rows[n]
}
