package clickhouse

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"yardstick/schema"
	"yardstick/schema/ledger"
	"yardstick/schema/vintage"
)

// onceCounted are the receipts whose figures are in force or were: those that
// were withdrawn later included, those that only waited or were refused not.
const onceCounted = "receipt IN (SELECT receipt FROM receipt_events WHERE state IN ('accepted', 'partial'))"

// Published gives every vintage of the key's fact that ever counted, whatever key
// it is written under, oldest published first, also of receipts withdrawn later.
func (s *Store) Published(ctx context.Context, k schema.Key) ([]schema.Observation, error) {
	return s.scan(ctx, "SELECT "+readColumns()+" FROM observations WHERE "+onceCounted+
		" AND indicator = ? AND region = ? AND fact = ? ORDER BY published_at, seq, "+keyColumns,
		[]any{k.Indicator, k.Region, vintage.FactText(k)})
}

// Brought gives the figures a receipt brought that ever counted, by key, at
// most limit of them, and how many there are.
func (s *Store) Brought(ctx context.Context, receipt string, limit int) (rows []schema.Observation, all uint64, err error) {
	where := " FROM observations WHERE receipt = ? AND " + onceCounted
	if all, err = number(ctx, s.read, "counting the figures of "+receipt, "SELECT count()"+where, receipt); err != nil {
		return nil, 0, err
	}
	rows, err = s.scan(ctx, "SELECT "+readColumns()+where+" ORDER BY "+keyColumns+", published_at, seq LIMIT ?", []any{receipt, limit})
	return rows, all, err
}

// FromCell gives the figures a receipt brought from one cell that ever counted.
func (s *Store) FromCell(ctx context.Context, receipt, cell string) ([]schema.Observation, error) {
	return s.scan(ctx, "SELECT "+readColumns()+" FROM observations WHERE receipt = ? AND cell = ? AND "+onceCounted+" ORDER BY "+keyColumns,
		[]any{receipt, cell})
}

// Uses tells, of each scope, which stored verdicts used a figure of the receipt,
// or only those read from one cell of it where cell is given. A verdict that is
// stored holds on every day judged before the next one is, or to the last one if
// its scope is judged still.
func (s *Store) Uses(ctx context.Context, receipt, cell string) ([]schema.Use, error) {
	if receipt == "" {
		return nil, nil
	}
	return s.marked(ctx, struct {
		Receipt string `json:"receipt"`
		Cell    string `json:"cell,omitempty"`
	}{receipt, cell})
}

// UsesOf is Uses of the figures of a key, whoever brought them: of one that a
// formula gave, nobody did.
func (s *Store) UsesOf(ctx context.Context, k schema.Key) ([]schema.Use, error) {
	return s.marked(ctx, k)
}

// marked finds the stored verdicts whose JSON holds the members of what an
// observation has in common with those sought, as it is written there.
func (s *Store) marked(ctx context.Context, common any) ([]schema.Use, error) {
	text, err := json.Marshal(common)
	if err != nil {
		return nil, fmt.Errorf("writing what is sought as JSON: %w", err)
	}
	const scopes = `SELECT policy, target, region, argMin(run, at) AS first, min(at) AS began, count() AS n,
			max(arrayMax(arrayPushBack(arrayFilter(d -> d > as_of AND ifNull(d < next, judged), (SELECT groupUniqArray(as_of) FROM verdict_runs)), as_of))) AS last
		FROM
		(
			SELECT policy, target, region, run, at, as_of, position(body, ?) > 0 AS used,
				(policy, target, region) GLOBAL IN (SELECT policy, target, region FROM told WHERE version = (SELECT max(version) FROM told) AND place > 0) AS judged,
				leadInFrame(toNullable(as_of)) OVER (PARTITION BY policy, target, region ORDER BY at, run ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS next
			FROM verdicts
		)
		WHERE used GROUP BY policy, target, region`
	sql := `SELECT v.body, u.began, v.cause, u.last, u.n
		FROM verdicts AS v INNER JOIN (` + scopes + `) AS u
		ON v.policy = u.policy AND v.target = u.target AND v.region = u.region AND v.run = u.first
		ORDER BY u.began, v.policy, v.target, v.region`
	out, err := all(ctx, s.read, "reading the verdicts that used a figure", sql, []any{strings.Trim(string(text), "{}")}, func(u *schema.Use) []any {
		return []any{fromJSON(&u.First), &u.At, &u.Cause, day(&u.Last), &u.Count}
	})
	for i := 0; err == nil && i < len(out); i++ {
		err = s.verdictBefore(ctx, &out[i])
	}
	return out, err
}

func (s *Store) verdictBefore(ctx context.Context, u *schema.Use) error {
	v := u.First
	before, err := s.verdicts(ctx, `SELECT body FROM verdicts WHERE policy = ? AND target = ? AND region = ?
		AND at < fromUnixTimestamp64Milli(?, 'UTC') ORDER BY at DESC LIMIT 1`, v.Policy, v.Target, v.Region, u.At.UnixMilli())
	if err == nil && len(before) > 0 {
		u.Before = &before[0]
	}
	return err
}

var errFound = errors.New("found")

// Entry is one entry of the ledger; false when there is none of that number, or
// another process has the ledger. It reads the ledger up to the entry.
func (s *Store) Entry(seq uint64) (e ledger.Entry, ok bool, err error) {
	if s.ledger == nil || seq == 0 {
		return e, false, nil
	}
	err = s.ledger.Each(seq-1, func(found ledger.Entry) error {
		e, ok = found, true
		return errFound
	})
	if err != nil && !errors.Is(err, errFound) {
		return e, false, fmt.Errorf("reading entry %d of the ledger: %w", seq, err)
	}
	return e, ok, nil
}
