package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"yardstick/cmd/yardstick/app/access"
	"yardstick/schema"
	"yardstick/schema/words"
)

// What a short command asks of the process that holds the folder, over its
// socket. Reading is SQL on "/"; these are the acts that write, and a look at
// what only the owner of the ledger can see.
const (
	askIngestPath   = "/v1/ingest"
	askWithdrawPath = "/v1/withdraw"
	askReviewPath   = "/v1/review"
	askLockPath     = "/v1/lock"
	askReopenPath   = "/v1/reopen"
	askAttachPath   = "/v1/attach"
	askSealedPath   = "/v1/sealed"
	askSayPath      = "/v1/statement"
	maxCommandBody  = 1 << 30 // bytes of one feed file
)

// submission is a feed file as a command hands it in.
type submission struct {
	feed        string
	name        string
	actor       string
	published   string
	correction  string
	releaseAt   string
	reason      string
	acceptValid bool
	single      bool // one figure: not the whole of a delivery
	answers     []string
	body        io.Reader
	progress    func(read, total int64) // may be nil; not told across the socket
}

func (s submission) query() url.Values {
	q := url.Values{"feed": {s.feed}, "name": {s.name}, "actor": {s.actor}, "published": {s.published}, "answer": s.answers,
		"correction": {s.correction}, "release_at": {s.releaseAt}, "reason": {s.reason}}
	if s.acceptValid {
		q.Set("accept_valid", "true")
	}
	if s.single {
		q.Set("single", "true")
	}
	return q
}

func submissionOf(q url.Values, body io.Reader) submission {
	return submission{feed: q.Get("feed"), name: q.Get("name"), actor: q.Get("actor"), published: q.Get("published"),
		correction: q.Get("correction"), releaseAt: q.Get("release_at"), reason: q.Get("reason"),
		acceptValid: q.Get("accept_valid") == "true", single: q.Get("single") == "true", answers: q["answer"], body: body}
}

// fault is an error as it crosses the socket: its sentence and the exit status
// it stands for.
type fault struct {
	schema.Text
	Exit int `json:"exit"`
}

// ask puts a question to the owner of the folder and reads the answer, a T.
func ask[T any](ctx context.Context, h *house, path string, q url.Values, body io.Reader) (out T, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://yardstick"+path+"?"+q.Encode(), body)
	if err != nil {
		return out, fmt.Errorf("asking the folder's owner: %w", err)
	}
	resp, err := (&http.Client{Transport: h.store.remote}).Do(req)
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

// serve answers a question with what f gives.
func serve[T any](mux *http.ServeMux, path string, f func(ctx context.Context, q url.Values, body io.Reader) (T, error)) {
	mux.HandleFunc("POST "+path, func(w http.ResponseWriter, req *http.Request) {
		var v any
		v, err := f(req.Context(), req.URL.Query(), http.MaxBytesReader(w, req.Body, maxCommandBody))
		w.Header().Set("Content-Type", "application/json")
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			v = faultOf(err)
		}
		_ = json.NewEncoder(w).Encode(v) // the asker is gone: nobody to tell
	})
}

func faultOf(err error) fault {
	out := fault{schema.Same(err.Error()), exitFailed}
	var exit *exitError
	if errors.As(err, &exit) {
		out.Exit = exit.code
	}
	var known *words.Error
	if errors.As(err, &known) {
		out.Text = known.Text
	}
	return out
}

// commands answers the acts of other commands; sql answers everything else.
// Whoever reaches the socket owns the folder.
func (h *house) commands(sql http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", sql)
	serve(mux, askIngestPath, func(ctx context.Context, q url.Values, body io.Reader) (schema.Receipt, error) {
		return h.ingest(ctx, submissionOf(q, body))
	})
	serve(mux, askWithdrawPath, func(ctx context.Context, q url.Values, _ io.Reader) (schema.Receipt, error) {
		return h.withdraw(ctx, access.Local(q.Get("actor")), q.Get("receipt"), q.Get("reason"))
	})
	serve(mux, askReviewPath, func(ctx context.Context, q url.Values, _ io.Reader) (schema.Receipt, error) {
		return h.review(ctx, access.Local(q.Get("actor")), q.Get("receipt"), q.Get("approve") == "true", q.Get("reason"))
	})
	serve(mux, askLockPath, func(ctx context.Context, q url.Values, _ io.Reader) (locked, error) {
		through, err := schema.ParseDate(q.Get("through"))
		if err != nil {
			return locked{}, fmt.Errorf("reading the last day to lock: %w", err)
		}
		return h.lock(ctx, access.Local(q.Get("actor")), q.Get("feed"), through)
	})
	serve(mux, askReopenPath, func(ctx context.Context, q url.Values, _ io.Reader) (schema.Act, error) {
		period, _, err := schema.ParsePeriod(q.Get("period"))
		if err != nil {
			return schema.Act{}, fmt.Errorf("reading the period to reopen: %w", err)
		}
		return h.reopen(ctx, access.Local(q.Get("actor")), q.Get("feed"), period, q.Get("reason"))
	})
	serve(mux, askAttachPath, func(ctx context.Context, q url.Values, body io.Reader) (schema.Act, error) {
		return h.attach(ctx, access.Local(q.Get("actor")), q.Get("receipt"), attachment{q.Get("name"), q.Get("what"), body})
	})
	serve(mux, askSealedPath, func(ctx context.Context, q url.Values, _ io.Reader) (schema.Receipt, error) {
		return h.sealed(ctx, access.Local(q.Get("actor")), q.Get("receipt"))
	})
	serve(mux, askSayPath, h.askedToSay)
	return mux
}
