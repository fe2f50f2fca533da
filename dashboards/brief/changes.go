package brief

import (
	"context"

	"yardstick/comparator"
	"yardstick/dashboards/brief/paper"
	"yardstick/dashboards/show"
	"yardstick/schema"
	"yardstick/schema/figure"
	"yardstick/schema/vintage"
)

// changes is what differs from the last brief, and why.
func (c *content) changes(ctx context.Context) (string, []paper.Block, error) {
	name := c.T("brief-h-changes", "day", c.day(c.asked.CompareWith))
	if !c.compares {
		return name, []paper.Block{paper.Say(c.T("brief-no-comparison", "day", c.day(c.asked.CompareWith)))}, nil
	}
	t := paper.Table{Name: name, Columns: []paper.Column{
		c.left("brief-c-target", 46), c.left("brief-c-was", 39), c.left("brief-c-now", 39),
		c.left("brief-c-cause", 32),
	}}
	same := 0
	for _, v := range c.verdicts {
		w := c.before[v.Target]
		if v.SameAs(w) {
			same++
			continue
		}
		old := c.tell(w, c.old[c.key(v.Target)])
		t.Rows = append(t.Rows, []paper.Cell{
			paper.Plain(c.told[v.Target].Title).Under(c.told[v.Target].Clause), c.stood(old), c.stood(c.told[v.Target]),
			paper.Plain(c.T("compare-cause-" + comparator.Cause(w, v))),
		})
	}
	var out []paper.Block
	if len(t.Rows) > 0 {
		out = append(out, t, paper.Aside(c.T("brief-same", "n", same)))
	} else {
		out = append(out, paper.Say(c.T("brief-all-same")))
	}
	revised, err := c.revisions(ctx)
	return name, append(out, revised...), err
}

func (c *content) key(target string) schema.SeriesKey {
	t := c.targets[target]
	return schema.SeriesKey{Indicator: t.Indicator, Region: t.Region}
}

// stood is status and figure in a cell.
func (c *content) stood(t show.Row) paper.Cell {
	out := paper.Cell{{Runs: []paper.Run{badge(t.Status)}}}
	if t.Value == "—" {
		return out.Under("—")
	}
	return out.Under(figure.Join(t.Value, t.Unit)).Under(c.list(t.FigureBits))
}

// revisions lists the figures that say something else than on the day compared
// with, or nothing any more.
func (c *content) revisions(ctx context.Context) ([]paper.Block, error) {
	t := paper.Table{Name: c.T("brief-revised"), Columns: []paper.Column{
		c.left("brief-c-target", 42), c.left("brief-c-period", 24), c.right("brief-c-old", 23),
		c.right("brief-c-new", 23), c.left("brief-c-reason", 44),
	}}
	done := map[schema.SeriesKey]bool{}
	for _, v := range c.verdicts {
		k := c.key(v.Target)
		if done[k] {
			continue
		}
		done[k] = true
		now := map[schema.Key]schema.Observation{}
		for _, o := range c.series[k] {
			now[vintage.Fact(o.Key)] = o
		}
		for _, old := range c.old[k] {
			o, held := now[vintage.Fact(old.Key)]
			if held && o.Says(old) {
				continue
			}
			row, err := c.revision(ctx, v.Target, old, o, held)
			if err != nil {
				return nil, err
			}
			t.Rows = append(t.Rows, row)
		}
	}
	if len(t.Rows) == 0 {
		return []paper.Block{paper.Say(c.T("brief-no-revisions"))}, nil
	}
	return []paper.Block{paper.Say(c.T("brief-revisions", "n", len(t.Rows))).Kept(), t}, nil
}

func (c *content) period(o schema.Observation) string { return c.PeriodName(o.Period, o.Basis) }

// figure is an observation as it was written, with its unit.
func (c *content) figure(o schema.Observation) string {
	row := c.Figure(o)
	return figure.Join(row.Value, row.Unit)
}

func (c *content) revision(ctx context.Context, target string, old, now schema.Observation, held bool) ([]paper.Cell, error) {
	title := paper.Plain(c.told[target].Title)
	if !held {
		return append([]paper.Cell{title}, paper.Cells(c.period(old), c.figure(old), "—", c.T("brief-withdrawn"))...), nil
	}
	if now.Receipt == "" {
		return append([]paper.Cell{title}, paper.Cells(c.period(now), c.figure(old), c.figure(now), c.T("brief-derived"))...), nil
	}
	r, err := c.receipt(ctx, now.Receipt)
	if err != nil {
		return nil, err
	}
	reason := paper.Plain(c.Say(show.Correction(r, old, now).Label())).Under(r.Reason).Under(r.ID)
	return []paper.Cell{title, paper.Plain(c.period(now)), paper.Plain(c.figure(old)), paper.Plain(c.figure(now)), reason}, nil
}
