package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// visitor is somebody at a real browser, on the pages of one server.
type visitor struct {
	*browser
	t    *testing.T
	base string
}

func (v *visitor) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	v.t.Helper()
	v.Do(v.t, what, steps...)
}

func (v *visitor) eval(script string) string {
	v.t.Helper()
	return v.Eval(v.t, script)
}

func (v *visitor) sees(text string) {
	v.t.Helper()
	v.Sees(v.t, text)
}

func (v *visitor) key(what string, keys ...string) {
	v.t.Helper()
	v.Keys(v.t, what, keys...)
}

func (v *visitor) tabTo(selector string) {
	v.t.Helper()
	v.TabTo(v.t, selector)
}

// goes opens a path of the server.
func (v *visitor) goes(path string) {
	v.t.Helper()
	v.Visit(v.t, v.base+path, look{})
}

// quiet fails the test for what the browser complained about on the way to a
// page.
func (v *visitor) quiet(where string) {
	v.t.Helper()
	for _, f := range v.Faults() {
		v.t.Errorf("%s: %s", where, f)
	}
}

// look checks the page that is shown on a phone, a desk and a wall, light and
// dark, then loads it in English, and again as it was.
func (v *visitor) look(name string) {
	v.t.Helper()
	v.glance(name)
	name = "upload-" + name
	here := v.eval(`location.href`)
	v.Visit(v.t, here, look{Name: name, Width: 1920, Dark: true, English: true}).Sound(v.t)
	v.Visit(v.t, here, look{})
	v.quiet(name)
}

// glance checks the page that is shown, as it is, on a wall, a phone and a desk.
func (v *visitor) glance(name string) {
	v.t.Helper()
	v.quiet(name)
	name = "upload-" + name
	v.Look(v.t, look{Name: name, Width: 3840}).Fits(v.t)
	for _, l := range []look{{Width: 390}, {Width: 1280, Dark: true}} {
		l.Name = name
		v.Look(v.t, l).Sound(v.t)
	}
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
	v := &visitor{browser: newBrowser(t), base: d.base}
	v.signIn(t, "demo")
	t.Run("a file dropped, and an upload broken off", v.dropped)
	t.Run("a file with faults", v.faulty)
	t.Run("a file with a question", v.answered)
	t.Run("a figure by keyboard alone", v.byKeyboard)
	t.Run("what was handed in, and the handover", v.lists)
	t.Run("a receipt that is not there", v.lost)
	t.Run("a reviewer locks", v.reviewer)
}

func (v *visitor) signIn(t *testing.T, token string) {
	v.t = t
	v.goes("/upload")
	v.sees("数据报送")
	v.look("signin")
	v.do("a wrong token", chromedp.SendKeys("#token", "nonsense"+kb.Enter))
	v.sees("令牌不对")
	v.Faults() // the browser tells of the 403, as it should
	v.Look(t, look{Name: "upload-wrong-token", Width: 390, Dark: true}).Sound(t)
	v.do("signing in", chromedp.SendKeys("#token", token+kb.Enter))
	v.sees("核对文件")
	v.look("send")
	v.Look(t, look{Name: "upload-send", Width: 5120}).Sound(t)
}

// lost is the page for what is not there.
func (v *visitor) lost(t *testing.T) {
	v.t = t
	v.goes("/upload/receipts/R20250101-NOTHERE1")
	v.Faults() // the browser tells of the 404, as it should
	for _, l := range []look{{Width: 390, Dark: true}, {Width: 1280}} {
		l.Name = "upload-lost"
		v.Look(t, l).Sound(t)
	}
}

// send chooses a feed and a file and goes on to the preview.
func (v *visitor) send(feed, path string) {
	v.t.Helper()
	v.goes("/upload")
	v.do("sending "+path, chromedp.SetValue("#feed", feed), chromedp.SetUploadFiles("#file", []string{path}),
		chromedp.Click("form.send button.main"))
	v.sees("核对报送")
}

// dropped lets a file fall on the page, and breaks off the upload of another.
func (v *visitor) dropped(t *testing.T) {
	v.t = t
	v.goes("/upload")
	v.do("opening", chromedp.WaitVisible(".drop"))
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
	_, err := chromedp.Call(v.Context(), network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
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
	v.do("to its cell", chromedp.Click("#p1 a.place"), chromedp.WaitReady("#c1-D3"))
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
	v.Look(t, look{Name: "upload-form", Width: 1040, Paper: true}).Sound(t)
	v.look("form")
	v.do("back to withdraw", chromedp.Click(`.crumb a`), chromedp.WaitVisible("#reason"), chromedp.SendKeys("#reason", "单位写错"), chromedp.Click(`form[action$="/withdraw"] button`))
	v.sees("已撤回")
	v.look("withdrawn")
}

// byKeyboard enters a figure without a pointing device.
func (v *visitor) byKeyboard(t *testing.T) {
	v.t = t
	v.goes("/upload/report?feed=industry")
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
	v.goes("/upload/reports")
	v.sees("本期报送率")
	v.sees("更正.csv")
	v.look("reports")
	v.goes("/upload/handover")
	v.sees("工作交接单")
	v.look("handover")
	v.goes("/upload?lang=en")
	v.sees("Check the file")
	v.look("send-en")
}

func (v *visitor) reviewer(t *testing.T) {
	v.t = t
	v.goes("/upload")
	v.do("signing out", chromedp.Click(".desks form button"))
	v.sees("令牌")
	v.do("signing in", chromedp.SendKeys("#token", "demo-reviewer"+kb.Enter))
	v.sees("核对文件")
	v.goes("/upload/review")
	v.do("review", chromedp.WaitVisible("#lock-period"), chromedp.SendKeys("#lock-period", "2024-12"), chromedp.Click(`form[action$="/lock"] button`))
	v.sees("2024-12-31")
	v.look("review")
	v.do("signing out", chromedp.Click(".desks form button"))
	v.sees("令牌")
	if cookies := v.eval(`document.cookie`); strings.Contains(cookies, "yardstick") {
		t.Errorf("scripts see the cookies: %s", cookies)
	}
}
