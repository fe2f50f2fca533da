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
