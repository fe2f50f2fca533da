package docket

import (
	"crypto/rand"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	clickhousego "github.com/ClickHouse/clickhouse-go/v2"

	"yardstick/schema"
	"yardstick/schema/calendar"
	"yardstick/schema/clickhouse"
	"yardstick/schema/engine/enginetest"
	"yardstick/schema/ledger"
	"yardstick/schema/targets"
)

// clerk is a docket on a store of its own on the real engine, with a clock.
type clerk struct {
	*Docket
	now time.Time
	sql *clickhousego.Options // to read the store as others do
	own *clickhousego.Options // to do to its tables what a crash or an older version did
}

func newClerk(t *testing.T) *clerk {
	t.Helper()
	eng := enginetest.Open(t)
	db, dir := enginetest.Database(t, eng), t.TempDir()
	if _, err := clickhouse.Migrate(t.Context(), eng.ClickHouseOptions(db, true), ""); err != nil {
		t.Fatal(err)
	}
	book, err := ledger.Open(filepath.Join(dir, "ledger"))
	if err != nil {
		t.Fatal(err)
	}
	store, err := clickhouse.Open(t.Context(), clickhouse.Config{Read: eng.ClickHouseOptions(db, false), Write: eng.ClickHouseOptions(db, true), Ledger: book, Rows: filepath.Join(dir, "rows")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close(); _ = book.Close() })
	register, err := targets.Load()
	if err != nil {
		t.Fatal(err)
	}
	days, err := calendar.Default()
	if err != nil {
		t.Fatal(err)
	}
	c := &clerk{now: time.Date(2025, 6, 20, 0, 30, 0, 0, time.UTC), sql: eng.ClickHouseOptions(db, false), own: eng.ClickHouseOptions(db, true)}
	if c.Docket, err = New(Options{Register: register, Calendar: days, Store: store, Location: time.UTC, Now: func() time.Time { return c.now }}); err != nil {
		t.Fatal(err)
	}
	for i, value := range []string{"10", "30", "38"} {
		c.bring(t, fmt.Sprint("R", i), schema.Month(2025, time.Month(3+i)), value, schema.NewDate(2025, time.Month(4+i), 15))
	}
	return c
}

// bring has a receipt bring a figure of fair-price shops.
func (c *clerk) bring(t *testing.T, receipt string, period schema.Period, value string, published schema.Date) {
	t.Helper()
	c.put(t, receipt, "家", schema.Key{Indicator: "fair-price-shops", Region: "210200-L5", Basis: schema.Point, Period: period}, value, published)
}

// put has a receipt bring a figure.
func (c *clerk) put(t *testing.T, receipt, unit string, k schema.Key, value string, published schema.Date) {
	t.Helper()
	v := schema.MustDecimal(value)
	o := schema.Observation{Key: k, Value: &v, Written: value, Unit: unit, UnitWritten: unit, Status: "A", PublishedAt: published, Cell: "D2"}
	if _, err := c.Store.Commit(t.Context(), schema.Receipt{ID: receipt, Status: schema.Accepted, Feed: "f", File: receipt + ".csv", Snapshot: "sha-" + receipt, ReceivedAt: c.now, Accepted: 1}, []schema.Observation{o}); err != nil {
		t.Fatal(err)
	}
}

// compare judges as of the day after; with all, every verdict gets a row, as the
// dockets before this one kept them.
func (c *clerk) compare(t *testing.T, all bool) Compared {
	t.Helper()
	c.now = c.now.AddDate(0, 0, 1)
	if !all {
		found, err := c.Compare(t.Context(), schema.CauseTime)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	last, err := c.Store.LastVerdicts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	j, err := c.JudgeAt(t.Context(), c.Today(), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	_, causes := changes(j.judged, last, nil)
	if err := c.Store.SaveRun(t.Context(), schema.VerdictRun{ID: rand.Text(), At: c.now, AsOf: c.Today(), Cause: schema.CauseTime}, j.judged, causes); err != nil {
		t.Fatal(err)
	}
	return Compared{Causes: causes}
}

func TestVerdictsAreKeptWhenTheyChangeAndOfHeadlinesEveryDay(t *testing.T) {
	spare, full := newClerk(t), newClerk(t)
	headlines := spare.daily()
	if len(headlines) == 0 {
		t.Fatal("the register has no headline")
	}
	type told struct{ causes []map[schema.Scope]string }
	var a, b told
	for i := range 12 {
		switch i {
		case 4: // the figure held is told again, with other digits
			for _, c := range []*clerk{spare, full} {
				c.bring(t, "again", schema.Month(2025, time.May), "39", schema.NewDate(2025, 6, 24))
			}
		case 8: // a part of the history alone is mended: the status does not change
			for _, c := range []*clerk{spare, full} {
				c.bring(t, "mended", schema.Month(2025, time.April), "31", schema.NewDate(2025, 6, 28))
			}
		}
		a.causes, b.causes = append(a.causes, spare.compare(t, false).Causes), append(b.causes, full.compare(t, true).Causes)
	}
	if fmt.Sprint(a) != fmt.Sprint(b) {
		t.Errorf("causes of changes:\n%v,\nwith rows a day\n%v", a, b)
	}
	rows := func(c *clerk, policy, target, region string) int {
		t.Helper()
		n := 0
		kept, err := c.Store.KeptVerdicts(t.Context(), clickhouse.KeptPage{From: schema.NewDate(2025, 6, 1), To: schema.NewDate(2025, 7, 31), Policy: policy, Target: target, Region: region, Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range kept {
			if k.Policy == policy {
				n++
			}
		}
		return n
	}
	still, total := 0, 0
	last, err := spare.last(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range last {
		if v.AsOf != spare.Today() {
			t.Errorf("%v holds as of %s, not today", v.Scope(), v.AsOf)
		}
		n := rows(spare, v.Policy, v.Target, v.Region)
		total += n
		if headlines[v.Scope()] && n != 12 {
			t.Errorf("the headline %v has %d rows of 12 days", v.Scope(), n)
		}
		if m := rows(full, v.Policy, v.Target, v.Region); m != 12 {
			t.Errorf("%v has %d rows, one a day asked for", v.Scope(), m)
		}
		if !headlines[v.Scope()] && n == 1 {
			still++
		}
	}
	if others := len(last) - len(headlines); still < others*8/10 || total > 12*len(headlines)+2*others {
		t.Errorf("%d of %d other scopes stand still with one row; %d rows in all", still, others, total)
	}
	sameAnswers(t, spare, full)
}

// sameAnswers has those who read kept verdicts answer the same on both stores.
func sameAnswers(t *testing.T, spare, full *clerk) {
	t.Helper()
	answers := func(c *clerk) map[string]string {
		card, err := c.Scorecard(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]string{"scorecard": fmt.Sprintf("%+v", card)}
		for _, p := range c.Register.Policies {
			turns, err := c.Turns(t.Context(), c.Today(), p.ID)
			if err != nil {
				t.Fatal(err)
			}
			for scope, all := range turns {
				for _, u := range all {
					out[fmt.Sprint("turns ", scope)] += fmt.Sprint(u.Day, u.From, u.To, u.Cause, u.Value, u.Period, "; ")
				}
			}
		}
		for _, receipt := range []string{"R0", "R1", "R2", "again", "mended"} {
			uses, err := c.Store.Uses(t.Context(), receipt, "D2")
			if err != nil {
				t.Fatal(err)
			}
			for _, u := range uses {
				out["uses "+receipt+u.First.Target] = fmt.Sprint(u.First.AsOf, u.First.Status, u.First.Value, u.Cause, u.Before != nil && u.Before.Status == u.First.Status, u.Last)
			}
		}
		return out
	}
	got, want := answers(spare), answers(full)
	if want["uses againfair-price-shops"] == "" || want["uses R1fair-price-shops"] == "" {
		t.Errorf("the figures were not used: %v", want)
	}
	for what, w := range want {
		if got[what] != w {
			t.Errorf("%s: %s, with rows a day %s", what, got[what], w)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d answers, with rows a day %d", len(got), len(want))
	}
}
