package comparator

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"yardstick/schema"
	"yardstick/schema/words"
)

// ratio is a/b, nil when b is not above zero: such a denominator gives no
// ratio.
func ratio(a, b *big.Rat) *big.Rat {
	if b.Sign() <= 0 {
		return nil
	}
	return new(big.Rat).Quo(a, b)
}

// number is r as the nearest float64, nil for nil.
func number(r *big.Rat) *float64 {
	if r == nil {
		return nil
	}
	f, _ := r.Float64()
	return &f
}

func ptr[T any](v T) *T { return &v }

// scale writes the figures of one target in sentences.
type scale struct {
	unit, gap schema.Text
	decimals  int // of derived figures, else -1
	of        schema.Target
}

func scaleOf(t schema.Target, ind schema.Indicator) scale {
	s := scale{unit: schema.Same(t.Unit), decimals: -1, of: t}
	if ind.UnitEn != "" {
		s.unit = schema.Same(ind.UnitEn).With(schema.Chinese, t.Unit)
	}
	if ind.Formula != nil {
		s.decimals = ind.Decimals
	}
	s.gap = s.unit
	if t.Unit == "%" || t.Unit == "百分点" {
		s.gap = words.Say("judge-points")
	}
	return s
}

// digits are v's own; of a derived figure as many as the catalogue shows, and
// more where it would read like the target without being it.
func (s scale) digits(v schema.Decimal) string {
	if s.decimals < 0 {
		return v.String()
	}
	for n := s.decimals; ; n++ {
		d := v.Round(n)
		if d.Scale() < n || n >= s.decimals+6 || v.Equal(s.of.Value) || !d.Equal(s.of.Value) {
			return d.String()
		}
	}
}

func (s scale) amount(v schema.Decimal) schema.Text { return join(s.digits(v), s.unit) }

// promised is the target as a figure must be: its value, or its bounds where
// it allows for some distance.
func (s scale) promised() schema.Text {
	low, high := s.of.Bounds()
	switch {
	case s.of.Tolerance == nil:
		return join(s.of.Value.String(), s.unit)
	case low != nil && high != nil:
		return words.Say("judge-between", "low", join(low.String(), s.unit), "high", join(high.String(), s.unit))
	case low != nil:
		return words.Say("judge-about", "value", join(s.of.Value.String(), s.unit), "bound", join(low.String(), s.unit))
	}
	return words.Say("judge-about", "value", join(s.of.Value.String(), s.unit), "bound", join(high.String(), s.unit))
}

// distance is how far v and the target are apart, without a sign.
func (s scale) distance(v schema.Decimal) schema.Text {
	if s.decimals >= 0 {
		if shown, err := schema.ParseDecimal(s.digits(v)); err == nil {
			v = shown
		}
	}
	return join(s.of.Gap(v).Abs().String(), s.gap)
}

// perYear is a slope with three significant digits: it is an estimate.
func (s scale) perYear(slope float64) schema.Text { return join(significant(slope, 3), s.gap) }

// estimate is a forecast figure: as many digits as the target is written with,
// but at least three that mean something.
func (s scale) estimate(f float64) schema.Text {
	digits := significant(f, 3)
	if whole := s.of.Value.Scale(); math.Abs(f) >= 100 {
		digits = strconv.FormatFloat(f, 'f', max(min(whole, 2), 0), 64)
	}
	return join(digits, s.unit)
}

// ChanceText is a chance as people should read it: one digit after the point,
// more where it would read as on the other side of a bound, and no more than
// 'less than 1 %' or 'more than 99 %' at the ends, which no short series can tell
// apart further. It says 0 or 100 % only of what is already known.
func ChanceText(r float64, th schema.Thresholds) schema.Text {
	switch {
	case r > 0 && r < .01 && th.ChanceAtRisk > .01:
		return words.Say("judge-hardly")
	case r > .99 && r < 1 && th.ChanceOnTrack < .99:
		return words.Say("judge-nearly")
	}
	for d := 1; ; d++ {
		s := strconv.FormatFloat(100*r, 'f', d, 64)
		p, _ := strconv.ParseFloat(s, 64)
		if d >= 10 || (p/100 >= th.ChanceOnTrack) == (r >= th.ChanceOnTrack) && (p/100 >= th.ChanceAtRisk) == (r >= th.ChanceAtRisk) {
			return schema.Same(s + "%")
		}
	}
}

func join(digits string, unit schema.Text) schema.Text {
	return schema.Every(func(l schema.Language) string { return joined(digits, unit.In(l.Code)) })
}

func joined(digits, unit string) string {
	first, _ := utf8.DecodeRuneInString(unit)
	if unicode.IsDigit(first) { // 2.76 × 100 million yuan
		return digits + " × " + unit
	}
	if unit == "" || unit == "%" || unit == "‰" || unicode.Is(unicode.Han, first) {
		return digits + unit
	}
	return digits + " " + unit
}

func significant(f float64, n int) string {
	if f == 0 || math.IsNaN(f) || math.IsInf(f, 0) {
		return "0"
	}
	d := n - 1 - int(math.Floor(math.Log10(math.Abs(f))))
	if d <= 0 {
		step := math.Pow10(-d)
		return strconv.FormatFloat(math.Round(f/step)*step, 'f', 0, 64)
	}
	v, err := schema.ParseDecimal(strconv.FormatFloat(f, 'f', d, 64))
	if err != nil {
		return strconv.FormatFloat(f, 'g', n, 64)
	}
	return v.Normal().String()
}

// percent has one digit after the point, more where it would read 100% (or 0%)
// without being it.
func percent(r float64) string {
	for d := 1; ; d++ {
		s := strconv.FormatFloat(100*r, 'f', d, 64)
		p, _ := strconv.ParseFloat(s, 64)
		if d >= 4 || (r >= 1) == (p >= 100) && (r > 0) == (p > 0) {
			return s + "%"
		}
	}
}

// bound is a threshold with the digits it has: 0.95; boundPercent is 10%.
func bound(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

func boundPercent(f float64) string {
	return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(100*f, 'f', 6, 64), "0"), ".") + "%"
}

// paceText has two digits after the point, more where it would read as on the
// other side of a bound.
func paceText(r float64, th schema.Thresholds) string {
	for d := 2; ; d++ {
		s := strconv.FormatFloat(r, 'f', d, 64)
		p, _ := strconv.ParseFloat(s, 64)
		if d >= 12 || (p >= th.PaceOnTrack) == (r >= th.PaceOnTrack) && (p >= th.PaceAtRisk) == (r >= th.PaceAtRisk) {
			return s
		}
	}
}

// dayText is 2025年6月30日, 30 Jun 2025.
func dayText(d schema.Date) schema.Text { return periodText(schema.Day(d), schema.Point) }

func periodText(p schema.Period, b schema.Basis) schema.Text {
	return p.Text(b)
}

// list joins the names of periods; a long list is cut with its count told.
func list(ps []schema.Period) schema.Text {
	const most = 12
	var names []schema.Text
	for _, p := range ps[:min(most, len(ps))] {
		names = append(names, periodText(p, schema.InPeriod))
	}
	if len(ps) > most {
		return schema.Listed(names...).Then(words.Say("judge-and-more", "n", len(ps)))
	}
	return schema.Listed(names...)
}
