package web

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// nowPath is asked by open pages whether there is news.
const nowPath = "/board/now"

// now answers with the stamp of what pages rest on. Pages ask every few seconds
// instead of holding a connection open: an answer takes no time, proxies need no
// setting, and six open pages do not use up a browser's connections to a host.
func (s *Site) now(w http.ResponseWriter, r *http.Request) {
	if s.Stamp == nil {
		s.Fail(w, r, Refuse(http.StatusNotFound, "board-no-page"))
		return
	}
	body, err := json.Marshal(struct {
		Stamp string `json:"stamp"`
	}{s.Stamp()})
	if err != nil {
		s.Fail(w, r, fmt.Errorf("writing the stamp: %w", err))
		return
	}
	Write(w, r, http.StatusOK, "application/json", body)
}

// News is where the page asks whether there is news; empty: nowhere.
func (f *Frame) News() string {
	if !f.news {
		return ""
	}
	return nowPath
}
