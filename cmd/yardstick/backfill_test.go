package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"yardstick/schema"
)

// backfill writes past verdicts, makes blocks of them, and asks a real
// Prometheus over these blocks for ten days: it answers what compare says.
func (d *demonstration) backfill(t *testing.T) {
	dir := t.TempDir()
	file, blocks := filepath.Join(dir, "history.txt"), filepath.Join(dir, "tsdb")
	d.output(t, "export", "--output", "openmetrics", "--from", "2025-03-01", "--to", "2025-06-30", "--label", "job=yardstick", "--file", file)
	if out, err := exec.Command(program(t, "promtool"), "tsdb", "create-blocks-from", "openmetrics", file, blocks).CombinedOutput(); err != nil {
		t.Fatalf("promtool: %v\n%s", err, out)
	}
	config, port := filepath.Join(dir, "prometheus.yml"), ports(t, 1)[0]
	if err := os.WriteFile(config, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	base := "http://127.0.0.1:" + port
	(&watchtower{}).run(t, exec.Command(program(t, "prometheus"), "--config.file="+config, "--storage.tsdb.path="+blocks, "--storage.tsdb.retention.time=5y",
		"--web.listen-address=127.0.0.1:"+port, "--log.level=warn"), base+"/-/ready")
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for i := range 10 {
		day := schema.NewDate(2025, 3, 5).AddDays(13 * i)
		at := day.EndIn(shanghai).Unix()
		stored := map[string]map[string]float64{}
		for _, name := range []string{"yardstick_indicator_value", "yardstick_target_value", "yardstick_target_gap", "yardstick_target_progress_ratio",
			"yardstick_target_schedule_ratio", "yardstick_target_pace_ratio", "yardstick_target_chance_ratio", `yardstick_target_status == 1`} {
			stored[name] = pastSamples(t, base, name, at)
		}
		for target, v := range d.verdicts(t, "--as-of", day.String()) {
			for name, want := range map[string]*float64{
				"yardstick_indicator_value": asFloat(v.Value), "yardstick_target_value": asFloat(&v.TargetValue), "yardstick_target_gap": asFloat(v.Gap),
				"yardstick_target_progress_ratio": v.Progress, "yardstick_target_schedule_ratio": v.Schedule, "yardstick_target_pace_ratio": v.Pace,
				"yardstick_target_chance_ratio": v.Chance,
			} {
				got, ok := stored[name][target]
				if ok != (want != nil) || ok && got != *want {
					t.Errorf("%s %s %s: Prometheus has %v (%t), compare says %v", day, target, name, got, ok, want)
				}
				compared++
			}
			if _, ok := stored[`yardstick_target_status == 1`][target+" "+string(v.Status)]; !ok {
				t.Errorf("%s %s: Prometheus does not have %s", day, target, v.Status)
			}
		}
	}
	if compared != 10*27*7 {
		t.Errorf("%d samples compared", compared)
	}
}

func asFloat(d *schema.Decimal) *float64 {
	if d == nil {
		return nil
	}
	f := d.Float()
	return &f
}

// pastSamples asks for an expression at a moment: values by target, and where
// there is one by status too.
func pastSamples(t *testing.T, base, expr string, at int64) map[string]float64 {
	t.Helper()
	status, body, err := fetch(t.Context(), fmt.Sprintf("%s/api/v1/query?time=%d&query=%s", base, at, url.QueryEscape(expr)))
	if err != nil || status != http.StatusOK {
		t.Fatalf("%d %v %s", status, err, body)
	}
	var answer struct {
		Data struct {
			Result []struct {
				Metric map[string]string `json:"metric"`
				Value  [2]any            `json:"value"`
			} `json:"result"`
		} `json:"data"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		t.Fatal(err)
	}
	out := map[string]float64{}
	for _, r := range answer.Data.Result {
		if r.Metric["job"] != "yardstick" {
			t.Errorf("%v has not the label it was given", r.Metric)
		}
		v, err := strconv.ParseFloat(r.Value[1].(string), 64)
		if err != nil {
			t.Fatal(err)
		}
		key := r.Metric["target"]
		if s := r.Metric["status"]; s != "" {
			key += " " + s
		}
		out[key] = v
	}
	return out
}
