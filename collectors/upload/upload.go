// Package upload is where people and programs hand figures in: the
// statistician's pages (Pages) and the API (New):
//
//	POST /api/v1/feeds/{feed}/files                    a file; the answer is its receipt
//	POST /api/v1/feeds/{feed}/values                   one or a few figures as JSON; the answer is their receipt
//	GET  /api/v1/feeds/{feed}/receipts/{id}            a receipt again
//	POST /api/v1/feeds/{feed}/receipts/{id}/withdraw   takes it back: {"reason": "…"}
//	POST /api/v1/statements                            what an owner says of a target:
//	                                                   {"policy": "…", "target": "…", "cause": "…", "measures": "…", "promised": "2025-09-30"}
//	                                                   {"target": "…", "withdrawn": "why the one in force is taken back"}
//
// The policy may be left out where one alone has such a target, the day where
// none is promised.
// All need a bearer token. Everything else is answered as problem+json, in
// both languages.
package upload

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"yardstick/collectors/desk"
	"yardstick/collectors/pipeline"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/access"
	"yardstick/schema/api"
	"yardstick/schema/words"
)

// Desk is what the API needs of who deals with files and figures; *desk.Desk is
// one.
type Desk interface {
	// HasFeed reports whether files may be handed in for the feed.
	HasFeed(feed string) bool
	// Submit takes the file in. The receipt says what became of it; an error
	// is the machine's.
	Submit(context.Context, pipeline.Submission) (schema.Receipt, error)
	// Receipt gives a receipt in its present state.
	Receipt(ctx context.Context, id string) (schema.Receipt, bool, error)
	// Withdraw takes a receipt back.
	Withdraw(ctx context.Context, who access.Identity, id, reason string) (schema.Receipt, error)
	// State takes a statement down. A *words.Error that wraps neither
	// access.ErrDenied nor desk.ErrNoTarget says what cannot be said so.
	State(ctx context.Context, who access.Identity, s schema.Statement) (schema.Told, error)
}

// mostBytes bounds one file where nothing else is said.
const mostBytes = 256 << 20

// Config says who may write, and how much.
type Config struct {
	Tokens   []Token
	Offices  map[string]string // feed -> the office that answers for it, if any
	MaxBytes int64             // of one file; default 256 MiB
	Zone     *time.Location    // of times that name none; must be given
	Log      *slog.Logger
}

type handler struct {
	Config
	desk Desk
}

// New makes the handler. It answers the paths above and no other.
func New(c Config, desk Desk) (http.Handler, error) {
	c.MaxBytes = cmp.Or(c.MaxBytes, mostBytes)
	c.Log = cmp.Or(c.Log, slog.New(slog.DiscardHandler))
	var err error
	if c.Tokens, err = knownTokens(c.Tokens); err != nil {
		return nil, err
	}
	h := &handler{c, desk}
	mux := http.NewServeMux()
	for _, o := range h.operations() {
		mux.HandleFunc(o.Path, h.only(o))
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { tell(w, r, notFound("upload-no-path")) })
	return mux, nil
}

// only admits the operation's method (and HEAD with GET) from who may use the
// feed, with an address that says nothing the operation does not know. What is
// the machine's fault goes to the log.
func (h *handler) only(o operation) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		who, err := h.admitted(w, r, o)
		if err == nil {
			err = o.serve(w, r, who)
		}
		if err != nil {
			tell(w, r, faultOf(r, err, "a request failed", h.Log))
		}
	}
}

func (h *handler) admitted(w http.ResponseWriter, r *http.Request, o operation) (who access.Identity, err error) {
	allow := []string{o.Method}
	if o.Method == http.MethodGet {
		allow = append(allow, http.MethodHead)
	}
	if !slices.Contains(allow, r.Method) {
		told := strings.Join(allow, ", ")
		w.Header().Set("Allow", told)
		return who, fault(http.StatusMethodNotAllowed, "upload-method", "allow", told)
	}
	scheme, secret, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	who, ok := tokenOf(h.Tokens, strings.TrimSpace(secret))
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		w.Header().Set("WWW-Authenticate", `Bearer realm="yardstick"`)
		return who, fault(http.StatusUnauthorized, "upload-unauthorized")
	}
	if feed := r.PathValue("feed"); strings.Contains(o.Path, "{feed}") {
		if !h.desk.HasFeed(feed) {
			return who, notFound("upload-no-feed", "feed", feed)
		}
		if !who.Uses(schema.Feed{Name: feed, Office: h.Offices[feed]}) {
			return who, fault(http.StatusForbidden, "upload-forbidden", "feed", feed)
		}
	}
	if v := o.Check(r.URL.Query()); v != nil && v.What == api.Unknown {
		return who, bad("upload-parameter", "name", v.Name, "known", cmp.Or(v.Allowed, "-"))
	}
	return who, nil
}

// faultOf is what is told of an error: a fault as it is, a sentence as a refusal,
// and of what is the machine's when it was, which goes to the log as what failed.
func faultOf(r *http.Request, err error, failed string, log *slog.Logger) *web.Fault {
	var said *web.Fault
	var sentence *words.Error
	switch {
	case errors.As(err, &said):
		return said
	case errors.As(err, &sentence) && errors.Is(err, access.ErrDenied):
		return faultSaying(http.StatusForbidden, sentence.Text)
	case errors.As(err, &sentence):
		return faultSaying(http.StatusConflict, sentence.Text)
	}
	at := time.Now().UTC().Format(time.RFC3339)
	log.Error(failed, "path", r.URL.Path, "at", at, "err", err)
	return fault(http.StatusInternalServerError, "upload-failed", "at", at)
}

// files takes a file.
func (h *handler) files(w http.ResponseWriter, r *http.Request, who access.Identity) (err error) {
	// Text that is not ours to wait for: a sender that stalls holds nothing
	// but its own connection.
	r.Body = http.MaxBytesReader(w, r.Body, h.MaxBytes+1<<20) // the form around the file
	if r.ContentLength > h.MaxBytes+1<<20 {
		return tooLarge(h.MaxBytes)
	}
	p, err := h.parameters(r)
	if err != nil {
		return err
	}
	body, err := h.receive(r, p)
	if err != nil {
		return err
	}
	defer func() {
		if cerr := body.Close(); cerr != nil {
			h.Log.Warn("an upload's file could not be removed", "err", cerr)
		}
	}()
	p.Body = body
	return h.submit(w, r, who, p.Submission)
}

// submit hands in what was sent; the answer's status says what became of it.
func (h *handler) submit(w http.ResponseWriter, r *http.Request, who access.Identity, s pipeline.Submission) error {
	s.Feed.Name, s.Actor = r.PathValue("feed"), who.Name
	receipt, err := h.desk.Submit(r.Context(), s)
	status := http.StatusOK
	switch receipt.Status {
	case schema.Asked, schema.Pending:
		status = http.StatusAccepted
	case schema.Refused:
		status = http.StatusUnprocessableEntity
	case schema.Failed:
		status = http.StatusInternalServerError
	}
	return answer(w, status, receipt, err)
}

// receiptOf is the receipt of the feed that an address names.
func (h *handler) receiptOf(r *http.Request) (schema.Receipt, error) {
	feed, id := r.PathValue("feed"), r.PathValue("id")
	receipt, ok, err := h.desk.Receipt(r.Context(), id)
	if err == nil && (!ok || receipt.Feed != feed) {
		err = notFound("upload-no-receipt", "feed", feed, "id", id)
	}
	return receipt, err
}

func (h *handler) get(w http.ResponseWriter, r *http.Request, _ access.Identity) error {
	receipt, err := h.receiptOf(r)
	return answer(w, http.StatusOK, receipt, err)
}

// withdraw takes a receipt back.
func (h *handler) withdraw(w http.ResponseWriter, r *http.Request, who access.Identity) error {
	in, err := sentJSON[withdrawal](w, r)
	if err != nil {
		return err
	}
	reason := strings.TrimSpace(in.Reason)
	if reason == "" {
		return bad("upload-reason-needed")
	}
	receipt, err := h.receiptOf(r)
	if err == nil {
		receipt, err = h.desk.Withdraw(r.Context(), who, receipt.ID, reason)
	}
	return answer(w, http.StatusOK, receipt, err)
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

// statements takes a statement. 201 is the statement as written down, with notes.
func (h *handler) statements(w http.ResponseWriter, r *http.Request, who access.Identity) error {
	in, err := sentJSON[statementRequest](w, r)
	if err != nil {
		return err
	}
	told, err := h.desk.State(r.Context(), who, schema.Statement{Policy: in.Policy, Target: in.Target, Cause: in.Cause,
		Measures: in.Measures, Promised: in.Promised, Withdrawn: strings.TrimSpace(in.Withdrawn)})
	return answer(w, http.StatusCreated, told, refusal(err))
}

// refusal is the answer to a statement that was not taken.
func refusal(err error) error {
	var sentence *words.Error
	switch {
	case !errors.As(err, &sentence) || errors.Is(err, access.ErrDenied): // or none
		return err
	case errors.Is(err, desk.ErrNoTarget):
		return faultSaying(http.StatusNotFound, sentence.Text)
	}
	return faultSaying(http.StatusUnprocessableEntity, sentence.Text)
}

// answer answers a program where nothing went wrong.
func answer(w http.ResponseWriter, status int, body any, err error) error {
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	_ = enc.Encode(body) // where the client went away, what was done can be asked for
	return nil
}

// faultSaying is a fault under the title that its code has.
func faultSaying(code int, detail schema.Text) *web.Fault {
	return &web.Fault{Code: code, Detail: detail, Title: words.Say("upload-" + map[int]string{
		http.StatusUnauthorized: "unauthorized", http.StatusForbidden: "forbidden", http.StatusNotFound: "not-found",
		http.StatusMethodNotAllowed: "method", http.StatusConflict: "conflict", http.StatusRequestEntityTooLarge: "too-large",
		http.StatusUnsupportedMediaType: "media", http.StatusTooManyRequests: "throttled", http.StatusServiceUnavailable: "full",
		http.StatusBadRequest: "bad", http.StatusUnprocessableEntity: "bad", http.StatusInternalServerError: "failed",
	}[code] + "-title")}
}

// fault is told in the sentence of this id.
func fault(code int, id string, args ...any) *web.Fault {
	return faultSaying(code, words.Say(id, args...))
}

func notFound(id string, args ...any) *web.Fault { return fault(http.StatusNotFound, id, args...) }

func bad(id string, args ...any) *web.Fault { return fault(http.StatusBadRequest, id, args...) }

func tooLarge(limit int64) *web.Fault {
	return fault(http.StatusRequestEntityTooLarge, "upload-too-large", "limit", limit)
}

func tell(w http.ResponseWriter, r *http.Request, f *web.Fault) { f.Problem(r).Tell(w) }
