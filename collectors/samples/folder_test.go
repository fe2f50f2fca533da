package samples

import (
	"errors"
	"io/fs"
	"testing"
	"testing/fstest"

	"yardstick/schema"
)

func TestAFeedWithoutItsFolderIsAnError(t *testing.T) {
	files := fstest.MapFS{"here/2025-01.csv": {Data: []byte("a")}}
	if all, err := filesOf(files, schema.Feed{Name: "here"}); err != nil || len(all) != 1 || all[0].Name != "2025-01.csv" {
		t.Errorf("%v: %v", all, err)
	}
	if _, err := filesOf(files, schema.Feed{Name: "gone"}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no error of a missing folder: %v", err)
	}
}
