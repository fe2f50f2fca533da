package pipeline

import (
	"strings"
	"testing"

	"yardstick/schema"
)

// A unit left out is asked for with the one the indicator was last reported in,
// first among the candidates; it is not taken.
func TestAMissingUnitIsAskedForWithTheLastOne(t *testing.T) {
	d := newDesk(t)
	if r := d.send(t, "指标,地区,时期,数值,单位\n高标准农田,大连市,2025年8月,32,万亩\n"); r.Status != schema.Accepted {
		t.Fatalf("%s %+v", r.Status, r.Problems)
	}
	r := d.send(t, "指标,地区,时期,数值\n高标准农田,大连市,2025年9月,33\n")
	if r.Status != schema.Asked || len(r.Questions) != 1 {
		t.Fatalf("%s %+v", r.Status, r.Questions)
	}
	q := r.Questions[0]
	if q.Candidates[0] != "万亩" || !strings.Contains(q.Zh, "上期（2025-08）为“万亩”，本期是否相同？") || !strings.Contains(q.En, "2025-08") || q.Key != "unit" {
		t.Errorf("%+v", q)
	}
	for i, c := range q.Candidates[1:] {
		if c == "万亩" {
			t.Errorf("万亩 again as candidate %d", i+2)
		}
	}
	if len(d.shelf.rows) != 1 {
		t.Errorf("%d rows are held", len(d.shelf.rows))
	}
}
