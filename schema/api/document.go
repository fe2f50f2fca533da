package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

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
