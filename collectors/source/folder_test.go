package source

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"yardstick/schema"
)

// watchedFolder is a drop folder with a clock that the test sets.
type watchedFolder struct {
	*Collector
	t   *testing.T
	dir string
	now time.Time
}

func newFolder(t *testing.T) *watchedFolder {
	t.Helper()
	f := &watchedFolder{t: t, dir: filepath.Join(t.TempDir(), "drop"), now: time.Date(2025, 6, 30, 9, 0, 0, 0, time.UTC)}
	var err error
	f.Collector, err = New(Config{Drop: f.dir}, Options{Settle: 2 * time.Second, Now: func() time.Time { return f.now }})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func (f *watchedFolder) put(name, text string) {
	f.t.Helper()
	if err := os.WriteFile(filepath.Join(f.dir, name), []byte(text), 0o600); err != nil {
		f.t.Fatal(err)
	}
}

func (f *watchedFolder) ready() (out []string) {
	f.t.Helper()
	files, _, err := f.look(f.t.Context(), state{})
	if err != nil {
		f.t.Fatal(err)
	}
	for _, x := range files {
		out = append(out, x.name)
	}
	return out
}

// settled puts a file and waits until it is ready.
func (f *watchedFolder) settled(name, text string) entry {
	f.t.Helper()
	f.put(name, text)
	f.ready()
	f.now = f.now.Add(3 * time.Second)
	files, _, err := f.look(f.t.Context(), state{})
	if err != nil || !slices.ContainsFunc(files, func(e entry) bool { return e.name == name }) {
		f.t.Fatalf("%s is not ready: %v %v", name, files, err)
	}
	return files[slices.IndexFunc(files, func(e entry) bool { return e.name == name })]
}

func TestAFileStillBeingWrittenIsLeftAlone(t *testing.T) {
	f := newFolder(t)
	f.put("a.csv", "a")
	if got := f.ready(); len(got) != 0 {
		t.Errorf("at first sight ready: %v", got)
	}
	f.now = f.now.Add(1900 * time.Millisecond)
	f.put("a.csv", "ab")
	f.ready()
	f.now = f.now.Add(1900 * time.Millisecond)
	if got := f.ready(); len(got) != 0 {
		t.Errorf("ready while it grows: %v", got)
	}
	f.now = f.now.Add(200 * time.Millisecond)
	if got := f.ready(); !slices.Equal(got, []string{"a.csv"}) {
		t.Errorf("settled, but ready is %v", got)
	}
}

func TestWhatIsNoDeliveryIsIgnored(t *testing.T) {
	f := newFolder(t)
	for _, name := range []string{"a.part", "a.csv~", "a.TMP", "~$a.xlsx", ".hidden", "b.csv.filepart", "c.crdownload", "a.csv.receipt.json", "Thumbs.db"} {
		f.put(name, "x")
	}
	outside := filepath.Join(t.TempDir(), "secret.csv")
	if err := errors.Join(os.WriteFile(outside, []byte("x"), 0o600), os.Symlink(outside, filepath.Join(f.dir, "link.csv")),
		os.Mkdir(filepath.Join(f.dir, "sub"), 0o700), os.WriteFile(filepath.Join(f.dir, "sub", "in.csv"), []byte("x"), 0o600),
		syscall.Mkfifo(filepath.Join(f.dir, "pipe.csv"), 0o600)); err != nil {
		t.Fatal(err)
	}
	f.put("good.csv", "x")
	f.ready()
	f.now = f.now.Add(time.Minute)
	if got := f.ready(); !slices.Equal(got, []string{"good.csv"}) {
		t.Errorf("ready: %v", got)
	}
}

func TestAFileThatBecameAnotherIsNotOpened(t *testing.T) {
	f := newFolder(t)
	for name, swap := range map[string]func(path string) error{
		"a link":  func(path string) error { return os.Symlink("/etc/passwd", path) },
		"a pipe":  func(path string) error { return syscall.Mkfifo(path, 0o600) },
		"nothing": func(string) error { return nil },
		"another": func(path string) error { return os.WriteFile(path, []byte("other"), 0o600) },
	} {
		d := f.settled("a.csv", "first")
		path := filepath.Join(f.dir, "a.csv")
		if err := errors.Join(os.Remove(path), swap(path)); err != nil {
			t.Fatal(err)
		}
		file, err := f.place.open(t.Context(), d, state{})
		if err == nil {
			t.Errorf("%s was opened", name)
			file.Close()
		}
		os.Remove(path)
	}
}

func TestFilesGoWhereTheirReceiptSendsThemAndNothingIsOverwritten(t *testing.T) {
	f := newFolder(t)
	for _, c := range []struct {
		status schema.ReceiptStatus
		want   string
	}{
		{schema.Accepted, "done/a.csv"}, {schema.Unchanged, "done/a~2.csv"}, {schema.Pending, "done/a~3.csv"}, {schema.Partial, "done/a~4.csv"},
		{schema.Refused, "refused/a.csv"}, {schema.Failed, "refused/a~2.csv"}, {schema.Asked, "asked/a.csv"},
	} {
		d := f.settled("a.csv", string(c.status))
		file, err := f.place.open(t.Context(), d, state{})
		if err != nil {
			t.Fatal(err)
		}
		if text, err := io.ReadAll(file); err != nil || string(text) != string(c.status) || file.Close() != nil {
			t.Errorf("read %q, %v", text, err)
		}
		if _, err := f.place.done(d, schema.Receipt{ID: "R1", Status: c.status}); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(f.dir, c.want))
		if err != nil || string(text) != string(c.status) {
			t.Errorf("%s holds %q, %v", c.want, text, err)
		}
		var r schema.Receipt
		text, err = os.ReadFile(filepath.Join(f.dir, c.want) + ".receipt.json")
		if err = errors.Join(err, json.Unmarshal(text, &r)); err != nil || r.Status != c.status {
			t.Errorf("%s: receipt %+v, %v", c.want, r, err)
		}
		if _, err := os.Lstat(filepath.Join(f.dir, "a.csv")); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("the file is still there: %v", err)
		}
	}
	if got := files(t, f.dir); len(got) != 14 {
		t.Errorf("files %v", got)
	}
}

func TestADeliveryThatCameMeanwhileStays(t *testing.T) {
	f := newFolder(t)
	d := f.settled("a.csv", "first")
	f.put("a.csv", "the second one")
	if _, err := f.place.done(d, schema.Receipt{Status: schema.Accepted}); !errors.Is(err, errGrew) {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(filepath.Join(f.dir, "a.csv")); err != nil || string(text) != "the second one" {
		t.Errorf("the second delivery is %q, %v", text, err)
	}
	if got := files(t, f.dir); !slices.Equal(got, []string{"a.csv", "done/a.csv.receipt.json"}) {
		t.Errorf("files %v", got)
	}
	next := f.settled("a.csv", "the second one")
	if _, err := f.place.done(next, schema.Receipt{Status: schema.Accepted}); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(filepath.Join(f.dir, "done", "a~2.csv")); err != nil || string(text) != "the second one" {
		t.Errorf("filed as %q, %v", text, err)
	}
}

func TestAFileThatFailedIsTriedAgainLaterAndLater(t *testing.T) {
	f := newFolder(t)
	d := f.settled("a.csv", "x")
	for _, wait := range []time.Duration{10 * time.Second, 20 * time.Second, 40 * time.Second} {
		f.later(d)
		f.now = f.now.Add(wait - time.Second)
		if got := f.ready(); len(got) != 0 {
			t.Fatalf("ready before %s", wait)
		}
		f.now = f.now.Add(time.Second)
		if got := f.ready(); len(got) != 1 {
			t.Fatalf("not ready after %s", wait)
		}
	}
	f.later(d)
	f.put("a.csv", "a new one") // need not wait
	f.ready()
	f.now = f.now.Add(2 * time.Second)
	if got := f.ready(); len(got) != 1 {
		t.Error("a new delivery waits for the old one's turn")
	}
}

func TestTheWatchTellsOfASettledFileAndEndsWithItsContext(t *testing.T) {
	dir := t.TempDir()
	d, err := New(Config{Drop: dir}, Options{Settle: 30 * time.Millisecond, Every: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	told, ended := make(chan struct{}, 100), make(chan error, 1)
	go func() { ended <- d.Watch()(ctx, func() { told <- struct{}{} }) }()
	if err := os.WriteFile(filepath.Join(dir, "a.csv"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	select {
	case <-told:
	case <-time.After(10 * time.Minute):
		t.Fatal("nothing was told")
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestTheSystemsWordComesBeforeTheNextLook(t *testing.T) {
	dir := t.TempDir()
	looked := make(chan struct{}, 1)
	d, err := New(Config{Drop: dir}, Options{Settle: 50 * time.Millisecond, Every: time.Hour, Now: func() time.Time {
		select {
		case looked <- struct{}{}:
		default:
		}
		return time.Now()
	}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	told, ended := make(chan struct{}, 100), make(chan error, 1)
	go func() { ended <- d.Watch()(ctx, func() { told <- struct{}{} }) }()
	<-looked // the first look has listed the folder: only the system can tell now
	// What is written on while it settles is new once more, and no other word comes.
	for _, text := range []string{"x", "xy"} {
		if err := os.WriteFile(filepath.Join(dir, "a.csv"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Millisecond)
	}
	select {
	case <-told:
	case <-time.After(10 * time.Minute):
		t.Fatal("nothing was told")
	}
	cancel()
	<-ended
}
