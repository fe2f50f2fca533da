package telling_test

import (
	"encoding/json"
	"strings"
	"testing"

	"yardstick/comparator"
	"yardstick/comparator/telling"
	"yardstick/schema"
	"yardstick/schema/calendar"
)

func judged(t *testing.T) (schema.Verdict, schema.Indicator) {
	t.Helper()
	days, err := calendar.Default()
	if err != nil {
		t.Fatal(err)
	}
	ind := schema.Indicator{Code: "i", Unit: "个", UnitEn: "units", Frequencies: []schema.Frequency{schema.Monthly}, Basis: schema.Point}
	day := schema.Date{Year: 2025, Month: 6, Day: 30}
	c := comparator.Case{
		Target: schema.Target{
			Policy: "p", ID: "t", Indicator: "i", Region: "210200", Kind: schema.Level, Direction: schema.Up, Op: ">=", Unit: "个",
			Value: schema.MustDecimal("100"), Deadline: schema.Date{Year: 2025, Month: 12, Day: 31},
		},
		Indicator: ind, Issued: schema.Date{Year: 2024, Month: 10, Day: 27}, AsOf: day, Calendar: days,
	}
	value, p := schema.MustDecimal("96.50"), schema.Month(2025, 5)
	c.Observations = []schema.Observation{{
		Key:   schema.Key{Indicator: "i", Region: "210200", Period: p, Basis: schema.Point},
		Value: &value, Unit: "个", Status: "A", PublishedAt: schema.Date{Year: 2025, Month: 6, Day: 15},
	}}
	return comparator.Judge(c), ind
}

// What is kept of a verdict is codes; whoever reads it back tells it by the words
// of the day, just as the verdict itself is told.
func TestAKeptVerdictIsToldWhenItIsRead(t *testing.T) {
	v, ind := judged(t)
	if v.Reason.Zh != "" || len(v.Reason.Says) == 0 {
		t.Fatalf("a verdict is judged in codes: %+v", v.Reason)
	}
	body, err := json.Marshal(v)
	if err != nil || strings.Contains(string(body), "短") || !strings.Contains(string(body), "judge-too-short") {
		t.Fatalf("%v %s", err, body)
	}
	var back schema.Verdict
	if err := json.Unmarshal(body, &back); err != nil {
		t.Fatal(err)
	}
	now, then := telling.Verdict(v, ind), telling.Verdict(back, ind)
	if now.Reason.Text != then.Reason.Text || now.PaceWhyNot.Text != then.PaceWhyNot.Text || now.ChanceWhyNot.Text != then.ChanceWhyNot.Text {
		t.Errorf("told as it was judged: %v\nread back: %v", now.Reason, then.Reason)
	}
	if !strings.Contains(then.Reason.Zh, "96.50个") || !strings.Contains(then.Reason.En, "96.50 units") || strings.ContainsAny(then.Reason.Zh+then.Reason.En, "{}") {
		t.Error(then.Reason.Text)
	}
}

// Verdicts of older stores were kept as words; they stay what they are.
func TestAVerdictKeptAsWordsStaysWhatItIs(t *testing.T) {
	var v schema.Verdict
	body := `{"policy":"p","target":"t","status":"lagging","reason":{"zh":"旧话","en":"old words"},"pace_missing":{"zh":"无","en":"none"},"unit":"个","target_value":100}`
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		t.Fatal(err)
	}
	told := telling.Verdict(v, schema.Indicator{})
	if told.Reason.Text != (schema.Text{Zh: "旧话", En: "old words"}) || told.PaceWhyNot.En != "none" || !told.ChanceWhyNot.IsZero() {
		t.Errorf("%+v", told)
	}
}

// Programs read reasons in two languages, and no codes.
func TestAToldVerdictHasWordsAlone(t *testing.T) {
	v, ind := judged(t)
	body, err := json.Marshal(telling.Verdict(v, ind))
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Reason map[string]any `json:"reason"`
		Chance map[string]any `json:"chance_missing"`
	}
	if err := json.Unmarshal(body, &got); err != nil {
		t.Fatal(err)
	}
	for _, r := range []map[string]any{got.Reason, got.Chance} {
		if len(r) != 2 || r["zh"] == "" || r["en"] == "" {
			t.Errorf("%v", r)
		}
	}
}
