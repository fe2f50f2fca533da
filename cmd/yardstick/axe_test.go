package main

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// pin is the version of axe-core, which scripts/axe.sh fetches.
//
//go:embed testdata/browser/axe.txt
var pin string

// violation is a rule of axe-core that an element of the page breaks.
type violation struct {
	Rule   string `json:"rule"`
	Target string `json:"target"` // selector of the element
	Help   string `json:"help"`
	Why    string `json:"why"` // what of it fails
}

func (v violation) String() string {
	return fmt.Sprintf("axe %s: %s: %s (%s)", v.Rule, v.Target, v.Help, v.Why)
}

// ask runs every rule that is not experimental, and on screens that for the size of what
// is pressed (WCAG 2.2 AA), which is off unless asked for. Style sheets are not fetched
// anew for it: the page's own requests alone are watched.
const ask = `axe.run(document, {resultTypes: ['violations'], preload: false, rules: {'target-size': {enabled: !matchMedia('print').matches}}}).then(r => JSON.stringify(
  r.violations.flatMap(v => v.nodes.map(n => ({rule: v.id, help: v.help, target: n.target.flat().join(' '),
    why: [...n.any, ...n.all, ...n.none].map(c => c.message).join('; ')})))))`

// Axe is every violation that axe-core finds in the open page.
func (b *browser) Axe(t testing.TB) []violation {
	t.Helper()
	loaded, err := evaluate[bool](b, `typeof axe === 'object'`)
	if err == nil && !loaded {
		_, err = evaluate[chromedp.Void](b, library(t)+"\n;0")
	}
	var said string
	if err == nil {
		said, err = evaluate[string](b, ask, chromedp.EvalAwaitPromise)
	}
	var out []violation
	if err == nil {
		err = json.Unmarshal([]byte(said), &out)
	}
	if err != nil {
		t.Fatalf("asking axe-core: %v", err)
	}
	return out
}

// library is the text of axe-core, fetched when it is not there or is another
// version than the pinned one.
func library(t testing.TB) string {
	t.Helper()
	root := root(t)
	var fields []string
	for line := range strings.Lines(pin) {
		if strings.HasPrefix(line, "axe-core ") {
			fields = strings.Fields(line)
		}
	}
	if len(fields) != 5 {
		t.Fatalf("testdata/browser/axe.txt does not name package, version, integrity, file and sum: %v", fields)
	}
	path := filepath.Join(root, ".tools", "axe", fields[3])
	pinned := func() (text []byte, ok bool) {
		text, err := os.ReadFile(path)
		sum := sha256.Sum256(text)
		return text, err == nil && hex.EncodeToString(sum[:]) == fields[4]
	}
	text, ok := pinned()
	if !ok {
		cmd := exec.CommandContext(t.Context(), filepath.Join(root, "scripts", "axe.sh"))
		cmd.Dir = root
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("fetching axe-core: %v\n%s", err, bytes.TrimSpace(out))
		}
		if text, ok = pinned(); !ok {
			t.Fatalf("%s is not the pinned axe-core", path)
		}
	}
	return string(text)
}

// root is the repository's: the folder with go.mod above the test.
func root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatalf("finding the repository: %v", err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("finding the repository: no go.mod above the test")
		}
	}
}
