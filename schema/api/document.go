package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"yardstick/schema"
	"yardstick/schema/words"
)

// Groups lists the groups of operations in the order people read them.
func Groups() []string {
	return []string{"policy", "figures", "feeds", "forecasts", "writing", "about"}
}

// Document is the OpenAPI 3.1 document of the operations as JSON, its sentences
// in lang.
func Document(operations []Operation, lang string) ([]byte, error) {
	s := newShapes(lang)
	problem := object{"$ref": "#/components/schemas/" + s.named(reflect.TypeFor[Fault]())}
	paths := object{}
	for _, o := range operations {
		at, ok := paths[o.Path].(object)
		if !ok {
			at = object{}
			paths[o.Path] = at
		}
		at[strings.ToLower(o.Method)] = s.operation(o, problem)
	}
	var tags []object
	for _, g := range Groups() {
		tags = append(tags, object{"name": g, "description": s.say("api-group-" + g)})
	}
	doc := object{
		"openapi": "3.1.0",
		"info": object{
			"title": s.say("api-doc-title"), "version": "1", "description": s.say("api-doc-about"),
			"license": object{"name": "Apache-2.0", "identifier": "Apache-2.0"},
		},
		"servers": []object{{"url": "/"}},
		"tags":    tags,
		"paths":   paths,
		"components": object{
			"schemas":         s.all,
			"securitySchemes": object{"token": object{"type": "http", "scheme": "bearer", "description": s.say("api-doc-token")}},
		},
	}
	body, err := json.MarshalIndent(doc, "", " ")
	if err != nil {
		return nil, fmt.Errorf("writing the API document: %w", err)
	}
	return append(body, '\n'), nil
}

func (s *shapes) operation(o Operation, problem object) object {
	out := object{"operationId": o.ID, "tags": []string{o.Group}, "summary": s.say("api-op-" + o.ID)}
	if id := "api-more-" + o.ID; words.Has(id) {
		out["description"] = s.say(id)
	}
	var parameters []object
	for _, p := range o.Parameters {
		parameters = append(parameters, s.parameter(p))
	}
	if o.Method == http.MethodGet {
		parameters = append(parameters, object{"name": "If-None-Match", "in": "header", "description": s.say("api-param-if-none-match"), "schema": object{"type": "string"}})
	}
	if len(parameters) > 0 {
		out["parameters"] = parameters
	}
	if len(o.Body) > 0 {
		out["requestBody"] = object{"required": true, "content": s.content(o.Body)}
	}
	if o.Token {
		out["security"] = []object{{"token": []string{}}}
	}
	answers := object{}
	for _, a := range o.Answers {
		answer := object{"description": s.say("api-answer-" + strconv.Itoa(a.Status))}
		if len(a.Media) > 0 {
			answer["content"] = s.content(a.Media)
		}
		if o.Links && a.Status == http.StatusOK {
			answer["headers"] = object{"Link": object{"description": s.say("api-doc-link"), "schema": object{"type": "string"}}}
		}
		answers[strconv.Itoa(a.Status)] = answer
	}
	for _, status := range o.Faults {
		answers[strconv.Itoa(status)] = object{"description": s.say("api-answer-" + strconv.Itoa(status)), "content": object{FaultType: object{"schema": problem}}}
	}
	out["responses"] = answers
	return out
}

func (s *shapes) content(media []Media) object {
	out := object{}
	for _, m := range media {
		out[m.Type] = object{"schema": s.content1(m)}
	}
	return out
}

// content1 is the schema of one form: of a list none is null, for its handler
// writes [] where there is nothing.
func (s *shapes) content1(m Media) object {
	if m.Of == nil {
		return object{"type": "string"}
	}
	t := reflect.TypeOf(m.Of)
	if t.Kind() == reflect.Slice {
		return object{"type": "array", "items": s.shape(t.Elem())}
	}
	return s.shape(t)
}

func (s *shapes) parameter(p Parameter) object {
	out := object{"name": p.Name, "in": "query", "description": s.say(p.Meaning()), "example": p.Example}
	if p.Path {
		out["in"] = "path"
	}
	if p.Path || p.Required {
		out["required"] = true
	}
	form := p.schema()
	if n, err := strconv.Atoi(p.Example); err == nil && p.Form == Integer {
		out["example"] = n
	}
	if p.Form == Boolean {
		out["example"] = p.Example == "true"
	}
	if p.Many {
		form = object{"type": "array", "items": form}
		out["example"] = []any{p.Example}
		out["style"], out["explode"] = "form", true
	}
	out["schema"] = form
	return out
}

func (p Parameter) schema() object {
	switch p.Form {
	case Day:
		return object{"type": "string", "format": "date"}
	case Integer:
		return object{"type": "integer", "minimum": 1, "maximum": p.Most}
	case Boolean:
		return object{"type": "boolean"}
	case Choice:
		return object{"type": "string", "enum": slices.Clone(p.Choices)}
	}
	return object{"type": "string"}
}

// object is a JSON object; its members are written in the order of their names.
type object = map[string]any

// shapes makes JSON Schemas (2020-12) of the types that are written as JSON,
// with exactly the members, the nulls and the omissions that encoding/json
// gives.
type shapes struct {
	lang string
	all  object // by name
	of   map[string]reflect.Type
}

func newShapes(lang string) *shapes { return &shapes{lang, object{}, map[string]reflect.Type{}} }

func (s *shapes) say(id string) string { return words.Say(id).In(s.lang) }

// Any stands for JSON whose form is not told.
type Any struct{}

// basic are types that write themselves.
func (s *shapes) basic(t reflect.Type) object {
	switch t {
	case reflect.TypeFor[Any]():
		return object{}
	case reflect.TypeFor[schema.Reason](): // told on the way out
		return s.shape(reflect.TypeFor[schema.Text]())
	case reflect.TypeFor[schema.Decimal]():
		return object{"type": "number", "description": s.say("api-shape-decimal")}
	case reflect.TypeFor[schema.Date]():
		return object{"type": []string{"string", "null"}, "format": "date"}
	case reflect.TypeFor[schema.Period]():
		return object{"type": "string", "description": s.say("api-shape-period"), "examples": []string{"2025", "2025-Q3", "2025-09", "2025-09-11/P10D", "2025-09-15"}}
	case reflect.TypeFor[time.Time]():
		return object{"type": "string", "format": "date-time"}
	case reflect.TypeFor[json.RawMessage]():
		return object{"type": []string{"number", "string", "null"}}
	}
	if list := choices(t); list != nil {
		return object{"type": "string", "enum": list}
	}
	return nil
}

// choices are the words that a type of words may have; nil when it is none. A
// word that may be left out is empty.
func choices(t reflect.Type) []string { return choicesByType()[t] }

var choicesByType = sync.OnceValue(func() map[reflect.Type][]string {
	out := map[reflect.Type][]string{}
	for _, list := range []any{
		schema.Statuses(), schema.ReceiptStatuses(), schema.Kinds(), []schema.Direction{schema.Up, schema.Down},
		[]schema.Basis{schema.Point, schema.InPeriod, schema.YearToDate, schema.Cumulative},
		[]schema.Frequency{schema.Annual, schema.Quarterly, schema.Monthly, schema.TenDay, schema.Daily},
		[]schema.Nature{schema.Binding, schema.Expected}, schema.KnownCorrections(),
	} {
		all := reflect.ValueOf(list)
		for i := range all.Len() {
			out[all.Type().Elem()] = append(out[all.Type().Elem()], all.Index(i).String())
		}
	}
	return out
})

// shape is the schema of a type; a struct is named and referred to.
func (s *shapes) shape(t reflect.Type) object {
	if o := s.basic(t); o != nil {
		return o
	}
	switch t.Kind() {
	case reflect.Pointer:
		return orNull(s.shape(t.Elem()))
	case reflect.Slice:
		return object{"type": []string{"array", "null"}, "items": s.shape(t.Elem())} // a nil slice is null
	case reflect.Map:
		return object{"type": []string{"object", "null"}, "additionalProperties": s.shape(t.Elem())}
	case reflect.String:
		return object{"type": "string"}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Int, reflect.Int64, reflect.Uint64:
		return object{"type": "integer"}
	case reflect.Float64:
		return object{"type": "number"}
	case reflect.Struct:
		return object{"$ref": "#/components/schemas/" + s.named(t)}
	}
	panic(fmt.Sprintf("the API document has no form for %s", t)) // a test makes the document of all types there are
}

// orNull admits null beside what o admits.
func orNull(o object) object {
	switch t := o["type"].(type) {
	case string:
		o["type"] = []string{t, "null"}
		return o
	case []string:
		return o
	}
	return object{"oneOf": []object{o, {"type": "null"}}}
}

// named puts the struct among the named schemas and gives its name.
func (s *shapes) named(t reflect.Type) string {
	first, size := utf8.DecodeRuneInString(t.Name())
	name := string(unicode.ToUpper(first)) + t.Name()[size:]
	if held, ok := s.of[name]; ok {
		if held != t {
			panic(fmt.Sprintf("two types are called %s: %s and %s", name, held, t))
		}
		return name
	}
	s.of[name] = t
	o := object{"type": "object"}
	members, required := object{}, []string{}
	s.members(name, t, members, &required)
	o["properties"] = members
	if len(required) > 0 {
		o["required"] = required
	}
	if id := "api-type-" + name; words.Has(id) {
		o["description"] = s.say(id)
	}
	s.all[name] = o
	return name
}

// members adds what encoding/json writes of a struct: an embedded one without a
// name of its own is part of it, and what is nearer hides what is deeper.
func (s *shapes) members(owner string, t reflect.Type, into object, required *[]string) {
	for _, f := range reflect.VisibleFields(t) {
		if len(f.Index) > 1 || !f.IsExported() && !f.Anonymous {
			continue
		}
		tag, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case tag == "-":
			continue
		case f.Anonymous && tag == "":
			deeper, needed := object{}, []string{}
			s.members(owner, f.Type, deeper, &needed)
			for name, o := range deeper {
				if _, hidden := into[name]; !hidden {
					into[name] = o
				}
			}
			for _, name := range needed {
				*required = appendNew(*required, name)
			}
			continue
		}
		o := s.shape(f.Type)
		if strings.Contains(options, "omit") {
			o = neverNull(o, f.Type)
		} else {
			*required = appendNew(*required, tag)
		}
		into[tag] = s.described(o, owner, tag)
	}
}

func appendNew(list []string, name string) []string {
	if slices.Contains(list, name) {
		return list
	}
	return append(list, name)
}

// neverNull takes back the null of what is left out instead.
func neverNull(o object, t reflect.Type) object {
	if list, ok := o["oneOf"].([]object); ok && t.Kind() == reflect.Pointer {
		return list[0]
	}
	if list, ok := o["type"].([]string); ok && t != reflect.TypeFor[json.RawMessage]() {
		o["type"] = list[0]
	}
	return o
}

// described tells what a member means: of this type, or wherever the name
// stands. Beside a reference that is allowed since JSON Schema 2019-09.
func (s *shapes) described(o object, owner, name string) object {
	for _, id := range []string{"api-field-" + owner + "-" + name, "api-field-" + name} {
		if words.Has(id) {
			said := s.say(id)
			if more, ok := o["description"].(string); ok {
				said += " " + more
			}
			o["description"] = said
			return o
		}
	}
	return o
}
