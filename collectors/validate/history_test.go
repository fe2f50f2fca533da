package validate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"yardstick/collectors/table"
	"yardstick/schema"
	"yardstick/schema/targets"
	"yardstick/schema/vintage"
)

// history is held figures and a file, written short.
type history struct {
	t    *testing.T
	past Past
}

// register is loaded once.
var register = sync.OnceValues(targets.Load)

func newHistory(t *testing.T) *history {
	t.Helper()
	register, err := register()
	if err != nil {
		t.Fatal(err)
	}
	return &history{t, Past{Register: register, File: "f.csv", Feed: "accounts", Given: map[string]string{}, Whole: true,
		FeedOf: func(id string) (string, error) { return strings.TrimPrefix(id, "from "), nil }}}
}

// figure is "indicator region period basis value", as in
// "gdp 210200 2025-Q3 ytd 7248.2"; a status may follow.
func (h *history) figure(s string) schema.Observation {
	h.t.Helper()
	part := strings.Fields(s)
	period, _, err := schema.ParsePeriod(part[2])
	if err != nil {
		h.t.Fatal(err)
	}
	ind, ok := h.past.Register.Indicators.ByCode(part[0])
	if !ok {
		h.t.Fatalf("no indicator %s", part[0])
	}
	o := schema.Observation{Key: schema.Key{Indicator: part[0], Region: part[1], Period: period, Basis: schema.Basis(part[3])},
		Unit: ind.Unit, Status: schema.StatusNormal, Written: part[4], PublishedAt: period.Last().AddDays(15), Receipt: "from accounts"}
	if part[4] != "-" {
		v := schema.MustDecimal(part[4])
		o.Value = &v
	} else {
		o.Status = schema.StatusMissing
	}
	if len(part) > 5 {
		o.Status = schema.ObsStatus(part[5])
	}
	return o
}

func (h *history) held(figures ...string) *history {
	h.t.Helper()
	for _, s := range figures {
		o := h.figure(s)
		for _, b := range h.past.Held {
			if vintage.Fact(b.Key) == vintage.Fact(o.Key) { // held before: a later vintage
				o.PublishedAt = b.PublishedAt.AddDays(10)
			}
		}
		o.Seq = uint64(len(h.past.Held) + 1)
		h.past.Held = append(h.past.Held, o)
	}
	return h
}

// file puts rows into the file; each is a new vintage, made public after those
// held.
func (h *history) file(figures ...string) *history {
	h.t.Helper()
	for _, s := range figures {
		h.row(h.figure(s))
	}
	return h
}

func (h *history) row(o schema.Observation) {
	o.Receipt = "this"
	var before *schema.Observation
	for i := range h.past.Held {
		if b := &h.past.Held[i]; vintage.Fact(b.Key) == vintage.Fact(o.Key) && (before == nil || b.Later(*before)) {
			before = b
		}
	}
	if before != nil {
		o.PublishedAt = before.PublishedAt.AddDays(10)
	}
	n := len(h.past.Rows)
	h.past.Rows = append(h.past.Rows, o)
	h.past.Places = append(h.past.Places, Place{Cell: table.Cell{Line: n + 2, Row: n + 2, Column: 4}})
	h.past.Fresh = append(h.past.Fresh, vintage.Fresh{Row: n, Before: before})
}

func (h *history) run() Doubts {
	h.t.Helper()
	d, err := History(h.past)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, q := range d.Questions {
		if q.Zh == q.En || strings.ContainsAny(q.Zh+q.En, "{}") || len(q.Candidates) == 0 || q.Why.Zh == "" || q.Why.En == "" || !KnownAnswer(q.Key) || !strings.Contains(q.Zh+q.Key, q.Key) {
			h.t.Errorf("question %+v", q)
		}
	}
	for _, p := range d.Problems {
		if p.Zh == p.En || strings.ContainsAny(p.Zh+p.En, "{}") || p.Cell == "" {
			h.t.Errorf("problem %+v", p)
		}
	}
	return d
}

// codes is what was found, as "code cell".
func codes(d Doubts) string {
	var out []string
	for _, p := range d.Problems {
		out = append(out, p.Code+" "+p.Cell)
	}
	for _, q := range d.Questions {
		out = append(out, strings.TrimSpace(q.Code+" "+q.Cell))
	}
	return strings.Join(out, ", ")
}

// months writes figures of successive months from start on.
func months(format, start string, values ...string) []string {
	p, _, err := schema.ParsePeriod(start)
	if err != nil {
		panic(err)
	}
	var out []string
	for _, v := range values {
		out = append(out, fmt.Sprintf(format, p, v))
		p = p.Next()
	}
	return out
}

const compute = "ai-compute 210200 %s point %s"

func TestWhatThePastMakesDoubtfulIsAskedOrRefused(t *testing.T) {
	steady := months(compute, "2024-09", "300", "306", "312", "320", "325", "331")
	shares := months("strategic-industry-gdp-share 210200 %s ytd %s", "2023-Q1", "14.1", "14.2", "14.4", "14.2", "14.6", "15.1")
	events := months("large-events 210200 %s ytd %s", "2025-01", "2", "5", "9", "12", "15", "18")
	homes := months("affordable-homes 210200 %s cumulative %s", "2024-11", "120", "300", "450", "640", "800", "1010", "1200")
	cases := []struct {
		name       string
		held, file []string
		given      string // key=value
		want       string
	}{
		{"ten times what it was", steady, []string{"ai-compute 210200 2025-03 point 3370"}, "", "value-jumps D2"},
		{"a hundred times", steady, []string{"ai-compute 210200 2025-03 point 33700"}, "", "value-jumps D2"},
		{"a tenth", steady, []string{"ai-compute 210200 2025-03 point 33.7"}, "", "value-jumps D2"},
		{"beyond a steady history", steady, []string{"ai-compute 210200 2025-03 point 520"}, "", "value-jumps D2"},
		{"just within what may always be", steady, []string{"ai-compute 210200 2025-03 point 490"}, "", ""},
		{"explained for itself", steady, []string{"ai-compute 210200 2025-03 point 3370"}, "explain.ai-compute.210200.2025-03=新中心投产", ""},
		{"explained for the file", steady, []string{"ai-compute 210200 2025-03 point 3370"}, "explain=新中心投产", ""},
		{"explained for another figure", steady, []string{"ai-compute 210200 2025-03 point 3370"}, "explain.ai-compute.210200.2025-04=x", "value-jumps D2"},
		{"explained by nothing", steady, []string{"ai-compute 210200 2025-03 point 3370"}, "explain= ", "value-jumps D2"},
		{"a break that the row declares", steady, []string{"ai-compute 210200 2025-03 point 3370 B"}, "", ""},
		{"a history too short to judge by", steady[:5], []string{"ai-compute 210200 2025-02 point 700"}, "", ""},
		{"a slip in a short history", steady[:3], []string{"ai-compute 210200 2024-12 point 3200"}, "", "value-jumps D2"},
		{"two figures are no history", steady[:2], []string{"ai-compute 210200 2024-11 point 3200"}, "", ""},
		{"a slip in an old vintage that stays hidden", nil, nil, "", ""},
		{"a total within the year that falls", events, []string{"large-events 210200 2025-07 ytd 17"}, "", "total-falls D2"},
		{"a total that stays", events, []string{"large-events 210200 2025-07 ytd 18"}, "", ""},
		{"a fall explained", events, []string{"large-events 210200 2025-07 ytd 17"}, "explain.large-events.210200.2025-07=核减", ""},
		{"January begins anew", months("large-events 210200 %s ytd %s", "2024-07", "20", "24", "29", "33", "38", "42"), []string{"large-events 210200 2025-01 ytd 3"}, "", ""},
		{"a running count that falls", homes, []string{"affordable-homes 210200 2025-06 cumulative 1190"}, "", "total-falls D2"},
		{"a running count that falls over the new year", homes[:3], []string{"affordable-homes 210200 2025-02 cumulative 449"}, "", "total-falls D2"},
		{"a correction above the next figure held", events, []string{"large-events 210200 2025-03 ytd 13"}, "", "total-falls D2"},
		{"a running count ten times over", homes, []string{"affordable-homes 210200 2025-06 cumulative 14000"}, "", "value-jumps D2"},
		{"a large batch", homes, []string{"affordable-homes 210200 2025-06 cumulative 2300"}, "", ""},
		{"a percentage as a fraction", shares, []string{"strategic-industry-gdp-share 210200 2024-Q3 ytd 0.153"}, "", "percent-or-fraction D2"},
		{"a fraction as a percentage", months("strategic-industry-gdp-share 210200 %s ytd %s", "2024-Q1", "0.151"), []string{"strategic-industry-gdp-share 210200 2024-Q2 ytd 15.3"}, "", "percent-or-fraction D2"},
		{"a percentage that fell to a tenth", shares, []string{"strategic-industry-gdp-share 210200 2024-Q3 ytd 1.53"}, "", "value-jumps D2"},
		{"a percentage true", shares, []string{"strategic-industry-gdp-share 210200 2024-Q3 ytd 15.4"}, "", ""},
		{"a fraction explained", shares, []string{"strategic-industry-gdp-share 210200 2024-Q3 ytd 0.153"}, "explain=数值属实", ""},
		{"a share within the year may fall", shares, []string{"strategic-industry-gdp-share 210200 2024-Q3 ytd 14.9"}, "", ""},
		{"an undone correction", []string{"gdp 210200 2024 period 9516.9", "gdp 210200 2024 period 9540.2"}, []string{"gdp 210200 2024 period 9516.9"}, "", "value-returns D2"},
		{"a correction", []string{"gdp 210200 2024 period 9516.9", "gdp 210200 2024 period 9540.2"}, []string{"gdp 210200 2024 period 9541.0"}, "", ""},
		{"an undone correction explained", []string{"gdp 210200 2024 period 9516.9", "gdp 210200 2024 period 9540.2"}, []string{"gdp 210200 2024 period 9516.9"}, "explain.gdp.210200.2024=撤销上次更正", ""},
		{"a revision to ten times", []string{"gdp 210200 2021 period 7825.9", "gdp 210200 2022 period 8430.9", "gdp 210200 2023 period 8752.9", "gdp 210200 2024 period 9516.9"}, []string{"gdp 210200 2024 period 95169"}, "", "value-jumps D2"},
		{"an undone correction under other keys", []string{"gdp 210200 2024-Q4 ytd 9516.9", "gdp 210200 2024 period 9540.2"}, []string{"gdp 210200 2024-12 ytd 9516.9"}, "", "value-returns D2"},
		{"a year below its three quarters", months("gdp 210200 %s ytd %s", "2024-Q1", "2100", "4500", "6900"), []string{"gdp 210200 2024 period 6800"}, "", "total-falls D2"},
		{"a year above them", months("gdp 210200 %s ytd %s", "2024-Q1", "2100", "4500", "6900"), []string{"gdp 210200 2024 period 9400"}, "", ""},
		{"a year at ten times the four quarters before", months("gdp 210200 %s ytd %s", "2023-Q4", "8752.9"), []string{"gdp 210200 2024 period 95169"}, "", ""}, // one figure is no history
		{"a year at ten times, held under two keys", []string{"gdp 210200 2021 period 7825.9", "gdp 210200 2022-Q4 ytd 8430.9", "gdp 210200 2023 period 8752.9"}, []string{"gdp 210200 2024-Q4 ytd 95169"}, "", "value-jumps D2"},
		{"a provisional figure over a final one", []string{"gdp 210200 2024 period 9540.2"}, []string{"gdp 210200 2024-Q4 ytd 9516.9 P"}, "", "estimate-over-actual D2"},
		{"the same, explained", []string{"gdp 210200 2024 period 9540.2"}, []string{"gdp 210200 2024-Q4 ytd 9516.9 P"}, "explain.gdp.210200.2024-Q4=重新核算", ""},
		{"a provisional figure over a provisional one", []string{"gdp 210200 2024 period 9540.2 P"}, []string{"gdp 210200 2024-Q4 ytd 9516.9 P"}, "", ""},
		{"a final figure over a final one", []string{"gdp 210200 2024 period 9540.2"}, []string{"gdp 210200 2024-Q4 ytd 9516.9"}, "", ""},
		{"a provisional figure over what was missing", []string{"gdp 210200 2024 period -"}, []string{"gdp 210200 2024-Q4 ytd 9516.9 P"}, "", ""},
		{"parts under other keys that do not add up", nil, []string{"gdp 210200 2024-Q4 ytd 9516.9", "primary-industry-value-added 210200 2024 period 585.7", "secondary-industry-value-added 210200 2024-Q4 ytd 3349.0", "tertiary-industry-value-added 210200 2024 period 5852.2"}, "", "total-differs D2"},
		{"parts that add up", nil, []string{"gdp 210200 2024 period 9516.9", "primary-industry-value-added 210200 2024 period 585.7", "secondary-industry-value-added 210200 2024 period 3349.0", "tertiary-industry-value-added 210200 2024 period 5582.2"}, "", ""},
		{"parts within the tolerance", nil, []string{"gdp 210200 2024 period 9516.9", "primary-industry-value-added 210200 2024 period 585.7", "secondary-industry-value-added 210200 2024 period 3349.0", "tertiary-industry-value-added 210200 2024 period 5670"}, "", ""},
		{"parts that do not add up", nil, []string{"gdp 210200 2024 period 9516.9", "primary-industry-value-added 210200 2024 period 585.7", "secondary-industry-value-added 210200 2024 period 3349.0", "tertiary-industry-value-added 210200 2024 period 5852.2"}, "", "total-differs D2"},
		{"parts that do not add up, explained", nil, []string{"gdp 210200 2024 period 9516.9", "primary-industry-value-added 210200 2024 period 585.7", "secondary-industry-value-added 210200 2024 period 3349.0", "tertiary-industry-value-added 210200 2024 period 5852.2"}, "explain.gdp.210200.2024=未作机械调整", ""},
		{"a part that is missing", nil, []string{"gdp 210200 2024 period 9516.9", "primary-industry-value-added 210200 2024 period 585.7", "secondary-industry-value-added 210200 2024 period 3349.0"}, "", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			h := newHistory(t).held(c.held...).file(c.file...)
			if key, value, ok := strings.Cut(c.given, "="); ok {
				h.past.Given[key] = value
			}
			d := h.run()
			if got := codes(d); got != c.want {
				t.Errorf("found %q, want %q", got, c.want)
				for _, q := range d.Questions {
					t.Log(q.Zh)
				}
			}
			if explained := strings.TrimPrefix(c.given, "explain"); c.want == "" && c.given != "" && !strings.HasSuffix(explained, h.past.Rows[0].Note) {
				t.Errorf("the explanation is not noted: %q", h.past.Rows[0].Note)
			}
			if want := c.want != ""; want != (len(d.Rows) > 0) {
				t.Errorf("doubtful rows %v", d.Rows)
			}
		})
	}
}

// districts writes a file with the city and all its districts.
func districts(city string, skip string) []string {
	out := []string{"gdp 210200 2024 period " + city}
	for i, code := range []string{"210202", "210203", "210204", "210211", "210212", "210213", "210214", "210224", "210281", "210283"} {
		if code != skip {
			out = append(out, fmt.Sprintf("gdp %s 2024 period %d", code, 100*(i+1)))
		}
	}
	return out
}

func TestTheCityIsHeldAgainstAllItsDistrictsAndNoOtherAreas(t *testing.T) {
	zones := []string{"gdp 210200-L1 2024 period 2500", "gdp 210200-L2 2024 period 900", "gdp 210200-L3 2024 period 300"}
	for _, c := range []struct {
		name, want string
		file       []string
	}{
		{"they add up", "", districts("5500", "")},
		{"within one percent", "", districts("5554", "")},
		{"beyond it", "total-differs D2", districts("5556", "")},
		{"zones inside the districts are not added", "", append(districts("5500", ""), zones...)},
		{"zones do not make up for a difference", "total-differs D2", append(districts("9200", ""), zones...)},
		{"a district is missing", "", districts("9200", "210283")},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newHistory(t).file(c.file...).run()
			if got := codes(d); got != c.want {
				t.Errorf("found %q, want %q: %+v", got, c.want, d.Questions)
			}
			if c.want != "" && len(d.Rows) != 11 {
				t.Errorf("%d rows are doubtful, want the city and its ten districts", len(d.Rows))
			}
		})
	}
}

func TestALevelThatMovedIsAskedAboutOnce(t *testing.T) {
	h := newHistory(t).file(months(compute, "2023-01", "300", "306", "312", "320", "325", "331", "337", "3400", "3450", "3500", "3480")...)
	d := h.run()
	if got := codes(d); got != "value-jumps D9" || len(d.Rows) != 4 || !strings.Contains(d.Questions[0].Zh, "其后3期") {
		t.Errorf("found %q, rows %v: %+v", got, d.Rows, d.Questions)
	}
	h = newHistory(t).file(months(compute, "2023-01", "300", "306", "312", "320", "325", "331", "337", "3400", "3450", "3500", "3480")...)
	h.past.Given["explain.ai-compute.210200.2023-08"] = "扩容"
	if d = h.run(); codes(d) != "" || len(d.Rows) != 0 {
		t.Errorf("explained once, still asked %q", codes(d))
	}
}

func TestASlipAnywhereInALongFileIsAskedAboutAndItsNeighboursAreNot(t *testing.T) {
	values := []string{"300", "306", "312", "320", "325", "331", "337", "345", "350", "358"}
	for i := range values {
		slipped := slices.Clone(values)
		slipped[i] += "0"
		d := newHistory(t).file(months(compute, "2023-01", slipped...)...).run()
		if got, want := codes(d), fmt.Sprintf("value-jumps D%d", i+2); got != want {
			t.Errorf("slip at %d: found %q, want %q", i, got, want)
		}
	}
}

func TestASlipInAVintageThatStaysHiddenIsAskedAbout(t *testing.T) {
	h := newHistory(t).held("gdp 210200 2024 period 9540.2").file("gdp 210200 2024 period 95169")
	h.past.Rows[0].PublishedAt = h.past.Held[0].PublishedAt.AddDays(-30)
	h.past.Fresh[0] = vintage.Fresh{Row: 0, Hidden: true}
	if got := codes(h.run()); got != "value-jumps D2" {
		t.Errorf("found %q", got)
	}
	h = newHistory(t).held("gdp 210200 2024 period 9540.2").file("gdp 210200 2024 period 9516.9")
	h.past.Fresh[0] = vintage.Fresh{Row: 0, Hidden: true}
	if got := codes(h.run()); got != "" {
		t.Errorf("found %q", got)
	}
}

// grown is a series of n months that grows by rate a step, with noise.
func grown(r *rand.Rand, kind string, n int) []float64 {
	level, rate, noise := 50+1000*r.Float64(), .04*r.Float64()-.005, .06*r.Float64()
	season := make([]float64, 12)
	for i := range season {
		season[i] = 1
		if kind == "seasonal" || kind == "ytd" {
			season[i] = math.Exp(.3 * max(-2.5, min(2.5, r.NormFloat64())))
		}
	}
	var out []float64
	total := 0.0
	for i := range n {
		v := level * math.Exp(rate*float64(i)) * math.Exp(noise*max(-2.5, min(2.5, r.NormFloat64()))) * season[i%12]
		if kind == "ytd" || kind == "cumulative" {
			if i%12 == 0 && kind == "ytd" {
				total = 0
			}
			total += v
			v = total
		}
		out = append(out, v)
	}
	return out
}

// kinds are series that count in different ways, as months writes them.
func kinds() map[string]string {
	return map[string]string{
		"stock":      "high-standard-farmland 210200 %s point %s",
		"seasonal":   "spring-events 210200 %s period %s",
		"ytd":        "large-events 210200 %s ytd %s",
		"cumulative": "affordable-homes 210200 %s cumulative %s",
	}
}

// Property: a series that grows as series do is not asked about, loaded month
// by month or at once; ten, a hundred, a thousand or ten thousand times its
// last figure is, and a tenth of it. One slip cannot be told from a season: the
// tenfold of a low month in a seasonal flow's first year, when that month was
// never seen before. Of those at most one in fifty may pass.
func TestNormalGrowthIsNotAskedAboutAndAFactorOfTenIs(t *testing.T) {
	for kind, format := range kinds() {
		r := rand.New(rand.NewPCG(1, 2)) // one a kind: a map's order is not the same twice
		asked, missed, unseen, runs := 0, 0, 0, 0
		for range 200 {
			n := 8 + r.IntN(30)
			var values []string
			for _, v := range grown(r, kind, n) {
				values = append(values, fmt.Sprintf("%.0f", v))
			}
			all := months(format, "2022-01", values...)
			at := 7 + r.IntN(n-7)
			for _, h := range []*history{newHistory(t).held(all[:at]...).file(all[at]), newHistory(t).file(all...)} {
				runs++
				if d := h.run(); len(d.Questions) > 0 {
					asked++
					t.Logf("%s: %s", kind, d.Questions[0].Zh)
				}
			}
			for _, zeros := range []string{"0", "00", "000", "0000"} {
				d := newHistory(t).held(all[:at]...).file(all[at] + zeros).run()
				switch {
				case len(d.Questions) == 1:
				case kind == "seasonal" && at < 12 && zeros == "0":
					unseen++
				default:
					missed++
					t.Logf("%s: %s%s after %v is not asked about", kind, all[at], zeros, values[:at])
				}
			}
		}
		if asked > 0 || missed > 0 || unseen > 4 {
			t.Errorf("%s: %d of %d asked about, %d slips missed, %d in an unseen month", kind, asked, runs, missed, unseen)
		}
	}
}

// Property: what is asked about a figure does not hang on the key it, or what is
// held, was written under.
func TestDoubtsAreTheSameWhicheverKeysFiguresAreWrittenUnder(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	other := func(o *schema.Observation) bool {
		was := o.Key
		var keys []schema.Key
		for _, f := range []schema.Frequency{schema.Annual, schema.Quarterly, schema.Monthly, schema.TenDay} {
			for _, b := range []schema.Basis{schema.Point, schema.InPeriod, schema.YearToDate, schema.Cumulative} {
				if k, ok := vintage.In(vintage.Fact(o.Key), f, b); ok {
					keys = append(keys, k)
				}
			}
		}
		o.Key = keys[r.IntN(len(keys))]
		return o.Key != was
	}
	rewritten, asked := 0, 0
	formats := kinds()
	formats["quarters"] = "gdp 210200 %s ytd %s"
	for kind, format := range formats {
		for range 120 {
			start := map[bool]string{true: "2022-Q1", false: "2022-01"}[kind == "quarters"]
			var values []string
			for _, v := range grown(r, map[bool]string{true: "stock", false: kind}[kind == "quarters"], 8+r.IntN(20)) {
				values = append(values, fmt.Sprintf("%.0f", v*math.Exp(r.NormFloat64()*.2)))
			}
			if at := r.IntN(len(values)); r.IntN(2) == 0 {
				values[at] += "0"
			}
			all := months(format, start, values...)
			at := 1 + r.IntN(len(all)-1)
			one, two := newHistory(t).held(all[:at]...).file(all[at:]...), newHistory(t).held(all[:at]...).file(all[at:]...)
			for i := range two.past.Held {
				if other(&two.past.Held[i]) {
					rewritten++
				}
			}
			for i := range two.past.Rows {
				if other(&two.past.Rows[i]) {
					rewritten++
				}
			}
			got, want := codes(two.run()), codes(one.run())
			if got != want {
				t.Fatalf("%s: %q, under other keys %q: %v", kind, want, got, two.past.Rows)
			}
			if want != "" {
				asked++
			}
		}
	}
	if rewritten < 1000 || asked < 100 {
		t.Errorf("%d figures were rewritten, %d files asked about", rewritten, asked)
	}
}

func TestAFigureHeldUnderAnotherKeyIsNotMissing(t *testing.T) {
	for _, c := range []struct{ held, want string }{
		{"gdp 210200 2024-Q4 ytd 9516.9", ""},                                         // the year is there
		{"gdp 210200 2024-Q3 ytd 6900", "coverage-shrinks"},                           // three quarters of it are
		{"gdp 210200 2024 period 9516.9", ""},                                         // as it was sent before
		{"primary-industry-value-added 210200 2024 period 585.7", "coverage-shrinks"}, // another's year
	} {
		h := newHistory(t).held("gdp 210200 2023 period 8752.9", c.held).file("ai-compute 210200 2025-03 point 320")
		h.past.Last = &schema.Coverage{Figures: 2, Count: 2, Series: []string{"ai-compute 210200 point M", "gdp 210200 period A"}}
		h.past.Rows[0].PublishedAt = schema.NewDate(2025, 4, 20)
		if got := codes(h.run()); got != c.want {
			t.Errorf("%s: found %q, want %q", c.held, got, c.want)
		}
	}
	// A revision under another key takes no series further: it delivers nothing.
	h := newHistory(t).held("gdp 210200 2024-Q4 ytd 9516.9", "ai-compute 210200 2024-12 point 320").file("gdp 210200 2024 period 9540.2")
	h.past.Last = &schema.Coverage{Figures: 2, Count: 2, Series: []string{"ai-compute 210200 point M", "gdp 210200 ytd Q"}}
	h.past.Rows[0].PublishedAt = schema.NewDate(2025, 10, 20)
	if got := codes(h.run()); got != "" {
		t.Errorf("a revision: found %q", got)
	}
}

func TestAFactIsLockedAndReopenedUnderEveryKey(t *testing.T) {
	act := func(seq uint64, kind schema.ActKind, fields ...string) schema.Act {
		a := schema.Act{Seq: seq, Kind: kind, Subject: "*", Actor: "王审核", Fields: map[string]string{"through": fields[0]}}
		if len(fields) > 1 {
			a.Fields["from"] = fields[1]
		}
		return a
	}
	lock := act(1, schema.ActLock, "2024-12-31")
	for _, figure := range []string{"gdp 210200 2024 period 9540.2", "gdp 210200 2024-Q4 ytd 9540.2", "gdp 210200 2024-12 ytd 9540.2"} {
		for name, c := range map[string]struct {
			acts []schema.Act
			want string
		}{
			"locked":                      {[]schema.Act{lock}, "period-locked D2"},
			"the year reopened":           {[]schema.Act{lock, act(2, schema.ActReopen, "2024-12-31", "2024-01-01")}, ""},
			"the fourth quarter reopened": {[]schema.Act{lock, act(2, schema.ActReopen, "2024-12-31", "2024-10-01")}, ""},
			"the third quarter reopened":  {[]schema.Act{lock, act(2, schema.ActReopen, "2024-09-30", "2024-07-01")}, "period-locked D2"},
			"reopened, then locked anew":  {[]schema.Act{lock, act(2, schema.ActReopen, "2024-12-31", "2024-01-01"), act(3, schema.ActLock, "2024-12-31")}, "period-locked D2"},
			"locked up to three quarters": {[]schema.Act{act(1, schema.ActLock, "2024-09-30")}, ""},
		} {
			h := newHistory(t).file(figure)
			h.past.Locks = c.acts
			if got := codes(h.run()); got != c.want {
				t.Errorf("%s, %s: found %q, want %q", figure, name, got, c.want)
			}
		}
	}
}
