package backtest

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"yardstick/schema"
	"yardstick/schema/words"
)

// Read reads a CSV with the columns series, period and value, in any order and
// among others. A series is sorted by period where all its periods can be read
// (2025, 2025-Q3, 2025-09, …) or are whole numbers, and else keeps the order of
// the file; an empty value is NaN. What cannot be read is an error for people,
// with its line.
func Read(r io.Reader) ([]Series, error) {
	in := csv.NewReader(r)
	in.ReuseRecord = true
	head, err := in.Read()
	if err != nil {
		return nil, words.Fail(err, "backtest-no-header")
	}
	at := map[string]int{}
	for i, name := range head {
		at[strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff")))] = i
	}
	for _, name := range []string{"series", "period", "value"} {
		if _, ok := at[name]; !ok {
			return nil, words.Fail(nil, "backtest-no-column", "column", name)
		}
	}
	g := gatherer{index: map[string]int{}}
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return g.finish()
		}
		if err != nil {
			return nil, words.Fail(err, "backtest-unreadable", "why", err.Error())
		}
		line, _ := in.FieldPos(0)
		text := strings.TrimSpace(row[at["value"]])
		v := math.NaN()
		if text != "" && !strings.EqualFold(text, "NA") && !strings.EqualFold(text, "NaN") {
			if v, err = strconv.ParseFloat(text, 64); err != nil || math.IsInf(v, 0) {
				return nil, words.Fail(err, "backtest-not-a-number", "line", line, "text", strings.Clone(text))
			}
		}
		g.add(strings.TrimSpace(row[at["series"]]), strings.TrimSpace(row[at["period"]]), line, v)
	}
}

// place is one value of a series as read.
type place struct {
	text  string
	line  int
	value float64
}

type gatherer struct {
	index  map[string]int
	names  []string
	places [][]place
}

func (g *gatherer) add(name, period string, line int, v float64) {
	i, ok := g.index[name]
	if !ok {
		name = strings.Clone(name)
		i = len(g.names)
		g.index[name] = i
		g.names, g.places = append(g.names, name), append(g.places, nil)
	}
	g.places[i] = append(g.places[i], place{strings.Clone(period), line, v})
}

func (g *gatherer) finish() ([]Series, error) {
	out := make([]Series, len(g.names))
	for i, name := range g.names {
		seen := map[string]bool{}
		for _, p := range g.places[i] {
			if seen[p.text] {
				return nil, words.Fail(nil, "backtest-twice", "series", name, "period", p.text, "line", p.line)
			}
			seen[p.text] = true
		}
		out[i] = Series{Name: name, Frequency: order(g.places[i])}
		for _, p := range g.places[i] {
			out[i].Values = append(out[i].Values, p.value)
		}
	}
	return out, nil
}

// order sorts by period, and returns the frequency where the periods tell it.
func order(ps []place) schema.Frequency {
	periods, numbers := map[string]schema.Period{}, map[string]float64{}
	var f schema.Frequency
	for _, p := range ps {
		if q, _, err := schema.ParsePeriod(p.text); err == nil && (f == "" || q.Frequency() == f) {
			periods[p.text], f = q, q.Frequency()
		}
		if x, err := strconv.ParseFloat(p.text, 64); err == nil {
			numbers[p.text] = x
		}
	}
	switch {
	case len(numbers) == len(ps): // 1, 2, 3 … or years
		slices.SortStableFunc(ps, func(a, b place) int { return cmp.Compare(numbers[a.text], numbers[b.text]) })
	case len(periods) == len(ps):
		slices.SortStableFunc(ps, func(a, b place) int { return periods[a.text].Compare(periods[b.text]) })
		return f
	}
	return ""
}

// Text is the table for people, without a heading: a line for each method and
// frequency over all horizons with sMAPE, MASE, what 80 and 95 cover in per cent,
// and the number of series.
func (r Report) Text() string {
	var b strings.Builder
	for _, row := range r.Rows {
		if row.Horizon == 0 {
			fmt.Fprintf(&b, "%-16s %-2s %8s %8s %7s %7s %6d\n", row.Method, row.Frequency,
				number(row.SMAPE, 1, 2), number(row.MASE, 1, 3), number(row.Coverage80, 100, 1), number(row.Coverage95, 100, 1), row.Series)
		}
	}
	return b.String()
}

func number(x *float64, times float64, digits int) string {
	if x == nil {
		return "-"
	}
	return strconv.FormatFloat(*x*times, 'f', digits, 64)
}
