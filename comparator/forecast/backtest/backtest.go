// Package backtest measures forecasts on what is already known: the last values
// of each series are held back, forecast from those before, and compared.
package backtest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"yardstick/comparator/forecast"
	"yardstick/schema"
)

// Series is one to be forecast, oldest value first, one a period.
type Series struct {
	Name      string
	Values    []float64
	Frequency schema.Frequency // "": by Options.Season
	Why       schema.Text      // set: the series cannot be tried, and why
}

// Options say how to hold back and what to try.
type Options struct {
	Horizon  int                   // how many values are held back
	Season   int                   // values in a season: 1 yearly, 4 quarterly, 12 monthly, 36 ten-day, 7 daily
	Methods  []forecast.Method     // nil: all; the default is always tried
	Workers  int                   // 0: as many as there are cores
	Progress func(done, total int) // may be nil; called from one goroutine at a time

	Calibration *forecast.Calibration // nil: the one kept with package forecast
}

// ErrOptions is returned for a horizon or season that makes no sense.
var ErrOptions = errors.New("the backtest cannot be run like this")

// Overall is the contract of `yardstick backtest --output json`: the default
// method over all series, coverage as a fraction of 1. A number that no series
// defines is null.
type Overall struct {
	MASE       *float64 `json:"mase"`
	SMAPE      *float64 `json:"smape"` // per cent
	Coverage80 *float64 `json:"coverage80"`
	Coverage95 *float64 `json:"coverage95"`
	Series     int      `json:"series"`
}

// Row is one line of the table for people. Horizon 0 stands for all of them.
type Row struct {
	Method     forecast.Method  `json:"method"`
	Frequency  schema.Frequency `json:"frequency"`
	Horizon    int              `json:"horizon"`
	MASE       *float64         `json:"mase"`
	SMAPE      *float64         `json:"smape"`
	Coverage80 *float64         `json:"coverage80,omitempty"` // of the default method alone
	Coverage95 *float64         `json:"coverage95,omitempty"`
	Series     int              `json:"series"`
}

// Report is what Run found out.
type Report struct {
	Overall
	Method    forecast.Method `json:"method"` // the default
	Rows      []Row           `json:"rows"`
	LeftOut   []LeftOut       `json:"left_out"`   // not forecast, and why
	Flat      int             `json:"flat"`       // forecast, but without MASE: no value changes from season to season
	BothZeros int             `json:"both_zeros"` // places where figure and forecast are 0: no error in sMAPE
}

// LeftOut is a series that could not be tried.
type LeftOut struct {
	Name string      `json:"name"`
	Why  schema.Text `json:"why"`
}

// Run holds back and compares. It gives the same report however many workers
// there are, and ends with the context's error when that is done.
func Run(ctx context.Context, series []Series, o Options) (*Report, error) {
	if o.Horizon < 1 || o.Season < 0 {
		return nil, fmt.Errorf("horizon %d, season %d: %w", o.Horizon, o.Season, ErrOptions)
	}
	o.Season = max(o.Season, 1)
	if o.Methods == nil {
		o.Methods = forecast.Methods()
	}
	if o.Workers < 1 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.Calibration == nil {
		c, err := forecast.DefaultCalibration()
		if err != nil {
			return nil, err
		}
		o.Calibration = c
	}
	if !slices.Contains(o.Methods, o.Calibration.Point) {
		o.Methods = append(slices.Clone(o.Methods), o.Calibration.Point)
	}
	trials := make([]trial, len(series))
	pool, running := errgroup.WithContext(ctx)
	pool.SetLimit(o.Workers)
	var mu sync.Mutex
	done := 0
	tell := func() {
		if o.Progress == nil {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		done++
		o.Progress(done, len(series))
	}
	for i, s := range series {
		if running.Err() != nil {
			break
		}
		pool.Go(func() error {
			if err := running.Err(); err != nil {
				return err
			}
			t, err := try(s, o)
			if err != nil {
				return fmt.Errorf("forecasting series %q: %w", s.Name, err)
			}
			trials[i] = t
			tell()
			return nil
		})
	}
	if err := pool.Wait(); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("backtesting: %w", err)
	}
	return gather(trials, o), nil
}

// FrequencyOf is the frequency a season stands for; the nearest where none has
// that season.
func FrequencyOf(season int) schema.Frequency {
	switch {
	case season <= 1:
		return schema.Annual
	case season <= 4:
		return schema.Quarterly
	case season == 5 || season == 7 || season > 100:
		return schema.Daily
	case season <= 24:
		return schema.Monthly
	}
	return schema.TenDay
}

// change is the mean absolute change from season to season: what MASE divides by.
func change(y []float64, season int) float64 {
	if len(y) <= season {
		return 0
	}
	var sum float64
	for t := season; t < len(y); t++ {
		sum += math.Abs(y[t] - y[t-season])
	}
	return sum / float64(len(y)-season)
}
