package web

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"

	"yardstick/schema"
)

// Pages are templates, each with the frame around it.
type Pages struct {
	// Take writes the table id of a view in a format, as the address names both.
	// nil: the pages have no tables to be taken away.
	Take func(f *Frame, view any, id, format string) (File, error)

	site   *Site
	byName map[string]*template.Template
}

// Pages reads every template of templates/; those that several pages use are
// named parts*.html, beside the site's own. funcs are what they call.
func (s *Site) Pages(from fs.FS, funcs template.FuncMap) (*Pages, error) {
	frame, err := template.New("").Funcs(template.FuncMap{"drawn": drawn}).Funcs(funcs).ParseFS(files, "templates/frame.html", "templates/parts.html")
	if err != nil {
		return nil, fmt.Errorf("reading the frame's templates: %w", err)
	}
	names, err := fs.Glob(from, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("listing templates: %w", err)
	}
	for _, file := range names {
		if strings.HasPrefix(path.Base(file), "parts") {
			if frame, err = frame.ParseFS(from, file); err != nil {
				return nil, fmt.Errorf("reading the template %s: %w", file, err)
			}
		}
	}
	p := &Pages{site: s, byName: map[string]*template.Template{}}
	for _, file := range names {
		if name := path.Base(file); name == "frame.html" || name == "fault.html" || strings.HasPrefix(name, "parts") {
			continue
		}
		if err := p.add(frame, from, file); err != nil {
			return nil, err
		}
	}
	return p, p.add(frame, files, "templates/fault.html")
}

// drawn is the shape of a status, or of a cell that was read.
func drawn(status string) template.HTML {
	s := schema.Status(status)
	switch {
	case status == "read":
		return `<path class="tick" d="M3 7.5 6 10.5 11.5 4"/>`
	case !slices.Contains(schema.Statuses(), s):
		s = schema.Open
	}
	return template.HTML(s.Shape()) //nolint:gosec // our own
}

// add reads one page's template.
func (p *Pages) add(frame *template.Template, from fs.FS, file string) error {
	name := strings.TrimSuffix(path.Base(file), ".html")
	t, err := frame.Clone()
	if err == nil {
		p.byName[name], err = t.ParseFS(from, file)
	}
	if err != nil {
		return fmt.Errorf("reading the template %s: %w", name, err)
	}
	return nil
}

// Write writes the page name, or a part of its template. It is written to memory
// first, so that nobody ever sees half of one.
func (p *Pages) Write(name, part string, view any) ([]byte, error) {
	var buf bytes.Buffer
	if err := p.byName[name].ExecuteTemplate(&buf, part, view); err != nil {
		return nil, fmt.Errorf("writing the page %s: %w", name, err)
	}
	return buf.Bytes(), nil
}

// File is a table of a page to be taken away.
type File struct {
	Kind, Disposition string // the headers that go with it
	Body              []byte
}

// Page turns a function that fills a view into a handler. name is the view's
// template.
func (p *Pages) Page(fill func(*Frame, *http.Request) (name string, view any, err error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := p.answer(w, r, fill); err != nil {
			p.site.Fail(w, r, err)
		}
	})
}

func (p *Pages) answer(w http.ResponseWriter, r *http.Request, fill func(*Frame, *http.Request) (string, any, error)) error {
	f, err := p.site.frame(r)
	if err != nil {
		return err
	}
	name, view, err := fill(f, r)
	if err != nil {
		return err
	}
	if id := r.URL.Query().Get("table"); id != "" {
		if p.Take == nil {
			return NoTable(id)
		}
		file, err := p.Take(f, view, id, r.URL.Query().Get("format"))
		if err != nil {
			return err
		}
		w.Header().Set("Content-Disposition", file.Disposition)
		Write(w, r, http.StatusOK, file.Kind, file.Body)
		return nil
	}
	body, err := p.Write(name, "frame", view)
	if err != nil {
		return err
	}
	Write(w, r, http.StatusOK, "text/html; charset=utf-8", body)
	return nil
}
