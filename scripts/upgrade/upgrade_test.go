// Package upgrade holds the test behind `make upgrade`: a store that an older
// commit filled is opened by this one, whose first start is killed again and
// again.
package upgrade

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"yardstick/schema/clickhouse"
	"yardstick/schema/engine/enginetest"
	"yardstick/schema/ledger"
)

// UPGRADE_BASE is the commit that fills the store. Without it the test is left
// out. UPGRADE_KILLS is how many first starts are killed on the filled store, a
// quarter as many more on an empty folder; UPGRADE_SEED repeats a run.
func TestNoKilledUpgradeLosesAnything(t *testing.T) {
	base := os.Getenv("UPGRADE_BASE")
	if base == "" {
		t.Skip("UPGRADE_BASE names no commit: see make upgrade")
	}
	kills := number(t, "UPGRADE_KILLS", 200)
	seed := number(t, "UPGRADE_SEED", int(time.Now().UnixNano()&0xffffff))
	progress("base %s, %d kills, seed %d", base, kills, seed)
	random := rand.New(rand.NewPCG(uint64(seed), 10))

	dir := t.TempDir()
	older := &house{t: t, bin: buildBase(t, base, dir), dir: filepath.Join(dir, "older")}
	progress("filling a store with %s", base)
	older.fill()
	held := older.tables(nil)
	said := older.answers()
	older.mustHave(held.Rows, said)
	progress("it holds %s", older.size())

	newer := &house{t: t, bin: build(t, enginetest.Root(t), filepath.Join(dir, "yardstick-new")), dir: filepath.Join(dir, "newer")}
	copyStore(t, older.dir, newer.dir)
	whole := newer.firstStart(-1)
	progress("an undisturbed first start takes %v", whole.Round(time.Millisecond))
	newer.compare(held, "undisturbed")
	newer.compareAnswers(said, "undisturbed")

	var cut, ready, again int
	start := time.Now()
	for n := range kills {
		delay := time.Duration(random.Float64() * 1.05 * float64(whole))
		copyStore(t, older.dir, newer.dir)
		took := newer.firstStart(delay)
		if newer.ended {
			ready++
			whole = min(whole, took) // the machine has grown quicker: later kills would come too late
		} else {
			cut++
		}
		if n%4 == 3 { // the second start is killed, too
			newer.firstStart(time.Duration(random.Float64() * float64(whole)))
			again++
		}
		what := fmt.Sprintf("kill %d, after %v", n+1, delay.Round(time.Millisecond))
		newer.run("migrate")
		newer.compare(held, what)
		if n%25 == 24 || n == kills-1 {
			newer.compareAnswers(said, what)
			progress("%d of %d kills: %d before it was ready, %d after, %d twice, nothing lost (%v)", n+1, kills, cut, ready, again, time.Since(start).Round(time.Second))
		}
	}
	older.unchanged(held)
	if kills >= 20 && cut < kills/4 {
		t.Fatalf("only %d of %d kills hit the first start", cut, kills)
	}
	emptyFolders(t, newer.bin, filepath.Join(dir, "empty"), (kills+3)/4, random)
	progress("closing: base %s, seed %d: %d first starts killed on the filled store (%d before they were ready, %d killed twice), %d on an empty folder; %s; %d answers alike; nothing lost",
		base, seed, kills, cut, again, (kills+3)/4, sizes(held.Rows), len(said))
}

// emptyFolders kills first starts on a folder that does not exist yet: the next
// start finishes it and takes figures.
func emptyFolders(t *testing.T, bin, dir string, kills int, random *rand.Rand) {
	h := &house{t: t, bin: bin, dir: dir}
	h.clear()
	start := time.Now()
	h.run("migrate")
	whole := time.Since(start)
	for n := range kills {
		h.clear()
		delay := time.Duration(random.Float64() * 1.05 * float64(whole))
		cmd := h.command("migrate")
		if n%2 == 1 {
			cmd = h.command("ingest", "jan.csv", "--feed", "published")
		}
		h.write("jan.csv", january)
		h.kill(cmd, delay)
		out := h.run("ingest", "jan.csv", "--feed", "published", "--output", "json")
		var r struct{ Status string }
		if err := json.Unmarshal(out, &r); err != nil || r.Status != "accepted" && r.Status != "unchanged" {
			t.Fatalf("an empty folder, killed after %v: %s, %v", delay, out, err)
		}
		if out := h.run("export", "--indicator", "gdp", "--output", "csv"); strings.Count(string(out), "\n") != 3 {
			t.Fatalf("an empty folder, killed after %v: the figures are\n%s", delay, out)
		}
		h.run("audit", "verify")
		if n%10 == 9 {
			progress("%d of %d kills on an empty folder", n+1, kills)
		}
	}
}

const january = "indicator,region,period,value,unit,status,published\ngdp,210200,1994,9516.9,亿元,P,2025-01\ngdp,210200,1993,8752.9,亿元,A,2025-01\n"

// house is a binary with a folder of its own: y.yaml, files to hand in, data.
type house struct {
	t        *testing.T
	bin, dir string
	ended    bool // the first start was ready before it was killed
}

func (h *house) clear() {
	h.t.Helper()
	must(h.t, os.RemoveAll(h.dir))
	must(h.t, os.MkdirAll(h.dir, 0o700))
	h.write("y.yaml", configuration)
}

func (h *house) write(name, text string) {
	h.t.Helper()
	must(h.t, os.WriteFile(filepath.Join(h.dir, name), []byte(text), 0o600))
}

func (h *house) command(args ...string) *exec.Cmd {
	cmd := exec.Command(h.bin, append(args, "--config", "y.yaml", "--quiet")...)
	cmd.Dir = h.dir
	cmd.Env = append(os.Environ(), "YARDSTICK_ENGINE="+enginetest.Library(h.t))
	return cmd
}

// try runs the command and gives its output, whatever its exit status.
func (h *house) try(args ...string) (out, errs []byte, err error) {
	var o, e bytes.Buffer
	cmd := h.command(args...)
	cmd.Stdout, cmd.Stderr = &o, &e
	err = cmd.Run()
	return o.Bytes(), e.Bytes(), err
}

func (h *house) run(args ...string) []byte {
	h.t.Helper()
	out, errs, err := h.try(args...)
	if err != nil {
		h.t.Fatalf("yardstick %s: %v\n%s%s", strings.Join(args, " "), err, errs, out)
	}
	return out
}

// kill starts the command and kills it after delay, or when it ends by itself.
func (h *house) kill(cmd *exec.Cmd, delay time.Duration) {
	h.t.Helper()
	must(h.t, cmd.Start())
	time.Sleep(delay)
	_ = cmd.Process.Kill() // it may have ended by itself
	_ = cmd.Wait()
}

// firstStart serves until it is ready or, when delay is not negative, is killed
// after delay. It tells how long it took.
func (h *house) firstStart(delay time.Duration) time.Duration {
	h.t.Helper()
	cmd := h.command("serve", "--demo", "--listen", "127.0.0.1:0")
	cmd.Args = slices.DeleteFunc(cmd.Args, func(s string) bool { return s == "--quiet" })
	said, pipe := io.Pipe()
	var log bytes.Buffer
	cmd.Stderr = io.MultiWriter(pipe, &log)
	start := time.Now()
	must(h.t, cmd.Start())
	ready := make(chan time.Duration, 1)
	go func() {
		var seen []byte
		buf := make([]byte, 4096)
		for told := false; ; {
			n, err := said.Read(buf)
			if seen = append(seen, buf[:n]...); !told && bytes.Contains(seen, []byte("http://127.0.0.1:")) {
				told = true
				ready <- time.Since(start)
			}
			if err != nil {
				return
			}
		}
	}()
	h.ended = false
	var after <-chan time.Time
	if delay >= 0 {
		after = time.After(delay)
	}
	took := delay
	select {
	case took = <-ready:
		h.ended = true
	case <-after:
	case <-time.After(10 * time.Minute):
		h.t.Errorf("the first start was not ready in ten minutes:\n%s", log.Bytes())
	}
	if delay < 0 {
		_ = cmd.Process.Signal(syscall.SIGTERM)
	} else {
		_ = cmd.Process.Kill()
	}
	err := cmd.Wait()
	_ = pipe.Close()
	if delay < 0 && (err != nil || !h.ended) {
		h.t.Fatalf("the first start failed: %v\n%s", err, log.Bytes())
	}
	return took
}

// buildBase builds the commit in a worktree of its own.
func buildBase(t *testing.T, base, dir string) string {
	t.Helper()
	root, tree := enginetest.Root(t), filepath.Join(dir, "base")
	shell(t, root, "git", "worktree", "add", "--detach", tree, base)
	defer shell(t, root, "git", "worktree", "remove", "--force", tree)
	return build(t, tree, filepath.Join(dir, "yardstick-old"))
}

func build(t *testing.T, root, out string) string {
	t.Helper()
	progress("building %s", filepath.Base(out))
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-o", out, "./cmd/yardstick")
	cmd.Dir, cmd.Env = root, append(os.Environ(), "CGO_ENABLED=0")
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("building %s: %v\n%s", root, err, text)
	}
	return out
}

func shell(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = dir
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, text)
	}
}

// copyStore copies a folder. The engine never writes into a file that is whole,
// so its own are linked; that this is so is seen in the end, when the first
// folder must hold what it held.
func copyStore(t *testing.T, from, to string) {
	t.Helper()
	must(t, os.RemoveAll(to))
	must(t, os.MkdirAll(filepath.Join(to, "data"), 0o700))
	shell(t, from, "sh", "-c", `find . -mindepth 1 -maxdepth 1 ! -name data -exec cp -a {} "$1" \;
		cd data && find . -mindepth 1 -maxdepth 1 ! -name store -exec cp -a {} "$1/data" \; && cp -al store "$1/data"`, "sh", to)
}

// compare looks for each row the older binary wrote. Of the figures in force those
// that the rule displaces are gone, no other, and the ledger says so once.
func (h *house) compare(held look, what string) {
	h.t.Helper()
	now := h.tables(held.Columns)
	for _, table := range slices.Sorted(maps.Keys(held.Rows)) {
		lost := missing(held.Rows[table], now.Rows[table])
		if table == "observations_current" {
			var keys []string
			for _, row := range lost {
				keys = append(keys, held.Keys[row])
			}
			if slices.Sort(keys); !slices.Equal(keys, displaced()) {
				h.t.Fatalf("%s: no longer in force are %v, want %v", what, keys, displaced())
			}
		} else if len(lost) > 0 {
			h.t.Fatalf("%s: of %d rows of %s, %d are lost or changed", what, len(held.Rows[table]), table, len(lost))
		}
		if more := len(now.Rows[table]) - len(held.Rows[table]) + len(lost); more > 0 && !grows(table) {
			h.t.Fatalf("%s: %s has %d rows more", what, table, more)
		}
	}
	h.ruledOnce(what)
}

// unchanged holds the folder against what it held.
func (h *house) unchanged(held look) {
	h.t.Helper()
	now := h.tables(held.Columns)
	for table, rows := range held.Rows {
		if len(now.Rows[table]) != len(rows) || len(missing(rows, now.Rows[table])) > 0 {
			h.t.Fatalf("the folder that was copied: %s is another", table)
		}
	}
}

// missing are the rows of was that are not among those of is.
func missing(was, is []string) (out []string) {
	left := map[string]int{}
	for _, row := range is {
		left[row]++
	}
	for _, row := range was {
		if left[row]--; left[row] < 0 {
			out = append(out, row)
		}
	}
	return out
}

// ruledOnce reads in the ledger what the rule displaced.
func (h *house) ruledOnce(what string) {
	h.t.Helper()
	var entries []ledger.Entry
	must(h.t, json.Unmarshal(h.run("audit", "show", "--output", "json"), &entries))
	var keys []string
	n := 0
	for _, e := range entries {
		digest, ok, err := clickhouse.NamesMoved(e)
		must(h.t, err)
		if !ok {
			continue
		}
		n++
		moved, err := clickhouse.KeptMoved(filepath.Join(h.dir, "data", "rows"), digest)
		must(h.t, err)
		for _, m := range moved {
			keys = append(keys, fmt.Sprint(m.Was.Indicator, " ", m.Was.Region, " ", m.Was.Period, " ", m.Was.Basis))
		}
	}
	if slices.Sort(keys); n != 1 || !slices.Equal(keys, displaced()) {
		h.t.Fatalf("%s: %d entries of the ledger say that %v stand no longer, want %v", what, n, keys, displaced())
	}
}

// grows reports whether a start may add to a table: what it compared, and the
// registers it keeps.
func grows(table string) bool {
	return slices.Contains([]string{"acts", "verdict_runs", "verdicts", "feed_states", "registers"}, table)
}

// compareAnswers asks the newer binary what the older was asked.
func (h *house) compareAnswers(said map[string]any, what string) {
	h.t.Helper()
	now := h.answers()
	for _, question := range slices.Sorted(maps.Keys(said)) {
		if why := within(inForce(question, said[question]), now[question], question == "audit show"); why != "" {
			h.t.Fatalf("%s: yardstick %s answers otherwise: %s", what, question, why)
		}
	}
}

// inForce is what the older version answered, without the figures that the rule
// displaces where it was asked for those in force.
func inForce(question string, answer any) any {
	text, ok := answer.(string)
	if !ok || !strings.HasPrefix(question, "export") || strings.Contains(question, "vintages") {
		return answer
	}
	lines := strings.Split(text, "\n")
	return strings.Join(slices.DeleteFunc(lines, func(line string) bool {
		return slices.ContainsFunc(displaced(), func(key string) bool { return strings.HasPrefix(line, strings.ReplaceAll(key, " ", ",")+",") })
	}), "\n")
}

// within tells where an older answer is not contained in the newer: a newer one
// may have fields more, and, of the ledger, entries more.
func within(was, is any, longer bool) string {
	switch was := was.(type) {
	case map[string]any:
		is, ok := is.(map[string]any)
		if !ok {
			return fmt.Sprintf("%.200v was %.200v", is, was)
		}
		for _, k := range slices.Sorted(maps.Keys(was)) {
			if why := within(was[k], is[k], false); why != "" {
				return k + ": " + why
			}
		}
		return ""
	case []any:
		is, ok := is.([]any)
		if !ok || len(is) < len(was) || len(is) > len(was) && !longer {
			return fmt.Sprintf("%d entries, were %d", len(is), len(was))
		}
		for i := range was {
			if why := within(was[i], is[i], false); why != "" {
				return strconv.Itoa(i) + ": " + why
			}
		}
		return ""
	}
	if !reflect.DeepEqual(was, is) {
		return fmt.Sprintf("%.400v was %.400v", is, was)
	}
	return ""
}

func number(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		t.Fatalf("%s=%s is no number", name, text)
	}
	return n
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func progress(format string, args ...any) {
	fmt.Fprintf(os.Stderr, time.Now().Format(time.TimeOnly)+" "+format+"\n", args...)
}

func sizes(held map[string][]string) string {
	var out []string
	for _, table := range slices.Sorted(maps.Keys(held)) {
		out = append(out, fmt.Sprintf("%s %d", table, len(held[table])))
	}
	return strings.Join(out, ", ")
}

func (h *house) size() string {
	var n, bytes int64
	err := filepath.Walk(filepath.Join(h.dir, "data"), func(_ string, info os.FileInfo, err error) error {
		if err == nil && info.Mode().IsRegular() {
			n, bytes = n+1, bytes+info.Size()
		}
		return err
	})
	must(h.t, errors.Join(err))
	return fmt.Sprintf("%d files, %d MiB", n, bytes>>20)
}
