package board

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestATableThatIsNotThereAndAFormatThatIsNoneAreRefused(t *testing.T) {
	b := newBoard(t, newFixture(t))
	for path, want := range map[string]int{
		"/scorecard?table=nothing&format=csv": http.StatusNotFound,
	} {
		w := httptest.NewRecorder()
		b.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code != want || !strings.Contains(w.Body.String(), "nothing") {
			t.Errorf("%s answers %d: %s", path, w.Code, w.Body)
		}
	}
}
