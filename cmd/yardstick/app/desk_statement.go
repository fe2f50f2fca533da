package app

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"yardstick/cmd/yardstick/app/access"
	"yardstick/collectors/upload"
	"yardstick/schema"
)

// State writes a statement down for who may speak for its target.
func (w window) State(ctx context.Context, who upload.Token, s schema.Statement) (schema.Told, error) {
	told, err := w.house.say(ctx, identity(who), s)
	return told, may(err)
}

// Propose gives a statement as it would be written down.
func (w window) Propose(ctx context.Context, who upload.Token, s schema.Statement) (schema.Told, error) {
	told, _, err := w.house.propose(ctx, identity(who), s)
	return told, may(err)
}

// Statements are what was said by today.
func (w window) Statements(ctx context.Context, policy, target string) ([]schema.Statement, error) {
	return w.house.statements(ctx, policy, target, schema.Date{})
}

// Owned are the targets that who may speak for, worst first.
func (w window) Owned(ctx context.Context, who upload.Token) ([]upload.Owned, error) {
	h := w.house
	j, err := h.judged(ctx, h.today())
	if err != nil {
		return nil, fmt.Errorf("judging the targets: %w", err)
	}
	var out []upload.Owned
	for _, v := range j.verdicts {
		p, _ := h.register.Policy(v.Policy)
		t, ok := h.register.Target(v.Policy, v.Target)
		if !ok || t.Region != v.Region { // a part of its region
			continue
		}
		err := identity(who).Speak(access.Target{ID: t.ID, Office: t.Office})
		switch {
		case errors.Is(err, access.ErrDenied):
			continue
		case err != nil:
			return nil, err
		}
		ind, _ := h.register.Indicators.ByCode(t.Indicator)
		out = append(out, upload.Owned{Policy: p, Target: t, Indicator: ind, Verdict: v})
	}
	slices.SortStableFunc(out, func(a, b upload.Owned) int { return a.Verdict.CompareWorst(b.Verdict) })
	return out, nil
}

// Statements are what was said by that day, as the board reads it.
func (v view) Statements(ctx context.Context, policy, target string, asOf schema.Date) ([]schema.Statement, error) {
	return v.statements(ctx, policy, target, asOf)
}
