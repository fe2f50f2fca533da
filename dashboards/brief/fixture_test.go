package brief

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"yardstick/comparator"
	"yardstick/comparator/forecast"
	"yardstick/comparator/telling"
	"yardstick/dashboards/show"
	"yardstick/schema"
	"yardstick/schema/calendar"
	"yardstick/schema/targets"
)

// office is a small city's plan with its figures: the registers, the calendar
// and the comparator are the real ones, the store is a list.
type office struct {
	show.Reader // nil: a brief asks for no more than office answers
	register    *targets.Register
	calendar    *calendar.Calendar
	forecast    forecast.Forecaster
	rows        []schema.Observation // every vintage
	receipts    map[string]schema.Receipt
}

// figures are the plan's feeds: indicator, region, period, value, unit, day
// published, receipt.
const figures = `
grain 990100 2024-10 20.5 万亩 2024-11-14 R1
grain 990100 2024-12 24.10 万亩 2025-01-14 R1
grain 990100 2025-01 25.2 万亩 2025-02-14 R1
grain 990100 2025-02 26.3 万亩 2025-03-14 R1
grain 990100 2025-03 27.4 万亩 2025-04-14 R1
grain 990100 2025-04 29.00 万亩 2025-05-14 R1
grain 990100 2025-05 31.40 万亩 2025-06-14 R2
grain 990102 2025-05 12.5 万亩 2025-06-14 R2
grain 990103 2025-05 18.9 万亩 2025-06-14 R2
firms 990100 2024-11 12 家 2024-12-14 R1
firms 990100 2024-12 25 家 2025-01-14 R1
firms 990100 2025-01 40 家 2025-02-14 R1
firms 990100 2025-02 56 家 2025-03-14 R1
firms 990100 2025-03 75 家 2025-04-14 R1
firms 990100 2025-04 94 家 2025-05-14 R1
firms 990100 2025-04 90 家 2025-06-14 R2
firms 990100 2025-05 112 家 2025-06-14 R2
events 990100 2025-01 1 场 2025-02-14 R1
events 990100 2025-02 3 场 2025-03-14 R1
events 990100 2025-03 4 场 2025-04-14 R1
events 990100 2025-04 6 场 2025-05-14 R1
events 990100 2025-05 7 场 2025-06-14 R2
cap 990100 2025-04 950 万元 2025-05-14 R1
cap 990100 2025-05 1200 万元 2025-06-14 R2
homes 990100 2024-11 0 项 2024-12-14 R1
centres 990100 2025-05 3 个 2025-06-14 R2
`

func newOffice(t *testing.T) *office {
	t.Helper()
	register, err := targets.LoadWith("testdata/plan.yaml")
	if err != nil {
		t.Fatal(err)
	}
	o := &office{register: register}
	if o.calendar, err = calendar.Default(); err != nil {
		t.Fatal(err)
	}
	if o.forecast, err = forecast.New(); err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(strings.TrimSpace(figures), "\n") {
		o.rows = append(o.rows, o.observation(t, uint64(i+1), strings.Fields(line)))
	}
	key := schema.Key{Indicator: "firms", Region: "990100", Basis: schema.Cumulative, Period: schema.Month(2025, time.April)}
	o.receipts = map[string]schema.Receipt{
		"R1": {ID: "R1", Feed: "bureau", File: "至4月.csv"},
		"R2": {ID: "R2", Feed: "bureau", File: "5月.csv", Reason: "核对后更正", Changes: []schema.Change{{Key: key, Correction: schema.Clerical}}},
	}
	return o
}

func (o *office) observation(t *testing.T, seq uint64, f []string) schema.Observation {
	t.Helper()
	ind, ok := o.register.Indicators.ByCode(f[0])
	if !ok {
		t.Fatalf("no indicator %s", f[0])
	}
	period, _, err := schema.ParsePeriod(f[2])
	if err != nil {
		t.Fatal(err)
	}
	published, err := schema.ParseDate(f[5])
	if err != nil {
		t.Fatal(err)
	}
	value := schema.MustDecimal(f[3])
	for _, u := range ind.Units {
		if u.Unit == f[4] {
			value = value.Mul(u.Factor)
		}
	}
	return schema.Observation{Key: schema.Key{Indicator: f[0], Region: f[1], Basis: ind.Basis, Period: period}, Value: &value, Written: f[3], UnitWritten: f[4],
		Unit: ind.Unit, Status: schema.StatusNormal, PublishedAt: published, Receipt: f[6], Seq: seq}
}

// known are the figures in force of a series as of a day, by period.
func (o *office) known(asOf schema.Date, k schema.SeriesKey) []schema.Observation {
	held := map[schema.Key]schema.Observation{}
	for _, r := range o.rows {
		if was, ok := held[r.Key]; r.Indicator == k.Indicator && r.Region == k.Region && !r.PublishedAt.After(asOf) && (!ok || r.Later(was)) {
			held[r.Key] = r
		}
	}
	var out []schema.Observation
	for _, r := range held {
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b schema.Observation) int { return a.Period.Compare(b.Period) })
	return out
}

func (o *office) policy() schema.Policy {
	p, _ := o.register.Policy("example-2025-plan")
	return p
}

func (o *office) caseOf(asOf schema.Date, t schema.Target) comparator.Case {
	ind, _ := o.register.Indicators.ByCode(t.Indicator)
	region, _ := o.register.Regions.ByCode(t.Region)
	return comparator.Case{Target: t, Indicator: ind, Region: region, Issued: o.policy().Issued, AsOf: asOf,
		Observations: o.known(asOf, schema.SeriesKey{Indicator: t.Indicator, Region: t.Region}), Calendar: o.calendar, Forecaster: o.forecast}
}

// Verdicts judges all targets of the plan.
func (o *office) Verdicts(_ context.Context, asOf schema.Date) ([]schema.Verdict, error) {
	var out []schema.Verdict
	for _, t := range o.policy().Targets {
		c := o.caseOf(asOf, t)
		out = append(out, telling.Verdict(comparator.Judge(c), c.Indicator))
	}
	return out, nil
}

// Series are the figures in force.
func (o *office) Series(_ context.Context, asOf schema.Date, keys []schema.SeriesKey) (map[schema.SeriesKey][]schema.Observation, error) {
	out := map[schema.SeriesKey][]schema.Observation{}
	for _, k := range keys {
		out[k] = o.known(asOf, k)
	}
	return out, nil
}

// Case is what the verdict was made from.
func (o *office) Case(_ context.Context, asOf schema.Date, _, target string) (comparator.Case, bool, error) {
	t, ok := o.register.Target(o.policy().ID, target)
	return o.caseOf(asOf, t), ok, nil
}

// Parts are the city's two districts.
func (o *office) Parts(_ context.Context, c comparator.Case) (comparator.Parts, error) {
	var parts []schema.Region
	known := map[string][]schema.Observation{}
	for _, code := range []string{"990102", "990103"} {
		r, _ := o.register.Regions.ByCode(code)
		parts = append(parts, r)
		known[code] = o.known(c.AsOf, schema.SeriesKey{Indicator: c.Target.Indicator, Region: code})
	}
	return telling.Divide(c, parts, known), nil
}

// Receipt is one of the two.
func (o *office) Receipt(_ context.Context, id string) (schema.Receipt, bool, error) {
	r, ok := o.receipts[id]
	return r, ok, nil
}

// nine is the moment every brief of these tests is made at.
func nine() time.Time { return time.Date(2025, 6, 30, 9, 0, 0, 0, time.FixedZone("CST", 8*60*60)) }

func (o *office) options() Options {
	return Options{Register: o.register, Reader: o, Calendar: o.calendar, Now: nine, Location: nine().Location(), Address: "https://board.example.org",
		Feed: func(string) schema.Text { return schema.Text{Zh: "样例局月报", En: "Monthly report"} },
		Head: func(context.Context) (uint64, string, error) { return 42, strings.Repeat("ab", 32), nil }}
}

func asked() Asked {
	return Asked{Policy: "example-2025-plan", AsOf: schema.NewDate(2025, 6, 30), CompareWith: schema.NewDate(2025, 5, 31), Worst: 3, Slips: WithSlips, Lang: "zh"}
}

// brief makes the brief asked for.
func (o *office) brief(t *testing.T, a Asked) Brief {
	t.Helper()
	b, err := Gather(t.Context(), o.options(), a)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
