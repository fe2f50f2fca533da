package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// visitor is somebody at a real browser, and what the browser complains about.
type visitor struct {
	t    *testing.T
	ctx  context.Context
	base string

	mu     sync.Mutex
	faults []string
}

func newVisitor(t *testing.T, base string) *visitor {
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
	ctx, late := context.WithTimeout(ctx, 4*time.Minute)
	t.Cleanup(late)
	v := &visitor{t: t, ctx: ctx, base: base}
	if err := chromedp.Listen(ctx, v.listen); err != nil {
		t.Fatalf("starting Chromium: %v", err)
	}
	return v
}

func (v *visitor) listen(event any) {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		v.faults = append(v.faults, "the console says: "+string(e.Type))
	case *runtime.EventExceptionThrown:
		v.faults = append(v.faults, "a script broke: "+e.ExceptionDetails.Text)
	case *cdplog.EventEntryAdded:
		v.faults = append(v.faults, fmt.Sprintf("the browser says: %s %s %s", e.Entry.Level, e.Entry.Text, e.Entry.URL))
	case *network.EventRequestWillBeSent:
		u, err := url.Parse(e.Request.URL)
		if err != nil || u.Scheme != "data" && u.Scheme+"://"+u.Host != v.base {
			v.faults = append(v.faults, "a request leaves for "+e.Request.URL)
		}
	}
}

// quiet fails the test for what the browser complained about on the way to a
// page.
func (v *visitor) quiet(where string) {
	v.t.Helper()
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, f := range v.faults {
		v.t.Errorf("%s: %s", where, f)
	}
	v.faults = nil
}

func (v *visitor) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		at, _ := chromedp.Run(v.ctx, chromedp.Location())
		page, _ := chromedp.Run(v.ctx, chromedp.Evaluate[string](`document.querySelector('main').innerText`))
		v.t.Fatalf("%s: %v\nat %s\n%s", what, err, at, page)
	}
}

func (v *visitor) eval(script string) string {
	v.t.Helper()
	out, err := chromedp.Run(v.ctx, chromedp.Evaluate[string](script))
	if err != nil {
		v.t.Fatalf("%s: %v", script, err)
	}
	return out
}

// sees waits until the page's main part says text.
func (v *visitor) sees(text string) {
	v.t.Helper()
	quoted, _ := json.Marshal(text)
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		found, err := chromedp.Run(v.ctx, chromedp.Evaluate[bool](`!!document.querySelector('main') && document.querySelector('main').innerText.includes(`+string(quoted)+`)`))
		if err == nil && found {
			return
		}
	}
	page := v.eval(`location.href + '\n' + document.querySelector('main').innerText`)
	v.t.Fatalf("the page does not say %q:\n%s", text, page)
}

// sound looks for a sideways scroll, ids used twice, fields without a label,
// text that is hard to read, and more than one main heading.
const sound = `JSON.stringify((() => {
  const faults = [], ids = new Set();
  const say = (what, e) => faults.push(what + ' ' + e.tagName + (e.id ? '#' + e.id : '') + '.' + (e.getAttribute('class') || '') + ' ' + (e.textContent || '').trim().slice(0, 20));
  const light = c => { const v = c.map(x => { x /= 255; return x <= .03928 ? x / 12.92 : Math.pow((x + .055) / 1.055, 2.4); }); return .2126 * v[0] + .7152 * v[1] + .0722 * v[2]; };
  const rgb = s => { const m = s.match(/[\d.]+/g).map(Number); return m.length > 3 && m[3] < 1 ? null : m.slice(0, 3); };
  const ground = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (c !== 'rgba(0, 0, 0, 0)' && rgb(c)) return rgb(c); } return [255, 255, 255]; };
  for (const e of document.querySelectorAll('body *')) {
    if (e.id) { if (ids.has(e.id)) say('id twice', e); ids.add(e.id); }
    const hidden = !e.getClientRects().length;
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(e.tagName) && e.type !== 'hidden' && !e.labels.length && !e.getAttribute('aria-label')) say('no label', e);
    if (/^(A|BUTTON)$/.test(e.tagName) && !e.textContent.trim() && !e.getAttribute('aria-label')) say('no name', e);
    if (hidden || e.closest('svg') || e.className === 'skip') continue;
    const r = e.getBoundingClientRect();
    if (r.right > innerWidth + 1 && !e.closest('.scroll') && getComputedStyle(e).position !== 'absolute') say('wide', e);
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    if (own && !e.disabled) {
      const c = rgb(getComputedStyle(e).color);
      if (c) { const a = light(c), b = light(ground(e)), ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05); if (ratio < 4.5) say('contrast ' + ratio.toFixed(2), e); }
    }
  }
  for (const e of document.querySelectorAll('[href^="#"]')) if (!document.getElementById(decodeURIComponent(e.getAttribute('href').slice(1)))) say('leads nowhere ' + e.getAttribute('href'), e);
  const over = document.documentElement.scrollWidth - innerWidth;
  if (over > 0) faults.push('scrolls sideways by ' + over);
  if (document.querySelectorAll('h1').length !== 1) faults.push('main headings: ' + document.querySelectorAll('h1').length);
  return faults.slice(0, 12);
})())`

// look checks the page that is shown, wide and narrow, light and dark, and
// keeps pictures of it where YARDSTICK_SCREENSHOTS names a folder.
func (v *visitor) look(name string) {
	v.t.Helper()
	v.quiet(name)
	for _, l := range []struct {
		width int64
		shade string
	}{{1280, "dark"}, {390, "light"}, {1280, "light"}} {
		_, err := chromedp.Call(v.ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
			Width: l.width, Height: 800, DeviceScaleFactor: 1, Mobile: l.width < 500})
		if err == nil {
			_, err = chromedp.Call(v.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
				Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: l.shade}}})
		}
		if err != nil {
			v.t.Fatal(err)
		}
		var faults []string
		if err := json.Unmarshal([]byte(v.eval(sound)), &faults); err != nil {
			v.t.Fatal(err)
		}
		for _, f := range faults {
			v.t.Errorf("%s at %d px, %s: %s", name, l.width, l.shade, f)
		}
		shots := os.Getenv("YARDSTICK_SCREENSHOTS")
		if shots == "" || l.shade == "dark" && name != "preview-findings" && name != "receipt" {
			continue
		}
		shot, err := chromedp.Run(v.ctx, chromedp.FullScreenshot(100))
		if err == nil {
			err = os.WriteFile(filepath.Join(shots, fmt.Sprintf("upload-%s-%s-%d.png", name, l.shade, l.width)), shot, 0o600)
		}
		if err != nil {
			v.t.Error(err)
		}
	}
	v.quiet(name)
}

// key presses a key so many times.
func (v *visitor) key(what string, keys ...string) {
	v.t.Helper()
	for _, k := range keys {
		v.do(what, chromedp.KeyEvent(k))
	}
}

// tabTo goes on with the tab key until the focus is on what matches.
func (v *visitor) tabTo(selector string) {
	v.t.Helper()
	quoted, _ := json.Marshal(selector)
	for range 200 {
		v.key("going to "+selector, kb.Tab)
		on, err := chromedp.Run(v.ctx, chromedp.Evaluate[bool](`document.activeElement.matches(`+string(quoted)+`)`))
		if err != nil {
			v.t.Fatal(err)
		}
		if on {
			return
		}
	}
	v.t.Fatalf("the tab key never comes to %s", selector)
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAStatisticianHandsInWithARealBrowser(t *testing.T) {
	t.Parallel()
	d := demonstrate(t)
	defer d.end(t)
	v := newVisitor(t, d.base)
	v.signIn(t, "demo")
	t.Run("a file dropped, and an upload broken off", v.dropped)
	t.Run("a file with faults", v.faulty)
	t.Run("a file with a question", v.answered)
	t.Run("a figure by keyboard alone", v.byKeyboard)
	t.Run("what was handed in, and the handover", v.lists)
	t.Run("a reviewer locks", v.reviewer)
}

func (v *visitor) signIn(t *testing.T, token string) {
	v.t = t
	v.do("opening", chromedp.Navigate(v.base+"/upload"))
	v.sees("数据报送")
	v.look("signin")
	v.do("a wrong token", chromedp.SendKeys("#token", "nonsense"+kb.Enter))
	v.sees("令牌不对")
	v.mu.Lock()
	v.faults = nil // the browser tells of the 403, as it should
	v.mu.Unlock()
	v.do("signing in", chromedp.SendKeys("#token", token+kb.Enter))
	v.sees("核对文件")
	v.look("send")
}

// send chooses a feed and a file and goes on to the preview.
func (v *visitor) send(feed, path string) {
	v.t.Helper()
	v.do("sending "+path, chromedp.Navigate(v.base+"/upload"), chromedp.SetValue("#feed", feed), chromedp.SetUploadFiles("#file", []string{path}),
		chromedp.Click("form.send button.main"))
	v.sees("核对报送")
}

// dropped lets a file fall on the page, and breaks off the upload of another.
func (v *visitor) dropped(t *testing.T) {
	v.t = t
	v.do("opening", chromedp.Navigate(v.base+"/upload"), chromedp.WaitVisible(".drop"))
	got := v.eval(`(() => {
	  const d = new DataTransfer();
	  d.items.add(new File(['indicator,region,period,value\nai-compute,210200,2025-06,425\n'], '拖放.csv', {type: 'text/csv'}));
	  const e = new DragEvent('drop', {dataTransfer: d, bubbles: true, cancelable: true});
	  document.querySelector('.drop').dispatchEvent(e);
	  return e.defaultPrevented + ' ' + document.querySelector('#file').files[0].name;
	})()`)
	if got != "true 拖放.csv" {
		t.Errorf("dropping gave %q", got)
	}
	v.do("a long one", chromedp.SetValue("#feed", "industry"), chromedp.SetUploadFiles("#file", []string{write(t, "大.csv", strings.Repeat("x,y\n", 2<<20))}))
	v.slow(200 << 10)
	v.do("sending and breaking off", chromedp.Click("form.send button.main"), chromedp.WaitVisible(".cancel"), chromedp.Click(".cancel"))
	v.sees("已取消，没有上传")
	v.slow(-1)
	if held := v.eval(`document.querySelector('form.send button.main').disabled + ''`); held != "false" {
		t.Error("the form cannot be sent again")
	}
	v.quiet("breaking off")
}

// slow lets the line carry so many bytes a second upwards; -1 any number.
func (v *visitor) slow(upward float64) {
	v.t.Helper()
	_, err := chromedp.Call(v.ctx, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{URLPattern: "", DownloadThroughput: -1, UploadThroughput: upward}}})
	if err != nil {
		v.t.Fatal(err)
	}
}

func (v *visitor) faulty(t *testing.T) {
	v.t = t
	v.send("agriculture-and-trade", write(t, "五月.csv", `指标,地区,时期,数值,来源
高标准农田,大连市,2025年4月,29.4,农业农村局
高标准农田,大连市,2025年5月,三十一,农业农村局
高标准农天,大连市,2025年5月,31.4,农业农村局
高标准农田,大连市,2025年6月,33.0,农业农村局
`))
	v.sees("处需要改正")
	v.look("preview-findings")
	v.key("to the next finding", "n")
	first := v.eval(`document.activeElement.id`)
	v.key("to the one after it and back", "n", "p")
	if back := v.eval(`document.activeElement.id`); first != "p1" || back != first {
		t.Errorf("n and p led to %q and back to %q", first, back)
	}
	v.do("to its cell", chromedp.Click("#p1 a.place"))
	if hash := v.eval(`location.hash`); hash != "#c1-D3" {
		t.Errorf("the finding leads to %s", hash)
	}
	if marked := v.eval(`document.querySelector('#c1-D3').className + document.querySelectorAll('#c1-D3 .mark svg').length`); marked != "on-lagging1" {
		t.Errorf("the cell is marked %q", marked)
	}
	v.do("giving up", chromedp.Click(`button[value="discard"]`))
	v.sees("核对文件")
	v.quiet("giving up")
}

func (v *visitor) answered(t *testing.T) {
	v.t = t
	v.send("agriculture-and-trade", write(t, "更正.csv", "指标,地区,时期,数值\n高标准农田,大连市,2025年5月,31.6\n高标准农田,大连市,2025年4月,29.4\n"))
	v.sees("处需要确认")
	v.look("preview-question")
	v.do("answering", chromedp.Click(`.question input[value="万亩"]`), chromedp.Click(`button.check`))
	v.sees("可以报送")
	v.sees("+0.2")
	v.look("preview-ready")
	v.do("a reason and confirming", chromedp.SetValue("#correction", "clerical"), chromedp.Click(`button[value="confirm"]`))
	v.sees("报送回执")
	v.sees("已入库")
	v.look("receipt")
	v.do("a scan", chromedp.SetUploadFiles("#scan", []string{write(t, "签字.pdf", "%PDF-1.4 scan")}), chromedp.Click(`form[action$="/attach"] button`))
	v.sees("签字.pdf")
	v.do("the form", chromedp.Click(`.links a`))
	v.sees("报送确认单")
	v.look("form")
	v.do("back to withdraw", chromedp.Click(`.crumb a`), chromedp.WaitVisible("#reason"), chromedp.SendKeys("#reason", "单位写错"), chromedp.Click(`form[action$="/withdraw"] button`))
	v.sees("已撤回")
	v.look("withdrawn")
}

// byKeyboard enters a figure without a pointing device.
func (v *visitor) byKeyboard(t *testing.T) {
	v.t = t
	v.do("the form", chromedp.Navigate(v.base+"/upload/report?feed=industry"))
	v.sees("直接填报")
	v.look("enter")
	v.tabTo(`input[name="value:ai-compute/210200"]`)
	v.key("a figure", "4", "2", "5", kb.Enter)
	v.sees("核对报送")
	v.sees("可以报送")
	v.look("preview-entered")
	v.tabTo(`button[value="confirm"]`)
	v.key("confirming", kb.Enter)
	v.sees("报送回执")
	v.sees("已入库")
	v.quiet("by keyboard")
}

func (v *visitor) lists(t *testing.T) {
	v.t = t
	v.do("reports", chromedp.Navigate(v.base+"/upload/reports"))
	v.sees("本期报送率")
	v.sees("更正.csv")
	v.look("reports")
	v.do("handover", chromedp.Navigate(v.base+"/upload/handover"))
	v.sees("工作交接单")
	v.look("handover")
	v.do("English", chromedp.Navigate(v.base+"/upload?lang=en"))
	v.sees("Check the file")
	v.look("send-en")
}

func (v *visitor) reviewer(t *testing.T) {
	v.t = t
	v.do("signing out", chromedp.Navigate(v.base+"/upload"), chromedp.Click(".desks form button"))
	v.sees("令牌")
	v.do("signing in", chromedp.SendKeys("#token", "demo-reviewer"+kb.Enter))
	v.sees("核对文件")
	v.do("review", chromedp.Navigate(v.base+"/upload/review"), chromedp.WaitVisible("#lock-period"), chromedp.SendKeys("#lock-period", "2024-12"), chromedp.Click(`form[action$="/lock"] button`))
	v.sees("2024-12-31")
	v.look("review")
	v.do("signing out", chromedp.Click(".desks form button"))
	v.sees("令牌")
	if cookies := v.eval(`document.cookie`); strings.Contains(cookies, "yardstick") {
		t.Errorf("scripts see the cookies: %s", cookies)
	}
}
