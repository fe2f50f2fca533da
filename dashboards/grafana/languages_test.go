package grafana_test

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"yardstick/dashboards/grafana"
)

// texts are the words a reader sees, each with the key it stands under. Words
// within queries come out in frames and are looked at there.
func texts(key string, v any, found func(key, text string)) {
	switch v := v.(type) {
	case map[string]any:
		if v["id"] == "displayName" {
			found("displayName", v["value"].(string))
		}
		for k, x := range v {
			texts(k, x, found)
		}
	case []any:
		for _, x := range v {
			texts(key, x, found)
		}
	case string:
		if slices.Contains([]string{"title", "description", "label", "text", "noValue", "legendFormat", "name"}, key) {
			found(key, v)
		}
	}
}

// bones is a dashboard without its words: what both languages must share.
func bones(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, x := range v {
			if k == "rawSql" || k == "expr" || k == "query" || k == "definition" || k == "url" {
				continue // told apart by tests that run them
			}
			out[k] = bones(x)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = bones(x)
		}
		return out
	case string:
		return "text"
	}
	return v
}

func TestBothLanguagesHaveTheSameBonesAndTheirOwnWords(t *testing.T) {
	han := func(s string) bool {
		return strings.IndexFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) }) >= 0
	}
	latin := regexp.MustCompile(`[A-Za-z]{2,}`)
	holes := regexp.MustCompile(`\$\{?[\w.:]+\}?|English|ClickHouse|Prometheus|^[a-z_]+$|All|127\.0\.0\.1`)
	var sets [2][]string
	for i, lang := range []string{"zh", "en"} {
		files, err := grafana.Dashboards(lang)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range slices.Sorted(maps.Keys(files)) {
			var all any
			if err := json.Unmarshal(files[name], &all); err != nil {
				t.Fatal(err)
			}
			b, err := json.Marshal(bones(all))
			if err != nil {
				t.Fatal(err)
			}
			sets[i] = append(sets[i], string(b))
			texts("", all, func(key, text string) {
				words := holes.ReplaceAllString(text, "")
				switch {
				case text == "":
					if key != "noValue" {
						t.Errorf("%s: an empty %s", name, key)
					}
				case lang == "en" && han(words) && text != "中文":
					t.Errorf("%s: %s %q is Chinese", name, key, text)
				case lang == "zh" && latin.MatchString(words) && !han(words) && !strings.HasPrefix(text, "http"):
					t.Errorf("%s: %s %q is not Chinese", name, key, text)
				}
			})
		}
	}
	if !slices.Equal(sets[0], sets[1]) {
		t.Error("the dashboards differ in more than words")
	}
}
