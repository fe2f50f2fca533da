package board

import (
	"fmt"
	"net/http"

	"yardstick/comparator"
	"yardstick/comparator/telling"
	"yardstick/dashboards/draw"
	"yardstick/dashboards/show"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/figure"
)

// limitsView holds the targets that are kept, not reached: limits and cadences.
type limitsView struct {
	*frame
	Compare  comparison
	Limits   []limitRow
	Cadences []cadenceRow
}

// limitRow is a figure against its limit.
type limitRow struct {
	card
	Scale    *show.Bar // the figure as length, the limit as the tick
	Room     string    // left, or by how much it is over
	Over     bool
	Breaches []breach
	room     string
	unit     string
}

// breach is a period whose figure was outside the limit.
type breach struct {
	Period, Value, By, Published string
	value                        string
	by                           string
}

// cadenceRow is what has to be reported how often, and whether it was.
type cadenceRow struct {
	show.Row
	Facts  []web.Fact
	Strip  []mark
	Strung string // the strip in words
	Late   []lateReport
}

// mark is one report of the strip.
type mark struct{ Class, Title string }

// lateReport is a report that was made after its day.
type lateReport struct{ Period, Due, Made, Days string }

// Bounds of what a cadence shows: the strip's latest reports, and the late ones
// that are listed.
const (
	stripReports = 60
	lateListed   = 12
)

func (b *board) limits(f *frame, r *http.Request) (string, any, error) {
	ctx, p := r.Context(), f.Policy
	f.Heading, f.Active = f.T("board-limits-title"), "limits"
	subjects, c, err := b.subjects(ctx, f, p)
	if err != nil {
		return "", nil, err
	}
	view := limitsView{frame: f, Compare: c}
	for _, s := range subjects {
		switch {
		case s.Of.Kind == schema.Cadence:
			of, ok, err := b.Reader.Case(ctx, f.Asked, p.ID, s.Of.ID)
			if err != nil {
				return "", nil, fmt.Errorf("reading the case of %s: %w", s.Of.ID, err)
			}
			var reports []comparator.Report
			if ok {
				reports = comparator.Reports(of)
			}
			view.Cadences = append(view.Cadences, f.cadenceRow(s, c, reports))
		case kept(s.Of):
			view.Limits = append(view.Limits, f.limitRow(s, c))
		}
	}
	return "limits", view, nil
}

// kept reports whether the target is a bound that holds at all times.
func kept(t schema.Target) bool {
	return t.Kind.Limit() || t.Kind == schema.Range && t.Deadline.IsZero()
}

func (f *frame) limitRow(s telling.Subject, c comparison) limitRow {
	out := limitRow{card: f.card(s), Room: "—"}
	out.Change = c.delta(s)
	number, unit, word := s.Gap()
	switch {
	case s.V.Value == nil:
	case number == "—":
		out.Room, out.room, out.unit = f.T("board-limit-just"), "0", s.Scale.GapUnit
	default:
		out.Room, out.room, out.unit, out.Over = word+" "+figure.Join(number, unit), number, unit, s.V.Gap.Sign() > 0
		if out.Over {
			out.room = "-" + number
		}
	}
	out.Scale = f.against(s)
	add := func(o schema.Observation) {
		if o.Value == nil || s.Of.Meets(*o.Value) {
			return
		}
		shown := s.Scale.Figure(*o.Value, &o, &s.Of.Value)
		by := s.Scale.Number(s.Of.Gap(*o.Value).Abs())
		out.Breaches = append(out.Breaches, breach{
			Period: f.PeriodName(o.Period, o.Basis), Value: figure.Join(shown.String(), s.Scale.Unit), By: figure.Join(by, s.Scale.GapUnit),
			Published: o.PublishedAt.String(), value: shown.String(), by: by,
		})
	}
	for _, role := range []schema.Role{schema.RoleJudged, schema.RoleHistory} { // the latest first, as the verdict has them
		for _, in := range s.V.Inputs {
			if in.Role == role && in.Indicator == s.Of.Indicator {
				add(in.Observation)
			}
		}
	}
	return out
}

// limitAt is where the limit stands on the bar, as a share of its width: there
// is room beyond it for a figure that passes it.
const limitAt = 0.8

// against is the figure as a length and the limit as the tick; nil for two
// bounds and where a share would say nothing.
func (f *frame) against(s telling.Subject) *show.Bar {
	low, high := s.Of.Bounds()
	bound := high
	if bound == nil {
		bound = low
	}
	if s.V.Value == nil || low != nil && high != nil || bound.Sign() <= 0 || s.V.Value.Sign() < 0 {
		return nil
	}
	share := s.V.Value.Float() / bound.Float()
	return &show.Bar{
		Fill: show.Width(share * limitAt), Tick: draw.Across(limitAt),
		Label: f.T("board-limit-bar", "share", figure.Percent(share)),
	}
}

func (f *frame) cadenceRow(s telling.Subject, c comparison, reports []comparator.Report) cadenceRow {
	out := cadenceRow{Row: f.rowSince(s, c)}
	if len(reports) == 0 {
		return out
	}
	late, made := 0, len(reports)-1
	next := reports[made]
	for _, r := range reports {
		if r.Late() {
			late++
			out.Late = append([]lateReport{f.lateReport(r)}, out.Late...)
		}
	}
	add := func(id, text string, warn bool) {
		out.Facts = append(out.Facts, web.Fact{Name: f.T(id), Text: text, Warn: warn})
	}
	if made > 0 {
		last := reports[made-1]
		add("board-cadence-last", f.T("board-cadence-made", "day", last.Made, "period", f.PeriodName(last.Period, schema.InPeriod)), false)
	} else {
		add("board-cadence-last", f.T("board-cadence-never"), true)
	}
	if next.Late() {
		add("board-cadence-next", f.T("board-cadence-owed", "day", next.Due, "days", f.reportDays(s, next.Days)), true)
	} else {
		left := f.T("board-cadence-by", "day", next.Due)
		if s.V.Gap != nil && s.V.Gap.Sign() < 0 {
			number, unit, _ := s.DueIn()
			left = f.T("board-cadence-by-left", "day", next.Due, "days", figure.Join(number, unit))
		}
		add("board-cadence-next", left, false)
	}
	overdue := late
	if next.Late() {
		overdue-- // is not made yet
	}
	add("board-cadence-record", f.T("board-cadence-count", "made", made, "late", overdue), false)
	for _, r := range reports[max(0, len(reports)-stripReports):] {
		out.Strip = append(out.Strip, f.reportMark(r))
	}
	out.Strung = f.T("board-cadence-strip", "n", len(out.Strip), "late", late)
	out.Late = out.Late[:min(len(out.Late), lateListed)]
	return out
}

// reportDays counts days as the cadence does: working days where one report a
// working day is owed.
func (f *frame) reportDays(s telling.Subject, n int) string {
	if s.Of.Every == schema.Daily {
		return f.T("board-working-days", "n", n)
	}
	return f.Say(figure.Days(n))
}

func (f *frame) reportMark(r comparator.Report) mark {
	class := "made"
	switch {
	case r.Made.IsZero() && r.Late():
		class = "owed"
	case r.Made.IsZero():
		class = "next"
	case r.Late():
		class = "late"
	}
	return mark{class, f.T("board-report-"+class, "made", r.Made, "due", r.Due)}
}

func (f *frame) lateReport(r comparator.Report) lateReport {
	out := lateReport{Period: "—", Due: r.Due.String(), Made: "—", Days: fmt.Sprint(r.Days)}
	if !r.Made.IsZero() {
		out.Made, out.Period = r.Made.String(), f.PeriodName(r.Period, schema.InPeriod)
	}
	return out
}
