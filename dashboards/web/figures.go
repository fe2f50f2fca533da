package web

import (
	"net/url"
	"slices"
	"strings"

	"yardstick/schema"
)

// LineagePath is where a figure's lineage is shown: its cell, or the terms of
// one that a formula gave, on the page of its key.
func LineagePath(o schema.Observation) string {
	if o.Receipt != "" && o.Cell != "" {
		return "/cells/" + url.PathEscape(o.Receipt) + "/" + url.PathEscape(o.Cell)
	}
	return "/figures/" + url.PathEscape(o.Indicator) + "/" + url.PathEscape(o.Region) + "/" + string(o.Basis) + "/" + url.PathEscape(o.Period.String())
}

// FigureLink leads to the cell a figure came from, or to the terms of one that
// a formula gave.
func (f *Frame) FigureLink(o schema.Observation) string { return f.Link(LineagePath(o)) }

// Source is where a figure's lineage is shown.
type Source struct{ Href, Say string }

// SourceOf leads to a figure's lineage; nil where none is told.
func (f *Frame) SourceOf(o schema.Observation, value string) *Source {
	if !f.Traced || value == "" {
		return nil
	}
	return &Source{f.FigureLink(o), f.T("board-figure-link", "value", value)}
}

// IndicatorLink leads to an indicator's page.
func (f *Frame) IndicatorLink(code string) string {
	return f.Link("/indicators/" + url.PathEscape(code))
}

// FigureRow is one observation the verdict used.
type FigureRow struct {
	Role, Period, Basis, Value, Unit, Published, Receipt, Href, Cell string
	Source                                                           *Source  // where the figure's lineage is shown
	Marks                                                            []string // status and origin
}

// Figure is a figure for a table: as written, digit for digit.
func (f *Frame) Figure(o schema.Observation) FigureRow {
	out := FigureRow{
		Period: f.PeriodName(o.Period, o.Basis), Basis: f.BasisName(o.Basis), Value: o.Written, Unit: o.UnitWritten,
		Marks: []string{f.ObsStatus(o.Status)}, Published: o.PublishedAt.String(), Receipt: o.Receipt, Cell: o.Cell,
	}
	if o.Synthetic {
		out.Marks = append(out.Marks, f.T("board-mark-synthetic"))
	}
	if o.Receipt != "" {
		out.Href = f.ReceiptLink(o.Receipt)
	}
	switch {
	case o.Value == nil:
		out.Value, out.Unit = "—", ""
	case out.Value == "": // derived: nobody wrote it
		out.Value, out.Unit = o.Value.String(), o.Unit
	case out.Unit == "":
		out.Unit = o.Unit
	}
	out.Source = f.SourceOf(o, out.Value)
	return out
}

// BasisName is a basis in the page's language.
func (f *Frame) BasisName(b schema.Basis) string {
	if !b.Valid() {
		return string(b)
	}
	return f.T("board-basis-" + string(b))
}

// Role is what an input was used as.
func (f *Frame) Role(role schema.Role) string {
	if !slices.Contains(schema.Roles(), role) {
		return string(role)
	}
	return f.T("board-role-" + string(role))
}

// ObsStatus is the status of an observation.
func (f *Frame) ObsStatus(s schema.ObsStatus) string {
	if !s.Valid() {
		return string(s)
	}
	return f.T("board-obs-" + string(s))
}

// Fact is something that is told under its name; Warn: it needs an eye.
type Fact struct {
	Name, Text string
	Warn       bool
}

// Cells are the row for a table that is taken away, under its columns.
func (r FigureRow) Cells(more ...string) []string {
	value := r.Value
	if value == "—" {
		value = ""
	}
	own := []string{r.Period, r.Basis, value, r.Unit, strings.Join(r.Marks, " · "), r.Published, r.Receipt}
	return append(own, more...)
}

// VintageRow is one published value of one period.
type VintageRow struct {
	FigureRow
	Received string
	InForce  bool   // the latest of its period
	First    bool   // of its period's rows on the page
	Rows     int    // of a first one: how many its period has
	Replaced string // the value it took the place of; none: the first published
	Reason   string // why
}

// ObservationsPath is where the API gives observations.
const ObservationsPath = "/api/v1/observations"
