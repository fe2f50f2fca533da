package download

import (
	"errors"
	"fmt"
	"io"
	"time"

	"yardstick/schema"
	"yardstick/schema/targets"
	"yardstick/schema/words"
)

// ObservationOptions say how figures are written and what is told about them.
type ObservationOptions struct {
	Format    Format
	People    bool   // CSV with BOM, headers, names and periods as people read them; workbooks always are
	Lang      string // code of a language
	Register  *targets.Register
	Selection Selection
	Known     time.Time // the moment the store was read at, in the zone to show it in
}

// Observations takes figures one by one. The CSV for machines has the columns
// indicator, region, period, basis, value, unit, status, published_at, receipt
// and stays so.
type Observations struct {
	o         ObservationOptions
	table     Writer    // CSV, workbook, SDMX-CSV
	list      *jsonList // JSON
	cells     func(*schema.Observation) []string
	row       []string
	sdmxed    []schema.Column   // those that SDMX-CSV has
	labels    map[string]string // of codes, for people
	day       schema.Date       // of the row before
	dayText   string
	rows      int
	synthetic int
}

// NewObservations begins to write figures to w.
func NewObservations(w io.Writer, o ObservationOptions) (*Observations, error) {
	out := &Observations{o: o, labels: map[string]string{}}
	options := Options{Format: o.Format, People: o.People || o.Format == XLSX, Lang: o.Lang, Sheet: words.Say("download-sheet")}
	var columns []Column
	switch {
	case o.Format == JSON:
		out.list = newList(w)
		return out, nil
	case o.Format == SDMX:
		columns, out.cells = sdmxColumns(o.Selection.Vintages), out.sdmx
		out.sdmxed = sdmxed()
		options.Format, options.People = CSV, false
	case options.People:
		columns, out.cells = peopleColumns(), out.people
	default:
		columns, out.cells = machineColumns(), out.machine
	}
	out.row = make([]string, len(columns))
	var err error
	out.table, err = New(w, options, columns)
	return out, err
}

// Add writes one figure.
func (t *Observations) Add(o schema.Observation) error {
	t.rows++
	if o.Synthetic {
		t.synthetic++
	}
	if t.list != nil {
		return t.list.add(o)
	}
	return t.table.Row(t.cells(&o)...)
}

// Rows is the number of figures written.
func (t *Observations) Rows() int { return t.rows }

// Close ends the file; a workbook gets its second sheet.
func (t *Observations) Close() error {
	if t.list != nil {
		return t.list.end()
	}
	return t.table.Close(t.facts()...)
}

// Discard gives up a file that will not be closed.
func (t *Observations) Discard() error {
	if t.table == nil {
		return nil
	}
	return t.table.Discard()
}

func column(name string, kind Kind, width float64) Column {
	return Column{Name: name, Title: words.Say("download-column-" + name), Kind: kind, Width: width}
}

func machineColumns() []Column {
	return []Column{column("indicator", Text, 30), column("region", Text, 14), column("period", Text, 16), column("basis", Text, 10),
		column("value", Number, 18), column("unit", Text, 10), column("status", Text, 10), column("published_at", Date, 12), column("receipt", Text, 20)}
}

// peopleColumns are the machine's and those that are shown to people, the note
// first, which says where a figure is made up for a demonstration.
func peopleColumns() []Column {
	out := machineColumns()
	for _, c := range schema.ShownColumns() {
		out = append(out, Column{Name: c.Name, Title: c.Title, Kind: Text, Width: c.Width})
	}
	return out
}

func value(o *schema.Observation) string {
	if o.Value == nil {
		return ""
	}
	return o.Value.String()
}

// date is the day's text; many rows in a row have the same.
func (t *Observations) date(d schema.Date) string {
	if d != t.day {
		t.day, t.dayText = d, d.String()
	}
	return t.dayText
}

func (t *Observations) machine(o *schema.Observation) []string {
	r := t.row
	r[0], r[1], r[2], r[3], r[4] = o.Indicator, o.Region, o.Period.String(), string(o.Basis), value(o)
	r[5], r[6], r[7], r[8] = o.Unit, string(o.Status), t.date(o.PublishedAt), o.Receipt
	return r
}

// people gives names, periods and words as people read them, and as a feed may
// bring them back: a name that would not be found again gives way to its code.
func (t *Observations) people(o *schema.Observation) []string {
	r := t.row
	r[0] = t.label("i", o.Indicator, t.indicator)
	r[1] = t.label("r", o.Region, t.region)
	r[2] = o.Period.In(t.o.Lang, o.Basis)
	if f := o.Period.Frequency(); t.o.Lang != schema.Chinese && (f == schema.TenDay || f == schema.Daily) {
		r[2] = o.Period.String()
	}
	r[3] = t.label("b", string(o.Basis), func(code string) string { return words.Say("download-basis-" + code).In(t.o.Lang) })
	r[4], r[5] = value(o), o.Unit
	r[6] = t.label("s", string(o.Status), func(code string) string { return statusLabel(schema.ObsStatus(code)).In(t.o.Lang) })
	r[7], r[8], r[9] = t.date(o.PublishedAt), o.Receipt, o.Note
	if o.Synthetic {
		mark := t.label("m", "", func(string) string { return words.Say("download-synthetic").In(t.o.Lang) })
		if r[9] != "" {
			mark += "; "
		}
		r[9] = mark + o.Note
	}
	for i, c := range schema.ShownColumns()[1:] {
		r[10+i] = c.Text(o)
	}
	return r
}

// label is what a code is called; each is looked up once. kind keeps codes of
// different lists apart.
func (t *Observations) label(kind, code string, of func(code string) string) string {
	key := kind + code
	said, ok := t.labels[key]
	if !ok {
		said = of(code)
		t.labels[key] = said
	}
	return said
}

func (t *Observations) indicator(code string) string {
	list := t.o.Register.Indicators
	if ind, ok := list.ByCode(code); ok {
		if back, ok := list.Find(ind.Name.In(t.o.Lang)); ok && back.Code == code {
			return ind.Name.In(t.o.Lang)
		}
	}
	return code
}

func (t *Observations) region(code string) string {
	list := t.o.Register.Regions
	if region, ok := list.ByCode(code); ok {
		if back, ok := list.Find(region.Name.In(t.o.Lang)); ok && back.Code == code {
			return region.Name.In(t.o.Lang)
		}
	}
	return code
}

// statusLabel is the word of a status, or its SDMX code where reading knows no
// word for it.
func statusLabel(s schema.ObsStatus) schema.Text {
	switch s {
	case schema.StatusNormal, schema.StatusProvisional, schema.StatusEstimated, schema.StatusForecast, schema.StatusMissing:
		return words.Say("download-status-" + string(s))
	}
	return schema.Same(string(s))
}

// facts is what a workbook tells of its figures: source, day, selection.
func (t *Observations) facts() []Fact {
	fact := func(name string, value schema.Text) Fact { return Fact{words.Say("download-fact-" + name), value} }
	s := t.o.Selection
	out := []Fact{fact("source", words.Say("download-source"))}
	switch {
	case s.AsOf.IsZero():
		out = append(out, fact("as-of", words.Say("download-all-days")))
	default:
		out = append(out, fact("as-of", schema.Same(s.AsOf.String())))
	}
	known := t.o.Known
	if !s.KnownAt.IsZero() {
		known = s.KnownAt.In(t.o.Known.Location())
	}
	out = append(out, fact("known-at", schema.Same(known.Format(time.RFC3339))))
	which := "download-in-force"
	if s.Vintages {
		which = "download-vintages"
	}
	out = append(out, fact("vintages", words.Say(which, "n", t.rows)))
	if s.From != (schema.Date{}) || s.To != (schema.Date{}) {
		out = append(out, fact("periods", schema.Same(s.From.String()+" … "+s.To.String())))
	}
	switch {
	case t.synthetic == t.rows && t.rows > 0:
		out = append(out, fact("synthetic", words.Say("download-all-synthetic")))
	case t.synthetic > 0:
		out = append(out, fact("synthetic", words.Say("download-some-synthetic", "n", t.synthetic)))
	}
	return append(out, fact("missing", words.Say("download-missing")))
}

// Write writes all that each gives, and gives up the file when something fails.
func Write(w io.Writer, o ObservationOptions, each func(func(schema.Observation) error) error) (rows int, err error) {
	out, err := NewObservations(w, o)
	if err != nil {
		return 0, err
	}
	if err := each(out.Add); err != nil {
		return out.Rows(), errors.Join(err, out.Discard())
	}
	if err := out.Close(); err != nil {
		return out.Rows(), fmt.Errorf("ending the file: %w", err)
	}
	return out.Rows(), nil
}
