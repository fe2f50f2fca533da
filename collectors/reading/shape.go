package reading

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"yardstick/collectors/table"
	"yardstick/schema"
)

// The shape of a file is what does not change from one month's file to the
// next of the same form: its sheets, the kind of layout, the lines above each
// table and the cells of its header, with periods, dates and numbers folded
// away. The names of rows are no part of it, nor are the answers: the shape is
// found without them, so that it is the same before and after they are known.

// shapeVersion goes into every fingerprint: a change of what makes a shape must
// not find answers remembered for another one.
const shapeVersion = "1"

// Layout is a fingerprint of the shapes of a file's tables, 16 hex characters:
// files of the same form have the same one, though their periods, rows and
// figures differ. Answers do not change it. Tables alike that follow each other
// (a sheet a month) are one.
func Layout(ctx context.Context, tables []*table.Table, o Options) (string, error) {
	var shapes []string
	for _, t := range tables {
		s, err := shapeOf(ctx, t, o)
		if err != nil {
			return "", fmt.Errorf("finding the layout of %s: %w", t.File, err)
		}
		if n := len(shapes); n == 0 || shapes[n-1] != s {
			shapes = append(shapes, s)
		}
	}
	sum := sha256.Sum256([]byte(shapeVersion + "\x1c" + strings.Join(shapes, "\x1c")))
	return hex.EncodeToString(sum[:8]), nil
}

// shapeOf finds the shape of a table.
func shapeOf(ctx context.Context, t *table.Table, o Options) (string, error) {
	o.Given, o.Known = nil, nil
	if o.Periods == nil {
		o.Periods = schema.NewPeriodReader()
	}
	r := &reader{table: t, options: o, found: &Findings{}, periods: map[string]periodText{}}
	sheet := foldTimes(t.Sheet)
	if strings.HasPrefix(sheet, "sheet") || strings.HasPrefix(sheet, "工作表") {
		sheet = "" // nobody named it
	}
	if o.Sheets > 1 && t.Hidden {
		return joinShape("hidden", sheet), nil
	}
	head, kind, above, err := r.tidyHeader(ctx)
	if err != nil {
		return "", err
	}
	if head != nil {
		cells := make([]string, len(head.Texts))
		for i, c := range head.Texts {
			cells[i] = foldTimes(c)
		}
		name := ""
		if l := r.layoutOf(head); kind == "tidy" && !l.complete() {
			name = foldName(t.File) // it may say what no column says
		}
		return joinShape(kind, sheet, name, joinShape(above...), joinShape(cells...)), nil
	}
	if o.Sheets > 1 && r.describes(ctx) {
		return joinShape("described", sheet), nil
	}
	if t.Cells > gridCells {
		return joinShape("large", sheet, foldName(t.File)), nil
	}
	g, err := r.newGrid(ctx)
	if err != nil {
		return "", err
	}
	blocks, lacks, err := g.shapes(ctx)
	if err != nil {
		return "", err
	}
	name := ""
	if lacks {
		name = foldName(t.File)
	}
	return joinShape("grid", sheet, name, joinShape(blocks...)), nil
}

func joinShape(parts ...string) string {
	var b strings.Builder
	for _, p := range parts { // lengths before: no cell can be taken for two
		b.WriteString(strconv.Itoa(len(p)))
		b.WriteByte(':')
		b.WriteString(p)
	}
	return b.String()
}

// tidyHeader finds the header of a tidy table, though it lack a column, or of
// an SDMX-CSV message.
func (r *reader) tidyHeader(ctx context.Context) (head *table.Row, kind string, above []string, err error) {
	n, bytes := 0, 0
	for row, err := range r.table.Rows(ctx) {
		if err != nil {
			return nil, "", nil, err
		}
		if n == 0 && isSDMX(row) {
			return row.Clone(), "sdmx", nil, nil
		}
		l := r.layoutOf(row)
		if l.complete() {
			return row.Clone(), "tidy", above, nil
		}
		if head == nil && l.required() >= 3 {
			head = row.Clone()
		}
		if head == nil && !row.Blank() {
			above = append(above, r.aboveShape(row))
		}
		r.seeAbove(row)
		for _, text := range row.Texts {
			bytes += len(text)
		}
		if n++; n == headerWithin || bytes > headerWithinBytes {
			break
		}
	}
	return head, "tidy", above, nil
}

// shapes gives the shape of each table on the sheet, and whether one of them
// leaves out what only the file's name may say.
func (g *grid) shapes(ctx context.Context) (out []string, lacks bool, err error) {
	f := &facts{}
	var above []string
	for i := 0; i < len(g.rows); {
		if err := ctx.Err(); err != nil {
			return nil, false, err
		}
		switch {
		case g.rows[i].Blank():
			g.noted = false
			i++
			continue
		case g.note(i):
			g.noted = true
			i++
			continue
		case g.above(i):
			for _, c := range g.filled(i) {
				f.see(g.rows[i].Cell(c))
			}
			above = append(above, g.r.aboveShape(g.rows[i]))
			i++
			continue
		}
		b := g.block(i, *f)
		if b == nil {
			i++
			continue
		}
		g.noted = false
		s := joinShape(joinShape(above...), b.shape())
		if len(out) == 0 || out[len(out)-1] != s { // a block a year
			out = append(out, s)
		}
		lacks = lacks || b.lacks()
		i, f, above = b.next, &facts{}, nil
	}
	if len(out) == 0 {
		lacks = true
	}
	return out, lacks, nil
}

// aboveShape is the shape of a line above a table: of each cell its column, and
// the key it names or, where it names none, its words. The value counts only
// where it says what kind of figures follow: unit, data base, frequency.
func (r *reader) aboveShape(row *table.Row) string {
	var cells []string
	for c, text := range row.Texts {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		folded := foldTimes(text)
		if key, said, ok := keyOf(text); ok {
			switch key {
			case "单位", "计量单位", "数据单位", "unit", "units", "数据库", "database", "频度", "频率", "frequency":
				folded = key + "=" + foldTimes(said)
			default:
				folded = key
			}
		}
		cells = append(cells, strconv.Itoa(c), folded)
	}
	return joinShape(cells...)
}

// lacks reports whether neither the lines above the table nor its header or
// rows name the indicator, or the region.
func (b *block) lacks() bool {
	a := &axes{b: b, stub: map[int]kind{}, dated: -1, years: -1, period: -1, part: -1}
	if !a.findDated() {
		return true
	}
	a.findPeriodColumn()
	a.findStub()
	a.readColumns()
	indicator, region := one(b.facts.indicator).said(), one(b.facts.region).said()
	for _, k := range a.stub {
		indicator, region = indicator || k == kindIndicator, region || k == kindRegion
	}
	for _, c := range a.columns {
		indicator, region = indicator || c.indicator.said(), region || c.region.said()
	}
	return !indicator || !region
}

// shape is the header, column by column. In a run of columns that name periods
// each kind of column counts once.
func (b *block) shape() string {
	g := b.g
	wide := 0
	for _, h := range b.head {
		if cols := g.class(h).filled; len(cols) > 0 {
			wide = max(wide, cols[len(cols)-1]+1)
		}
	}
	carried := make([]string, len(b.head))
	var columns []string
	var run []string // kinds of columns seen in this run of periods
	for c := range wide {
		cells := make([]string, len(b.head))
		dated, empty := false, true
		for n, h := range b.head {
			text := g.text(h, c)
			if text == "" && n < len(b.head)-1 {
				text = carried[n]
			} else if text != "" {
				carried[n] = text
			}
			cells[n] = foldTimes(text)
			if p, ok := g.reference(text); ok && !p.period.IsZero() || ok && p.err != nil {
				dated, cells[n] = true, "#"
			}
			empty = empty && g.text(h, c) == ""
		}
		s := joinShape(cells...)
		switch {
		case empty && run != nil:
			continue // flags beside each period
		case dated:
			if slices.Contains(run, s) {
				continue
			}
			run = append(run, s)
		default:
			run = nil
		}
		columns = append(columns, s)
	}
	return joinShape(columns...)
}

// times matches what tells one month's text from the next one's: numbers with
// the words of time around them, quarters and parts of a year, English months.
var times = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:` +
		`(?:截至|截止)?[0-9〇○]+(?:[0-9.,'/:~—–～-]|年|月|日|号|季|度|份|旬|底|末|至|到)*|` +
		`[一二三四五六七八九〇○]{4}年|十?[一二三四五六七八九十]月份?|` +
		`第?[一二三四]季度?|上半年|下半年|前[二两三四]个?季度|[上中下]旬|全年|` +
		`\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?|` +
		`\b[qhm][0-9]+\b)+`)
})

var timesRun = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`#(?:[-/.~—–～_至到年月日 ]*#)*`) })

// foldTimes is a text without what changes from one period to the next.
func foldTimes(s string) string {
	s = strings.ToLower(simplified(strings.TrimSpace(foldWidth(s))))
	s = times().ReplaceAllString(strings.ReplaceAll(s, "#", ""), "#")
	return strings.ReplaceAll(timesRun().ReplaceAllString(s, "#"), " ", "")
}

// foldName is the name of a file without its folder, its extension and what
// changes from one period to the next.
func foldName(s string) string {
	s = path.Base(strings.ReplaceAll(s, `\`, "/"))
	for {
		ext := path.Ext(s)
		switch strings.ToLower(ext) {
		case ".csv", ".tsv", ".txt", ".xls", ".xlsx", ".xlsm", ".et", ".htm", ".html", ".gz", ".zip", ".gbk":
			s = strings.TrimSuffix(s, ext)
			continue
		}
		return strings.Trim(foldTimes(s), "#-_.()")
	}
}
