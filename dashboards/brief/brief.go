// Package brief is the printed brief: what the board says of every target as an
// office would circulate it, with a 督办单 for each that is behind, and a card
// for a chat. It judges nothing and words no figure itself: verdicts come from
// the comparator, figures and sentences from the board.
package brief

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"yardstick/dashboards/brief/chromium"
	"yardstick/dashboards/brief/docx"
	"yardstick/dashboards/brief/page"
	"yardstick/dashboards/brief/paper"
	"yardstick/dashboards/show"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/calendar"
	"yardstick/schema/figure"
	"yardstick/schema/targets"
	"yardstick/schema/words"
)

// Head is the ledger's height and the hash of its last entry; "" when it holds
// nothing yet.
type Head func(ctx context.Context) (height uint64, hash string, err error)

// Options are what a brief is made with.
type Options struct {
	Register   *targets.Register
	Reader     show.Reader
	Calendar   *calendar.Calendar // of the working days on which a reply can be asked for
	Statements show.Statements    // nil: nobody can say anything yet
	Head       Head
	Feed       func(name string) schema.Text // a feed's title; nil: its name
	Address    string                        // others reach the board at, for QR codes
	Now        func() time.Time              // the real clock: when the brief is made
	Location   *time.Location
}

// Slips says whether 督办单 are printed.
type Slips string

// The choices.
const (
	WithSlips    Slips = "with"
	WithoutSlips Slips = "without"
	OnlySlips    Slips = "only"
)

// Asked is which brief is wanted.
type Asked struct {
	Policy      string      // "" is the register's first
	AsOf        schema.Date // what was known at the end of that day
	Latest      schema.Date // the last day anything is known of; zero: any day may be asked for
	CompareWith schema.Date // zero is a month earlier
	Worst       int         // how many targets have a section of their own
	Slips       Slips
	Lang        string // code of a language
}

// MostWorst bounds the sections of single targets.
const MostWorst = 50

// Check gives what is wrong with what is asked for, in a sentence for people.
func (a Asked) Check(register *targets.Register) error {
	if _, ok := register.Policy(a.Policy); a.Policy != "" && !ok {
		return words.Fail(nil, "brief-no-policy", "policy", a.Policy)
	}
	switch {
	case !a.Latest.IsZero() && a.AsOf.After(a.Latest):
		return words.Fail(nil, "brief-bad-future", "day", a.AsOf, "today", a.Latest)
	case a.Worst < 0 || a.Worst > MostWorst:
		return words.Fail(nil, "brief-bad-worst", "n", a.Worst, "most", MostWorst)
	case !a.CompareWith.IsZero() && !a.CompareWith.Before(a.AsOf):
		return words.Fail(nil, "brief-bad-compare", "before", a.CompareWith, "day", a.AsOf)
	case a.Slips != WithSlips && a.Slips != WithoutSlips && a.Slips != OnlySlips:
		return words.Fail(nil, "brief-bad-slips", "written", string(a.Slips))
	}
	return nil
}

// content is everything a brief tells, gathered before a word is set.
type content struct {
	*web.Frame
	Options
	asked     Asked
	policy    schema.Policy
	verdicts  []schema.Verdict // worst first
	before    map[string]schema.Verdict
	compares  bool // there was a day to compare with
	targets   map[string]schema.Target
	told      map[string]show.Row
	series    map[schema.SeriesKey][]schema.Observation
	old       map[schema.SeriesKey][]schema.Observation // as of the day compared with
	receipts  map[string]schema.Receipt
	height    uint64
	hash      string
	judged    int // verdicts that rest on figures
	synthetic int // those whose figures are made up
}

func gather(ctx context.Context, o Options, a Asked) (*content, error) {
	if err := a.Check(o.Register); err != nil {
		return nil, err
	}
	p := o.Register.Policies[0]
	if a.Policy != "" {
		p, _ = o.Register.Policy(a.Policy)
	}
	if a.CompareWith.IsZero() {
		a.CompareWith = figure.MonthBefore(a.AsOf)
	}
	c := &content{
		// The links lead to the board on the brief's day.
		Frame: &web.Frame{Lang: a.Lang, Asked: a.AsOf, AsOf: a.AsOf, Traced: true}, Options: o, asked: a, policy: p,
		before: map[string]schema.Verdict{}, targets: map[string]schema.Target{}, told: map[string]show.Row{}, receipts: map[string]schema.Receipt{},
	}
	if err := c.read(ctx); err != nil {
		return nil, err
	}
	for _, v := range c.verdicts {
		if v.Value != nil || len(v.Inputs) > 0 || v.Marks.Synthetic {
			c.judged++
		}
		if v.Marks.Synthetic {
			c.synthetic++
		}
	}
	for _, v := range c.verdicts {
		c.told[v.Target] = c.tell(v, c.series[c.key(v.Target)])
	}
	return c, nil
}

// tell is the verdict as the board says it. What is synthetic throughout says so
// on every sheet, and not beside every figure again.
func (c *content) tell(v schema.Verdict, series []schema.Observation) show.Row {
	t := show.RowOf(c.Frame, show.Subject(c.Register, c.Frame, c.policy, c.targets[v.Target], v, series))
	if c.synthetic == c.judged {
		mark := c.T("board-mark-synthetic")
		t.FigureBits = slices.DeleteFunc(t.FigureBits, func(s string) bool { return s == mark })
	}
	return t
}

// read asks for everything of both days.
func (c *content) read(ctx context.Context) error {
	all, err := c.Reader.Verdicts(ctx, c.asked.AsOf)
	if err != nil {
		return fmt.Errorf("reading the verdicts: %w", err)
	}
	c.verdicts = show.Verdicts(c.policy, all, c.asked.AsOf)
	keys := make([]schema.SeriesKey, 0, len(c.policy.Targets))
	for _, t := range c.policy.Targets {
		c.targets[t.ID] = t
		keys = append(keys, schema.SeriesKey{Indicator: t.Indicator, Region: t.Region})
	}
	if c.series, err = c.Reader.Series(ctx, c.asked.AsOf, keys); err != nil {
		return fmt.Errorf("reading the series: %w", err)
	}
	if c.compares = !c.asked.CompareWith.Before(c.policy.Issued); c.compares {
		was, err := c.Reader.Verdicts(ctx, c.asked.CompareWith)
		if err != nil {
			return fmt.Errorf("reading the verdicts of %s: %w", c.asked.CompareWith, err)
		}
		for _, v := range show.Verdicts(c.policy, was, c.asked.CompareWith) {
			c.before[v.Target] = v
		}
		if c.old, err = c.Reader.Series(ctx, c.asked.CompareWith, keys); err != nil {
			return fmt.Errorf("reading the series of %s: %w", c.asked.CompareWith, err)
		}
	}
	if c.height, c.hash, err = c.Head(ctx); err != nil {
		return fmt.Errorf("reading the ledger's head: %w", err)
	}
	return nil
}

// receipt is one receipt, read once.
func (c *content) receipt(ctx context.Context, id string) (schema.Receipt, error) {
	if r, ok := c.receipts[id]; ok {
		return r, nil
	}
	r, ok, err := c.Reader.Receipt(ctx, id)
	if err != nil {
		return r, fmt.Errorf("reading the receipt %s: %w", id, err)
	}
	if !ok {
		r = schema.Receipt{ID: id}
	}
	c.receipts[id] = r
	return r, nil
}

// overview is the address of the board on the brief's day.
func (c *content) overview() string { return c.Address + c.LinkAs("/", c.Lang, c.Asked, c.policy.ID) }

// left and right are columns of a table, width in millimetres.
func (c *content) left(id string, width float64) paper.Column {
	return paper.Column{Head: c.T(id), Width: width, Align: paper.Left}
}

func (c *content) right(id string, width float64) paper.Column {
	return paper.Column{Head: c.T(id), Width: width, Align: paper.Right}
}

// day is a day as papers write it: 2025年6月30日, 30 June 2025.
func (c *content) day(d schema.Date) string {
	if d.IsZero() {
		return "—"
	}
	return schema.LanguageOf(c.asked.Lang).Day(d)
}

// policyName is 《…》（大委办发〔2024〕15号）.
func (c *content) policyName() string {
	return c.T("brief-policy", "title", c.policy.Title, "number", c.policy.Number)
}

// badge is shape and word in the status' hue.
func badge(b figure.Badge) paper.Run {
	s := schema.Status(b.Shape)
	return paper.Run{Text: s.Print() + "\u00a0" + b.Word, Status: s} // the mark stays with its word
}

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
