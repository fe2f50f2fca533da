// Package exchange reads the formats that spreadsheets once exchanged tables in:
// SYLK (.slk) and DIF (.dif). Both are text, a record a line.
package exchange

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Cell is a cell of a sheet. Row and Column count from 1.
type Cell struct {
	Row, Column int
	Text        string // as stored: a number's digits, a text, #N/A, TRUE
	Kind        Kind
	Formula     bool
	Format      string // the code of its number format; "" where it has none
}

// Kind is what a cell holds.
type Kind uint8

// The kinds.
const (
	Text Kind = iota
	Number
	Bool
	Error
	Uncalculated // a formula without its result
)

// Sheet is a table as a file has it.
type Sheet struct {
	Cells  []Cell // as they come
	Hidden []int  // columns without width, from 1
}

// Damaged is what a file may not hold: a record that cannot be read, or an end
// that is missing.
type Damaged struct{ Line int }

func (d *Damaged) Error() string { return fmt.Sprintf("the record on line %d cannot be read", d.Line) }

// ErrMany is returned for a sheet of more cells than were allowed.
var ErrMany = errors.New("too many cells")

// Limits bound a sheet.
type Limits struct{ Rows, Columns, Cells, Line int }

// Named says which of the formats a text of this beginning is in: slk, dif, or ""
// for neither. A text with separators whose first cell is ID is no SYLK.
func Named(head []byte) string {
	lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(head)), "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	switch {
	case len(lines) < 3:
	case strings.HasPrefix(lines[0], "ID;P") && !strings.Contains(lines[0][len("ID;"):], ",") && isRecord(lines[1]):
		return "slk"
	case strings.EqualFold(lines[0], "TABLE") && lines[1] == "0,1" && strings.HasPrefix(lines[2], `"`):
		return "dif"
	}
	return ""
}

func isRecord(line string) bool {
	kind, _, found := strings.Cut(line, ";")
	return line == "E" || found && len(kind) <= 2 && kind != "" && kind == strings.ToUpper(kind) && strings.Trim(kind, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// lines walks the lines of a text: LF, CRLF and CR each end one.
type lines struct {
	r    *bufio.Reader
	n    int // of the last given
	most int // bytes of one
	ctx  context.Context
	buf  []byte
}

func newLines(ctx context.Context, r io.Reader, most int) *lines {
	return &lines{r: bufio.NewReaderSize(r, 1<<16), most: most, ctx: ctx}
}

// next gives the next line; io.EOF ends them.
func (l *lines) next() (string, error) {
	l.n++
	if l.n%1024 == 0 && l.ctx.Err() != nil {
		return "", l.ctx.Err()
	}
	for l.buf = l.buf[:0]; ; {
		b, err := l.r.ReadByte()
		switch {
		case errors.Is(err, io.EOF) && len(l.buf) > 0, err == nil && b == '\n':
			return string(bytes.TrimRight(l.buf, " ")), nil
		case err != nil:
			return "", err
		case b == '\r':
			if next, err := l.r.Peek(1); err == nil && next[0] == '\n' {
				continue
			}
			return string(bytes.TrimRight(l.buf, " ")), nil
		}
		if l.buf = append(l.buf, b); len(l.buf) > l.most {
			return "", &Damaged{l.n}
		}
	}
}

// must makes the end of the text within a sheet damage.
func (l *lines) must() (string, error) {
	text, err := l.next()
	if errors.Is(err, io.EOF) {
		err = &Damaged{l.n}
	}
	return text, err
}
