// Command calibrate makes the calibration of the intervals anew: it cuts stretches
// of observed series and draws series from the calibration world, forecasts the
// values held back of each with the default method, and writes by frequency, kind,
// length and horizon how far off the forecasts were, in multiples of what each
// series' own past lets expect. The same arguments write the same file, however
// many cores there are. A fifth of the groups of observed series is held out.
package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"yardstick/comparator/forecast"
	"yardstick/comparator/forecast/internal/simulate"
	"yardstick/schema"
)

// grid is where one frequency is calibrated.
type grid struct {
	frequency         schema.Frequency
	perYear           int
	lengths, horizons []int
}

var grids = []grid{
	{schema.Annual, 1, []int{3, 4, 5, 6, 8, 10, 14, 20, 30, 45, 70, 140}, []int{1, 2, 3, 4, 6, 8, 10}},
	{schema.Quarterly, 4, []int{3, 4, 6, 8, 12, 16, 24, 40, 64, 120}, []int{1, 2, 3, 4, 6, 8, 12, 16}},
	{schema.Monthly, 12, []int{3, 4, 6, 9, 12, 18, 24, 36, 48, 72, 120, 200}, []int{1, 2, 3, 4, 6, 9, 12, 18, 24, 36}},
	{schema.TenDay, 36, []int{3, 5, 9, 18, 36, 72, 108, 144, 300}, []int{1, 2, 3, 6, 9, 18, 36}},
	{schema.Daily, 365, []int{3, 5, 7, 14, 21, 28, 60, 120, 300, 800}, []int{1, 2, 3, 7, 14, 28, 60}},
}

var levels = []float64{.005, .01, .025, .05, .1, .2, .3, .4, .5, .6, .7, .8, .9, .95, .975, .99, .995}

// seriesDrawn is how many simulated series stand behind each length of the table
// kept. Together they weigh as much as the observed stretches fall short of
// fullWeight, at least leastDrawn: they decide where few observed series last long
// enough.
const (
	seriesDrawn = 400
	fullWeight  = 1000
	leastDrawn  = 200
)

func main() {
	var o options
	flag.StringVar(&o.out, "out", "calibration.json", "file to write")
	flag.StringVar(&o.observed, "observed", "observed.tsv", "observed series, as observed.R writes them")
	flag.IntVar(&o.count, "series", seriesDrawn, "series drawn for each frequency and length")
	flag.IntVar(&o.without, "without", folds-1, "the part of the observed groups, from 0 to 4, that is held out")
	flag.StringVar(&o.made, "made", "2026-11-25", "day the calibration is made, as stated in it")
	flag.StringVar(&o.heldOut, "held-out", "", "folder to write what is held out to, as backtest reads it")
	flag.Parse()
	if err := o.run(); err != nil {
		log.Fatal(err)
	}
}

type options struct {
	out, observed, made, heldOut string
	count, without               int
}

func (o options) run() error {
	file, err := os.Open(o.observed)
	if err != nil {
		return fmt.Errorf("opening the observed series: %w", err)
	}
	all, err := readObserved(file)
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("reading %s: %w", o.observed, err)
	}
	if o.heldOut != "" {
		return writeHeldOut(o.heldOut, all, o.without)
	}
	seen := keep(all, o.without)
	c := forecast.Calibration{
		Made: o.made, Point: forecast.Default, Levels: levels,
		Method: "split conformal, pooled by frequency, length and horizon: weighted quantiles of (figure - forecast), along the series' trend, over the size of error its own past shows that far ahead; see spread.go",
		Data: fmt.Sprintf("stretches of %d observed series (of %d; the fifth held out is for testing), up to %d of each source and each length: FRED by gretl 2022, up to 2019 (fred), gretl's sample files (gretl), time series of R packages (r), GGDC 10-Sector Database (ggdc), World Development Indicators (wdi), panels of states, countries, cities and firms (panel), seven sets of daily figures and their means of ten days; see internal/calibrate/observed.R. And %d simulated series for each length (world %q of internal/simulate), which weigh as much as the stretches fall short of %d, at least %d",
			len(seen), len(all), mostOfSource, o.count, simulate.Calibration().Name, fullWeight, leastDrawn),
	}
	for _, g := range grids {
		tables, err := g.calibrate(o.count, seen)
		if err != nil {
			return fmt.Errorf("calibrating %s: %w", g.frequency, err)
		}
		c.Tables = append(c.Tables, tables...)
	}
	b, err := encode(c)
	if err != nil {
		return fmt.Errorf("writing %s: %w", o.out, err)
	}
	if err := os.WriteFile(o.out, b, 0o644); err != nil {
		return fmt.Errorf("writing the calibration: %w", err)
	}
	return nil
}

func (g grid) calibrate(count int, seen []observed) ([]forecast.Table, error) {
	value := forecast.Table{Frequency: g.frequency, Kind: forecast.KindValue, Lengths: g.lengths, Horizons: g.horizons}
	sum := value
	sum.Kind = forecast.KindSum
	for k, n := range g.lengths {
		cases, err := g.cases(k, n, count, seen)
		if err != nil {
			return nil, err
		}
		for _, t := range []*forecast.Table{&value, &sum} {
			growth := make([]float64, len(g.horizons))
			ratios := make([][]float64, len(g.horizons))
			for j, h := range g.horizons {
				growth[j], ratios[j] = multiples(cases, t.Kind, h)
			}
			t.Growth, t.Ratios = append(t.Growth, growth), append(t.Ratios, ratios)
		}
	}
	return []forecast.Table{value, sum}, nil
}

// multiples is the median error h steps ahead in multiples of the one-step error,
// and at each level the error in multiples of its expected size.
func multiples(cases []drawn, kind string, h int) (growth float64, ratios []float64) {
	var rel, signed []weighed
	for _, d := range cases {
		if len(d.actual) >= h {
			rel = append(rel, weighed{math.Abs(d.error(kind, h)) / d.Near, d.weight})
		}
	}
	sortWeighed(rel)
	growth = round(max(weighedQuantile(rel, .5), .01))
	for _, d := range cases {
		if len(d.actual) < h {
			continue
		}
		r := d.error(kind, h) / d.Scale(kind, h, growth)
		signed = append(signed, weighed{r, d.weight * (1 + d.Trend) / 2}, weighed{-r, d.weight * (1 - d.Trend) / 2})
	}
	sortWeighed(signed)
	for _, p := range levels {
		ratios = append(ratios, round(weighedQuantile(signed, p)))
	}
	return growth, ratios
}

func sortWeighed(v []weighed) {
	slices.SortFunc(v, func(a, b weighed) int { return cmp.Compare(a.at, b.at) })
}

// drawn is one series, observed or simulated, with what came after it.
type drawn struct {
	forecast.Measured
	actual []float64
	weight float64
}

// error is how far above the forecast the figure came out.
func (d drawn) error(kind string, h int) float64 {
	if kind == forecast.KindValue {
		return d.actual[h-1] - d.Point[h-1]
	}
	var e float64
	for k := range h {
		e += d.actual[k] - d.Point[k]
	}
	return e
}

// cases are the stretches observed and the series drawn, n values known of each.
func (g grid) cases(k, n, count int, seen []observed) ([]drawn, error) {
	season, most := g.perYear, g.horizons[len(g.horizons)-1]
	if season > 36 {
		season = 7
	}
	real := windows(seen, g.perYear, n, most)
	out := make([]drawn, len(real)+count)
	var pool errgroup.Group
	pool.SetLimit(runtime.GOMAXPROCS(0))
	for i := range out {
		pool.Go(func() error {
			var y []float64
			weight := 1.0
			if i < len(real) {
				y = real[i].values
			} else {
				y = simulate.Calibration().Series(k*1_000_000+i-len(real), n+most, g.perYear)
				weight = float64(max(fullWeight-len(real), leastDrawn)) / float64(count)
			}
			m, err := forecast.Measure(y[:n], season, most, forecast.Default)
			out[i] = drawn{m, y[n:], weight}
			return err
		})
	}
	return out, pool.Wait()
}

// weighed is an error and how much it counts: a series with a clear upward trend
// counts as it is, one with a clear downward trend mirrored, one without half as
// both.
type weighed struct{ at, weight float64 }

// weighedQuantile is the conformal rank on weights: of errors of total weight N,
// sorted, the one at which the weight reaches (N+1)p from below 1/2, or is left
// over the same from above, so that both tails are on the safe side.
func weighedQuantile(v []weighed, p float64) float64 {
	if p < .5 {
		m := make([]weighed, len(v))
		for i, x := range v {
			m[len(v)-1-i] = weighed{-x.at, x.weight}
		}
		return -weighedQuantile(m, 1-p)
	}
	var total, sum float64
	for _, x := range v {
		total += x.weight
	}
	for _, x := range v {
		if sum += x.weight; sum >= (total+1)*p {
			return x.at
		}
	}
	return v[len(v)-1].at
}

// round keeps three digits: more would be noise.
func round(x float64) float64 {
	if x == 0 {
		return 0
	}
	p := math.Pow(10, 2-math.Floor(math.Log10(math.Abs(x))))
	return math.Round(x*p) / p
}

// encode writes a line for each length, so that a change can be read.
func encode(c forecast.Calibration) ([]byte, error) {
	var b strings.Builder
	head, err := json.Marshal(struct {
		Made   string          `json:"made"`
		Method string          `json:"method"`
		Data   string          `json:"data"`
		Point  forecast.Method `json:"point"`
		Levels []float64       `json:"levels"`
	}{c.Made, c.Method, c.Data, c.Point, c.Levels})
	if err != nil {
		return nil, err
	}
	b.WriteString(strings.TrimSuffix(string(head), "}") + ",\"tables\":[")
	for i, t := range c.Tables {
		if i > 0 {
			b.WriteString(",")
		}
		j, err := json.Marshal(t)
		if err != nil {
			return nil, err
		}
		b.WriteString("\n" + strings.NewReplacer(`"ratios":[`, "\"ratios\":[\n", "]],[[", "]],\n[[").Replace(string(j)))
	}
	b.WriteString("\n]}\n")
	return []byte(b.String()), nil
}
