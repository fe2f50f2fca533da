package board

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"yardstick/dashboards/api"
	"yardstick/dashboards/web"
	"yardstick/schema"
)

// speech is what owners have said, in the order of the ledger.
type speech struct {
	all  []schema.Statement
	fail error
}

func (s speech) Statements(_ context.Context, policy, target string, asOf schema.Date) (out []schema.Statement, err error) {
	if asOf.IsZero() {
		asOf = today
	}
	for _, x := range s.all {
		if (policy == "" || policy == x.Policy) && (target == "" || target == x.Target) && !x.Day.After(asOf) {
			out = append(out, x)
		}
	}
	return out, s.fail
}

func sampleSpeech() speech {
	return speech{all: []schema.Statement{
		{Policy: policyID, Target: "ai-compute", Cause: "机房<供电>晚了", Measures: "分批上架\n先用旧柜", Promised: schema.NewDate(2025, 3, 31), By: "张三", Day: schema.NewDate(2025, 2, 1), Seq: 1},
		{Policy: policyID, Target: "ai-compute", Cause: "设备未到齐", Measures: "催货", Promised: schema.NewDate(2025, 5, 31), By: "张三", Day: schema.NewDate(2025, 4, 18), Seq: 2, Synthetic: true},
		{Policy: policyID, Target: "high-growth-firms", Cause: "认定慢", Measures: "按月认定", Promised: schema.NewDate(2026, 1, 31), By: "李四", Day: schema.NewDate(2025, 6, 12), Seq: 3},
		{Policy: policyID, Target: "young-talent", Cause: "说早了", Measures: "无", By: "李四", Day: schema.NewDate(2025, 6, 12), Seq: 4},
		{Policy: policyID, Target: "young-talent", Withdrawn: "已经达标", By: "李四", Day: schema.NewDate(2025, 6, 13), Seq: 5},
	}}
}

func speaking(s speech) func(*made) {
	return func(o *made) { o.Statements, o.Upload = s, "/upload" }
}

func targetPage(t *testing.T, h http.Handler, target string) string {
	t.Helper()
	return page(t, h, "/targets/"+policyID+"/"+target)
}

func TestWhatTheOwnerSaysStandsBesideTheVerdict(t *testing.T) {
	h := newBoard(t, newFixture(t), speaking(sampleSpeech()))
	for _, x := range []struct {
		target    string
		has, lack []string
	}{
		{"ai-compute", []string{"设备未到齐", "催货", "2025-05-31，承诺日期已过30天，目标仍为“进度滞后”", "张三填报于 2025-04-18", "演示数据",
			"此前的说明（1）", "机房&lt;供电&gt;晚了", "<p>分批上架</p><p>先用旧柜</p>", `href="/upload/statements/` + policyID + `/ai-compute"`}, []string{"未填报"}},
		{"high-growth-firms", []string{"认定慢", "2026-01-31（还有215天）", "承诺日期晚于目标时限2025-12-31，晚31天"}, []string{"承诺日期已过", "未填报"}},
		{"soe-layer-compression", []string{"未填报", "牵头单位还没有说明", `href="/upload/statements/` + policyID + `/soe-layer-compression"`}, []string{"承诺日期</dt>"}},
		{"innovation-consortia", nil, []string{`id="statement"`}},
		{"young-talent", []string{"目前没有情况说明", "已撤回此前的说明：已经达标", "李四撤回于 2025-06-13", "此前的说明（2）"}, []string{"未填报"}},
	} {
		body := targetPage(t, h, x.target)
		for _, want := range x.has {
			if !strings.Contains(body, want) {
				t.Errorf("%s does not say %q", x.target, want)
			}
		}
		for _, no := range x.lack {
			if strings.Contains(body, no) {
				t.Errorf("%s says %q", x.target, no)
			}
		}
	}
}

func TestAPastDayKnowsWhatWasSaidByThen(t *testing.T) {
	h := newBoard(t, newFixture(t), speaking(sampleSpeech()))
	body := targetPage(t, h, "ai-compute?as_of=2025-03-10")
	if !strings.Contains(body, "机房&lt;供电&gt;晚了") || !strings.Contains(body, "2025-03-31（还有21天）") || strings.Contains(body, "设备未到齐") {
		t.Errorf("as of 2025-03-10:\n%s", text(body))
	}
	if strings.Contains(body, "/upload/statements/") {
		t.Error("something may be said of a past day")
	}
}

func TestStatementsChangeNothingElseOnThePage(t *testing.T) {
	f := newFixture(t)
	silent, said := targetPage(t, newBoard(t, f), "ai-compute"), targetPage(t, newBoard(t, f, speaking(sampleSpeech())), "ai-compute")
	begin := strings.Index(said, `<section class="sheet said"`)
	end := begin + strings.Index(said[begin:], "</section>") + len("</section>\n")
	rest := said[:begin] + said[end:]
	for _, x := range []*string{&silent, &rest} { // the navigation names the upload pages
		_, *x, _ = strings.Cut(*x, "<main")
	}
	if strings.ReplaceAll(rest, "\n", "") != strings.ReplaceAll(silent, "\n", "") {
		t.Error("the page differs beyond the statement")
	}
	if strings.Contains(silent, "情况说明") {
		t.Error("a board without statements speaks of them")
	}
}

func TestAListHasTheStatementInOneLine(t *testing.T) {
	f := newFixture(t)
	b := f.made(speaking(sampleSpeech())).board(t)
	p, _ := f.register.Policy(policyID)
	held, err := b.statements(t.Context(), p, schema.Date{})
	if err != nil || len(held) != 2 || held["ai-compute"].Seq != 2 || held["high-growth-firms"].Seq != 3 {
		t.Fatalf("in force: %+v %v", held, err)
	}
	verdicts, err := b.verdicts(t.Context(), p, today)
	if err != nil {
		t.Fatal(err)
	}
	fr := &frame{Frame: b.site.PlainFrame(mustRequest("/lagging"))}
	lines := map[string]string{}
	for _, v := range verdicts {
		target, _ := f.register.Target(policyID, v.Target)
		line, err := b.pages.Write("target", "statement-line", b.saidOf(fr, target, v, held[v.Target]))
		if err != nil {
			t.Fatal(err)
		}
		lines[v.Target] = string(line)
	}
	for target, want := range map[string]string{"ai-compute": "设备未到齐", "high-growth-firms": "还有215天", "soe-layer-compression": "未填报"} {
		if !strings.Contains(lines[target], want) {
			t.Errorf("%s: %q does not say %q", target, lines[target], want)
		}
	}
	if lines["innovation-consortia"] != "" {
		t.Errorf("of what is on track the line says %q", lines["innovation-consortia"])
	}
}

func mustRequest(path string) *http.Request {
	r, err := http.NewRequest(http.MethodGet, path, nil)
	if err != nil {
		panic(err)
	}
	return r
}

func TestTheAPIGivesWhatWasSaid(t *testing.T) {
	f := newFixture(t)
	h := newBoard(t, f, speaking(sampleSpeech()))
	ask := func(query string) (out []api.ToldStatement) {
		t.Helper()
		w := get(t, h, "/api/v1/statements"+query)
		if w.Code != http.StatusOK {
			t.Fatalf("%s: %d %s", query, w.Code, w.Body)
		}
		if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
			t.Fatal(err)
		}
		return out
	}
	if all := ask(""); len(all) != 5 || all[0].Holds || !all[1].Holds || all[3].Holds || all[4].Holds {
		t.Errorf("all: %+v", all)
	}
	if one := ask("?target=ai-compute&as_of=2025-03-10&policy=" + policyID); len(one) != 1 || !one[0].Holds || one[0].Promised != schema.NewDate(2025, 3, 31) {
		t.Errorf("by then: %+v", one)
	}
	for query, want := range map[string]int{"?target=nosuch": 404, "?policy=nosuch": 404, "?as_of=soon": 400, "?targets=ai-compute": 400} {
		if w := get(t, h, "/api/v1/statements"+query); w.Code != want {
			t.Errorf("%s answers %d, want %d", query, w.Code, want)
		}
	}
	if w := get(t, newBoard(t, f), "/api/v1/statements"); w.Code != http.StatusNotFound {
		t.Errorf("without statements it answers %d", w.Code)
	}
	if w := get(t, newBoard(t, f, speaking(speech{fail: errors.New("the disk is gone")})), "/targets/"+policyID+"/ai-compute"); w.Code != http.StatusInternalServerError {
		t.Errorf("where they cannot be read it answers %d", w.Code)
	}
}

func TestAContactsTelephoneNumberIsFound(t *testing.T) {
	for written, want := range map[string][3]string{
		"0411-83630000":           {"", "0411-83630000", ""},
		"王某 0411-8363 0000 转 801": {"王某 ", "0411-8363 0000", " 转 801"},
		"+86 (411) 8363-0000":     {"", "+86 (411) 8363-0000", ""},
		"李四，13900000000（手机）":      {"李四，", "13900000000", "（手机）"},
		"农业农村局 301 室":             {"农业农村局 301 室", "", ""},
		"2025年6月起见名册":             {"2025年6月起见名册", "", ""},
		"":                        {"", "", ""},
		"12345678901234567890":    {"12345678901234567890", "", ""},
	} {
		if got := web.ContactOf(written); [3]string{got.Before, got.Number, got.After} != want {
			t.Errorf("%q: %+v", written, got)
		}
	}
	if got := web.ContactOf("+86 (411) 8363-0000").Digits(); got != "+8641183630000" {
		t.Errorf("dialled as %s", got)
	}
}
