package api

import (
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"testing"
	"time"

	"yardstick/schema"
)

// sample has every way a member may be written.
type sample struct {
	inner
	Exact   schema.Decimal   `json:"exact"`
	Known   *schema.Decimal  `json:"known"`
	Left    *schema.Decimal  `json:"left,omitempty"`
	Day     schema.Date      `json:"day"`
	Gone    schema.Date      `json:"gone,omitzero"`
	At      time.Time        `json:"at"`
	Of      schema.Period    `json:"of"`
	Word    schema.Status    `json:"word"`
	Parts   []inner          `json:"parts"`
	Other   *inner           `json:"other"`
	Names   map[string]int   `json:"names,omitempty"`
	Either  json.RawMessage  `json:"either"`
	Skipped string           `json:"-"`
	Ratio   *float64         `json:"ratio"`
	Words   []schema.Status  `json:"words,omitempty"`
	Text    schema.Text      `json:"text"`
	hidden  map[bool]float64 //nolint:unused // it must not be looked at
}

type inner struct {
	Name string `json:"name"`
	Word bool   `json:"word,omitempty"`
}

func TestASchemaSaysWhatJSONSays(t *testing.T) {
	s := newShapes("en")
	if name := s.named(reflect.TypeFor[sample]()); name != "Sample" {
		t.Errorf("it is called %s", name)
	}
	o := s.all["Sample"].(object)
	members := o["properties"].(object)
	want := map[string]any{
		"name": "string", "exact": "number", "known": []string{"number", "null"}, "left": "number", "day": []string{"string", "null"}, "gone": "string", "at": "string",
		"of": "string", "word": "string", "parts": []string{"array", "null"}, "names": "object", "either": []string{"number", "string", "null"},
		"ratio": []string{"number", "null"}, "words": "array", "other": nil, "text": nil,
	}
	for name, kind := range want {
		m, ok := members[name].(object)
		if !ok || !reflect.DeepEqual(m["type"], kind) {
			t.Errorf("%s is %v, want %v", name, m, kind)
		}
	}
	if len(members) != len(want) {
		t.Errorf("%d members, want %d", len(members), len(want))
	}
	// What is written of the zero value is what is required.
	body, err := json.Marshal(sample{})
	if err != nil {
		t.Fatal(err)
	}
	var written map[string]any
	if err := json.Unmarshal(body, &written); err != nil {
		t.Fatal(err)
	}
	required := o["required"].([]string)
	for name := range want {
		if _, there := written[name]; there != slices.Contains(required, name) {
			t.Errorf("%s is written: %v, required: %v", name, there, !there)
		}
	}
	if words := members["word"].(object)["enum"].([]string); len(words) != len(schema.Statuses()) {
		t.Errorf("the words are %v", words)
	}
}

func TestAnAddressIsCheckedAgainstTheTable(t *testing.T) {
	o := Operation{Method: http.MethodGet, Path: "/x/{id}", Parameters: []Parameter{{Name: "id", Path: true, Example: "a b"}, {Name: "day", Form: Day, Example: "2025-06-30"},
		{Name: "n", Form: Integer, Most: 10}, {Name: "yes", Form: Boolean}, {Name: "kind", Form: Choice, Choices: []string{"a", "b"}, Many: true},
		{Name: "must", Required: true, Example: "1"}}}
	for address, want := range map[string]What{
		"must=1": "", "must=1&n=10&yes=true&kind=a&kind=b&day=whenever": "", "must=1&n=": "", "n=1": Missing, "must=": Missing, "must=1&must=1": Twice,
		"must=1&id=a": Unknown, "must=1&Day=1": Unknown, "must=1&n=0": NoCount, "must=1&n=11": NoCount, "must=1&n=x": NoCount, "must=1&yes=perhaps": NotOne,
		"must=1&kind=a&kind=c": NotOne,
	} {
		q, err := url.ParseQuery(address)
		if err != nil {
			t.Fatal(err)
		}
		got := What("")
		if v := o.Check(q); v != nil {
			got = v.What
		}
		if got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
	if got := o.Example("day"); got != "/x/a%20b?day=2025-06-30&must=1" {
		t.Errorf("the example is %s", got)
	}
}
