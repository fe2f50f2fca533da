package telling

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"yardstick/schema"
	"yardstick/schema/figure"
	"yardstick/schema/words"
)

// Sum is one number of a verdict with how it came about. How is written only
// where redoing it gives the verdict's own number: a page never shows an
// equation that does not hold.
type Sum struct{ Name, Value, How string }

// maxParts is how many terms a sum is written out with.
const maxParts = 36

// Sums is every number of the verdict, in the order of reasoning.
func (s Subject) Sums() []Sum {
	v := s.V
	unit := s.Unit()
	var out []Sum
	add := func(id, value, how string) { out = append(out, Sum{s.T(id), value, how}) }
	add("board-n-target", figure.Join(s.Target(), unit), s.promised())
	if v.Value != nil {
		add("board-n-value", figure.Join(s.Value(), unit), s.howValue())
	}
	if s.Of.Kind != schema.Milestone {
		s.shares(add)
	}
	s.timing(add)
	if v.SlopeSeen != nil {
		add("board-n-slope-seen", s.slope(*v.SlopeSeen), "")
	}
	if v.SlopeNeeded != nil {
		add("board-n-slope-needed", s.slope(*v.SlopeNeeded), s.howNeeded())
	}
	s.pace(add)
	switch {
	case v.Chance != nil:
		add("board-n-chance", s.Say(figure.Chance(*v.Chance, v.Thresholds)), s.HowChance())
	case !v.ChanceWhyNot.IsZero():
		add("board-n-chance", "—", s.Say(v.ChanceWhyNot.Text))
	}
	number, says := s.Rule(v.Rule)
	if bounds := s.thresholds(); bounds != "" {
		says += s.T("board-semicolon") + bounds
	}
	add("board-n-rule", number, says)
	return out
}

// HowChance is the range the figure is expected in, and what made the forecast.
func (s Subject) HowChance() string {
	low, ok := s.V.Forecast.At(.1)
	mid, also := s.V.Forecast.At(.5)
	high, too := s.V.Forecast.At(.9)
	if !ok || !also || !too {
		return ""
	}
	show := func(x float64) string { return s.Scale.PerYear(x, 4) }
	return s.T("board-how-chance", "low", show(low), "mid", show(mid), "high", figure.Join(show(high), s.Scale.Unit), "method", s.method(s.V.Forecast.Method))
}

// promised is the document's own wording of the number.
func (s Subject) promised() string {
	if s.Of.Written == "" {
		return ""
	}
	return s.T("board-how-written", "written", s.Of.Written)
}

// howValue is the sum or the quotient behind a figure nobody wrote as such.
func (s Subject) howValue() string {
	var parts []string
	total := schema.Decimal{}
	var numerator, denominator *schema.Decimal
	for _, in := range s.V.Inputs {
		switch {
		case in.Value == nil:
		case in.Role == "part" && in.Indicator == s.Of.Indicator:
			parts = append(parts, s.Scale.Number(*in.Value))
			total = total.Add(*in.Value)
		case in.Role == "numerator":
			numerator = in.Value
		case in.Role == "denominator":
			denominator = in.Value
		}
	}
	if len(parts) > 1 && len(parts) <= maxParts && total.Equal(*s.V.Value) {
		return strings.Join(parts, " + ") + " = " + s.Scale.Number(total)
	}
	if numerator != nil && denominator != nil {
		if share, ok := ratio(*numerator, *denominator); ok {
			switch {
			case s.Ind.Unit == "%" && near(share*100, s.V.Value.Float()):
				return fmt.Sprintf("%s ÷ %s = %s%%", numerator, denominator, s.Value())
			case near(share, s.V.Value.Float()):
				return fmt.Sprintf("%s ÷ %s = %s", numerator, denominator, s.Value())
			}
		}
	}
	return ""
}

// shares are gap, gap over target, attainment and progress.
func (s Subject) shares(add func(id, value, how string)) {
	v, t := s.V, s.Of
	if v.Value == nil {
		return
	}
	down := t.Direction == schema.Down
	target := func(int) string { return s.Scale.Number(t.Value) }
	if t.Kind == schema.Cadence && v.Gap != nil { // not from the figure: from the day the next report is due
		number, unit, word := s.Gap()
		add("board-n-gap", word+" "+figure.Join(number, unit), s.Say(v.Reason.Text))
		return
	}
	if v.Gap != nil && t.Tolerance == nil && v.Gap.Equal(t.Gap(*v.Value)) {
		a, b := target(0), s.Value()
		if down {
			a, b = b, a
		}
		gap := s.gapDigits(0)
		add("board-n-gap", figure.Join(gap, s.Scale.GapUnit), fmt.Sprintf("%s − %s = %s", a, b, gap))
	}
	if v.GapRatio != nil && t.Tolerance == nil {
		add("board-n-gap-ratio", figure.PercentFine(*v.GapRatio), quotient(s.gapDigits, target, figure.PercentFine, *v.GapRatio))
	}
	if v.Attainment != nil {
		top, bottom := s.digits, target
		if down {
			top, bottom = bottom, top
		}
		add("board-n-attainment", figure.PercentFine(*v.Attainment), quotient(top, bottom, figure.PercentFine, *v.Attainment))
	}
	if v.Progress != nil {
		how := ""
		if v.Baseline != nil {
			from := s.Scale.Number(*v.Baseline)
			how = quotient(func(n int) string { return "(" + s.digits(n) + " − " + from + ")" },
				func(int) string { return "(" + target(0) + " − " + from + ")" }, figure.PercentFine, *v.Progress)
		}
		add("board-n-progress", figure.PercentFine(*v.Progress), how)
	}
}

// digits is the figure judged with n more digits than are shown, where it has
// more: a derived figure is shown rounded.
func (s Subject) digits(n int) string { return s.finer(n).String() }

func (s Subject) finer(n int) schema.Decimal {
	shown := s.Shown()
	if s.Ind.Formula == nil || n == 0 {
		return shown
	}
	return s.Scale.Finer(*s.V.Value, shown.Scale()+n)
}

// gapDigits is the gap with its sign, taken from digits.
func (s Subject) gapDigits(n int) string {
	gap := s.Scale.Gap(s.finer(n), s.Of.Value)
	if s.V.Gap.Sign() < 0 {
		return "-" + gap
	}
	return gap
}

// quotient writes top ÷ bottom = result with as many more digits as it takes
// for whoever redoes it with the digits written to get the result written;
// nothing when that is not the verdict's number.
func quotient(top, bottom func(more int) string, show func(float64) string, result float64) string {
	for more := range 8 {
		a, b := top(more), bottom(more)
		x, y, ok := worth(a, b)
		if ok && show(x/y) == show(result) && math.Abs(x/y-result) <= 1e-2*math.Max(1, math.Abs(result)) {
			return a + " ÷ " + b + " = " + show(result)
		}
	}
	return ""
}

// worth reads the two sides of a quotient back: numbers, percentages and
// differences in brackets.
func worth(a, b string) (x, y float64, ok bool) {
	read := func(s string) (float64, error) {
		from, less, isDifference := strings.Cut(strings.Trim(s, "()"), " − ")
		p, err := strconv.ParseFloat(strings.TrimSuffix(from, "%"), 64)
		if err == nil && isDifference {
			var q float64
			q, err = strconv.ParseFloat(less, 64)
			p -= q
		}
		if strings.HasSuffix(from, "%") {
			p /= 100
		}
		return p, err
	}
	x, err := read(a)
	if err != nil {
		return 0, 0, false
	}
	y, err = read(b)
	return x, y, err == nil && y != 0
}

// timing is the share of the time gone at the end of the figure's period.
func (s Subject) timing(add func(id, value, how string)) {
	v := s.V
	if v.Schedule == nil {
		return
	}
	how := ""
	if share, ok := elapsed(s.Start, v.Observed, v.Deadline); ok && near(share, *v.Schedule) {
		how = s.T("board-how-schedule", "start", s.Start, "observed", v.Observed, "deadline", v.Deadline,
			"gone", v.Observed.DaysSince(s.Start), "all", v.Deadline.DaysSince(s.Start), "share", figure.PercentFine(share))
	}
	add("board-n-schedule", figure.PercentFine(*v.Schedule), how)
}

func (s Subject) slope(perYear float64) string {
	return s.T("board-per-year", "slope", figure.Join(s.Scale.PerYear(perYear, 3), s.Scale.GapUnit))
}

// howNeeded is the rest of the way over the rest of the time.
func (s Subject) howNeeded() string {
	v := s.V
	if v.Value == nil || v.Gap == nil || v.Deadline.IsZero() {
		return ""
	}
	left := v.Deadline.DaysSince(v.Observed)
	if left <= 0 {
		return ""
	}
	rest := s.Of.Value.Sub(*v.Value)
	for _, year := range []float64{daysPerYear, 365} {
		if near(rest.Float()/(float64(left)/year), *v.SlopeNeeded) {
			return s.T("board-how-needed", "gap", figure.Join(s.gapDigits(2), s.Scale.GapUnit), "days", left, "year", year)
		}
	}
	return ""
}

func (s Subject) pace(add func(id, value, how string)) {
	v := s.V
	if v.Pace == nil {
		if !v.PaceWhyNot.IsZero() {
			add("board-n-pace", "—", s.Say(v.PaceWhyNot.Text))
		}
		return
	}
	show := func(r float64) string { return figure.Ratio(r, v.Thresholds.PaceAtRisk, v.Thresholds.PaceOnTrack) }
	how := ""
	switch {
	case v.Progress != nil && v.Schedule != nil:
		part := func(of float64) func(int) string {
			return func(more int) string { return strconv.FormatFloat(100*of, 'f', 1+more, 64) + "%" }
		}
		how = quotient(part(*v.Progress), part(*v.Schedule), show, *v.Pace)
	case v.SlopeSeen != nil && v.SlopeNeeded != nil:
		slope := func(of float64) func(int) string {
			return func(more int) string { return s.Scale.PerYear(of, 3+more) }
		}
		how = quotient(slope(*v.SlopeSeen), slope(*v.SlopeNeeded), show, *v.Pace)
	}
	add("board-n-pace", show(*v.Pace), how)
}

// thresholds are the numbers the rule went by, where it went by any.
func (s Subject) thresholds() string {
	th := s.V.Thresholds
	switch {
	case s.V.Chance != nil:
		return s.T("board-how-thresholds-chance", "on", figure.Percent(th.ChanceOnTrack), "risk", figure.Percent(th.ChanceAtRisk),
			"paceon", figure.Ratio(th.PaceOnTrack), "pacerisk", figure.Ratio(th.PaceAtRisk))
	case s.V.Pace != nil:
		return s.T("board-how-thresholds", "on", figure.Ratio(th.PaceOnTrack), "risk", figure.Ratio(th.PaceAtRisk))
	}
	return ""
}

// Rule splits the rule into its number and what it says; a rule the catalogue
// has no sentence for is shown as it is written.
func (f Voice) Rule(written string) (number, says string) {
	number, name, _ := strings.Cut(written, " ")
	if len(number) == 1 && number >= "1" && number <= "7" {
		return number, f.T("board-rule-" + number)
	}
	return number, name
}

// methodWritten is how a forecast's record says what made it: the method, the
// frequency, how many figures, how many steps ahead, which calibration, and what
// had to be done to the series.
var methodWritten = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^([a-z0-9-]+); ([A-Z]), n=([0-9]+), h=([0-9]+); intervals calibrated (\S+) \((\S+)\)(?:; ([0-9]+) missing periods interpolated)?(; reported days in a row)?$`)
})

// method words what made a forecast; a record that is written otherwise is shown
// as it is.
func (f Voice) method(written string) string {
	if strings.HasPrefix(written, "known;") {
		return f.T("board-made-by-known")
	}
	m := methodWritten().FindStringSubmatch(written)
	if m == nil {
		return written
	}
	var name any = m[1]
	if words.Has("board-made-by-" + m[1]) {
		name = words.Say("board-made-by-" + m[1])
	}
	unit := schema.Text{Zh: m[2], En: m[2]}
	if words.Has("board-made-by-" + m[2]) {
		unit = words.Say("board-made-by-" + m[2])
	}
	said := f.T("board-made-by", "method", name, "unit", unit, "n", m[3], "h", m[4], "made", m[5], "id", m[6])
	if m[7] != "" {
		said += f.T("board-made-by-filled", "n", m[7])
	}
	if m[8] != "" {
		said += f.T("board-made-by-working")
	}
	return said
}
