package source

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"yardstick/schema"
)

// hush tells of a name that holds a star or eighteen digits its ending alone.
func hush(name string) string {
	if digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, name); strings.Contains(name, "★") || len(digits) >= 18 {
		return "***" + filepath.Ext(name)
	}
	return name
}

// Whatever befalls a file whose name must not be kept, its name stands in no state,
// error or log; and it is dealt with once, like any other.
func TestANameThatMustNotBeKeptIsRememberedNowhere(t *testing.T) {
	bad := []string{"绝密★.csv", "机密★月报.xlsx", "7月★.csv", "名单110101203107071234.csv", "110101203107071234.et"}
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 45))
		data := t.TempDir()
		dir, now := filepath.Join(data, "drop"), time.Date(2031, 7, 30, 9, 0, 0, 0, time.UTC)
		var log bytes.Buffer
		begin := func() *Collector {
			c, err := New(Config{Drop: dir}, Options{Feed: "f", Data: data, Settle: time.Second, Now: func() time.Time { return now }, Told: hush,
				Log: slog.New(slog.NewTextHandler(&log, nil)), Grew: func(context.Context, string, string) error { return nil }})
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		c := begin()
		names := []string{"a.csv", bad[rng.IntN(len(bad))], bad[rng.IntN(len(bad))]}
		slices.Sort(names)
		names = slices.Compact(names)
		for _, name := range names {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(name), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		blocked := rng.IntN(2) == 0 // nothing can be moved at first
		if blocked {
			if err := os.WriteFile(filepath.Join(dir, "refused"), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		broken := rng.IntN(3) // visits on which nothing can be taken in
		took, said := map[string]int{}, ""
		for visit := range 8 {
			err := c.Collect(t.Context(), func(_ context.Context, f *File) (schema.Receipt, error) {
				if visit < broken {
					return schema.Receipt{}, fmt.Errorf("keeping %s: %w", hush(f.Name), io.ErrShortWrite)
				}
				took[f.Name]++
				return schema.Receipt{ID: "R", Status: schema.Refused, File: hush(f.Name)}, nil
			})
			if err != nil {
				said += err.Error() + "\n"
			}
			text, err := os.ReadFile(c.o.state("drop"))
			if err != nil && !errors.Is(err, os.ErrNotExist) {
				t.Fatal(err)
			}
			for _, name := range names {
				if all := string(text) + said + log.String(); hush(name) != name && strings.Contains(all, strings.TrimSuffix(name, filepath.Ext(name))) {
					t.Fatalf("seed %d, visit %d: %s is kept: %s", seed, visit, name, all)
				}
			}
			if now = now.Add(3 * time.Hour); visit == 5 && blocked {
				if err := os.Remove(filepath.Join(dir, "refused")); err != nil {
					t.Fatal(err)
				}
			}
			if rng.IntN(4) == 0 {
				c = begin()
			}
		}
		if said == "" && blocked {
			t.Fatalf("seed %d: nothing was said of what failed", seed)
		}
		for _, name := range names {
			// A new start may have come between sighting and taking; what cannot be moved is
			// taken again, as any file is.
			if gone := exists(filepath.Join(dir, name)) != nil; !blocked && (took[name] > 1 || took[name] == 1 != gone) || blocked && gone && took[name] == 0 {
				t.Fatalf("seed %d: %s was taken %d times; left are %v", seed, name, took[name], files(t, dir))
			}
		}
	}
}

// A file that stays on its server is taken once, though its name may not be remembered.
func TestAFileThatStaysUnderANameThatMustNotBeKeptIsTakenOnce(t *testing.T) {
	srv := newServer(t)
	srv.options.Told = hush
	k := &taker{status: schema.Refused}
	names := []string{"机密★一.csv", "机密★二.csv", "b.csv"}
	for _, name := range names {
		srv.put(t, name, "x")
	}
	if got, err := k.collect(t, newSFTP(t, srv.options)); err != nil || len(got) != 3 {
		t.Fatalf("%v %v", got, err)
	}
	if got, err := k.collect(t, newSFTP(t, srv.options)); err != nil || len(got) != 0 {
		t.Errorf("taken again: %v %v", got, err)
	}
	text, err := os.ReadFile(srv.options.state("sftp"))
	if err != nil || strings.Contains(string(text), "★") || !strings.Contains(string(text), "***.csv#") || !strings.Contains(string(text), `"b.csv"`) {
		t.Errorf("%s %v", text, err)
	}
}

// What an older program remembered is cleaned when it is opened.
func TestNamesThatMustNotBeKeptAreTakenOutOfAnOldState(t *testing.T) {
	data := t.TempDir()
	o := Options{Feed: "f", Data: data, Told: hush}
	dir, at := filepath.Join(data, "drop"), time.Now()
	old := state{Address: address(dir), Files: map[string]taken{"机密★.csv": {Size: 3, At: at, Receipt: "R1"}, "a.csv": {Size: 4, At: at}},
		Filed: []filed{{Path: dir + "/refused/绝密★.csv", Name: "绝密★.csv", At: at}, {Path: dir + "/done/c.csv", Name: "c.csv", At: at}}}
	text, err := json.Marshal(old)
	if err = errors.Join(err, os.MkdirAll(filepath.Dir(o.state("drop")), 0o700), os.WriteFile(o.state("drop"), text, 0o600)); err != nil {
		t.Fatal(err)
	}
	c, err := New(Config{Drop: dir}, o)
	if err != nil {
		t.Fatal(err)
	}
	text, err = os.ReadFile(o.state("drop"))
	was := state{}
	if err = errors.Join(err, json.Unmarshal(text, &was)); err != nil || bytes.Contains(text, []byte("★")) {
		t.Errorf("%s %v", text, err)
	}
	if len(was.Files) != 2 || was.Files[o.key("机密★.csv")].Receipt != "R1" || len(was.Filed) != 1 || len(c.filed) != 1 {
		t.Errorf("%s", text)
	}
}
