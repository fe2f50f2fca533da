package table

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Files of real senders, which are no part of the project: the folder named by
// YARDSTICK_PRACTICE, when there is one. Every figure of truth/NAME.csv beside
// a file must stand in one of its tables.
func TestRealFilesAreReadWholly(t *testing.T) {
	folder := os.Getenv("YARDSTICK_PRACTICE")
	files, err := filepath.Glob(filepath.Join(folder, "*.*"))
	if folder == "" || err != nil || len(files) == 0 {
		t.Log("YARDSTICK_PRACTICE names no folder of real files: nothing was checked")
		return
	}
	for _, path := range files {
		truth, _ := filepath.Glob(filepath.Join(folder, "truth", strings.SplitN(filepath.Base(path), ".", 2)[0]+"*"))
		if len(truth) == 0 {
			continue
		}
		t.Run(filepath.Base(path), func(t *testing.T) {
			data, err := os.ReadFile(path)
			must(t, err)
			f := read(t, data, filepath.Base(path))
			held := map[string]bool{}
			for _, table := range f.Tables {
				for _, c := range cells(t, table) {
					held[plainly(c.Text)] = true
				}
			}
			data, err = os.ReadFile(truth[0])
			must(t, err)
			g := read(t, data, "truth.csv")
			column, n := -1, 0
			for row, err := range g.Tables[0].Rows(t.Context()) {
				must(t, err)
				if column < 0 {
					for i, name := range row.Texts {
						if name == "value" {
							column = i
						}
					}
					continue
				}
				if value := row.Cell(column).Text; value != "" {
					if n++; !held[plainly(value)] {
						t.Errorf("%s is not read", value)
					}
				}
			}
			t.Logf("%d figures", n)
		})
	}
}

// plainly is a number without the zeros that only show its precision.
func plainly(s string) string {
	if strings.Contains(s, ".") {
		return strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}
