package brief

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"yardstick/dashboards/brief/chromium"
	"yardstick/dashboards/brief/page"
	"yardstick/dashboards/show"
	"yardstick/schema"
	"yardstick/schema/figure"
)

// card is the brief for a chat: the counts, what turned, the worst.
func (c *content) card() page.Card {
	out := page.Card{
		Lang: c.asked.Lang, Title: c.T("brief-title"), Policy: c.T("brief-policy-title", "title", c.policy.Title), Number: c.policy.Number, AsOf: c.T("brief-as-of", "day", c.day(c.asked.AsOf)),
		Warning: c.header(), Turned: c.turnedInShort(), Address: c.overview(),
		More: c.T("brief-card-more"), WorstHead: c.T("brief-card-worst"),
	}
	for _, t := range show.Voice(c.Frame).Tallies(c.verdicts) {
		out.Counts = append(out.Counts, page.Count{Status: schema.Status(t.Shape), Word: t.Word, N: t.N})
	}
	for _, v := range c.behind() {
		t := c.told[v.Target]
		row := page.CardRow{Status: v.Status, Word: t.Status.Word, Title: t.Title, Outlook: t.Outlook, Owner: c.T("brief-owner", "owner", t.Owner), Gap: c.gap(t)}
		row.Value, row.Target = figure.Join(t.Value, t.Unit), c.T("brief-card-target", "target", figure.Join(t.Target, t.Unit))
		if t.Value == "—" {
			row.Value = "—"
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// turnedInShort is how many turned for worse and better.
func (c *content) turnedInShort() string {
	if !c.compares {
		return c.turned()
	}
	worse, better := c.moved()
	if len(worse)+len(better) == 0 {
		return c.turned()
	}
	return c.T("brief-card-turned", "day", c.day(c.asked.CompareWith), "worse", len(worse), "better", len(better))
}

// CardWidth is the picture's in pixels.
const CardWidth = 1080

// Picture is the card as a PNG. It needs Chromium.
func (b Brief) Picture(ctx context.Context) ([]byte, error) {
	var html bytes.Buffer
	if err := page.WriteCard(&html, b.card); err != nil {
		return nil, err
	}
	body, err := chromium.PNG(ctx, html.Bytes(), CardWidth)
	if err != nil {
		return nil, browserFault(err, "PNG")
	}
	return body, nil
}

// How long a message WeCom's robots take, in bytes.
const (
	mostMarkdown = 4096
	mostText     = 2048
)

// Markdown is the card in the Markdown that WeCom reads.
func (b Brief) Markdown() string { return b.fitting(true, mostMarkdown) }

// Text is the card as plain text.
func (b Brief) Text() string { return b.fitting(false, mostText) }

// fitting leaves out the least bad of the worst until the message is short
// enough.
func (b Brief) fitting(markdown bool, most int) string {
	for {
		said := b.message(markdown)
		if len(said) <= most || len(b.card.Rows) == 0 {
			return said
		}
		b.card.Rows = b.card.Rows[:len(b.card.Rows)-1]
	}
}

// message is the card in words; the colours are WeCom's three.
func (b Brief) message(markdown bool) string {
	c := b.card
	var out strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&out, format+"\n", args...) }
	hue := func(s schema.Status, text string) string {
		if !markdown {
			return text
		}
		colour := "comment"
		switch s.Hue() {
		case schema.Red, schema.Amber:
			colour = "warning"
		case schema.Green, schema.Blue:
			colour = "info"
		case schema.Grey:
		}
		return `<font color="` + colour + `">` + text + `</font>`
	}
	head, quote := "", ""
	if markdown {
		head, quote = "### ", "> "
	}
	line("%s%s%s", head, c.Title, c.AsOf)
	if c.Warning != "" {
		line("%s", c.Warning)
	}
	var counts []string
	for _, n := range c.Counts {
		counts = append(counts, hue(n.Status, fmt.Sprintf("%s %s %d", n.Status.Print(), n.Word, n.N)))
	}
	line("%s", strings.Join(counts, "  "))
	line("%s", c.Turned)
	for _, r := range c.Rows {
		line("%s%s %s", quote, hue(r.Status, r.Status.Print()+" "+r.Word), r.Title)
		said := slices.DeleteFunc([]string{r.Value, r.Target, r.Gap, r.Outlook, r.Owner}, func(s string) bool { return s == "" })
		line("%s%s", quote, strings.Join(said, " · "))
	}
	if markdown {
		line("[%s](%s)", c.More, c.Address)
	} else {
		line("%s %s", c.More, c.Address)
	}
	return out.String()
}

// Message is the card as WeCom's robot takes it, in JSON.
func (b Brief) Message() ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(map[string]any{"msgtype": "markdown", "markdown": map[string]any{"content": b.Markdown()}}); err != nil {
		return nil, fmt.Errorf("writing the card: %w", err)
	}
	return out.Bytes(), nil
}
