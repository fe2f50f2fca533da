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
// (2025, 2025-Q3, 2025-09, …) or are numbers, and else keeps the order of the
// file; an empty value is NaN. What cannot be read is an error for people,
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
	var names []string
	places := map[string][]place{}
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return seriesOf(names, places)
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
		name := strings.Clone(strings.TrimSpace(row[at["series"]]))
		if places[name] == nil {
			names = append(names, name)
		}
		places[name] = append(places[name], place{strings.Clone(strings.TrimSpace(row[at["period"]])), line, v})
	}
}

// place is one value of a series as read.
type place struct {
	text  string
	line  int
	value float64
}

func seriesOf(names []string, places map[string][]place) ([]Series, error) {
	out := make([]Series, len(names))
	for i, name := range names {
		seen := map[string]bool{}
		for _, p := range places[name] {
			if seen[p.text] {
				return nil, words.Fail(nil, "backtest-twice", "series", name, "period", p.text, "line", p.line)
			}
			seen[p.text] = true
		}
		out[i].Name = name
		out[i].Frequency, out[i].Why = order(places[name])
		for _, p := range places[name] {
			out[i].Values = append(out[i].Values, p.value)
		}
	}
	return out, nil
}

// order sorts by period, and returns the frequency where the periods tell it. A
// series whose periods are of two frequencies, or not in a row, says why it is not
// to be tried: what stands between is not known, and nothing is put in its place.
func order(ps []place) (schema.Frequency, schema.Text) {
	numbers, numbered := numbersOf(ps)
	if numbered { // 1, 2, 3 … or years
		slices.SortStableFunc(ps, func(a, b place) int { return cmp.Compare(numbers[a.text], numbers[b.text]) })
		for i := 2; i < len(ps); i++ {
			a, b, c := numbers[ps[i-2].text], numbers[ps[i-1].text], numbers[ps[i].text]
			if c < 3000 && b-a != c-b { // beyond, digits may be a year and a month
				at := i
				if b-a > c-b {
					at = i - 1
				}
				return "", words.Say("backtest-gap", "line", ps[at].line, "period", ps[at].text)
			}
		}
		return "", schema.Text{}
	}
	periods := map[string]schema.Period{}
	var f schema.Frequency
	for _, p := range ps {
		q, _, err := schema.ParsePeriod(p.text)
		if err != nil {
			return "", schema.Text{} // names of their own, in the order of the file
		}
		if f != "" && q.Frequency() != f {
			return "", words.Say("backtest-mixed", "line", p.line, "period", p.text)
		}
		periods[p.text], f = q, q.Frequency()
	}
	slices.SortStableFunc(ps, func(a, b place) int { return periods[a.text].Compare(periods[b.text]) })
	widest := 1
	if f == schema.Daily {
		widest = 11 // weekends and the long holidays
	}
	for i := 1; i < len(ps); i++ {
		if periods[ps[i].text].Since(periods[ps[i-1].text]) > widest {
			return f, words.Say("backtest-gap", "line", ps[i].line, "period", ps[i].text)
		}
	}
	return f, schema.Text{}
}

func numbersOf(ps []place) (numbers map[string]float64, all bool) {
	numbers = map[string]float64{}
	for _, p := range ps {
		x, err := strconv.ParseFloat(p.text, 64)
		if err != nil {
			return nil, false
		}
		numbers[p.text] = x
	}
	return numbers, true
}

// Text is the table for people, without a heading: a line for each method and
// frequency with sMAPE, MASE, what 80 and 95 cover in per cent, and the number of
// series: over all horizons (0) and, where asked, for each.
func (r Report) Text(each bool) string {
	var b strings.Builder
	for _, row := range r.Rows {
		if row.Horizon == 0 || each {
			fmt.Fprintf(&b, "%-17s %-2s %3d %8s %8s %7s %7s %6d\n", row.Method, row.Frequency, row.Horizon,
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
