package board

import (
	"context"
	"math/big"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"yardstick/comparator"
	"yardstick/comparator/telling"
	"yardstick/dashboards/api"
	"yardstick/dashboards/districts"
	"yardstick/dashboards/lineage"
	"yardstick/dashboards/web"
	"yardstick/schema"
	operations "yardstick/schema/api"
	"yardstick/schema/calendar"
	"yardstick/schema/targets"
)

var today = schema.NewDate(2025, 6, 30)

// sample is one target's made-up story: its monthly figures from 2024-10 on,
// how it stands now and how it stood a month before.
type sample struct {
	figures string // as written, by month; - is a month without a figure
	unit    string // as written, when not the catalogue's
	factor  string // one of unit in the catalogue's
	now     schema.Status
	before  schema.Status
	marks   schema.Marks
	flow    bool // figures of the period, added up
}

const policyID = "dalian-2024-15"

func samples() map[string]sample {
	final := schema.Marks{Synthetic: true}
	with := func(f func(*schema.Marks)) schema.Marks { m := final; f(&m); return m }
	return map[string]sample{
		"bond-fund-report-cadence":         {figures: "9 10 8 11 9 10 10 14", now: schema.Lagging, marks: with(func(m *schema.Marks) { m.LateCadence = true })},
		"bond-fund-disbursement-cadence":   {figures: "1 1 1 1 1 1 1 1", now: schema.OnTrack, marks: final},
		"tech-sme-npl-tolerance":           {figures: "2.4 2.4 2.3 2.2 2.2 2.1 2.1 2.10", now: schema.OnTrack, marks: final},
		"first-loan-centres":               {figures: "0 0 1 1 1 1 1 1", now: schema.Open, marks: final},
		"high-growth-firms":                {figures: "8 11 14 17 15 21 22 23", now: schema.Lagging, before: schema.AtRisk, marks: final, flow: true},
		"innovation-consortia":             {figures: "6 18 31 44 52 61 70 79", now: schema.OnTrack, marks: final},
		"major-rd-projects":                {figures: "4 21 38 55 72 88 97 104", now: schema.Achieved, before: schema.OnTrack, marks: final},
		"open-bid-projects":                {figures: "0 1 1 2 2 3 3 3", now: schema.OnTrack, marks: final},
		"open-bid-subsidy-cap":             {figures: "800 800 900 950 950 960 980 1050", now: schema.Breached, before: schema.OnTrack, marks: with(func(m *schema.Marks) { m.Provisional = true })},
		"overseas-experts":                 {figures: "0 1 3 5 6 8 9 9", now: schema.AtRisk, marks: with(func(m *schema.Marks) { m.Stale, m.StaleDays = true, 12 })},
		"digital-retrofit-funds":           {figures: "0.60 0.90 1.35 1.80 2.20 2.60 2.95 3.40", now: schema.Open, marks: final},
		"strategic-industry-gdp-share":     {now: schema.AtRisk, before: schema.OnTrack, marks: with(func(m *schema.Marks) { m.Provisional = true })},
		"low-altitude-scenarios":           {figures: "2 3 5 6 7 9 11 12", now: schema.Open, marks: final},
		"ai-compute":                       {figures: "260 280 300 330 345 370 390 410", now: schema.Lagging, before: schema.Lagging, marks: final},
		"minimum-down-payment":             {figures: "15 15 15 15 15 15 15 15", now: schema.OnTrack, marks: final},
		"affordable-sale-housing-delivery": {figures: "0 0 - - - - - -", now: schema.Missed, marks: final},
		"affordable-homes":                 {figures: "900 1500 2100 2800 3600 4400 5100 6020", now: schema.Open, marks: final},
		"urban-village-projects":           {figures: "6 8 9 11 12 14 15 17", now: schema.Open, marks: final},
		"urban-village-households":         {figures: "3100 3900 4400 5200 6100 7000 7800 8650", now: schema.Open, marks: final},
		"soe-layer-compression":            {figures: "2 9 15 22 29 36 43 49", now: schema.Lagging, marks: final},
		"soe-innovation-consortia":         {figures: "- - - 0 0 1 1 1", now: schema.OnTrack, marks: final},
		"large-events":                     {figures: "- - - 5 6 9 10 11", now: schema.AtRisk, marks: final, flow: true},
		"spring-events":                    {figures: "- - - - - - 2 4", now: schema.OnTrack, marks: with(func(m *schema.Marks) { m.ReadingUnconfirmed = true })},
		"pension-finance-projects":         {figures: "- - - - - - - -", now: schema.NoData, marks: final},
		"high-standard-farmland":           {figures: "19.20 21.00 22.80 24.50 26.30 28.00 29.70 31.40", unit: "万亩", factor: "10000", now: schema.OnTrack, before: schema.AtRisk, marks: with(func(m *schema.Marks) { m.ReadingUnconfirmed = true })},
		"young-talent":                     {figures: "88000 95500 101200 - - - - -", now: schema.Achieved, marks: final},
		"fair-price-shops":                 {figures: "61 64 66 70 73 77 80 83", now: schema.Open, marks: final},
	}
}

// fixture answers as the store would, from the samples.
type fixture struct {
	register *targets.Register
	series   map[schema.SeriesKey][]schema.Observation
	receipts []schema.Receipt
	score    comparator.Scorecard
	fail     error
	panics   bool
}

func newFixture(t testing.TB) *fixture {
	t.Helper()
	register, err := targets.Load()
	if err != nil {
		t.Fatalf("loading the register: %v", err)
	}
	f := &fixture{register: register, series: map[schema.SeriesKey][]schema.Observation{}, receipts: sampleReceipts()}
	p, ok := register.Policy(policyID)
	if !ok {
		t.Fatalf("the register holds no policy %s", policyID)
	}
	all := samples()
	if len(p.Targets) != len(all) {
		t.Fatalf("the register holds %d targets, the samples %d", len(p.Targets), len(all))
	}
	for _, target := range p.Targets {
		s, ok := all[target.ID]
		if !ok {
			t.Fatalf("no sample for the target %s", target.ID)
		}
		key := schema.SeriesKey{Indicator: target.Indicator, Region: target.Region}
		f.series[key] = s.observations(key, target)
	}
	return f
}

// midMonth is when a period's figure is published in the samples.
func midMonth(p schema.Period) schema.Date { return p.Last().AddDays(15) }

func (s sample) observations(key schema.SeriesKey, t schema.Target) []schema.Observation {
	if t.ID == "strategic-industry-gdp-share" {
		return shareSeries(key)
	}
	var out []schema.Observation
	basis := schema.Cumulative
	switch {
	case s.flow:
		basis = schema.InPeriod
	case t.Kind != schema.Added && t.Kind != schema.Within:
		basis = schema.Point
	}
	for i, written := range strings.Fields(s.figures) {
		if written == "-" {
			continue
		}
		p := schema.Month(2024, 10).Add(i)
		v := schema.MustDecimal(written)
		if s.factor != "" {
			v = v.Mul(schema.MustDecimal(s.factor))
		}
		o := schema.Observation{
			Key: schema.Key{Indicator: key.Indicator, Region: key.Region, Basis: basis, Period: p}, Value: &v, Written: written,
			UnitWritten: s.unit, Unit: t.Unit, Status: schema.StatusNormal, PublishedAt: midMonth(p), Receipt: "R-2025-0007",
			ReceivedAt: midMonth(p).In(time.UTC).Add(9 * time.Hour), Cell: "D" + strconv.Itoa(i+2), Seq: uint64(i + 10), Synthetic: true,
		}
		if i == 7 && s.marks.Provisional {
			o.Status = schema.StatusProvisional
		}
		out = append(out, o)
	}
	return out
}

// shareSeries is a derived series: quarters, computed, nobody's cell.
func shareSeries(key schema.SeriesKey) []schema.Observation {
	var out []schema.Observation
	for i, v := range []string{"12.4182", "12.7731", "13.1046", "13.5", "13.8123456"} {
		p := schema.Quarter(2024, 1).Add(i)
		d := schema.MustDecimal(v)
		o := schema.Observation{
			Key:   schema.Key{Indicator: key.Indicator, Region: key.Region, Basis: schema.YearToDate, Period: p},
			Value: &d, Unit: "%", Status: schema.StatusNormal, PublishedAt: midMonth(p), Synthetic: true,
		}
		if i == 4 {
			o.Status = schema.StatusProvisional
		}
		out = append(out, o)
	}
	return out
}

func knownOn(obs []schema.Observation, asOf schema.Date) []schema.Observation {
	var out []schema.Observation
	for _, o := range obs {
		if !o.PublishedAt.After(asOf) {
			out = append(out, o)
		}
	}
	return out
}

func ptr[T any](v T) *T { return &v }

// verdict does the arithmetic a verdict holds; the status is the sample's.
func (f *fixture) verdict(p schema.Policy, t schema.Target, asOf schema.Date) schema.Verdict {
	s := samples()[t.ID]
	v := schema.Verdict{
		Policy: p.ID, Target: t.ID, Region: t.Region, AsOf: asOf, Status: s.now, Rule: "6 pace", Marks: s.marks, Clause: t.Clause, Kind: t.Kind,
		Direction: t.Direction, Unit: t.Unit, TargetValue: t.Value, Deadline: t.Deadline, Thresholds: t.Thresholds,
		Reason: schema.Reason{Text: schema.Text{Zh: "样例理由：" + t.Title.Zh + "。", En: "Sample reason for " + t.Title.En + "."}},
	}
	if asOf.Before(today) && s.before != "" {
		v.Status = s.before
	}
	obs := knownOn(f.series[schema.SeriesKey{Indicator: t.Indicator, Region: t.Region}], asOf)
	if len(obs) == 0 || v.Status == schema.NoData {
		v.Rule, v.Missing = "1 no data", []schema.Period{schema.Month(2025, 3), schema.Month(2025, 4)}
		v.Reason = schema.Reason{Text: schema.Text{Zh: "没有可用的观测值。", En: "There is no usable observation."}}
		return v
	}
	last := obs[len(obs)-1]
	value := *last.Value
	if s.flow {
		value = schema.Decimal{}
		for _, o := range obs {
			if o.Period.First().Before(f.since(p, t)) {
				continue
			}
			value = value.Add(*o.Value)
			v.Inputs = append(v.Inputs, schema.Input{Role: "part", Observation: o})
		}
	} else {
		v.Inputs = append(v.Inputs, schema.Input{Role: "judged", Observation: last})
	}
	v.Value, v.Gap, v.Period, v.Observed, v.Published = &value, ptr(t.Gap(value)), last.Period, last.Period.Last(), last.PublishedAt
	v.AgeDays = ptr(asOf.DaysSince(v.Observed))
	f.ratios(p, t, &v, obs)
	if v.Status == schema.Achieved {
		v.ReachedOn = v.Observed
	}
	return v
}

func (f *fixture) since(p schema.Policy, t schema.Target) schema.Date {
	if !t.WindowFrom.IsZero() {
		return t.WindowFrom
	}
	return p.Issued
}

func (f *fixture) ratios(p schema.Policy, t schema.Target, v *schema.Verdict, obs []schema.Observation) {
	quo := func(a, b schema.Decimal) *float64 {
		r, _ := new(big.Rat).Quo(a.Rat(), b.Rat()).Float64()
		return &r
	}
	if t.Kind == schema.Milestone || telling.Timeless(t.Kind) {
		return
	}
	v.GapRatio, v.Attainment = quo(*v.Gap, t.Value), quo(*v.Value, t.Value)
	v.ChanceWhyNot = schema.Reason{Text: schema.Text{Zh: "观测期数不足，暂不给出把握。", En: "There are too few periods to give a chance."}}
	start := f.since(p, t)
	if !v.Deadline.IsZero() {
		v.Schedule = ptr(float64(v.Observed.DaysSince(start)) / float64(v.Deadline.DaysSince(start)))
	}
	if t.Kind != schema.Level {
		v.Baseline, v.BaselineDate, v.Progress = &schema.Decimal{}, start, v.Attainment
		if v.Schedule != nil {
			v.Pace = ptr(*v.Progress / *v.Schedule)
		}
		return
	}
	first, last := obs[0], obs[len(obs)-1]
	v.SlopeSeen = ptr(last.Value.Sub(*first.Value).Float() / float64(last.Period.Last().DaysSince(first.Period.Last())) * 365.25)
	if v.Schedule != nil {
		v.SlopeNeeded = ptr(v.Gap.Float() / float64(v.Deadline.DaysSince(v.Observed)) * 365.25)
		v.Pace = ptr(*v.SlopeSeen / *v.SlopeNeeded)
	}
}

func (f *fixture) Verdicts(ctx context.Context, asOf schema.Date) ([]schema.Verdict, error) {
	if f.panics {
		panic("a fault on purpose")
	}
	if f.fail != nil {
		return nil, f.fail
	}
	if asOf.IsZero() {
		asOf = today
	}
	var out []schema.Verdict
	for _, p := range f.register.Policies {
		for _, t := range p.Targets {
			out = append(out, f.verdict(p, t, asOf))
		}
	}
	return out, ctx.Err()
}

func (f *fixture) Series(ctx context.Context, asOf schema.Date, keys []schema.SeriesKey) (map[schema.SeriesKey][]schema.Observation, error) {
	if asOf.IsZero() {
		asOf = today
	}
	out := map[schema.SeriesKey][]schema.Observation{}
	for _, k := range keys {
		out[k] = knownOn(f.series[k], asOf)
	}
	return out, ctx.Err()
}

// Vintages gives every figure twice: a first publication a little lower, and
// the one in force.
func (f *fixture) Vintages(ctx context.Context, key schema.SeriesKey, asOf schema.Date) ([]schema.Observation, error) {
	if asOf.IsZero() {
		asOf = today
	}
	var out []schema.Observation
	for _, o := range knownOn(f.series[key], asOf) {
		first := o
		first.PublishedAt, first.Seq = o.PublishedAt.AddDays(-5), o.Seq-5
		first.Receipt, first.Status = "R-2025-0003", schema.StatusProvisional
		out = append(out, first, o)
	}
	return out, ctx.Err()
}

// Case is made of the same figures; the verdicts of the samples are not judged
// from it.
func (f *fixture) Case(ctx context.Context, asOf schema.Date, policy, target string) (comparator.Case, bool, error) {
	if asOf.IsZero() {
		asOf = today
	}
	p, _ := f.register.Policy(policy)
	t, ok := f.register.Target(policy, target)
	if !ok || f.fail != nil {
		return comparator.Case{}, false, f.fail
	}
	days, err := calendar.Default()
	if err != nil {
		return comparator.Case{}, false, err
	}
	ind, _ := f.register.Indicators.ByCode(t.Indicator)
	region, _ := f.register.Regions.ByCode(t.Region)
	return comparator.Case{Target: t, Indicator: ind, Region: region, Issued: p.Issued, AsOf: asOf,
		Observations: knownOn(f.series[schema.SeriesKey{Indicator: t.Indicator, Region: t.Region}], asOf), Calendar: days}, true, ctx.Err()
}

// Parts are two districts of the farmland, one of them with an allocation.
func (f *fixture) Parts(ctx context.Context, c comparator.Case) (comparator.Parts, error) {
	if c.Target.ID != "high-standard-farmland" {
		return comparator.Parts{}, ctx.Err()
	}
	c.Target.Allocations = []schema.Allocation{{Region: "210214", Value: schema.MustDecimal("200000"), Source: schema.Text{Zh: "分解方案", En: "Allocation"}}}
	known := map[string][]schema.Observation{}
	var parts []schema.Region
	for _, code := range []string{"210214", "210281"} {
		region, _ := f.register.Regions.ByCode(code)
		parts = append(parts, region)
		for _, o := range c.Observations {
			half := o.Value.Mul(schema.NewDecimal(4, 1))
			o.Region, o.Value = code, &half
			known[code] = append(known[code], o)
		}
	}
	return telling.Divide(c, parts, known), ctx.Err()
}

func (f *fixture) Scorecard(ctx context.Context) (comparator.Scorecard, error) {
	return f.score, f.fail
}

func (f *fixture) Feeds(ctx context.Context) ([]schema.FeedState, error) {
	at := time.Date(2025, 6, 16, 1, 30, 0, 0, time.UTC)
	feeds := []schema.FeedState{
		{Feed: schema.Feed{Name: "monthly-targets", Title: schema.Text{Zh: "目标月报", En: "Monthly targets"}, Synthetic: true}, LastSuccess: at, NextRun: at.AddDate(0, 0, 15), Due: schema.NewDate(2025, 7, 15), DuePeriod: schema.Month(2025, 6)},
		{Feed: schema.Feed{Name: "gdp-quarterly", Title: schema.Text{Zh: "地区生产总值季报", En: "Quarterly GDP"}, Synthetic: true}, LastSuccess: at.AddDate(0, -1, 0), Due: schema.NewDate(2025, 6, 18), DuePeriod: schema.Quarter(2025, 1), Problems: 10, Questions: 1},
		{Feed: schema.Feed{Name: "bond-funds", Title: schema.Text{Zh: "债券资金旬报", En: "Bond funds"}}},
	}
	for i := range feeds { // as the store counts those of the newest receipt
		if at := slices.IndexFunc(f.receipts, func(r schema.Receipt) bool { return r.Feed == feeds[i].Name }); at >= 0 && f.receipts[at].Status == schema.Asked {
			feeds[i].Questions, feeds[i].Problems = len(f.receipts[at].Questions), 0
		}
	}
	return feeds, ctx.Err()
}

func (f *fixture) Receipts(ctx context.Context, feed string, limit int) ([]schema.Receipt, error) {
	var out []schema.Receipt
	for _, r := range f.receipts {
		if r.Feed == feed && len(out) < limit {
			out = append(out, r)
		}
	}
	return out, ctx.Err()
}

func (f *fixture) Receipt(ctx context.Context, id string) (schema.Receipt, bool, error) {
	for _, r := range f.receipts {
		if r.ID == id {
			return r, true, ctx.Err()
		}
	}
	return schema.Receipt{}, false, ctx.Err()
}

func sampleReceipts() []schema.Receipt {
	at := time.Date(2025, 6, 16, 1, 30, 0, 0, time.UTC)
	refused := schema.Receipt{
		ID: "R-2025-0009", Status: schema.Refused, Feed: "gdp-quarterly", File: "2025年一季度地区生产总值.csv", Actor: "statistics-office",
		ReceivedAt: at, Bytes: 2048, Rejected: 10, Encoding: "GB18030", Snapshot: strings.Repeat("4f2a91c7", 8), Synthetic: true,
		Questions: []schema.Question{{
			Problem: schema.Problem{
				Code: "unit", Line: 4, Column: 5, Cell: "E4", Written: "亿",
				Text: schema.Text{Zh: "“地区生产总值”单位写作“亿”。上期为“亿元”，本期是否相同？", En: "The unit of “GDP” is written “亿”. Last time it was “亿元”: is it the same?"},
			},
			Key: "unit", Candidates: []string{"亿元", "万元"}, Why: schema.Text{Zh: "单位不同，数值相差一万倍。", En: "The wrong unit is off by ten thousand."},
		}},
	}
	for i := range 10 {
		refused.Problems = append(refused.Problems, schema.Problem{
			Code: "number", Line: i + 2, Column: 4, Cell: "D" + strconv.Itoa(i+2), Written: "约二千一百五十二",
			Text: schema.Text{Zh: "“约二千一百五十二”不是数字。无数据请留空；数值为零请填 0。", En: "“约二千一百五十二” is not a number. Leave the cell empty when there is no figure; write 0 for nought."},
		})
	}
	old, revised := schema.MustDecimal("9516.9"), schema.MustDecimal("9540.20")
	return []schema.Receipt{
		{
			ID: "R-2025-0007", Status: schema.Accepted, Feed: "monthly-targets", File: "目标月报-2025-05.csv", ReceivedAt: at, Accepted: 24, Revised: 1, UnchangedN: 168, Synthetic: true,
			Changes: []schema.Change{{Key: schema.Key{Indicator: "gdp", Region: "210200", Basis: schema.YearToDate, Period: schema.Year(2024)}, Old: &old, New: &revised}},
		},
		{ID: "R-2025-0003", Status: schema.Unchanged, Feed: "monthly-targets", File: "目标月报-2025-05.csv", ReceivedAt: at.Add(-time.Hour), UnchangedN: 193, SameAs: "R-2025-0007", Synthetic: true},
		refused,
	}
}

// shared is what all pages share.
type shared = web.Options

// made is what a board of a test is made with.
type made struct {
	Options
	shared
	Lineage    lineage.Tracer // nil: no page tells
	Figures    api.Figures
	Archive    api.Archive
	Operations []operations.Operation
}

// made is a board over the samples, its clock at the day the tests name.
func (f *fixture) made(change ...func(*made)) made {
	o := made{Options: Options{Register: f.register, Reader: f}, shared: shared{Today: func() schema.Date { return today }, Entries: Entries(), Pinned: true}, Lineage: tracer{fixture: f}}
	for _, c := range change {
		c(&o)
	}
	o.Policies, o.Traced = o.Register.Policies, o.Lineage != nil
	return o
}

func (o made) site(t testing.TB) *web.Site {
	t.Helper()
	site, err := web.New(o.shared)
	if err != nil {
		t.Fatal(err)
	}
	return site
}

// newBoard is the board over the samples, with lineage and API beside it as the
// server has them.
func newBoard(t testing.TB, f *fixture, change ...func(*made)) http.Handler {
	t.Helper()
	o := f.made(change...)
	site := o.site(t)
	parts, err := districts.New(site, o.Register, o.Reader)
	if err != nil {
		t.Fatal(err)
	}
	beside := []func(*http.ServeMux){parts.Handle}
	programs := o.api()
	if o.Lineage != nil {
		room, err := lineage.New(site, lineage.Options{Register: o.Register, Reader: o.Reader, Tracer: o.Lineage, Figures: o.Figures != nil})
		if err != nil {
			t.Fatal(err)
		}
		beside = append(beside, room.Handle)
		programs.Lineage = api.Value{Shape: lineage.Lineage{}, Answer: room.Answer}
	}
	answers, err := api.New(site, programs)
	if err != nil {
		t.Fatal(err)
	}
	h, err := New(site, o.Options, beside...)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/", h)
	mux.Handle("/api/", answers)
	return mux
}

// api is what the API is made with; lineage comes to it beside.
func (o made) api() api.Options {
	return api.Options{Register: o.Register, Reader: o.Reader, Figures: o.Figures, Archive: o.Archive, Statements: o.Statements, Operations: o.Operations}
}

// board is what newBoard serves.
func (o made) board(t testing.TB) *board {
	t.Helper()
	b, err := open(o.site(t), o.Options)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// inWords is a page's frame in a language.
func inWords(lang string) *frame { return &frame{Frame: &web.Frame{Lang: lang}} }

func get(t testing.TB, h http.Handler, path string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}
