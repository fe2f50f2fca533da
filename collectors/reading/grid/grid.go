// Package grid holds a sheet in memory and finds the tables on it: which rows are titles
// and notes, which are headers, and which hold figures.
package grid

import (
	"context"
	"slices"
	"strings"
	"sync"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
	"yardstick/schema"
)

// Grid is a table held in memory, to find its layout from.
type Grid struct {
	*account.Reader
	Src    []*table.Row // all rows
	Wide   int
	Bureau bool             // 数据来源：国家统计局 stands in it
	Legend written.Legend   // what the notes say flags mean
	noted  bool             // the last row was a note
	side   []int            // the sheet's columns that are looked at (from 0), of tables side by side; nil: all
	cut    map[string]*Grid // the sheet as seen through some columns, by those

	Export      *account.Vendor // the vendor whose file it is
	LabelColumn int             // column of its labels

	headers map[int]headerRow // read before
	classes []*RowClass       // by row
	kinds   map[string]Kind   // of texts looked at before
}

// headerRow is what PeriodCols found in a row.
type headerRow struct {
	cols []int
	ok   bool
}

// New reads the whole table.
func New(ctx context.Context, r *account.Reader) (*Grid, error) {
	g := &Grid{Reader: r, Legend: written.Legend{}, headers: map[int]headerRow{}, kinds: map[string]Kind{}}
	for row, err := range r.Table.Rows(ctx) {
		if err != nil {
			return nil, err
		}
		g.Src = append(g.Src, row.Clone())
		g.Wide = max(g.Wide, row.Len())
	}
	g.classes = make([]*RowClass, len(g.Src))
	if g.Export, g.LabelColumn = account.VendorOf(g.Src); g.Export != nil {
		g.Labelled(g.Export.Labels)
	}
	g.Serials(g.Src)
	for _, row := range g.Src {
		for _, t := range row.Texts {
			g.source(t)
		}
	}
	return g, nil
}

// source looks for what a footer says about the whole table.
func (g *Grid) source(text string) {
	text = written.Trim(text)
	for _, key := range written.Words("source") {
		if rest, ok := strings.CutPrefix(text, key); ok {
			rest = strings.Trim(rest, "：: 。.")
			g.Bureau = g.Bureau || rest == "国家统计局"
		}
	}
	g.Legend.See(text)
}

// Column is where a column of the grid stands on the sheet, from 1.
func (g *Grid) Column(c int) int {
	if g.side == nil || c >= len(g.side) {
		return c + 1
	}
	return g.side[c] + 1
}

// ColumnAt is the grid's column that stands in a column of the sheet (from 1); -1: none.
func (g *Grid) ColumnAt(column int) int {
	if g.side == nil {
		return column - 1
	}
	return slices.Index(g.side, column-1)
}

// Text is what a cell holds, without the spaces around it; "" where there is none.
func (g *Grid) Text(row, col int) string {
	if row >= len(g.Src) || col < 0 || col >= len(g.Src[row].Texts) {
		return ""
	}
	return written.Trim(g.Src[row].Texts[col])
}

// Facet is what a cell says.
func (g *Grid) Facet(row, col int) account.Facet {
	c := g.Src[row].Cell(col)
	return account.Facet{Text: strings.TrimSpace(account.Named(c)), Cell: c}
}

func (g *Grid) note(row int) bool {
	if g.RowLabel(row) != "" {
		return false
	}
	cols := g.Class(row).Filled
	if len(cols) == 0 {
		return false
	}
	first := g.Text(row, cols[0])
	if g.Class(row).noting.Or(func() bool {
		marked := strings.ContainsAny(first[:1], "*#") || strings.HasPrefix(first, "＊") || strings.HasPrefix(first, "※")
		return written.Signed(g.Src[row].Texts) || written.NoteStart().MatchString(first) && (!marked || g.Class(row).Numbers(cols[0]+1) == 0)
	}) {
		return true
	}
	return g.noted && !written.Keyed(first) && g.Class(row).Numbers(cols[0]+1) == 0 && (written.NoteGoesOn().MatchString(first) || len(cols) == 1)
}

// Dated reports whether a text is a period.
func (g *Grid) Dated(text string) bool {
	p, ok := g.Reference(text)
	return ok && p.Err == nil
}

// PeriodCols lists the columns of a row that hold reference periods, when the
// row can be a header of them: weak forms must all be weak, and run one way.
func (g *Grid) PeriodCols(row int) ([]int, bool) {
	h, known := g.headers[row]
	if !known {
		h.cols, h.ok = g.readHeader(row)
		g.headers[row] = h
	}
	return h.cols, h.ok
}

func (g *Grid) readHeader(row int) (cols []int, ok bool) {
	if k := g.RowLabel(row); k != "" && k != account.KindPeriod {
		return nil, false
	}
	weakly, run := 0, 0
	var last schema.Period
	first, turns := "", 0 // a run of bare years that begins anew, under the next name
	k := g.Class(row)
	pure := sync.OnceValue(func() bool {
		return slices.ContainsFunc(k.Filled, func(c int) bool { _, is := g.Reference(g.Text(row, c)); return c > 0 && is })
	})
	for _, c := range k.Filled {
		t := g.Text(row, c)
		var p account.PeriodText
		is := false
		if k.Kinds[c] != Word { // which is no period
			p, is = g.Reference(t)
		}
		if !is && k.Kinds[c] != period && k.Kinds[c] != Word && g.Number(t) {
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
				case t == first && g.Text(row, 0) == "" && row > 0:
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
		texts = append(texts, g.Text(row, c))
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
	label := g.Text(row, 0)
	if len(cols) == 1 {
		return cols, g.LabelOf(label) != "" && !g.LikePlace(label)
	}
	return cols, !g.LikePlace(label) && !g.Number(label)
}

// Part is what a row of the sheet begins or is.
type Part int

const (
	Other Part = iota // none of these
	Blank
	Note
	Above // a title or a line such as 单位：亿元
	Whole // a table, with all its rows
)

// Parts parts the rows into tables and what stands around them, and gives each
// its first row; of a table the block.
func (g *Grid) Parts(ctx context.Context, each func(p Part, row int, b *Block) error) error {
	f := &account.Facts{}
	var lines []int // above the table that is looked for
	for i := 0; i < len(g.Src); {
		if err := ctx.Err(); err != nil {
			return err
		}
		var p Part
		var b *Block
		next := i + 1
		switch {
		case g.Src[i].Blank():
			p, g.noted = Blank, false
		case g.note(i):
			p, g.noted = Note, true
		case g.above(i):
			p, lines = Above, append(lines, i)
			g.seeAbove(i, f)
		default:
			if b = g.block(i, *f); b != nil {
				p, g.noted = Whole, false
				next, f = b.Next, &account.Facts{}
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

// LeaveOut lists a row as left out. One that holds figures is no note: somebody
// must say what it is.
func (g *Grid) LeaveOut(row int, code string) {
	if cols := g.Class(row).Filled; g.Class(row).Numbers(cols[0]+1) > 0 {
		g.TellRow(g.Src[row], g.Problem(account.RowUnread, account.FirstFilled(g.Src[row])))
		return
	}
	g.Exclude(g.Src[row], code)
}

// above reports whether a row is a title or a line such as 单位：亿元, and no
// header.
func (g *Grid) above(row int) bool {
	cols := g.Class(row).Filled
	if g.RowLabel(row) != "" {
		return false
	}
	if len(cols) == 1 || g.form(row) {
		return true
	}
	key := 0
	for _, c := range cols {
		if written.KeyedLine(g.Text(row, c)) {
			key++
		}
	}
	if len(cols) == 2 && written.Is("updated", strings.ToLower(g.Text(row, cols[0]))) {
		return true
	}
	return key > 0 && key >= len(cols)-1 || g.parted(row)
}

// parted reports whether a row is a title in several cells: each is a place or a period
// and stands above what heads the names of the rows (指标, 单位).
func (g *Grid) parted(row int) bool {
	for _, c := range g.Class(row).Filled {
		if _, dated := g.Reference(g.Text(row, c)); !dated && !g.LikePlace(g.Text(row, c)) || g.LabelOf(g.Text(row+1, c)) == "" {
			return false
		}
	}
	return true
}

// RowLabel is what an export's label at the head of row i says; "" where the row has
// none.
func (g *Grid) RowLabel(i int) account.Kind {
	if g.Export == nil {
		return ""
	}
	t := written.FoldText(g.Text(i, g.LabelColumn))
	if k, ok := g.Export.Labels[t]; ok {
		return k
	}
	if t == "" && g.Export.First != "" && i+1 < len(g.Src) && g.Export.Labels[written.FoldText(g.Text(i+1, g.LabelColumn))] != "" {
		return g.Export.First
	}
	return ""
}
