package table

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"yardstick/collectors/table/numfmt"
	"yardstick/collectors/table/refusal"
	"yardstick/schema"
	"yardstick/schema/words"
)

// Bounds of a web page: its cells are held in memory.
const (
	mostHTML      = 32 << 20
	mostHTMLCells = 1_000_000
	mostHTMLDepth = 32
	mostColSpan   = 1000  // as browsers take it
	mostRowSpan   = 65534 // likewise
)

// html reads the tables of a web page, which is what many systems export under
// the name .xls. A table within a cell is a table of its own.
func (r *fileReader) html(ctx context.Context, text io.Reader) error {
	r.file.Format = "html"
	if r.src.Size() > mostHTML {
		return r.refuse(refusal.WorkbookTooLarge, "limit", megabytes(mostHTML))
	}
	p := &page{limits: r.limits, tokens: html.NewTokenizer(text)}
	p.tokens.SetMaxBuf(r.limits.Row)
	err := p.read(ctx)
	if errors.Is(err, html.ErrBufferExceeded) {
		err = faultAt(refusal.RowTooLong, 0, 0, "limit", r.limits.Row)
	}
	if err != nil {
		return toldOf(r.file.Name, "", refusal.FormatHTML, err)
	}
	r.noteFile()
	for i, g := range p.done {
		t := &Table{File: r.file.Name, Merges: g.merges}
		if len(p.done) > 1 {
			t.Sheet = words.Say("table-number", "n", i+1).In(schema.Chinese)
		}
		found := tallies{}
		if err := t.grid(ctx, g.rows, found, r.limits); err != nil {
			return toldOf(r.file.Name, t.Sheet, refusal.FormatHTML, err)
		}
		r.file.Tables = append(r.file.Tables, t)
		r.noteSheet(t, found)
	}
	if len(r.file.Tables) == 0 {
		return r.refuse(refusal.FormatHTML)
	}
	return nil
}

// page is a web page while it is read.
type page struct {
	tokens *html.Tokenizer
	limits Limits
	open   []*htmlTable // the innermost last
	done   []*htmlTable
	cells  int
	skip   atom.Atom // the element whose text is no text
}

type htmlTable struct {
	rows   []gridRow
	merges []Merge
	number int   // of the current row
	column int   // where the next cell may stand
	carry  []int // by column: rows a cell above still reaches down
	inCell bool
	at     int // column of the open cell
	text   strings.Builder
}

func (p *page) read(ctx context.Context) error {
	for n := 0; ; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		switch p.tokens.Next() {
		case html.ErrorToken:
			if err := p.tokens.Err(); !errors.Is(err, io.EOF) {
				return fmt.Errorf("reading the page: %w", err)
			}
			for len(p.open) > 0 {
				p.endTable()
			}
			return nil
		case html.TextToken:
			if t := p.top(); t != nil && t.inCell && p.skip == 0 {
				t.text.Write(p.tokens.Text())
				if t.text.Len() > p.limits.Field {
					return faultAt(refusal.FieldTooLong, t.number, t.at, "limit", p.limits.Field)
				}
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			if err := p.start(p.tokens.Token()); err != nil {
				return err
			}
		case html.EndTagToken:
			p.end(p.tokens.Token().DataAtom)
		}
	}
}

func (p *page) top() *htmlTable {
	if len(p.open) == 0 {
		return nil
	}
	return p.open[len(p.open)-1]
}

func (p *page) start(tag html.Token) error {
	t := p.top()
	switch tag.DataAtom {
	case atom.Script, atom.Style:
		p.skip = tag.DataAtom
	case atom.Table:
		if len(p.open) >= mostHTMLDepth {
			return faultAt(refusal.FormatHTML, 0, 0)
		}
		p.open = append(p.open, &htmlTable{})
	case atom.Tr:
		if t != nil {
			t.endCell()
			t.beginRow(hiddenByStyle(tag))
		}
	case atom.Td, atom.Th:
		if t != nil {
			t.endCell()
			if t.number == 0 {
				t.beginRow(false)
			}
			return p.cell(t, tag)
		}
	case atom.Br, atom.P, atom.Div:
		if t != nil && t.inCell {
			t.text.WriteByte('\n')
		}
	}
	return nil
}

func (p *page) end(tag atom.Atom) {
	t := p.top()
	switch {
	case tag == p.skip:
		p.skip = 0
	case t == nil:
	case tag == atom.Td || tag == atom.Th || tag == atom.Tr:
		t.endCell()
	case tag == atom.Table:
		p.endTable()
	}
}

func (p *page) endTable() {
	t := p.top()
	p.open = p.open[:len(p.open)-1]
	t.endCell()
	t.rows = slices.DeleteFunc(t.rows, func(row gridRow) bool { return len(row.cells) == 0 })
	if len(t.rows) == 0 {
		return
	}
	for i, m := range t.merges {
		t.merges[i].LastRow = min(m.LastRow, t.number)
	}
	p.done = append(p.done, t)
}

func (t *htmlTable) beginRow(hidden bool) {
	t.number++
	t.column = 1
	t.rows = append(t.rows, gridRow{number: t.number, hidden: hidden})
	for i := range t.carry {
		t.carry[i] = max(0, t.carry[i]-1)
	}
}

// cell opens a cell at the next column no cell from above reaches into.
func (p *page) cell(t *htmlTable, tag html.Token) error {
	for t.column <= len(t.carry) && t.carry[t.column-1] > 0 {
		t.column++
	}
	across, down := span(tag, "colspan", mostColSpan), span(tag, "rowspan", mostRowSpan)
	last := t.column + across - 1
	if last > p.limits.Columns {
		return faultAt(refusal.TooManyColumns, t.number, t.column, "limit", p.limits.Columns)
	}
	if p.cells++; p.cells > min(mostHTMLCells, p.limits.Cells) {
		return faultAt(refusal.TooManyCells, t.number, t.column, "limit", min(mostHTMLCells, p.limits.Cells))
	}
	if down > 1 {
		t.carry = append(t.carry, make([]int, max(0, last-len(t.carry)))...)
		for c := t.column; c <= last; c++ {
			t.carry[c-1] = down
		}
	}
	if across > 1 || down > 1 {
		if len(t.merges) >= mostMerges {
			return faultAt(refusal.TooManyCells, t.number, t.column, "limit", mostMerges)
		}
		t.merges = append(t.merges, Merge{t.number, t.number + down - 1, t.column, last})
	}
	t.at, t.column, t.inCell = t.column, last+1, true
	return nil
}

func (t *htmlTable) endCell() {
	if !t.inCell {
		return
	}
	t.inCell = false
	var lines []string
	for line := range strings.Lines(t.text.String()) {
		if words := strings.Join(strings.Fields(line), " "); words != "" {
			lines = append(lines, words)
		}
	}
	t.text.Reset()
	if text := strings.Join(lines, "\n"); text != "" {
		row := &t.rows[len(t.rows)-1]
		row.cells = append(row.cells, gridCell{t.at, text, numfmt.About{}})
	}
}

func span(tag html.Token, name string, most int) int {
	n, err := strconv.Atoi(strings.TrimSpace(attribute(tag, name)))
	if err != nil {
		return 1
	}
	return min(max(n, 1), most)
}

func hiddenByStyle(tag html.Token) bool {
	return strings.Contains(strings.ReplaceAll(strings.ToLower(attribute(tag, "style")), " ", ""), "display:none")
}

// attribute gives the first of that name: HTML drops those after it.
func attribute(tag html.Token, name string) string {
	for _, a := range tag.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
