package targets

import (
	"go.yaml.in/yaml/v3"

	"yardstick/schema"
)

func thresholdKeys() []string {
	return []string{"pace_on_track", "pace_at_risk", "chance_on_track", "chance_at_risk", "not_begun"}
}

// readDefaults reads the numbers all targets are judged by, each of which says
// where it comes from.
func (l *loader) readDefaults(f *file, n *yaml.Node) {
	r, ok := f.record(n, thresholdKeys()...)
	if !ok {
		return
	}
	for _, key := range thresholdKeys() {
		if !r.need(key) {
			continue
		}
		one, ok := f.record(r.fields[key], "value", "source")
		if !ok {
			continue
		}
		one.both("source")
		one.need("value")
		if v := one.decimal("value"); v != nil {
			*threshold(&l.thresholds, key) = v.Float()
		}
	}
	checkThresholds(r.place, l.thresholds)
}

func threshold(t *schema.Thresholds, key string) *float64 {
	switch key {
	case "pace_on_track":
		return &t.PaceOnTrack
	case "pace_at_risk":
		return &t.PaceAtRisk
	case "chance_on_track":
		return &t.ChanceOnTrack
	case "chance_at_risk":
		return &t.ChanceAtRisk
	}
	return &t.NotBegun
}

// overrides gives the thresholds with what the record sets itself.
func (r record) overrides(t schema.Thresholds) schema.Thresholds {
	if !r.has("thresholds") {
		return t
	}
	s, ok := r.file.record(r.fields["thresholds"], thresholdKeys()...)
	if !ok {
		return t
	}
	for _, key := range thresholdKeys() {
		if v := s.decimal(key); v != nil {
			*threshold(&t, key) = v.Float()
		}
	}
	checkThresholds(s.place, t)
	return t
}

// checkThresholds: at risk begins below on track, and chances and shares of
// time lie between 0 and 1.
func checkThresholds(at place, t schema.Thresholds) {
	if t.PaceAtRisk < 0 || t.PaceAtRisk >= t.PaceOnTrack {
		at.fault("register-thresholds", "low", "pace_at_risk", "a", t.PaceAtRisk, "high", "pace_on_track", "b", t.PaceOnTrack)
	}
	if t.ChanceAtRisk < 0 || t.ChanceAtRisk >= t.ChanceOnTrack || t.ChanceOnTrack > 1 {
		at.fault("register-thresholds", "low", "chance_at_risk", "a", t.ChanceAtRisk, "high", "chance_on_track", "b", t.ChanceOnTrack)
	}
	if t.NotBegun < 0 || t.NotBegun >= 1 {
		at.fault("register-thresholds", "low", "not_begun", "a", t.NotBegun, "high", "1", "b", 1)
	}
}
