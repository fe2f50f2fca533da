package pipeline

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"yardstick/collectors/validate"
	"yardstick/schema"
)

// bulletin is one of many rows, of which few are the feed's: its month, and the
// names of the others.
func bulletin(month int, others ...string) string {
	text := head + fmt.Sprintf("ai-compute,210200,2025-%02d,%d,PFlops,,,,\n", month, 300+10*month)
	for i, name := range others {
		text += fmt.Sprintf("%s,210200,2025-%02d,%d,万吨,,,,\n", name, month, 40+i)
	}
	return text
}

func TestNamesThatAreNotTheFeedsAreSaidOnceAndListed(t *testing.T) {
	d := newDesk(t)
	others := []string{"水产品产量", "原盐产量", "船舶交付量"}
	r := d.send(t, bulletin(1, others...))
	if r.Status != schema.Refused || len(r.Questions) != 1 || r.Questions[0].Key != "others.indicators" || r.Questions[0].Code != validate.AskOthers || !strings.Contains(r.Questions[0].Zh, "船舶交付量") {
		t.Fatalf("%s %s %+v", counts(r), found(r), r.Questions)
	}
	r = d.send(t, bulletin(1, others...), answer("others.indicators=ignore"))
	if counts(r) != "accepted 1+0=0-0" || len(r.ExcludedRows) != 3 || len(r.Problems)+len(r.Unmapped) != 0 || r.ExcludedRows[0].Code != validate.LeftNotOurs {
		t.Fatalf("%s %s %+v", counts(r), found(r), r.ExcludedRows)
	}
	// Of another layout too, and in another order.
	r = d.send(t, strings.Replace(bulletin(2, "原盐产量", "水产品产量"), "备注,", "来源,", 1))
	if counts(r) != "accepted 1+0=0-0" || len(r.ExcludedRows) != 2 {
		t.Errorf("the next month: %s %s", counts(r), found(r))
	}
	// A name that comes later is asked about: it may be one of the feed's, miswritten.
	if r = d.send(t, bulletin(3, "原盐产量", "啤酒产量")); len(r.Questions) != 1 || strings.Contains(r.Questions[0].Zh, "原盐") || !strings.Contains(r.Questions[0].Zh, "啤酒产量") {
		t.Errorf("a new name: %s %s %+v", counts(r), found(r), r.Questions)
	}
	// It was said for this feed.
	if r = d.send(t, bulletin(2, "原盐产量"), func(s *Submission) { s.Feed.Name = "another" }); r.Status != schema.Refused {
		t.Errorf("another feed: %s", counts(r))
	}
}

func TestANameThatIsALetterOffIsNeverSetAsideWithTheOthers(t *testing.T) {
	d := newDesk(t)
	text := bulletin(1, "原盐产量") + "地区生产总直,210200,2024,9300.6,亿元,,,,\n"
	r := d.send(t, text, answer("others.indicators=ignore"))
	if len(r.Questions) != 1 || r.Questions[0].Code != validate.AskName || r.Questions[0].Key != "indicator.地区生产总直" || !slices.Equal(r.Questions[0].Candidates, []string{"gdp", "ignore"}) {
		t.Fatalf("%s %s %+v", counts(r), found(r), r.Questions)
	}
	if r := d.preview(t, text, map[string]string{"others.indicators": "ignore", "indicator.地区生产总直": "ignore"}); counts(r) != "accepted 1+0=0-0" {
		t.Errorf("none of ours: %s %s", counts(r), found(r))
	}
	for _, name := range []string{"gdp", "地区生产总值"} {
		if r := d.preview(t, text, map[string]string{"others.indicators": "ignore", "indicator.地区生产总直": name}); counts(r) != "accepted 2+0=0-0" {
			t.Errorf("it is %s: %s %s", name, counts(r), found(r))
		}
	}
	if r := d.preview(t, text, map[string]string{"indicator.地区生产总直": "没有的指标"}); found(r) != "answer-invalid indicator-unknown indicator-unknown name-unknown names-not-ours" && r.Status != schema.Refused {
		t.Errorf("it is nothing known: %s %s", counts(r), found(r))
	}
	r = d.send(t, text, answer("others.indicators=ignore", "indicator.地区生产总直=gdp"))
	if o := d.shelf.rows[len(d.shelf.rows)-1]; counts(r) != "accepted 2+0=0-0" || o.Indicator != "gdp" {
		t.Errorf("%s, stored as %+v", counts(r), o)
	}
	if r := d.send(t, head+"地区生产总直(万元),210200,2023,88004000,,,,,\n"); counts(r) != "accepted 1+0=0-0" || !d.shelf.rows[len(d.shelf.rows)-1].Value.Equal(schema.MustDecimal("8800.4")) {
		t.Errorf("remembered: %s %s", counts(r), found(r))
	}
}

func TestPlacesAndIndicatorsOfOtherFeedsAreSetAside(t *testing.T) {
	d := newDesk(t)
	only := func(s *Submission) { s.Feed.Indicators, s.Feed.Regions = []string{"ai-compute"}, []string{"210200"} }
	text := head + "ai-compute,大连市,2025-01,300,PFlops,,,,\nai-compute,海滨新市,2025-01,310,PFlops,,,,\nai-compute,210202,2025-01,31,PFlops,,,,\ngdp,大连市,2024,9300.6,亿元,,,,\n"
	r := d.send(t, text, only)
	var keys []string
	for _, q := range r.Questions {
		keys = append(keys, q.Key)
	}
	if strings.Join(keys, " ") != "others.indicators others.regions" || len(r.Problems) != 3 {
		t.Fatalf("%s %v %s", counts(r), keys, found(r))
	}
	r = d.send(t, text, only, func(s *Submission) {
		s.Answers = map[string]string{"others.indicators": "ignore", "others.regions": "ignore"}
	})
	if counts(r) != "accepted 1+0=0-0" || len(r.ExcludedRows) != 3 {
		t.Errorf("%s %s %+v", counts(r), found(r), r.ExcludedRows)
	}
	if r := d.send(t, strings.ReplaceAll(text, "2025-01", "2025-02"), only); counts(r) != "accepted 1+0=0-0" {
		t.Errorf("the next month: %s %s", counts(r), found(r))
	}
}
