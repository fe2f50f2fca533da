package clickhouse

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"yardstick/schema"
	"yardstick/schema/ledger"
	"yardstick/schema/vintage"
)

const entryRule = "rule"

// Moved is a figure that stood under the rule before and stands no longer, with
// the one of the same fact that stands.
type Moved struct {
	Was schema.Observation `json:"was"`
	Is  schema.Observation `json:"is"`
}

// twice admits the facts of which more than one figure is projected: the store was
// written under a rule by which every key was a fact of its own.
const twice = "(" + factColumns + ") IN (SELECT " + factColumns + " FROM observations_current FINAL GROUP BY " + factColumns + " HAVING count() > 1)"

// applyRule has one figure of every fact stand in a store that was written under
// another rule. One ledger entry names the rule and every figure that stands no
// longer; it is the commit point. Where nothing changes nothing is written. It
// gives the number of those figures. The lock is held.
func (s *Store) applyRule(ctx context.Context) (int, error) {
	older, err := number(ctx, s.write, "looking for figures of another rule", "SELECT count() FROM observations_current WHERE rule != ?", vintage.Rule)
	if err != nil || older == 0 {
		return 0, err
	}
	held, err := s.scan(ctx, "SELECT "+readColumns()+" FROM observations_current FINAL WHERE "+twice+" ORDER BY "+keyColumns, nil)
	if err != nil || len(held) == 0 {
		return 0, err
	}
	stands := map[schema.Key]schema.Observation{}
	for _, o := range vintage.Standing(held) {
		stands[vintage.Fact(o.Key)] = o
	}
	var moved []Moved
	for _, o := range held {
		if is := stands[vintage.Fact(o.Key)]; is.Key != o.Key {
			moved = append(moved, Moved{o, is})
		}
	}
	digest, err := s.keep.put(func(w io.Writer) error { return json.NewEncoder(w).Encode(moved) })
	if err != nil {
		return 0, err
	}
	body, err := json.Marshal(map[string]string{"figures": digest, "count": strconv.Itoa(len(moved))})
	if err != nil {
		return 0, fmt.Errorf("writing the rule's entry as JSON: %w", err)
	}
	_, err = s.commit(ctx, "the rule by which figures stand", entryRule,
		map[string]string{"kind": entryRule, "subject": vintage.Rule, "body": string(body)}, s.finishRule)
	return len(moved), err
}

// finishRule does what follows the entry of a rule: a tombstone for every figure
// that stands no longer. What stands is not written again. It may be done again.
func (s *Store) finishRule(ctx context.Context, e ledger.Entry) error {
	sql := "INSERT INTO observations_current (" + keyColumns + ", period_end, seq, version, is_deleted, rule)" +
		" SELECT " + keyColumns + ", period_end, toUInt64(?), toUInt64(?), toUInt8(1), ? FROM observations_current FINAL WHERE " + twice +
		" AND (" + keyColumns + ") NOT IN (SELECT " + keyColumns + " FROM (" + standing(twice+" AND receipt IN (SELECT receipt FROM counted)") + "))"
	if err := s.exec(ctx, "taking out of force what stands no longer", sql, e.Seq, e.Seq, vintage.Rule); err != nil {
		return err
	}
	return s.insertAct(ctx, e)
}

// Ruled is the number of the ledger's last entry that put another rule in force;
// 0: the store was never written under another.
func (s *Store) Ruled() uint64 {
	s.known.mu.Lock()
	defer s.known.mu.Unlock()
	return s.known.ruled
}

// NamesMoved gives the digest of the figures that a ledger entry says stand no
// longer. KeptMoved gives them.
func NamesMoved(e ledger.Entry) (digest string, ok bool, err error) {
	if e.Kind != entryRule {
		return "", false, nil
	}
	var body map[string]string
	if err := json.Unmarshal([]byte(e.Fields["body"]), &body); err != nil {
		return "", false, fmt.Errorf("ledger entry %d: reading what the rule changed: %w", e.Seq, err)
	}
	return body["figures"], true, nil
}

// KeptMoved gives the figures with that digest from the folder of kept rows, after
// checking them against it.
func KeptMoved(rows, digest string) (moved []Moved, err error) {
	if err := (keeper{rows}).get(digest, func(d *json.Decoder) error { return d.Decode(&moved) }); err != nil {
		return nil, fmt.Errorf("reading the figures %.12s that stand no longer: %w", digest, err)
	}
	return moved, nil
}
