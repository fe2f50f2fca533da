package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"html"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"yardstick/schema"
	"yardstick/schema/engine/enginetest"
)

// officeConfig has an office with a feed of its own, one whose files wait for a
// reviewer, and three people.
const officeConfig = `
offices:
  - {name: fgw, title: {zh: 市发展改革委, en: Development and Reform Commission}, contact: 0411-1}
  - {name: nyj, title: {zh: 市农业农村局, en: Agriculture Bureau}, contact: 0411-2}
owners:
  ai-compute: {office: fgw}
  high-standard-farmland: {office: nyj}
feeds:
  - name: industry
    title: {zh: 产业, en: Industry}
    office: fgw
    indicators: [ai-compute, digital-retrofit-funds]
    regions: ["210200"]
    frequency: M
    release: {days: 15, grace: 5}
    require_reason: true
  - name: farming
    title: {zh: 农业, en: Farming}
    office: nyj
    review: true
    indicators: [high-standard-farmland]
    regions: ["210200"]
    frequency: M
    release: {days: 15, grace: 5}
tokens:
  - {name: 张三, file: zhang, office: fgw}
  - {name: 李四, file: li, office: nyj}
  - {name: 王五, file: wang, role: reviewer}
`

// officeServer is a server with that configuration, on a folder of its own.
func officeServer(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"yardstick.yaml": officeConfig, "zhang": "secret-of-zhang\n", "li": "secret-of-li\n", "wang": "secret-of-wang\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(binary(t), "serve", "--config", filepath.Join(dir, "yardstick.yaml"), "--data", filepath.Join(dir, "data"),
		"--engine", enginetest.Library(t), "--listen", "127.0.0.1:"+port)
	var log bytes.Buffer
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil {
			t.Errorf("serve did not end cleanly: %v\n%s", err, log.Bytes())
		}
		if left, _ := filepath.Glob(filepath.Join(dir, "data", "state", "previews", "*")); len(left) > 0 {
			t.Errorf("left behind %v", left)
		}
	})
	base := "http://127.0.0.1:" + port
	for end := time.Now().Add(10 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		status, _, err := fetch(ctx, base+"/readyz")
		cancel()
		if err == nil && status == http.StatusOK {
			return base
		}
		if time.Now().After(end) {
			t.Fatalf("the server was not ready in a minute\n%s", log.Bytes())
		}
	}
}

// caller talks to the server as a browser without scripts, or as a program.
type caller struct {
	t      *testing.T
	base   string
	client *http.Client
	token  string // for the API
	page   string // the last one
	at     string // its path
}

func newCaller(t *testing.T, base string) *caller {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &caller{t: t, base: base, client: &http.Client{Jar: jar}}
}

func (c *caller) do(method, path, kind string, body io.Reader, header ...string) int {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), method, c.base+path, body)
	if err != nil {
		c.t.Fatal(err)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := c.client.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	c.page, c.at = string(text), res.Request.URL.Path
	return res.StatusCode
}

func (c *caller) get(path string) int {
	c.t.Helper()
	return c.do(http.MethodGet, path, "", nil)
}

// csrf is the token that the last page's forms carry.
func (c *caller) csrf() string {
	m := regexp.MustCompile(`name="csrf" value="([^"]*)"`).FindStringSubmatch(c.page)
	if m == nil {
		c.t.Fatalf("the page has no form: %s", c.page)
	}
	return m[1]
}

// post sends a form with the last page's token; name, value, name, value …
func (c *caller) post(path string, fields ...string) int {
	c.t.Helper()
	v := url.Values{"csrf": {c.csrf()}}
	for i := 0; i+1 < len(fields); i += 2 {
		v.Add(fields[i], fields[i+1])
	}
	return c.do(http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(v.Encode()))
}

// send sends a form with a file, whose field is called field.
func (c *caller) send(path, field, name, text string, fields ...string) int {
	c.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	_ = w.WriteField("csrf", c.csrf())
	for i := 0; i+1 < len(fields); i += 2 {
		_ = w.WriteField(fields[i], fields[i+1])
	}
	if name != "" {
		part, err := w.CreateFormFile(field, name)
		if err != nil {
			c.t.Fatal(err)
		}
		_, _ = io.WriteString(part, text)
	}
	_ = w.Close()
	return c.do(http.MethodPost, path, w.FormDataContentType(), &b)
}

func (c *caller) signIn(secret string) {
	c.t.Helper()
	c.get("/upload")
	if got := c.post("/upload/session", "token", secret, "next", "/upload"); got != 200 || c.at != "/upload" || !strings.Contains(c.page, "核对文件") && !strings.Contains(c.page, "没有可以报送") {
		c.t.Fatalf("signing in: %d at %s\n%s", got, c.at, c.page)
	}
}

func (c *caller) must(got, want int, says ...string) {
	c.t.Helper()
	for _, text := range says {
		if !strings.Contains(html.UnescapeString(c.page), text) {
			c.t.Errorf("%s does not say %q:\n%s", c.at, text, readable(c.page))
		}
	}
	if got != want {
		c.t.Fatalf("%s: %d, want %d\n%s", c.at, got, want, readable(c.page))
	}
}

// readable is a page without its tags.
func readable(page string) string {
	if _, main, ok := strings.Cut(page, "<main"); ok {
		page = main
	}
	return strings.Join(strings.Fields(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(page, " ")), " ")
}

// receipt is the API's last answer.
func (c *caller) receipt() schema.Receipt {
	c.t.Helper()
	var r schema.Receipt
	if err := json.Unmarshal([]byte(c.page), &r); err != nil {
		c.t.Fatalf("%v: %s", err, c.page)
	}
	return r
}

func TestFiguresAreHandedInOverHTTP(t *testing.T) {
	t.Parallel()
	base := officeServer(t)
	t.Run("who is not signed in, or does not send our forms, changes nothing", func(t *testing.T) { strangers(t, base) })
	t.Run("a filled template goes straight through", func(t *testing.T) { templatesGoThrough(t, base) })
	t.Run("figures as JSON, and back", func(t *testing.T) { valuesAPI(t, base) })
	t.Run("a file without scripts", func(t *testing.T) { fileByForms(t, base) })
	t.Run("figures without a file", func(t *testing.T) { enteredByForm(t, base) })
	t.Run("what an owner says of its target", func(t *testing.T) { statedByForm(t, base) })
	t.Run("what waits is reviewed by somebody else", func(t *testing.T) { reviewed(t, base) })
}

func strangers(t *testing.T, base string) {
	c := newCaller(t, base)
	for _, path := range []string{"/upload/report", "/upload/reports", "/upload/handover", "/upload/receipts/R1", "/upload/review", "/upload/files/0"} {
		c.must(c.get(path), 401, `name="token"`)
	}
	c.must(c.get("/upload"), 200, `name="token"`, "数据报送")
	if strings.Contains(c.page, "secret-of") || strings.Contains(c.page, ">demo<") {
		t.Error("the sign-in page shows a token")
	}
	c.must(c.post("/upload/session", "token", "nonsense"), 403, "令牌不对")
	c.must(c.do(http.MethodPost, "/upload/session", "application/x-www-form-urlencoded", strings.NewReader("csrf=0&token=secret-of-zhang")), 403, "表单")
	c.signIn("secret-of-zhang")
	u, _ := url.Parse(base + "/upload")
	if len(c.client.Jar.Cookies(u)) == 0 {
		t.Fatal("no session")
	}
	good := c.csrf()
	c.page = `name="csrf" value="0123456789abcdef0123456789abcdef"`
	c.must(c.post("/upload/session/end"), 403, "表单")
	c.page = `name="csrf" value="0123456789abcdef0123456789abcdef"`
	c.must(c.send("/upload/files", "file", "a.csv", "x", "feed", "industry"), 403, "表单")
	body := strings.NewReader(url.Values{"csrf": {good}}.Encode())
	if got := c.do(http.MethodPost, "/upload/session/end", "application/x-www-form-urlencoded", body, "Sec-Fetch-Site", "cross-site", "Origin", "http://elsewhere.example"); got != 403 {
		t.Errorf("another site's form: %d", got)
	}
	c.must(c.get("/upload?feed=industry"), 200, "产业")
	if strings.Contains(c.page, "farming") {
		t.Error("another office's feed is offered")
	}
	c.must(c.send("/upload/files", "file", "a.csv", "x", "feed", "farming"), 403, "farming")
	c.get("/upload")
	c.must(c.get("/upload/review"), 403, "审核人")
	c.get("/upload")
	c.must(c.post("/upload/session/end"), 200, `name="token"`)
	c.must(c.get("/upload/reports"), 401)
}

func templatesGoThrough(t *testing.T, base string) {
	c := newCaller(t, base)
	c.must(c.get("/upload/templates/industry.xlsx"), 200)
	f, err := excelize.OpenReader(strings.NewReader(c.page))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("填报")
	if err != nil || len(rows) != 3 || !slices.Equal(rows[0][:8], []string{"指标", "地区", "时期", "数值", "单位", "口径", "状态", "备注"}) || rows[1][0] != "智算算力规模" {
		t.Fatalf("%v %v", rows, err)
	}
	lists, _ := f.GetDataValidations("填报")
	panes, _ := f.GetPanes("填报")
	if len(lists) != 4 || !panes.Freeze || panes.YSplit != 1 || len(f.GetSheetList()) != 2 {
		t.Errorf("%d lists, panes %+v, sheets %v", len(lists), panes, f.GetSheetList())
	}
	for i, value := range []any{400.5, 2.5} {
		cell, _ := excelize.CoordinatesToCellName(4, i+2)
		if err := f.SetCellValue("填报", cell, value); err != nil {
			t.Fatal(err)
		}
		period, _ := excelize.CoordinatesToCellName(3, i+2)
		if err := f.SetCellStr("填报", period, "2026-08"); err != nil {
			t.Fatal(err)
		}
	}
	filled, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	c.token = "secret-of-zhang"
	got := c.do(http.MethodPost, "/api/v1/feeds/industry/files?name=industry.xlsx&note=%E5%85%AB%E6%9C%88", "application/octet-stream", filled)
	if r := c.receipt(); got != 200 || r.Status != schema.Accepted || r.Accepted != 2 || r.Reason != "八月" {
		t.Fatalf("%d %s", got, c.page)
	}
	// The next one stands a period on and shows what was reported.
	c.must(c.get("/upload/templates/industry.csv"), 200, "2026-09", "400.5 PFlops")
	if !strings.HasPrefix(c.page, "\ufeff指标,") {
		t.Error("Excel would take it for GBK")
	}
	all, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(c.page, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	all[1][3], all[2][3] = "405", "2.6"
	var b bytes.Buffer
	b.WriteString("\ufeff")
	if err := csv.NewWriter(&b).WriteAll(all); err != nil {
		t.Fatal(err)
	}
	got = c.do(http.MethodPost, "/api/v1/feeds/industry/files?name=industry.csv", "text/csv", &b)
	if r := c.receipt(); got != 200 || r.Status != schema.Accepted || r.Accepted != 2 {
		t.Fatalf("%d %s", got, c.page)
	}
	c.must(c.get("/upload/templates/nothing.xlsx"), 404)
	c.must(c.get("/upload/templates/industry.pdf"), 404)
}

func valuesAPI(t *testing.T, base string) {
	c := newCaller(t, base)
	values := func(text string) int {
		return c.do(http.MethodPost, "/api/v1/feeds/industry/values", "application/json", strings.NewReader(text))
	}
	one := `{"values":[{"indicator":"ai-compute","region":"210200","period":"2026-10","value":410.50,"unit":"PFlops"}]`
	if got := values(one + "}"); got != 401 {
		t.Fatalf("without a token: %d", got)
	}
	c.token = "secret-of-li"
	if got := values(one + "}"); got != 403 {
		t.Fatalf("another office's token: %d", got)
	}
	c.token = "secret-of-zhang"
	for text, want := range map[string]int{
		`{`:                    400,
		`{"values":[]}`:        400,
		one + `,"publshed":1}`: 400,
		`{"values":[{"indicator":"ai-compute","region":"210200","period":"2026-10","value":{}}]}`: 400,
		`{"values":[{"indicator":"ai-compute","period":"2026-10","value":1}]}`:                    400,
		one + `,"correction":"sloth"}`: 400,
		one + `,"release_at":"soon"}`:  400,
		`{"values":[{"indicator":"ai-compute","region":"210200","period":"2026-10","value":"many","unit":"PFlops"}]}`: 422,
		`{"values":[{"indicator":"ai-compute","region":"210200","period":"2026-10","value":410.5}]}`:                  200, // a code stands for its unit
	} {
		if got := values(text); got != want {
			t.Errorf("%s: %d, want %d\n%s", text, got, want, c.page)
		}
	}
	if got := values(`{"values":[{"indicator":"ai-compute","region":"210200","period":"2026-10","value":411.50,"unit":"PFlops"}]}`); got != 202 || c.receipt().Questions[0].Key != "reason" {
		t.Fatalf("a change without a reason: %d %s", got, c.page)
	}
	got := values(`{"values":[{"indicator":"ai-compute","region":"210200","period":"2026-10","value":411.50,"unit":"PFlops"}],"correction":"笔误"}`)
	r := c.receipt()
	if got != 200 || r.Revised != 1 || r.Correction != schema.Clerical || r.Changes[0].New.String() != "411.50" || r.Changes[0].Difference.String() != "1.00" {
		t.Fatalf("%d %s", got, c.page)
	}
	back := "/api/v1/feeds/industry/receipts/" + r.ID + "/withdraw"
	for text, want := range map[string]int{`{"reason":" "}`: 400, `{"why":"x"}`: 400} {
		if got := c.do(http.MethodPost, back, "application/json", strings.NewReader(text)); got != want {
			t.Errorf("%s: %d", text, got)
		}
	}
	if got := c.do(http.MethodPost, back, "application/json", strings.NewReader(`{"reason":"试填"}`)); got != 200 || c.receipt().Status != schema.Withdrawn {
		t.Fatalf("%d %s", got, c.page)
	}
	if got := c.do(http.MethodPost, back, "application/json", strings.NewReader(`{"reason":"再来"}`)); got != 409 {
		t.Errorf("withdrawn twice: %d", got)
	}
	got = c.do(http.MethodPost, "/api/v1/feeds/industry/values?release_at=2099-01-05T09:00", "application/json",
		strings.NewReader(`{"values":[{"indicator":"digital-retrofit-funds","region":"210200","period":"2026-10","value":"2.7","unit":"亿元"}]}`))
	if r := c.receipt(); got != 202 || r.Status != schema.Pending || r.Waits != schema.WaitsRelease || r.ReleaseAt.UTC().Format(time.RFC3339) != "2099-01-05T01:00:00Z" {
		t.Fatalf("%d %s", got, c.page)
	}
}

// fileByForms hands a file in as a browser without scripts does.
func fileByForms(t *testing.T, base string) {
	c := newCaller(t, base)
	c.signIn("secret-of-zhang")
	c.must(c.send("/upload/files", "file", "九月.csv", "指标,地区,时期,数值\n智算算力规模,大连市,2026年9月,0.42\n技术改造与数字化转型试点安排资金,大连市,2026年9月,二\n", "feed", "industry"),
		200, "核对报送", "处需要改正", "处需要确认", "D3", `id="c1-D3"`, "EFlops", "UTF-8", "逗号")
	draft := c.at
	other := newCaller(t, base)
	other.signIn("secret-of-wang")
	other.must(other.get(draft), 404)
	c.must(c.post(draft, "action", "check", "choose:unit.ai-compute", "EFlops"), 200, "处需要改正", "已回答")
	c.must(c.post(draft, "action", "confirm"), 200, "还没有报送")
	key := regexp.MustCompile(`name="choose:(unit[^"]*)"`).FindStringSubmatch(c.page)
	if key != nil {
		c.must(c.post(draft, "action", "check", "choose:"+key[1], "EFlops"), 200, "已回答")
	}
	c.must(c.post(draft, "action", "valid", "correction", "clerical"), 200, "报送回执", "部分入库", "405", "420", "+15", "笔误")
	receipt := c.at
	c.must(c.get(draft), 200, "报送回执")
	if c.at != receipt {
		t.Errorf("the draft leads to %s", c.at)
	}
	c.must(c.get(receipt+".json"), 200, `"correction": "clerical"`)
	if r := c.receipt(); r.Actor != "张三" || len(r.Answers) == 0 {
		t.Errorf("%s", c.page)
	}
	c.must(c.get(receipt+"/form"), 200, "报送确认单", "填报人", "审核人", "单位负责人", "单位盖章", "<path d=", "本次报送的数", "420")
	c.get(receipt)
	c.must(c.send(receipt+"/attach", "file", "签字.pdf", "%PDF-1.4", "what", "signed-form"), 200, "签字.pdf")
	link := regexp.MustCompile(`/upload/receipts/[^"]*/attachments/[0-9a-f]{64}`).FindString(c.page)
	c.must(c.get(link), 200)
	if c.page != "%PDF-1.4" {
		t.Errorf("the attachment is %q", c.page)
	}
	c.get(receipt)
	c.must(c.post(receipt+"/withdraw", "reason", ""), 400, "原因")
	c.get(receipt)
	c.must(c.post(receipt+"/withdraw", "reason", "填错"), 200, "已撤回", "填错")
	// What came another way and was asked about is answered here, from the kept bytes.
	api := newCaller(t, base)
	api.token = "secret-of-zhang"
	if got := api.do(http.MethodPost, "/api/v1/feeds/industry/files?name=asked.csv", "text/csv", strings.NewReader("地区,指标,时期,数值,备注\n大连市,智算算力规模,2026年7月,399,\n")); got != 202 {
		t.Fatalf("%d %s", got, api.page)
	}
	asked := "/upload/receipts/" + api.receipt().ID
	c.must(c.get(asked), 200, "回答并重新报送")
	c.must(c.post(asked+"/resume"), 200, "核对报送", "处需要确认")
	key = regexp.MustCompile(`name="choose:(unit[^"]*)"`).FindStringSubmatch(c.page)
	if key == nil {
		t.Fatalf("no unit is asked for: %s", readable(c.page))
	}
	c.must(c.post(c.at, "action", "confirm", "choose:"+key[1], "PFlops"), 200, "报送回执", "已入库 1 个数")
}

func enteredByForm(t *testing.T, base string) {
	c := newCaller(t, base)
	c.signIn("secret-of-zhang")
	c.must(c.get("/upload/report?feed=industry"), 200, "智算算力规模", "410.5", `value="2026-11"`, "本期无变化")
	c.must(c.send("/upload/report", "evidence", "", "", "feed", "industry"), 422, "没有填写任何数")
	c.must(c.send("/upload/report", "evidence", "", "", "feed", "industry", "same:ai-compute/210200", "1", "value:ai-compute/210200", "3", "period:ai-compute/210200", "2026-11"), 422, "请只选其一")
	// The month is not over: is it an estimate? It is.
	c.must(c.send("/upload/report", "evidence", "纪要.txt", "会议纪要", "feed", "industry", "same:ai-compute/210200", "1", "period:ai-compute/210200", "2026-11",
		"unit:ai-compute/210200", "PFlops", "status:ai-compute/210200", "A"), 200, "核对报送", "410.5", "纪要.txt")
	if strings.Contains(c.page, `choose:estimate`) {
		c.must(c.post(c.at, "action", "confirm", "choose:estimate", "E"), 200, "报送回执", "已入库 1 个数", "纪要.txt", "佐证材料")
	} else {
		c.must(c.post(c.at, "action", "confirm"), 200, "报送回执", "已入库 1 个数", "纪要.txt", "佐证材料")
	}
	c.must(c.get("/upload/reports"), 200, "本期报送率", "市发展改革委", "report-value.csv")
	c.must(c.get("/upload/handover?office=fgw"), 200, "工作交接单", "张三", "智算算力规模", "unit")
	if strings.Contains(c.page, "李四") {
		t.Error("the sheet names who may not report")
	}
	c.must(c.get("/upload?lang=en"), 200, "Check the file")
}

func reviewed(t *testing.T, base string) {
	li, wang, zhang := newCaller(t, base), newCaller(t, base), newCaller(t, base)
	li.signIn("secret-of-li")
	wang.signIn("secret-of-wang")
	zhang.signIn("secret-of-zhang")
	hand := func(c *caller, month, value string) string {
		c.get("/upload")
		c.must(c.send("/upload/files", "file", month+".csv", "指标,地区,时期,数值,单位\n高标准农田,大连市,"+month+","+value+",万亩\n", "feed", "farming"), 200, "可以报送", "需经审核")
		c.must(c.post(c.at, "action", "confirm"), 200, "报送回执", "待审核")
		return c.at
	}
	first := hand(li, "2026-08", "40.5")
	zhang.must(zhang.get(first), 403)
	zhang.must(zhang.get("/receipts/"+strings.TrimPrefix(first, "/upload/receipts/")), 200)
	if strings.Contains(zhang.page, "40.5") || strings.Contains(zhang.page, "405000") {
		t.Error("the board shows what waits")
	}
	decide := strings.Replace(first, "/receipts/", "/review/", 1)
	li.get("/upload")
	li.must(li.post(decide, "action", "approve"), 403)
	wang.must(wang.get("/upload/review"), 200, "2026-08.csv", "李四")
	wang.must(wang.post(decide, "action", "reject", "reason", ""), 400, "原因")
	wang.get("/upload/review")
	wang.must(wang.post(decide, "action", "approve"), 200, "已入库", "王五")
	own := hand(wang, "2026-09", "41.5")
	wang.must(wang.get("/upload/review"), 200, "须由他人审核")
	wang.must(wang.post(strings.Replace(own, "/receipts/", "/review/", 1), "action", "approve"), 403)
	wang.get("/upload/review")
	wang.must(wang.post("/upload/review/lock", "feed", "farming", "period", "2026-08"), 200, "2026-08-31")
	li.get("/upload")
	li.must(li.send("/upload/files", "file", "改.csv", "指标,地区,时期,数值,单位\n高标准农田,大连市,2026-08,40.6,万亩\n", "feed", "farming"), 200, "处需要改正", "锁定")
	wang.get("/upload/review")
	wang.must(wang.post("/upload/review/reopen", "feed", "farming", "period", "2026-08", "reason", ""), 400)
	wang.get("/upload/review")
	wang.must(wang.post("/upload/review/reopen", "feed", "farming", "period", "2026-08", "reason", "核实后更正"), 200, "核实后更正")
	li.must(li.get(li.at), 200, "可以报送")
}
