package download

import (
	"errors"
	"fmt"
	"io"
	"strconv"
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

// observations takes figures one by one. The CSV for machines has the columns
// indicator, region, period, basis, value, unit, status, published_at, receipt
// and stays so.
type observations struct {
	o         ObservationOptions
	table     Writer    // CSV, workbook, SDMX-CSV
	list      *jsonList // JSON
	fields    []field
	row       []string
	labels    map[string]string // of codes, for people
	day       schema.Date       // of the row before
	dayText   string
	rows      int
	synthetic int
}

// field is a column of figures.
type field struct {
	Column
	cell   func(*schema.Observation) string
	spoken func(*schema.Observation) string // as people read it; nil: the same
}

// begin begins to write figures to w.
func begin(w io.Writer, o ObservationOptions) (t *observations, err error) {
	t = &observations{o: o, labels: map[string]string{}}
	options := Options{Format: o.Format, People: o.People || o.Format == XLSX, Lang: o.Lang, Sheet: words.Say("download-sheet")}
	switch {
	case o.Format == JSON:
		t.list = newList(w)
		return t, nil
	case o.Format == SDMX:
		t.fields = t.sdmx()
		options.Format, options.People = CSV, false
	case options.People:
		t.fields = t.people()
	default:
		t.fields = t.machine()
	}
	t.row = make([]string, len(t.fields))
	columns := make([]Column, len(t.fields))
	for i, f := range t.fields {
		columns[i] = f.Column
	}
	t.table, err = New(w, options, columns)
	return t, err
}

// add writes one figure.
func (t *observations) add(o schema.Observation) error {
	t.rows++
	if o.Synthetic {
		t.synthetic++
	}
	if t.list != nil {
		return t.list.add(o)
	}
	for i, f := range t.fields {
		t.row[i] = f.cell(&o)
	}
	return t.table.Row(t.row...)
}

// Write writes all that each gives, and gives up the file when something fails.
// A workbook gets its second sheet.
func Write(w io.Writer, o ObservationOptions, each func(func(schema.Observation) error) error) (rows int, err error) {
	t, err := begin(w, o)
	if err != nil {
		return 0, err
	}
	if err := each(t.add); err != nil {
		if t.table != nil {
			err = errors.Join(err, t.table.Discard())
		}
		return t.rows, err
	}
	if t.list != nil {
		err = t.list.end()
	} else {
		err = t.table.Close(t.facts()...)
	}
	if err != nil {
		return t.rows, fmt.Errorf("ending the file: %w", err)
	}
	return t.rows, nil
}

// date is the day's text; many rows in a row have the same.
func (t *observations) date(o *schema.Observation) string {
	if o.PublishedAt != t.day {
		t.day, t.dayText = o.PublishedAt, o.PublishedAt.String()
	}
	return t.dayText
}

// The cells that several forms have.
func indicatorCell(o *schema.Observation) string { return o.Indicator }
func regionCell(o *schema.Observation) string    { return o.Region }
func periodCell(o *schema.Observation) string    { return o.Period.String() }
func basisCell(o *schema.Observation) string     { return string(o.Basis) }
func unitCell(o *schema.Observation) string      { return o.Unit }
func statusCell(o *schema.Observation) string    { return string(o.Status) }
func receiptCell(o *schema.Observation) string   { return o.Receipt }

func valueCell(o *schema.Observation) string {
	if o.Value == nil {
		return ""
	}
	return o.Value.String()
}

// machine are the columns for machines. For people they have names, periods and
// words as people read them, and as a feed may bring them back: a name that
// would not be found again gives way to its code.
func (t *observations) machine() []field {
	column := func(name string, kind Kind, width float64) Column {
		return Column{Name: name, Title: words.Say("download-column-" + name), Kind: kind, Width: width}
	}
	say := func(kind string, cell func(*schema.Observation) string, of func(code string) string) func(*schema.Observation) string {
		return func(o *schema.Observation) string { return t.label(kind, cell(o), of) }
	}
	in := func(of func(code string) schema.Text) func(string) string {
		return func(code string) string { return of(code).In(t.o.Lang) }
	}
	return []field{
		{column("indicator", Text, 30), indicatorCell, say("i", indicatorCell, t.indicator)},
		{column("region", Text, 14), regionCell, say("r", regionCell, t.region)},
		{column("period", Text, 16), periodCell, func(o *schema.Observation) string {
			if f := o.Period.Frequency(); t.o.Lang != schema.Chinese && (f == schema.TenDay || f == schema.Daily) {
				return o.Period.String()
			}
			return o.Period.In(t.o.Lang, o.Basis)
		}},
		{column("basis", Text, 10), basisCell, say("b", basisCell, in(func(code string) schema.Text { return words.Say("download-basis-" + code) }))},
		{column("value", Number, 18), valueCell, nil}, {column("unit", Text, 10), unitCell, nil},
		{column("status", Text, 10), statusCell, say("s", statusCell, in(statusLabel))},
		{column("published_at", Date, 12), t.date, nil}, {column("receipt", Text, 20), receiptCell, nil},
	}
}

// people are the machine's columns and those that are shown to people, the note
// first, which says where a figure is made up for a demonstration.
func (t *observations) people() []field {
	out := t.machine()
	for i, f := range out {
		if f.spoken != nil {
			out[i].cell = f.spoken
		}
	}
	for i, c := range schema.ShownColumns() {
		f := field{Column: Column{Name: c.Name, Title: c.Title, Width: c.Width}, cell: c.Text}
		if i == 0 {
			f.cell = func(o *schema.Observation) string {
				if !o.Synthetic {
					return o.Note
				}
				mark := t.label("m", "", func(string) string { return words.Say("download-synthetic").In(t.o.Lang) })
				if o.Note != "" {
					mark += "; "
				}
				return mark + o.Note
			}
		}
		out = append(out, f)
	}
	return out
}

// sdmx are the columns of SDMX-CSV 2.0 as https://github.com/sdmx-twg/sdmx-csv
// describes it: structure, its identification, the action, then dimensions,
// measure and attributes. The structures are Yardstick's own: an observation is
// known by frequency, region, indicator, basis and time; among vintages also by
// when it was published and received. Periods have SDMX's forms (2025, 2025-Q3,
// 2025-09, 2025-09-15, and the time range 2025-09-11/P10D for a ten-day period,
// which stands for the rest of the month after the 20th). A missing value is
// left empty, with the status that says why.
func (t *observations) sdmx() (out []field) {
	add := func(name string, cell func(*schema.Observation) string) {
		out = append(out, field{Column{Name: name}, cell, nil})
	}
	fixed := func(name, text string) { add(name, func(*schema.Observation) string { return text }) }
	fixed("STRUCTURE", "dataflow")
	if t.o.Selection.Vintages {
		fixed("STRUCTURE_ID", "YARDSTICK:VINTAGES(1.0.0)")
	} else {
		fixed("STRUCTURE_ID", "YARDSTICK:OBSERVATIONS(1.0.0)")
	}
	fixed("ACTION", "I")
	add("FREQ", func(o *schema.Observation) string {
		// CL_FREQ has M_3 for what comes three times a month; T, which Yardstick
		// uses, would be read as four months.
		if f := o.Period.Frequency(); f != schema.TenDay {
			return string(f)
		}
		return "M_3"
	})
	add("REF_AREA", regionCell)
	add("INDICATOR", indicatorCell)
	add("BASIS", basisCell)
	if t.o.Selection.Vintages {
		add("PUBLISHED_AT", t.date)
		add("SEQ", func(o *schema.Observation) string { return strconv.FormatUint(o.Seq, 10) })
	}
	add("TIME_PERIOD", periodCell)
	add("OBS_VALUE", valueCell)
	add("UNIT_MEASURE", unitCell)
	add("OBS_STATUS", statusCell)
	if !t.o.Selection.Vintages {
		add("PUBLISHED_AT", t.date)
	}
	add("RECEIPT", receiptCell)
	for _, c := range schema.Columns() {
		if c.SDMX != "" {
			add(c.SDMX, c.Text)
		}
	}
	add("SYNTHETIC", func(o *schema.Observation) string { return strconv.FormatBool(o.Synthetic) })
	return out
}

// label is what a code is called; each is looked up once. kind keeps codes of
// different lists apart.
func (t *observations) label(kind, code string, of func(code string) string) string {
	key := kind + code
	said, ok := t.labels[key]
	if !ok {
		said = of(code)
		t.labels[key] = said
	}
	return said
}

func (t *observations) indicator(code string) string {
	list := t.o.Register.Indicators
	ind, _ := list.ByCode(code)
	if back, ok := list.Find(ind.Name.In(t.o.Lang)); ok && back.Code == code {
		return ind.Name.In(t.o.Lang)
	}
	return code
}

func (t *observations) region(code string) string {
	list := t.o.Register.Regions
	region, _ := list.ByCode(code)
	if back, ok := list.Find(region.Name.In(t.o.Lang)); ok && back.Code == code {
		return region.Name.In(t.o.Lang)
	}
	return code
}

// statusLabel is the word of a status, or its SDMX code where reading knows no
// word for it.
func statusLabel(code string) schema.Text {
	switch schema.ObsStatus(code) {
	case schema.StatusNormal, schema.StatusProvisional, schema.StatusEstimated, schema.StatusForecast, schema.StatusMissing:
		return words.Say("download-status-" + code)
	}
	return schema.Same(code)
}

// facts is what a workbook tells of its figures: source, day, selection.
func (t *observations) facts() []Fact {
	fact := func(name string, value schema.Text) Fact { return Fact{words.Say("download-fact-" + name), value} }
	s := t.o.Selection
	day := schema.Same(s.AsOf.String())
	if s.AsOf.IsZero() {
		day = words.Say("download-all-days")
	}
	known := t.o.Known
	if !s.KnownAt.IsZero() {
		known = s.KnownAt.In(t.o.Known.Location())
	}
	which := "download-in-force"
	if s.Vintages {
		which = "download-vintages"
	}
	out := []Fact{fact("source", words.Say("download-source")), fact("as-of", day),
		fact("known-at", schema.Same(known.Format(time.RFC3339))), fact("vintages", words.Say(which, "n", t.rows))}
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
