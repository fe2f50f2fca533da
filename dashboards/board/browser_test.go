package board

import (
	"net/http/httptest"
	"os"
	"slices"
	"testing"

	"yardstick/dashboards/browsertest"
)

func TestMain(m *testing.M) { os.Exit(browsertest.Shared(m).Run()) }

// look is a page under one look. Every kind of page at every size is looked at on
// the demonstration (cmd/yardstick); here are the states that it does not have,
// and the sizes between.
type look struct {
	path string
	browsertest.Look
}

func looks() []look {
	var out []look
	add := func(name, path string, dark bool, widths ...int64) {
		for _, w := range widths {
			out = append(out, look{path, browsertest.Look{Name: name, Width: w, Dark: dark}})
		}
	}
	target, receipt := "/targets/"+policyID+"/high-growth-firms", "/receipts/R-2025-0009"
	add("overview", "/", false, 390, 800, 5120)
	add("overview", "/?lang=en", true, 1280)
	add("target", target, false, 1280)
	add("target", target+"?lang=en", true, 390)
	add("statement", "/targets/"+policyID+"/ai-compute", false, 390)
	add("statement", "/targets/"+policyID+"/ai-compute?lang=en", true, 1280)
	add("unsaid", "/targets/"+policyID+"/soe-layer-compression", false, 390)
	add("feeds", "/feeds", false, 1280)
	add("feeds", "/feeds?lang=en", true, 390)
	add("receipt", receipt, true, 390, 1920)
	add("receipt", receipt+"?lang=en", false, 1280)
	add("receipt-in-force", "/receipts/R-2025-0007", false, 1280)
	add("ways", farmland+"?rate=2", false, 1280)
	add("ways", farmland+"?rate=many&lang=en", true, 390)
	add("cell", farmlandCell, false, 390, 1280)
	add("cell", farmlandCell+"?lang=en", true, 1280)
	add("figure", "/figures/strategic-industry-gdp-share/210200/ytd/2025-Q1", false, 390)
	add("scorecard", "/scorecard", false, 390)
	add("scorecard", "/scorecard?lang=en", true, 1920)
	add("districts", "/districts", false, 390)
	add("districts-one", "/districts?target=high-standard-farmland", false, 1280)
	add("districts-one", "/districts?target=high-standard-farmland&scale=common&lang=en", true, 390)
	add("back", "/?as_of=2025-05-31", false, 1280)
	add("lagging", "/lagging?worst=27", false, 800, 3840)
	add("limits", "/limits?lang=en", true, 390)
	add("closing", "/?as_of=2026-01-01", false, 390)
	add("closing", "/?as_of=2026-01-01&lang=en", true, 1280)
	add("theme", "/?theme=dark", true, 1280)
	add("wall", "/?wall=1", false, 1920, 3840, 5120)
	return append(out, look{"/", browsertest.Look{Name: "paper", Width: 1040, Paper: true}},
		look{farmlandCell, browsertest.Look{Name: "cell-paper", Width: 1040, Paper: true}})
}

func TestPagesAreCleanInARealBrowserInEveryState(t *testing.T) {
	f := newFixture(t)
	f.score = sampleScore()
	server := httptest.NewServer(newBoard(t, f, speaking(sampleSpeech())))
	defer server.Close()
	b := browsertest.New(t)
	grounds := map[bool][]string{}
	seen := map[string]bool{}
	for _, l := range looks() {
		l.Cold = !seen[l.Name]
		seen[l.Name] = true
		p := b.Visit(t, server.URL+l.path, l.Look)
		p.Sound(t)
		grounds[l.Dark] = append(grounds[l.Dark], p.Layout.Ground)
	}
	for _, l := range []browsertest.Look{{Name: "lost", Width: 390, Dark: true}, {Name: "lost", Width: 1280, English: true}} {
		p := b.Visit(t, server.URL+"/nothing", l)
		b.Faults() // the browser tells of the 404, as it should
		p.Sound(t)
	}
	if slices.Contains(grounds[true], grounds[false][0]) {
		t.Errorf("a dark page has the ground of a light one: %v", grounds[true])
	}
}
