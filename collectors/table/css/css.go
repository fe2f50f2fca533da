// Package css reads as much of a web page's style sheets as decides what the eye
// sees of a table: what is hidden, struck through, raised or lowered, and the
// number formats that a spreadsheet writes there.
package css

import (
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
	Unseen  State  // its place stays empty: visibility hidden, letters without size
	Struck  State  // line-through
	Raised  State  // vertical-align super
	Lowered State  // vertical-align sub
	Narrow  State  // no width
	Format  string // of numbers, as a spreadsheet has it; ""
}

// Over is the look with what another says later put over it.
func (l Look) Over(later Look) Look {
	for _, p := range [][2]*State{{&l.Gone, &later.Gone}, {&l.Unseen, &later.Unseen}, {&l.Struck, &later.Struck},
		{&l.Raised, &later.Raised}, {&l.Lowered, &later.Lowered}, {&l.Narrow, &later.Narrow}} {
		if *p[1] != Unsaid {
			*p[0] = *p[1]
		}
	}
	if later.Format != "" {
		l.Format = later.Format
	}
	return l
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
	switch name {
	case "display":
		l.Gone = on(value == "none")
	case "mso-hide":
		l.Gone = on(value == "all")
	case "visibility":
		l.Unseen = on(value == "hidden" || value == "collapse")
	case "font-size":
		l.Unseen = on(zero(value))
	case "width":
		l.Narrow = on(zero(value))
	case "text-decoration", "text-decoration-line":
		l.Struck = on(strings.Contains(value, "line-through"))
	case "vertical-align":
		l.Raised, l.Lowered = on(value == "super"), on(value == "sub")
	}
}

// zero reports a length of nothing: 0, 0px, 0.0pt.
func zero(value string) bool {
	n, err := strconv.ParseFloat(strings.TrimRight(value, "abcdefghijklmnopqrstuvwxyz%"), 64)
	return err == nil && n == 0
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
