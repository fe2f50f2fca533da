package property

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"yardstick/collectors/pipeline"
	"yardstick/collectors/source"
	"yardstick/collectors/validate"
	"yardstick/schema"
	"yardstick/schema/clickhouse"
	"yardstick/schema/engine/enginetest"
	"yardstick/schema/ledger"
)

// yearly is a feed that comes every month in one form.
type yearly struct {
	spec
	basis schema.Basis // of its indicators
	form  int          // how it writes months
	grows int          // months a file holds, at most
}

// monthlyShapes are the forms that a feed of figures in the catalogue may have,
// and how many months a file of it holds at most.
var monthlyShapes = []struct {
	name  string
	grows int
}{{"across", 12}, {"across-regions", 3}, {"down", 12}, {"down-regions", 12}, {"cross", 1}, {"panel", 2}, {"tidy", 1},
	{"year-and-month", 12}, {"four-heads", 12}, {"regions-over", 12}, {"periods-over", 2}, {"indicators-over", 2}, {"flags", 3},
	{"sections", 1}, {"plan", 1}, {"stacked", 3}, {"subs", 1}, {"subs-flat", 1}}

// feeds draws so many feeds, no two of one form.
func feeds(seed uint64, count int) (out []yearly) {
	seen := map[string]bool{}
	for at := uint64(0); len(out) < count; at++ {
		d := draw{rand.New(rand.NewPCG(seed, at))}
		of := monthlyShapes[int(at)%len(monthlyShapes)]
		list := shapes()
		at := slices.IndexFunc(list, func(s shape) bool { return s.name == of.name })
		basis := pick(d, []schema.Basis{schema.Point, schema.Cumulative, schema.YearToDate})
		y := yearly{drawn(d, list[at]), basis, d.IntN(4), of.grows}
		y.settle(d)
		if key := fmt.Sprint(y.shape, y.unit, y.place, y.format); !seen[key] {
			seen[key] = true
			out = append(out, y)
		}
	}
	return out
}

// settle puts indicators and places of the registers into a feed, and takes out
// what would be another kind of doubt.
func (y *yearly) settle(d draw) {
	if slices.Contains([]string{"plan", "sections", "subs", "subs-flat"}, y.shape) {
		y.basis = schema.YearToDate
	}
	if y.shape == "year-and-month" && y.basis == schema.YearToDate {
		y.basis = schema.Point
	}
	var list []ind
	for _, i := range register().Indicators.All() {
		if i.Basis == y.basis && slices.Contains(i.Frequencies, schema.Monthly) && i.Max == nil && i.Formula == nil {
			list = append(list, ind{name: i.Name.Zh, unit: i.Unit, known: &i, kind: "count"})
		}
	}
	d.Shuffle(len(list), func(a, b int) { list[a], list[b] = list[b], list[a] })
	count := len(y.inds)
	if y.unit == "line" || y.unit == "value" {
		list = slices.DeleteFunc(list, func(i ind) bool { return i.unit != list[0].unit })
	}
	y.inds = list[:min(count, len(list))]
	if unit := y.inds[0].unit; d.chance(40) && y.shape != "across-regions" && y.shape != "down-regions" && y.shape != "flags" {
		y.inds = append(y.inds, ind{name: "路灯更新数量", unit: unit, kind: "count"}) // of another office
	}
	regions := places[0][1:]
	y.regions = some(d, regions, len(y.regions), len(y.regions))
	if len(y.regions) == 1 {
		y.regions = []string{"大连市"}
	}
	for _, f := range strings.Fields("missing published-column basis-words quarters-on-months no-period header-again other-region " +
		"year-once year-in-title ditto") {
		delete(y.has, f)
	}
	for f := range y.has {
		if strings.HasPrefix(f, "dimension-") {
			delete(y.has, f)
		}
	}
	y.has["steady"], y.has["indicator-line"] = true, true
}

// month is the feed's table of a month of 2025.
func (y yearly) month(month int) spec {
	s := y.clone()
	s.times = nil
	for m := max(1, month-y.grows+1); m <= month; m++ {
		at := writing("month", y.form, m-1, 12)
		if y.basis == schema.YearToDate && m > 1 {
			at = moment{text: fmt.Sprintf("2025年1-%d月", m), period: schema.Month(2025, time.Month(m)), basis: schema.YearToDate}
		}
		s.times = append(s.times, at)
	}
	if y.form%2 == 0 {
		slices.Reverse(s.times)
	}
	return s
}

// intake is a pipeline over a store of its own, on a clock that the test sets.
type intake struct {
	*pipeline.Pipeline
	store *clickhouse.Store
	now   time.Time
}

func newIntake(t *testing.T) *intake {
	t.Helper()
	eng := enginetest.Open(t)
	db, dir := enginetest.Database(t, eng), t.TempDir()
	book, err := ledger.Open(filepath.Join(dir, "ledger"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := book.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := clickhouse.Migrate(t.Context(), eng.ClickHouseOptions(db, true), ""); err != nil {
		t.Fatal(err)
	}
	in := &intake{}
	in.store, err = clickhouse.Open(t.Context(), clickhouse.Config{Read: eng.ClickHouseOptions(db, false),
		Write: eng.ClickHouseOptions(db, true), Ledger: book, Rows: filepath.Join(dir, "rows"), Now: func() time.Time { return in.now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := in.store.Close(); err != nil {
			t.Error(err)
		}
	})
	in.Pipeline = pipeline.New(pipeline.Options{Register: register(), Store: in.store, Snapshots: source.Snapshots{Dir: filepath.Join(dir, "snapshots")},
		Now: func() time.Time { return in.now }})
	return in
}

// lasting reports whether a question is about the form of a feed's files, what is
// in them or in which unit: not about a figure or a time.
func lasting(q schema.Question) bool {
	kind, _, _ := strings.Cut(q.Key, ".")
	return !validate.OneTime(q.Key) && !slices.Contains([]string{"year", "period", "month"}, kind)
}

// What is said once of a form holds for all that come in it: of twenty feeds with a
// file a month nobody is asked twice about layout, meaning or unit, and every
// figure is in.
//
// go test ./collectors/reading/property -run SaidOnce -v
func TestWhatIsSaidOnceOfAFormIsNotAskedAgain(t *testing.T) {
	var asked, files atomic.Int64
	t.Cleanup(func() { t.Logf("%d files, %d questions", files.Load(), asked.Load()) })
	for n, y := range feeds(uint64(setting(t, "READING_SEED", 1)), setting(t, "READING_FEEDS", 20)) {
		t.Run(fmt.Sprintf("%d-%s", n, y.shape), func(t *testing.T) {
			t.Parallel()
			t.Log(y.spec)
			in := newIntake(t)
			feed := schema.Feed{Name: fmt.Sprintf("feed-%d", n)}
			layout, before := "", map[string]int{}
			for month := 1; month <= 12; month++ {
				s := y.month(month)
				r := in.send(t, feed, s, month, before)
				if r.Status != schema.Accepted && r.Status != schema.Unchanged {
					return
				}
				files.Add(1)
				if layout == "" {
					layout = r.Layout
				}
				if r.Layout != layout {
					t.Errorf("month %d has another layout", month)
				}
			}
			asked.Add(int64(len(before)))
		})
	}
}

// send hands a month's file in and answers what is asked; before are the questions
// asked so far, with their months.
func (in *intake) send(t *testing.T, feed schema.Feed, s spec, month int, before map[string]int) schema.Receipt {
	t.Helper()
	in.now = time.Date(2025, time.Month(month+1), 5, 9, 0, 0, 0, time.UTC)
	name, body, b := s.make()
	name = fmt.Sprintf("%d月-%s", month, name)
	given := map[string]string{}
	for range rounds + 2 {
		r, err := in.Run(t.Context(), pipeline.Submission{Feed: feed, Name: name, Body: bytes.NewReader(body), Actor: "writer", Answers: given})
		if err != nil {
			t.Fatal(err)
		}
		if r.Status == schema.Accepted || r.Status == schema.Unchanged {
			if got, want := r.Accepted+r.Revised+r.UnchangedN, b.ours(); got != want {
				t.Errorf("month %d: %d figures are in, %d stand there\n%s", month, got, want, b.csv(false))
			}
			return r
		}
		if r.Status != schema.Asked && !others(r) {
			t.Errorf("month %d is %s: %+v\n%s", month, r.Status, r.Problems, b.csv(false))
			return r
		}
		for _, q := range r.Questions {
			if _, again := given[q.Key]; again {
				t.Errorf("month %d: %s is asked again at once: %s\n%s", month, q.Key, q.Zh, b.csv(false))
				return r
			}
			if first, again := before[q.Code+" "+q.Key]; again && lasting(q) && first != month {
				t.Errorf("month %d: %s was asked in month %d: %s\n%s", month, q.Key, first, q.Zh, b.csv(false))
			}
			if lasting(q) {
				before[q.Code+" "+q.Key] = month
			}
			given[q.Key] = s.knows(q)
		}
	}
	t.Errorf("month %d is still asked about\n%s", month, b.csv(false))
	return schema.Receipt{}
}

// others reports whether a file is refused for names alone that are not the feed's,
// of which it asks whose they are.
func others(r schema.Receipt) bool {
	return len(r.Questions) > 0 && !slices.ContainsFunc(r.Problems, func(p schema.Problem) bool { return p.Code != validate.IndicatorUnknown })
}

// ours are the sheet's figures of indicators in the catalogue.
func (b *book) ours() (count int) {
	for _, f := range b.facts {
		if _, known := register().Indicators.Find(f.names[0]); known {
			count++
		}
	}
	return count
}

// knows is what the table's author answers.
func (s spec) knows(q schema.Question) string {
	kind, _, _ := strings.Cut(q.Key, ".")
	var truth []string
	switch {
	case validate.OneTime(q.Key) && len(q.Candidates) == 0:
		return "属实"
	case validate.OneTime(q.Key):
		return q.Candidates[0]
	case validate.OfFeed(q.Key): // a name that the registers lack
		return "ignore"
	}
	switch kind {
	case "unit":
		for _, i := range s.inds {
			if i.known != nil && slices.Contains(q.About, i.known.Code) || slices.Contains(q.About, i.name) {
				truth = append(truth, i.unit)
			}
		}
		truth = append(truth, s.inds[0].unit)
	case "region":
		truth = s.regions[:1]
	case "rows", "columns":
		along := map[string]string{"across": "indicator", "stacked": "indicator", "sections": "indicator", "plan": "indicator"}[s.shape]
		if along == "" {
			along = "region"
		}
		if kind == "columns" {
			along = "region"
		}
		truth = []string{along}
	}
	for _, a := range truth {
		if len(q.Candidates) == 0 || slices.Contains(q.Candidates, a) {
			return a
		}
	}
	return s.answer(q, 0)
}
