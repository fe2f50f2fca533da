package api

import (
	"context"
	"encoding/json"

	"yardstick/schema"
	"yardstick/schema/clickhouse"
)

// Kept is a store as the API lists what it keeps, page by page.
type Kept struct{ Store *clickhouse.Store }

// ReceiptsPage reads one receipt more than asked for, to see whether any follow.
func (a Kept) ReceiptsPage(ctx context.Context, q ReceiptQuery) ([]schema.Receipt, uint64, error) {
	found, err := a.Store.ReceiptsPage(ctx, clickhouse.ReceiptPage{Feed: q.Feed, States: q.States, From: q.From, Before: q.Before, After: q.After, Limit: q.Limit + 1})
	if err != nil {
		return nil, 0, err
	}
	next := uint64(0)
	if len(found) > q.Limit {
		found = found[:q.Limit]
		next = found[q.Limit-1].Act
	}
	out := make([]schema.Receipt, len(found))
	for i, f := range found {
		out[i] = f.Receipt
	}
	return out, next, nil
}

// KeptVerdicts reads one verdict more than asked for, to see whether any follow.
func (a Kept) KeptVerdicts(ctx context.Context, q KeptQuery) ([]KeptVerdict, string, error) {
	page := clickhouse.KeptPage{From: q.From, To: q.To, Policy: q.Policy, Target: q.Target, Region: q.Region, Statuses: q.Statuses, Limit: q.Limit + 1}
	if q.After != "" {
		if json.Unmarshal([]byte(q.After), &page.After) != nil || page.After == nil {
			return nil, "", ErrPlace
		}
	}
	found, err := a.Store.KeptVerdicts(ctx, page)
	if err != nil {
		return nil, "", err
	}
	next := ""
	if len(found) > q.Limit {
		found = found[:q.Limit]
		last := found[q.Limit-1]
		text, err := json.Marshal(clickhouse.KeptPlace{AsOf: last.AsOf, At: last.At.UnixMilli(), Policy: last.Policy, Target: last.Target, Region: last.Region, Run: last.Run})
		if err != nil {
			return nil, "", err
		}
		next = string(text)
	}
	out := make([]KeptVerdict, len(found))
	for i, f := range found {
		out[i] = KeptVerdict{Verdict: f.Verdict, Cause: f.Cause, KeptAt: f.At}
		if f.Was != f.Status {
			out[i].Was = f.Was
		}
	}
	return out, next, nil
}
