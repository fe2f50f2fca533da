package board

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"yardstick/dashboards/web"
	"yardstick/schema"
)

// statements are those in force on that day on the policy's targets, by target;
// none where nothing is read.
func (b *board) statements(ctx context.Context, p schema.Policy, asOf schema.Date) (map[string]schema.Statement, error) {
	out := map[string]schema.Statement{}
	if b.Statements == nil {
		return out, nil
	}
	all, err := b.Statements.Statements(ctx, p.ID, "", asOf)
	if err != nil {
		return nil, fmt.Errorf("reading the statements: %w", err)
	}
	for _, s := range schema.Holding(all) {
		out[s.Target] = s
	}
	return out, nil
}

// said is a statement as a page shows it; where nothing was said of a target
// that is behind, that is told.
type said struct {
	web.Said
	There, Behind bool   // there is one in force; the target is behind
	Enter         string // where the owner says something; "" nowhere
	Before        []said // what was said before, newest first
}

// saidOf is what a page shows of the statement on a target that stands so; s is
// the zero value where nothing is in force. nil shows nothing: the target is
// not behind and nothing was said.
func (b *board) saidOf(f *frame, t schema.Target, v schema.Verdict, s schema.Statement) *said {
	if b.Statements == nil || s.Seq == 0 && !v.Behind() {
		return nil
	}
	out := &said{Said: web.Said{Frame: f.Frame}, Behind: v.Behind()}
	if b.site.Upload != "" && !f.Back() { // of a past day nothing can be said any more
		out.Enter = f.LinkAs(b.site.Upload+"/statements/"+url.PathEscape(v.Policy)+"/"+url.PathEscape(v.Target), f.Lang, schema.Date{}, "")
	}
	if s.Seq == 0 {
		return out
	}
	out.There, out.Said = true, f.Said(s, t, v, f.AsOf)
	return out
}

// saidOn is saidOf for the target's own page, with what was said before.
func (b *board) saidOn(ctx context.Context, f *frame, t schema.Target, v schema.Verdict) (*said, error) {
	if b.Statements == nil {
		return nil, nil //nolint:nilnil // nothing is shown
	}
	all, err := b.Statements.Statements(ctx, v.Policy, v.Target, f.Asked)
	if err != nil {
		return nil, fmt.Errorf("reading the statements: %w", err)
	}
	now := schema.Holding(all)[schema.Statement{Policy: v.Policy, Target: v.Target}.Subject()]
	out := b.saidOf(f, t, v, now)
	if out == nil && len(all) > 0 { // taken back: that it was is still told
		out = &said{Said: web.Said{Frame: f.Frame}}
	}
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].Seq == now.Seq {
			continue
		}
		one := b.saidOf(f, t, v, all[i])
		one.Said = one.Said.Earlier(all[i].Promised)
		out.Before = append(out.Before, *one)
	}
	return out, nil
}

// First is the cause in one line.
func (s *said) First() string { return strings.Join(s.Cause, " ") }
