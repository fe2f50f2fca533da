package ledger

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestALedgerThatWasChangedShortenedOrExchangedIsBroken(t *testing.T) {
	book := func(name string, entries int) (path string, height uint64, head string) {
		path = filepath.Join(t.TempDir(), name)
		l, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		for range entries {
			if _, err := l.Append(time.Unix(1, 0), "commit", map[string]string{"file": name}); err != nil {
				t.Fatal(err)
			}
		}
		height, head = l.Head()
		return path, height, head
	}
	path, height, head := book("a", 3)
	if err := Holds(path, height, head); err != nil {
		t.Error(err)
	}
	if err := Holds(path, height-1, ""); err == nil {
		t.Error("another head is taken")
	}
	if err := Holds(path, height+1, head); err == nil {
		t.Error("an entry less is taken")
	}
	other, _, _ := book("b", 3)
	if err := Holds(other, height, head); err == nil {
		t.Error("another ledger is taken")
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text[20] ^= 1
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Holds(path, height, head); err == nil {
		t.Error("a changed byte is taken")
	}
}
