package validate

import (
	"cmp"
	"slices"
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
	"yardstick/schema"
	"yardstick/schema/figure"
	"yardstick/schema/words"
)

// Days the store can keep: before 1900 and after 2299 the engine would clamp
// them in silence.
var (
	firstDay = schema.Date{Year: 1900, Month: 1, Day: 1}
	lastDay  = schema.Date{Year: 2299, Month: 12, Day: 31}
)

// digits of the store's Decimal(38, 10).
const (
	precision = 38
	scale     = 10
)

// status settles the observation status: the row's, else the feed's, else A
// for a figure and O for a missing one.
func (c *Checker) status(r *row, o *schema.Observation) {
	if r.Bad&(account.Status|account.Value) != 0 {
		return
	}
	cell := r.Cell(account.Status)
	said := o.Status != ""
	if !said {
		o.Status, _ = written.ReadStatus(c.o.Given["status"])
	}
	none := o.Status == "O" || o.Status == "M" || o.Status == "L"
	switch {
	case r.Missing() && !said:
		o.Status = schema.StatusMissing
	case r.Missing() && !none && o.Status != "Q" && o.Status != "H" && o.Status != "J":
		r.fail(StatusWithoutValue, cell, "status", string(o.Status))
	case !r.Missing() && none && said:
		r.fail(ValueWithStatus, cell, "status", string(o.Status), "value", table.Excerpt(o.Written))
	case o.Status == "" || none && !said && !r.Missing():
		o.Status = schema.StatusNormal
	}
}

// basisOf settles what span the value covers: what the row says, then what the
// period's form tells, the feed's rule or an answer, the catalogue. Where the row
// contradicts itself or the catalogue it is asked.
func (c *Checker) basisOf(r *row, ind schema.Indicator) (schema.Basis, bool) {
	cell := r.Cell(account.Basis)
	c.usesWritten(r, account.Basis, "basis", ind.Code)
	said := pick(r.Bases, ind)
	if said != "" && contradicts(said, r.WhenBasis) {
		return c.spanAsked(r, ind, AskConflict, cell, r.WhenBasis, said)
	}
	if said == "" {
		cell = r.Cell(account.Period)
		switch {
		case r.WhenBasis == schema.Point && ind.Basis != schema.InPeriod:
			said = ind.Basis // 截至9月底 goes with a stock and with a total since some day
		case r.WhenBasis != "":
			said = r.WhenBasis
		default:
			own := c.o.Given["basis."+ind.Code]
			if said = BasisOf(cmp.Or(own, c.o.Given["basis"]), ind); !covers(ind, said) {
				return ind.Basis, true // what is agreed for a whole feed is not said of each indicator
			}
			if own == "" {
				c.uses("basis", ind.Code)
			}
		}
	}
	if !covers(ind, said) {
		return c.spanAsked(r, ind, AskSpan, cell, said)
	}
	return said, true
}

// covers reports whether figures of an indicator may be of such a span.
func covers(ind schema.Indicator, b schema.Basis) bool {
	flow := func(b schema.Basis) bool { return b == schema.InPeriod || b == schema.YearToDate }
	return b == ind.Basis || flow(b) && flow(ind.Basis)
}

// spanAsked asks of which span the figures of an indicator are where the file
// contradicts itself (told by the period's form, said beside it) or the catalogue;
// the answer under basis.CODE settles it for all of them, or leaves them out.
func (c *Checker) spanAsked(r *row, ind schema.Indicator, code string, cell table.Cell, said ...schema.Basis) (schema.Basis, bool) {
	key := "basis." + ind.Code
	switch answer := strings.TrimSpace(c.o.Given[key]); {
	case answer == Omit:
		r.leave(c.found, LeftOmitted, "indicator", ind.Name, "period", r.Written(account.Period))
		return "", false
	case covers(ind, BasisOf(answer, ind)):
		return BasisOf(answer, ind), true
	}
	var candidates []string
	for _, b := range append(slices.Clone(said), ind.Basis) {
		if _, _, ok := normalise(ind, r.When, b); ok && covers(ind, b) && !slices.Contains(candidates, string(b)) {
			candidates = append(candidates, string(b))
		}
	}
	candidates = append(candidates, Omit)
	r.asks = true
	c.found.Ask(account.Question(r.File, r.Sheet, r.at(cell), code, key, candidates, []string{ind.Code},
		"indicator", ind.Name, "want", basisName(ind.Basis), "told", basisName(said[0]), "said", basisName(said[len(said)-1]),
		"period", table.Excerpt(r.Written(account.Period)), "candidates", schema.ListedWords(candidates)))
	return "", false
}

// BasisOf reads a basis as files write it; of two meanings (累计) it is the
// indicator's own. "": it says none.
func BasisOf(text string, ind schema.Indicator) schema.Basis {
	return pick(written.ReadBasis(text), ind)
}

func pick(bases []schema.Basis, ind schema.Indicator) schema.Basis {
	switch {
	case len(bases) == 0:
		return ""
	case slices.Contains(bases, ind.Basis):
		return ind.Basis
	}
	return bases[0]
}

// contradicts reports whether the basis said cannot go with what the period's
// form tells.
func contradicts(said, told schema.Basis) bool {
	switch told {
	case schema.Point:
		return said == schema.InPeriod
	case "":
		return false
	}
	return said != told
}

func basisName(b schema.Basis) schema.Text { return words.Say("basis-" + string(b)) }

// period brings period and basis to the catalogue's: 2025年1-9月, 前三季度 and
// 2025年9月 累计 are one key.
func (c *Checker) period(r *row, ind schema.Indicator, o *schema.Observation) {
	if r.Bad&(account.Period|account.Basis) != 0 {
		return
	}
	cell := r.Cell(account.Period)
	if r.When.First().Before(firstDay) || r.When.Last().After(lastDay) {
		r.fail(DateOutOfRange, cell)
		return
	}
	basis, ok := c.basisOf(r, ind)
	if !ok {
		return
	}
	if o.Period, o.Basis, ok = normalise(ind, r.When, basis); !ok && r.Missing() {
		r.none = true // nothing is reported at such a period, and nothing stands there
		return
	} else if !ok {
		var allowed []schema.Text
		for _, f := range ind.Frequencies {
			allowed = append(allowed, words.Say("frequency-"+string(f)))
		}
		r.fail(FrequencyWrong, cell, "indicator", ind.Name, "allowed", schema.Listed(allowed...))
	}
}

// normalise gives the key a period has in the catalogue. A year's flow is the
// year's, basis period, also where the indicator counts within the year.
// Stocks and totals mean the same in every period that ends on the same day.
func normalise(ind schema.Indicator, p schema.Period, b schema.Basis) (schema.Period, schema.Basis, bool) {
	allowed := func(f schema.Frequency) bool { return slices.Contains(ind.Frequencies, f) }
	year := p.Frequency() == schema.Annual
	if b == schema.InPeriod || b == schema.YearToDate && year {
		if allowed(p.Frequency()) {
			return p, schema.InPeriod, true
		}
		if !year || ind.Basis != schema.YearToDate {
			return schema.Period{}, "", false
		}
		b = schema.YearToDate // the year's flow is what its last month has counted
	}
	for _, f := range ind.Frequencies {
		q, ok := p.EndingWith(f)
		switch {
		case !ok:
		case f == schema.Annual && b == schema.YearToDate:
			return q, schema.InPeriod, true
		default:
			return q, b, true
		}
	}
	return schema.Period{}, "", false
}

// published settles and checks the day the figure was made public.
func (c *Checker) published(r *row, o *schema.Observation) {
	if r.Bad&account.Published != 0 {
		return
	}
	cell := r.Cell(account.Published)
	o.PublishedAt = r.Day
	if r.Day.IsZero() {
		cell = r.Cell(account.Period)
		if r.When.IsZero() {
			return
		}
		o.PublishedAt = c.o.Published(r.When)
	}
	switch {
	case o.PublishedAt.Before(firstDay) || o.PublishedAt.After(lastDay):
		r.fail(DateOutOfRange, cell)
		return
	case o.PublishedAt.Before(c.o.Release):
		r.fail(PublishedEarly, cell, "published", o.PublishedAt, "release", c.o.Release)
		return
	case o.PublishedAt.After(c.o.Today) && o.PublishedAt.After(c.o.Release):
		r.fail(PublishedInFuture, cell, "published", o.PublishedAt, "today", c.o.Today)
		return
	}
	c.unfinished(r, o)
}

// unfinished asks about a figure that was made public before its period ended
// and does not say that it is an estimate.
func (c *Checker) unfinished(r *row, o *schema.Observation) {
	estimate := o.Status == schema.StatusEstimated || o.Status == schema.StatusForecast
	if r.Bad&(account.Period|account.Status) != 0 || r.Missing() || estimate || r.When.First().Before(firstDay) ||
		!r.When.Last().After(o.PublishedAt) || r.When.Last().After(lastDay) {
		return
	}
	cell := r.Cell(account.Period)
	if r.When.First().After(c.o.Today.AddDays(366)) {
		r.fail(PeriodFar, cell, "begin", r.When.First())
		return
	}
	answer, answered := estimateAnswer(c.o.Given["estimate"])
	switch {
	case strings.TrimSpace(c.o.Given["estimate"]) == Omit:
		r.leave(c.found, LeftOmitted, "indicator", r.Written(account.Indicator), "period", r.Written(account.Period))
	case answered && answer != "":
		o.Status = answer
	case answered:
		r.fail(PeriodUnfinished, cell, "end", r.When.Last(), "published", o.PublishedAt)
	default:
		r.asks = true
		if c.early.n++; c.early.n == 1 {
			cell.Text = strings.Clone(cell.Text)
			c.early.cell, c.early.sheet, c.early.end, c.early.published = cell, strings.Clone(r.Sheet), r.When.Last(), o.PublishedAt
		}
		if o.Indicator != "" && len(c.early.about) < 100 && !slices.Contains(c.early.about, o.Indicator) {
			c.early.about = append(c.early.about, o.Indicator)
		}
	}
}

// value converts to the catalogue's unit and checks that the result is
// possible and can be kept whole.
func (c *Checker) value(r *row, ind indicator, o *schema.Observation) {
	if r.Bad&account.Value != 0 {
		return
	}
	o.Unit = ind.Unit
	cell := r.Cell(account.Value)
	if r.Missing() {
		o.UnitWritten = r.Written(account.Unit)
		return
	}
	v, ok := c.convert(r, ind, o)
	if !ok {
		return
	}
	o.Value = &v
	switch {
	case v.Normal().Scale() > scale:
		r.fail(TooPrecise, cell, "value", v, "unit", ind.Unit, "most", scale)
	case !v.Fits(precision, scale):
		r.fail(TooLarge, cell)
	case ind.Min != nil && v.Cmp(*ind.Min) < 0, ind.Max != nil && v.Cmp(*ind.Max) > 0:
		r.fail(OutOfRange, cell, "indicator", ind.Name, "value", v, "unit", ind.Unit, "range", rangeText(ind.Indicator))
	}
}

func rangeText(ind schema.Indicator) schema.Text {
	switch {
	case ind.Min != nil && ind.Max != nil:
		return words.Say("range-both", "min", ind.Min, "max", ind.Max)
	case ind.Min != nil:
		return words.Say("range-min", "min", ind.Min)
	}
	return words.Say("range-max", "max", ind.Max)
}

// multipliers are the powers of ten that may stand in a value's cell without the
// unit they belong to, with their zeros.
var multipliers = map[string]int{"百": 2, "千": 3, "万": 4, "百万": 6, "千万": 7, "亿": 8, "万亿": 12}

// shift is v with so many zeros put on, exactly and with the digits it has:
// 1.2 and 3 zeros is 1200.
func shift(v schema.Decimal, zeros int) schema.Decimal {
	ten := schema.NewDecimal(10, 0)
	keep := max(0, v.Scale()-zeros)
	for range zeros {
		v = v.Mul(ten)
	}
	return v.Round(keep)
}

// whole asks about a figure with a fraction where whole things are counted: 12.5
// firms may be another figure, or an average.
func (c *Checker) whole(r *row, ind schema.Indicator, o *schema.Observation) {
	if o.Value == nil || !figure.Whole(ind.Unit) || o.Value.Normal().Scale() == 0 || len(r.faults) > 0 || r.asks || r.Bad != 0 {
		return
	}
	switch why := explanation(c.o.Given, AskWhole, o.Key); why {
	case "":
		r.asks = true
		c.found.Ask(account.Question(r.File, r.Sheet, r.Cell(account.Value), AskWhole, ExplainKey(o.Key), explanations(AskWhole), []string{ind.Code},
			"indicator", ind.Name, "value", *o.Value, "unit", ind.Unit))
	case Omit:
		r.leave(c.found, LeftOmitted, "indicator", ind.Name, "period", o.Period.Text(o.Basis))
	default:
		o.Note = cmp.Or(o.Note, why)
	}
}

// convert finds the unit the row means and converts. The unit is the column's,
// or stands in the value's cell or in brackets after the indicator's name; what
// none of them says comes from the feed's rule, an answer or, where every unit
// the catalogue allows means the same or the indicator is named by its code in a
// file without units, from the catalogue. Else it is asked.
func (c *Checker) convert(r *row, ind indicator, o *schema.Observation) (schema.Decimal, bool) {
	cell, unit := r.Cell(account.Unit), r.Written(account.Unit)
	c.usesWritten(r, account.Unit, "unit", ind.Code)
	if unit == "" && ind.unit != "" {
		cell, unit = r.Cell(account.Indicator), ind.unit
	}
	value, suffix := *r.Number, r.Suffix
	zeros, multiplies := multipliers[suffix]
	whole := func(u string) bool {
		_, err := c.o.Catalogue.Convert(ind.Indicator, value, u)
		return err == nil
	}
	switch {
	case r.Flag != "" && (whole(r.Flag) || whole(r.Flag+unit)): // 0.41E: an estimate, or EFlops
		r.fail(UnitConflict, r.Cell(account.Value), "suffix", r.Flag, "unit", cmp.Or(unit, ind.Unit))
		return value, false
	case suffix == "" || suffix == unit:
	case unit == "" && whole(suffix):
		cell, unit = r.Cell(account.Value), suffix
	case unit == "" && !multiplies:
		r.fail(UnitNotConvertible, r.Cell(account.Value), "unit", suffix, "want", ind.Unit, "indicator", ind.Name)
		return value, false
	case unit != "" && whole(suffix+unit) && multiplies:
		unit = suffix + unit
	case unit != "" && startsWith(suffix, unit) && whole(suffix):
		unit = suffix // 43万亩 in a column of 亩
	case unit != "" && (!multiplies || strings.HasPrefix(unit, suffix)):
		r.fail(UnitConflict, r.Cell(account.Value), "suffix", suffix, "unit", unit)
		return value, false
	default:
		value = shift(value, zeros)
	}
	if unit == "" {
		var ok bool
		if unit, ok = c.unitGiven(ind.Indicator); !ok && byCode(r, ind) {
			unit, ok = ind.Unit, true
		}
		if !ok {
			r.asks = true
			c.askUnit(r, ind.Indicator, ind.Code)
			return value, false
		}
	}
	v, err := c.o.Catalogue.Convert(ind.Indicator, value, unit)
	if err != nil {
		r.fail(UnitNotConvertible, cell, "unit", table.Excerpt(unit), "want", ind.Unit, "indicator", ind.Name)
		return value, false
	}
	for _, other := range append(slices.Clip(r.Beside), ind.unit) {
		if w, err := c.o.Catalogue.Convert(ind.Indicator, *r.Number, other); other != "" && err == nil && r.Number.Sign() != 0 {
			if mine, err := c.o.Catalogue.Convert(ind.Indicator, *r.Number, r.Written(account.Unit)); err == nil && !mine.Equal(w) {
				r.fail(account.UnitTwice, r.Cell(account.Unit), "unit", table.Excerpt(other))
				return value, false
			}
		}
	}
	o.UnitWritten = unit
	return v, true
}

// byCode reports whether the row names the indicator by its code in a file that
// has no column of units. A code is the catalogue's own word and stands for the
// catalogue's unit; a name is not, and an empty cell in a column of units is a
// lapse to ask about.
func byCode(r *row, ind indicator) bool {
	return r.Written(account.Indicator) == ind.Code && r.Cell(account.Unit).Column == 0
}

// startsWith reports whether suffix is a multiplier followed by unit.
func startsWith(suffix, unit string) bool {
	m, ok := strings.CutSuffix(suffix, unit)
	if !ok {
		return false
	}
	_, ok = multipliers[m]
	return ok
}
