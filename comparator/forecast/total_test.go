package forecast_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"yardstick/comparator/forecast"
	"yardstick/schema"
)

// One step of a running total is one of its increments on what is counted: no sum
// of several, whatever the season. What is counted stays counted.
func TestTheNextFigureOfATotalIsTheNextIncrementOnWhatIsCounted(t *testing.T) {
	c := calibration(t)
	random := rand.New(rand.NewPCG(5, 28))
	for range 200 {
		f := []schema.Frequency{schema.Annual, schema.Quarterly, schema.Monthly}[random.IntN(3)]
		increments, totals := []float64{}, []float64{1000}
		for i := range 4 + random.IntN(40) {
			y := math.Round(500 + 5*float64(i) + 60*math.Sin(float64(i)*math.Pi/2) + 20*random.NormFloat64())
			increments, totals = append(increments, y), append(totals, totals[i]+y)
		}
		one, err := c.Predict(forecast.Series{Values: increments, Frequency: f}, 1)
		if err != nil {
			t.Fatal(err)
		}
		total, err := c.Predict(forecast.Series{Values: totals, Frequency: f, Counted: true}, 1)
		if err != nil {
			t.Fatal(err)
		}
		held := totals[len(totals)-1]
		for _, level := range []float64{.025, .1, .5, .9, .975} {
			if a, b := held+max(one.Steps[0].Quantile(level), 0), total.Steps[0].Quantile(level); math.Abs(a-b) > 1e-6*held {
				t.Fatalf("%s, %d values, quantile %v: %v, not %v", f, len(increments), level, b, a)
			}
		}
	}
}
