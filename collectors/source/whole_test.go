package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"yardstick/schema"
)

// blind is a system that cannot tell who holds a file open.
func blind(*os.File) (open, known bool) { return false, false }

// appending opens a file as a writer that goes on does.
func appending(t *testing.T, path string) *os.File {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func write(t *testing.T, f *os.File, text string) {
	t.Helper()
	if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
}

func TestAFileThatIsHeldOpenForWritingIsNotTakenHoweverStillItIs(t *testing.T) {
	f := newFolder(t)
	f.put("a.csv", "first line\n")
	w := appending(t, filepath.Join(f.dir, "a.csv"))
	for range 5 {
		if got := f.ready(); len(got) != 0 {
			t.Fatalf("taken from under who writes it: %v", got)
		}
		f.now = f.now.Add(time.Hour)
	}
	e := f.entry("a.csv")
	if file, err := f.place.open(t.Context(), e, state{}); !errors.Is(err, errNothing) {
		t.Errorf("opened: %v, %v", file, err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if got := f.ready(); !slices.Equal(got, []string{"a.csv"}) {
		t.Errorf("closed, but ready is %v", got)
	}
}

// entry is a file as it lies there now.
func (f *watchedFolder) entry(name string) entry {
	f.t.Helper()
	info, err := os.Lstat(filepath.Join(f.dir, name))
	if err != nil {
		f.t.Fatal(err)
	}
	return entryOf(info)
}

func TestWhereTheSystemCannotTellALongStillnessHasToDo(t *testing.T) {
	f := newFolder(t)
	f.place.(*folder).held = blind
	f.put("a.csv", "x")
	f.ready()
	for _, step := range []struct {
		after time.Duration
		ready bool
	}{{20 * time.Second, false}, {39 * time.Second, false}, {time.Second, true}} {
		f.now = f.now.Add(step.after)
		if got := f.ready(); (len(got) == 1) != step.ready {
			t.Fatalf("after %s more: ready %v", step.after, got)
		}
	}
}

func TestWhatTheSystemToldWhileItWasWatchedCounts(t *testing.T) {
	f := newFolder(t)
	d := f.place.(*folder)
	d.held = blind
	ctx, cancel := context.WithCancel(t.Context())
	ended, stepped := make(chan error, 1), make(chan struct{}, 1000)
	f.put("probe", "x")
	go func() { ended <- events(ctx, d.dir, &d.told, func() { stepped <- struct{}{} }) }()
	until := func(name string, writing, known bool) {
		t.Helper()
		for {
			if w, k := d.told.of(name); w == writing && k == known {
				return
			}
			select {
			case <-stepped:
			case err := <-ended:
				t.Fatalf("it tells nothing more: %v", err)
			case <-time.After(10 * time.Millisecond): // the watch may have begun late: touch it once more
				if name == "probe" {
					f.put("probe", "x")
				}
			}
		}
	}
	until("probe", false, true)
	f.put("a.csv", "x")
	w := appending(t, filepath.Join(f.dir, "a.csv"))
	write(t, w, "more")
	until("a.csv", true, true)
	if d.whole(f.entry("a.csv"), 24*time.Hour) {
		t.Error("taken although it was written to and not closed")
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	until("a.csv", false, true)
	if !d.whole(f.entry("a.csv"), 0) {
		t.Error("closed, and waits")
	}
	if err := os.Rename(filepath.Join(f.dir, "a.csv"), filepath.Join(f.dir, "b.csv")); err != nil {
		t.Fatal(err)
	}
	until("b.csv", false, true)
	until("a.csv", false, false)
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("after its end: %v", err)
	}
	if _, known := d.told.of("b.csv"); known {
		t.Error("what nobody watches is known")
	}
}

// delivery is a collector of a folder with what came of it.
type delivery struct {
	*Collector
	t    *testing.T
	dir  string
	now  time.Time
	took []string // "RECEIPT NAME=CONTENT"
	grew []string // "RECEIPT NAME"
	at   func()   // called when a file was read and not yet dealt with
}

func newDelivery(t *testing.T, data string) *delivery {
	t.Helper()
	d := &delivery{t: t, dir: filepath.Join(data, "drop"), now: time.Date(2025, 6, 30, 9, 0, 0, 0, time.UTC)}
	d.begin(data)
	return d
}

// begin makes the collector anew, as a start does.
func (d *delivery) begin(data string) {
	d.t.Helper()
	var err error
	d.Collector, err = New(Config{Drop: d.dir}, Options{Feed: "f", Data: data, Settle: time.Second, Now: func() time.Time { return d.now },
		Grew: func(_ context.Context, receipt, name string) error {
			d.grew = append(d.grew, receipt+" "+name)
			return nil
		}})
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *delivery) collect() {
	d.t.Helper()
	for range 2 {
		err := d.Collect(d.t.Context(), func(_ context.Context, f *File) (schema.Receipt, error) {
			text, err := io.ReadAll(f)
			id := fmt.Sprintf("R%d", len(d.took)+1)
			d.took = append(d.took, id+" "+f.Name+"="+string(text))
			if d.at != nil {
				d.at()
			}
			return schema.Receipt{ID: id, Status: schema.Accepted}, err
		})
		if err != nil {
			d.t.Fatal(err)
		}
		d.now = d.now.Add(2 * time.Second)
	}
}

func (d *delivery) want(took, grew []string, left ...string) {
	d.t.Helper()
	if !slices.Equal(d.took, took) || !slices.Equal(d.grew, grew) {
		d.t.Errorf("took %q, want %q; grew %q, want %q", d.took, took, d.grew, grew)
	}
	if got := files(d.t, d.dir); !slices.Equal(got, left) {
		d.t.Errorf("left are %q, want %q", got, left)
	}
}

func TestAFileThatGrewAfterItWasTakenIsTakenAnewAndTheFirstReceiptSaysSo(t *testing.T) {
	for what, c := range map[string]struct {
		blind  bool
		during func(w *os.File) string // while the file is dealt with; what it is called then
		later  func(w *os.File)        // when it was
		anew   bool                    // with a new start in between
	}{
		"while it was dealt with":      {during: func(w *os.File) string { write(t, w, " 2"); return "a.csv" }},
		"held open when it was moved":  {during: func(*os.File) string { return "" }, later: func(w *os.File) { write(t, w, " 2") }},
		"and nobody could tell before": {blind: true, during: func(*os.File) string { return "" }, later: func(w *os.File) { write(t, w, " 2") }},
		"and the program began anew":   {blind: true, during: func(*os.File) string { return "" }, later: func(w *os.File) { write(t, w, " 2") }, anew: true},
	} {
		t.Run(what, func(t *testing.T) {
			data := t.TempDir()
			d := newDelivery(t, data)
			if c.blind {
				d.place.(*folder).held = blind
				d.o.Still = time.Second
			}
			path := filepath.Join(d.dir, "a.csv")
			if err := os.WriteFile(path, []byte("1"), 0o600); err != nil {
				t.Fatal(err)
			}
			var w *os.File
			d.at = func() {
				w = appending(t, path)
				c.during(w)
				d.at = nil
			}
			d.collect()
			if c.later != nil {
				c.later(w)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			if c.anew {
				d.begin(data)
			}
			d.collect()
			d.collect()
			d.want([]string{"R1 a.csv=1", "R2 a.csv=1 2"}, []string{"R1 a.csv"}, "done/a.csv.receipt.json", "done/a~2.csv", "done/a~2.csv.receipt.json")
		})
	}
}

func TestWhatAPersonPutsInTheFoldersOfDealtWithFilesIsLeftThere(t *testing.T) {
	d := newDelivery(t, t.TempDir())
	path := filepath.Join(d.dir, "a.csv")
	if err := os.WriteFile(path, []byte("1"), 0o600); err != nil {
		t.Fatal(err)
	}
	d.collect()
	other := filepath.Join(d.dir, "done", "a.csv")
	if err := errors.Join(os.Rename(other, other+".old"), os.WriteFile(other, []byte("1, with a remark"), 0o600)); err != nil {
		t.Fatal(err)
	}
	d.collect()
	d.now = d.now.Add(2 * time.Hour) // what grows so late was changed by hand
	write(t, appending(t, other+".old"), "!")
	d.collect()
	d.want([]string{"R1 a.csv=1"}, nil, "done/a.csv", "done/a.csv.old", "done/a.csv.receipt.json")
}

// TestNoWriterIsTornWhateverItsPace has many writers at once: in pieces with
// pauses, into place by a rename, and in two goes, closing in between. Only the
// last may be taken in part, and then the receipt of the part says so; the last
// taken of every name is the whole.
func TestNoWriterIsTornWhateverItsPace(t *testing.T) {
	dir := t.TempDir()
	var mu sync.Mutex
	taken, grew := map[string][]string{}, map[string]bool{} // contents by name; receipts
	c, err := New(Config{Drop: dir}, Options{Settle: 8 * time.Millisecond, Every: 4 * time.Millisecond,
		Grew: func(_ context.Context, receipt, _ string) error {
			mu.Lock()
			defer mu.Unlock()
			grew[receipt] = true
			return nil
		}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ready := make(chan struct{}, 1)
	var at, all sync.WaitGroup
	at.Go(func() {
		_ = c.Watch()(ctx, func() {
			select {
			case ready <- struct{}{}:
			default:
			}
		})
	})
	at.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-ready:
			}
			_ = c.Collect(ctx, func(_ context.Context, f *File) (schema.Receipt, error) {
				text, err := io.ReadAll(f)
				mu.Lock()
				defer mu.Unlock()
				name, _, _ := strings.Cut(strings.TrimSuffix(f.Name, ".csv"), "~")
				taken[name] = append(taken[name], string(text))
				return schema.Receipt{ID: fmt.Sprintf("%s %d", name, len(taken[name])), Status: schema.Accepted}, err
			})
		}
	})
	const writers = 60
	whole, resent := map[string]string{}, map[string]bool{}
	for i := range writers {
		r := rand.New(rand.NewPCG(11, uint64(i)))
		name := fmt.Sprintf("f%02d", i)
		var pieces []string
		for n := range 2 + r.IntN(6) {
			pieces = append(pieces, fmt.Sprintf("%s line %d %s\n", name, n, strings.Repeat("x", r.IntN(5000))))
		}
		whole[name] = strings.Join(pieces, "")
		all.Go(func() {
			if writePieces(t, r, i%3, filepath.Join(dir, name), pieces) {
				mu.Lock()
				defer mu.Unlock()
				resent[name] = true
			}
		})
	}
	all.Wait()
	settled := func() bool {
		mu.Lock()
		defer mu.Unlock()
		for name, text := range whole {
			if n := len(taken[name]); n == 0 || taken[name][n-1] != text {
				return false
			}
		}
		return true
	}
	for began := time.Now(); !settled() && time.Since(began) < 5*time.Minute; {
		time.Sleep(5 * time.Millisecond)
	}
	cancel()
	at.Wait()
	for i := range writers {
		name := fmt.Sprintf("f%02d", i)
		for n, got := range taken[name] {
			switch last, text := n == len(taken[name])-1, whole[name]; {
			case last && got != text:
				t.Errorf("%s: %d bytes were taken last, of %d", name, len(got), len(text))
			case !last && i%3 != 2:
				t.Errorf("%s is torn: %d bytes were taken, of %d", name, len(got), len(text))
			case !last && !resent[name] && !grew[fmt.Sprintf("%s %d", name, n+1)]: // what was sent again is another file
				t.Errorf("%s: %d bytes were taken, of %d, and no receipt says so", name, len(got), len(text))
			}
		}
	}
}

// writePieces writes as one of three kinds of writers does. resent: the first half
// was taken away before the second was begun, and all was sent again.
func writePieces(t *testing.T, r *rand.Rand, kind int, path string, pieces []string) (resent bool) {
	to := path + ".csv"
	if kind == 1 {
		to = path + ".part"
	}
	f, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	for n, piece := range pieces {
		if kind == 2 && n == len(pieces)/2 { // it goes on with what it finds by then
			if err = errors.Join(err, f.Close()); err != nil {
				break
			}
			time.Sleep(time.Duration(r.IntN(60)) * time.Millisecond)
			if f, err = os.OpenFile(to, os.O_WRONLY|os.O_APPEND, 0); errors.Is(err, os.ErrNotExist) { // taken: it sends all of it
				err = os.WriteFile(path+".part", []byte(strings.Join(pieces, "")), 0o600)
				if err := errors.Join(err, os.Rename(path+".part", path+"~again.csv")); err != nil {
					t.Error(err)
				}
				return true
			}
		}
		if err == nil {
			_, err = f.WriteString(piece)
		}
		time.Sleep(time.Duration(r.IntN(40)) * time.Millisecond)
	}
	if err = errors.Join(err, f.Close()); err == nil && kind == 1 {
		err = os.Rename(to, path+".csv")
	}
	if err != nil {
		t.Error(err)
	}
	return false
}

func TestAFileOnAServerThatGrewAfterItWasTakenIsTakenAnew(t *testing.T) {
	for _, done := range []string{"move", "leave"} {
		srv := newServer(t)
		srv.options.Done = done
		var grew []string
		srv.options.Grew = func(_ context.Context, receipt, name string) error {
			grew = append(grew, receipt+" "+name)
			return nil
		}
		at := filepath.Join(srv.folder, "a.csv")
		if done == "move" {
			at = filepath.Join(srv.folder, "done", "a.csv")
		}
		k := &taker{}
		srv.put(t, "a.csv", "1")
		got, err := k.collect(t, newSFTP(t, srv.options))
		same(t, done+": at first", got, err, "a.csv=1")
		w := appending(t, at)
		got, err = k.collect(t, newSFTP(t, srv.options))
		same(t, done+": while nothing came", got, err)
		write(t, w, " 2")
		got, err = k.collect(t, newSFTP(t, srv.options))
		same(t, done+": when it grew", got, err, "a.csv=1 2")
		got, err = k.collect(t, newSFTP(t, srv.options))
		same(t, done+": and once alone", got, err)
		if !slices.Equal(grew, []string{"R1 a.csv"}) {
			t.Errorf("%s: told of %q", done, grew)
		}
		if left := files(t, srv.folder); done == "move" && !slices.Equal(left, []string{"done/a.csv.receipt.json", "done/a~2.csv", "done/a~2.csv.receipt.json"}) {
			t.Errorf("left are %q", left)
		}
	}
}
