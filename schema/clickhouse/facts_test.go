package clickhouse_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"yardstick/schema"
	"yardstick/schema/clickhouse"
	"yardstick/schema/ledger"
	"yardstick/schema/vintage"
)

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

// keysOf are all keys around a turn of the year, by what they cover.
func keysOf(indicator, region string) map[string][]schema.Key {
	out := map[string][]schema.Key{}
	for _, f := range []schema.Frequency{schema.Annual, schema.Quarterly, schema.Monthly, schema.TenDay, schema.Daily} {
		for p := schema.PeriodOf(f, schema.NewDate(2023, 11, 28)); !p.First().After(schema.NewDate(2025, 1, 12)); p = p.Next() {
			for _, b := range []schema.Basis{schema.Point, schema.InPeriod, schema.YearToDate, schema.Cumulative} {
				k := schema.Key{Indicator: indicator, Region: region, Basis: b, Period: p}
				out[covers(k)] = append(out[covers(k)], k)
			}
		}
	}
	return out
}

func TestTheStoreTellsFactsAsTheRuleDoes(t *testing.T) {
	h := newHouse(t)
	var rows []schema.Observation
	for _, keys := range keysOf("gdp", "210200") {
		for _, k := range keys {
			o := gdp("2024", "1", "2025-02-01", "A")
			o.Key, o.Cell = k, vintage.FactText(k)
			rows = append(rows, o)
		}
	}
	h.load(t, "R1", rows...)
	for _, table := range []string{"observations", "observations_current"} {
		var other string
		conn := open(t, h)
		if err := conn.QueryRow(t.Context(), "SELECT concat(toString(count()), ' ', any(concat(basis, ' ', period, ': ', fact, ', want ', cell))) FROM "+table+
			" WHERE fact != cell AND receipt != ''").Scan(&other); err != nil || !strings.HasPrefix(other, "0 ") {
			t.Errorf("%s: %s, %v", table, other, err)
		}
	}
}

// written is a figure of the model: what the store was told of one fact.
type written struct {
	schema.Observation
	withdrawn bool
}

// stands is the figure of each fact that stands as of a day, by the words alone:
// of those that count, published by then, the last published, and of one day the
// last received.
func stands(all []written, asOf schema.Date) map[string]string {
	best := map[string]written{}
	for _, w := range all {
		if w.withdrawn || !asOf.IsZero() && w.PublishedAt.After(asOf) {
			continue
		}
		fact := covers(w.Key)
		held, ok := best[fact]
		if c := w.PublishedAt.Compare(held.PublishedAt); !ok || c > 0 || c == 0 && w.Seq > held.Seq {
			best[fact] = w
		}
	}
	out := map[string]string{}
	for fact, w := range best {
		out[fact] = fmt.Sprint(w.Period, " ", w.Basis, " ", w.Value)
	}
	return out
}

func told(t *testing.T, rows []schema.Observation, err error) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, o := range rows {
		fact := covers(o.Key)
		if out[fact] != "" {
			err = fmt.Errorf("%s stands twice", fact)
		}
		out[fact] = fmt.Sprint(o.Period, " ", o.Basis, " ", o.Value)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestOneVintageOfAFactStandsWhateverKeysItIsWrittenUnder(t *testing.T) {
	h := newHouse(t)
	for seed := range uint64(3) {
		r := rand.New(rand.NewPCG(seed, 9))
		indicator := fmt.Sprint("gdp", seed)
		all := keysOf(indicator, "210200")
		facts := slices.Sorted(func(yield func(string) bool) {
			for fact, keys := range all {
				if len(keys) > 1 && r.IntN(40) == 0 && !yield(fact) {
					return
				}
			}
		})
		var model []written
		check := func(what string) {
			t.Helper()
			day := schema.NewDate(2025, 2, 1).AddDays(r.IntN(9))
			for asOf, q := range map[schema.Date]clickhouse.Query{{}: {}, day: {AsOf: day}} {
				q.Indicators = []string{indicator}
				rows, err := h.Observations(t.Context(), q)
				if got, want := told(t, rows, err), stands(model, asOf); fmt.Sprint(got) != fmt.Sprint(want) {
					t.Fatalf("seed %d, %s, as of %s: stand\n%v\nwant\n%v", seed, what, asOf, got, want)
				}
			}
			rows, err := h.Current(t.Context(), indicator)
			if got, want := told(t, rows, err), stands(model, schema.Date{}); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Fatalf("seed %d, %s: projected are\n%v\nwant\n%v", seed, what, got, want)
			}
		}
		for step := range 8 {
			id := fmt.Sprint("R", seed, "-", step)
			if n := len(model); n > 0 && r.IntN(4) == 0 { // what was received is taken back
				taken := model[r.IntN(n)]
				if !taken.withdrawn {
					if _, err := h.Withdraw(t.Context(), taken.Receipt, "test", "笔误"); err != nil {
						t.Fatal(err)
					}
					for i := range model {
						model[i].withdrawn = model[i].withdrawn || model[i].Receipt == taken.Receipt
					}
					check("withdrawn " + taken.Receipt)
				}
				continue
			}
			var rows []schema.Observation
			for _, fact := range facts {
				if r.IntN(2) == 0 {
					continue
				}
				o := gdp("2024", fmt.Sprint(r.IntN(1000)), "2025-02-01", "A")
				o.Key = all[fact][r.IntN(len(all[fact]))]
				o.PublishedAt = o.PublishedAt.AddDays(r.IntN(8))
				rows = append(rows, o)
			}
			if len(rows) == 0 {
				continue
			}
			rec := h.load(t, id, rows...)
			for _, o := range rows {
				o.Seq, o.Receipt = rec.Seq, id
				model = append(model, written{o, false})
			}
			check("loaded " + id)
		}
	}
}

func TestAnOldStoreIsTakenToTheRuleOnceAndTheLedgerSaysWhatMoved(t *testing.T) {
	h := newHouse(t)
	quarters := func(value, published string) schema.Observation {
		o := gdp("2024-Q4", value, published, "A")
		o.Basis = schema.YearToDate
		return o
	}
	h.load(t, "R1", gdp("2023", "8752.9", "2024-01-31", "A"))
	h.load(t, "R2", quarters("9540.2", "2025-01-31"))
	h.load(t, "R3", gdp("2024", "9516.9", "2025-02-28", "A"), gdp("2024-Q3", "2100", "2024-10-31", "A"))
	// What was projected when every key was a fact of its own.
	conn := open(t, h)
	if err := conn.Exec(t.Context(), "TRUNCATE TABLE observations_current"); err != nil {
		t.Fatal(err)
	}
	if err := conn.Exec(t.Context(), `INSERT INTO observations_current (indicator, region, frequency, basis, period, period_end, value, value_text, status, published_at, receipt, seq, version)
		SELECT indicator, region, frequency, basis, period, period_end, value, value_text, status, published_at, receipt, seq, seq FROM observations`); err != nil {
		t.Fatal(err)
	}
	if rows, err := h.Current(t.Context(), "gdp"); err != nil || len(rows) != 4 {
		t.Fatalf("an old store has %d figures, %v", len(rows), err)
	}
	height, _ := h.Head()
	done, err := h.Recover(t.Context())
	if err != nil || done.Moved != 1 || h.Ruled() != height+1 {
		t.Fatalf("recovered %+v, %v; ruled at %d", done, err, h.Ruled())
	}
	wantMoved := func() {
		t.Helper()
		rows, err := h.Current(t.Context(), "gdp")
		if got := told(t, rows, err); len(rows) != 3 || got[covers(quarters("", "2025-01-31").Key)] != "2024 period 9516.9" {
			t.Fatalf("stand %v", got)
		}
	}
	wantMoved()
	entries := 0
	if err := h.ledger.Each(height, func(e ledger.Entry) error {
		entries++
		digest, ok, err := clickhouse.NamesMoved(e)
		if err != nil || !ok || e.Fields["subject"] != vintage.Rule {
			t.Fatalf("%+v: %v, %v", e, ok, err)
		}
		moved, err := clickhouse.KeptMoved(filepath.Join(h.dir, "rows"), digest)
		if err != nil || len(moved) != 1 || moved[0].Was.Period != schema.Quarter(2024, 4) || moved[0].Was.Value.String() != "9540.2" ||
			moved[0].Is.Period != schema.Year(2024) || moved[0].Is.Value.String() != "9516.9" || moved[0].Is.Receipt != "R3" {
			t.Fatalf("moved are %+v, %v", moved, err)
		}
		file := filepath.Join(h.dir, "rows", digest)
		if found, err := filepath.Glob(filepath.Join(h.dir, "rows", "*", digest+"*")); err == nil && len(found) == 1 {
			file = found[0]
		}
		if err := os.Chmod(file, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte("[]\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := clickhouse.KeptMoved(filepath.Join(h.dir, "rows"), digest); err == nil {
			t.Fatal("an altered list is read")
		}
		return nil
	}); err != nil || entries != 1 {
		t.Fatalf("%d entries, %v", entries, err)
	}
	for _, cut := range []string{ // killed after the entry, before all that follows was done
		"", "ALTER TABLE acts DELETE WHERE kind = 'rule' SETTINGS mutations_sync = 2",
		fmt.Sprintf("ALTER TABLE observations_current DELETE WHERE version = %d AND is_deleted = 1 SETTINGS mutations_sync = 2", height+1),
	} {
		if cut != "" {
			for _, sql := range []string{"ALTER TABLE acts DELETE WHERE kind = 'rule' SETTINGS mutations_sync = 2", cut} {
				if err := conn.Exec(t.Context(), sql); err != nil {
					t.Fatal(err)
				}
			}
		}
		if done, err := h.Recover(t.Context()); err != nil || done.Moved != 0 {
			t.Fatalf("again, after %q: %+v, %v", cut, done, err)
		}
		wantMoved()
	}
	if end, _ := h.Head(); end != height+1 {
		t.Fatalf("the ledger grew to %d", end)
	}
	// What stood before comes back when what displaced it goes.
	if _, err := h.Withdraw(t.Context(), "R3", "test", "笔误"); err != nil {
		t.Fatal(err)
	}
	rows, err := h.Current(t.Context(), "gdp")
	if got := told(t, rows, err); got[covers(quarters("", "2025-01-31").Key)] != "2024-Q4 ytd 9540.2" {
		t.Fatalf("stand %v", got)
	}
	for _, o := range []schema.Key{quarters("", "2025-01-31").Key, gdp("2024", "", "2025-01-31", "A").Key} {
		if all, err := h.Published(t.Context(), o); err != nil || len(all) != 2 {
			t.Errorf("%v has %d vintages, %v", o, len(all), err)
		}
	}
}

func TestACrashWhileAFactIsProjectedIsMended(t *testing.T) {
	for _, undo := range []string{"is_deleted = 1", "is_deleted = 0", "1"} {
		h := newHouse(t)
		year := gdp("2024", "9516.9", "2025-02-28", "A")
		quarter := gdp("2024-Q4", "9540.2", "2025-01-31", "A")
		quarter.Basis = schema.YearToDate
		h.load(t, "R1", quarter)
		h.load(t, "R2", year)
		if err := open(t, h).Exec(t.Context(), "ALTER TABLE observations_current DELETE WHERE version = 2 AND "+undo+" SETTINGS mutations_sync = 2"); err != nil {
			t.Fatal(err)
		}
		if done, err := h.Recover(t.Context()); err != nil || done.Finished != 1 || done.Moved != 0 {
			t.Fatalf("%s: %+v, %v", undo, done, err)
		}
		rows, err := h.Current(t.Context(), "gdp")
		if got := told(t, rows, err); len(got) != 1 || got[covers(year.Key)] != "2024 period 9516.9" {
			t.Errorf("%s: stand %v", undo, got)
		}
	}
}

func TestTheViewForReadersOfSQLHasOneFigureAFact(t *testing.T) {
	h := newHouse(t)
	quarter := gdp("2024-Q4", "9540.2", "2025-01-31", "A")
	quarter.Basis = schema.YearToDate
	h.load(t, "R1", quarter)
	h.load(t, "R2", gdp("2024", "9516.9", "2025-02-28", "A"))
	for _, c := range [][2]string{{"2025-02-01", "2024-Q4 ytd 9540.2 1"}, {"2025-03-01", "2024 period 9516.9 2"}} {
		asOf, want := c[0], c[1]
		at := day(asOf).In(time.UTC)
		if err := h.SaveRun(t.Context(), schema.VerdictRun{ID: asOf, At: at, AsOf: day(asOf)}, nil, nil); err != nil {
			t.Fatal(err)
		}
		var got []string
		if err := open(t, h).QueryRow(t.Context(), "SELECT groupArray(concat(period, ' ', basis, ' ', value_text, ' ', toString(vintages))) FROM observations_known").Scan(&got); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, []string{want}) {
			t.Errorf("as of %s: %v", asOf, got)
		}
	}
}
