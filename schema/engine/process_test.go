package engine_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"yardstick/schema/engine"
	"yardstick/schema/engine/enginetest"
)

// childMode names what a test binary started by a test does instead of tests.
const childMode = "YARDSTICK_ENGINE_TEST_CHILD"

func TestMain(m *testing.M) {
	if mode := os.Getenv(childMode); mode != "" {
		if err := children[mode](); err != nil {
			fmt.Println("error:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

var children = map[string]func() error{
	"recover": childRecover, "signals": childSignals, "hold": childHold, "insert": childInsert, "count": childCount, "reopen": childReopen,
}

// child starts the test binary in another role on the folder.
func child(t *testing.T, mode, folder string) (*exec.Cmd, *bufio.Reader) {
	t.Helper()
	self, err := os.Executable()
	must(t, err)
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, self)
	cmd.Env = append(os.Environ(), childMode+"="+mode, "CHILD_LIBRARY="+enginetest.Library(t), "CHILD_STAMPS="+enginetest.StampDir(t), "CHILD_FOLDER="+folder)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	return cmd, bufio.NewReader(out)
}

// finish reads all a child says and how it ended.
func finish(t *testing.T, cmd *exec.Cmd, out *bufio.Reader) (string, error) {
	t.Helper()
	b, err := io.ReadAll(out)
	must(t, err)
	return string(b), cmd.Wait()
}

func childOpen() (*engine.Engine, driver.Conn, error) {
	eng, err := engine.Open(context.Background(), engine.Options{Library: os.Getenv("CHILD_LIBRARY"), StampDir: os.Getenv("CHILD_STAMPS"), Path: os.Getenv("CHILD_FOLDER")})
	if err != nil {
		return nil, nil, err
	}
	conn, err := clickhouse.Open(eng.ClickHouseOptions("default", true))
	return eng, conn, err
}

// childRecover dereferences nil, on several threads, while statements run.
func childRecover() error {
	_, conn, err := childOpen()
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	recovered := make(chan bool, 400)
	for range 4 {
		wg.Go(func() {
			for range 100 {
				func() {
					defer func() { recovered <- recover() != nil }()
					var p *struct{ x int }
					p.x++
				}()
				runtime.Gosched()
			}
		})
	}
	for range 50 {
		if err := conn.Exec(context.Background(), "SELECT sum(number) FROM numbers(100000)"); err != nil {
			return err
		}
	}
	wg.Wait()
	close(recovered)
	n := 0
	for ok := range recovered {
		if ok {
			n++
		}
	}
	fmt.Println("recovered", n)
	return nil
}

func TestRecoverCatchesANilDereferenceWithTheEngineLoaded(t *testing.T) {
	cmd, out := child(t, "recover", t.TempDir())
	if said, err := finish(t, cmd, out); err != nil || said != "recovered 400\n" {
		t.Errorf("said %q, ended with %v", said, err)
	}
}

// childSignals counts signals while the engine is busy and closes on SIGTERM.
func childSignals() error {
	eng, conn, err := childOpen()
	if err != nil {
		return err
	}
	users, term := make(chan os.Signal, 100), make(chan os.Signal, 1)
	signal.Notify(users, syscall.SIGUSR1)
	signal.Notify(term, syscall.SIGTERM, syscall.SIGINT)
	ctx, cancel := context.WithCancel(context.Background())
	busy := make(chan error, 1)
	go func() { busy <- conn.Exec(ctx, slow) }()
	fmt.Println("ready")
	n := 0
	for {
		select {
		case <-users:
			n++
			fmt.Println("signal", n)
		case s := <-term:
			cancel()
			if err := <-busy; !errors.Is(err, context.Canceled) {
				return fmt.Errorf("the statement ended with %w", err)
			}
			fmt.Println(s)
			return eng.Close()
		}
	}
}

func TestSignalsReachGoWithTheEngineBusy(t *testing.T) {
	for _, last := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		cmd, out := child(t, "signals", t.TempDir())
		expect := func(want string) {
			t.Helper()
			if line, err := out.ReadString('\n'); line != want+"\n" {
				t.Fatalf("said %q (%v), want %q", line, err, want)
			}
		}
		expect("ready")
		for i := range 30 {
			must(t, cmd.Process.Signal(syscall.SIGUSR1))
			expect(fmt.Sprint("signal ", i+1))
		}
		must(t, cmd.Process.Signal(last)) // its statement would run for hours
		if said, err := finish(t, cmd, out); err != nil || said != last.String()+"\n" {
			t.Errorf("%v: said %q, ended with %v", last, said, err)
		}
	}
}

// childHold keeps the folder open until its output breaks.
func childHold() error {
	if _, _, err := childOpen(); err != nil {
		return err
	}
	fmt.Println("open")
	time.Sleep(time.Hour)
	return nil
}

func TestAFolderHeldByAnotherProcessIsErrLocked(t *testing.T) {
	folder := t.TempDir()
	first, out := child(t, "hold", folder)
	if line, err := out.ReadString('\n'); line != "open\n" {
		t.Fatalf("the first process said %q: %v", line, err)
	}
	cmd, out := child(t, "count", folder)
	said, err := finish(t, cmd, out)
	if err == nil || !strings.Contains(said, "locked: true") || !strings.Contains(said, engine.ErrLocked.Error()) {
		t.Errorf("the second process said %q and ended with %v", said, err)
	}
	must(t, first.Process.Kill())
	_ = first.Wait()
	cmd, out = child(t, "reopen", folder)
	if said, err := finish(t, cmd, out); err != nil {
		t.Errorf("after the first had ended: %q, %v", said, err)
	}
}

// childReopen closes and opens again, and tries what is not possible.
func childReopen() error {
	goroutines := runtime.NumGoroutine()
	eng, conn, err := childOpen()
	if err != nil {
		return err
	}
	if err := conn.Exec(context.Background(), "CREATE TABLE IF NOT EXISTS r (n Int8) ENGINE = MergeTree ORDER BY n"); err != nil {
		return err
	}
	if _, _, err := childOpen(); err == nil {
		return errors.New("opened twice at a time")
	}
	_ = conn.Close()
	if err := errors.Join(eng.Close(), eng.Close()); err != nil {
		return err
	}
	if err := conn.Exec(context.Background(), "SELECT 1"); err == nil {
		return errors.New("a closed engine answered")
	}
	for wait := time.Millisecond; runtime.NumGoroutine() > goroutines+2 && wait < time.Minute; wait *= 2 {
		time.Sleep(wait) // database pools end in their own time
	}
	if n := runtime.NumGoroutine(); n > goroutines+2 {
		return fmt.Errorf("%d goroutines, %d before", n, goroutines)
	}
	other := engine.Options{Library: os.Getenv("CHILD_LIBRARY"), StampDir: os.Getenv("CHILD_STAMPS"), Path: os.Getenv("CHILD_FOLDER") + "-other"}
	if _, err := engine.Open(context.Background(), other); err == nil {
		return errors.New("opened a second folder")
	}
	eng, conn, err = childOpen()
	if err != nil {
		return fmt.Errorf("opening again: %w", err)
	}
	if err := conn.Exec(context.Background(), "SELECT * FROM r"); err != nil {
		return fmt.Errorf("after opening again: %w", err)
	}
	return eng.Close()
}

func TestClosingAndOpeningAgainInOneProcess(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "store")
	cmd, out := child(t, "reopen", folder)
	if said, err := finish(t, cmd, out); err != nil {
		t.Errorf("said %q, ended with %v", said, err)
	}
	if info, err := os.Stat(folder); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder's rights are %v, %v", info.Mode(), err)
	}
}

const batchRows = 5000

// childInsert inserts batches until it is killed, saying so after each.
func childInsert() error {
	_, conn, err := childOpen()
	if err != nil {
		return err
	}
	ctx := context.Background()
	if err := conn.Exec(ctx, "CREATE TABLE IF NOT EXISTS k (batch UInt64, n UInt64) ENGINE = MergeTree ORDER BY n"); err != nil {
		return err
	}
	var b uint64
	if err := conn.QueryRow(ctx, "SELECT max(batch) + 1 FROM k").Scan(&b); err != nil {
		return err
	}
	for ; ; b++ {
		batch, err := conn.PrepareBatch(ctx, "INSERT INTO k")
		for n := uint64(0); err == nil && n < batchRows; n++ {
			err = batch.Append(b, n)
		}
		if err == nil {
			err = batch.Send()
		}
		if err != nil {
			return err
		}
		fmt.Println(b)
	}
}

// childCount says what the table of childInsert holds.
func childCount() error {
	_, conn, err := childOpen()
	if err != nil {
		fmt.Println("locked:", errors.Is(err, engine.ErrLocked))
		return err
	}
	var whole, parts, last uint64
	err = conn.QueryRow(context.Background(), "SELECT countIf(c = {n:UInt64}), countIf(c != {n:UInt64}), max(batch) FROM (SELECT batch, count() AS c FROM k GROUP BY batch)",
		clickhouse.Named("n", fmt.Sprint(batchRows))).Scan(&whole, &parts, &last)
	if err == nil {
		fmt.Println(whole, parts, last)
	}
	return err
}

func TestKilledInTheMiddleOfInsertsEveryConfirmedBatchIsThereAndWhole(t *testing.T) {
	folder := t.TempDir()
	for round := range 3 {
		cmd, out := child(t, "insert", folder)
		var confirmed uint64
		for range 5 + round {
			line, err := out.ReadString('\n')
			must(t, err)
			_, err = fmt.Sscan(line, &confirmed)
			must(t, err)
		}
		time.Sleep(time.Duration(round*7) * time.Millisecond)
		must(t, cmd.Process.Kill())
		rest, err := io.ReadAll(out)
		must(t, err)
		_ = cmd.Wait()
		for line := range strings.Lines(string(rest)) {
			if strings.HasSuffix(line, "\n") {
				_, err = fmt.Sscan(line, &confirmed)
				must(t, err)
			}
		}
		cmd, out = child(t, "count", folder)
		said, err := finish(t, cmd, out)
		must(t, err)
		var whole, parts, last uint64
		_, err = fmt.Sscan(said, &whole, &parts, &last)
		must(t, err)
		if parts != 0 || last < confirmed || last > confirmed+1 || whole != last {
			t.Errorf("round %d: %d whole and %d partial batches, the last is %d, confirmed was %d", round, whole, parts, last, confirmed)
		}
	}
}

func TestOnlyThePinnedLibraryIsLoaded(t *testing.T) {
	dir := t.TempDir()
	fake := filepath.Join(dir, "libchdb.so")
	must(t, os.WriteFile(fake, []byte("not a library"), 0o700))
	cmd := func(library, stamps string) (string, error) {
		self, err := os.Executable()
		must(t, err)
		c := exec.Command(self)
		c.Env = append(os.Environ(), childMode+"=count", "CHILD_LIBRARY="+library, "CHILD_STAMPS="+stamps, "CHILD_FOLDER="+filepath.Join(dir, "store"))
		b, err := c.Output()
		return string(b), err
	}
	if said, err := cmd(fake, dir); err == nil || !strings.Contains(said, engine.ErrChecksum.Error()) {
		t.Errorf("a wrong library: %q, %v", said, err)
	}
	if said, err := cmd(filepath.Join(dir, "none.so"), dir); err == nil || !strings.Contains(said, "make engine") {
		t.Errorf("a missing library: %q, %v", said, err)
	}
}
