// Package words is the catalogue of every sentence people read, Chinese first,
// English beside it: messages/*.csv with the columns id, zh, en. A placeholder
// {name} is replaced by the argument of that name.
package words

import (
	"embed"
	"encoding/csv"
	"fmt"
	"io/fs"
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
	r := csv.NewReader(f)
	r.FieldsPerRecord = 3
	rows, err := r.ReadAll()
	if err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	for i, row := range rows[1:] {
		if _, twice := all[row[0]]; twice {
			return fmt.Errorf("%s line %d: %q stands twice", name, i+2, row[0])
		}
		all[row[0]] = schema.Text{Zh: row[1], En: row[2]}
	}
	return nil
}

// IDs lists every message, for tests that tie code to catalogue.
func IDs() []string {
	all, _ := catalogue()
	ids := make([]string, 0, len(all))
	for id := range all {
		ids = append(ids, id)
	}
	return ids
}

// Has reports whether the catalogue has the message.
func Has(id string) bool {
	all, _ := catalogue()
	_, ok := all[id]
	return ok
}

// Check reads the whole catalogue and says what is wrong with it.
func Check() error {
	_, err := catalogue()
	return err
}

// Say gives the sentence id with the arguments put in: name, value, name,
// value … A value may be a schema.Text (its own language is used in each), a
// string or anything fmt prints. An unknown id is shown as itself, so that a
// lapse is seen and nothing is lost.
func Say(id string, args ...any) schema.Text {
	all, _ := catalogue()
	t, ok := all[id]
	if !ok {
		return schema.Text{Zh: fmt.Sprint(append([]any{id}, args...)...), En: fmt.Sprint(append([]any{id}, args...)...)}
	}
	var zh, en []string // holes and what fills them; filled in one pass, so that a value is never taken for a hole
	for i := 0; i+1 < len(args); i += 2 {
		hole := "{" + fmt.Sprint(args[i]) + "}"
		if v, ok := args[i+1].(schema.Text); ok {
			zh, en = append(zh, hole, v.In("zh")), append(en, hole, v.In("en"))
			continue
		}
		v := fmt.Sprint(args[i+1])
		zh, en = append(zh, hole, v), append(en, hole, v)
	}
	t.Zh, t.En = strings.NewReplacer(zh...).Replace(t.Zh), strings.NewReplacer(en...).Replace(t.En)
	return t
}

// Error is a sentence that is also an error; it prints both languages.
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
	s := e.Zh + " / " + e.En
	if e.Cause != nil {
		s += ": " + e.Cause.Error()
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }
