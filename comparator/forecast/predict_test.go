package forecast_test

import (
	"errors"
	"math"
	"testing"

	"yardstick/comparator/forecast"
	"yardstick/schema"
)

func predict(t *testing.T, s forecast.Series, h int) forecast.Prediction {
	t.Helper()
	p, err := calibration(t).Predict(s, h)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestWhatIsCountedStaysCounted(t *testing.T) {
	// The work has stopped: nothing was added for three months.
	s := forecast.Series{Values: []float64{0, 10, 40, 60, 70, 70, 70, 70}, Frequency: schema.Monthly, Counted: true}
	p := predict(t, s, 6)
	if p.Length != 7 {
		t.Errorf("%d increments, want 7: the first from nothing", p.Length)
	}
	for h, d := range p.Steps {
		if d.Quantile(.001) < 70 || d.Centre < 70 {
			t.Errorf("step %d: %v, centre %v: below what is counted", h+1, d.Quantile(.001), d.Centre)
		}
		if d.AtLeast(70) != 1 || d.AtMost(69) != 0 {
			t.Errorf("step %d: what is reached is reached", h+1)
		}
		if h > 0 && d.Centre < p.Steps[h-1].Centre {
			t.Errorf("step %d: the total falls", h+1)
		}
	}
	s.Values = s.Values[1:]
	if p := predict(t, s, 1); p.Length != 6 {
		t.Errorf("%d increments, want 6", p.Length)
	}
}

func TestASteadyCountGoesOn(t *testing.T) {
	// 25 a month: after 200, four more make 300, each month one step of 25.
	s := forecast.Series{Values: []float64{0, 25, 50, 75, 100, 125, 150, 175, 200}, Frequency: schema.Monthly, Counted: true}
	p := predict(t, s, 4)
	for h, want := range []float64{225, 250, 275, 300} {
		if math.Abs(p.Steps[h].Centre-want) > .01 {
			t.Errorf("step %d: %v, want %v", h+1, p.Steps[h].Centre, want)
		}
	}
	if c := p.Steps[3].AtLeast(290); c < .95 {
		t.Errorf("290 of 300 expected: %v", c)
	}
	if c := p.Steps[3].AtLeast(310); c > .05 {
		t.Errorf("310 of 300 expected: %v", c)
	}
}

func TestBoundsHold(t *testing.T) {
	low, high := 0.0, 100.0
	s := forecast.Series{Values: []float64{70, 76, 83, 88, 94, 98}, Frequency: schema.Annual, Lower: &low, Upper: &high}
	for h, d := range predict(t, s, 5).Steps {
		if d.Quantile(.9999) > 100 || d.Centre > 100 || d.AtLeast(100.5) != 0 || d.AtMost(100) != 1 || d.AtLeast(0) != 1 {
			t.Errorf("step %d: %v, centre %v", h+1, d.Quantile(.9999), d.Centre)
		}
	}
}

func TestWhatCannotBePredictedSaysWhy(t *testing.T) {
	low, high := 0.0, 100.0
	for _, c := range []struct {
		s    forecast.Series
		h    int
		want error
	}{
		{forecast.Series{Values: []float64{1, 2}, Frequency: schema.Annual}, 1, forecast.ErrShort},
		{forecast.Series{Values: []float64{1, 2, 3}, Frequency: schema.Annual, Counted: true}, 1, forecast.ErrShort},
		{forecast.Series{Values: []float64{1, 2, 3}, Frequency: schema.Annual}, 16, forecast.ErrHorizon},
		{forecast.Series{Values: []float64{1, 2, 3}, Frequency: schema.Annual}, 0, forecast.ErrHorizon},
		{forecast.Series{Values: []float64{1, math.NaN(), 3}, Frequency: schema.Annual}, 1, forecast.ErrNotFinite},
		{forecast.Series{Values: []float64{1, 2, 101}, Frequency: schema.Annual, Lower: &low, Upper: &high}, 1, forecast.ErrBounds},
		{forecast.Series{Values: []float64{1, 2, 3}, Frequency: schema.Annual, Lower: &high, Upper: &low}, 1, forecast.ErrBounds},
		{forecast.Series{Values: []float64{1, 2, 3}, Frequency: "W"}, 1, forecast.ErrMethod},
	} {
		if _, err := calibration(t).Predict(c.s, c.h); !errors.Is(err, c.want) {
			t.Errorf("%+v by %d: %v, want %v", c.s, c.h, err, c.want)
		}
	}
}

func TestACalibrationThatIsNotWholeIsRefused(t *testing.T) {
	for _, text := range []string{
		`{`, `{"levels":[0.9,0.5]}`,
		`{"levels":[0.1,0.5,0.8]}`, `{"levels":[0.5]}`,
		`{"levels":[0.1,0.5,0.9],"tables":[{"frequency":"A","kind":"value","lengths":[4],"horizons":[1],"growth":[[1]],"ratios":[[[2,0,1]]]}]}`,
		`{"levels":[0.1,0.5,0.9],"tables":[{"frequency":"A","kind":"value","lengths":[4],"horizons":[1,2],"growth":[[1,1]],"ratios":[[[-1,0,1]]]}]}`,
	} {
		if _, err := forecast.ReadCalibration([]byte(text)); err == nil {
			t.Errorf("read: %s", text)
		}
	}
	c := calibration(t)
	if c.Point != forecast.Default || c.Method == "" || c.Data == "" || len(c.Made) != 10 || len(c.Tables) != 10 {
		t.Errorf("the calibration does not state what it is: %s %s %s, %d tables", c.Point, c.Made, c.Data, len(c.Tables))
	}
}
