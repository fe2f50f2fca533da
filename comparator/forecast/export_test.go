package forecast

// Continue forecasts the next h values of y, whose season has m values (1 or
// less: none), by each of the methods. It is the plain method: no bound is kept
// and no interval given. Values must be finite and at least three.
func Continue(y []float64, m, h int, methods ...Method) ([][]float64, error) {
	w, err := newWork(y, m, h)
	if err != nil {
		return nil, err
	}
	return w.all(methods)
}
