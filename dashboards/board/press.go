package board

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
)

// worthPressing is from how many bytes on an asset is also kept compressed.
const worthPressing = 4 << 10

// pressed is the body compressed with gzip; nil where that is not worth it.
func pressed(body []byte) []byte {
	if len(body) < worthPressing {
		return nil
	}
	var buf bytes.Buffer
	w, err := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	if err == nil {
		_, err = w.Write(body)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil || buf.Len() >= len(body) { // memory does not fail; the plain body serves
		return nil
	}
	return buf.Bytes()
}

// press gives the asset's body as the reader's browser takes it.
func (a asset) press(w http.ResponseWriter, r *http.Request) []byte {
	w.Header().Add("Vary", "Accept-Encoding")
	if !takesGzip(r.Header.Get("Accept-Encoding")) {
		return a.body
	}
	small := a.gzip()
	if small == nil {
		return a.body
	}
	w.Header().Set("Content-Encoding", "gzip")
	return small
}

// takesGzip reads an Accept-Encoding header as far as gzip is concerned.
func takesGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, weight, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			weight = strings.TrimSpace(weight)
			return weight != "q=0" && !strings.HasPrefix(weight, "q=0.0")
		}
	}
	return false
}
