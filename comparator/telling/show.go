package telling

import (
	"slices"
	"strconv"
	"strings"

	"yardstick/comparator"
	"yardstick/schema"
	"yardstick/schema/figure"
	"yardstick/schema/targets"
	"yardstick/schema/words"
)

// ShowAll is what there is to say of all verdicts of one day in every language,
// the worst first; cases are what each was made from.
func ShowAll(verdicts []schema.Verdict, cases map[schema.Scope]comparator.Case, register *targets.Register) []schema.Shown {
	verdicts = slices.Clone(verdicts)
	comparator.Order(verdicts)
	var out []schema.Shown
	for i, v := range verdicts {
		c := cases[v.Scope()]
		for _, l := range schema.Languages() {
			out = append(out, Show(v, c, c.Observations, register, l.Code, i+1))
		}
	}
	return out
}

// Show is what there is to say of the verdict on the case for those who show it
// with SQL; place is its place in the list, from 1. Its words and digits are
// Tell's.
func Show(v schema.Verdict, c comparator.Case, series []schema.Observation, register *targets.Register, lang string, place int) schema.Shown {
	f := Voice{lang}
	t := Tell(v, series, register, lang, v.AsOf)
	entry, _ := register.Target(v.Policy, v.Target)
	out := shown(v, t, lang)
	out.Place = place
	if v.Region != entry.Region && entry.Region != "" {
		region, _ := register.Regions.ByCode(v.Region)
		if name := f.Say(region.Name); !strings.Contains(strings.ToLower(t.Title), strings.ToLower(name)) {
			out.Title += f.T("grafana-in-place", "place", name)
		}
	}
	out.Lines, out.Story = t.lines(f, out), t.story(f, v, c, entry, out)
	if t.Curve != nil {
		out.Curve = t.Curve.spots(v.Deadline)
	}
	return out
}

// ShowKept is what there is to say of a verdict as it was kept, by its own inputs
// and in today's words: a row of its target's history, without a place, an
// outlook, shares, lines, story and curve.
func ShowKept(v schema.Verdict, register *targets.Register, lang string) schema.Shown {
	series := make([]schema.Observation, len(v.Inputs))
	for i, in := range v.Inputs {
		series[i] = in.Observation
	}
	return shown(v, subjectOf(v, series, register, lang, v.AsOf).line(), lang)
}

// shown is what is told of v in the words of a row.
func shown(v schema.Verdict, t Told, lang string) schema.Shown {
	f := Voice{lang}
	out := schema.Shown{
		Scope: v.Scope(), Lang: lang, AsOf: v.AsOf, Bound: Timeless(v.Kind) && (v.Kind != schema.Range || v.Deadline.IsZero()), Title: t.Title,
		Status: spoken(v), Value: figure.Join(t.Value, t.Unit), Target: figure.Join(t.Target, t.Unit), Gap: "—", Lag: "—", Chance: t.Chance, Outlook: t.Outlook,
		Deadline: t.Deadline, Period: "—", Owner: t.Owner, Marks: strings.Join(t.marks(v), " · "),
		StaleDays: v.Marks.StaleDays,
	}
	if v.AgeDays != nil {
		out.AgeDays = *v.AgeDays
	}
	if v.Value == nil {
		out.Value = "—"
	}
	if t.Gap != "—" {
		out.Gap = strings.TrimSpace(t.GapWord + " " + figure.Join(t.Gap, t.GapUnit))
	}
	for _, s := range []*string{&out.Chance, &out.Outlook} {
		if *s == "" {
			*s = "—"
		}
	}
	if !v.Period.IsZero() {
		out.Period = t.FigureBits[0]
	}
	if t.Bar != nil {
		out.Schedule = asWritten(v.Schedule)
		if out.Progress = asWritten(v.Progress); t.Bar.Hollow {
			out.Progress = asWritten(v.Attainment)
		}
	}
	if points, ahead, ok := Lag(v); ok {
		id := "grafana-lag-behind"
		switch {
		case points == "0.0":
			id = "grafana-lag-none"
		case ahead:
			id = "grafana-lag-ahead"
		}
		out.Lag = f.T(id, "n", points)
	}
	return out
}

// ShowPart is what there is to say of the figure of a part that nothing was allocated
// to: it is listed and has neither a place nor a status. v is the verdict it would
// have, which must have a figure.
func ShowPart(v schema.Verdict, series []schema.Observation, register *targets.Register, lang string) schema.Shown {
	t, _ := register.Target(v.Policy, v.Target)
	ind, _ := register.Indicators.ByCode(t.Indicator)
	s := Voice{lang}.Subject(schema.Policy{}, t, ind, v, nil)
	out := schema.Shown{
		Scope: v.Scope(), Lang: lang, AsOf: v.AsOf, Title: s.Say(t.Title), Status: "unallocated", Value: figure.Join(s.PartFigure(*v.Value, v.Period, series)),
		Period: s.Period(), Target: "—", Gap: "—", Lag: "—", Chance: "—", Outlook: "—", Deadline: "—",
	}
	if v.Marks.Synthetic {
		out.Marks = s.T("board-mark-synthetic")
	}
	return out
}

// PartFigure is the figure of a part of the subject's region on its scale, as it was
// written in the part's series, and its unit.
func (s Subject) PartFigure(value schema.Decimal, period schema.Period, series []schema.Observation) (number, unit string) {
	var written *schema.Observation
	for i, o := range series {
		if o.Period.Last() == period.Last() && o.Value != nil && o.Value.Equal(value) {
			written = &series[i]
		}
	}
	return s.Scale.Figure(value, written, nil).String(), s.Scale.Unit
}

// spoken is the status as it is said of this kind of target: a limit that is
// kept, a report that is late, a target whose time has hardly begun.
func spoken(v schema.Verdict) string {
	switch {
	case v.Status == schema.OnTrack && v.Kind.Limit():
		return "within_limit"
	case v.Status == schema.Lagging && v.Kind == schema.Cadence:
		return "late_cadence"
	case v.Status == schema.Open && v.Marks.NotBegun:
		return "not_begun"
	}
	return string(v.Status)
}

// Lag is how many points progress is behind the time gone, or ahead of it.
func Lag(v schema.Verdict) (points string, ahead, ok bool) {
	lag, ok := v.Lag()
	if !ok {
		return "", false, false
	}
	return strings.TrimPrefix(strconv.FormatFloat(100*lag, 'f', 1, 64), "-"), lag < 0, true
}

// asWritten is a share as it is written, for a gauge that writes its number beside
// itself.
func asWritten(share *float64) *float64 {
	if share == nil {
		return nil
	}
	p, err := strconv.ParseFloat(strings.Trim(figure.Percent(*share), "<>%"), 64)
	if err != nil {
		return nil
	}
	p /= 100
	return &p
}

// marks are all that stands beside status and figure, but for the period.
func (t Told) marks(v schema.Verdict) []string {
	bits := t.FigureBits
	if !v.Period.IsZero() {
		bits = bits[1:]
	}
	return append(append([]string(nil), t.StatusMarks...), bits...)
}

// lines are what a leader asks next: when and how likely, what is missing to
// what, how sure the figure is, who leads.
func (t Told) lines(f Voice, s schema.Shown) []string {
	var out []string
	if t.Outlook != "" {
		out = append(out, t.Outlook)
	}
	if t.Chance != "" {
		out = append(out, f.T("grafana-line-chance", "chance", t.Chance))
	}
	line := f.T("grafana-line-target", "target", s.Target)
	switch {
	case s.Gap == "—":
	case t.GapWord == "":
		line += f.T("grafana-line-gap", "gap", s.Gap)
	default:
		line += f.T("grafana-comma") + s.Gap
	}
	marks := s.Marks
	if marks != "" {
		marks = " · " + marks
	}
	return append(out, line, f.T("grafana-line-figure", "period", s.Period, "marks", marks, "owner", t.Owner))
}

// story is the target in paragraphs: when before how likely, why it was judged
// so, what it would take, how sure the figure is, whom to ask.
func (t Told) story(f Voice, v schema.Verdict, c comparator.Case, entry schema.Target, s schema.Shown) string {
	var out []string
	add := func(on bool, text string) {
		if on && text != "" {
			out = append(out, text)
		}
	}
	add(t.Sentence != "", "**"+t.Sentence+"**")
	add(true, t.Reason)
	if ways := Take(c, nil); ways.Required != nil {
		add(true, f.Say(ways.Sentences[0].Text))
	}
	add(s.Marks != "", f.T("grafana-story-marks", "marks", s.Marks))
	if entry.Reading != nil {
		open := ""
		if v.Marks.ReadingUnconfirmed {
			open = f.T("grafana-story-open")
		}
		add(f.Say(entry.Reading.Text) != "", f.T("grafana-story-reading", "reading", f.Say(entry.Reading.Text), "open", open))
	}
	_, rule := f.Rule(v.Rule)
	add(true, f.T("grafana-story-rule", "clause", entry.Clause, "written", entry.Written, "rule", rule))
	contact := ""
	if entry.Contact != "" {
		contact = f.T("grafana-story-contact", "contact", entry.Contact)
	}
	add(true, f.T("grafana-story-owner", "owner", t.Owner, "contact", contact))
	return strings.Join(out, "\n\n")
}

// spots are the days of the curve: where something was observed, where the line
// of time bends, and the deadline with what is expected then.
func (c *Curve) spots(deadline schema.Date) []schema.ShownSpot {
	days := map[schema.Date]*schema.ShownSpot{}
	var order []schema.Date
	at := func(day schema.Date) *schema.ShownSpot {
		if days[day] == nil {
			days[day] = &schema.ShownSpot{Day: day, Unit: c.Unit, Goal: c.Target}
			order = append(order, day)
		}
		return days[day]
	}
	for _, s := range c.Seen {
		value := s.Value
		at(s.Day).Observed = &value
	}
	for _, s := range c.Schedule {
		value := s.Value
		at(s.Day).Path = &value
	}
	if c.Forecast {
		now, then := at(c.Seen[len(c.Seen)-1].Day), at(deadline)
		now.Low, now.Mid, now.Top = now.Observed, now.Observed, now.Observed
		then.Low, then.Mid, then.Top = &c.Low, &c.Middle, &c.High
	}
	out := make([]schema.ShownSpot, len(order))
	for i, day := range order {
		out[i] = *days[day]
	}
	return out
}

// Timeless reports whether the kind is judged without a line of time.
func Timeless(k schema.Kind) bool { return k.Limit() || k == schema.Cadence || k == schema.Range }

// StatusMarks stand beside the status.
func (f Voice) StatusMarks(v schema.Verdict) []string {
	var out []string
	add := func(on bool, id string, args ...any) {
		if on {
			out = append(out, f.T(id, args...))
		}
	}
	m := v.Marks
	add(m.ReachedLate, "board-mark-late")
	add(m.AwaitingFinal, "board-mark-awaiting")
	add(m.LateCadence, "board-mark-cadence")
	add(m.ReadingUnconfirmed, "board-mark-reading")
	add(v.Breaches > 0, "board-mark-breaches", "n", v.Breaches)
	add(!v.LostOn.IsZero(), "board-mark-lost", "day", v.LostOn)
	add(len(v.Missing) > 0, "board-mark-missing", "n", len(v.Missing))
	return out
}

// FigureBits stand next to the figure: its period, and whether it is not
// final, old or made up.
func (f Voice) FigureBits(v schema.Verdict, period string) []string {
	var out []string
	if period != "" {
		out = append(out, period)
	}
	if v.Marks.Provisional {
		out = append(out, f.T("board-mark-provisional"))
	}
	if v.Marks.Stale {
		id := "board-mark-stale"
		if v.Marks.StaleDays > 0 {
			id = "board-mark-stale-days"
		}
		out = append(out, f.T(id, "days", figure.Days(v.Marks.StaleDays)))
	}
	if v.Marks.Synthetic {
		out = append(out, f.T("board-mark-synthetic"))
	}
	return out
}

// NotJudged is shown for a target nothing has been said of yet.
func NotJudged(p schema.Policy, t schema.Target, asOf schema.Date) schema.Verdict {
	return schema.Verdict{
		Policy: p.ID, Target: t.ID, Region: t.Region, AsOf: asOf, Status: schema.NoData, Reason: schema.Reason{Text: words.Say("board-not-judged")},
		Clause: t.Clause, Kind: t.Kind, Direction: t.Direction, Unit: t.Unit, TargetValue: t.Value,
		Baseline: t.Baseline, BaselineDate: t.BaselineDate, Deadline: t.Deadline, Thresholds: t.Thresholds,
	}
}
