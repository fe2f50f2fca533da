package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// step is how long one thing asked of the browser may take.
const step = 10 * time.Minute

// shared is the one Chromium of all tests: a browser takes seconds to start,
// and a test cannot hand it to the next.
var shared struct {
	sync.Mutex
	ctx  context.Context
	stop func()
}

// sharing runs tests and ends the Chromium that those in a browser shared.
type sharing struct{ *testing.M }

func (s sharing) Run() int {
	code := s.M.Run()
	shared.Lock()
	defer shared.Unlock()
	if shared.stop != nil {
		shared.stop()
	}
	return code
}

// browser is somebody at a real browser, Debian's Chromium, with a tab and
// cookies of their own. It says what a reader's browser, a reader's eye and
// axe-core would complain about.
type browser struct {
	ctx   context.Context
	watch watcher
}

// newBrowser opens a tab.
func newBrowser(t testing.TB) *browser {
	t.Helper()
	chromium, err := running()
	if err != nil {
		t.Fatalf("starting Chromium: %v", err)
	}
	ctx, cancel := chromedp.NewContext(chromium, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	b := &browser{ctx: ctx}
	err = chromedp.Listen(ctx, b.watch.listen)
	if err == nil {
		// A tab behind others still has the focus of its own reader.
		_, err = chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	}
	if err != nil {
		t.Fatalf("opening a tab: %v", err)
	}
	return b
}

// running is the Chromium that all share, started when the first needs it.
func running() (context.Context, error) {
	shared.Lock()
	defer shared.Unlock()
	if shared.ctx != nil && shared.ctx.Err() == nil {
		return shared.ctx, nil
	}
	var err error
	shared.ctx, shared.stop, err = startChromium()
	return shared.ctx, err
}

// startChromium starts Chromium in a profile of its own, which stop removes. Nothing
// in it asks the network for anything by itself.
func startChromium() (ctx context.Context, stop func(), err error) {
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		return nil, nil, fmt.Errorf("this test needs Chromium, which is not installed: run `make tools`: %w", err)
	}
	allocator, end := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WSURLReadTimeout(10*time.Minute),
		chromedp.Flag("headless", "new"), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-sync", true), chromedp.NoFirstRun)...)
	ctx, cancel := chromedp.NewContext(allocator)
	stop = func() { cancel(); end() }
	if err := chromedp.Do(ctx); err != nil {
		stop()
		return nil, nil, err
	}
	return ctx, stop, nil
}

// Context is the tab's, for steps of chromedp that have no method here. It has
// no end of its own: bound what may wait.
func (b *browser) Context() context.Context { return b.ctx }

// Faults are what the browser complained about since they were last asked for:
// messages on the console, scripts that broke, what the browser logged, and
// requests that leave for another place than the page visited.
func (b *browser) Faults() []string { return b.watch.take() }

// Do does the steps, at most `step`; where they fail, the test ends with
// what the page says.
func (b *browser) Do(t testing.TB, what string, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, step)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatalf("%s: %v\n%s", what, err, b.text())
	}
}

// Eval is what a script says in the page: a string.
func (b *browser) Eval(t testing.TB, script string) string {
	t.Helper()
	out, err := evaluate[string](b, script)
	if err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	return out
}

// Await is what the promise that a script gives comes to: a string.
func (b *browser) Await(t testing.TB, script string) string {
	t.Helper()
	out, err := evaluate[string](b, script, chromedp.EvalAwaitPromise)
	if err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	return out
}

// Sees waits until the page's main part says text, at most `step`.
func (b *browser) Sees(t testing.TB, text string) {
	t.Helper()
	quoted, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	script := `!!document.querySelector('main') && document.querySelector('main').innerText.includes(` + string(quoted) + `)`
	for end := time.Now().Add(step); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		// An error is a page that is just being left.
		if found, err := evaluate[bool](b, script); err == nil && found {
			return
		}
	}
	t.Fatalf("the page does not say %q:\n%s", text, b.text())
}

// Keys presses keys in turn.
func (b *browser) Keys(t testing.TB, what string, keys ...string) {
	t.Helper()
	for _, k := range keys {
		b.Do(t, what, chromedp.KeyEvent(k))
	}
}

// TabTo goes on with the tab key until the focus is on what matches.
func (b *browser) TabTo(t testing.TB, selector string) {
	t.Helper()
	quoted, err := json.Marshal(selector)
	if err != nil {
		t.Fatal(err)
	}
	for range 200 {
		b.Keys(t, "going to "+selector, kb.Tab)
		on, err := evaluate[bool](b, `document.activeElement.matches(`+string(quoted)+`)`)
		if err != nil {
			t.Fatalf("going to %s: %v", selector, err)
		}
		if on {
			return
		}
	}
	t.Fatalf("the tab key never comes to %s", selector)
}

// text is where the browser is and what it shows, for a test that fails.
func (b *browser) text() string {
	text, err := evaluate[string](b, `location.href + '\n' + (document.querySelector('main') || document.body).innerText`)
	if err != nil {
		return fmt.Sprintf("and the page does not answer: %v", err)
	}
	return text
}

// evaluate asks the page, at most `step`. The question comes through
// the browser's own debugger: the page's content security policy stays as
// strict as it is for everybody.
func evaluate[T any](b *browser, script string, options ...chromedp.EvaluateOption) (T, error) {
	ctx, cancel := context.WithTimeout(b.ctx, step)
	defer cancel()
	out, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, options...))
	if err != nil && ctx.Err() != nil {
		err = errors.Join(err, ctx.Err())
	}
	return out, err
}
