package clickhouse_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"yardstick/schema"
	"yardstick/schema/clickhouse"
)

// send commits rows as a pending receipt that waits for what.
func (h *house) send(t *testing.T, id, waits string, release time.Time, rows ...schema.Observation) schema.Receipt {
	t.Helper()
	changes := make([]schema.Change, 0, len(rows))
	for _, o := range rows {
		changes = append(changes, schema.Change{Key: o.Key, New: o.Value, NewStatus: o.Status})
	}
	r, err := h.Commit(t.Context(), schema.Receipt{ID: id, Status: schema.Pending, Waits: waits, ReleaseAt: release, Feed: "published",
		File: id + ".csv", Actor: "sender", Reason: "it says " + rows[0].Written, Snapshot: "sha-" + id, ReceivedAt: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		Accepted: len(rows), Changes: changes}, rows)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// nowhere fails when any table holds the text.
func (h *house) nowhere(t *testing.T, text string) {
	t.Helper()
	if tables := h.where(t, text); len(tables) > 0 {
		t.Errorf("%s stands in %v", text, tables)
	}
}

// where lists the tables and views that hold the text in any column.
func (h *house) where(t *testing.T, text string) (out []string) {
	t.Helper()
	conn := open(t, h)
	rows, err := conn.Query(t.Context(), "SELECT name FROM system.tables WHERE database = currentDatabase()")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	seen := 0
	for rows.Next() {
		var table string
		if err := rows.Scan(&table); err != nil {
			t.Fatal(err)
		}
		var n uint64
		sql := fmt.Sprintf("SELECT countIf(position(toString(tuple(*)), '%s') > 0) FROM %s", text, table)
		if err := conn.QueryRow(t.Context(), sql).Scan(&n); err != nil {
			t.Fatalf("%s: %v", table, err)
		}
		if n > 0 {
			out = append(out, table)
		}
		seen++
	}
	if err := rows.Err(); err != nil || seen < 10 {
		t.Fatalf("looked into %d tables, %v", seen, err)
	}
	return out
}

func TestAPendingFigureStandsInNoTableBeforeItIsApproved(t *testing.T) {
	h := newHouse(t)
	h.load(t, "R1", gdp("2024", "9516.9", "2025-01-31", "P"))
	sent := h.send(t, "R2", schema.WaitsReview, time.Time{}, gdp("2024", "9540.2", "2025-10-31", "A"))
	h.nowhere(t, "9540.2")
	h.nowhere(t, sent.Rows) // its digest would tell a single figure to who tries out values
	h.nowhere(t, "sha-R2")
	if got := h.inForce(t, "2024"); got != "9516.9" {
		t.Fatalf("in force before the review: %s", got)
	}
	shown, _, err := h.Receipt(t.Context(), "R2")
	if err != nil || shown.Status != schema.Pending || shown.Waits != schema.WaitsReview || len(shown.Changes) != 0 || shown.Accepted != 1 {
		t.Fatalf("shown: %+v %v", shown, err)
	}
	whole, _, err := h.Sealed(t.Context(), "R2")
	if err != nil || len(whole.Changes) != 1 || whole.Status != schema.Pending || whole.Reason != "it says 9540.2" {
		t.Fatalf("for the reviewer: %+v %v", whole, err)
	}

	before := time.Now()
	time.Sleep(5 * time.Millisecond)
	r, err := h.Review(t.Context(), "R2", "checker", true, "looked at it")
	if err != nil || r.Status != schema.Accepted || r.Reviewer != "checker" || r.ReviewedAt.Before(before) || r.Revised != 1 || r.Accepted != 0 {
		t.Fatalf("approved: %+v %v", r, err)
	}
	if got := h.inForce(t, "2024"); got != "9540.2" {
		t.Fatalf("in force after the review: %s", got)
	}
	if tables := h.where(t, "9540.2"); !slices.Contains(tables, "observations") || !slices.Contains(tables, "receipts") {
		t.Fatalf("after the review it stands in %v", tables)
	}
	known, err := h.Observations(t.Context(), clickhouse.Query{KnownAt: before})
	if err != nil || len(known) != 1 || known[0].Value.String() != "9516.9" {
		t.Fatalf("known before the approval: %v %v", known, err)
	}
	last, ok, err := h.LastReceipt(t.Context(), "published")
	if err != nil || !ok || last.ID != "R2" || len(last.Changes) != 1 || last.Actor != "sender" || last.Reason != "it says 9540.2" || last.Snapshot != "sha-R2" {
		t.Fatalf("the feed's last receipt: %+v %v %v", last, ok, err)
	}
	life, err := h.Life(t.Context(), "R2")
	if err != nil || len(life) != 2 || life[0].State != schema.Pending || life[1].State != schema.Accepted || life[1].Actor != "checker" || life[1].Reason != "looked at it" {
		t.Fatalf("its life: %+v %v", life, err)
	}
	all, err := h.Receipts(t.Context(), "published", 10)
	if err != nil || len(all) != 2 {
		t.Fatalf("a receipt with two rows is listed once: %+v %v", all, err)
	}
	if _, err := h.Review(t.Context(), "R2", "checker", true, ""); !errors.Is(err, clickhouse.ErrNoReview) {
		t.Fatalf("approved twice: %v", err)
	}
}

func TestWhatIsAskedAboutAnEmbargoedFigureQuotesItNowhere(t *testing.T) {
	h := newHouse(t)
	told := schema.Problem{Code: "jump", Line: 2, Column: 4, Cell: "D2", Written: "9540.2", Text: schema.Text{Zh: "9540.2 太大", En: "9540.2 is large"}}
	for id, status := range map[string]schema.ReceiptStatus{"R1": schema.Asked, "R2": schema.Refused} {
		r := schema.Receipt{ID: id, Status: status, Feed: "published", ReceivedAt: time.Now(), ReleaseAt: time.Now().Add(time.Hour), Snapshot: "sha-9540.2"}
		r.Problems, r.Questions = []schema.Problem{told}, []schema.Question{{Problem: told, Key: "explain.gdp", Candidates: []string{"9540.2"}}}
		if _, err := h.Record(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	h.nowhere(t, "9540.2")
	shown, _, err := h.Receipt(t.Context(), "R1")
	if err != nil || len(shown.Problems) != 1 || shown.Problems[0].Cell != "D2" || len(shown.Questions) != 1 || shown.Questions[0].Key != "explain.gdp" {
		t.Fatalf("%+v %v", shown, err)
	}
	if whole, _, err := h.Sealed(t.Context(), "R1"); err != nil || whole.Questions[0].Zh != "9540.2 太大" {
		t.Fatalf("for the sender: %+v %v", whole, err)
	}
}

func TestARejectedReceiptIsRefusedForTheReviewersReason(t *testing.T) {
	h := newHouse(t)
	h.send(t, "R1", schema.WaitsReview, time.Time{}, gdp("2024", "9540.2", "2025-10-31", "A"))
	if _, err := h.Review(t.Context(), "R1", "checker", false, "单位不对"); err != nil {
		t.Fatal(err)
	}
	r, _, err := h.Receipt(t.Context(), "R1")
	if err != nil || r.Status != schema.Refused || r.Reason != "单位不对" || r.Waits != "" || r.Reviewer != "checker" {
		t.Fatalf("%+v %v", r, err)
	}
	h.nowhere(t, "9540.2")
	if _, ok, err := h.LastReceipt(t.Context(), "published"); ok || err != nil {
		t.Fatalf("a refused receipt is no success: %v %v", ok, err)
	}
	if _, err := h.Review(t.Context(), "R9", "checker", false, "x"); !errors.Is(err, clickhouse.ErrNoReceipt) {
		t.Fatalf("reviewed what is not there: %v", err)
	}
	if left, err := h.ReceiptsOf(t.Context(), "", schema.Pending, 10); err != nil || len(left) != 0 {
		t.Fatalf("still waiting: %v %v", left, err)
	}
}

func TestAPendingReceiptMayBeWithdrawnAndNeverComesIntoForce(t *testing.T) {
	h := newHouse(t)
	h.send(t, "R1", schema.WaitsRelease, time.Now().Add(-time.Hour), gdp("2024", "9540.2", "2025-10-31", "A"))
	r, err := h.Withdraw(t.Context(), "R1", "sender", "笔误")
	if err != nil || r.Status != schema.Withdrawn {
		t.Fatalf("%+v %v", r, err)
	}
	if done, err := h.Release(t.Context(), time.Now()); err != nil || len(done) != 0 {
		t.Fatalf("released what was withdrawn: %v %v", done, err)
	}
	if _, err := h.Review(t.Context(), "R1", "checker", true, ""); !errors.Is(err, clickhouse.ErrNoReview) {
		t.Fatalf("approved what was withdrawn: %v", err)
	}
	h.nowhere(t, "9540.2")
	r, _, err = h.Receipt(t.Context(), "R1")
	if err != nil || r.Reason != "笔误" || r.Waits != "" {
		t.Fatalf("%+v %v", r, err)
	}
}

func TestAnEmbargoEndsAtItsTimeAndNeverEarlier(t *testing.T) {
	h := newHouse(t)
	at := time.Date(2026, 3, 1, 2, 0, 0, 0, time.UTC)
	h.send(t, "R1", schema.WaitsRelease, at, gdp("2024", "9540.2", "2025-10-31", "A"))
	h.send(t, "R2", schema.WaitsRelease, at.Add(time.Hour), gdp("2023", "8752.9", "2025-01-31", "A"))
	if next := h.NextRelease(); !next.Equal(at) {
		t.Fatalf("next release %v", next)
	}
	if done, err := h.Release(t.Context(), at.Add(-time.Nanosecond)); err != nil || len(done) != 0 {
		t.Fatalf("released early: %v %v", done, err)
	}
	h.nowhere(t, "9540.2")
	done, err := h.Release(t.Context(), at)
	if err != nil || len(done) != 1 || done[0].ID != "R1" || done[0].Status != schema.Accepted || done[0].Waits != "" {
		t.Fatalf("released: %+v %v", done, err)
	}
	if a, b := h.inForce(t, "2024"), h.inForce(t, "2023"); a != "9540.2" || b != "none" {
		t.Fatalf("in force: %s and %s", a, b)
	}
	if next := h.NextRelease(); !next.Equal(at.Add(time.Hour)) {
		t.Fatalf("next release %v", next)
	}
}

func TestAnApprovalBeforeTheReleaseTimeGoesOnWaiting(t *testing.T) {
	h := newHouse(t)
	at := time.Now().Add(time.Hour)
	h.send(t, "R1", schema.WaitsReview, at, gdp("2024", "9540.2", "2025-10-31", "A"))
	if done, err := h.Release(t.Context(), at.Add(time.Hour)); err != nil || len(done) != 0 {
		t.Fatalf("released without its review: %v %v", done, err)
	}
	r, err := h.Review(t.Context(), "R1", "checker", true, "")
	if err != nil || r.Status != schema.Pending || r.Waits != schema.WaitsRelease || r.Reviewer != "checker" {
		t.Fatalf("%+v %v", r, err)
	}
	h.nowhere(t, "9540.2")
	if r, _, err = h.Receipt(t.Context(), "R1"); err != nil || r.Waits != schema.WaitsRelease || r.Reviewer != "checker" {
		t.Fatalf("%+v %v", r, err)
	}
	done, err := h.Release(t.Context(), at)
	if err != nil || len(done) != 1 || done[0].Reviewer != "checker" {
		t.Fatalf("%+v %v", done, err)
	}
	if got := h.inForce(t, "2024"); got != "9540.2" {
		t.Fatalf("in force: %s", got)
	}
}

func TestWhatAReleaseChangesIsWorkedOutAgainstWhatIsInForceThen(t *testing.T) {
	h := newHouse(t)
	h.load(t, "R1", gdp("2024", "9516.9", "2025-01-31", "P"))
	h.send(t, "R2", schema.WaitsReview, time.Time{}, gdp("2024", "9540.2", "2025-10-31", "A"), gdp("2023", "8752.9", "2025-10-31", "A"))
	h.load(t, "R3", gdp("2023", "8752.9", "2025-02-28", "A"), gdp("2024", "9530", "2025-09-30", "A"))
	r, err := h.Review(t.Context(), "R2", "checker", true, "")
	if err != nil || r.Status != schema.Accepted || r.Revised != 1 || r.Accepted != 0 || r.UnchangedN != 1 {
		t.Fatalf("%+v %v", r, err)
	}
	if c := r.Changes; len(c) != 1 || c[0].Old.String() != "9530" || c[0].New.String() != "9540.2" || c[0].Difference.String() != "10.2" {
		t.Fatalf("changes: %+v", c)
	}

	h.send(t, "R4", schema.WaitsReview, time.Time{}, gdp("2022", "8430.9", "2025-10-31", "A"))
	h.load(t, "R5", gdp("2022", "8430.9", "2025-10-31", "A"))
	r, err = h.Review(t.Context(), "R4", "checker", true, "")
	if err != nil || r.Status != schema.Unchanged || r.SameAs != "R5" {
		t.Fatalf("the same figures came meanwhile: %+v %v", r, err)
	}
}

func TestHeldGivesEveryCountedVintageOldestPublishedFirst(t *testing.T) {
	h := newHouse(t)
	h.load(t, "R1", gdp("2024", "9540.2", "2025-10-31", "A"), gdp("2023", "8752.9", "2025-01-30", "A"))
	h.load(t, "R2", gdp("2024", "9516.9", "2025-01-31", "P"))
	h.send(t, "R3", schema.WaitsReview, time.Time{}, gdp("2024", "9999", "2025-11-30", "A"))
	held, err := h.Held(t.Context(), []string{"gdp"}, []string{"210200"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, o := range held {
		got = append(got, o.Value.String())
	}
	if !slices.Equal(got, []string{"8752.9", "9516.9", "9540.2"}) {
		t.Fatalf("held: %v", got)
	}
	if held, err = h.Held(t.Context(), []string{"gdp"}, []string{"210202"}); err != nil || len(held) != 0 {
		t.Fatalf("held of another region: %v %v", held, err)
	}
}

func TestActsAreKeptInTheLedgerAndReadBackOldestFirst(t *testing.T) {
	h := newHouse(t)
	for i, subject := range []string{"industry", "bureau", "industry"} {
		a, err := h.Act(t.Context(), schema.Act{Kind: schema.ActAnswer, Subject: subject, Actor: "sender",
			Fields: map[string]string{"key": "unit", "value": fmt.Sprint(i)}})
		if err != nil || a.Seq != uint64(i+1) || a.At.IsZero() {
			t.Fatalf("%+v %v", a, err)
		}
	}
	if _, err := h.Act(t.Context(), schema.Act{Kind: "dance", Subject: "x"}); !errors.Is(err, clickhouse.ErrNoAct) {
		t.Fatalf("an unknown act: %v", err)
	}
	acts, err := h.Acts(t.Context(), schema.ActAnswer, "industry")
	if err != nil || len(acts) != 2 || acts[0].Fields["value"] != "0" || acts[1].Fields["value"] != "2" || acts[0].Actor != "sender" {
		t.Fatalf("%+v %v", acts, err)
	}
	if acts, err = h.Acts(t.Context(), schema.ActAnswer, ""); err != nil || len(acts) != 3 {
		t.Fatalf("%+v %v", acts, err)
	}
	if acts, err = h.Acts(t.Context(), schema.ActLock, ""); err != nil || len(acts) != 0 {
		t.Fatalf("%+v %v", acts, err)
	}
}

// Each act of a receipt that waits, taken back to where a crash would have left
// it and started anew; and all tables emptied and rebuilt.
func TestAStartFinishesReviewsReleasesAndActs(t *testing.T) {
	h := newHouse(t)
	at := time.Now().Add(time.Hour)
	h.load(t, "R1", gdp("2024", "9516.9", "2025-01-31", "P"))
	h.send(t, "R2", schema.WaitsReview, at, gdp("2024", "9540.2", "2025-10-31", "A"))
	h.send(t, "R3", schema.WaitsReview, time.Time{}, gdp("2023", "8752.9", "2025-10-31", "A"))
	h.send(t, "R4", schema.WaitsReview, time.Time{}, gdp("2022", "1111.1", "2025-10-31", "A"))
	h.send(t, "R5", schema.WaitsReview, time.Time{}, gdp("2021", "2222.2", "2025-10-31", "A"))
	steps := []func() error{
		func() error { _, err := h.Review(t.Context(), "R2", "checker", true, ""); return err },                   // 6
		func() error { _, err := h.Review(t.Context(), "R3", "checker", true, ""); return err },                   // 7
		func() error { _, err := h.Review(t.Context(), "R4", "checker", false, "no"); return err },                // 8
		func() error { _, err := h.Withdraw(t.Context(), "R5", "sender", "笔误"); return err },                      // 9
		func() error { _, err := h.Release(t.Context(), at); return err },                                         // 10
		func() error { _, err := h.Act(t.Context(), schema.Act{Kind: schema.ActLock, Subject: "*"}); return err }, // 11
		func() error { _, err := h.Withdraw(t.Context(), "R2", "checker", "重报"); return err },                     // 12
	}
	want := map[int][2]string{6: {"9516.9", "none"}, 7: {"9516.9", "8752.9"}, 10: {"9540.2", "8752.9"}, 12: {"9516.9", "8752.9"}}
	state := [2]string{"9516.9", "none"}
	for i, step := range steps {
		seq := i + 6
		if err := step(); err != nil {
			t.Fatalf("step %d: %v", seq, err)
		}
		if w, ok := want[seq]; ok {
			state = w
		}
		for _, undo := range [][]string{
			{"observations_current DELETE WHERE version >= %d"},
			{"observations_current DELETE WHERE version >= %d", "receipt_events DELETE WHERE seq >= %d", "acts DELETE WHERE seq >= %d"},
			{"observations_current DELETE WHERE version >= %d", "receipt_events DELETE WHERE seq >= %d", "acts DELETE WHERE seq >= %d",
				"receipts DELETE WHERE seq >= %d", "observations DELETE WHERE seq >= %d"},
			{"observations_current DELETE WHERE version > 0*%d", "receipt_events DELETE WHERE seq > 0*%d", "acts DELETE WHERE seq > 0*%d",
				"receipts DELETE WHERE seq > 0*%d", "observations DELETE WHERE seq > 0*%d"},
		} {
			h.undo(t, seq, undo)
			if _, err := h.Recover(t.Context()); err != nil {
				t.Fatalf("step %d, %v: %v", seq, undo, err)
			}
			if got := [2]string{h.inForce(t, "2024"), h.inForce(t, "2023")}; got != state {
				t.Fatalf("step %d, after %v: %v, want %v", seq, undo, got, state)
			}
			if done, err := h.Recover(t.Context()); err != nil || done.Finished+done.Removed != 0 {
				t.Fatalf("step %d: a second recovery found %+v, %v", seq, done, err)
			}
		}
		h.nowhere(t, "1111.1")
		h.nowhere(t, "2222.2")
		if seq < 10 {
			h.nowhere(t, "9540.2")
		}
	}
	states := ""
	for _, id := range []string{"R1", "R2", "R3", "R4", "R5"} {
		r, _, err := h.Receipt(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		states += " " + string(r.Status)
	}
	if strings.TrimSpace(states) != "accepted withdrawn accepted refused withdrawn" {
		t.Fatal(states)
	}
	h.open(t) // what waits is known from the ledger alone
	if next := h.NextRelease(); !next.IsZero() {
		t.Fatalf("still due: %v", next)
	}
}

func (h *house) undo(t *testing.T, seq int, statements []string) {
	t.Helper()
	conn := open(t, h)
	for _, s := range statements {
		if err := conn.Exec(t.Context(), fmt.Sprintf("ALTER TABLE "+s+" SETTINGS mutations_sync = 2", seq)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestRowsOfAnApprovalThatNeverCameAreRemoved(t *testing.T) {
	h := newHouse(t)
	h.send(t, "R1", schema.WaitsReview, time.Time{}, gdp("2024", "9540.2", "2025-10-31", "A"))
	conn := open(t, h)
	if err := conn.Exec(t.Context(), "INSERT INTO observations (indicator, region, frequency, basis, period, receipt, seq, published_at) VALUES ('gdp','210200','A','period','2024','R1',2,'2025-10-31')"); err != nil {
		t.Fatal(err)
	}
	done, err := h.Recover(t.Context())
	if err != nil || done.Removed != 1 || done.Finished != 0 {
		t.Fatalf("%+v %v", done, err)
	}
	if r, err := h.Review(t.Context(), "R1", "checker", true, ""); err != nil || r.Status != schema.Accepted {
		t.Fatalf("%+v %v", r, err)
	}
	if got := h.inForce(t, "2024"); got != "9540.2" {
		t.Fatal(got)
	}
}

func TestAReaderCanNeitherReviewNorReleaseNorAct(t *testing.T) {
	h := newHouse(t)
	s, err := clickhouse.Open(t.Context(), clickhouse.Config{Read: h.eng.ClickHouseOptions(h.db, false)})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	_, one := s.Review(t.Context(), "R1", "x", true, "")
	_, two := s.Release(t.Context(), time.Now())
	_, three := s.Act(t.Context(), schema.Act{Kind: schema.ActLock, Subject: "*"})
	for _, err := range []error{one, two, three} {
		if !errors.Is(err, clickhouse.ErrReadOnly) {
			t.Fatal(err)
		}
	}
}
