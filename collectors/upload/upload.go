// Package upload is where people and programs hand figures in: the
// statistician's pages (Pages) and the API (New):
//
//	POST /api/v1/feeds/{feed}/files                    a file; the answer is its receipt
//	POST /api/v1/feeds/{feed}/values                   one or a few figures as JSON; the answer is their receipt
//	GET  /api/v1/feeds/{feed}/receipts/{id}            a receipt again
//	POST /api/v1/feeds/{feed}/receipts/{id}/withdraw   takes it back: {"reason": "…"}
//	POST /api/v1/statements                            what an owner says of a target; see Statement
//
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

	"yardstick/collectors/pipeline"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/access"
	"yardstick/schema/api"
	"yardstick/schema/words"
)

// Desk is what the API needs of who deals with files; *desk.Desk is one.
type Desk interface {
	// HasFeed reports whether files may be handed in for the feed.
	HasFeed(feed string) bool
	// Submit takes the file in. The receipt says what became of it; an error
	// is the machine's.
	Submit(context.Context, pipeline.Submission) (schema.Receipt, error)
	// Receipt gives a receipt in its present state.
	Receipt(ctx context.Context, id string) (schema.Receipt, bool, error)
}

// Config says who may write, and how much.
type Config struct {
	Tokens   []Token
	Offices  map[string]string // feed -> the office that answers for it, if any
	MaxBytes int64             // of one file; default 256 MiB
	Temp     string            // folder for files under way; default the system's
	Zone     *time.Location    // of times that name none; default +08:00
	Now      func() time.Time
	Log      *slog.Logger
}

type handler struct {
	Config
	desk   Desk
	tokens []knownToken
}

// New makes the handler. It answers the paths above and no other.
func New(c Config, desk Desk) (http.Handler, error) {
	if c.MaxBytes <= 0 {
		c.MaxBytes = 256 << 20
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Zone == nil {
		c.Zone = time.FixedZone("CST", 8*60*60)
	}
	tokens, err := knownTokens(c.Tokens)
	if err != nil {
		return nil, err
	}
	h := &handler{Config: c, desk: desk, tokens: tokens}
	mux := http.NewServeMux()
	for _, o := range h.operations() {
		mux.HandleFunc(o.Path, h.only(o.Operation, o.serve))
	}
	mux.HandleFunc(StatementsPath, h.statements)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { tell(w, r, notFound("upload-no-path")) })
	return mux, nil
}

// only admits the operation's method (and HEAD with GET) from who may use the
// feed, with an address that says nothing the operation does not know.
func (h *handler) only(o api.Operation, serve func(http.ResponseWriter, *http.Request, access.Identity) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		err := func() error {
			token, err := h.admitted(w, r, o.Method)
			if err != nil {
				return err
			}
			feed := r.PathValue("feed")
			if !h.desk.HasFeed(feed) {
				return notFound("upload-no-feed", "feed", feed)
			}
			if !token.Uses(schema.Feed{Name: feed, Office: h.Offices[feed]}) {
				return fault(http.StatusForbidden, "upload-forbidden-title", words.Say("upload-forbidden", "feed", feed))
			}
			if v := o.Check(r.URL.Query()); v != nil && v.What == api.Unknown {
				return bad("upload-parameter", "name", v.Name, "known", cmp.Or(v.Allowed, "-"))
			}
			return serve(w, r, token.Identity)
		}()
		if err != nil {
			h.failed(w, r, err)
		}
	}
}

// admitted is the token of a request, which must have the method (or HEAD with
// GET).
func (h *handler) admitted(w http.ResponseWriter, r *http.Request, method string) (knownToken, error) {
	allow := []string{method}
	if method == http.MethodGet {
		allow = append(allow, http.MethodHead)
	}
	if !slices.Contains(allow, r.Method) {
		told := strings.Join(allow, ", ")
		w.Header().Set("Allow", told)
		return knownToken{}, fault(http.StatusMethodNotAllowed, "upload-method-title", words.Say("upload-method", "allow", told))
	}
	token, ok := h.bearer(r)
	if !ok {
		w.Header().Set("WWW-Authenticate", `Bearer realm="yardstick"`)
		return token, fault(http.StatusUnauthorized, "upload-unauthorized-title", words.Say("upload-unauthorized"))
	}
	return token, nil
}

// failed tells a program what went wrong; what is the machine's goes to the log.
func (h *handler) failed(w http.ResponseWriter, r *http.Request, err error) {
	tell(w, r, faultOf(r, err, "a request failed", h.Now, h.Log))
}

// faultOf is what is told of an error: a fault as it is, a sentence as a refusal,
// and of what is the machine's when it was, which goes to the log as what failed.
func faultOf(r *http.Request, err error, failed string, now func() time.Time, log *slog.Logger) *web.Fault {
	var said *web.Fault
	var sentence *words.Error
	switch {
	case errors.As(err, &said):
		return said
	case errors.As(err, &sentence) && errors.Is(err, access.ErrDenied):
		return fault(http.StatusForbidden, "upload-forbidden-title", sentence.Text)
	case errors.As(err, &sentence):
		return fault(http.StatusConflict, "upload-conflict-title", sentence.Text)
	}
	at := now().UTC().Format(time.RFC3339)
	log.Error(failed, "path", r.URL.Path, "at", at, "err", err)
	return fault(http.StatusInternalServerError, "upload-failed-title", words.Say("upload-failed", "at", at))
}

func (h *handler) post(w http.ResponseWriter, r *http.Request, who access.Identity) (err error) {
	// Text that is not ours to wait for: a sender that stalls holds nothing
	// but its own connection.
	r.Body = http.MaxBytesReader(w, r.Body, h.MaxBytes+1<<20) // the form around the file
	if r.ContentLength > h.MaxBytes+1<<20 {
		return tooLarge(h.MaxBytes)
	}
	form, err := readParameters(r.URL.Query(), h.Zone)
	if err != nil {
		return err
	}
	body, err := h.receive(r, form)
	if err != nil {
		return err
	}
	defer func() {
		if cerr := body.close(); cerr != nil {
			h.Log.Warn("an upload's file could not be removed", "err", cerr)
		}
	}()
	receipt, err := h.desk.Submit(r.Context(), form.file(r.PathValue("feed"), who.Name, body.File))
	if err != nil {
		return err
	}
	return answer(w, statusOf(receipt.Status), receipt)
}

// statusOf is the HTTP status of a receipt.
func statusOf(s schema.ReceiptStatus) int {
	switch s {
	case schema.Asked, schema.Pending:
		return http.StatusAccepted
	case schema.Refused:
		return http.StatusUnprocessableEntity
	case schema.Failed:
		return http.StatusInternalServerError
	}
	return http.StatusOK
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
	if err != nil {
		return err
	}
	return answer(w, http.StatusOK, receipt)
}

func answer(w http.ResponseWriter, status int, body any) error {
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

// fault is told under the title of this id.
func fault(code int, title string, detail schema.Text) *web.Fault {
	return &web.Fault{Code: code, Title: words.Say(title), Detail: detail}
}

func notFound(id string, args ...any) *web.Fault {
	return fault(http.StatusNotFound, "upload-not-found-title", words.Say(id, args...))
}

func bad(id string, args ...any) *web.Fault {
	return fault(http.StatusBadRequest, "upload-bad-title", words.Say(id, args...))
}

func tooLarge(limit int64) *web.Fault {
	return fault(http.StatusRequestEntityTooLarge, "upload-too-large-title", words.Say("upload-too-large", "limit", limit))
}

func tell(w http.ResponseWriter, r *http.Request, f *web.Fault) { f.Problem(r).Tell(w) }

// known lists names for a sentence.
func known(names []string) string {
	slices.Sort(names)
	return strings.Join(names, ", ")
}
