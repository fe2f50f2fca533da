// Package generate makes the sample feeds: the same bytes every time, from
// invented.yaml and the working-day calendar.
package generate

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/csv"
	"fmt"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/encoding/simplifiedchinese"

	"yardstick/schema"
	"yardstick/schema/calendar"
)

// Label stands in the note of every row.
const Label = "演示数据"

//go:embed invented.yaml
var inventedYAML []byte

// invented is what the feeds are made of; the file says what is what.
type invented struct {
	Curves    []curve
	Revisions []struct {
		File      schema.Period // the month's file it comes in
		Indicator string
		Period    schema.Period
		Value     string
		Reason    string
	}
	Silent []schema.Period
	Shares []struct {
		Indicator, Name  string
		Decimals         int
		Districts, Zones []share
	}
	Manners map[string]manner
}

// curve is one invented series.
type curve struct {
	Feed, Indicator string
	Name            string // as written in feeds that name indicators in Chinese
	Basis           schema.Basis
	Unit            string
	First           schema.Period
	Values          []string
	Provisional     []schema.Period
}

// share is a district's invented share of the city's figure, in thousandths.
type share struct {
	Name string
	Of   int
}

// manner is how one sender writes.
type manner struct {
	Columns        string // HEADER=WHAT, with a space between each two
	Semicolons, GB bool
}

// row is one line of a feed before it is dressed in the feed's own manner.
type row struct {
	curve
	value     string
	region    string // code; of districts the name
	period    schema.Period
	status    schema.ObsStatus
	published schema.Date
	note      string
}

// maker gathers the rows of each file.
type maker struct {
	invented
	days  *calendar.Calendar
	files map[string][]row
}

// Files makes every feed file: path to bytes.
func Files() (map[string][]byte, error) {
	days, err := calendar.Default()
	if err != nil {
		return nil, fmt.Errorf("making the samples: %w", err)
	}
	m := &maker{days: days, files: map[string][]row{}}
	dec := yaml.NewDecoder(bytes.NewReader(inventedYAML))
	dec.KnownFields(true)
	if err := dec.Decode(&m.invented); err != nil {
		return nil, fmt.Errorf("reading what the samples are made of: %w", err)
	}
	m.monthlies()
	if err := m.restated(); err != nil {
		return nil, err
	}
	m.reports()
	if err := m.byDistrict(); err != nil {
		return nil, err
	}
	out := map[string][]byte{}
	for name, rows := range m.files {
		if out[name], err = m.dress(path.Dir(name), rows); err != nil {
			return nil, fmt.Errorf("writing %s: %w", name, err)
		}
	}
	return out, nil
}

// add puts a row into a month's file of its curve's feed.
func (m *maker) add(file schema.Period, r row) {
	if r.status == "" {
		r.status = schema.StatusNormal
	}
	if r.published.IsZero() {
		r.published = m.released(file)
	}
	if r.region == "" {
		r.region = "210200"
		if r.Indicator == "fair-price-shops" {
			r.region = "210200-L5"
		}
	}
	name := path.Join(r.Feed, file.String()+".csv")
	m.files[name] = append(m.files[name], r)
}

// released is the day a month's figures are published: a fortnight after the
// period's end, moved on to a working day.
func (m *maker) released(p schema.Period) schema.Date { return m.days.OnOrAfter(p.Last().AddDays(14)) }

// monthlies writes each figure into the file of the month its period ends in.
// Quarters before the samples begin come, as history, with the first file.
func (m *maker) monthlies() {
	begin := schema.Month(2024, time.October)
	for _, c := range m.Curves {
		for i, value := range c.Values {
			r := row{curve: c, value: value, period: c.First.Add(i), note: Label}
			file := schema.PeriodOf(schema.Monthly, r.period.Last())
			if file.Compare(begin) < 0 {
				file, r.note = begin, Label+"；补录历史数"
			}
			if slices.Contains(c.Provisional, r.period) {
				r.status = schema.StatusProvisional
			}
			m.add(file, r)
		}
	}
}

// restated writes the revisions, with the reason in the note.
func (m *maker) restated() error {
	for _, v := range m.Revisions {
		i := slices.IndexFunc(m.Curves, func(c curve) bool {
			n := v.Period.Since(c.First)
			return c.Indicator == v.Indicator && c.First.Frequency() == v.Period.Frequency() && n >= 0 && n < len(c.Values)
		})
		if i < 0 {
			return fmt.Errorf("the revision of %s for %s restates a figure that was never given", v.Indicator, v.Period)
		}
		m.add(v.File, row{curve: m.Curves[i], value: v.Value, period: v.Period, note: Label + "；" + v.Reason})
	}
	return nil
}

// reports writes the cadences: one report a ten-day period, known the day after
// it; one payment a working day, known the same day.
func (m *maker) reports() {
	issued, end := schema.NewDate(2024, time.October, 27), schema.NewDate(2025, time.December, 31)
	one := func(indicator, name string, p schema.Period, published schema.Date) {
		if slices.Contains(m.Silent, p) {
			return
		}
		c := curve{Feed: "bond-funds", Indicator: indicator, Name: name, Unit: "天", Basis: schema.InPeriod}
		length := p.Last().DaysSince(p.First()) + 1
		m.add(schema.PeriodOf(schema.Monthly, p.Last()), row{curve: c, value: strconv.Itoa(length), period: p, published: published, note: Label})
	}
	for p := schema.PeriodOf(schema.TenDay, issued); !p.Last().After(end); p = p.Next() {
		one("bond-fund-report-cadence", "债券资金旬通报", p, p.Last().AddDays(1))
	}
	for d := m.days.NextWorkingDay(issued); !d.After(end); d = m.days.NextWorkingDay(d) {
		one("bond-fund-disbursement-cadence", "债券资金日拨款", schema.Day(d), d)
	}
}

// byDistrict shares the city's curves out among its districts and zones, which
// report in a feed of their own. From a hundred on the districts' sum is one
// short of the city's figure, as sums of districts are.
func (m *maker) byDistrict() error {
	for _, in := range m.Shares {
		i := slices.IndexFunc(m.Curves, func(c curve) bool { return c.Indicator == in.Indicator })
		if i < 0 {
			return fmt.Errorf("the curve of %s, which districts share, is not there", in.Indicator)
		}
		c := m.Curves[i]
		c.Feed, c.Name = "districts", in.Name
		for n, written := range c.Values {
			whole, err := strconv.ParseFloat(written, 64)
			if err != nil {
				return fmt.Errorf("sharing out %s: %w", in.Indicator, err)
			}
			p := c.First.Add(n)
			values := portions(whole, in.Districts, in.Decimals)
			for _, z := range in.Zones {
				values = append(values, strconv.FormatFloat(whole*float64(z.Of)/1000, 'f', in.Decimals, 64))
			}
			for k, s := range slices.Concat(in.Districts, in.Zones) {
				m.add(p, row{curve: c, value: values[k], region: s.Name, period: p, note: Label})
			}
		}
	}
	return nil
}

// portions rounds each share so that they add up to the whole, or from a hundred
// on to one less; the last places go to those that rounding took most from. Where
// shares do not come to a thousand, the rest is nobody's.
func portions(whole float64, shares []share, decimals int) []string {
	unit := math.Pow(10, -float64(decimals))
	total := 0
	for _, s := range shares {
		total += s.Of
	}
	left := int(math.Round(whole / unit * float64(total) / 1000))
	if whole >= 100 {
		left--
	}
	counts, order := make([]int, len(shares)), make([]int, len(shares))
	lost := make([]float64, len(shares))
	for i, s := range shares {
		exact := whole / unit * float64(s.Of) / 1000
		counts[i], order[i] = int(exact), i
		lost[i] = exact - math.Floor(exact)
		left -= counts[i]
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(lost[b], lost[a]) })
	for _, i := range order[:max(0, min(left, len(order)))] {
		counts[i]++
	}
	out := make([]string, len(shares))
	for i, n := range counts {
		out[i] = strconv.FormatFloat(float64(n)*unit, 'f', decimals, 64)
	}
	return out
}

// words are what a column may say of a row: the period by its code, in Chinese with
// its span, or as a plain month; the region by its code or its name.
func (r row) words() map[string]string {
	return map[string]string{
		"indicator": r.Indicator, "name": r.Name, "value": r.value, "unit": r.Unit, "status": string(r.status),
		"published": r.published.String(), "note": r.note, "region": r.region,
		"place":  map[string]string{"210200": "大连", "210200-L5": "市内五区"}[r.region],
		"period": r.period.String(), "span": r.period.Chinese(r.Basis), "month": r.period.Chinese(schema.Point), "basis": string(r.Basis),
		"口径": map[schema.Basis]string{schema.Point: "时点", schema.InPeriod: "当期", schema.YearToDate: "累计"}[r.Basis],
	}
}

// dress writes the rows as their feed writes them.
func (m *maker) dress(feed string, rows []row) ([]byte, error) {
	manner, ok := m.Manners[feed]
	if !ok {
		return nil, fmt.Errorf("feed %s has no manner of writing", feed)
	}
	slices.SortStableFunc(rows, func(a, b row) int { return a.published.Compare(b.published) })
	lines := make([][]string, 1+len(rows))
	for _, column := range strings.Fields(manner.Columns) {
		header, what, _ := strings.Cut(column, "=")
		lines[0] = append(lines[0], header)
		for i, r := range rows {
			said, ok := r.words()[what]
			if !ok {
				said = what
			}
			lines[i+1] = append(lines[i+1], said)
		}
	}
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	if w.UseCRLF = true; manner.Semicolons {
		w.Comma = ';'
	}
	if err := w.WriteAll(lines); err != nil {
		return nil, fmt.Errorf("putting the rows into CSV: %w", err)
	}
	if manner.GB {
		return simplifiedchinese.GB18030.NewEncoder().Bytes(out.Bytes())
	}
	return append([]byte("\ufeff"), out.Bytes()...), nil
}
