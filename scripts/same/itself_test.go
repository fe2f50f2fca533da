//go:build same

package same

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What is compared is compared: a word, a digit, a link, a header and a metric
// that differ are found, and only what the list names is passed over.
func TestADifferenceIsFound(t *testing.T) {
	page := func(text string) string {
		return answer{200, http.Header{"Content-Type": {"text/html"}, "Date": {"today"}}, []byte(text)}.text()
	}
	const text = `<main><p>差距 <b>12.5</b> 亿元 <a href="/lagging" class="x">滞后</a></p><p>下一段</p></main>`
	for name, other := range map[string]string{
		"a digit":    strings.Replace(text, "12.5", "12.6", 1),
		"a word":     strings.Replace(text, "滞后", "落后", 1),
		"a link":     strings.Replace(text, "/lagging", "/limits", 1),
		"a place":    strings.Replace(text, "<p>下一段</p>", "", 1),
		"a new line": strings.Replace(text, "下一段", "下一段</p><p>又一段", 1),
	} {
		if f := compare(sayings{"/": page(text)}, sayings{"/": page(other)}, nil); f.differing != 1 || len(f.changes) != 1 {
			t.Errorf("%s: %+v", name, f)
		}
	}
	if f := compare(sayings{"/": page(text)}, sayings{"/": page(strings.Replace(text, `class="x"`, `class="y"`, 1))}, nil); f.differing != 0 {
		t.Errorf("a class is not said: %s", f.text(0))
	}
	one := answer{200, http.Header{"Allow": {"GET"}}, nil}.text()
	other := answer{200, http.Header{"Allow": {"GET, HEAD"}}, nil}.text()
	if f := compare(sayings{"a": one, "b": "x", "e": ""}, sayings{"a": other, "c": "x"}, nil); f.differing != 4 || f.answers != 4 {
		t.Errorf("a header, and places that one side alone has: %+v", f)
	}
}

func TestOnlyWhatIsListedIsPassedOver(t *testing.T) {
	path := filepath.Join(t.TempDir(), "same.allow")
	list := func(text string) []*allowed {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := readAllow(path)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	old, now := sayings{"GET /": "a\nb\n", "GET /x": "a\nb\n"}, sayings{"GET /": "a\nc\n", "GET /x": "a\nd\n"}
	l := list("# why\nGET / :: [-+] [bc] :: it was wrong\nGET /never :: .* :: gone\n")
	f := compare(old, now, l)
	if f.differing != 2 || f.allowed != 1 || len(f.changes) != 1 || f.changes[0].places[0] != "GET /x" {
		t.Errorf("%+v", f)
	}
	if s := stale(l); len(s) != 1 || !strings.HasPrefix(s[0], "GET /never") {
		t.Errorf("%q", s)
	}
	for _, wrong := range []string{"GET / :: x\n", "GET / :: ( :: why\n", "GET / :: x :: \n"} {
		if err := os.WriteFile(path, []byte(wrong), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := readAllow(path); err == nil {
			t.Errorf("%q is taken", wrong)
		}
	}
}

// What a run brings of itself is replaced, each number of a receipt by one word.
func TestWhatARunBringsOfItselfIsNotSaid(t *testing.T) {
	now := newNames()
	day := now.days[1]
	now.hide("127.0.0.1:4711", "‹page›")
	now.receipts["R20250101-AAAAAAAA"] = "‹industry/2025-06.csv›"
	got := now.text("http://127.0.0.1:4711/receipts/R20250101-AAAAAAAA and R20250101-BBBBBBBB, R20250101-BBBBBBBB at " + day + "T01:02:03.4Z or " + day + " 09:02, not 2025-06-30 09:02; /board/board-0123456789ab.css " +
		pageText([]byte("<table><tr><th scope=row>核对码</th><td><b>0A1B-2025</b></td></tr></table>2024-2025")))
	want := "http://‹page›/receipts/‹industry/2025-06.csv› and ‹receipt 2›, ‹receipt 2› at ‹time› or ‹time›, not 2025-06-30 09:02; /board/board-‹digest›.css ‹th scope=row› 核对码\n‹code›\n2024-2025\n"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
