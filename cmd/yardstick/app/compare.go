package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"yardstick/comparator"
	"yardstick/comparator/docket"
	"yardstick/schema"
	"yardstick/schema/figure"
	"yardstick/schema/words"
)

type compareCmd struct {
	AsOf      dayFlag `name:"as-of" help:"Judge from what was published by the end of that day. 截至该日。" placeholder:"DATE"`
	KnownAt   string  `name:"known-at" help:"Judge from what was received and not withdrawn by then. 截至该时刻已收到。" placeholder:"TIME"`
	From      dayFlag `help:"First day of a history. 起始日。" placeholder:"DATE"`
	To        dayFlag `help:"Last day of a history. 截止日。" placeholder:"DATE"`
	Step      string  `help:"Days or months between: 1d, 7d, 1m. 间隔。" default:"1m"`
	Policy    string  `help:"Only this policy. 只看该政策。" placeholder:"ID"`
	Target    string  `help:"Only this target. 只看该目标。" placeholder:"ID"`
	Explain   string  `help:"Say how one target was judged. 说明某目标如何评判。" placeholder:"TARGET"`
	Methods   bool    `help:"What published methods say beside the verdict. 附国际通行方法的结论。"`
	WhatIf    string  `name:"what-if" help:"Where a change each period would lead, in the indicator's unit or one it knows (with --target). 假设每期变化多少。" placeholder:"RATE"`
	Districts bool    `help:"The parts of the region beside it (with --target). 分地区对照。"`
	Scorecard bool    `help:"How good the chances told in a history turned out (with --from, --to). 预测成绩单。"`
}

// mostComparisons bounds a history.
const mostComparisons = 4000

// verdictAt is a verdict of a history, with why it is no longer the one before.
type verdictAt struct {
	schema.Verdict
	Was   schema.Status `json:"was,omitempty"`
	Cause string        `json:"cause,omitempty"`
}

// changed says so; nothing where it is the one before.
func (v verdictAt) changed() schema.Text {
	if v.Cause == "" {
		return schema.Text{}
	}
	return words.Say("compare-changed", "was", v.Was.Label(), "cause", words.Say("compare-cause-"+v.Cause))
}

// Run judges and prints the verdicts, the worst first.
func (c compareCmd) Run(ctx context.Context, r *run) error {
	days, err := c.days(schema.Date{})
	if err != nil {
		return err
	}
	if err := c.fits(len(days)); err != nil {
		return err
	}
	return r.show(ctx, openInstallation, "compare", func(in *installation) (answer, error) {
		known, err := in.instant("--known-at", c.KnownAt)
		if err != nil {
			return answer{}, err
		}
		days, err := c.days(in.today())
		if err != nil {
			return answer{}, err
		}
		return comparison{c, r, in, days, known}.answer(ctx)
	})
}

// comparison is a command at work.
type comparison struct {
	compareCmd
	*run
	in    *installation
	days  []schema.Date // to judge as of
	known time.Time
}

// fits refuses flags that do not go together.
func (c compareCmd) fits(days int) error {
	one := 0
	for _, on := range []bool{c.Explain != "", c.Methods, c.WhatIf != "", c.Districts, c.Scorecard} {
		if on {
			one++
		}
	}
	switch {
	case one > 1 || c.Explain != "" && c.Target != "":
		return usage("compare-one")
	case (c.WhatIf != "" || c.Districts) && c.Target == "":
		return usage("compare-target")
	case c.Scorecard && c.From.IsZero():
		return usage("compare-scorecard")
	case one == 1 && days > 1 && !c.Scorecard && c.Explain == "":
		return usage("compare-one-day")
	}
	return nil
}

// answer reads and judges.
func (c comparison) answer(ctx context.Context) (answer, error) {
	if err := c.exists(); err != nil {
		return answer{}, err
	}
	switch {
	case c.Methods:
		return c.methods(ctx)
	case c.WhatIf != "":
		return c.whatIf(ctx)
	case c.Districts:
		return c.districts(ctx)
	}
	verdicts, last, err := c.history(ctx)
	if err != nil {
		return answer{}, err
	}
	if c.Scorecard {
		return c.scorecard(comparator.ScoreForecasts(plain(verdicts), plain(verdicts))), nil
	}
	out := answer{
		json: verdicts,
		rows: func() [][]string { return verdictRows(verdicts, !c.From.IsZero()) },
		tell: func(w io.Writer) { tabulate(w, c.in, verdicts, c.Lang) },
	}
	if c.From.IsZero() {
		out.json = plain(verdicts)
	}
	if c.Explain != "" {
		out.rows, out.tell = nil, func(w io.Writer) { explain(w, c.in, verdicts, last, c.Lang) }
	}
	return out, nil
}

func plain(verdicts []verdictAt) []schema.Verdict {
	out := make([]schema.Verdict, len(verdicts))
	for i, v := range verdicts {
		out[i] = v.Verdict
	}
	return out
}

// history judges as of each of the days, from what was known on it, and names
// why each verdict differs from that of the day before. last is the docket.Judgement of
// the last day. It stops at once when ctx ends.
func (c comparison) history(ctx context.Context) (out []verdictAt, last docket.Judgement, err error) {
	bar := c.drawn(int64(len(c.days)), len(c.days) > 1)
	defer func() { _ = bar.Finish() }() // a bar that cannot be drawn is no reason to stop
	out = []verdictAt{}
	before := map[schema.Scope]schema.Verdict{}
	for _, asOf := range c.days {
		if last, err = c.in.docket.JudgeAt(ctx, asOf, c.known); err != nil {
			return nil, last, err
		}
		comparator.Order(last.Verdicts)
		for _, v := range last.Verdicts {
			if !c.wants(v) {
				continue
			}
			at := verdictAt{Verdict: v}
			if old, ok := before[v.Scope()]; ok && !v.SameAs(old) {
				at.Was, at.Cause = old.Status, comparator.Cause(old, v)
			}
			before[v.Scope()] = v
			out = append(out, at)
		}
		_ = bar.Add(1)
	}
	return out, last, nil
}

func (c compareCmd) wants(v schema.Verdict) bool {
	id := cmp.Or(c.Explain, c.Target)
	return (c.Policy == "" || v.Policy == c.Policy) && (id == "" || v.Target == id)
}

// exists refuses a policy or target the registers lack.
func (c comparison) exists() error {
	if _, ok := c.in.register.Policy(c.Policy); c.Policy != "" && !ok {
		return usage("no-such-policy", "name", c.Policy)
	}
	id := cmp.Or(c.Explain, c.Target)
	if _, ok := c.in.register.TargetOf(c.Policy, id); id != "" && !ok {
		return usage("no-target", "name", id)
	}
	return nil
}

// days are those to judge as of.
func (c compareCmd) days(today schema.Date) ([]schema.Date, error) {
	if c.From.IsZero() && c.To.IsZero() {
		return []schema.Date{cmp.Or(c.AsOf.Date, today)}, nil
	}
	days, err := schema.Steps(c.From.Date, c.To.Date, c.Step, mostComparisons)
	switch {
	case errors.Is(err, schema.ErrStep):
		return nil, usage("bad-step")
	case err != nil:
		return nil, usage("bad-range", "most", mostComparisons)
	}
	return days, nil
}

func tabulate(w io.Writer, in *installation, verdicts []verdictAt, lang string) {
	aligned(w, func(w io.Writer) {
		for _, v := range verdicts {
			g, _ := in.register.Target(v.Policy, v.Target)
			name := g.Title.In(lang)
			if region, ok := in.register.Regions.ByCode(v.Region); ok && v.Region != g.Region {
				name += " · " + region.Name.In(lang)
			}
			if v.Cause != "" {
				name += "  " + v.changed().In(lang)
			}
			ind, _ := in.register.Indicators.ByCode(g.Indicator)
			scale := figure.ScaleOf(ind, v.Unit, lang)
			figures := fmt.Sprintf("%s / %s %s", judgedFigure(v.Verdict, scale), scale.Number(v.TargetValue), scale.Unit)
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", v.AsOf, v.Target, v.Status.Label().In(lang), figures,
				ratio(v.Progress), ratio(v.Chance), orDash(v.Deadline.String()), name)
		}
	})
}

// judgedFigure is the figure judged as people read it: in their unit, with the
// digits that were written.
func judgedFigure(v schema.Verdict, scale figure.Scale) string {
	if v.Value == nil {
		return "-"
	}
	return scale.Figure(*v.Value, v.Judged(), &v.TargetValue).String()
}

func ratio(f *float64) string {
	if f == nil {
		return "-"
	}
	return strconv.FormatFloat(*f*100, 'f', 1, 64) + "%"
}

func verdictRows(verdicts []verdictAt, history bool) [][]string {
	rows := [][]string{{"as_of", "policy", "target", "region", "status", "rule", "value", "target_value", "gap", "unit", "period", "attainment", "progress", "schedule", "pace", "chance", "deadline", "provisional", "stale", "synthetic"}}
	if history {
		rows[0] = append(rows[0], "was", "cause")
	}
	for _, v := range verdicts {
		row := []string{v.AsOf.String(), v.Policy, v.Target, v.Region, string(v.Status), v.Rule, blank(v.Value), v.TargetValue.String(), blank(v.Gap), v.Unit,
			v.Period.String(), number(v.Attainment), number(v.Progress), number(v.Schedule), number(v.Pace), number(v.Chance), v.Deadline.String(),
			strconv.FormatBool(v.Marks.Provisional), strconv.FormatBool(v.Marks.Stale), strconv.FormatBool(v.Marks.Synthetic)}
		if history {
			row = append(row, string(v.Was), v.Cause)
		}
		rows = append(rows, row)
	}
	return rows
}

func blank(d *schema.Decimal) string {
	if d == nil {
		return ""
	}
	return d.String()
}

func number(f *float64) string {
	if f == nil {
		return ""
	}
	return strconv.FormatFloat(*f, 'g', -1, 64)
}
