package reading

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"sync"

	"yardstick/collectors/table"
	"yardstick/schema"
)

// Layouts other than tidy are looked at as a whole: up to so many cells.
const gridCells = 3_000_000

// grid is a table held in memory, to find its layout from.
type grid struct {
	r      *reader
	rows   []*table.Row
	wide   int
	bureau bool   // 数据来源：国家统计局 stands in it
	legend legend // what the notes say flags mean
	open   []int  // rows read and not yet told: above a table, or below the last
	blocks int
	noted  bool // the last row was a note

	headers map[int]headerRow // read before
	classes map[int]rowClass
}

// headerRow is what periodCols found in a row.
type headerRow struct {
	cols []int
	ok   bool
}

// grid reads the table as one of the layouts found from its cells. It reports
// false when there is none.
func (r *reader) grid(ctx context.Context) (bool, error) {
	if r.table.Cells > gridCells {
		return false, nil
	}
	g, err := r.newGrid(ctx)
	if err != nil {
		return false, err
	}
	return g.walk(ctx)
}

// newGrid reads the whole table.
func (r *reader) newGrid(ctx context.Context) (*grid, error) {
	g := &grid{r: r, legend: legend{}, headers: map[int]headerRow{}, classes: map[int]rowClass{}}
	for row, err := range r.table.Rows(ctx) {
		if err != nil {
			return nil, err
		}
		g.rows = append(g.rows, row.Clone())
		g.wide = max(g.wide, row.Len())
	}
	g.serials()
	for _, row := range g.rows {
		for _, t := range row.Texts {
			g.source(t)
		}
	}
	return g, nil
}

// source looks for what a footer says about the whole table.
func (g *grid) source(text string) {
	text = strings.TrimSpace(text)
	for _, key := range []string{"数据来源", "资料来源", "来源"} {
		if rest, ok := strings.CutPrefix(text, key); ok {
			rest = strings.Trim(rest, "：: 。.")
			g.bureau = g.bureau || rest == "国家统计局"
		}
	}
	g.legend.see(text)
}

func (g *grid) text(row, col int) string {
	if row >= len(g.rows) || col >= len(g.rows[row].Texts) {
		return ""
	}
	return strings.TrimSpace(g.rows[row].Texts[col])
}

func (g *grid) filled(row int) (cols []int) {
	for c := range g.rows[row].Texts {
		if g.text(row, c) != "" {
			cols = append(cols, c)
		}
	}
	return cols
}

// noteLike is a line of notes that goes on from the one above: 　　　2.…
var noteLike = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:[(（]?[0-9一二三四五六七八九十]+[)）]?\s*[.、．)）]|[①-⑩]|[~*#†‡]\s|[a-z]\s{2,})`)
})

func (g *grid) note(row int) bool {
	cols := g.class(row).filled
	if len(cols) == 0 {
		return false
	}
	first := g.text(row, cols[0])
	if noteStart().MatchString(first) && (g.numbers(row, cols[0]+1) == 0 || !strings.ContainsAny(first[:1], "*#") && !strings.HasPrefix(first, "＊") && !strings.HasPrefix(first, "※")) {
		return true
	}
	return g.noted && !keyed(first) && g.numbers(row, cols[0]+1) == 0 && (noteLike().MatchString(first) || len(cols) == 1)
}

// numbers counts the figures of a row from column c on.
func (g *grid) numbers(row, c int) (n int) {
	for ; c < len(g.rows[row].Texts); c++ {
		if g.number(g.text(row, c)) {
			n++
		}
	}
	return n
}

func (g *grid) number(text string) bool {
	if text == "" {
		return false
	}
	n := ReadNumber(text, g.r.table.Delimiter)
	return n.Fault == "" && n.Value != nil && !noUnit(n.Suffix)
}

// noUnit tells suffixes that make a period of a number: 2025年, 9月.
func noUnit(suffix string) bool {
	return strings.HasPrefix(suffix, "年") || strings.HasPrefix(suffix, "月") || strings.HasPrefix(suffix, "季")
}

// weak are forms of periods that may be figures as well: 2019, 2012.3, 201203.
var weak = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\d{4}(?:\.\d{1,2}|\d{2}|\d{4})?$`) })

func isWeak(text string) bool { return weak().MatchString(foldText(text)) }

// reference reads a period on an axis. Years are those people live in.
func (g *grid) reference(text string) (p periodText, ok bool) {
	if text == "" || len(text) > 64 || !maybePeriod(text) {
		return p, false
	}
	bare, _ := barePeriod(text)
	p = g.r.period(bare)
	if p.err != nil {
		return p, errors.Is(p.err, schema.ErrNoYear)
	}
	y := p.period.First().Year
	return p, y >= 1900 && y <= 2100
}

// maybePeriod passes over what no form of a period fits: the forms are many.
func maybePeriod(text string) bool {
	if strings.ContainsAny(text, "0123456789０１２３４５６７８９") {
		return true
	}
	for _, w := range []string{"年", "季", "月"} {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

func (g *grid) dated(text string) bool {
	p, ok := g.reference(text)
	return ok && p.err == nil
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
	weakly, run := 0, 0
	var last schema.Period
	for _, c := range g.filled(row) {
		t := g.text(row, c)
		p, is := g.reference(t)
		if !is {
			if g.number(t) {
				return nil, false
			}
			continue
		}
		cols = append(cols, c)
		if isWeak(t) {
			weakly++
			if p.err == nil && !last.IsZero() {
				switch d := p.period.Compare(last); {
				case d == 0 || d*run < 0:
					return nil, false
				default:
					run = d
				}
			}
			last = p.period
		}
	}
	if len(cols) == 0 || cols[0] == 0 || weakly > 0 && weakly < len(cols) {
		return cols, false
	}
	label := g.text(row, 0)
	if len(cols) == 1 {
		return cols, labelOf(g.r, label) != "" && !g.r.likePlace(label)
	}
	return cols, !g.r.likePlace(label) && !g.number(label)
}

// walk parts the rows into blocks and what stands around them.
func (g *grid) walk(ctx context.Context) (bool, error) {
	f := &facts{}
	for i := 0; i < len(g.rows); {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		switch {
		case g.rows[i].Blank():
			g.r.blank(g.rows[i])
			g.noted = false
			i++
			continue
		case g.note(i):
			g.noted = true
			if g.blocks > 0 {
				g.tell(ExcludedNote)
			}
			g.r.endBlanks()
			if g.numbers(i, g.class(i).filled[0]+1) > 0 {
				g.r.found.Problem(g.r.problem(RowUnread, firstFilled(g.rows[i])))
			} else {
				g.r.exclude(g.rows[i], ExcludedNote)
			}
			i++
			continue
		case g.above(i):
			for _, c := range g.filled(i) {
				f.see(g.rows[i].Cell(c))
			}
			g.open = append(g.open, i)
			i++
			continue
		}
		b := g.block(i, *f)
		if b == nil {
			g.open = append(g.open, i)
			i++
			continue
		}
		g.r.endBlanks()
		g.tell(ExcludedPreamble)
		g.noted = false
		g.blocks++
		if err := b.read(); err != nil {
			return true, err
		}
		i, f = b.next, &facts{}
	}
	g.r.endBlanks()
	if g.blocks == 0 {
		g.r.found.Excluded = nil
		g.r.found.excluded = 0
		return false, nil
	}
	g.tell(ExcludedNote)
	return true, nil
}

// tell lists the rows that were read and belong to no table. One that holds
// figures is no note: somebody must say what it is.
func (g *grid) tell(code string) {
	for _, i := range g.open {
		if cols := g.filled(i); len(cols) > 1 && g.numbers(i, cols[0]+1) > 0 {
			g.r.found.Problem(g.r.problem(RowUnread, firstFilled(g.rows[i])))
			continue
		}
		g.r.exclude(g.rows[i], code)
	}
	g.open = nil
}

// above reports whether a row is a title or a line such as 单位：亿元, and no
// header.
func (g *grid) above(row int) bool {
	cols := g.class(row).filled
	if len(cols) == 1 {
		return true
	}
	key := 0
	for _, c := range cols {
		if keyed(g.text(row, c)) {
			key++
		}
	}
	if len(cols) == 2 {
		switch strings.ToLower(g.text(row, cols[0])) {
		case "data source", "last updated date", "last updated":
			return true
		}
	}
	return key > 0 && key >= len(cols)-1
}
