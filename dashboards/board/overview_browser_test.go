package board

import (
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"yardstick/dashboards/browsertest"
	"yardstick/schema"
)

// until asks the page until it says yes, and ends the test with why it should
// have when it does not.
func until(t *testing.T, b *browsertest.Browser, why, script string) {
	t.Helper()
	for end := time.Now().Add(5 * time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if b.Eval(t, `String(!!(`+script+`))`) == "true" {
			return
		}
	}
	t.Fatalf("%s: %s\n%s", why, script, b.Eval(t, `location.href + ' ' + document.activeElement.outerHTML.slice(0, 200)`))
}

func TestTheSliderOfDaysIsMovedByKeysAndKeepsWhatTheAddressSays(t *testing.T) {
	server := httptest.NewServer(newBoard(t, newFixture(t)))
	defer server.Close()
	b := browsertest.New(t)
	b.Visit(t, server.URL+"/?compare=year&theme=light", browsertest.Look{Name: "slider", Width: 1280})
	b.Do(t, "pressing keys on the slider", chromedp.Focus("#slider"), chromedp.KeyEvent(kb.ArrowLeft))
	until(t, b, "an arrow moves by a day and is told", `document.querySelector('#slider').getAttribute('aria-valuetext') === '2025-06-29' && document.querySelector('#as_of').value === '2025-06-29'`)
	b.Do(t, "going back a month", chromedp.KeyEvent(kb.PageDown))
	until(t, b, "Page Down moves to the end of a month", `document.querySelector('#slider').getAttribute('aria-valuetext') === '2025-05-31'`)
	if at := b.Eval(t, `location.search`); strings.Contains(at, "as_of") {
		t.Errorf("a key alone loads the day: %s", at)
	}
	b.Do(t, "loading the day", chromedp.KeyEvent(kb.Enter))
	until(t, b, "Enter loads the day", `location.search.includes('as_of=2025-05-31') && location.search.includes('compare=year') && location.search.includes('theme=light') && document.readyState === 'complete'`)
	b.Sees(t, "390")
	until(t, b, "the slider is found again", `document.activeElement.id === 'slider'`)
	for _, f := range b.Faults() {
		t.Error(f)
	}
}

func TestNewFiguresComeIntoTheOpenPageAndNothingIsTakenFromItsReader(t *testing.T) {
	f := newFixture(t)
	var stamp atomic.Int64
	server := httptest.NewServer(newBoard(t, f, func(o *made) {
		o.Stamp = func() string { return time.Unix(stamp.Load(), 0).UTC().Format(time.TimeOnly) }
	}))
	defer server.Close()
	key := schema.SeriesKey{Indicator: "ai-compute", Region: "210200"}
	lands := func(figure string) { // a feed
		all := append([]schema.Observation(nil), f.series[key]...)
		value := schema.MustDecimal(figure)
		last := &all[len(all)-1]
		last.Value, last.Written = &value, figure
		f.series[key] = all
		stamp.Add(1)
	}
	b := browsertest.New(t)
	const asks = `document.dispatchEvent(new Event('visibilitychange'))`
	open := func(path string) {
		b.Visit(t, server.URL+path, browsertest.Look{Name: "news", Width: 1280})
		until(t, b, "the page asks once", `performance.getEntriesByType('resource').some(e => e.name.endsWith('/board/now') && e.responseEnd > 0)`)
	}
	open("/")
	b.Do(t, "reading", chromedp.Evaluate[chromedp.Void](`document.getElementById('changes').open = true; scrollTo(0, 300); document.querySelector('#t-ai-compute a').focus({preventScroll: true})`))
	place := b.Eval(t, `String(scrollY)`)
	lands("433")
	b.Do(t, "asking", chromedp.Evaluate[chromedp.Void](asks))
	b.Sees(t, "433")
	until(t, b, "place, focus and what was opened are kept", `scrollY === `+place+` && document.activeElement.closest('#t-ai-compute') && document.getElementById('changes').open`)
	until(t, b, "it is said", `document.getElementById('news').innerText.includes('数据已更新')`)

	// Who has picked something out keeps it, and is told.
	b.Do(t, "picking out", chromedp.Evaluate[chromedp.Void](`getSelection().selectAllChildren(document.querySelector('.card h2'))`))
	lands("444")
	b.Do(t, "asking", chromedp.Evaluate[chromedp.Void](asks))
	until(t, b, "a link offers what is new", `!document.querySelector('#news a').hidden && document.getElementById('news').innerText.includes('有新数据，刷新查看')`)
	until(t, b, "and the page stays", `!document.querySelector('main').innerText.includes('444')`)

	// A past day that does not change is no news; an act that changes nothing is none.
	open("/?as_of=2025-05-31")
	lands("455")
	b.Do(t, "asking", chromedp.Evaluate[chromedp.Void](asks))
	until(t, b, "the page is looked at again", `performance.getEntriesByType('resource').filter(e => e.name.includes('as_of=2025-05-31')).length > 0`)
	until(t, b, "and says nothing", `document.querySelector('#news a').hidden && document.getElementById('news').innerText.trim() === ''`)
	for _, fault := range b.Faults() {
		t.Error(fault)
	}
}
