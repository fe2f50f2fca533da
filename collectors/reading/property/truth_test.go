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
	if given["basis"] == "" {
		return rows
	}
	out := slices.Clone(rows)
	for k, r := range out {
		if r.Basis == given["basis"] && !slices.ContainsFunc(b.facts, func(f fact) bool { return f.is(r) }) {
			out[k].Basis = ""
		}
	}
	return out
}

// author is what the table's author answers, where the question is about what the
// sheet leaves out.
func (s spec) author(q schema.Question, b *book) (string, bool) {
	kind, about, _ := strings.Cut(q.Key, ".")
	switch kind {
	case "region":
		return s.regions[0], len(s.regions) == 1
	case "basis":
		return string(schema.YearToDate), true
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
			i, known := register().Indicators.Find(f.names[0])
			if known && slices.Contains(strings.Fields(about), i.Code) || strings.Contains(about, f.names[0]) {
				return f.units[0], f.units[0] != ""
			}
		}
	}
	return "", false
}
