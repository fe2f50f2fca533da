package pipeline

import (
	"context"
	"fmt"
	"slices"

	"yardstick/collectors/validate"
	"yardstick/schema"
	"yardstick/schema/words"
)

// lastUnits puts the unit an indicator was last reported in into the questions
// that ask for its unit: first among the candidates, and in the sentence. It
// stays a question.
func (p *Pipeline) lastUnits(ctx context.Context, questions []schema.Question) error {
	var codes, places []string
	for _, q := range questions {
		if q.Code == validate.AskUnit && len(q.About) == 1 {
			codes = append(codes, q.About[0])
		}
	}
	if len(codes) == 0 {
		return nil
	}
	for _, r := range p.o.Register.Regions.All() {
		places = append(places, r.Code)
	}
	held, err := p.o.Store.Held(ctx, codes, places)
	if err != nil {
		return fmt.Errorf("looking for the units reported before: %w", err)
	}
	last := map[string]*schema.Observation{}
	for i := range held {
		if o := &held[i]; o.UnitWritten != "" && (last[o.Indicator] == nil || o.Seq >= last[o.Indicator].Seq) {
			last[o.Indicator] = o
		}
	}
	for i := range questions {
		q := &questions[i]
		if q.Code != validate.AskUnit || len(q.About) != 1 || last[q.About[0]] == nil {
			continue
		}
		o := last[q.About[0]]
		ind, ok := p.o.Register.Indicators.ByCode(o.Indicator)
		if !ok {
			continue
		}
		q.Candidates = append([]string{o.UnitWritten}, slices.DeleteFunc(slices.Clone(q.Candidates), func(u string) bool { return u == o.UnitWritten })...)
		q.Text = words.Say("asked-unit-as-before", "indicator", ind.Name, "unit", o.UnitWritten, "period", o.Period, "place", q.Cell,
			"candidates", schema.ListedWords(q.Candidates))
	}
	return nil
}
