package forecast

import (
	"crypto/sha256"
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"sync"

	"yardstick/schema"
)

//go:generate go run ./internal/calibrate -out calibration.json

//go:embed calibration.json
var calibrationFile []byte

// Calibration says how far off forecasts of series never seen turned out to be,
// in multiples of what their own past lets expect. It is data: how and on what it
// was made stands in it.
type Calibration struct {
	Made   string    `json:"made"`   // day
	Method string    `json:"method"` // how
	Data   string    `json:"data"`   // on what
	Point  Method    `json:"point"`  // the method whose errors these are
	Levels []float64 `json:"levels"` // shares of the errors not above the multiples in Tables; symmetric about 1/2
	Tables []Table   `json:"tables"`

	// ID tells calibrations apart: the first 8 hexadecimal digits of the file's
	// SHA-256.
	ID string `json:"-"`
}

// Kind of what is forecast.
const (
	KindValue = "value" // the figure of a period
	KindSum   = "sum"   // the sum of the figures of the periods up to then
)

// Table is the calibration of one frequency and kind.
type Table struct {
	Frequency schema.Frequency `json:"frequency"`
	Kind      string           `json:"kind"`
	Lengths   []int            `json:"lengths"`  // of the series, in values
	Horizons  []int            `json:"horizons"` // in steps
	Growth    [][]float64      `json:"growth"`   // [length][horizon]: median error in multiples of the one-step error
	Ratios    [][][]float64    `json:"ratios"`   // [length][horizon][level]: multiples of the scale; above 0 is further along the trend
}

// DefaultCalibration is the one kept with this package.
var DefaultCalibration = sync.OnceValues(func() (*Calibration, error) { return ReadCalibration(calibrationFile) })

// ReadCalibration reads and checks a calibration: every table rectangular,
// lengths, horizons and levels ascending, multiples ascending from below 0 to above.
func ReadCalibration(b []byte) (*Calibration, error) {
	c := new(Calibration)
	if err := json.Unmarshal(b, c); err != nil {
		return nil, fmt.Errorf("reading the calibration: %w", err)
	}
	c.ID = fmt.Sprintf("%x", sha256.Sum256(b))[:8]
	for i, p := range c.Levels {
		if p <= 0 || math.Abs(p+c.Levels[len(c.Levels)-1-i]-1) > 1e-9 || i > 0 && p <= c.Levels[i-1] {
			return nil, fmt.Errorf("reading the calibration: its levels do not ascend symmetrically")
		}
	}
	if len(c.Levels) < 3 {
		return nil, fmt.Errorf("reading the calibration: it has %d levels", len(c.Levels))
	}
	for _, t := range c.Tables {
		if err := t.check(len(c.Levels)); err != nil {
			return nil, fmt.Errorf("reading the calibration, %s %s: %w", t.Frequency, t.Kind, err)
		}
	}
	return c, nil
}

func (t Table) check(levels int) error {
	ok := len(t.Lengths) > 0 && len(t.Horizons) > 0 && slices.IsSorted(t.Lengths) && slices.IsSorted(t.Horizons) &&
		len(t.Growth) == len(t.Lengths) && len(t.Ratios) == len(t.Lengths)
	for i := 0; ok && i < len(t.Lengths); i++ {
		ok = len(t.Growth[i]) == len(t.Horizons) && len(t.Ratios[i]) == len(t.Horizons)
		for j := 0; ok && j < len(t.Horizons); j++ {
			r := t.Ratios[i][j]
			ok = t.Growth[i][j] > 0 && len(r) == levels && r[0] < 0 && r[levels-1] > 0 && slices.IsSorted(r)
		}
	}
	if !ok {
		return fmt.Errorf("the table is not complete and ascending")
	}
	return nil
}

// table of a frequency and kind.
func (c *Calibration) table(f schema.Frequency, kind string) (Table, bool) {
	for _, t := range c.Tables {
		if t.Frequency == f && t.Kind == kind {
			return t, true
		}
	}
	return Table{}, false
}

// between finds x among nodes: the two it lies between and its weight for the
// upper one, on a logarithmic scale; outside, the nearest.
func between(nodes []int, x int) (i, j int, w float64) {
	k, exact := slices.BinarySearch(nodes, x)
	switch {
	case exact:
		return k, k, 0
	case k == 0:
		return 0, 0, 0
	case k == len(nodes):
		return k - 1, k - 1, 0
	}
	lo, hi := float64(nodes[k-1]), float64(nodes[k])
	return k - 1, k, math.Log(float64(x)/lo) / math.Log(hi/lo)
}

// growth and ratios at a length and horizon, interpolated; beyond the last
// horizon growth goes on with the square root of the horizon, as a random walk's.
func (t Table) growth(n, h int) float64 {
	i, j, w := between(t.Lengths, n)
	a, b, v := between(t.Horizons, h)
	at := func(k int) float64 { return (1-v)*t.Growth[k][a] + v*t.Growth[k][b] }
	g := (1-w)*at(i) + w*at(j)
	if last := t.Horizons[len(t.Horizons)-1]; h > last {
		g *= math.Sqrt(float64(h) / float64(last))
	}
	return g
}

// offsets are the ratios at a length and horizon, times the scale, for a series
// whose trend is that steep: 1 clearly upwards, -1 clearly downwards (everything
// mirrored), 0 neither (half of each).
func (t Table) offsets(n, h int, trend, scale float64) []float64 {
	i, j, w := between(t.Lengths, n)
	a, b, v := between(t.Horizons, h)
	levels := len(t.Ratios[i][a])
	at := func(l int) float64 {
		of := func(k int) float64 { return (1-v)*t.Ratios[k][a][l] + v*t.Ratios[k][b][l] }
		return (1-w)*of(i) + w*of(j)
	}
	out := make([]float64, levels)
	for l := range out {
		out[l] = scale * ((1+trend)/2*at(l) - (1-trend)/2*at(levels-1-l))
		if l > 0 {
			out[l] = max(out[l], math.Nextafter(out[l-1], math.Inf(1)))
		}
	}
	return out
}

// Distribution is what a forecast says of one figure to come: a centre, and how
// far below and above it the figure may stay. It is never below Lower nor above
// Upper.
type Distribution struct {
	Centre       float64
	Lower, Upper float64 // infinite when there is no bound
	levels       []float64
	offsets      []float64 // with probability levels[i] the figure is not above Centre + offsets[i]
}

// Quantile is the value below which the figure stays with probability p, which
// is between 0 and 1. It ascends with p.
func (d Distribution) Quantile(p float64) float64 {
	return min(max(d.Centre+d.offset(p), d.Lower), d.Upper)
}

// Interval is the central one that covers the figure with the probability given.
func (d Distribution) Interval(level float64) (low, high float64) {
	return d.Quantile((1 - level) / 2), d.Quantile((1 + level) / 2)
}

// AtLeast is the probability that the figure is x or more.
func (d Distribution) AtLeast(x float64) float64 {
	switch {
	case x <= d.Lower:
		return 1
	case x > d.Upper:
		return 0
	}
	return 1 - d.below(x-d.Centre)
}

// AtMost is the probability that the figure is x or less.
func (d Distribution) AtMost(x float64) float64 {
	switch {
	case x >= d.Upper:
		return 1
	case x < d.Lower:
		return 0
	}
	return d.below(x - d.Centre)
}

// offset interpolates between the calibrated levels in a straight line; past the
// first and the last one the tails go on as exponential ones.
func (d Distribution) offset(p float64) float64 {
	n := len(d.levels)
	i, exact := slices.BinarySearch(d.levels, p)
	switch {
	case exact:
		return d.offsets[i]
	case i == 0:
		return d.offsets[0] - d.tail(0, 1)*math.Log(d.levels[0]/max(p, 0))
	case i == n:
		return d.offsets[n-1] + d.tail(n-1, n-2)*math.Log((1-d.levels[n-1])/max(1-p, 0))
	}
	w := (p - d.levels[i-1]) / (d.levels[i] - d.levels[i-1])
	return d.offsets[i-1] + w*(d.offsets[i]-d.offsets[i-1])
}

// tail is how much further the outermost offset goes each time what is left out
// shrinks by the factor e; out and in are the two outermost places.
func (d Distribution) tail(out, in int) float64 {
	left := func(i int) float64 { return min(d.levels[i], 1-d.levels[i]) }
	return max(math.Abs(d.offsets[out]-d.offsets[in])/math.Log(left(in)/left(out)), 1e-9*math.Abs(d.offsets[out]), 1e-300)
}

// below is the inverse of offset.
func (d Distribution) below(x float64) float64 {
	n := len(d.levels)
	i, _ := slices.BinarySearch(d.offsets, x)
	switch i {
	case 0:
		return d.levels[0] * math.Exp((x-d.offsets[0])/d.tail(0, 1))
	case n:
		return 1 - (1-d.levels[n-1])*math.Exp((d.offsets[n-1]-x)/d.tail(n-1, n-2))
	}
	w := (x - d.offsets[i-1]) / (d.offsets[i] - d.offsets[i-1])
	return d.levels[i-1] + w*(d.levels[i]-d.levels[i-1])
}
