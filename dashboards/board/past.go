package board

import (
	"context"
	"fmt"
	"slices"

	"yardstick/comparator/telling"
	"yardstick/dashboards/download"
	"yardstick/dashboards/draw"
	"yardstick/dashboards/show"
	"yardstick/schema"
	"yardstick/schema/figure"
	"yardstick/schema/vintage"
)

// pastView is how a verdict came to be what it is.
type pastView struct {
	Since string // since when it stands so, or that it does not
	Strip []stretch
	From  schema.Date // the strip's ends
	To    schema.Date
	Rows  []turnRow
	Anew  string // why the page's verdict is not the last one told
	Label string
}

// stretch is a time of one status on the strip, in percent of its width.
type stretch struct {
	X, W, Mark string // Mark is where the shape stands
	Status     figure.Badge
	Title      string
}

// turnRow is one change, the newest first.
type turnRow struct {
	Day, Href     string
	Was           *figure.Badge // nil: the first that was told
	Now           figure.Badge
	Cause         string
	Value, Period string
	Receipt, At   string // the receipt of the figure judged, and where it is

	turn  schema.Turn
	value string // of the figure judged, without its unit
}

// past makes the section; empty where there is no history.
func (f *frame) past(s telling.Subject, turns []schema.Turn, vintages []schema.Observation) pastView {
	if len(turns) == 0 {
		return pastView{}
	}
	out := pastView{From: turns[0].Day, To: f.AsOf, Label: f.T("board-past-strip", "from", turns[0].Day, "to", f.AsOf)}
	if day, first, ok := since(turns, s.V); ok {
		id := "board-past-since"
		if first {
			id = "board-past-since-first"
		}
		out.Since = f.T(id, "day", day, "status", figure.BadgeOf(s.V, f.Lang).Word, "days", figure.Days(f.AsOf.DaysSince(day)))
	} else {
		out.Anew = f.T("board-past-anew", "status", f.turned(turns[len(turns)-1].To, s.Of).Word)
	}
	for i, t := range turns {
		row := turnRow{turn: t, Day: t.Day.String(), Href: f.OnDay(t.Day), Now: f.turned(t.To, s.Of), Value: "—", Cause: f.T("board-cause-first")}
		if t.From != "" {
			was := f.turned(t.From, s.Of)
			row.Was, row.Cause = &was, f.cause(t.Cause)
		}
		if !t.Period.IsZero() {
			row.Period = f.PeriodName(t.Period, s.Basis())
		}
		o := brought(vintages, t)
		if o != nil && o.Receipt != "" {
			row.Receipt, row.At = o.Receipt, f.ReceiptLink(o.Receipt)
		}
		if t.Value != nil && s.Of.Kind != schema.Milestone {
			row.value = s.Scale.Figure(*t.Value, o, &s.Of.Value).String()
			row.Value = figure.Join(row.value, s.Scale.Unit)
		}
		out.Rows = append(out.Rows, row)
		until := f.AsOf
		if i+1 < len(turns) {
			until = turns[i+1].Day
		}
		out.Strip = append(out.Strip, out.stretchOf(f, row, t.Day, until))
	}
	slices.Reverse(out.Rows)
	return out
}

func (p pastView) stretchOf(f *frame, row turnRow, from, until schema.Date) stretch {
	all := max(1, p.To.DaysSince(p.From))
	x, w := float64(from.DaysSince(p.From))/float64(all), float64(until.DaysSince(from))/float64(all)
	out := stretch{X: draw.Across(x), W: draw.Across(w), Status: row.Now, Title: f.T("board-past-stretch", "from", from, "to", until, "status", row.Now.Word)}
	if w > .03 { // a shape needs room
		out.Mark = draw.Across(x + w/2)
	}
	return out
}

// turned is a status as the past tells it: marks were not kept beside it, but a
// target with a deadline can only be open because its time has hardly begun.
func (f *frame) turned(s schema.Status, t schema.Target) figure.Badge {
	return figure.BadgeOf(schema.Verdict{Status: s, Kind: t.Kind, Marks: schema.Marks{NotBegun: !t.Deadline.IsZero() || !t.WindowTo.IsZero()}}, f.Lang)
}

func (f *frame) cause(c string) string {
	if !slices.Contains(schema.Causes(), c) {
		return f.T("board-cause-unknown")
	}
	return f.T("board-cause-" + c)
}

// brought is the vintage in force for the turn's period on its day; nil when it
// is nobody's single figure.
func brought(vintages []schema.Observation, t schema.Turn) *schema.Observation {
	var found *schema.Observation
	for i, o := range vintages {
		if o.Period == t.Period && !o.PublishedAt.After(t.Day) && (found == nil || o.Later(*found)) {
			found = &vintages[i]
		}
	}
	return found
}

// sheet is the history as a table to take away, oldest first.
func (p pastView) sheet(s telling.Subject) download.Sheet {
	out := download.NewSheet("target/history")
	for _, r := range slices.Backward(p.Rows) {
		t := r.turn
		out.Add(t.Day.String(), string(t.From), string(t.To), t.Cause, r.value, s.Scale.Unit, t.Period.String())
	}
	return out
}

// reasons are why values were published anew, by the receipt that brought them. Receipts that cannot be found have none.
func (b *board) reasons(ctx context.Context, vintages []schema.Observation) (map[string]schema.Receipt, error) {
	count := map[schema.Key]int{}
	for _, o := range vintages {
		count[vintage.Fact(o.Key)]++
	}
	out := map[string]schema.Receipt{}
	for _, o := range vintages {
		if _, known := out[o.Receipt]; known || o.Receipt == "" || count[vintage.Fact(o.Key)] < 2 || len(out) >= maxReasons {
			continue
		}
		r, ok, err := b.Reader.Receipt(ctx, o.Receipt)
		if err != nil {
			return nil, fmt.Errorf("reading the receipt %s: %w", o.Receipt, err)
		}
		if ok {
			out[o.Receipt] = r
		}
	}
	return out, nil
}

// maxReasons bounds the receipts looked up for one page.
const maxReasons = 100

// reason is why after replaced before.
func (f *frame) reason(receipts map[string]schema.Receipt, before, after schema.Observation) string {
	text := f.Say(show.Correction(receipts[after.Receipt], before, after).Label())
	if after.Note != "" {
		text += " · " + after.Note
	}
	return text
}

// History tells how verdicts came to be what they are. It is optional: without
// it pages say nothing of the past.
type History interface {
	// Turns are the changes of status of all verdicts of a policy that were told
	// as of days up to asOf (zero: today), oldest first; the first of each scope
	// has no status before it.
	Turns(ctx context.Context, asOf schema.Date, policy string) (map[schema.Scope][]schema.Turn, error)
}

// turns are the policy's; nil where the board has no history.
func (b *board) turns(ctx context.Context, asOf schema.Date, policy string) (map[schema.Scope][]schema.Turn, error) {
	if b.History == nil {
		return nil, nil
	}
	all, err := b.History.Turns(ctx, asOf, policy)
	if err != nil {
		return nil, fmt.Errorf("reading the history of verdicts: %w", err)
	}
	return all, nil
}

// since is the first day as of which the verdict's status was told without a
// break. first reports that nothing was told before. ok is false when the
// history does not reach this status: it was judged anew from what is known now.
func since(turns []schema.Turn, v schema.Verdict) (day schema.Date, first, ok bool) {
	if len(turns) == 0 {
		return schema.Date{}, false, false
	}
	last := turns[len(turns)-1]
	if last.To != v.Status {
		return schema.Date{}, false, false
	}
	return last.Day, last.From == "", true
}
