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
	for digits := 2; ; digits++ {
		s := strconv.FormatFloat(r, 'f', digits, 64)
		p, _ := strconv.ParseFloat(s, 64)
		same := true
		for _, t := range thresholds {
			same = same && (p >= t) == (r >= t)
		}
		if same || digits == 6 {
			return s
		}
	}
}

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
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// Period is the reference period as people read it.
func Period(p schema.Period, b schema.Basis) schema.Text {
	return p.Text(b)
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
