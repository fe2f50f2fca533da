package board

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"yardstick/comparator"
	"yardstick/comparator/telling"
	"yardstick/dashboards/draw"
	"yardstick/dashboards/show"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/figure"
	"yardstick/schema/vintage"
)

// targetView is a target's own page.
type targetView struct {
	*frame
	Row       show.Row
	Head      []string // clause, deadline, owner
	Line      []string // target, period, marks
	Chart     *draw.Chart
	NoChart   string // why there is none
	Plot      telling.Drawing
	Fan       string // what the fan is, or why there is none
	Inputs    []web.FigureRow
	Vintages  []web.VintageRow
	Trimmed   int // vintages there are more than shown
	Past      pastView
	Facts     []web.Fact
	Indicator schema.Indicator
	subject   telling.Subject
	Live      draw.Live
	Ways      waysView
	Written   string // the unit a pace is asked for in, as the API takes it
	Parts     []show.Part
	PartsSum  string
	Contact   web.Contact
	Said      *said
	Districts string // where all parts are
	Compare   comparison
}

// maxVintages bounds the table; the rest is had with `yardstick export`.
const maxVintages = 400

func (b *board) target(f *frame, r *http.Request) (string, any, error) {
	ctx := r.Context()
	p, ok := b.Register.Policy(r.PathValue("policy"))
	if !ok {
		return "", nil, web.Refuse(http.StatusNotFound, "board-no-policy", "policy", r.PathValue("policy"))
	}
	t, ok := b.Register.Target(p.ID, r.PathValue("target"))
	if !ok {
		return "", nil, web.Refuse(http.StatusNotFound, "board-no-target", "target", r.PathValue("target"))
	}
	f.Policy, f.Heading = p, f.Say(t.Title)
	if p.ID != b.Register.Policies[0].ID {
		f.AskedPolicy = p.ID // the overview led back to is this policy's
	}
	s, err := b.targetSubject(ctx, f, p, t)
	if err != nil {
		return "", nil, err
	}
	vintages, err := b.Reader.Vintages(ctx, schema.SeriesKey{Indicator: t.Indicator, Region: t.Region}, f.Asked)
	if err != nil {
		return "", nil, fmt.Errorf("reading the vintages: %w", err)
	}
	view := targetView{
		frame: f, subject: s, Row: f.row(s), Contact: f.Contact(t),
		Facts: b.facts(f, s), Indicator: s.Ind, Fan: draw.FanSentence(s), Written: s.Scale.Written(),
		NoChart: f.T("board-chart-none"), Districts: web.WithQuery(f.Link("/districts"), "target", t.ID),
	}
	for _, fill := range []func() error{
		func() error { return b.standing(ctx, &view) },
		func() error { return b.pastOf(ctx, &view, vintages) },
		func() error { return b.aheadOf(r, &view) },
	} {
		if err := fill(); err != nil {
			return "", nil, err
		}
	}
	view.drawn(vintages)
	if view.Ways.Form {
		f.Runs("ways.js")
	}
	return "target", view, nil
}

// targetSubject is the target with its verdict, series and forecast. The page's
// banner is told by all verdicts of the policy.
func (b *board) targetSubject(ctx context.Context, f *frame, p schema.Policy, t schema.Target) (telling.Subject, error) {
	verdicts, err := b.verdicts(ctx, p, f.Asked)
	if err != nil {
		return telling.Subject{}, fmt.Errorf("reading the verdicts: %w", err)
	}
	if err := b.waiting(ctx, f); err != nil {
		return telling.Subject{}, err
	}
	f.SayOrigin(verdicts)
	at := slices.IndexFunc(verdicts, func(v schema.Verdict) bool { return v.Target == t.ID })
	key := schema.SeriesKey{Indicator: t.Indicator, Region: t.Region}
	series, err := b.Reader.Series(ctx, f.Asked, []schema.SeriesKey{key})
	if err != nil {
		return telling.Subject{}, fmt.Errorf("reading the series: %w", err)
	}
	return b.withFan(ctx, f, b.subjectOf(f, p, t, verdicts[at], series[key]))
}

// standing fills in how the target stands: its head, what changed since the day
// compared with, what its owner says, and what it was judged on.
func (b *board) standing(ctx context.Context, view *targetView) (err error) {
	f, s := view.frame, view.subject
	v, t := s.V, s.Of
	if view.Said, err = b.saidOn(ctx, f, t, v); err != nil {
		return err
	}
	if view.Compare, err = b.comparison(ctx, f, s.P); err != nil {
		return err
	}
	view.Row.Change = view.Compare.delta(s)
	view.Head = []string{view.Row.Clause, view.Row.Deadline, f.T("board-owner-is", "owner", view.Row.Owner)}
	if !v.Deadline.IsZero() {
		view.Head[1] = f.T("board-deadline-is", "deadline", v.Deadline)
	}
	view.Line = append([]string{f.T("board-target-is", "target", figure.Join(view.Row.Target, view.Row.Unit))}, view.Row.FigureBits...)
	if v.Value != nil && !v.Marks.Provisional && t.Kind != schema.Cadence { // a cadence has reports, no figures
		view.Line = append(view.Line, f.T("board-not-provisional"))
	}
	if view.Row.Age != "" {
		view.Line = append(view.Line, view.Row.Age)
	}
	for _, in := range v.Inputs {
		row := f.Figure(in.Observation)
		row.Role = f.Role(in.Role)
		view.Inputs = append(view.Inputs, row)
	}
	return nil
}

// pastOf fills in what was published and how the verdict changed.
func (b *board) pastOf(ctx context.Context, view *targetView, vintages []schema.Observation) error {
	receipts, err := b.reasons(ctx, vintages)
	if err != nil {
		return err
	}
	view.Vintages, view.Trimmed = view.vintages(vintages, receipts)
	turns, err := b.turns(ctx, view.Asked, view.subject.P.ID)
	if err != nil {
		return err
	}
	view.Past = view.past(view.subject, turns[view.subject.V.Scope()], vintages)
	return nil
}

// aheadOf fills in what it would take, and the parts of the target's region.
func (b *board) aheadOf(r *http.Request, view *targetView) error {
	ctx, f, s := r.Context(), view.frame, view.subject
	c, ok, err := b.Reader.Case(ctx, f.Asked, s.P.ID, s.Of.ID)
	if err != nil {
		return fmt.Errorf("reading the case: %w", err)
	}
	if !ok {
		return nil
	}
	view.Ways = b.ways(f, r, s, c)
	parts, err := b.Reader.Parts(ctx, c)
	if err != nil {
		return fmt.Errorf("reading the parts: %w", err)
	}
	keys := make([]schema.SeriesKey, len(parts.Parts))
	for i, part := range parts.Parts {
		keys[i] = schema.SeriesKey{Indicator: s.Of.Indicator, Region: part.Region.Code}
	}
	known, err := b.Reader.Series(ctx, f.Asked, keys)
	if err != nil {
		return fmt.Errorf("reading the series of the parts: %w", err)
	}
	view.Parts, view.PartsSum = show.Parts(f.Frame, parts, s, known)
	return nil
}

// drawn fills in the trajectory, where there is one.
func (v *targetView) drawn(vintages []schema.Observation) {
	f, s := v.frame, v.subject
	if s.Of.Kind == schema.Cadence {
		v.NoChart = f.T("board-chart-cadence")
	}
	plot, ok := s.Plot()
	if !ok {
		return
	}
	if s.Of.Kind == schema.Milestone {
		plot.Done = [2]string{f.T("board-not-done"), f.T("board-done")}
	}
	drawn := draw.Trajectory(s.Voice, plot, s.Scale, draw.Label(s), true)
	v.Chart, v.Plot = &drawn, plot
	v.Live = draw.LiveOf(f.Frame, s, plot, vintages)
	f.Runs("echarts.js")
	f.Runs("trajectory.js")
}

// vintages are the latest periods first, and in each the latest vintage first,
// which is the one in force.
func (f *frame) vintages(obs []schema.Observation, receipts map[string]schema.Receipt) (rows []web.VintageRow, trimmed int) {
	obs = slices.Clone(obs)
	slices.SortStableFunc(obs, func(a, b schema.Observation) int {
		of, on := vintage.Fact(a.Key), vintage.Fact(b.Key)
		switch c := cmp.Or(on.Period.Compare(of.Period), cmp.Compare(of.Basis, on.Basis)); {
		case c != 0:
			return c
		case a.Later(b):
			return -1
		case b.Later(a):
			return 1
		}
		return 0
	})
	trimmed = max(0, len(obs)-maxVintages)
	first := 0
	for i, o := range obs[:len(obs)-trimmed] {
		row := web.VintageRow{FigureRow: f.Figure(o), Received: f.Time(o.ReceivedAt)}
		row.First = i == 0 || vintage.Fact(obs[i-1].Key) != vintage.Fact(o.Key)
		row.InForce = row.First
		if row.First {
			first = i
		} else {
			row.Marks = append(row.Marks, f.T("board-superseded"))
		}
		if i+1 < len(obs) && vintage.Fact(obs[i+1].Key) == vintage.Fact(o.Key) {
			before := f.Figure(obs[i+1])
			row.Replaced, row.Reason = figure.Join(before.Value, before.Unit), f.reason(receipts, obs[i+1], o)
		}
		rows = append(rows, row)
		rows[first].Rows++
	}
	return rows, trimmed
}

// facts are what the promise and its figure mean, and who answers for that.
func (b *board) facts(f *frame, s telling.Subject) []web.Fact {
	t, ind := s.Of, s.Ind
	var out []web.Fact
	add := func(id, text string) {
		if text != "" {
			out = append(out, web.Fact{Name: f.T(id), Text: text})
		}
	}
	add("board-f-policy", f.Say(s.P.Title.Explained(schema.Same(s.P.Number))))
	add("board-f-clause", f.Clause(t.Clause))
	add("board-f-written", t.Written)
	add("board-f-kind", f.T("board-kind-"+string(t.Kind)))
	if t.Nature != "" {
		add("board-f-nature", f.T("board-nature-"+string(t.Nature)))
	}
	if t.Tolerance != nil {
		add("board-f-tolerance", "±"+figure.Join(s.Scale.Number(*t.Tolerance), s.Scale.GapUnit))
	}
	add("board-f-counted", f.counted(t))
	if t.Baseline != nil {
		text := figure.Join(s.Scale.Number(*t.Baseline), s.Scale.Unit)
		if !t.BaselineDate.IsZero() {
			text += " · " + t.BaselineDate.String()
		}
		add("board-f-baseline", text)
	} else if t.Kind == schema.Level {
		add("board-f-baseline", f.T("board-no-baseline"))
	}
	add("board-f-deadline", s.Deadline())
	if region, ok := b.Register.Regions.ByCode(t.Region); ok {
		add("board-f-region", f.Say(region.Name))
	}
	add("board-f-indicator", strings.TrimPrefix(f.Say(ind.Name)+" · "+t.Indicator, " · "))
	add("board-f-definition", f.Say(ind.Definition))
	if r := t.Reading; r != nil {
		add("board-f-reading", f.Say(r.Text))
		if r.Confirmed() {
			add("board-f-confirmed", f.T("board-confirmed", "who", r.ConfirmedBy, "day", r.ConfirmedAt))
		} else {
			out = append(out, web.Fact{Name: f.T("board-f-confirmed"), Text: f.T("board-unconfirmed"), Warn: true})
		}
	}
	owner, _ := show.Voice(f.Frame).Owner(t)
	add("board-f-owner", owner)
	add("board-f-support", strings.Join(t.Support, f.T("board-comma")))
	add("board-f-contact", t.Contact)
	add("board-f-asof", f.T("board-known-on", "day", s.V.AsOf))
	return out
}

// counted is from when, or within which days, figures count.
func (f *frame) counted(t schema.Target) string {
	switch {
	case !t.WindowFrom.IsZero():
		return f.T("board-window", "from", t.WindowFrom, "to", t.WindowTo)
	case !t.Since.IsZero() && t.SinceAssumed:
		return f.T("board-since-assumed", "day", t.Since)
	case !t.Since.IsZero():
		return f.T("board-since", "day", t.Since)
	}
	return ""
}

// withFan adds the forecast the verdict rests on, told for every period on the
// way, where it has one.
func (b *board) withFan(ctx context.Context, f *frame, s telling.Subject) (telling.Subject, error) {
	if s.V.Forecast == nil {
		return s, nil
	}
	c, ok, err := b.Reader.Case(ctx, f.Asked, s.P.ID, s.Of.ID)
	if err != nil {
		return s, fmt.Errorf("reading the case of %s: %w", s.Of.ID, err)
	}
	if ok {
		s.Fan = telling.FanOf(comparator.Fan(c, s.V))
	}
	return s, nil
}
