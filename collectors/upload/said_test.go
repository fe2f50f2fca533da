package upload

import (
	"html/template"
	"strings"
	"testing"

	"yardstick/dashboards/web"
	"yardstick/schema"
)

// The upload pages show a statement in the words of the target's own page.
func TestAStatementIsShownAsTheBoardShowsIt(t *testing.T) {
	site, err := web.New(web.Options{Policies: []schema.Policy{{}}, Today: func() schema.Date { return schema.NewDate(2025, 6, 30) }})
	if err != nil {
		t.Fatal(err)
	}
	views, err := site.Pages(content, funcs())
	if err != nil {
		t.Fatal(err)
	}
	f := &web.Frame{Lang: schema.English}
	said := f.Said(schema.Statement{Cause: "rain\nand snow", Measures: "a roof", Promised: schema.NewDate(2025, 7, 31), By: "Wang", Day: schema.NewDate(2025, 6, 1), Synthetic: true},
		schema.Target{Deadline: schema.NewDate(2025, 6, 15)}, schema.Verdict{}, schema.NewDate(2025, 6, 30))
	page, err := views.Write("statement", "said", said)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`<div class="said-by">`, "<p>rain</p><p>and snow</p>", "<p>a roof</p>", "2025-07-31", "Wang", f.T("board-mark-synthetic"), template.HTMLEscapeString(said.Late)} {
		if want == "" || !strings.Contains(string(page), want) {
			t.Errorf("it lacks %q:\n%s", want, page)
		}
	}
	if earlier := said.Earlier(schema.NewDate(2025, 7, 31)); earlier.Promise != "2025-07-31" || earlier.Broken {
		t.Errorf("of an earlier one %q stands, broken %t", earlier.Promise, earlier.Broken)
	}
}
