package app

import (
	"context"

	"yardstick/dashboards/download"
	"yardstick/schema"
)

// figures is the house as readers take observations from it: what export gives.
type figures struct{ *house }

// Stand is the number of the last act that readers see.
func (f figures) Stand(ctx context.Context) (uint64, error) { return f.store.Stand(ctx) }

// Observations gives the selected figures in order, as they counted after the
// act stand.
func (f figures) Observations(ctx context.Context, s download.Selection, stand uint64, after *download.Place, give func(schema.Observation) error) error {
	return f.extract(ctx, extract{Selection: s, stand: stand, after: after}, give)
}
