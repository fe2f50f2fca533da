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
	for end := time.Now().Add(5 * time.Minute); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
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
	// instances of which one has lost its store.
	golden, err := os.ReadFile("../../comparator/exporter/testdata/metrics.txt")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("testdata/metrics.prom")
	if err != nil {
		t.Fatal(err)
	}
	second := strings.ReplaceAll(string(page), "yardstick_store_up 1", "yardstick_store_up 0")
	base := startPrometheus(t, string(golden), string(page), second)
	to := time.Now()
	from := to.Add(-time.Hour)
	ask := func(t *testing.T, raw string, instant bool) scrape { return askAt(t, base, raw, instant, from, to) }
	asked := 0
	for _, lang := range grafana.Languages() {
		for _, q := range grafana.Queries(lang) {
			if q.Kind != grafana.Prometheus {
				continue
			}
			asked++
			t.Run(lang+" "+q.Panel+" "+q.RefID, func(t *testing.T) {
				if s := ask(t, q.Raw, q.Instant); len(s.Data.Result) == 0 {
					t.Errorf("nothing from\n%s", q.Raw)
				}
			})
		}
	}
	if asked == 0 {
		t.Fatal("no query of Prometheus was found")
	}
	find := func(panel, ref string) grafana.Query {
		for _, q := range grafana.Queries("zh") {
			if q.Panel == panel && q.RefID == ref {
				return q
			}
		}
		t.Fatalf("no query %s of %s", ref, panel)
		return grafana.Query{}
	}
	t.Run("the worst of several instances is shown, once", func(t *testing.T) {
		s := ask(t, find("系统运行", "A").Raw, true)
		if len(s.Data.Result) != 1 || s.Data.Result[0].Value[1] != "0" {
			t.Errorf("two stores are up and one is down, and it says %v", s.Data.Result)
		}
		feeds := map[string]int{}
		for _, r := range ask(t, find("采集", "A").Raw, true).Data.Result {
			feeds[r.Metric["feed"]]++
		}
		if feeds["firms-monthly"] != 1 || feeds["industry"] != 1 {
			t.Errorf("feeds: %v", feeds)
		}
	})
	t.Run("what nobody knows is not a nought", func(t *testing.T) {
		bare := startPrometheus(t, string(page))
		s := askAt(t, bare, find("系统运行", "G").Raw, true, from, to)
		if len(s.Data.Result) != 1 || s.Data.Result[0].Value[1] != "NaN" {
			t.Errorf("without a backup it says %v", s.Data.Result)
		}
	})
}

// askAt asks one query of the Prometheus at base: of now, or over the time.
func askAt(t *testing.T, base, raw string, instant bool, from, to time.Time) (s scrape) {
	t.Helper()
	expr, err := grafana.ExpandPromQL(raw, from, to, time.Minute, nil)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now().Unix() + 1
	path := fmt.Sprintf("/api/v1/query_range?step=15s&start=%d&end=%d&query=", now-3600, now) // the last step is the second that has begun
	if instant {
		path = "/api/v1/query?query="
	}
	if err := get(t.Context(), base+path+url.QueryEscape(expr), &s); err != nil {
		t.Fatalf("%v of\n%s", err, expr)
	}
	return s
}
