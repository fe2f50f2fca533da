package upload

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/http"
	"strings"

	"yardstick/collectors/desk"
	"yardstick/schema"
)

// mostSeries bounds the form; a feed with more is better served by a file.
const mostSeries = 200

// line is one figure as typed into the form, or sent as a value.
type line struct {
	Indicator string `json:"indicator"`
	Region    string `json:"region"`
	Period    string `json:"period"`
	Basis     string `json:"basis,omitempty"`
	Value     string `json:"value"`
	Unit      string `json:"unit,omitempty"`
	Status    string `json:"status,omitempty"`
	Note      string `json:"note,omitempty"`
	Published string `json:"published,omitempty"`
	NoChange  bool   `json:"-"`
}

// tidy writes lines as a tidy feed. A column that no line fills is left out,
// so that the same questions are asked as of a file.
func tidy(lines []line) ([]byte, error) {
	columns := []struct {
		name string
		of   func(line) string
	}{
		{"indicator", func(l line) string { return l.Indicator }}, {"region", func(l line) string { return l.Region }},
		{"period", func(l line) string { return l.Period }}, {"value", func(l line) string { return l.Value }},
		{"unit", func(l line) string { return l.Unit }}, {"basis", func(l line) string { return l.Basis }},
		{"status", func(l line) string { return l.Status }}, {"note", func(l line) string { return l.Note }},
		{"published", func(l line) string { return l.Published }},
	}
	rows := make([][]string, len(lines)+1)
	for i, c := range columns {
		filled := i < 4
		for _, l := range lines {
			filled = filled || c.of(l) != ""
		}
		if !filled {
			continue
		}
		rows[0] = append(rows[0], c.name)
		for j, l := range lines {
			rows[j+1] = append(rows[j+1], c.of(l))
		}
	}
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		return nil, fmt.Errorf("writing the figures down: %w", err)
	}
	return b.Bytes(), nil
}

// enterView is the form for one or a few figures.
type enterView struct {
	*frame
	Feeds  []schema.FeedState
	Chosen schema.FeedState
	Title  string
	Series []seriesRow
	More   int
	Error  string
}

type seriesRow struct {
	Name, Region, Last, LastUnit, LastPeriod, LastDay string
	Field                                             string // names the form's fields
	Units                                             []option
	Statuses                                          []option
	Line                                              line
	Steady                                            bool // 本期无变化 may be said of it
	N                                                 int
}

// statuses are what a figure may be when it is typed in.
func statuses() []schema.ObsStatus {
	return []schema.ObsStatus{schema.StatusNormal, schema.StatusProvisional, schema.StatusEstimated, schema.StatusBreak}
}

// enter shows the form for the chosen feed.
func (p *pages) enter(w http.ResponseWriter, r *http.Request, s *session) error {
	return p.enterForm(w, r, s, r.URL.Query().Get("feed"), nil, "")
}

func (p *pages) enterForm(w http.ResponseWriter, r *http.Request, s *session, chosen string, typed map[string]string, fault string) error {
	f := p.newFrame(r, s)
	f.Heading, f.Tab = f.T("upload-enter-title"), "enter"
	feeds, err := p.mine(r.Context(), s)
	if err != nil {
		return err
	}
	view := enterView{frame: f, Feeds: feeds, Error: fault}
	if chosen == "" && len(feeds) > 0 {
		chosen = feeds[0].Name
	}
	if chosen != "" {
		if view.Chosen, err = p.own(r.Context(), s, chosen); err != nil {
			return err
		}
		view.Title = titleOf(f, view.Chosen)
		series, err := p.Desk.SeriesOf(r.Context(), chosen)
		if err != nil {
			return fmt.Errorf("reading the series of %s: %w", chosen, err)
		}
		view.More = max(0, len(series)-mostSeries)
		for i, one := range series[:min(len(series), mostSeries)] {
			row := f.seriesRow(one, view.Chosen, typed)
			row.N = i + 1
			view.Series = append(view.Series, row)
		}
	}
	code := http.StatusOK
	if fault != "" {
		code = http.StatusUnprocessableEntity
	}
	return p.show(w, code, "enter", view)
}

func fieldOf(s desk.Series) string { return s.Indicator.Code + "/" + s.Region.Code }

// nextPeriod is the period that is reported next: after the last, or the one
// that ended last. The newest a figure can be of is the one that has ended.
func nextPeriod(s desk.Series, today schema.Date) schema.Period {
	if s.Last != nil {
		return s.Last.Period.Next()
	}
	freq := s.Indicator.Frequency()
	return schema.PeriodOf(freq, today.AddDays(1)).Prev()
}

func (f *frame) seriesRow(s desk.Series, feed schema.FeedState, typed map[string]string) seriesRow {
	field := fieldOf(s)
	row := seriesRow{Name: f.Say(s.Indicator.Name), Region: f.Say(s.Region.Name), Field: field}
	said := func(kind, otherwise string) string {
		if typed == nil {
			return otherwise
		}
		return typed[kind+":"+field]
	}
	unit := s.Indicator.Unit
	if s.Indicator.Display != "" {
		unit = s.Indicator.Display
	}
	if s.Last != nil {
		row.Last, row.LastUnit = written(*s.Last)
		row.LastPeriod, row.LastDay = f.PeriodName(s.Last.Period, s.Last.Basis), s.Last.PublishedAt.String()
		if row.LastUnit != "" && knows(s.Indicator, row.LastUnit) {
			unit = row.LastUnit
		}
		row.Steady = s.Last.Value != nil && steady(s, f.Today)
	}
	row.Line = line{Period: said("period", nextPeriod(s, f.Today).String()), Value: said("value", ""), Unit: said("unit", unit),
		Status: said("status", "A"), Note: said("note", ""), NoChange: said("same", "") != ""}
	units := []string{s.Indicator.Unit}
	for _, u := range s.Indicator.Units {
		units = append(units, u.Unit)
	}
	for _, u := range units {
		row.Units = append(row.Units, option{u, u, u == row.Line.Unit})
	}
	for _, st := range statuses() {
		row.Statuses = append(row.Statuses, option{string(st), f.statusName(st), string(st) == row.Line.Status})
	}
	return row
}

// steady reports whether 本期无变化 can be meant: of a stock, of a total since a
// day, and of a total since January within the same year. A flow that does not
// change is still a figure to be written.
func steady(s desk.Series, today schema.Date) bool {
	switch s.Last.Basis {
	case schema.Point, schema.Cumulative:
		return true
	case schema.YearToDate:
		return nextPeriod(s, today).First().Year == s.Last.Period.First().Year
	case schema.InPeriod:
	}
	return false
}

// written is a figure and its unit as they were sent.
func written(o schema.Observation) (value, unit string) {
	if o.Value == nil {
		return "—", ""
	}
	d, err := schema.ParseDecimal(strings.TrimSpace(o.Written))
	if err != nil || o.UnitWritten == "" {
		return o.Value.String(), o.Unit
	}
	return d.String(), o.UnitWritten
}

func knows(ind schema.Indicator, unit string) bool {
	if unit == ind.Unit {
		return true
	}
	for _, u := range ind.Units {
		if u.Unit == unit {
			return true
		}
	}
	return false
}

// entered takes typed figures as a tidy file and shows what they mean.
func (p *pages) entered(w http.ResponseWriter, r *http.Request, s *session) error {
	fields, evidence, err := p.readForm(w, r, s)
	if err != nil {
		return err
	}
	keep := false
	defer func() {
		if evidence != nil && !keep {
			evidence.remove()
		}
	}()
	feed, err := p.own(r.Context(), s, fields["feed"])
	if err != nil {
		return err
	}
	series, err := p.Desk.SeriesOf(r.Context(), feed.Name)
	if err != nil {
		return fmt.Errorf("reading the series of %s: %w", feed.Name, err)
	}
	f := p.newFrame(r, s)
	lines, fault := typed(f.T, f.Today, series, fields)
	if fault != "" {
		return p.enterForm(w, r, s, feed.Name, fields, fault)
	}
	body, err := tidy(lines)
	if err != nil {
		return err
	}
	d, err := newDraft(p.Temp, bytes.NewReader(body), p.MaxBytes)
	if err != nil {
		return err
	}
	d.feed, d.name, d.entered, d.made, d.evidence = feed.Name, "report-value.csv", true, p.Now(), evidence
	if evidence != nil {
		d.size += evidence.size
	}
	keep = true
	if err := p.sessions.keep(s, d); err != nil {
		d.remove()
		return p.noRoom(err)
	}
	return see(w, r, "/upload/files/"+d.id)
}

// typed gathers the lines of a feed's series that say something; a sentence
// tells what is missing.
func typed(say func(id string, args ...any) string, today schema.Date, series []desk.Series, fields map[string]string) (lines []line, fault string) {
	for _, one := range series {
		field := fieldOf(one)
		get := func(kind string) string { return strings.TrimSpace(fields[kind+":"+field]) }
		l := line{Indicator: one.Indicator.Code, Region: one.Region.Code, Period: get("period"), Value: get("value"), Unit: get("unit"),
			Status: get("status"), Note: get("note"), NoChange: get("same") != ""}
		switch {
		case l.NoChange && l.Value != "":
			return nil, say("upload-same-and-value", "indicator", one.Indicator.Name)
		case l.NoChange && (one.Last == nil || one.Last.Value == nil || !steady(one, today)):
			return nil, say("upload-same-impossible", "indicator", one.Indicator.Name)
		case l.NoChange:
			l.Value, l.Unit = written(*one.Last)
			l.Note = strings.TrimSpace(say("upload-no-change-note", "period", one.Last.Period) + " " + l.Note)
		case l.Value == "":
			continue
		}
		if l.Period == "" {
			return nil, say("upload-no-period", "indicator", one.Indicator.Name)
		}
		l.Basis = basisFor(one, l.Period)
		lines = append(lines, l)
	}
	if len(lines) == 0 {
		return nil, say("upload-nothing-entered")
	}
	return lines, ""
}

// basisFor is the basis of a typed figure: the series' own, unless the period
// is written in a way that says it (前三季度), or is not of the series' kind.
func basisFor(s desk.Series, period string) string {
	when, told, err := schema.ParsePeriod(period)
	if err != nil || told != "" || s.Last == nil || when.Frequency() != s.Last.Period.Frequency() {
		return ""
	}
	return string(s.Last.Basis)
}
