package api

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"yardstick/comparator"
	"yardstick/dashboards/download"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/api"
	"yardstick/schema/words"
)

// Statuses that are told as a Fault.
func readFaults(more ...int) []int {
	return append([]int{http.StatusBadRequest, http.StatusMethodNotAllowed, http.StatusNotAcceptable, http.StatusInternalServerError, http.StatusServiceUnavailable}, more...)
}

// answered is an answer in these forms, or nothing new.
func answered(media ...api.Media) []api.Answer {
	return []api.Answer{{Status: http.StatusOK, Media: media}, {Status: http.StatusNotModified}}
}

func csvToo(v any) []api.Answer {
	return answered(api.JSON(v), api.Media{Type: "text/csv"})
}

func asOfParameter() api.Parameter {
	return api.Parameter{Name: "as_of", Form: api.Day, Example: "2025-06-30"}
}

func policyParameter() api.Parameter {
	return api.Parameter{Name: "policy", Form: api.Text, Example: "dalian-2024-15"}
}

func targetParameter(example string) api.Parameter {
	return api.Parameter{Name: "target", Form: api.Text, Example: example}
}

// lists is the operation of a listing with parameters of its own.
func lists[T any](b *room, id, group string, l listing[T], own ...api.Parameter) api.Operation {
	o := valued(id, group, l.name, []T{}, list(b, l), listParameters(own...)...)
	o.Answers, o.Links = csvToo([]T{}), true
	if len(own) == 0 {
		o.Faults = readFaults()
	}
	return o
}

// valued is an operation that answers with a value of that shape.
func valued(id, group, path string, shape any, h http.Handler, parameters ...api.Parameter) api.Operation {
	return api.Operation{ID: id, Method: http.MethodGet, Path: root + path, Group: group, Parameters: parameters,
		Answers: answered(api.JSON(shape)), Faults: readFaults(http.StatusNotFound), Handler: h}
}

// operations is the table of what the API answers.
func (b *room) operations() []api.Operation {
	all := b.policyOperations()
	if b.Figures != nil {
		all = append(all, observationsOperation(&downloads{b, rand.Text(), make(chan struct{}, downloadsAtOnce)}))
	}
	if b.Lineage.Answer != nil {
		all = append(all, valued("getLineage", "figures", "lineage", b.Lineage.Shape, b.value(b.Lineage.Answer),
			api.Parameter{Name: "indicator", Note: "lineage-indicator", Form: api.Text, Required: true, Example: "ai-compute"},
			api.Parameter{Name: "region", Note: "one-region", Form: api.Text, Required: true, Example: "210200"},
			api.Parameter{Name: "period", Form: api.Period, Required: true, Example: "2025-05"},
			api.Parameter{Name: "basis", Form: api.Choice, Choices: []string{"point", "period", "ytd", "cumulative"}, Example: "point"},
			asOfParameter(), api.Parameter{Name: "receipt", Form: api.Text}))
	}
	all = append(append(all, b.feedOperations()...), b.forecastOperations()...)
	if b.Statements != nil { // what is read of what owners say of their targets
		all = append(all, lists(b, "listStatements", "policy", b.statementListing(), asOfParameter(), policyParameter(), targetParameter("ai-compute")))
	}
	document := valued("getDocument", "about", "openapi.json", api.Any{}, b.value(b.document),
		api.Parameter{Name: "lang", Note: "lang-words", Form: api.Choice, Choices: schema.LanguageCodes(), Example: schema.Chinese})
	document.Faults = readFaults()
	return append(all, document)
}

func (b *room) policyOperations() []api.Operation {
	return []api.Operation{
		lists(b, "listTargets", "policy", b.targetListing(), policyParameter()),
		lists(b, "listVerdicts", "policy", b.verdictListing(), asOfParameter(),
			api.Parameter{Name: "from", Note: "verdicts-from", Form: api.Day, Example: "2025-01-31"},
			api.Parameter{Name: "to", Note: "verdicts-to", Form: api.Day, Example: "2025-06-30"},
			api.Parameter{Name: "step", Form: api.Text, Example: "1m"}, policyParameter(), targetParameter("ai-compute"),
			api.Parameter{Name: "region", Form: api.Text, Example: "210200"},
			api.Parameter{Name: "status", Note: "verdict-status", Form: api.Choice, Choices: schema.Codes(schema.Statuses()), Many: true, Example: "lagging"}),
		lists(b, "listIndicators", "policy", b.indicatorListing()),
		lists(b, "listRegions", "policy", b.regionListing()),
	}
}

// observationsOperation is what the address of observations may say.
func observationsOperation(h http.Handler) api.Operation {
	formats := schema.Codes(download.Formats())
	return api.Operation{ID: "listObservations", Method: http.MethodGet, Path: web.ObservationsPath, Group: "figures",
		Parameters: []api.Parameter{
			{Name: "indicator", Form: api.Text, Many: true, Example: "ai-compute"}, {Name: "region", Note: "regions", Form: api.Text, Many: true, Example: "210200"},
			{Name: "from", Note: "period-from", Form: api.Period, Example: "2025-01"}, {Name: "to", Note: "period-to", Form: api.Period, Example: "2025-06"},
			asOfParameter(), {Name: "known_at", Form: api.Moment, Example: "2199-12-31"},
			{Name: "vintages", Form: api.Choice, Choices: []string{"all"}, Example: "all"},
			{Name: "format", Form: api.Choice, Choices: formats, Example: "csv"},
			{Name: "lang", Form: api.Choice, Choices: schema.LanguageCodes(), Example: schema.Chinese}, {Name: "bom", Form: api.Boolean, Example: "false"},
			{Name: "limit", Form: api.Integer, Most: pageLimit, Example: "10"}, {Name: "cursor", Form: api.Text}},
		Answers: answered(api.JSON([]schema.Observation{}), api.Media{Type: "text/csv"}, api.Media{Type: "application/vnd.sdmx.data+csv"},
			api.Media{Type: download.XLSX.MediaType()}),
		Faults: readFaults(), Links: true, Handler: h}
}

func (b *room) feedOperations() []api.Operation {
	out := []api.Operation{lists(b, "listFeeds", "feeds", b.feedListing())}
	if b.Archive != nil {
		out = append(out, lists(b, "listReceipts", "feeds", b.receiptListing(), api.Parameter{Name: "feed", Form: api.Text, Example: "industry"},
			api.Parameter{Name: "status", Note: "receipt-status", Form: api.Choice, Choices: schema.Codes(schema.ReceiptStatuses()), Many: true, Example: "accepted"},
			api.Parameter{Name: "from", Note: "received-from", Form: api.Day, Example: "2025-01-01"},
			api.Parameter{Name: "to", Note: "received-to", Form: api.Day, Example: "2199-12-31"}))
	}
	return append(out, valued("getReceipt", "feeds", "receipts/{id}", schema.Receipt{}, b.value(b.receipt),
		api.Parameter{Name: "id", Note: "receipt-id", Form: api.Text, Path: true, Example: "R20250714-7K3QF2T8"}))
}

func (b *room) forecastOperations() []api.Operation {
	required := func(example string) api.Parameter {
		p := targetParameter(example)
		p.Note, p.Required = "one-target", true
		return p
	}
	districts := valued("getDistricts", "forecasts", "districts", nil, list(b, b.districtListing()),
		append([]api.Parameter{required("high-standard-farmland"), policyParameter(), asOfParameter()}, listParameters()[:3]...)...)
	districts.Answers = csvToo(comparator.Parts{})
	scorecard := valued("getScorecard", "forecasts", "scorecard", comparator.Scorecard{}, b.value(b.scorecard))
	scorecard.Faults = readFaults()
	return []api.Operation{
		lists(b, "listMethods", "forecasts", b.methodListing(), asOfParameter(), policyParameter(), targetParameter("ai-compute")),
		valued("getWays", "forecasts", "ways", comparator.Ways{}, b.value(b.ways),
			required("ai-compute"), policyParameter(), asOfParameter(), api.Parameter{Name: "rate", Form: api.Text, Example: "90"}),
		districts, scorecard,
	}
}

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
	api.Operation
	Summary, More string
	Forms         []string
	Own           []indexParameter
	Common        string   // names of the parameters that every list has
	Examples      []string // addresses that give something
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
	out := indexOperation{Operation: o, Summary: f.T("api-op-" + o.ID)}
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
			out.Own = append(out.Own, row)
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
