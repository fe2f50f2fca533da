package board

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/targets"
)

func TestLookingBackShowsWhatWasKnownThatDay(t *testing.T) {
	h := newBoard(t, newFixture(t))
	then := page(t, h, "/?as_of=2025-05-31")
	if got := rowText(t, then, "ai-compute"); !strings.Contains(got, "390 / 1000") || !strings.Contains(got, "2025年4月") {
		t.Errorf("as of 2025-05-31: %s", got)
	}
	for _, want := range []string{`href="/feeds?as_of=2025-05-31"`, `href="/?as_of=2025-05-31&amp;lang=en"`, `value="2025-05-31"`, "回到今天"} {
		if !strings.Contains(then, want) {
			t.Errorf("the page of a past day lacks %s", want)
		}
	}
	if before := text(page(t, h, "/?as_of=2024-10-01")); !strings.Contains(before, "2024-09-01 政策尚未印发（2024-10-27 印发），无可比较") {
		t.Error("a month before the policy is compared with")
	}
	if n := len(rowPattern.FindAllString(page(t, h, "/?as_of=2024-10-01"), -1)); n != 27 {
		t.Errorf("before any figure the list has %d rows", n)
	}
	back := text(page(t, h, "/targets/"+policyID+"/ai-compute?as_of=2024-12-20&lang=en"))
	if !strings.Contains(back, "as known on 2024-12-20") || strings.Contains(back, "Feb 2025") {
		t.Error("a target's page shows what was not known yet")
	}
}

// ownScripts are the only scripts a page may have: files of its own origin, and
// data, which nothing runs.
var ownScripts = regexp.MustCompile(`<script src="/board/[a-z0-9.-]+" defer></script>|<script type="application/json"[^>]*>[^<]*</script>`)

func TestABadRequestGetsASentence(t *testing.T) {
	h := newBoard(t, newFixture(t))
	unpinned := newBoard(t, newFixture(t), func(o *made) { o.Pinned = false })
	for _, c := range []struct {
		h    http.Handler
		path string
		code int
		say  []string
	}{
		{h, "/?as_of=2025-02-30", 400, []string{"日期“2025-02-30”无法识别", "cannot be read"}},
		{h, "/?as_of=june&lang=en", 400, []string{"日期“june”无法识别", "The day “june” cannot be read"}},
		{h, "/?as_of=1066-10-14", 400, []string{"不在可查范围内"}},
		{h, "/?as_of=9999-12-31", 400, []string{"不在可查范围内"}},
		{unpinned, "/feeds?as_of=2025-07-01", 400, []string{"1900-01-01 至 2025-06-30"}},
		{h, "/?policy=atlantis", 404, []string{"登记册中没有政策“atlantis”", "holds no policy"}},
		{h, "/targets/" + policyID + "/nothing", 404, []string{"没有目标“nothing”"}},
		{h, "/targets/nowhere/ai-compute", 404, []string{"没有政策“nowhere”"}},
		{h, "/receipts/R-0", 404, []string{"没有回执“R-0”", "There is no receipt"}},
		{h, "/nowhere", 404, []string{"没有这个页面", "There is no such page"}},
		{h, "/board/none.css", 404, []string{"没有这个页面"}},
	} {
		w := get(t, c.h, c.path)
		if w.Code != c.code || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s answers %d (%s), want %d", c.path, w.Code, w.Header().Get("Cache-Control"), c.code)
		}
		for _, say := range c.say {
			if !strings.Contains(text(w.Body.String()), say) {
				t.Errorf("%s does not say %q:\n%s", c.path, say, text(w.Body.String()))
			}
		}
	}
	if w := get(t, h, "/?as_of="); w.Code != 200 {
		t.Errorf("an empty day answers %d", w.Code)
	}
}

func TestWhatAPersonWroteIsNeverMarkup(t *testing.T) {
	f := newFixture(t)
	evil := `<script>alert("1")</script>&"'`
	p := f.register.Policies[0]
	p.Targets = slices.Clone(p.Targets)
	for i := range p.Targets {
		p.Targets[i].Title = schema.Text{Zh: evil, En: evil}
		p.Targets[i].Owner = schema.Text{Zh: evil}
	}
	f.register = &targets.Register{Policies: []schema.Policy{p}, Indicators: f.register.Indicators, Regions: f.register.Regions}
	f.receipts[2].File, f.receipts[2].Problems[0].Written, f.receipts[2].Problems[0].Zh = evil, evil, evil
	h := newBoard(t, f)
	for _, path := range []string{
		"/", "/feeds", "/receipts/R-2025-0009", "/targets/" + policyID + "/ai-compute", "/%3Cscript%3Ealert(1)", "/?policy=%3Cscript%3E", "/receipts/%3Cscript%3E",
		"/?as_of=%3Cscript%3E",
	} {
		body := ownScripts.ReplaceAllString(get(t, h, path).Body.String(), "")
		if strings.Contains(ownScripts.ReplaceAllString(body, ""), "<script") || strings.Contains(body, "onerror") {
			t.Errorf("%s lets markup through", path)
		}
	}
	if !strings.Contains(page(t, h, "/"), "&lt;script&gt;") {
		t.Error("the title is not shown at all")
	}
}

func TestTheFeedsAndReceiptsSayWhatHappened(t *testing.T) {
	h := newBoard(t, newFixture(t))
	feeds := text(page(t, h, "/feeds"))
	for _, want := range []string{
		"地区生产总值季报", "2025年一季度，应于 2025-06-18 前报送，逾期12天", "10个问题 1个待确认", "未入库", "已入库", "2025-06-16 09:30",
		"新增 24 · 更正 1 · 未变 168 · 退回 0", "尚未收到任何文件。", "尚未成功", "无欠报", "演示数据",
	} {
		if !strings.Contains(feeds, want) {
			t.Errorf("the feeds do not say %q", want)
		}
	}
	for lang, wants := range map[string][]string{
		"zh": {"未入库", "第 2 行，第 4 列，单元格 D2", "“约二千一百五十二”不是数字。", "本期是否相同？", "单位不同，数值相差一万倍。", "亿元", "unit"},
		"en": {"refused", "line 2, column 4, cell D2", "is not a number.", "is it the same?", "statistics-office", "GB18030"},
	} {
		body := page(t, h, "/receipts/R-2025-0009?lang="+lang)
		for _, want := range wants {
			if !strings.Contains(text(body), want) {
				t.Errorf("the receipt in %s does not say %q", lang, want)
			}
		}
		if n := strings.Count(body, `class="place"`); n != 11 {
			t.Errorf("the receipt lists %d places, want ten problems and a question", n)
		}
	}
	changed := text(page(t, h, "/receipts/R-2025-0007"))
	if !strings.Contains(changed, "9516.9") || !strings.Contains(changed, "9540.20") {
		t.Error("a changed figure is not shown digit for digit")
	}
	if same := page(t, h, "/receipts/R-2025-0003"); !strings.Contains(same, `href="/receipts/R-2025-0007"`) {
		t.Error("an unchanged receipt does not lead to the one it repeats")
	}
}

func TestTheAPIGivesTheSameAsThePages(t *testing.T) {
	f := newFixture(t)
	h := newBoard(t, f)
	var verdicts []schema.Verdict
	w := get(t, h, "/api/v1/verdicts?as_of=2025-05-31&policy="+policyID)
	if err := json.Unmarshal(w.Body.Bytes(), &verdicts); err != nil || len(verdicts) != 27 {
		t.Fatalf("%d verdicts, %v", len(verdicts), err)
	}
	at := slices.IndexFunc(verdicts, func(v schema.Verdict) bool { return v.Target == "ai-compute" })
	if v := verdicts[at]; v.Value.String() != "390" || v.AsOf != schema.NewDate(2025, 5, 31) {
		t.Errorf("the verdict is %s as of %s", v.Value, v.AsOf)
	}
	var list []schema.Target
	if err := json.Unmarshal(get(t, h, "/api/v1/targets").Body.Bytes(), &list); err != nil || len(list) != 27 {
		t.Fatalf("%d targets, %v", len(list), err)
	}
	for path, code := range map[string]int{
		"/api/v1/verdicts?asof=2025-05-31":                  400,
		"/api/v1/verdicts?as_of=2025-13-01":                 400,
		"/api/v1/verdicts?as_of=2025-05-31&as_of=2025-06-1": 400,
		"/api/v1/verdicts?policy=atlantis":                  404,
		"/api/v1/targets?as_of=2025-05-31":                  400,
		"/api/v1/nothing?x=1":                               404,
	} {
		w := get(t, h, path)
		var p struct {
			Status  int
			Detail  string
			Details schema.Text
		}
		err := json.Unmarshal(w.Body.Bytes(), &p)
		if w.Code != code || p.Status != code || w.Header().Get("Content-Type") != "application/problem+json" || err != nil ||
			p.Details.Zh == "" || p.Details.En == "" || p.Detail != p.Details.Zh {
			t.Errorf("%s answers %d %s %s (%v)", path, w.Code, w.Header().Get("Content-Type"), w.Body, err)
		}
	}
}

func TestOnlyReadingIsAllowedAndNothingForeignIsLoaded(t *testing.T) {
	h := newBoard(t, newFixture(t))
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(method, "/", nil))
		if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
			t.Errorf("%s answers %d", method, w.Code)
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodHead, "/", nil))
	if w.Code != 200 || w.Body.Len() != 0 || w.Header().Get("ETag") == "" {
		t.Errorf("HEAD answers %d with %d bytes", w.Code, w.Body.Len())
	}
	first := get(t, h, "/")
	if csp := first.Header().Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
		t.Errorf("the policy is %q", csp)
	}
	again := get(t, h, "/", "If-None-Match", first.Header().Get("ETag"))
	if again.Code != http.StatusNotModified || again.Body.Len() != 0 {
		t.Errorf("an unchanged page is answered with %d and %d bytes", again.Code, again.Body.Len())
	}
	if other := get(t, h, "/?as_of=2025-05-31", "If-None-Match", first.Header().Get("ETag")); other.Code != 200 {
		t.Errorf("another page is answered with %d", other.Code)
	}
	body := first.Body.String()
	for _, m := range regexp.MustCompile(`(?:href|src|action)="([^"]*)"`).FindAllStringSubmatch(body, -1) {
		if !strings.HasPrefix(m[1], "/") && !strings.HasPrefix(m[1], "#") || strings.HasPrefix(m[1], "//") {
			t.Errorf("the page leads out to %s", m[1])
		}
	}
	if strings.Contains(ownScripts.ReplaceAllString(body, ""), "<script") || strings.Contains(body, " style=") {
		t.Error("the page needs what its policy forbids")
	}
	style := regexp.MustCompile(`href="(/board/[^"]+\.css)"`).FindStringSubmatch(body)
	if css := get(t, h, style[1]); css.Code != 200 || !strings.Contains(css.Header().Get("Cache-Control"), "immutable") || strings.Contains(css.Body.String(), "url(") {
		t.Errorf("the stylesheet answers %d", css.Code)
	}
}

func TestAFaultIsAPageInBothLanguages(t *testing.T) {
	f := newFixture(t)
	h := newBoard(t, f)
	f.fail = errors.New("the store is away")
	for _, path := range []string{"/", "/targets/" + policyID + "/ai-compute", "/api/v1/verdicts"} {
		w := get(t, h, path)
		if w.Code != 500 || !strings.Contains(w.Body.String(), "暂时无法") || strings.Contains(w.Body.String(), "the store is away") {
			t.Errorf("%s answers %d: %s", path, w.Code, text(w.Body.String()))
		}
	}
	// Feeds need no verdict: they stay readable, and say what they know.
	if body := text(page(t, h, "/feeds")); !strings.Contains(body, "已载入合成的报送文件") {
		t.Error("without verdicts the feeds do not say they are synthetic")
	}
	f.fail, f.panics = nil, true
	if w := get(t, h, "/?lang=en"); w.Code != 500 || !strings.Contains(w.Body.String(), "could not be made") {
		t.Errorf("a panic answers %d", w.Code)
	}
}

func TestASlowStoreIsNotWaitedForWithoutEnd(t *testing.T) {
	h := newBoard(t, newFixture(t), func(o *made) { o.Timeout = time.Nanosecond })
	if w := get(t, h, "/"); w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "数据读取超时") {
		t.Errorf("a late answer is %d", w.Code)
	}
}

func TestAFaultHasItsPageAlsoBesideSeveralPolicies(t *testing.T) {
	f := newFixture(t)
	register := *f.register
	second := register.Policies[0]
	second.ID, second.Title = "second", schema.Text{Zh: "另一项政策", En: "Another policy"}
	register.Policies = append(slices.Clone(register.Policies), second)
	f.register = &register
	w := get(t, newBoard(t, f), "/nowhere")
	if said := text(w.Body.String()); w.Code != http.StatusNotFound || !strings.Contains(said, "没有这个页面") || !strings.Contains(said, "另一项政策") {
		t.Errorf("a fault answers %d: %s", w.Code, said)
	}
}

func TestTheBoardIsNotBuiltWithoutWhatItNeeds(t *testing.T) {
	if _, err := New(newFixture(t).made().site(t), Options{}); err == nil {
		t.Error("a board without register and reader was built")
	}
	if _, err := web.New(web.Options{}); err == nil {
		t.Error("a site without policies and a clock was built")
	}
}

func TestTheBannerTellsWholeFromPartSyntheticAndRealFromBoth(t *testing.T) {
	value := schema.MustDecimal("1")
	real, made := schema.Verdict{Value: &value}, schema.Verdict{Value: &value, Marks: schema.Marks{Synthetic: true}}
	for _, c := range []struct {
		verdicts []schema.Verdict
		want     string
	}{
		{[]schema.Verdict{real, real}, ""},
		{[]schema.Verdict{made, made, {}}, "以下数字均为合成"},
		{[]schema.Verdict{made, real}, "标有“演示数据”的1项为合成数字"},
	} {
		f := inWords("zh")
		f.SayOrigin(c.verdicts)
		if got := strings.Join(f.Banner, ""); !strings.Contains(got, c.want) || c.want == "" && got != "" {
			t.Errorf("the banner says %q, want %q", got, c.want)
		}
	}
}

func TestWithSeveralPoliciesEachHasItsOverview(t *testing.T) {
	f := newFixture(t)
	other := f.register.Policies[0]
	other.ID, other.Number, other.Title = "other-2030-1", "别字〔2030〕1号", schema.Text{Zh: "另一份文件", En: "Another document"}
	other.Targets = slices.Clone(other.Targets)[:3]
	for i := range other.Targets {
		other.Targets[i].Policy = other.ID
	}
	f.register = &targets.Register{Policies: []schema.Policy{f.register.Policies[0], other}, Indicators: f.register.Indicators, Regions: f.register.Regions}
	h := newBoard(t, f, func(o *made) { o.Upload = "/upload" })
	first, second := page(t, h, "/"), page(t, h, "/?policy=other-2030-1")
	if n, m := len(rowPattern.FindAllString(first, -1)), len(rowPattern.FindAllString(second, -1)); n != 27 || m != 3 {
		t.Errorf("%d and %d rows, want 27 and 3", n, m)
	}
	if !strings.Contains(first, `href="/?policy=other-2030-1"`) || !strings.Contains(second, "别字〔2030〕1号") || !strings.Contains(first, `href="/upload"`) {
		t.Error("the policies do not lead to one another, or the upload page is not in reach")
	}
	target := page(t, h, "/targets/other-2030-1/"+other.Targets[0].ID)
	if !strings.Contains(target, `href="/?policy=other-2030-1#t-`+other.Targets[0].ID) {
		t.Error("a target of the second policy leads back to the first")
	}
	var verdicts []schema.Verdict
	if err := json.Unmarshal(get(t, h, "/api/v1/verdicts?policy=other-2030-1").Body.Bytes(), &verdicts); err != nil || len(verdicts) != 3 {
		t.Errorf("%d verdicts of the second policy, %v", len(verdicts), err)
	}
}
