package upload

import (
	"net/http"
	"slices"

	"yardstick/schema"
	"yardstick/schema/access"
	"yardstick/schema/api"
)

// operation is one of the API with what serves it.
type operation struct {
	api.Operation
	serve func(http.ResponseWriter, *http.Request, access.Identity) error
}

// Operations are those of the API that New serves, for its document.
func Operations() []api.Operation {
	var out []api.Operation
	for _, o := range (&handler{}).operations() {
		out = append(out, o.Operation)
	}
	return out
}

// valuesShape is a request with figures as its document tells it: each line as
// it is read, not as it is kept until then.
type valuesShape struct {
	valuesRequest
	Values []apiLine `json:"values"`
}

// StatementsPath takes what owners say of their targets.
const StatementsPath = "/api/v1/statements"

// filesShape is a form with a file; the rest may stand in the address as well.
type filesShape struct {
	File string `json:"file"`
}

// withdrawal is why a receipt is taken back.
type withdrawal struct {
	Reason string `json:"reason"`
}

func (h *handler) operations() []operation {
	const root = "/api/v1/feeds/{feed}/"
	feed := api.Parameter{Name: "feed", Note: "feed-path", Form: api.Text, Path: true, Example: "industry"}
	id := api.Parameter{Name: "id", Note: "receipt-id", Form: api.Text, Path: true, Example: "R20250714-7K3QF2T8"}
	beside := func(own ...api.Parameter) []api.Parameter {
		return append(append([]api.Parameter{feed}, own...),
			api.Parameter{Name: "published", Form: api.Day, Example: "2025-06-14"}, api.Parameter{Name: "answer", Form: api.KeyValue, Many: true, Example: "unit=亿元"},
			api.Parameter{Name: "accept_valid", Form: api.Boolean, Example: "false"}, api.Parameter{Name: "correction", Form: api.Text, Example: "笔误"},
			api.Parameter{Name: "release_at", Form: api.Moment, Example: "2025-07-01T09:00:00+08:00"}, api.Parameter{Name: "note", Form: api.Text, Example: "月度报送"})
	}
	receipt := []api.Media{api.JSON(schema.Receipt{})}
	became := []api.Answer{{Status: http.StatusOK, Media: receipt}, {Status: http.StatusAccepted, Media: receipt}, {Status: http.StatusUnprocessableEntity, Media: receipt},
		{Status: http.StatusInternalServerError, Media: append([]api.Media{{Type: api.FaultType, Of: api.Fault{}}}, receipt...)}}
	faults := []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusConflict}
	broke := []int{http.StatusInternalServerError}
	sending := slices.Concat(faults, []int{http.StatusRequestEntityTooLarge})
	out := []operation{
		{api.Operation{ID: "postFile", Method: http.MethodPost, Path: root + "files",
			Parameters: beside(api.Parameter{Name: "name", Form: api.Text, Example: "2025年6月.csv"}),
			Body:       []api.Media{{Type: "text/csv"}, {Type: "application/octet-stream"}, {Type: "multipart/form-data", Of: filesShape{}}},
			Answers:    became, Faults: slices.Concat(sending, []int{http.StatusUnsupportedMediaType})}, h.files},
		{api.Operation{ID: "postValues", Method: http.MethodPost, Path: root + "values", Parameters: beside(),
			Body: []api.Media{api.JSON(valuesShape{})}, Answers: became, Faults: sending}, h.values},
		{api.Operation{ID: "getOwnReceipt", Method: http.MethodGet, Path: root + "receipts/{id}", Parameters: []api.Parameter{feed, id},
			Answers: []api.Answer{{Status: http.StatusOK, Media: receipt}}, Faults: slices.Concat(faults, broke)}, h.get},
		{api.Operation{ID: "withdrawReceipt", Method: http.MethodPost, Path: root + "receipts/{id}/withdraw",
			Parameters: []api.Parameter{feed, id}, Body: []api.Media{api.JSON(withdrawal{})},
			Answers: []api.Answer{{Status: http.StatusOK, Media: receipt}}, Faults: slices.Concat(sending, broke)}, h.withdraw},
		{api.Operation{ID: "postStatement", Method: http.MethodPost, Path: StatementsPath, Body: []api.Media{api.JSON(statementRequest{})},
			Answers: []api.Answer{{Status: http.StatusCreated, Media: []api.Media{api.JSON(schema.Told{})}}},
			Faults:  slices.Concat(faults[:5], []int{http.StatusUnprocessableEntity}, broke)}, h.statements},
	}
	for i := range out {
		out[i].Group, out[i].Token = "writing", true
	}
	return out
}
