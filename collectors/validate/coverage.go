package validate

import (
	"maps"
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
	all := slices.Sorted(maps.Keys(ends(len(rows), func(i int) schema.Key { return rows[i].Key })))
	return &schema.Coverage{Figures: len(rows), Count: len(all), Series: all[:min(len(all), mostSeries)]}
}

// ends gives the last period of each series among n keys.
func ends(n int, key func(int) schema.Key) map[string]schema.Period {
	last := map[seriesKey]schema.Period{}
	for i := range n {
		s, p := seriesOf(key(i)), key(i).Period
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
	here := ends(len(j.Rows), func(i int) schema.Key { return j.Rows[i].Key })
	reach := map[string]schema.Date{} // of an indicator in a region, whatever the frequency
	for s, p := range here {
		reach[placeOf(s)] = later(reach[placeOf(s)], p.Last())
	}
	newest := ends(len(j.Held), func(i int) schema.Key { return j.Held[i].Key })
	if !j.delivers(newest) {
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
	for s, p := range ends(len(j.Fresh), func(i int) schema.Key { return j.Rows[j.Fresh[i].Row].Key }) {
		if last, held := newest[s]; !held || p.First().After(last.First()) {
			return true
		}
	}
	return false
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
