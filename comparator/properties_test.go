package comparator_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"yardstick/comparator"
	"yardstick/comparator/forecast"
	"yardstick/schema"
)

// rounds of each property; the generator is seeded, so a failure comes back.
const rounds = 400

// forecaster is the house's own.
var forecaster = sync.OnceValue(func() *forecast.Calibrated {
	f, err := forecast.New()
	if err != nil {
		panic(err)
	}
	return f
})

// anyCase makes a target of any kind with figures of any kind.
func anyCase(t testing.TB, r *rand.Rand) comparator.Case {
	kinds := []schema.Kind{schema.Level, schema.Added, schema.Within, schema.Ceiling, schema.Floor, schema.Milestone}
	tg := target(kinds[r.IntN(len(kinds))], fmt.Sprint(20+r.IntN(200)))
	if tg.Kind == schema.Milestone {
		tg.Value = dec("1")
	}
	if r.IntN(4) > 0 {
		tg.Deadline = day("2025-03-31").AddDays(r.IntN(500))
	}
	if tg.Kind == schema.Within {
		tg.WindowFrom, tg.WindowTo = day("2025-01-01"), day("2025-12-31")
		tg.Deadline = tg.WindowTo
	}
	if tg.Kind == schema.Level && r.IntN(2) == 0 {
		tg.Baseline, tg.BaselineDate = ptr(schema.NewDecimal(int64(r.IntN(250)), 0)), day("2024-09-30")
		tg.Path = []string{"linear", "linear", "plan"}[r.IntN(3)]
		if tg.Path == "plan" && !tg.Deadline.IsZero() {
			tg.Plan = []schema.PlanPoint{{Date: day("2025-02-28"), Value: schema.NewDecimal(int64(r.IntN(250)), 0)}}
		}
	}
	if tg.Kind == schema.Level && r.IntN(3) == 0 {
		tg.Direction, tg.Op = schema.Down, "<="
	}
	bases := []schema.Basis{schema.Point, schema.InPeriod, schema.YearToDate, schema.Cumulative}
	ind := monthly(bases[r.IntN(4)])
	if ind.Basis == schema.Cumulative && r.IntN(2) == 0 {
		ind.Since = []schema.Date{issued, day("2024-01-01"), day("2025-01-01")}[r.IntN(3)]
	}
	c := of(t, day("2024-11-15").AddDays(r.IntN(700)).String(), tg, ind, anyFigures(r, ind.Basis))
	if r.IntN(4) == 0 {
		c.Observations = append(c.Observations, anyFigures(r, bases[r.IntN(4)])...)
	}
	if r.IntN(2) == 0 {
		c.Forecaster = forecaster()
	}
	for i := range c.Observations {
		c.Observations[i].Seq = uint64(i + 1) // no two records of a ledger have one number
	}
	return c
}

func anyFigures(r *rand.Rand, b schema.Basis) (out []schema.Observation) {
	p, value := schema.Month(2024, 8), 0
	statuses := []string{"", "", "", "", "", "", "P", "E", "B", "F", "O"}
	for range r.IntN(20) {
		step := r.IntN(30) - 3
		if b == schema.InPeriod {
			value = max(step, 0)
		} else {
			value = max(value+step, 0)
		}
		if r.IntN(12) > 0 {
			written := fmt.Sprintf("%s=%d.%d%s", p, value, r.IntN(10), statuses[r.IntN(len(statuses))])
			out = append(out, series("i", b, written)...)
		}
		if p = p.Next(); b == schema.YearToDate && p.First().Month == 1 {
			value = 0
		}
	}
	return out
}

// TestNumbersFollowFromTheirInputs redoes each number from what the verdict
// itself stores.
func TestNumbersFollowFromTheirInputs(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	seen := map[schema.Status]int{}
	for range 4 * rounds {
		v := judge(t, anyCase(t, r))
		seen[v.Status]++
		if v.Value == nil {
			continue
		}
		sum := schema.Decimal{}
		for _, in := range v.Inputs {
			switch in.Role {
			case "judged", "part":
				sum = sum.Add(*in.Value)
			case "baseline":
				sum = sum.Sub(*in.Value)
			}
		}
		if !sum.Equal(*v.Value) {
			t.Fatalf("the inputs give %s, the verdict says %s\n%s\n%+v", sum, v.Value, v.Reason.Zh, v.Inputs)
		}
		gap := v.TargetValue.Sub(*v.Value)
		if v.Direction == schema.Down {
			gap = gap.Neg()
		}
		if !gap.Equal(*v.Gap) || *v.AgeDays != v.AsOf.DaysSince(v.Observed) || v.Observed != v.Period.Last() {
			t.Fatalf("gap %s, age %d of %s: %+v", v.Gap, *v.AgeDays, v.Period, v)
		}
		if v.Progress != nil {
			wantNumber(t, "progress", v.Progress, v.Value.Sub(*v.Baseline).Float(), v.TargetValue.Sub(*v.Baseline).Float())
		}
		if v.SlopeNeeded != nil {
			wantNumber(t, "needed", v.SlopeNeeded, v.TargetValue.Sub(*v.Value).Float()*365.25, float64(v.Deadline.DaysSince(v.Observed)))
		}
	}
	for _, s := range schema.Statuses() {
		if s != schema.Open && seen[s] < 10 || seen[s] == 0 {
			t.Errorf("%s came up %d times: the cases say too little about it", s, seen[s])
		}
	}
}

func TestScalingUnitsChangesNoVerdict(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for range rounds {
		c := anyCase(t, r)
		by := schema.NewDecimal([]int64{10000, 10, 25, 1}[r.IntN(4)], r.IntN(4))
		v, w := judge(t, c), judge(t, scaled(c, by))
		if v.Status != w.Status || v.Rule != w.Rule || v.Marks != w.Marks || v.ReachedOn != w.ReachedOn || v.LostOn != w.LostOn || v.Breaches != w.Breaches {
			t.Fatalf("times %s: %s by %q %+v reached %s lost %s\n%s\nturned %s by %q %+v reached %s lost %s\n%s", by, v.Status, v.Rule, v.Marks, v.ReachedOn, v.LostOn, v.Reason.Zh, w.Status, w.Rule, w.Marks, w.ReachedOn, w.LostOn, w.Reason.Zh)
		}
		sameChance(t, v, w)
		for name, pair := range map[string][2]*float64{
			"pace": {v.Pace, w.Pace}, "progress": {v.Progress, w.Progress}, "schedule": {v.Schedule, w.Schedule}, "attainment": {v.Attainment, w.Attainment},
		} {
			if (pair[0] == nil) != (pair[1] == nil) || pair[0] != nil && *pair[0] != *pair[1] {
				t.Fatalf("times %s: %s %v turned %v", by, name, pair[0], pair[1])
			}
		}
	}
}

// scaled gives the case in a unit of which one is `by` of the old.
func scaled(c comparator.Case, by schema.Decimal) comparator.Case {
	c.Target.Value = c.Target.Value.Mul(by)
	if b := c.Target.Baseline; b != nil {
		c.Target.Baseline = ptr(b.Mul(by))
	}
	c.Target.Plan = slices.Clone(c.Target.Plan)
	for i := range c.Target.Plan {
		c.Target.Plan[i].Value = c.Target.Plan[i].Value.Mul(by)
	}
	c.Observations = slices.Clone(c.Observations)
	for i, o := range c.Observations {
		if o.Value != nil {
			c.Observations[i].Value = ptr(o.Value.Mul(by))
		}
	}
	return c
}

// sameChance compares chances; a forecast is in floating point.
func sameChance(t *testing.T, v, w schema.Verdict) {
	t.Helper()
	if (v.Chance == nil) != (w.Chance == nil) || v.Chance != nil && math.Abs(*v.Chance-*w.Chance) > 1e-9 {
		t.Fatalf("chance %v turned %v\n%s\n%s", v.Chance, w.Chance, v.Reason.Zh, w.Reason.Zh)
	}
}

func TestMirroredLevelsMirrorTheVerdict(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	chances := 0
	defer func() {
		if chances < 20 {
			t.Errorf("only %d had a chance", chances)
		}
	}()
	for n := 0; n < 5*rounds; {
		c := anyCase(t, r)
		if c.Target.Kind != schema.Level {
			continue
		}
		n++
		c.Forecaster = forecaster()
		c.Indicator.Unit, c.Target.Unit = "%", "%" // which nothing bounds: an amount cannot fall below nought
		m := scaled(c, schema.NewDecimal(-1, 0))
		if c.Target.Direction == schema.Down {
			m.Target.Direction, m.Target.Op = schema.Up, ">="
		} else {
			m.Target.Direction, m.Target.Op = schema.Down, "<="
		}
		v, w := judge(t, c), judge(t, m)
		if v.Status != w.Status || v.Rule != w.Rule || v.Marks != w.Marks || v.ReachedOn != w.ReachedOn || v.LostOn != w.LostOn {
			t.Fatalf("%s by %q\n%s\nmirrored %s by %q\n%s", v.Status, v.Rule, v.Reason.Zh, w.Status, w.Rule, w.Reason.Zh)
		}
		if (v.Pace == nil) != (w.Pace == nil) || v.Pace != nil && *v.Pace != *w.Pace {
			t.Fatalf("pace %v mirrored %v", v.Pace, w.Pace)
		}
		sameChance(t, v, w)
		if v.Forecast != nil {
			chances++
			low, _ := v.Forecast.At(.1)
			high, _ := w.Forecast.At(.9)
			if math.Abs(low+high) > 1e-9*math.Max(1, math.Abs(low)) {
				t.Fatalf("tenth %g, mirrored ninth %g", low, high)
			}
		}
		if v.SlopeSeen != nil && *v.SlopeSeen != -*w.SlopeSeen {
			t.Fatalf("slope %v mirrored %v", *v.SlopeSeen, *w.SlopeSeen)
		}
	}
}

// TestAnObservationThatMeetsNeverWorsens: before the deadline, the next
// period's figure that meets the target never makes the verdict worse.
func TestAnObservationThatMeetsNeverWorsens(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for n := 0; n < rounds; {
		c := anyCase(t, r)
		k := c.Target.Kind
		if k == schema.Milestone || !c.Target.Deadline.IsZero() && c.AsOf.After(c.Target.Deadline) {
			continue
		}
		last := schema.PeriodOf(schema.Monthly, c.AsOf)
		if last.Last().After(c.AsOf) {
			last = last.Prev()
		}
		basis := c.Indicator.Basis
		if k == schema.Added || k == schema.Within {
			basis, c.Indicator.Since = schema.Cumulative, schema.Date{}
		}
		first := c.Target.WindowFrom
		if first.IsZero() {
			first = issued
		}
		if last.Last().Before(first) || slices.ContainsFunc(c.Observations, func(o schema.Observation) bool { return o.Basis != basis || o.Period == last }) {
			continue
		}
		if basis == schema.YearToDate || basis == schema.InPeriod && k == schema.Level {
			continue // whole years only, or no such figure this month
		}
		n++
		before := judge(t, c)
		s := series("i", basis, last.String()+"=0")
		s[0].Value, s[0].PublishedAt, s[0].Seq = ptr(c.Target.Value), c.AsOf, 99
		c.Observations = append(slices.Clone(c.Observations), s...)
		after := judge(t, c)
		if after.Status.Rank() < before.Status.Rank() {
			t.Fatalf("%s by %q\n%s\nworsened to %s by %q\n%s", before.Status, before.Rule, before.Reason.Zh, after.Status, after.Rule, after.Reason.Zh)
		}
	}
}

// TestALaterVintageOfTheSameChangesNothing: a figure published again with the
// same value and status leaves the verdict as it is, but for when its inputs
// were published. (Cadences are about being published, and are not drawn here.)
func TestALaterVintageOfTheSameChangesNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for n := 0; n < rounds; {
		c := anyCase(t, r)
		if len(c.Observations) == 0 {
			continue
		}
		n++
		v := judge(t, c)
		c.Observations = slices.Clone(c.Observations)
		again := c.Observations[r.IntN(len(c.Observations))]
		if again.PublishedAt.After(c.AsOf) {
			continue
		}
		if slices.ContainsFunc(c.Observations, func(o schema.Observation) bool { return o.Key == again.Key && o.Later(again) }) {
			continue // it was not in force
		}
		again.PublishedAt, again.Seq, again.Receipt = c.AsOf, 1000, "R2"
		c.Observations = append(c.Observations, again)
		w := judge(t, c)
		if got, want := withoutVintage(t, w), withoutVintage(t, v); got != want {
			t.Fatalf("%s\nturned\n%s", want, got)
		}
	}
}

func withoutVintage(t testing.TB, v schema.Verdict) string {
	t.Helper()
	v.Published = schema.Date{}
	v.Inputs = slices.Clone(v.Inputs)
	for i := range v.Inputs {
		v.Inputs[i].PublishedAt, v.Inputs[i].Seq, v.Inputs[i].Receipt = schema.Date{}, 0, ""
	}
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestJudgingTwiceAndInAnyOrderIsTheSame(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	for range rounds {
		c := anyCase(t, r)
		v := judge(t, c)
		c.Observations = slices.Clone(c.Observations)
		r.Shuffle(len(c.Observations), func(i, j int) {
			c.Observations[i], c.Observations[j] = c.Observations[j], c.Observations[i]
		})
		a, errA := json.Marshal(v)
		b, errB := json.Marshal(judge(t, c))
		if errA != nil || errB != nil || string(a) != string(b) {
			t.Fatalf("%s\nturned\n%s", a, b)
		}
	}
}

// TestSlopesAreLeastSquares redoes slopes in floating point by another formula.
func TestSlopesAreLeastSquares(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	tg := target(schema.Level, "1000000")
	for range rounds {
		s := anyFigures(r, schema.Point)
		v := judge(t, of(t, "2026-12-31", tg, monthly(schema.Point), s))
		if v.SlopeSeen == nil {
			continue
		}
		var xs, ys []float64
		for _, in := range v.Inputs {
			xs = append(xs, float64(in.Period.Last().DaysSince(issued)))
			ys = append(ys, in.Value.Float())
		}
		var mx, my, top, bottom float64
		for i := range xs {
			mx, my = mx+xs[i]/float64(len(xs)), my+ys[i]/float64(len(xs))
		}
		for i := range xs {
			top, bottom = top+(xs[i]-mx)*(ys[i]-my), bottom+(xs[i]-mx)*(xs[i]-mx)
		}
		got, _ := new(big.Float).SetFloat64(*v.SlopeSeen).Float64()
		if d := got - top/bottom*365.25; d > 1e-6 || d < -1e-6 {
			t.Fatalf("slope %g, want %g", got, top/bottom*365.25)
		}
	}
}
