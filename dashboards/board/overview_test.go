package board

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"yardstick/comparator/telling"
	"yardstick/schema"
)

// told is a history of verdicts that a test writes itself.
type told map[schema.Scope][]schema.Turn

func (h told) Turns(_ context.Context, asOf schema.Date, _ string) (map[schema.Scope][]schema.Turn, error) {
	out := map[schema.Scope][]schema.Turn{}
	for scope, turns := range h {
		for _, turn := range turns {
			if asOf.IsZero() || !turn.Day.After(asOf) {
				out[scope] = append(out[scope], turn)
			}
		}
	}
	return out, nil
}

func TestFiguresAreHeldAgainstTheMonthTheMeetingTheYearOrADayBefore(t *testing.T) {
	f := newFixture(t)
	meetings := []schema.Date{schema.NewDate(2025, 3, 20), schema.NewDate(2025, 5, 20), schema.NewDate(2025, 8, 1)}
	h := newBoard(t, f, func(o *made) { o.Meetings = meetings })
	for path, wants := range map[string][]string{
		"/":                           {"较上月（2025-05-31）", "较上月+20 PFlops", "原 610 PFlops"},
		"/?compare=month":             {"较上月（2025-05-31）"},
		"/?compare=meeting":           {"较上次调度会（2025-05-20）", "较上次调度会+20 PFlops"},
		"/?compare=2025-03-20":        {"较2025-03-20", "较2025-03-20+65 PFlops"},
		"/?compare=year":              {"2024-06-30 政策尚未印发（2024-10-27 印发），无可比较"},
		"/?compare=2025-06-30":        {"比较日 2025-06-30 不早于所看日期 2025-06-30，无可比较"},
		"/?as_of=2025-03-01":          {"较上月（2025-02-01）"},
		"/?compare=meeting&lang=en":   {"Since last meeting, 2025-05-20", "was 610 PFlops"},
		"/lagging?compare=2025-03-20": {"较2025-03-20", "+65 PFlops"},
	} {
		got := text(page(t, h, path))
		for _, want := range wants {
			if !strings.Contains(got, want) {
				t.Errorf("%s does not say %q", path, want)
			}
		}
	}
	if early := text(page(t, h, "/?compare=meeting&as_of=2025-03-01")); !strings.Contains(early, "2025-03-01 之前没有调度会，无可比较") {
		t.Error("a meeting that was not held yet is compared with")
	}
	if none := text(page(t, newBoard(t, f), "/?compare=meeting")); !strings.Contains(none, "尚未配置调度会日期") {
		t.Error("without meeting days the switch does not say so")
	}
	body := page(t, h, "/?compare=meeting")
	if strings.Contains(rowText(t, body, "ai-compute"), "较上月") || !strings.Contains(body, `aria-current="true">上次调度会</a>`) {
		t.Error("the switch does not show what is compared with")
	}
}

func TestWhatIsMeasuredAnotherWayIsNeverSubtracted(t *testing.T) {
	f := newFixture(t)
	p, _ := f.register.Policy(policyID)
	target, _ := f.register.Target(policyID, "ai-compute")
	now, was := f.verdict(p, target, today), f.verdict(p, target, schema.NewDate(2025, 5, 31))
	b := &board{Options: Options{Register: f.register}}
	fr := inWords("zh")
	obs := f.series[schema.SeriesKey{Indicator: target.Indicator, Region: target.Region}]
	judge := func(change func(now, was *schema.Verdict, obs []schema.Observation)) *telling.Delta {
		n, w, o := now, was, slices.Clone(obs)
		n.Inputs, w.Inputs = slices.Clone(n.Inputs), slices.Clone(w.Inputs)
		change(&n, &w, o)
		c := comparison{Name: "上月", was: map[schema.Scope]schema.Verdict{w.Scope(): w}}
		return c.delta(b.subjectOf(fr, p, target, n, o))
	}
	for want, change := range map[string]func(now, was *schema.Verdict, obs []schema.Observation){
		"+20 PFlops":   func(_, _ *schema.Verdict, _ []schema.Observation) {},
		"口径或单位不同，不作增减": func(_, was *schema.Verdict, _ []schema.Observation) { was.Unit = "TFlops" },
		"口径有变动，不作增减":   func(_, _ *schema.Verdict, obs []schema.Observation) { obs[len(obs)-1].Status = schema.StatusBreak },
		"当时无数据":        func(_, was *schema.Verdict, _ []schema.Observation) { was.Value = nil },
		"现无数据":         func(now, _ *schema.Verdict, _ []schema.Observation) { now.Value = nil },
		"两期均无数据":       func(now, was *schema.Verdict, _ []schema.Observation) { now.Value, was.Value = nil, nil },
		"−5 PFlops同期数修订": func(now, was *schema.Verdict, _ []schema.Observation) {
			was.Period = now.Period
			v := schema.MustDecimal("415")
			was.Value = &v
			was.Inputs[0].Value = &v
			was.Inputs[0].Written = "415"
		},
		"跨年累计，不作增减": func(now, was *schema.Verdict, _ []schema.Observation) {
			now.Inputs[0].Basis, was.Inputs[0].Basis = schema.YearToDate, schema.YearToDate
			was.Period = schema.Month(2024, 12)
		},
	} {
		d := judge(change)
		if d == nil || d.Value+d.Say != want {
			t.Errorf("%+v, want %q", d, want)
		}
	}
	kinds := map[string]func(now, was *schema.Verdict, obs []schema.Observation){
		"basis": func(_, was *schema.Verdict, _ []schema.Observation) { was.Inputs[0].Basis = schema.InPeriod },
		"freq":  func(_, was *schema.Verdict, _ []schema.Observation) { was.Period = schema.Quarter(2025, 1) },
	}
	for name, change := range kinds {
		if d := judge(change); d.Value != "" || d.Say != "口径或单位不同，不作增减" {
			t.Errorf("another %s is subtracted: %+v", name, d)
		}
	}
}

func TestTheLaggingListIsInTheOrderOfTheVerdictsAndTellsSinceWhen(t *testing.T) {
	f := newFixture(t)
	scope := schema.Scope{Policy: policyID, Target: "ai-compute", Region: "210200"}
	history := told{scope: {
		{Scope: scope, Day: schema.NewDate(2025, 1, 31), To: schema.OnTrack},
		{Scope: scope, Day: schema.NewDate(2025, 3, 31), From: schema.OnTrack, To: schema.Lagging},
	}}
	h := newBoard(t, f, func(o *made) { o.History = history })
	body := page(t, h, "/lagging")
	ids := regexp.MustCompile(`<tbody id="t-([a-z-]+)"`).FindAllStringSubmatch(body, -1)
	verdicts, err := f.Verdicts(t.Context(), today)
	if err != nil {
		t.Fatal(err)
	}
	slices.SortStableFunc(verdicts, schema.Verdict.CompareWorst)
	for i, id := range ids {
		if verdicts[i].Target != id[1] {
			t.Errorf("place %d is %s, want %s", i+1, id[1], verdicts[i].Target)
		}
	}
	if len(ids) != 9 || verdicts[8].Status != schema.AtRisk || verdicts[9].Status == schema.AtRisk {
		t.Errorf("%d targets are listed, want those at risk or worse", len(ids))
	}
	said := text(body)
	for _, want := range []string{"27项目标中，滞后、存在风险及更差的有9项", "2025-03-31 已91天", "没有历次比对记录", "联系人未填", "样例理由：", "19.5 个百分点 落后"} {
		if !strings.Contains(said, want) {
			t.Errorf("the list does not say %q", want)
		}
	}
	for n, want := range map[string]int{"13": 13, "3": 3, "27": 27} {
		if got := strings.Count(page(t, h, "/lagging?worst="+n), `<tbody id="t-`); got != want {
			t.Errorf("of the worst %s, %d are listed", n, got)
		}
	}
	overview := page(t, h, "/?worst=5")
	if got := len(rowPattern.FindAllString(overview, -1)); got != 5 || !strings.Contains(text(overview), "仅列最差的5项。 全部27项") {
		t.Errorf("the overview lists %d and does not say that it is not all", got)
	}
	if early := text(page(t, h, "/lagging?worst=27&as_of=2025-02-20")); strings.Contains(early, "2025-03-31 已") {
		t.Error("looking back, the list knows what came later")
	}
}

func TestLimitsTellTheRoomLeftAndCadencesEachReport(t *testing.T) {
	h := newBoard(t, newFixture(t))
	zh := text(page(t, h, "/limits"))
	for _, want := range []string{"2.10 / ≤ 3 百分点", "余 0.90 个百分点", "超限 50", "为限值的 105%（竖线为限值）", "正在限值上", "下一次应报", "每旬一次", "每个工作日"} {
		if !strings.Contains(zh, want) {
			t.Errorf("the limits do not say %q", want)
		}
	}
	if strings.Contains(zh, "智算算力规模") {
		t.Error("a target with a deadline stands among the limits")
	}
	if en := text(page(t, h, "/limits?lang=en")); !strings.Contains(en, "room 0.90 pp") || !strings.Contains(en, "Next report") {
		t.Error("the English limits do not say the same")
	}
}

func TestWhenEveryDeadlineHasPassedTheOverviewIsTheFinalReckoning(t *testing.T) {
	h := newBoard(t, newFixture(t))
	if before := page(t, h, "/?as_of=2025-12-31"); strings.Contains(before, `class="closing"`) {
		t.Error("on the last deadline itself the reckoning is given already")
	}
	after := page(t, h, "/?as_of=2026-01-01")
	said := text(after)
	if !strings.Contains(said, "收官：15项有时限的目标均已到期（最后一项于 2025-12-31）。") || !strings.Contains(said, "12 未设时限") {
		t.Error("past every deadline the overview does not give the final reckoning")
	}
	if n := len(regexp.MustCompile(`<span class="fig">`).FindAllString(after, -1)); n != 27 {
		t.Errorf("the reckoning holds %d targets, want all", n)
	}
	value := schema.MustDecimal("1")
	day := schema.NewDate(2025, 12, 31)
	for want, v := range map[int]schema.Verdict{
		metOnTime:  {Status: schema.Achieved, Deadline: day},
		metLate:    {Status: schema.Missed, Deadline: day, Marks: schema.Marks{ReachedLate: true}},
		notMet:     {Status: schema.Missed, Deadline: day},
		awaiting:   {Status: schema.Lagging, Deadline: day, Value: &value, Marks: schema.Marks{AwaitingFinal: true}},
		noFinal:    {Status: schema.NoData, Deadline: day},
		neverDated: {Status: schema.Open},
	} {
		if got := outcomeOf(v); got != want {
			t.Errorf("%+v is outcome %d, want %d", v, got, want)
		}
	}
}

func TestAnAddressHoldsTheWholeStateAndEveryLinkKeepsIt(t *testing.T) {
	h := newBoard(t, newFixture(t))
	state := "as_of=2025-05-31&compare=year&lang=en&policy=" + policyID + "&theme=dark&worst=7"
	for _, path := range []string{"/", "/lagging", "/limits", "/feeds", "/scorecard", "/targets/" + policyID + "/ai-compute"} {
		body := page(t, h, path+"?"+state)
		if !strings.Contains(body, `data-theme="dark"`) {
			t.Errorf("%s is not dark", path)
		}
		for _, m := range regexp.MustCompile(`<a [^>]*href="(/[^"#]*)`).FindAllStringSubmatch(body, -1) {
			link := strings.ReplaceAll(m[1], "&amp;", "&")
			for _, part := range strings.Split(state, "&") {
				name, _, _ := strings.Cut(part, "=")
				kept := strings.Contains(link, part) || name == "policy" && strings.Contains(link, "policy=")
				switched := map[string]bool{"lang": !strings.Contains(link, "lang="), "as_of": true, "compare": true, "worst": true, "theme": true}[name]
				if !kept && !switched {
					t.Errorf("%s: the link %s loses %s", path, link, part)
				}
			}
		}
		for _, want := range []string{`/lagging?` + strings.ReplaceAll(state, "&", "&amp;"), `name="compare" value="year"`, `name="theme" value="dark"`, `name="worst" value="7"`} {
			if !strings.Contains(body, want) {
				t.Errorf("%s lacks %s", path, want)
			}
		}
	}
	for path, name := range map[string]string{"/?compare=sometimes": "compare", "/?worst=0": "worst", "/?worst=many": "worst", "/?theme=pink": "theme", "/?wall=yes": "wall", "/?turn=1": "turn"} {
		if w := get(t, h, path); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "“"+name+"”") {
			t.Errorf("%s answers %d", path, w.Code)
		}
	}
	if wall := page(t, h, "/?wall=1&turn=20"); !strings.Contains(wall, `<body class="wall" data-turn="20" data-next="/lagging?turn=20&amp;wall=1"`) {
		t.Error("a wall is a page like any other")
	}
	if desk := page(t, h, "/?turn=20"); strings.Contains(desk, "data-turn") {
		t.Error("a page at a desk turns by itself")
	}
}

func TestOpenPagesCanAskWhetherThereIsNews(t *testing.T) {
	stamp := "2025-06-30-7"
	h := newBoard(t, newFixture(t), func(o *made) { o.Stamp = func() string { return stamp } })
	if !strings.Contains(page(t, h, "/"), `data-news="/board/now"`) {
		t.Error("the page does not know where to ask")
	}
	first := get(t, h, "/board/now")
	var got struct{ Stamp string }
	if err := json.Unmarshal(first.Body.Bytes(), &got); err != nil || got.Stamp != stamp {
		t.Fatalf("%s, %v", first.Body, err)
	}
	if again := get(t, h, "/board/now", "If-None-Match", first.Header().Get("ETag")); again.Code != http.StatusNotModified {
		t.Errorf("nothing new is answered with %d", again.Code)
	}
	stamp = "2025-06-30-8"
	if after := get(t, h, "/board/now", "If-None-Match", first.Header().Get("ETag")); after.Code != http.StatusOK || !strings.Contains(after.Body.String(), stamp) {
		t.Errorf("news is answered with %d %s", after.Code, after.Body)
	}
	deaf := newBoard(t, newFixture(t))
	if w := get(t, deaf, "/board/now"); w.Code != http.StatusNotFound || strings.Contains(page(t, deaf, "/"), "data-news") {
		t.Errorf("a board without news answers %d", w.Code)
	}
}

func TestEveryTableOfferedCanBeTakenAway(t *testing.T) {
	f := newFixture(t)
	f.score = sampleScore()
	h := newBoard(t, f)
	seen := map[string]bool{}
	for _, path := range []string{"/?lang=en", "/", "/?as_of=2026-01-01", "/lagging", "/limits", "/feeds", "/scorecard", "/receipts/R-2025-0009", "/receipts/R-2025-0007"} {
		links := regexp.MustCompile(`href="([^"]*[?&;]table=[^"]*)"`).FindAllStringSubmatch(page(t, h, path), -1)
		if len(links) == 0 {
			t.Errorf("%s offers no table", path)
		}
		for _, m := range links {
			link := strings.ReplaceAll(m[1], "&amp;", "&")
			w := get(t, h, link)
			want := "text/csv; charset=utf-8"
			if strings.Contains(link, "format=xlsx") {
				want = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
			}
			if w.Code != 200 || w.Header().Get("Content-Type") != want || w.Body.Len() == 0 {
				t.Errorf("%s answers %d %s: %s", link, w.Code, w.Header().Get("Content-Type"), w.Body)
			}
			seen[regexp.MustCompile(`table=([a-z]+)`).FindStringSubmatch(link)[1]] = true
		}
	}
	for _, id := range []string{"targets", "measures", "closing", "lagging", "limits", "breaches", "cadences", "late", "feeds", "receipts", "problems", "questions", "changes", "bands", "bins"} {
		if !seen[id] && id != "late" {
			t.Errorf("no page offers the table %s", id)
		}
	}
	csv := get(t, h, "/?table=targets&format=csv").Body.String()
	for _, want := range []string{"智算算力规模", ",410,1000,PFlops,", ",590,PFlops,", ",20,,610,"} {
		if !strings.Contains(csv, want) {
			t.Errorf("the table of targets lacks %q", want)
		}
	}
}
