package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
)

// pages serves texts by path, under the strictest policy for content.
func servePages(t *testing.T, texts map[string]string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/strict") {
			w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src data:")
		}
		if strings.HasSuffix(r.URL.Path, ".css") {
			w.Header().Set("Content-Type", "text/css")
		}
		fmt.Fprint(w, texts[r.URL.Path])
	}))
	t.Cleanup(server.Close)
	return server.URL
}

const soundStyle = `body { margin: 0; background: #fff; color: #222 } @media (prefers-color-scheme: dark) { body { background: #111; color: #eee } }`

func htmlPage(head, body string) string {
	return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>x</title><link rel="icon" href="data:,">` + head + `</head><body>` + body + `</body></html>`
}

func TestAFaultyPageMakesEveryWatcherSpeak(t *testing.T) {
	t.Parallel()
	base := servePages(t, map[string]string{"/": htmlPage(`<style>.faint { color: #bbb }</style>`, `<main><img src="http://127.0.0.1:9/x.png">
<script>console.log(1); setTimeout(() => { throw new Error('x') })</script><p style="width:5000px" id="a">x</p><p id="a" class="faint">grey</p>
<input type="text"><a href="#nowhere">on</a><a href="/"></a></main>`)})
	b := newBrowser(t)
	p := b.Visit(t, base, look{Width: 390})
	for _, want := range []string{"scrolls sideways", "main headings: 0", "not applied", "wide P#a", "id twice P#a", "contrast", "no label INPUT", "no name A", "leads nowhere #nowhere"} {
		if !slices.ContainsFunc(p.Layout.Faults, func(f string) bool { return strings.Contains(f, want) }) {
			t.Errorf("the audit does not say %q: %q", want, p.Layout.Faults)
		}
	}
	faults := b.Faults()
	for _, want := range []string{"the console says: log", "a script broke", "the browser says: error", "a request leaves for http://127.0.0.1:9/x.png"} {
		if !slices.ContainsFunc(faults, func(f string) bool { return strings.Contains(f, want) }) {
			t.Errorf("the watcher does not say %q: %q", want, faults)
		}
	}
	if again := b.Faults(); len(again) != 0 {
		t.Errorf("faults are told twice: %q", again)
	}
}

func TestAxeNamesRuleElementAndRemedyOfEachViolationUnderAStrictPolicy(t *testing.T) {
	t.Parallel()
	base := servePages(t, map[string]string{
		"/strict": htmlPage(`<link rel="stylesheet" href="/strict.css">`, `<main><h1>x</h1><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" id="blank">
<p class="faint" id="pale">hard to read</p><input id="bare"></main>`),
		"/strict.css": soundStyle + ` .faint { color: #aaa }`,
	})
	b := newBrowser(t)
	b.Visit(t, base+"/strict", look{})
	got := b.Axe(t)
	for rule, target := range map[string]string{"image-alt": "#blank", "color-contrast": "#pale", "label": "#bare"} {
		at := slices.IndexFunc(got, func(v violation) bool { return v.Rule == rule })
		if at < 0 {
			t.Errorf("axe does not report %s: %v", rule, got)
			continue
		}
		if v := got[at]; v.Target != target || v.Help == "" || v.Why == "" {
			t.Errorf("%s is reported as %+v, want the target %s, help and reason", rule, v, target)
		}
	}
	if faults := b.Faults(); len(faults) != 0 {
		t.Errorf("asking axe made the browser complain: %q", faults)
	}
}

func TestASoundPageIsSilentInLightDarkAndOnPaper(t *testing.T) {
	t.Parallel()
	base := servePages(t, map[string]string{"/strict": htmlPage(`<link rel="stylesheet" href="/strict.css">`, `<main><h1>Sound</h1><p>text</p></main>`), "/strict.css": soundStyle})
	b := newBrowser(t)
	light := b.Visit(t, base+"/strict", look{Width: 390, Cold: true})
	light.Sound(t)
	if light.Cost.Requests != 2 || light.Cost.Bytes < int64(len(soundStyle)) {
		t.Errorf("a page and its style cost %+v", light.Cost)
	}
	dark := b.Look(t, look{Width: 3840, Dark: true})
	dark.Sound(t)
	if light.Layout.Ground == dark.Layout.Ground {
		t.Errorf("dark and light have the ground %s", dark.Layout.Ground)
	}
	if width := b.Eval(t, `innerWidth + ''`); width != "3840" {
		t.Errorf("the window is %s px wide", width)
	}
	b.Look(t, look{Paper: true}).Sound(t)
	if print := b.Eval(t, `matchMedia('print').matches + ''`); print != "true" {
		t.Error("the page is not as printed")
	}
	b.Visit(t, base+"/strict", look{English: true})
	if query := b.Eval(t, `location.search`); query != "?lang=en" {
		t.Errorf("English is asked for with %q", query)
	}
}

func TestEachBrowserHasCookiesOfItsOwn(t *testing.T) {
	t.Parallel()
	base := servePages(t, map[string]string{"/": htmlPage("", "<main><h1>x</h1></main>")})
	one, two := newBrowser(t), newBrowser(t)
	one.Visit(t, base, look{})
	two.Visit(t, base, look{})
	if got := one.Eval(t, `document.cookie = 'a=1'; document.cookie`); got != "a=1" {
		t.Errorf("the browser has %q, want its cookie", got)
	}
	if got := two.Eval(t, `document.cookie`); got != "" {
		t.Errorf("the other browser has %q", got)
	}
}

func TestAPictureIsNamedAfterPageLanguageShadeAndWidth(t *testing.T) {
	t.Setenv("YARDSTICK_SCREENSHOTS", t.TempDir())
	base := servePages(t, map[string]string{"/": htmlPage("", "<main><h1>x</h1></main>")})
	newBrowser(t).Visit(t, base, look{Name: "some", Width: 1920, Dark: true, English: true})
	shot, err := os.ReadFile(os.Getenv("YARDSTICK_SCREENSHOTS") + "/some-en-dark-1920.png")
	if err != nil || !strings.HasPrefix(string(shot), "\x89PNG") {
		t.Errorf("the picture has %d bytes: %v", len(shot), err)
	}
}
