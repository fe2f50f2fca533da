package upload

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"time"

	"yardstick/collectors/desk"
	"yardstick/collectors/pipeline"
	"yardstick/schema"
	"yardstick/schema/access"
	"yardstick/schema/api"
	"yardstick/schema/whole"
)

// Bounds of a request with figures.
const (
	mostValues     = 1000
	mostValueBytes = 1 << 20
)

// state puts what a person says beside a file, under the name of its parameter,
// into what is handed in. Times without a zone are in zone.
func state(s *pipeline.Submission, zone *time.Location, name, value string) (err error) {
	switch name {
	case "name":
		s.Name = value
	case "published":
		s.Published = nil
		if value == "" {
			return nil
		}
		d, err := schema.ParseDate(value)
		if err != nil {
			return bad("upload-published", "written", value)
		}
		s.Published = &d
	case "answer":
		key, a, ok := schema.ParseAnswer(value)
		if !ok {
			return bad("upload-answer", "written", value)
		}
		return answered(s, key, a)
	case "accept_valid":
		if !slices.Contains([]string{"true", "1", "false", "0", ""}, value) {
			return bad("upload-boolean", "name", name, "written", value)
		}
		s.AcceptValid = value == "true" || value == "1"
	case "correction":
		c, ok := schema.ParseCorrection(value)
		if !ok && value != "" {
			return bad("upload-bad-correction", "written", value)
		}
		s.Correction = c
	case "release_at":
		s.ReleaseAt, err = moment(value, zone)
	case "note":
		s.Reason = strings.TrimSpace(value)
	default:
		// A field of a file's form: an address was held against its operation.
		all := Operations()
		of := slices.IndexFunc(all, func(o api.Operation) bool { return o.ID == "postFile" })
		return bad("upload-parameter", "name", name, "known", strings.Join(all[of].Names(), ", "))
	}
	return err
}

// answered puts one answer in; a question has one.
func answered(s *pipeline.Submission, key, value string) error {
	if _, twice := s.Answers[key]; twice {
		return bad("upload-twice", "name", "answer "+key)
	}
	if key == "" {
		return bad("upload-answer", "written", "="+value)
	}
	s.Answers[key] = strings.TrimSpace(value)
	return nil
}

// moment reads the end of an embargo as browsers, programs and people write it; a
// day alone means its beginning.
func moment(written string, zone *time.Location) (time.Time, error) {
	written = strings.TrimSpace(written)
	if written == "" {
		return time.Time{}, nil
	}
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04", time.DateOnly} {
		if t, err := time.ParseInLocation(form, written, zone); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, bad("upload-release", "written", written)
}

// parameters are what a request says beside the file, in its address or its
// form; one stands there once.
type parameters struct {
	pipeline.Submission
	zone *time.Location
	seen map[string]bool
}

// parameters reads an address.
func (h *handler) parameters(r *http.Request) (*parameters, error) {
	p := &parameters{pipeline.Submission{Answers: map[string]string{}}, h.Zone, map[string]bool{}}
	for name, values := range r.URL.Query() {
		for _, v := range values {
			if err := p.set(name, v); err != nil {
				return nil, err
			}
		}
	}
	return p, nil
}

func (p *parameters) set(name, value string) error {
	if p.seen[name] && name != "answer" {
		return bad("upload-twice", "name", name)
	}
	p.seen[name] = true
	return state(&p.Submission, p.zone, name, value)
}

// tables are the types that a file may be sent as.
func tables() []string {
	return []string{"", "text/csv", "text/plain", "text/tab-separated-values", "application/csv", "application/octet-stream",
		"application/vnd.ms-excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
}

// receive reads the file: the form's field file, or the body itself. It is whole
// on the disk before anybody works on it, and a form's later fields are known.
func (h *handler) receive(r *http.Request, p *parameters) (*whole.Spooled, error) {
	written := r.Header.Get("Content-Type")
	media, _, err := mime.ParseMediaType(written)
	switch {
	case err == nil && media == "multipart/form-data":
		return h.form(r, p)
	case written != "" && err != nil || !slices.Contains(tables(), media):
		return nil, fault(http.StatusUnsupportedMediaType, "upload-media", "type", written)
	}
	if _, disposition, err := mime.ParseMediaType(r.Header.Get("Content-Disposition")); err == nil {
		p.Name = cmp.Or(p.Name, disposition["filename"])
	}
	if p.Name == "" {
		return nil, bad("upload-no-name")
	}
	return h.spool(r, r.Body)
}

// form reads a form of several parts; the file may stand before or after its
// fields.
func (h *handler) form(r *http.Request, p *parameters) (file *whole.Spooled, err error) {
	defer func() {
		if err != nil && file != nil {
			err = errors.Join(err, file.Close())
		}
	}()
	for part, err := range parts(r, h.MaxBytes) {
		switch {
		case err != nil:
			return file, err
		case part.FormName() != "file":
			value, err := text(part, h.MaxBytes)
			if err == nil {
				err = p.set(part.FormName(), value)
			}
			if err != nil {
				return file, err
			}
			continue
		case file != nil:
			return file, bad("upload-two-files")
		}
		p.Name = cmp.Or(p.Name, part.FileName())
		if file, err = h.spool(r, part); err != nil {
			return nil, err
		}
	}
	switch {
	case file == nil:
		return nil, bad("upload-no-file")
	case p.Name == "":
		return file, bad("upload-no-name")
	}
	return file, nil
}

func (h *handler) spool(r *http.Request, body io.Reader) (*whole.Spooled, error) {
	s, err := whole.Spool(r.Context(), "", "yardstick-upload-*", body, h.MaxBytes)
	if err != nil {
		return nil, broken(err, h.MaxBytes)
	}
	return s, nil
}

// parts are those of a form, of which one file may have limit bytes.
func parts(r *http.Request, limit int64) iter.Seq2[*multipart.Part, error] {
	return func(yield func(*multipart.Part, error) bool) {
		all, err := r.MultipartReader()
		if err != nil {
			yield(nil, bad("upload-broken"))
			return
		}
		for {
			part, err := all.NextPart()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(nil, broken(err, limit))
				return
			}
			if !yield(part, nil) {
				return
			}
		}
	}
}

// text is what a field of a form says.
func text(part *multipart.Part, limit int64) (string, error) {
	value, err := io.ReadAll(io.LimitReader(part, 64<<10))
	if err != nil {
		return "", broken(err, limit)
	}
	return string(value), nil
}

// broken tells what kept a body from being read: its size, or the sender. A
// disk that is full is ours.
func broken(err error, limit int64) error {
	var large *http.MaxBytesError
	var path *fs.PathError
	switch {
	case errors.As(err, &large), errors.Is(err, whole.ErrTooLarge):
		return tooLarge(limit)
	case errors.As(err, &path):
		return fmt.Errorf("keeping the upload: %w", err)
	}
	return bad("upload-broken")
}

// valuesRequest is one or a few figures. A figure without a region is of the
// feed's own where it has one.
type valuesRequest struct {
	Values      []json.RawMessage `json:"values"`
	Published   string            `json:"published,omitempty"`
	Answers     map[string]string `json:"answers,omitempty"`
	AcceptValid bool              `json:"accept_valid,omitempty"`
	Correction  string            `json:"correction,omitempty"`
	ReleaseAt   string            `json:"release_at,omitempty"`
	Note        string            `json:"note,omitempty"`
}

// apiLine is a figure whose value may be written as a number or as text: either
// keeps its digits.
type apiLine struct {
	desk.Figure
	Value json.RawMessage `json:"value"`
}

// values takes figures as JSON. They go the way of every feed, as a tidy file.
func (h *handler) values(w http.ResponseWriter, r *http.Request, who access.Identity) error {
	in, err := sentJSON[valuesRequest](w, r)
	if err != nil {
		return err
	}
	if len(in.Values) == 0 || len(in.Values) > mostValues {
		return bad("upload-values-count", "most", mostValues)
	}
	p, err := h.parameters(r)
	if err != nil {
		return err
	}
	for _, said := range [][2]string{{"published", in.Published}, {"correction", in.Correction}, {"release_at", in.ReleaseAt}, {"note", in.Note}} {
		if said[1] == "" {
			continue
		}
		if err := p.set(said[0], said[1]); err != nil {
			return err
		}
	}
	for k, v := range in.Answers {
		if err := answered(&p.Submission, strings.TrimSpace(k), v); err != nil {
			return err
		}
	}
	lines := make([]desk.Figure, len(in.Values))
	for i, raw := range in.Values {
		if lines[i], err = readLine(raw, i+1); err != nil {
			return err
		}
	}
	body, err := desk.Tidy(lines)
	if err != nil {
		return err
	}
	p.AcceptValid = p.AcceptValid || in.AcceptValid
	p.Name, p.Body, p.Feed.Hand = "values.csv", bytes.NewReader(body), true
	return h.submit(w, r, who, p.Submission)
}

func readLine(raw json.RawMessage, n int) (desk.Figure, error) {
	var in apiLine
	if err := readJSON(bytes.NewReader(raw), &in); err != nil {
		return desk.Figure{}, err
	}
	l := in.Figure
	text := strings.TrimSpace(string(in.Value))
	switch {
	case text == "" || text == "null":
		l.Value = ""
	case text[0] == '"':
		if err := json.Unmarshal(in.Value, &l.Value); err != nil {
			return l, bad("upload-values-line", "n", n)
		}
	case text[0] == '-' || text[0] >= '0' && text[0] <= '9':
		l.Value = text
	default:
		return l, bad("upload-values-line", "n", n)
	}
	if l.Indicator == "" || l.Region == "" || l.Period == "" {
		return l, bad("upload-values-line", "n", n)
	}
	return l, nil
}

// sentJSON is what a request says.
func sentJSON[T any](w http.ResponseWriter, r *http.Request) (in T, err error) {
	err = readJSON(http.MaxBytesReader(w, r.Body, mostValueBytes), &in)
	return in, err
}

// readJSON reads one document; an unknown key is told, so that a misspelt one
// is not lost.
func readJSON(body io.Reader, into any) error {
	dec := json.NewDecoder(body)
	dec.DisallowUnknownFields()
	err := dec.Decode(into)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return tooLarge(mostValueBytes)
	case err != nil:
		return bad("upload-json", "why", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return bad("upload-json", "why", "more than one document")
	}
	return nil
}
