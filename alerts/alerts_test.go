package alerts

import (
	"io/fs"
	"maps"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
	"go.yaml.in/yaml/v3"
)

// rule is one alert as its file has it.
type rule struct {
	File        string            `yaml:"-"`
	Alert       string            `yaml:"alert"`
	Expr        string            `yaml:"expr"`
	For         string            `yaml:"for"`
	Keep        string            `yaml:"keep_firing_for"`
	Labels      map[string]string `yaml:"labels"`
	Annotations map[string]string `yaml:"annotations"`
}

func rules(t *testing.T) []rule {
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

func TestEveryRuleIsTestedToFireAndNot(t *testing.T) {
	files, err := filepath.Glob("rules_test/*.yml")
	if err != nil {
		t.Fatal(err)
	}
	fires, quiet, kept := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, file := range files {
		var tests struct {
			Tests []struct {
				Alerts []struct {
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
			for _, a := range test.Alerts {
				if len(a.Exp) > 0 {
					fires[a.Name] = true
				} else {
					quiet[a.Name] = true
				}
			}
			for _, e := range test.Exprs {
				if m := regexp.MustCompile(`alertname="(\w+)"`).FindStringSubmatch(e.Expr); m != nil && strings.Contains(e.Expr, "count_over_time(count(") {
					kept[m[1]] = true
				}
			}
		}
	}
	kept["StoreDown"] = true // its test looks at the alert itself through the flicker
	for _, r := range rules(t) {
		if !fires[r.Alert] || !quiet[r.Alert] || !kept[r.Alert] {
			t.Errorf("%s: tested to fire %t, to be quiet %t, to be told once while it swings %t", r.Alert, fires[r.Alert], quiet[r.Alert], kept[r.Alert])
		}
	}
}

// houseMetrics are those the exporter has; nothing else may be asked for.
func houseMetrics() []string {
	return []string{
		"yardstick_target_info", "yardstick_target_value", "yardstick_indicator_value", "yardstick_target_gap", "yardstick_target_gap_ratio",
		"yardstick_target_attainment_ratio", "yardstick_target_progress_ratio", "yardstick_target_schedule_ratio", "yardstick_target_pace_ratio",
		"yardstick_target_chance_ratio", "yardstick_target_forecast_value", "yardstick_target_deadline_timestamp_seconds",
		"yardstick_target_observation_timestamp_seconds", "yardstick_target_status", "yardstick_target_stale", "yardstick_target_provisional",
		"yardstick_verdict_changes_total", "yardstick_feed_last_success_timestamp_seconds", "yardstick_feed_due_timestamp_seconds",
		"yardstick_feed_problems", "yardstick_feed_open_questions", "yardstick_feed_rows_total", "yardstick_feed_receipts_total",
		"yardstick_collector_duration_seconds", "yardstick_compare_duration_seconds", "yardstick_compare_last_success_timestamp_seconds",
		"yardstick_ledger_height", "yardstick_ledger_head_info", "yardstick_backup_last_success_timestamp_seconds",
		"yardstick_snapshot_free_bytes", "yardstick_series_dropped", "yardstick_store_up", "yardstick_build_info",
	}
}

func TestEveryMetricAskedForExists(t *testing.T) {
	for _, r := range rules(t) {
		expr, err := parser.NewParser(parser.Options{}).ParseExpr(r.Expr)
		if err != nil {
			t.Errorf("%s: %v", r.Alert, err)
			continue
		}
		asked := 0
		parser.Inspect(expr, func(node parser.Node, _ []parser.Node) error {
			if s, ok := node.(*parser.VectorSelector); ok {
				asked++
				name := s.Name
				if i := slices.IndexFunc(s.LabelMatchers, func(m *labels.Matcher) bool { return m.Name == "__name__" }); name == "" && i >= 0 {
					name = s.LabelMatchers[i].Value
				}
				if !slices.Contains(houseMetrics(), name) {
					t.Errorf("%s asks for %q", r.Alert, name)
				}
			}
			return nil
		})
		if asked == 0 {
			t.Errorf("%s asks for no metric", r.Alert)
		}
		// Queries inside the annotations are text to the parser.
		for key, text := range r.Annotations {
			for _, name := range regexp.MustCompile(`yardstick_[a-z_]+`).FindAllString(text, -1) {
				if !slices.Contains(houseMetrics(), name) {
					t.Errorf("%s, %s asks for %q", r.Alert, key, name)
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
		want := []string{"description", "description_en", "link", "runbook", "summary", "summary_en"}
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
			case (key == "summary" || key == "description") && !han(words):
				t.Errorf("%s: %s holds no Chinese: %s", r.Alert, key, words)
			}
		}
		if severity := r.Labels["severity"]; severity != "warning" && (severity != "page" || r.Alert != "StoreDown") {
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
		if r.Annotations["runbook"] != "alerts/runbooks/"+r.Alert+".md" {
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
