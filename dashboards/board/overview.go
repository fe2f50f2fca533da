package board

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"

	"yardstick/comparator/telling"
	"yardstick/dashboards/draw"
	"yardstick/dashboards/show"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/figure"
)

// overviewView is the first page.
type overviewView struct {
	*frame
	Tallies    []telling.Tally
	Compare    comparison
	Changed    string
	Changes    []show.Row // of another status than on the day compared with
	Closing    *closing   // when every deadline has passed
	Cards      []card
	Rows       []show.Row
	Measures   []measure
	Without    int // measures without a number
	Statements []web.Fact
	Targets    int
}

// measure is one clause of the policy: with the targets it holds, or without a
// number.
type measure struct {
	Clause  string
	Targets []show.Row
}

// Quant is how many measures have a number.
func (v overviewView) Quant() int { return len(v.Measures) - v.Without }

// Whole leads to the list of all targets.
func (v overviewView) Whole() string { return v.With(func(g *web.Frame) { g.Manner.Worst = 0 }) }

func (b *board) overview(f *frame, r *http.Request) (string, any, error) {
	ctx, p := r.Context(), f.Policy
	f.Heading, f.Active = f.T("board-title"), "overview"
	subjects, c, err := b.subjects(ctx, f, p)
	if err != nil {
		return "", nil, err
	}
	verdicts := make([]schema.Verdict, len(subjects))
	for i, s := range subjects {
		verdicts[i] = s.V
	}
	view := overviewView{frame: f, Tallies: show.Voice(f.Frame).Tallies(verdicts), Compare: c, Closing: f.closing(subjects), Targets: len(subjects)}
	cards, held := map[string]card{}, map[int][]show.Row{}
	for i, s := range subjects {
		row := f.rowSince(s, c)
		held[s.Of.Clause] = append(held[s.Of.Clause], row)
		if row.Change != nil && row.Change.Was != nil {
			view.Changes = append(view.Changes, row)
		}
		if f.Manner.Worst == 0 || i < f.Manner.Worst {
			view.Rows = append(view.Rows, row)
		}
		if s.Of.Headline {
			if s, err = b.withFan(ctx, f, s); err != nil {
				return "", nil, err
			}
			drawn := f.card(s)
			drawn.Change = c.delta(s)
			cards[s.Of.ID] = drawn
		}
	}
	for _, t := range p.Headline() {
		view.Cards = append(view.Cards, cards[t.ID])
	}
	view.Changed, view.Without = f.changeLine(view.Changes, c), len(p.WithoutNumber())
	for _, m := range p.Measures { // every clause, so that nobody thinks one was forgotten
		view.Measures = append(view.Measures, measure{f.Clause(m.Clause), held[m.Clause]})
		for _, s := range m.Statements {
			view.Statements = append(view.Statements, web.Fact{Name: f.Clause(m.Clause), Text: f.Say(s)})
		}
	}
	return "overview", view, nil
}

// subjects are the policy's targets with their verdicts and series, worst first,
// and the earlier day they are compared with.
func (b *board) subjects(ctx context.Context, f *frame, p schema.Policy) ([]telling.Subject, comparison, error) {
	none := comparison{}
	verdicts, err := b.verdicts(ctx, p, f.Asked)
	if err != nil {
		return nil, none, fmt.Errorf("reading the verdicts: %w", err)
	}
	byID := make(map[string]schema.Target, len(p.Targets))
	keys := make([]schema.SeriesKey, 0, len(p.Targets))
	for _, t := range p.Targets {
		byID[t.ID] = t
		keys = append(keys, schema.SeriesKey{Indicator: t.Indicator, Region: t.Region})
	}
	series, err := b.Reader.Series(ctx, f.Asked, keys)
	if err != nil {
		return nil, none, fmt.Errorf("reading the series: %w", err)
	}
	c, err := b.comparison(ctx, f, p)
	if err != nil {
		return nil, none, err
	}
	if err := b.waiting(ctx, f); err != nil {
		return nil, none, err
	}
	f.SayOrigin(verdicts)
	out := make([]telling.Subject, 0, len(verdicts))
	for _, v := range verdicts {
		t := byID[v.Target]
		out = append(out, b.subjectOf(f, p, t, v, series[schema.SeriesKey{Indicator: t.Indicator, Region: t.Region}]))
	}
	return out, c, nil
}

// rowSince is the row with what changed since the day compared with.
func (f *frame) rowSince(s telling.Subject, c comparison) show.Row {
	r := f.row(s)
	r.Change = c.delta(s)
	return r
}

// subjectOf puts together what stands in register, catalogue and verdict.
func (b *board) subjectOf(f *frame, p schema.Policy, t schema.Target, v schema.Verdict, obs []schema.Observation) telling.Subject {
	return show.Subject(b.Register, f.Frame, p, t, v, obs)
}

// card is a headline target, large.
type card struct {
	show.Row
	Line  string   // target and gap in a sentence
	Bits  []string // period and marks
	Chart *draw.Chart
	Say   string
}

func (f *frame) card(s telling.Subject) card {
	c := card{Row: f.row(s)}
	c.Say = cmp.Or(c.Sentence, c.Reason)
	c.Bits = slices.Concat(c.FigureBits, c.StatusMarks)
	promised := figure.Join(s.Target(), s.Unit())
	switch {
	case c.Gap == "—":
		c.Line = f.T("board-card-line-met", "target", promised)
	case c.GapWord != "":
		c.Line = f.T("board-card-line-word", "target", promised, "word", c.GapWord, "gap", figure.Join(c.Gap, c.GapUnit))
	default:
		c.Line = f.T("board-card-line", "target", promised, "gap", figure.Join(c.Gap, c.GapUnit))
	}
	if p, ok := s.Plot(); ok {
		drawn := draw.Trajectory(s.Voice, p, s.Scale, draw.Label(s), false)
		c.Chart = &drawn
		if len(p.Fan) > 0 {
			c.Say += draw.FanCaption(s)
		}
	}
	return c
}
