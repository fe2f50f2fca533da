package exporter

import (
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// What cannot be registered is told: half a page would look like a whole one.
func TestAPageThatCannotBeRegisteredIsNoEmptyPage(t *testing.T) {
	s := newVerdictSet(nil, time.UTC, 100)
	if _, err := s.build(nil); err != nil {
		t.Fatal(err)
	}
	s.desc["twice"] = prometheus.NewDesc("yardstick_twice", "One label, twice.", []string{"a", "a"}, nil)
	if families, err := s.build(nil); err == nil {
		t.Errorf("%d families and no error", len(families))
	}
}
