// Package api is the vocabulary of the API over HTTP: what an operation takes
// and answers, the fault that is told when it is asked wrongly, and the OpenAPI
// document made from both. One list of operations drives the handlers, the
// refusal of what they do not know, and the document, so that these cannot
// differ.
package api

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"yardstick/schema"
)

// Form is how a parameter is written.
type Form string

// The forms. Text is anything; what it means is the handler's to judge.
const (
	Text     Form = "text"
	Day      Form = "day"      // YYYY-MM-DD
	Period   Form = "period"   // a day, month, quarter or year
	Moment   Form = "moment"   // RFC 3339, or a day that means its end
	Integer  Form = "integer"  // from 1 to Most
	Boolean  Form = "boolean"  // true or false
	Choice   Form = "choice"   // one of Choices
	KeyValue Form = "keyvalue" // key=value
)

// Parameter is what an operation may be told in its address.
type Parameter struct {
	Name     string
	Note     string // id of what it means, after "api-param-"; its name when empty
	Form     Form
	Choices  []string // of a Choice, the default first where there is one
	Most     int      // of an Integer
	Path     bool     // part of the path, hence required
	Required bool
	Many     bool   // may stand several times
	Example  string // of the demonstration; what it gives is not empty
}

// Meaning is the catalogue's id of what the parameter means.
func (p Parameter) Meaning() string {
	if p.Note != "" {
		return "api-param-" + p.Note
	}
	return "api-param-" + p.Name
}

// Media is one form an answer or a body may have.
type Media struct {
	Type string // media type
	Of   any    // a value of the Go type that is written as JSON; nil: text or bytes
}

// JSON is the media type of v as JSON.
func JSON(v any) Media { return Media{"application/json", v} }

// Answer is an answer by its status.
type Answer struct {
	Status int
	Media  []Media
}

// Operation is one method of one path.
type Operation struct {
	ID         string // names it in the document and its sentences in the catalogue
	Method     string
	Path       string // as http.ServeMux and OpenAPI write it
	Group      string // of the page and the document: policy, figures, feeds, forecasts, writing, about
	Parameters []Parameter
	Body       []Media // what is sent; none: nothing
	Answers    []Answer
	Faults     []int // statuses that are answered with a Fault
	Token      bool  // a bearer token is needed
	Links      bool  // an answer may have a Link to its next page
	Handler    http.Handler
}

// Violation is what is wrong with an address before any handler reads it.
type Violation struct {
	What    What
	Name    string // of the parameter
	Written string
	Allowed string // for people
}

// What a Violation is: the sentence of the catalogue that tells it.
type What string

// The violations.
const (
	Unknown What = "board-unknown-parameter" // no such parameter
	Twice   What = "board-parameter-twice"   // given more than once
	Missing What = "board-parameter-missing" // required
	NotOne  What = "board-bad-choice"        // none of the choices
	NoCount What = "board-bad-limit"         // no whole number within bounds
)

// Check reads an address and tells the first thing wrong with it in the order
// of names; nil when all is well. A mistyped parameter would otherwise answer a
// question nobody asked.
func (o Operation) Check(q url.Values) *Violation {
	for _, name := range slices.Sorted(maps.Keys(q)) {
		i := slices.IndexFunc(o.Parameters, func(p Parameter) bool { return p.Name == name && !p.Path })
		if i < 0 {
			return &Violation{What: Unknown, Name: name, Allowed: strings.Join(o.Names(), ", ")}
		}
		if p := o.Parameters[i]; len(q[name]) > 1 && !p.Many {
			return &Violation{What: Twice, Name: name}
		}
		for _, written := range q[name] {
			if v := o.Parameters[i].check(written); v != nil {
				return v
			}
		}
	}
	for _, p := range o.Parameters {
		if p.Required && q.Get(p.Name) == "" {
			return &Violation{What: Missing, Name: p.Name}
		}
	}
	return nil
}

// check refuses what no handler could make sense of. Nothing written is as if
// the parameter were not there.
func (p Parameter) check(written string) *Violation {
	if written == "" {
		return nil
	}
	switch p.Form {
	case Choice:
		if !slices.Contains(p.Choices, written) {
			return &Violation{NotOne, p.Name, written, strings.Join(p.Choices, ", ")}
		}
	case Boolean:
		if _, err := strconv.ParseBool(written); err != nil {
			return &Violation{NotOne, p.Name, written, "true, false"}
		}
	case Integer:
		if n, err := strconv.Atoi(written); err != nil || n < 1 || n > p.Most {
			return &Violation{NoCount, p.Name, written, strconv.Itoa(p.Most)}
		}
	}
	return nil
}

// Names lists what may stand in the address after the path.
func (o Operation) Names() []string {
	var out []string
	for _, p := range o.Parameters {
		if !p.Path {
			out = append(out, p.Name)
		}
	}
	return out
}

// Example is an address of the demonstration that gives something: the path
// filled in, with those parameters that are required or named.
func (o Operation) Example(names ...string) string {
	path, q := o.Path, url.Values{}
	for _, p := range o.Parameters {
		switch {
		case p.Path:
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(p.Example))
		case p.Required || slices.Contains(names, p.Name):
			q.Set(p.Name, p.Example)
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// FaultType is the media type of a Fault.
const FaultType = "application/problem+json"

// Fault is a fault as RFC 9457 has it, with both languages beside it: title
// and detail themselves are Chinese, as everywhere.
type Fault struct {
	Type     string      `json:"type"`
	Title    string      `json:"title"`
	Status   int         `json:"status"`
	Detail   string      `json:"detail"`
	Titles   schema.Text `json:"titles"`
	Details  schema.Text `json:"details"`
	Instance string      `json:"instance"`
}

// FaultOf is the answer to a request for path that failed with this status.
func FaultOf(path string, status int, title, detail schema.Text) Fault {
	return Fault{"about:blank", title.In(schema.Chinese), status, detail.In(schema.Chinese), title, detail, path}
}

// Body is the fault as it is sent.
func (f Fault) Body() []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(f); err != nil { // not reached: a Fault holds text and a number
		return []byte(`{"type":"about:blank","status":500}` + "\n")
	}
	return b.Bytes()
}

// Tell answers with the fault, which nobody may keep.
func (f Fault) Tell(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Type", FaultType)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(f.Status)
	// An error here is a client that went away: nobody is left to tell.
	_, _ = w.Write(f.Body())
}
