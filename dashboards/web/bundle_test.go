package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// bundled is where the charts' library is bundled from.
const bundled = "../../scripts/echarts/"

func sumOf(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func TestTheChartsLibraryIsTheOneTheLockNames(t *testing.T) {
	recorded, err := os.ReadFile(bundled + "echarts.sha256")
	if err != nil {
		t.Fatal(err)
	}
	if want := sumOf(t, "assets/echarts.js") + "  echarts.js\n"; string(recorded) != want {
		t.Errorf("assets/echarts.js is not what was recorded: run `make assets`\n%s%s", recorded, want)
	}
	text, err := os.ReadFile(bundled + "package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(text, []byte("://")) || bytes.Contains(text, []byte(`"resolved"`)) {
		t.Error("the lock names where packages are fetched from")
	}
	var lock struct {
		Packages map[string]struct{ Version string }
	}
	if err := json.Unmarshal(text, &lock); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile("assets/echarts.js")
	if err != nil {
		t.Fatal(err)
	}
	banner, code, ok := strings.Cut(string(file), "*/")
	if !ok {
		t.Fatal("the library does not begin with its licences")
	}
	for name, as := range map[string]string{"echarts": "Apache ECharts ", "zrender": "ZRender ", "tslib": "tslib "} {
		version := lock.Packages["node_modules/"+name].Version
		if version == "" || !strings.Contains(banner, as+version+" (") {
			t.Errorf("the library does not say that it holds %s%q", as, version)
		}
	}
	for file, as := range map[string]string{"package-lock.json": "lock sha256:", "index.js": "source sha256:"} {
		if !strings.Contains(banner, as+sumOf(t, bundled+file)) {
			t.Errorf("the library was bundled from another %s: run `make assets`", file)
		}
	}
	if version := lock.Packages["node_modules/echarts"].Version; !strings.Contains(code, `"`+version+`"`) {
		t.Errorf("the library itself does not say that it is %s", version)
	}
	for _, forbidden := range []string{"new Function(", "eval("} { // the pages allow neither
		if strings.Contains(code, forbidden) {
			t.Errorf("the library holds %s", forbidden)
		}
	}
}
