package board

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"yardstick/dashboards/download"
	"yardstick/schema"
)

// shelf gives the samples' figures as the store would.
type shelf struct {
	*fixture
	stand  uint64
	repeat int   // how often the figures stand there
	broken error // after all of them
	wait   chan struct{}
}

func (s *shelf) Stand(context.Context) (uint64, error) { return s.stand, s.fail }

func (s *shelf) Extract(ctx context.Context, e download.Extract, give func(schema.Observation) error) error {
	sel, after := e.Selection, e.After
	var all []schema.Observation
	for n := range max(1, s.repeat) {
		for _, obs := range s.series {
			for _, o := range obs {
				o.Seq += uint64(n)
				wanted := len(sel.Indicators) == 0 || slices.Contains(sel.Indicators, o.Indicator)
				if wanted && sel.Within(o.Period) && !o.PublishedAt.After(sel.AsOf) && (after == nil || download.PlaceOf(o).Compare(*after) > 0) {
					all = append(all, o)
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b schema.Observation) int { return download.PlaceOf(a).Compare(download.PlaceOf(b)) })
	for _, o := range all {
		if err := give(o); errors.Is(err, download.ErrStop) {
			return nil
		} else if err != nil {
			return err
		}
	}
	if s.wait != nil {
		<-s.wait
	}
	return errors.Join(s.broken, ctx.Err())
}

func newShelf(t *testing.T) (*shelf, http.Handler) {
	t.Helper()
	s := &shelf{fixture: newFixture(t), stand: 7}
	return s, newBoard(t, s.fixture, func(o *made) { o.Figures = s })
}

func TestObservationsComeInTheFormAskedFor(t *testing.T) {
	_, h := newShelf(t)
	const path = "/api/v1/observations?indicator=ai-compute&from=2025-04"
	for _, c := range []struct{ accept, query, kind, file string }{
		{"", "", "application/json", "yardstick-ai-compute-2025-06-30.json"},
		{"text/html,*/*;q=0.8", "", "application/json", ".json"},
		{"text/csv", "", "text/csv; charset=utf-8", "yardstick-ai-compute-2025-06-30.csv"},
		{"application/json;q=0.5, text/csv", "", "text/csv; charset=utf-8", ".csv"},
		{"application/vnd.sdmx.data+csv; version=2.0.0", "", "application/vnd.sdmx.data+csv; version=2.0.0; charset=utf-8", ".csv"},
		{"application/json", "&format=xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"},
	} {
		w := get(t, h, path+c.query, "Accept", c.accept)
		if w.Code != 200 || w.Header().Get("Content-Type") != c.kind || !strings.Contains(w.Header().Get("Content-Disposition"), c.file) {
			t.Errorf("Accept %q %s: %d %v", c.accept, c.query, w.Code, w.Header())
		}
	}
	var rows []schema.Observation
	if err := json.Unmarshal(get(t, h, path).Body.Bytes(), &rows); err != nil || len(rows) != 2 || rows[1].Value.String() != "410" {
		t.Errorf("as JSON: %v %v", rows, err)
	}
	lines, err := csv.NewReader(get(t, h, path+"&format=csv").Body).ReadAll()
	if err != nil || len(lines) != 3 || lines[2][2] != "2025-05" || lines[2][4] != "410" {
		t.Errorf("as CSV: %v %v", lines, err)
	}
	people := get(t, h, path+"&format=csv&bom=true&lang=en").Body.String()
	if !strings.HasPrefix(people, "\ufeffIndicator,Region,Period,") || !strings.Contains(people, ",May 2025,point,410,PFlops,normal,2025-06-15,R-2025-0007,synthetic") {
		t.Errorf("for people: %q", people)
	}
	book, err := excelize.OpenReader(get(t, h, path+"&format=xlsx").Body)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if v, err := book.GetCellValue("数据", "E3"); err != nil || v != "410" {
		t.Errorf("in the workbook: %q %v", v, err)
	}
	if empty := get(t, h, "/api/v1/observations?from=1990&to=1991").Body.String(); empty != "[]\n" {
		t.Errorf("without rows: %q", empty)
	}
}

func TestObservationsAreThoseOfTodayUnlessADayIsNamed(t *testing.T) {
	_, h := newShelf(t)
	count := func(query string) int {
		var rows []schema.Observation
		if err := json.Unmarshal(get(t, h, "/api/v1/observations?indicator=ai-compute"+query).Body.Bytes(), &rows); err != nil {
			t.Fatal(err)
		}
		return len(rows)
	}
	if all, then := count(""), count("&as_of=2025-03-31"); all != 8 || then != 5 {
		t.Errorf("%d today, %d then", all, then)
	}
}

func TestPagesOfObservationsAddUpToAllOfThem(t *testing.T) {
	s, h := newShelf(t)
	var whole, paged []schema.Observation
	if err := json.Unmarshal(get(t, h, "/api/v1/observations").Body.Bytes(), &whole); err != nil {
		t.Fatal(err)
	}
	next := "/api/v1/observations?limit=7&region=210200"
	for pages := 0; next != ""; pages++ {
		w := get(t, h, next)
		var page []schema.Observation
		if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil || len(page) > 7 || pages > len(whole) {
			t.Fatalf("%s: %d rows, %v %s", next, len(page), err, w.Body)
		}
		paged = append(paged, page...)
		next = strings.TrimSuffix(strings.TrimPrefix(w.Header().Get("Link"), "<"), `>; rel="next"`)
		s.stand++ // acts go on meanwhile; the reading keeps to where it began
	}
	if len(paged) != len(whole) || !slices.EqualFunc(paged, whole, func(a, b schema.Observation) bool { return a.Key == b.Key }) {
		t.Errorf("%d rows in pages, %d in one", len(paged), len(whole))
	}
	first := get(t, h, "/api/v1/observations?limit=7")
	link := strings.TrimSuffix(strings.TrimPrefix(first.Header().Get("Link"), "<"), `>; rel="next"`)
	for _, bad := range []string{link + "&indicator=ai-compute", link + "&as_of=2025-05-31", strings.Replace(link, "cursor=", "cursor=x", 1), "/api/v1/observations?limit=7&cursor=e30"} {
		if w := get(t, h, bad); w.Code != 400 || !strings.Contains(w.Body.String(), "cursor") {
			t.Errorf("%s answers %d %s", bad, w.Code, w.Body)
		}
	}
}

func TestAWrongWishForObservationsIsAProblemInBothLanguages(t *testing.T) {
	_, h := newShelf(t)
	for query, code := range map[string]int{
		"?indicators=gdp": 400, "?indicator=nosuch": 400, "?region=Atlantis": 400, "?from=september": 400, "?from=2025-09&to=2025-01": 400,
		"?as_of=2025-13-01": 400, "?as_of=1066-10-14": 400, "?known_at=yesterday": 400, "?vintages=some": 400, "?format=parquet": 400, "?lang=fr": 400, "?bom=perhaps": 400,
		"?format=json&bom=true": 400, "?limit=0": 400, "?limit=10001": 400, "?limit=x": 400, "?cursor=e30": 400, "?lang=zh&lang=en": 400,
	} {
		w := get(t, h, "/api/v1/observations"+query)
		var p struct{ Details schema.Text }
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != code || w.Header().Get("Content-Type") != "application/problem+json" ||
			p.Details.Zh == "" || p.Details.En == "" || w.Header().Get("Content-Disposition") != "" || w.Header().Get("ETag") != "" {
			t.Errorf("%s answers %d %v %s", query, w.Code, w.Header(), w.Body)
		}
	}
	if w := get(t, h, "/api/v1/observations", "Accept", "image/png"); w.Code != http.StatusNotAcceptable {
		t.Errorf("a picture is answered with %d", w.Code)
	}
}

func TestTheSameFiguresAreNotSentTwice(t *testing.T) {
	s, h := newShelf(t)
	first := get(t, h, "/api/v1/observations?format=csv")
	tag := first.Header().Get("ETag")
	if w := get(t, h, "/api/v1/observations?format=csv", "If-None-Match", tag); w.Code != 304 || w.Body.Len() != 0 {
		t.Errorf("unchanged figures are answered with %d", w.Code)
	}
	for _, other := range []string{"?format=json", "?format=csv&bom=1", "?format=csv&as_of=2025-05-31", "?format=csv&vintages=all", "?format=csv&indicator=gdp", "?format=csv&limit=9"} {
		if w := get(t, h, "/api/v1/observations"+other, "If-None-Match", tag); w.Code != 200 {
			t.Errorf("%s is answered with %d", other, w.Code)
		}
	}
	s.stand++
	if w := get(t, h, "/api/v1/observations?format=csv", "If-None-Match", tag); w.Code != 200 {
		t.Errorf("after another act the answer is %d", w.Code)
	}
}

func TestADownloadThatBreaksOffIsNeverTakenForWhole(t *testing.T) {
	s, h := newShelf(t)
	s.broken = errors.New("the store went away")
	if w := get(t, h, "/api/v1/observations?indicator=ai-compute"); w.Code != 500 || strings.Contains(w.Body.String(), "went away") {
		t.Errorf("a short one answers %d %s", w.Code, w.Body)
	}
	s.repeat = 100
	server := httptest.NewServer(h)
	defer server.Close()
	resp, err := http.Get(server.URL + "/api/v1/observations?format=csv")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var buf strings.Builder
	for err == nil {
		b := make([]byte, 4096)
		var n int
		n, err = resp.Body.Read(b)
		buf.Write(b[:n])
	}
	if resp.StatusCode != 200 || buf.Len() < 1<<16 || err.Error() == "EOF" {
		t.Errorf("a long one answers %d with %d bytes and ends with %v", resp.StatusCode, buf.Len(), err)
	}
}

func TestOnlyAFewDownloadsRunAtOnceAndOthersWait(t *testing.T) {
	s, h := newShelf(t)
	s.wait = make(chan struct{})
	done := make(chan int, 4+1)
	for range 4 + 1 {
		go func() { done <- get(t, h, "/api/v1/observations").Code }()
	}
	for range 4 {
		s.wait <- struct{}{}
	}
	for range 4 {
		if code := <-done; code != 200 {
			t.Errorf("a download answers %d", code)
		}
	}
	s.wait <- struct{}{} // only now the last one is at work
	if code := <-done; code != 200 {
		t.Errorf("the one that waited answers %d", code)
	}
}

func TestTheHeadOfADownloadReadsNothing(t *testing.T) {
	s, h := newShelf(t)
	s.broken = errors.New("it was read")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodHead, "/api/v1/observations?format=csv", nil))
	if w.Code != 200 || w.Body.Len() != 0 || w.Header().Get("ETag") == "" || w.Header().Get("Content-Type") != "text/csv; charset=utf-8" {
		t.Errorf("it answers %d %v", w.Code, w.Header())
	}
}

func TestAPinnedClockBoundsNothingButToday(t *testing.T) {
	_, h := newShelf(t)
	if w := get(t, h, "/api/v1/observations?as_of=2026-01-01"); w.Code != 200 {
		t.Errorf("in the demonstration a later day answers %d", w.Code)
	}
}
