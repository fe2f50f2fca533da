package table

import (
	"strings"

	"yardstick/collectors/table/numfmt"
	"yardstick/collectors/table/runs"
)

// cellStyle is what a workbook's style says of the cells that have it.
type cellStyle struct {
	format numfmt.Format
	mark   runs.Mark // of the whole cell's font
	ground bool      // it is filled with another colour than white
}

// number makes a number the text of a cell.
func (s cellStyle) number(value float64, date1904, zeros bool) (string, numfmt.About) {
	f := s.format
	if !zeros {
		f = f.WithoutZeros()
	}
	text, a := f.Value(value, date1904)
	s.seeing(text, &a)
	return text, a
}

// seeing lets the cell's font count, where it has a mark.
func (s cellStyle) seeing(text string, a *numfmt.About) {
	if s.mark != 0 {
		runs.Runs{{Text: text}}.See(s.mark, a)
	}
}

// words says what is seen of a text.
func (s cellStyle) words(text string, r runs.Runs, a *numfmt.About) {
	if a.Why, a.Shown = s.format.Text(text); a.Why != numfmt.Agrees {
		return
	}
	if r != nil {
		r.On(s.ground).See(s.mark, a)
	} else {
		s.seeing(text, a)
	}
}

// newLines writes each line end within a cell as LF.
func newLines(text string) string {
	if !strings.Contains(text, "\r") {
		return text
	}
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}
