package deploy_test

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// need finds a program. What every developer has makes the test fail when it is
// missing; what only some have makes it skip and say so.
func need(t *testing.T, name string, everybody bool) string {
	t.Helper()
	path, err := exec.LookPath(name)
	switch {
	case err == nil:
		return path
	case everybody:
		t.Fatalf("没有 %[1]s，请先运行 make tools / %[1]s is missing: run `make tools` first", name)
	}
	t.Skipf("本机没有 %[1]s，未检查 / %[1]s is not on this machine: not checked", name)
	return ""
}

func check(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(cmd.Args, " "), err, out)
	}
	return string(out)
}

func TestComposeIsWhole(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), need(t, "docker-compose", false), "-f", "compose/docker-compose.yml", "config")
	cmd.Env = append(os.Environ(), "CLICKHOUSE_PASSWORD=a", "CLICKHOUSE_GRAFANA_PASSWORD=b")
	out := check(t, cmd)
	for _, want := range []string{"--storage.tsdb.retention.time=5y", "--data.retention=840h", "grafana-clickhouse-datasource"} {
		if !strings.Contains(out, want) {
			t.Errorf("compose has no %s", want)
		}
	}
	cmd = exec.CommandContext(t.Context(), cmd.Path, "-f", "compose/docker-compose.yml", "config")
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}
	if out, err := cmd.CombinedOutput(); err == nil {
		t.Errorf("it starts without passwords:\n%s", out)
	}
}

func TestTheContainersFilesAreTheShippedOnesWithOtherAddresses(t *testing.T) {
	want := strings.NewReplacer("http://127.0.0.1:8080/", "http://yardstick:8080/",
		"{authorization: {credentials_file: /etc/yardstick/alerts-token}}", "{basic_auth: {username: alertmanager, password_file: /run/secrets/alerts-token}}").
		Replace(read(t, "../alerts/alertmanager/alertmanager.yml"))
	if read(t, "compose/alertmanager.yml") != want {
		t.Error("compose/alertmanager.yml is not alerts/alertmanager/alertmanager.yml with the containers' addresses")
	}
	_, body, _ := strings.Cut(read(t, "prometheus/prometheus.yml"), "global:\n")
	want = strings.NewReplacer("../../alerts/rules/*.yml", "rules/*.yml", "127.0.0.1:9093", "alertmanager:9093",
		"  - job_name: yardstick\n    static_configs:\n      - targets: [\"127.0.0.1:8080\"]",
		"  - job_name: yardstick\n    basic_auth: {username: prometheus, password_file: /run/secrets/metrics-password}\n    static_configs:\n      - targets: [\"yardstick:8080\"]").
		Replace(body)
	if _, got, _ := strings.Cut(read(t, "compose/prometheus.yml"), "global:\n"); got != want {
		t.Error("compose/prometheus.yml is not prometheus/prometheus.yml with the containers' addresses")
	}
	check(t, exec.CommandContext(t.Context(), need(t, "amtool", true), "check-config", "compose/alertmanager.yml"))
	check(t, exec.CommandContext(t.Context(), need(t, "promtool", true), "check", "config", "--syntax-only", "compose/prometheus.yml"))
	check(t, exec.CommandContext(t.Context(), need(t, "promtool", true), "check", "config", "prometheus/prometheus.yml"))
}

func TestTheUnitsAreSound(t *testing.T) {
	tool := need(t, "systemd-analyze", false)
	units, err := filepath.Glob("systemd/*")
	if err != nil || len(units) == 0 {
		t.Fatalf("no units: %v", err)
	}
	dir := t.TempDir()
	args := []string{"verify"}
	for _, unit := range units {
		// The programs are not installed here; whether they are is not what is asked.
		text := read(t, unit)
		for _, program := range []string{"/usr/bin/yardstick", "/usr/lib/yardstick/backup.sh", "/usr/bin/prometheus-alertmanager", "/usr/bin/prometheus", "/usr/bin/promtool", "/usr/bin/amtool"} {
			text = strings.ReplaceAll(text, "="+program+" ", "=/bin/true ")
		}
		to := filepath.Join(dir, filepath.Base(unit))
		if err := os.WriteFile(to, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, to)
	}
	if out := check(t, exec.CommandContext(t.Context(), tool, args...)); strings.Contains(out, dir) {
		t.Errorf("systemd-analyze says:\n%s", out)
	}
	for unit, want := range map[string]string{"yardstick-prometheus.service": "--storage.tsdb.retention.time=5y", "yardstick-alertmanager.service": "--data.retention=840h"} {
		if !strings.Contains(read(t, "systemd/"+unit), want) {
			t.Errorf("%s has no %s", unit, want)
		}
	}
}

func TestTheBackupHoldsWhatTheStoreIsRebuiltFrom(t *testing.T) {
	data, to := t.TempDir(), t.TempDir()
	for _, name := range []string{"ledger/ledger", "rows/ab/abc", "snapshots/cd/cde", "state/schedule.json", "store/big"} {
		path := filepath.Join(data, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	before := time.Now().Add(-time.Second)
	file := strings.TrimSpace(check(t, exec.CommandContext(t.Context(), "./backup.sh", data, to)))
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var held []string
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, name, _ := strings.Cut(h.Name, "/"); h.Typeflag == tar.TypeReg {
			held = append(held, name)
			if body, err := io.ReadAll(r); err != nil || string(body) != name {
				t.Errorf("%s: %v %q", name, err, body)
			}
		}
	}
	slices.Sort(held)
	if want := []string{"ledger/ledger", "rows/ab/abc", "snapshots/cd/cde", "state/schedule.json"}; !slices.Equal(held, want) {
		t.Errorf("it holds %v, want %v", held, want)
	}
	if info, err := os.Stat(filepath.Join(data, "state", "last-backup")); err != nil || info.ModTime().Before(before) {
		t.Errorf("the backup is not noted: %v", err)
	}
	if left, err := os.ReadDir(to); err != nil || len(left) != 1 {
		t.Errorf("it leaves %v behind: %v", left, err)
	}
	if out, err := exec.CommandContext(t.Context(), "./backup.sh", filepath.Join(data, "nothing"), to).CombinedOutput(); err == nil {
		t.Errorf("a folder that is not there is backed up: %s", out)
	}
}
