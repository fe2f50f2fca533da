package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"yardstick/schema"
	"yardstick/schema/words"
)

// What a short command asks of the process that holds the folder, over its
// socket. Reading is SQL on "/"; these are the acts that write.
const (
	askIngestPath   = "/v1/ingest"
	askWithdrawPath = "/v1/withdraw"
	maxCommandBody  = 1 << 30 // bytes of one feed file
)

// submission is a feed file as a command hands it in.
type submission struct {
	feed        string
	name        string
	actor       string
	published   string
	acceptValid bool
	answers     []string
	body        []byte
}

func (s submission) query() url.Values {
	q := url.Values{"feed": {s.feed}, "name": {s.name}, "actor": {s.actor}, "published": {s.published}, "answer": s.answers}
	if s.acceptValid {
		q.Set("accept_valid", "true")
	}
	return q
}

func submissionOf(q url.Values, body []byte) submission {
	return submission{feed: q.Get("feed"), name: q.Get("name"), actor: q.Get("actor"), published: q.Get("published"),
		acceptValid: q.Get("accept_valid") == "true", answers: q["answer"], body: body}
}

// askIngest hands a file to the owner of the folder.
func (h *house) askIngest(ctx context.Context, s submission) (schema.Receipt, error) {
	return h.ask(ctx, askIngestPath, s.query(), s.body)
}

func (h *house) askWithdraw(ctx context.Context, id, actor, reason string) (schema.Receipt, error) {
	return h.ask(ctx, askWithdrawPath, url.Values{"receipt": {id}, "actor": {actor}, "reason": {reason}}, nil)
}

func (h *house) ask(ctx context.Context, path string, q url.Values, body []byte) (schema.Receipt, error) {
	var receipt schema.Receipt
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://yardstick"+path+"?"+q.Encode(), bytes.NewReader(body))
	if err != nil {
		return receipt, fmt.Errorf("asking the folder's owner: %w", err)
	}
	resp, err := (&http.Client{Transport: h.store.remote}).Do(req)
	if err != nil {
		return receipt, fmt.Errorf("asking the folder's owner: %w", err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return receipt, fmt.Errorf("reading the owner's answer: %w", err)
	}
	if resp.StatusCode != http.StatusOK {
		var said schema.Text
		if err := json.Unmarshal(answer, &said); err != nil || said.Zh == "" {
			said.Zh = string(answer)
		}
		return receipt, words.Fail(nil, "server-said", "what", said)
	}
	if err := json.Unmarshal(answer, &receipt); err != nil {
		return receipt, fmt.Errorf("reading the owner's answer: %w", err)
	}
	return receipt, nil
}

// commands answers the acts of other commands; sql answers everything else.
func (h *house) commands(sql http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", sql)
	mux.HandleFunc("POST "+askIngestPath, func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, req.Body, maxCommandBody))
		if err != nil {
			answer(w, schema.Receipt{}, fmt.Errorf("reading the file: %w", err))
			return
		}
		receipt, err := h.ingest(req.Context(), submissionOf(req.URL.Query(), body))
		answer(w, receipt, err)
	})
	mux.HandleFunc("POST "+askWithdrawPath, func(w http.ResponseWriter, req *http.Request) {
		q := req.URL.Query()
		receipt, err := h.withdraw(req.Context(), q.Get("receipt"), q.Get("actor"), q.Get("reason"))
		answer(w, receipt, err)
	})
	return mux
}

func answer(w http.ResponseWriter, receipt schema.Receipt, err error) {
	w.Header().Set("Content-Type", "application/json")
	var v any = receipt
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		said := schema.Text{Zh: err.Error(), En: err.Error()}
		var known *words.Error
		if errors.As(err, &known) {
			said = known.Text
		}
		v = said
	}
	_ = json.NewEncoder(w).Encode(v) // the asker is gone: nobody to tell
}
