package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"yardstick/collectors/samples"
	"yardstick/comparator/telling"
	"yardstick/dashboards/grafana"
	"yardstick/schema"
	"yardstick/schema/engine/enginetest"
	"yardstick/schema/figure"
	"yardstick/schema/targets"
)

// demonstration is `serve --demo` running on a folder of its own.
type demonstration struct {
	crasher
	base, sql string
	cmd       *exec.Cmd
	log       bytes.Buffer
}

func demonstrate(t *testing.T) *demonstration {
	t.Helper()
	d := &demonstration{crasher: crasher{binary(t), t.TempDir(), enginetest.Library(t)}}
	d.start(t)
	return d
}

func (d *demonstration) start(t *testing.T) {
	t.Helper()
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	sql, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	d.base, d.sql = "http://127.0.0.1:"+port, "http://127.0.0.1:"+sql
	d.cmd = d.command("serve", "--demo", "--listen", "127.0.0.1:"+port, "--clickhouse-listen", "127.0.0.1:"+sql)
	d.log.Reset()
	d.cmd.Stderr = &d.log
	if err := d.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(10 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		status, _, err := fetch(ctx, d.base+"/readyz")
		cancel()
		if err == nil && status == http.StatusOK {
			return
		}
		if time.Now().After(end) {
			_ = d.cmd.Process.Kill()
			t.Fatalf("the demonstration was not ready in ten minutes\n%s", d.log.Bytes())
		}
	}
}

func (d *demonstration) end(t *testing.T) {
	t.Helper()
	if err := d.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := d.cmd.Wait(); err != nil {
		t.Fatalf("serve did not end cleanly: %v\n%s", err, d.log.Bytes())
	}
}

func (d *demonstration) verdicts(t *testing.T, args ...string) map[string]schema.Verdict {
	t.Helper()
	var list []schema.Verdict
	if err := json.Unmarshal(d.output(t, append([]string{"compare", "--output", "json"}, args...)...), &list); err != nil {
		t.Fatal(err)
	}
	out := map[string]schema.Verdict{}
	for _, v := range list {
		out[v.Target] = v
	}
	if len(list) != 27 || len(out) != 27 {
		t.Fatalf("%d verdicts on %d targets, want 27", len(list), len(out))
	}
	return out
}

func TestTheDemonstration(t *testing.T) {
	t.Parallel()
	d := demonstrate(t)
	t.Run("eight verdicts by hand", func(t *testing.T) { byHand(t, d.verdicts(t, "--as-of", "2025-06-30")) })
	t.Run("today the same store gives final verdicts", d.finalVerdicts)
	t.Run("the board lists all and says it is synthetic", d.board)
	t.Run("every page is sound at every size, in both shades and languages", d.looks)
	t.Run("the focus is seen wherever the tab key goes", d.byKeyboard)
	t.Run("texts come compressed, and are the same texts", d.compressed)
	t.Run("the metrics have the headline gaps and nothing unknown", d.metrics)
	t.Run("every query of the dashboards returns data", d.dashboards)
	t.Run("every query of Prometheus returns data", d.prometheus)
	t.Run("backfilled history is what compare says at ten past days", d.backfill)
	t.Run("no number of the brief differs from the API", d.brief)
	t.Run("a leader finds the answers and their cells", d.leader)
	t.Run("the API is as its document says", d.api)
	before := d.output(t, "audit", "verify", "--output", "json")
	d.end(t)
	d.start(t)
	t.Run("a second start loads nothing twice", func(t *testing.T) {
		if after := d.output(t, "audit", "verify", "--output", "json"); !bytes.Equal(before, after) {
			t.Errorf("the ledger was %s and is %s", before, after)
		}
	})
	t.Run("2024's GDP in both vintages, and back", d.gdp)
	d.end(t)
}

// byHand redoes one verdict a kind with the figures of the sample feeds.
func byHand(t *testing.T, v map[string]schema.Verdict) {
	// Days from 2024-10-27: to 2025-05-31 216, to 2025-12-31 430.
	// Days from the end of 2024-12-31: to 2025-05-31 151, to 2025-12-31 365.
	for _, want := range []struct {
		target, status, value, gap string
		progress, schedule, pace   float64 // NaN: none
	}{
		// level, derived: 310.3 / 2248.6 = 13.799698 %; 15 - 13.799698 = 1.200302. Slope by least squares over the ends of
		// 2024-Q1 … 2025-Q1 1.119328 a year; still needed 1.200302 in 275 days = 1.594219 a year (365.25 days); pace .7021.
		// Chance: 0.400 a quarter needed for three quarters, where the best of four quarters brought 0.3: below two in five.
		{"strategic-industry-gdp-share", "lagging", "13.799698", "1.200302", math.NaN(), 155. / 430, 1.1193277 / (1.200302 / 275 * 365.25)},
		// level: 430000 - 314000 = 116000 mu in 214 days = 197986 a year; slope of the last six months 231199 a year: on track by pace.
		// Chance: 16571 mu a month needed; the last three months brought 20000, 23000 and 24000: above four in five.
		{"high-standard-farmland", "on_track", "314000", "116000", math.NaN(), 216. / 430, 231199.0963317 / (116000. / 214 * 365.25)},
		// added: 112 of 400; 0.28 / (216/430). Chance: 41.1 a month needed, 19 in the best month.
		{"high-growth-firms", "lagging", "112", "288", .28, 216. / 430, .28 / (216. / 430)},
		// within 2025: 36 of 100; 0.36 / (151/365). Chance: 9.1 a month needed; 7.2 on average, 10 in the last: about even.
		{"large-events", "at_risk", "36", "64", .36, 151. / 365, .36 / (151. / 365)},
		// ceiling: 950 is not above 1000.
		{"open-bid-subsidy-cap", "on_track", "950", "-50", math.NaN(), math.NaN(), math.NaN()},
		// floor: 15 is not below 15.
		{"minimum-down-payment", "on_track", "15", "0", math.NaN(), math.NaN(), math.NaN()},
		// milestone: an explicit 0 for November 2024, 1 for January 2025: missed, reached late.
		{"affordable-sale-housing-delivery", "missed", "0", "1", math.NaN(), math.NaN(), math.NaN()},
		// cadence: reported on 2025-06-21, 9 days ago; the next is due by 2025-07-10, the end of the next ten days.
		{"bond-fund-report-cadence", "on_track", "9", "-10", math.NaN(), math.NaN(), math.NaN()},
	} {
		got := v[want.target]
		if string(got.Status) != want.status || got.Value == nil || got.Value.String() != want.value || got.Gap == nil || got.Gap.String() != want.gap {
			t.Errorf("%s: %s %v gap %v, want %s %s gap %s", want.target, got.Status, got.Value, got.Gap, want.status, want.value, want.gap)
		}
		near(t, want.target+" progress", got.Progress, want.progress)
		near(t, want.target+" schedule", got.Schedule, want.schedule)
		near(t, want.target+" pace", got.Pace, want.pace)
		if len(got.Inputs) == 0 || got.Rule == "" || got.Reason.Zh == "" || got.Reason.En == "" {
			t.Errorf("%s lacks its inputs, rule or reason", want.target)
		}
	}
	if m := v["affordable-sale-housing-delivery"].Marks; !m.ReachedLate || m.Provisional {
		t.Errorf("the milestone's marks are %+v", m)
	}
	if m := v["strategic-industry-gdp-share"].Marks; !m.Provisional || !m.Synthetic {
		t.Errorf("the share's marks are %+v", m)
	}
}

func near(t *testing.T, what string, got *float64, want float64) {
	t.Helper()
	switch {
	case math.IsNaN(want) != (got == nil):
		t.Errorf("%s is %v, want %v", what, got, want)
	case got != nil && math.Abs(*got-want) > 1e-5*math.Abs(want):
		t.Errorf("%s is %v, want %v", what, *got, want)
	}
}

func (d *demonstration) finalVerdicts(t *testing.T) {
	v := d.verdicts(t)
	count := map[schema.Status]int{}
	for _, x := range v {
		count[x.Status]++
	}
	if count[schema.Achieved] == 0 || count[schema.Missed] == 0 || !v["affordable-sale-housing-delivery"].Marks.ReachedLate {
		t.Errorf("achieved %d, missed %d", count[schema.Achieved], count[schema.Missed])
	}
	for _, target := range []string{"ai-compute", "high-standard-farmland", "large-events"} {
		if s := v[target].Status; s != schema.Achieved && s != schema.Missed || v[target].Marks.Provisional {
			t.Errorf("%s is %s, not final", target, s)
		}
	}
}

func (d *demonstration) page(t *testing.T, path string) string {
	t.Helper()
	status, body, err := fetch(t.Context(), d.base+path)
	if err != nil || status != http.StatusOK {
		t.Fatalf("%s: %d %v", path, status, err)
	}
	return string(body)
}

func (d *demonstration) board(t *testing.T) {
	page := d.page(t, "/")
	for target := range d.verdicts(t, "--as-of", "2025-06-30") {
		if !strings.Contains(page, "/targets/dalian-2024-15/"+target) {
			t.Errorf("the board does not lead to %s", target)
		}
		if p := d.page(t, "/targets/dalian-2024-15/"+target); !strings.Contains(p, "演示数据") {
			t.Errorf("the page of %s does not say that its figures are synthetic", target)
		}
	}
	for _, want := range []string{"演示数据", "2025-06-30", "15条措施无量化目标"} {
		if !strings.Contains(page, want) {
			t.Errorf("the board does not say %q", want)
		}
	}
	if n := strings.Count(page, "<br>无量化目标") + strings.Count(page, ">无量化目标<"); n < 15 {
		t.Errorf("the board lists %d measures without a number, want 15", n)
	}
	if then := d.page(t, "/?as_of=2025-03-31&lang=en"); !strings.Contains(then, "2025-03-31") {
		t.Error("the board as of 2025-03-31 does not say so")
	}
	for path, wants := range map[string][]string{
		"/lagging":            {"智算算力规模", "2025-01-31", "已150天", "38.9"},
		"/lagging?worst=13":   {"高标准农田"},
		"/limits":             {"已报24次，其中超期0次", "不迟于 2025-07-10", "2025年2月为 3.20"},
		"/?compare=meeting":   {"较上次调度会（2025-05-15）", "&#43;25 PFlops"},
		"/?as_of=2026-02-01":  {"收官：15项有时限的目标均已到期", "差 280 PFlops", "2025-01-31 才达到（时限 2024-11-30）"},
		"/board/now":          {`"stamp":"2025-06-30-`},
		"/lagging?compare=no": nil,
	} {
		status, body, err := fetch(t.Context(), d.base+path)
		if want := map[bool]int{true: http.StatusOK, false: http.StatusBadRequest}[wants != nil]; err != nil || status != want {
			t.Errorf("%s: %d %v", path, status, err)
		}
		for _, want := range wants {
			if !strings.Contains(string(body), want) {
				t.Errorf("%s does not say %q", path, want)
			}
		}
	}
}

func (d *demonstration) metrics(t *testing.T) {
	page := d.page(t, "/metrics")
	for target, gap := range map[string]string{"strategic-industry-gdp-share": "1.200302", "ai-compute": "590", "high-standard-farmland": "116000"} {
		if line := fmt.Sprintf("yardstick_target_gap{policy=\"dalian-2024-15\",region=\"210200\",target=%q} %s\n", target, gap); !strings.Contains(page, line) {
			t.Errorf("no line %s", line)
		}
	}
	if strings.Contains(page, "NaN\n") {
		t.Error("an unknown value has a sample")
	}
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Fatal("没有 promtool，请先运行 make tools / promtool is missing: run `make tools` first")
	}
	check := exec.CommandContext(t.Context(), promtool, "check", "metrics")
	check.Stdin = strings.NewReader(page)
	if out, err := check.CombinedOutput(); err != nil {
		t.Errorf("promtool: %v\n%s", err, out)
	}
}

// dashboards runs every ClickHouse query of every dashboard on the demo's port,
// with the variables as Grafana fills them: by their own queries, in order, all
// values where all are chosen at first, else the first.
func (d *demonstration) dashboards(t *testing.T) {
	n, board := 0, ""
	vars := map[string][]string{}
	for _, lang := range grafana.Languages() {
		for _, q := range grafana.Queries(lang) {
			if q.Kind != grafana.ClickHouse {
				continue
			}
			if q.Dashboard != board {
				board, vars = q.Dashboard, map[string][]string{"board": {d.base}}
			}
			n++
			rows := d.frame(t, q, vars)
			if len(rows) == 0 && !q.Marks {
				t.Errorf("%s %s: nothing from\n%s", q.Dashboard, q.Panel, q.Raw)
			}
			if strings.Contains(q.Raw, "schedule, lag, chance, outlook") {
				cells(t, lang, rows, d.verdicts(t, "--as-of", "2025-06-30"))
			}
			if !strings.HasPrefix(q.Panel, "variable ") {
				continue
			}
			for _, row := range rows {
				if value, ok := row[0].(string); ok && (q.Many || vars[q.RefID] == nil) {
					vars[q.RefID] = append(vars[q.RefID], value)
				}
			}
		}
	}
	if n == 0 {
		t.Fatal("the dashboards ask ClickHouse nothing")
	}
}

// cells holds what the dashboard's table shows of every target against what the
// pages say of it, letter for letter.
func cells(t *testing.T, lang string, rows [][]any, verdicts map[string]schema.Verdict) {
	t.Helper()
	register, err := targets.Load()
	if err != nil {
		t.Fatal(err)
	}
	cast, err := samples.ReadCast()
	if err != nil {
		t.Fatal(err)
	}
	owners := map[string]string{} // the demonstration's own
	for _, office := range cast.Offices {
		for _, id := range cast.Owners[office.Name] {
			owners[id] = office.Title.In(lang)
		}
	}
	if len(rows) != len(verdicts) {
		t.Errorf("%s: %d targets in the table, %d verdicts", lang, len(rows), len(verdicts))
	}
	for _, row := range rows {
		v, ok := verdicts[fmt.Sprint(row[15])]
		if !ok {
			t.Errorf("%s: no verdict on %v", lang, row[15])
			continue
		}
		told := telling.Tell(v, nil, register, lang, v.AsOf)
		period := "—"
		if !v.Period.IsZero() {
			period = told.FigureBits[0]
		}
		for column, want := range map[int]string{
			0: told.Title, 2: figure.Join(told.Value, told.Unit), 3: figure.Join(told.Target, told.Unit), 4: strings.TrimSpace(told.GapWord + " " + figure.Join(told.Gap, told.GapUnit)),
			8: told.Chance, 9: told.Outlook, 10: told.Deadline, 11: period, 12: cmp.Or(owners[v.Target], told.Owner),
		} {
			if v.Value == nil && column == 2 || want == "" || told.Gap == "—" && column == 4 {
				want = "—"
			}
			if got := fmt.Sprint(row[column]); got != want {
				t.Errorf("%s %s: column %d is %q, the pages say %q", lang, v.Target, column, got, want)
			}
		}
	}
}

// frame is the rows of one query over the default time of the dashboards.
func (d *demonstration) frame(t *testing.T, q grafana.Query, vars map[string][]string) (rows [][]any) {
	t.Helper()
	sql, err := grafana.ExpandMacros(q.Raw, schema.NewDate(2024, 10, 1).Time(), schema.NewDate(2025, 12, 31).Time(), 24*time.Hour, vars)
	if err != nil {
		t.Fatalf("%s %s: %v", q.Dashboard, q.Panel, err)
	}
	status, body, err := fetch(t.Context(), d.sql+"/?default_format=JSONCompactEachRow&query="+url.QueryEscape(sql))
	if err != nil || status != http.StatusOK {
		t.Errorf("%s %s: %d %v %.300s from\n%s", q.Dashboard, q.Panel, status, err, body, sql)
		return nil
	}
	for dec := json.NewDecoder(bytes.NewReader(body)); dec.More(); {
		var row []any
		if err := dec.Decode(&row); err != nil {
			t.Fatalf("%s %s: %v", q.Dashboard, q.Panel, err)
		}
		rows = append(rows, row)
	}
	return rows
}

// prometheus has a real Prometheus scrape the demo with the shipped rules, and
// asks it every query of the dashboards.
func (d *demonstration) prometheus(t *testing.T) {
	base := d.startPrometheus(t)
	to := time.Now()
	n := 0
	for _, lang := range grafana.Languages() {
		for _, q := range grafana.Queries(lang) {
			if q.Kind != grafana.Prometheus {
				continue
			}
			n++
			expr, err := grafana.ExpandPromQL(q.Raw, to.Add(-time.Hour), to, time.Minute, nil)
			if err != nil {
				t.Fatalf("%s: %v", q.Panel, err)
			}
			if got := askPrometheus(t, base, expr); got == 0 {
				t.Errorf("%s %s: nothing from\n%s", lang, q.Panel, expr)
			}
		}
	}
	if n == 0 {
		t.Fatal("the dashboards ask Prometheus nothing")
	}
}

func (d *demonstration) startPrometheus(t *testing.T) string {
	t.Helper()
	program, err := exec.LookPath("prometheus")
	if err != nil {
		t.Fatal("没有 prometheus，请先运行 make tools / prometheus is missing: run `make tools` first")
	}
	rules, err := filepath.Abs("../../alerts/rules")
	if err != nil {
		t.Fatal(err)
	}
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(d.dir, "prometheus.yml")
	text := fmt.Sprintf("global: {scrape_interval: 1s, evaluation_interval: 1s}\nrule_files: [%q]\nscrape_configs:\n- job_name: yardstick\n  static_configs: [{targets: [%q]}]\n",
		rules+"/*.yml", strings.TrimPrefix(d.base, "http://"))
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, "--config.file="+config, "--storage.tsdb.path="+filepath.Join(d.dir, "tsdb"),
		"--web.listen-address=127.0.0.1:"+port, "--log.level=error")
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Signal(syscall.SIGTERM); _ = cmd.Wait() })
	base := "http://127.0.0.1:" + port
	for end := time.Now().Add(5 * time.Minute); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		if status, _, err := fetch(t.Context(), base+"/-/ready"); err == nil && status == http.StatusOK && askPrometheus(t, base, "yardstick_target_gap") == 27 {
			return base
		}
	}
	t.Fatal("Prometheus did not scrape the demonstration in time")
	return ""
}

func askPrometheus(t *testing.T, base, expr string) int {
	t.Helper()
	status, body, err := fetch(t.Context(), base+"/api/v1/query?query="+url.QueryEscape(expr))
	if err != nil || status != http.StatusOK {
		t.Fatalf("%d %v %s from\n%s", status, err, body, expr)
	}
	var answer struct {
		Data struct {
			Result []any `json:"result"`
		} `json:"data"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		t.Fatal(err)
	}
	return len(answer.Data.Result)
}

// gdp: 9516.9 as of 2025-03-01 and 9540.2 now; withdrawn, and back, in export,
// compare and SQL alike.
func (d *demonstration) gdp(t *testing.T) {
	row := func(value string) string { return "gdp,210200,2024,period," + value + ",亿元," }
	export := func(args ...string) string {
		return string(d.output(t, append([]string{"export", "--indicator", "gdp"}, args...)...))
	}
	sql := func() string {
		_, body, err := fetch(t.Context(), d.sql+"/?query="+url.QueryEscape("SELECT value_text FROM observations_current FINAL WHERE indicator = 'gdp' AND period = '2024'"))
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(string(body))
	}
	if got := export("--as-of", "2025-03-01"); !strings.Contains(got, row("9516.9")) {
		t.Errorf("as of 2025-03-01:\n%s", got)
	}
	if got := export(); !strings.Contains(got, row("9540.2")) || sql() != "9540.2" {
		t.Errorf("now: SQL %s\n%s", sql(), got)
	}
	all := export("--vintages", "all")
	if !strings.Contains(all, row("9516.9")) || !strings.Contains(all, row("9540.2")) {
		t.Errorf("all vintages:\n%s", all)
	}
	share := func() string {
		for _, in := range d.verdicts(t)["strategic-industry-gdp-share"].Inputs {
			if in.Indicator == "gdp" && in.Period.String() == "2024" {
				return in.Value.String()
			}
		}
		return "none"
	}
	if got := share(); got != "9540.2" {
		t.Errorf("the share was judged on %s", got)
	}
	var receipt string
	for _, line := range strings.Split(all, "\n") {
		if strings.HasPrefix(line, row("9540.2")) {
			receipt = line[strings.LastIndexByte(line, ',')+1:]
		}
	}
	d.output(t, "withdraw", receipt, "--reason", "笔误")
	if got := export(); !strings.Contains(got, row("9516.9")) || sql() != "9516.9" {
		t.Errorf("withdrawn: SQL %s\n%s", sql(), got)
	}
	if got := share(); got != "9516.9" {
		t.Errorf("withdrawn, the share was judged on %s", got)
	}
}
