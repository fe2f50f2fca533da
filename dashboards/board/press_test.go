package board

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestScriptsAreSmallOnTheWayAndTheSameOnArrival(t *testing.T) {
	all, err := loadAssets()
	if err != nil {
		t.Fatal(err)
	}
	h := newBoard(t, newFixture(t))
	total := 0
	for name, path := range all.scripts {
		plain := get(t, h, path)
		small := get(t, h, path, "Accept-Encoding", "br, gzip;q=0.8")
		if plain.Code != http.StatusOK || small.Code != http.StatusOK || plain.Header().Get("Vary") != "Accept-Encoding" {
			t.Fatalf("%s answers %d and %d", name, plain.Code, small.Code)
		}
		total += small.Body.Len()
		body := small.Body.String()
		if small.Header().Get("Content-Encoding") == "gzip" {
			r, err := gzip.NewReader(strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			b, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			body = string(b)
		}
		if body != plain.Body.String() {
			t.Errorf("%s arrives as something else", name)
		}
		if refused := get(t, h, path, "Accept-Encoding", "gzip;q=0"); refused.Header().Get("Content-Encoding") != "" {
			t.Errorf("%s is sent compressed to who refuses that", name)
		}
	}
	if total == 0 || total > 250_000 {
		t.Errorf("all scripts together take %d bytes", total)
	}
}
