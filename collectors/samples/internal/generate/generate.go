// Package generate makes the sample feeds: the same bytes every time, from the
// curves written down here and the working-day calendar.
package generate

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"yardstick/schema"
	"yardstick/schema/calendar"
)

// Label stands in the note of every row.
const Label = "演示数据"

// row is one line of a feed before it is dressed in the feed's own manner.
type row struct {
	indicator, name, unit, value string
	region                       string // code; of districts the name
	period                       schema.Period
	basis                        schema.Basis
	status                       schema.ObsStatus
	published                    schema.Date
	note                         string
}

// Files makes every feed file: path to bytes.
func Files() (map[string][]byte, error) {
	days, err := calendar.Default()
	if err != nil {
		return nil, fmt.Errorf("making the samples: %w", err)
	}
	byFile := map[string][]row{}
	add := func(feed string, file schema.Period, r row) {
		name := path.Join(feed, file.String()+".csv")
		byFile[name] = append(byFile[name], r)
	}
	monthlies(days, add)
	if err := restated(days, add); err != nil {
		return nil, err
	}
	reports(days, add)
	if err := byDistrict(days, add); err != nil {
		return nil, err
	}
	out := map[string][]byte{}
	for name, rows := range byFile {
		if out[name], err = dress(path.Dir(name), rows); err != nil {
			return nil, fmt.Errorf("writing %s: %w", name, err)
		}
	}
	return out, nil
}

// released is the day a month's figures are published: a fortnight after the
// period's end, moved on to a working day.
func released(days *calendar.Calendar, p schema.Period) schema.Date {
	return days.OnOrAfter(p.Last().AddDays(14))
}

// monthlies writes each figure into the file of the month its period ends in.
// Quarters before the samples begin come, as history, with the first file.
func monthlies(days *calendar.Calendar, add func(string, schema.Period, row)) {
	begin := schema.Month(2024, time.October)
	for _, c := range append(curves(), quarters()...) {
		for i, value := range c.values {
			p := c.first.Add(i)
			file, note := schema.PeriodOf(schema.Monthly, p.Last()), Label
			if file.Compare(begin) < 0 {
				file, note = begin, Label+"；补录历史数"
			}
			r := row{c.indicator, c.name, c.unit, value, regionOf(c.indicator), p, c.basis, schema.StatusNormal, released(days, file), note}
			if slices.Contains(c.provisional, p) {
				r.status = schema.StatusProvisional
			}
			add(c.feed, file, r)
		}
	}
}

// restated writes the revisions, with the reason in the note.
func restated(days *calendar.Calendar, add func(string, schema.Period, row)) error {
	all := append(curves(), quarters()...)
	for _, v := range revisions() {
		i := slices.IndexFunc(all, func(c curve) bool {
			n := v.period.Since(c.first)
			return c.indicator == v.indicator && c.first.Frequency() == v.period.Frequency() && n >= 0 && n < len(c.values)
		})
		if i < 0 {
			return fmt.Errorf("the revision of %s for %s restates a figure that was never given", v.indicator, v.period)
		}
		c := all[i]
		add(c.feed, v.file, row{c.indicator, c.name, c.unit, v.value, regionOf(c.indicator), v.period, c.basis, schema.StatusNormal,
			released(days, v.file), Label + "；" + v.reason})
	}
	return nil
}

// reports writes the cadences: one report a ten-day period, known the day after
// it; one payment a working day, known the same day.
func reports(days *calendar.Calendar, add func(string, schema.Period, row)) {
	issued, end := schema.NewDate(2024, time.October, 27), schema.NewDate(2025, time.December, 31)
	one := func(indicator, name string, p schema.Period, length int, published schema.Date) {
		if silent(p) {
			return
		}
		add("bond-funds", schema.PeriodOf(schema.Monthly, p.Last()), row{indicator, name, "天", fmt.Sprint(length), "210200", p,
			schema.InPeriod, schema.StatusNormal, published, Label})
	}
	for p := schema.PeriodOf(schema.TenDay, issued); !p.Last().After(end); p = p.Next() {
		one("bond-fund-report-cadence", "债券资金旬通报", p, p.Last().DaysSince(p.First())+1, p.Last().AddDays(1))
	}
	for d := days.NextWorkingDay(issued); !d.After(end); d = days.NextWorkingDay(d) {
		one("bond-fund-disbursement-cadence", "债券资金日拨款", schema.Day(d), 1, d)
	}
}

func regionOf(indicator string) string {
	if indicator == "fair-price-shops" {
		return "210200-L5"
	}
	return "210200"
}

func list(s string) []string { return strings.Fields(s) }

// manner is how one sender writes.
type manner struct {
	header []string
	cells  func(row) []string
	comma  rune
	gb     bool // GB18030 instead of UTF-8 with a byte order mark
}

// manners differ on purpose: header language and order, codes or names, basis
// given or left to the catalogue, delimiter, encoding, the writing of periods.
func manners() map[string]manner {
	return map[string]manner{
		"bond-funds": {
			[]string{"指标名称", "地区", "报告期", "数值", "计量单位", "口径", "状态", "发布日期", "备注"},
			func(r row) []string {
				return []string{r.name, "大连市", r.period.Chinese(r.basis), r.value, r.unit, "当期", string(r.status), r.published.String(), r.note}
			}, ',', false,
		},
		"finance": { // no basis column: the catalogue's holds
			[]string{"指标名称", "地区", "时期", "本期值", "单位", "标识", "公布日期", "说明"},
			func(r row) []string {
				return []string{r.name, "全市", r.period.Chinese(schema.Point), r.value, r.unit, string(r.status), r.published.String(), r.note}
			}, ',', true,
		},
		"science-and-talent": {
			[]string{"indicator", "region", "period", "value", "unit", "basis", "status", "published", "note"},
			func(r row) []string {
				return []string{r.indicator, r.region, r.period.String(), r.value, r.unit, string(r.basis), string(r.status), r.published.String(), r.note}
			}, ',', false,
		},
		"industry": {
			[]string{"指标", "行政区划", "时期", "完成数", "单位", "当期累计", "状态", "发布日期", "备注"},
			func(r row) []string {
				basis := map[schema.Basis]string{schema.Point: "时点", schema.InPeriod: "当期", schema.YearToDate: "累计"}[r.basis]
				return []string{r.name, r.region, r.period.Chinese(r.basis), r.value, r.unit, basis, string(r.status), r.published.String(), r.note}
			}, ',', false,
		},
		"housing-and-city": {
			[]string{"发布日期", "指标名称", "区域", "统计时期", "单位", "数值", "状态", "备注"},
			func(r row) []string {
				region := map[string]string{"210200": "大连", "210200-L5": "市内五区"}[r.region]
				return []string{r.published.String(), r.name, region, r.period.String(), r.unit, r.value, string(r.status), r.note}
			}, ';', false,
		},
		"districts": { // no basis column either
			[]string{"地区", "指标", "时期", "数值", "单位", "状态", "发布日期", "备注"},
			func(r row) []string {
				return []string{r.region, r.name, r.period.Chinese(schema.Point), r.value, r.unit, string(r.status), r.published.String(), r.note}
			}, ',', false,
		},
		"agriculture-and-trade": {
			[]string{"INDICATOR", "REGION", "PERIOD", "BASIS", "VALUE", "UNIT", "STATUS", "PUBLISHED", "NOTE"},
			func(r row) []string {
				return []string{r.indicator, "Dalian", r.period.String(), string(r.basis), r.value, r.unit, string(r.status), r.published.String(), r.note}
			}, ',', false,
		},
	}
}

// dress writes the rows as their feed writes them.
func dress(feed string, rows []row) ([]byte, error) {
	m, ok := manners()[feed]
	if !ok {
		return nil, fmt.Errorf("feed %s has no manner of writing", feed)
	}
	slices.SortStableFunc(rows, func(a, b row) int { return a.published.Compare(b.published) })
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	w.Comma, w.UseCRLF = m.comma, true
	if err := w.Write(m.header); err != nil {
		return nil, err
	}
	for _, r := range rows {
		if err := w.Write(m.cells(r)); err != nil {
			return nil, err
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return nil, err
	}
	if m.gb {
		return simplifiedchinese.GB18030.NewEncoder().Bytes(out.Bytes())
	}
	return append([]byte("\ufeff"), out.Bytes()...), nil
}
