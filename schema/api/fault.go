package api

import (
	"bytes"
	"encoding/json"
	"net/http"

	"yardstick/schema"
)

// FaultType is the media type of a Fault.
const FaultType = "application/problem+json"

// Fault is a fault as RFC 9457 has it, with both languages beside it: title
// and detail themselves are Chinese, as everywhere.
type Fault struct {
	Type     string      `json:"type"`
	Title    string      `json:"title"`
	Status   int         `json:"status"`
	Detail   string      `json:"detail"`
	Titles   schema.Text `json:"titles"`
	Details  schema.Text `json:"details"`
	Instance string      `json:"instance"`
}

// FaultOf is the answer to a request for path that failed with this status.
func FaultOf(path string, status int, title, detail schema.Text) Fault {
	return Fault{"about:blank", title.In(schema.Chinese), status, detail.In(schema.Chinese), title, detail, path}
}

// Body is the fault as it is sent.
func (f Fault) Body() []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(f); err != nil { // not reached: a Fault holds text and a number
		return []byte(`{"type":"about:blank","status":500}` + "\n")
	}
	return b.Bytes()
}

// Tell answers with the fault, which nobody may keep.
func (f Fault) Tell(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Type", FaultType)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(f.Status)
	// An error here is a client that went away: nobody is left to tell.
	_, _ = w.Write(f.Body())
}
