package validate

import (
	"slices"
	"strings"

	"yardstick/collectors/table"
	"yardstick/schema"
	"yardstick/schema/words"
)

// mostSeries bounds the series a coverage names.
const mostSeries = 2000

func (k seriesKey) String() string {
	return k.indicator + " " + k.region + " " + string(k.basis) + " " + string(k.frequency)
}

// Cover is what the rows hold; nil for none.
func Cover(rows []schema.Observation) *schema.Coverage {
	if len(rows) == 0 {
		return nil
	}
	all := map[seriesKey]bool{}
	for i := range rows {
		all[seriesOf(rows[i].Key)] = true
	}
	out := &schema.Coverage{Figures: len(rows), Count: len(all), Series: make([]string, 0, len(all))}
	for k := range all {
		out.Series = append(out.Series, k.String())
	}
	slices.Sort(out.Series)
	out.Series = out.Series[:min(len(out.Series), mostSeries)]
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
	if j.Last == nil || !j.Whole || len(j.Rows) == 0 || j.covered() {
		return
	}
	var day schema.Date
	here, reach := map[string]bool{}, map[string]schema.Date{} // reach: of an indicator in a region, whatever the frequency
	ends := map[seriesKey]schema.Period{}
	for i := range j.Rows {
		k, p := seriesOf(j.Rows[i].Key), j.Rows[i].Period
		if old, ok := ends[k]; !ok || p.First().After(old.First()) {
			ends[k] = p
		}
		day = later(day, j.Rows[i].PublishedAt)
	}
	for k, p := range ends {
		here[k.String()] = true
		place := k.indicator + " " + k.region
		reach[place] = later(reach[place], p.Last())
	}
	newest := j.newest()
	if !j.delivers(newest) {
		return
	}
	var lacking []string
	for _, s := range j.Last.Series {
		if here[s] {
			continue
		}
		last, ok := newest[s]
		if ok && j.due(s, last, day) && reach[placeOf(s)].Before(last.Next().Last()) {
			lacking = append(lacking, s)
		}
	}
	if len(j.Last.Series) < j.Last.Count && len(here) < j.Last.Count*9/10 && len(lacking) == 0 {
		j.askCoverage(nil, j.Last.Count-len(here), j.Last.Count)
		return
	}
	if len(lacking) > 0 {
		j.askCoverage(lacking, len(lacking), j.Last.Count)
	}
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

// delivers reports whether the file takes a series further than it was held.
func (j *judge) delivers(newest map[string]schema.Period) bool {
	names := map[seriesKey]string{}
	for _, f := range j.Fresh {
		k := j.Rows[f.Row].Key
		s := seriesOf(k)
		name, ok := names[s]
		if !ok {
			name = s.String()
			names[s] = name
		}
		if last, held := newest[name]; !held || k.Period.First().After(last.First()) {
			return true
		}
	}
	return false
}

// covered reports whether the sender knows that series are missing.
func (j *judge) covered() bool { return accepts(j.Given["coverage"]) }

func accepts(answer string) bool {
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "accept", "yes", "y", "true", "1", "是", "接受", "确认":
		return true
	}
	return false
}

// newest gives the last period in force of each series that is held.
func (j *judge) newest() map[string]schema.Period {
	byKey := map[seriesKey]schema.Period{}
	for i := range j.Held {
		k, p := seriesOf(j.Held[i].Key), j.Held[i].Period
		if old, ok := byKey[k]; !ok || p.First().After(old.First()) {
			byKey[k] = p
		}
	}
	out := make(map[string]schema.Period, len(byKey))
	for k, p := range byKey {
		out[k.String()] = p
	}
	return out
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
