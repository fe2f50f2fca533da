package main

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"yardstick/dashboards/lineage"
	"yardstick/schema"
)

// walks are the ways from a figure on a page to the cell it was read from.
type walks struct {
	d   *demonstration
	l   *leader
	now map[string]schema.Verdict
	all []schema.Observation // every vintage
}

// atCell checks that the page is the cell's: the very cell is marked in the
// original table, and its text is what the API's lineage says was written there.
func (w walks) atCell(t *testing.T) lineage.Lineage {
	t.Helper()
	var at struct{ Path, Marked, Heading string }
	err := json.Unmarshal([]byte(w.l.eval(`JSON.stringify((() => {
  const m = document.querySelector('table.kept td.marked');
  return {Path: location.pathname, Marked: m ? m.firstChild.textContent.trim() : '', Heading: document.querySelector('h1').innerText};
})())`)), &at)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(strings.Trim(at.Path, "/"), "/")
	q := url.Values{}
	name := func(indicator, region, basis, period string) {
		q = url.Values{"indicator": {indicator}, "region": {region}, "basis": {basis}, "period": {period}}
	}
	switch {
	case len(parts) == 3 && parts[0] == "cells":
		i := slices.IndexFunc(w.all, func(o schema.Observation) bool { return o.Receipt == parts[1] && o.Cell == parts[2] })
		if i < 0 {
			t.Fatalf("the API knows no figure of %s", at.Path)
		}
		o := w.all[i]
		name(o.Indicator, o.Region, string(o.Basis), o.Period.String())
		q.Set("receipt", parts[1])
	case len(parts) == 5 && parts[0] == "figures":
		name(parts[1], parts[2], parts[3], parts[4])
	default:
		t.Fatalf("%s is no page of a cell", at.Path)
	}
	told := read[lineage.Lineage](t, w.d, "/api/v1/lineage?"+q.Encode())
	if told.Cell == nil || at.Marked == "" || at.Marked != told.Cell.Written {
		t.Errorf("%s marks %q, the API says %+v", at.Path, at.Marked, told.Cell)
	}
	return told
}

func (w walks) toCells(t *testing.T) {
	for _, x := range []struct {
		name, start string
		way         []string // what is clicked in turn
		target      string   // whose judged figure it is
	}{
		{"overview", "/", []string{"#t-ai-compute .c-value a.fig"}, "ai-compute"},
		{"card", "/", []string{".card:nth-of-type(2) .figure a.fig"}, "ai-compute"},
		{"lagging list", "/lagging", []string{"#t-ai-compute .k-value a.fig"}, "ai-compute"},
		{"district", "/districts?target=high-growth-firms", []string{"table.parts a.fig"}, ""},
		{"the whole beside the districts", "/districts?target=high-standard-farmland", []string{".whole a.fig"}, "high-standard-farmland"},
		{"target's page", "/targets/dalian-2024-15/ai-compute", []string{".verdict .figure a.fig"}, "ai-compute"},
		{"input of a verdict", "/targets/dalian-2024-15/ai-compute", []string{"#inputs a.fig"}, "ai-compute"},
		{"part of a region", "/targets/dalian-2024-15/high-growth-firms", []string{".sheet td.strong a.fig"}, ""},
		{"derived", "/", []string{"#t-strategic-industry-gdp-share .c-value a.fig", "td.strong a.fig"}, ""},
		{"summed", "/", []string{"#t-high-growth-firms .c-value a.fig", "#inputs a.fig"}, ""},
	} {
		t.Run(x.name, func(t *testing.T) {
			w.l.t = t
			w.l.begins(x.start)
			for i, step := range x.way {
				if i > 0 && w.l.eval(`String(!!document.querySelector('table.kept td.marked'))`) == "true" {
					break // it was nearer
				}
				w.l.follow(step, "")
			}
			told := w.atCell(t)
			if x.target != "" && (told.Figure.Value == nil || !told.Figure.Value.Equal(*w.now[x.target].Value)) {
				t.Errorf("the cell holds %v, the verdict judged %s", told.Figure.Value, w.now[x.target].Value)
			}
			w.l.within(3)
		})
	}
}

// beyond goes on from a cell that replaced another: receipt, replaced value and
// reason, verdicts, and the rule with its arithmetic.
func (w walks) beyond(t *testing.T) {
	w.l.t = t
	w.l.begins("/figures/gdp/210200/period/2024?as_of=2025-12-31")
	page := w.l.eval(`document.querySelector('main').innerText`)
	told := read[lineage.Lineage](t, w.d, "/api/v1/lineage?indicator=gdp&region=210200&basis=period&period=2024&as_of=2025-12-31")
	replaced := false
	for _, v := range told.Vintages {
		if v.Replaced != nil {
			replaced = true
			has(t, "the cell's page", page, v.Correction.Label().In(w.l.lang), v.Replaced.String())
		}
	}
	if !replaced || told.Receipt == nil || len(told.Verdicts) == 0 {
		t.Fatalf("the sample replaced nothing or decided nothing: %+v", told)
	}
	has(t, "the cell's page", page, told.Receipt.ID, told.Receipt.Actor, w.l.say("board-h-used"))
	w.l.follow(`a[href^="/receipts/"]`, told.Receipt.ID)
	receipt := w.l.eval(`document.querySelector('main').innerText`)
	has(t, "the receipt", receipt, told.Receipt.ID, told.Receipt.Actor, "9516.9", "9540.2", w.l.say("board-h-life"))
	w.l.within(1)
	w.l.begins("/figures/gdp/210200/period/2024")
	w.l.follow(`a[href^="/targets/dalian-2024-15/strategic-industry-gdp-share"]`, "")
	sums := w.l.eval(`document.querySelector('table.sums').innerText`)
	number, _, _ := strings.Cut(w.now["strategic-industry-gdp-share"].Rule, " ")
	has(t, "the target's page", sums, w.l.say("board-n-rule"), number, w.l.say("board-rule-"+number), "÷")
	w.l.within(1)
}

func (w walks) fromBrief(t *testing.T) {
	w.l.t = t
	w.goesToBrief()
	links := w.l.eval(`String(document.querySelectorAll('table td a').length)`)
	if links == "0" {
		t.Fatal("no value of the brief leads anywhere")
	}
	w.l.follow(`td a[href*="/cells/"]`, "410")
	if told := w.atCell(t); !told.Figure.Value.Equal(*w.now["ai-compute"].Value) {
		t.Errorf("the cell holds %s", told.Figure.Value)
	}
	w.l.within(1)
}

func (w walks) goesToBrief() {
	w.l.goes("/brief?as_of=2025-06-30&format=html")
	w.l.clicks = 0
}

// cadences holds the gap of each cadence against the API, wherever it stands.
func (w walks) cadences(t *testing.T) {
	w.l.t = t
	w.l.begins("/lagging?worst=27")
	lagging := w.l.texts(lagged, ".k-gap")
	w.l.begins("/")
	overview := w.l.texts(overviewRow, ".c-gap")
	w.l.begins("/limits")
	limits := w.l.texts("article.cadence", "dl")
	n := 0
	for id, v := range w.now {
		if v.Kind != schema.Cadence {
			continue
		}
		n++
		want := v.Gap.Abs().String() + map[string]string{"bond-fund-report-cadence": "天", "bond-fund-disbursement-cadence": "个工作日"}[id]
		told := w.l.say("board-gap-next-report") + want
		tight := func(said string) string { return strings.Join(strings.Fields(said), "") }
		has(t, "overview: "+id, tight(overview[id][".c-gap"]), told)
		has(t, "lagging list: "+id, tight(lagging[id][".k-gap"]), told)
		has(t, "limits: "+id, tight(limits[id]["dl"]), "还有"+want)
		w.l.begins("/targets/dalian-2024-15/" + id)
		has(t, "target's page: "+id, tight(w.l.eval(`document.querySelector('table.sums').innerText`)), told)
	}
	if n == 0 {
		t.Error("the demonstration has no cadence")
	}
}
