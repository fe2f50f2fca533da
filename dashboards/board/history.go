package board

import (
	"context"
	"fmt"

	"yardstick/schema"
)

// History tells how verdicts came to be what they are. It is optional: without
// it pages say nothing of the past.
type History interface {
	// Turns are the changes of status of all verdicts of a policy that were told
	// as of days up to asOf (zero: today), oldest first; the first of each scope
	// has no status before it.
	Turns(ctx context.Context, asOf schema.Date, policy string) (map[schema.Scope][]schema.Turn, error)
}

// turns are the policy's; nil where the board has no history.
func (b *board) turns(ctx context.Context, asOf schema.Date, policy string) (map[schema.Scope][]schema.Turn, error) {
	if b.History == nil {
		return nil, nil
	}
	all, err := b.History.Turns(ctx, asOf, policy)
	if err != nil {
		return nil, fmt.Errorf("reading the history of verdicts: %w", err)
	}
	return all, nil
}

// since is the first day as of which the verdict's status was told without a
// break. first reports that nothing was told before. ok is false when the
// history does not reach this status: it was judged anew from what is known now.
func since(turns []schema.Turn, v schema.Verdict) (day schema.Date, first, ok bool) {
	if len(turns) == 0 {
		return schema.Date{}, false, false
	}
	last := turns[len(turns)-1]
	if last.To != v.Status {
		return schema.Date{}, false, false
	}
	return last.Day, last.From == "", true
}
