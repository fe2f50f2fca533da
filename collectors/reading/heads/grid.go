package heads

import (
	"context"
	"slices"
	"strings"
	"sync"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
	"yardstick/collectors/table/numfmt"
	"yardstick/schema"
)

// GridCells bounds what is looked at as a whole: layouts other than tidy may have so many cells.
const GridCells = 3_000_000

// grid is a table held in memory, to find its layout from.
type grid struct {
	*account.Reader
	src    []*table.Row // all rows
	wide   int
	bureau bool           // 数据来源：国家统计局 stands in it
	legend written.Legend // what the notes say flags mean
	open   []int          // rows read and not yet told: above a table, or below the last
	blocks int
	noted  bool             // the last row was a note
	side   []int            // the sheet's columns that are looked at (from 0), of tables side by side; nil: all
	cut    map[string]*grid // the sheet as seen through some columns, by those

	export   *account.Vendor // the vendor whose file it is
	labelled int             // column of its labels

	headers map[int]headerRow // read before
	classes []*rowClass       // by row
	kinds   map[string]kind   // of texts looked at before
}

// headerRow is what periodCols found in a row.
type headerRow struct {
	cols []int
	ok   bool
}

// ReadGrid reads the table as one of the layouts found from its cells. It reports
// false when there is none.
func ReadGrid(ctx context.Context, r *account.Reader) (bool, error) {
	if r.Table.Cells > GridCells {
		return false, nil
	}
	g, err := NewGrid(ctx, r)
	if err != nil {
		return false, err
	}
	return g.walk(ctx)
}

// NewGrid reads the whole table.
func NewGrid(ctx context.Context, r *account.Reader) (*grid, error) {
	g := &grid{Reader: r, legend: written.Legend{}, headers: map[int]headerRow{}, kinds: map[string]kind{}}
	for row, err := range r.Table.Rows(ctx) {
		if err != nil {
			return nil, err
		}
		g.src = append(g.src, row.Clone())
		g.wide = max(g.wide, row.Len())
	}
	g.classes = make([]*rowClass, len(g.src))
	if g.export, g.labelled = account.VendorOf(g.src); g.export != nil {
		g.Labelled(g.export.Labels)
	}
	g.Serials(g.src)
	for _, row := range g.src {
		for _, t := range row.Texts {
			g.source(t)
		}
	}
	return g, nil
}

// source looks for what a footer says about the whole table.
func (g *grid) source(text string) {
	text = written.Trim(text)
	for _, key := range written.Words("source") {
		if rest, ok := strings.CutPrefix(text, key); ok {
			rest = strings.Trim(rest, "：: 。.")
			g.bureau = g.bureau || rest == "国家统计局"
		}
	}
	g.legend.See(text)
}

// column is where a column of the grid stands on the sheet, from 1.
func (g *grid) column(c int) int {
	if g.side == nil || c >= len(g.side) {
		return c + 1
	}
	return g.side[c] + 1
}

// columnAt is the grid's column that stands in a column of the sheet (from 1); -1: none.
func (g *grid) columnAt(column int) int {
	if g.side == nil {
		return column - 1
	}
	return slices.Index(g.side, column-1)
}

func (g *grid) text(row, col int) string {
	if row >= len(g.src) || col < 0 || col >= len(g.src[row].Texts) {
		return ""
	}
	return written.Trim(g.src[row].Texts[col])
}

// facet is what a cell says.
func (g *grid) facet(row, col int) account.Facet {
	c := g.src[row].Cell(col)
	return account.Facet{Text: strings.TrimSpace(account.Named(c)), Cell: c}
}

func (g *grid) note(row int) bool {
	if g.labelOf(row) != "" {
		return false
	}
	cols := g.class(row).filled
	if len(cols) == 0 {
		return false
	}
	first := g.text(row, cols[0])
	if g.class(row).noting.or(func() bool {
		marked := strings.ContainsAny(first[:1], "*#") || strings.HasPrefix(first, "＊") || strings.HasPrefix(first, "※")
		return written.Signed(g.src[row].Texts) || written.NoteStart().MatchString(first) && (!marked || g.class(row).numbers(cols[0]+1) == 0)
	}) {
		return true
	}
	return g.noted && !written.Keyed(first) && g.class(row).numbers(cols[0]+1) == 0 && (written.NoteGoesOn().MatchString(first) || len(cols) == 1)
}

func (g *grid) dated(text string) bool {
	p, ok := g.Reference(text)
	return ok && p.Err == nil
}

// periodCols lists the columns of a row that hold reference periods, when the
// row can be a header of them: weak forms must all be weak, and run one way.
func (g *grid) periodCols(row int) ([]int, bool) {
	h, known := g.headers[row]
	if !known {
		h.cols, h.ok = g.readHeader(row)
		g.headers[row] = h
	}
	return h.cols, h.ok
}

func (g *grid) readHeader(row int) (cols []int, ok bool) {
	if k := g.labelOf(row); k != "" && k != account.KindPeriod {
		return nil, false
	}
	weakly, run := 0, 0
	var last schema.Period
	first, turns := "", 0 // a run of bare years that begins anew, under the next name
	k := g.class(row)
	pure := sync.OnceValue(func() bool {
		return slices.ContainsFunc(k.filled, func(c int) bool { _, is := g.Reference(g.text(row, c)); return c > 0 && is })
	})
	for _, c := range k.filled {
		t := g.text(row, c)
		var p account.PeriodText
		is := false
		if k.kinds[c] != word { // which is no period
			p, is = g.Reference(t)
		}
		if !is && k.kinds[c] != period && k.kinds[c] != word && g.Number(t) {
			return nil, false
		}
		if !is && c > 0 {
			_, _, rest, dated := g.HeadPeriod(t)
			is = dated && (rest == "" || account.Bracketed(rest) || pure())
		}
		if !is {
			continue
		}
		cols = append(cols, c)
		if account.IsWeak(t) {
			weakly++
			if p.Err == nil && !last.IsZero() {
				switch d := p.Period.Compare(last); {
				case t == first && g.text(row, 0) == "" && row > 0:
					turns++
				case d == 0 || d*run < 0:
					return nil, false
				default:
					run = d
				}
			}
			if first == "" {
				first = t
			}
			last = p.Period
		}
	}
	var texts []string
	for _, c := range cols {
		texts = append(texts, g.text(row, c))
	}
	if account.Terms(texts) {
		return nil, false
	}
	if turns > 0 && !written.Repeat(texts, len(cols)/(turns+1)) {
		return nil, false
	}
	if len(cols) == 0 || cols[0] == 0 || weakly > 0 && weakly < len(cols) {
		return cols, false
	}
	label := g.text(row, 0)
	if len(cols) == 1 {
		return cols, g.LabelOf(label) != "" && !g.LikePlace(label)
	}
	return cols, !g.LikePlace(label) && !g.Number(label)
}

// part is what a row of the sheet begins or is.
type part int

const (
	other part = iota // none of these
	blank
	note
	above // a title or a line such as 单位：亿元
	whole // a table, with all its rows
)

// parts parts the rows into tables and what stands around them, and gives each
// its first row; of a table the block.
func (g *grid) parts(ctx context.Context, each func(p part, row int, b *block) error) error {
	f := &account.Facts{}
	var lines []int // above the table that is looked for
	for i := 0; i < len(g.src); {
		if err := ctx.Err(); err != nil {
			return err
		}
		var p part
		var b *block
		next := i + 1
		switch {
		case g.src[i].Blank():
			p, g.noted = blank, false
		case g.note(i):
			p, g.noted = note, true
		case g.above(i):
			p, lines = above, append(lines, i)
			g.seeAbove(i, f)
		default:
			if b = g.block(i, *f); b != nil {
				p, g.noted = whole, false
				next, f = b.next, &account.Facts{}
				lines = g.shared(lines, b.lines)
				for _, line := range lines {
					g.seeAbove(line, f)
				}
			}
		}
		if err := each(p, i, b); err != nil {
			return err
		}
		i = next
	}
	return nil
}

// walk reads the tables and tells what stands around them; false: there is none.
func (g *grid) walk(ctx context.Context) (bool, error) {
	err := g.parts(ctx, func(p part, row int, b *block) error {
		switch p {
		case blank:
			g.Blank(g.src[row])
		case note:
			if g.blocks > 0 {
				g.tell(account.ExcludedNote)
			}
			g.EndBlanks()
			g.leaveOut(row, account.ExcludedNote)
		case other, above:
			g.open = append(g.open, row)
		case whole:
			g.EndBlanks()
			g.tell(account.ExcludedPreamble)
			g.blocks++
			return b.read(ctx)
		}
		return nil
	})
	if err != nil {
		return false, err
	}
	g.EndBlanks()
	if g.blocks == 0 && g.worded() {
		return true, g.SettleAsked(ctx)
	}
	if g.blocks == 0 {
		g.Found.Excluded, g.Found.LeftOut = nil, 0
		return false, nil
	}
	g.tell(account.ExcludedNote)
	for _, row := range g.src {
		g.Settle(row)
	}
	return true, nil
}

// worded asks about the cells to which formats add words, where no table is found
// without them: the eye may see one.
func (g *grid) worded() (asked bool) {
	for _, row := range g.src {
		for i := range row.Len() {
			if c := row.Cell(i); c.Why == numfmt.FormatWords && !g.Number(c.Shown) {
				_, ok := g.SeenLabel(c)
				asked = asked || !ok
			}
		}
	}
	return asked
}

// tell lists the rows that were read and belong to no table.
func (g *grid) tell(code string) {
	for _, i := range g.open {
		g.leaveOut(i, code)
	}
	g.open = nil
}

// leaveOut lists a row as left out. One that holds figures is no note: somebody
// must say what it is.
func (g *grid) leaveOut(row int, code string) {
	if cols := g.class(row).filled; g.class(row).numbers(cols[0]+1) > 0 {
		g.TellRow(g.src[row], g.Problem(account.RowUnread, account.FirstFilled(g.src[row])))
		return
	}
	g.Exclude(g.src[row], code)
}

// above reports whether a row is a title or a line such as 单位：亿元, and no
// header.
func (g *grid) above(row int) bool {
	cols := g.class(row).filled
	if g.labelOf(row) != "" {
		return false
	}
	if len(cols) == 1 || g.form(row) {
		return true
	}
	key := 0
	for _, c := range cols {
		if written.KeyedLine(g.text(row, c)) {
			key++
		}
	}
	if len(cols) == 2 && written.Is("updated", strings.ToLower(g.text(row, cols[0]))) {
		return true
	}
	return key > 0 && key >= len(cols)-1 || g.parted(row)
}

// parted reports whether a row is a title in several cells: each is a place or a period
// and stands above what heads the names of the rows (指标, 单位).
func (g *grid) parted(row int) bool {
	for _, c := range g.class(row).filled {
		if _, dated := g.Reference(g.text(row, c)); !dated && !g.LikePlace(g.text(row, c)) || g.LabelOf(g.text(row+1, c)) == "" {
			return false
		}
	}
	return true
}
