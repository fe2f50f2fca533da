package table

import (
	"slices"
	"testing"

	"yardstick/schema"
	"yardstick/schema/words"
)

// noted finds a note.
func noted(f *File, code string) *schema.Problem {
	for i, n := range f.Notes {
		if n.Code == code {
			return &f.Notes[i]
		}
	}
	return nil
}

func TestEveryNoteHasItsSentence(t *testing.T) {
	ids := words.IDs()
	for _, code := range noteCodes() {
		if !slices.Contains(ids, code) {
			t.Errorf("no sentence for %s", code)
		}
	}
}
