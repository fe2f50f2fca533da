package app

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A table is printed as it is read, to its last row that holds anything; an empty
// file is one without rows, and told.
func TestATableIsPrintedToItsLastFilledRow(t *testing.T) {
	for name, c := range map[string]struct {
		text, out, told string
		code            int
	}{
		"blank rows at the end":   {"标题,,\r\n,,\r\n指标,地区,数值\r\n粮食产量,辽阳,12.5\r\n,,\r\n\r\n , ,\r\n", "标题,,\n,,\n指标,地区,数值\n粮食产量,辽阳,12.5\n", "", 0},
		"nothing but blank rows":  {",,\n,,\n", "", "", 0},
		"an empty file":           {"", "", "empty", 0},
		"a file that is not read": {"a,b\n1,\x00\n", "", "NUL", exitRefused},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "f.csv")
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			for _, output := range []string{"", "csv", "json"} {
				args := []string{"preview", path, "--table", "--lang", "en"}
				if output != "" {
					args = append(args, "--output", output)
				}
				var out, told bytes.Buffer
				code := Main(t.Context(), args, Streams{In: strings.NewReader(""), Out: &out, Err: &told})
				if code != c.code || !strings.Contains(told.String(), c.told) || c.told == "" && told.Len() > 0 {
					t.Errorf("%s: %d, told %q", output, code, told.String())
				}
				if rows := strings.Count(c.out, "\n"); output != "json" && out.String() != c.out || output == "json" && strings.Count(out.String(), "]") < rows {
					t.Errorf("%s: printed %q", output, out.String())
				}
			}
		})
	}
}
