package brief

import (
	"cmp"
	"context"
	"strings"

	"yardstick/dashboards/brief/paper"
	"yardstick/dashboards/show"
	"yardstick/schema"
	"yardstick/schema/figure"
)

// near is how many days before its deadline a target at risk is asked about.
const near = 90

// slipColour is the colour of the slip a verdict calls for: red when the promise
// is broken and was not made good since, yellow when it is behind, blue when it is at risk and its
// deadline near. ok is false when it calls for none.
func slipColour(v schema.Verdict) (c paper.Colour, ok bool) {
	switch v.Status {
	case schema.Missed, schema.Breached:
		return paper.Red, !v.Marks.ReachedLate // what was reached since asks for nothing any more
	case schema.Lagging:
		return paper.Yellow, true
	case schema.AtRisk:
		if !v.Deadline.IsZero() && v.Deadline.DaysSince(v.AsOf) <= near {
			return paper.Blue, true
		}
	}
	return "", false
}

// slips is a sheet for every target that calls for one.
func (c *content) slips(ctx context.Context) ([]paper.Block, error) {
	var out []paper.Block
	for _, v := range c.verdicts {
		colour, ok := slipColour(v)
		if !ok {
			continue
		}
		blocks, err := c.slip(ctx, v, colour)
		if err != nil {
			return nil, err
		}
		out = append(out, blocks...)
	}
	return out, nil
}

func (c *content) slip(ctx context.Context, v schema.Verdict, colour paper.Colour) ([]paper.Block, error) {
	t, target := c.told[v.Target], c.targets[v.Target]
	title := c.T("brief-slip")
	if c.synthetic > 0 {
		title += c.T("brief-title-synthetic")
	}
	days := map[paper.Colour]int{paper.Red: 3, paper.Yellow: 5, paper.Blue: 10}[colour] // working days for an answer (docs/decisions/0013-brief.md)
	reply := c.asked.AsOf
	for range days {
		reply = c.Calendar.NextWorkingDay(reply)
	}
	by := c.T("brief-reply-by", "day", c.day(reply), "n", days, "from", c.day(c.asked.AsOf))
	if !c.Calendar.Known(reply.Year) {
		by += c.T("brief-reply-unknown", "year", reply.Year)
	}
	contact := cmp.Or(target.Contact, c.T("brief-not-named"))
	progress := "—"
	if t.Bar != nil {
		progress = t.Bar.Label
	}
	field := func(id, text string) paper.Field { return paper.Field{Label: c.T(id), Value: paper.Plain(text)} }
	one := func(f ...paper.Field) paper.FormRow { return paper.FormRow{Fields: f, Height: 8} }
	room := func(id string, height float64, value paper.Cell) paper.FormRow {
		return paper.FormRow{Fields: []paper.Field{{Label: c.T(id), Value: value}}, Height: height}
	}
	rows := []paper.FormRow{
		one(field("brief-f-target", c.T("brief-titled", "title", t.Title, "clause", t.Clause))),
		one(field("brief-f-written", c.written(target))),
		one(field("brief-f-promised", figure.Join(t.Target, t.Unit)), field("brief-f-deadline", c.deadlineLeft(v, t))),
		one(field("brief-f-value", c.valueOf(t)), field("brief-f-gap", c.gapOf(t))),
		one(field("brief-f-status", v.Status.Print()+" "+t.Status.Word), field("brief-f-progress", progress)),
		one(field("brief-f-outlook", cmp.Or(c.outlook(t), t.Reason))),
		one(field("brief-f-owner", t.Owner), field("brief-f-contact", contact)),
		one(field("brief-f-reply", by)),
	}
	said, err := c.filled(ctx, v)
	if err != nil {
		return nil, err
	}
	rows = append(rows,
		room("brief-f-reason", 20, said[0]), room("brief-f-measures", 20, said[1]), room("brief-f-date", 9, said[2]),
		paper.FormRow{Height: 10, Fields: []paper.Field{{Label: c.T("brief-f-filled")}, {Label: c.T("brief-f-phone")}}},
		paper.FormRow{Height: 10, Fields: []paper.Field{{Label: c.T("brief-f-signed")}, {Label: c.T("brief-f-on")}}},
	)
	return []paper.Block{
		paper.Sheet{Title: title},
		paper.Band{Colour: colour, Text: c.T("brief-band-"+string(colour), "days", near)},
		paper.Form{Name: title + c.T("brief-colon") + t.Title, Rows: rows},
		paper.Codes{{Address: c.Address + t.Href, Caption: c.T("brief-code-slip", "day", c.asked.AsOf)}},
	}, nil
}

// written is the document's own sentence of the number.
func (c *content) written(t schema.Target) string {
	if t.Written == "" {
		return c.policyName()
	}
	return c.T("brief-written", "policy", c.policyName(), "written", t.Written)
}

func (c *content) deadlineLeft(v schema.Verdict, t show.Row) string {
	switch left := v.Deadline.DaysSince(c.asked.AsOf); {
	case v.Deadline.IsZero():
		return t.Deadline
	case left < 0:
		return c.T("brief-days-over", "day", v.Deadline, "days", figure.Days(-left))
	default:
		return c.T("brief-days-left", "day", v.Deadline, "days", figure.Days(left))
	}
}

func (c *content) valueOf(t show.Row) string {
	if t.Value == "—" {
		return "—"
	}
	said := figure.Join(t.Value, t.Unit)
	if len(t.FigureBits) > 0 {
		said = c.T("brief-value-bits", "value", said, "bits", c.list(t.FigureBits))
	}
	return said
}

func (c *content) gapOf(t show.Row) string {
	if t.Gap == "—" {
		return "—"
	}
	return strings.TrimSpace(t.GapWord + " " + figure.Join(t.Gap, t.GapUnit))
}

// filled is what the owner has said already: reason, measures, promised day.
// What was not said is left empty, to be written in by hand.
func (c *content) filled(ctx context.Context, v schema.Verdict) (out [3]paper.Cell, err error) {
	s, ok, err := c.holding(ctx, v)
	if err != nil || !ok {
		return out, err
	}
	out[0], out[1] = paper.Plain(oneLine(s.Cause)), paper.Plain(oneLine(s.Measures))
	if !s.Promised.IsZero() {
		out[2] = paper.Plain(c.day(s.Promised))
	}
	return out, nil
}
