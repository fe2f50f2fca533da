package schema

import (
	"fmt"
	"slices"
	"strings"
)

// Status is the answer to 'will the promise be kept?'.
type Status string

// The statuses, worst first as lists show them.
const (
	Missed   Status = "missed"
	Breached Status = "breached"
	Lagging  Status = "lagging"
	AtRisk   Status = "at_risk"
	NoData   Status = "no_data"
	OnTrack  Status = "on_track"
	Open     Status = "open"
	Achieved Status = "achieved"
)

// Hue is what a status is coloured; the shades are each page's own.
type Hue string

// The hues.
const (
	Red   Hue = "red"
	Amber Hue = "amber"
	Green Hue = "green"
	Blue  Hue = "blue"
	Grey  Hue = "grey"
)

// statusKind is all there is to say of a status. A status that is added has its
// constant above and its line in statuses; everything that lists, words or
// draws statuses goes by these.
type statusKind struct {
	status Status
	told   int    // place among the counts a leader reads, from 1
	rare   bool   // the counts leave it out when there is none
	hue    Hue    // never stands without a shape and a word
	shape  string // as SVG, 14 by 14; class ring is an outline
	mark   string // the shape as a letter, on a screen
	print  string // and on paper, where fonts have fewer
	label  Text
}

// statuses are they, worst first.
func statuses() []statusKind {
	return []statusKind{
		{Missed, 5, true, Red, `<path d="M2 2H12V12H2Z M4.2 5.1 6.1 7 4.2 8.9 5.1 9.8 7 7.9 8.9 9.8 9.8 8.9 7.9 7 9.8 5.1 8.9 4.2 7 6.1 5.1 4.2Z" fill-rule="evenodd"/>`,
			"☒", "×", Text{Zh: "到期未达标", En: "missed"}},
		{Breached, 6, true, Red, `<path d="M7 1.2 13.2 12.4H.8Z"/>`, "▲", "▲", Text{Zh: "突破限值", En: "breached"}},
		{Lagging, 4, false, Red, `<rect x="2.5" y="2.5" width="9" height="9"/>`, "■", "■", Text{Zh: "进度滞后", En: "lagging"}},
		{AtRisk, 3, false, Amber, `<path d="M7 1 13 7 7 13 1 7Z"/>`, "◆", "◆", Text{Zh: "存在风险", En: "at risk"}},
		{NoData, 8, true, Grey, `<circle cx="7" cy="7" r="5" class="ring dashed"/>`, "◌", "□", Text{Zh: "数据不足", En: "no data"}},
		{OnTrack, 2, false, Green, `<circle cx="7" cy="7" r="4.8"/>`, "●", "●", Text{Zh: "进度正常", En: "on track"}},
		{Open, 7, false, Grey, `<circle cx="7" cy="7" r="5" class="ring"/>`, "○", "○", Text{Zh: "未设时限", En: "no deadline"}},
		{Achieved, 1, false, Blue, `<circle cx="7" cy="7" r="5.2" class="ring"/><circle cx="7" cy="7" r="2.6"/>`, "◎", "◎", Text{Zh: "已达标", En: "achieved"}},
	}
}

// kind is what there is to say of s; one nobody knows is as no data.
func (s Status) kind() statusKind {
	var none statusKind
	for _, k := range statuses() {
		if k.status == s {
			return k
		}
		if k.status == NoData {
			none = k
		}
	}
	return none
}

// Statuses lists them, worst first.
func Statuses() []Status {
	var out []Status
	for _, k := range statuses() {
		out = append(out, k.status)
	}
	return out
}

// StatusesTold lists them in the order of the counts a leader reads.
func StatusesTold() []Status {
	out := Statuses()
	slices.SortFunc(out, func(a, b Status) int { return a.kind().told - b.kind().told })
	return out
}

// Rank is the place of s in Statuses: smaller is worse.
func (s Status) Rank() int {
	all := Statuses()
	if i := slices.Index(all, s); i >= 0 {
		return i
	}
	return len(all)
}

// Label is the status as people read it.
func (s Status) Label() Text { return s.kind().label }

// Hue is its colour.
func (s Status) Hue() Hue { return s.kind().hue }

// Shape is its shape as SVG, 14 by 14.
func (s Status) Shape() string { return s.kind().shape }

// Mark is the shape as a letter.
func (s Status) Mark() string { return s.kind().mark }

// Print is the shape as a letter that every office's fonts have.
func (s Status) Print() string { return s.kind().print }

// Rare reports whether counts leave the status out when there is none.
func (s Status) Rare() bool { return s.kind().rare }

// Behind reports whether something is to be done: at risk or worse.
func (s Status) Behind() bool { return s.Rank() <= AtRisk.Rank() }

// StatusStyles are the rules of a stylesheet that give each status' class, such
// as s-at_risk, its hue: property is set to the sheet's own shade of it.
func StatusStyles(property string) string {
	var b strings.Builder
	for _, k := range statuses() {
		fmt.Fprintf(&b, ".s-%s { %s: var(--%s); }\n", k.status, property, k.hue)
	}
	return b.String()
}

// Codes are the words of a type of words as plain text.
func Codes[T ~string](all []T) []string {
	out := make([]string, len(all))
	for i, word := range all {
		out[i] = string(word)
	}
	return out
}
