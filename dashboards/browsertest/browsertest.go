// Package browsertest shows pages to tests in a real browser, Debian's
// Chromium, and says what a reader's browser, a reader's eye and axe-core would
// complain about. One Chromium serves a test binary whose TestMain runs through
// Shared; every test has cookies and a cache of its own.
package browsertest

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

// shared is the one Chromium of a test binary: a browser takes seconds to
// start, and a test cannot hand it to the next.
var shared struct {
	sync.Mutex
	on   bool // TestMain ends it
	ctx  context.Context
	stop func()
}

// Runner is a *testing.M.
type Runner interface{ Run() int }

type runner struct{ tests Runner }

// Shared lets all tests of a binary share one Chromium, which starts when the
// first needs it and ends after the last: os.Exit(browsertest.Shared(m).Run()).
func Shared(m Runner) Runner { return runner{m} }

// Run runs the tests and ends the Chromium they shared.
func (r runner) Run() int {
	shared.Lock()
	shared.on = true
	shared.Unlock()
	code := r.tests.Run()
	shared.Lock()
	defer shared.Unlock()
	if shared.stop != nil {
		shared.stop()
	}
	shared.on, shared.ctx, shared.stop = false, nil, nil
	return code
}

// Browser is somebody at a real browser, with a tab and cookies of their own.
type Browser struct {
	ctx   context.Context
	watch watcher
}

// New opens a tab. Without Shared it is in a Chromium that ends with the test.
func New(t testing.TB) *Browser {
	t.Helper()
	chromium, err := running(t)
	if err != nil {
		t.Fatalf("starting Chromium: %v", err)
	}
	ctx, cancel := chromedp.NewContext(chromium, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	b := &Browser{ctx: ctx}
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

// running is the Chromium of this binary, or one of the test's own.
func running(t testing.TB) (context.Context, error) {
	shared.Lock()
	defer shared.Unlock()
	if shared.ctx != nil && shared.ctx.Err() == nil {
		return shared.ctx, nil
	}
	ctx, stop, err := start()
	if err != nil {
		return nil, err
	}
	if !shared.on {
		t.Cleanup(stop)
		return ctx, nil
	}
	shared.ctx, shared.stop = ctx, stop
	return ctx, nil
}

// start starts Chromium in a profile of its own, which stop removes. Nothing
// in it asks the network for anything by itself.
func start() (ctx context.Context, stop func(), err error) {
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
func (b *Browser) Context() context.Context { return b.ctx }

// Faults are what the browser complained about since they were last asked for:
// messages on the console, scripts that broke, what the browser logged, and
// requests that leave for another place than the page visited.
func (b *Browser) Faults() []string { return b.watch.take() }

// Do does the steps, a minute at most; where they fail, the test ends with
// what the page says.
func (b *Browser) Do(t testing.TB, what string, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, step)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatalf("%s: %v\n%s", what, err, b.text())
	}
}

// Eval is what a script says in the page: a string.
func (b *Browser) Eval(t testing.TB, script string) string {
	t.Helper()
	out, err := evaluate[string](b, script)
	if err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	return out
}

// Await is what the promise that a script gives comes to: a string.
func (b *Browser) Await(t testing.TB, script string) string {
	t.Helper()
	out, err := evaluate[string](b, script, chromedp.EvalAwaitPromise)
	if err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	return out
}

// Sees waits until the page's main part says text, a minute at most.
func (b *Browser) Sees(t testing.TB, text string) {
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
func (b *Browser) Keys(t testing.TB, what string, keys ...string) {
	t.Helper()
	for _, k := range keys {
		b.Do(t, what, chromedp.KeyEvent(k))
	}
}

// TabTo goes on with the tab key until the focus is on what matches.
func (b *Browser) TabTo(t testing.TB, selector string) {
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
func (b *Browser) text() string {
	text, err := evaluate[string](b, `location.href + '\n' + (document.querySelector('main') || document.body).innerText`)
	if err != nil {
		return fmt.Sprintf("and the page does not answer: %v", err)
	}
	return text
}

// evaluate asks the page, a minute at most. The question comes through
// the browser's own debugger: the page's content security policy stays as
// strict as it is for everybody.
func evaluate[T any](b *Browser, script string, options ...chromedp.EvaluateOption) (T, error) {
	ctx, cancel := context.WithTimeout(b.ctx, step)
	defer cancel()
	out, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, options...))
	if err != nil && ctx.Err() != nil {
		err = errors.Join(err, ctx.Err())
	}
	return out, err
}
