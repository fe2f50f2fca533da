package grafana

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

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
	grey = "#8a96a3"
	ink  = "text" // Grafana's own colour for text, in either theme
)

// hue is a colour by its name.
func hue(name string) string {
	return named(map[schema.Hue]string{
		schema.Blue: "#4f86c6", schema.Green: "#2f9a70", schema.Amber: "#c08a2b", schema.Red: "#cf5148", schema.Grey: grey, ink: ink,
	}, schema.Hue(name))
}

// named is what has the name, which the plan must not make up.
func named[K ~string, T any](list map[K]T, name K) T {
	out, ok := list[name]
	if !ok {
		panic(fmt.Errorf("dashboards.yaml names %q, which is none of %q", name, slices.Sorted(maps.Keys(list))))
	}
	return out
}

// look is how a code shows: a shape, a hue and a word.
type look struct{ code, text, hue string }

// looks are the statuses, worst first.
func (l language) looks() (out []look) {
	for _, s := range schema.Statuses() {
		out = append(out, look{string(s), s.Mark() + " " + s.Label().In(string(l)), hue(string(s.Hue()))})
	}
	return out
}

// written are the looks of a list of words.
func (m maker) written(list string) (out []look) {
	for _, w := range named(m.Words, list) {
		out = append(out, look{w[0], w[1] + " " + m.say(w[2]), hue(w[3])})
	}
	return out
}

// shown shows codes as they look; their order begins at first.
func shown(first int, looks ...look) mapping {
	options := map[string]any{}
	for i, k := range looks {
		options[k.code] = mapped{k.text, k.hue, first + i}
	}
	return mapping{"value", options}
}

// words show a column's codes: statuses with what three of them are called for
// limits, cadences and what has hardly begun; causes; or a list of the plan.
func (m maker) words(list string) []mapping {
	unknown := mapping{"special", map[string]any{"match": "null+nan", "result": mapped{"— " + m.say("grafana-unknown"), grey, 9}}}
	statuses := shown(0, slices.Concat(m.looks(), m.written("status"), []look{{"", m.say("grafana-first"), grey}})...)
	switch list {
	case "status":
		return []mapping{statuses}
	case "allocated":
		return []mapping{statuses, shown(90, m.written(list)...)}
	case "cause":
		looks := []look{{"", "—", grey}}
		for _, c := range causes() {
			looks = append(looks, look{c, causeWord(c).In(string(m.language)), ink})
		}
		return []mapping{shown(0, looks...)}
	case "unknown":
		return []mapping{unknown}
	case "up", "intact":
		return []mapping{shown(0, m.written(list)...), unknown}
	}
	return []mapping{shown(0, m.written(list)...)}
}

// rankMappings show the rank of a status (1 is the worst) likewise.
func (l language) rankMappings() []mapping {
	looks := l.looks()
	for i := range looks {
		looks[i].code = strconv.Itoa(i + 1)
	}
	return []mapping{shown(0, looks...)}
}

// rankSteps hue the ranks where no mapping reaches: in a time series' own
// thresholds.
func (l language) rankSteps() *thresholds {
	out := []step{{Color: grey}}
	for i, k := range l.looks() {
		out = append(out, from(float64(i+1), k.hue))
	}
	return steps(out...)
}

// tally hues a count of each status where it is not nought.
func (l language) tally() (out []override) {
	for _, k := range l.looks() {
		out = append(out, override{matcher{"byName", k.code}, []property{{"displayName", k.text}, {"thresholds", steps(step{Color: grey}, from(1, k.hue))}}})
	}
	return out
}

func steps(s ...step) *thresholds { return &thresholds{"absolute", s} }

func from(value float64, c string) step { return step{c, &value} }

func fixed(name string) *color { return &color{"fixed", hue(name)} }

// column overrides the field (or the answer of the query) of that name, with its
// properties in the order they are written in.
func (m maker) column(c yaml.Node) override {
	if c.Kind == yaml.AliasNode {
		c = *c.Alias
	}
	by := named(map[string]string{"field": "byName", "query": "byFrameRefID"}, c.Content[0].Value)
	out := override{matcher{by, c.Content[1].Value}, nil}
	for i := 2; i < len(c.Content); i += 2 {
		out.Properties = append(out.Properties, m.property(c.Content[i].Value, c.Content[i+1])...)
	}
	return out
}

// property is what a key of a column stands for in Grafana. How a cell is drawn is
// told in the words of Grafana 9 and of later ones, which know one of the two each.
func (m maker) property(key string, value *yaml.Node) []property {
	text := value.Value
	switch key {
	case "say":
		return []property{{"displayName", m.say(text)}}
	case "noted":
		return []property{{"displayName", noteHole + m.say(text)}}
	case "fillBelowTo":
		return []property{{"custom.fillBelowTo", m.say(text)}}
	case "color":
		return []property{{"color", fixed(text)}}
	case "words":
		return []property{{"mappings", m.words(text)}}
	case "links":
		return []property{{"links", m.links(text)}}
	case "whole": // of a share below 1
		return []property{{"thresholds", steps(step{Color: hue(text)}, from(1, ink))}}
	case "from": // of a value and above
		return []property{{"thresholds", steps(step{Color: ink}, from(plain[float64](value.Content[0]), hue(value.Content[1].Value)))}}
	case "cell":
		if text == "gauge" {
			return []property{{"custom.displayMode", "basic"}, {"custom.cellOptions", map[string]any{"type": text, "mode": "basic"}}}
		}
		return []property{{"custom.displayMode", text}, {"custom.cellOptions", map[string]any{"type": text}}}
	case "dash":
		return []property{{"custom.lineStyle", map[string]any{"fill": "dash", "dash": plain[any](value)}}}
	case "unit", "decimals", "min", "max":
		return []property{{key, plain[any](value)}}
	case "align", "fillOpacity", "hidden", "lineWidth", "minWidth", "pointSize", "showPoints", "width":
		return []property{{"custom." + key, plain[any](value)}}
	}
	panic(fmt.Errorf("dashboards.yaml, line %d: a column has no %q", value.Line, key))
}

// plain is what a value of the plan says.
func plain[T any](value *yaml.Node) (out T) {
	if err := value.Decode(&out); err != nil {
		panic(fmt.Errorf("dashboards.yaml: %w", err))
	}
	return out
}

// links lead from a cell to its page and to its dashboard.
func (m maker) links(name string) []link {
	out := slices.Clone(named(m.Links, name))
	for i := range out {
		out[i].Title, out[i].URL = m.say(out[i].Title), strings.Replace(out[i].URL, "{target}", UID(targetBoard, string(m.language)), 1)
	}
	return out
}
