package pipeline

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"yardstick/collectors/source"
	"yardstick/schema"
)

const (
	good  = head + "gdp,210200,2024,9516.9,亿元,,P,,2025-01\n"
	wrong = head + "gdp,210200,2024,x,亿元,,P,,2025-01\n"
	open  = head + "gdp,210200,2024,9516.9,,,P,,2025-01\n"
)

func TestADropFolderIsEmptiedIntoDoneRefusedAndAsked(t *testing.T) {
	d := newDesk(t)
	dir, now := t.TempDir(), time.Date(2025, 6, 30, 9, 0, 0, 0, time.UTC)
	drop, err := source.NewDrop(dir, source.DropOptions{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	collect := func(want int) []schema.Receipt {
		t.Helper()
		if _, err := drop.Ready(); err != nil {
			t.Fatal(err)
		}
		now = now.Add(time.Minute)
		receipts, err := d.CollectDrop(t.Context(), drop, FeedConfig{Name: "accounts"})
		if err != nil || len(receipts) != want {
			t.Fatalf("%d receipts, %v", len(receipts), err)
		}
		return receipts
	}
	for name, text := range map[string]string{"good.csv": good, "wrong.csv": wrong, "open.csv": open} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	collect(3)
	for _, path := range []string{"done/good.csv", "refused/wrong.csv", "asked/open.csv"} {
		for _, end := range []string{"", ".receipt.json"} {
			if _, err := os.Stat(filepath.Join(dir, path+end)); err != nil {
				t.Error(err)
			}
		}
	}
	collect(0)
	if err := os.WriteFile(filepath.Join(dir, "good.csv"), []byte(good), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := collect(1)[0]; r.Status != schema.Unchanged || len(d.shelf.rows) != 1 {
		t.Errorf("the same again: %s, %d rows", r.Status, len(d.shelf.rows))
	}
	// a store that fails leaves the file where it is
	if err := os.WriteFile(filepath.Join(dir, "more.csv"), []byte(head+"gdp,210200,2023,8752.9,亿元,,,,\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	d.shelf.fail = errors.New("disk full")
	if _, err := drop.Ready(); err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Minute)
	if _, err := d.CollectDrop(t.Context(), drop, FeedConfig{Name: "accounts"}); !errors.Is(err, d.shelf.fail) {
		t.Errorf("error %v", err)
	}
	d.shelf.fail = nil
	if r := collect(1)[0]; r.Status != schema.Accepted {
		t.Errorf("tried again: %s", r.Status)
	}
}

func TestAFeedIsPulledAndNotPulledAgain(t *testing.T) {
	d := newDesk(t)
	tag, text := `"1"`, good
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, text)
	}))
	defer s.Close()
	pull, err := source.NewPull(source.PullOptions{URL: s.URL + "/gdp.csv", State: filepath.Join(t.TempDir(), "state.json"), Temp: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	feed := FeedConfig{Name: "accounts"}
	d.shelf.fail = errors.New("disk full")
	if _, _, err := d.CollectPull(t.Context(), pull, feed); !errors.Is(err, d.shelf.fail) {
		t.Fatalf("error %v", err)
	}
	d.shelf.fail = nil // it was not taken in, so it is fetched again
	if r, changed, err := d.CollectPull(t.Context(), pull, feed); err != nil || !changed || r.Status != schema.Accepted || r.File != "gdp.csv" {
		t.Fatalf("%+v %v %v", r, changed, err)
	}
	if _, changed, err := d.CollectPull(t.Context(), pull, feed); err != nil || changed {
		t.Errorf("again: %v %v", changed, err)
	}
	tag, text = `"2"`, wrong
	if r, changed, err := d.CollectPull(t.Context(), pull, feed); err != nil || !changed || r.Status != schema.Refused {
		t.Errorf("%+v %v %v", r, changed, err)
	}
	p, err := d.o.Snapshots.Provenance(d.shelf.receipts[0].Snapshot)
	if err != nil || p.URL != s.URL+"/gdp.csv" || p.Feed != "accounts" {
		t.Errorf("came from %+v, %v", p, err)
	}
}
