package written

import (
	_ "embed"
	"encoding/csv"
	"regexp"
	"slices"
	"strings"
	"sync"
)

//go:embed lists.csv
var listsCSV string

// lists are those of lists.csv, which says what they are: their names in its order,
// and the words by name.
var lists = sync.OnceValue(func() (out struct {
	names []string
	words map[string][]string
}) {
	r := csv.NewReader(strings.NewReader(listsCSV))
	r.Comment, r.FieldsPerRecord = '#', -1
	lines, err := r.ReadAll()
	if err != nil {
		panic(err) // embedded, and read by the tests
	}
	out.words = map[string][]string{}
	for _, line := range lines {
		name := line[0]
		if out.words[name] == nil {
			out.names = append(out.names, name)
		}
		out.words[name] = append(out.words[name], line[1:]...)
	}
	return out
})

// meanings are, of every kind of lists, the lists by their words.
var meanings = sync.OnceValue(func() map[string]map[string]string {
	out := map[string]map[string]string{}
	for _, name := range lists().names { // in their order: of two lists with one word the later stands
		kind, meaning, _ := strings.Cut(name, ".")
		if out[kind] == nil {
			out[kind] = map[string]string{}
		}
		for _, word := range Words(name) {
			out[kind][word] = meaning
		}
	}
	return out
})

// Words are those of a list, in their order.
func Words(name string) []string { return lists().words[name] }

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
	for _, name := range lists().names {
		if of, meaning, _ := strings.Cut(name, "."); of == kind && Holds(name, text) {
			return meaning, true
		}
	}
	return "", false
}

// Holds reports whether a word of a list stands in a text.
func Holds(name, text string) bool {
	return slices.ContainsFunc(Words(name), func(w string) bool { return strings.Contains(text, w) })
}

// Begins reports whether a text begins with a word of a list.
func Begins(name, text string) bool {
	return slices.ContainsFunc(Words(name), func(w string) bool { return strings.HasPrefix(text, w) })
}

// Pattern is a regular expression that is made when it is first used.
func Pattern(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
