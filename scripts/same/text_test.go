//go:build same

package same

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// silent are the headers that say when and how, not what.
var silent = []string{"Date", "Content-Length", "Transfer-Encoding", "Last-Modified"}

// text is an answer as it is read: its status, its headers and its body.
func (a answer) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "status %d\n", a.status)
	for _, k := range slices.Sorted(maps.Keys(a.header)) {
		if slices.Contains(silent, k) {
			continue
		}
		for _, v := range a.header[k] {
			fmt.Fprintf(&b, "%s: %s\n", k, v)
		}
	}
	b.WriteString("\n" + bodyText(a.header.Get("Content-Type"), a.body))
	return b.String()
}

// bodyText is a body as lines that a person can compare.
func bodyText(kind string, body []byte) string {
	switch {
	case strings.HasPrefix(kind, "text/html"):
		return pageText(body)
	case strings.Contains(kind, "json"):
		return jsonText(body)
	case bytes.HasPrefix(body, []byte("PK\x03\x04")):
		return zipText(body)
	case bytes.HasPrefix(body, []byte("%PDF")), bytes.HasPrefix(body, []byte("\x89PNG")):
		return fmt.Sprintf("%.4q …\n", body) // drawn by Chromium from pages that are compared
	}
	return string(body)
}

func jsonText(body []byte) string {
	var out bytes.Buffer
	if err := json.Indent(&out, body, "", " "); err != nil {
		return string(body) // several documents, one a line
	}
	return out.String() + "\n"
}

// zipText is the text of a workbook or a document, part by part.
func zipText(body []byte) string {
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return "not a readable archive: " + err.Error()
	}
	var b strings.Builder
	for _, f := range z.File {
		fmt.Fprintf(&b, "part %s\n", f.Name)
		r, err := f.Open()
		if err != nil {
			return b.String() + err.Error()
		}
		for dec := xml.NewDecoder(r); ; {
			token, err := dec.Token()
			if err != nil {
				if !errors.Is(err, io.EOF) {
					b.WriteString("not XML\n")
				}
				break
			}
			if text, ok := token.(xml.CharData); ok && strings.TrimSpace(string(text)) != "" {
				fmt.Fprintf(&b, " %s\n", text)
			}
		}
		_ = r.Close()
	}
	return b.String()
}

// inline elements do not begin a line.
var inline = []atom.Atom{atom.A, atom.B, atom.Span, atom.Em, atom.Strong, atom.Code, atom.Small, atom.I, atom.Abbr, atom.Sub, atom.Sup, atom.Time, atom.Label, atom.Mark, atom.Bdi}

// telling are the attributes that somebody is told or led by.
var telling = []string{"href", "action", "method", "title", "aria-label", "aria-current", "alt", "name", "value", "type", "placeholder", "for", "lang", "content",
	"checked", "selected", "disabled", "required", "hidden", "colspan", "rowspan", "scope", "datetime", "download", "role", "enctype", "accept", "pattern", "min", "max", "maxlength"}

// pageText is what a page says: its visible text, a block a line, with the
// attributes that tell something in ‹›. Style, layout and drawing are not said.
func pageText(body []byte) string {
	doc, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		return string(body)
	}
	w := &pageWriter{}
	w.node(doc)
	w.flush()
	return w.out.String()
}

type pageWriter struct{ out, line strings.Builder }

func (w *pageWriter) flush() {
	if text := strings.Join(strings.Fields(w.line.String()), " "); text != "" {
		w.out.WriteString(text + "\n")
	}
	w.line.Reset()
}

func (w *pageWriter) node(n *html.Node) {
	switch {
	case n.Type == html.TextNode:
		w.line.WriteString(n.Data)
		return
	case n.DataAtom == atom.Style, n.DataAtom == atom.Link, n.DataAtom == atom.Script && attribute(n, "type") != "application/json":
		return
	case n.DataAtom == atom.Script:
		w.flush()
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			w.out.WriteString(jsonText([]byte(c.Data)))
		}
		return
	}
	within := n.Type != html.ElementNode || slices.Contains(inline, n.DataAtom)
	if !within {
		w.flush()
	}
	var said []string
	for _, name := range telling {
		for _, a := range n.Attr {
			if a.Key == name {
				said = append(said, name+"="+a.Val)
			}
		}
	}
	if len(said) > 0 {
		w.line.WriteString("‹" + n.Data + " " + strings.Join(said, " ") + "› ")
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.node(c)
	}
	if !within {
		w.flush()
	}
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
