package app

import (
	"context"
	"encoding/json"

	"yardstick/dashboards/api"
	"yardstick/schema"
	"yardstick/schema/clickhouse"
)

// archive is the store as the API lists what it keeps, page by page.
type archive struct{ *house }

// ReceiptsPage reads one receipt more than asked for, to see whether any follow.
func (a archive) ReceiptsPage(ctx context.Context, q api.ReceiptQuery) ([]schema.Receipt, uint64, error) {
	found, err := a.store.ReceiptsPage(ctx, clickhouse.ReceiptPage{Feed: q.Feed, States: q.States, From: q.From, Before: q.Before, After: q.After, Limit: q.Limit + 1})
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
func (a archive) KeptVerdicts(ctx context.Context, q api.KeptQuery) ([]api.KeptVerdict, string, error) {
	page := clickhouse.KeptPage{From: q.From, To: q.To, Policy: q.Policy, Target: q.Target, Region: q.Region, Statuses: q.Statuses, Limit: q.Limit + 1}
	if q.After != "" {
		if json.Unmarshal([]byte(q.After), &page.After) != nil || page.After == nil {
			return nil, "", api.ErrPlace
		}
	}
	found, err := a.store.KeptVerdicts(ctx, page)
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
	out := make([]api.KeptVerdict, len(found))
	for i, f := range found {
		out[i] = api.KeptVerdict{Verdict: f.Verdict, Cause: f.Cause, KeptAt: f.At}
		if f.Was != f.Status {
			out[i].Was = f.Was
		}
	}
	return out, next, nil
}
