package board

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// watcher collects what a reader's browser would complain about.
type watcher struct {
	mu     sync.Mutex
	faults []string
	host   string
}

func (w *watcher) add(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults = append(w.faults, fmt.Sprintf(format, args...))
}

func (w *watcher) take() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := w.faults
	w.faults = nil
	return out
}

func (w *watcher) listen(event any) {
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		w.add("the console says: %s", e.Type)
	case *runtime.EventExceptionThrown:
		w.add("a script broke: %s", e.ExceptionDetails.Text)
	case *cdplog.EventEntryAdded:
		w.add("the browser says: %s %s %s", e.Entry.Level, e.Entry.Text, e.Entry.URL)
	case *network.EventRequestWillBeSent:
		u, err := url.Parse(e.Request.URL)
		if err != nil || u.Scheme != "data" && u.Host != w.host {
			w.add("a request leaves for %s", e.Request.URL)
		}
	}
}

// browser is one real browser for the test.
func browser(t *testing.T) context.Context {
	t.Helper()
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("this test needs Chromium, which is not installed: run `make tools`")
	}
	allocator, stop := chromedp.NewExecAllocator(t.Context(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium), chromedp.UserDataDir(t.TempDir()), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("headless", "new"), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-sync", true), chromedp.NoFirstRun)...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	ctx, late := context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(late)
	return ctx
}

type look struct {
	name  string
	path  string
	width int64
	dark  bool
	paper bool
}

func looks() []look {
	var out []look
	add := func(name, path string, dark bool, widths ...int64) {
		for _, w := range widths {
			out = append(out, look{name: name, path: path, width: w, dark: dark})
		}
	}
	all := []int64{390, 1280, 1920}
	target, receipt := "/targets/"+policyID+"/high-growth-firms", "/receipts/R-2025-0009"
	add("overview", "/", false, all...)
	add("overview", "/?lang=en", true, all...)
	add("overview", "/", true, 1280)
	add("overview", "/", false, 800)
	add("overview", "/?lang=en", false, 1280)
	add("target", target, false, all...)
	add("target", target+"?lang=en", true, 390, 1280)
	add("share", "/targets/"+policyID+"/strategic-industry-gdp-share", false, 1280)
	add("feeds", "/feeds", false, all...)
	add("feeds", "/feeds?lang=en", true, 390)
	add("receipt", receipt, true, 390)
	add("receipt", receipt+"?lang=en", false, 1280)
	add("ways", farmland+"?rate=2", false, 390, 1280)
	add("ways", farmland+"?rate=many&lang=en", true, 390)
	add("cell", farmlandCell, false, all...)
	add("cell", farmlandCell+"?lang=en", true, 390, 1280)
	add("figure", "/figures/strategic-industry-gdp-share/210200/ytd/2025-Q1", false, 390, 1280)
	add("indicators", "/indicators", false, 390, 1280)
	add("indicator", "/indicators/gdp?lang=en", true, 390, 1280)
	add("receipt-in-force", "/receipts/R-2025-0007", false, 390, 1280)
	add("scorecard", "/scorecard", false, 390, 1280)
	add("back", "/?as_of=2025-05-31", false, 1280)
	out = append(out, look{name: "cell-paper", path: farmlandCell, width: 1040, paper: true})
	return append(out, look{name: "paper", path: "/", width: 1040, paper: true})
}

func (l look) file() string {
	lang, shade := "zh", "light"
	if strings.Contains(l.path, "lang=en") {
		lang = "en"
	}
	if l.dark {
		shade = "dark"
	}
	return fmt.Sprintf("%s-%s-%s-%d.png", l.name, lang, shade, l.width)
}

// measured is what the page says of itself once it is drawn.
type measured struct {
	Wide   []string `json:"wide"`
	Scroll int      `json:"scroll"`
	Shade  string   `json:"shade"`
	Styled bool     `json:"styled"`
	H1     int      `json:"h1"`
	Ids    []string `json:"ids"`
}

// ask looks for a sideways scroll and what causes it, and for what the
// reader's eye would miss.
const ask = `JSON.stringify((() => {
  const wide = [], seen = new Set(), ids = [];
  for (const e of document.querySelectorAll('body *')) {
    if (e.id) { if (seen.has(e.id)) ids.push(e.id); seen.add(e.id); }
    if (e.closest('.scroll') || e.closest('svg') || e.className === 'skip' || getComputedStyle(e).position === 'absolute') continue;
    const r = e.getBoundingClientRect();
    if (r.right > innerWidth + 1) wide.push(e.tagName + '.' + e.className + ' ' + Math.round(r.right));
  }
  return {wide: wide.slice(0, 5), scroll: document.documentElement.scrollWidth - innerWidth, ids,
    shade: getComputedStyle(document.body).backgroundColor, styled: getComputedStyle(document.body).marginTop === '0px',
    h1: document.querySelectorAll('h1').length};
})())`

func TestEveryPageIsCleanInARealBrowserAtEverySizeShadeAndLanguage(t *testing.T) {
	mux := http.NewServeMux()
	f := newFixture(t)
	f.score = sampleScore()
	mux.Handle("/", newBoard(t, f))
	mux.HandleFunc("/faulty", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `<!DOCTYPE html><title>x</title><link rel="icon" href="data:,"><img src="http://127.0.0.1:9/x.png"><script>console.log(1)</script><p style="width:5000px">x`)
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	ctx := browser(t)
	w := &watcher{host: strings.TrimPrefix(server.URL, "http://")}
	if err := chromedp.Listen(ctx, w.listen); err != nil {
		t.Fatalf("starting Chromium: %v", err)
	}
	// The watcher itself is tried first: on a page with every fault it must
	// speak, or its silence below would prove nothing.
	if m, _ := visit(ctx, t, server.URL, look{path: "/faulty", width: 390}, false); m.Scroll == 0 || len(w.take()) < 3 {
		t.Fatalf("the faults of a faulty page were not seen: %+v", m)
	}
	shots := os.Getenv("YARDSTICK_SCREENSHOTS")
	shades := map[bool][]string{}
	for _, l := range looks() {
		m, shot := visit(ctx, t, server.URL, l, shots != "")
		for _, f := range w.take() {
			t.Errorf("%s at %d px: %s", l.path, l.width, f)
		}
		if m.Scroll > 0 || len(m.Wide) > 0 {
			t.Errorf("%s at %d px scrolls sideways by %d px: %v", l.path, l.width, m.Scroll, m.Wide)
		}
		if !m.Styled || m.H1 != 1 || len(m.Ids) > 0 {
			t.Errorf("%s at %d px: styled %v, %d main headings, ids used twice %v", l.path, l.width, m.Styled, m.H1, m.Ids)
		}
		shades[l.dark] = append(shades[l.dark], m.Shade)
		if shots != "" {
			if err := os.WriteFile(filepath.Join(shots, l.file()), shot, 0o600); err != nil {
				t.Error(err)
			}
		}
	}
	if slices.Contains(shades[true], shades[false][0]) {
		t.Errorf("a dark page has the ground of a light one: %v", shades[true])
	}
}

func visit(ctx context.Context, t *testing.T, base string, l look, shoot bool) (m measured, shot []byte) {
	t.Helper()
	shade := "light"
	if l.dark {
		shade = "dark"
	}
	height := map[int64]int64{390: 844, 800: 1100, 1040: 720, 1280: 800, 1920: 1080}[l.width]
	media := ""
	if l.paper {
		media = "print"
	}
	var said string
	_, err := chromedp.Call(ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: l.width, Height: height, DeviceScaleFactor: 1, Mobile: l.width < 500,
	})
	if err == nil {
		_, err = chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Media:    media,
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: shade}},
		})
	}
	if err == nil {
		err = chromedp.Do(ctx, chromedp.Navigate(base+l.path))
	}
	if err == nil {
		said, err = chromedp.Run(ctx, chromedp.Evaluate[string](ask))
	}
	if err == nil && shoot {
		shot, err = chromedp.Run(ctx, chromedp.FullScreenshot(100))
	}
	if err != nil {
		t.Fatalf("%s at %d px: %v", l.path, l.width, err)
	}
	if err := json.Unmarshal([]byte(said), &m); err != nil {
		t.Fatalf("%s at %d px: %v", l.path, l.width, err)
	}
	return m, shot
}
