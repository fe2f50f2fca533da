package written

import (
	_ "embed"
	"encoding/csv"
	"regexp"
	"strings"
	"sync"
)

//go:embed lists.csv
var listsCSV string

// list is one of the lists in lists.csv, which says what they are.
type list struct {
	name  string
	words []string
}

var lists = sync.OnceValue(func() (out []list) {
	r := csv.NewReader(strings.NewReader(listsCSV))
	r.Comment, r.FieldsPerRecord = '#', -1
	for {
		line, err := r.Read()
		if err != nil {
			return out // embedded, and read by the tests: it ends
		}
		if n := len(out); n > 0 && out[n-1].name == line[0] {
			out[n-1].words = append(out[n-1].words, line[1:]...)
			continue
		}
		out = append(out, list{line[0], line[1:]})
	}
})

// meanings are, of every kind of lists, the lists by their words.
var meanings = sync.OnceValue(func() map[string]map[string]string {
	out := map[string]map[string]string{}
	for _, l := range lists() {
		kind, meaning, _ := strings.Cut(l.name, ".")
		if out[kind] == nil {
			out[kind] = map[string]string{}
		}
		for _, word := range l.words {
			out[kind][word] = meaning
		}
	}
	return out
})

// Words are those of a list, in their order.
func Words(name string) []string {
	for _, l := range lists() {
		if l.name == name {
			return l.words
		}
	}
	return nil
}

// Is reports whether a word is one of a list's.
func Is(name, word string) bool {
	_, ok := meanings()[name][word]
	return ok
}

// Means gives what a word means by the lists of a kind.
func Means(kind, word string) (meaning string, ok bool) {
	meaning, ok = meanings()[kind][word]
	return meaning, ok
}

// MeansWithin gives what the first word of the lists of a kind that stands in a
// text means.
func MeansWithin(kind, text string) (meaning string, ok bool) {
	for _, l := range lists() {
		if of, meaning, _ := strings.Cut(l.name, "."); of == kind && contains(text, l.words) {
			return meaning, true
		}
	}
	return "", false
}

// Holds reports whether a word of a list stands in a text.
func Holds(name, text string) bool { return contains(text, Words(name)) }

func contains(text string, words []string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// Begins reports whether a text begins with a word of a list.
func Begins(name, text string) bool {
	for _, w := range Words(name) {
		if strings.HasPrefix(text, w) {
			return true
		}
	}
	return false
}

// Pattern is a regular expression that is made when it is first used.
func Pattern(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
