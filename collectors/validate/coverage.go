package validate

import (
	"maps"
	"slices"
	"strings"

	"yardstick/collectors/table"
	"yardstick/schema"
	"yardstick/schema/vintage"
	"yardstick/schema/words"
)

// mostSeries bounds the series a coverage names.
const mostSeries = 2000

func (k seriesKey) String() string {
	return k.indicator + " " + k.region + " " + string(k.basis) + " " + string(k.frequency)
}

// Cover is what the rows hold, and the series of rows that were left out; nil for
// no rows.
func Cover(rows []schema.Observation, lacking []schema.Observation) *schema.Coverage {
	if len(rows) == 0 {
		return nil
	}
	series := ends(rows)
	maps.Copy(series, ends(lacking))
	all := slices.Sorted(maps.Keys(series))
	return &schema.Coverage{Figures: len(rows), Count: len(all), Series: all[:min(len(all), mostSeries)]}
}

// ends gives the last period of each series among the rows.
func ends(rows []schema.Observation) map[string]schema.Period {
	last := map[seriesKey]schema.Period{}
	for i := range rows {
		s, p := seriesOf(rows[i].Key), rows[i].Period
		if old, ok := last[s]; !ok || p.First().After(old.First()) {
			last[s] = p
		}
	}
	out := make(map[string]schema.Period, len(last))
	for k, p := range last {
		out[k.String()] = p
	}
	return out
}

// coverage asks about series that the feed's last delivery had and this file
// lacks although a figure of theirs is due. Due is the period after the last
// one held, once it has ended and its release days are over by the day the file
// was made public; of an indicator that targets alone wanted, no longer than
// they want it. A series is not missing where the file has its indicator for
// that time in another frequency. A file with rejected rows is not asked about: they may be what
// is missing; nor one that brings no new period: it corrects and delivers not.
func (j *judge) coverage() {
	if j.Last == nil || !j.Whole || len(j.Rows) == 0 || accepts(j.Given["coverage"]) { // the sender knows
		return
	}
	var day schema.Date
	for i := range j.Rows {
		day = later(day, j.Rows[i].PublishedAt)
	}
	here := ends(j.Rows)
	for s, p := range ends(j.Lacking) {
		if last, given := here[s]; !given || p.First().After(last.First()) {
			here[s] = p
		}
	}
	reach := map[string]schema.Date{} // of an indicator in a region, whatever the frequency
	for s, p := range here {
		reach[placeOf(s)] = later(reach[placeOf(s)], p.Last())
	}
	newest := j.newest()
	delivers := slices.ContainsFunc(j.Fresh, func(f vintage.Fresh) bool { // takes a series further than it was held
		k := j.Rows[f.Row].Key
		last, held := newest[seriesOf(k).String()]
		return !held || k.Period.First().After(last.First())
	})
	if !delivers {
		return
	}
	var lacking []string
	for _, s := range j.Last.Series {
		_, given := here[s]
		last, held := newest[s]
		if !given && held && j.due(s, last, day) && reach[placeOf(s)].Before(last.Next().Last()) {
			lacking = append(lacking, s)
		}
	}
	if len(lacking) > 0 {
		j.askCoverage(lacking, len(lacking), j.Last.Count)
	} else if len(j.Last.Series) < j.Last.Count && len(here) < j.Last.Count*9/10 {
		j.askCoverage(nil, j.Last.Count-len(here), j.Last.Count)
	}
}

// newest is the last period held of each series that the feed's last delivery or
// this file has, also where its fact was written under another key.
func (j *judge) newest() map[string]schema.Period {
	of := map[schema.SeriesKey]map[seriesKey]bool{}
	note := func(k seriesKey) {
		at := schema.SeriesKey{Indicator: k.indicator, Region: k.region}
		if of[at] == nil {
			of[at] = map[seriesKey]bool{}
		}
		of[at][k] = true
	}
	for _, s := range j.Last.Series {
		if part := strings.Fields(s); len(part) == 4 {
			note(seriesKey{part[0], part[1], schema.Basis(part[2]), schema.Frequency(part[3])})
		}
	}
	for _, f := range j.Fresh {
		note(seriesOf(j.Rows[f.Row].Key))
	}
	out := map[string]schema.Period{}
	for i := range j.Held {
		o := &j.Held[i]
		fact := vintage.Fact(o.Key)
		for k := range of[schema.SeriesKey{Indicator: o.Indicator, Region: o.Region}] {
			name, ok := vintage.In(fact, k.frequency, k.basis)
			if old, held := out[k.String()]; ok && (!held || name.Period.First().After(old.First())) {
				out[k.String()] = name.Period
			}
		}
	}
	return out
}

func later(a, b schema.Date) schema.Date {
	if b.After(a) {
		return b
	}
	return a
}

// placeOf is the indicator and region of a series.
func placeOf(series string) string {
	part := strings.SplitN(series, " ", 3)
	return strings.Join(part[:min(2, len(part))], " ")
}

func accepts(answer string) bool {
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "accept", "yes", "y", "true", "1", "是", "接受", "确认":
		return true
	}
	return false
}

// due reports whether a figure after the last one is due on the day.
func (j *judge) due(series string, last schema.Period, day schema.Date) bool {
	code, _, _ := strings.Cut(series, " ")
	next := last.Next()
	if until, ok := j.wanted(code); ok && next.First().After(until) {
		return false
	}
	ind, known := j.Register.Indicators.ByCode(code)
	return known && !next.Last().AddDays(ind.Release.Days).After(day)
}

// wanted is the last day that targets want an indicator for; ok is false where
// none of them, or one without an end, names it.
func (j *judge) wanted(code string) (until schema.Date, ok bool) {
	for _, p := range j.Register.Policies {
		for _, t := range p.Targets {
			if t.Indicator != code {
				continue
			}
			end := t.Deadline
			if !t.WindowTo.IsZero() {
				end = t.WindowTo
			}
			if end.IsZero() {
				return schema.Date{}, false
			}
			if ok = true; end.After(until) {
				until = end
			}
		}
	}
	return until, ok
}

func (j *judge) askCoverage(lacking []string, n, of int) {
	const named = 10
	var about []string
	var series []schema.Text
	for _, s := range lacking[:min(named, len(lacking))] {
		part := strings.Split(s, " ")
		ind, _ := j.Register.Indicators.ByCode(part[0])
		region := j.region(part[1])
		series = append(series, ind.Name.Explained(region))
		if !slices.Contains(about, part[0]) {
			about = append(about, part[0])
		}
	}
	if len(lacking) > named || len(lacking) == 0 {
		series = append(series, words.Say("and-more"))
	}
	j.question(AskCoverage, "coverage", []string{"accept"}, about, "", table.Cell{Line: 1}, "n", n, "of", of,
		"series", schema.Listed(series...))
}

// totals asks about totals that differ from the sum of their parts by more than
// the catalogue's tolerance, where the file holds the total and all parts for
// the same fact: indicators that are sums of others, and the city beside its
// districts. Nothing is mended: sums are published unadjusted (未作机械调整).
func (j *judge) totals() {
	want := map[schema.Key]int{} // totals in the file
	fresh := make(map[int]bool, len(j.Fresh))
	for _, f := range j.Fresh {
		fresh[f.Row] = true
	}
	for i := range j.Rows {
		o := &j.Rows[i]
		ind, _ := j.Register.Indicators.ByCode(o.Indicator)
		if o.Value != nil && (len(ind.Parts) > 0 || ind.Additive && len(j.districts(o.Region)) > 1) {
			j.latest(want, i)
		}
	}
	if len(want) == 0 {
		return
	}
	all := make(map[schema.Key]int, len(j.Rows))
	for i := range j.Rows {
		j.latest(all, i)
	}
	for i := range j.Rows { // in the file's order
		k := vintage.Fact(j.Rows[i].Key)
		if at, ok := want[k]; !ok || at != i {
			continue
		}
		ind, _ := j.Register.Indicators.ByCode(k.Indicator)
		of := func(codes []string, part func(*schema.Key) *string) {
			keys := make([]schema.Key, len(codes))
			for n, code := range codes {
				keys[n] = k
				*part(&keys[n]) = code
			}
			j.total(i, ind, keys, all, fresh)
		}
		if len(ind.Parts) > 0 {
			of(ind.Parts, func(k *schema.Key) *string { return &k.Indicator })
		}
		if districts := j.districts(k.Region); ind.Additive && len(districts) > 1 {
			of(districts, func(k *schema.Key) *string { return &k.Region })
		}
	}
}

// latest keeps the vintage made public last of each fact.
func (j *judge) latest(rows map[schema.Key]int, i int) {
	k := vintage.Fact(j.Rows[i].Key)
	if at, ok := rows[k]; !ok || j.Rows[i].PublishedAt.After(j.Rows[at].PublishedAt) {
		rows[k] = i
	}
}

// districts are the regions whose figures make up a region's: those with a
// national code. Areas without one lie inside the districts and are never added.
func (j *judge) districts(region string) []string {
	if j.parts == nil {
		j.parts = map[string][]string{}
		for _, r := range j.Register.Regions.All() {
			if r.Standard != "local" && r.Parent != "" {
				j.parts[r.Parent] = append(j.parts[r.Parent], r.Code)
			}
		}
	}
	return j.parts[region]
}

// total asks about one total, where it or a part is new. The figures it is made
// of are not taken either: which of them is wrong is not known.
func (j *judge) total(row int, ind schema.Indicator, parts []schema.Key, all map[schema.Key]int, fresh map[int]bool) {
	rows, sum, isNew := []int{row}, schema.Decimal{}, fresh[row]
	scale := j.Rows[row].Value.Scale()
	for _, k := range parts {
		i, ok := all[k]
		if !ok || j.Rows[i].Value == nil {
			return // not all of them are there
		}
		rows, sum, isNew = append(rows, i), sum.Add(*j.Rows[i].Value), isNew || fresh[i]
		scale = min(scale, j.Rows[i].Value.Scale())
	}
	total := *j.Rows[row].Value
	diff := total.Sub(sum)
	if !isNew || diff.Abs().Cmp(tolerated(ind, total, len(rows), scale)) <= 0 {
		return
	}
	for _, i := range rows {
		if j.out.Rows[i] {
			return // one of them is asked about already
		}
	}
	var cells []string
	for _, i := range rows[1:min(len(rows), 12)] {
		cells = append(cells, j.Places[i].Cell.Name())
	}
	if !j.ask(row, AskTotal, "sum", sum, "diff", diff, "n", len(parts), "cells", strings.Join(cells, "、")) {
		return
	}
	for _, i := range rows[1:] {
		if fresh[i] {
			j.out.Rows[i] = true
		}
	}
}

// tolerated is how far a total may be from the sum of its parts: the
// catalogue's percentage of it, and the rounding of n figures with so many
// decimal places.
func tolerated(ind schema.Indicator, total schema.Decimal, n, scale int) schema.Decimal {
	share := schema.NewDecimal(1, 0) // percent
	if ind.Tolerance != nil {
		share = *ind.Tolerance
	}
	allowed := total.Abs().Mul(share).Mul(schema.NewDecimal(1, 2))
	if rounding := schema.NewDecimal(int64(5*n), scale+1); rounding.Cmp(allowed) > 0 {
		return rounding
	}
	return allowed
}
