package engine

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"yardstick/schema/whole"
)

// stamped makes a file and a stamp that says it passed.
func stamped(t *testing.T) (library, dir string) {
	t.Helper()
	library, dir = filepath.Join(t.TempDir(), "lib.so"), filepath.Join(t.TempDir(), "stamps")
	if err := os.WriteFile(library, []byte("anything"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(library)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	id, err := identify(f, library)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := pinnedSum()
	if err := whole.Keep(filepath.Join(dir, "engine.stamp"), []byte(want+"\n"+id+"\n")); err != nil {
		t.Fatal(err)
	}
	return library, dir
}

func TestAStampSparesTheHashing(t *testing.T) {
	library, dir := stamped(t)
	if err := verifyLibrary(library, dir); err != nil {
		t.Errorf("a stamped file was hashed: %v", err)
	}
	info, err := os.Stat(filepath.Join(dir, "engine.stamp"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the stamp's rights are %v, %v", info.Mode(), err)
	}
	if err := verifyLibrary(library, ""); !errors.Is(err, ErrChecksum) {
		t.Errorf("without a folder for stamps: %v", err)
	}
}

func TestAStampDoesNotHoldForAnotherFileOrWhenOthersCouldWriteIt(t *testing.T) {
	for name, spoil := range map[string]func(library, dir string) error{
		"changed file":    func(l, _ string) error { return os.WriteFile(l, []byte("otherwis"), 0o600) },
		"writable stamp":  func(_, d string) error { return os.Chmod(filepath.Join(d, "engine.stamp"), 0o620) },
		"writable folder": func(_, d string) error { return os.Chmod(d, 0o777) },
		"replaced file": func(l, _ string) error {
			return errors.Join(os.Rename(l, l+"x"), os.WriteFile(l, []byte("anything"), 0o600))
		},
		"stamp is a link": func(_, d string) error {
			s := filepath.Join(d, "engine.stamp")
			return errors.Join(os.Rename(s, s+"x"), os.Symlink(s+"x", s))
		},
		"stamp is removed": func(_, d string) error { return os.Remove(filepath.Join(d, "engine.stamp")) },
	} {
		library, dir := stamped(t)
		if err := spoil(library, dir); err != nil {
			t.Fatal(err)
		}
		if err := verifyLibrary(library, dir); !errors.Is(err, ErrChecksum) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheLexerSeesThroughQuotesAndComments(t *testing.T) {
	for sql, want := range map[string]string{
		"SELECT 'a;b' -- c;\n, `d;e`":     "SELECT|'a;b'|,|`d;e`",
		"a/* x /* nested ; */ ; */b":      "a|b",
		`'it''s' 'back\'s' "q""r"`:        `'it''s'|'back\'s'|"q""r"`,
		"$tag$ ; ' $tag$ x $1":            "$tag$ ; ' $tag$|x|$|1",
		"# comment\nSELECT #1":            "SELECT|#|1",
		"INSERT INTO 表 (值) FORMAT Native": "INSERT|INTO|表|(|值|)|FORMAT|Native",
	} {
		list, err := tokens(sql)
		if err != nil {
			t.Errorf("%s: %v", sql, err)
		}
		var got []string
		for _, x := range list {
			got = append(got, x.text)
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%s: %q", sql, got)
		}
	}
	for _, sql := range []string{"'open", "`open", "/* open", "/* /* */"} {
		if _, err := tokens(sql); err == nil {
			t.Errorf("%s was taken", sql)
		}
	}
}

func TestEngineErrorsGiveOneCodeAndNoRepetition(t *testing.T) {
	e := engineError("Code: 164. DB::Exception: Code: 164. DB::Exception: Cannot. (READONLY) (version 1). (READONLY)\n")
	if e.Code != 164 || e.Message != "Cannot. (READONLY) (version 1). (READONLY)" {
		t.Errorf("%+v", e)
	}
	if e := engineError("Invalid or closed connection"); e.Code != codeUnknownException {
		t.Errorf("%+v", e)
	}
}
