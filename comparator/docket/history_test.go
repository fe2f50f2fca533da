package docket

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	clickhousego "github.com/ClickHouse/clickhouse-go/v2"

	"yardstick/comparator/telling"
	"yardstick/schema"
	"yardstick/schema/clickhouse"
)

// history are the rows told of the target as others read them, the oldest first.
func (c *clerk) history(t *testing.T, target, lang string) (out []string) {
	t.Helper()
	db := clickhousego.OpenDB(c.sql)
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), "SELECT concat(toString(as_of), '|', status, '|', value, '|', gap, '|', chance, '|', marks) FROM told_history FINAL"+
		" WHERE target = ? AND lang = ? ORDER BY as_of, at, run", target, lang)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var row string
		if err := rows.Scan(&row); err != nil {
			t.Fatal(err)
		}
		out = append(out, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// kept is what the history of the target should say, from the verdicts kept.
func (c *clerk) kept(t *testing.T, target, lang string) (out []string) {
	t.Helper()
	all, err := c.Store.KeptVerdicts(t.Context(), clickhouse.KeptPage{From: schema.NewDate(2020, 1, 1), To: schema.NewDate(2030, 1, 1), Target: target, Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range all {
		s := telling.ShowKept(k.Verdict, c.Register, lang)
		out = append(out, strings.Join([]string{k.AsOf.String(), s.Status, s.Value, s.Gap, s.Chance, s.Marks}, "|"))
	}
	return out
}

// Whatever was kept is told, also by those who did not tell it then, and told
// anew when the registers are others; no verdict is lost whose target is gone.
func TestTheHistoryOfATargetIsToldInTodaysWords(t *testing.T) {
	c := newClerk(t)
	const target = "fair-price-shops"
	agree := func(when string, rows int) {
		t.Helper()
		if err := c.TellHistory(t.Context(), c.now); err != nil {
			t.Fatal(err)
		}
		for _, lang := range schema.LanguageCodes() {
			told, kept := c.history(t, target, lang), c.kept(t, target, lang)
			if len(told) < rows || !slices.Equal(told, kept) {
				t.Errorf("%s, %s:\n%q is told of\n%q", when, lang, told, kept)
			}
		}
	}
	c.compare(t, false)
	agree("after one comparison", 1)
	if all := fmt.Sprint(c.history(t, target, "zh")); !strings.Contains(all, "|38家|62家|") {
		t.Errorf("figure and gap are not as the board has them: %s", all)
	}
	for range 3 { // kept by a comparison that was cut before it told of them
		c.compare(t, true)
	}
	c.bring(t, "again", schema.Month(2025, 5), "41", schema.NewDate(2025, 6, 24))
	c.compare(t, false)
	agree("after those that were cut", 5)

	c.judgedBy = "other registers"
	for i, p := range c.Register.Policies {
		for j, of := range p.Targets {
			if of.ID == target {
				c.Register.Policies[i].Targets = slices.Delete(slices.Clone(p.Targets), j, j+1)
				break
			}
		}
	}
	c.compare(t, false)
	if left, err := c.Store.Untold(t.Context(), "never"); err != nil || len(left) == 0 {
		t.Errorf("%d verdicts are untold by words that nobody used: %v", len(left), err)
	}
	agree("of a target that is gone", 5)
}

// Of a verdict told twice, what was told last counts, whatever the clock says.
func TestWordingsThatComeBackAreToldAgain(t *testing.T) {
	c := newClerk(t)
	c.compare(t, false)
	db := clickhousego.OpenDB(c.sql)
	defer db.Close()
	for i, by := range []string{"A", "B", "A"} {
		c.judgedBy = by
		if err := c.TellHistory(t.Context(), c.now.Add(-time.Duration(i)*time.Hour)); err != nil {
			t.Fatal(err)
		}
		var told, otherwise int
		if err := db.QueryRowContext(t.Context(), "SELECT count(), countIf(NOT endsWith(wording, ?)) FROM told_history FINAL", "/"+by).Scan(&told, &otherwise); err != nil {
			t.Fatal(err)
		}
		if told == 0 || otherwise > 0 {
			t.Errorf("as worded %s for the %d. time, %d of %d rows are told otherwise", by, i, otherwise, told)
		}
	}
}
