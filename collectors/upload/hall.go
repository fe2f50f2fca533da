package upload

import (
	"context"
	"errors"
	"io"
	"time"

	"yardstick/collectors/pipeline"
	"yardstick/schema"
)

// ErrForbidden is wrapped by a Hall's refusals; the error around it says why in
// a sentence.
var ErrForbidden = errors.New("not permitted")

// Hall is what the pages need beside the desk. An error is the machine's unless
// it is a *words.Error, which is told to the person who asked.
type Hall interface {
	Desk
	// Look shows what would become of a file; nothing is stored.
	Look(context.Context, File) (pipeline.Look, error)
	// Feeds lists the feeds that take files, in the order of the configuration.
	Feeds(context.Context) ([]Feed, error)
	// Series are the feed's series with their last figures in force: of the
	// indicators it may write by region, else of what it delivered last.
	Series(ctx context.Context, feed string) ([]Series, error)
	// Receipts are a feed's latest, newest first; of all feeds when feed is "".
	Receipts(ctx context.Context, feed string, limit int) ([]schema.Receipt, error)
	// Life is what happened to a receipt, oldest first.
	Life(ctx context.Context, id string) ([]schema.ReceiptEvent, error)
	// Snapshot opens the bytes of a receipt as they were received.
	Snapshot(ctx context.Context, sha256 string) (io.ReadCloser, error)
	// Sealed gives a receipt with all it says, also while its figures must not
	// be seen, to who may see it.
	Sealed(ctx context.Context, who Token, id string) (schema.Receipt, error)
	Withdraw(ctx context.Context, who Token, id, reason string) (schema.Receipt, error)
	Review(ctx context.Context, who Token, id string, approve bool, reason string) (schema.Receipt, error)
	// Lock locks all periods of a feed ("*": of all) that end by the day through.
	Lock(ctx context.Context, who Token, feed string, through schema.Date) error
	// Reopen opens a locked period again.
	Reopen(ctx context.Context, who Token, feed, reason string, period schema.Period) error
	// Locks are the acts of locking and reopening, oldest first.
	Locks(context.Context) ([]schema.Act, error)
	// Remembered are the answers remembered for a feed, oldest first.
	Remembered(ctx context.Context, feed string) ([]schema.Act, error)
	// Attach keeps bytes and ties them to a receipt.
	Attach(ctx context.Context, who Token, receipt, what, name string, body io.Reader) error
	Attachments(ctx context.Context, receipt string) ([]Attachment, error)
}

// Feed is what the pages show of one feed. A zero time or day is unknown.
type Feed struct {
	Name        string
	Title       schema.Text
	Office      string // that answers for it
	OfficeTitle schema.Text
	Contact     string
	Indicators  []string // it may write; empty: all
	Regions     []string
	Review      bool // what it sends waits for a reviewer
	LastSuccess time.Time
	Due         schema.Date   // day the oldest undelivered period is due
	DuePeriod   schema.Period // that period
	Current     schema.Period // the newest period that is due by today
	CurrentCame bool          // and whether it was delivered
	Questions   int
	Problems    int
	Synthetic   bool
}

// OnTime reports whether the feed owes a figure for the newest period that is
// due, and whether it has come.
func (f Feed) OnTime() (owes, delivered bool) {
	if f.Current.IsZero() {
		return false, false
	}
	return true, f.CurrentCame
}

// Series is one indicator of one region, with the last figure in force.
type Series struct {
	Indicator schema.Indicator
	Region    schema.Region
	Last      *schema.Observation // nil: none yet
}

// What an attachment is.
const (
	SignedForm = "signed-form"
	Evidence   = "evidence"
)

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
