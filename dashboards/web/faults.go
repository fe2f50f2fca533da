package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"yardstick/schema"
	"yardstick/schema/api"
	"yardstick/schema/words"
)

// Fault is an error with the answer's code and a sentence for people.
type Fault struct {
	Code   int
	Title  schema.Text // what kind of fault it is
	Detail schema.Text
}

func (f *Fault) Error() string {
	return fmt.Sprintf("%d: %s", f.Code, f.Detail.All(" / "))
}

// Refuse is a fault told in the sentence of this id.
func Refuse(code int, id string, args ...any) error { return FaultOf(code, words.Say(id, args...)) }

// FaultOf is a fault in a sentence, under the title that its code has.
func FaultOf(code int, detail schema.Text) *Fault { return &Fault{code, titleOf(code), detail} }

// NoTable is the fault for a table that a page does not have.
func NoTable(id string) error { return Refuse(http.StatusNotFound, "board-no-table", "table", id) }

func titleOf(code int) schema.Text {
	switch code {
	case http.StatusNotFound:
		return words.Say("board-fault-404")
	case http.StatusBadRequest, http.StatusMethodNotAllowed, http.StatusNotAcceptable:
		return words.Say("board-fault-400")
	}
	return words.Say("board-fault-500")
}

// known tells what to answer for err, and whether it is worth a line in the log.
func known(err error) (f *Fault, log bool) {
	if errors.As(err, &f) {
		return f, false
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return FaultOf(http.StatusServiceUnavailable, words.Say("board-slow")), true
	}
	return FaultOf(http.StatusInternalServerError, words.Say("board-broken")), !errors.Is(err, context.Canceled)
}

// Fail answers an error in the form the path is read in.
func (s *Site) Fail(w http.ResponseWriter, r *http.Request, err error) {
	fault, log := known(err)
	if log {
		s.Logger.Error("a page could not be made", "path", r.URL.Path, "err", err)
	}
	if strings.HasPrefix(r.URL.Path, "/api/") {
		Write(w, r, fault.Code, api.FaultType, fault.Problem(r).Body())
		return
	}
	f := s.plainFrame(r)
	f.Heading = f.Say(fault.Title)
	body, err := s.own.Write("fault", "frame", struct {
		*Frame
		Fault            *Fault
		Return, ReturnTo string // the link under it
	}{f, fault, f.Link("/"), f.T("board-crumb")})
	if err != nil {
		s.Logger.Error("the page for a fault could not be written", "err", err)
		http.Error(w, fault.Detail.All("\n"), fault.Code)
		return
	}
	Write(w, r, fault.Code, "text/html; charset=utf-8", body)
}

// Problem is the fault as programs are told it.
func (f *Fault) Problem(r *http.Request) api.Fault {
	return api.FaultOf(r.URL.Path, f.Code, f.Title, f.Detail)
}

// Write answers with an ETag over the body: the same figures are not sent
// twice, and a changed one is never hidden by a cache. It is a weak one, for
// the body may be compressed on its way.
func Write(w http.ResponseWriter, r *http.Request, code int, kind string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", kind)
	if code != http.StatusOK {
		h.Set("Cache-Control", "no-store")
	} else {
		sum := sha256.Sum256(body)
		tag := `"` + hex.EncodeToString(sum[:12]) + `"`
		h.Set("ETag", "W/"+tag)
		h.Set("Cache-Control", "private, no-cache")
		if Matches(r, tag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	h.Set("Content-Length", fmt.Sprint(len(body)))
	w.WriteHeader(code)
	if r.Method != http.MethodHead {
		// A reader who went away is no fault of ours.
		_, _ = w.Write(body)
	}
}

// Matches reports whether the reader has the answer of this tag already.
func Matches(r *http.Request, tag string) bool {
	for part := range strings.SplitSeq(r.Header.Get("If-None-Match"), ",") {
		part = strings.TrimPrefix(strings.TrimSpace(part), "W/")
		if part == tag || part == "*" {
			return true
		}
	}
	return false
}
