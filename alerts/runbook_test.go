package alerts

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestARunbookIsAPageAndNothingElseIs(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /runbooks/{name}", Runbook)
	for path, code := range map[string]int{"/runbooks/StoreDown": 200, "/runbooks/Nothing": 404, "/runbooks/..%2frules%2fsystem": 404} {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code != code {
			t.Errorf("%s: %d", path, w.Code)
		}
		if code == 200 && (!strings.Contains(w.Body.String(), "<h2>怎么办</h2>\n<ol>\n<li>") || strings.Count(w.Body.String(), "<ol>") != strings.Count(w.Body.String(), "</ol>")) {
			t.Errorf("%s", w.Body)
		}
	}
}
