package api

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"yardstick/dashboards/web"
	"yardstick/schema/api"
	"yardstick/schema/words"
)

// document is the OpenAPI document of everything that is served.
func (b *room) document(r *http.Request) (any, error) {
	body, err := api.Document(b.documented, r.URL.Query().Get("lang"))
	return json.RawMessage(body), err
}

// indexView is the page for people who are about to use the API.
type indexView struct {
	*web.Frame
	Groups []indexGroup
	Common []indexParameter // of every list
}

type indexGroup struct {
	ID, Title  string
	Operations []indexOperation
}

type indexOperation struct {
	ID, Method, Path, Summary, More string
	Token                           bool
	Forms                           []string
	Parameters                      []indexParameter
	Common                          string   // names of those that every list has
	Examples                        []string // addresses that give something
}

type indexParameter struct{ Name, Meaning, Form, Mark string }

// indexTable is a table of parameters under its name.
type indexTable struct {
	Frame *web.Frame
	Label string
	Rows  []indexParameter
}

// Table is what the template of a table of parameters needs.
func (v indexView) Table(label string, rows []indexParameter) indexTable {
	return indexTable{v.Frame, label, rows}
}

func (b *room) index(f *web.Frame, _ *http.Request) (string, any, error) {
	f.Heading, f.Active = f.T("api-doc-title"), "api"
	view := indexView{Frame: f}
	for _, p := range listParameters() {
		view.Common = append(view.Common, parameter(f, p))
	}
	for _, name := range api.Groups() {
		g := indexGroup{ID: name, Title: f.T("api-group-" + name)}
		for _, o := range b.documented {
			if o.Group == name {
				g.Operations = append(g.Operations, indexed(f, o))
			}
		}
		if len(g.Operations) > 0 {
			view.Groups = append(view.Groups, g)
		}
	}
	return "api", view, nil
}

func indexed(f *web.Frame, o api.Operation) indexOperation {
	out := indexOperation{ID: o.ID, Method: o.Method, Path: o.Path, Summary: f.T("api-op-" + o.ID), Token: o.Token}
	if id := "api-more-" + o.ID; words.Has(id) {
		out.More = f.T(id)
	}
	for _, a := range o.Answers {
		for _, m := range a.Media {
			if !slices.Contains(out.Forms, m.Type) {
				out.Forms = append(out.Forms, m.Type)
			}
		}
	}
	var common []string
	usual := listParameters()
	for _, p := range o.Parameters {
		if row := parameter(f, p); slices.ContainsFunc(usual, func(q api.Parameter) bool { return parameter(f, q) == row }) {
			common = append(common, p.Name)
		} else {
			out.Parameters = append(out.Parameters, row)
		}
	}
	out.Common = strings.Join(common, f.T("board-comma"))
	if o.Method == http.MethodGet && !o.Token && !strings.Contains(o.Path, "{") {
		for _, names := range examples()[o.ID] {
			out.Examples = append(out.Examples, o.Example(names...))
		}
		if len(out.Examples) == 0 {
			out.Examples = []string{o.Example()}
		}
	}
	return out
}

func parameter(f *web.Frame, p api.Parameter) indexParameter {
	row := indexParameter{Name: p.Name, Meaning: f.T(p.Meaning()), Form: writtenAs(f, p)}
	switch {
	case p.Path || p.Required:
		row.Mark = f.T("api-index-required")
	case p.Many:
		row.Mark = f.T("api-index-many")
	}
	return row
}

// examples are the parameters to show beside an operation, address by address.
func examples() map[string][][]string {
	return map[string][][]string{
		"listVerdicts":     {{"as_of"}, {"from", "target"}, {"from", "step", "target", "format"}},
		"listObservations": {{"indicator", "from", "format"}, {"indicator", "vintages", "limit"}},
		"listReceipts":     {{}, {"feed", "status", "limit"}},
		"getWays":          {{"rate"}},
		"getLineage":       {{"indicator", "region", "period", "basis"}},
	}
}

// writtenAs is how a parameter is written.
func writtenAs(f *web.Frame, p api.Parameter) string {
	switch p.Form {
	case api.Choice:
		return strings.Join(p.Choices, " | ")
	case api.Integer:
		return f.T("api-form-integer", "most", p.Most)
	}
	return f.T("api-form-" + string(p.Form))
}
