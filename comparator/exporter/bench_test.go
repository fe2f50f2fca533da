package exporter_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"yardstick/comparator/exporter"
	"yardstick/schema"
)

// BenchmarkScrape reads a page of ten thousand series over HTTP from the
// exporter and, beside it, the same page kept in a GaugeVec, and prints how
// many times longer the latter takes.
func BenchmarkScrape(b *testing.B) {
	const targets = 500 // of 20 series each
	all, _ := verdicts()
	e := exporter.New(exporter.Options{Logger: quiet()})
	var vs []schema.Verdict
	for i := range targets {
		v := all[0]
		v.Target = fmt.Sprintf("target-%04d", i)
		vs = append(vs, v)
	}
	if err := e.SetVerdicts(vs[0].AsOf, time.Unix(1, 0), vs, time.Second, nil); err != nil {
		b.Fatal(err)
	}
	r := prometheus.NewRegistry()
	for m := range 12 {
		g := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: fmt.Sprintf("gauge_%d", m), Help: "The same, kept one by one."}, []string{"policy", "region", "target"})
		r.MustRegister(g)
		for _, v := range vs {
			g.WithLabelValues(v.Policy, v.Region, v.Target).Set(float64(m))
		}
	}
	status := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "status", Help: "The same, kept one by one."}, []string{"policy", "region", "target", "status"})
	r.MustRegister(status)
	for _, v := range vs {
		for _, s := range schema.Statuses() {
			status.WithLabelValues(v.Policy, v.Region, v.Target, string(s)).Set(1)
		}
	}
	var own, vec time.Duration
	ownServer, vecServer := httptest.NewServer(e.Handler()), httptest.NewServer(promhttp.HandlerFor(r, promhttp.HandlerOpts{}))
	defer ownServer.Close()
	defer vecServer.Close()
	scrape := func(url string) time.Duration {
		start := time.Now()
		req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, url, nil)
		if err != nil {
			b.Fatal(err)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			b.Fatal(err)
		}
		defer res.Body.Close()
		if _, err := io.Copy(io.Discard, res.Body); err != nil {
			b.Fatal(err)
		}
		return time.Since(start)
	}
	scrape(ownServer.URL)
	scrape(vecServer.URL)
	for b.Loop() {
		for range 10 {
			own += scrape(ownServer.URL)
			vec += scrape(vecServer.URL)
		}
	}
	b.ReportMetric(float64(own.Microseconds())/float64(10*b.N)/1000, "ms/exporter")
	b.ReportMetric(float64(vec.Microseconds())/float64(10*b.N)/1000, "ms/gaugevec")
	b.ReportMetric(float64(vec)/float64(own), "gaugevec/exporter")
}
