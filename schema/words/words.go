// Package words is the catalogue of every sentence people read, Chinese first,
// English beside it: messages/*.csv with the columns id, zh, en. A further
// language stands in a file of its own, with the columns id and its code; what
// it lacks is said in English. A placeholder {name} is replaced by the argument
// of that name.
package words

import (
	"crypto/sha256"
	"embed"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"

	"yardstick/schema"
)

//go:embed messages/*.csv
var files embed.FS

// catalogue is read once, at first use.
var catalogue = sync.OnceValues(load)

func load() (map[string]schema.Text, error) {
	all := map[string]schema.Text{}
	names, err := fs.Glob(files, "messages/*.csv")
	if err != nil {
		return nil, fmt.Errorf("listing the message catalogue: %w", err)
	}
	for _, name := range names {
		if err := loadFile(name, all); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func loadFile(name string, all map[string]schema.Text) error {
	f, err := files.Open(name)
	if err != nil {
		return fmt.Errorf("opening %s: %w", name, err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	for _, lang := range rows[0][1:] {
		if !slices.Contains(schema.LanguageCodes(), lang) {
			return fmt.Errorf("%s: %q is the code of no language", name, lang)
		}
	}
	for i, row := range rows[1:] {
		t := all[row[0]]
		for c, lang := range rows[0][1:] {
			if t.Has(lang) {
				return fmt.Errorf("%s line %d: %q stands twice", name, i+2, row[0])
			}
			t = t.With(lang, row[c+1])
		}
		all[row[0]] = t
	}
	return nil
}

// IDs lists every message, for tests that tie code to catalogue.
func IDs() []string {
	all, _ := catalogue()
	return slices.Collect(maps.Keys(all))
}

// Digest changes with any word of any message.
func Digest() string { return digest() }

// digest is worked out once, at first use.
var digest = sync.OnceValue(func() string {
	all, _ := catalogue()
	sum := sha256.New()
	for _, id := range slices.Sorted(slices.Values(IDs())) {
		fmt.Fprintf(sum, "%q %q\n", id, all[id].All("\x00"))
	}
	return hex.EncodeToString(sum.Sum(nil))
})

// Has reports whether the catalogue has the message.
func Has(id string) bool {
	all, _ := catalogue()
	_, ok := all[id]
	return ok
}

// Say gives the sentence id with the arguments put in: name, value, name,
// value … A value may be a schema.Text (its own language is used in each), a
// string or anything fmt prints. An unknown id is shown as itself, so that a
// lapse is seen and nothing is lost.
func Say(id string, args ...any) schema.Text {
	all, _ := catalogue()
	t, ok := all[id]
	if !ok {
		return schema.Same(fmt.Sprint(append([]any{id}, args...)...))
	}
	return schema.Every(func(l schema.Language) string {
		if !t.Has(l.Code) {
			return ""
		}
		return fill(t.In(l.Code), func(hole string) (string, bool) {
			for i := 0; i+1 < len(args); i += 2 {
				if args[i] != any(hole) {
					continue
				}
				if v, ok := args[i+1].(schema.Text); ok {
					return v.In(l.Code), true
				}
				return fmt.Sprint(args[i+1]), true
			}
			return "", false
		})
	})
}

// fill fills the holes of a sentence that value knows, in one pass: a value is never taken
// for a hole.
func fill(sentence string, value func(hole string) (string, bool)) string {
	if !strings.Contains(sentence, "{") {
		return sentence
	}
	var b strings.Builder
	for {
		before, rest, opens := strings.Cut(sentence, "{")
		b.WriteString(before)
		if !opens {
			return b.String()
		}
		hole, behind, closes := strings.Cut(rest, "}")
		if v, ok := value(hole); ok && closes {
			b.WriteString(v)
			sentence = behind
		} else {
			b.WriteByte('{')
			sentence = rest
		}
	}
}

// Error is a sentence that is also an error; it prints every language.
type Error struct {
	schema.Text
	ID    string
	Cause error
}

// Fail makes the sentence id an error that wraps cause (which may be nil).
func Fail(cause error, id string, args ...any) error {
	return &Error{Say(id, args...), id, cause}
}

func (e *Error) Error() string {
	s := e.All(" / ")
	if e.Cause != nil {
		s += ": " + e.Cause.Error()
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }
