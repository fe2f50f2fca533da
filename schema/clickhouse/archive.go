package clickhouse

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"yardstick/schema"
)

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
	var scope, c conditions
	scope.add(q.Policy != "", "policy = ?", q.Policy)
	scope.add(q.Target != "", "target = ?", q.Target)
	scope.add(q.Region != "", "region = ?", q.Region)
	c.add(true, "as_of >= ? AND as_of <= ?", date(q.From), date(q.To))
	c.add(len(q.Statuses) > 0, "status IN (?)", q.Statuses)
	if a := q.After; a != nil {
		c.add(true, "(as_of, toUnixTimestamp64Milli(at), policy, target, region, run) > (?, ?, ?, ?, ?, ?)",
			date(a.AsOf), a.At, a.Policy, a.Target, a.Region, a.Run)
	}
	// The bodies are large: only those of the page are read.
	page := `SELECT policy, target, region, at, run, was FROM (
			SELECT as_of, at, run, policy, target, region, status,
				lagInFrame(toString(status), 1, '') OVER (PARTITION BY policy, target, region ORDER BY at, run ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS was
			FROM verdicts WHERE ` + scope.String() + `)
		WHERE ` + c.String() + ` ORDER BY as_of, at, policy, target, region, run LIMIT ?`
	keys, err := all(ctx, s.read, "listing kept verdicts", page, slices.Concat(scope.args, c.args, []any{q.Limit}), func(k *Kept) []any {
		return []any{&k.Policy, &k.Target, &k.Region, &k.At, &k.Run, text(&k.Was)}
	})
	if err != nil || len(keys) == 0 {
		return nil, err
	}
	return s.keptBodies(ctx, keys, scope)
}

// keptBodies reads the verdicts of these keys, all of which scope admits, in
// their order.
func (s *Store) keptBodies(ctx context.Context, keys []Kept, scope conditions) ([]Kept, error) {
	type key struct {
		schema.Scope
		run string
		at  int64
	}
	keyOf := func(k Kept) key { return key{k.Scope(), k.Run, k.At.UnixMilli()} }
	at := make(map[key]int, len(keys))
	var runs []string
	for i, k := range keys {
		at[keyOf(k)] = i
		runs = append(runs, k.Run)
	}
	slices.Sort(runs)
	scope.add(true, "run IN (?)", slices.Compact(runs))
	found := 0
	sql := "SELECT policy, target, region, at, run, cause, body FROM verdicts WHERE " + scope.String()
	err := each(ctx, s.read, "reading kept verdicts", sql, scope.args, func(rows driver.Rows) error {
		var k Kept
		var cause string
		var body json.RawMessage
		if err := rows.Scan(&k.Policy, &k.Target, &k.Region, &k.At, &k.Run, &cause, &body); err != nil {
			return err
		}
		i, ok := at[keyOf(k)]
		if !ok {
			return nil
		}
		found++
		keys[i].Cause = cause
		if err := json.Unmarshal(body, &keys[i].Verdict); err != nil {
			return fmt.Errorf("reading a stored verdict: %w", err)
		}
		return nil
	})
	if err == nil && found < len(keys) {
		err = fmt.Errorf("reading kept verdicts: %d of %d are there", found, len(keys))
	}
	return keys, err
}
