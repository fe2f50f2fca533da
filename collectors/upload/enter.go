package upload

import (
	"bytes"
	"cmp"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"

	"yardstick/collectors/desk"
	"yardstick/collectors/upload/blank"
	"yardstick/schema"
)

// mostSeries bounds the form; a feed with more is better served by a file.
const mostSeries = 200

// enterView is the form for one or a few figures.
type enterView struct {
	*frame
	Feeds  []schema.FeedState
	Chosen schema.FeedState
	Series []seriesRow
	More   int
	Error  string
}

type seriesRow struct {
	Name, Region, Last, LastUnit, LastPeriod, LastDay string
	Field                                             string // names the form's fields
	Units                                             []string
	Statuses                                          []option
	Line                                              desk.Figure
	Steady                                            bool // 本期无变化 may be said of it
}

// enter shows the form for the chosen feed.
func (p *Pages) enter(w http.ResponseWriter, r *http.Request, s *session) error {
	return p.enterForm(w, r, s, r.URL.Query().Get("feed"), nil, "")
}

func (p *Pages) enterForm(w http.ResponseWriter, r *http.Request, s *session, chosen string, typed map[string]string, fault string) error {
	feeds, err := p.mine(r.Context(), s)
	if err != nil {
		return err
	}
	f := p.titled(r, s, "enter", "upload-enter-title")
	view := enterView{frame: f, Feeds: feeds, Error: fault}
	if chosen == "" && len(feeds) > 0 {
		chosen = feeds[0].Name
	}
	if chosen != "" {
		if view.Chosen, err = p.own(r.Context(), s, chosen); err != nil {
			return err
		}
		series, err := p.seriesOf(r, chosen)
		if err != nil {
			return err
		}
		view.More = max(0, len(series)-mostSeries)
		for _, one := range series[:min(len(series), mostSeries)] {
			view.Series = append(view.Series, f.seriesRow(one, typed))
		}
	}
	code := http.StatusOK
	if fault != "" {
		code = http.StatusUnprocessableEntity
	}
	return p.show(w, code, "enter", view)
}

func fieldOf(s desk.Series) string { return s.Indicator.Code + "/" + s.Region.Code }

// seriesOf are the series of a feed.
func (p *Pages) seriesOf(r *http.Request, feed string) ([]desk.Series, error) {
	series, err := p.Desk.SeriesOf(r.Context(), feed)
	if err != nil {
		return nil, fmt.Errorf("reading the series of %s: %w", feed, err)
	}
	return series, nil
}

// nextPeriod is the period that is reported next: after the last, or the one
// that ended last. The newest a figure can be of is the one that has ended.
func nextPeriod(s desk.Series, today schema.Date) schema.Period {
	if s.Last != nil {
		return s.Last.Period.Next()
	}
	return schema.PeriodOf(s.Indicator.Frequency(), today.AddDays(1)).Prev()
}

func (f *frame) seriesRow(s desk.Series, typed map[string]string) seriesRow {
	row := seriesRow{Name: f.Say(s.Indicator.Name), Region: f.Say(s.Region.Name), Field: fieldOf(s), Units: unitsOf(s.Indicator)}
	said := func(kind, otherwise string) string {
		if typed == nil {
			return otherwise
		}
		return typed[kind+":"+row.Field]
	}
	unit := cmp.Or(s.Indicator.Display, s.Indicator.Unit)
	if s.Last != nil {
		row.Last, row.LastUnit = written(*s.Last)
		row.LastPeriod, row.LastDay = f.PeriodName(s.Last.Period, s.Last.Basis), s.Last.PublishedAt.String()
		if row.LastUnit != "" && slices.Contains(row.Units, row.LastUnit) {
			unit = row.LastUnit
		}
		row.Steady = s.Last.Value != nil && steady(s, f.Today)
	}
	row.Line = desk.Figure{Period: said("period", nextPeriod(s, f.Today).String()), Value: said("value", ""), Unit: said("unit", unit),
		Status: said("status", "A"), Note: said("note", ""), NoChange: said("same", "") != ""}
	for _, st := range []schema.ObsStatus{schema.StatusNormal, schema.StatusProvisional, schema.StatusEstimated, schema.StatusBreak} {
		row.Statuses = append(row.Statuses, option{string(st), f.statusName(st), string(st) == row.Line.Status})
	}
	return row
}

// unitsOf are the units an indicator's figures may be written in.
func unitsOf(ind schema.Indicator) []string {
	out := []string{ind.Unit}
	for _, u := range ind.Units {
		out = append(out, u.Unit)
	}
	return out
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

// entered takes typed figures as a tidy file and shows what they mean.
func (p *Pages) entered(w http.ResponseWriter, r *http.Request, s *session, fields map[string]string, evidence *draft) error {
	feed, err := p.own(r.Context(), s, fields["feed"])
	if err != nil {
		return err
	}
	series, err := p.seriesOf(r, feed.Name)
	if err != nil {
		return err
	}
	f := p.newFrame(r, s)
	lines, fault := typed(f.T, f.Today, series, fields)
	if fault != "" {
		return p.enterForm(w, r, s, feed.Name, fields, fault)
	}
	body, err := desk.Tidy(lines)
	if err != nil {
		return err
	}
	d, err := p.draft(r, s, feed.Name, "report-value.csv", bytes.NewReader(body))
	if err != nil {
		return err
	}
	d.Feed.Hand = true
	if evidence != nil {
		d.Evidence, evidence.kept = evidence, true
		d.size += evidence.size
	}
	return p.shown(w, r, s, d)
}

// typed gathers the lines of a feed's series that say something; a sentence
// tells what is missing.
func typed(say func(id string, args ...any) string, today schema.Date, series []desk.Series, fields map[string]string) (lines []desk.Figure, fault string) {
	for _, one := range series {
		field := fieldOf(one)
		get := func(kind string) string { return strings.TrimSpace(fields[kind+":"+field]) }
		l := desk.Figure{Indicator: one.Indicator.Code, Region: one.Region.Code, Period: get("period"), Value: get("value"), Unit: get("unit"),
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

// blank hands out the template of a feed: FEED.xlsx or FEED.csv. Its first six
// columns are a tidy feed; what was reported last stands beside them.
func (p *Pages) blank(w http.ResponseWriter, r *http.Request, _ *session) error {
	kind := path.Ext(r.PathValue("file"))
	name := strings.TrimSuffix(r.PathValue("file"), kind)
	if kind != ".xlsx" && kind != ".csv" || !p.Desk.HasFeed(name) {
		return notFound("upload-no-template", "file", r.PathValue("file"))
	}
	series, err := p.seriesOf(r, name)
	if err != nil {
		return err
	}
	rows := p.blankRows(p.newFrame(r, nil), series)
	write, media := blank.CSV, "text/csv; charset=utf-8"
	if kind == ".xlsx" {
		media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
		write = func(rows []blank.Row) ([]byte, error) { return blank.XLSX(rows, regionNames(series)) }
	}
	body, err := write(rows)
	if err != nil {
		return fmt.Errorf("making the template of %s: %w", name, err)
	}
	w.Header().Set("Content-Type", media)
	asFile(w, name+kind)
	_, _ = w.Write(body) // a reader who went away is no fault of ours
	return nil
}

func (p *Pages) blankRows(f *frame, series []desk.Series) []blank.Row {
	out := make([]blank.Row, 0, len(series))
	for _, s := range series {
		shown := f.seriesRow(s, nil)
		row := blank.Row{Indicator: s.Indicator.Name.In(schema.Chinese), Region: s.Region.Name.In(schema.Chinese), Period: shown.Line.Period,
			Unit: shown.Line.Unit, Units: shown.Units, Basis: basisWord(s)}
		if s.Last != nil {
			row.Hint = fmt.Sprintf("%s：%s %s", s.Last.Period.In(schema.Chinese, s.Last.Basis), shown.Last, shown.LastUnit)
		}
		out = append(out, row)
	}
	return out
}

// basisWord is the basis as the reader takes it.
func basisWord(s desk.Series) string {
	b := s.Indicator.Basis
	if s.Last != nil {
		b = s.Last.Basis
	}
	return map[schema.Basis]string{schema.Point: "时点", schema.InPeriod: "当期", schema.YearToDate: "本年累计", schema.Cumulative: "历年累计"}[b]
}

// regionNames are those of the series, each once.
func regionNames(series []desk.Series) (out []string) {
	for _, s := range series {
		if name := s.Region.Name.In(schema.Chinese); !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}
