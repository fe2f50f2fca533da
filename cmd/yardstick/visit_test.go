package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// look is how a page is looked at.
type look struct {
	Name    string // of the picture; none: no picture is taken
	Width   int64  // of the window in px; 0: 1280
	Height  int64  // 0: what usually goes with the width
	Dark    bool   // the reader prefers dark pages
	Paper   bool   // as printed
	English bool   // asked for with lang=en; Visit alone heeds it
	Cold    bool   // nothing is cached yet; Visit logs what the page cost
}

// window is the size of the reader's window.
func (l look) window() (width, height int64) {
	width, height = l.Width, l.Height
	if width == 0 {
		width = 1280
	}
	if height == 0 {
		usual := map[int64]int64{390: 844, 800: 1100, 1040: 720, 1280: 800, 1920: 1080, 3840: 2160, 5120: 1440}
		if height = usual[width]; height == 0 {
			height = 800
		}
	}
	return width, height
}

func (l look) String() string {
	width, _ := l.window()
	shade := "light"
	if l.Dark {
		shade = "dark"
	}
	if l.Paper {
		shade = "paper"
	}
	return fmt.Sprintf("%d px, %s", width, shade)
}

// opened is a page as it was found under one look.
type opened struct {
	Address string
	Look    look
	Layout  layout
	Cost    cost

	b *browser
}

// layout is what a page says of itself once it is drawn.
type layout struct {
	Faults []string `json:"faults"` // scrolls sideways, ids used twice, one h1, labels, names, contrast, links into the page
	Ground string   `json:"ground"` // its background colour
}

// cost is what a page took to show. It depends on the machine: it is logged,
// never judged.
type cost struct {
	Paint    time.Duration // until something was seen, after the request; 0: not told
	Requests int           // until the page had loaded
	Bytes    int64         // that came over the line for them, as they were sent: headers and compressed bodies
}

// audit looks for what the reader's eye would miss.
//
//go:embed testdata/browser/audit.js
var audit string

const firstPaint = `new Promise(done => {
  const look = list => { for (const e of list) if (e.name === 'first-contentful-paint') done(e.startTime); };
  new PerformanceObserver(l => look(l.getEntries())).observe({type: 'paint', buffered: true});
  setTimeout(() => done(0), 2000);
})`

// Visit opens a page and looks at it. A picture is kept in the folder that
// YARDSTICK_SCREENSHOTS names.
func (b *browser) Visit(t testing.TB, address string, l look) opened {
	t.Helper()
	if l.English {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatalf("visiting %s: %v", address, err)
		}
		q := u.Query()
		q.Set("lang", "en")
		u.RawQuery = q.Encode()
		address = u.String()
	}
	ctx, cancel := context.WithTimeout(b.ctx, step)
	defer cancel()
	err := b.watch.goes(address)
	if err == nil {
		err = dress(ctx, l)
	}
	if err == nil && l.Cold {
		_, err = chromedp.Call(ctx, network.ClearBrowserCache, cdp.Empty{})
	}
	if err == nil {
		err = chromedp.Do(ctx, chromedp.Navigate(address))
	}
	if err != nil {
		t.Fatalf("visiting %s: %v", address, err)
	}
	p := b.see(t, l)
	p.Cost.Requests, p.Cost.Bytes = b.watch.cost()
	if l.Cold {
		ms, err := evaluate[float64](b, firstPaint, chromedp.EvalAwaitPromise)
		if err != nil {
			t.Fatalf("asking %s for its first paint: %v", address, err)
		}
		p.Cost.Paint = time.Duration(ms * float64(time.Millisecond))
		t.Logf("%s (%s): first paint after %s, %d requests, %d bytes", p.Address, l, p.Cost.Paint.Round(time.Millisecond), p.Cost.Requests, p.Cost.Bytes)
	}
	return p
}

// Look looks at the page that is open, without loading it again.
func (b *browser) Look(t testing.TB, l look) opened {
	t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, step)
	defer cancel()
	if err := dress(ctx, l); err != nil {
		t.Fatalf("looking at %s: %v", l, err)
	}
	return b.see(t, l)
}

// dress sets window, shade and medium.
func dress(ctx context.Context, l look) error {
	width, height := l.window()
	_, err := chromedp.Call(ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: width, Height: height, DeviceScaleFactor: 1, Mobile: width < 500,
	})
	if err != nil {
		return fmt.Errorf("setting the window's size: %w", err)
	}
	shade, media := "light", ""
	if l.Dark {
		shade = "dark"
	}
	if l.Paper {
		media = "print"
	}
	_, err = chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Media: media, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: shade}},
	})
	if err != nil {
		return fmt.Errorf("setting shade and medium: %w", err)
	}
	return nil
}

// see audits what is open and takes its picture.
func (b *browser) see(t testing.TB, l look) opened {
	t.Helper()
	p := opened{Address: b.Eval(t, `location.href`), Look: l, b: b}
	if err := json.Unmarshal([]byte(b.Eval(t, audit)), &p.Layout); err != nil {
		t.Fatalf("auditing %s: %v", p.Address, err)
	}
	shots := os.Getenv("YARDSTICK_SCREENSHOTS")
	if shots == "" || l.Name == "" {
		return p
	}
	ctx, cancel := context.WithTimeout(b.ctx, step)
	defer cancel()
	shot, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(filepath.Join(shots, p.picture()), shot, 0o600)
	}
	if err != nil {
		t.Errorf("taking a picture of %s: %v", p.Address, err)
	}
	return p
}

// picture is its file: name, language, shade and width.
func (p opened) picture() string {
	lang, shade := "zh", "light"
	if u, err := url.Parse(p.Address); err == nil && u.Query().Get("lang") == "en" {
		lang = "en"
	}
	if p.Look.Dark {
		shade = "dark"
	}
	if p.Look.Paper {
		shade = "paper"
	}
	width, _ := p.Look.window()
	return fmt.Sprintf("%s-%s-%s-%d.png", p.Look.Name, lang, shade, width)
}

// Sound fails the test for every fault of the page: of its layout, of what
// axe-core finds, and of what the browser complained about on the way to it.
func (p opened) Sound(t testing.TB) {
	t.Helper()
	for _, v := range p.b.Axe(t) {
		t.Errorf("%s at %s: %s", p.Address, p.Look, v)
	}
	p.Fits(t)
}

// Fits is Sound without axe-core, for a page that was asked at a smaller size:
// what axe-core looks at does not depend on how much room there is.
func (p opened) Fits(t testing.TB) {
	t.Helper()
	for _, f := range p.Layout.Faults {
		t.Errorf("%s at %s: %s", p.Address, p.Look, f)
	}
	for _, f := range p.b.Faults() {
		t.Errorf("%s at %s: %s", p.Address, p.Look, f)
	}
}
