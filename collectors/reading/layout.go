package reading

import (
	"slices"
	"strings"

	"yardstick/collectors/table"
	"yardstick/collectors/table/refusal"
	"yardstick/schema"
	"yardstick/schema/words"
)

// layout is which column holds which field.
type layout struct {
	column [fieldCount]int // from 0; -1: none
	given  Field           // fields the answers give for the whole file
	names  []string        // the header's cells
	twice  []int           // columns that name a field a second time
	other  []int           // columns that name no field
	unit   string          // in the value column's header: 数值(亿元)
	above  map[Field]facet // what the lines above the header say for all rows
}

const required = Indicator | Region | Period | Value

// layoutOf reads a row as a header.
func (r *reader) layoutOf(row *table.Row) *layout {
	l := &layout{names: append([]string(nil), row.Texts...)}
	for i := range l.column {
		l.column[i] = -1
	}
	for i, text := range row.Texts {
		text = strings.TrimSpace(text)
		if text == "" {
			continue
		}
		field, unit, ok := r.header(text)
		if !ok {
			l.other = append(l.other, i)
			continue
		}
		if at := field.index(); l.column[at] < 0 {
			l.column[at] = i
			if field == Value {
				l.unit = unit
			}
		} else {
			l.twice = append(l.twice, i)
		}
	}
	l.above = map[Field]facet{}
	for f, said := range map[Field]facet{Indicator: first(one(r.above.indicator), r.namedTitle(r.above)), Region: one(r.above.region), Period: one(r.above.time), Unit: one(r.above.unit)} {
		if f == Period && r.period(said.text).err != nil || f != Unit && l.furtherFigures(r) {
			continue
		}
		if l.column[f.index()] < 0 && said.said() {
			l.above[f] = said
			l.given |= f
		}
	}
	for _, f := range []Field{Indicator, Region, Period} {
		if l.column[f.index()] < 0 && !l.has(f) && r.options.Given[f.String()] != "" {
			l.above[f] = facet{text: r.options.Given[f.String()]}
			l.given |= f
		}
	}
	return l
}

// furtherFigures reports whether a column without a field may hold figures too.
func (l *layout) furtherFigures(r *reader) bool {
	for _, i := range l.other {
		if r.moreFigures(l.names[i]) {
			return true
		}
	}
	return len(l.twice) > 0
}

// moreFigures reports whether a header names figures beside those of the value
// column: another span, a change, another year, a period.
func (r *reader) moreFigures(header string) bool {
	t := simplified(foldText(header))
	if basisWord(t) || basesIn(t) != nil || growthRow().MatchString(t) {
		return true
	}
	for _, w := range []string{"同比", "环比", "增长", "增速", "增幅", "上年", "去年", "上期", "上月", "累计", "同期", "本年", "占比", "比重", "growth", "yoy", "previous"} {
		if strings.Contains(t, w) {
			return true
		}
	}
	return maybePeriod(t) && r.period(header).err == nil
}

// dimension reports whether a header names what figures may be told apart by,
// or what they are to be multiplied with.
func dimension(header string) bool {
	t := simplified(foldText(header))
	switch t {
	case "行业", "产业", "产品", "品种", "性别", "年龄", "年龄组", "城乡", "类型", "分类", "类别", "分组", "规模", "登记注册类型", "所有制", "部门", "领域", "项目类别", "子项", "分项", "明细",
		"数量级", "倍数", "乘数", "换算", "量级", "价格类型", "sex", "age", "sector", "industry", "product", "subject", "group", "category", "type", "class", "breakdown", "adjustment",
		"scale", "multiplier", "unitmultiplier", "unit_mult", "unitmult", "powercode", "powercodecode", "location", "transaction":
		return true
	}
	return false
}

// header reads one header cell: an answer for it goes before the register's
// names; a value's header may carry the unit in brackets.
func (r *reader) header(text string) (f Field, unit string, ok bool) {
	if answer, asked := r.options.Given[columnKey(text)]; asked {
		f, ok = fieldNamed(answer)
		return f, "", ok
	}
	if name, ok := r.options.Headers.Header(simplified(text)); ok {
		f, ok = fieldNamed(name)
		return f, "", ok
	}
	if bare, inner, cut := SplitBrackets(text); cut {
		if name, known := r.options.Headers.Header(simplified(bare)); known && name == "value" && LooksLikeUnit(inner) {
			return Value, inner, true
		}
	}
	return 0, "", false
}

func columnKey(header string) string { return "column." + strings.TrimSpace(header) }

func (l *layout) has(f Field) bool { return l.column[f.index()] >= 0 || l.given&f != 0 }

func (l *layout) complete() bool {
	return l.has(Indicator) && l.has(Region) && l.has(Period) && l.column[Value.index()] >= 0
}

// required is the number of required fields the row names or answers give; 0
// when the value is not among them.
func (l *layout) required() (n int) {
	if l.column[Value.index()] < 0 {
		return 0
	}
	for _, f := range []Field{Indicator, Region, Period, Value} {
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
func (r *reader) columns(row *table.Row) error {
	l := r.layout
	for _, i := range l.twice {
		f, _, _ := r.header(strings.TrimSpace(row.Texts[i]))
		r.found.Problem(r.problem(ColumnTwice, row.Cell(i), "first", Spot(r.table.Sheet, row.Cell(l.column[f.index()])), "field", f.Text()))
	}
	for _, i := range l.other {
		c := row.Cell(i)
		name := strings.TrimSpace(c.Text)
		_, answered := r.options.Given[columnKey(name)]
		if labelOf(r, name) == kindFreq {
			r.frequency = i
		}
		if !answered && r.moreFigures(name) {
			r.ask(AskMeaning, columnKey(name), c, []string{"ignore"})
			continue
		}
		if !answered && dimension(name) {
			r.further = append(r.further, i)
			continue
		}
		near, close := nearField(name)
		if answered || !close || l.column[near.index()] >= 0 {
			r.found.Exclude(r.problem(ExcludedColumn, c))
			continue
		}
		r.found.Whole = true
		p := At(r.table.File, r.table.Sheet, c, AskColumn, "field", near.Text())
		p.Text = words.Say("question-"+AskColumn, "cell", Spot(r.table.Sheet, c), "written", table.Excerpt(name), "field", near.Text(), "key", columnKey(name), "name", near.String())
		r.found.Ask(schema.Question{Problem: p, Key: columnKey(name), Candidates: []string{near.String(), "ignore"}, Why: words.Say("why-" + AskColumn)})
	}
	if len(l.twice) > 0 {
		r.found.Whole = true
		return errStop // which column is meant decides every row
	}
	return nil
}

// nearField is the field whose usual name a header nearly is: staus, 数据状态码.
func nearField(header string) (Field, bool) {
	text := strings.ToLower(strings.TrimSpace(header))
	for i, name := range fieldNames {
		off := 2
		if len(name) <= 5 {
			off = 1
		}
		if distance(text, name) <= off {
			return 1 << i, true
		}
	}
	for _, near := range []struct {
		part  string
		field Field
	}{{"口径", Basis}, {"状态", Status}, {"发布日", Published}, {"发布时", Published}, {"公布日", Published}, {"公布时", Published}} {
		if strings.Contains(text, near.part) {
			return near.field, true
		}
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

// notTidy says that no header was found: what the likeliest row lacks and what
// it says.
func (r *reader) notTidy(rows []*table.Row) {
	var best *layout
	var at *table.Row
	for _, row := range rows {
		if row.Blank() {
			continue
		}
		if l := r.layoutOf(row); best == nil || l.found() > best.found() {
			best, at = l, row
		}
	}
	if at == nil {
		r.found.Problem(schema.Problem{Code: refusal.Empty, File: r.table.File, Sheet: r.table.Sheet, Text: words.Say("problem-" + refusal.Empty)})
		return
	}
	var missing []schema.Text
	var lacks Field
	for i := range fieldCount {
		if f := Field(1 << i); f&required != 0 && !best.has(f) {
			missing, lacks = append(missing, f.Text()), f
		}
	}
	if len(missing) == 1 && lacks != Value { // one word for the whole file settles it
		r.found.Dropped += max(0, r.table.Records-at.Number)
		r.ask(map[Field]string{Indicator: AskIndicator, Region: AskRegion, Period: AskPeriod}[lacks], lacks.String(), firstFilled(at), titlesAbove(rows, at))
		return
	}
	seen := make([]string, 0, len(best.names))
	for _, n := range best.names {
		if n = table.Excerpt(n); n != "" && len(seen) < 20 {
			seen = append(seen, n)
		}
	}
	c := firstFilled(at)
	p := r.problem(NotTidy, c, "missing", schema.Listed(missing...), "seen", schema.ListedWords(seen))
	p.Written = table.Excerpt(joined(at))
	r.found.Problem(p)
}

// titlesAbove are the first lines above a header that say something.
func titlesAbove(rows []*table.Row, header *table.Row) (out []string) {
	for _, row := range rows {
		if row.Number >= header.Number || len(out) == 3 {
			break
		}
		if !row.Blank() && !keyed(joined(row)) {
			out = append(out, table.Excerpt(joined(row)))
		}
	}
	return out
}

// brackets, as opened and closed.
var brackets = map[rune]rune{')': '(', '）': '（', ']': '[', '】': '【', '〕': '〔'}

// SplitBrackets cuts the last brackets off a name: 国内生产总值(亿元) is
// 国内生产总值 and 亿元.
func SplitBrackets(name string) (bare, inner string, ok bool) {
	name = strings.TrimSpace(name)
	runes := []rune(name)
	if len(runes) < 3 {
		return name, "", false
	}
	opening, ok := brackets[runes[len(runes)-1]]
	if !ok {
		return name, "", false
	}
	at := slices.Index(runes, opening)
	for i := at + 1; i > 0 && i < len(runes); i++ {
		if runes[i] == opening {
			at = i
		}
	}
	if at <= 0 {
		return name, "", false
	}
	bare, inner = strings.TrimSpace(string(runes[:at])), strings.TrimSpace(string(runes[at+1:len(runes)-1]))
	return bare, inner, bare != "" && inner != ""
}
