package upload

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	"yardstick/collectors/pipeline"
	"yardstick/schema"
	"yardstick/schema/access"
	"yardstick/schema/words"
)

// Withdrawer takes receipts back. A desk that is one serves the path for it.
type Withdrawer interface {
	Withdraw(ctx context.Context, who access.Identity, id, reason string) (schema.Receipt, error)
}

// Bounds of a request with figures.
const (
	mostValues     = 1000
	mostValueBytes = 1 << 20
)

// file is what the parameters say beside a body.
func (p *parameters) file(feed, actor string, body io.Reader) pipeline.Submission {
	return pipeline.Submission{Feed: schema.Feed{Name: feed}, Name: p.name, Body: body, Actor: actor, Published: p.published, Answers: p.answers, AcceptValid: p.acceptValid,
		Correction: p.correction, ReleaseAt: p.releaseAt, Reason: p.note}
}

// valuesRequest is one or a few figures. A figure without a region is of the
// feed's own where it has one.
type valuesRequest struct {
	Values      []json.RawMessage `json:"values"`
	Published   string            `json:"published,omitempty"`
	Answers     map[string]string `json:"answers,omitempty"`
	AcceptValid bool              `json:"accept_valid,omitempty"`
	Correction  string            `json:"correction,omitempty"`
	ReleaseAt   string            `json:"release_at,omitempty"`
	Note        string            `json:"note,omitempty"`
}

// apiLine is a line whose value may be written as a number or as text: either
// keeps its digits.
type apiLine struct {
	line
	Value json.RawMessage `json:"value"`
}

// values takes figures as JSON. They go the way of every feed, as a tidy file.
func (h *handler) values(w http.ResponseWriter, r *http.Request, who access.Identity) error {
	var in valuesRequest
	if err := readJSON(http.MaxBytesReader(w, r.Body, mostValueBytes), &in); err != nil {
		return err
	}
	if len(in.Values) == 0 || len(in.Values) > mostValues {
		return bad("upload-values-count", "most", mostValues)
	}
	p, err := readParameters(r.URL.Query(), h.Zone)
	if err != nil {
		return err
	}
	for name, value := range map[string]string{"published": in.Published, "correction": in.Correction, "release_at": in.ReleaseAt, "note": in.Note} {
		if value != "" {
			if err := p.set(name, value); err != nil {
				return err
			}
		}
	}
	for k, v := range in.Answers {
		if err := p.set("answer", k+"="+v); err != nil {
			return err
		}
	}
	if in.AcceptValid {
		p.acceptValid = true
	}
	p.name = "values.csv"
	lines := make([]line, len(in.Values))
	for i, raw := range in.Values {
		if lines[i], err = readLine(raw, i+1); err != nil {
			return err
		}
	}
	body, err := tidy(lines)
	if err != nil {
		return err
	}
	file := p.file(r.PathValue("feed"), who.Name, bytes.NewReader(body))
	file.Feed.Hand = true
	receipt, err := h.desk.Submit(r.Context(), file)
	if err != nil {
		return err
	}
	return answer(w, statusOf(receipt.Status), receipt)
}

func readLine(raw json.RawMessage, n int) (line, error) {
	var in apiLine
	if err := readJSON(bytes.NewReader(raw), &in); err != nil {
		return line{}, err
	}
	l := in.line
	text := strings.TrimSpace(string(in.Value))
	switch {
	case text == "" || text == "null":
		l.Value = ""
	case text[0] == '"':
		if err := json.Unmarshal(in.Value, &l.Value); err != nil {
			return l, bad("upload-values-line", "n", n)
		}
	case text[0] == '-' || text[0] >= '0' && text[0] <= '9':
		l.Value = text
	default:
		return l, bad("upload-values-line", "n", n)
	}
	if l.Indicator == "" || l.Region == "" || l.Period == "" {
		return l, bad("upload-values-line", "n", n)
	}
	return l, nil
}

// readJSON reads one document; an unknown key is told, so that a misspelt one
// is not lost.
func readJSON(body io.Reader, into any) error {
	dec := json.NewDecoder(body)
	dec.DisallowUnknownFields()
	err := dec.Decode(into)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return fault(http.StatusRequestEntityTooLarge, "upload-too-large-title", words.Say("upload-too-large", "limit", mostValueBytes))
	case err != nil:
		return bad("upload-json", "why", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return bad("upload-json", "why", "more than one document")
	}
	return nil
}

// withdraw takes a receipt back.
func (h *handler) withdraw(w http.ResponseWriter, r *http.Request, who access.Identity) error {
	desk, ok := h.desk.(Withdrawer)
	if !ok {
		return notFound("upload-no-path")
	}
	var in withdrawal
	if err := readJSON(http.MaxBytesReader(w, r.Body, mostValueBytes), &in); err != nil {
		return err
	}
	if strings.TrimSpace(in.Reason) == "" {
		return bad("upload-reason-needed")
	}
	receipt, err := h.receiptOf(r)
	if err != nil {
		return err
	}
	if receipt, err = desk.Withdraw(r.Context(), who, receipt.ID, strings.TrimSpace(in.Reason)); err != nil {
		return err
	}
	return answer(w, http.StatusOK, receipt)
}
