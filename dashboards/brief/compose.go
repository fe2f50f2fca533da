package brief

import (
	"context"
	"strconv"
	"strings"

	"yardstick/dashboards/brief/paper"
	"yardstick/dashboards/show"
	"yardstick/schema"
	"yardstick/schema/figure"
)

// compose sets the document section by section.
func (c *content) compose(ctx context.Context) (paper.Document, error) {
	title := c.T("brief-title")
	if c.asked.Slips == OnlySlips {
		title = c.T("brief-slips-title")
	}
	d := paper.Document{Lang: c.asked.Lang, Title: title, Header: c.header(), Subject: c.policyName(),
		Subtitle: []string{c.T("brief-policy-title", "title", c.policy.Title), c.policy.Number, c.T("brief-as-of", "day", c.day(c.asked.AsOf))}}
	if c.synthetic > 0 {
		d.Title += c.T("brief-title-synthetic")
	}
	if c.asked.Slips != OnlySlips {
		sections := []func(context.Context) (string, []paper.Block, error){
			c.headline, c.all, c.worst, c.changes, c.limits, c.districts, c.measures, c.notes, c.sources, c.check,
		}
		n := 0
		for _, section := range sections {
			name, blocks, err := section(ctx)
			if err != nil {
				return d, err
			}
			if len(blocks) == 0 {
				continue // nothing of the kind
			}
			n++
			d.Blocks = append(d.Blocks, paper.Heading{Level: 1, Text: c.numbered(n, name)})
			d.Blocks = append(d.Blocks, blocks...)
		}
	}
	if c.asked.Slips != WithoutSlips {
		slips, err := c.slips(ctx)
		if err != nil {
			return d, err
		}
		if len(slips) == 0 && c.asked.Slips == OnlySlips {
			slips = []paper.Block{paper.Say(c.T("brief-no-slips"))}
		}
		d.Blocks = append(d.Blocks, slips...)
	}
	return d, nil
}

// header stands on every sheet.
func (c *content) header() string {
	switch c.synthetic {
	case 0:
		return ""
	case c.judged:
		return c.T("brief-header-synthetic")
	}
	return c.T("brief-header-some-synthetic", "n", c.synthetic)
}

// numbered is 一、… in Chinese, 1. … in English.
func (c *content) numbered(n int, name string) string {
	if c.asked.Lang != schema.Chinese {
		return strconv.Itoa(n) + ". " + name
	}
	return chinese(n) + "、" + name
}

// below is （一）… under a section.
func (c *content) below(n int, name string) string {
	if c.asked.Lang != schema.Chinese {
		return "(" + strconv.Itoa(n) + ") " + name
	}
	return "（" + chinese(n) + "）" + name
}

// chinese counts up to 99: 一, 十, 十一, 二十, 二十一.
func chinese(n int) string {
	digits := []rune("零一二三四五六七八九")
	tens, ones := n/10, n%10
	out := ""
	if tens > 1 {
		out = string(digits[tens])
	}
	if tens > 0 {
		out += "十"
	}
	if ones > 0 || n == 0 {
		out += string(digits[ones])
	}
	return out
}

func (c *content) list(parts []string) string { return strings.Join(parts, c.T("brief-comma")) }

// headline is the brief in a paragraph: how many stand where, what turned since
// the last, and what is worst.
func (c *content) headline(context.Context) (string, []paper.Block, error) {
	var counts []string
	for _, t := range show.Voice(c.Frame).Tallies(c.verdicts) {
		if t.N == 0 {
			continue
		}
		said := c.T("brief-count", "status", t.Word, "n", t.N)
		if t.Note != "" {
			said += c.T("brief-count-note", "note", t.Note)
		}
		counts = append(counts, said)
	}
	blocks := []paper.Block{
		paper.Say(c.T("brief-headline", "day", c.day(c.asked.AsOf), "policy", c.policyName(), "n", len(c.verdicts), "counts", c.list(counts))),
		paper.Say(c.turned()),
	}
	var worst []string
	for _, v := range c.behind() {
		worst = append(worst, c.inShort(c.told[v.Target]))
	}
	if len(worst) > 0 {
		blocks = append(blocks, paper.Say(c.T("brief-worst", "n", len(worst), "list", strings.Join(worst, c.T("brief-semicolon")))))
	}
	return c.T("brief-h-headline"), blocks, nil
}

// behind are the worst whose status asks for attention, as many as are asked for.
func (c *content) behind() []schema.Verdict {
	n := 0
	for n < min(c.asked.Worst, len(c.verdicts)) && c.verdicts[n].Status.Behind() {
		n++
	}
	return c.verdicts[:n]
}

// inShort is one target in half a sentence.
func (c *content) inShort(t show.Row) string {
	if gap := c.gap(t); gap != "" {
		return c.T("brief-short-gap", "title", t.Title, "status", t.Status.Word, "gap", gap)
	}
	return c.T("brief-short", "title", t.Title, "status", t.Status.Word)
}

// gap is 差590 PFlops, or what a gap that is none means; "" when there is none.
func (c *content) gap(t show.Row) string {
	if t.Gap == "—" {
		return ""
	}
	amount := figure.Join(t.Gap, t.GapUnit)
	if t.GapWord != "" {
		return c.T("brief-gap-word", "word", t.GapWord, "gap", amount)
	}
	return c.T("brief-gap", "gap", amount)
}

// moved says of each target what its status turned from and to, where it did.
func (c *content) moved() (worse, better []string) {
	for _, v := range c.verdicts {
		w := c.before[v.Target]
		if w.Status == v.Status {
			continue
		}
		t := c.told[v.Target]
		said := c.T("brief-turn", "title", t.Title, "was", figure.BadgeOf(w, c.Lang).Word, "now", t.Status.Word)
		if v.Status.Rank() < w.Status.Rank() {
			worse = append(worse, said)
		} else {
			better = append(better, said)
		}
	}
	return worse, better
}

// turned says what changed its status since the last brief.
func (c *content) turned() string {
	if !c.compares {
		return c.T("brief-no-comparison", "day", c.day(c.asked.CompareWith))
	}
	worse, better := c.moved()
	day := c.day(c.asked.CompareWith)
	switch {
	case len(worse)+len(better) == 0:
		return c.T("brief-unchanged", "day", day)
	case len(worse) == 0:
		return c.T("brief-better", "day", day, "n", len(better), "list", c.list(better))
	case len(better) == 0:
		return c.T("brief-worse", "day", day, "n", len(worse), "list", c.list(worse))
	}
	return c.T("brief-both", "day", day, "n", len(worse), "list", c.list(worse), "m", len(better), "others", c.list(better))
}

// all is the table of every target, worst first.
func (c *content) all(context.Context) (string, []paper.Block, error) {
	width := []float64{35, 25, 16, 17, 18, 20, 25}
	if c.asked.Lang != schema.Chinese { // its units are longer
		width = []float64{30, 23, 20, 20, 21, 20, 22}
	}
	t := paper.Table{Name: c.T("brief-h-all"), Columns: []paper.Column{
		c.left("brief-c-target", width[0]), c.left("brief-c-status-owner", width[1]),
		c.right("brief-c-value", width[2]), c.right("brief-c-promised", width[3]),
		c.right("brief-c-gap", width[4]), c.left("brief-c-progress", width[5]),
		c.left("brief-c-deadline", width[6]),
	}}
	for _, v := range c.verdicts {
		t.Rows = append(t.Rows, c.row(v.Kind, c.told[v.Target]))
	}
	return c.T("brief-h-all"), []paper.Block{t, paper.Aside(c.T("brief-all-note") + c.T("brief-shapes"))}, nil
}

func (c *content) row(kind schema.Kind, t show.Row) []paper.Cell {
	status := paper.Cell{{Runs: []paper.Run{badge(t.Status)}}}.Under(strings.Join(t.StatusMarks, c.T("brief-comma"))).Under(c.T("brief-owner", "owner", t.Owner))
	gap := paper.Plain(t.Gap).Under(t.GapUnit)
	switch {
	case kind == schema.Cadence && t.GapWord != "": // too long to stand before the number
		gap = append(paper.Cell{{Runs: []paper.Run{{Text: t.GapWord}}, Small: true}}, gap...)
	case t.GapWord != "":
		gap = paper.Plain(t.GapWord + " " + t.Gap).Under(t.GapUnit)
	}
	value := c.leading(t, t.Value)
	if t.Value != "—" {
		value = value.Under(t.Unit)
	}
	progress := paper.Plain("—")
	if t.Bar != nil {
		progress = paper.Cell{}
		for part := range strings.SplitSeq(t.Bar.Label, " · ") {
			progress = progress.Under(part)
		}
	}
	return []paper.Cell{
		paper.Linked(t.Title, c.Address+t.Href).Under(strings.Join(append([]string{t.Clause}, t.FigureBits...), c.T("brief-comma"))),
		status, value, paper.Plain(t.Target).Under(t.Unit), gap, progress,
		paper.Plain(t.Deadline).Under(t.Outlook),
	}
}

// leading is a figure that leads to where it comes from.
func (c *content) leading(t show.Row, value string) paper.Cell {
	if t.Source == nil {
		return paper.Plain(value)
	}
	return paper.Linked(value, c.Address+t.Source.Href)
}

// limits are the targets that have no end: limits and cadences.
func (c *content) limits(context.Context) (string, []paper.Block, error) {
	t := paper.Table{Name: c.T("brief-h-limits"), Columns: []paper.Column{
		c.left("brief-c-target", 56), c.left("brief-c-status", 26), c.right("brief-c-value", 22),
		c.right("brief-c-limit", 24), c.left("brief-c-period", 28),
	}}
	for _, v := range c.verdicts {
		switch v.Kind {
		case schema.Ceiling, schema.Floor, schema.Range, schema.Cadence:
		default:
			continue
		}
		told := c.told[v.Target]
		value := "—"
		if told.Value != "—" {
			value = figure.Join(told.Value, told.Unit)
		}
		t.Rows = append(t.Rows, []paper.Cell{
			paper.Linked(told.Title, c.Address+told.Href).Under(told.Clause + c.T("brief-comma") + told.Deadline),
			paper.Cell{{Runs: []paper.Run{badge(told.Status)}}}.Under(strings.Join(told.StatusMarks, c.T("brief-comma"))),
			c.leading(told, value), paper.Plain(figure.Join(told.Target, told.Unit)), paper.Plain(c.list(told.FigureBits)),
		})
	}
	if len(t.Rows) == 0 {
		return "", nil, nil
	}
	return c.T("brief-h-limits"), []paper.Block{t}, nil
}

// measures accounts for every clause without a number in one line.
func (c *content) measures(context.Context) (string, []paper.Block, error) {
	var clauses []string
	for _, m := range c.policy.WithoutNumber() {
		clauses = append(clauses, c.T("brief-clause", "n", m.Clause))
	}
	if len(clauses) == 0 {
		return "", nil, nil
	}
	return c.T("brief-h-measures"), []paper.Block{paper.Say(c.T("brief-measures", "n", len(clauses), "list", strings.Join(clauses, c.T("brief-enum"))))}, nil
}
