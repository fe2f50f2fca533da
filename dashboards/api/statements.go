package api

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"yardstick/dashboards/web"
	"yardstick/schema"
)

// Statements is where what owners say of their targets is read.
type Statements interface {
	// Statements are what was said by the end of that day (zero: the house's
	// today) of a policy's targets, or of one of them, or of all, oldest first.
	Statements(ctx context.Context, policy, target string, asOf schema.Date) ([]schema.Statement, error)
}

// ToldStatement is a statement as the API gives it.
type ToldStatement struct {
	schema.Statement
	Holds bool `json:"holds"` // it is in force on the day asked for
}

// statementListing are all statements said by a day, oldest first.
func (b *room) statementListing() listing[ToldStatement] {
	return listing[ToldStatement]{
		name:    "statements",
		columns: always("policy", "target", "day", "said_cause", "measures", "promised", "by", "office", "withdrawn", "holds", "synthetic"),
		rows: func(s ToldStatement, c cells) [][]string {
			return [][]string{{c.policy(s.Policy), c.target(s.Policy, s.Target), s.Day.String(), s.Cause, s.Measures, s.Promised.String(), s.By, s.Office,
				s.Withdrawn, c.yes(s.Holds), c.yes(s.Synthetic)}}
		},
		read: func(r *http.Request, m manner) ([]ToldStatement, any, error) {
			all, err := b.readStatements(r)
			if err != nil {
				return nil, nil, err
			}
			return paged(all, m, func(s ToldStatement) string { return strconv.FormatUint(s.Seq, 10) })
		},
	}
}

func (b *room) readStatements(r *http.Request) ([]ToldStatement, error) {
	day, err := b.site.AsOf(r.URL.Query().Get("as_of"))
	if err != nil {
		return nil, err
	}
	p, _, err := b.policyOf(r)
	if err != nil {
		return nil, err
	}
	target := r.URL.Query().Get("target")
	known := target == ""
	for _, of := range b.Register.Policies {
		if _, ok := b.Register.Target(of.ID, target); ok && (p.ID == "" || p.ID == of.ID) {
			known = true
		}
	}
	if !known {
		return nil, web.Refuse(http.StatusNotFound, "board-no-target", "target", target)
	}
	all, err := b.Statements.Statements(r.Context(), p.ID, target, day)
	if err != nil {
		return nil, fmt.Errorf("reading the statements: %w", err)
	}
	holding, out := schema.Holding(all), make([]ToldStatement, 0, len(all))
	for _, s := range all {
		out = append(out, ToldStatement{s, holding[s.Subject()].Seq == s.Seq})
	}
	return out, nil
}
