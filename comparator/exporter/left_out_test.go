package exporter_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"yardstick/comparator/exporter"
	"yardstick/schema"
)

// A target that just fits is shown, one series less and it is not; what comes
// after one that was left out is left out too, though it would fit.
func TestTheLimitItselfIsStillAllowed(t *testing.T) {
	vs, reg := verdicts()
	shown := func(limit int) (out []string) {
		e := exporter.New(exporter.Options{Register: reg, Limit: limit, Logger: quiet()})
		if err := e.SetVerdicts(vs[0].AsOf, time.Unix(1, 0), vs, time.Second, nil); err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{"tech-sme-npl-tolerance", "high-growth-firms", "large-events", "first-loan-centres"} {
			if len(samples(page(t, e, ""), "yardstick_target_value", `"`+id+`"`)) > 0 {
				out = append(out, id)
			}
		}
		return out
	}
	// Worst first: 15 series, then 27, and so on.
	for limit, want := range map[int][]string{14: nil, 15: {"tech-sme-npl-tolerance"}, 41: {"tech-sme-npl-tolerance"}, 42: {"tech-sme-npl-tolerance", "high-growth-firms"}} {
		if got := shown(limit); !slices.Equal(got, want) {
			t.Errorf("limit %d: %v are shown, want %v", limit, got, want)
		}
	}
}

func TestACollectorsFailuresAreShownOfConfiguredFeedsAlone(t *testing.T) {
	e := exporter.New(exporter.Options{Feeds: []schema.FeedState{{Feed: schema.Feed{Name: "known"}}}, Logger: quiet()})
	for feed, n := range map[string]int{"known": 3, "stranger": 2, "other": 1} {
		e.SetCollector(feed, n)
	}
	got := samples(page(t, e, ""), "yardstick_collector_failed_runs", "")
	if len(got) != 1 || !strings.HasSuffix(got[0], `{feed="known"} 3`) {
		t.Errorf("%q", got)
	}
}

// A verdict that no figure was judged for is neither stale nor provisional, nor
// fresh nor final.
func TestWhatWasNotJudgedIsNeitherStaleNorFresh(t *testing.T) {
	figure := dec("1")
	for name, v := range map[string]schema.Verdict{
		"no figure":             {Period: schema.Month(2025, 5)},
		"no period":             {Value: figure},
		"neither":               {},
		"a figure and a period": {Value: figure, Period: schema.Month(2025, 5)},
	} {
		v.Policy, v.Target, v.Region, v.Status = "p", "t", "r", schema.Open
		e := exporter.New(exporter.Options{Logger: quiet()})
		if err := e.SetVerdicts(schema.NewDate(2025, 6, 30), time.Unix(1, 0), []schema.Verdict{v}, time.Second, nil); err != nil {
			t.Fatal(err)
		}
		text := page(t, e, "")
		want := map[bool]int{true: 1}[name == "a figure and a period"]
		for _, metric := range []string{"yardstick_target_stale", "yardstick_target_provisional"} {
			if got := samples(text, metric, ""); len(got) != want {
				t.Errorf("%s: %q", name, got)
			}
		}
	}
}
