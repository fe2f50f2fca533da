package download

import (
	"slices"
	"strconv"

	"yardstick/schema"
)

// SDMX-CSV 2.0 as https://github.com/sdmx-twg/sdmx-csv describes it: structure,
// its identification, the action, then dimensions, measure and attributes. The
// structures are the house's own: an observation is known by frequency, region,
// indicator, basis and time; among vintages also by when it was published and
// received.
const (
	sdmxObservations = "YARDSTICK:OBSERVATIONS(1.0.0)"
	sdmxVintages     = "YARDSTICK:VINTAGES(1.0.0)"
)

func sdmxColumns(vintages bool) []Column {
	names := []string{"STRUCTURE", "STRUCTURE_ID", "ACTION", "FREQ", "REF_AREA", "INDICATOR", "BASIS"}
	if vintages {
		names = append(names, "PUBLISHED_AT", "SEQ")
	}
	names = append(names, "TIME_PERIOD", "OBS_VALUE", "UNIT_MEASURE", "OBS_STATUS")
	if !vintages {
		names = append(names, "PUBLISHED_AT")
	}
	names = append(names, "RECEIPT")
	for _, c := range sdmxed() {
		names = append(names, c.SDMX)
	}
	names = append(names, "SYNTHETIC")
	out := make([]Column, len(names))
	for i, n := range names {
		out[i] = Column{Name: n}
	}
	return out
}

// sdmxed are the further columns that SDMX-CSV has.
func sdmxed() []schema.Column {
	return slices.DeleteFunc(schema.Columns(), func(c schema.Column) bool { return c.SDMX == "" })
}

// sdmxFrequency is the code of CL_FREQ. The ten-day period comes three times a
// month, M_3; T, which the house uses, would be read as four months.
func sdmxFrequency(f schema.Frequency) string {
	if f == schema.TenDay {
		return "M_3"
	}
	return string(f)
}

// sdmx gives a row. Periods have SDMX's forms (2025, 2025-Q3, 2025-09,
// 2025-09-15, and the time range 2025-09-11/P10D for a ten-day period, which
// stands for the rest of the month after the 20th). A missing value is left
// empty, with the status that says why.
func (t *Observations) sdmx(o *schema.Observation) []string {
	structure := sdmxObservations
	if t.o.Selection.Vintages {
		structure = sdmxVintages
	}
	r := append(t.row[:0], "dataflow", structure, "I", sdmxFrequency(o.Period.Frequency()), o.Region, o.Indicator, string(o.Basis))
	if t.o.Selection.Vintages {
		r = append(r, t.date(o.PublishedAt), strconv.FormatUint(o.Seq, 10))
	}
	r = append(r, o.Period.String(), value(o), o.Unit, string(o.Status))
	if !t.o.Selection.Vintages {
		r = append(r, t.date(o.PublishedAt))
	}
	r = append(r, o.Receipt)
	for _, c := range t.sdmxed {
		r = append(r, c.Text(o))
	}
	return append(r, strconv.FormatBool(o.Synthetic))
}
