// Command calibrate makes the calibration of the intervals anew: it draws series
// from the calibration world, forecasts the values held back of each with the
// default method, and writes by frequency, kind, length and horizon how far off
// the forecasts were, in multiples of what each series' own past lets expect.
// The same arguments write the same file, however many cores there are.
package main

import (
	"cmp"
	"encoding/json"
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

// seriesDrawn is how many series stand behind each length of the table kept.
const seriesDrawn = 3000

func main() {
	out := flag.String("out", "calibration.json", "file to write")
	count := flag.Int("series", seriesDrawn, "series drawn for each frequency and length")
	made := flag.String("made", "2026-11-23", "day the calibration is made, as stated in it")
	flag.Parse()
	if err := run(*out, *count, *made); err != nil {
		log.Fatal(err)
	}
}

func run(out string, count int, made string) error {
	c := forecast.Calibration{
		Made: made, Point: forecast.Default, Levels: levels,
		Method: "split conformal, pooled by frequency, length and horizon: quantiles of (figure - forecast), along the series' trend, over the size of error its own past shows that far ahead; see spread.go",
		Data: fmt.Sprintf("%d simulated series for each frequency and length (world %q of internal/simulate: trends, breaks, cycles, seasons, random walks, counts, regimes, heavy tails); no observed series",
			count, simulate.Calibration().Name),
	}
	for _, g := range grids {
		tables, err := g.calibrate(count)
		if err != nil {
			return fmt.Errorf("calibrating %s: %w", g.frequency, err)
		}
		c.Tables = append(c.Tables, tables...)
	}
	b, err := encode(c)
	if err != nil {
		return fmt.Errorf("writing %s: %w", out, err)
	}
	if err := os.WriteFile(out, b, 0o644); err != nil {
		return fmt.Errorf("writing the calibration: %w", err)
	}
	return nil
}

func (g grid) calibrate(count int) ([]forecast.Table, error) {
	value := forecast.Table{Frequency: g.frequency, Kind: forecast.KindValue, Lengths: g.lengths, Horizons: g.horizons}
	sum := value
	sum.Kind = forecast.KindSum
	for k, n := range g.lengths {
		drawn, err := g.draw(k, n, count)
		if err != nil {
			return nil, err
		}
		for _, t := range []*forecast.Table{&value, &sum} {
			growth := make([]float64, len(g.horizons))
			ratios := make([][]float64, len(g.horizons))
			for j, h := range g.horizons {
				rel := make([]float64, len(drawn))
				for i, d := range drawn {
					rel[i] = math.Abs(d.error(t.Kind, h)) / d.Near
				}
				growth[j] = round(max(quantile(rel, .5), .01))
				signed := make([]weighed, 0, 2*len(drawn))
				for _, d := range drawn {
					r := d.error(t.Kind, h) / d.Scale(t.Kind, h, growth[j])
					signed = append(signed, weighed{r, (1 + d.Trend) / 2}, weighed{-r, (1 - d.Trend) / 2})
				}
				slices.SortFunc(signed, func(a, b weighed) int { return cmp.Compare(a.at, b.at) })
				for _, p := range levels {
					ratios[j] = append(ratios[j], round(weighedQuantile(signed, p)))
				}
			}
			t.Growth, t.Ratios = append(t.Growth, growth), append(t.Ratios, ratios)
		}
	}
	return []forecast.Table{value, sum}, nil
}

// drawn is one series with what came after it.
type drawn struct {
	forecast.Measured
	actual []float64
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

func (g grid) draw(k, n, count int) ([]drawn, error) {
	season, most := g.perYear, g.horizons[len(g.horizons)-1]
	if season > 36 {
		season = 7
	}
	out := make([]drawn, count)
	var pool errgroup.Group
	pool.SetLimit(runtime.GOMAXPROCS(0))
	for i := range out {
		pool.Go(func() error {
			y := simulate.Calibration().Series(k*1_000_000+i, n+most, g.perYear)
			m, err := forecast.Measure(y[:n], season, most, forecast.Default)
			out[i] = drawn{m, y[n:]}
			return err
		})
	}
	return out, pool.Wait()
}

func quantile(v []float64, p float64) float64 {
	s := slices.Clone(v)
	slices.Sort(s)
	k := int(math.Ceil(float64(len(s)+1)*p)) - 1
	return s[min(k, len(s)-1)]
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
