// Package alerts carries the alert rules for Prometheus, a configuration for
// Alertmanager, and a page for each alert that tells the officer on call what
// it means and what to do.
package alerts

import (
	"embed"
	"fmt"
	"html"
	"io/fs"
	"net/http"
	"regexp"
	"strings"
)

//go:generate go run ./internal/daysoff alertmanager/alertmanager.yml

// Rules are rules/*.yml, as Prometheus loads them.
//
//go:embed rules/*.yml
var Rules embed.FS

// Runbooks are runbooks/NAME.md, one an alert of that name, Chinese first.
//
//go:embed runbooks/*.md
var Runbooks embed.FS

// Example is what Alertmanager posts to a webhook: a target that lags and a feed
// that is overdue no more.
//
//go:embed example.json
var Example []byte

// Runbook shows an alert's page. Its Markdown is our own and simple: headings,
// numbered lists, code, a rule.
func Runbook(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	text, err := fs.ReadFile(Runbooks, "runbooks/"+name+".md")
	if err != nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	fmt.Fprintf(w, runbookPage, html.EscapeString(name), runbookBody(string(text)))
}

const runbookPage = `<!doctype html><html lang="zh"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>%s</title>
<style>body{font:16px/1.7 sans-serif;max-width:46em;margin:2em auto;padding:0 1em}code{background:#f2f2f2;padding:0 .25em}hr{margin:2.5em 0}@media print{a{color:inherit}}</style>
%s</html>
`

var runbookCode = regexp.MustCompile("`([^`]+)`")

func runbookBody(text string) string {
	var b strings.Builder
	list := false
	for _, line := range strings.Split(text, "\n") {
		said := runbookCode.ReplaceAllString(html.EscapeString(line), "<code>$1</code>")
		number, item, isItem := strings.Cut(said, ". ")
		isItem = isItem && strings.Trim(number, "0123456789") == "" && number != ""
		if isItem != list {
			b.WriteString(map[bool]string{true: "<ol>\n", false: "</ol>\n"}[isItem])
			list = isItem
		}
		switch {
		case isItem:
			fmt.Fprintf(&b, "<li>%s</li>\n", item)
		case strings.HasPrefix(said, "## "):
			fmt.Fprintf(&b, "<h2>%s</h2>\n", said[3:])
		case strings.HasPrefix(said, "# "):
			fmt.Fprintf(&b, "<h1>%s</h1>\n", said[2:])
		case said == "---":
			b.WriteString("<hr>\n")
		case said != "":
			fmt.Fprintf(&b, "<p>%s</p>\n", said)
		}
	}
	if list {
		b.WriteString("</ol>\n")
	}
	return b.String()
}
