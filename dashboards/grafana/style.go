package grafana

import (
	"strconv"

	"yardstick/schema"
	"yardstick/schema/words"
)

// language is "zh" or "en".
type language string

const english language = "en"

// say gives a sentence of the catalogue in l.
func (l language) say(id string, args ...any) string { return words.Say(id, args...).In(string(l)) }

// Hues are muted, and between the board's light and dark ones: Grafana is
// looked at in both. They never stand without a shape and a word.
const (
	blue  = "#4f86c6"
	green = "#2f9a70"
	amber = "#c08a2b"
	red   = "#cf5148"
	grey  = "#8a96a3"
	ink   = "text" // Grafana's own colour for text, in either theme
)

// look is how a status shows: a shape, a hue and a word.
type look struct {
	code  string
	shape string
	hue   string
	word  string
}

// text is the shape and the word.
func (k look) text() string { return k.shape + " " + k.word }

// looks are the statuses, worst first, and then what three of them are
// called for limits, cadences and what has hardly begun.
func (l language) looks() []look {
	hues := map[schema.Hue]string{schema.Red: red, schema.Amber: amber, schema.Green: green, schema.Blue: blue, schema.Grey: grey}
	var out []look
	for _, s := range schema.Statuses() {
		out = append(out, look{string(s), s.Mark(), hues[s.Hue()], s.Label().In(string(l))})
	}
	return append(out,
		look{"within_limit", "●", green, l.say("grafana-within-limit")},
		look{"late_cadence", "■", red, l.say("grafana-late-cadence")},
		look{"not_begun", "○", grey, l.say("grafana-not-begun")})
}

// statusMappings show status codes as shape, word and hue.
func (l language) statusMappings() []mapping {
	options := map[string]any{}
	for i, k := range l.looks() {
		options[k.code] = mapped{k.text(), k.hue, i}
	}
	options[""] = mapped{l.say("grafana-first"), grey, len(options)}
	return []mapping{{"value", options}}
}

// rankMappings show the rank of a status (1 is the worst) likewise.
func (l language) rankMappings() []mapping {
	options := map[string]any{}
	for i, k := range l.looks()[:len(schema.Statuses())] {
		options[strconv.Itoa(i+1)] = mapped{k.text(), k.hue, i}
	}
	return []mapping{{"value", options}}
}

// rankSteps hue the ranks where no mapping reaches: in a time series' own
// thresholds.
func (l language) rankSteps() *thresholds {
	steps := []step{{Color: grey}}
	for i, k := range l.looks()[:len(schema.Statuses())] {
		steps = append(steps, step{k.hue, ptr(float64(i + 1))})
	}
	return &thresholds{"absolute", steps}
}

func (l language) causeMappings() []mapping {
	options := map[string]any{"": mapped{"—", grey, 0}}
	for i, c := range []string{"figure", "revision", "time", "register"} {
		options[c] = mapped{l.say("grafana-cause-" + c), ink, i + 1}
	}
	return []mapping{{"value", options}}
}

// plain is one colour whatever the value: ink for figures.
func plain(c string) *thresholds { return &thresholds{"absolute", []step{{Color: c}}} }

// from is grey up to a value and c from it on.
func from(value float64, c string) *thresholds {
	return &thresholds{"absolute", []step{{Color: ink}, {c, &value}}}
}

// count is grey for none and c from one on.
func count(c string) *thresholds {
	return &thresholds{"absolute", []step{{Color: grey}, {c, ptr(1.0)}}}
}

// whole is c for a share below 1 and ink for all of it.
func whole(c string) *thresholds {
	return &thresholds{"absolute", []step{{Color: c}, {ink, ptr(1.0)}}}
}

func fixed(c string) *color { return &color{"fixed", c} }

func ptr[T any](v T) *T { return &v }

// by overrides the field of that name.
func by(name string, properties ...property) override {
	return override{matcher{"byName", name}, properties}
}

func named(name string) property { return property{"displayName", name} }
func wide(px int) property       { return property{"custom.width", px} }
func unit(u string) property     { return property{"unit", u} }
func digits(n int) property      { return property{"decimals", n} }
func right() property            { return property{"custom.align", "right"} }
func hidden() property           { return property{"custom.hidden", true} }

// cell sets how a table cell is drawn, in the words of Grafana 9 and of later
// ones, which know one of the two each.
func cell(kind string) []property {
	options := map[string]any{"type": kind}
	old := kind
	if kind == "gauge" {
		options["mode"], old = "basic", "basic"
	}
	return []property{{"custom.displayMode", old}, {"custom.cellOptions", options}}
}
