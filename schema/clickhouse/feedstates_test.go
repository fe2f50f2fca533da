package clickhouse_test

import (
	"slices"
	"testing"
	"time"

	"yardstick/schema"
	"yardstick/schema/clickhouse"
)

func TestReadersOfSQLFindPoliciesAllocationsAndWhatFeedsOwe(t *testing.T) {
	h := newHouse(t)
	at := time.Date(2025, 6, 30, 1, 0, 0, 0, time.UTC)
	half := schema.MustDecimal("0.5")
	d := clickhouse.Dimensions{
		Digest: "a",
		Policies: []schema.Policy{{
			ID: "p", Number: "某发〔2024〕1号", Issued: schema.NewDate(2024, time.October, 27), Region: "210200",
			Measures: []schema.Measure{{Clause: 1, Quantitative: true}, {Clause: 2}, {Clause: 4}},
			Targets: []schema.Target{{
				Policy: "p", ID: "t", Clause: 1, Op: ">=", Value: schema.MustDecimal("1"), Unit: "个", Contact: "0411", Region: "210200",
				Reading:     &schema.Reading{Text: schema.Text{Zh: "全部", En: "all"}},
				Allocations: []schema.Allocation{{Region: "210213", Value: half, Source: schema.Text{Zh: "分解表"}}},
			}},
		}},
		Feeds: []schema.FeedState{{Feed: schema.Feed{Name: "f", Title: schema.Text{Zh: "某表"}, Frequency: schema.Monthly, Synthetic: true}, By: schema.Office{Title: schema.Text{Zh: "某局"}}}},
	}
	if err := h.SaveDimensions(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	owed := []schema.FeedState{
		{Feed: schema.Feed{Name: "f"}, LastSuccess: at, Problems: 1, Due: schema.NewDate(2025, time.May, 15), DuePeriod: schema.Month(2025, 4), Owed: 2, Newest: schema.Month(2025, 5)},
		{Feed: schema.Feed{Name: "by-hand"}},
	}
	if err := h.SaveDeliveries(t.Context(), at, schema.DateOf(at), owed); err != nil {
		t.Fatal(err)
	}
	conn := open(t, h)
	for sql, want := range map[string]string{
		"SELECT toString(without_number) FROM policies WHERE number = '某发〔2024〕1号'":                                         "[2,4]",
		"SELECT concat(region, ' ', toString(value), ' ', source_zh) FROM allocations":                                      "210213 0.5 分解表",
		"SELECT concat(contact, ' ', op, ' ', reading_zh, ' ', toString(reading_open)) FROM targets":                        "0411 >= 全部 true",
		"SELECT concat(title_zh, ' ', office_zh, ' ', frequency, ' ', toString(synthetic)) FROM feeds":                      "某表 某局 M true",
		"SELECT concat(toString(due), ' ', due_period, ' ', toString(owed), ' ', latest) FROM feed_states WHERE feed = 'f'": "2025-05-15 2025-04 2 2025-05",
		"SELECT toString(due IS NULL AND last_success IS NULL AND latest = '') FROM feed_states WHERE feed = 'by-hand'":     "1",
	} {
		var got string
		if err := conn.QueryRow(t.Context(), sql).Scan(&got); err != nil || got != want {
			t.Errorf("%s gives %q, %v; not %q", sql, got, err, want)
		}
	}
}

// A file whose questions nobody is going to answer is refused by a person: then
// nothing of it is open any more.
func TestAFileThatAsksCanBeRefused(t *testing.T) {
	h := newHouse(t)
	h.load(t, "R1", gdp("2024", "9516.9", "2025-01-20", "A"))
	r := schema.Receipt{ID: "R2", Status: schema.Asked, Feed: "published", ReceivedAt: time.Now().Add(time.Minute), Questions: []schema.Question{{Key: "blank"}}}
	if _, err := h.Record(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	asks := func() bool {
		t.Helper()
		states, err := h.FeedStates(t.Context(), schema.NewDate(2025, 6, 30))
		if err != nil {
			t.Fatal(err)
		}
		return states["published"].Asks()
	}
	if !asks() {
		t.Fatal("its question is not open")
	}
	done, err := h.Withdraw(t.Context(), "R2", "desk", "误发")
	if err != nil || done.Status != schema.Withdrawn || asks() || h.inForce(t, "2024") == "" {
		t.Fatalf("%+v %v", done, err)
	}
	if _, err := h.Withdraw(t.Context(), "R2", "desk", "误发"); err == nil {
		t.Error("it is refused twice")
	}
}

// A cell left blank is no delivery: the period stays due. That there is no figure, said
// with a reason or by a status of its own, is one.
func TestABlankDeliversNothing(t *testing.T) {
	h := newHouse(t)
	blank := func(period, note, status string) schema.Observation {
		o := gdp(period, "", "2025-06-20", status)
		o.Note = note
		return o
	}
	h.load(t, "R1", gdp("2024", "9516.9", "2025-01-20", "A"), blank("2025-Q1", "", "O"), blank("2025-Q2", "不再统计", "O"), blank("2025-Q3", "", "L"))
	states, err := h.FeedStates(t.Context(), schema.NewDate(2025, 6, 30))
	if err != nil {
		t.Fatal(err)
	}
	want := []schema.Date{schema.NewDate(2024, 12, 31), schema.NewDate(2025, 6, 30), schema.NewDate(2025, 9, 30)}
	if got := states["published"].Periods; !slices.Equal(got, want) {
		t.Errorf("delivered are %v, not %v", got, want)
	}
}
