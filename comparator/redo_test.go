package comparator_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"

	"yardstick/comparator/forecast"
	"yardstick/schema"
)

// anyJudged is any case with the real forecaster, and any kind of target.
func anyJudged(t testing.TB, r *rand.Rand, f forecast.Forecaster) (schema.Verdict, schema.Indicator) {
	c := anyCase(t, r)
	if r.IntN(5) == 0 {
		c.Target.Kind = []schema.Kind{schema.Rate, schema.Range}[r.IntN(2)]
		c.Target.Baseline, c.Target.BaselineDate, c.Target.Plan, c.Target.Path = nil, schema.Date{}, nil, "linear"
		c.Target.WindowFrom, c.Target.WindowTo = schema.Date{}, schema.Date{}
		c.Indicator.Unit, c.Target.Unit = "%", "%"
		if r.IntN(2) == 0 {
			c.Target.Tolerance = ptr(schema.NewDecimal(int64(1+r.IntN(40)), 0))
			if c.Target.Direction == schema.Up && r.IntN(2) == 0 {
				c.Target.Op = "="
			}
		}
	}
	if r.IntN(6) == 0 && c.Target.Kind == schema.Level && c.Target.Baseline != nil && c.Target.Baseline.Sign() > 0 {
		c.Target.Path, c.Target.Plan = "compound", nil
	}
	if r.IntN(25) == 0 { // a level that only just begins to be reported
		c = of(t, day("2025-02-10").AddDays(r.IntN(300)).String(), target(schema.Level, "300"), monthly(schema.Point),
			series("i", schema.Point, []string{"2025-01=40", "2025-01=40 2025-02=55", "2024-12=31 2025-01=40B"}[r.IntN(3)]))
		c.Target.Deadline = day("2025-12-31")
	}
	c.Forecaster = f
	return judge(t, c), c.Indicator
}

// TestFiveHundredVerdictsAreRedoneFromWhatTheyStore takes each verdict as it is
// stored, as JSON and nothing else but the indicator's entry in the catalogue,
// and redoes every number, the status and the rule by the formulas as published.
func TestFiveHundredVerdictsAreRedoneFromWhatTheyStore(t *testing.T) {
	f, err := forecast.New()
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(11, 11))
	redone, seen := 0, map[string]int{}
	for redone < 500 {
		made, ind := anyJudged(t, r, f)
		b, err := json.Marshal(made)
		if err != nil {
			t.Fatal(err)
		}
		var v schema.Verdict
		if err := json.Unmarshal(b, &v); err != nil {
			t.Fatal(err)
		}
		if v.Value == nil {
			continue
		}
		redone++
		seen[v.Rule]++
		redo{t, v, ind}.all(f)
		if t.Failed() {
			t.Fatalf("by %q: %s\n%s", v.Rule, v.Reason.Zh, b)
		}
	}
	for _, rule := range []string{"2 limit", "3 deadline", "4 achieved", "5 open", "5 not begun", "6 pace", "6 chance", "6 too short", "6 reading", "7 milestone"} {
		if seen[rule] < 3 {
			t.Errorf("rule %q came up %d times only", rule, seen[rule])
		}
	}
	t.Log(seen)
}

// redo holds a stored verdict and redoes it.
type redo struct {
	t *testing.T
	v schema.Verdict
	i schema.Indicator
}

func (r redo) all(f forecast.Forecaster) {
	r.value()
	r.shares()
	r.time()
	r.slopes()
	r.expected()
	r.pace()
	r.chance(f)
	r.status()
}

func (r redo) target() schema.Target {
	return schema.Target{Kind: r.v.Kind, Direction: r.v.Direction, Op: r.v.Op, Value: r.v.TargetValue, Tolerance: r.v.Tolerance, Unit: r.v.Unit, Deadline: r.v.Deadline}
}

func (r redo) value() {
	sum := schema.Decimal{}
	for _, in := range r.v.Inputs {
		switch in.Role {
		case "judged", "part":
			sum = sum.Add(*in.Value)
		case "baseline":
			sum = sum.Sub(*in.Value)
		}
	}
	if !sum.Equal(*r.v.Value) || !r.target().Gap(*r.v.Value).Equal(*r.v.Gap) {
		r.t.Errorf("value %s, gap %s; the inputs give %s", r.v.Value, r.v.Gap, sum)
	}
	if r.v.Observed != r.v.Period.Last() || *r.v.AgeDays != r.v.AsOf.DaysSince(r.v.Observed) {
		r.t.Errorf("observed %s, age %d", r.v.Observed, *r.v.AgeDays)
	}
}

// number compares a ratio with a quotient; nothing is expected where the
// denominator is not above zero, or the formula does not apply.
func (r redo) number(name string, got *float64, top, bottom float64, applies bool) {
	r.t.Helper()
	if !applies || bottom <= 0 {
		if got != nil {
			r.t.Errorf("%s is %g and should not be there", name, *got)
		}
		return
	}
	if got == nil {
		r.t.Errorf("%s is missing, want %g", name, top/bottom)
		return
	}
	if w := top / bottom; math.Abs(*got-w) > 1e-9*math.Max(1, math.Abs(w)) {
		r.t.Errorf("%s is %.12g, want %.12g", name, *got, w)
	}
}

func (r redo) shares() {
	v := r.v
	value, target := v.Value.Float(), v.TargetValue.Float()
	r.number("gap ratio", v.GapRatio, v.Gap.Float(), target, true)
	if v.Direction == schema.Down {
		r.number("attainment", v.Attainment, target, value, true)
	} else {
		r.number("attainment", v.Attainment, value, target, true)
	}
	if v.Baseline == nil {
		r.number("progress", v.Progress, 0, 0, false)
		return
	}
	way, all := value-v.Baseline.Float(), target-v.Baseline.Float()
	if v.Direction == schema.Down {
		way, all = -way, -all
	}
	r.number("progress", v.Progress, way, all, true)
}

// paced reports whether schedule and what follows from it belong to the verdict.
func (r redo) paced() bool {
	limit := r.v.Kind == schema.Ceiling || r.v.Kind == schema.Floor || r.v.Kind == schema.Range && r.v.Deadline.IsZero()
	return !limit && r.v.Kind != schema.Milestone
}

func (r redo) time() {
	v := r.v
	if v.Kind == schema.Milestone {
		if v.Schedule != nil { // by the day of judging: no figure measures it
			all := float64(v.Deadline.DaysSince(v.Start))
			r.number("schedule", v.Schedule, math.Min(math.Max(float64(v.AsOf.DaysSince(v.Start)), 0), all), all, true)
		}
		return
	}
	all := float64(v.Deadline.DaysSince(v.Start))
	gone := math.Min(math.Max(float64(v.Observed.DaysSince(v.Start)), 0), all)
	r.number("schedule", v.Schedule, gone, all, r.paced() && !v.Deadline.IsZero())
	if v.Baseline == nil || v.Schedule == nil {
		return
	}
	base, target := v.Baseline.Float(), v.TargetValue.Float()
	want := base + (target-base)*gone/all
	switch {
	case v.Path == "compound" && base > 0 && target > 0:
		want = base * math.Pow(target/base, gone/all)
	case v.Path == "plan" && len(v.Plan) > 0:
		want = r.interim()
	}
	r.number("planned", v.Planned, want, 1, true)
}

// interim is the plan's value at the figure's day, straight between its values.
func (r redo) interim() float64 {
	v := r.v
	fromDay, from := v.Start, v.Baseline.Float()
	for _, p := range append(append([]schema.PlanPoint{}, v.Plan...), schema.PlanPoint{Date: v.Deadline, Value: v.TargetValue}) {
		if !p.Date.After(fromDay) || p.Date.After(v.Deadline) {
			continue
		}
		if !v.Observed.After(p.Date) {
			return from + (p.Value.Float()-from)*math.Max(float64(v.Observed.DaysSince(fromDay)), 0)/float64(p.Date.DaysSince(fromDay))
		}
		fromDay, from = p.Date, p.Value.Float()
	}
	return from
}

func (r redo) slopes() {
	v := r.v
	if n := float64(len(v.SlopeOver)); n > 0 {
		var sx, sy, sxx, sxy float64
		for _, p := range v.SlopeOver {
			x, y := float64(p.Period.Last().DaysSince(v.SlopeOver[0].Period.Last())), p.Value.Float()
			sx, sy, sxx, sxy = sx+x, sy+y, sxx+x*x, sxy+x*y
		}
		if w := (n*sxy - sx*sy) / (n*sxx - sx*sx) * 365.25; v.SlopeSeen == nil || math.Abs(*v.SlopeSeen-w) > 1e-6*math.Max(1, math.Abs(w)) {
			r.t.Errorf("slope %v, want %g", v.SlopeSeen, w)
		}
	} else if v.SlopeSeen != nil {
		r.t.Error("a slope over nothing")
	}
	left := float64(v.Deadline.DaysSince(v.Observed))
	need := v.Gap.Float()
	if v.Value.Cmp(v.TargetValue) > 0 {
		need = -need
	}
	applies := r.paced() && !v.Deadline.IsZero() && left > 0 && v.Gap.Sign() > 0
	r.number("slope needed", v.SlopeNeeded, need*365.25, left, applies)
}

// expected continues the pace of the last periods: what is left, over the change
// a day, in whole days.
func (r redo) expected() {
	e := r.v.Expected
	if e == nil {
		return
	}
	moved, left := e.ToValue.Sub(e.FromValue).Float(), r.v.TargetValue.Sub(*r.v.Value).Float()
	days := float64(e.ToDay.DaysSince(e.FromDay))
	want := math.Ceil(left*days/moved - 1e-9)
	if !e.ToValue.Equal(*r.v.Value) || e.ToDay != r.v.Observed || left*moved <= 0 || e.Day != e.ToDay.AddDays(int(want)) {
		r.t.Errorf("expected %+v, in %g days", e, want)
	}
	r.number("per year", &e.PerYear, moved*365.25/days, 1, true)
	if n := schema.PeriodOf(e.Frequency, e.ToDay).Since(schema.PeriodOf(e.Frequency, e.FromDay)); n != e.Periods {
		r.t.Errorf("%d periods, want %d", e.Periods, n)
	}
	late := !r.v.Deadline.IsZero() && e.Day.After(r.v.Deadline)
	if e.Late != late || late && e.MonthsLate != (e.Day.Year-r.v.Deadline.Year)*12+int(e.Day.Month)-int(r.v.Deadline.Month) {
		r.t.Errorf("late %v by %d months: %s after %s", e.Late, e.MonthsLate, e.Day, r.v.Deadline)
	}
	counted := r.v.Kind == schema.Added || r.v.Kind == schema.Within
	if p := schema.PeriodOf(e.Frequency, e.FromDay); !counted {
		r.among(schema.SeriesPoint{Period: p, Value: e.FromValue}, false)
	}
}

func (r redo) pace() {
	v := r.v
	switch {
	case v.Pace == nil:
		if v.PaceWhyNot.Zh == "" {
			r.t.Error("no pace and no word why")
		}
	case v.Baseline == nil:
		r.number("pace", v.Pace, *v.SlopeSeen / *v.SlopeNeeded, 1, true)
	case v.Path == "compound" || v.Path == "plan" && len(v.Plan) > 0:
		d := 1.0
		if v.Direction == schema.Down {
			d = -1
		}
		r.number("pace", v.Pace, d*(v.Value.Float()-v.Baseline.Float()), d*(*v.Planned-v.Baseline.Float()), true)
	default:
		r.number("pace", v.Pace, *v.Progress, *v.Schedule, true)
	}
}

// chance asks the forecaster again with the series that the verdict kept, and
// finds each of its points among the inputs.
func (r redo) chance(f forecast.Forecaster) {
	v := r.v
	if v.Chance == nil {
		if v.Forecast != nil || v.ChanceWhyNot.Zh == "" {
			r.t.Error("no chance, and no word why or a forecast all the same")
		}
		return
	}
	counted := v.Kind == schema.Added || v.Kind == schema.Within
	q := forecast.Question{Indicator: r.i, Target: r.target(), Counted: counted || v.Forecast.ByChanges, Begin: v.Forecast.Begin, Deadline: v.Deadline, AsOf: v.AsOf}
	for _, p := range v.Forecast.Points {
		q.Points = append(q.Points, schema.SeriesPoint{Value: p.Value, Period: p.Period, Final: p.Final})
		r.among(p, counted)
	}
	// The chance to be within two bounds is that of not being above the upper
	// less that of not being above the lower.
	low, high := q.Target.Bounds()
	q.Target.Tolerance = nil
	ask := func(op string, bound *schema.Decimal) float64 {
		q.Target.Op, q.Target.Value = op, *bound
		a := f.Forecast(q)
		if last := len(q.Points) - 1; v.Forecast.ByChanges && q.Points[last].Value.Cmp(q.Points[0].Value) < 0 {
			a = upsideDown(f, q)
		}
		if v.Tolerance == nil || op == "<=" && bound == high || high == nil {
			for i, x := range a.Quantiles {
				if v.Forecast.Quantiles[i].P != x.P || v.Forecast.Quantiles[i].Value != x.Value {
					r.t.Errorf("quantile %+v, again %+v", v.Forecast.Quantiles[i], x)
				}
			}
			if a.Method != v.Forecast.Method {
				r.t.Errorf("method %s, again %s", v.Forecast.Method, a.Method)
			}
		}
		return a.Chance
	}
	var want float64
	switch {
	case high == nil:
		want = ask(">=", low)
	case low == nil:
		want = ask("<=", high)
	default:
		want = ask("<=", high) - ask("<=", low)
	}
	if math.Abs(*v.Chance-want) > 1e-12 && !(want == 0 && *v.Chance == 1) {
		r.t.Errorf("chance %g, again %g", *v.Chance, want)
	}
}

// upsideDown asks about a falling level as a rising one, all signs turned.
func upsideDown(f forecast.Forecaster, q forecast.Question) forecast.Answer {
	m := q
	m.Points = nil
	for _, p := range q.Points {
		p.Value = p.Value.Neg()
		m.Points = append(m.Points, p)
	}
	m.Target.Value, m.Target.Op = q.Target.Value.Neg(), map[string]string{"<=": ">=", ">=": "<="}[q.Target.Op]
	a := f.Forecast(m)
	n := len(a.Quantiles)
	turned := make([]schema.Quantile, n)
	for i, x := range a.Quantiles {
		turned[n-1-i] = schema.Quantile{P: a.Quantiles[n-1-i].P, Value: -x.Value}
	}
	a.Quantiles = turned
	return a
}

// among finds a point of the series in the inputs: a level or a running figure
// is one of them, a sum is of those of its periods up to then.
func (r redo) among(p schema.SeriesPoint, counted bool) {
	sum := schema.Decimal{}
	for _, in := range r.v.Inputs {
		if in.Period.Last() == p.Period.Last() && in.Value != nil && in.Value.Equal(p.Value) {
			return
		}
		if in.Basis == schema.InPeriod && in.Value != nil && !in.Period.Last().After(p.Period.Last()) {
			sum = sum.Add(*in.Value)
		}
	}
	if counted && sum.Equal(p.Value) {
		return
	}
	// Differences of running figures and joined years are checked by their last
	// value, which is the verdict's own.
	for _, in := range r.v.Inputs {
		if counted && in.Period.Last() == p.Period.Last() {
			return
		}
	}
	r.t.Errorf("%s of %s is not among the inputs", p.Value, p.Period)
}
