package brief

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"yardstick/dashboards/brief/chromium"
	"yardstick/dashboards/brief/docx"
	"yardstick/dashboards/brief/page"
	"yardstick/dashboards/brief/paper"
	"yardstick/schema/words"
)

// The forms a brief is had in.
const (
	DOCX = "docx"
	HTML = "html"
	PDF  = "pdf"
	Card = "card" // a message for a chat, not a paper
)

// Formats are the papers' forms, the default first.
func Formats() []string { return []string{DOCX, HTML, PDF} }

// Brief is a brief made, to be written in one form or several.
type Brief struct {
	Paper paper.Document
	Made  time.Time
	card  page.Card
}

// Gather reads everything, judges nothing, and sets the brief.
func Gather(ctx context.Context, o Options, a Asked) (Brief, error) {
	c, err := gather(ctx, o, a)
	if err != nil {
		return Brief{}, err
	}
	d, err := c.compose(ctx)
	if err != nil {
		return Brief{}, err
	}
	return Brief{Paper: d, Made: o.Now(), card: c.card()}, nil
}

// Write writes the brief in one of Formats.
func (b Brief) Write(ctx context.Context, w io.Writer, format string) error {
	switch format {
	case DOCX:
		return docx.Write(w, b.Paper, b.Made)
	case HTML:
		return page.Write(w, b.Paper)
	case PDF:
		var html bytes.Buffer
		if err := page.Write(&html, b.Paper); err != nil {
			return err
		}
		body, err := chromium.PDF(ctx, html.Bytes())
		if err != nil {
			return browserFault(err, "PDF")
		}
		if _, err := w.Write(body); err != nil {
			return fmt.Errorf("writing the PDF: %w", err)
		}
		return nil
	}
	return fmt.Errorf("a brief has no form %q", format)
}

// browserFault words that there is no browser to print with.
func browserFault(err error, format string) error {
	if errors.Is(err, chromium.ErrNone) {
		return words.Fail(err, "brief-no-chromium", "format", format)
	}
	return err
}
