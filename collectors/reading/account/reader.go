// Package account is where every figure of a table, and whatever is wrong, open or
// left out, is told; with what all layouts need to tell it.
package account

import (
	"errors"
	"strconv"
	"strings"

	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
	"yardstick/collectors/table/numfmt"
	"yardstick/schema"
	"yardstick/schema/words"
)

// What an axis may hold.
const (
	KindIndicator Kind = "indicator"
	KindRegion    Kind = "region"
	KindPeriod    Kind = "period"
	KindUnit      Kind = "unit"
	KindBasis     Kind = "basis"
	KindFreq      Kind = "frequency"
	KindCode      Kind = "code" // a code or number of the row, beside its name
	KindNote      Kind = "note"
	KindStatus    Kind = "status"
	KindPublished Kind = "published"
	KindOther     Kind = "other" // a label that names no axis
)

// Bad tells a problem of the row's field f.
func (r *Reader) Bad(f Field, p schema.Problem) {
	r.Row.Bad |= f
	column, row := table.Place(p.Cell)
	r.mark(row, column, asWrong)
	r.Found.Problem(p)
}

// PeriodText is a period as read.
type PeriodText struct {
	Period schema.Period
	Basis  schema.Basis
	Err    error
	Given  bool // it names no year: the answer does
}

// Partial reports whether it is a part of a year whose year is not said.
func (p PeriodText) Partial() bool { return errors.Is(p.Err, schema.ErrNoYear) }

// Annual reports whether it is a year.
func (p PeriodText) Annual() bool { return p.Err == nil && p.Period.Frequency() == schema.Annual }

// Period reads a reference period; what a file says over and over is read once.
func (r *Reader) Period(text string) PeriodText {
	if p, ok := r.periods[text]; ok {
		return p
	}
	var p PeriodText
	said := strings.TrimSpace(text)
	if MaybeOctober(written.FoldText(said)) && strings.TrimSpace(r.Options.Given["october"]) == "october" {
		said += "0"
	}
	p.Period, p.Basis, p.Err = schema.ParsePeriod(said)
	if year := strings.TrimSuffix(strings.TrimSpace(r.Options.Given["year"]), "年"); p.Partial() && year != "" {
		p.Period, p.Basis, p.Err = schema.ParsePeriod(year + "年" + strings.TrimSpace(text))
		p.Given = true
	}
	remember(&r.periods, text, p)
	return p
}

// remember keeps what was made out of a text that a file may say over and over: of so
// many short ones.
func remember[T any](by *map[string]T, text string, made T) {
	if *by == nil {
		*by = map[string]T{}
	}
	if len(*by) < 1<<14 && len(text) < 256 {
		(*by)[strings.Clone(text)] = made
	}
}

// Name is a name taken apart: without the marks of footnotes, its second language and
// its unit.
type Name struct {
	Text, Unit string
	Cut        bool // it bore a unit
}

// Name takes a name apart; what a file says over and over is taken apart once.
func (r *Reader) Name(text string) Name {
	if n, ok := r.names[text]; ok {
		return n
	}
	bare, unit, cut := written.CutUnit(written.Unmark(written.Chinese(text)))
	n := Name{bare, unit, cut}
	if cut {
		n.Text = written.Unmark(bare)
	}
	remember(&r.names, text, n)
	return n
}

// ReadDay reads a day, or a month or year that stands for its last day.
func ReadDay(text string, read func(string) PeriodText) (schema.Date, bool) {
	p := read(text)
	if p.Err != nil || p.Basis != "" && p.Basis != schema.Point {
		return schema.Date{}, false
	}
	switch p.Period.Frequency() {
	case schema.Annual, schema.Monthly, schema.Daily:
		return p.Period.Last(), true
	}
	return schema.Date{}, false
}

// Ask puts a question about a cell; nothing of the file is certain then.
func (r *Reader) Ask(code, key string, c table.Cell, candidates []string, args ...any) {
	r.AskAbout(nil, code, key, c, candidates, args...)
}

// AskAbout is ask for a question that concerns the named indicators alone.
func (r *Reader) AskAbout(about []string, code, key string, c table.Cell, candidates []string, args ...any) {
	r.Found.Whole = true
	r.Open(c)
	if key, candidates = r.asked(key, candidates); !r.Found.asks(key) {
		return
	}
	said := schema.ListedWords(candidates)
	if len(candidates) == 0 {
		said = words.Say("candidates-none")
	}
	r.Found.Ask(Question(r.Table.File, r.Table.Sheet, c, code, key, candidates, about, append(args, "candidates", said)...))
}

// RefuseAnswer tells that an answer about a cell can mean nothing there.
func (r *Reader) RefuseAnswer(key, answer string, c table.Cell) {
	p := BadAnswer(r.Table.File, key, answer)
	p.Sheet, p.Line, p.Column, p.Cell = r.Table.Sheet, c.Line, c.Column, c.Name()
	r.Found.Whole = true
	r.Found.Problem(p)
}

// AskBasis asks of which span the figures of the named indicators are: of their
// period alone, or since the start of its year.
func (r *Reader) AskBasis(names []string, c table.Cell) {
	r.AskAbout(names, AskBasis, "basis", c, []string{"period", "ytd"}, "names", strings.Join(names[:min(3, len(names))], "、"))
}

// AskPeriod asks of which period a table's figures are. What may be answered are the
// periods that its titles name.
func (r *Reader) AskPeriod(c table.Cell, titles []string) {
	var at []Facet
	for _, t := range titles {
		at = append(at, Facet{t, c})
	}
	said := schema.ListedWords(titles)
	if len(titles) == 0 {
		said = words.Say("candidates-none")
	}
	r.Ask(AskPeriod, "period", c, r.TitleTimes(at).Offers, "titles", said)
}

// YearsInTitle is a title in which years bear their word, as they do elsewhere: 2024年
// of 大连市2024主要经济指标.
func (r *Reader) YearsInTitle(title string) string {
	text := bareYear().ReplaceAllString(written.FoldWidth(title), "${1}年$2")
	if m := placeYear().FindStringSubmatch(text); m != nil && r.LikePlace(m[1]) {
		return m[1] + m[2] + "年" + m[3]
	}
	return text
}

var placeYear = written.Pattern(`^([\p{Han}]{2,12})((?:19|20)\d{2})([^年\d\s.\-/—–~～至].*)$`)

var bareYear = written.Pattern(`((?:^|[省市区县州盟旗])(?:19|20)\d{2})([^年\d\s.\-/—–~～至]|$)`)

// Labelled takes what the labels of the file's vendor say, before all others.
func (r *Reader) Labelled(labels map[string]Kind) { r.labels, r.kinds = labels, nil }

// header is a header cell as read.
type header struct {
	field Field
	unit  string
	ok    bool
}

// Header reads one header cell: an answer for it goes before the register's
// names; a value's header may carry the unit in brackets.
func (r *Reader) Header(text string) (f Field, unit string, ok bool) {
	h, known := r.headers[text]
	if !known {
		h.field, h.unit, h.ok = r.header(text)
		remember(&r.headers, text, h)
	}
	return h.field, h.unit, h.ok
}

func (r *Reader) header(text string) (f Field, unit string, ok bool) {
	if answer, asked := r.Options.Given[written.ColumnKey(text)]; asked {
		f, ok = FieldNamed(strings.TrimSpace(answer))
		return f, "", ok
	}
	if name, ok := r.Options.Headers.Header(written.Simplified(text)); ok {
		f, ok = FieldNamed(name)
		return f, "", ok
	}
	if bare, unit, ok := written.CutUnit(text); ok {
		if name, _ := r.Options.Headers.Header(written.Simplified(bare)); name == "value" {
			return Value, unit, true
		}
	}
	if bare, ok := r.spanned(text); ok {
		return r.Header(bare)
	}
	return 0, "", false
}

// spanned is a header without the span that stands in brackets behind it: 时期(月),
// 数值(当月末). ok is false where nothing of the kind does.
func (r *Reader) spanned(text string) (bare string, ok bool) {
	bare, inner, ok := written.SplitBrackets(strings.Join(strings.Fields(text), ""))
	return bare, ok && (written.Is("span", inner) || written.BasesIn(inner) != nil)
}

// SpanIn is the span that stands in brackets behind a header: 当月末 of 数值(当月末); ""
// where none does.
func SpanIn(text string) string {
	_, inner, ok := written.SplitBrackets(strings.Join(strings.Fields(text), ""))
	if !ok || written.BasesIn(inner) == nil {
		return ""
	}
	return inner
}

// Knows reports whether the registers know an indicator by this name, with or
// without a unit after it.
func (r *Reader) Knows(name string) bool {
	if r.Options.Known == nil {
		return false
	}
	name, _, _ = written.CutUnit(name)
	_, _, ok := r.Options.Known(name)
	return ok
}

// Merge gives the merged area that row and column (from 1) belong to.
func (r *Reader) Merge(row, column int) (table.Merge, bool) {
	m, ok := r.Table.Merged(row, column)
	return m, ok && (m.FirstRow < m.LastRow || m.FirstColumn < m.LastColumn)
}

// TellMerged tells once that a number is merged over the cells of other figures.
func (r *Reader) TellMerged(m table.Merge, c table.Cell) {
	if r.Spreads[m] {
		return
	}
	if r.Spreads == nil {
		r.Spreads = map[table.Merge]bool{}
	}
	r.Spreads[m] = true
	last := table.Cell{Row: m.LastRow, Column: m.LastColumn}
	r.Tell(ValueMerged, c, "last", last.Name())
}

// AsScaled asks about a figure that its cell shows divided, in thousands or 万:
// the sheet's unit may be that of the number stored or of the one shown.
func (r *Reader) AsScaled(c table.Cell) {
	if c.Scaled && strings.TrimSpace(r.Options.Given["scaled"]) != "stored" {
		r.Ask(AskScaled, "scaled", c, []string{"stored"})
	}
}

// LikePlace reports whether a name is a place's: one that is known, or one that
// ends as places do.
func (r *Reader) LikePlace(name string) bool {
	name = written.Simplified(strings.Join(strings.Fields(written.FoldWidth(name)), ""))
	if written.Is("place", name) {
		return true
	}
	if r.LabelOf(name) != "" {
		return false // 地区 heads a list of places and is none
	}
	if r.Options.Regions != nil && r.Options.Regions(name) {
		return true
	}
	for _, end := range written.Words("place-end") {
		stem, ok := strings.CutSuffix(name, end)
		if !ok {
			continue
		}
		n := len([]rune(stem))
		if r.Knows(name) {
			return false // 产学研联盟
		}
		if written.Is("place", stem) || n >= 1 && n <= 6 && written.OnlyHan(stem) && !written.MeasureWord(stem+end) {
			return true
		}
	}
	return false
}

// Reader is what every layout needs while a table is read: the table, what was
// said about it, and where to tell what is found.
type Reader struct {
	Table   *table.Table
	Options Options
	Found   *Findings
	Each    func(*Candidate) error
	Row     Candidate              // the figure being read
	blanks  struct{ from, to int } // lines of the blank rows that follow each other, not yet told
	periods map[string]PeriodText  // read before
	names   map[string]Name        // taken apart before
	labels  map[string]Kind        // what the labels of the file's vendor say, before all others
	kinds   map[string]Kind        // what labels said before
	headers map[string]header      // read before
	placed  map[string][2]string   // place and rest of names, taken apart before

	Spreads map[table.Merge]bool // areas of figures told

	marks     map[int][]byte // how the cells of a row ended, by its number, until it is settled
	blanksIn  []bool         // whether blanks are marks of thousands, by column; nil: not yet looked at
	blanksRow struct {       // the row last looked at, and whether they are in it
		number int
		marks  bool
	}
}

// NewReader makes one; each is given every figure.
func NewReader(t *table.Table, o Options, found *Findings, each func(*Candidate) error) *Reader {
	switch answer := strings.TrimSpace(o.Given["seen."+numfmt.Covered.String()]); answer {
	case takeStored, takeShown:
		t = t.Uncovered(answer == takeStored)
	}
	return &Reader{Table: t, Options: o, Found: found, Each: each}
}

// The header is searched for within so many rows, and so many bytes of them.
const (
	HeaderWithin      = 200
	HeaderWithinBytes = 16 << 20
)

// Exclude lists a row as left out.
func (r *Reader) Exclude(row *table.Row, code string) {
	r.row(row, asLeft)
	p := r.Problem(code, FirstFilled(row), "line", row.Line, "written", table.Excerpt(Joined(row)))
	p.Written = table.Excerpt(Joined(row))
	r.Found.Exclude(p)
}

// Blank notes a blank row; those that follow each other are told in one remark.
func (r *Reader) Blank(row *table.Row) {
	if r.blanks.from == 0 {
		r.blanks.from = row.Line
	}
	r.blanks.to = row.Line
}

// EndBlanks tells the blank rows noted so far.
func (r *Reader) EndBlanks() {
	b := r.blanks
	if b.from == 0 {
		return
	}
	r.blanks.from = 0
	id := "excluded-" + ExcludedBlank
	if b.to > b.from {
		id = "excluded-blank-rows"
	}
	p := schema.Problem{Code: ExcludedBlank, File: r.Table.File, Sheet: r.Table.Sheet, Line: b.from,
		Text: words.Say(id, "line", b.from, "to", b.to)}
	r.Found.Exclude(p)
}

// Problem is a remark at a cell. The sentence may name it as {cell}, {line},
// {column} and {written}.
func (r *Reader) Problem(code string, c table.Cell, args ...any) schema.Problem {
	if r.Found.problems >= Most && r.Found.LeftOut >= Most { // it is counted, and not listed
		return schema.Problem{Code: code, File: r.Table.File, Sheet: r.Table.Sheet, Line: c.Line, Column: c.Column, Cell: c.Name()}
	}
	return At(r.Table.File, r.Table.Sheet, c, code, args...)
}

// Ragged tells of a row that has not the cells of so many columns, at the first
// cell that is too many or missing.
func (r *Reader) Ragged(row *table.Row, columns int) {
	p := r.Problem(RowRagged, row.Cell(min(row.Len(), columns)), "cells", row.Len(), "columns", columns)
	p.Written = table.Excerpt(Joined(row))
	r.TellRow(row, p)
}

// AboveShape is the shape of a line above a table: of each cell its column, and
// the key it names or, where it names none, its words. The value counts only
// where it says what kind of figures follow: unit, data base, frequency.
func (r *Reader) AboveShape(row *table.Row) string {
	var cells []string
	for c, text := range row.Texts {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		folded := written.FoldTimes(text)
		if key, said, ok := written.KeyOf(text); ok {
			folded = key
			switch what, _ := written.Means("key", key); what {
			case "unit", "database", "frequency":
				folded += "=" + written.FoldTimes(said)
			}
		}
		cells = append(cells, strconv.Itoa(c), folded)
	}
	return written.JoinShape(cells...)
}

// OnFrequency puts a month's figure onto the quarters or years that the file
// says the series has. False: nothing stands at the month, and it ends none.
func (r *Reader) OnFrequency(c *Candidate, said string) bool {
	said, _, _ = strings.Cut(said, ",") // Quarterly, ending "Mar, Jun"
	f, ok := written.Means("frequency", written.FoldText(said))
	if !ok || c.When.Frequency() != schema.Monthly && c.When.Frequency() != schema.Daily {
		return true
	}
	if schema.Frequency(f) == c.When.Frequency() {
		return true
	}
	q, ok := c.When.EndingWith(schema.Frequency(f))
	if day := c.When.First(); c.When.Frequency() == schema.Daily {
		q = schema.PeriodOf(schema.Frequency(f), day)
		ok = q.Last() == day || q.First() == day
	}
	if !ok {
		if c.Missing() {
			return false
		}
		c.Bad |= Period
		r.Tell(OffFrequency, c.Cell(Value), "frequency", words.Say("frequency-"+f), "period", c.When.String())
		return true
	}
	c.When = q
	return true
}

// GivenFor is the answer under a key for one indicator: by its code, by its
// name as written, or for the whole file.
func (r *Reader) GivenFor(key, name string) string {
	if r.Options.Known != nil {
		if code, _, ok := r.Options.Known(name); ok && r.Options.Given[key+"."+code] != "" {
			return r.Options.Given[key+"."+code]
		}
	}
	if said := r.Options.Given[key+"."+name]; said != "" {
		return said
	}
	return r.Options.Given[key]
}

// NotOurs reports whether somebody said of a name that it is none of the feed's:
// nothing is asked about its figures, which are left out.
func (r *Reader) NotOurs(name string) bool {
	name, _, _ = written.CutUnit(name)
	said := strings.TrimSpace(r.Options.Given["indicator."+name])
	return said == "ignore" || said == "" && strings.TrimSpace(r.Options.Given["others.indicators"]) == "ignore" && !r.Knows(name)
}

// UnitGiven is the unit that was answered for a name. What was said for the whole
// file goes for names that the registers lack; of the others the catalogue tells
// which it suits.
func (r *Reader) UnitGiven(name string) string {
	if said := r.GivenFor("unit", name); said != r.Options.Given["unit"] || !r.Knows(name) {
		return said
	}
	return ""
}

// Kind is what a row or column of an axis holds.
type Kind string

// LabelOf reads the cell at the head of an axis: 指标, 地区, Country Name. ""
// when it names none.
func (r *Reader) LabelOf(text string) Kind {
	k, ok := r.kinds[text]
	if !ok {
		k = r.labelOf(text)
		remember(&r.kinds, text, k)
	}
	return k
}

func (r *Reader) labelOf(text string) Kind {
	t := written.Simplified(written.FoldText(text))
	if t == "" {
		return ""
	}
	if k, ok := r.labels[t]; ok {
		return k
	}
	if k, ok := written.Means("label", t); ok {
		return Kind(k)
	}
	if name, ok := r.Options.Headers.Header(written.Simplified(strings.TrimSpace(text))); ok {
		switch name {
		case "indicator", "region", "period", "unit", "basis", "note", "status", "published":
			return Kind(name)
		}
	}
	if c := written.Chinese(text); c != text { // 指标 Item
		return r.LabelOf(c)
	}
	if bare, ok := r.spanned(text); ok {
		return r.LabelOf(bare)
	}
	return ""
}

// Total reports whether a name on an axis is a total rather than a member.
func Total(name string, k Kind) bool {
	t := strings.Trim(written.Simplified(written.FoldText(name)), ":：()")
	return written.Is("total", t) || k != KindIndicator && written.Holds("total-within", t)
}

// Whole reports whether a member of a dimension is all of it: 合计, 全部, 不分, _T.
func Whole(name string) bool {
	t := strings.Trim(written.Simplified(written.FoldText(name)), ":：()")
	return t == "" || written.Is("total", t) || written.Is("whole", t)
}
