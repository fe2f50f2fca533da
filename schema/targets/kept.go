package targets

import (
	"encoding/json"
	"fmt"

	"go.yaml.in/yaml/v3"

	"yardstick/schema"
	"yardstick/schema/calendar"
)

// kept is everything that verdicts are judged by besides figures: what the
// registers say, with the thresholds of each target, and the calendar.
type kept struct {
	Policies   []schema.Policy    `json:"policies"`
	Indicators []schema.Indicator `json:"indicators"`
	Regions    []schema.Region    `json:"regions"`
	Calendar   *calendar.Calendar `json:"calendar"`
}

// Keep gives the register and the calendar whole, as JSON: the same bytes for
// the same content. Read reads them.
func Keep(r *Register, c *calendar.Calendar) ([]byte, error) {
	b, err := json.Marshal(kept{r.Policies, r.Indicators.All(), r.Regions.All(), c})
	if err != nil {
		return nil, fmt.Errorf("writing the registers as JSON: %w", err)
	}
	return b, nil
}

// Read gives the register and the calendar that Keep gave as bytes, to judge by
// them. Names of columns are no part of them: feeds are read by today's.
func Read(b []byte) (*Register, *calendar.Calendar, error) {
	var k kept
	if err := json.Unmarshal(b, &k); err != nil {
		return nil, nil, fmt.Errorf("reading kept registers: %w", err)
	}
	l := emptyLoader()
	at := entry{record{place: place{&file{"kept", &l.faults}, &yaml.Node{}, &l.faults}}}
	for _, ind := range k.Indicators {
		l.addIndicator(at.record, ind)
	}
	for i, region := range k.Regions {
		l.regions.byCode[region.Code] = i
		l.regions.all, l.places = append(l.regions.all, region), append(l.places, at)
	}
	for i, region := range k.Regions {
		l.nameRegion(i, region)
	}
	if faults := l.faults.sorted(); len(faults) > 0 {
		return nil, nil, fmt.Errorf("reading kept registers: %w", &FaultsError{faults})
	}
	return &Register{Policies: k.Policies, Indicators: l.catalogue, Regions: l.regions}, k.Calendar, nil
}
