package source

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yardstick/schema/whole"
)

func put(t *testing.T, s Snapshots, text, feed string) Provenance {
	t.Helper()
	p, err := s.Put(t.Context(), strings.NewReader(text), Provenance{Feed: feed, Name: "a.csv", URL: "https://example.org/a.csv", ReceivedAt: time.Date(2025, 6, 30, 1, 2, 3, 0, time.UTC)}, 0)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func files(t *testing.T, dir string) (out []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			out = append(out, strings.TrimPrefix(path, dir+"/"))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestASnapshotIsKeptByItsChecksumWithWhereItCameFrom(t *testing.T) {
	s := Snapshots{filepath.Join(t.TempDir(), "snapshots")}
	p := put(t, s, "abc", "accounts")
	const digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" // FIPS 180-4, B.1
	if p.SHA256 != digest || p.Bytes != 3 {
		t.Fatalf("kept as %+v", p)
	}
	path := filepath.Join(s.Dir, "ba", digest)
	for _, f := range []string{path, path + ".json"} {
		info, err := os.Stat(f)
		if err != nil || info.Mode().Perm() != 0o400 {
			t.Errorf("%s: %v %v", f, info, err)
		}
	}
	snap, err := s.Open(digest)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(snap)
	if err != nil || string(text) != "abc" || snap.Size() != 3 || snap.Close() != nil {
		t.Errorf("read %q, %v", text, err)
	}
	var from Provenance
	if err := whole.Kept(path+".json", &from); err != nil || from != p {
		t.Errorf("came from %+v, %v", from, err)
	}
}

func TestTheSameBytesAreKeptOnceAndTheirFirstOriginStays(t *testing.T) {
	s := Snapshots{t.TempDir()}
	p := put(t, s, "abc", "first")
	put(t, s, "abc", "second")
	if got := files(t, s.Dir); len(got) != 2 {
		t.Errorf("files %v", got)
	}
	var from Provenance
	if err := whole.Kept(whole.Store(s).Path(p.SHA256)+".json", &from); err != nil || from.Feed != "first" {
		t.Errorf("came from %s", from.Feed)
	}
}

func TestAlteredBytesAreNoticedAndMadeGoodWhenTheyComeAgain(t *testing.T) {
	s := Snapshots{t.TempDir()}
	p := put(t, s, "abc", "first")
	path := whole.Store(s).Path(p.SHA256)
	if err := errors.Join(os.Chmod(path, 0o600), os.WriteFile(path, []byte("abd"), 0o600)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Open(p.SHA256); !errors.Is(err, whole.ErrAltered) {
		t.Errorf("error %v", err)
	}
	put(t, s, "abc", "second")
	snap, err := s.Open(p.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	snap.Close()
}

func TestWhatIsTooLargeBreaksOffOrIsCancelledLeavesNothing(t *testing.T) {
	s := Snapshots{t.TempDir()}
	_, err := s.Put(t.Context(), strings.NewReader("abcd"), Provenance{Name: "a"}, 3)
	if !errors.Is(err, whole.ErrTooLarge) {
		t.Errorf("error %v", err)
	}
	broken := errors.New("reset")
	_, err = s.Put(t.Context(), io.MultiReader(strings.NewReader("ab"), reader{broken}), Provenance{Name: "a"}, 0)
	if !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err = s.Put(ctx, strings.NewReader("ab"), Provenance{Name: "a"}, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if got := files(t, s.Dir); len(got) != 0 {
		t.Errorf("left behind %v", got)
	}
	if _, err := s.Put(t.Context(), strings.NewReader("abc"), Provenance{Name: "a"}, 3); err != nil {
		t.Errorf("just at the limit: %v", err)
	}
}

type reader struct{ err error }

func (r reader) Read([]byte) (int, error) { return 0, r.err }

func TestNothingButAChecksumBecomesAPath(t *testing.T) {
	s := Snapshots{t.TempDir()}
	for _, digest := range []string{"", "..", "../../etc/passwd", strings.Repeat("/", 64), strings.Repeat("A", 64)} {
		if _, err := s.Open(digest); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%q: %v", digest, err)
		}
	}
}
