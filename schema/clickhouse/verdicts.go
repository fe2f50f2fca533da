package clickhouse

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/shopspring/decimal"

	"yardstick/schema"
)

// SaveRun writes a run of the comparator and those of its verdicts that are to
// be kept (the caller chooses). causes gives, by scope, why a verdict changed; ""
// for those that did not.
func (s *Store) SaveRun(ctx context.Context, run schema.VerdictRun, keep []schema.Verdict, causes map[schema.Scope]string) error {
	if s.write == nil {
		return fmt.Errorf("saving run %s: %w", run.ID, ErrReadOnly)
	}
	s.act.Lock()
	defer s.act.Unlock()
	if len(keep) > 0 {
		if err := s.insertVerdicts(ctx, run, keep, causes); err != nil {
			return fmt.Errorf("saving the verdicts of run %s: %w", run.ID, err)
		}
	}
	batch, err := s.write.PrepareBatch(ctx, "INSERT INTO verdict_runs")
	if err == nil {
		err = batch.Append(run.ID, run.At, date(run.AsOf), run.Cause, uint32(run.Judged), uint32(run.Changed), run.Height, run.Registers)
	}
	if err == nil {
		err = batch.Send()
	}
	if err != nil {
		return fmt.Errorf("saving run %s: %w", run.ID, err)
	}
	return nil
}

func (s *Store) insertVerdicts(ctx context.Context, run schema.VerdictRun, keep []schema.Verdict, causes map[schema.Scope]string) error {
	batch, err := s.write.PrepareBatch(ctx, "INSERT INTO verdicts")
	if err != nil {
		return fmt.Errorf("preparing the insert: %w", err)
	}
	for _, v := range keep {
		body, err := json.Marshal(v)
		if err != nil {
			return errors.Join(fmt.Errorf("writing %s as JSON: %w", v.Target, err), batch.Abort())
		}
		err = batch.Append(run.ID, run.At, date(v.AsOf), v.Policy, v.Target, v.Region, string(v.Status), v.Rule, causes[v.Scope()],
			columnDecimal(v.Value), columnDecimal(v.Gap), columnDecimal(&v.TargetValue), v.Unit, v.Period.String(), columnDate(v.Observed),
			v.Attainment, v.Progress, v.Schedule, v.Pace, v.Chance, quantile(v, .1), quantile(v, .5), quantile(v, .9), v.Marks.Provisional, v.Marks.Stale, v.Marks.Synthetic, string(body))
		if err != nil {
			return errors.Join(fmt.Errorf("verdict on %s: %w", v.Target, err), batch.Abort())
		}
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("sending %d verdicts: %w", len(keep), err)
	}
	return nil
}

// quantile of the verdict's forecast; nil when there is none.
func quantile(v schema.Verdict, p float64) *float64 {
	x, ok := v.Forecast.At(p)
	if !ok {
		return nil
	}
	return &x
}

// columnDecimal fits d into the column's ten digits after the point; the whole
// number stands in the verdict's body.
func columnDecimal(d *schema.Decimal) any {
	if d == nil {
		return (*decimal.Decimal)(nil)
	}
	c, err := decimal.NewFromString(d.Round(10).String())
	if err != nil {
		return (*decimal.Decimal)(nil) // not reached: the text is a Decimal's own
	}
	return c
}

func columnDate(d schema.Date) *time.Time {
	if d.IsZero() {
		return nil
	}
	t := date(d)
	return &t
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

// VerdictHistory gives the stored verdicts of one target, oldest first.
func (s *Store) VerdictHistory(ctx context.Context, policy, target string) ([]schema.Verdict, error) {
	return s.verdicts(ctx, "SELECT body FROM verdicts WHERE policy = ? AND target = ? ORDER BY at", policy, target)
}

// Turns gives the changes of status of a policy's stored verdicts as of days up
// to asOf, oldest first, by scope. Runs are taken in the order they were made.
func (s *Store) Turns(ctx context.Context, policy string, asOf schema.Date) (map[schema.Scope][]schema.Turn, error) {
	const sql = `SELECT toString(target), toString(region), as_of, at, toString(was), toString(status), toString(cause), toString(value), period FROM
(
    SELECT target, region, as_of, at, run, status, cause, value, period,
        lagInFrame(toString(status)) OVER (PARTITION BY target, region ORDER BY at, run ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS was
    FROM verdicts WHERE policy = ? AND as_of <= ?
)
WHERE status != was ORDER BY target, region, at, run`
	out := map[schema.Scope][]schema.Turn{}
	err := each(ctx, s.read, "reading the turns of "+policy, sql, []any{policy, date(asOf)}, func(rows driver.Rows) error {
		t := schema.Turn{Scope: schema.Scope{Policy: policy}}
		var day time.Time
		var from, to, period string
		var value *string
		if err := rows.Scan(&t.Scope.Target, &t.Scope.Region, &day, &t.At, &from, &to, &t.Cause, &value, &period); err != nil {
			return fmt.Errorf("reading a row: %w", err)
		}
		t.Day, t.From, t.To = schema.DateOf(day), schema.Status(from), schema.Status(to)
		if value != nil {
			d, err := schema.ParseDecimal(*value)
			if err != nil {
				return fmt.Errorf("reading the value of %s: %w", t.Scope.Target, err)
			}
			t.Value = &d
		}
		if period != "" {
			p, _, err := schema.ParsePeriod(period)
			if err != nil {
				return fmt.Errorf("reading the period of %s: %w", t.Scope.Target, err)
			}
			t.Period = p
		}
		out[t.Scope] = append(out[t.Scope], t)
		return nil
	})
	return out, err
}

func (s *Store) verdicts(ctx context.Context, sql string, args ...any) (out []schema.Verdict, err error) {
	err = each(ctx, s.read, "reading verdicts", sql, args, func(rows driver.Rows) error {
		var body string
		if err := rows.Scan(&body); err != nil {
			return fmt.Errorf("reading a row: %w", err)
		}
		var v schema.Verdict
		if err := json.Unmarshal([]byte(body), &v); err != nil {
			return fmt.Errorf("reading a stored verdict: %w", err)
		}
		out = append(out, v)
		return nil
	})
	return out, err
}

// LastRun is the newest run; ok is false when there is none.
func (s *Store) LastRun(ctx context.Context) (run schema.VerdictRun, ok bool, err error) {
	err = each(ctx, s.read, "reading the last run", "SELECT run, at, as_of, cause, judged, changed, height FROM verdict_runs ORDER BY at DESC LIMIT 1", nil,
		func(rows driver.Rows) error {
			var asOf time.Time
			var judged, changed uint32
			if err := rows.Scan(&run.ID, &run.At, &asOf, &run.Cause, &judged, &changed, &run.Height); err != nil {
				return fmt.Errorf("reading a row: %w", err)
			}
			run.AsOf, run.Judged, run.Changed, ok = schema.DateOf(asOf), int(judged), int(changed), true
			return nil
		})
	return run, ok, err
}
