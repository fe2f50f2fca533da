package show

import (
	"context"

	"yardstick/schema"
)

// Statements is where what owners say of their targets is read.
type Statements interface {
	// Statements are what was said by the end of that day (zero: the house's
	// today) of a policy's targets, or of one of them, or of all, oldest first.
	Statements(ctx context.Context, policy, target string, asOf schema.Date) ([]schema.Statement, error)
}
