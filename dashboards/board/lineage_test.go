package board

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"yardstick/dashboards/lineage"
	"yardstick/schema"
)

const farmlandCell = "/cells/R-2025-0007/D9"

func TestACellsPageMarksTheCellAndTellsEveryStep(t *testing.T) {
	f := newFixture(t)
	b := newBoard(t, f, func(o *made) { o.Upload = "/upload" })
	page := get(t, b, farmlandCell).Body.String()
	if n := strings.Count(page, `id="here"`); n != 1 || !regexp.MustCompile(`<td id="here" class="marked" aria-current="true"[^>]*>31\.40<`).MatchString(page) {
		t.Errorf("the cell is marked %d times", n)
	}
	for _, want := range []string{"31.40 × 10000 = 314000.00亩", `href="#c-A9"`, `id="c-A9"`, `colspan="3"`, `class="top"`, "此处略去6行", "以下略去260行", "右侧略去14列", "略去2列",
		"文件共3张表", "隐藏", "公式的结果", "填报人甲", "审核人乙", "与台账核对一致", "95f8da88", "签字件", `href="/upload/receipts/R-2025-0007"`,
		`href="/targets/dalian-2024-15/high-standard-farmland"`, "表中未写", `href="/receipts/R-2025-0007"`, "目标月报 · monthly-targets"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	for _, never := range []string{"身份证", "ab12"} {
		if strings.Contains(page, never) {
			t.Errorf("the page gives away the attachment's name or checksum: %q", never)
		}
	}
	if w := get(t, b, "/cells/R-2025-0009/D3"); w.Code != http.StatusNotFound {
		t.Errorf("a cell of a refused file answers %d", w.Code)
	}
}

func TestACellsPageSaysWhyThereIsNoTable(t *testing.T) {
	f := newFixture(t)
	for err, want := range map[error]string{lineage.ErrTableTooLarge: "64 MiB", lineage.ErrNoTable: "不能读成表格", http.ErrHandlerTimeout: "不能读成表格"} {
		b := newBoard(t, f, func(o *made) { o.Lineage = tracer{f, err} })
		w := get(t, b, farmlandCell)
		if page := w.Body.String(); w.Code != http.StatusOK || !strings.Contains(page, want) || strings.Contains(page, `id="here"`) || !strings.Contains(page, "31.40") {
			t.Errorf("%v: %d", err, w.Code)
		}
	}
}

func TestADerivedFigureShowsItsTermsWithAnEquationThatHolds(t *testing.T) {
	f := newFixture(t)
	b := newBoard(t, f)
	path := "/figures/strategic-industry-gdp-share/210200/ytd/2025-Q1"
	page := get(t, b, path).Body.String()
	// 310.60 / 2248.71 is 13.8124 %: the sample's own 13.8123456 is another number.
	if strings.Contains(page, "310.60 ÷") {
		t.Error("an equation is shown that does not give the value")
	}
	series := f.series[schema.SeriesKey{Indicator: "strategic-industry-gdp-share", Region: "210200"}]
	value := schema.MustDecimal("13.812364")
	series[len(series)-1].Value = &value
	page = get(t, b, path).Body.String()
	for _, want := range []string{"310.60 ÷ 2248.71 × 100 ≈ 13.812364 %", "分子", "分母", `href="/cells/R-2025-0007/D8"`, `href="/cells/R-2025-0007/D7"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

func TestEveryValueOfTheOverviewLeadsToItsSource(t *testing.T) {
	f := newFixture(t)
	b := newBoard(t, f)
	page := get(t, b, "/").Body.String()
	found := regexp.MustCompile(`<span class="now">(<a class="fig" href="([^"]+)")?`).FindAllStringSubmatch(page, -1)
	if len(found) != len(f.register.Policies[0].Targets) {
		t.Fatalf("%d values", len(found))
	}
	kinds := map[string]int{}
	for _, m := range found {
		kind, _, _ := strings.Cut(strings.TrimPrefix(m[2], "/"), "/")
		kinds[kind]++
	}
	// 26 targets have a figure: sums lead to what is added, the share to its formula.
	if kinds["cells"] < 20 || kinds["targets"] != 2 || kinds["cells"]+kinds["targets"]+kinds["figures"]+kinds[""] != 27 {
		t.Errorf("%v", kinds)
	}
	page = get(t, b, "/targets/"+policyID+"/high-standard-farmland?lang=en").Body.String()
	if !strings.Contains(page, `href="/cells/R-2025-0007/D9?lang=en"`) || !strings.Contains(page, `href="/indicators/high-standard-farmland?lang=en"`) {
		t.Error("the target's page leads to neither the cell nor the indicator")
	}
	plain := newBoard(t, f, func(o *made) { o.Lineage = nil })
	if strings.Contains(get(t, plain, "/").Body.String(), `class="fig"`) || get(t, plain, farmlandCell).Code != http.StatusNotFound {
		t.Error("a board without lineage leads to pages that are not there")
	}
}

func TestAReceiptThatNeverCountedShowsNoFigures(t *testing.T) {
	b := newBoard(t, newFixture(t))
	page := get(t, b, "/receipts/R-2025-0009").Body.String()
	for _, never := range []string{"777.7", "95f8da88", "签字件", `id="figures"`, "/cells/"} {
		if strings.Contains(page, never) {
			t.Errorf("a refused receipt's page holds %q", never)
		}
	}
	page = get(t, b, "/receipts/R-2025-0007").Body.String()
	for _, want := range []string{`id="figures"`, "/cells/R-2025-0007/D9", "与台账核对一致", "引起的评判变化", "&#43;23.30"} {
		if !strings.Contains(page, want) {
			t.Errorf("a receipt in force does not say %q", want)
		}
	}
	csv := get(t, b, "/receipts/R-2025-0007?table=figures&format=csv").Body.String()
	if lines := strings.Count(csv, "\n"); lines < 150 || !strings.Contains(csv, "31.40") {
		t.Errorf("the table has %d lines", lines)
	}
}

// lastDay is the end of what the page's picker of a day offers.
var lastDay = regexp.MustCompile(`id="as_of"[^>]* max="\d{4}-\d\d-\d\d"`)

func TestAnIndicatorsPageHoldsItsDefinition(t *testing.T) {
	b := newBoard(t, newFixture(t))
	for path, wants := range map[string][]string{
		"/indicators":         {`href="/indicators/gdp"`, "高标准农田", "战略性新兴产业增加值 ÷ 地区生产总值"},
		"/indicators?lang=en": {`href="/indicators/gdp?lang=en"`, "High-standard farmland"},
		"/indicators/gdp":     {"按现价计算", "第一产业增加值", "期末后30日内", "国内生产总值", "用于哪些目标"},
		"/indicators/strategic-industry-gdp-share": {"战略性新兴产业增加值 ÷ 地区生产总值 × 100%", "由公式算出，不报送", "13.8"},
		"/indicators/high-standard-farmland":       {"31.40", "目标月报", `class="fig" href="/cells/R-2025-0007/D9"`},
	} {
		page := get(t, b, path).Body.String()
		for _, want := range wants {
			if !strings.Contains(page, want) {
				t.Errorf("%s does not say %q", path, want)
			}
		}
		if !lastDay.MatchString(page) {
			t.Errorf("%s does not say the last day that can be picked", path)
		}
	}
	if w := get(t, b, "/indicators/nosuch"); w.Code != http.StatusNotFound {
		t.Errorf("an indicator that is not there answers %d", w.Code)
	}
}

func TestTheLineageOfAFigureAsJSON(t *testing.T) {
	b := newBoard(t, newFixture(t))
	w := get(t, b, "/api/v1/lineage?indicator=high-standard-farmland&region=210200&period=2025-05&basis=point")
	var l lineage.Lineage
	if err := json.Unmarshal(w.Body.Bytes(), &l); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%d %v %s", w.Code, err, w.Body)
	}
	if l.Page != farmlandCell || l.State != "in_force" || l.Cell == nil || l.Cell.Conversion == nil || l.Cell.Conversion.Factor.String() != "10000" ||
		len(l.Cell.Headings) != 4 || len(l.Vintages) != 2 || l.Vintages[0].State != "superseded" || len(l.Verdicts) != 1 || len(l.History) != 1 || l.Receipt.Entry != 0 {
		t.Errorf("%s", w.Body)
	}
	for path, code := range map[string]int{
		"?indicator=high-standard-farmland&region=210200":                                    http.StatusBadRequest,
		"?indicator=high-standard-farmland&region=210200&period=soon":                        http.StatusBadRequest,
		"?indicator=high-standard-farmland&region=210200&period=2025-05&basis=odd":           http.StatusBadRequest,
		"?indicator=high-standard-farmland&region=210200&period=2025-05&nosuch=1":            http.StatusBadRequest,
		"?indicator=nosuch&region=210200&period=2025-05":                                     http.StatusNotFound,
		"?indicator=high-standard-farmland&region=nowhere&period=2025-05":                    http.StatusNotFound,
		"?indicator=high-standard-farmland&region=210200&period=2019-05":                     http.StatusNotFound,
		"?indicator=high-standard-farmland&region=210200&period=2025-05&receipt=R-2025-0009": http.StatusNotFound,
	} {
		if w := get(t, b, "/api/v1/lineage"+path); w.Code != code {
			t.Errorf("%s answers %d, want %d", path, w.Code, code)
		}
	}
}

func TestAPageAboutOneFigureSaysOfThatFigureWhetherItIsSynthetic(t *testing.T) {
	f := newFixture(t)
	if page := get(t, newBoard(t, f), farmlandCell).Body.String(); !strings.Contains(page, "这个数是合成的") {
		t.Error("a synthetic figure is not called so")
	}
	for k := range f.series {
		for i := range f.series[k] {
			f.series[k][i].Synthetic = k.Indicator != "high-standard-farmland"
		}
	}
	page := get(t, newBoard(t, f), farmlandCell).Body.String()
	if strings.Contains(page, "这个数是合成的") || strings.Contains(page, "以下数字均为合成") || !strings.Contains(page, "已载入合成的报送文件") {
		t.Error("a figure that is not synthetic is called so, or what stands beside it is not")
	}
}
