package main

import (
	"encoding/json"
	"errors"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/xuri/excelize/v2"

	"yardstick/schema"
)

// The board in a real browser, where a reader moves about in it, and in the
// states and at the sizes that no other test of the demonstration has.
func TestTheBoardWithARealBrowser(t *testing.T) {
	t.Parallel()
	d := demonstrate(t)
	defer d.end(t)
	t.Run("the slider of days is moved by keys and keeps what the address says", d.slides)
	b := handedIn(t, d)
	t.Run("the marked cell is in view with its headings on every screen", b.marked)
	t.Run("pages are clean in every state", b.clean)
	t.Run("the chart is read and the pace tried with the keyboard", b.chart)
	t.Run("new figures come into the open page and nothing is taken from its reader", b.news)
}

// boardReader reads what was handed in beside the samples.
type boardReader struct {
	d                    *demonstration
	wide, refused, asked string // receipts: of one workbook, accepted and refused by a feed, and of a figure asked about
}

// farCell is deep in the workbook, with columns and rows before and after it.
const farCell = "/Sheet1%21AH30"

func handedIn(t *testing.T, d *demonstration) boardReader {
	t.Helper()
	book, seen := wideBook(t), []string{"--answer", "hidden=take", "--answer", "explain.unit-slip=试填", "--answer", "explain.part-beside-whole=试填"}
	r := boardReader{d: d, wide: d.handIn(t, 0, book, seen...), refused: d.handIn(t, 3, book, append(seen, "--feed", "agriculture-and-trade")...)}
	r.asked = d.handIn(t, 4, write(t, "asked.csv", "indicator,region,period,value,unit\nhigh-standard-farmland,210281,2025-06,9,亩\n"), "--feed", "districts")
	d.output(t, "attach", strings.TrimPrefix(r.wide, "/receipts/"), write(t, "签字件.txt", "与台账一致"), "--as", "signed-form", "--actor", "填报人甲")
	return r
}

// wideBook writes a workbook of 44 columns and 49 rows: months from 2022-01 on by
// indicator and district. It replaces figures of the samples. A column and a row of
// it are hidden, and the far cell is a formula.
func wideBook(t *testing.T) string {
	t.Helper()
	head := []any{"indicator", "region", "unit"}
	for p := schema.Month(2022, 1); !p.First().After(schema.NewDate(2025, 5, 1)); p = p.Next() {
		head = append(head, p.String())
	}
	rows := [][]any{head}
	for _, of := range [][2]string{{"ai-compute", "PFlops"}, {"innovation-consortia", "家"}, {"fair-price-shops", "个"},
		{"high-standard-farmland", "亩"}, {"affordable-homes", "套"}, {"low-altitude-scenarios", "个"}} {
		for _, region := range []string{"210202", "210203", "210204", "210211", "210212", "210213", "210224", "210281"} {
			row := []any{of[0], region, of[1]}
			for i := range head[3:] {
				row = append(row, 10+i)
			}
			rows = append(rows, row)
		}
	}
	f, path := excelize.NewFile(), filepath.Join(t.TempDir(), "wide.xlsx")
	var err error
	for i, row := range rows {
		err = errors.Join(err, f.SetSheetRow("Sheet1", "A"+strconv.Itoa(i+1), &row))
	}
	err = errors.Join(err, f.SetColVisible("Sheet1", "AF", false), f.SetRowVisible("Sheet1", 28, false), f.SetCellFormula("Sheet1", "AH30", "AG30+1"), f.SaveAs(path))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// handIn has a file read and gives the page of its receipt; the command ends with
// status.
func (d *demonstration) handIn(t *testing.T, status int, file string, args ...string) string {
	t.Helper()
	cmd := d.command(append([]string{"ingest", file, "--output", "json"}, args...)...)
	said, err := cmd.Output()
	if got := cmd.ProcessState.ExitCode(); got != status {
		t.Fatalf("handing in ended with %d, want %d: %v\n%s", got, status, err, said)
	}
	var r schema.Receipt
	if err := json.Unmarshal(said, &r); err != nil {
		t.Fatal(err)
	}
	return "/receipts/" + r.ID
}

// until asks the page until it says yes, and ends the test with why it should
// have when it does not.
func until(t *testing.T, b *browser, why, script string) {
	t.Helper()
	for end := time.Now().Add(5 * time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if b.Eval(t, `String(!!(`+script+`))`) == "true" {
			return
		}
	}
	t.Fatalf("%s: %s\n%s", why, script, b.Eval(t, `location.href + ' ' + document.activeElement.outerHTML.slice(0, 200)`))
}

func (d *demonstration) slides(t *testing.T) {
	b := newBrowser(t)
	b.Visit(t, d.base+"/?compare=year&theme=light", look{Name: "slider", Width: 1280})
	b.Do(t, "pressing keys on the slider", chromedp.Focus("#slider"), chromedp.KeyEvent(kb.ArrowLeft))
	until(t, b, "an arrow moves by a day and is told", `document.querySelector('#slider').getAttribute('aria-valuetext') === '2025-06-29' && document.querySelector('#as_of').value === '2025-06-29'`)
	b.Do(t, "going back a month", chromedp.KeyEvent(kb.PageDown))
	until(t, b, "Page Down moves to the end of a month", `document.querySelector('#slider').getAttribute('aria-valuetext') === '2025-05-31'`)
	if at := b.Eval(t, `location.search`); strings.Contains(at, "as_of") {
		t.Errorf("a key alone loads the day: %s", at)
	}
	b.Do(t, "loading the day", chromedp.KeyEvent(kb.Enter))
	until(t, b, "Enter loads the day", `location.search.includes('as_of=2025-05-31') && location.search.includes('compare=year') && location.search.includes('theme=light') && document.readyState === 'complete'`)
	b.Sees(t, "385")
	until(t, b, "the slider is found again", `document.activeElement.id === 'slider'`)
	for _, f := range b.Faults() {
		t.Error(f)
	}
}

// where tells how the marked cell stands in its table's window, whether its
// headings are in view with it, and what the keyboard reaches.
const where = `JSON.stringify((() => {
  const box = document.querySelector('.kept-box'), cell = document.getElementById('here');
  const b = box.getBoundingClientRect(), c = cell.getBoundingClientRect();
  const seen = (e) => { const r = e.getBoundingClientRect(); return r.right > b.left && r.left < b.right && r.bottom > b.top && r.top < b.bottom; };
  const number = cell.parentElement.querySelector('th').getBoundingClientRect();
  const side = cell.parentElement.querySelector('.side').getBoundingClientRect();
  const told = {inside: c.left >= b.left && c.right <= b.right && c.top >= b.top && c.bottom <= b.bottom, covered: c.left < side.right - 1,
    letters: [...box.querySelectorAll('thead th')].some((e) => e.textContent === 'AH' && seen(e)), number: number.left >= b.left, head: seen(document.getElementById('c-AH1')),
    side: side.left >= b.left && side.width > 20, label: box.getAttribute('aria-label'), caption: !!box.querySelector('caption'), formula: cell.title.includes('公式'), current: cell.getAttribute('aria-current')};
  document.querySelector('a[href="#here"]').click();
  return {...told, focus: document.activeElement === box};
})())`

func (r boardReader) cell() string {
	return strings.Replace(r.wide, "/receipts/", "/cells/", 1) + farCell
}

func (r boardReader) marked(t *testing.T) {
	b := newBrowser(t)
	for _, width := range []int64{390, 1280, 1920} {
		b.Visit(t, r.d.base+r.cell(), look{Width: width})
		said := b.Eval(t, where)
		var w struct {
			Inside, Covered, Letters, Number, Head, Side, Focus, Caption, Formula bool
			Label, Current                                                        string
		}
		if err := json.Unmarshal([]byte(said), &w); err != nil {
			t.Fatal(err)
		}
		if !w.Inside || w.Covered || !w.Side || !w.Letters || !w.Number || !w.Head || !w.Focus || !w.Caption || !w.Formula || w.Label == "" || w.Current != "true" {
			t.Errorf("at %d px: %s", width, said)
		}
	}
}

// sight is a page under one look.
type sight struct {
	path string
	look
}

// sights are the states and the sizes beside those of kinds.
func (r boardReader) sights() []sight {
	var out []sight
	add := func(name, path string, dark bool, widths ...int64) {
		for _, w := range widths {
			out = append(out, sight{path, look{Name: name, Width: w, Dark: dark}})
		}
	}
	const ways = policyPath + "high-standard-farmland"
	add("overview", "/", false, 390, 800, 5120)
	add("overview", "/?lang=en", true, 1280)
	add("target", policyPath+"high-growth-firms", false, 1280)
	add("target", policyPath+"high-growth-firms?lang=en", true, 390)
	add("statement", policyPath+"ai-compute", false, 390)
	add("statement", policyPath+"ai-compute?lang=en", true, 1280)
	add("unsaid", policyPath+"soe-layer-compression", false, 390)
	add("feeds", "/feeds", false, 1280)
	add("feeds", "/feeds?lang=en", true, 390)
	add("receipt", r.refused, true, 390, 1920)
	add("receipt", r.refused+"?lang=en", false, 1280)
	add("receipt-in-force", r.wide, false, 1280)
	add("receipt-asked", r.asked, true, 390)
	add("receipt-asked", r.asked+"?lang=en", false, 1280)
	add("ways", ways+"?rate=2", false, 1280)
	add("ways", ways+"?rate=many&lang=en", true, 390)
	add("cell", r.cell(), false, 390, 1280)
	add("cell", r.cell()+"?lang=en", true, 1280)
	add("figure", "/figures/strategic-industry-gdp-share/210200/ytd/2025-Q1", false, 390)
	add("scorecard", "/scorecard", false, 390)
	add("scorecard", "/scorecard?lang=en", true, 1920)
	add("districts", "/districts", false, 390)
	add("districts-one", "/districts?target=high-standard-farmland", false, 1280)
	add("districts-one", "/districts?target=high-standard-farmland&scale=common&lang=en", true, 390)
	add("back", "/?as_of=2025-05-31", false, 1280)
	add("lagging", "/lagging?worst=27", false, 800, 3840)
	add("limits", "/limits?lang=en", true, 390)
	add("closing", "/?as_of=2026-01-01", false, 390)
	add("closing", "/?as_of=2026-01-01&lang=en", true, 1280)
	add("theme", "/?theme=dark", true, 1280)
	add("wall", "/?wall=1", false, 1920, 3840, 5120)
	return append(out, sight{"/", look{Name: "paper", Width: 1040, Paper: true}},
		sight{r.cell(), look{Name: "cell-paper", Width: 1040, Paper: true}})
}

// stateOf is what the page looked at under a name is looked at for; "" is none.
func stateOf(name string) string {
	return map[string]string{
		"overview": "#changes", "scorecard": ".scroll ~ .scroll table", "feeds": "dd.warn", "cell": ".kept:has(thead .hidden):has(tr.hidden) #here",
		"receipt": "table.troubles td.written", "receipt-asked": "table.troubles td code", "receipt-in-force": `.scroll[aria-label="数值变化"] td.strong`,
	}[name]
}

func (r boardReader) clean(t *testing.T) {
	b := newBrowser(t)
	grounds := map[bool][]string{}
	seen := map[string]bool{}
	for _, s := range r.sights() {
		s.Cold = !seen[s.Name]
		seen[s.Name] = true
		p := b.Visit(t, r.d.base+s.path, s.look)
		p.Sound(t)
		if state := stateOf(s.Name); state != "" && b.Eval(t, `String(!!document.querySelector('`+state+`'))`) != "true" {
			t.Errorf("%s does not show %s", s.path, state)
		}
		grounds[s.Dark] = append(grounds[s.Dark], p.Layout.Ground)
	}
	for _, l := range []look{{Name: "lost", Width: 390, Dark: true}, {Name: "lost", Width: 1280, English: true}} {
		p := b.Visit(t, r.d.base+"/nothing", l)
		b.Faults() // the browser tells of the 404, as it should
		p.Sound(t)
	}
	if slices.Contains(grounds[true], grounds[false][0]) {
		t.Errorf("a dark page has the ground of a light one: %v", grounds[true])
	}
}

func (r boardReader) news(t *testing.T) {
	lands := func(figure string) { // a feed
		r.d.output(t, "report-value", "ai-compute", figure, "--period", "2025-05")
	}
	b := newBrowser(t)
	const asks = `document.dispatchEvent(new Event('visibilitychange')), `
	open := func(path string) {
		b.Visit(t, r.d.base+path, look{Name: "news", Width: 1280})
		until(t, b, "the page asks once", `performance.getEntriesByType('resource').some(e => e.name.endsWith('/board/now') && e.responseEnd > 0)`)
	}
	open("/")
	b.Do(t, "reading", chromedp.Evaluate[chromedp.Void](`document.getElementById('changes').open = true; scrollTo(0, 300); document.querySelector('#t-ai-compute a').focus({preventScroll: true})`))
	place := b.Eval(t, `String(scrollY)`)
	lands("433")
	until(t, b, "what is new is seen", asks+`document.querySelector('main').innerText.includes('433')`)
	until(t, b, "place, focus and what was opened are kept", `scrollY === `+place+` && document.activeElement.closest('#t-ai-compute') && document.getElementById('changes').open`)
	until(t, b, "it is said", `document.getElementById('news').innerText.includes('数据已更新')`)

	// Who has picked something out keeps it, and is told.
	b.Do(t, "picking out", chromedp.Evaluate[chromedp.Void](`getSelection().selectAllChildren(document.querySelector('.card h2'))`))
	lands("444")
	until(t, b, "a link offers what is new", asks+`!document.querySelector('#news a').hidden && document.getElementById('news').innerText.includes('有新数据，刷新查看')`)
	until(t, b, "and the page stays", `!document.querySelector('main').innerText.includes('444')`)

	// A past day that does not change is no news; an act that changes nothing is none.
	open("/?as_of=2025-05-31")
	lands("455")
	until(t, b, "the page is looked at again", asks+`performance.getEntriesByType('resource').filter(e => e.name.includes('as_of=2025-05-31')).length > 0`)
	until(t, b, "and says nothing", `document.querySelector('#news a').hidden && document.getElementById('news').innerText.trim() === ''`)
	for _, fault := range b.Faults() {
		t.Error(fault)
	}
}

// drive does in a browser what a reader does with the keyboard, and tells what
// came of it.
const drive = `(async () => {
  const until = async (f) => { for (let i = 0; i < 200; i++) { const x = f(); if (x) return x; await new Promise((r) => setTimeout(r, 25)); } return ''; };
  const stage = await until(() => document.querySelector('#trajectory .live canvas') && document.querySelector('#trajectory .live'));
  if (!stage) return JSON.stringify({stage: false});
  const key = (k) => stage.dispatchEvent(new KeyboardEvent('keydown', {key: k, bubbles: true}));
  const said = () => document.querySelector('.readout').textContent;
  stage.focus(); key('ArrowLeft');
  const last = said();
  key('End');
  const forecast = said();
  const box = document.querySelector('.legend .k-fan input');
  box.click();
  key('End');
  const without = said();
  const back = document.querySelector('.known input');
  back.value = '2'; back.dispatchEvent(new Event('input', {bubbles: true}));
  const day = document.querySelector('.known output').textContent, link = document.querySelector('.shows a').getAttribute('href');
  const slide = document.querySelector('#try input[type=range]');
  slide.value = slide.max; slide.dispatchEvent(new Event('input', {bubbles: true}));
  const answer = await until(() => document.getElementById('if').textContent.trim());
  return JSON.stringify({stage: true, focused: document.activeElement === stage, hidden: getComputedStyle(document.querySelector('#trajectory > svg')).display,
    last, forecast, without, day, link, answer, rate: document.getElementById('rate').value, assumed: !document.querySelector('.k-whatif').hidden});
})()`

func (r boardReader) chart(t *testing.T) {
	r.d.output(t, "report-value", "ai-compute", "422", "--period", "2025-05")
	b := newBrowser(t)
	b.Visit(t, r.d.base+policyPath+"ai-compute", look{})
	said := b.Await(t, drive)
	var got struct {
		Stage, Focused, Assumed                                  bool
		Hidden, Last, Forecast, Without, Day, Link, Answer, Rate string
	}
	if err := json.Unmarshal([]byte(said), &got); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	if !got.Stage || !got.Focused || got.Hidden != "none" {
		t.Fatalf("the chart is not there: %s", said)
	}
	has(t, "the last figure", got.Last, "2025年5月", "422 PFlops", "公布 2025-06-30", "共公布2次")
	has(t, "the forecast", got.Forecast, "2025-12-31预测：中位数", "80%区间")
	if got.Without != got.Last {
		t.Errorf("without the fan the last stop is the last figure: %s", got.Without)
	}
	if !strings.HasPrefix(got.Day, "202") || !strings.Contains(got.Link, "as_of="+got.Day) {
		t.Errorf("looked back to %q, with the link %q", got.Day, got.Link)
	}
	if got.Rate == "" || !got.Assumed {
		t.Errorf("the pace tried is not shown: %s", said)
	}
	has(t, "the pace tried", got.Answer, "若今后每个月")
	for _, fault := range b.Faults() {
		t.Error(fault)
	}
}
