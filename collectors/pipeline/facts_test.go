package pipeline

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"yardstick/collectors/validate"
	"yardstick/schema"
)

// open is one fact that a file leaves open: what is held, and the rows that leave
// it so, of one region each so that facts do not touch each other.
type open struct {
	code       string
	held, rows func(region string) string
	feed       func(*schema.Feed)
}

// tidyRow writes one row: indicator, period, value, unit, status and the day it was
// made public.
func tidyRow(indicator, region, period, value, unit, status, day string) string {
	return fmt.Sprintf("%s,%s,%s,%s,%s,,%s,,%s\n", indicator, region, period, value, unit, status, day)
}

// openFacts are all kinds of them that are seen when figures are checked.
func openFacts() []open {
	one := func(indicator, period, value, unit, status, day string) func(string) string {
		return func(region string) string { return tidyRow(indicator, region, period, value, unit, status, day) }
	}
	months := func(indicator, unit string, values ...string) func(string) string {
		return func(region string) (out string) {
			for i, v := range values {
				p := schema.Month(2025, time.Month(1+i))
				out += tidyRow(indicator, region, p.String(), v, unit, "", p.Last().AddDays(12).String())
			}
			return out
		}
	}
	both := func(all ...func(string) string) func(string) string {
		return func(region string) (out string) {
			for _, f := range all {
				out += f(region)
			}
			return out
		}
	}
	const day = "2025-10-10"
	return []open{
		{code: validate.AskUnit, rows: one("高标准农田面积", "2025-03", "412000", "", "", day)},
		{code: validate.AskEstimate, rows: one("secondary-industry-value-added", "2025", "3401.2", "亿元", "", day)},
		{code: validate.AskJump, held: months("ai-compute", "PFlops", "301", "306", "312", "318", "325", "331", "338"), rows: one("ai-compute", "2025-08", "3440", "PFlops", "", day)},
		{code: validate.AskFall, held: months("young-talent", "人", "8100", "16300", "24400", "32700"), rows: one("young-talent", "2025-05", "31900", "人", "", day)},
		{code: validate.AskReturn, held: both(one("tertiary-industry-value-added", "2023", "501.2", "亿元", "", "2024-01-20"), one("tertiary-industry-value-added", "2023", "509.9", "亿元", "", "2024-09-20")),
			rows: one("tertiary-industry-value-added", "2023", "501.2", "亿元", "", day)},
		{code: validate.AskBlank, held: one("primary-industry-value-added", "2024", "88.1", "亿元", "", "2025-01-20"), rows: one("primary-industry-value-added", "2024", "", "亿元", "", day)},
		{code: validate.AskWeaker, held: one("strategic-industry-value-added", "2024", "1300.5", "亿元", "", "2025-01-20"), rows: one("strategic-industry-value-added", "2024", "1310.4", "亿元", "F", day)},
		{code: validate.AskAlone, held: one("gdp", "2025-Q1", "701.4", "亿元", "", "2025-04-20"), rows: one("gdp", "2025-Q2", "744.8", "亿元", "", day)},
		{code: validate.AskFraction, held: one("gdp-growth-real", "2025-Q1", "5.4", "%", "", "2025-04-20"), rows: one("gdp-growth-real", "2025-Q2", "0.055", "%", "", day)},
		{code: validate.AskWhole, rows: one("soe-innovation-consortia", "2025-03", "12.5", "个", "", day)},
		{code: validate.AskName, rows: one("低空经济应用场景落地景", "2025-03", "9", "个", "", day)},
		{code: validate.AskOthers, rows: one("原盐产量", "2025-03", "40", "万吨", "", day)},
		{code: validate.AskOthers, rows: func(string) string {
			return tidyRow("low-altitude-scenarios", "海滨新市", "2025-04", "7", "个", "", day)
		}},
		{code: validate.AskTotal, rows: both(one("gdp", "2022", "8000", "亿元", "", day), one("primary-industry-value-added", "2022", "500", "亿元", "", day),
			one("secondary-industry-value-added", "2022", "3000", "亿元", "", day), one("tertiary-industry-value-added", "2022", "4000", "亿元", "", day))},
		{code: validate.AskPart, held: one("gdp", "2021", "6100", "亿元", "", "2022-01-20"), rows: one("secondary-industry-value-added", "2021", "6450", "亿元", "", day)},
		{code: validate.AskSlip, held: one("high-standard-farmland", "2025-02", "387000", "亩", "", "2025-03-10"), rows: one("high-standard-farmland", "2025-02", "38.8", "亩", "", day)},
		{code: validate.AskReason, held: one("gdp", "2023", "701.4", "亿元", "", "2024-04-20"), rows: one("gdp", "2023", "702.8", "亿元", "", day),
			feed: func(f *schema.Feed) { f.RequireReason = true }},
		{code: validate.AskCoverage, held: one("urban-village-projects", "2025-01", "21", "个", "", "2025-02-10"), rows: one("first-loan-centres", "2025-03", "6", "个", "", day),
			feed: func(f *schema.Feed) { f.Hand = false }},
	}
}

// Property: every question of a file that leaves facts open has candidates; any of
// them is taken, leads to no question that was answered, and so many answers as
// facts were open lead in.
func TestEveryCandidateLeadsIn(t *testing.T) {
	all, r := openFacts(), rand.New(rand.NewPCG(5, 8))
	register, err := register()
	if err != nil {
		t.Fatal(err)
	}
	regions := register.Regions.All()
	given := map[string]map[string]bool{} // by code, the candidates tried
	for i := range 240 {
		chosen := r.Perm(len(all))[:1+r.IntN(4)]
		if i < 4*len(all) {
			chosen = []int{i % len(all)}
		}
		feed := schema.Feed{Name: "accounts", Hand: true}
		held, text := head, head
		for n, at := range chosen {
			f, region := all[at], regions[1+(n+at)%(len(regions)-1)].Code
			if f.held != nil {
				held += f.held(region)
			}
			if f.feed != nil {
				f.feed(&feed)
			}
			text += f.rows(region)
		}
		d := newDesk(t)
		if held != head {
			if got := d.send(t, held); got.Status != schema.Accepted {
				t.Fatalf("the history is %s: %s\n%s", counts(got), found(got), held)
			}
		}
		w := walk{d: d, feed: feed, text: text, answers: map[string]string{}, given: given, r: r}
		if took := w.on(t, len(chosen)); took > 0 {
			t.Logf("%d facts, %d answers: %v", len(chosen), took, w.answers)
		}
		if t.Failed() {
			return
		}
	}
	for _, f := range all {
		if len(given[f.code]) == 0 {
			t.Errorf("%s was never asked", f.code)
		}
	}
}

// walk answers the questions of one file one after the other.
type walk struct {
	d       *desk
	feed    schema.Feed
	text    string
	answers map[string]string
	given   map[string]map[string]bool
	r       *rand.Rand
}

// on gives how many answers it took; at most so many may be needed.
func (w *walk) on(t *testing.T, most int) int {
	t.Helper()
	for n := 0; ; n++ {
		p, err := w.d.Preview(t.Context(), Submission{Feed: w.feed, Name: "feed.csv", Body: strings.NewReader(w.text), Answers: w.answers})
		if err != nil {
			t.Fatal(err)
		}
		r := p.Receipt
		if r.Status == schema.Accepted || r.Status == schema.Unchanged {
			return n
		}
		for _, problem := range r.Problems {
			if !slices.Contains([]string{validate.IndicatorUnknown, validate.RegionUnknown}, problem.Code) {
				t.Errorf("after %v: %s", w.answers, problem.Zh)
			}
		}
		if len(r.Questions) == 0 || n >= most {
			t.Errorf("%d facts, %d answers %v: %s %s\n%s", most, n, w.answers, counts(r), found(r), w.text)
			return n
		}
		q := w.r.IntN(len(r.Questions))
		asked := r.Questions[q]
		if _, again := w.answers[asked.Key]; again || len(asked.Candidates) == 0 || asked.Form.Zh == "" || asked.Form.Zh == asked.Form.En {
			t.Errorf("after %v it is asked: %+v", w.answers, asked)
			return n
		}
		c := asked.Candidates[w.r.IntN(len(asked.Candidates))]
		for _, untried := range asked.Candidates {
			if !w.given[asked.Code][untried] {
				c = untried
			}
		}
		if w.given[asked.Code] == nil {
			w.given[asked.Code] = map[string]bool{}
		}
		w.given[asked.Code][c] = true
		w.answers[asked.Key] = c
	}
}
