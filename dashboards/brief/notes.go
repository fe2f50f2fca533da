package brief

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"

	"yardstick/dashboards/brief/paper"
	"yardstick/dashboards/show"
	"yardstick/schema"
)

// districts puts the parts of the region beside each target that has figures of
// them. Without an allocation nothing is judged and nobody is ranked.
func (c *content) districts(ctx context.Context) (string, []paper.Block, error) {
	name := c.T("brief-h-districts")
	var out []paper.Block
	n := 0
	for _, v := range c.verdicts {
		k, ok, err := c.Reader.Case(ctx, c.asked.AsOf, v.Policy, v.Target)
		if err != nil {
			return "", nil, fmt.Errorf("reading the case of %s: %w", v.Target, err)
		}
		if !ok {
			continue
		}
		parts, err := c.Reader.Parts(ctx, k)
		if err != nil {
			return "", nil, fmt.Errorf("reading the parts of %s: %w", v.Target, err)
		}
		rows, sum := show.Parts(c.Frame, parts, show.Subject(c.Register, c.Frame, c.policy, c.targets[v.Target], v, nil), nil)
		if len(rows) == 0 {
			continue
		}
		n++
		out = append(out, paper.Heading{Level: 2, Text: c.below(n, c.told[v.Target].Title)}, c.parts(rows))
		if sum != "" {
			out = append(out, paper.Aside(sum))
		}
	}
	if n == 0 {
		return name, []paper.Block{paper.Say(c.T("brief-no-districts"))}, nil
	}
	if n < len(c.verdicts) {
		out = append(out, paper.Aside(c.T("brief-districts-others", "n", len(c.verdicts)-n)))
	}
	return name, out, nil
}

func (c *content) parts(rows []show.Part) paper.Table {
	t := paper.Table{Name: c.T("brief-h-districts"), Columns: []paper.Column{
		c.left("brief-c-region", 34), c.right("brief-c-value", 28), c.left("brief-c-period", 28),
		c.right("brief-c-asked", 24), c.left("brief-c-status", 42),
	}}
	for _, r := range rows {
		status := paper.Plain(r.Said)
		if r.Status != nil {
			status = paper.Cell{{Runs: []paper.Run{badge(*r.Status)}}}.Under(r.By)
		}
		t.Rows = append(t.Rows, []paper.Cell{paper.Plain(r.Name), paper.Plain(r.Value), paper.Plain(r.Period), paper.Plain(r.Asked), status})
	}
	return t
}

// notes says what a reader must know of the figures before using them.
func (c *content) notes(context.Context) (string, []paper.Block, error) {
	var out []paper.Block
	add := func(id string, on func(schema.Verdict) bool) {
		var names []string
		for _, v := range c.verdicts {
			if on(v) {
				names = append(names, c.told[v.Target].Title)
			}
		}
		if len(names) > 0 {
			out = append(out, paper.Say(c.T(id, "n", len(names), "list", c.list(names))))
		}
	}
	if h := c.header(); h != "" {
		out = append(out, paper.Say(h+c.T("brief-stop")))
	}
	add("brief-note-provisional", func(v schema.Verdict) bool { return v.Marks.Provisional })
	add("brief-note-stale", func(v schema.Verdict) bool { return v.Marks.Stale })
	add("brief-note-reading", func(v schema.Verdict) bool { return v.Marks.ReadingUnconfirmed })
	add("brief-note-awaiting", func(v schema.Verdict) bool { return v.Marks.AwaitingFinal })
	add("brief-note-none", func(v schema.Verdict) bool { return v.Value == nil })
	add("brief-note-chance", func(v schema.Verdict) bool { return v.Status == schema.AtRisk && v.Chance == nil })
	for _, v := range c.verdicts {
		if missing := c.told[v.Target].Missing; len(missing) > 0 {
			out = append(out, paper.Say(c.T("brief-note-missing", "title", c.told[v.Target].Title, "list", c.list(missing))))
		}
	}
	out = append(out, paper.Say(c.T("brief-note-forecast")))
	return c.T("brief-h-notes"), out, nil
}

// source is a receipt with the days its figures were published on.
type source struct {
	receipt   schema.Receipt
	published []schema.Date
	targets   int
}

// sources lists the receipts of the figures judged; the history that a forecast
// was made from stands on the targets' own pages.
func (c *content) sources(ctx context.Context) (string, []paper.Block, error) {
	found := map[string]*source{}
	for _, v := range c.verdicts {
		seen := map[string]bool{}
		for _, in := range v.Inputs {
			if in.Receipt == "" || in.Role == schema.RoleHistory {
				continue
			}
			r, err := c.receipt(ctx, in.Receipt)
			if err != nil {
				return "", nil, err
			}
			s := found[in.Receipt]
			if s == nil {
				s = &source{receipt: r}
				found[in.Receipt] = s
			}
			s.published = append(s.published, in.PublishedAt)
			if !seen[in.Receipt] {
				seen[in.Receipt] = true
				s.targets++
			}
		}
	}
	name := c.T("brief-h-sources")
	if len(found) == 0 {
		return name, []paper.Block{paper.Say(c.T("brief-no-sources"))}, nil
	}
	t := paper.Table{Name: name, Columns: []paper.Column{
		c.left("brief-c-feed", 44), c.left("brief-c-file", 34), c.left("brief-c-published", 24),
		c.right("brief-c-targets", 16), c.left("brief-c-receipt", 40),
	}}
	all := slices.SortedFunc(maps.Values(found), func(a, b *source) int {
		return cmp.Or(cmp.Compare(a.receipt.Feed, b.receipt.Feed), cmp.Compare(a.receipt.File+a.receipt.ID, b.receipt.File+b.receipt.ID))
	})
	for _, s := range all {
		first, last := slices.MinFunc(s.published, schema.Date.Compare), slices.MaxFunc(s.published, schema.Date.Compare)
		published := last.String()
		if first != last {
			published = c.T("brief-span", "from", first, "to", last)
		}
		id := paper.Cell{{Runs: []paper.Run{{Text: s.receipt.ID}}, Small: true}}
		t.Rows = append(t.Rows, append(paper.Cells(c.feed(s.receipt.Feed), s.receipt.File, published, fmt.Sprint(s.targets)), id))
	}
	return name, []paper.Block{t}, nil
}

func (c *content) feed(name string) string {
	if c.Feed != nil {
		if title := c.Say(c.Feed(name)); title != "" {
			return title
		}
	}
	return name
}

// check is how anybody can hold the brief against the record: the board on the
// same day, the verdicts with all inputs, and the ledger's head.
func (c *content) check(context.Context) (string, []paper.Block, error) {
	now := c.Options.Now().In(c.Location)
	made := now.Format("2006-01-02 15:04 MST")
	if _, offset := now.Zone(); offset == 8*60*60 {
		made = now.Format("2006-01-02 15:04") + c.T("brief-beijing")
	}
	head := c.T("brief-no-ledger", "made", made)
	if c.hash != "" {
		head = c.T("brief-ledger", "height", c.height, "hash", c.hash, "made", made)
	}
	verdicts := "/api/v1/verdicts?" + url.Values{"as_of": {c.Asked.String()}, "policy": {c.policy.ID}}.Encode()
	codes := paper.Codes{
		{Address: c.overview(), Caption: c.T("brief-code-board", "day", c.asked.AsOf)},
		{Address: c.Address + verdicts, Caption: c.T("brief-code-verdicts")},
	}
	return c.T("brief-h-check"), []paper.Block{paper.Say(c.T("brief-check")), paper.Aside(head).Kept(), codes}, nil
}
