package board

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"yardstick/comparator"
	"yardstick/schema"
)

const farmland = "/targets/" + policyID + "/high-standard-farmland"

func has(t *testing.T, page string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(page, w) {
			t.Errorf("the page does not say %q", w)
		}
	}
}

func TestATargetsPageSaysWhatItWouldTake(t *testing.T) {
	h := newBoard(t, newFixture(t))
	// 430000 - 314000 = 116000 in seven months: 16571.4 a month.
	has(t, get(t, h, farmland).Body.String(), "怎样才能按期完成", "÷ 7 = 每个月需", "按近6个月速度，预计", `<form class="try" method="get"`, "万亩</span>")
	// 2 万亩 a month: 31.4 + 14 = 45.4 at the deadline; six months.
	page := get(t, h, farmland+"?rate=2").Body.String()
	has(t, page, "若今后每个月20000亩", "7个月后为454000", "达到目标", "→ 6个月，2025年11月完成", `value="2"`)
	has(t, get(t, h, farmland+"?rate="+url.QueryEscape("16000亩")).Body.String(), "若今后每个月16000亩", "未达到目标")
	w := get(t, h, farmland+"?lang=en&rate=many")
	if w.Code != http.StatusOK {
		t.Errorf("a pace that cannot be read is no fault of the page: %d", w.Code)
	}
	has(t, w.Body.String(), "many is no amount", `aria-invalid="true"`, `name="lang" value="en"`)
	if page := get(t, h, farmland+"?rate="+url.QueryEscape("<script>")).Body.String(); strings.Contains(page, "<script>") {
		t.Error("what is written is not escaped")
	}
	has(t, get(t, h, "/targets/"+policyID+"/minimum-down-payment").Body.String(), "不测算所需速度")
}

func TestDistrictsStandBesideTheirCity(t *testing.T) {
	page := get(t, newBoard(t, newFixture(t)), farmland).Body.String()
	has(t, page, "分地区对照", "普兰店区", "分解方案", "瓦房店市", "不评判、不排名", "12.56万亩", "相差")
	if page := get(t, newBoard(t, newFixture(t)), "/targets/"+policyID+"/ai-compute").Body.String(); strings.Contains(page, "分地区对照") {
		t.Error("a target without parts shows an empty table")
	}
}

func TestTheScorecardIsShownOnceThereIsHistory(t *testing.T) {
	f := newFixture(t)
	f.score.Waiting = 9
	has(t, get(t, newBoard(t, f), "/scorecard").Body.String(), "预测成绩单", "等待定论的有 9 个", `aria-current="page"`)
	f.score = sampleScore()
	// (.1² + .15² + .2²)/3 = .024; always telling 2/3: .222.
	has(t, get(t, newBoard(t, f), "/scorecard?lang=en").Body.String(), "Settled targets: 3, reached 2", "Brier score 0.024", "would give 0.222", "80%–90%")
}

func TestTheAPIAnswersWithMethodsWaysDistrictsAndScorecard(t *testing.T) {
	h := newBoard(t, newFixture(t))
	read := func(path string, into any) {
		t.Helper()
		w := get(t, h, path)
		if w.Code != http.StatusOK {
			t.Fatalf("%s: %d %s", path, w.Code, w.Body)
		}
		if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
			t.Fatal(err)
		}
	}
	var all, one []comparator.Opinions
	read("/api/v1/methods", &all)
	read("/api/v1/methods?target=ai-compute", &one)
	if len(all) != 27 || len(one) != 1 || len(one[0].Methods) != 4 || one[0].Target != "ai-compute" {
		t.Errorf("%d and %+v", len(all), one)
	}
	var ways comparator.Ways
	read("/api/v1/ways?target=ai-compute&rate=90", &ways)
	// 410 + 7·90 = 1040.
	if ways.WhatIf == nil || ways.WhatIf.Value.String() != "1040" || ways.Periods != 7 {
		t.Errorf("%+v", ways.WhatIf)
	}
	var parts comparator.Parts
	read("/api/v1/districts?target=high-standard-farmland", &parts)
	// Twice four tenths of 314000 are 251200.
	if parts.Sum == nil || !parts.Sum.Equal(schema.MustDecimal("251200")) || len(parts.Parts) != 2 {
		t.Errorf("%+v", parts)
	}
	var score comparator.Scorecard
	read("/api/v1/scorecard", &score)
	for path, code := range map[string]int{
		"/api/v1/ways?target=nowhere": 404, "/api/v1/ways": 400, "/api/v1/ways?target=ai-compute&rate=x": 400, "/api/v1/ways?target=ai-compute&speed=3": 400,
		"/api/v1/methods?policy=none": 404, "/api/v1/scorecard?as_of=2025-01-01": 400, "/api/v1/districts?target=ai-compute&as_of=never": 400,
	} {
		if w := get(t, h, path); w.Code != code || !strings.Contains(w.Header().Get("Content-Type"), "problem+json") {
			t.Errorf("%s: %d, want %d", path, w.Code, code)
		}
	}
}

// sampleScore is of three settled targets.
func sampleScore() comparator.Scorecard {
	deadline, asOf := schema.NewDate(2025, 12, 31), schema.NewDate(2025, 6, 30)
	var told, last []schema.Verdict
	for i, p := range []float64{.9, .85, .2} {
		v := schema.Verdict{Policy: "p", Target: strings.Repeat("a", i+1), Deadline: deadline, AsOf: asOf, Chance: &p, Pace: &p, Thresholds: schema.DefaultThresholds(), Rule: "6 chance"}
		told = append(told, v)
		v.Status, v.Rule = schema.Achieved, "3 deadline"
		if i == 2 {
			v.Status = schema.Missed
		}
		last = append(last, v)
	}
	return comparator.ScoreForecasts(told, last)
}
