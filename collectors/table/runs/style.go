package runs

import (
	"strconv"
	"strings"

	"yardstick/collectors/table/numfmt"
)

// What is narrower or lower shows nothing: half a character, a point, letters of two
// points.
const (
	LeastWidth   = 0.5
	LeastHeight  = 1.0
	LeastLetters = 2
)

// Below reports a width or a height below the least that shows anything. What is no
// number is not below.
func Below(size string, least float64) bool {
	n, err := strconv.ParseFloat(strings.TrimRight(strings.TrimSpace(size), "ptxPTX%"), 64)
	return err == nil && n < least
}

// Style is what a workbook's style says of the cells that have it.
type Style struct {
	Format numfmt.Format
	Mark   Mark // of the whole cell's font
	Ground bool // it is filled with another colour than white
}

// Number makes a number the text of a cell; without zeros, a zero shows nothing.
func (s Style) Number(value float64, date1904, zeros bool) (string, numfmt.About) {
	f := s.Format
	if !zeros {
		f = f.WithoutZeros()
	}
	text, a := f.Value(value, date1904)
	s.See(text, &a)
	return text, a
}

// See lets the cell's font count, where it has a mark.
func (s Style) See(text string, a *numfmt.About) {
	if s.Mark != 0 {
		Runs{{Text: text}}.See(s.Mark, a)
	}
}

// Words says what is seen of a text; r is nil where it is of one piece.
func (s Style) Words(text string, r Runs, a *numfmt.About) {
	if a.Why, a.Shown = s.Format.Text(text); a.Why != numfmt.Agrees {
		return
	}
	if r != nil {
		r.On(s.Ground).See(s.Mark, a)
	} else {
		s.See(text, a)
	}
}

// Lines writes each line end within a cell as LF.
func Lines(text string) string {
	if !strings.Contains(text, "\r") {
		return text
	}
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}
