package board

import (
	"fmt"
	"net/http"

	"yardstick/dashboards/board/figure"
	"yardstick/schema"
)

// overviewView is the first page.
type overviewView struct {
	*frame
	Tallies    []tally
	Changed    string
	Changes    []change
	Before     schema.Date
	Cards      []card
	Rows       []row
	Measures   []measure
	Quant      int // measures with a number
	Without    int // measures without
	Statements []statement
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
	Status      badge
}

type statement struct{ Clause, Text string }

func (b *board) overview(f *frame, r *http.Request) (string, any, error) {
	ctx, p := r.Context(), f.Policy
	f.Heading, f.Active = f.T("board-title"), "overview"
	verdicts, err := b.verdicts(ctx, p, f.asked)
	if err != nil {
		return "", nil, fmt.Errorf("reading the verdicts: %w", err)
	}
	byID := make(map[string]schema.Target, len(p.Targets))
	keys := make([]SeriesKey, 0, len(p.Targets))
	for _, t := range p.Targets {
		byID[t.ID] = t
		keys = append(keys, SeriesKey{t.Indicator, t.Region})
	}
	series, err := b.Reader.Series(ctx, f.asked, keys)
	if err != nil {
		return "", nil, fmt.Errorf("reading the series: %w", err)
	}
	f.sayOrigin(verdicts)
	view := overviewView{frame: f, Tallies: f.tallies(verdicts), Before: figure.MonthBefore(f.AsOf)}
	if view.Before.Before(p.Issued) {
		view.Changed = f.T("board-not-issued", "day", view.Before)
	} else {
		before, err := b.verdicts(ctx, p, view.Before)
		if err != nil {
			return "", nil, fmt.Errorf("reading the verdicts of a month before: %w", err)
		}
		view.Changes = f.changes(verdicts, before, byID)
		view.Changed = f.changeLine(view.Changes, view.Before)
	}
	was := map[string]badge{}
	for _, c := range view.Changes {
		was[c.Target.ID] = c.Was
	}
	cards := map[string]card{}
	for _, v := range verdicts {
		t := byID[v.Target]
		s := b.subjectOf(f, p, t, v, series[SeriesKey{t.Indicator, t.Region}])
		row := s.row(f)
		if w, ok := was[t.ID]; ok {
			row.Was = &w
		}
		view.Rows = append(view.Rows, row)
		if t.Headline {
			if s, err = b.withFan(ctx, f, s); err != nil {
				return "", nil, err
			}
			cards[t.ID] = s.card(f)
		}
	}
	for _, t := range p.Headline() {
		view.Cards = append(view.Cards, cards[t.ID])
	}
	view.measures(p, verdicts, byID)
	return "overview", view, nil
}

// measures accounts for every clause, so that nobody thinks one was forgotten.
func (v *overviewView) measures(p schema.Policy, verdicts []schema.Verdict, byID map[string]schema.Target) {
	held := map[int][]measureTarget{}
	for _, vd := range verdicts {
		t := byID[vd.Target]
		held[t.Clause] = append(held[t.Clause], measureTarget{v.TargetLink(p.ID, t.ID), v.Say(t.Title), v.badgeOf(vd)})
	}
	for _, m := range p.Measures {
		v.Measures = append(v.Measures, measure{m.Clause, v.clause(m.Clause), held[m.Clause]})
		if m.Quantitative {
			v.Quant++
		} else {
			v.Without++
		}
		for _, s := range m.Statements {
			v.Statements = append(v.Statements, statement{v.clause(m.Clause), v.Say(s)})
		}
	}
}
