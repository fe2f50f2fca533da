package vintage_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"yardstick/schema"
	"yardstick/schema/vintage"
)

// said is what the model says of one figure.
type said struct {
	before string // the vintage in whose place it comes, "" for none
	state  string // new, revised or unchanged
	hidden bool
}

// model goes by the words alone: it keeps one list of all vintages known so
// far and looks through the whole of it for each figure, in the order they
// were made public.
func model(held, rows []schema.Observation) map[int]said {
	type known struct {
		o     schema.Observation
		place int // held ones by the ledger, then those of the file as they were added
	}
	var all []known
	for _, o := range held {
		all = append(all, known{o, int(o.Seq)})
	}
	out := map[int]said{}
	for day := first; !day.After(first.AddDays(days)); day = day.AddDays(1) {
		for i, o := range rows {
			if o.PublishedAt != day {
				continue
			}
			var stood []known // those in force on the day, one after another
			hidden := false
			for _, k := range all {
				if covers(k.o.Key) == covers(o.Key) && !k.o.PublishedAt.After(day) {
					stood = append(stood, k)
				}
				hidden = hidden || covers(k.o.Key) == covers(o.Key) && k.o.PublishedAt.After(day)
			}
			slices.SortStableFunc(stood, func(a, b known) int {
				if c := a.o.PublishedAt.Compare(b.o.PublishedAt); c != 0 {
					return c
				}
				return a.place - b.place
			})
			s := said{state: "new", hidden: hidden}
			if len(stood) > 0 {
				last := stood[len(stood)-1].o
				if s.before, s.state = last.Note, "revised"; text(last) == text(o) {
					out[i] = said{last.Note, "unchanged", false}
					continue
				}
			}
			out[i] = s
			all = append(all, known{o, 1_000_000 + len(all)})
		}
	}
	return out
}

// covers says in words what a key measures: what, where and over which days.
func covers(k schema.Key) string {
	first := k.Period.First()
	switch k.Basis {
	case schema.Point:
		first = k.Period.Last()
	case schema.YearToDate:
		first = schema.NewDate(first.Year, 1, 1)
	case schema.Cumulative:
		first = schema.NewDate(1900, 1, 1)
	}
	flows := k.Basis == schema.InPeriod || k.Basis == schema.YearToDate
	return fmt.Sprint(k.Indicator, " in ", k.Region, " flows ", flows, " from ", first, " to ", k.Period.Last())
}

// written are keys, of which some are one fact.
func written() (out []schema.Key) {
	for _, p := range []schema.Period{schema.Year(2024), schema.Quarter(2024, 4), schema.Month(2024, 12), schema.Quarter(2024, 1), schema.Month(2024, 3), schema.Month(2024, 1)} {
		for _, b := range []schema.Basis{schema.InPeriod, schema.YearToDate, schema.Point} {
			out = append(out, schema.Key{Indicator: "gdp", Basis: b, Period: p})
		}
	}
	return out
}

func text(o schema.Observation) string {
	if o.Value == nil {
		return "none " + string(o.Status)
	}
	return o.Value.Normal().String() + " " + string(o.Status)
}

const days = 6

var first = schema.NewDate(2025, 1, 1)

// figures makes n figures of few facts, days, values and statuses, so that
// everything meets everything.
func figures(r *rand.Rand, n int, name string) []schema.Observation {
	out := make([]schema.Observation, n)
	keys := written()
	at := r.IntN(len(keys))
	keys = append(keys[at:min(at+2, len(keys))], keys[0], keys[4]) // few, two of them one fact
	for i := range out {
		o := &out[i]
		o.Key = keys[r.IntN(len(keys))]
		o.Region = fmt.Sprint("21020", r.IntN(2))
		o.PublishedAt = first.AddDays(r.IntN(days + 1))
		o.Status = []schema.ObsStatus{schema.StatusNormal, schema.StatusProvisional, schema.StatusMissing}[r.IntN(3)]
		if o.Status != schema.StatusMissing {
			v := schema.MustDecimal([]string{"1", "1.0", "2", "3"}[r.IntN(4)])
			o.Value = &v
		}
		o.Note, o.Receipt = fmt.Sprint(name, i), name
	}
	return out
}

func TestAFigureIsWhatTheWordsSay(t *testing.T) {
	seen := map[string]int{}
	for seed := range uint64(6_000) {
		r := rand.New(rand.NewPCG(seed, 7))
		held := figures(r, r.IntN(9), "held")
		for i := range held {
			held[i].Seq = uint64(i + 1)
		}
		r.Shuffle(len(held), func(a, b int) { held[a], held[b] = held[b], held[a] }) // the store's order is not the rule's
		rows := figures(r, 1+r.IntN(7), "file")
		under := map[string]schema.Key{} // a file writes a fact of one day under one key
		for i, o := range rows {
			day := covers(o.Key) + o.PublishedAt.String()
			if k, ok := under[day]; ok {
				rows[i].Key = k
			}
			under[day] = rows[i].Key
		}
		if r.IntN(3) == 0 { // the same figures once more
			rows = append(rows, rows...)
		}
		want := model(held, rows)
		w := vintage.Weigh(held, rows)
		got, unchanged := map[int]said{}, 0
		for _, f := range w.Fresh {
			s := said{state: "new", hidden: f.Hidden}
			if f.Before != nil {
				s.state, s.before = "revised", f.Before.Note
			}
			got[f.Row] = s
		}
		for i := range rows {
			s, fresh := got[i]
			if !fresh {
				s = want[i]
				if unchanged++; s.state != "unchanged" {
					t.Fatalf("seed %d: row %d is not fresh; the model says %+v", seed, i, s)
				}
			}
			if s != want[i] {
				t.Fatalf("seed %d: row %d is %+v; the model says %+v", seed, i, s, want[i])
			}
			seen[fmt.Sprint(s.state, s.hidden)]++
		}
		settled(t, seed, w, rows, want, unchanged)
	}
	for _, state := range []string{"newfalse", "newtrue", "revisedfalse", "revisedtrue", "unchangedfalse"} {
		if seen[state] < 300 {
			t.Errorf("%s was seen %d times", state, seen[state])
		}
	}
}

// settled holds the counts and changes of the receipt against the model.
func settled(t *testing.T, seed uint64, w vintage.Weighed, rows []schema.Observation, want map[int]said, unchanged int) {
	t.Helper()
	count, changes := map[string]int{}, 0
	for _, s := range want {
		count[s.state]++
		if s.state == "revised" || s.hidden {
			changes++
		}
	}
	fresh, r := w.Settle(rows, schema.Clerical, schema.Receipt{})
	if r.Accepted != count["new"] || r.Revised != count["revised"] || r.UnchangedN != count["unchanged"] || unchanged != r.UnchangedN || len(r.Changes) != changes {
		t.Fatalf("seed %d: accepted %d, revised %d, unchanged %d, changes %d; the model counts %v and %d", seed, r.Accepted, r.Revised, r.UnchangedN, len(r.Changes), count, changes)
	}
	same := 0
	for _, n := range w.Same {
		same += n
	}
	if same != unchanged {
		t.Fatalf("seed %d: %d figures repeat receipts, %d are unchanged", seed, same, unchanged)
	}
	for i, o := range fresh {
		if o.Seq != 0 || i > 0 && fresh[i-1].PublishedAt.After(o.PublishedAt) {
			t.Fatalf("seed %d: figure %d of those to store has place %d, published %s", seed, i, o.Seq, o.PublishedAt)
		}
	}
}

func TestAChangeTellsWhatItDoes(t *testing.T) {
	two, five := schema.MustDecimal("2"), schema.MustDecimal("5")
	k := schema.Key{Indicator: "gdp", Region: "210200", Basis: schema.InPeriod, Period: schema.Quarter(2024, 1)}
	held := []schema.Observation{{Key: k, Value: &two, Status: schema.StatusProvisional, PublishedAt: first, Receipt: "r1", Seq: 4}}
	rows := []schema.Observation{{Key: k, Value: &five, Status: schema.StatusNormal, PublishedAt: first.AddDays(1)}}
	_, r := vintage.Weigh(held, rows).Settle(rows, schema.Clerical, schema.Receipt{})
	if len(r.Changes) != 1 {
		t.Fatalf("%+v", r)
	}
	c := r.Changes[0]
	if c.Old.String() != "2" || c.New.String() != "5" || c.Difference.String() != "3" || c.OldStatus != schema.StatusProvisional || c.Correction != schema.Verified || c.Hidden {
		t.Fatalf("%+v", c)
	}
	early := []schema.Observation{{Key: k, Value: &five, Status: schema.StatusNormal, PublishedAt: first.AddDays(-1)}}
	_, r = vintage.Weigh(held, early).Settle(early, "", schema.Receipt{})
	if r.Accepted != 1 || len(r.Changes) != 1 || !r.Changes[0].Hidden || r.Changes[0].Old != nil {
		t.Fatalf("%+v", r)
	}
}

func TestOneReceiptRepeatedIsNamed(t *testing.T) {
	one := schema.MustDecimal("1")
	k := schema.Key{Indicator: "gdp", Region: "210200", Basis: schema.InPeriod, Period: schema.Quarter(2024, 1)}
	l := k
	l.Region = "210201"
	held := []schema.Observation{{Key: k, Value: &one, PublishedAt: first, Receipt: "r1", Seq: 1}, {Key: l, Value: &one, PublishedAt: first, Receipt: "r2", Seq: 2}}
	both := []schema.Observation{{Key: k, Value: &one, PublishedAt: first}, {Key: l, Value: &one, PublishedAt: first}}
	if got := vintage.Weigh(held, both[:1]).OnlySame(); got != "r1" {
		t.Errorf("one receipt repeated is %q", got)
	}
	if got := vintage.Weigh(held, both).OnlySame(); got != "" {
		t.Errorf("two receipts repeated are %q", got)
	}
}
