// Package recipes proves that each patch of docs/recipes still shows where a
// thing is added: it applies to the tree as it is, the tree builds, the tests
// that guard it pass, and it touches no more files than it says.
package recipes

import (
	"bytes"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const root = "../.."

// most is how many files a recipe may touch, tests aside.
func most() map[string]int {
	return map[string]int{"source-kind": 3, "verdict-status": 4, "metric": 2, "page": 3, "observation-column": 4, "language": 3, "alert": 2, "unit": 1, "city": 1}
}

// recipe is a patch with what its head says.
type recipe struct {
	name   string
	patch  string // its path, absolute
	files  int    // that it touches, as it says
	guards [][]string
	paths  []string // that it touches
}

func read(t *testing.T, name string) recipe {
	t.Helper()
	full, err := filepath.Abs(filepath.Join(root, "docs/recipes", name+".patch"))
	if err != nil {
		t.Fatal(err)
	}
	body, err := os.ReadFile(full)
	if err != nil {
		t.Fatal(err)
	}
	r := recipe{name: name, patch: full}
	head, _, _ := strings.Cut(string(body), "\ndiff --git ")
	for _, line := range strings.Split(head, "\n") {
		if n, ok := strings.CutPrefix(line, "Files: "); ok {
			if r.files, err = strconv.Atoi(n); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		if g, ok := strings.CutPrefix(line, "Guard: "); ok {
			r.guards = append(r.guards, strings.Fields(g))
		}
	}
	for _, m := range regexp.MustCompile(`(?m)^diff --git a/\S+ b/(\S+)$`).FindAllStringSubmatch(string(body), -1) {
		r.paths = append(r.paths, m[1])
	}
	return r
}

// test reports whether a file is a test's.
func test(file string) bool {
	return strings.HasSuffix(file, "_test.go") || strings.Contains(file, "/testdata/") || strings.Contains(path.Dir(file), "rules_test")
}

func TestEveryRecipeTouchesNoMoreFilesThanItSays(t *testing.T) {
	patches, err := filepath.Glob(filepath.Join(root, "docs/recipes/*.patch"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range patches {
		if name := strings.TrimSuffix(filepath.Base(p), ".patch"); most()[name] == 0 {
			t.Errorf("%s is held against no number", name)
		}
	}
	for name, limit := range most() {
		r := read(t, name)
		paths := slices.DeleteFunc(slices.Clone(r.paths), test)
		if len(paths) != r.files || r.files > limit {
			t.Errorf("%s touches %d files %v; it says %d, and may touch %d", name, len(paths), paths, r.files, limit)
		}
		if len(r.guards) == 0 || len(r.paths) == len(paths) {
			t.Errorf("%s has no test that guards it, or none of its own", name)
		}
	}
}

// TestEveryRecipeAppliesBuildsAndPassesItsGuards puts all recipes on one copy of
// the tree, each also alone on the tree as it is, so that it is built once.
func TestEveryRecipeAppliesBuildsAndPassesItsGuards(t *testing.T) {
	dir := t.TempDir()
	copyTree(t, dir)
	var guards [][]string
	for name := range most() {
		r := read(t, name)
		run(t, dir, "git", "apply", "--check", r.patch) // alone
		guards = append(guards, r.guards...)
	}
	for name := range most() {
		run(t, dir, "git", "apply", read(t, name).patch)
	}
	run(t, dir, "go", "build", "./...")
	for _, g := range guards {
		out := run(t, dir, "go", append([]string{"test", "-v"}, g...)...)
		if !strings.Contains(out, "\n--- PASS: ") {
			t.Errorf("go test %s ran nothing", strings.Join(g, " "))
		}
	}
}

// copyTree copies what is tracked, and what is new and not ignored.
func copyTree(t *testing.T, dir string) {
	t.Helper()
	list := run(t, root, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	for _, name := range strings.Split(strings.TrimSuffix(list, "\x00"), "\x00") {
		body, err := os.ReadFile(filepath.Join(root, name))
		if os.IsNotExist(err) { // removed and not yet committed
			continue
		}
		if err == nil {
			err = os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755)
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), body, 0o644) //nolint:gosec // the tree is no secret
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	run(t, dir, "git", "init", "-q") // so that patches are read from here
	engine, err := filepath.Abs(filepath.Join(root, ".engine"))
	if err == nil {
		err = os.Symlink(engine, filepath.Join(dir, ".engine"))
	}
	if err != nil {
		t.Fatal(err)
	}
}

func run(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	c := exec.Command(name, args...)
	c.Dir = dir
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s%s", name, strings.Join(args, " "), err, out, stderr.String())
	}
	return string(out)
}
