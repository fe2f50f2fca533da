package api

import (
	"fmt"
	"net/http"

	"yardstick/comparator"
	"yardstick/comparator/telling"
	"yardstick/dashboards/download"
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
	p, one, err := b.policyOf(r)
	if err != nil {
		return nil, nil, err
	}
	all, err := b.Reader.Verdicts(r.Context(), day)
	if err != nil {
		return nil, nil, fmt.Errorf("reading the verdicts: %w", err)
	}
	var wanted []schema.Verdict
	for _, v := range all {
		if t, ok := b.Register.Target(v.Policy, v.Target); ok && t.Region == v.Region && (!one || v.Policy == p.ID) {
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

// districts are the parts of a target's region: one value in JSON, a row a
// part in CSV.
func (b *room) districts(w http.ResponseWriter, r *http.Request) error {
	m, err := b.mannerOf(r)
	if err != nil {
		return err
	}
	c, err := b.caseOf(r)
	if err != nil {
		return err
	}
	p, err := b.Reader.Parts(r.Context(), c)
	if err != nil {
		return fmt.Errorf("reading the parts of %s: %w", c.Region.Code, err)
	}
	if m.format == download.JSON {
		body, err := asJSON(p)
		if err != nil {
			return err
		}
		web.Write(w, r, http.StatusOK, m.format.MediaType(), body)
		return nil
	}
	names := []string{"as_of", "target", "region", "name", "value", "unit", "period", "added", "allocation", "source", "status", "missing"}
	return writeCSV(b, w, r, m, "districts", names, func(give func(...string) error) error {
		say := cells{m.people, m.lang, b}
		for _, part := range p.Parts {
			status := ""
			if part.Verdict != nil {
				status = say.word(string(part.Verdict.Status), part.Verdict.Status.Label())
			}
			err := give(p.AsOf.String(), say.target(p.Policy, p.Target), part.Region.Code, part.Region.Name.In(m.lang), digits(part.Value), p.Unit,
				part.Period.String(), say.yes(part.Added), digits(part.Asked), part.Source.In(m.lang), status, part.WhyNot.In(m.lang))
			if err != nil {
				return err
			}
		}
		return nil
	})
}
