package source

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"yardstick/schema"
	"yardstick/schema/whole"
)

// pulled is a collector of a feed that is fetched, and what it takes in.
type pulled struct {
	*Collector
	status schema.ReceiptStatus // that files get; failed: nothing is remembered
	name   string
}

func newPull(t *testing.T, c Config, o Options) *pulled {
	t.Helper()
	if o.Wait == 0 {
		o.Wait = time.Millisecond
	}
	if o.Temp == "" {
		o.Temp = t.TempDir()
	}
	w, err := New(c, o)
	if err != nil {
		t.Fatal(err)
	}
	return &pulled{Collector: w, status: schema.Failed}
}

// fetch collects once and gives what was taken; "" for nothing.
func (p *pulled) fetch(ctx context.Context) (string, error) {
	var got string
	err := p.Collect(ctx, func(_ context.Context, f *File) (schema.Receipt, error) {
		text, err := io.ReadAll(f)
		p.name, got = f.Name, string(text)
		return schema.Receipt{ID: "R1", Status: p.status}, err
	})
	return got, err
}

func serve(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

func TestAFeedIsFetchedOnceUntilItChanges(t *testing.T) {
	version := "1"
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"`+version+`"`)
		w.Header().Set("Last-Modified", "Mon, 30 Jun 2025 00:00:00 GMT")
		if r.Header.Get("If-None-Match") == `"`+version+`"` && r.Header.Get("If-Modified-Since") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("Content-Disposition", `attachment; filename="../月报.csv"`)
		fmt.Fprint(w, "figures "+version)
	})
	o := Options{Feed: "feed", Data: t.TempDir()}
	p := newPull(t, Config{URL: s.URL + "/data/x.csv"}, o)
	if got, err := p.fetch(t.Context()); err != nil || p.name != "月报.csv" || got != "figures 1" {
		t.Errorf("name %s, %q, %v", p.name, got, err)
	}
	// not kept yet: a crash in between costs a download, no figure
	p.status = schema.Accepted
	if got, err := p.fetch(t.Context()); err != nil || got != "figures 1" {
		t.Fatalf("%q, %v", got, err)
	}
	if got, err := p.fetch(t.Context()); err != nil || got != "" {
		t.Errorf("not modified, but %q, %v", got, err)
	}
	version, p.status = "2", schema.Failed
	if got, err := p.fetch(t.Context()); err != nil || got != "figures 2" {
		t.Errorf("changed: %q, %v", got, err)
	}
	other := newPull(t, Config{URL: s.URL + "/data/y.csv"}, o)
	if got, err := other.fetch(t.Context()); err != nil || got != "figures 2" {
		t.Errorf("another address with the old state: %q, %v", got, err)
	}
	version = "1" // as it was kept
	if err := os.WriteFile(o.state("pull"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := p.fetch(t.Context()); err != nil || got != "figures 1" {
		t.Errorf("a damaged state: %q, %v", got, err)
	}
}

func TestPassingFaultsAreTriedAgain(t *testing.T) {
	for name, fault := range map[string]http.HandlerFunc{
		"unavailable":       func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) },
		"too many requests": func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Retry-After", "0"); w.WriteHeader(429) },
		"a body broken off": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			fmt.Fprint(w, "half")
		},
		"a connection broken off": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		t.Run(name, func(t *testing.T) {
			var n atomic.Int32
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if n.Add(1) < 3 {
					fault(w, r)
					return
				}
				fmt.Fprint(w, "figures")
			})
			p := newPull(t, Config{URL: s.URL}, Options{})
			if got, err := p.fetch(t.Context()); err != nil || got != "figures" || n.Load() != 3 {
				t.Errorf("%q after %d attempts, %v", got, n.Load(), err)
			}
			if left := files(t, p.o.Temp); len(left) != 0 {
				t.Errorf("left behind %v", left)
			}
		})
	}
}

func TestLastingFaultsAreNotTriedAgain(t *testing.T) {
	for status, attempts := range map[int]int32{404: 1, 401: 1, 403: 1, 410: 1, 501: 1, 500: 3, 503: 3} {
		var n atomic.Int32
		s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			n.Add(1)
			w.WriteHeader(status)
		})
		_, err := newPull(t, Config{URL: s.URL}, Options{Attempts: 3}).fetch(t.Context())
		if err == nil || n.Load() != attempts || !strings.Contains(err.Error(), fmt.Sprint(status)) || !strings.Contains(err.Error(), s.URL) {
			t.Errorf("status %d: %d attempts, error %v", status, n.Load(), err)
		}
	}
}

func TestTheServersWaitIsKeptButNotForEver(t *testing.T) {
	p := newPull(t, Config{URL: "http://example.org"}, Options{Now: func() time.Time { return time.Date(2025, 6, 30, 0, 0, 0, 0, time.UTC) }})
	for text, want := range map[string]time.Duration{"120": 2 * time.Minute, "Mon, 30 Jun 2025 00:00:30 GMT": 30 * time.Second, "Sun, 29 Jun 2025 00:00:30 GMT": 0, "": 0, "soon": 0, "-5": 0} {
		if got := p.place.(*pull).retryAfter(text); got != want {
			t.Errorf("Retry-After %q is %s, want %s", text, got, want)
		}
	}
	var n atomic.Int32
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		n.Add(1)
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(503)
	})
	if _, err := newPull(t, Config{URL: s.URL}, Options{}).fetch(t.Context()); err == nil || n.Load() != 1 { // waiting would take an hour
		t.Errorf("%d attempts, error %v", n.Load(), err)
	}
}

func TestTheWaitDoublesWithJitter(t *testing.T) {
	p := newPull(t, Config{URL: "http://example.org"}, Options{Wait: time.Second, MaxWait: 10 * time.Second})
	for n, full := range map[int]time.Duration{1: time.Second, 2: 2 * time.Second, 4: 8 * time.Second, 5: 10 * time.Second, 60: 10 * time.Second} {
		for range 50 {
			if w := backOff(n, p.o.Wait, p.o.MaxWait); w < full/2 || w > full {
				t.Fatalf("attempt %d waits %s", n, w)
			}
		}
	}
}

func TestTheSizeIsBoundedAlsoWhenItIsPackedOrNotSaid(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(make([]byte, 1<<20)); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	for name, h := range map[string]http.HandlerFunc{
		"said":   func(w http.ResponseWriter, _ *http.Request) { w.Write(make([]byte, 2000)) },
		"unsaid": func(w http.ResponseWriter, _ *http.Request) { w.(http.Flusher).Flush(); w.Write(make([]byte, 2000)) },
		"packed": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(packed.Bytes())
		},
	} {
		var n atomic.Int32
		s := serve(t, func(w http.ResponseWriter, r *http.Request) { n.Add(1); h(w, r) })
		p := newPull(t, Config{URL: s.URL}, Options{Limit: 1500})
		if _, err := p.fetch(t.Context()); !errors.Is(err, whole.ErrTooLarge) || n.Load() != 1 {
			t.Errorf("%s: %d attempts, %v", name, n.Load(), err)
		}
		if left := files(t, p.o.Temp); len(left) != 0 {
			t.Errorf("%s left behind %v", name, left)
		}
	}
}

func TestRedirectsAreBoundedAndNeverLeadDown(t *testing.T) {
	var seen atomic.Value
	seen.Store("")
	end := serve(t, func(w http.ResponseWriter, r *http.Request) {
		seen.Store(r.Header.Get("X-Api-Key") + r.Header.Get("Authorization"))
		fmt.Fprint(w, "figures")
	})
	var hops atomic.Int32
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/loop":
			hops.Add(1)
			http.Redirect(w, r, "/loop", http.StatusFound)
		case "/away":
			http.Redirect(w, r, end.URL, http.StatusFound)
		case "/file":
			http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
		}
	})
	t.Setenv("KEY", "secret")
	t.Setenv("BEARER", "Bearer secret")
	header := map[string]string{"X-Api-Key": "KEY", "Authorization": "BEARER"}
	if _, err := newPull(t, Config{URL: s.URL + "/loop"}, Options{Redirects: 3}).fetch(t.Context()); err == nil || hops.Load() != 4 {
		t.Errorf("%d hops, %v", hops.Load(), err)
	}
	if _, err := newPull(t, Config{URL: s.URL + "/file"}, Options{}).fetch(t.Context()); err == nil {
		t.Error("a file was fetched")
	}
	// 127.0.0.1 on another port is another host
	if _, err := newPull(t, Config{URL: s.URL + "/away", HeadersEnv: header}, Options{}).fetch(t.Context()); err != nil {
		t.Fatal(err)
	}
	if seen.Load() != "" {
		t.Errorf("another host was shown %q", seen.Load())
	}
	tls := httptest.NewTLSServer(http.RedirectHandler(end.URL, http.StatusFound))
	t.Cleanup(tls.Close)
	_, err := newPull(t, Config{URL: tls.URL}, Options{Transport: tls.Client().Transport}).fetch(t.Context())
	if !errors.Is(err, ErrDowngrade) {
		t.Errorf("error %v", err)
	}
}

func TestHeadersComeFromEnvironmentOrFile(t *testing.T) {
	t.Setenv("FEED_TOKEN", "from the environment")
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte("from a file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if v, err := Secret("FEED_TOKEN", ""); err != nil || v != "from the environment" {
		t.Errorf("%q %v", v, err)
	}
	if v, err := Secret("", file); err != nil || v != "from a file" {
		t.Errorf("%q %v", v, err)
	}
	for _, c := range [][2]string{{"", ""}, {"A", file}, {"NOT_SET_ANYWHERE", ""}, {"", file + "x"}} {
		if _, err := Secret(c[0], c[1]); err == nil {
			t.Errorf("%v gave no error", c)
		}
	}
	var got atomic.Value
	s := serve(t, func(_ http.ResponseWriter, r *http.Request) { got.Store(r.Header.Get("X-Api-Key")) })
	t.Setenv("FEED_TOKEN", "k")
	if _, err := newPull(t, Config{URL: s.URL, HeadersEnv: map[string]string{"x-api-key": "FEED_TOKEN"}}, Options{}).fetch(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got.Load() != "k" {
		t.Errorf("the server saw %q", got.Load())
	}
}

func TestAddressesThatCannotBeFetchedAreRefusedAtOnce(t *testing.T) {
	for _, u := range []string{"", "ftp://example.org/a", "file:///etc/passwd", "example.org/a", "http://", "https://user:geheim@example.org/a", "http://[::1"} {
		_, _, err := openPull(Config{URL: u}, &Options{})
		if err == nil || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%q: %v", u, err)
		}
	}
}

func TestAServerThatStallsIsGivenUp(t *testing.T) {
	stop := make(chan struct{})
	var asked atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		w.(http.Flusher).Flush()
		select {
		case <-stop:
		case <-r.Context().Done():
		}
	}))
	defer s.Close()
	defer close(stop)
	_, err := newPull(t, Config{URL: s.URL}, Options{Timeout: 50 * time.Millisecond, Attempts: 2}).fetch(t.Context())
	if n := asked.Load(); err == nil || n > 2 { // the server answers none of them
		t.Errorf("error %v after %d attempts", err, n)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err = newPull(t, Config{URL: s.URL}, Options{}).fetch(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
}

func TestNamesFromElsewhereLoseTheirPath(t *testing.T) {
	for name, want := range map[string]string{"a.csv": "a.csv", "../../a.csv": "a.csv", `..\a.csv`: "a.csv", "": "feed", "/": "feed", "..": "feed", "a\nb.csv": "ab.csv", "月报.csv": "月报.csv"} {
		if got := BaseName(name); got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
	if long := BaseName(strings.Repeat("月", 500) + ".csv"); len(long) > 200 || !strings.HasSuffix(long, ".csv") {
		t.Errorf("%d bytes: %q", len(long), long)
	}
	if u, _ := url.Parse("https://example.org/a%2Fb.csv"); BaseName(u.Path) != "b.csv" {
		t.Error("an escaped slash is kept")
	}
}
