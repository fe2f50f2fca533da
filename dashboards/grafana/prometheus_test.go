package grafana_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"yardstick/dashboards/grafana"
)

// scrape is what Prometheus' API answers a query with.
type scrape struct {
	Data struct {
		Result []struct {
			Metric map[string]string `json:"metric"`
			Value  []any             `json:"value"`
			Values [][]any           `json:"values"`
		} `json:"result"`
	} `json:"data"`
}

// startPrometheus runs Debian's Prometheus on a free port of loopback with the
// shipped rules, scraping the given pages, one an instance of Yardstick. It
// returns its address.
func startPrometheus(t *testing.T, pages ...string) string {
	t.Helper()
	program, err := exec.LookPath("prometheus")
	if err != nil {
		t.Fatal("没有 prometheus，请先运行 make tools / prometheus is missing: run `make tools` first")
	}
	var targets []string
	for _, page := range pages {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain; version=0.0.4")
			fmt.Fprint(w, page)
		}))
		t.Cleanup(server.Close)
		targets = append(targets, strings.TrimPrefix(server.URL, "http://"))
	}
	rules, err := filepath.Abs("../../alerts/rules/*.yml")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	config := fmt.Sprintf("global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}\nrule_files: [%q]\nscrape_configs:\n- job_name: yardstick\n  static_configs: [{targets: [%s]}]\n",
		rules, "'"+strings.Join(targets, "','")+"'")
	file := filepath.Join(dir, "prometheus.yml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	address := freeAddress(t)
	cmd := exec.CommandContext(t.Context(), program, "--config.file="+file, "--storage.tsdb.path="+filepath.Join(dir, "data"),
		"--web.listen-address="+address, "--log.level=warn")
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	var log lockedBuffer
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
		if t.Failed() {
			t.Log(log.String())
		}
	})
	base := "http://" + address
	for end := time.Now().Add(25 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if n, err := countUp(t.Context(), base); err == nil && n == len(pages) {
			return base
		}
	}
	t.Fatalf("Prometheus did not scrape in time:\n%s", log.String())
	return ""
}

// countUp is the number of instances whose whole page has been scraped.
func countUp(ctx context.Context, base string) (int, error) {
	var s scrape
	err := get(ctx, base+"/api/v1/query?query="+url.QueryEscape("count by (instance) (yardstick_target_status)"), &s)
	return len(s.Data.Result), err
}

func get(ctx context.Context, address string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", address, res.Status)
	}
	return json.NewDecoder(res.Body).Decode(into)
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// lockedBuffer takes what a process prints while the test may read it.
type lockedBuffer struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func TestEveryQueryOfPrometheusAnswers(t *testing.T) {
	// What the exporter gives, and a page whose figures are known here, from two
	// instances: the second differs in its info, as during a change of the
	// register.
	golden, err := os.ReadFile("../../comparator/exporter/testdata/metrics.txt")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("testdata/metrics.prom")
	if err != nil {
		t.Fatal(err)
	}
	second := strings.ReplaceAll(string(page), "智算算力规模", "智算规模（新名）")
	base := startPrometheus(t, string(golden), string(page), second)
	to := time.Now()
	from := to.Add(-time.Hour)
	ask := func(t *testing.T, raw string, instant bool, policy string) scrape {
		vars := map[string][]string{"policy": {policy, "another"}, "region": {"210200"}}
		expr, err := grafana.ExpandPromQL(raw, from, to, time.Minute, vars)
		if err != nil {
			t.Fatal(err)
		}
		path := fmt.Sprintf("/api/v1/query_range?step=15s&start=%d&end=%d&query=", from.Unix(), to.Unix())
		if instant {
			path = "/api/v1/query?query="
		}
		var s scrape
		if err := get(t.Context(), base+path+url.QueryEscape(expr), &s); err != nil {
			t.Fatalf("%v of\n%s", err, expr)
		}
		return s
	}
	asked := 0
	for _, lang := range grafana.Languages() {
		for _, q := range grafana.Queries(lang) {
			if q.Kind != grafana.Prometheus {
				continue
			}
			asked++
			t.Run(lang+" "+q.Panel+" "+q.RefID, func(t *testing.T) {
				if s := ask(t, q.Raw, q.Instant, "dalian-2024-15"); len(s.Data.Result) == 0 {
					t.Errorf("nothing from\n%s", q.Raw)
				}
			})
		}
	}
	if asked == 0 {
		t.Fatal("no query of Prometheus was found")
	}
	t.Run("two instances count once", func(t *testing.T) {
		for ref, want := range map[string]string{"C": "1", "D": "1", "F": "2", "A": "0"} { // lagging, at risk, on track, missed
			for _, q := range grafana.Queries("zh") {
				if q.Panel == "各状态目标数" && q.RefID == ref {
					if got := ask(t, q.Raw, true, "p").Data.Result[0].Value[1]; got != want {
						t.Errorf("%s: %v, not %s", q.Raw, got, want)
					}
				}
			}
		}
	})
	t.Run("the worst comes first and each once", func(t *testing.T) {
		for _, q := range grafana.Queries("zh") {
			if q.Panel != "进度差（进度减序时进度）" {
				continue
			}
			var got []string
			for _, r := range ask(t, q.Raw, true, "p").Data.Result {
				got = append(got, r.Metric["target"])
				if r.Metric["title"] == "" {
					t.Errorf("no title for %v", r.Metric)
				}
			}
			if want := "ai-compute high-standard-farmland"; strings.Join(got, " ") != want {
				t.Errorf("got %v, not %s", got, want)
			}
		}
	})
}
