package app

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"yardstick/comparator"
	"yardstick/schema"
)

type compareCmd struct {
	AsOf    string `name:"as-of" help:"Judge from what was published by the end of that day. 截至该日。" placeholder:"DATE"`
	KnownAt string `name:"known-at" help:"Judge from what was received and not withdrawn by then. 截至该时刻已收到。" placeholder:"TIME"`
	From    string `help:"First day of a history. 起始日。" placeholder:"DATE"`
	To      string `help:"Last day of a history. 截止日。" placeholder:"DATE"`
	Step    string `help:"Days or months between: 1d, 7d, 1m. 间隔。" default:"1m"`
	Policy  string `help:"Only this policy. 只看该政策。" placeholder:"ID"`
	Explain string `help:"Say how one target was judged. 说明某目标如何评判。" placeholder:"TARGET"`
}

// mostComparisons bounds a history.
const mostComparisons = 4000

// Run judges and prints the verdicts, the worst first.
func (c compareCmd) Run(ctx context.Context, r *run) error {
	format, err := r.format("table", "json", "csv")
	if err != nil {
		return err
	}
	if _, err := day("--as-of", c.AsOf); err != nil {
		return err
	}
	if _, err := c.days(schema.Date{}); err != nil {
		return err
	}
	h, err := openHouse(ctx, r, "compare")
	if err != nil {
		return err
	}
	verdicts, err := c.judge(ctx, h)
	if err = errors.Join(err, h.close()); err != nil {
		return err
	}
	switch {
	case format == "json":
		return r.json(verdicts)
	case c.Explain != "":
		return r.out(func(w io.Writer) error { return explain(w, verdicts, r.Lang) })
	case format == "csv":
		return r.out(func(w io.Writer) error { return writeVerdicts(w, verdicts) })
	}
	return r.out(func(w io.Writer) error { return tabulate(w, h, verdicts, r.Lang) })
}

func (c compareCmd) judge(ctx context.Context, h *house) ([]schema.Verdict, error) {
	days, err := c.days(h.today())
	if err != nil {
		return nil, err
	}
	known, err := h.instant("--known-at", c.KnownAt)
	if err != nil {
		return nil, err
	}
	if err := c.known(h); err != nil {
		return nil, err
	}
	out := []schema.Verdict{}
	for _, asOf := range days {
		j, err := h.judgeAt(ctx, asOf, known)
		if err != nil {
			return nil, err
		}
		comparator.Order(j.verdicts)
		for _, v := range j.verdicts {
			if (c.Policy == "" || v.Policy == c.Policy) && (c.Explain == "" || v.Target == c.Explain) {
				out = append(out, v)
			}
		}
	}
	return out, nil
}

// known refuses a policy or target the registers lack.
func (c compareCmd) known(h *house) error {
	if _, ok := h.register.Policy(c.Policy); c.Policy != "" && !ok {
		return usage("no-such-policy", "name", c.Policy)
	}
	if c.Explain == "" {
		return nil
	}
	for _, p := range h.register.Policies {
		if _, ok := h.register.Target(p.ID, c.Explain); ok {
			return nil
		}
	}
	return usage("no-target", "name", c.Explain)
}

// days are those to judge as of.
func (c compareCmd) days(today schema.Date) ([]schema.Date, error) {
	if c.From == "" && c.To == "" {
		d, err := day("--as-of", c.AsOf)
		if d.IsZero() {
			d = today
		}
		return []schema.Date{d}, err
	}
	from, err := day("--from", c.From)
	if err != nil {
		return nil, err
	}
	to, err := day("--to", c.To)
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(strings.TrimRight(c.Step, "dm"))
	if err != nil || n < 1 || !strings.HasSuffix(c.Step, "d") && !strings.HasSuffix(c.Step, "m") {
		return nil, usage("bad-step")
	}
	var out []schema.Date
	for i := 0; ; i++ {
		d := from.AddDays(n * i)
		if strings.HasSuffix(c.Step, "m") {
			d = addMonths(from, n*i)
		}
		if from.IsZero() || d.After(to) || len(out) > mostComparisons {
			break
		}
		out = append(out, d)
	}
	if len(out) == 0 || len(out) > mostComparisons {
		return nil, usage("bad-range", "most", mostComparisons)
	}
	return out, nil
}

// addMonths is the same day n months later, or the month's last.
func addMonths(d schema.Date, n int) schema.Date {
	first := schema.NewDate(d.Year, d.Month+time.Month(n), 1)
	return schema.NewDate(first.Year, first.Month, min(d.Day, schema.Month(first.Year, first.Month).Last().Day))
}

func tabulate(w io.Writer, h *house, verdicts []schema.Verdict, lang string) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	for _, v := range verdicts {
		g, _ := h.register.Target(v.Policy, v.Target)
		fmt.Fprintf(t, "%s\t%s\t%s\t%s / %s %s\t%s\t%s\t%s\n", v.AsOf, v.Target, v.Status.Label().In(lang), shown(v.Value), v.TargetValue, v.Unit,
			ratio(v.Progress), orDash(v.Deadline.String()), g.Title.In(lang))
	}
	return t.Flush()
}

func ratio(f *float64) string {
	if f == nil {
		return "-"
	}
	return strconv.FormatFloat(*f*100, 'f', 1, 64) + "%"
}

func explain(w io.Writer, verdicts []schema.Verdict, lang string) error {
	for _, v := range verdicts {
		if _, err := fmt.Fprintf(w, "%s %s %s\n%s [%s]\n", v.AsOf, v.Target, v.Status.Label().In(lang), v.Reason.In(lang), v.Rule); err != nil {
			return err
		}
		for _, t := range []schema.Text{v.PaceWhyNot, v.ChanceWhyNot} {
			if s := t.In(lang); s != "" {
				fmt.Fprintln(w, s)
			}
		}
		for _, in := range v.Inputs {
			fmt.Fprintf(w, "  %-12s %s %s %s %s %s %s\n", in.Role, in.Indicator, in.Period, in.Basis, shown(in.Value), in.Unit, in.PublishedAt)
		}
	}
	return nil
}

func writeVerdicts(w io.Writer, verdicts []schema.Verdict) error {
	out := csv.NewWriter(w)
	rows := [][]string{{"as_of", "policy", "target", "region", "status", "rule", "value", "target_value", "gap", "unit", "period", "attainment", "progress", "schedule", "pace", "deadline", "provisional", "stale", "synthetic"}}
	for _, v := range verdicts {
		rows = append(rows, []string{v.AsOf.String(), v.Policy, v.Target, v.Region, string(v.Status), v.Rule, blank(v.Value), v.TargetValue.String(), blank(v.Gap), v.Unit,
			v.Period.String(), number(v.Attainment), number(v.Progress), number(v.Schedule), number(v.Pace), v.Deadline.String(),
			strconv.FormatBool(v.Marks.Provisional), strconv.FormatBool(v.Marks.Stale), strconv.FormatBool(v.Marks.Synthetic)})
	}
	return out.WriteAll(rows)
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
