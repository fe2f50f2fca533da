package clickhouse_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"yardstick/schema"
	"yardstick/schema/clickhouse"
)

func TestReceiptsAreReadPageByPageWhileOthersCome(t *testing.T) {
	h := newHouse(t)
	for i, id := range []string{"R1", "R2", "R3", "R4"} {
		h.load(t, id, gdp("2024", fmt.Sprint(9000+i), "2025-01-31", "A"))
	}
	var got []string
	for q := (clickhouse.ReceiptPage{Limit: 2}); ; {
		page, err := h.ReceiptsPage(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, r := range page {
			got = append(got, r.ID)
		}
		q.After = page[len(page)-1].Act
		if len(got) == 2 {
			h.load(t, "R5", gdp("2024", "9100", "2025-01-31", "A"))
		}
	}
	if s := strings.Join(got, " "); s != "R4 R3 R2 R1" {
		t.Errorf("read %s", s)
	}
	for name, c := range map[string]struct {
		q    clickhouse.ReceiptPage
		want int
	}{
		"all":        {clickhouse.ReceiptPage{}, 5},
		"a state":    {clickhouse.ReceiptPage{States: []schema.ReceiptStatus{schema.Refused}}, 0},
		"two states": {clickhouse.ReceiptPage{States: []schema.ReceiptStatus{schema.Refused, schema.Accepted}}, 5},
		"a feed":     {clickhouse.ReceiptPage{Feed: "nothing"}, 0},
		"before":     {clickhouse.ReceiptPage{Before: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)}, 0},
		"after":      {clickhouse.ReceiptPage{From: time.Date(2199, 1, 1, 0, 0, 0, 0, time.UTC)}, 0},
	} {
		c.q.Limit = 100
		if page, err := h.ReceiptsPage(t.Context(), c.q); err != nil || len(page) != c.want {
			t.Errorf("%s: %d receipts, %v", name, len(page), err)
		}
	}
}

func TestKeptVerdictsTellWhatWasBeforeAndAreReadPageByPage(t *testing.T) {
	h := newHouse(t)
	first := schema.NewDate(2025, time.March, 31)
	for i, status := range []schema.Status{schema.OnTrack, schema.AtRisk, schema.AtRisk, schema.Lagging} {
		var keep []schema.Verdict
		causes := map[schema.Scope]string{}
		for _, target := range []string{"a", "b"} {
			value := schema.MustDecimal("12.50")
			v := schema.Verdict{Policy: "p", Target: target, Region: "210200", AsOf: first.AddMonths(i), Status: status, Rule: "6 pace", Unit: "个", Value: &value}
			keep = append(keep, v)
			causes[v.Scope()] = schema.CauseFigure
		}
		run := schema.VerdictRun{ID: fmt.Sprint("run", i), At: first.AddMonths(i).EndIn(time.UTC), AsOf: first.AddMonths(i), Cause: schema.CauseTime}
		if err := h.SaveRun(t.Context(), run, keep, causes); err != nil {
			t.Fatal(err)
		}
	}
	read := func(q clickhouse.KeptPage) (out []string) {
		t.Helper()
		for {
			page, err := h.KeptVerdicts(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				return out
			}
			for _, k := range page {
				out = append(out, fmt.Sprint(k.AsOf, " ", k.Target, " ", k.Was, ">", k.Status, " ", k.Value, " ", k.Cause))
			}
			last := page[len(page)-1]
			q.After = &clickhouse.KeptPlace{AsOf: last.AsOf, At: last.At.UnixMilli(), Policy: last.Policy, Target: last.Target, Region: last.Region, Run: last.Run}
		}
	}
	all := clickhouse.KeptPage{From: first, To: first.AddMonths(9), Limit: 3}
	if got := read(all); len(got) != 8 || got[0] != "2025-03-31 a >on_track 12.50 figure" || got[3] != "2025-04-30 b on_track>at_risk 12.50 figure" {
		t.Errorf("%d: %v", len(got), got)
	}
	one := all
	one.Target, one.From, one.Statuses = "b", first.AddMonths(1), []schema.Status{schema.Lagging}
	if got := read(one); len(got) != 1 || got[0] != "2025-06-30 b at_risk>lagging 12.50 figure" {
		t.Errorf("%v", got)
	}
	one.Region = "210211"
	if got := read(one); len(got) != 0 {
		t.Errorf("%v", got)
	}
}
