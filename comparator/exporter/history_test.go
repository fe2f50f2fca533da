package exporter_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yardstick/comparator/exporter"
)

func TestPastVerdictsAreWhatPromtoolMakesBlocksOf(t *testing.T) {
	vs, reg := verdicts()
	h := exporter.NewHistory(reg, nil, map[string]string{"job": "yardstick", "instance": "a:1"})
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	first := time.Unix(1_735_660_799, 0)
	if err := h.Add(vs, first); err != nil {
		t.Fatal(err)
	}
	second := vs[:3]
	second[0].Value = dec("160.25")
	if err := h.Add(second, first.AddDate(0, 0, 1), first.AddDate(0, 0, 1).Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if err := h.Add(second, first); err == nil {
		t.Error("a time that does not follow is taken")
	}
	var out bytes.Buffer
	if err := h.Write(&out); err != nil {
		t.Fatal(err)
	}
	text := out.String()
	for _, want := range []string{
		`yardstick_indicator_value{instance="a:1",job="yardstick",policy="dalian-2024-15",region="210200",target="high-growth-firms"} 150 1735660799` + "\n",
		`target="high-growth-firms"} 160.25 1735747199` + "\n", `target="high-growth-firms"} 160.25 1735747259` + "\n",
		`title="具有影响力的\"大中型\"活动"`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s", want)
		}
	}
	if !strings.HasSuffix(text, "\n# EOF\n") || strings.Count(text, "# TYPE yardstick_target_gap gauge\n") != 1 {
		t.Error("a metric is not in one piece, or the end is missing")
	}
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Fatal("promtool is not installed: run `make tools`")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "history.txt")
	write(t, file, text)
	if out, err := exec.CommandContext(t.Context(), promtool, "tsdb", "create-blocks-from", "openmetrics", file, filepath.Join(dir, "blocks")).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if err := os.Mkdir(filepath.Join(dir, "blocks", "wal"), 0o700); err != nil { // without one it will not dump
		t.Fatal(err)
	}
	dump, err := exec.CommandContext(t.Context(), promtool, "tsdb", "dump", filepath.Join(dir, "blocks")).CombinedOutput()
	if err != nil || !strings.Contains(string(dump), "160.25 1735747259000") {
		t.Errorf("%v\n%.500s", err, dump)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
