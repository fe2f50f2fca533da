package board

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"yardstick/collectors/upload"
	"yardstick/dashboards/api"
	"yardstick/dashboards/lineage"
	"yardstick/schema"
	operations "yardstick/schema/api"
	"yardstick/schema/clickhouse"
	"yardstick/schema/words"
)

// attic is an archive of what the test puts into it, oldest first.
type attic struct {
	receipts []schema.Receipt
	kept     []clickhouse.Kept
	asked    []clickhouse.KeptPage
}

func (a *attic) ReceiptsPage(ctx context.Context, q clickhouse.ReceiptPage) (page []clickhouse.Arrived, err error) {
	for i, r := range slices.Backward(a.receipts) {
		act := uint64(i + 1)
		if q.After > 0 && act >= q.After || q.Feed != "" && r.Feed != q.Feed || len(q.States) > 0 && !slices.Contains(q.States, r.Status) ||
			r.ReceivedAt.Before(q.From) || !q.Before.IsZero() && !r.ReceivedAt.Before(q.Before) {
			continue
		}
		if len(page) == q.Limit {
			break
		}
		page = append(page, clickhouse.Arrived{Receipt: r, Act: act})
	}
	return page, ctx.Err()
}

func (a *attic) KeptVerdicts(ctx context.Context, q clickhouse.KeptPage) ([]clickhouse.Kept, error) {
	a.asked = append(a.asked, q)
	return a.kept, ctx.Err()
}

// newAPI is the board with all that its API needs, and its table.
func newAPI(t *testing.T) (*shelf, *attic, http.Handler, []operations.Operation) {
	t.Helper()
	s, a := &shelf{fixture: newFixture(t), stand: 7}, &attic{}
	a.receipts = slices.Clone(s.receipts)
	slices.Reverse(a.receipts)
	options := func(o *made) {
		o.Figures, o.Archive, o.Operations, o.Statements, o.Lineage = s, a, upload.Operations(), sampleSpeech(), tracer{fixture: s.fixture}
	}
	o := s.made(options)
	programs := o.api()
	programs.Lineage = api.Value{Shape: lineage.Lineage{}, Answer: func(*http.Request) (any, error) { return nil, nil }}
	made, err := api.New(o.site(t), programs)
	if err != nil {
		t.Fatal(err)
	}
	return s, a, newBoard(t, s.fixture, options), made.Operations
}

func TestEveryWordOfTheAPIIsThereAndUsed(t *testing.T) {
	_, _, h, served := newAPI(t)
	for _, lang := range []string{"zh", "en"} {
		doc, err := operations.Document(served, lang)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range regexp.MustCompile(`"(api-[a-zA-Z0-9_-]+)[" ]`).FindAllStringSubmatch(string(doc), -1) {
			t.Errorf("the document in %s shows the bare id %s", lang, id[1])
		}
		var held any
		if err := json.Unmarshal(doc, &held); err != nil {
			t.Fatal(err)
		}
		undescribed(t, lang, held)
		var all strings.Builder
		flatten(&all, held)
		all.WriteString(html.UnescapeString(page(t, h, "/api/v1/?lang="+lang)))
		for _, o := range served {
			if slices.Contains(o.Names(), "bom") && o.Handler != nil {
				w := get(t, h, o.Example()+map[bool]string{true: "&", false: "?"}[strings.Contains(o.Example(), "?")]+"format=csv&bom=true&lang="+lang)
				all.WriteString(w.Body.String())
			}
		}
		all.WriteString(html.UnescapeString(get(t, h, "/api/v1/verdicts?from=2025-01-31&step=1m&format=csv&bom=true&lang="+lang).Body.String()))
		for _, id := range words.IDs() {
			if !strings.HasPrefix(id, "api-") {
				continue
			}
			said := strings.Split(words.Say(id).In(lang), "{")[0]
			if usedWhere := slices.Contains([]string{"api-kind-rate", "api-kind-range", "api-frequency-A"}, id); !usedWhere && !strings.Contains(all.String(), said) {
				t.Errorf("%s: “%s” is said nowhere", id, said)
			}
		}
	}
}

// flatten writes every text of a JSON value.
func flatten(into *strings.Builder, v any) {
	switch v := v.(type) {
	case string:
		into.WriteString(v + "\n")
	case []any:
		for _, e := range v {
			flatten(into, e)
		}
	case map[string]any:
		for _, e := range v {
			flatten(into, e)
		}
	}
}

// undescribed tells members and parameters that nobody explains.
func undescribed(t *testing.T, lang string, v any) {
	t.Helper()
	components := v.(map[string]any)["components"].(map[string]any)["schemas"].(map[string]any)
	for name, s := range components {
		members, _ := s.(map[string]any)["properties"].(map[string]any)
		for member, m := range members {
			if said, _ := m.(map[string]any)["description"].(string); said == "" {
				t.Errorf("%s: %s.%s is not explained", lang, name, member)
			}
		}
	}
}

func TestTheTableOfOperationsIsWhatIsServed(t *testing.T) {
	_, _, h, served := newAPI(t)
	var doc struct {
		Paths map[string]map[string]struct {
			Parameters []struct{ Name, In string }
		}
	}
	if err := json.Unmarshal(get(t, h, "/api/v1/openapi.json").Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	told := 0
	for _, o := range served {
		at, ok := doc.Paths[o.Path][strings.ToLower(o.Method)]
		if !ok {
			t.Errorf("%s %s is not in the document", o.Method, o.Path)
			continue
		}
		told++
		var names []string
		for _, p := range at.Parameters {
			if p.In == "query" {
				names = append(names, p.Name)
			}
		}
		if !slices.Equal(names, o.Names()) {
			t.Errorf("%s takes %v, the document says %v", o.ID, o.Names(), names)
		}
	}
	for _, methods := range doc.Paths {
		told -= len(methods)
	}
	if told != 0 {
		t.Errorf("the document has %d operations that no table has", -told)
	}
}

func TestAPathTellsAllItsMethodsAlsoThoseServedElsewhere(t *testing.T) {
	_, _, h, _ := newAPI(t)
	more := newBoard(t, newFixture(t), func(o *made) {
		o.Operations = []operations.Operation{{ID: "postFeed", Method: http.MethodPost, Path: "/api/v1/feeds"}}
	})
	for want, h := range map[string]http.Handler{"GET, HEAD": h, "GET, HEAD, POST": more} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodPut, "/api/v1/feeds", nil))
		if w.Code != 405 || w.Header().Get("Allow") != want {
			t.Errorf("PUT answers %d, allows %s, want %s", w.Code, w.Header().Get("Allow"), want)
		}
	}
}

func TestAHistoryJudgedAgainNamesWhyAVerdictChanged(t *testing.T) {
	_, a, h, _ := newAPI(t)
	read := func(path string) (out []api.KeptVerdict) {
		t.Helper()
		w := get(t, h, path)
		if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code != 200 {
			t.Fatalf("%s answers %d: %s", path, w.Code, w.Body)
		}
		return out
	}
	all := read("/api/v1/verdicts?from=2025-04-30&to=2025-06-30&step=1m&target=high-standard-farmland")
	if len(all) != 3 || all[0].Cause != "" || all[2].Was != schema.AtRisk || all[2].Status != schema.OnTrack || all[2].Cause != schema.CauseFigure || len(a.asked) != 0 {
		t.Errorf("%+v", all)
	}
	a.kept = []clickhouse.Kept{{Verdict: all[0].Verdict, Was: schema.Open, Cause: schema.CauseTime, At: time.Date(2025, 4, 30, 16, 0, 0, 0, time.UTC)}}
	kept := read("/api/v1/verdicts?from=2025-04-01&target=high-standard-farmland&status=at_risk")
	want := clickhouse.KeptPage{From: schema.NewDate(2025, 4, 1), To: today, Target: "high-standard-farmland", Statuses: []schema.Status{schema.AtRisk},
		Limit: 1001} // one more, to see whether any follow
	if len(kept) != 1 || kept[0].KeptAt.IsZero() || fmt.Sprint(a.asked) != fmt.Sprint([]clickhouse.KeptPage{want}) {
		t.Errorf("asked %+v, got %+v", a.asked, kept)
	}
	rows, err := csv.NewReader(get(t, h, "/api/v1/verdicts?from=2025-04-01&format=csv").Body).ReadAll()
	if err != nil || len(rows) != 2 || !slices.Equal(rows[0][20:], []string{"was", "cause", "kept_at"}) || !slices.Equal(rows[1][20:], []string{"open", "time", "2025-05-01T00:00:00+08:00"}) {
		t.Errorf("%v %v", rows, err)
	}
	for n, status := range map[string]string{"1": "at_risk", "0": "missed"} {
		if got := read("/api/v1/verdicts?from=2025-05-31&step=1m&to=2025-05-31&target=high-standard-farmland&status=" + status); fmt.Sprint(len(got)) != n {
			t.Errorf("%s: %d verdicts", status, len(got))
		}
	}
}

func TestAPageOfAHistoryEndsAfterAMonthOfDays(t *testing.T) {
	_, _, h, _ := newAPI(t)
	next, days, n := "/api/v1/verdicts?from=2025-01-01&to=2025-04-10&step=1d&target=ai-compute", []string{}, 0
	for ; next != ""; n++ {
		w := get(t, h, next)
		var page []api.KeptVerdict
		if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil || len(page) > 31 {
			t.Fatalf("%s: %d verdicts, %v", next, len(page), err)
		}
		for _, v := range page {
			days = append(days, v.AsOf.String())
		}
		next = ""
		if m := regexp.MustCompile(`^<(.*)>; rel="next"$`).FindStringSubmatch(w.Header().Get("Link")); m != nil {
			next = m[1]
		}
	}
	if n != 4 || len(days) != 100 || !slices.IsSorted(days) || len(slices.Compact(days)) != 100 {
		t.Errorf("%d pages with %d days", n, len(days))
	}
}

func TestACursorOfAnotherQuestionIsRefused(t *testing.T) {
	_, _, h, _ := newAPI(t)
	link := get(t, h, "/api/v1/targets?limit=3").Header().Get("Link")
	cursor := regexp.MustCompile(`cursor=([^&]*)&`).FindStringSubmatch(link)[1]
	for path, want := range map[string]int{
		"/api/v1/targets?limit=5&format=csv&cursor=" + cursor: 200, "/api/v1/targets?policy=" + policyID + "&cursor=" + cursor: 400,
		"/api/v1/regions?cursor=" + cursor: 400, "/api/v1/targets?cursor=e30": 400, "/api/v1/targets?cursor=!": 400,
	} {
		if w := get(t, h, path); w.Code != want {
			t.Errorf("%s answers %d: %s", path, w.Code, w.Body)
		}
	}
}

func TestReceiptsAreListedByFeedStateAndDay(t *testing.T) {
	s, _, h, _ := newAPI(t)
	for query, want := range map[string]string{
		"":                                       "R-2025-0007 R-2025-0003 R-2025-0009",
		"?feed=gdp-quarterly":                    "R-2025-0009",
		"?status=unchanged":                      "R-2025-0003",
		"?status=refused&status=accepted":        "R-2025-0007 R-2025-0009",
		"?to=2025-06-15":                         "",
		"?from=2025-06-16&to=2025-06-16&limit=2": "R-2025-0007 R-2025-0003",
	} {
		var list []api.ReceiptEntry
		if err := json.Unmarshal(get(t, h, "/api/v1/receipts"+query).Body.Bytes(), &list); err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, r := range list {
			ids = append(ids, r.ID)
		}
		if got := strings.Join(ids, " "); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	var one schema.Receipt
	if err := json.Unmarshal(get(t, h, "/api/v1/receipts/R-2025-0009").Body.Bytes(), &one); err != nil || len(one.Problems) != len(s.receipts[2].Problems) {
		t.Errorf("%d problems, %v", len(one.Problems), err)
	}
}

// A verdict is kept with the codes of its reasons; whoever reads it is told them.
func TestAKeptVerdictIsReadInWords(t *testing.T) {
	_, a, h, _ := newAPI(t)
	a.kept = []clickhouse.Kept{{Verdict: schema.Verdict{Policy: "dalian-2024-15", Target: "ai-compute", Region: "210200", AsOf: schema.NewDate(2025, 1, 31), Unit: "PFlops",
		ChanceWhyNot: schema.Reason{Says: []schema.Saying{{Code: "forecast-too-short", Args: []schema.Arg{
			{Name: "n", As: schema.AsCount, Number: 3}, {Name: "least", As: schema.AsCount, Number: 4}}}}}}}}
	if body := get(t, h, "/api/v1/verdicts?from=2025-01-01&to=2025-02-01").Body.String(); !strings.Contains(body, "不足4期") || strings.Contains(body, `"says"`) {
		t.Error(body)
	}
}
