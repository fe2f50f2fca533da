package web

import (
	"fmt"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/klauspost/compress/gzhttp"
)

// leastCompressed is what fits one packet: compressing less saves nothing.
const leastCompressed = 1400

// lastWrite is how long a reader may take for what compression still holds when
// the answer is complete; it is a few dozen KiB at most.
const lastWrite = time.Minute

// Compressed sends the texts that next answers with compressed by gzip, to
// whoever accepts it. Files that are compressed already, short answers and
// streams of events go out as they are.
func Compressed(next http.Handler) (http.Handler, error) {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(leastCompressed), gzhttp.EnableZstd(false), gzhttp.ContentTypeFilter(compressible))
	if err != nil {
		return nil, fmt.Errorf("preparing compression: %w", err)
	}
	texts := wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			h := &head{ResponseWriter: w}
			defer h.unsaid()
			w = h
		}
		next.ServeHTTP(w, r)
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(lastWrite))
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		texts(w, r)
		// The connection's next request has its own time.
		_ = http.NewResponseController(w).SetWriteDeadline(time.Time{})
	}), nil
}

// compressible tells text from what is packed already. A stream of events is
// read as it comes, and comes in pieces too small to gain.
func compressible(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil || kind == "text/event-stream" {
		return false
	}
	switch kind {
	case "application/json", "application/javascript", "application/xml", "application/yaml", "image/svg+xml":
		return true
	}
	return strings.HasPrefix(kind, "text/") || strings.HasPrefix(kind, "application/") &&
		(strings.HasSuffix(kind, "+json") || strings.HasSuffix(kind, "+xml") || strings.HasSuffix(kind, "+csv"))
}

// head is the answer to HEAD, which must not promise another length than GET
// would send: a length before compression is none (RFC 9110, 8.6).
type head struct{ http.ResponseWriter }

func (h *head) unsaid() {
	if compressible(h.Header().Get("Content-Type")) {
		h.Header().Del("Content-Length")
	}
}

func (h *head) WriteHeader(code int) {
	h.unsaid()
	h.ResponseWriter.WriteHeader(code)
}

func (h *head) Unwrap() http.ResponseWriter { return h.ResponseWriter }
