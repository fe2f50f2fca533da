package app

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"yardstick/cmd/yardstick/app/access"
	"yardstick/collectors/source"
	"yardstick/schema"
	"yardstick/schema/words"
)

// What an attachment is.
const (
	signedForm = "signed-form" // the paper form with its signatures and seal, scanned
	evidence   = "evidence"    // what a figure rests on
)

// mostAttached bounds one attachment, in bytes.
const mostAttached = 64 << 20

// attachment is a file to be tied to a receipt.
type attachment struct {
	name string
	what string // signedForm or evidence
	body io.Reader
}

type attachCmd struct {
	by
	Receipt string `arg:"" help:"The receipt's number. 回执号。"`
	Path    string `arg:"" name:"file" help:"The file. 附件。" type:"path"`
	As      string `help:"What it is: signed-form or evidence. 附件种类。" enum:"signed-form,evidence" required:""`
}

// Run keeps a file and ties it to a receipt.
func (c attachCmd) Run(ctx context.Context, r *run) error {
	file, err := openFeed(c.Path)
	if err != nil {
		return err
	}
	defer file.Close()
	return act(ctx, r, "attach", func(h *house) (schema.Act, error) {
		return h.attach(ctx, c.who(), c.Receipt, attachment{filepath.Base(c.Path), c.As, file})
	}, func(w io.Writer, a schema.Act) {
		fmt.Fprintln(w, r.say("attached", "name", a.Fields["name"], "what", words.Say("attach-"+a.Fields["what"]), "id", a.Subject, "digest", a.Fields["sha256"]))
	})
}

// openFeed opens a file that a command names.
func openFeed(path string) (*os.File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, words.Fail(err, "file-unreadable", "file", path)
	}
	if info, err := file.Stat(); err != nil || info.IsDir() {
		return nil, errors.Join(words.Fail(err, "file-unreadable", "file", path), file.Close())
	}
	return file, nil
}

// attach keeps the bytes by checksum and ties them to the receipt. Its kind is
// told from the bytes, not from the name.
func (h *house) attach(ctx context.Context, who access.Identity, id string, a attachment) (schema.Act, error) {
	if h.store.remote != nil {
		return ask[schema.Act](ctx, h, askAttachPath, url.Values{"receipt": {id}, "actor": {who.Name}, "name": {a.name}, "what": {a.what}}, a.body)
	}
	receipt, err := h.known(ctx, id)
	if err != nil {
		return schema.Act{}, err
	}
	if err := who.HandIn(h.feedAccess(receipt.Feed)); err != nil {
		return schema.Act{}, err
	}
	if !slices.Contains([]string{signedForm, evidence}, a.what) {
		return schema.Act{}, usage("attach-what", "what", a.what)
	}
	name := source.BaseName(a.name)
	body := bufio.NewReaderSize(a.body, 4096)
	head, err := body.Peek(512)
	switch {
	case len(head) == 0 && errors.Is(err, io.EOF):
		return schema.Act{}, words.Fail(nil, "attach-empty", "name", name)
	case err != nil && !errors.Is(err, io.EOF):
		return schema.Act{}, fmt.Errorf("reading the attachment %s: %w", name, err)
	}
	kept, err := h.snapshots().Put(ctx, body, source.Provenance{Feed: receipt.Feed, Name: name, ReceivedAt: h.now().UTC()}, mostAttached)
	if errors.Is(err, source.ErrTooLarge) {
		return schema.Act{}, words.Fail(nil, "attach-large", "name", name, "limit", mostAttached>>20)
	}
	if err != nil {
		return schema.Act{}, err
	}
	return h.store.Act(ctx, schema.Act{Kind: schema.ActAttach, Subject: id, Actor: who.Name, Fields: map[string]string{
		"name": name, "sha256": kept.SHA256, "media": http.DetectContentType(head), "bytes": strconv.FormatInt(kept.Bytes, 10), "what": a.what}})
}

// snapshots is where bytes are kept as received.
func (h *house) snapshots() source.Snapshots { return source.Snapshots{Dir: h.cfg.path("snapshots")} }
