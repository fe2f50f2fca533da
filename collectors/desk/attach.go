package desk

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"

	"yardstick/collectors/source"
	"yardstick/schema"
	"yardstick/schema/access"
	"yardstick/schema/whole"
	"yardstick/schema/words"
)

// What an attachment is.
const (
	SignedForm = "signed-form" // the paper form with its signatures and seal, scanned
	Evidence   = "evidence"    // what a figure rests on
)

// mostAttached bounds one attachment, in bytes.
const mostAttached = 64 << 20

// Attach keeps the bytes by checksum and ties them to the receipt. Its kind is
// told from the bytes, not from the name.
func (d *Desk) Attach(ctx context.Context, who access.Identity, id, what, name string, from io.Reader) (schema.Act, error) {
	receipt, err := d.Known(ctx, id)
	if err != nil {
		return schema.Act{}, err
	}
	if err := who.Use(d.feedAccess(receipt.Feed)); err != nil {
		return schema.Act{}, err
	}
	if !slices.Contains([]string{SignedForm, Evidence}, what) {
		return schema.Act{}, misuse("attach-what", "what", what)
	}
	name = source.BaseName(name)
	body := bufio.NewReaderSize(from, 4096)
	head, err := body.Peek(512)
	switch {
	case len(head) == 0 && errors.Is(err, io.EOF):
		return schema.Act{}, words.Fail(nil, "attach-empty", "name", name)
	case err != nil && !errors.Is(err, io.EOF):
		return schema.Act{}, fmt.Errorf("reading the attachment %s: %w", name, err)
	}
	kept, err := d.snapshots().Put(ctx, body, source.Provenance{Feed: receipt.Feed, Name: name, ReceivedAt: d.docket.Now().UTC()}, mostAttached)
	if errors.Is(err, whole.ErrTooLarge) {
		return schema.Act{}, words.Fail(nil, "attach-large", "name", name, "limit", mostAttached>>20)
	}
	if err != nil {
		return schema.Act{}, err
	}
	return d.Store.Act(ctx, schema.Act{Kind: schema.ActAttach, Subject: id, Actor: who.Name, Fields: map[string]string{
		"name": name, "sha256": kept.SHA256, "media": http.DetectContentType(head), "bytes": strconv.FormatInt(kept.Bytes, 10), "what": what}})
}

// Attachment is a file tied to a receipt: the signed form as a scan, or
// evidence for a figure.
type Attachment struct {
	Actor  string
	Name   string
	What   string // SignedForm or Evidence
	SHA256 string
	Bytes  int64
	At     time.Time
}

// Attachments are the files tied to a receipt.
func (d *Desk) Attachments(ctx context.Context, receipt string) ([]Attachment, error) {
	acts, err := d.Store.Acts(ctx, schema.ActAttach, receipt)
	out := make([]Attachment, 0, len(acts))
	for _, a := range acts {
		size, _ := strconv.ParseInt(a.Fields["bytes"], 10, 64) // written by us; 0 where an old hand wrote otherwise
		out = append(out, Attachment{Actor: a.Actor, Name: a.Fields["name"], What: a.Fields["what"], SHA256: a.Fields["sha256"], Bytes: size, At: a.At})
	}
	return out, err
}
