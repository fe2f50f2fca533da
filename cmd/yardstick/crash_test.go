package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yardstick/schema"
	"yardstick/schema/engine/enginetest"
)

// binary builds the command without the race detector, as people run it.
func binary(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "yardstick")
	build := exec.Command("go", "build", "-o", path, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-buildvcs=false")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the command: %v\n%s", err, out)
	}
	return path
}

// crasher runs the command on one data folder.
type crasher struct {
	bin, dir, library string
}

func (c crasher) command(args ...string) *exec.Cmd {
	cmd := exec.Command(c.bin, append(args, "--data", filepath.Join(c.dir, "data"), "--quiet")...)
	cmd.Dir = c.dir
	cmd.Env = append(os.Environ(), "YARDSTICK_ENGINE="+c.library)
	return cmd
}

func (c crasher) output(t *testing.T, args ...string) []byte {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := c.command(args...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("yardstick %s: %v\n%s", strings.Join(args, " "), err, errs.Bytes())
	}
	return out.Bytes()
}

// killAfter kills a command that was started after delay, and tells whether it
// had ended by itself before.
func (c crasher) killAfter(cmd *exec.Cmd, delay time.Duration) (ended bool) {
	done := make(chan struct{})
	go func() { _ = cmd.Wait(); close(done) }()
	select {
	case <-done:
		return true
	case <-time.After(delay):
	}
	_ = cmd.Process.Kill() // it may have ended by itself just now
	<-done
	return false
}

const crashRows = 2000 // figures a feed

// feed writes feed n: daily figures of a region and days that no other feed has.
func (c crasher) feed(t *testing.T, n int) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("indicator,region,period,value,status,published\n")
	regions := []string{"210200", "210202", "210203", "210204", "210211", "210212", "210213", "210214", "210224", "210281"}
	region, first := regions[n%len(regions)], schema.NewDate(1950, time.January, 1).AddDays(n/len(regions)*crashRows)
	for i := range crashRows {
		d := first.AddDays(i)
		fmt.Fprintf(&b, "bond-fund-disbursement-cadence,%s,%s,1,A,%s\n", region, d, d)
	}
	path := filepath.Join(c.dir, fmt.Sprintf("feed%02d.csv", n))
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// A process killed at any moment of an ingest leaves the feed wholly in or
// wholly out, and the next run makes it up.
func TestKilledInTheMiddleOfAnIngestFiftyTimes(t *testing.T) {
	t.Parallel()
	c := crasher{binary(t), t.TempDir(), enginetest.Library(t)}
	random := rand.New(rand.NewPCG(1, 2))
	c.output(t, "migrate")
	start := time.Now()
	c.output(t, "ingest", c.feed(t, 0))
	whole := time.Since(start)
	in, out, n := 0, 0, 1
	for kill := range 50 {
		path := c.feed(t, n)
		cmd := c.command("ingest", path)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		// The first part of a run only loads the engine.
		if c.killAfter(cmd, time.Duration((.2+random.Float64())*float64(whole))) {
			whole = whole * 9 / 10 // the machine has grown quicker since it was measured
		}
		switch got := strings.Count(string(c.output(t, "export", "--output", "csv")), "\n") - 1; got {
		case n * crashRows:
			out++
		case (n + 1) * crashRows:
			in++
			n++
		default:
			t.Fatalf("kill %d: %d figures, want %d or %d", kill, got, n*crashRows, (n+1)*crashRows)
		}
	}
	var r schema.Receipt
	if err := json.Unmarshal(c.output(t, "ingest", c.feed(t, n), "--output", "json"), &r); err != nil {
		t.Fatal(err)
	}
	if r.Status != schema.Accepted || r.Accepted != crashRows {
		t.Fatalf("the feed killed last was not made up: %+v", r)
	}
	t.Logf("an undisturbed ingest takes %v; of 50 killed, %d were in and %d out", whole.Round(time.Millisecond), in, out)
	if in+out != 50 || out == 0 {
		t.Fatalf("in %d, out %d: the kills did not hit the ingest", in, out)
	}
	c.output(t, "audit", "verify")
}
