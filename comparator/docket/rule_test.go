package docket

import (
	"cmp"
	"slices"
	"testing"
	"time"

	clickhousego "github.com/ClickHouse/clickhouse-go/v2"

	"yardstick/schema"
	"yardstick/schema/clickhouse"
)

// toOldRule takes the store back to where a version left it for which every key
// was a fact of its own: projected, and a comparison made after the last receipt.
func (c *clerk) toOldRule(t *testing.T) {
	t.Helper()
	height, _ := c.Store.Head()
	if err := c.Store.SaveRun(t.Context(), schema.VerdictRun{ID: "old", At: time.Now(), AsOf: c.Today(), Cause: schema.CauseTime, Height: height}, nil, nil); err != nil {
		t.Fatal(err)
	}
	db := clickhousego.OpenDB(c.own)
	defer db.Close()
	for _, sql := range []string{"TRUNCATE TABLE observations_current",
		`INSERT INTO observations_current (indicator, region, frequency, basis, period, period_end, value, value_text, unit, status, published_at, receipt, seq, version)
			SELECT indicator, region, frequency, basis, period, period_end, value, value_text, unit, status, published_at, receipt, seq, seq FROM observations`} {
		if _, err := db.ExecContext(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAChangedRuleIsTheCauseOfWhatItChangesAndOfNothingElse(t *testing.T) {
	c := newClerk(t)
	const share = "strategic-industry-gdp-share"
	key := func(indicator string, b schema.Basis, p schema.Period) schema.Key {
		return schema.Key{Indicator: indicator, Region: "210200", Basis: b, Period: p}
	}
	c.put(t, "Q1", "亿元", key("gdp", schema.YearToDate, schema.Quarter(2024, 4)), "10002.1", schema.NewDate(2025, 1, 20))
	c.put(t, "Q2", "亿元", key("strategic-industry-value-added", schema.YearToDate, schema.Quarter(2024, 4)), "1400", schema.NewDate(2025, 1, 25))
	c.compare(t, false)
	c.put(t, "Q3", "亿元", key("gdp", schema.InPeriod, schema.Year(2024)), "9000.1", schema.NewDate(2025, 2, 20))
	c.toOldRule(t)
	if done, err := c.Store.Recover(t.Context()); err != nil || done.Moved != 1 {
		t.Fatalf("%+v, %v", done, err)
	}
	c.bring(t, "again", schema.Month(2025, 5), "41", schema.NewDate(2025, 6, 20))
	want := map[string]string{share: schema.CauseRule, "fair-price-shops": schema.CauseRevision}
	for scope, cause := range c.compare(t, false).Causes {
		if cause != cmp.Or(want[scope.Target], schema.CauseTime) {
			t.Errorf("%s changed by %s", scope.Target, cause)
		}
		delete(want, scope.Target)
	}
	if len(want) > 0 {
		t.Errorf("did not change: %v", want)
	}
	kept, err := c.Store.KeptVerdicts(t.Context(), clickhouse.KeptPage{From: schema.NewDate(2025, 1, 1), To: c.Today(), Target: share, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	ruled := slices.DeleteFunc(slices.Clone(kept), func(k clickhouse.Kept) bool { return k.Cause != schema.CauseRule })
	if len(ruled) != 1 || ruled[0].Was == schema.Achieved || ruled[0].Status != schema.Achieved || ruled[0].AsOf != c.Today().AddDays(-1) ||
		ruled[0].Value.Round(2).String() != "15.56" {
		t.Errorf("kept by the rule are %d of %d: %+v", len(ruled), len(kept), ruled)
	}
	for scope, cause := range c.compare(t, false).Causes {
		if cause == schema.CauseRule {
			t.Errorf("once more: %v by %s", scope, cause)
		}
	}
}
