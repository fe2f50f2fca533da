package account

import (
	"slices"
	"strings"

	"yardstick/collectors/table"
)

// A district's report shows the city's figure beside its own: 全市地区生产总值 below the
// title 中山区2025年1-6月. A name that begins with a place says whose its figure is, before
// any title; so the place is never dropped with the rest of an alias.

// wholePlaces are words that stand for the place that a report is of, or the city above it.
func wholePlaces() []string {
	return []string{"全市", "本市", "全区", "本区", "全县", "本县"}
}

// WholePlace reports whether a name is such a word: of which place depends on the report.
func WholePlace(name string) bool { return slices.Contains(wholePlaces(), name) }

// PlacedName parts a name that begins with a place: 全市 and 地区生产总值 of 全市地区生产总值.
// What is left must be an indicator's name by itself. A group of districts is part of the
// names that bear it (市内五区平价菜店), and is left there. place is "" where there is none.
func (r *Reader) PlacedName(name string) (place, rest string) {
	if parts, ok := r.placed[name]; ok {
		return parts[0], parts[1]
	}
	place, rest = r.placedName(name)
	if r.placed == nil {
		r.placed = map[string][2]string{}
	}
	if len(r.placed) < 1<<14 && len(name) < 256 {
		name = strings.Clone(name)
		r.placed[name] = [2]string{strings.Clone(place), strings.Clone(rest)}
	}
	return place, rest
}

func (r *Reader) placedName(name string) (place, rest string) {
	letters := []rune(name)
	if r.Options.Known == nil || len(letters) < 4 || len(letters) > 80 {
		return "", name
	}
	for n := 2; n <= min(12, len(letters)-2); n++ {
		place = string(letters[:n])
		rest = strings.TrimLeft(string(letters[n:]), ":：_- 的")
		if r.knownTitle(rest) && (WholePlace(place) || r.onePlace(place)) {
			return place, rest
		}
	}
	return "", name
}

// onePlace reports whether a name is that of a place of its own, and no group of them.
func (r *Reader) onePlace(name string) bool {
	if r.Options.Regions != nil && r.Options.Regions(name) {
		return r.placeCode(name) != ""
	}
	return r.LikePlace(name)
}

func (r *Reader) placeCode(name string) string {
	if r.Options.Place == nil {
		return ""
	}
	code, _ := r.Options.Place(name)
	return code
}

// SamePlace reports whether two names are those of one place.
func (r *Reader) SamePlace(a, b string) bool {
	return a == b || r.placeCode(a) != "" && r.placeCode(a) == r.placeCode(b)
}

// PlaceMeant is the place that a word such as 全市 or 全区 means in a report of a place
// ("": of none that is known). ok is false where that is asked: in a report of 瓦房店市,
// which lies in another city, 全市 may be either.
func (r *Reader) PlaceMeant(word string, report Facet, at table.Cell) (place Facet, ok bool) {
	place = Facet{Text: word}
	if !WholePlace(word) || strings.TrimSpace(r.Options.Given["region."+word]) != "" || r.Options.Place == nil {
		return place, true
	}
	city, code := r.placeCode("全市"), r.placeCode(report.Text)
	rank, candidates := strings.TrimPrefix(strings.TrimPrefix(word, "全"), "本"), []string(nil)
	switch {
	case rank != "市":
		if strings.HasSuffix(report.Text, rank) && !WholePlace(report.Text) || rank == "区" && code != "" && code != city && !strings.HasSuffix(report.Text, "县") && !strings.HasSuffix(report.Text, "市") {
			return report, true
		}
	case WholePlace(report.Text) || !report.Said() || code != "" && code == city:
		return Facet{Text: "全市"}, true
	case strings.HasSuffix(report.Text, "市") && code == "":
		return report, true
	case code != "" && !strings.HasSuffix(report.Text, "市"):
		return Facet{Text: "全市"}, true
	case code != "":
		candidates = []string{report.Text, city}
	}
	at.Text = word
	r.Ask(AskWhere, "region."+word, at, candidates, "word", word)
	return place, false
}

// PlaceOfName takes the place off a name and tells whose its figures are. label is the
// region that a label of the figure's own row or column says ("": none does): where the
// two differ it is asked which counts. of is Facet{} where the name says no place.
func (r *Reader) PlaceOfName(name Facet, label string, report Facet) (rest string, of Facet, ok bool) {
	place, rest := r.PlacedName(name.Text)
	if place == "" {
		return name.Text, Facet{}, true
	}
	if said := strings.TrimSpace(r.Options.Given["indicator."+name.Text]); said != "" { // it is of the name as written
		rest = name.Text
		if said == "ignore" {
			return rest, Facet{Text: place}, true
		}
	}
	key := "region." + name.Text
	switch said := strings.TrimSpace(r.Options.Given[key]); {
	case said == "ignore":
		return rest, Facet{}, true
	case said != "":
		return rest, Facet{Text: said}, true
	}
	of, ok = r.PlaceMeant(place, report, name.Cell)
	if !ok || label == "" || r.SamePlace(of.Text, label) {
		return rest, of, ok
	}
	r.Ask(AskPlaces, key, name.As(), []string{"ignore", of.Text}, "place", of.Text, "label", label, "name", name.Text)
	return rest, of, false
}
