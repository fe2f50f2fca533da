package brief

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"yardstick/dashboards/brief/chromium"
	"yardstick/schema"
)

func (o *office) handler() http.Handler {
	return Handler(o.options(), func() schema.Date { return schema.NewDate(2025, 6, 30) }, false, slog.New(slog.DiscardHandler))
}

func fetch(t *testing.T, h http.Handler, query string) *http.Response {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/brief"+query, nil))
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestTheServedBriefIsTheOneOfTheCommand(t *testing.T) {
	o := newOffice(t)
	r := fetch(t, o.handler(), "?policy=example-2025-plan&worst=3&compare_with=2025-05-31")
	if r.StatusCode != http.StatusOK || !strings.Contains(r.Header.Get("Content-Disposition"), "brief-2025-06-30.docx") {
		t.Fatal(r.Status, r.Header)
	}
	if body(t, r) != string(o.docx(t, asked())) {
		t.Error("the served document is another")
	}
}

func TestThePageNeedsNothingFromAnywhere(t *testing.T) {
	r := fetch(t, newOffice(t).handler(), "?policy=example-2025-plan&format=html")
	page := body(t, r)
	for _, want := range []string{"<h1>政策目标完成情况简报</h1>", "31.40", "黄色督办", `<svg viewBox="0 0 1560`, "@page", "未填报"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, never := range []string{"<script", "src=", "url(", "@import", "ZgotmplZ"} {
		if strings.Contains(page, never) {
			t.Errorf("the page has %q", never)
		}
	}
	if got := fetch(t, newOffice(t).handler(), "?policy=example-2025-plan&format=html&lang=en"); !strings.Contains(body(t, got), "Two-year plan of Example City") {
		t.Error("the English page is not English")
	}
}

func TestWhatTheAddressDoesNotKnowIsRefusedInBothLanguages(t *testing.T) {
	h := newOffice(t).handler()
	for _, query := range []string{
		"?when=2025-06-30", "?as_of=yesterday", "?as_of=2025-06-30&as_of=2025-05-31", "?worst=many", "?worst=51", "?format=doc",
		"?lang=fr", "?as_of=2025-07-01", "?policy=nobody", "?slips=some", "?as_of=2025-05-31&compare_with=2025-05-31",
	} {
		r := fetch(t, h, query)
		said := strings.Split(strings.TrimSpace(body(t, r)), "\n")
		if r.StatusCode != http.StatusBadRequest || len(said) != 2 {
			t.Errorf("%s: %s %q", query, r.Status, said)
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/brief", nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", w.Code)
	}
}

func TestThePDFIsPrintedOnA4AndGivenUpWhenTheReaderLeaves(t *testing.T) {
	if _, err := chromium.Find(); err != nil {
		t.Fatal("this test needs Chromium, which is not installed: run `make tools`")
	}
	o := newOffice(t)
	r := fetch(t, o.handler(), "?policy=example-2025-plan&format=pdf")
	pdf := body(t, r)
	if r.StatusCode != http.StatusOK || !strings.HasPrefix(pdf, "%PDF-") || !strings.Contains(pdf, "/MediaBox [0 0 594.95") && !strings.Contains(pdf, "/MediaBox [0 0 595") {
		t.Fatalf("%s, %d bytes", r.Status, len(pdf))
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := o.brief(t, asked()).Write(ctx, io.Discard, PDF); err == nil {
		t.Error("a brief nobody waits for was printed")
	}
}

func TestWithoutChromiumTheReaderIsToldWhatToDo(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	r := fetch(t, newOffice(t).handler(), "?policy=example-2025-plan&format=pdf")
	if said := body(t, r); r.StatusCode != http.StatusNotImplemented || !strings.Contains(said, "找不到 Chromium") || !strings.Contains(said, "Install chromium") {
		t.Error(r.Status, said)
	}
}

func TestThePictureOfTheCardIsAsWideAsAPhoneWants(t *testing.T) {
	picture, err := newOffice(t).brief(t, asked()).Picture(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// Width and height stand in a PNG's first chunk, big-endian.
	if len(picture) < 24 || string(picture[1:4]) != "PNG" || int(picture[18])<<8|int(picture[19]) != CardWidth {
		t.Errorf("%d bytes, width %d", len(picture), int(picture[18])<<8|int(picture[19]))
	}
	if len(picture) > 2<<20 {
		t.Errorf("%d bytes are more than WeCom takes", len(picture))
	}
}
