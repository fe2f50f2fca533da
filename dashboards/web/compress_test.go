package web

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// servePacked serves one answer through compression and returns its address.
func servePacked(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	handler, err := Compressed(h)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

// requested asks as a browser does; the client undoes no compression by itself.
func requested(t *testing.T, method, address, accept string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if accept != "" {
		r.Header.Set("Accept-Encoding", accept)
	}
	client := &http.Client{Transport: &http.Transport{DisableCompression: true}, Timeout: 10 * time.Minute}
	res, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close(); client.CloseIdleConnections() })
	return res
}

func all(t *testing.T, r io.Reader) string {
	t.Helper()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestALongTextIsCompressedForWhoAcceptsItAndNobodyElse(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("指标完成情况 ", 1000)
	for kind, want := range map[string]bool{
		"text/html; charset=utf-8": true, "application/json": true, "application/problem+json; charset=utf-8": true, "image/svg+xml": true,
		"text/csv; charset=utf-8": true, "application/vnd.sdmx.data+csv;version=1.0.0": true, "application/openmetrics-text": false,
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": false, "application/zip": false, "image/png": false, "application/pdf": false,
	} {
		base := servePacked(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.Header().Set("ETag", `W/"one"`)
			w.Header().Set("Content-Length", fmt.Sprint(len(text)))
			_, _ = io.WriteString(w, text)
		})
		res := requested(t, http.MethodGet, base, "gzip, deflate, br")
		if got := res.Header.Get("Content-Encoding") == "gzip"; got != want {
			t.Errorf("%s: compressed %v, want %v", kind, got, want)
			continue
		}
		if res.Header.Get("ETag") != `W/"one"` || !strings.Contains(res.Header.Get("Vary"), "Accept-Encoding") {
			t.Errorf("%s: ETag %q, Vary %q", kind, res.Header.Get("ETag"), res.Header.Get("Vary"))
		}
		body := io.Reader(res.Body)
		if want {
			if res.ContentLength >= int64(len(text)) {
				t.Errorf("%s: compressed to %d bytes of %d", kind, res.ContentLength, len(text))
			}
			var err error
			if body, err = gzip.NewReader(res.Body); err != nil {
				t.Fatalf("%s: %v", kind, err)
			}
		}
		if all(t, body) != text {
			t.Errorf("%s: another text arrived", kind)
		}
		for _, accept := range []string{"", "identity", "gzip;q=0", "br"} {
			res := requested(t, http.MethodGet, base, accept)
			if res.Header.Get("Content-Encoding") != "" || res.ContentLength != int64(len(text)) || all(t, res.Body) != text {
				t.Errorf("%s for %q: encoding %q, %d bytes", kind, accept, res.Header.Get("Content-Encoding"), res.ContentLength)
			}
		}
	}
}

func TestWhatIsCompressedAlreadyShortOrAPartGoesOutAsItIs(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 10000)
	for name, h := range map[string]http.HandlerFunc{
		"short": func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") },
		"packed": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "br")
			_, _ = io.WriteString(w, long)
		},
		"part": func(w http.ResponseWriter, r *http.Request) {
			http.ServeContent(w, r, "a.txt", time.Time{}, strings.NewReader(long))
		},
		"not modified": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) },
	} {
		base := servePacked(t, h)
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept-Encoding", "gzip")
		r.Header.Set("Range", "bytes=0-4999")
		res, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		got, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if res.Header.Get("Content-Encoding") == "gzip" {
			t.Errorf("%s is compressed", name)
		}
		if name == "part" && (res.StatusCode != http.StatusPartialContent || len(got) != 5000) {
			t.Errorf("a part came as %d with %d bytes", res.StatusCode, len(got))
		}
	}
}

func TestHeadPromisesNoLengthThatGetDoesNotSend(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]int64{"text/css; charset=utf-8": -1, "application/zip": 5000} {
		for name, say := range map[string]func(http.ResponseWriter){"said": func(w http.ResponseWriter) { w.WriteHeader(http.StatusOK) }, "unsaid": func(http.ResponseWriter) {}} {
			base := servePacked(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", kind)
				w.Header().Set("Content-Length", "5000")
				say(w)
			})
			if res := requested(t, http.MethodHead, base, "gzip"); res.ContentLength != want {
				t.Errorf("%s, status %s: the length is %d, want %d", kind, name, res.ContentLength, want)
			}
		}
	}
}

func TestAStreamOfEventsArrivesAsItIsSent(t *testing.T) {
	t.Parallel()
	read := make(chan struct{})
	base := servePacked(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, "data: first\n\n")
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Error(err)
		}
		select {
		case <-read: // the first event was read while the answer goes on
		case <-r.Context().Done():
		}
		fmt.Fprint(w, "data: second\n\n")
	})
	res := requested(t, http.MethodGet, base, "gzip")
	lines := bufio.NewReader(res.Body)
	line, err := lines.ReadString('\n')
	close(read)
	if err != nil || line != "data: first\n" || res.Header.Get("Content-Encoding") != "" {
		t.Errorf("the stream begins with %q (%v), encoding %q", line, err, res.Header.Get("Content-Encoding"))
	}
	if rest := all(t, lines); rest != "\ndata: second\n\n" {
		t.Errorf("the stream goes on with %q", rest)
	}
}

func TestAnAnswerThatBreaksOffIsSeenToHaveBrokenOff(t *testing.T) {
	t.Parallel()
	base := servePacked(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/csv")
		for n := range 100000 {
			fmt.Fprintf(w, "%d,%d\n", n, n*n)
		}
		panic(http.ErrAbortHandler)
	})
	res := requested(t, http.MethodGet, base, "gzip")
	if _, err := io.ReadAll(res.Body); err == nil {
		t.Error("the part was taken for the whole")
	}
}
