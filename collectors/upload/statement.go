package upload

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"yardstick/collectors/desk"
	"yardstick/schema"
	"yardstick/schema/access"
	"yardstick/schema/words"
)

// StatementsPath takes what owners say of their targets, as JSON:
//
//	{"policy": "…", "target": "…", "cause": "…", "measures": "…", "promised": "2025-09-30"}
//	{"target": "…", "withdrawn": "why the one in force is taken back"}
//
// The policy may be left out where one alone has such a target, the day where
// none is promised. 201 is the statement as written down, with notes.
const StatementsPath = "/api/v1/statements"

// Stater takes statements down. A desk that is one serves StatementsPath. A
// *words.Error that wraps neither access.ErrDenied nor desk.ErrNoTarget says what cannot
// be said so.
type Stater interface {
	State(ctx context.Context, who access.Identity, s schema.Statement) (schema.Told, error)
}

// statementRequest is a statement as a program sends it.
type statementRequest struct {
	Policy    string      `json:"policy,omitempty"`
	Target    string      `json:"target"`
	Cause     string      `json:"cause,omitempty"`
	Measures  string      `json:"measures,omitempty"`
	Promised  schema.Date `json:"promised,omitzero"`
	Withdrawn string      `json:"withdrawn,omitempty"`
}

// statements takes a statement.
func (h *handler) statements(w http.ResponseWriter, r *http.Request) {
	err := func() error {
		at, ok := h.desk.(Stater)
		if !ok {
			return notFound("upload-no-path")
		}
		token, err := h.admitted(w, r, http.MethodPost)
		if err != nil {
			return err
		}
		for name := range r.URL.Query() {
			return bad("upload-parameter", "name", name, "known", "-")
		}
		var in statementRequest
		if err := readJSON(http.MaxBytesReader(w, r.Body, mostValueBytes), &in); err != nil {
			return err
		}
		told, err := at.State(r.Context(), token.Identity, schema.Statement{Policy: in.Policy, Target: in.Target, Cause: in.Cause,
			Measures: in.Measures, Promised: in.Promised, Withdrawn: strings.TrimSpace(in.Withdrawn)})
		if err != nil {
			return refusal(err)
		}
		return answer(w, http.StatusCreated, told)
	}()
	if err != nil {
		h.failed(w, r, err)
	}
}

// refusal is the answer to a statement that was not taken.
func refusal(err error) error {
	var sentence *words.Error
	switch {
	case !errors.As(err, &sentence):
		return err
	case errors.Is(err, access.ErrDenied):
		return fault(http.StatusForbidden, "upload-forbidden-title", sentence.Text)
	case errors.Is(err, desk.ErrNoTarget):
		return fault(http.StatusNotFound, "upload-not-found-title", sentence.Text)
	}
	return fault(http.StatusUnprocessableEntity, "upload-bad-title", sentence.Text)
}
