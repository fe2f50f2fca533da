package clickhouse

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"yardstick/schema"
)

// SaveRun writes a run of the comparator and those of its verdicts that are to
// be kept (the caller chooses). causes gives, by scope, why a verdict changed; ""
// for those that did not.
func (s *Store) SaveRun(ctx context.Context, run schema.VerdictRun, keep []schema.Verdict, causes map[schema.Scope]string) error {
	end, err := s.lock("saving run " + run.ID)
	if err != nil {
		return err
	}
	defer end()
	if len(keep) > 0 {
		err = s.insert(ctx, "saving the verdicts of run "+run.ID, "verdicts", rowsOf(keep, func(v schema.Verdict) []any {
			return []any{run.ID, run.At, v.AsOf, v.Policy, v.Target, v.Region, v.Status, v.Rule, causes[v.Scope()],
				v.Value, v.Gap, v.TargetValue, v.Unit, v.Period, v.Observed,
				v.Attainment, v.Progress, v.Schedule, v.Pace, v.Chance, quantile(v, .1), quantile(v, .5), quantile(v, .9),
				v.Marks.Provisional, v.Marks.Stale, v.Marks.Synthetic, inJSON{v}}
		}))
	}
	if err != nil {
		return err
	}
	return s.insertRow(ctx, "saving run "+run.ID, "verdict_runs",
		run.ID, run.At, run.AsOf, run.Cause, run.Judged, run.Changed, run.Height, run.Registers)
}

// quantile of the verdict's forecast; nil when there is none.
func quantile(v schema.Verdict, p float64) *float64 {
	if x, ok := v.Forecast.At(p); ok {
		return &x
	}
	return nil
}

// LastVerdicts gives the newest stored verdict of every scope, of the day it was
// stored for.
func (s *Store) LastVerdicts(ctx context.Context) ([]schema.Verdict, error) {
	return s.verdicts(ctx, "SELECT body FROM verdicts ORDER BY policy, target, region, at DESC LIMIT 1 BY policy, target, region")
}

// Chances gives, of every scope and reference period, the first stored verdict
// that tells a chance.
func (s *Store) Chances(ctx context.Context) ([]schema.Verdict, error) {
	return s.verdicts(ctx, "SELECT body FROM verdicts WHERE chance IS NOT NULL ORDER BY policy, target, region, period, at LIMIT 1 BY policy, target, region, period")
}

// Turns gives the changes of status of a policy's stored verdicts as of days up
// to asOf, oldest first, by scope. Runs are taken in the order they were made.
func (s *Store) Turns(ctx context.Context, policy string, asOf schema.Date) (map[schema.Scope][]schema.Turn, error) {
	const sql = `SELECT toString(target), toString(region), as_of, at, toString(was), toString(status), toString(cause), ifNull(toString(value), ''), period FROM
(
    SELECT target, region, as_of, at, run, status, cause, value, period,
        lagInFrame(toString(status)) OVER (PARTITION BY target, region ORDER BY at, run ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS was
    FROM verdicts WHERE policy = ? AND as_of <= ?
)
WHERE status != was ORDER BY target, region, at, run`
	found, err := all(ctx, s.read, "reading the turns of "+policy, sql, []any{policy, asOf.Time()}, func(t *schema.Turn) []any {
		t.Scope.Policy = policy
		return []any{&t.Scope.Target, &t.Scope.Region, day(&t.Day), &t.At, text(&t.From), text(&t.To), &t.Cause, decimal(&t.Value), period(&t.Period)}
	})
	out := map[schema.Scope][]schema.Turn{}
	for _, t := range found {
		out[t.Scope] = append(out[t.Scope], t)
	}
	return out, err
}

func (s *Store) verdicts(ctx context.Context, sql string, args ...any) ([]schema.Verdict, error) {
	return all(ctx, s.read, "reading verdicts", sql, args, func(v *schema.Verdict) []any { return []any{fromJSON(v)} })
}

// LastRun is the newest run; ok is false when there is none.
func (s *Store) LastRun(ctx context.Context) (run schema.VerdictRun, ok bool, err error) {
	const sql = "SELECT run, at, as_of, cause, judged, changed, height FROM verdict_runs ORDER BY at DESC LIMIT 1"
	return first(all(ctx, s.read, "reading the last run", sql, nil, func(r *schema.VerdictRun) []any {
		return []any{&r.ID, &r.At, day(&r.AsOf), &r.Cause, count[uint32](&r.Judged), count[uint32](&r.Changed), &r.Height}
	}))
}

// SaveTold keeps what there is to say of every verdict, in place of what was kept
// before; nothing is written when it is the same. The time becomes its version.
func (s *Store) SaveTold(ctx context.Context, at time.Time, all []schema.Shown) error {
	if len(all) == 0 {
		return nil
	}
	text, err := json.Marshal(all)
	if err != nil {
		return fmt.Errorf("writing what is told as JSON: %w", err)
	}
	sum := sha256.Sum256(text)
	digest := hex.EncodeToString(sum[:])
	end, err := s.lock("saving what is told")
	if err != nil {
		return err
	}
	defer end()
	var held string
	var version uint64
	err = each(ctx, s.write, "reading what is told", "SELECT digest, version FROM told ORDER BY version DESC LIMIT 1", nil, func(rows driver.Rows) error {
		return rows.Scan(&held, &version)
	})
	if err != nil || held == digest {
		return err
	}
	version = max(version+1, uint64(at.UnixMilli()))
	var curves [][]any
	for _, t := range all {
		for _, c := range t.Curve {
			curves = append(curves, []any{t.Policy, t.Scope.Target, t.Region, t.Lang, c.Day, c.Unit, c.Observed, c.Goal, c.Path, c.Low, c.Mid, c.Top, version})
		}
	}
	// Curves first: the newest version of the words names what is whole.
	if err := s.insert(ctx, "saving the curves told", "told_curves", slices.Values(curves)); err != nil {
		return err
	}
	return s.insert(ctx, "saving what is told", "told", rowsOf(all, func(t schema.Shown) []any {
		return []any{t.Policy, t.Scope.Target, t.Region, t.Lang, t.AsOf, t.Place, t.Bound, t.Title, t.Status, t.Value, t.Target, t.Gap,
			t.Progress, t.Schedule, t.Lag, t.Chance, t.Outlook, t.Deadline, t.Period, t.Owner, t.Marks,
			t.AgeDays, t.StaleDays, t.Lines, t.Story, digest, version}
	}))
}

// Kept is a verdict as it was kept: the comparator's own of that time.
type Kept struct {
	schema.Verdict
	At    time.Time     // when the run was
	Run   string        // the run
	Was   schema.Status // of the one kept before; "" when it is the scope's first
	Cause string        // why it changed; "" when it did not
}

// Untold names the verdicts kept that were not yet told by this wording, run by
// run, the oldest first: only where each stands is given.
func (s *Store) Untold(ctx context.Context, wording string) ([]Kept, error) {
	const sql = `SELECT policy, target, region, at, run FROM verdicts
		WHERE run GLOBAL NOT IN (SELECT run FROM told_history FINAL WHERE wording = ?)
		ORDER BY at, run, policy, target, region`
	return all(ctx, s.write, "listing verdicts to tell", sql, []any{wording}, func(k *Kept) []any {
		return []any{&k.Policy, &k.Target, &k.Region, &k.At, &k.Run}
	})
}

// SaveHistory keeps what there is to say of the verdicts that Untold named by this
// wording: what is said of one of them in some language, for each of them and
// language. The time becomes its version, or what follows the last one.
func (s *Store) SaveHistory(ctx context.Context, at time.Time, wording string, untold []Kept, say func(Kept, schema.Language) schema.Shown) error {
	for len(untold) > 0 {
		n := min(len(untold), 500)
		for n < len(untold) && untold[n].Run == untold[n-1].Run { // a run is told whole, or not yet
			n++
		}
		kept, err := s.keptBodies(ctx, untold[:n], conditions{})
		if err != nil {
			return err
		}
		var rows [][]any
		for _, k := range kept {
			for _, l := range schema.Languages() {
				t := say(k, l)
				rows = append(rows, []any{k.Policy, k.Verdict.Target, k.Region, l.Code, k.At, k.Run, k.AsOf,
					t.Status, t.Value, t.Gap, t.Chance, k.Cause, t.Marks, wording})
			}
		}
		if err := s.saveHistory(ctx, at, rows); err != nil {
			return err
		}
		untold = untold[n:]
	}
	return nil
}

// saveHistory inserts rows of what is told, all but their version.
func (s *Store) saveHistory(ctx context.Context, at time.Time, rows [][]any) error {
	const what = "saving what is told of kept verdicts"
	end, err := s.lock(what)
	if err != nil {
		return err
	}
	defer end()
	last, err := number(ctx, s.write, what, "SELECT max(version) FROM told_history")
	if err != nil {
		return err
	}
	version := max(last+1, uint64(at.UnixMilli()))
	return s.insert(ctx, what, "told_history", rowsOf(rows, func(row []any) []any { return append(row, version) }))
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
	c.add(true, "as_of >= ? AND as_of <= ?", q.From.Time(), q.To.Time())
	c.add(len(q.Statuses) > 0, "status IN (?)", q.Statuses)
	if a := q.After; a != nil {
		c.add(true, "(as_of, toUnixTimestamp64Milli(at), policy, target, region, run) > (?, ?, ?, ?, ?, ?)",
			a.AsOf.Time(), a.At, a.Policy, a.Target, a.Region, a.Run)
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
