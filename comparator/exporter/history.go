package exporter

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	dto "github.com/prometheus/client_model/go"

	"yardstick/schema"
)

// History writes past verdicts as OpenMetrics, for `promtool tsdb
// create-blocks-from openmetrics`. The format wants each metric in one piece, so
// each is kept in a temporary file until the end; memory does not grow with the
// days.
type History struct {
	set    func() *verdictSet
	labels string // of every series, in text: job="yardstick",instance="…"
	files  map[string]*spool
	order  []string
	last   time.Time
}

type spool struct {
	file *os.File
	out  *bufio.Writer
}

// NewHistory makes one whose series all have the labels given beside their own.
// Close it.
func NewHistory(r Register, loc *time.Location, labels map[string]string) *History {
	loc = cmp.Or(loc, statistical())
	h := &History{set: func() *verdictSet { return newVerdictSet(r, loc, DefaultLimit) }, files: map[string]*spool{}}
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		h.labels += name + "=" + quoted(labels[name]) + ","
	}
	return h
}

// quoted is a label's value as OpenMetrics writes it.
func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
}

// Add writes the verdicts at each of the times, which must be later than all
// added before.
func (h *History) Add(verdicts []schema.Verdict, at ...time.Time) error {
	set := h.set()
	families, err := set.build(verdicts)
	if err != nil {
		return fmt.Errorf("building the metrics of %d verdicts: %w", len(verdicts), err)
	}
	if set.dropped > 0 {
		return fmt.Errorf("%d series are more than the limit of %d", set.dropped, DefaultLimit)
	}
	for _, t := range at {
		if !t.After(h.last) {
			return fmt.Errorf("%s does not follow %s", t, h.last)
		}
		h.last = t
	}
	for _, f := range families {
		s, err := h.spool(f)
		if err != nil {
			return err
		}
		// Series by series: each of them has its times in order.
		for _, m := range f.GetMetric() {
			series := f.GetName() + "{" + h.labels + labelText(m) + "} " + strconv.FormatFloat(m.GetGauge().GetValue(), 'g', -1, 64) + " "
			for _, t := range at {
				if _, err := s.out.WriteString(series + strconv.FormatInt(t.Unix(), 10) + "\n"); err != nil {
					return fmt.Errorf("keeping %s: %w", f.GetName(), err)
				}
			}
		}
	}
	return nil
}

func labelText(m *dto.Metric) string {
	parts := make([]string, 0, len(m.GetLabel()))
	for _, l := range m.GetLabel() {
		parts = append(parts, l.GetName()+"="+quoted(l.GetValue()))
	}
	return strings.Join(parts, ",")
}

// spool is the metric's file, with its head written.
func (h *History) spool(f *dto.MetricFamily) (*spool, error) {
	if s, ok := h.files[f.GetName()]; ok {
		return s, nil
	}
	file, err := os.CreateTemp("", "yardstick-history-*")
	if err != nil {
		return nil, fmt.Errorf("keeping %s: %w", f.GetName(), err)
	}
	s := &spool{file, bufio.NewWriter(file)}
	h.files[f.GetName()] = s
	h.order = append(h.order, f.GetName())
	help := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(f.GetHelp())
	if _, err := fmt.Fprintf(s.out, "# HELP %s %s\n# TYPE %[1]s gauge\n", f.GetName(), help); err != nil {
		return nil, fmt.Errorf("keeping %s: %w", f.GetName(), err)
	}
	return s, nil
}

// Write gives the whole text, metric by metric by name.
func (h *History) Write(w io.Writer) error {
	slices.Sort(h.order)
	for _, name := range h.order {
		s := h.files[name]
		if err := s.out.Flush(); err != nil {
			return fmt.Errorf("keeping %s: %w", name, err)
		}
		if _, err := s.file.Seek(0, io.SeekStart); err != nil {
			return fmt.Errorf("reading %s back: %w", name, err)
		}
		if _, err := io.Copy(w, s.file); err != nil {
			return fmt.Errorf("writing %s: %w", name, err)
		}
	}
	if _, err := io.WriteString(w, "# EOF\n"); err != nil {
		return fmt.Errorf("writing the end: %w", err)
	}
	return nil
}

// Close removes the temporary files.
func (h *History) Close() error {
	var all error
	for _, s := range h.files {
		all = errors.Join(all, s.file.Close(), os.Remove(s.file.Name()))
	}
	h.files = nil
	return all
}
