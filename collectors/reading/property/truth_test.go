package property

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"yardstick/collectors/pipeline"
	"yardstick/schema"
)

// after is what became of a table once its author answered what it leaves open:
// what is taken then must be right, too. known is false where something is asked
// that only another table could answer.
func after(ctx context.Context, p *pipeline.Pipeline, s spec) (v verdict, known bool, err error) {
	name, body, b := s.make()
	given := map[string]string{}
	for range rounds {
		got, err := p.Preview(ctx, pipeline.Submission{Name: name, Body: bytes.NewReader(body), Answers: given})
		if err != nil {
			return v, false, fmt.Errorf("%s, answered %v: %w", s, given, err)
		}
		r := got.Receipt
		if r.Status == schema.Accepted {
			b.lacks = nil
			v.kind = straight
			if v.why, v.full = held(b, loose(got.Rows, given, b)); v.why != "" {
				v.kind, v.full = silent, fmt.Sprintf("answered %v\n%s", given, v.full)
			}
			return v, len(given) > 0, nil
		}
		if r.Status != schema.Asked {
			return v, false, nil
		}
		for _, q := range r.Questions {
			said, ok := s.author(q, b)
			if _, again := given[q.Key]; again || !ok {
				return v, false, nil
			}
			given[q.Key] = said
		}
	}
	return v, false, nil
}

// loose are the rows without the basis that an answer alone says, where the sheet
// says none.
func loose(rows []pipeline.PreviewRow, given map[string]string, b *book) []pipeline.PreviewRow {
	said := map[string]bool{}
	for key, answer := range given {
		if kind, _, _ := strings.Cut(key, "."); kind == "basis" {
			said[answer] = true
		}
	}
	out := slices.Clone(rows)
	for k, r := range out {
		if said[r.Basis] && !slices.ContainsFunc(b.facts, func(f fact) bool { return f.is(r) }) {
			out[k].Basis = ""
		}
	}
	return out
}

// basisOf is the basis of the figures that a question is about, one for all of
// them: running totals, where the sheet leaves it open.
func (b *book) basisOf(about string) (string, bool) {
	said := map[schema.Basis]bool{}
	for _, f := range b.facts {
		if f.period.Frequency() != schema.Annual && f.about(about) {
			said[f.basis] = true
		}
	}
	if len(said) != 1 {
		return "", false
	}
	for basis := range said {
		if basis != "" {
			return string(basis), true
		}
	}
	return string(schema.YearToDate), true
}

// about reports whether a question names the figure's indicator; one that names
// none is about all.
func (f fact) about(names string) bool {
	if strings.TrimSpace(names) == "" {
		return true
	}
	i, known := register().Indicators.Find(f.names[0])
	return known && slices.Contains(strings.Fields(names), i.Code) || strings.Contains(names, f.names[0])
}

// author is what the table's author answers, where the question is about what the
// sheet leaves out.
func (s spec) author(q schema.Question, b *book) (string, bool) {
	kind, about, _ := strings.Cut(q.Key, ".")
	switch kind {
	case "region":
		return s.regions[0], len(s.regions) == 1
	case "basis":
		return b.basisOf(strings.Join(append(q.About, about), " "))
	case "frequency":
		return "month", s.shape == "serial-dates"
	case "year":
		return fmt.Sprint(s.times[0].period.First().Year), true
	case "period":
		if m := s.times[0]; m.basis != "" {
			return m.text, len(s.times) == 1
		}
		return s.times[0].period.String(), len(s.times) == 1
	case "unit":
		about = strings.Join(append(q.About, about), " ")
		for _, f := range b.facts {
			if f.about(about) {
				return f.units[0], f.units[0] != ""
			}
		}
	}
	return "", false
}
