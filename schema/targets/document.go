package targets

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"iter"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"yardstick/schema"
	"yardstick/schema/words"
)

// maxRegister bounds the bytes of one register file.
const maxRegister = 8 << 20

// file is one YAML file being read.
type file struct {
	name   string
	faults *faultList
}

// parse gives the file's one document; nil when a fault says why not.
func (f *file) parse(b []byte) *yaml.Node {
	at := place{f, nil}
	if len(b) > maxRegister {
		at.fault("register-too-large", "limit", maxRegister>>20)
		return nil
	}
	var doc, more yaml.Node
	d := yaml.NewDecoder(bytes.NewReader(b))
	switch err := d.Decode(&doc); {
	case errors.Is(err, io.EOF):
		at.fault("register-empty")
		return nil
	case err != nil:
		at.node = &yaml.Node{Line: yamlLine(err)}
		at.fault("register-syntax", "why", strings.TrimPrefix(err.Error(), "yaml: "))
		return nil
	}
	if err := d.Decode(&more); !errors.Is(err, io.EOF) {
		at.node = &more
		if err != nil {
			at.node = &yaml.Node{Line: yamlLine(err)}
		}
		at.fault("register-one-document")
		return nil
	}
	return doc.Content[0]
}

// yamlLine is the line a syntax error names, else 0.
func yamlLine(err error) int {
	_, rest, _ := strings.Cut(err.Error(), "line ")
	digits, _, _ := strings.Cut(rest, ":")
	n, _ := strconv.Atoi(digits) // 0 where there is none
	return n
}

// record is one mapping of a file with its fields by name.
type record struct {
	place
	fields map[string]*yaml.Node
}

// record reads a mapping and faults keys it does not know and keys given twice.
func (f *file) record(n *yaml.Node, allowed ...string) (record, bool) {
	n = resolve(n)
	r := record{place{f, n}, map[string]*yaml.Node{}}
	if n.Kind != yaml.MappingNode {
		r.fault("register-not-record", "keys", strings.Join(allowed, ", "))
		return r, false
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], resolve(n.Content[i+1])
		at := place{f, key}
		switch _, twice := r.fields[key.Value]; {
		case !slices.Contains(allowed, key.Value):
			at.fault("register-unknown-key", "key", key.Value, "keys", strings.Join(allowed, ", "))
		case twice:
			at.fault("register-key-twice", "key", key.Value)
		default:
			r.fields[key.Value] = value
		}
	}
	return r, true
}

// sub is the mapping in a field; not ok when the field is not given or faulty.
func (r record) sub(key string, allowed ...string) (record, bool) {
	if !r.has(key) {
		return record{}, false
	}
	return r.file.record(r.fields[key], allowed...)
}

// records are the mappings of a list, without those that are none.
func (r record) records(key string, allowed ...string) iter.Seq[record] {
	return func(yield func(record) bool) {
		for _, n := range r.list(key) {
			if one, ok := r.file.record(n, allowed...); ok && !yield(one) {
				return
			}
		}
	}
}

func resolve(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// at is the place of a field, or of the whole record when it is not given.
func (r record) at(key string) place {
	if n := r.fields[key]; n != nil {
		return place{r.file, n}
	}
	return r.place
}

// has reports whether the field is given and not null.
func (r record) has(key string) bool {
	n := r.fields[key]
	return n != nil && n.Tag != "!!null"
}

// need faults a field that is not given.
func (r record) need(key string) bool {
	if !r.has(key) {
		r.at(key).fault("register-missing", "key", key)
		return false
	}
	return true
}

// text is a plain value; nothing when the field is not given.
func (r record) text(key string) string {
	if !r.has(key) {
		return ""
	}
	n := r.fields[key]
	if n.Kind != yaml.ScalarNode {
		r.at(key).fault("register-not-text", "key", key)
		return ""
	}
	return strings.TrimSpace(n.Value)
}

// must is text that has to be given.
func (r record) must(key string) string {
	if !r.need(key) {
		return ""
	}
	s := r.text(key)
	if s == "" && r.fields[key].Kind == yaml.ScalarNode {
		r.at(key).fault("register-missing", "key", key)
	}
	return s
}

// both is a text in the languages, of which those needed have to be there.
func (r record) both(key string) schema.Text {
	r.need(key)
	t, ok := r.sub(key, schema.LanguageCodes()...)
	if !ok {
		return schema.Text{}
	}
	return t.languages()
}

// languages is the text of a record that is itself one.
func (r record) languages() schema.Text {
	return schema.Every(func(l schema.Language) string {
		s := r.text(l.Code)
		if s == "" && l.Needed {
			r.at(l.Code).fault("register-language", "lang", l.Code)
		}
		return s
	})
}

// given is the text of a field, ok when there is one: an empty text is there
// and is no day and no number.
func (r record) given(key string) (s string, ok bool) {
	s = r.text(key)
	return s, r.has(key) && r.fields[key].Kind == yaml.ScalarNode
}

// date is a day, the zero Date when not given.
func (r record) date(key string) schema.Date {
	s, ok := r.given(key)
	if !ok {
		return schema.Date{}
	}
	d, err := schema.ParseDate(s)
	if err != nil {
		r.at(key).fault("register-date", "key", key, "written", s)
	}
	return d
}

// integer is a whole number between low and high; low when not given.
func (r record) integer(key string, low, high int) int {
	s, ok := r.given(key)
	if !ok {
		return low
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < low || n > high {
		r.at(key).fault("register-integer", "key", key, "written", s, "low", low, "high", high)
		return low
	}
	return n
}

// maxScale and precision are what the store keeps without losing a digit.
const (
	maxScale  = 10
	precision = 38
)

// decimal is an exact number; nil when not given or faulty.
func (r record) decimal(key string) *schema.Decimal {
	s, ok := r.given(key)
	if !ok {
		return nil
	}
	d, err := schema.ParseDecimal(s)
	switch {
	case err != nil:
		r.at(key).fault("register-number", "key", key, "written", s)
		return nil
	case !d.Fits(precision, maxScale):
		r.at(key).fault("register-digits", "key", key, "written", s, "scale", maxScale)
		return nil
	}
	return &d
}

// flag is true or false; false when not given.
func (r record) flag(key string) bool {
	switch r.text(key) {
	case "true":
		return true
	case "", "false":
	default:
		r.at(key).fault("register-flag", "key", key, "written", r.text(key))
	}
	return false
}

// list is the items of a sequence.
func (r record) list(key string) []*yaml.Node {
	if !r.has(key) {
		return nil
	}
	if r.fields[key].Kind != yaml.SequenceNode {
		r.at(key).fault("register-not-list", "key", key)
		return nil
	}
	return r.fields[key].Content
}

// strings is the items of a sequence of plain values.
func (r record) strings(key string) []string {
	var out []string
	for _, n := range r.list(key) {
		n = resolve(n)
		if n.Kind != yaml.ScalarNode || strings.TrimSpace(n.Value) == "" {
			place{r.file, n}.fault("register-not-text", "key", key)
			continue
		}
		out = append(out, strings.TrimSpace(n.Value))
	}
	return out
}

// oneOf is text out of a fixed set; nothing when it is another.
func (r record) oneOf(key string, allowed ...string) string {
	s := r.must(key)
	if s != "" && !slices.Contains(allowed, s) {
		r.at(key).fault("register-choice", "key", key, "written", s, "allowed", strings.Join(allowed, ", "))
		return ""
	}
	return s
}

// name is an identifier: small letters, digits and hyphens, so that it can be
// a metric label, a file name and a part of an address.
func (r record) name(key string) string {
	s := r.must(key)
	if s != "" && !regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`).MatchString(s) {
		r.at(key).fault("register-name", "key", key, "written", s)
	}
	return s
}

// Fault is something wrong in a register, where it stands, and what to do, in
// both languages. Line and Column count from 1; 0 is the file as a whole.
type Fault struct {
	File        string `json:"file"`
	Line        int    `json:"line"`
	Column      int    `json:"column"`
	schema.Text        // the sentence
}

// String is file:line:column: sentence, in both languages.
func (f Fault) String() string {
	return fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Column, f.All(" / "))
}

// FaultsError is every fault found in the registers that were read.
type FaultsError struct{ Faults []Fault }

// Error lists all faults, a line each.
func (e *FaultsError) Error() string {
	lines := make([]string, len(e.Faults))
	for i, f := range e.Faults {
		lines[i] = f.String()
	}
	return strings.Join(lines, "\n")
}

// faultList gathers faults; loading goes on after each.
type faultList struct{ all []Fault }

// sorted is the faults in reading order, each once.
func (l *faultList) sorted() []Fault {
	slices.SortStableFunc(l.all, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return slices.Compact(l.all)
}

// place is where something stands: a node of a file.
type place struct {
	file *file
	node *yaml.Node
}

// fault says sentence id about the place.
func (p place) fault(id string, args ...any) {
	f := Fault{File: p.file.name, Text: words.Say(id, args...)}
	if p.node != nil {
		f.Line, f.Column = p.node.Line, p.node.Column
	}
	p.file.faults.all = append(p.file.faults.all, f)
}

// faultIf is fault where something is wrong.
func (p place) faultIf(wrong bool, id string, args ...any) {
	if wrong {
		p.fault(id, args...)
	}
}

// order faults two days that stand the wrong way round.
func (p place) order(first string, a schema.Date, second string, b schema.Date) {
	p.faultIf(!a.IsZero() && !b.IsZero() && a.After(b),
		"register-order", "first", first, "a", a, "second", second, "b", b)
}
