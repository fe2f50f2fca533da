package alerts

import (
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/prometheus/prometheus/promql/parser"
	"go.yaml.in/yaml/v3"
)

// rule is one alert, or one recording, as its file has it.
type rule struct {
	Record      string            `yaml:"record"`
	File        string            `yaml:"-"`
	Alert       string            `yaml:"alert"`
	Expr        string            `yaml:"expr"`
	For         string            `yaml:"for"`
	Keep        string            `yaml:"keep_firing_for"`
	Labels      map[string]string `yaml:"labels"`
	Annotations map[string]string `yaml:"annotations"`
}

// rules lists the alerts.
func rules(t *testing.T) []rule {
	t.Helper()
	return slices.DeleteFunc(everyRule(t), func(r rule) bool { return r.Alert == "" })
}

func everyRule(t *testing.T) []rule {
	t.Helper()
	names, err := fs.Glob(Rules, "rules/*.yml")
	if err != nil || len(names) == 0 {
		t.Fatalf("no rules: %v", err)
	}
	var out []rule
	for _, name := range names {
		content, err := Rules.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var file struct {
			Groups []struct {
				Rules []rule `yaml:"rules"`
			} `yaml:"groups"`
		}
		if err := yaml.Unmarshal(content, &file); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, g := range file.Groups {
			for _, r := range g.Rules {
				r.File = name
				out = append(out, r)
			}
		}
	}
	return out
}

// promtool runs Debian's promtool; without it the test fails and says what to do.
func promtool(t *testing.T, args ...string) {
	t.Helper()
	tool, err := exec.LookPath("promtool")
	if err != nil {
		t.Fatal("没有 promtool，请先运行 make tools / promtool is missing: run `make tools` first")
	}
	if out, err := exec.CommandContext(t.Context(), tool, args...).CombinedOutput(); err != nil {
		t.Errorf("promtool %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

func TestPromtoolTakesTheRules(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("rules/*.yml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no rules: %v", err)
	}
	promtool(t, append([]string{"check", "rules"}, files...)...)
}

func TestTheRulesDoWhatTheirTestsSay(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("rules_test/*.yml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no tests of rules: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			promtool(t, "test", "rules", file)
		})
	}
}

func TestEveryRuleIsTestedToFireToBeQuietToResolveAndToBeToldOnce(t *testing.T) {
	files, err := filepath.Glob("rules_test/*.yml")
	if err != nil {
		t.Fatal(err)
	}
	fires, quiet, resolves, kept := map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, file := range files {
		var tests struct {
			Tests []struct {
				Alerts []struct {
					At   string `yaml:"eval_time"`
					Name string `yaml:"alertname"`
					Exp  []any  `yaml:"exp_alerts"`
				} `yaml:"alert_rule_test"`
				Exprs []struct {
					Expr string `yaml:"expr"`
				} `yaml:"promql_expr_test"`
			} `yaml:"tests"`
		}
		readYAML(t, file, &tests)
		for _, test := range tests.Tests {
			fired := map[string]time.Duration{}
			for _, a := range test.Alerts {
				at, err := time.ParseDuration(a.At)
				if err != nil {
					t.Fatalf("%s: %v", file, err)
				}
				if len(a.Exp) > 0 {
					fires[a.Name], fired[a.Name] = true, at
					continue
				}
				quiet[a.Name] = true
				if since, ok := fired[a.Name]; ok && at > since {
					resolves[a.Name] = true
				}
			}
			for _, e := range test.Exprs {
				if m := regexp.MustCompile(`alertname="(\w+)"`).FindStringSubmatch(e.Expr); m != nil && strings.Contains(e.Expr, "count_over_time(count(") {
					kept[m[1]] = true
				}
			}
		}
	}
	kept["StoreDown"] = true                                                                           // its test looks at the alert itself through the flicker
	quiet["Watchdog"], resolves["Watchdog"], kept["Watchdog"] = true, true, true                       // it never ends
	resolves["TargetLagging"], resolves["TargetMissed"], resolves["TargetBreached"] = true, true, true // asked by expressions over ALERTS
	for _, r := range rules(t) {
		if !fires[r.Alert] || !quiet[r.Alert] || !resolves[r.Alert] || !kept[r.Alert] {
			t.Errorf("%s: tested to fire %t, to be quiet %t, to resolve %t, to be told once while it swings %t",
				r.Alert, fires[r.Alert], quiet[r.Alert], resolves[r.Alert], kept[r.Alert])
		}
	}
}

// metrics are those that may be asked for: what the exporter's whole page has,
// what the rules record, and what Prometheus and Alertmanager tell of themselves.
func metrics(t *testing.T) []string {
	t.Helper()
	page, err := os.ReadFile("../comparator/exporter/testdata/metrics.txt")
	if err != nil {
		t.Fatal(err)
	}
	out := []string{"ALERTS", "alertmanager_notifications_failed_total", "prometheus_notifications_dropped_total"}
	for _, m := range regexp.MustCompile(`(?m)^# TYPE (\S+)`).FindAllStringSubmatch(string(page), -1) {
		out = append(out, m[1])
	}
	for _, r := range everyRule(t) {
		if r.Record != "" {
			out = append(out, r.Record)
		}
	}
	return out
}

func TestEveryMetricAskedForExists(t *testing.T) {
	known := metrics(t)
	for _, r := range everyRule(t) {
		name := r.Alert + r.Record
		expr, err := parser.NewParser(parser.Options{}).ParseExpr(r.Expr)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		asked := 0
		parser.Inspect(expr, func(node parser.Node, _ []parser.Node) error {
			if s, ok := node.(*parser.VectorSelector); ok {
				asked++
				if !slices.Contains(known, s.Name) {
					t.Errorf("%s asks for %q", name, s.Name)
				}
			}
			return nil
		})
		if asked == 0 && name != "Watchdog" {
			t.Errorf("%s asks for no metric", name)
		}
		// Queries inside the annotations are text to the parser.
		for key, text := range r.Annotations {
			for _, asked := range regexp.MustCompile(`yardstick[_:][a-z_:0-9]+`).FindAllString(text, -1) {
				if !slices.Contains(known, asked) {
					t.Errorf("%s, %s asks for %q", name, key, asked)
				}
			}
		}
	}
}

func TestEveryRuleSpeaksBothLanguagesAndWakesNobody(t *testing.T) {
	han := func(s string) bool {
		return strings.IndexFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) }) >= 0
	}
	action := regexp.MustCompile(`(?s){{.*?}}`)
	for _, r := range rules(t) {
		want := []string{"description", "description_en", "link", "next", "next_en", "runbook", "summary", "summary_en"}
		if got := slices.Sorted(maps.Keys(r.Annotations)); !slices.Equal(got, want) {
			t.Errorf("%s has the annotations %v, not %v", r.Alert, got, want)
		}
		for key, text := range r.Annotations {
			words := action.ReplaceAllString(text, "")
			switch {
			case strings.TrimSpace(text) == "":
				t.Errorf("%s: %s is empty", r.Alert, key)
			case strings.HasSuffix(key, "_en") && han(words):
				t.Errorf("%s: %s holds Chinese: %s", r.Alert, key, words)
			case (key == "summary" || key == "description" || key == "next") && !han(words):
				t.Errorf("%s: %s holds no Chinese: %s", r.Alert, key, words)
			}
		}
		page := slices.Contains([]string{"StoreDown", "SnapshotDiskLow", "LedgerBroken"}, r.Alert)
		if severity := r.Labels["severity"]; page != (severity == "page") || !page && !slices.Contains([]string{"warning", "info", "none"}, severity) {
			t.Errorf("%s has severity %q", r.Alert, severity)
		}
		if r.For == "" || r.Keep == "" {
			t.Errorf("%s has for %q and keep_firing_for %q", r.Alert, r.For, r.Keep)
		}
	}
}

func TestEveryRuleHasItsPageAndEveryPageItsRule(t *testing.T) {
	pages, err := fs.Glob(Runbooks, "runbooks/*.md")
	if err != nil {
		t.Fatal(err)
	}
	unclaimed := map[string]bool{}
	for _, page := range pages {
		unclaimed[strings.TrimSuffix(path.Base(page), ".md")] = true
	}
	for _, r := range rules(t) {
		if r.Annotations["runbook"] != "{{ $externalLabels.board }}/runbooks/"+r.Alert {
			t.Errorf("%s points to %s", r.Alert, r.Annotations["runbook"])
		}
		if !unclaimed[r.Alert] {
			t.Errorf("%s has no page, or two rules share it", r.Alert)
			continue
		}
		delete(unclaimed, r.Alert)
		content, err := Runbooks.ReadFile("runbooks/" + r.Alert + ".md")
		if err != nil {
			t.Fatal(err)
		}
		at := 0
		for _, heading := range []string{
			"# " + r.Alert + " · ", "## 含义\n", "## 影响\n", "## 看什么\n", "## 怎么办\n", "## 何时静默\n",
			"## Meaning\n", "## Impact\n", "## What to look at\n", "## What to do\n", "## When to silence\n",
		} {
			i := strings.Index(string(content)[at:], heading)
			if i < 0 {
				t.Errorf("%s.md: %q is missing or out of order", r.Alert, strings.TrimSpace(heading))
				continue
			}
			at += i
		}
	}
	for page := range unclaimed {
		t.Errorf("%s.md has no rule", page)
	}
}
