// Package figure writes figures, gaps, shares and times as people read them:
// digits as they were written, derived figures at the catalogue's decimals,
// never an artefact of floating point. It knows the vocabulary and the message
// catalogue and nothing else, so that every page, list and brief can use it.
package figure

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"yardstick/schema"
	"yardstick/schema/words"
)

// maxDigits bounds how far a quotient is written out after the point.
const maxDigits = 12

// Scale shows the figures of one indicator in one unit: the unit people speak
// in for Chinese readers (万亩), the catalogue's own for English ones, who have
// no word for it.
type Scale struct {
	Unit    string // beside a figure
	GapUnit string // beside a gap: percentage points for shares

	written  string // the unit as a feed writes it
	factor   *big.Rat
	decimals int // of derived figures, else -1
}

// ScaleOf is the scale of the indicator in lang. An indicator the catalogue
// does not know has only the unit its target names.
func ScaleOf(ind schema.Indicator, unit, lang string) Scale {
	if ind.Unit == "" {
		ind.Unit = unit
	}
	s := Scale{Unit: ind.Unit, written: ind.Unit, factor: one(), decimals: -1}
	if ind.Formula != nil {
		s.decimals = ind.Decimals
	}
	if lang != schema.Chinese {
		if ind.UnitEn != "" {
			s.Unit = ind.UnitEn
			if unicode.IsDigit(rune(s.Unit[0])) { // 1050 × 10,000 yuan
				s.Unit = "× " + s.Unit
			}
		}
	} else if ind.Display != "" {
		for _, u := range ind.Units {
			if u.Unit == ind.Display && u.Factor.Sign() > 0 {
				s.Unit, s.written, s.factor = u.Unit, u.Unit, u.Factor.Rat()
			}
		}
	}
	s.GapUnit = s.Unit
	if ind.Unit == "%" || ind.Unit == "百分点" {
		s.GapUnit = words.Say("board-unit-points").In(lang)
	}
	return s
}

// PlainScale is the scale of sentences on a target: the unit it is written in, for
// readers of both languages.
func PlainScale(ind schema.Indicator, unit, lang string) Scale {
	ind.Unit, ind.Display = unit, ""
	s := ScaleOf(ind, unit, lang)
	if unit == "%" || unit == "百分点" {
		s.GapUnit = words.Say("judge-points").In(lang)
	}
	return s
}

// Number is v, given in the catalogue's unit, on this scale: with its own
// digits where no unit is changed, else exactly.
func (s Scale) Number(v schema.Decimal) string { return s.amount(v).String() }

func (s Scale) amount(v schema.Decimal) schema.Decimal {
	if s.factor.Cmp(one()) == 0 {
		return v
	}
	return exact(new(big.Rat).Quo(v.Rat(), s.factor))
}

// Figure is the value v as it is shown. What was written in the unit shown
// keeps the very digits of its cell (31.40 万亩 stays 31.40); what was written
// in another unit is converted exactly. What is derived has the catalogue's
// decimals, and more where it would read as equal to the target it differs
// from (14.96 beside 15 is not shown as 15.0). written and target may be nil.
func (s Scale) Figure(v schema.Decimal, written *schema.Observation, target *schema.Decimal) schema.Decimal {
	if s.decimals >= 0 {
		return s.round(v, target)
	}
	if written != nil {
		if written.UnitWritten == s.written || written.UnitWritten == "" && s.written == written.Unit {
			d, err := schema.ParseDecimal(strings.TrimSpace(written.Written))
			if err == nil && new(big.Rat).Mul(d.Rat(), s.factor).Cmp(v.Rat()) == 0 {
				return d
			}
		} else if written.UnitWritten != "" {
			return s.amount(v).Normal()
		}
	}
	return s.amount(v)
}

func (s Scale) round(v schema.Decimal, target *schema.Decimal) schema.Decimal {
	r := new(big.Rat).Quo(v.Rat(), s.factor)
	for n := s.decimals; ; n++ {
		d := schema.DecimalFromRat(r, n)
		if target == nil || n >= s.decimals+6 {
			return d
		}
		if t := new(big.Rat).Quo(target.Rat(), s.factor); r.Cmp(t) == 0 || d.Rat().Cmp(t) != 0 {
			return d
		}
	}
}

// Gap is the distance from the figure as shown to the target (in the
// catalogue's unit), without sign: the line adds up for whoever reads it.
func (s Scale) Gap(shown, target schema.Decimal) string {
	return s.amount(target).Sub(shown).Abs().String()
}

// Finer is a derived value at n digits after the point.
func (s Scale) Finer(v schema.Decimal, n int) schema.Decimal {
	return schema.DecimalFromRat(new(big.Rat).Quo(v.Rat(), s.factor), n)
}

// PerYear is a slope, given in the catalogue's unit a year, to so many
// significant digits; three are as many as an estimate deserves.
func (s Scale) PerYear(slope float64, digits int) string {
	f, _ := s.factor.Float64()
	return Significant(slope/f, digits)
}

// Float is v on this scale, for drawing only.
func (s Scale) Float(v schema.Decimal) float64 {
	f, _ := new(big.Rat).Quo(v.Rat(), s.factor).Float64()
	return f
}

// Written is the unit shown as a feed writes it, which the catalogue can read.
func (s Scale) Written() string { return s.written }

// Shown is f, given in the catalogue's unit, on this scale, for drawing only.
func (s Scale) Shown(f float64) float64 {
	one, _ := s.factor.Float64()
	return f / one
}

func one() *big.Rat { return big.NewRat(1, 1) }

// exact writes r out; a quotient that never ends is rounded at maxDigits.
func exact(r *big.Rat) schema.Decimal {
	for n := range maxDigits {
		if d := schema.DecimalFromRat(r, n); d.Rat().Cmp(r) == 0 {
			return d
		}
	}
	return schema.DecimalFromRat(r, maxDigits)
}

// Join sets number and unit for a running sentence: 15%, 43万亩, 1000 PFlops,
// 1.2 个百分点.
func Join(number, unit string) string {
	first, _ := utf8.DecodeRuneInString(unit)
	switch {
	case unit == "":
		return number
	case unit == "%" || unicode.Is(unicode.Han, first) && first != '个':
		return number + unit
	}
	return number + " " + unit
}

// Close is Join without the space before 个: what stands within a sentence.
func Close(number, unit string) string {
	if unit == "‰" || strings.HasPrefix(unit, "个") {
		return number + unit
	}
	return Join(number, unit)
}

// Percent is the ratio as whole percent. What is short of all is never shown
// as 100 %, and what is more than nothing never as 0 %.
func Percent(ratio float64) string { return percent(ratio, 0) }

// PercentFine is Percent with one digit after the point.
func PercentFine(ratio float64) string { return percent(ratio, 1) }

func percent(ratio float64, digits int) string {
	if math.IsNaN(ratio) || math.IsInf(ratio, 0) {
		return "—"
	}
	for ; digits <= 3; digits++ {
		s := strconv.FormatFloat(100*ratio, 'f', digits, 64)
		p, _ := strconv.ParseFloat(s, 64)
		if (ratio >= 1) == (p >= 100) && (ratio > 0) == (p > 0) {
			if p == 0 {
				s = strings.TrimPrefix(s, "-")
			}
			return s + "%"
		}
	}
	if ratio > .5 {
		return ">99.999%"
	}
	return "<0.001%"
}

// Ratio has two digits after the point, more where two would put it on the
// other side of a threshold (0.9496 beside 0.95).
func Ratio(r float64, thresholds ...float64) string {
	if math.IsNaN(r) || math.IsInf(r, 0) {
		return "—"
	}
	return beside(r, 1, 2, thresholds...)
}

// Chance is a probability: one digit after the point, more where it would read
// as on the other side of a bound, and no more than 'less than 1 %' or 'more than
// 99 %' at the ends, which no short series can tell apart further. It says 0 or
// 100 % only of what is already known.
func Chance(r float64, th schema.Thresholds) schema.Text {
	switch {
	case r > 0 && r < .01 && th.ChanceAtRisk > .01:
		return words.Say("judge-hardly")
	case r > .99 && r < 1 && th.ChanceOnTrack < .99:
		return words.Say("judge-nearly")
	}
	return schema.Same(beside(r, 100, 1, th.ChanceOnTrack, th.ChanceAtRisk) + "%")
}

// beside writes r so many times over with the digits given after the point, and
// more while it would read as on the other side of a bound.
func beside(r, times float64, digits int, bounds ...float64) string {
	for ; ; digits++ {
		s := strconv.FormatFloat(times*r, 'f', digits, 64)
		p, _ := strconv.ParseFloat(s, 64)
		same := true
		for _, t := range bounds {
			same = same && (p/times >= t) == (r >= t)
		}
		if same || digits >= 12 {
			return s
		}
	}
}

// Bound is a threshold with the digits it has: 0.95; BoundPercent is 10%.
func Bound(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// BoundPercent is a threshold as per cent with the digits it has.
func BoundPercent(f float64) string { return trimmed(strconv.FormatFloat(100*f, 'f', 6, 64)) + "%" }

// Change is what one period brings: four significant digits, two after the point
// of what is large, for a quotient must hold for whoever redoes it.
func Change(f float64) string {
	if math.Abs(f) >= 1000 {
		return trimmed(strconv.FormatFloat(f, 'f', 2, 64))
	}
	return Significant(f, 4)
}

// Estimate is a forecast figure: as many digits as the target is written with,
// but at least three that mean something.
func Estimate(f float64, target schema.Decimal) string {
	if math.Abs(f) >= 100 {
		return strconv.FormatFloat(f, 'f', max(min(target.Scale(), 2), 0), 64)
	}
	return Significant(f, 3)
}

// trimmed takes the noughts off that end what stands after the point.
func trimmed(s string) string { return strings.TrimSuffix(strings.TrimRight(s, "0"), ".") }

// Significant writes f with n significant digits and no exponent.
func Significant(f float64, n int) string {
	if f == 0 || math.IsNaN(f) || math.IsInf(f, 0) {
		return "0"
	}
	digits := n - 1 - int(math.Floor(math.Log10(math.Abs(f))))
	if digits < 0 {
		step := math.Pow10(-digits)
		return strconv.FormatFloat(math.Round(f/step)*step, 'f', 0, 64)
	}
	s := strconv.FormatFloat(f, 'f', digits, 64)
	if strings.Contains(s, ".") {
		return trimmed(s)
	}
	return s
}

// Period is the reference period as people read it.
func Period(p schema.Period, b schema.Basis) schema.Text {
	return p.Text(b)
}

// Day is the day as people read it: 2025年6月30日, 30 Jun 2025.
func Day(d schema.Date) schema.Text { return Period(schema.Day(d), schema.Point) }

// Periods joins the names of periods; a long list is cut with its count told.
func Periods(ps []schema.Period) schema.Text {
	const most = 12
	var names []schema.Text
	for _, p := range ps[:min(len(ps), most)] {
		names = append(names, Period(p, schema.InPeriod))
	}
	if len(ps) > most {
		return schema.Listed(names...).Then(words.Say("judge-and-more", "n", len(ps)))
	}
	return schema.Listed(names...)
}

// Month is the day's month: 2026年4月, Apr 2026.
func Month(d schema.Date) schema.Text {
	return Period(schema.Month(d.Year, d.Month), schema.Point)
}

// Days is a count of days: 3 天, 3 days.
func Days(n int) schema.Text { return counted("board-days", n) }

// Months is a count of months: 3 个月, 3 months.
func Months(n int) schema.Text { return counted("board-months", n) }

func counted(id string, n int) schema.Text {
	if n == 1 {
		id += "-one"
	}
	return words.Say(id, "n", fmt.Sprint(n))
}

// MonthBefore is the same day a month earlier, or that month's last day; the end
// of a month is held against the end of the one before.
func MonthBefore(d schema.Date) schema.Date {
	month := schema.Month(d.Year, d.Month)
	last := month.Prev().Last()
	if d != month.Last() && d.Day < last.Day {
		last.Day = d.Day
	}
	return last
}
