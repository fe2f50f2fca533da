package api

import (
	"fmt"
	"net/http"
	"slices"

	"yardstick/comparator"
	"yardstick/comparator/telling"
	"yardstick/dashboards/web"
	"yardstick/schema"
)

// methodListing are the opinions of published methods, of one target or of all.
func (b *room) methodListing() listing[comparator.Opinions] {
	return listing[comparator.Opinions]{
		name:    "methods",
		columns: always("as_of", "policy", "target", "region", "status", "method", "method_value", "score", "class", "how", "missing", "source"),
		rows: func(o comparator.Opinions, c cells) [][]string {
			var out [][]string
			for _, m := range o.Methods {
				out = append(out, []string{o.AsOf.String(), c.policy(o.Policy), c.target(o.Policy, o.Target), c.region(o.Region), c.word(string(o.Status), o.Status.Label()),
					c.word(m.Method, m.Name.Text), ratioCell(m.Value), ratioCell(m.Score), c.word(m.Class, m.Label.Text), m.How.In(c.lang), m.WhyNot.In(c.lang), m.Source})
			}
			return out
		},
		read: b.readMethods,
	}
}

func (b *room) readMethods(r *http.Request, m manner) ([]comparator.Opinions, any, error) {
	day, err := b.site.AsOf(r.URL.Query().Get("as_of"))
	if err != nil {
		return nil, nil, err
	}
	if r.URL.Query().Get("target") != "" {
		c, err := b.caseOf(r)
		if err != nil {
			return nil, nil, err
		}
		return []comparator.Opinions{telling.OpinionsOn(comparator.Judge(c), c)}, nil, nil
	}
	policies, err := b.policies(r)
	if err != nil {
		return nil, nil, err
	}
	all, err := b.Reader.Verdicts(r.Context(), day)
	if err != nil {
		return nil, nil, fmt.Errorf("reading the verdicts: %w", err)
	}
	var wanted []schema.Verdict
	for _, v := range all {
		asked := slices.ContainsFunc(policies, func(p schema.Policy) bool { return p.ID == v.Policy })
		if t, ok := b.Register.Target(v.Policy, v.Target); ok && asked && t.Region == v.Region {
			wanted = append(wanted, v)
		}
	}
	page, next, err := paged(wanted, m, func(v schema.Verdict) string { return v.Policy + " " + v.Target })
	if err != nil {
		return nil, nil, err
	}
	out := []comparator.Opinions{}
	for _, v := range page {
		c, ok, err := b.Reader.Case(r.Context(), day, v.Policy, v.Target)
		if err != nil {
			return nil, nil, fmt.Errorf("reading the case of %s: %w", v.Target, err)
		}
		if ok {
			out = append(out, telling.OpinionsOn(v, c))
		}
	}
	return out, next, nil
}

// districtListing are the parts of a target's region: one value in JSON, a row a
// part in CSV.
func (b *room) districtListing() listing[comparator.Parts] {
	return listing[comparator.Parts]{
		name: "districts", one: true,
		columns: always("as_of", "target", "region", "name", "value", "unit", "period", "added", "allocation", "source", "status", "missing"),
		rows: func(p comparator.Parts, c cells) (out [][]string) {
			for _, part := range p.Parts {
				status := ""
				if part.Verdict != nil {
					status = c.word(string(part.Verdict.Status), part.Verdict.Status.Label())
				}
				out = append(out, []string{p.AsOf.String(), c.target(p.Policy, p.Target), part.Region.Code, part.Region.Name.In(c.lang), digits(part.Value), p.Unit,
					part.Period.String(), c.yes(part.Added), digits(part.Asked), part.Source.In(c.lang), status, part.WhyNot.In(c.lang)})
			}
			return out
		},
		read: func(r *http.Request, _ manner) ([]comparator.Parts, any, error) {
			c, err := b.caseOf(r)
			if err != nil {
				return nil, nil, err
			}
			p, err := b.Reader.Parts(r.Context(), c)
			if err != nil {
				return nil, nil, fmt.Errorf("reading the parts of %s: %w", c.Region.Code, err)
			}
			return []comparator.Parts{p}, nil, nil
		},
	}
}

// caseOf is the case of the target that the address names.
func (b *room) caseOf(r *http.Request) (comparator.Case, error) {
	q := r.URL.Query()
	day, err := b.site.AsOf(q.Get("as_of"))
	if err != nil {
		return comparator.Case{}, err
	}
	policies, err := b.policies(r)
	if err != nil {
		return comparator.Case{}, err
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
