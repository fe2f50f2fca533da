package reading

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
	"yardstick/schema"
)

// sdmxID is the identifier in a header's cell: REF_AREA of "REF_AREA: Reference
// area", STRUCTURE of "STRUCTURE[;]".
func sdmxID(cell string) (id string, labelled bool) {
	id, _, labelled = strings.Cut(cell, ":")
	id, _, _ = strings.Cut(id, "[")
	return strings.ToUpper(strings.TrimSpace(id)), labelled
}

// sdmxIDs are the identifiers in a header, and where names stand beside them.
func sdmxIDs(row *table.Row) (ids []string, labelled []bool) {
	ids, labelled = make([]string, row.Len()), make([]bool, row.Len())
	for i, t := range row.Texts {
		ids[i], labelled[i] = sdmxID(t)
	}
	return ids, labelled
}

// isSDMX reports whether a row is the header of an SDMX-CSV message (1.0:
// DATAFLOW first; 2.0: STRUCTURE).
func isSDMX(row *table.Row) bool {
	ids, _ := sdmxIDs(row)
	return len(ids) > 3 && slices.Contains(ids, "TIME_PERIOD") && slices.Contains(ids, "OBS_VALUE") &&
		(ids[0] == "STRUCTURE" || ids[0] == "DATAFLOW" || slices.Contains(ids, "REF_AREA") && slices.Contains(ids, "FREQ"))
}

// sdmx makes the layout of an SDMX-CSV message. What a further dimension holds must be
// the whole of it, or somebody is asked: one value throughout may be the part that was
// handed in.
func (r *reader) sdmx(ctx context.Context, head *table.Row) error {
	head = head.Clone()
	l := newLayout(slices.Clone(head.Texts))
	ids, labelled := sdmxIDs(head)
	taken := map[int]bool{}
	for f, names := range sdmxColumns() {
		for _, id := range names {
			if i := slices.Index(ids, id); i >= 0 {
				l.column[f.Index()] = i
				taken[i] = true
				if id == "OBS_FLAG" {
					r.flags = i
				}
				break
			}
		}
	}
	for _, f := range []account.Field{account.Indicator, account.Region} {
		if l.column[f.Index()] < 0 && r.Options.Given[f.String()] != "" {
			l.above[f.Index()] = account.Facet{Text: r.Options.Given[f.String()]}
		}
	}
	r.layout = l
	for i := range ids {
		if taken[i] && labelled[i] {
			r.codes = append(r.codes, i)
		}
	}
	restricted, err := r.restricted(ctx, head.Number, ids)
	if err != nil {
		return err
	}
	for i, id := range ids {
		c := head.Cell(i)
		if id == "FREQ" {
			r.frequency = i
		}
		if !taken[i] {
			l.other = append(l.other, i)
		}
		answer := r.Options.Given[written.ColumnKey(c.Text)]
		switch {
		case taken[i] || id == "":
		case i+1 == r.mult:
		case restricted[i] && answer != "ignore":
			r.asked[i] = true
			r.Ask(account.AskDimension, written.ColumnKey(c.Text), c, []string{"ignore"})
		case answer == "total":
			r.totals = append(r.totals, i)
		case answer == "ignore" || written.Is("sdmx-quiet", id) || names(head.Texts, i):
			r.Found.Exclude(r.Problem(account.ExcludedColumn, c))
		default:
			r.further = append(r.further, i)
		}
	}
	for f, code := range map[account.Field]string{account.Indicator: account.AskIndicator, account.Region: account.AskRegion} {
		if !l.has(f) {
			r.Found.Dropped += r.Table.Records - head.Number
			r.Ask(code, f.String(), head.Cell(0), nil)
			return errStop
		}
	}
	return r.dimensions(ctx, head)
}

// codeOf is the code of what a column of codes holds: _T of "_T: Total".
func codeOf(text string) string {
	code, _, _ := strings.Cut(text, ":")
	return strings.TrimSpace(code)
}

// unadjusted reports whether a code says that nothing was done to the figures, or that
// the dimension does not apply.
func unadjusted(text string) bool {
	return written.Is("sdmx-unadjusted", strings.ToLower(codeOf(text)))
}

// names reports whether a header's cell, as people write, heads the names of the codes
// to its left: Reference area beside REF_AREA.
func names(header []string, i int) bool {
	text := strings.TrimSpace(header[i])
	return i > 0 && text != "" && unicode.IsUpper([]rune(text)[0]) && strings.ToUpper(text) != text && strings.ToUpper(header[i-1]) == header[i-1]
}

// sdmxColumns are the columns of an SDMX-CSV message that hold a field, the
// likeliest first. https://github.com/sdmx-twg/sdmx-csv says what they are.
func sdmxColumns() map[account.Field][]string {
	out := map[account.Field][]string{}
	for i, name := range account.FieldNames() {
		out[1<<i] = written.Words("sdmx." + name)
	}
	for _, c := range schema.FedColumns() {
		if f, _ := account.FieldNamed(c.Name); f != account.Note && c.SDMX != "" {
			out[f] = []string{c.SDMX}
		}
	}
	return out
}

// restricted tells which columns say that figures are not free, or that a row is to be
// deleted; and finds the scale.
func (r *reader) restricted(ctx context.Context, head int, ids []string) (map[int]bool, error) {
	out := map[int]bool{}
	for row, err := range r.Table.Rows(ctx) {
		if err != nil {
			return nil, err
		}
		if row.Number <= head || row.Blank() {
			continue
		}
		for i, t := range row.Texts[:min(len(ids), row.Len())] {
			code, _, _ := strings.Cut(strings.TrimSpace(t), ":")
			switch ids[i] {
			case "UNIT_MULT", "UNIT_MULTIPLIER":
				r.mult = i + 1
			case "CONF_STATUS", "OBS_CONF":
				out[i] = out[i] || code != "" && code != "F"
			case "ACTION":
				out[i] = out[i] || code == "D"
			}
		}
	}
	return out, nil
}

// euroFlags are the flags of Eurostat's OBS_FLAG that stand for an OBS_STATUS of
// another letter.
var euroFlags = map[string]string{"c": "Q", "s": "E", "z": "M"}

// bareCodes cuts the names off codes in columns that carry both: CN: China.
func (r *reader) bareCodes(row *table.Row) {
	if i := r.flags; i > 0 && i < len(row.Texts) {
		flag := strings.TrimSpace(row.Texts[i])
		row.Texts[i] = cmp.Or(euroFlags[flag], flag)
	}
	for _, i := range r.codes {
		if i < len(row.Texts) {
			row.Texts[i], _, _ = strings.Cut(row.Texts[i], ": ")
		}
	}
}

// scales takes a column that says what figures are to be multiplied with. It is never to
// be passed over: UNIT_MULT holds powers of ten wherever it stands; of others it is asked
// whether they hold the factor or the power, where they say anything.
func (r *reader) scales(ctx context.Context, head *table.Row, i int) error {
	c := head.Cell(i)
	key, answer := r.columnAnswer(i)
	id, _ := sdmxID(c.Text)
	says := false
	for row, err := range r.Table.Rows(ctx) {
		if err != nil {
			return err
		}
		t := strings.TrimSpace(row.Cell(i).Text)
		says = says || row.Number > head.Number && t != "" && t != "0" && t != head.Texts[i]
	}
	switch {
	case answer == "power", answer == "" && strings.HasPrefix(strings.ReplaceAll(id, "_", ""), "UNITMULT"):
		r.mult = i + 1
	case answer == "factor":
		r.mult, r.factor = i+1, true
	case answer != "":
		r.asked[i] = true
		r.RefuseAnswer(key, answer, c)
	case says:
		r.asked[i] = true
		r.Ask(account.AskScale, key, c, []string{"factor", "power"})
	default:
		r.Found.Exclude(r.Problem(account.ExcludedColumn, c))
	}
	return nil
}

// factors are the multipliers that stand as words.
var factors = map[string]int{"": 0, "十": 1, "百": 2, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8, "万亿": 12}

// factorOf is what a cell says that a figure is to be multiplied with.
func (r *reader) factorOf(cell table.Cell) (schema.Decimal, bool) {
	text := strings.TrimSpace(cell.Text)
	power, word := factors[text]
	if word {
		return tenTo(power), true
	}
	n := written.ReadNumber(text, r.Table.Delimiter)
	if n.Fault != "" || n.Value == nil || n.Blanks {
		return schema.Decimal{}, false
	}
	power, word = factors[n.Suffix]
	return n.Value.Mul(tenTo(max(0, power))), word
}

// tenTo is a power of ten.
func tenTo(n int) schema.Decimal {
	power := schema.NewDecimal(1, max(0, -n))
	for range max(0, n) {
		power = power.Mul(schema.NewDecimal(10, 0))
	}
	return power
}

// multiplied takes the figure in Row times the power of ten that its row says. A unit
// that bears a prefix of its own (万, G, P) may hold the power already: that is asked.
func (r *reader) multiplied(row *table.Row) {
	c := &r.Row
	if r.mult == 0 || c.Number == nil {
		return
	}
	at := row.Cell(r.mult - 1)
	r.Label(at)
	code, _, _ := strings.Cut(strings.TrimSpace(at.Text), ":")
	n, err := strconv.Atoi(code)
	var by schema.Decimal
	switch factor, ok := r.factorOf(at); {
	case code == "" || r.factor && code == "1" || !r.factor && code == "0":
		return
	case r.factor && ok:
		by = factor
	case r.factor, err != nil, n < -12, n > 15:
		r.Bad(account.Value, r.Problem(account.BadMultiplier, at))
		return
	default:
		by = tenTo(n)
	}
	switch answer := strings.TrimSpace(r.Options.Given["multiplier"]); {
	case answer == "held":
		return
	case answer != "apply" && written.Prefixed(c.Written(account.Unit)):
		c.Bad |= account.Value
		r.Ask(account.AskMultiplier, "multiplier", at, []string{"apply", "held"}, "unit", c.Written(account.Unit), "value", c.Written(account.Value))
		return
	}
	d := c.Number.Mul(by)
	c.Number = &d
}
