package whole

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWhatIsKeptIsReadAgainAndNobodyElseMayReadIt(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state", "runs.json")
	held := map[string]int{"before": 1}
	if err := Kept(path, &held); err != nil || held["before"] != 1 {
		t.Errorf("without a file: %v, %v", held, err)
	}
	for _, text := range []string{`{"a": 1}`, `{"a": 2}`} {
		if err := Keep(path, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := Kept(path, &held); err != nil || held["a"] != 2 {
		t.Errorf("read again: %v, %v", held, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("its mode is %v, %v", info.Mode(), err)
	}
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
		t.Errorf("beside it stand %v, %v", left, err)
	}
}

func TestWhatCannotBeWrittenLeavesWhatWas(t *testing.T) {
	dir := t.TempDir()
	taken := filepath.Join(dir, "taken")
	if err := os.MkdirAll(filepath.Join(taken, "inside"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := Write(taken, []byte("x"), 0o600); err == nil {
		t.Error("a folder was written over")
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("left are %v, %v", left, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "broken"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	var into map[string]int
	if err := Kept(filepath.Join(dir, "broken"), &into); err == nil {
		t.Error("what is damaged was read")
	}
}

// However it is written, what is spooled is counted and summed.
func TestNothingIsSpooledPastItsChecksum(t *testing.T) {
	s, err := Temp(t.TempDir(), "spooled-*")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := io.WriteString(s, "one "); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(s, struct{ io.Reader }{strings.NewReader("two")}); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte("one two"))
	if s.Size() != 7 || s.SHA256() != hex.EncodeToString(sum[:]) {
		t.Errorf("%d bytes of checksum %s", s.Size(), s.SHA256())
	}
}
