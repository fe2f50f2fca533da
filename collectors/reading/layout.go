package reading

import (
	"context"
	"slices"
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
	"yardstick/collectors/table/refusal"
	"yardstick/schema"
	"yardstick/schema/words"
)

// layout is which column holds which field.
type layout struct {
	column    [account.FieldCount]int           // from 0; -1: none
	names     []string                          // the header's cells
	twice     []int                             // columns that name a field a second time
	other     []int                             // columns that name no field
	unit      string                            // in the value column's header: 数值(亿元)
	line, row int                               // of the header
	unseen    bool                              // the header is hidden, and was said to be left out with what it heads
	above     [account.FieldCount]account.Facet // what the lines above the header or the answers say for all rows
	beside    []string                          // units said elsewhere though there is a column of units
}

const required = account.Indicator | account.Region | account.Period | account.Value

// newLayout is that of a header in which no field is found yet.
func newLayout(names []string) *layout {
	l := &layout{names: names}
	for i := range l.column {
		l.column[i] = -1
	}
	return l
}

// layoutOf reads a row as a header.
func (r *reader) layoutOf(row *table.Row) *layout {
	l := newLayout(row.Texts)
	for i, text := range row.Texts {
		text = written.Trim(text)
		if text == "" {
			continue
		}
		if written.Digits(text) { // heads nothing
			l.other = append(l.other, i)
			continue
		}
		field, unit, ok := r.Header(text)
		if !ok {
			l.other = append(l.other, i)
			continue
		}
		if at := field.Index(); l.column[at] < 0 {
			l.column[at] = i
			if field == account.Value {
				l.unit = unit
				l.above[account.Basis.Index()] = account.Facet{Text: account.SpanIn(text), Cell: row.Cell(i)}
			}
		} else if field == account.Note {
			l.other = append(l.other, i)
		} else {
			l.twice = append(l.twice, i)
		}
	}
	for f, said := range map[account.Field]account.Facet{
		account.Indicator: account.First(account.One(r.above.Indicator), r.NamedTitle(r.above)), account.Region: account.One(r.above.Region),
		account.Period: account.One(r.above.Time), account.Unit: account.One(r.above.Unit),
	} {
		if f == account.Period && r.Period(said.Text).Err != nil || f != account.Unit && said.Said() && l.furtherFigures(r) {
			said = account.Facet{}
		}
		if f != account.Unit {
			said = account.First(r.Says(f.String(), said)...)
		}
		if said.Said() && l.column[f.Index()] < 0 {
			l.above[f.Index()] = said
		}
		if f == account.Unit && said.Said() {
			l.beside = append(l.beside, said.Text)
		}
	}
	if i := l.column[account.Indicator.Index()]; i >= 0 {
		if _, unit, ok := written.CutUnit(row.Texts[i]); ok {
			l.beside = append(l.beside, unit)
		}
	}
	return l
}

// furtherFigures reports whether a column without a field may hold figures too.
func (l *layout) furtherFigures(r *reader) bool {
	return len(l.twice) > 0 || slices.ContainsFunc(l.other, func(i int) bool { return r.moreFigures(l.names[i]) })
}

// moreFigures reports whether a header names figures beside those of the value
// column: another span, a change, another year, a period.
func (r *reader) moreFigures(header string) bool {
	t := written.Simplified(written.FoldText(header))
	return written.BasisWord(t) || written.BasesIn(t) != nil || written.GrowthRow(t) || written.Holds("more-figures", t) ||
		written.MaybePeriod(t) && r.Period(header).Err == nil
}

// dimension reports whether a header names what figures may be told apart by,
// or what they are to be multiplied with.
func dimension(header string) bool {
	return written.Is("dimension", written.Simplified(written.FoldText(header)))
}

func (l *layout) has(f account.Field) bool {
	return l.above[f.Index()].Said() || l.column[f.Index()] >= 0
}

// complete reports whether the row names all that a tidy table must have. What an
// answer or a line above says is for every way of reading alike, and chooses none.
func (l *layout) complete() bool {
	return !slices.ContainsFunc([]account.Field{account.Indicator, account.Region, account.Period, account.Value}, func(f account.Field) bool { return l.column[f.Index()] < 0 })
}

// required is the number of required fields the row names or answers give; 0
// when the value is not among them.
func (l *layout) required() (n int) {
	if l.column[account.Value.Index()] < 0 {
		return 0
	}
	for _, f := range []account.Field{account.Indicator, account.Region, account.Period, account.Value} {
		if l.has(f) {
			n++
		}
	}
	return n
}

// found is the number of fields the row names.
func (l *layout) found() (n int) {
	for _, c := range l.column {
		if c >= 0 {
			n++
		}
	}
	return n
}

// columns tells of header cells that stand twice, that no field answers to, or
// that nearly name one.
func (r *reader) columns(ctx context.Context, row *table.Row) error {
	l := r.layout
	for _, i := range l.twice {
		f, _, _ := r.Header(strings.TrimSpace(row.Texts[i]))
		if key, answer := r.columnAnswer(i); answer != "" { // another column is that already
			r.RefuseAnswer(key, answer, row.Cell(i))
			continue
		}
		r.Found.Problem(r.Problem(account.ColumnTwice, row.Cell(i), "first", account.Spot(r.Table.Sheet, row.Cell(l.column[f.Index()])), "field", f.Text()))
	}
	for _, i := range l.other {
		c := row.Cell(i)
		name := strings.TrimSpace(c.Text)
		key, answer := r.columnAnswer(i)
		if r.LabelOf(name) == account.KindFreq {
			r.frequency = i
		}
		near, close := nearField(name)
		close = close && l.column[near.Index()] < 0
		kind := r.LabelOf(name)
		switch {
		case written.Is("scale", written.Simplified(written.FoldText(name))):
			if err := r.scales(ctx, row, i); err != nil {
				return err
			}
		case answer == "" && r.moreFigures(name):
			r.asked[i] = true
			r.Ask(account.AskMeaning, key, c, r.meanings(name))
		case answer == "" && close:
			r.asked[i] = true
			r.Ask(account.AskColumn, key, c, []string{near.String(), "ignore"}, "field", near.Text(), "name", near.String())
		case answer == "" && (dimension(name) || kind == "" || kind == account.KindOther):
			r.further = append(r.further, i)
		case answer == "" || answer == "ignore":
			r.Found.Exclude(r.Problem(account.ExcludedColumn, c))
		case answer == "total":
			r.totals = append(r.totals, i)
		case !r.asFigures(i, c, answer):
			r.asked[i] = true
			r.RefuseAnswer(key, answer, c)
		}
	}
	if len(l.twice) > 0 {
		r.Found.Whole = true
		return errStop // which column is meant decides every row
	}
	return r.dimensions(ctx, row)
}

// dimensions asks about the columns that may tell figures apart and say something;
// the others are listed as left out.
func (r *reader) dimensions(ctx context.Context, head *table.Row) error {
	if len(r.further) == 0 {
		return nil
	}
	said, whole := map[int]table.Cell{}, map[int]bool{}
	coded := isSDMX(head)
	for row, err := range r.Table.Rows(ctx) {
		if err != nil {
			return err
		}
		if row.Number <= head.Number || written.Signed(row.Texts) {
			continue
		}
		for _, i := range r.further {
			switch t := strings.TrimSpace(row.Cell(i).Text); {
			case t == "" || t == head.Texts[i] || !coded && (t == "0" || t == "1") || coded && unadjusted(t):
			case account.Whole(t) || coded && account.Whole(codeOf(t)):
				whole[i] = true
			case said[i].Row == 0:
				said[i] = row.Cell(i)
			}
		}
	}
	for _, i := range r.further {
		c := head.Cell(i)
		at, says := said[i]
		if !says {
			r.Found.Exclude(r.Problem(account.ExcludedColumn, c))
			continue
		}
		r.asked[i] = true
		candidates := []string{"ignore"}
		if whole[i] {
			candidates = []string{"total", "ignore"}
		}
		at.Text = c.Text
		key, _ := r.columnAnswer(i)
		r.Ask(account.AskDimension, key, at, candidates)
	}
	return nil
}

// nearField is the field whose usual name a header nearly is: staus, 数据状态码.
func nearField(header string) (account.Field, bool) {
	text := strings.ToLower(strings.TrimSpace(header))
	for i, name := range account.FieldNames() {
		off := 2
		if len(name) <= 5 {
			off = 1
		}
		if distance(text, name) <= off {
			return 1 << i, true
		}
	}
	if near, ok := written.MeansWithin("near", text); ok {
		return account.FieldNamed(near)
	}
	return 0, false
}

// distance is the number of letters to put in, take out or change to make b of
// a (Levenshtein).
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	if d := len(x) - len(y); d > 2 || d < -2 {
		return 3 // more than anybody asks
	}
	before := make([]int, len(y)+1)
	for j := range before {
		before[j] = j
	}
	for i := range x {
		row := make([]int, len(y)+1)
		row[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			row[j+1] = min(before[j]+cost, before[j+1]+1, row[j]+1)
		}
		before = row
	}
	return before[len(y)]
}

// likeliest is, of the first rows, the one that names the most fields.
func (r *reader) likeliest(rows []*table.Row) (best *layout, at *table.Row) {
	for _, row := range rows {
		if row.Blank() {
			continue
		}
		if l := r.layoutOf(row); best == nil || l.found() > best.found() {
			best, at = l, row
		}
	}
	return best, at
}

// notTidy says that no header was found: what the likeliest row lacks and what
// it says.
func (r *reader) notTidy(rows []*table.Row, best *layout, at *table.Row) {
	if at == nil {
		r.Found.Problem(schema.Problem{Code: refusal.Empty, File: r.Table.File, Sheet: r.Table.Sheet, Text: words.Say("problem-" + refusal.Empty)})
		return
	}
	var missing []schema.Text
	var lacks account.Field
	for i := range account.FieldCount {
		if f := account.Field(1 << i); f&required != 0 && !best.has(f) {
			missing, lacks = append(missing, f.Text()), f
		}
	}
	if len(missing) == 1 && lacks == account.Period {
		r.Found.Dropped += max(0, r.Table.Records-at.Number)
		r.AskPeriod(account.FirstFilled(at), titlesAbove(rows, at))
		return
	}
	if len(missing) == 1 && lacks != account.Value { // one word for the whole file settles it
		r.Found.Dropped += max(0, r.Table.Records-at.Number)
		titles := titlesAbove(rows, at)
		if lacks == account.Region {
			titles = r.PlacesIn(titles)
		}
		r.Ask(map[account.Field]string{account.Indicator: account.AskIndicator, account.Region: account.AskRegion}[lacks], lacks.String(), account.FirstFilled(at), titles)
		return
	}
	seen := make([]string, 0, len(best.names))
	for _, n := range best.names {
		if n = table.Excerpt(n); n != "" && len(seen) < 20 {
			seen = append(seen, n)
		}
	}
	c := account.FirstFilled(at)
	p := r.Problem(account.NotTidy, c, "missing", schema.Listed(missing...), "seen", schema.ListedWords(seen))
	p.Written = table.Excerpt(account.Joined(at))
	r.Found.Problem(p)
}

// titlesAbove are the first lines above a header that say something.
func titlesAbove(rows []*table.Row, header *table.Row) (out []string) {
	for _, row := range rows {
		if row.Number >= header.Number || len(out) == 3 {
			break
		}
		if !row.Blank() && !written.Keyed(account.Joined(row)) {
			out = append(out, table.Excerpt(account.Joined(row)))
		}
	}
	return out
}

// titles are the lines above a header that stand in one cell.
func titles(rows []*table.Row) (out []account.Facet) {
	for _, row := range rows {
		c := account.FirstFilled(row)
		filled := 0
		for _, t := range row.Texts {
			if strings.TrimSpace(t) != "" {
				filled++
			}
		}
		if filled == 1 && !written.Keyed(c.Text) {
			out = append(out, account.Facet{Text: strings.TrimSpace(c.Text), Cell: c})
		}
	}
	return out
}
