package forecast

// Measured is a series continued, and how far off its own past says the
// forecasts may be: what calibration is made from.
type Measured struct {
	Point  []float64 // by the method asked for
	Near   float64   // mean absolute error one step ahead, in the past
	Trend  float64   // from -1, clearly downwards, to 1, clearly upwards
	spread spread
}

// Measure continues y by the method and looks at the errors in its past.
func Measure(y []float64, m, h int, method Method) (Measured, error) {
	w, err := newWork(y, m, h)
	if err != nil {
		return Measured{}, err
	}
	return w.measure(method)
}

func (w *work) measure(method Method) (Measured, error) {
	f, err := w.by(method)
	if err != nil {
		return Measured{}, err
	}
	s := newSpread(w.adjusted(), w.h)
	// A trend is clear once its line has risen by four times the usual error.
	_, slope := line(w.adjusted().values)
	trend := min(max(slope*float64(len(w.y)-1)/(4*s.near), -1), 1)
	return Measured{Point: f, Near: s.near, Trend: trend, spread: s}, nil
}

// Scale is the size of error to be expected, up to a calibrated factor, of the
// value h steps ahead (KindValue) or of the sum of the next h values (KindSum).
func (d Measured) Scale(kind string, h int, growth float64) float64 {
	if kind == KindSum {
		return d.spread.scale(1, h, growth)
	}
	s := d.spread.scale(h, h, growth)
	if a := d.spread.adj; a.multiply {
		s *= a.pattern[(a.next+h-1)%len(a.pattern)]
	}
	return s
}
