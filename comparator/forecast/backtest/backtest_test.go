package backtest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"yardstick/comparator/forecast"
	"yardstick/comparator/forecast/backtest"
	"yardstick/comparator/forecast/internal/simulate"
	"yardstick/schema"
	"yardstick/schema/words"
)

func run(t testing.TB, series []backtest.Series, o backtest.Options) *backtest.Report {
	t.Helper()
	r, err := backtest.Run(t.Context(), series, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func row(t testing.TB, r *backtest.Report, k forecast.Method, f schema.Frequency, h int) backtest.Row {
	t.Helper()
	for _, x := range r.Rows {
		if x.Method == k && x.Frequency == f && x.Horizon == h {
			return x
		}
	}
	t.Fatalf("no row %s %s %d", k, f, h)
	return backtest.Row{}
}

func is(t *testing.T, what string, got *float64, want float64) {
	t.Helper()
	if got == nil || math.Abs(*got-want) > 1e-9 {
		t.Errorf("%s: %v, want %v", what, value(got), want)
	}
}

func value(x *float64) any {
	if x == nil {
		return nil
	}
	return *x
}

func TestTheMeasuresByHand(t *testing.T) {
	series := []backtest.Series{
		// Naive says 4, 4. Errors 2 and 1: sMAPE 200*2/10 = 40 and 200*1/7 = 28.571…
		// Changes 1, 2, 1, 0 before: 4/4 = 1. MASE 2/1 and 1/1.
		{Name: "a", Values: []float64{2, 1, 3, 4, 4, 6, 3}},
		// Naive says 10, 10. Errors 0 and 10: sMAPE 0 and 200*10/30. Changes 5, 5, 5, 5.
		{Name: "b", Values: []float64{10, 5, 10, 5, 10, 10, 20}},
	}
	r := run(t, series, backtest.Options{Horizon: 2, Season: 1, Methods: []forecast.Method{forecast.Naive}})
	all := row(t, r, forecast.Naive, schema.Annual, 0)
	is(t, "smape", all.SMAPE, ((40+200.0/7)/2+(0+2000.0/30)/2)/2)
	is(t, "mase", all.MASE, (1.5+1)/2)
	first := row(t, r, forecast.Naive, schema.Annual, 1)
	is(t, "smape 1", first.SMAPE, (40+0)/2.0)
	is(t, "mase 1", first.MASE, (2+0)/2.0)
	is(t, "mase 2", row(t, r, forecast.Naive, schema.Annual, 2).MASE, (1+2)/2.0)
	if all.Series != 2 || all.Coverage80 != nil || r.Series != 2 || r.Method != forecast.Default {
		t.Errorf("%+v", r)
	}
	// The default is there even where it was not asked for, and carries coverage.
	d := row(t, r, forecast.Default, schema.Annual, 0)
	if d.Coverage80 == nil || *d.Coverage80 != *r.Coverage80 || *d.MASE != *r.MASE {
		t.Errorf("%+v, overall %+v", d, r.Overall)
	}
	// At the seasonal lag: season 2, series b does not change from season to season.
	r = run(t, series[1:], backtest.Options{Horizon: 2, Season: 2, Methods: []forecast.Method{forecast.Naive}})
	if r.Flat != 1 || r.MASE != nil || r.SMAPE == nil || r.Series != 1 {
		t.Errorf("flat %d, %v", r.Flat, value(r.MASE))
	}
}

func TestEdgesAreCountedAndTold(t *testing.T) {
	r := run(t, []backtest.Series{
		{Name: "short", Values: []float64{1, 2, 3, 4}},
		{Name: "far", Values: []float64{1, 2, 3}, Frequency: schema.Monthly},
		{Name: "hole", Values: []float64{1, 2, math.NaN(), 4, 5, 6, 7}},
		{Name: "huge", Values: []float64{1, 2, 1e200, 4, 5, 6, 7}},
		{Name: "zeros", Values: []float64{0, 0, 0, 0, 0, 0}},
	}, backtest.Options{Horizon: 2, Season: 1})
	if r.Series != 1 || len(r.LeftOut) != 4 || r.Flat != 1 || r.BothZeros != 2 {
		t.Fatalf("%+v", r)
	}
	for i, want := range []string{"不足3期", "不足3期", "缺失", "不能参与计算"} {
		if !strings.Contains(r.LeftOut[i].Why.Zh, want) || r.LeftOut[i].Why.En == "" {
			t.Errorf("%+v", r.LeftOut[i])
		}
	}
	is(t, "two zeros are no error", r.SMAPE, 0)
	r = run(t, []backtest.Series{{Name: "far", Values: make([]float64, 23)}}, backtest.Options{Horizon: 20, Season: 1})
	if len(r.LeftOut) != 1 || !strings.Contains(r.LeftOut[0].Why.Zh, "推不了这么远") {
		t.Errorf("%+v", r)
	}
	// The contract, with nothing to tell: null, not 0 and not NaN.
	b, err := json.Marshal(r.Overall)
	if err != nil || string(b) != `{"mase":null,"smape":null,"coverage80":null,"coverage95":null,"series":0}` {
		t.Errorf("%s %v", b, err)
	}
	for _, o := range []backtest.Options{{Season: 1}, {Horizon: 1, Season: -1}} {
		if _, err := backtest.Run(t.Context(), nil, o); !errors.Is(err, backtest.ErrOptions) {
			t.Errorf("%+v: %v", o, err)
		}
	}
	o := backtest.Options{Horizon: 1, Season: 1, Methods: []forecast.Method{"tea-leaves"}}
	if _, err := backtest.Run(t.Context(), []backtest.Series{{Name: "x", Values: []float64{1, 2, 3, 4, 5}}}, o); !errors.Is(err, forecast.ErrMethod) || !strings.Contains(err.Error(), `"x"`) {
		t.Errorf("%v", err)
	}
}

func drawn(w simulate.World, count, m, horizon int) []backtest.Series {
	out := make([]backtest.Series, count)
	for i := range out {
		// Lengths 14 to 140, evenly on the logarithmic scale.
		n := int(14 * math.Pow(10, float64(i%97)/96))
		if m == 12 {
			n = max(n, 48) // as in the M3
		}
		out[i] = backtest.Series{Name: fmt.Sprint(i), Values: w.Series(900_000+i, n+horizon, m)}
	}
	return out
}

func TestTheReportDoesNotDependOnTheWorkers(t *testing.T) {
	series := drawn(simulate.HeldOut(), 60, 4, 8)
	var reports []*backtest.Report
	for _, n := range []int{1, 2, 7} {
		calls, last := 0, 0
		reports = append(reports, run(t, series, backtest.Options{Horizon: 8, Season: 4, Workers: n, Progress: func(done, total int) {
			calls++
			if done != last+1 || total != len(series) {
				t.Errorf("%d of %d after %d", done, total, last)
			}
			last = done
		}}))
		if calls != len(series) {
			t.Errorf("%d calls", calls)
		}
	}
	if !reflect.DeepEqual(reports[0], reports[1]) || !reflect.DeepEqual(reports[0], reports[2]) {
		t.Error("the reports differ")
	}
}

func TestRunStopsWhenItIsToldTo(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	o := backtest.Options{Horizon: 8, Season: 4, Workers: 2, Progress: func(done, _ int) {
		if done == 3 {
			cancel()
		}
		if done > 20 {
			t.Errorf("%d done long after", done)
		}
	}}
	if _, err := backtest.Run(ctx, drawn(simulate.HeldOut(), 500, 4, 8), o); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// What is promised: series of a world with other sizes and shares than the
// calibration's, never seen; better than Naive2, no worse than Theta, and 80 and
// 95 mean 80 and 95 within 3 points.
func TestHeldOutSeries(t *testing.T) {
	var ours, thetas, naives float64
	for _, c := range []struct{ season, horizon, count int }{{1, 6, 776}, {4, 8, 485}, {12, 18, 291}} {
		r := run(t, drawn(simulate.HeldOut(), c.count, c.season, c.horizon), backtest.Options{
			Horizon: c.horizon, Season: c.season, Methods: []forecast.Method{forecast.Naive2, forecast.Theta, forecast.Default},
		})
		t.Logf("season %d:\n%s", c.season, r.Text(false))
		f := backtest.FrequencyOf(c.season)
		naive, theta := row(t, r, forecast.Naive2, f, 0), row(t, r, forecast.Theta, f, 0)
		if *r.MASE >= *naive.MASE || *r.SMAPE >= *naive.SMAPE {
			t.Errorf("season %d: no better than Naive2: MASE %v and %v, sMAPE %v and %v", c.season, *r.MASE, *naive.MASE, *r.SMAPE, *naive.SMAPE)
		}
		ours, thetas, naives = ours+*r.MASE/3, thetas+*theta.MASE/3, naives+*naive.MASE/3
		if math.Abs(*r.Coverage80-.80) > .03 || math.Abs(*r.Coverage95-.95) > .03 {
			t.Errorf("season %d: 80 covers %.3f, 95 covers %.3f", c.season, *r.Coverage80, *r.Coverage95)
		}
	}
	if ours > thetas {
		t.Errorf("worse than Theta: %v, %v", ours, thetas)
	}
	t.Logf("mean of the MASE: default %.3f, Theta %.3f, Naive2 %.3f", ours, thetas, naives)
}

// stretches are the series of the files, each ended anew every so many values
// before its end, so that one turn of the economy does not decide; at least least
// values and the horizon remain.
func stretches(t *testing.T, every, least, horizon int, files ...string) []backtest.Series {
	t.Helper()
	var out []backtest.Series
	for _, file := range files {
		f, err := os.Open("testdata/" + file)
		if err != nil {
			t.Fatal(err)
		}
		read, err := backtest.Read(f)
		if err = errors.Join(err, f.Close()); err != nil {
			t.Fatal(err)
		}
		for _, s := range read {
			if s.Why != (schema.Text{}) {
				t.Errorf("%s: %s", s.Name, s.Why.En)
			}
			for end := len(s.Values); end >= least+horizon; end -= every {
				out = append(out, backtest.Series{Name: fmt.Sprint(s.Name, end), Values: s.Values[:end], Frequency: s.Frequency})
			}
		}
	}
	return out
}

// Observed series (testdata/README.md) that the calibration has not seen: better
// than Naive2, no worse than Theta, and intervals that cover. Series of one set
// turn together, so that the tolerance is wider than the number of them says, and
// the wider the fewer or smoother (the populations of countries) they are; the
// crisis of 2008, which no method foresaw, is in two of the sets.
func TestObservedSeries(t *testing.T) {
	for _, c := range []struct {
		name                          string
		files                         []string
		horizon, season, every, least int
		known                         int // how many values are known; 0: all
		count                         int
		off80, off95                  float64
	}{
		{"the crisis of 2008", []string{"us-employment.csv", "us-unemployment.csv"}, 12, 12, 18, 48, 0, 116, .06, .05},
		{"yearly", []string{"wdi-yearly.csv"}, 6, 1, 9, 20, 0, 410, .06, .04},
		{"quarterly", []string{"us-quarterly.csv"}, 8, 4, 12, 32, 0, 117, .06, .04},
		{"monthly", []string{"us-monthly.csv"}, 18, 12, 24, 60, 0, 117, .06, .04},
		{"yearly, six known", []string{"wdi-yearly.csv"}, 4, 1, 9, 10, 6, 559, .09, .04},
		{"quarterly, twelve known", []string{"us-quarterly.csv"}, 6, 4, 12, 20, 12, 137, .09, .04},
		{"monthly, two years known", []string{"us-monthly.csv"}, 9, 12, 18, 30, 24, 234, .06, .04},
	} {
		t.Run(c.name, func(t *testing.T) {
			series := stretches(t, c.every, c.least, c.horizon, c.files...)
			if c.known > 0 {
				for i, s := range series {
					series[i].Values = s.Values[len(s.Values)-c.horizon-c.known:]
				}
			}
			r := run(t, series, backtest.Options{Horizon: c.horizon, Season: c.season})
			t.Logf("%d series:\n%s", r.Series, r.Text(false))
			if len(series) != c.count || r.Series != c.count {
				t.Errorf("%d series, %d of them tried", len(series), r.Series)
			}
			f := backtest.FrequencyOf(c.season)
			naive, theta := row(t, r, forecast.Naive2, f, 0), row(t, r, forecast.Theta, f, 0)
			// So few values are too noisy for sMAPE, in sets where figures pass through zero.
			fair := c.known > 0 || *r.SMAPE < *naive.SMAPE && *r.SMAPE <= *theta.SMAPE
			if *r.MASE >= *naive.MASE || *r.MASE > *theta.MASE || !fair {
				t.Errorf("MASE %v, Naive2 %v, Theta %v; sMAPE %v, %v, %v", *r.MASE, *naive.MASE, *theta.MASE, *r.SMAPE, *naive.SMAPE, *theta.SMAPE)
			}
			if math.Abs(*r.Coverage80-.80) > c.off80 || math.Abs(*r.Coverage95-.95) > c.off95 {
				t.Errorf("80 covers %.3f, 95 covers %.3f", *r.Coverage80, *r.Coverage95)
			}
		})
	}
}

func TestRead(t *testing.T) {
	got, err := backtest.Read(strings.NewReader("\ufeffPeriod,note,series,VALUE\n2024-02,x,a,2.5\n2024-01,,a,1\n3,,b,30\n10,,b,100\n2024-03,,a,\nx,,c,1\nw,,c,2\n2023,,d,5\n2024-Q1,,d,6\n"))
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 4 || got[0].Name != "a" || got[0].Frequency != schema.Monthly || got[0].Values[0] != 1 || got[0].Values[1] != 2.5 || !math.IsNaN(got[0].Values[2]) {
		t.Errorf("%+v", got)
	}
	if !strings.Contains(got[3].Why.Zh, "第10行") || got[2].Why != (schema.Text{}) {
		t.Errorf("two frequencies in one series: %+v", got[3])
	}
	if got[1].Values[0] != 30 || got[1].Frequency != "" || got[2].Values[0] != 1 || got[3].Frequency != "" {
		t.Errorf("%+v", got)
	}
	// Nothing is put where a period is missing; even steps and working days are whole.
	for text, line := range map[string]string{
		"2024-01,1\n2024-02,1\n2024-04,1": "第4行", "1990,1\n1991,1\n1993,1": "第4行", "1990,1\n1992,1\n1993,1": "第3行", "2024-Q1,1\n2025-Q1,1": "第3行",
		"1990,1\n1995,1\n2000,1": "", "2024-09-30,1\n2024-10-08,1": "", "199011,1\n199012,1\n199101,1": "", "w1,1\nw5,1": "",
	} {
		got, err := backtest.Read(strings.NewReader("series,period,value\na," + strings.ReplaceAll(text, "\n", "\na,")))
		if err != nil || len(got) != 1 {
			t.Fatalf("%v %+v", err, got)
		}
		if (got[0].Why == schema.Text{}) != (line == "") || !strings.Contains(got[0].Why.Zh, line) {
			t.Errorf("%q: %s, want %s", text, got[0].Why.Zh, line)
		}
		r := run(t, got, backtest.Options{Horizon: 1, Season: 1})
		if len(r.LeftOut) != 1 || line != "" && r.LeftOut[0].Why != got[0].Why {
			t.Errorf("%q: %+v", text, r.LeftOut)
		}
	}
	for text, want := range map[string]string{
		"": "backtest-no-header", "series,value\n": "backtest-no-column", "series,period,value\na,1,x\n": "backtest-not-a-number",
		"series,period,value\na,1,Inf\n": "backtest-not-a-number", "series,period,value\na,1,1\na,1,2\n": "backtest-twice",
		"series,period,value\na,1\n": "backtest-unreadable",
	} {
		_, err := backtest.Read(strings.NewReader(text))
		var said *words.Error
		if !errors.As(err, &said) || said.ID != want || strings.Contains(said.Text.Zh, "{") {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

// Three thousand series of 20 to 140 values, a third of them yearly, a third
// quarterly and a third monthly, all methods: a minute on two cores at the most.
func BenchmarkThreeThousandSeries(b *testing.B) {
	for b.Loop() {
		for _, c := range []struct{ season, horizon int }{{1, 6}, {4, 8}, {12, 18}} {
			run(b, drawn(simulate.HeldOut(), 1000, c.season, c.horizon), backtest.Options{Horizon: c.horizon, Season: c.season})
		}
	}
}

// The default beside Theta alone, on the same series: how many times as long it
// takes, and how many of its errors are left.
func BenchmarkDefaultAgainstTheta(b *testing.B) {
	series := drawn(simulate.HeldOut(), 300, 12, 18)
	seconds := map[forecast.Method]float64{} // beside each other, round by round
	for b.Loop() {
		for _, k := range []forecast.Method{forecast.Default, forecast.Theta} {
			began := time.Now()
			for _, s := range series {
				if _, err := forecast.Measure(s.Values[:len(s.Values)-18], 12, 18, k); err != nil {
					b.Fatal(err)
				}
			}
			seconds[k] += time.Since(began).Seconds()
		}
	}
	r := run(b, series, backtest.Options{Horizon: 18, Season: 12, Methods: []forecast.Method{forecast.Theta, forecast.Default}})
	b.ReportMetric(seconds[forecast.Default]/seconds[forecast.Theta], "times-Theta's-time")
	b.ReportMetric(*r.MASE / *row(b, r, forecast.Theta, schema.Monthly, 0).MASE, "of-Theta's-MASE")
}
