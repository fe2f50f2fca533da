package forecast_test

import (
	"testing"

	"yardstick/comparator/forecast"
	"yardstick/comparator/forecast/internal/simulate"
	"yardstick/schema"
)

// One answer with all its intervals, for a monthly series of five years.
func BenchmarkPredict(b *testing.B) {
	c, err := forecast.DefaultCalibration()
	if err != nil {
		b.Fatal(err)
	}
	y := simulate.HeldOut().Series(1, 60, 12)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Predict(forecast.Series{Values: y, Frequency: schema.Monthly}, 18); err != nil {
			b.Fatal(err)
		}
	}
}
