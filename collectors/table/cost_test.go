package table

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// shape is how so many cells stand in a table: what a cell holds; "" for none.
type shape struct {
	name          string
	rows, columns func(cells int) int
	cell          func(row, column int) string
	merged        bool // every other pair of cells of the first rows
}

func shapes() []shape {
	number := func(row, column int) string { return fmt.Sprintf("%d.%d", row%97+column, row%10) }
	long := func(cells int) int { return cells / 6 }
	six := func(int) int { return 6 }
	return []shape{
		{"wide", func(int) int { return 6 }, func(cells int) int { return cells / 6 }, number, false},
		{"long", long, six, number, false},
		{"square", func(cells int) int { return int(math.Sqrt(float64(cells))) }, func(cells int) int { return int(math.Sqrt(float64(cells))) }, number, false},
		{"sparse", long, six, func(row, column int) string {
			if (row*7+column)%11 > 0 {
				return ""
			}
			return number(row, column)
		}, false},
		{"all text", long, six, func(row, column int) string { return fmt.Sprintf("名称%d，%d", row, column) }, false},
		{"all headings", func(int) int { return 6 }, func(cells int) int { return cells / 6 }, func(int, int) string { return "2031年" }, true},
	}
}

// forms write a shape in each format, small or large.
func forms(t *testing.T) map[string]func(s shape, cells int) []byte {
	t.Helper()
	each := func(s shape, cells int, row func(int), cell func(row, column int, text string)) {
		rows, columns := s.rows(cells), s.columns(cells)
		for r := range rows {
			row(r)
			for c := range columns {
				cell(r, c, s.cell(r, c))
			}
		}
	}
	text := func(broken bool) func(s shape, cells int) []byte {
		return func(s shape, cells int) []byte {
			var b strings.Builder
			each(s, cells, func(row int) {
				if row > 0 {
					b.WriteByte('\n')
				}
			}, func(row, column int, text string) {
				if column > 0 {
					b.WriteByte(',')
				}
				if broken && column == 1 && row%3 == 1 {
					b.WriteByte('"')
				}
				b.WriteString(text)
			})
			return []byte(b.String())
		}
	}
	markup := func(open, rowTag, rowEnd, cellTag, cellEnd, end string) func(s shape, cells int) string {
		return func(s shape, cells int) string {
			var b strings.Builder
			b.WriteString(open)
			each(s, cells, func(row int) {
				if row > 0 {
					b.WriteString(rowEnd)
				}
				b.WriteString(rowTag)
			}, func(row, column int, text string) {
				b.WriteString(cellTag + text + cellEnd)
			})
			b.WriteString(rowEnd + end)
			return b.String()
		}
	}
	return map[string]func(s shape, cells int) []byte{
		"csv":              text(false),
		"csv to be mended": text(true),
		"csv, whole lines in quotes": func(s shape, cells int) []byte {
			lines := strings.Split(string(text(false)(s, cells)), "\n")
			return []byte(`"` + strings.Join(lines, `" `+"\n"+`"`) + `"`)
		},
		"html": func(s shape, cells int) []byte {
			return []byte(markup("<style>td.x b{display:none} .y{color:red}</style><table>", "<tr>", "</tr>", "<td class=y>", "</td>", "</table>")(s, cells))
		},
		"xlsx": func(s shape, cells int) []byte {
			sheet := markup("<worksheet><sheetData>", "<row>", "</row>", `<c t="inlineStr"><is><t>`, "</t></is></c>", "</sheetData>")(s, cells)
			if s.merged {
				var b strings.Builder
				b.WriteString("<mergeCells>")
				for i := 1; i+1 < s.columns(cells); i += 2 {
					fmt.Fprintf(&b, `<mergeCell ref="%s"/>`, Merge{1, 1, i, i + 1}.ref())
				}
				sheet += b.String() + "</mergeCells>"
			}
			return crafted(t, sheet+"</worksheet>")
		},
		"xls": func(s shape, cells int) []byte {
			var out []byte
			each(s, cells, func(int) {}, func(row, column int, text string) {
				if column < 256 {
					out = append(out, rec(recLabel, uint16(row), uint16(column), uint16(0), uint16(len([]rune(text))), byte(1), wide(text))...)
				}
			})
			return xlsOf(nil, biffSheetOf{"a", 0, 0, out})
		},
		"slk": func(s shape, cells int) []byte {
			var b strings.Builder
			b.WriteString("ID;PWXL;N;E\n")
			each(s, cells, func(int) {}, func(row, column int, text string) {
				fmt.Fprintf(&b, "C;Y%d;X%d;K\"%s\"\n", row+1, column+1, text)
			})
			return []byte(b.String() + "E\n")
		},
		"dif": func(s shape, cells int) []byte {
			return []byte(markup("TABLE\n0,1\n\"x\"\nDATA\n0,0\n\"\"\n", "-1,0\nBOT\n", "", "1,0\n\"", "\"\n", "-1,0\nEOD\n")(s, cells))
		},
	}
}

// ref is an area as a workbook writes it.
func (m Merge) ref() string {
	return Cell{Row: m.FirstRow, Column: m.FirstColumn}.Name() + ":" + Cell{Row: m.LastRow, Column: m.LastColumn}.Name()
}

// spent is the time of the processor that a read takes, with a look at what is
// merged and hidden for each cell.
func spent(t *testing.T, data []byte) time.Duration {
	t.Helper()
	runtime.GC() // what was left before is not this read's
	before := used(t)
	f, problems, err := Read(t.Context(), bytes.NewReader(data), "f", Limits{})
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	for _, table := range f.Tables {
		for row, err := range table.Rows(t.Context()) {
			must(t, err)
			for i := range row.Len() {
				table.Merged(row.Number, i+1)
				table.ColumnHidden(i + 1)
			}
		}
	}
	return used(t) - before
}

func used(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	must(t, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano())
}

// Eight times the cells may cost eight times the time, and what a busy machine
// adds; never its square, which is 64 times. A machine may be busy for a while: a shape
// is at fault only if no round, each of which measures both sizes, finds it in bounds.
func TestCostGrowsWithTheCells(t *testing.T) {
	const small, most, rounds = 6_000, 24, 6
	for format, form := range forms(t) {
		for _, s := range shapes() {
			few, many := form(s, small), form(s, 8*small)
			for round := range rounds {
				less, more := max(spent(t, few), 5*time.Millisecond), spent(t, many) // the clock of the processor is coarse
				if more <= most*less {
					break
				}
				if round == rounds-1 {
					t.Errorf("%s, %s: %v for %d cells, %v for %d, and no better in %d rounds", format, s.name, less, small, more, 8*small, rounds)
				}
			}
		}
	}
}

// ending is a context that is cancelled once it was asked so often.
type ending struct {
	context.Context
	left int
}

func (e *ending) Err() error {
	if e.left--; e.left < 0 {
		return context.Canceled
	}
	return nil
}

// A read that nobody waits for any more ends, at whatever place it is.
func TestEveryFormatEndsWithItsContext(t *testing.T) {
	for format, form := range forms(t) {
		data := form(shapes()[1], 60_000)
		counted := &ending{t.Context(), math.MaxInt}
		if _, _, err := Read(counted, bytes.NewReader(data), "f", Limits{}); err != nil {
			t.Fatal(err)
		}
		asked := math.MaxInt - counted.left
		if asked < 10 {
			t.Errorf("%s: the context is asked %d times", format, asked)
		}
		for _, at := range []int{0, asked / 3, asked / 2, asked - 1} {
			if _, _, err := Read(&ending{t.Context(), at}, bytes.NewReader(data), "f", Limits{}); !errors.Is(err, context.Canceled) {
				t.Errorf("%s, cancelled at look %d of %d: %v", format, at, asked, err)
			}
		}
	}
}
