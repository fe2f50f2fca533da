package clickhouse_test

import (
	"slices"
	"testing"
	"time"

	"yardstick/schema"
)

func values(rows []schema.Observation) (out []string) {
	for _, o := range rows {
		out = append(out, o.Receipt+"="+o.Value.String())
	}
	return out
}

// What counted once can be traced, also when it was withdrawn later; what only
// waited, or was taken back while it waited, cannot.
func TestOnlyFiguresThatCountedOnceAreTraced(t *testing.T) {
	h := newHouse(t)
	h.load(t, "R1", gdp("2024", "9516.90", "2025-01-31", "P"), gdp("2023", "8752.9", "2025-01-31", "A"))
	h.load(t, "R2", gdp("2024", "9540.2", "2025-10-31", "A"))
	if _, err := h.Withdraw(t.Context(), "R2", "test", "笔误"); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"R3", "R4"} {
		r := schema.Receipt{ID: id, Status: schema.Pending, Waits: schema.WaitsReview, Feed: "published", File: id, Accepted: 1,
			ReceivedAt: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
		if _, err := h.Commit(t.Context(), r, []schema.Observation{gdp("2024", "9999.9", "2025-11-30", "A")}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := h.Withdraw(t.Context(), "R4", "test", "未审"); err != nil {
		t.Fatal(err)
	}
	key := gdp("2024", "1", "2025-01-31", "P").Key
	rows, err := h.Published(t.Context(), key)
	if want := []string{"R1=9516.90", "R2=9540.2"}; err != nil || !slices.Equal(values(rows), want) {
		t.Errorf("published: %v %v, want %v", values(rows), err, want)
	}
	for id, want := range map[string]uint64{"R1": 2, "R2": 1, "R3": 0, "R4": 0, "nobody": 0} {
		rows, all, err := h.Brought(t.Context(), id, 1)
		if err != nil || all != want || len(rows) != int(min(want, 1)) {
			t.Errorf("%s brought %d figures, %d given: %v", id, all, len(rows), err)
		}
		if from, err := h.FromCell(t.Context(), id, "D2"); err != nil || len(from) != int(want) {
			t.Errorf("%s: %d figures from its cell: %v", id, len(from), err)
		}
	}
	// Approved, it counts and is traced.
	if _, err := h.Review(t.Context(), "R3", "checker", true, ""); err != nil {
		t.Fatal(err)
	}
	if rows, err := h.Published(t.Context(), key); err != nil || len(rows) != 3 {
		t.Errorf("after the review: %v %v", values(rows), err)
	}
}

func TestTheVerdictsThatUsedAFigureAreFound(t *testing.T) {
	h := newHouse(t)
	at := time.Date(2025, 6, 16, 1, 0, 0, 0, time.UTC)
	with := func(target, value, receipt, cell string) schema.Verdict {
		v := schema.MustDecimal(value)
		o := gdp("2024", value, "2025-01-31", "P")
		o.Receipt, o.Cell = receipt, cell
		return schema.Verdict{Policy: "p", Target: target, Region: "210200", AsOf: schema.DateOf(at), Status: schema.AtRisk, Rule: "6 pace", Unit: "亿元",
			Value: &v, Inputs: []schema.Input{{Role: "judged", Observation: o}}}
	}
	for i, run := range [][]schema.Verdict{
		{with("a", "1", "R1", "D2"), with("b", "5", "R1", "D3")},
		{with("a", "2", "R12", "D2"), with("b", "5", "R1", "D3")},
		{with("a", "3.50", "R12", "快报!D2")},
	} {
		for j := range run {
			run[j].AsOf = run[j].AsOf.AddDays(i)
		}
		causes := map[schema.Scope]string{}
		if i > 0 {
			causes[run[0].Scope()] = schema.CauseFigure
		}
		r := schema.VerdictRun{ID: string(rune('x' + i)), At: at.AddDate(0, 0, i), AsOf: run[0].AsOf, Cause: schema.CauseFigure, Judged: len(run)}
		if err := h.SaveRun(t.Context(), r, run, causes); err != nil {
			t.Fatal(err)
		}
	}
	uses, err := h.Uses(t.Context(), "R1", "")
	if err != nil || len(uses) != 2 {
		t.Fatalf("%+v %v", uses, err)
	}
	// R1 is not R12.
	if a := uses[0]; a.First.Target != "a" || a.Count != 1 || a.Before != nil || a.Last != a.First.AsOf {
		t.Errorf("%+v", a)
	}
	if b := uses[1]; b.First.Target != "b" || b.Count != 2 || b.Last != b.First.AsOf.AddDays(1) {
		t.Errorf("%+v", b)
	}
	uses, err = h.Uses(t.Context(), "R12", "快报!D2")
	if err != nil || len(uses) != 1 || uses[0].First.Value.String() != "3.50" || uses[0].Before == nil || uses[0].Before.Value.String() != "2" || uses[0].Cause != schema.CauseFigure {
		t.Errorf("%+v %v", uses, err)
	}
	uses, err = h.UsesOf(t.Context(), gdp("2024", "1", "2025-01-31", "P").Key)
	if err != nil || len(uses) != 2 || uses[0].Count != 3 || uses[1].Count != 2 {
		t.Errorf("of the key: %+v %v", uses, err)
	}
	if uses, err := h.UsesOf(t.Context(), gdp("2023", "1", "2025-01-31", "P").Key); err != nil || len(uses) != 0 {
		t.Errorf("of another key: %+v %v", uses, err)
	}
	for _, none := range [][2]string{{"R1", "D9"}, {"", ""}, {"R9", ""}} {
		if uses, err := h.Uses(t.Context(), none[0], none[1]); err != nil || len(uses) != 0 {
			t.Errorf("%v: %+v %v", none, uses, err)
		}
	}
}

func TestAnEntryOfTheLedgerIsFoundByItsNumber(t *testing.T) {
	h := newHouse(t)
	first := h.load(t, "R1", gdp("2024", "9516.90", "2025-01-31", "P"))
	second := h.load(t, "R2", gdp("2024", "9540.2", "2025-10-31", "A"))
	e, ok, err := h.Entry(first.Seq)
	if err != nil || !ok || e.Fields["receipt"] != "R1" || len(e.Hash) != 64 {
		t.Errorf("%+v %v %v", e, ok, err)
	}
	if e, ok, err := h.Entry(second.Seq); err != nil || !ok || e.Fields["receipt"] != "R2" {
		t.Errorf("%+v %v %v", e, ok, err)
	}
	if _, hash := h.Head(); hash == "" {
		t.Error("the ledger has no head")
	}
	if _, ok, err := h.Entry(second.Seq + 1); err != nil || ok {
		t.Errorf("an entry that is not there: %v %v", ok, err)
	}
}
