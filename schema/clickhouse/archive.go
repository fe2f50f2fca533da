package clickhouse

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"yardstick/schema"
)

// ReceiptPage selects receipts, the newest first by when they came.
type ReceiptPage struct {
	Feed   string                 // "": all
	States []schema.ReceiptStatus // present ones; none: any
	From   time.Time              // received at or after; zero: no bound
	Before time.Time              // received before; zero: no bound
	After  uint64                 // those that came before the act of this number; 0: from the newest on
	Limit  int
}

// Arrived is a receipt with the number of the act it came by.
type Arrived struct {
	schema.Receipt
	Act uint64
}

// ReceiptsPage gives receipts in their present states. What comes meanwhile
// stands before the first page: a reader who goes on from the last one's Act
// sees none twice and misses none.
func (s *Store) ReceiptsPage(ctx context.Context, q ReceiptPage) (out []Arrived, err error) {
	where, args := []string{"1"}, []any{}
	add := func(condition string, arg any) { where, args = append(where, condition), append(args, arg) }
	if q.Feed != "" {
		add("r.feed = ?", q.Feed)
	}
	if len(q.States) > 0 {
		states := make([]string, len(q.States))
		for i, state := range q.States {
			states[i] = string(state)
		}
		add("e.state IN (?)", states)
	}
	if !q.From.IsZero() {
		add("r.received_at >= fromUnixTimestamp64Milli(?, 'UTC')", q.From.UnixMilli())
	}
	if !q.Before.IsZero() {
		add("r.received_at < fromUnixTimestamp64Milli(?, 'UTC')", q.Before.UnixMilli())
	}
	if q.After > 0 {
		add("e.arrived < ?", q.After)
	}
	sql := strings.Replace(receiptColumns, "SELECT r.body", "SELECT e.arrived, r.body", 1) + "WHERE " + strings.Join(where, " AND ") +
		" ORDER BY e.arrived DESC, r.receipt LIMIT ?"
	err = each(ctx, s.read, "listing receipts", sql, append(args, q.Limit), func(rows driver.Rows) error {
		var one Arrived
		var body, id, state, reason string
		if err := rows.Scan(&one.Act, &body, &id, &state, &reason); err != nil {
			return fmt.Errorf("reading a row: %w", err)
		}
		one.Receipt, err = receiptOf(body, id, state, reason)
		out = append(out, one)
		return err
	})
	return out, err
}

// Kept is a verdict as it was kept: the comparator's own of that time.
type Kept struct {
	schema.Verdict
	At    time.Time     // when the run was
	Run   string        // the run
	Was   schema.Status // of the one kept before; "" when it is the scope's first
	Cause string        // why it changed; "" when it did not
}

// KeptPlace is where a kept verdict stands in the order of KeptVerdicts.
type KeptPlace struct {
	AsOf   schema.Date `json:"d"`
	At     int64       `json:"t"` // in ms
	Policy string      `json:"p"`
	Target string      `json:"g"`
	Region string      `json:"r"`
	Run    string      `json:"u"`
}

// KeptPage selects kept verdicts by the days they judge as of.
type KeptPage struct {
	From, To               schema.Date // both included
	Policy, Target, Region string      // "": all
	Statuses               []schema.Status
	After                  *KeptPlace // nil: from the first on
	Limit                  int
}

// KeptVerdicts gives verdicts as they were kept, by day, time and scope: a row
// when something a reader would notice or what it rests on changed, and one a day
// of the headline targets. They are only
// ever added at the end.
func (s *Store) KeptVerdicts(ctx context.Context, q KeptPage) (out []Kept, err error) {
	scope, args := []string{"1"}, []any{}
	for _, c := range []struct{ column, value string }{{"policy", q.Policy}, {"target", q.Target}, {"region", q.Region}} {
		if c.value != "" {
			scope, args = append(scope, c.column+" = ?"), append(args, c.value)
		}
	}
	scoped, scopeArgs := strings.Join(scope, " AND "), slices.Clone(args)
	where := []string{"as_of >= ?", "as_of <= ?"}
	args = append(args, date(q.From), date(q.To))
	if len(q.Statuses) > 0 {
		states := make([]string, len(q.Statuses))
		for i, state := range q.Statuses {
			states[i] = string(state)
		}
		where, args = append(where, "status IN (?)"), append(args, states)
	}
	if a := q.After; a != nil {
		where = append(where, "(as_of, toUnixTimestamp64Milli(at), policy, target, region, run) > (?, ?, ?, ?, ?, ?)")
		args = append(args, date(a.AsOf), a.At, a.Policy, a.Target, a.Region, a.Run)
	}
	// The bodies are large: only those of the page are read.
	page := `SELECT policy, target, region, at, run, was FROM (
			SELECT as_of, at, run, policy, target, region, status,
				lagInFrame(toString(status), 1, '') OVER (PARTITION BY policy, target, region ORDER BY at, run ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS was
			FROM verdicts WHERE ` + scoped + `)
		WHERE ` + strings.Join(where, " AND ") + ` ORDER BY as_of, at, policy, target, region, run LIMIT ?`
	args = append(args, q.Limit)
	keys := []Kept{}
	err = each(ctx, s.read, "listing kept verdicts", page, args, func(rows driver.Rows) error {
		var k Kept
		var was string
		if err := rows.Scan(&k.Policy, &k.Target, &k.Region, &k.At, &k.Run, &was); err != nil {
			return fmt.Errorf("reading a row: %w", err)
		}
		k.Was = schema.Status(was)
		keys = append(keys, k)
		return nil
	})
	if err != nil || len(keys) == 0 {
		return nil, err
	}
	return s.keptBodies(ctx, keys, scoped, scopeArgs)
}

// keptBodies reads the verdicts of these keys, all of which scoped admits, in
// their order.
func (s *Store) keptBodies(ctx context.Context, keys []Kept, scoped string, args []any) ([]Kept, error) {
	type key struct {
		schema.Scope
		run string
		at  int64
	}
	keyOf := func(k Kept) key { return key{k.Scope(), k.Run, k.At.UnixMilli()} }
	at := make(map[key]int, len(keys))
	runs := map[string]bool{}
	var named []string
	for i, k := range keys {
		at[keyOf(k)] = i
		if !runs[k.Run] {
			runs[k.Run] = true
			named = append(named, k.Run)
		}
	}
	found := 0
	err := each(ctx, s.read, "reading kept verdicts", "SELECT policy, target, region, at, run, cause, body FROM verdicts WHERE "+scoped+" AND run IN (?)", append(args, named), func(rows driver.Rows) error {
		var k Kept
		var cause, body string
		if err := rows.Scan(&k.Policy, &k.Target, &k.Region, &k.At, &k.Run, &cause, &body); err != nil {
			return fmt.Errorf("reading a row: %w", err)
		}
		i, ok := at[keyOf(k)]
		if !ok {
			return nil
		}
		found++
		keys[i].Cause = cause
		if err := json.Unmarshal([]byte(body), &keys[i].Verdict); err != nil {
			return fmt.Errorf("reading a stored verdict: %w", err)
		}
		return nil
	})
	if err == nil && found < len(keys) {
		err = fmt.Errorf("reading kept verdicts: %d of %d are there", found, len(keys))
	}
	return keys, err
}
