package board

import (
	"context"
	"fmt"
	"net/http"

	"yardstick/comparator/telling"
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
	Changes    []change
	Closing    *closing // when every deadline has passed
	Cards      []card
	Rows       []show.Row
	Limit      *limitation // when not all targets are listed
	Measures   []measure
	Quant      int // measures with a number
	Without    int // measures without
	Statements []statement
	Targets    int
}

// limitation says that a list is not whole, and how it is had whole.
type limitation struct {
	Say, All string
	Href     string
}

// measure is one clause of the policy: with the targets it holds, or without a
// number.
type measure struct {
	N       int
	Clause  string
	Targets []measureTarget
}

type measureTarget struct {
	Href, Title string
	Status      figure.Badge
}

type statement struct{ Clause, Text string }

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
	view := overviewView{frame: f, Tallies: f.voice().Tallies(verdicts), Compare: c, Closing: f.closing(subjects), Targets: len(subjects)}
	view.Changes = f.changes(subjects, c)
	view.Changed = f.changeLine(view.Changes, c)
	cards := map[string]card{}
	for i, s := range subjects {
		if f.Manner.Worst == 0 || i < f.Manner.Worst {
			view.Rows = append(view.Rows, s.rowSince(f, c))
		}
		if s.Of.Headline {
			if s, err = b.withFan(ctx, f, s); err != nil {
				return "", nil, err
			}
			drawn := s.card(f)
			drawn.Change = c.delta(s)
			cards[s.Of.ID] = drawn
		}
	}
	for _, t := range p.Headline() {
		view.Cards = append(view.Cards, cards[t.ID])
	}
	view.Limit = f.limitation(len(view.Rows), len(subjects))
	view.measures(p, subjects)
	return "overview", view, nil
}

// subjects are the policy's targets with their verdicts and series, worst first,
// and the earlier day they are compared with.
func (b *board) subjects(ctx context.Context, f *frame, p schema.Policy) ([]subject, comparison, error) {
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
	f.SayOrigin(verdicts)
	out := make([]subject, 0, len(verdicts))
	for _, v := range verdicts {
		t := byID[v.Target]
		out = append(out, b.subjectOf(f, p, t, v, series[schema.SeriesKey{Indicator: t.Indicator, Region: t.Region}]))
	}
	return out, c, nil
}

// rowSince is the row with what changed since the day compared with.
func (s subject) rowSince(f *frame, c comparison) show.Row {
	r := s.row(f)
	r.Change = c.delta(s)
	return r
}

// limitation is nil when the list holds all.
func (f *frame) limitation(shown, all int) *limitation {
	if shown == all {
		return nil
	}
	return &limitation{
		Say: f.T("board-worst-only", "n", shown), All: f.T("board-worst-all", "n", all),
		Href: f.With(func(g *web.Frame) { g.Manner.Worst = 0 }),
	}
}

// measures accounts for every clause, so that nobody thinks one was forgotten.
func (v *overviewView) measures(p schema.Policy, subjects []subject) {
	held := map[int][]measureTarget{}
	for _, s := range subjects {
		held[s.Of.Clause] = append(held[s.Of.Clause], measureTarget{v.TargetLink(p.ID, s.Of.ID), v.Say(s.Of.Title), figure.BadgeOf(s.V, v.Lang)})
	}
	for _, m := range p.Measures {
		v.Measures = append(v.Measures, measure{m.Clause, v.Clause(m.Clause), held[m.Clause]})
		if m.Quantitative {
			v.Quant++
		} else {
			v.Without++
		}
		for _, s := range m.Statements {
			v.Statements = append(v.Statements, statement{v.Clause(m.Clause), v.Say(s)})
		}
	}
}
