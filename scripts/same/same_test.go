//go:build same

// Package same holds a working tree against an older commit: both are built,
// both serve their own demonstration, and whatever a person or a program reads
// there is compared as text. `make same BASE=<commit>` runs it; what is meant to
// differ stands in the file same.allow at the root.
package same

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// days are the days on which both are asked: before the first meeting, at the
// end of the policy's first year, at the year's growing ends, and the day on
// which the demonstration's clock stands.
var days = []string{"2024-12-31", "2025-01-31", "2025-02-28", "2025-03-31", "2025-05-31", "2025-06-30"}

// sayings is everything one side said: where it was said, and the text.
type sayings map[string]string

// parts are the ways to ask, in their order: the last one changes what is held.
var parts = []struct {
	name string
	ask  func(*side) error
}{
	{"pages", (*side).pages},
	{"desk", (*side).desk},
	{"api", (*side).api},
	{"metrics", (*side).metrics},
	{"briefs", (*side).briefs},
	{"commands", (*side).commands},
	{"previews", (*side).previews},
	{"grafana", (*side).grafana},
	{"acts", (*side).acts},
}

// TestTheSameIsSaid compares the tree with BASE. PARTS, if set, names the parts
// to ask; the whole report goes to the file named by REPORT.
func TestTheSameIsSaid(t *testing.T) {
	base := os.Getenv("BASE")
	if base == "" {
		t.Fatal("BASE is not set: it names the commit to compare with, as in make same BASE=bf84b2f")
	}
	root := rootOf(t)
	allowed, err := readAllow(filepath.Join(root, "same.allow"))
	if err != nil {
		t.Fatal(err)
	}
	old, now := newSide(t, "before", checkedOut(t, root, base)), newSide(t, "after", root)
	both := []*side{old, now}
	for _, s := range both {
		s.files = old.tree // both read the same files
		s.start(t)
	}
	found := finding{}
	chosen := strings.Fields(strings.ReplaceAll(os.Getenv("PARTS"), ",", " "))
	for _, p := range parts {
		if len(chosen) > 0 && !slices.Contains(chosen, p.name) {
			continue
		}
		began := time.Now()
		old.said, now.said = sayings{}, sayings{}
		var wg sync.WaitGroup
		failed := make([]error, len(both))
		for i, s := range both {
			wg.Go(func() { failed[i] = p.ask(s) })
		}
		wg.Wait()
		for i, err := range failed {
			if err != nil {
				t.Errorf("%s, %s: %v", both[i].name, p.name, err)
			}
		}
		part := compare(old.said, now.said, allowed)
		fmt.Fprintf(os.Stderr, "%-9s %5d answers in %s: %d differ, of these %d only as allowed\n",
			p.name, len(now.said), time.Since(began).Round(time.Second), part.differing, part.allowed)
		found.add(part)
		if path := os.Getenv("REPORT"); path != "" { // as far as it is known: what follows may be broken off
			if err := os.WriteFile(path, []byte(found.text(0)), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, s := range both {
		s.end(t)
	}
	if len(chosen) == 0 { // what is not asked cannot differ
		found.stale = stale(allowed)
	}
	if path := os.Getenv("REPORT"); path != "" {
		if err := os.WriteFile(path, []byte(found.text(0)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if text := found.text(12000); text != "" {
		t.Errorf("%s says other things than %s:\n%s", "the tree", base, text)
	}
	fmt.Fprintf(os.Stderr, "%d answers compared, %d differ, of these %d only as allowed\n", found.answers, found.differing, found.allowed)
}

func union(a, b sayings) []string {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return slices.Sorted(maps.Keys(all))
}

func rootOf(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("git", "rev-parse", "--show-toplevel").Output()
	if err != nil {
		t.Fatalf("finding the repository's root: %v", err)
	}
	return strings.TrimSpace(string(out))
}

// checkedOut gives a folder with the files of a commit, gone when the test ends.
func checkedOut(t *testing.T, root, commit string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "tree")
	if out, err := exec.Command("git", "-C", root, "worktree", "add", "--detach", dir, commit).CombinedOutput(); err != nil {
		t.Fatalf("checking out %s: %v\n%s", commit, err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("git", "-C", root, "worktree", "remove", "--force", dir).CombinedOutput(); err != nil {
			t.Errorf("removing the tree of %s: %v\n%s", commit, err, out)
		}
	})
	return dir
}
