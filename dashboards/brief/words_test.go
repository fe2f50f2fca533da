package brief

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

func TestEverySentenceOfTheBriefIsThereAndIsSaid(t *testing.T) {
	var source strings.Builder
	for _, root := range []string{".", "../board/templates", "../districts/templates", "../show", "../web", "../../alerts/bridge", "../../cmd/yardstick"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") {
				return err
			}
			if ext := filepath.Ext(path); ext != ".go" && ext != ".html" {
				return nil
			}
			b, err := os.ReadFile(path)
			source.Write(b)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	ids := words.IDs()
	used := map[string]bool{}
	for _, m := range regexp.MustCompile(`"((?:brief|compare-cause)-[a-z-]*)"`).FindAllStringSubmatch(source.String(), -1) {
		used[m[1]] = true
		if !slices.ContainsFunc(ids, func(id string) bool {
			return id == m[1] || strings.HasSuffix(m[1], "-") && strings.HasPrefix(id, m[1])
		}) && m[1] != "brief-" {
			t.Errorf("the catalogue has no message %s", m[1])
		}
	}
	for _, id := range ids {
		if strings.HasPrefix(id, "brief-") && !used[id] && !strings.HasPrefix(id, "brief-band-") {
			t.Errorf("the message %s is used nowhere", id)
		}
	}
}
