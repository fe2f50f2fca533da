package vintage_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"yardstick/schema"
	"yardstick/schema/vintage"
)

// everyKey is every period of every frequency and basis around a turn of the year.
func everyKey() (out []schema.Key) {
	for _, f := range []schema.Frequency{schema.Annual, schema.Quarterly, schema.Monthly, schema.TenDay, schema.Daily} {
		for p := schema.PeriodOf(f, schema.NewDate(2023, 11, 28)); !p.First().After(schema.NewDate(2025, 1, 12)); p = p.Next() {
			for _, b := range []schema.Basis{schema.Point, schema.InPeriod, schema.YearToDate, schema.Cumulative} {
				out = append(out, schema.Key{Indicator: "gdp", Region: "210200", Basis: b, Period: p})
			}
		}
	}
	return out
}

func TestKeysAreOneFactWhereTheyCoverTheSameDays(t *testing.T) {
	facts, texts, meanings := map[string]schema.Key{}, map[string]string{}, map[schema.Key]string{}
	for _, k := range everyKey() {
		fact, meant := vintage.Fact(k), covers(k)
		if vintage.Fact(fact) != fact {
			t.Fatalf("%v is the fact %v, which is the fact %v", k, fact, vintage.Fact(fact))
		}
		if held, ok := facts[meant]; ok && held != fact || texts[vintage.FactText(k)] != "" && texts[vintage.FactText(k)] != meant {
			t.Fatalf("%v is the fact %v (%q), others that cover the same are %v", k, fact, vintage.FactText(k), held)
		}
		if other, ok := meanings[fact]; ok && other != meant {
			t.Fatalf("%v and %q are one fact", k, other)
		}
		facts[meant], texts[vintage.FactText(k)], meanings[fact] = fact, meant, meant
	}
	if len(facts) < 1000 || len(facts) >= len(everyKey()) {
		t.Errorf("%d facts of %d keys", len(facts), len(everyKey()))
	}
}

func TestASeriesWritesAFactInItsOwnWay(t *testing.T) {
	for _, k := range everyKey() {
		fact := vintage.Fact(k)
		if got, ok := vintage.In(fact, k.Period.Frequency(), k.Basis); !ok || got != k {
			t.Fatalf("%v is %v, %v in its own series", k, got, ok)
		}
		for _, basis := range []schema.Basis{schema.Point, schema.InPeriod, schema.YearToDate} {
			for _, frequencies := range [][]schema.Frequency{{schema.Quarterly, schema.Annual}, {schema.Monthly}, {schema.Annual}, nil} {
				ind := schema.Indicator{Basis: basis, Frequencies: frequencies}
				if name := vintage.Name(ind, fact); vintage.Fact(name) != fact {
					t.Fatalf("%v is called %v in %v %v, which is another fact", k, name, basis, frequencies)
				}
			}
		}
	}
	for _, c := range []struct {
		basis       schema.Basis
		frequencies []schema.Frequency
		written     schema.Period
		as          schema.Basis
		want        schema.Period
		wantAs      schema.Basis
	}{
		{schema.YearToDate, []schema.Frequency{"Q", "A"}, schema.Year(2025), schema.InPeriod, schema.Quarter(2025, 4), schema.YearToDate},
		{schema.YearToDate, []schema.Frequency{"A", "Q"}, schema.Month(2025, 12), schema.YearToDate, schema.Year(2025), schema.InPeriod},
		{schema.InPeriod, []schema.Frequency{"Q", "A"}, schema.Month(2025, 12), schema.YearToDate, schema.Year(2025), schema.InPeriod},
		{schema.InPeriod, []schema.Frequency{"Q"}, schema.Month(2025, 3), schema.YearToDate, schema.Quarter(2025, 1), schema.InPeriod},
		{schema.InPeriod, []schema.Frequency{"M"}, schema.Quarter(2025, 2), schema.YearToDate, schema.Month(2025, 6), schema.YearToDate},
		{schema.Point, []schema.Frequency{"M"}, schema.Year(2025), schema.Point, schema.Month(2025, 12), schema.Point},
		{schema.Point, []schema.Frequency{"Q"}, schema.Month(2025, 11), schema.Point, schema.Month(2025, 11), schema.Point},
		{schema.InPeriod, []schema.Frequency{"M"}, schema.Quarter(2025, 2), schema.InPeriod, schema.Quarter(2025, 2), schema.InPeriod},
	} {
		got := vintage.Name(schema.Indicator{Basis: c.basis, Frequencies: c.frequencies}, vintage.Fact(schema.Key{Basis: c.as, Period: c.written}))
		if got.Period != c.want || got.Basis != c.wantAs {
			t.Errorf("%s %s is %s %s in %v %v, want %s %s", c.written, c.as, got.Period, got.Basis, c.frequencies, c.basis, c.want, c.wantAs)
		}
	}
}

func TestOneVintageOfAFactStands(t *testing.T) {
	keys := everyKey()
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 3))
		some := keys[r.IntN(len(keys)-40):][:40]
		var all []schema.Observation
		for i := range 60 {
			all = append(all, schema.Observation{Key: some[r.IntN(len(some))], PublishedAt: first.AddDays(r.IntN(4)), Seq: uint64(1 + i/6)})
		}
		stands := vintage.Standing(all)
		r.Shuffle(len(all), func(a, b int) { all[a], all[b] = all[b], all[a] })
		again := map[schema.Key]schema.Observation{}
		for _, o := range vintage.Standing(all) {
			again[vintage.Fact(o.Key)] = o
		}
		for _, o := range stands {
			if got := again[vintage.Fact(o.Key)]; got.Key != o.Key || got.PublishedAt != o.PublishedAt || got.Seq != o.Seq {
				t.Fatalf("seed %d: %v or %v stands, by the order they are given in", seed, o, got)
			}
			if slices.ContainsFunc(all, func(p schema.Observation) bool { return covers(p.Key) == covers(o.Key) && p.Later(o) }) {
				t.Fatalf("seed %d: %v stands, and a later vintage of it is there", seed, o)
			}
		}
		if len(again) != len(stands) {
			t.Fatalf("seed %d: %d facts, then %d", seed, len(stands), len(again))
		}
	}
}
