package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"yardstick/comparator/forecast"
	"yardstick/comparator/forecast/backtest"
	"yardstick/schema/words"
)

type backtestCmd struct {
	Series  string `arg:"" name:"file" help:"CSV with series, period, value. 含 series、period、value 的文件。" type:"path"`
	Horizon int    `help:"How many last values of each series are held back. 留出期数。" required:"" placeholder:"H"`
	Season  int    `help:"Values in a season: 1 yearly, 4 quarterly, 12 monthly, 36 ten-day, 7 daily. 季节长度。" default:"1" placeholder:"S"`
	Methods bool   `help:"All methods, and each horizon by itself. 列出全部方法及每一步。"`
}

// Run forecasts what is already known and says how well it went.
func (c backtestCmd) Run(ctx context.Context, r *run) error {
	file, err := os.Open(c.Series)
	if err != nil {
		return words.Fail(err, "file-unreadable", "file", c.Series)
	}
	series, err := backtest.Read(file)
	if err = errors.Join(err, file.Close()); err != nil {
		return &exitError{exitRefused, err}
	}
	bar := r.drawn(int64(len(series)), len(series) > 1)
	report, err := backtest.Run(ctx, series, backtest.Options{Horizon: c.Horizon, Season: c.Season, Methods: c.tried(),
		Progress: func(done, _ int) { _ = bar.Set(done) }}) // a bar that cannot be drawn is no reason to stop
	if errors.Is(err, backtest.ErrOptions) {
		return usage("backtest-options")
	}
	if err != nil {
		return err
	}
	return r.print(answer{json: report, tell: func(w io.Writer) {
		r.tell(w, "backtest-head")
		fmt.Fprint(w, report.Text(c.Methods))
		if n := len(report.LeftOut); n > 0 {
			r.tell(w, "backtest-left-out", "n", n)
		}
		for _, l := range report.LeftOut {
			fmt.Fprintf(w, "%s: %s\n", l.Name, l.Why.In(r.Lang))
		}
	}})
}

// tried are the default and the two it is measured by, or all.
func (c backtestCmd) tried() []forecast.Method {
	if c.Methods {
		return forecast.Methods()
	}
	return []forecast.Method{forecast.Naive2, forecast.Theta, forecast.Default}
}
