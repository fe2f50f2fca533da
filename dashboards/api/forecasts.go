package api

import (
	"fmt"
	"net/http"
	"yardstick/comparator"
	"yardstick/comparator/telling"
	"yardstick/dashboards/web"
	"yardstick/schema"
)

// caseOf is the case of the target that the address names.
func (b *room) caseOf(r *http.Request) (comparator.Case, error) {
	q := r.URL.Query()
	day, err := b.site.AsOf(q.Get("as_of"))
	if err != nil {
		return comparator.Case{}, err
	}
	p, one, err := b.policyOf(r)
	if err != nil {
		return comparator.Case{}, err
	}
	policies := b.Register.Policies
	if one {
		policies = []schema.Policy{p}
	}
	id := q.Get("target")
	for _, p := range policies {
		if _, ok := b.Register.Target(p.ID, id); !ok {
			continue
		}
		c, ok, err := b.Reader.Case(r.Context(), day, p.ID, id)
		if err != nil {
			return c, fmt.Errorf("reading the case of %s: %w", id, err)
		}
		if ok {
			return c, nil
		}
	}
	return comparator.Case{}, web.Refuse(http.StatusNotFound, "board-no-target", "target", id)
}

func (b *room) ways(r *http.Request) (any, error) {
	c, err := b.caseOf(r)
	if err != nil {
		return nil, err
	}
	written := r.URL.Query().Get("rate")
	if written == "" {
		return telling.Take(c, nil), nil
	}
	each, err := b.Register.Indicators.Amount(c.Indicator, written, c.Indicator.Unit)
	if err != nil {
		return nil, web.Refuse(http.StatusBadRequest, "board-rate-bad", "written", written, "unit", c.Indicator.Unit)
	}
	return telling.Take(c, &each), nil
}

func (b *room) scorecard(r *http.Request) (any, error) {
	s, err := b.Reader.Scorecard(r.Context())
	if err != nil {
		return nil, fmt.Errorf("reading the scorecard: %w", err)
	}
	return s, nil
}
