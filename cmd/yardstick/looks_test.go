package main

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// shown is a kind of page that a reader comes to.
type shown struct {
	name, path string
	from, link string // where its address is found, when it has a receipt's number in it
	lost       bool   // it is not there, and the browser says so
	bare       bool   // shows no figures: that this is a demonstration is enough
}

const policyPath = "/targets/dalian-2024-15/"

// kinds is every kind of page there is.
func kinds() []shown {
	return []shown{
		{name: "overview", path: "/"},
		{name: "lagging", path: "/lagging"},
		{name: "limits", path: "/limits"},
		{name: "districts", path: "/districts"},
		{name: "districts-one", path: "/districts?target=high-standard-farmland"},
		{name: "target-level", path: policyPath + "ai-compute"},
		{name: "target-share", path: policyPath + "strategic-industry-gdp-share"},
		{name: "target-limit", path: policyPath + "open-bid-subsidy-cap"},
		{name: "target-milestone", path: policyPath + "affordable-sale-housing-delivery"},
		{name: "target-cadence", path: policyPath + "bond-fund-report-cadence"},
		{name: "cell", from: policyPath + "strategic-industry-gdp-share", link: `/cells/[^"?]+`},
		{name: "figure", path: "/figures/strategic-industry-gdp-share/210200/ytd/2025-Q1"},
		{name: "receipt", from: "/feeds", link: `/receipts/[^"?]+`},
		{name: "indicators", path: "/indicators", bare: true},
		{name: "indicator", path: "/indicators/gdp"},
		{name: "feeds", path: "/feeds"},
		{name: "scorecard", path: "/scorecard"},
		{name: "closing", path: "/?as_of=2026-02-01"},
		{name: "lookback", path: "/?as_of=2025-03-31"},
		{name: "wall", path: "/?wall=1"},
		{name: "api", path: "/api/v1/", bare: true},
		{name: "lost", path: "/nothing", lost: true, bare: true},
		{name: "brief", path: "/brief?format=html"},
		{name: "upload", path: "/upload", bare: true},
		{name: "upload-report", path: "/upload/report", bare: true},
		{name: "upload-reports", path: "/upload/reports", bare: true},
		{name: "upload-review", path: "/upload/review", bare: true},
		{name: "upload-statements", path: "/upload/statements", bare: true},
		{name: "upload-statement", path: "/upload/statements/dalian-2024-15/soe-layer-compression", bare: true},
	}
}

// looks shows every kind of page on a phone, a desk, a large screen and a wall,
// in both shades and both languages: two sizes a language, the other two in the
// other, so that a page is loaded twice and seen four times.
func (d *demonstration) looks(t *testing.T) {
	v := &visitor{newBrowser(t), t, d.base}
	v.goes("/upload")
	v.do("signing in", chromedp.SendKeys("#token", "demo-reviewer"+kb.Enter))
	v.sees("核对文件")
	for i, page := range kinds() {
		path := page.path
		if page.link != "" {
			if path = regexp.MustCompile(page.link).FindString(d.page(t, page.from)); path == "" {
				t.Errorf("%s does not lead to %s", page.from, page.link)
				continue
			}
		}
		zh, en := [2]int64{390, 1920}, [2]int64{1280, 3840}
		if i%2 == 1 {
			zh, en = en, zh
		}
		dark := i%4 > 1
		v.showsAt(page, path, look{Dark: dark}, zh)
		v.showsAt(page, path, look{Dark: !dark, English: true}, en)
	}
	for _, l := range []look{{Name: "first", Width: 390}, {Name: "first", Width: 1280}} {
		l.Cold = true
		v.Visit(t, d.base+"/", l).Sound(t)
	}
}

// showsAt opens a page at one width, looks again at another, and holds it to what
// every page owes.
func (v *visitor) showsAt(page shown, path string, l look, widths [2]int64) {
	v.t.Helper()
	l.Name, l.Width = page.name, widths[0]
	v.Faults()
	p := v.Visit(v.t, v.base+path, l)
	if page.lost {
		v.Faults() // the browser tells of the 404, as it should
	}
	p.Sound(v.t)
	want := map[bool]string{false: "演示数据", true: "synthetic"}[l.English]
	if page.bare {
		want = map[bool]string{false: "演示", true: "emonstration"}[l.English]
	}
	if text := v.eval(`document.body.innerText`); !strings.Contains(text, want) {
		v.t.Errorf("%s does not say %q", p.Address, want)
	}
	l.Width = widths[1]
	v.Look(v.t, l).Fits(v.t)
}

// focus tells of the element that has the focus: what it is, whether it is seen
// whole or at least at its middle, and whether a line around it says so.
const focus = `JSON.stringify((() => {
  const e = document.activeElement, r = e.getBoundingClientRect(), style = getComputedStyle(e);
  const x = Math.min(Math.max(r.left + r.width / 2, 1), innerWidth - 2), y = r.top + Math.min(r.height / 2, 12), at = document.elementFromPoint(x, y);
  return {is: e.tagName + '#' + e.id + ' ' + (e.textContent || '').trim().slice(0, 20), body: e === document.body,
    seen: r.top >= 0 && r.bottom <= innerHeight + 1 && !!at && (e.contains(at) || at.contains(e)), lined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2};
})())`

// byKeyboard goes through pages with the tab key alone: the way past the
// navigation comes first, and what has the focus is always seen, with a line
// around it, never behind the bar of days.
func (d *demonstration) byKeyboard(t *testing.T) {
	b := newBrowser(t)
	for path, l := range map[string]look{
		"/": {Width: 1280, Height: 720}, "/lagging?lang=en": {Width: 390}, policyPath + "ai-compute": {Width: 1280, Height: 720},
	} {
		b.Visit(t, d.base+path, l)
		b.Keys(t, "the first tab", kb.Tab)
		if first := b.Eval(t, `document.activeElement.className + ' ' + (document.activeElement.getBoundingClientRect().left >= 0)`); first != "skip true" {
			t.Errorf("%s: the first tab comes to %s, not to the way past the navigation", path, first)
		}
		stops := 0
		for ; stops < 250; stops++ {
			b.Keys(t, "the next tab", kb.Tab)
			var at struct {
				Is                string
				Body, Seen, Lined bool
			}
			if err := json.Unmarshal([]byte(b.Eval(t, focus)), &at); err != nil {
				t.Fatal(err)
			}
			if at.Body {
				break
			}
			if !at.Seen || !at.Lined {
				t.Errorf("%s: the focus on %s: seen %v, with a line around it %v", path, at.Is, at.Seen, at.Lined)
			}
		}
		if stops < 20 {
			t.Errorf("%s: the tab key stops %d times", path, stops)
		}
		for _, f := range b.Faults() {
			t.Errorf("%s: %s", path, f)
		}
	}
}
