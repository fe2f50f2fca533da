package pipeline

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"yardstick/collectors/upload/blank"
	"yardstick/collectors/validate"
	"yardstick/schema"
	amounts "yardstick/schema/figure"
)

// past is the history of one series, made up: smooth, seasonal where flows are,
// from 2022 to the summer of 2025.
type past struct {
	ind     schema.Indicator
	region  string
	periods []schema.Period
	values  []string
	next    string // of the period after the last
}

// cells writes a row; more are status, note.
func (p past) row(period schema.Period, value string, more ...string) string {
	more = append(more, "", "")
	return fmt.Sprintf("%s,%s,%s,%s,%s,,%s,%s,2025-10-20\n", p.ind.Code, p.region, period, value, p.ind.Unit, more[0], more[1])
}

func (p past) last() schema.Period { return p.periods[len(p.periods)-1] }

// history writes what is held: each period made public three weeks after its end.
func history(all ...past) string {
	var b strings.Builder
	b.WriteString(head)
	for _, p := range all {
		for i, period := range p.periods {
			fmt.Fprintf(&b, "%s,%s,%s,%s,%s,,,,%s\n", p.ind.Code, p.region, period, p.values[i], p.ind.Unit, period.Last().AddDays(20))
		}
	}
	return b.String()
}

// decimals are those the figures of an indicator are written with.
func decimals(ind schema.Indicator) int {
	if amounts.Whole(ind.Unit) {
		return 0
	}
	return max(1, ind.Decimals)
}

// madePast makes one, of so many periods of a frequency.
func madePast(r *rand.Rand, ind schema.Indicator, region string, n int) past {
	p := past{ind: ind, region: region}
	f, percent := ind.Frequencies[0], strings.Contains(ind.Unit, "%")
	last := schema.PeriodOf(f, schema.NewDate(2025, 6, 30))
	first := last
	for range n - 1 {
		first = first.Prev()
	}
	level, grows := 400+3000*r.Float64(), .002+.01*r.Float64()
	if percent {
		level, grows = 3+5*r.Float64(), .002
	}
	season := make([]float64, 12)
	for i := range season {
		season[i] = math.Exp(.08 * max(-2, min(2, r.NormFloat64())))
	}
	total, at := 0.0, schema.PeriodOf(f, schema.NewDate(first.First().Year, 1, 15)) // a year is counted from its start
	for i := at.Since(first); i <= n; i++ {
		x := level * math.Exp(grows*float64(i)) * math.Exp(.01*max(-2, min(2, r.NormFloat64())))
		step := int(at.First().Month-1) * int(f.PerYear()) / 12
		if ind.Basis == schema.YearToDate && !percent {
			if step == 0 {
				total = 0
			}
			total += x * season[step]
			x = total
		}
		if ind.Basis == schema.Cumulative {
			total += x
			x = total
		}
		v := fmt.Sprintf("%.*f", decimals(ind), x)
		if i == n {
			p.next = v
			break
		}
		if i >= 0 {
			p.periods, p.values = append(p.periods, at), append(p.values, v)
		}
		at = at.Next()
	}
	return p
}

// indicators are the catalogue's monthly and quarterly ones that fit.
func indicators(t testing.TB, fits func(schema.Indicator) bool) (out []schema.Indicator) {
	t.Helper()
	all, err := register()
	if err != nil {
		t.Fatal(err)
	}
	for _, ind := range all.Indicators.All() {
		f := ind.Frequencies[0]
		if ind.Formula == nil && (f == schema.Monthly || f == schema.Quarterly) && (ind.Max == nil || strings.Contains(ind.Unit, "%")) && fits(ind) {
			out = append(out, ind)
		}
	}
	if len(out) == 0 {
		t.Fatal("no indicator fits")
	}
	return out
}

// harm is one file twice: as it should be, and harmed.
type harm struct {
	held      string
	good, ill string
	code      string
	keeps     string // the answer that changes nothing
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// harms are the kinds of harm, each made at random.
func harms(t testing.TB) map[string]func(*rand.Rand) harm {
	level := indicators(t, func(i schema.Indicator) bool { return !strings.Contains(i.Unit, "%") })
	running := indicators(t, func(i schema.Indicator) bool { return i.Basis == schema.YearToDate && !strings.Contains(i.Unit, "%") })
	percent := indicators(t, func(i schema.Indicator) bool { return i.Unit == "%" })
	whole := indicators(t, func(i schema.Indicator) bool { return amounts.Whole(i.Unit) })
	const region = "210200"
	return map[string]func(*rand.Rand) harm{
		"blank": func(r *rand.Rand) harm {
			p := madePast(r, pick(r, level), region, 4+r.IntN(20))
			good, ill, at := head, head, r.IntN(len(p.periods))
			for i := max(0, at-2); i < min(len(p.periods), at+3); i++ {
				good += p.row(p.periods[i], p.values[i])
				if i == at {
					ill += p.row(p.periods[i], pick(r, []string{"", "—", "…", "n/a"}))
				} else {
					ill += p.row(p.periods[i], p.values[i])
				}
			}
			next := p.row(p.last().Next(), p.next)
			return harm{history(p), good + next, ill + next, validate.AskBlank, "keep"}
		},
		"estimate": func(r *rand.Rand) harm {
			p := madePast(r, pick(r, level), region, 4+r.IntN(20))
			at := r.IntN(len(p.periods))
			v := schema.MustDecimal(p.values[at])
			if r.IntN(2) == 0 {
				v = v.Add(schema.NewDecimal(1, v.Scale()))
			}
			return harm{history(p), head + p.row(p.periods[at], v.String()) + p.row(p.last().Next(), p.next),
				head + p.row(p.periods[at], v.String(), pick(r, []string{"E", "F", "预计", "预测"})) + p.row(p.last().Next(), p.next), validate.AskWeaker, validate.Omit}
		},
		"moved": func(r *rand.Rand) harm {
			p := madePast(r, pick(r, level), region, 6+r.IntN(20))
			good, ill, by := head, head, 1-2*r.IntN(2)
			from := r.IntN(len(p.periods) - 5)
			for i := from + 1; i < len(p.periods)-1; i++ {
				good += p.row(p.periods[i], p.values[i])
				ill += p.row(p.periods[i], p.values[i+by])
			}
			next := p.row(p.last().Next(), p.next)
			return harm{history(p), good + next, ill + next, validate.AskMoved, validate.Omit}
		},
		"an old table under a new title": func(r *rand.Rand) harm {
			var all []past
			good, ill := head, head
			f := pick(r, level).Frequencies[0]
			for _, i := range r.Perm(len(level)) {
				if ind := level[i]; len(all) < 5 && ind.Frequencies[0] == f && ind.Basis != schema.YearToDate {
					p := madePast(r, ind, region, 2+r.IntN(20))
					if slices.Contains([]string{p.values[len(p.values)-1]}, p.next) {
						continue
					}
					all = append(all, p)
					good += p.row(p.last().Next(), p.next)
					ill += p.row(p.last().Next(), p.values[len(p.values)-1])
				}
			}
			if len(all) < 4 {
				return harm{}
			}
			return harm{history(all...), good, ill, validate.AskMoved, validate.Omit}
		},
		"alone": func(r *rand.Rand) harm {
			p := madePast(r, pick(r, running), region, 5+r.IntN(20))
			if len(p.periods) > 5 && p.ind.Frequencies[0] == schema.Monthly { // end anywhere in the year
				for range r.IntN(5) {
					p.next, p.values, p.periods = p.values[len(p.values)-1], p.values[:len(p.values)-1], p.periods[:len(p.periods)-1]
				}
			}
			last := p.last()
			if last.Next().First().Month == 1 {
				return harm{}
			}
			part := schema.MustDecimal(p.next).Sub(schema.MustDecimal(p.values[len(p.values)-1]))
			return harm{history(p), head + p.row(last.Next(), p.next), head + p.row(last.Next(), part.String()), validate.AskAlone, validate.Omit}
		},
		"fraction": func(r *rand.Rand) harm {
			p := madePast(r, pick(r, percent), region, 1+r.IntN(12))
			v := schema.MustDecimal(p.next)
			return harm{history(p), head + p.row(p.last().Next(), p.next),
				head + p.row(p.last().Next(), v.Mul(schema.NewDecimal(1, 2)).String()), validate.AskFraction, validate.Omit}
		},
		"fraction, the first ever": func(r *rand.Rand) harm {
			p := madePast(r, pick(r, percent), region, 1+r.IntN(4))
			good, ill := head, head
			for i, period := range p.periods {
				v := schema.MustDecimal(p.values[i])
				good += p.row(period, v.String())
				ill += p.row(period, v.Mul(schema.NewDecimal(1, 2)).String())
			}
			return harm{"", good, ill, validate.AskFraction, validate.Omit}
		},
		"half a firm": func(r *rand.Rand) harm {
			p := madePast(r, pick(r, whole), region, r.IntN(8)+1)
			held := history(p)
			if r.IntN(2) == 0 {
				held = ""
			}
			return harm{held, head + p.row(p.last().Next(), p.next), head + p.row(p.last().Next(), p.next+pick(r, []string{".5", ".25", ".01"})), validate.AskWhole, validate.Omit}
		},
	}
}

// Property: a file that would harm what is held is asked about and changes
// nothing, and the same file without the harm goes straight through. Each
// candidate answers the question: the file is taken, or something else is asked;
// the answer that keeps what is held keeps it.
func TestHarmIsAskedAboutAndNothingElseIs(t *testing.T) {
	const cases = 30
	for kind, make := range harms(t) {
		t.Run(kind, func(t *testing.T) {
			r, n := rand.New(rand.NewPCG(7, 11)), 0
			for range cases {
				h := make(r)
				if h.ill == "" {
					continue
				}
				n++
				h.check(t)
				if t.Failed() {
					return
				}
			}
			if n < cases/2 {
				t.Errorf("%d cases", n)
			}
		})
	}
}

func (h harm) check(t *testing.T) {
	t.Helper()
	d := newDesk(t)
	if h.held != "" {
		if r := d.send(t, h.held); r.Status != schema.Accepted {
			t.Fatalf("the history is %s: %+v %+v\n%s", counts(r), r.Problems, r.Questions, h.held)
		}
	}
	if r := d.preview(t, h.good, nil); r.Status != schema.Accepted {
		t.Errorf("without harm: %s %s %+v\n%s\n%s", counts(r), found(r), r.Questions, h.held, h.good)
	}
	held := slices.Clone(d.shelf.rows)
	r := d.send(t, h.ill)
	if r.Status != schema.Asked || !strings.Contains(found(r), h.code) || len(d.shelf.rows) != len(held) {
		t.Fatalf("%s %s, want %s\n%s\n%s", counts(r), found(r), h.code, h.held, h.ill)
	}
	q := r.Questions[slices.IndexFunc(r.Questions, func(q schema.Question) bool { return q.Code == h.code })]
	if !slices.Contains(q.Candidates, h.keeps) {
		t.Errorf("%s is not among %q", h.keeps, q.Candidates)
	}
	for _, c := range q.Candidates {
		r := d.preview(t, h.ill, map[string]string{q.Key: c})
		asksAgain := slices.ContainsFunc(r.Questions, func(again schema.Question) bool { return again.Key == q.Key })
		if r.Status != schema.Accepted && r.Status != schema.Unchanged || asksAgain {
			t.Errorf("%s=%s: %s %s %+v\n%s\n%s", q.Key, c, counts(r), found(r), r.Problems, h.held, h.ill)
		}
	}
	r = d.send(t, h.ill, func(s *Submission) { s.Answers = map[string]string{q.Key: h.keeps} })
	for _, o := range d.shelf.rows[len(held):] {
		if slices.ContainsFunc(held, func(b schema.Observation) bool { return b.Key == o.Key }) {
			t.Errorf("%s=%s changed what is held: %+v", q.Key, h.keeps, o)
		}
	}
	if r.Revised > 0 || len(r.ExcludedRows) == 0 {
		t.Errorf("%s=%s: %s, left out: %+v", q.Key, h.keeps, counts(r), r.ExcludedRows)
	}
}

// preview is what would become of a file.
func (d *desk) preview(t testing.TB, text string, answers map[string]string) schema.Receipt {
	t.Helper()
	p, err := d.Preview(t.Context(), Submission{Feed: schema.Feed{Name: "accounts"}, Name: "feed.csv", Body: strings.NewReader(text), Answers: answers})
	if err != nil {
		t.Fatal(err)
	}
	return p.Receipt
}

// quarters writes a running total by quarter from the first of a year on; "" is
// a quarter without a row.
func quarters(year int, values ...string) string {
	var b strings.Builder
	for i, v := range values {
		if v != "" {
			p := schema.Quarter(year, i+1)
			fmt.Fprintf(&b, "gdp,210200,%s,%s,亿元,,,,%s\n", p, v, p.Last().AddDays(25))
		}
	}
	return b.String()
}

func TestABlankTakesNothingBackUntilSomebodySaysWhy(t *testing.T) {
	held := head + "gdp,210200,2023,8800.4,亿元,,,,2024-01-20\ngdp,210200,2024,9300.6,亿元,,,,2025-01-20\nyoung-talent,210200,2024-12,41000,人,,,,2025-01-10\n"
	for name, c := range map[string]struct {
		rows    string
		answers []string
		want    string
		keys    string
	}{
		"one":                       {"gdp,210200,2024,,亿元,,,,2025-02-20\n", nil, "asked 0+0=0-1", "blank"},
		"two are asked in one":      {"gdp,210200,2024,,亿元,,,,2025-02-20\nyoung-talent,210200,2024-12,-,人,,,,2025-02-20\n", nil, "asked 0+0=0-2", "blank"},
		"kept":                      {"gdp,210200,2024,,亿元,,,,2025-02-20\n", []string{"blank=keep"}, "unchanged 0+0=0-0", ""},
		"taken back":                {"gdp,210200,2024,,亿元,,,,2025-02-20\n", []string{"blank=withdraw:报重了"}, "accepted 0+1=0-0", ""},
		"taken back, in Chinese":    {"gdp,210200,2024,,亿元,,,,2025-02-20\n", []string{"blank=撤下：报重了"}, "accepted 0+1=0-0", ""},
		"without a reason":          {"gdp,210200,2024,,亿元,,,,2025-02-20\n", []string{"blank=withdraw"}, "refused 0+0=0-1", ""},
		"one kept, the other not":   {"gdp,210200,2024,,亿元,,,,2025-02-20\nyoung-talent,210200,2024-12,,人,,,,2025-02-20\n", []string{"blank.gdp=keep"}, "asked 0+0=0-1", "blank"},
		"each as it is":             {"gdp,210200,2024,,亿元,,,,2025-02-20\ngdp,210200,2023,,亿元,,,,2025-02-20\n", []string{"blank=keep", "blank.gdp.210200.2023=withdraw:并入其他项"}, "accepted 0+1=0-0", ""},
		"said with its reason":      {"gdp,210200,2024,,亿元,,O,机构撤销，不再统计,2025-02-20\n", nil, "accepted 0+1=0-0", ""},
		"a status is no reason":     {"gdp,210200,2024,,亿元,,O,,2025-02-20\n", nil, "asked 0+0=0-1", "blank"},
		"a note is no status":       {"gdp,210200,2024,,亿元,,,见附表,2025-02-20\n", nil, "asked 0+0=0-1", "blank"},
		"where nothing is held":     {"gdp,210200,2022,,亿元,,,,2025-02-20\n", nil, "accepted 1+0=0-0", ""},
		"older than what is held":   {"gdp,210200,2024,,亿元,,,,2024-12-31\n", []string{"estimate=E"}, "accepted 1+0=0-0", ""},
		"beside a figure that fits": {"gdp,210200,2024,,亿元,,,,2025-02-20\ngdp,210200,2023,8800.4,亿元,,,,2025-02-20\n", []string{"blank=keep"}, "unchanged 0+0=1-0", ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.send(t, held)
			r := d.send(t, head+c.rows, answer(c.answers...))
			var keys []string
			for _, q := range r.Questions {
				keys = append(keys, q.Key)
			}
			if counts(r) != c.want || strings.Join(keys, " ") != c.keys {
				t.Errorf("%s %v, want %s %s: %+v %+v", counts(r), keys, c.want, c.keys, r.Problems, r.Questions)
			}
			if r.Revised == 1 && !strings.ContainsAny(d.shelf.rows[len(d.shelf.rows)-1].Note, "报并撤") {
				t.Errorf("without its reason: %+v", d.shelf.rows)
			}
		})
	}
}

func TestAQuarterAloneIsAskedAboutAndTakenForWhatItIs(t *testing.T) {
	years := map[string]string{
		"two years":                  quarters(2023, "1500.2", "3120.8", "4790.1", "6600.3") + quarters(2024, "1590.4", "3300.9", "5080.2", "7010.5") + quarters(2025, "1701.3"),
		"one year":                   quarters(2024, "1590.4", "3300.9", "5080.2", "7010.5") + quarters(2025, "1701.3"),
		"the quarter before alone":   quarters(2025, "1701.3"),
		"the same quarter last year": quarters(2024, "", "3300.9"),
	}
	for name, held := range years {
		d := newDesk(t)
		d.send(t, head+held)
		text := head + quarters(2025, "", "1820.6")
		r := d.send(t, text)
		if found(r) != validate.AskAlone || r.Questions[0].Key != "alone.gdp.210200" || !slices.Equal(r.Questions[0].Candidates, []string{"period", "ytd", "omit"}) {
			t.Errorf("%s: %s %s %+v", name, counts(r), found(r), r.Questions)
			continue
		}
		if r := d.send(t, head+quarters(2025, "", "3522.1")); r.Status != schema.Accepted {
			t.Errorf("%s, the running total: %s %s", name, counts(r), found(r))
		}
		r = d.send(t, text, answer("alone=period"))
		if o := d.shelf.rows[len(d.shelf.rows)-1]; counts(r) != "accepted 1+0=0-0" || o.Basis != schema.InPeriod || o.Period != schema.Quarter(2025, 2) || o.Value.String() != "1820.6" {
			t.Errorf("%s: %s, stored as %+v", name, counts(r), o)
		}
	}
	// A year of quarters alone in one file, with nothing held.
	d := newDesk(t)
	r := d.send(t, head+quarters(2024, "1590.4", "1700.1", "1780.6", "1925.2"))
	if found(r) != validate.AskAlone || !strings.Contains(r.Questions[0].Zh, "3个") {
		t.Errorf("%s %s %+v", counts(r), found(r), r.Questions)
	}
	if r := d.send(t, head+quarters(2024, "1590.4", "1700.1", "1780.6", "1925.2"), answer("alone.gdp.210200=period")); counts(r) != "accepted 4+0=0-0" {
		t.Errorf("%s %s", counts(r), found(r))
	}
	// A remembered answer would be a guess: it is asked each time.
	if r := d.send(t, head+quarters(2025, "1690.3", "1805.5")); found(r) != validate.AskAlone {
		t.Errorf("the next year: %s %s", counts(r), found(r))
	}
}

func TestAQuarterSaidToBeAloneMayContradictAnother(t *testing.T) {
	d := newDesk(t)
	d.send(t, head+quarters(2024, "1590.4", "3300.9", "5080.2", "7010.5")+quarters(2025, "1701.3"))
	text := head + "gdp,210200,2025-Q2,1820.6,亿元,,,,2025-07-25\ngdp,210200,2025-Q2,1830.9,亿元,当期,,,2025-07-25\n"
	r := d.send(t, text, answer("alone=period"))
	if r.Status != schema.Refused || found(r) != validate.DuplicateDiffers || r.Rejected != 2 {
		t.Errorf("%s %s %+v", counts(r), found(r), r.Problems)
	}
	r = d.send(t, strings.Replace(text, "1830.9", "1820.6", 1), answer("alone=period"))
	if counts(r) != "accepted 1+0=0-0" || len(r.ExcludedRows) != 1 {
		t.Errorf("%s %s %+v", counts(r), found(r), r.ExcludedRows)
	}
}

func TestAnAnswerMayBeForAllOfAKind(t *testing.T) {
	text := head
	for i := range 5 {
		text += fmt.Sprintf("young-talent,210200,2025-0%d,%d.5,人,,,,2025-07-10\n", i+1, 8000*(i+1))
	}
	d := newDesk(t)
	if r := d.preview(t, text, nil); counts(r) != "asked 0+0=0-5" || len(r.Questions) != 5 {
		t.Errorf("%s %s", counts(r), found(r))
	}
	for _, key := range []string{"explain", "explain.count-not-whole", "explain.young-talent", "explain.young-talent.210200"} {
		if r := d.preview(t, text, map[string]string{key: "月均数"}); counts(r) != "accepted 5+0=0-0" {
			t.Errorf("%s: %s %s", key, counts(r), found(r))
		}
	}
	for _, key := range []string{"explain.value-jumps", "explain.gdp", "explain.young-talent.210201"} {
		if r := d.preview(t, text, map[string]string{key: "月均数"}); r.Status != schema.Asked || len(r.Questions) != 5 {
			t.Errorf("%s: %s %s", key, counts(r), found(r))
		}
	}
	r := d.preview(t, text, map[string]string{"explain": "omit", "explain.young-talent.210200.2025-03": "月均数"})
	if counts(r) != "accepted 1+0=0-0" || len(r.ExcludedRows) != 4 {
		t.Errorf("%s %s %+v", counts(r), found(r), r.ExcludedRows)
	}
}

// A template as it is handed out: what was not filled in was not reported.
func TestARowOfATemplateThatWasNotFilledInStaysDue(t *testing.T) {
	d := newDesk(t)
	d.now = time.Date(2025, 8, 20, 2, 0, 0, 0, time.UTC)
	rows := []blank.Row{
		{Indicator: "智算算力规模", Region: "大连市", Period: "2025-07", Unit: "PFlops", Basis: "时点", Hint: "2025年6月：410 PFlops"},
		{Indicator: "低空经济应用场景落地", Region: "大连市", Period: "2025-07", Unit: "个", Basis: "", Hint: "2025年6月：8 个"},
	}
	d.send(t, head+"ai-compute,210200,2025-06,410,PFlops,,,,2025-07-10\nlow-altitude-scenarios,210200,2025-06,8,个,,,,2025-07-10\n")
	text, err := blank.CSV(rows)
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := blank.XLSX(rows, []string{"大连市"})
	if err != nil {
		t.Fatal(err)
	}
	if r := d.preview(t, string(text), nil); len(r.ExcludedRows) < 2 || r.Accepted != 0 {
		t.Errorf("nothing filled in: %s %+v", counts(r), r.ExcludedRows)
	}
	filled := strings.Replace(string(text), "2025-07,,个", "2025-07,9,个", 1)
	if filled == string(text) {
		t.Fatalf("the template is another:\n%s", text)
	}
	r := d.send(t, filled)
	if counts(r) != "accepted 1+0=0-0" || !slices.ContainsFunc(r.ExcludedRows, func(p schema.Problem) bool { return p.Code == validate.LeftBlank && p.Line == 2 }) {
		t.Errorf("one of two: %s %s %+v", counts(r), found(r), r.ExcludedRows)
	}
	for _, o := range d.shelf.rows {
		if o.Indicator == "ai-compute" && o.Period == schema.Month(2025, 7) {
			t.Errorf("the row that was left blank is stored as %+v", o)
		}
	}
	// It is not forgotten: the delivery after next that lacks it is asked about.
	if c := r.Coverage; c == nil || !slices.Contains(c.Series, "ai-compute 210200 point M") {
		t.Errorf("coverage %+v", r.Coverage)
	}
	// That there is no figure is said by its status, or by a mark.
	none := strings.Replace(filled, "2025-07,,PFlops", "2025-07,—,PFlops", 1)
	if r := d.preview(t, none, nil); r.Accepted+r.UnchangedN != 2 {
		t.Errorf("a mark: %s %s", counts(r), found(r))
	}
	p, err := d.Preview(t.Context(), Submission{Feed: schema.Feed{Name: "accounts"}, Name: "模板.xlsx", Body: bytes.NewReader(sheet)})
	if err != nil || p.Receipt.Accepted != 0 || !slices.ContainsFunc(p.Receipt.ExcludedRows, func(p schema.Problem) bool { return p.Code == validate.LeftBlank }) {
		t.Errorf("the workbook: %s %s %v", counts(p.Receipt), found(p.Receipt), err)
	}
}

func TestRevisionsThatAreExpectedAreTakenWithTheSourcesOwnReason(t *testing.T) {
	held := head + "gdp,210200,2022,8300.1,亿元,,P,,2023-01-20\ngdp,210200,2023,8800.4,亿元,,,,2024-01-20\ngdp,210200,2024,9300.6,亿元,,,,2025-01-20\n"
	text := head + "gdp,210200,2022,8312.7,亿元,,,,2025-09-20\ngdp,210200,2023,8790.2,亿元,,,口径调整,2025-09-20\ngdp,210200,2024,9288.8,亿元,,,,2025-09-20\n"
	for name, c := range map[string]struct {
		change func(*Submission)
		want   string
		why    schema.Correction
	}{
		"expected":           {func(s *Submission) { s.Feed.Revisions = schema.RevisionsExpected }, "accepted 0+3=0-0 ", schema.Routine},
		"expected, and said": {func(s *Submission) { s.Feed.Revisions, s.Correction = schema.RevisionsExpected, schema.Clerical }, "accepted 0+3=0-0 ", schema.Clerical},
		"with a reason":      {func(s *Submission) { s.Feed.RequireReason = true }, "asked 0+0=0-3 reason-missing", ""},
		"told":               {func(*Submission) {}, "accepted 0+3=0-0 ", ""},
	} {
		d := newDesk(t)
		d.send(t, held)
		r := d.send(t, text, c.change)
		if got := counts(r) + " " + found(r); got != c.want || r.Correction != c.why {
			t.Errorf("%s: %s %q, want %s %q", name, got, r.Correction, c.want, c.why)
		}
		for i, change := range r.Changes { // the status and the note of a row are its own reason
			if want := []schema.Correction{schema.Verified, schema.Redefinition, c.why}[i]; change.Correction != want {
				t.Errorf("%s: %s changes for %q, want %q", name, change.Period, change.Correction, want)
			}
		}
		if r := d.send(t, head+"gdp,210200,2025-Q1,2301.5,亿元,累计,,,2025-05-20\n", c.change); r.Correction == schema.Routine {
			t.Errorf("%s: a new figure is called a revision", name)
		}
	}
}
