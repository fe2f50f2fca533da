package main

import (
	"bufio"
	"fmt"
	"hash/fnv"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"

	"yardstick/comparator/forecast/internal/simulate"
)

// observed is one real series; series of one group move together.
type observed struct {
	source, group, name string
	perYear             int
	values              []float64
}

// readObserved reads what observed.R wrote.
func readObserved(r io.Reader) ([]observed, error) {
	var out []observed
	in := bufio.NewScanner(r)
	in.Buffer(nil, 1<<20)
	for line := 1; in.Scan(); line++ {
		at := strings.Split(in.Text(), "\t")
		if len(at) != 5 {
			return nil, fmt.Errorf("reading line %d: %d columns, not 5", line, len(at))
		}
		o := observed{source: at[0], group: at[1], name: at[2]}
		var err error
		if o.perYear, err = strconv.Atoi(at[3]); err != nil {
			return nil, fmt.Errorf("reading line %d: %w", line, err)
		}
		for text := range strings.FieldsSeq(at[4]) {
			v, err := strconv.ParseFloat(text, 64)
			if err != nil {
				return nil, fmt.Errorf("reading line %d: %w", line, err)
			}
			o.values = append(o.values, v)
		}
		out = append(out, o)
	}
	return out, in.Err()
}

// folds is into how many parts the groups are dealt. The last one is held out:
// the calibration never sees it.
const folds = 5

// fold deals the groups by a hash of their name.
func (o observed) fold() int {
	h := fnv.New32a()
	h.Write([]byte(o.group))
	return int(h.Sum32() % folds)
}

// keep is the observed series of all folds but one.
func keep(all []observed, out int) []observed {
	return slices.DeleteFunc(slices.Clone(all), func(o observed) bool { return o.fold() == out })
}

// window is a stretch of a real series: n values known, and up to the farthest
// horizon those that came after them.
type window struct {
	source string
	values []float64
}

// mostOfSource is how many windows of one source stand behind a length at most.
const mostOfSource = 200

// windows cuts stretches of n known values and one to most after them: up to
// three (of the few finer than monthly, forty) from each series that lasts, their
// places drawn, and of each source those that a draw picks. Stretches whose known values do not change are left out.
func windows(all []observed, perYear, n, most int) []window {
	r := rand.New(rand.NewPCG(uint64(perYear), uint64(n)))
	by := map[string][]window{}
	each := 3
	if perYear > 12 {
		each = 40
	}
	for _, o := range all {
		if o.perYear != perYear || len(o.values) <= n {
			continue
		}
		for range min(each, 1+(len(o.values)-n-1)/max(n/2, 6)) {
			from := 0
			if room := len(o.values) - n - most; room > 0 {
				from = r.IntN(room + 1)
			}
			v := o.values[from:min(from+n+most, len(o.values))]
			if slices.Min(v[:n]) < slices.Max(v[:n]) {
				by[o.source] = append(by[o.source], window{o.source, v})
			}
		}
	}
	var out []window
	for _, source := range slices.Sorted(maps.Keys(by)) {
		w := by[source]
		r.Shuffle(len(w), func(i, j int) { w[i], w[j] = w[j], w[i] })
		out = append(out, w[:min(len(w), mostOfSource)]...)
	}
	return out
}

// drawnToTest is how many series of the world held out are written, each of so
// many years.
const drawnToTest, yearsToTest = 200, 10

// writeHeldOut writes what nothing was calibrated on, a file for each number of
// values a year, as backtest reads them: the observed series of one fold, and
// series drawn from the world held out.
func writeHeldOut(folder string, all []observed, fold int) error {
	for _, perYear := range []int{1, 4, 12} {
		var b strings.Builder
		b.WriteString("series,period,value\n")
		for _, o := range all {
			if o.perYear != perYear || o.fold() != fold {
				continue
			}
			writeSeries(&b, o.source+"|"+o.group+"|"+strings.ReplaceAll(o.name, ",", "_"), o.values)
		}
		for i := range drawnToTest {
			writeSeries(&b, fmt.Sprintf("drawn|%d", i+1), simulate.HeldOut().Series(i, yearsToTest*perYear, perYear))
		}
		if err := os.WriteFile(fmt.Sprintf("%s/held-out-%d.csv", folder, perYear), []byte(b.String()), 0o644); err != nil {
			return fmt.Errorf("writing what is held out: %w", err)
		}
	}
	return nil
}

func writeSeries(b *strings.Builder, name string, values []float64) {
	for t, v := range values {
		fmt.Fprintf(b, "%s,%d,%s\n", name, t+1, strconv.FormatFloat(v, 'g', -1, 64))
	}
}
