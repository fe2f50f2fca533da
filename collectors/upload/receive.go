package upload

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"yardstick/schema"
	"yardstick/schema/words"
)

// parameters are what a request says beside the file, in its address or its
// form.
type parameters struct {
	name        string
	published   *schema.Date
	answers     map[string]string
	acceptValid bool
	correction  schema.Correction
	releaseAt   time.Time
	note        string
	seen        map[string]bool
	zone        *time.Location
}

func parameterNames() []string {
	return []string{"accept_valid", "answer", "correction", "name", "note", "published", "release_at"}
}

// readParameters reads an address; times without a zone are in zone.
func readParameters(q url.Values, zone *time.Location) (*parameters, error) {
	p := &parameters{answers: map[string]string{}, seen: map[string]bool{}, zone: zone}
	for name, values := range q {
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
	switch name {
	case "name":
		p.name = value
	case "published":
		if value == "" {
			return nil
		}
		d, err := schema.ParseDate(value)
		if err != nil {
			return bad("upload-published", "written", value)
		}
		p.published = &d
	case "answer":
		key, a, ok := strings.Cut(value, "=")
		if key = strings.TrimSpace(key); !ok || key == "" {
			return bad("upload-answer", "written", value)
		}
		if _, twice := p.answers[key]; twice {
			return bad("upload-twice", "name", "answer "+key)
		}
		p.answers[key] = strings.TrimSpace(a)
	case "accept_valid":
		switch value {
		case "true", "1":
			p.acceptValid = true
		case "false", "0", "":
		default:
			return bad("upload-boolean", "name", name, "written", value)
		}
	case "correction":
		c, ok := schema.ParseCorrection(value)
		if !ok && value != "" {
			return bad("upload-bad-correction", "written", value)
		}
		p.correction = c
	case "release_at":
		at, err := moment(value, p.zone)
		if err != nil {
			return err
		}
		p.releaseAt = at
	case "note":
		p.note = strings.TrimSpace(value)
	default:
		return bad("upload-parameter", "name", name, "known", known(parameterNames()))
	}
	return nil
}

// spooled is the file of a request, whole on the disk before anybody works on
// it: a slow sender holds nobody up, and a form's later fields are known.
type spooled struct{ *os.File }

func (s spooled) close() error { return errors.Join(s.Close(), os.Remove(s.Name())) }

// types that a file may be sent as.
func mayBeTable(media string) bool {
	switch media {
	case "", "text/csv", "text/plain", "text/tab-separated-values", "application/csv", "application/octet-stream",
		"application/vnd.ms-excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":
		return true
	}
	return false
}

// receive reads the file: the form's field file, or the body itself.
func (h *handler) receive(r *http.Request, p *parameters) (spooled, error) {
	written := r.Header.Get("Content-Type")
	media, _, err := mime.ParseMediaType(written)
	switch {
	case err == nil && media == "multipart/form-data":
		parts, err := r.MultipartReader()
		if err != nil {
			return spooled{}, bad("upload-broken")
		}
		return h.form(parts, p)
	case written != "" && err != nil || !mayBeTable(media):
		return spooled{}, fault(http.StatusUnsupportedMediaType, "upload-media-title", words.Say("upload-media", "type", written))
	}
	if p.name == "" {
		_, disposition, err := mime.ParseMediaType(r.Header.Get("Content-Disposition"))
		if err == nil {
			p.name = disposition["filename"]
		}
	}
	if p.name == "" {
		return spooled{}, bad("upload-no-name")
	}
	return h.spool(r.Body)
}

// form reads a multipart form; the file may stand before or after its fields.
func (h *handler) form(parts *multipart.Reader, p *parameters) (file spooled, err error) {
	defer func() {
		if err != nil && file.File != nil {
			err = errors.Join(err, file.close())
			file = spooled{}
		}
	}()
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return file, broken(err, h.MaxBytes)
		}
		if part.FormName() != "file" {
			value, err := io.ReadAll(io.LimitReader(part, 64<<10))
			if err != nil {
				return file, broken(err, h.MaxBytes)
			}
			if err := p.set(part.FormName(), string(value)); err != nil {
				return file, err
			}
			continue
		}
		if file.File != nil {
			return file, bad("upload-two-files")
		}
		if p.name == "" {
			p.name = part.FileName()
		}
		if file, err = h.spool(part); err != nil {
			return file, err
		}
	}
	switch {
	case file.File == nil:
		return file, bad("upload-no-file")
	case p.name == "":
		return file, bad("upload-no-name")
	}
	return file, nil
}

func (h *handler) spool(body io.Reader) (spooled, error) {
	tmp, err := os.CreateTemp(h.Temp, "yardstick-upload-*")
	if err != nil {
		return spooled{}, fmt.Errorf("making a file for the upload: %w", err)
	}
	s := spooled{tmp}
	n, err := io.Copy(tmp, io.LimitReader(body, h.MaxBytes+1))
	switch {
	case err != nil:
		err = broken(err, h.MaxBytes)
	case n > h.MaxBytes:
		err = tooLarge(h.MaxBytes)
	default:
		_, err = tmp.Seek(0, io.SeekStart)
	}
	if err != nil {
		return spooled{}, errors.Join(err, s.close())
	}
	return s, nil
}

// broken tells what kept a body from being read: its size, or the sender. A
// disk that is full is ours.
func broken(err error, limit int64) error {
	var large *http.MaxBytesError
	var path *os.PathError
	switch {
	case errors.As(err, &large):
		return tooLarge(limit)
	case errors.As(err, &path):
		return fmt.Errorf("keeping the upload: %w", err)
	}
	return bad("upload-broken")
}
