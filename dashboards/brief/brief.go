// Package brief is the printed brief: what the board says of every target as an
// office would circulate it, with a 督办单 for each that is behind, and a card
// for a chat. It judges nothing and words no figure itself: verdicts come from
// the comparator, figures and sentences from the board.
package brief

import (
	"context"
	"fmt"
	"slices"
	"time"

	"yardstick/comparator"
	"yardstick/dashboards/brief/paper"
	"yardstick/dashboards/show"
	"yardstick/schema"
	"yardstick/schema/figure"
	"yardstick/schema/targets"
	"yardstick/schema/words"
)

// Reader is what the brief reads; asOf is never zero. The board's own reader is
// one.
type Reader interface {
	Verdicts(ctx context.Context, asOf schema.Date) ([]schema.Verdict, error)
	Series(ctx context.Context, asOf schema.Date, keys []schema.SeriesKey) (map[schema.SeriesKey][]schema.Observation, error)
	Case(ctx context.Context, asOf schema.Date, policy, target string) (comparator.Case, bool, error)
	Parts(ctx context.Context, c comparator.Case) (comparator.Parts, error)
	Receipt(ctx context.Context, id string) (schema.Receipt, bool, error)
}

// WorkingDays are the days on which a reply can be asked for.
type WorkingDays interface {
	NextWorkingDay(schema.Date) schema.Date
	Known(year int) bool
}

// Head is the ledger's height and the hash of its last entry; "" when it holds
// nothing yet.
type Head func(ctx context.Context) (height uint64, hash string, err error)

// Options are what a brief is made with.
type Options struct {
	Register   *targets.Register
	Reader     Reader
	Calendar   WorkingDays
	Statements show.Statements // nil: nobody can say anything yet
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
	Options
	asked     Asked
	policy    schema.Policy
	teller    show.Teller
	verdicts  []schema.Verdict // worst first
	before    map[string]schema.Verdict
	compares  bool // there was a day to compare with
	targets   map[string]schema.Target
	told      map[string]show.Told
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
		Options: o, asked: a, policy: p, teller: show.NewTeller(o.Register, a.Lang, a.AsOf),
		before: map[string]schema.Verdict{}, targets: map[string]schema.Target{}, told: map[string]show.Told{}, receipts: map[string]schema.Receipt{},
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
func (c *content) tell(v schema.Verdict, series []schema.Observation) show.Told {
	t := c.teller.Tell(c.policy, c.targets[v.Target], v, series)
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

// T is a sentence of the catalogue in the brief's language.
func (c *content) T(id string, args ...any) string { return words.Say(id, args...).In(c.asked.Lang) }

func (c *content) say(t schema.Text) string { return t.In(c.asked.Lang) }

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
func badge(status, word string) paper.Run {
	s := schema.Status(status)
	return paper.Run{Text: s.Print() + "\u00a0" + word, Status: s} // the mark stays with its word
}
