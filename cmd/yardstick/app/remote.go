package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"yardstick/collectors/desk"
	"yardstick/schema"
	"yardstick/schema/words"
)

// mostOrdered is how many bytes of a file an order brings along at most.
const mostOrdered = 1 << 30

// order is an act that a command gives. Where another process holds the folder it
// is given there, over its socket: as JSON, with the body behind it. Reading is
// SQL on "/".
type order[T any] interface {
	// do carries it out. body is the file it brings along, if any.
	do(ctx context.Context, d *desk.Desk, body io.Reader) (T, error)
}

// fault is an error as it crosses the socket: its sentence and the exit status
// it stands for.
type fault struct {
	schema.Text
	Exit int `json:"exit"`
}

// give has an order carried out, here or by the owner of the folder.
func give[T any](ctx context.Context, in *installation, path string, o order[T], body io.Reader) (out T, err error) {
	if in.store.Owner == nil {
		return o.do(ctx, in.desk, body)
	}
	text, err := json.Marshal(o)
	var req *http.Request
	if err == nil {
		req, err = http.NewRequestWithContext(ctx, http.MethodPost, "http://yardstick/v1/"+path+"?order="+url.QueryEscape(string(text)), body)
	}
	var resp *http.Response
	if err == nil {
		resp, err = (&http.Client{Transport: in.store.Owner}).Do(req)
	}
	if err != nil {
		return out, fmt.Errorf("asking the folder's owner: %w", err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return out, fmt.Errorf("reading the owner's answer: %w", err)
	}
	if resp.StatusCode != http.StatusOK {
		var said fault
		if err := json.Unmarshal(answer, &said); err != nil || said.Text == (schema.Text{}) {
			said = fault{schema.Same(string(answer)), exitFailed}
		}
		return out, &exitError{said.Exit, words.Fail(nil, "server-said", "what", said.Text)}
	}
	if err := json.Unmarshal(answer, &out); err != nil {
		return out, fmt.Errorf("reading the owner's answer: %w", err)
	}
	return out, nil
}

// take carries out what others order, each an O.
func take[O order[T], T any](mux *http.ServeMux, path string, d *desk.Desk) {
	mux.HandleFunc("POST /v1/"+path, func(w http.ResponseWriter, req *http.Request) {
		var o O
		var answer any
		err := json.Unmarshal([]byte(req.URL.Query().Get("order")), &o)
		if err == nil {
			answer, err = o.do(req.Context(), d, http.MaxBytesReader(w, req.Body, mostOrdered))
		}
		w.Header().Set("Content-Type", "application/json")
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			answer = faultOf(err)
		}
		_ = json.NewEncoder(w).Encode(answer) // the asker is gone: nobody to tell
	})
}

func faultOf(err error) fault {
	out := fault{schema.Same(err.Error()), exitOf(err)}
	var known *words.Error
	if errors.As(err, &known) {
		out.Text = known.Text
	}
	return out
}

// orders carries out what other commands of this folder order; sql answers
// everything else. Whoever reaches the socket owns the folder.
func orders(d *desk.Desk, sql http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", sql)
	take[handIn](mux, "ingest", d)
	take[withdrawCmd](mux, "withdraw", d)
	take[reviewCmd](mux, "review", d)
	take[lockCmd](mux, "lock", d)
	take[reopenCmd](mux, "reopen", d)
	take[attachCmd](mux, "attach", d)
	take[receiptCmd](mux, "sealed", d)
	take[sayAdd](mux, "statement", d)
	return mux
}
