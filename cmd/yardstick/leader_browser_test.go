package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"yardstick/schema"
	"yardstick/schema/words"
)

// leader is somebody at the board who gets about by clicking alone.
type leader struct {
	*visitor
	lang   string
	clicks int
}

func newLeader(t *testing.T, d *demonstration, lang string) *leader {
	t.Helper()
	return &leader{visitor: &visitor{newBrowser(t), t, d.base}, lang: lang}
}

// say is a sentence of the catalogue in the leader's language.
func (l *leader) say(id string, args ...any) string { return words.Say(id, args...).In(l.lang) }

// begins opens a page of the board; the language is reached by its switch,
// which is no click of the count.
func (l *leader) begins(path string) {
	l.t.Helper()
	l.goes(path)
	if l.lang == "en" {
		l.follow("nav a[hreflang=en]", "English")
	}
	l.clicks = 0
}

// spot finds the first visible element that matches and has exactly that text
// (none: any), brings it into view and tells its middle; it must be what a
// pointer there would hit.
const spot = `((selector, text) => {
  const plain = s => s.replace(/\s+/g, ' ').trim();
  const seen = e => { const r = e.getBoundingClientRect(), s = getComputedStyle(e);
    return r.width > 2 && r.height > 2 && s.visibility === 'visible' && s.opacity !== '0'; };
  const e = [...document.querySelectorAll(selector)].find(e => seen(e) && (!text || plain(e.innerText) === plain(text)));
  if (!e) return JSON.stringify({fault: 'nothing visible matches ' + selector + ' “' + text + '”'});
  e.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'});
  const r = e.getClientRects()[0], x = r.left + r.width / 2, y = r.top + r.height / 2;
  const hit = document.elementFromPoint(x, y);
  if (!hit || !e.contains(hit)) return JSON.stringify({fault: selector + ' “' + text + '” is covered by ' + (hit ? hit.outerHTML.slice(0, 120) : 'nothing')});
  window.left = true;
  return JSON.stringify({x, y});
})(%s, %s)`

// press clicks with the mouse on what spot finds.
func (l *leader) press(selector, text string) {
	l.t.Helper()
	var at struct {
		X, Y  float64
		Fault string
	}
	quoted := func(s string) string { b, _ := json.Marshal(s); return string(b) }
	if err := json.Unmarshal([]byte(l.eval(fmt.Sprintf(spot, quoted(selector), quoted(text)))), &at); err != nil {
		l.t.Fatal(err)
	}
	if at.Fault != "" {
		l.t.Fatalf("after %d clicks, at %s: %s", l.clicks, l.eval(`location.href`), at.Fault)
	}
	l.do("clicking "+selector+" "+text, chromedp.MouseClickXY(at.X, at.Y))
	l.clicks++
}

// follow clicks a link and waits for its page.
func (l *leader) follow(selector, text string) {
	l.t.Helper()
	l.press(selector, text)
	for end := time.Now().Add(10 * time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		// An error is a page that is just being left.
		if state, err := chromedp.Run(l.Context(), chromedp.Evaluate[string](`window.left ? 'here' : document.readyState`)); err == nil && state == "complete" {
			return
		}
	}
	l.t.Fatalf("%s “%s” leads nowhere", selector, text)
}

// within fails the test when the way took more clicks than that.
func (l *leader) within(most int) {
	l.t.Helper()
	if l.clicks > most {
		l.t.Errorf("it took %d clicks, want %d at most", l.clicks, most)
	}
	l.quiet("on the way")
}

// texts is what the parts of each element that matches say: by its id without
// t-, else in order; the whole stands under "".
func (l *leader) texts(each string, parts ...string) map[string]map[string]string {
	l.t.Helper()
	b, err := json.Marshal(append([]string{}, parts...))
	if err != nil {
		l.t.Fatal(err)
	}
	script := fmt.Sprintf(`JSON.stringify(Object.fromEntries([...document.querySelectorAll(%q)].map((e, i) => [e.id.replace(/^t-/, '') || String(i),
  Object.fromEntries([['', e.innerText.replace(/\s+/g, ' ')], ...%s.map(p => [p, [...e.querySelectorAll(p)].map(x => x.innerText.replace(/\s+/g, ' ').trim()).join(' ')])])])))`, each, b)
	out := map[string]map[string]string{}
	if err := json.Unmarshal([]byte(l.eval(script)), &out); err != nil {
		l.t.Fatal(err)
	}
	return out
}

// read is an answer of the API.
func read[T any](t *testing.T, d *demonstration, path string) (out T) {
	t.Helper()
	if err := json.Unmarshal(d.get(t, path), &out); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return out
}

// has fails the test where said lacks one of the texts.
func has(t *testing.T, where, said string, wants ...string) {
	t.Helper()
	plain := strings.Join(strings.Fields(said), " ")
	for _, want := range wants {
		if want = strings.Join(strings.Fields(want), " "); !strings.Contains(plain, want) {
			t.Errorf("%s does not say %q:\n%s", where, want, plain)
		}
	}
}

// leader asks the running demonstration what a leader asks, by clicks alone, and
// holds each answer against the API.
func (d *demonstration) leader(t *testing.T) {
	now, then := d.apiVerdicts(t, "2025-06-30"), d.apiVerdicts(t, "2025-05-31")
	days := map[schema.Date]map[string]schema.Verdict{}
	for _, lang := range []string{"zh", "en"} {
		q := questions{d: d, now: now, then: then, days: days, l: newLeader(t, d, lang)}
		for _, x := range []struct {
			name string
			ask  func(*testing.T)
		}{
			{"who is responsible", q.who}, {"how is it compared with last month", q.since}, {"which are the worst thirteen", q.worst},
			{"which districts", q.districts}, {"is it final", q.final}, {"since when", q.when}, {"why", q.why},
			{"when will it be done", q.done}, {"what would it take", q.takes}, {"what did we know on 31 March", q.known},
		} {
			t.Run(x.name+" "+lang, func(t *testing.T) {
				q.l.t = t
				q.l.begins("/")
				x.ask(t)
				q.l.within(2)
			})
		}
	}
	w := walks{d: d, now: now, l: newLeader(t, d, "zh"), all: read[[]schema.Observation](t, d, "/api/v1/observations?vintages=all")}
	t.Run("from each kind of figure to its cell", w.toCells)
	t.Run("from a cell to who sent it, what it replaced and what it decided", w.beyond)
	t.Run("from the brief's figures to their cells", w.fromBrief)
	t.Run("a cadence's gap is the verdict's on every page", w.cadences)
}

// statusWord is a verdict's status as pages word it.
func (l *leader) statusWord(v schema.Verdict) string {
	switch limited := v.Kind == schema.Ceiling || v.Kind == schema.Floor; {
	case v.Status == schema.OnTrack && limited:
		return l.say("board-within-limit")
	case v.Status == schema.Open && v.Marks.NotBegun:
		return l.say("board-not-begun")
	}
	return v.Status.Label().In(l.lang)
}
