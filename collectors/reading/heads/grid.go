package heads

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"sync"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
	"yardstick/schema"
)

// national reports whether the file can only be about the whole country: it
// comes from the national bureau, and either from one of its national data
// bases (the provinces' and cities' have names of their own) or about what is
// national by definition.
func (g *grid) national(f account.Facts, names []string) bool {
	if !g.bureau || f.Region.Said() {
		return false
	}
	switch strings.ReplaceAll(f.Database.Text, " ", "") {
	case "年度数据", "季度数据", "月度数据":
		return true
	case "":
	default:
		return false
	}
	for _, t := range f.Titles {
		if !g.r.NationalName(t.Text) {
			return false
		}
	}
	for _, n := range names {
		if g.r.NationalName(n) {
			return true
		}
	}
	return false
}

// GridCells bounds what is looked at as a whole: layouts other than tidy may have so many cells.
const GridCells = 3_000_000

// grid is a table held in memory, to find its layout from.
type grid struct {
	r      *account.Reader
	rows   []*table.Row
	wide   int
	bureau bool           // 数据来源：国家统计局 stands in it
	legend written.Legend // what the notes say flags mean
	open   []int          // rows read and not yet told: above a table, or below the last
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
	g := &grid{r: r, legend: written.Legend{}, headers: map[int]headerRow{}, classes: map[int]rowClass{}}
	for row, err := range r.Table.Rows(ctx) {
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
	g.legend.See(text)
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
	if written.NoteStart().MatchString(first) && (g.numbers(row, cols[0]+1) == 0 || !strings.ContainsAny(first[:1], "*#") && !strings.HasPrefix(first, "＊") && !strings.HasPrefix(first, "※")) {
		return true
	}
	return g.noted && !written.Keyed(first) && g.numbers(row, cols[0]+1) == 0 && (noteLike().MatchString(first) || len(cols) == 1)
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
	n := written.ReadNumber(text, g.r.Table.Delimiter)
	return n.Fault == "" && n.Value != nil && !written.NoUnit(n.Suffix)
}

// weak are forms of periods that may be figures as well: 2019, 2012.3, 201203.
var weak = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\d{4}(?:\.\d{1,2}|\d{2}|\d{4})?$`) })

func isWeak(text string) bool { return weak().MatchString(written.FoldText(text)) }

// reference reads a period on an axis. Years are those people live in.
func (g *grid) reference(text string) (p account.PeriodText, ok bool) {
	if text == "" || len(text) > 64 || !MaybePeriod(text) {
		return p, false
	}
	bare, _ := written.BarePeriod(text)
	p = g.r.Period(bare)
	if p.Err != nil {
		return p, errors.Is(p.Err, schema.ErrNoYear)
	}
	y := p.Period.First().Year
	return p, y >= 1900 && y <= 2100
}

// MaybePeriod passes over what no form of a period fits: the forms are many.
func MaybePeriod(text string) bool {
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
			if p.Err == nil && !last.IsZero() {
				switch d := p.Period.Compare(last); {
				case d == 0 || d*run < 0:
					return nil, false
				default:
					run = d
				}
			}
			last = p.Period
		}
	}
	if len(cols) == 0 || cols[0] == 0 || weakly > 0 && weakly < len(cols) {
		return cols, false
	}
	label := g.text(row, 0)
	if len(cols) == 1 {
		return cols, account.LabelOf(g.r, label) != "" && !g.r.LikePlace(label)
	}
	return cols, !g.r.LikePlace(label) && !g.number(label)
}

// walk parts the rows into blocks and what stands around them.
func (g *grid) walk(ctx context.Context) (bool, error) {
	f := &account.Facts{}
	for i := 0; i < len(g.rows); {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		switch {
		case g.rows[i].Blank():
			g.r.Blank(g.rows[i])
			g.noted = false
			i++
			continue
		case g.note(i):
			g.noted = true
			if g.blocks > 0 {
				g.tell(account.ExcludedNote)
			}
			g.r.EndBlanks()
			if g.numbers(i, g.class(i).filled[0]+1) > 0 {
				g.r.Found.Problem(g.r.Problem(account.RowUnread, account.FirstFilled(g.rows[i])))
			} else {
				g.r.Exclude(g.rows[i], account.ExcludedNote)
			}
			i++
			continue
		case g.above(i):
			for _, c := range g.filled(i) {
				f.See(g.rows[i].Cell(c))
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
		g.r.EndBlanks()
		g.tell(account.ExcludedPreamble)
		g.noted = false
		g.blocks++
		if err := b.read(); err != nil {
			return true, err
		}
		i, f = b.next, &account.Facts{}
	}
	g.r.EndBlanks()
	if g.blocks == 0 {
		g.r.Found.Excluded = nil
		g.r.Found.LeftOut = 0
		return false, nil
	}
	g.tell(account.ExcludedNote)
	return true, nil
}

// tell lists the rows that were read and belong to no table. One that holds
// figures is no note: somebody must say what it is.
func (g *grid) tell(code string) {
	for _, i := range g.open {
		if cols := g.filled(i); len(cols) > 1 && g.numbers(i, cols[0]+1) > 0 {
			g.r.Found.Problem(g.r.Problem(account.RowUnread, account.FirstFilled(g.rows[i])))
			continue
		}
		g.r.Exclude(g.rows[i], code)
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
		if written.Keyed(g.text(row, c)) {
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
