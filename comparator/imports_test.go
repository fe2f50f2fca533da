package comparator_test

import (
	"encoding/json"
	"os/exec"
	"slices"
	"testing"
)

// Judging words nothing: no room below the tellers knows the message catalogue.
func TestTheComparatorHasNoWords(t *testing.T) {
	for _, room := range []string{"yardstick/comparator", "yardstick/comparator/derive", "yardstick/comparator/forecast"} {
		out, err := exec.Command("go", "list", "-json=Imports,Deps", room).Output()
		if err != nil {
			t.Fatal(err)
		}
		var p struct{ Imports, Deps []string }
		if err := json.Unmarshal(out, &p); err != nil {
			t.Fatal(err)
		}
		for _, words := range []string{"yardstick/schema/words", "yardstick/schema/figure"} {
			if slices.Contains(p.Imports, words) || slices.Contains(p.Deps, words) {
				t.Errorf("%s imports %s", room, words)
			}
		}
		if !slices.Contains(p.Deps, "yardstick/schema") {
			t.Errorf("%s is not looked at: %v", room, p.Deps)
		}
	}
}
