package derive_test

import (
	"errors"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"yardstick/comparator/derive"
	"yardstick/schema"
)

// All figures in these tests are made up.

type entries []schema.Indicator

func (e entries) ByCode(code string) (schema.Indicator, bool) {
	for _, i := range e {
		if i.Code == code {
			return i, true
		}
	}
	return schema.Indicator{}, false
}

func entry(code, unit string, f *schema.Formula) schema.Indicator {
	return schema.Indicator{
		Code: code, Unit: unit, Basis: schema.YearToDate, Formula: f, Frequencies: []schema.Frequency{schema.Quarterly, schema.Annual},
	}
}

func formula(op string, terms ...string) *schema.Formula {
	return &schema.Formula{Op: op, Terms: terms}
}

func money() entries {
	return entries{
		entry("gdp", "亿元", nil), entry("new", "亿元", nil), entry("people", "万人", nil),
		entry("share", "%", formula("share", "new", "gdp")), entry("head", "万元", formula("ratio", "gdp", "people")),
		entry("both", "亿元", formula("sum", "new", "gdp")), entry("rest", "亿元", formula("difference", "gdp", "new")),
		entry("growth", "%", formula("yoy", "gdp")), entry("rest-share", "%", formula("share", "rest", "gdp")),
	}
}

// figure reads "2025-06=4.2P": of the code, with the unit and basis.
func figure(code, unit string, b schema.Basis, written string) schema.Observation {
	period, value, _ := strings.Cut(written, "=")
	p, _, err := schema.ParsePeriod(period)
	if err != nil {
		panic(err)
	}
	o := schema.Observation{
		Key: schema.Key{Indicator: code, Region: "210200", Basis: b, Period: p}, Unit: unit, Status: schema.StatusNormal,
		PublishedAt: p.Last().AddDays(20), ReceivedAt: p.Last().AddDays(21).In(time.UTC), Receipt: "R1", Seq: 1,
	}
	if n := len(value) - 1; value[n] >= 'A' && value[n] <= 'Z' {
		o.Status, value = schema.ObsStatus(value[n:]), value[:n]
	}
	if value != "-" {
		d := schema.MustDecimal(value)
		o.Value = &d
	}
	return o
}

func yuan(code string, b schema.Basis, figures ...string) (out []schema.Observation) {
	for _, f := range figures {
		out = append(out, figure(code, "亿元", b, f))
	}
	return out
}

func compute(t *testing.T, cat entries, code string, obs ...[]schema.Observation) derive.Result {
	t.Helper()
	var all []schema.Observation
	for _, o := range obs {
		all = append(all, o...)
	}
	r, err := derive.Compute(cat, code, "210200", all)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// got lists figures as "2025-Q2 ytd 14.5 P".
func got(r derive.Result) string {
	var out []string
	for _, f := range r.Figures {
		out = append(out, f.Period.String()+" "+string(f.Basis)+" "+f.Value.String()+" "+string(f.Status))
	}
	return strings.Join(out, "; ")
}

func want(t *testing.T, r derive.Result, wanted string) {
	t.Helper()
	if g := got(r); g != wanted {
		t.Errorf("got  %s\nwant %s", g, wanted)
	}
}

func TestFormulas(t *testing.T) {
	obs := append(yuan("gdp", schema.YearToDate, "2024-Q2=4000", "2025-Q2=4400P"), yuan("new", schema.YearToDate, "2024-Q2=520", "2025-Q2=600")...)
	obs = append(obs, figure("people", "万人", schema.YearToDate, "2025-Q2=750"))
	cat := money()
	// 520/4000 = 13 %, 600/4400 = 13.636363… %
	want(t, compute(t, cat, "share", obs), "2024-Q2 ytd 13 A; 2025-Q2 ytd 13.636364 P")
	want(t, compute(t, cat, "head", obs), "2025-Q2 ytd 5.866667 P") // 4400/750
	want(t, compute(t, cat, "both", obs), "2024-Q2 ytd 4520 A; 2025-Q2 ytd 5000 P")
	want(t, compute(t, cat, "rest", obs), "2024-Q2 ytd 3480 A; 2025-Q2 ytd 3800 P")
	want(t, compute(t, cat, "growth", obs), "2025-Q2 ytd 10 P") // 4400/4000 - 1
	want(t, compute(t, cat, "rest-share", obs), "2024-Q2 ytd 87 A; 2025-Q2 ytd 86.363636 P")
	want(t, compute(t, cat, "gdp", obs), "")
}

func TestAYearIsTheYearToDateAtItsEnd(t *testing.T) {
	cat := money()
	// Numerator as a year, denominator as its four quarters to date.
	r := compute(t, cat, "share", yuan("new", schema.InPeriod, "2024=1280"), yuan("gdp", schema.YearToDate, "2024-Q4=9400"))
	want(t, r, "2024-Q4 ytd 13.617021 A")
	// Where it is there under both keys, the later published stands.
	quarters, year := yuan("gdp", schema.YearToDate, "2024-Q4=9400"), yuan("gdp", schema.InPeriod, "2024=6400")
	year[0].PublishedAt = year[0].PublishedAt.AddDays(30)
	r = compute(t, cat, "share", yuan("new", schema.InPeriod, "2024=1280"), quarters, year)
	want(t, r, "2024-Q4 ytd 20 A")
	quarters[0].PublishedAt = year[0].PublishedAt.AddDays(1)
	r = compute(t, cat, "share", yuan("new", schema.InPeriod, "2024=1280"), year, quarters)
	want(t, r, "2024-Q4 ytd 13.617021 A")
	// The first quarter's own flow is the year to date at its end.
	r = compute(t, cat, "share", yuan("new", schema.InPeriod, "2024-Q1=300"), yuan("gdp", schema.YearToDate, "2024-03=2400"))
	want(t, r, "2024-Q1 ytd 12.5 A")
	// An indicator of years names it by the year.
	cat[3].Frequencies = []schema.Frequency{schema.Annual, schema.Quarterly}
	r = compute(t, cat, "share", yuan("new", schema.YearToDate, "2024-Q4=1280"), yuan("gdp", schema.YearToDate, "2024-Q4=9400"))
	want(t, r, "2024 period 13.617021 A")
	// The flow of a quarter is no year to date, though both end in June.
	r = compute(t, cat, "share", yuan("new", schema.InPeriod, "2025-Q2=300"), yuan("gdp", schema.YearToDate, "2025-Q2=4400"))
	want(t, r, "")
	r = compute(t, cat, "share", yuan("new", schema.InPeriod, "2025-Q2=300"), yuan("gdp", schema.InPeriod, "2025-Q2=2400"))
	want(t, r, "2025-Q2 period 12.5 A")
}

func TestMissingPartsAreTold(t *testing.T) {
	cat := money()
	r := compute(t, cat, "share", yuan("new", schema.YearToDate, "2025-Q1=300", "2025-Q2=-O", "2025-Q3=900"),
		yuan("gdp", schema.YearToDate, "2025-Q2=4400", "2025-Q3=0"))
	want(t, r, "")
	if len(r.Missing) != 3 {
		t.Fatalf("%+v", r.Missing)
	}
	for i, w := range []derive.Gap{
		{Term: "gdp", Period: schema.Quarter(2025, 1), Because: derive.Absent},
		{Term: "new", Period: schema.Quarter(2025, 2), Because: derive.Absent},
		{Term: "gdp", Period: schema.Quarter(2025, 3), Because: derive.Denominator},
	} {
		g := r.Missing[i]
		if g.Term != w.Term || g.Period != w.Period || g.Because != w.Because || g.Key.Indicator != "share" {
			t.Errorf("%+v, want %+v", g, w)
		}
	}
	// A term held in another unit than the catalogue's is not reckoned with.
	r = compute(t, cat, "share", []schema.Observation{figure("new", "万元", schema.YearToDate, "2025-Q1=3000000")}, yuan("gdp", schema.YearToDate, "2025-Q1=2000"))
	if len(r.Figures) != 0 || len(r.Missing) != 1 || r.Missing[0].Because != derive.Unit {
		t.Errorf("%+v", r)
	}
	// Growth needs the year before.
	r = compute(t, cat, "growth", yuan("gdp", schema.YearToDate, "2025-Q2=4400"))
	if len(r.Figures) != 0 || len(r.Missing) != 1 || r.Missing[0].Period != schema.Quarter(2024, 2) {
		t.Errorf("%+v", r)
	}
	// Other places are not drawn on.
	far := yuan("gdp", schema.YearToDate, "2025-Q1=2000")
	far[0].Region = "210202"
	want(t, compute(t, cat, "share", yuan("new", schema.YearToDate, "2025-Q1=300"), far), "")
	// A month of a quarterly share is nobody's gap.
	if r = compute(t, cat, "share", yuan("new", schema.YearToDate, "2025-02=30")); len(r.Missing) != 0 {
		t.Errorf("%+v", r.Missing)
	}
}

func TestAFigureIsNoFirmerThanItsTerms(t *testing.T) {
	cat := money()
	for terms, status := range map[string]schema.ObsStatus{
		"A A": "A", "P A": "P", "A E": "E", "P E": "E", "B P": "P", "A B": "B", "F A": "F", "I E": "I", "A U": "U",
	} {
		r := compute(t, cat, "share", yuan("new", schema.YearToDate, "2025-Q1=300"+terms[:1]), yuan("gdp", schema.YearToDate, "2025-Q1=2000"+terms[2:]))
		if len(r.Figures) != 1 || r.Figures[0].Status != status {
			t.Errorf("%s: %s", terms, got(r))
		}
	}
	n, d := yuan("new", schema.YearToDate, "2025-Q1=300"), yuan("gdp", schema.YearToDate, "2025-Q1=2000")
	d[0].PublishedAt, d[0].Seq, d[0].Synthetic = schema.NewDate(2025, 5, 2), 7, true
	f := compute(t, cat, "share", n, d).Figures[0]
	if f.PublishedAt != d[0].PublishedAt || f.Seq != 7 || !f.Synthetic || f.ReceivedAt != n[0].ReceivedAt || f.Unit != "%" || f.Written != "15" {
		t.Errorf("%+v", f)
	}
	if len(f.Terms) != 2 || f.Terms[0].Role != "numerator" || f.Terms[1].Role != "denominator" || f.Terms[1].Key != d[0].Key {
		t.Errorf("%+v", f.Terms)
	}
	// The first year of a new series does not break growth over it; a break
	// this year does.
	want(t, compute(t, cat, "growth", yuan("gdp", schema.YearToDate, "2024-Q2=4000B", "2025-Q2=4400")), "2025-Q2 ytd 10 A")
	want(t, compute(t, cat, "growth", yuan("gdp", schema.YearToDate, "2024-Q2=4000", "2025-Q2=4400B")), "2025-Q2 ytd 10 B")
}

func TestAPublishedFigureGoesBeforeAComputedOne(t *testing.T) {
	cat := money()
	own := figure("share", "%", schema.InPeriod, "2024=13.5")
	terms := append(yuan("new", schema.YearToDate, "2024-Q4=1280", "2025-Q1=300"), yuan("gdp", schema.YearToDate, "2024-Q4=9400", "2025-Q1=2000")...)
	want(t, compute(t, cat, "share", terms, []schema.Observation{own}), "2025-Q1 ytd 15 A")
	own.Status, own.Value = schema.StatusMissing, nil
	want(t, compute(t, cat, "share", terms, []schema.Observation{own}), "2024-Q4 ytd 13.617021 A; 2025-Q1 ytd 15 A")
	// Also as a term of another.
	rest := yuan("rest", schema.YearToDate, "2025-Q1=1500")
	want(t, compute(t, cat, "rest-share", terms, rest), "2024-Q4 ytd 86.382979 A; 2025-Q1 ytd 75 A")
}

func TestFaultyFormulasAreRefused(t *testing.T) {
	cat := append(money(),
		entry("a", "亿元", formula("sum", "b", "gdp")), entry("b", "亿元", formula("difference", "gdp", "a")), entry("self", "亿元", formula("sum", "self", "gdp")),
		entry("mixed", "亿元", formula("sum", "gdp", "people")), entry("percent", "亿元", formula("share", "new", "gdp")), entry("grown", "亿元", formula("yoy", "gdp")),
		entry("odd", "亿元", formula("median", "gdp", "new")), entry("three", "%", formula("share", "gdp", "new", "gdp")), entry("lost", "亿元", formula("sum", "gdp", "nowhere")),
		schema.Indicator{Code: "c1", Unit: "个", Basis: schema.Cumulative, Since: schema.NewDate(2024, 1, 1), Frequencies: []schema.Frequency{schema.Monthly}},
		schema.Indicator{Code: "c2", Unit: "个", Basis: schema.Cumulative, Since: schema.NewDate(2024, 10, 27), Frequencies: []schema.Frequency{schema.Monthly}},
		entry("sinces", "个", formula("sum", "c1", "c2")),
	)
	for code, fault := range map[string]error{
		"a": derive.ErrCircle, "b": derive.ErrCircle, "self": derive.ErrCircle, "mixed": derive.ErrUnit, "percent": derive.ErrUnit, "grown": derive.ErrUnit,
		"odd": derive.ErrFormula, "three": derive.ErrFormula, "lost": derive.ErrFormula, "nobody": derive.ErrFormula, "sinces": derive.ErrFormula,
	} {
		if _, err := derive.Needs(cat, code); !errors.Is(err, fault) {
			t.Errorf("%s: %v, want %v", code, err, fault)
		}
		if _, err := derive.Compute(cat, code, "210200", nil); !errors.Is(err, fault) {
			t.Errorf("%s: %v, want %v", code, err, fault)
		}
	}
	needs, err := derive.Needs(cat, "rest-share")
	if err != nil || strings.Join(needs, " ") != "rest-share rest gdp new" {
		t.Errorf("%v %v", needs, err)
	}
}

func TestSharesAreExactToSixDigits(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	cat := money()
	for range 300 {
		n, d := schema.NewDecimal(r.Int64N(1e6), r.IntN(4)), schema.NewDecimal(1+r.Int64N(1e6), r.IntN(4))
		res := compute(t, cat, "share", yuan("new", schema.YearToDate, "2025-Q1="+n.String()), yuan("gdp", schema.YearToDate, "2025-Q1="+d.String()))
		exact := new(big.Rat).Quo(n.Rat(), d.Rat())
		exact.Mul(exact, big.NewRat(100, 1))
		off := exact.Sub(exact, res.Figures[0].Value.Rat())
		if off.Abs(off).Cmp(big.NewRat(1, 2_000_000)) > 0 {
			t.Fatalf("%s / %s gave %s", n, d, res.Figures[0].Value)
		}
	}
}

func TestStocksAndDaysOfFebruary(t *testing.T) {
	stock := schema.Indicator{Code: "s", Unit: "个", Basis: schema.Point, Frequencies: []schema.Frequency{schema.Monthly}}
	grown := schema.Indicator{Code: "g", Unit: "%", Basis: schema.Point, Frequencies: []schema.Frequency{schema.Monthly}, Formula: formula("yoy", "s")}
	r := compute(t, entries{stock, grown}, "g", []schema.Observation{
		figure("s", "个", schema.Point, "2023-02=100"), figure("s", "个", schema.Point, "2024-02=110"), figure("s", "个", schema.Point, "2025-02=121"),
	})
	want(t, r, "2024-02 point 10 A; 2025-02 point 10 A")
	if len(r.Terms()) != 2 || len(r.Observations()) != 2 {
		t.Errorf("%d %d", len(r.Terms()), len(r.Observations()))
	}
}
