// Package css reads as much of a web page's style sheets as decides what the eye
// sees of a table: what is hidden, struck through, raised or lowered, and the
// number formats that a spreadsheet writes there.
package css

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// Bounds of a page's styles.
const (
	mostRules     = 20_000
	mostRelations = 64 // rules that name more than one element
)

// State is whether a property is given, and what it says.
type State uint8

// The states of a property.
const (
	Unsaid State = iota
	Off
	On
)

// Look is what styles say of an element.
type Look struct {
	Gone    State  // it takes no place: display none
	Unseen  State  // its place stays empty: visibility hidden
	Small   State  // letters without size
	Faint   State  // it can be seen through
	Away    State  // it is moved to where nobody looks
	Clipped State  // nothing is left of it
	Cut     State  // what does not fit in its box is cut off
	Narrow  State  // no width, or that of a line
	Flat    State  // no height, likewise
	Struck  State  // line-through
	Raised  State  // vertical-align super
	Lowered State  // vertical-align sub
	Format  string // of numbers, as a spreadsheet has it; ""
	Ink     string // colour of the letters, see Colour; ""
	Paper   string // and of what they are written on
}

// Over is the look with what another says later put over it.
func (l Look) Over(later Look) Look {
	for _, p := range [][2]*State{{&l.Gone, &later.Gone}, {&l.Unseen, &later.Unseen}, {&l.Small, &later.Small}, {&l.Struck, &later.Struck},
		{&l.Raised, &later.Raised}, {&l.Lowered, &later.Lowered}, {&l.Narrow, &later.Narrow}, {&l.Flat, &later.Flat},
		{&l.Faint, &later.Faint}, {&l.Away, &later.Away}, {&l.Clipped, &later.Clipped}, {&l.Cut, &later.Cut}} {
		if *p[1] != Unsaid {
			*p[0] = *p[1]
		}
	}
	for _, p := range [][2]*string{{&l.Format, &later.Format}, {&l.Ink, &later.Ink}, {&l.Paper, &later.Paper}} {
		if *p[1] != "" {
			*p[0] = *p[1]
		}
	}
	return l
}

// Lost reports whether nothing of an element and what is in it can be seen, though it
// may take its place; box: it has a box of its own, which may be cut.
func (l Look) Lost(box bool) bool {
	cut := box && l.Cut == On && (l.Narrow == On || l.Flat == On)
	return l.Gone == On || l.Faint == On || l.Away == On || l.Clipped == On || cut
}

// Element is an element of a page, as selectors name it.
type Element struct {
	Tag, ID string
	Classes []string
}

// Sheet is the styles of a page.
type Sheet struct {
	rules   map[string]Look // by td, .class, td.class, #id or *
	related map[string][]relation
	n       int
}

// relation is a rule for an element within others, the outermost first.
type relation struct {
	within []string
	look   Look
}

// Of gives what the sheet says of an element within others, the outermost first.
func (s *Sheet) Of(e Element, within []Element) Look {
	var out Look
	if s.n == 0 {
		return out
	}
	for _, name := range names(e) {
		if look, ok := s.rules[name]; ok {
			out = out.Over(look)
		}
		for _, r := range s.related[name] {
			if r.holds(within) {
				out = out.Over(r.look)
			}
		}
	}
	return out
}

// names are what selectors may call an element, the most general first.
func names(e Element) []string {
	out := append(make([]string, 0, 3+2*len(e.Classes)), "*", e.Tag)
	for _, c := range e.Classes {
		out = append(out, "."+c, e.Tag+"."+c)
	}
	if e.ID != "" {
		out = append(out, "#"+e.ID)
	}
	return out
}

// holds reports whether the elements named stand around, in their order.
func (r relation) holds(around []Element) bool {
	left := r.within
	for _, e := range around {
		if len(left) > 0 && slices.Contains(names(e), left[0]) {
			left = left[1:]
		}
	}
	return len(left) == 0
}

// Add reads the text of a style element.
func (s *Sheet) Add(text string) {
	if s.rules == nil {
		s.rules, s.related = map[string]Look{}, map[string][]relation{}
	}
	s.block(withoutComments(text), 0)
}

func withoutComments(text string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "/*")
		b.WriteString(before)
		if !found {
			break
		}
		if _, text, found = strings.Cut(rest, "*/"); !found {
			break
		}
	}
	return strings.NewReplacer("<!--", " ", "-->", " ").Replace(b.String())
}

// block reads rules; those for a screen may stand within one for it.
func (s *Sheet) block(text string, depth int) {
	for s.n < mostRules {
		head, rest, found := strings.Cut(text, "{")
		if !found {
			return
		}
		if at := strings.LastIndexAny(head, ";}"); at >= 0 { // @import …; and what was left over
			head = head[at+1:]
		}
		head = strings.TrimSpace(strings.ToLower(head))
		if strings.HasPrefix(head, "@") {
			inner, after := balanced(rest)
			if text = after; depth < 4 && strings.HasPrefix(head, "@media") && !strings.Contains(head, "print") {
				s.block(inner, depth+1)
			}
			continue
		}
		var body string
		body, text, _ = strings.Cut(rest, "}")
		look := Read(body)
		for selector := range strings.SplitSeq(head, ",") {
			s.rule(selector, look)
		}
	}
}

// balanced cuts what stands before the brace that closes, and after it.
func balanced(text string) (inner, after string) {
	for i, depth := 0, 1; i < len(text); i++ {
		switch text[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return text[:i], text[i+1:]
			}
		}
	}
	return text, ""
}

// rule keeps what is said of one selector; those of states and attributes are
// left aside.
func (s *Sheet) rule(selector string, look Look) {
	if look == (Look{}) || strings.ContainsAny(selector, ":[+~") || s.n >= mostRules {
		return
	}
	parts := strings.Fields(strings.ReplaceAll(selector, ">", " "))
	if len(parts) == 0 || len(parts) > 8 {
		return
	}
	last := parts[len(parts)-1]
	if s.n++; len(parts) == 1 {
		s.rules[last] = s.rules[last].Over(look)
	} else if len(s.related[last]) < mostRelations {
		s.related[last] = append(s.related[last], relation{parts[:len(parts)-1], look})
	}
}

// Read reads declarations, as a style attribute holds them.
func Read(text string) Look {
	var l Look
	for text != "" {
		var one string
		one, text = declaration(text)
		name, value, _ := strings.Cut(one, ":")
		value = strings.TrimSpace(value)
		if strings.TrimSpace(strings.ToLower(name)) == "mso-number-format" {
			l.Format = decoded(value)
			continue
		}
		value = strings.TrimSpace(strings.TrimSuffix(strings.ToLower(value), "!important"))
		l.set(strings.TrimSpace(strings.ToLower(name)), value)
	}
	return l
}

func (l *Look) set(name, value string) {
	on := func(yes bool) State {
		if yes {
			return On
		}
		return Off
	}
	also := func(state *State, yes bool) { // one of several properties that may say so
		if yes {
			*state = On
		}
	}
	switch name {
	case "display":
		l.Gone = on(value == "none")
	case "mso-hide":
		l.Gone = on(value == "all")
	case "visibility":
		l.Unseen = on(value == "hidden" || value == "collapse")
	case "content-visibility":
		also(&l.Gone, value == "hidden")
	case "font-size":
		l.Small = on(zero(value))
	case "font":
		size, _, _ := strings.Cut(value, "/")
		l.Small = on(slices.ContainsFunc(strings.Fields(size), zero))
	case "width":
		l.Narrow = on(hair(value))
	case "max-width":
		also(&l.Narrow, hair(value))
	case "height":
		l.Flat = on(hair(value))
	case "max-height":
		also(&l.Flat, hair(value))
	case "overflow":
		l.Cut = on(strings.Contains(value, "hidden") || strings.Contains(value, "clip"))
	case "overflow-x", "overflow-y":
		also(&l.Cut, value == "hidden" || value == "clip")
	case "opacity":
		l.Faint = on(faint(value))
	case "filter":
		also(&l.Faint, faint(argument(value, "opacity")))
	case "left", "top", "right", "bottom", "text-indent", "margin", "margin-left", "margin-top", "translate":
		also(&l.Away, far(value))
	case "transform":
		also(&l.Away, far(value) || first(argument(value, "scale"), zero))
	case "scale":
		also(&l.Away, first(value, zero))
	case "clip", "clip-path":
		also(&l.Clipped, clipped(value))
	case "color", "-webkit-text-fill-color":
		l.Ink = Colour(value)
	case "background", "background-color":
		l.Paper = Colour(value)
	case "text-decoration", "text-decoration-line":
		l.Struck = on(strings.Contains(value, "line-through"))
	case "vertical-align":
		l.Raised, l.Lowered = on(value == "super"), on(value == "sub")
	}
}

// length cuts a length into number and unit; what is none has the unit "?".
func length(value string) (n float64, unit string) {
	value = strings.TrimSpace(value)
	number := strings.TrimRight(value, "abcdefghijklmnopqrstuvwxyz%")
	n, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return 0, "?"
	}
	return n, value[len(number):]
}

// faint reports a share of what is seen that nobody sees.
func faint(value string) bool {
	n, unit := length(value)
	return unit == "" && n <= 0.05 || unit == "%" && n <= 5
}

// first asks of the first of some lengths.
func first(value string, is func(string) bool) bool {
	all := strings.FieldsFunc(value, func(r rune) bool { return r == ' ' || r == ',' })
	return len(all) > 0 && is(all[0])
}

// zero reports a length of nothing: 0, 0px, 0.0pt.
func zero(value string) bool {
	n, unit := length(value)
	return unit != "?" && n == 0
}

// hair reports a length of a line at most.
func hair(value string) bool {
	n, unit := length(value)
	return zero(value) || n > 0 && n <= 1 && (unit == "px" || unit == "pt")
}

// far reports whether one of some lengths leads out of every page.
func far(value string) bool {
	for _, one := range strings.FieldsFunc(value, func(r rune) bool { return r == ' ' || r == ',' || r == '(' || r == ')' }) {
		n, unit := length(one)
		switch unit {
		case "?":
		case "%":
			if n <= -100 {
				return true
			}
		case "em", "rem", "vw", "vh", "cm", "in":
			if n <= -40 {
				return true
			}
		default:
			if n <= -300 {
				return true
			}
		}
	}
	return false
}

// argument is what stands in the brackets of a function; "".
func argument(value, function string) string {
	_, rest, found := strings.Cut(value, function+"(")
	if !found {
		return ""
	}
	inner, _, _ := strings.Cut(rest, ")")
	return strings.TrimSpace(inner)
}

// clipped reports whether a clip leaves nothing: a rectangle of no size, or edges that
// meet.
func clipped(value string) bool {
	if rect := argument(value, "rect"); rect != "" {
		sides := strings.Fields(strings.ReplaceAll(rect, ",", " "))
		if len(sides) != 4 {
			return false
		}
		var at [4]float64
		for i, side := range sides {
			n, unit := length(side)
			if unit == "?" {
				return false
			}
			at[i] = n
		}
		return at[2]-at[0] <= 1 || at[1]-at[3] <= 1
	}
	if n, unit := length(argument(value, "circle")); unit != "?" && n == 0 {
		return true
	}
	inset := strings.Fields(argument(value, "inset"))
	if len(inset) == 0 {
		return false
	}
	n, unit := length(inset[0])
	return unit == "%" && n >= 50
}

// Colour is a colour as six hexadecimal digits, "none" where there is none, a name that
// is not known as it is, and "?" for pictures and the like; "" where nothing is said.
func Colour(value string) string {
	value = strings.ToLower(strings.TrimSpace(value))
	switch value {
	case "", "inherit", "initial", "unset", "auto", "currentcolor":
		return ""
	case "transparent", "none":
		return "none"
	}
	const named = " white=ffffff window=ffffff black=000000 windowtext=000000 red=ff0000 lime=00ff00 blue=0000ff yellow=ffff00 aqua=00ffff cyan=00ffff " +
		"fuchsia=ff00ff magenta=ff00ff gray=808080 grey=808080 silver=c0c0c0 maroon=800000 green=008000 navy=000080 olive=808000 purple=800080 teal=008080 "
	if _, rest, found := strings.Cut(named, " "+value+"="); found {
		return rest[:6]
	}
	if digits, ok := strings.CutPrefix(value, "#"); ok {
		if len(digits) == 3 || len(digits) == 4 {
			var b strings.Builder
			for _, d := range digits {
				b.WriteString(string(d) + string(d))
			}
			digits = b.String()
		}
		if len(digits) == 8 && digits[6:] <= "0c" {
			return "none"
		}
		return digits[:min(len(digits), 6)]
	}
	inner := argument(value, "rgb")
	if inner == "" {
		inner = argument(value, "rgba")
	}
	if inner != "" && strings.HasPrefix(value, "rgb") {
		return mixed(strings.FieldsFunc(inner, func(r rune) bool { return r == ' ' || r == ',' || r == '/' }))
	}
	if strings.ContainsAny(value, "( ") {
		return "?"
	}
	return value
}

// mixed is the colour of three parts, and how much of it is seen.
func mixed(parts []string) string {
	if len(parts) < 3 {
		return "?"
	}
	if len(parts) > 3 {
		if n, unit := length(parts[3]); unit == "" && n <= 0.05 || unit == "%" && n <= 5 {
			return "none"
		}
	}
	out := ""
	for _, part := range parts[:3] {
		n, unit := length(part)
		if unit == "%" {
			n = math.Round(n * 2.55)
		}
		if unit == "?" || n < 0 || n > 255 {
			return "?"
		}
		out += string("0123456789abcdef"[int(n)>>4]) + string("0123456789abcdef"[int(n)&15])
	}
	return out
}

// declaration cuts at the semicolon that ends the first of them.
func declaration(text string) (one, rest string) {
	quote := byte(0)
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == ';':
			return text[:i], text[i+1:]
		}
	}
	return text, ""
}

// decoded is a number format without the quotes and escapes of a style sheet:
// four hexadecimal digits after a backslash, or a sign that stands for itself.
func decoded(value string) string {
	if n := len(value); n > 1 && (value[0] == '"' || value[0] == '\'') && value[n-1] == value[0] {
		value = value[1 : n-1]
	}
	var b strings.Builder
	for i := 0; i < len(value); i++ {
		if value[i] != '\\' {
			b.WriteByte(value[i])
			continue
		}
		if i+4 < len(value) {
			if r, err := strconv.ParseUint(value[i+1:i+5], 16, 16); err == nil {
				b.WriteRune(rune(r))
				i += 4
				continue
			}
		}
		if i++; i < len(value) {
			b.WriteByte(value[i])
		}
	}
	return b.String()
}
