package brief

import (
	"context"
	"fmt"
	"io"
	"time"

	"yardstick/dashboards/brief/docx"
	"yardstick/dashboards/brief/paper"
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
	card  card
}

// Gather reads everything, judges nothing, and sets the brief.
func Gather(ctx context.Context, o Options, a Asked) (Brief, error) {
	c, err := gather(ctx, o, a)
	if err != nil {
		return Brief{}, err
	}
	d, err := c.compose()
	if err != nil {
		return Brief{}, err
	}
	return Brief{Paper: d, Made: o.Now()}, nil
}

type card struct{}

// Write writes the brief in one of Formats.
func (b Brief) Write(ctx context.Context, w io.Writer, format string) error {
	switch format {
	case DOCX:
		return docx.Write(w, b.Paper, b.Made)
	}
	return fmt.Errorf("a brief has no form %q", format)
}
