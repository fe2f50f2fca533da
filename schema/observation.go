package schema

import (
	"slices"
	"time"
)

// ObsStatus is an SDMX OBS_STATUS code (CL_OBS_STATUS 2.0).
type ObsStatus string

// The codes that matter to judging.
const (
	StatusNormal      ObsStatus = "A"
	StatusBreak       ObsStatus = "B"
	StatusEstimated   ObsStatus = "E"
	StatusForecast    ObsStatus = "F"
	StatusImputed     ObsStatus = "I"
	StatusMissing     ObsStatus = "O"
	StatusProvisional ObsStatus = "P"
)

// Valid reports whether s is a code of the list.
func (s ObsStatus) Valid() bool {
	switch s {
	case "A", "B", "D", "E", "F", "G", "H", "I", "J", "L", "M", "N", "O", "P", "Q", "S", "U":
		return true
	}
	return false
}

// Judgeable reports whether a figure of this status may be judged: forecasts,
// imputed, missing, suppressed, not existing and not collected figures may not.
func (s ObsStatus) Judgeable() bool {
	switch s {
	case "F", "I", "O", "Q", "M", "L":
		return false
	}
	return true
}

// Final reports whether the figure is neither provisional nor estimated.
func (s ObsStatus) Final() bool { return s != StatusProvisional && s != StatusEstimated }

// Key names an observation: what is measured, where, when and over what span.
type Key struct {
	Indicator string `json:"indicator"`
	Region    string `json:"region"`
	Basis     Basis  `json:"basis"`
	Period    Period `json:"period"`
}

// Observation is one vintage of one figure: a value of a key as it was
// published on a day and received in a receipt. Value nil is a figure said to
// be missing, which is not zero.
type Observation struct {
	Key
	Value       *Decimal  `json:"value"`        // in Unit, exact
	Written     string    `json:"written"`      // the cell's text, digit for digit
	UnitWritten string    `json:"unit_written"` // the unit the sender used
	Unit        string    `json:"unit"`         // the catalogue's unit, that Value is in
	Status      ObsStatus `json:"status"`
	Note        string    `json:"note,omitempty"`
	PublishedAt Date      `json:"published_at"`
	ReceivedAt  time.Time `json:"received_at"`
	Receipt     string    `json:"receipt"`
	Cell        string    `json:"cell,omitempty"` // sheet and cell it was read from
	Seq         uint64    `json:"seq"`            // the ledger's
	Synthetic   bool      `json:"synthetic,omitempty"`
}

// Judgeable reports whether the observation holds a figure that may be judged.
func (o Observation) Judgeable() bool { return o.Value != nil && o.Status.Judgeable() }

// Same reports whether p says the same of the same key.
func (o Observation) Same(p Observation) bool { return o.Key == p.Key && o.Says(p) }

// Says reports whether p says the same as o, whatever key each is written under:
// equal value (or both missing) and equal status.
func (o Observation) Says(p Observation) bool {
	if o.Status != p.Status || (o.Value == nil) != (p.Value == nil) {
		return false
	}
	return o.Value == nil || o.Value.Equal(*p.Value)
}

// Later reports whether the vintage o stands before p in force: published
// later, or on the same day and received later. Where one receipt wrote a fact
// under two keys for the same day, the coarser period stands: a year before its
// last quarter and month.
func (o Observation) Later(p Observation) bool {
	if c := o.PublishedAt.Compare(p.PublishedAt); c != 0 {
		return c > 0
	}
	if o.Seq != p.Seq {
		return o.Seq > p.Seq
	}
	if a, b := o.Period.First(), p.Period.First(); a != b {
		return a.Before(b)
	}
	return o.Basis < p.Basis
}

// Column is a column of an observation beside its key, value, status and days,
// which every room knows. One that is added has its field above, its line in
// Columns and a migration: store, exports and tidy feeds go by the line.
type Column struct {
	Name  string                 // in the store, in JSON, and as a feed's field
	At    func(*Observation) any // where it stands: a pointer to the field
	Fed   bool                   // a tidy feed may give it, as a text that is kept as written
	SDMX  string                 // its name in SDMX-CSV; "": it is not there
	Title Text                   // its heading in exports for people; none: it is not there
	Width float64                // of that column, in letters
}

// Columns lists them.
func Columns() []Column {
	return []Column{
		{Name: "written", At: func(o *Observation) any { return &o.Written }},
		{Name: "unit_written", At: func(o *Observation) any { return &o.UnitWritten }},
		{Name: "unit", At: func(o *Observation) any { return &o.Unit }},
		{Name: "note", At: func(o *Observation) any { return &o.Note }, Fed: true, SDMX: "OBS_COMMENT", Title: Text{Zh: "备注", En: "Note"}, Width: 30},
		{Name: "received_at", At: func(o *Observation) any { return &o.ReceivedAt }},
		{Name: "receipt", At: func(o *Observation) any { return &o.Receipt }},
		{Name: "cell", At: func(o *Observation) any { return &o.Cell }},
		{Name: "seq", At: func(o *Observation) any { return &o.Seq }},
		{Name: "synthetic", At: func(o *Observation) any { return &o.Synthetic }},
	}
}

// Text is what the observation has in the column, which is one of text.
func (c Column) Text(o *Observation) string {
	s, _ := c.At(o).(*string)
	if s == nil {
		return ""
	}
	return *s
}

// FeedFields are the names of all that a tidy feed may give, in the order people
// expect: the key, the value and what every room knows, then FedColumns.
func FeedFields() []string {
	names := []string{"indicator", "region", "period", "value", "unit", "basis", "status", "note", "published"}
	for _, c := range FedColumns() {
		if !slices.Contains(names, c.Name) {
			names = append(names, c.Name)
		}
	}
	return names
}

// FedColumns are those that a tidy feed may give as a text, in their order.
func FedColumns() []Column {
	return slices.DeleteFunc(Columns(), func(c Column) bool { return !c.Fed })
}

// ShownColumns are those of an export for people.
func ShownColumns() []Column {
	return slices.DeleteFunc(Columns(), func(c Column) bool { return c.Title == Text{} })
}

// SeriesKey names a series: one indicator of one region.
type SeriesKey struct{ Indicator, Region string }
