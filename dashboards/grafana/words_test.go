package grafana_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"yardstick/schema/words"
)

func TestSentencesAndSourceBelongTogether(t *testing.T) {
	var files []string
	for _, where := range []string{"*.go", "../../comparator/telling/*.go", "*.yaml", "queries/*.sql"} {
		found, err := filepath.Glob(where)
		if err != nil || len(found) == 0 {
			t.Fatal(where, err)
		}
		files = append(files, found...)
	}
	used := map[string]bool{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		said := regexp.MustCompile(`"grafana-[a-z0-9-]+"`)
		if strings.HasSuffix(file, ".yaml") {
			said = regexp.MustCompile(`[ \[]grafana-[a-z0-9-]+`)
		}
		for _, id := range said.FindAllString(string(source), -1) {
			used[strings.Trim(id, `" [`)] = true
		}
	}
	delete(used, "grafana-clickhouse-datasource") // the plugin's name
	if !used["grafana-cause-"] {
		t.Error("the causes are not worded")
	}
	delete(used, "grafana-cause-")
	for _, id := range words.IDs() {
		switch {
		case !strings.HasPrefix(id, "grafana-") || strings.HasPrefix(id, "grafana-cause-"):
		case !used[id]:
			t.Errorf("nobody says %s", id)
		}
		delete(used, id)
	}
	for id := range used {
		t.Errorf("%s is said and not in the catalogue", id)
	}
	for _, cause := range []string{"figure", "revision", "time", "register"} {
		if !slices.Contains(words.IDs(), "grafana-cause-"+cause) {
			t.Errorf("the cause %s has no word", cause)
		}
	}
}
