package board

import (
	"fmt"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"yardstick/schema"
)

var tags = regexp.MustCompile(`<[^>]*>`)

// text is what a reader sees: tags gone, entities resolved, spaces folded.
func text(page string) string {
	page = strings.NewReplacer("</li>", " ", "</td>", " ", "</th>", " ", "</p>", " ", "</dd>", " ", "</dt>", " ", "</span>", "").Replace(page)
	page = strings.ReplaceAll(html.UnescapeString(tags.ReplaceAllString(page, "")), "\u00a0", " ")
	return strings.Join(strings.Fields(page), " ")
}

func page(t *testing.T, h http.Handler, path string) string {
	t.Helper()
	w := get(t, h, path)
	if w.Code != http.StatusOK {
		t.Fatalf("%s answers %d:\n%s", path, w.Code, text(w.Body.String()))
	}
	return w.Body.String()
}

var rowPattern = regexp.MustCompile(`(?s)<tr id="t-([^"]+)" class="s-([^"]+)">(.*?)</tr>`)

func TestTheOverviewListsEveryTargetOnceWorstFirst(t *testing.T) {
	f := newFixture(t)
	rows := rowPattern.FindAllStringSubmatch(page(t, newBoard(t, f), "/"), -1)
	if len(rows) != 27 {
		t.Fatalf("the list has %d rows, want 27", len(rows))
	}
	seen, rank := map[string]bool{}, 0
	for _, r := range rows {
		if seen[r[1]] {
			t.Errorf("%s stands twice", r[1])
		}
		seen[r[1]] = true
		if got := schema.Status(r[2]).Rank(); got < rank {
			t.Errorf("%s (%s) stands after a better one", r[1], r[2])
		} else {
			rank = got
		}
	}
	// Among the lagging the known lag decides: pace 0.26 over half the time is
	// farther behind than 31 % and 37 % of progress; the cadence has none.
	order := []string{"ai-compute", "high-growth-firms", "soe-layer-compression", "bond-fund-report-cadence"}
	var got []string
	for _, r := range rows {
		if r[2] == string(schema.Lagging) {
			got = append(got, r[1])
		}
	}
	if !slices.Equal(got, order) {
		t.Errorf("the lagging stand as %v, want %v", got, order)
	}
}

// row is the reader's text of one target's row.
func rowText(t *testing.T, body, id string) string {
	t.Helper()
	for _, r := range rowPattern.FindAllStringSubmatch(body, -1) {
		if r[1] == id {
			return text(r[3])
		}
	}
	t.Fatalf("no row for %s", id)
	return ""
}

func TestARowSaysEverythingInBothLanguages(t *testing.T) {
	h := newBoard(t, newFixture(t))
	zh, en := page(t, h, "/"), page(t, h, "/?lang=en")
	for _, c := range []struct {
		id, zh, en string
	}{
		{"high-growth-firms", "进度滞后 上月：存在风险 123 / 400", "lagging last month: at risk 123 / 400"},
		{"high-growth-firms", "差距277 ", "Gap277 "},
		{"high-growth-firms", "进度 31% · 时间 50%", "progress 31% · time 50%"},
		{"high-growth-firms", "距今30天", "30 days old"},
		{"high-growth-firms", "2025-12-31 预计2026年9月，晚9个月", "2025-12-31 expected Sep 2026, 9 months late"},
		{"high-growth-firms", "未指定", "not assigned"},
		{"high-growth-firms", "第4条", "Measure 4"},
		{"high-growth-firms", "2025年5月 · 演示数据", "May 2025 · synthetic"},
		{"high-standard-farmland", "31.40 / 43 万亩", "314000 / 430000 "},
		{"high-standard-farmland", "11.60 万亩", "116000 "},
		{"high-standard-farmland", "口径待确认", "reading unconfirmed"},
		{"strategic-industry-gdp-share", "13.8 / 15 %", "13.8 / 15 %"},
		{"strategic-industry-gdp-share", "1.2 个百分点", "1.2 pp"},
		{"strategic-industry-gdp-share", "初步", "provisional"},
		{"open-bid-subsidy-cap", "突破限值 上月：限值内 1050 / ≤ 1000", "breached last month: within limit 1050 / ≤ 1000"},
		{"open-bid-subsidy-cap", "超限 50", "over by 50"},
		{"tech-sme-npl-tolerance", "限值内 2.10 / ≤ 3", "within limit 2.10 / ≤ 3"},
		{"tech-sme-npl-tolerance", "余 0.90 个百分点", "room 0.90 pp"},
		{"bond-fund-report-cadence", "报送超期", "report overdue"},
		{"bond-fund-report-cadence", "每旬一次", "every ten-day period"},
		{"bond-fund-disbursement-cadence", "每个工作日", "every working day"},
		{"overseas-experts", "数据过期12天", "stale by 12 days"},
		{"pension-finance-projects", "数据不足 缺2期数据 — / 10", "no data periods missing: 2 — / 10"},
		{"affordable-sale-housing-delivery", "到期未达标 未完成 / 已完成", "missed not done / done"},
		{"major-rd-projects", "超出 4", "beyond by 4"},
		{"major-rd-projects", "2025年5月已达到", "reached May 2025"},
		{"first-loan-centres", "未设时限 1 / 2", "no deadline 1 / 2"},
		{"digital-retrofit-funds", "3.40 / 5 亿元", "3.40 / 5 "},
	} {
		if got := rowText(t, zh, c.id); !strings.Contains(got, c.zh) {
			t.Errorf("%s does not say %q:\n%s", c.id, c.zh, got)
		}
		if got := rowText(t, en, c.id); !strings.Contains(got, c.en) {
			t.Errorf("%s does not say %q:\n%s", c.id, c.en, got)
		}
	}
}

func TestStatusesAreCountedAndWhatChangedIsSaid(t *testing.T) {
	h := newBoard(t, newFixture(t))
	zh, en := text(page(t, h, "/")), text(page(t, h, "/?lang=en"))
	for _, want := range []string{
		"2 已达标", "8 进度正常含限值内2", "3 存在风险", "4 进度滞后", "1 到期未达标", "1 突破限值", "7 未设时限", "1 数据不足",
		"较上月（2025-05-31）：1项转为突破限值，1项转为进度滞后，1项转为存在风险，1项转为进度正常，1项转为已达标",
		"另有15条措施无量化目标，本系统不评价",
		"演示数据：以下数字均为合成", "演示：时间停在 2025-06-30。", "截至 2025-06-30 已知数据",
	} {
		if !strings.Contains(zh, want) {
			t.Errorf("the overview does not say %q", want)
		}
	}
	for _, want := range []string{
		"2 achieved", "8 on track2 within limits", "1 missed", "Since last month, 2025-05-31: 1 now breached, 1 now lagging, 1 now at risk, 1 now on track, 1 now achieved",
		"15 more measures name no number and are not judged", "the clock stands still at 2025-06-30", "all figures below are synthetic",
	} {
		if !strings.Contains(en, want) {
			t.Errorf("the English overview does not say %q", want)
		}
	}
}

func TestTheHeadlineTargetsAreLargeWithTheirOutlook(t *testing.T) {
	body := page(t, newBoard(t, newFixture(t)), "/")
	cards := regexp.MustCompile(`(?s)<article.*?</article>`).FindAllString(body, -1)
	if len(cards) != 3 {
		t.Fatalf("%d headline cards, want 3", len(cards))
	}
	for i, want := range []string{
		"目标 15%，差 1.2 个百分点。 2025年一季度 · 初步 · 演示数据",
		"目标 1000 PFlops，差 590 PFlops。 2025年5月 · 演示数据",
		"目标 43万亩，差 11.60万亩。 2025年5月 · 演示数据 · 口径待确认",
	} {
		if !strings.Contains(text(cards[i]), want) {
			t.Errorf("card %d does not say %q:\n%s", i, want, text(cards[i]))
		}
		if !strings.Contains(text(cards[i]), "按近期速度，预计202") || !strings.Contains(cards[i], `class="ahead"`) {
			t.Errorf("card %d: the sentence and the dashed line go together:\n%s", i, text(cards[i]))
		}
		if strings.Count(cards[i], `class="seen"`) != 1 || !strings.Contains(cards[i], `class="target"`) || !strings.Contains(cards[i], `class="path"`) {
			t.Errorf("card %d lacks a line", i)
		}
	}
}

func TestNoDashedLineIsDrawnWithoutItsSentence(t *testing.T) {
	body := page(t, newBoard(t, newFixture(t)), "/targets/"+policyID+"/major-rd-projects")
	if strings.Contains(body, `class="ahead"`) || strings.Contains(text(body), "直线延伸") {
		t.Error("a target that is reached has a dashed line ahead")
	}
}

func TestAllThirtyMeasuresAreAccountedFor(t *testing.T) {
	body := page(t, newBoard(t, newFixture(t)), "/")
	section := body[strings.Index(body, `id="measures"`):]
	if n := strings.Count(section, `<li class="without">`); n != 15 {
		t.Errorf("%d measures without a number, want 15", n)
	}
	for i := 1; i <= 30; i++ {
		if !strings.Contains(section, fmt.Sprintf(`<span class="n">第%d条</span>`, i)) {
			t.Errorf("measure %d is not listed", i)
		}
	}
	for _, want := range []string{
		"15条含量化目标，共27项，均列于上表；15条无量化目标，本系统不评价。", "制造业准入限制清零", "四季大型人才招聘会", "无还本续贷政策范围覆盖所有小微企业",
	} {
		if !strings.Contains(text(section), want) {
			t.Errorf("the measures do not say %q", want)
		}
	}
	if n := len(regexp.MustCompile(`<a href="/targets/`).FindAllString(section, -1)); n != 27 {
		t.Errorf("the measures lead to %d targets, want 27", n)
	}
}

func TestATargetsPageWritesItsArithmeticOut(t *testing.T) {
	h := newBoard(t, newFixture(t))
	flow := text(page(t, h, "/targets/"+policyID+"/high-growth-firms"))
	for _, want := range []string{
		"样例理由：", "按开始以来的平均速度，预计2026年9月完成，晚9个月。",
		"11 + 14 + 17 + 15 + 21 + 22 + 23 = 123", "400 − 123 = 277", "123 ÷ 400 = 30.8%", "(123 − 0) ÷ (400 − 0) = 30.8%",
		"2024-10-27 至 2025-05-31 共216天 ÷ 至 2025-12-31 共430天 = 50.2%", "30.8% ÷ 50.2% = 0.61",
		"进度比不低于 0.95 为进度正常，不低于 0.60 为存在风险", "观测期数不足，暂不给出把握。", "累加项", "R-2025-0007", "已被替代", "截至 2025-06-30 已知数据",
	} {
		if !strings.Contains(flow, want) {
			t.Errorf("the page of a flow does not say %q", want)
		}
	}
	share := text(page(t, h, "/targets/"+policyID+"/strategic-industry-gdp-share"))
	for _, want := range []string{"15 − 13.8 = 1.2", "13.81 ÷ 15 = 92.1%", "1.19 ÷ 15 = 7.9%"} {
		if !strings.Contains(share, want) {
			t.Errorf("the page of a share does not say %q", want)
		}
	}
	level := text(page(t, h, "/targets/"+policyID+"/high-standard-farmland?lang=en"))
	for _, want := range []string{"At the recent pace, it is expected to be reached in Dec 2025.", "430000 − 314000 = 116000", "by nobody yet", "31.40 万亩", "pace needed to be on time"} {
		if !strings.Contains(level, want) {
			t.Errorf("the page of a level does not say %q", want)
		}
	}
}

func TestAnEquationThatDoesNotHoldIsNotWritten(t *testing.T) {
	f := newFixture(t)
	p, _ := f.register.Policy(policyID)
	target, _ := f.register.Target(policyID, "high-growth-firms")
	v := f.verdict(p, target, today)
	v.Pace, v.Schedule, v.Attainment = ptr(0.9), ptr(0.7), ptr(0.2)
	b := &board{Options: Options{Register: f.register}}
	fr := inWords("zh")
	for _, s := range b.subjectOf(fr, p, target, v, nil).Sums() {
		if slices.Contains([]string{"进度比", "时间进度", "完成率"}, s.Name) && s.How != "" {
			t.Errorf("%s %s is explained by %q", s.Name, s.Value, s.How)
		}
	}
}

func TestThePageIsSmall(t *testing.T) {
	h := newBoard(t, newFixture(t))
	for _, path := range []string{"/", "/?lang=en", "/targets/" + policyID + "/ai-compute"} {
		if n := len(page(t, h, path)); n > 300_000 {
			t.Errorf("%s has %d bytes", path, n)
		}
	}
}

func BenchmarkOverview(b *testing.B) {
	h := newBoard(b, newFixture(b))
	for b.Loop() {
		if w := get(b, h, "/"); w.Code != 200 {
			b.Fatal(w.Code)
		}
	}
}
