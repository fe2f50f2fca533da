package board

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"yardstick/schema/words"
)

// TestEveryMessageExistsAndIsUsed ties code and templates to the catalogue.
func TestEveryMessageExistsAndIsUsed(t *testing.T) {
	var source strings.Builder
	for _, room := range []string{".", "../show", "../districts", "../web", "../lineage", "../api", "../draw", "../download", "../../schema/api", "../../schema/figure", "../../comparator/telling"} {
		err := fs.WalkDir(os.DirFS(room), ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") || !slices.Contains([]string{".go", ".html", ".csv"}, filepath.Ext(path)) {
				return err
			}
			b, err := os.ReadFile(filepath.Join(room, path))
			source.Write(b)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	ids := words.IDs()
	used := map[string]bool{}
	for _, m := range regexp.MustCompile(`[",](board-[a-zA-Z0-9-]+)[",]`).FindAllStringSubmatch(source.String(), -1) {
		used[m[1]] = true
		prefix := strings.HasSuffix(m[1], "-")
		found := slices.ContainsFunc(ids, func(id string) bool { return id == m[1] || prefix && strings.HasPrefix(id, m[1]) })
		if !found {
			t.Errorf("the catalogue has no message %s", m[1])
		}
	}
	for _, id := range ids {
		if !strings.HasPrefix(id, "board-") || used[id] {
			continue
		}
		if !slices.ContainsFunc(slices.Collect(keys(used)), func(u string) bool {
			return strings.HasSuffix(u, "-") && strings.HasPrefix(id, u) || id == u+"-one"
		}) {
			t.Errorf("the message %s is used nowhere", id)
		}
	}
}

func keys(m map[string]bool) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}
