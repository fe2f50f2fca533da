package published_test

import (
	"encoding/csv"
	"io/fs"
	"path"
	"strings"
	"testing"

	"yardstick/collectors/published"
)

// rows gives each file's rows by header.
func rows(t *testing.T) map[string][]map[string]string {
	t.Helper()
	names, err := fs.Glob(published.FS(), "*/*.csv")
	if err != nil || len(names) == 0 {
		t.Fatalf("no files: %v", err)
	}
	out := map[string][]map[string]string{}
	for _, name := range names {
		b, err := fs.ReadFile(published.FS(), name)
		if err != nil {
			t.Fatal(err)
		}
		text, bom := strings.CutPrefix(string(b), "\ufeff")
		if !bom {
			t.Errorf("%s: people open it in a spreadsheet: it needs a byte order mark", name)
		}
		all, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, row := range all[1:] {
			cells := map[string]string{}
			for i, head := range all[0] {
				cells[head] = row[i]
			}
			out[path.Base(name)] = append(out[path.Base(name)], cells)
		}
	}
	return out
}

func TestGDPOf2024StandsInTwoReleases(t *testing.T) {
	found := map[string]string{}
	for file, all := range rows(t) {
		for _, r := range all {
			if r["指标名称"] == "地区生产总值" && r["时期"] == "2024" {
				found[file] = r["数值"] + r["单位"] + r["状态"]
			}
		}
	}
	if len(found) != 2 || found["2025-01.csv"] != "9516.9亿元P" || found["2025-10.csv"] != "9540.2亿元A" {
		t.Errorf("GDP of 2024: %v", found)
	}
}

func TestAFileHoldsOnePublicationAndEveryRowItsSource(t *testing.T) {
	n := 0
	for file, all := range rows(t) {
		month := strings.TrimSuffix(file, ".csv")
		for _, r := range all {
			n++
			if day := r["发布日期"]; month != "undated" && day != month || month == "undated" && day != "" {
				t.Errorf("%s holds a figure published %q", file, day)
			}
			if source := strings.TrimPrefix(r["来源"], "来源："); source == r["来源"] || source == "" {
				t.Errorf("%s: %v names no source", file, r)
			}
		}
	}
	if n != 14 {
		t.Errorf("%d published figures, want 14", n)
	}
}
