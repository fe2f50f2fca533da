package brief

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"yardstick/comparator/telling"
	"yardstick/dashboards/brief/paper"
	"yardstick/dashboards/show"
	"yardstick/schema"
	"yardstick/schema/figure"
)

// worst has a section for each of the worst targets, as far as they are behind.
func (c *content) worst(ctx context.Context) (string, []paper.Block, error) {
	var out []paper.Block
	var codes paper.Codes
	for i, v := range c.behind() {
		blocks, err := c.one(ctx, i+1, v)
		if err != nil {
			return "", nil, err
		}
		out = append(out, blocks...)
		t := c.told[v.Target]
		codes = append(codes, paper.Code{Address: c.Address + t.Href, Caption: t.Title})
	}
	if len(codes) > 0 {
		out = append(out, paper.Aside(c.T("brief-codes-targets")).Kept(), codes)
	}
	return c.T("brief-h-worst", "n", len(codes)), out, nil
}

// one is a target's own section: when it will be done before how likely that is,
// then figures, chart, who answers for it and what they say.
func (c *content) one(ctx context.Context, n int, v schema.Verdict) ([]paper.Block, error) {
	t, target := c.told[v.Target], c.targets[v.Target]
	out := []paper.Block{paper.Heading{Level: 2, Text: c.below(n, c.T("brief-titled", "title", t.Title, "clause", t.Clause))}}
	said := c.stands(t) + c.space() + c.outlook(t)
	if v.Kind == schema.Milestone { // its reason says when it was done, too
		said = t.Reason
	}
	out = append(out, paper.Paragraph{Style: paper.Body, Runs: []paper.Run{badge(t.Status), {Text: c.T("brief-colon") + said}}})
	statement, err := c.statement(ctx, v)
	if err != nil {
		return nil, err
	}
	out = append(out, paper.Say(c.answers(t, target)+statement))
	takes, err := c.takes(ctx, v)
	if err != nil {
		return nil, err
	}
	if takes != "" {
		out = append(out, paper.Aside(takes))
	}
	if chart, ok := c.chart(t); ok && v.Kind != schema.Milestone { // done or not is no line
		out = append(out, chart)
	}
	return append(out, c.figures(t)), nil
}

// outlook is when it will be done, and then how likely that is.
func (c *content) outlook(t show.Row) string {
	said := t.Sentence
	if said != "" && !strings.HasSuffix(said, "。") && !strings.HasSuffix(said, ".") {
		said += c.T("brief-stop")
	}
	return said
}

// space stands between sentences: none in Chinese.
func (c *content) space() string { return schema.LanguageOf(c.asked.Lang).Space }

// stands is where the target is: figure, period, target and gap.
func (c *content) stands(t show.Row) string {
	if t.Value == "—" {
		return c.T("brief-stands-none", "target", figure.Join(t.Target, t.Unit))
	}
	id := "brief-stands"
	if len(t.FigureBits) == 0 {
		id = "brief-stands-bare"
	}
	said := c.T(id, "bits", c.list(t.FigureBits), "value", figure.Join(t.Value, t.Unit), "target", figure.Join(t.Target, t.Unit))
	if gap := c.gap(t); gap != "" {
		return said + c.T("brief-clause-comma") + gap + c.T("brief-stop")
	}
	return said + c.T("brief-stop")
}

// takes is what it would take, from the comparator's own sentences.
func (c *content) takes(ctx context.Context, v schema.Verdict) (string, error) {
	k, ok, err := c.Reader.Case(ctx, c.asked.AsOf, v.Policy, v.Target)
	if err != nil {
		return "", fmt.Errorf("reading the case of %s: %w", v.Target, err)
	}
	if !ok {
		return "", nil
	}
	var said []string
	for _, s := range telling.Take(k, nil).Sentences {
		said = append(said, c.Say(s.Text))
	}
	if len(said) > 2 { // when it is done at the recent pace stands above, and is not said twice
		said = said[:2]
	}
	return strings.Join(said, c.space()), nil
}

// figures is every number of the verdict with how it came about.
func (c *content) figures(t show.Row) paper.Table {
	item := 23.0
	if c.asked.Lang != schema.Chinese {
		item = 28
	}
	out := paper.Table{Name: c.T("brief-figures", "title", t.Title), Columns: []paper.Column{
		c.left("brief-c-item", item), c.right("brief-c-number", 33), c.left("brief-c-how", 123-item),
	}}
	for _, s := range t.Sums {
		out.Rows = append(out.Rows, paper.Cells(s.Name, s.Value, cmp.Or(s.How, "—")))
	}
	return out
}

// answers is who answers for the target.
func (c *content) answers(t show.Row, target schema.Target) string {
	contact := cmp.Or(target.Contact, c.T("brief-not-named"))
	said := c.T("brief-answers", "owner", t.Owner, "contact", contact)
	if len(target.Support) > 0 {
		said += c.T("brief-support", "list", c.list(target.Support))
	}
	return said
}

// statement is what the owner says, or that nothing was said.
func (c *content) statement(ctx context.Context, v schema.Verdict) (string, error) {
	s, ok, err := c.holding(ctx, v)
	if err != nil || !ok {
		return c.T("brief-no-statement"), err
	}
	promised := c.T("brief-not-promised")
	if !s.Promised.IsZero() {
		said, _ := figure.Promise(s.Promised, c.asked.AsOf, v)
		promised = c.Say(said)
	}
	return c.T("brief-statement", "reason", clause(s.Cause), "measures", clause(s.Measures), "promised", promised,
		"by", c.Say(figure.SaidBy(s, c.targets[v.Target]))), nil
}

// holding is the statement in force on the verdict's target on the day asked
// for; false where there is none.
func (c *content) holding(ctx context.Context, v schema.Verdict) (schema.Statement, bool, error) {
	if c.Statements == nil {
		return schema.Statement{}, false, nil
	}
	all, err := c.Statements.Statements(ctx, v.Policy, v.Target, c.asked.AsOf)
	if err != nil {
		return schema.Statement{}, false, fmt.Errorf("reading the statements on %s: %w", v.Target, err)
	}
	s, ok := schema.Holding(all)[v.Policy+"/"+v.Target]
	return s, ok, nil
}

// clause is a text as a part of a sentence: one line, without a stop of its own.
func clause(s string) string { return strings.TrimRight(oneLine(s), "。．.；;") }

// oneLine is a text of several lines as one.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// chart is the target's trajectory: what was observed, the time line, the
// target, and where the forecast ends.
func (c *content) chart(t show.Row) (paper.Chart, bool) {
	k := t.Curve
	if k == nil {
		return paper.Chart{}, false
	}
	first, last := k.Seen[0].Day, k.Seen[len(k.Seen)-1].Day
	var seen []schema.Date
	others, way := []schema.Date{k.From, k.To}, []paper.Place{}
	for _, s := range k.Schedule {
		others, way = append(others, s.Day), append(way, paper.Place{Day: s.Day, Value: s.Value})
	}
	value := map[schema.Date]float64{} // of two on one day the later
	for i, s := range k.Seen {
		value[s.Day] = s.Value
		seen = append(seen, s.Day)
		if s.Break && i > 0 { // a day without a value parts the line
			seen = append(seen, k.Seen[i-1].Day.AddDays(1))
		}
	}
	others = slices.DeleteFunc(others, func(d schema.Date) bool { return !d.Before(first) && !d.After(last) })
	ch := paper.Chart{Title: t.Title, Unit: k.Unit, Days: paper.Union(seen, others)}
	ch.Alt = c.T("brief-chart-alt", "title", t.Title, "n", len(k.Seen), "target", figure.Join(t.Target, t.Unit), "sentence", t.Sentence)
	values := make([]float64, len(ch.Days))
	for i, d := range ch.Days {
		values[i] = math.NaN()
		if v, ok := value[d]; ok {
			values[i] = v
		}
	}
	add := func(id string, role paper.Role, values []float64) {
		ch.Lines = append(ch.Lines, paper.ChartLine{Name: c.T(id), Role: role, Values: values})
	}
	add("brief-line-seen", paper.Seen, values)
	if len(k.Schedule) > 0 {
		id := "brief-line-way"
		if k.Needed {
			id = "brief-line-needed"
		}
		add(id, paper.Way, paper.Along(ch.Days, way))
	}
	add("brief-line-goal", paper.Goal, paper.Along(ch.Days, []paper.Place{{Day: ch.First(), Value: k.Target}, {Day: ch.Last(), Value: k.Target}}))
	if k.Forecast {
		at := slices.IndexFunc(c.verdicts, func(v schema.Verdict) bool { return v.Target == t.ID })
		end, from := c.verdicts[at].Deadline, paper.Place{Day: last, Value: k.Seen[len(k.Seen)-1].Value}
		fan := func(v float64) []float64 { return paper.Along(ch.Days, []paper.Place{from, {Day: end, Value: v}}) }
		add("brief-line-likely", paper.Likely, fan(k.Middle))
		add("brief-line-low", paper.Edge, fan(k.Low))
		add("brief-line-high", paper.Edge, fan(k.High))
	}
	return ch, true
}
