package ledger

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func filled(t *testing.T, n int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ledger")
	l, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for i := range n {
		e, err := l.Append(time.Unix(int64(i), 5), "load", map[string]string{"receipt": string(rune('A' + i)), "rows": "x"})
		if err != nil {
			t.Fatal(err)
		}
		if e.Seq != uint64(i+1) {
			t.Fatalf("entry %d has seq %d", i, e.Seq)
		}
	}
	return path
}

func TestAChainReopensAtItsHead(t *testing.T) {
	path := filled(t, 3)
	_, head, err := Verify(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	l, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	height, hash := l.Head()
	if height != 3 || hash != head || l.Next() != 4 {
		t.Fatalf("height %d head %s, want 3 %s", height, hash, head)
	}
	var seen []string
	if err := l.Each(1, func(e Entry) error { seen = append(seen, e.Fields["receipt"]); return nil }); err != nil {
		t.Fatal(err)
	}
	if len(seen) != 2 || seen[0] != "B" || seen[1] != "C" {
		t.Fatalf("entries after the first: %v", seen)
	}
}

func TestEveryFlippedByteBreaksTheChain(t *testing.T) {
	path := filled(t, 3)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range whole {
		bad := append([]byte(nil), whole...)
		bad[i] ^= 1
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		height, _, err := Verify(path, nil)
		// A flipped length may make the last record look torn, never whole.
		if err == nil && height == 3 {
			t.Fatalf("byte %d flipped and nobody noticed", i)
		}
		if err != nil && !errors.Is(err, ErrBroken) {
			t.Fatalf("byte %d: %v", i, err)
		}
	}
}

func TestATornLastRecordIsCutAndKept(t *testing.T) {
	path := filled(t, 3)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	record := len(whole) / 3
	for cut := len(whole) - record + 1; cut < len(whole); cut += 7 {
		if err := os.WriteFile(path, whole[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		l, err := Open(path)
		if err != nil {
			t.Fatalf("cut at %d: %v", cut, err)
		}
		if height, _ := l.Head(); height != 2 {
			t.Fatalf("cut at %d: height %d", cut, height)
		}
		if _, err := l.Append(time.Unix(9, 0), "load", map[string]string{"receipt": "D"}); err != nil {
			t.Fatal(err)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		if height, _, err := Verify(path, nil); err != nil || height != 3 {
			t.Fatalf("after the mend: height %d, %v", height, err)
		}
		if torn, err := os.ReadFile(path + ".torn"); err != nil || len(torn) == 0 {
			t.Fatalf("the torn bytes were not kept: %v", err)
		}
	}
}

func TestFieldsCannotBeShiftedIntoEachOther(t *testing.T) {
	a := encode(Entry{Seq: 1, Kind: "k", Fields: map[string]string{"a": "bc", "d": ""}})
	b := encode(Entry{Seq: 1, Kind: "k", Fields: map[string]string{"a": "b", "cd": ""}})
	if string(a) == string(b) {
		t.Fatal("two different entries have the same bytes")
	}
}
