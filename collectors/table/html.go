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

	"yardstick/collectors/table/css"
	"yardstick/collectors/table/elements"
	"yardstick/collectors/table/numfmt"
	"yardstick/collectors/table/refusal"
	"yardstick/collectors/table/runs"
	"yardstick/schema"
	"yardstick/schema/words"
)

// Bounds of a web page: its cells are held in memory.
const (
	mostHTML      = 32 << 20
	mostHTMLCells = 1_000_000
	mostHTMLDepth = 32    // tables in tables
	mostColSpan   = 1000  // as browsers take it
	mostRowSpan   = 65534 // likewise
)

// html reads the tables of a web page, which is what many systems export under
// the name .xls. A table within a cell is a table of its own.
func (r *fileReader) html(ctx context.Context, text io.Reader) error {
	r.file.Format = "html"
	if r.src.Size() > mostHTML {
		return r.refuse(refusal.WorkbookTooLarge, "limit", refusal.Megabytes(mostHTML))
	}
	p := &page{limits: r.limits, tokens: html.NewTokenizer(text)}
	p.tokens.SetMaxBuf(r.limits.Row)
	err := p.read(ctx)
	if errors.Is(err, html.ErrBufferExceeded) {
		err = faultAt(refusal.RowTooLong, 0, 0, "limit", r.limits.Row)
	}
	if err != nil {
		return refusal.Told(r.file.Name, "", refusal.FormatHTML, err)
	}
	r.noteFile()
	for i, g := range p.done {
		t := &Table{File: r.file.Name, Hidden: g.hidden, Merges: g.merges, HiddenColumns: g.hiddenColumns()}
		if len(p.done) > 1 {
			t.Sheet = words.Say("table-number", "n", i+1).In(schema.Chinese)
		}
		found := tallies{}
		if err := t.grid(ctx, g.rows, found, r.limits); err != nil {
			return refusal.Told(r.file.Name, t.Sheet, refusal.FormatHTML, err)
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
	tables []*htmlTable // open, the innermost last
	done   []*htmlTable
	cells  int
	passed int       // cells passed over that one above reaches into
	skip   atom.Atom // the element whose text is no text
	style  strings.Builder

	open elements.Open
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
			for len(p.tables) > 0 {
				if err := p.endTable(); err != nil {
					return err
				}
			}
			return nil
		case html.TextToken:
			if err := p.text(string(p.tokens.Text())); err != nil {
				return err
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			if err := p.start(p.tokens.Token()); err != nil {
				return err
			}
		case html.EndTagToken:
			if err := p.end(p.tokens.Token()); err != nil {
				return err
			}
		}
	}
}

// text takes a text of the page. A line end in it is a blank, unless it is set
// as it stands.
func (p *page) text(text string) error {
	t := p.top()
	switch {
	case p.skip == atom.Style:
		p.style.WriteString(text)
	case t == nil || !t.inCell || p.skip != 0:
	default:
		e := p.open.Inner()
		if text = strings.ReplaceAll(text, "\r\n", "\n"); !e.Pre {
			text = strings.ReplaceAll(text, "\n", "\r")
		}
		m := e.Mark
		if e.Unseen && !t.cellUnseen && !t.hidden {
			m |= runs.Unseen
		}
		if e.Pale() {
			m |= runs.Pale
		}
		if t.text.Add(text, m, true); t.text.Size > p.limits.Field {
			return faultAt(refusal.FieldTooLong, t.number, t.at, "limit", p.limits.Field)
		}
	}
	return nil
}

func (p *page) top() *htmlTable {
	if len(p.tables) == 0 {
		return nil
	}
	return p.tables[len(p.tables)-1]
}

func (p *page) start(tag html.Token) error {
	t := p.top()
	switch tag.DataAtom {
	case atom.Tr:
		p.open.Close("tr", "table")
	case atom.Td, atom.Th:
		p.open.Close("td", "tr", "table")
		p.open.Close("th", "tr", "table")
	case atom.Thead, atom.Tbody, atom.Tfoot:
		p.open.Close("tr", "table")
		for _, part := range []string{"thead", "tbody", "tfoot"} {
			p.open.Close(part, "table")
		}
	case atom.P, atom.Li:
		p.open.Close(tag.Data, "td", "th", "ul", "ol", "div", "table")
	}
	e := p.open.Enter(tag)
	switch tag.DataAtom {
	case atom.Script, atom.Style, atom.Title:
		p.skip = tag.DataAtom
		p.style.Reset()
	case atom.Table:
		if len(p.tables) >= mostHTMLDepth {
			return faultAt(refusal.FormatHTML, 0, 0)
		}
		p.tables = append(p.tables, &htmlTable{hidden: e.Unseen})
	case atom.Col, atom.Colgroup:
		if t != nil {
			t.columns(tag, e.Look)
		}
	case atom.Tr:
		if t != nil {
			t.endCell()
			if err := p.reached(t); err != nil {
				return err
			}
			t.beginRow(e.Unseen && !t.hidden)
		}
	case atom.Td, atom.Th:
		if t != nil {
			t.endCell()
			if t.number == 0 {
				t.beginRow(false)
			}
			t.cellUnseen, t.cellLook, t.tag = e.Unseen && !t.hidden, e.Look, tag
			return p.cell(t, tag)
		}
	case atom.Br:
		p.breakLine()
	case atom.Input: // what is written in a form's field is seen
		if kind := strings.ToLower(elements.Attribute(tag, "type")); kind == "" || kind == "text" || kind == "number" {
			return p.text(elements.Attribute(tag, "value"))
		}
	default:
		if elements.IsBlock(tag.DataAtom) {
			p.breakLine()
		}
	}
	return nil
}

// breakLine begins a new line in the open cell.
func (p *page) breakLine() {
	if t := p.top(); t != nil && t.inCell {
		t.text.Add("\n", 0, true)
	}
}

func (p *page) end(tag html.Token) error {
	var err error
	if tag.DataAtom == p.skip && p.skip != 0 {
		if p.skip == atom.Style {
			p.open.Style(p.style.String())
		}
		p.skip = 0
	}
	t := p.top()
	switch {
	case t == nil:
	case tag.DataAtom == atom.Td || tag.DataAtom == atom.Th || tag.DataAtom == atom.Tr:
		t.endCell()
	case tag.DataAtom == atom.Table:
		err = p.endTable()
	case elements.IsBlock(tag.DataAtom):
		p.breakLine()
	}
	p.open.Leave(tag.Data)
	return err
}

func (p *page) endTable() error {
	t := p.top()
	p.tables = p.tables[:len(p.tables)-1]
	t.endCell()
	if err := p.reached(t); err != nil {
		return err
	}
	t.rows = slices.DeleteFunc(t.rows, func(row gridRow) bool { return len(row.cells) == 0 })
	if len(t.rows) == 0 {
		return nil
	}
	for i, m := range t.merges {
		t.merges[i].LastRow = min(m.LastRow, t.number)
	}
	widest := 0
	for _, row := range t.rows {
		widest = max(widest, row.cells[len(row.cells)-1].column)
	}
	for i := range t.rows { // columns in which nothing stands are none
		t.rows[i].width = min(t.rows[i].width, widest)
	}
	p.done = append(p.done, t)
	return nil
}

// cell opens a cell at the next column no cell from above reaches into.
func (p *page) cell(t *htmlTable, tag html.Token) error {
	for t.column <= len(t.carry) && t.carry[t.column-1] >= t.number {
		t.column++
		if p.passed++; p.passed > mostGridCells {
			return faultAt(refusal.TooManyCells, t.number, t.column, "limit", mostGridCells)
		}
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
			t.carry[c-1] = t.number + down - 1
		}
		t.lowest = max(t.lowest, t.number+down-1)
	}
	if across > 1 || down > 1 {
		if len(t.merges) >= mostMerges {
			return faultAt(refusal.TooManyCells, t.number, t.column, "limit", mostMerges)
		}
		t.merges = append(t.merges, Merge{t.number, t.number + down - 1, t.column, last})
	}
	t.at, t.column, t.inCell = t.column, last+1, true
	t.rows[len(t.rows)-1].width = t.at
	return nil
}

// reached widens a row by the cells that those above it reach into: they are its own,
// though they are not written again.
func (p *page) reached(t *htmlTable) error {
	if len(t.rows) == 0 || t.number > t.lowest {
		return nil
	}
	row := &t.rows[len(t.rows)-1]
	if p.passed += max(0, len(t.carry)-row.width); p.passed > mostGridCells {
		return faultAt(refusal.TooManyCells, t.number, row.width+1, "limit", mostGridCells)
	}
	for c := len(t.carry); c > row.width; c-- {
		if t.carry[c-1] >= t.number {
			row.width = c
		}
	}
	return nil
}

func span(tag html.Token, name string, most int) int {
	n, err := strconv.Atoi(strings.TrimSpace(elements.Attribute(tag, name)))
	if err != nil {
		return 1
	}
	return min(max(n, 1), most)
}

// htmlTable is a table of a page while it is read.
type htmlTable struct {
	rows   []gridRow
	merges []Merge
	hidden bool
	number int   // of the current row
	column int   // where the next cell may stand
	carry  []int // by column: the last row a cell above reaches down to
	lowest int   // the last of them
	inCell bool
	at     int // column of the open cell
	text   runs.Writer

	tag        html.Token // of the open cell
	cellLook   css.Look
	cellUnseen bool // all of the open cell, or its row

	col         int          // columns told of by <col>
	narrow      []Span       // of them those not seen
	columnsSeen []columnSeen // by column: what its cells were
}

// columnSeen is whether a column has filled cells, and any that is seen.
type columnSeen struct{ filled, seen bool }

func (t *htmlTable) beginRow(hidden bool) {
	t.number++
	t.column = 1
	t.rows = append(t.rows, gridRow{number: t.number, hidden: hidden})
}

// columns takes a <col> or <colgroup>.
func (t *htmlTable) columns(tag html.Token, look css.Look) {
	if tag.DataAtom == atom.Colgroup && !elements.Has(tag, "span") {
		return // its columns tell of themselves
	}
	first := t.col + 1
	t.col += span(tag, "span", mostColSpan)
	gone := look.Gone == css.On || look.Unseen == css.On || look.Narrow == css.On ||
		runs.Below(elements.Attribute(tag, "width"), runs.LeastHeight)
	if gone && len(t.narrow) < mostColSpan {
		t.narrow = append(t.narrow, Span{first, t.col})
	}
}

// hiddenColumns are those that a <col> hides, and those whose filled cells are
// all hidden though their rows are not.
func (t *htmlTable) hiddenColumns() []Span {
	out := slices.Clone(t.narrow)
	for i, c := range t.columnsSeen {
		if c.filled && !c.seen {
			out = append(out, Span{i + 1, i + 1})
		}
	}
	return out
}

func (t *htmlTable) endCell() {
	if !t.inCell {
		return
	}
	t.inCell = false
	seen := runs.Tidy(t.text.Runs())
	text, a := t.stored(seen)
	if text == "" {
		return
	}
	row := &t.rows[len(t.rows)-1]
	if t.columnsSeen = append(t.columnsSeen, make([]columnSeen, max(0, t.at-len(t.columnsSeen)))...); !row.hidden {
		t.columnsSeen[t.at-1].filled = true
		t.columnsSeen[t.at-1].seen = t.columnsSeen[t.at-1].seen || !t.cellUnseen
		if t.cellUnseen && a.Why == numfmt.Agrees {
			a.Why = numfmt.HiddenText
		}
	}
	row.cells = append(row.cells, gridCell{t.at, text, a})
}
