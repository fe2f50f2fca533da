package main

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"yardstick/schema"
	"yardstick/schema/engine/enginetest"
)

// waiting is a data folder with a feed under review, whose acts are killed.
type waiting struct {
	crasher
	random *rand.Rand
	config string
	n      int // feeds handed in
	rows   int // figures in force
}

func (w *waiting) run(t *testing.T, args ...string) []byte {
	t.Helper()
	return w.output(t, append(args, "--config", w.config)...)
}

// send hands in a new feed that waits, and gives its receipt.
func (w *waiting) send(t *testing.T, args ...string) schema.Receipt {
	t.Helper()
	path := w.feed(t, w.n)
	w.n++
	if strings.Contains(strings.Join(args, " "), "--release-at") { // nothing was made public before its release
		text, err := os.ReadFile(path)
		if err == nil {
			text = regexp.MustCompile(`(?m),[^,\n]*$`).ReplaceAll(text, nil)
			err = os.WriteFile(path, text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	var r schema.Receipt
	out := w.run(t, append([]string{"ingest", path, "--actor", "sender", "--answer", "coverage=accept", "--output", "json"}, args...)...)
	if err := json.Unmarshal(out, &r); err != nil || r.Status != schema.Pending {
		t.Fatalf("%s: %v", out, err)
	}
	return r
}

// kill runs a command and kills it at some moment of the time whole.
func (w *waiting) kill(t *testing.T, whole time.Duration, args ...string) {
	t.Helper()
	cmd := w.command(append(args, "--config", w.config)...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.killAfter(cmd, time.Duration((.2+w.random.Float64())*float64(whole)))
}

// look reads the receipt and the number of figures in force.
func (w *waiting) look(t *testing.T, id string) (schema.ReceiptStatus, int) {
	t.Helper()
	var r schema.Receipt
	if err := json.Unmarshal(w.run(t, "receipt", id, "--output", "json"), &r); err != nil {
		t.Fatal(err)
	}
	return r.Status, strings.Count(string(w.run(t, "export", "--output", "csv")), "\n") - 1
}

// A process killed at any moment of a review, a release or a withdrawal leaves
// it wholly done or not begun: the receipt's state and the figures in force
// always agree, and doing it again brings it to its end.
func TestKilledInTheMiddleOfReviewsReleasesAndWithdrawals(t *testing.T) {
	t.Parallel()
	w := &waiting{crasher: crasher{binary(t), t.TempDir(), enginetest.Library(t)}, random: rand.New(rand.NewPCG(3, 4))}
	w.config = filepath.Join(w.dir, "y.yaml")
	if err := os.WriteFile(w.config, []byte("feeds: [{name: watched, review: true}, {name: embargo}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.run(t, "migrate")
	start := time.Now()
	first := w.send(t, "--feed", "watched")
	sending := time.Since(start)
	start = time.Now()
	w.run(t, "review", first.ID, "--approve", "--actor", "checker")
	whole := time.Since(start)
	w.rows = crashRows

	done := map[string][2]int{} // not begun, done
	settle := func(what, id string, before, after schema.ReceiptStatus, change int) (finished bool) {
		t.Helper()
		count := done[what]
		was := count[1]
		switch status, rows := w.look(t, id); {
		case status == before && rows == w.rows:
			count[0]++
		case status == after && rows == w.rows+change:
			count[1]++
			w.rows += change
		default:
			t.Fatalf("%s of %s: it is %s with %d figures in force, %d before", what, id, status, rows, w.rows)
		}
		done[what] = count
		return count[1] > was
	}
	const kills = 6
	for range kills {
		r := w.send(t, "--feed", "watched")
		w.kill(t, whole, "review", r.ID, "--approve", "--actor", "checker")
		if !settle("review", r.ID, schema.Pending, schema.Accepted, crashRows) {
			w.run(t, "review", r.ID, "--approve", "--actor", "checker")
			w.rows += crashRows
		}
		w.kill(t, whole, "withdraw", r.ID, "--reason", "笔误", "--actor", "checker")
		settle("withdrawal", r.ID, schema.Accepted, schema.Withdrawn, -crashRows)
	}
	for range kills {
		at := time.Now().Add(max(3*time.Second, 4*sending)) // it is in before its release, however busy the machine
		start := time.Now()
		r := w.send(t, "--feed", "embargo", "--release-at", at.Format(time.RFC3339Nano))
		sending = time.Since(start)
		time.Sleep(time.Until(at))
		w.kill(t, whole, "lock", "--through", "1900", "--actor", "checker")
		if !settle("release", r.ID, schema.Pending, schema.Accepted, crashRows) {
			w.run(t, "lock", "--through", "1900", "--actor", "checker")
			w.rows += crashRows
		}
	}
	if _, rows := w.look(t, first.ID); rows != w.rows {
		t.Fatalf("%d figures in force at the end, want %d", rows, w.rows)
	}
	t.Logf("an undisturbed review takes %v; of the killed, not begun and done: %v", whole.Round(time.Millisecond), done)
	w.run(t, "audit", "verify")
}
