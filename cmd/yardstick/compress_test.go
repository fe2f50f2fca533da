package main

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"
)

// compressed asks the running server as a browser does.
func (d *demonstration) compressed(t *testing.T) {
	ask := func(path string, header ...string) *http.Response {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, d.base+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept-Encoding", "gzip, deflate, br, zstd")
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		res, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = res.Body.Close() })
		return res
	}
	for path, want := range map[string]string{
		"/": "政策目标完成情况", "/upload": "令牌", "/api/v1/verdicts": `"target"`, "/metrics": "yardstick_target_gap",
		"/api/v1/observations?indicator=gdp&format=csv": "gdp", "/api/v1/observations?indicator=nothing": "nothing",
	} {
		res := ask(path)
		body := io.Reader(res.Body)
		if res.Header.Get("Content-Encoding") == "gzip" {
			var err error
			if body, err = gzip.NewReader(res.Body); err != nil {
				t.Fatalf("%s: %v", path, err)
			}
		}
		text, err := io.ReadAll(body)
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s does not say %q (%v):\n%.200s", path, want, err, text)
		}
		if long := len(text) > 1400; long != (res.Header.Get("Content-Encoding") == "gzip") {
			t.Errorf("%s has %d bytes and the encoding %q", path, len(text), res.Header.Get("Content-Encoding"))
		}
		vary := strings.Join(res.Header.Values("Vary"), ", ")
		if path != "/metrics" && !strings.Contains(vary, "Accept-Encoding") {
			t.Errorf("%s varies with %q", path, vary)
		}
	}
	first := ask("/")
	if again := ask("/", "If-None-Match", first.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
		t.Errorf("the same page again: %s, ETag %q", again.Status, first.Header.Get("ETag"))
	}
	if book := ask("/api/v1/observations?indicator=gdp&format=xlsx"); book.Header.Get("Content-Encoding") != "" {
		t.Errorf("a workbook is compressed again: %q", book.Header.Get("Content-Encoding"))
	}
}
