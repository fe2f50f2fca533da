package upload

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"yardstick/collectors/pipeline"
	"yardstick/schema"
)

// draft is a file under preview: sent once, kept on the disk until it is handed
// in, given up, or its session ends.
type draft struct {
	id, feed, name string
	path           string
	size           int64
	entered        bool // typed into the form, not sent as a file
	made           time.Time

	mu   sync.Mutex // one look or hand-in at a time
	says says

	asked    map[string]schema.Question // so far, by key: an answered one is shown with its answer
	evidence *draft                     // that came with typed figures
}

// says is what goes with a file: everything a person states beside it.
type says struct {
	published   *schema.Date
	release     time.Time
	answers     map[string]string
	correction  schema.Correction
	note        string
	acceptValid bool
}

// newDraft keeps body as a draft's file.
func newDraft(temp string, body io.Reader, limit int64) (*draft, error) {
	f, err := os.CreateTemp(temp, "yardstick-draft-*")
	if err != nil {
		return nil, fmt.Errorf("making a file for the preview: %w", err)
	}
	d := &draft{id: secret(), path: f.Name()}
	d.says.answers = map[string]string{}
	d.size, err = io.Copy(f, io.LimitReader(body, limit+1))
	if err = errors.Join(err, f.Close()); err != nil {
		d.remove()
		return nil, fmt.Errorf("keeping the file for the preview: %w", err)
	}
	return d, nil
}

// remove deletes the file; a folder swept at the next start catches what could
// not be removed.
func (d *draft) remove() {
	_ = os.Remove(d.path)
	if d.evidence != nil {
		d.evidence.remove()
	}
}

// file opens the draft as a file to look at or hand in.
func (d *draft) file(actor string) (pipeline.Submission, io.Closer, error) {
	f, err := os.Open(d.path)
	if err != nil {
		return pipeline.Submission{}, nil, fmt.Errorf("opening the file under preview: %w", err)
	}
	return pipeline.Submission{Feed: schema.Feed{Name: d.feed, Hand: d.entered}, Name: d.name, Body: f, Actor: actor, Published: d.says.published, Answers: d.says.answers,
		AcceptValid: d.says.acceptValid, Correction: d.says.correction, ReleaseAt: d.says.release, Reason: d.says.note}, f, nil
}
