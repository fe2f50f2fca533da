package app

import (
	"context"
	"fmt"
	"io"
	"strconv"

	"yardstick/comparator"
	"yardstick/comparator/docket"
	"yardstick/comparator/telling"
	"yardstick/schema"
)

// explain explains each verdict. What it would take is of the last day alone.
func explain(w io.Writer, in *installation, verdicts []verdictAt, last docket.Judgement, lang string) {
	for i, v := range verdicts {
		if i > 0 {
			fmt.Fprintln(w)
		}
		var ways *comparator.Ways
		if c, ok := last.Cases[v.Scope()]; ok && c.AsOf == v.AsOf {
			ways = new(telling.Take(c, nil))
		}
		g, _ := in.register.Target(v.Policy, v.Target)
		_ = telling.Explain(w, v.Verdict, g, v.changed(), ways, lang) // w tells at its end what could not be written
	}
}

// one is the case of the target asked for, as of the day.
func (c comparison) one(ctx context.Context) (comparator.Case, docket.Judgement, error) {
	j, err := c.in.docket.JudgeAt(ctx, c.days[0], c.known)
	if err != nil {
		return comparator.Case{}, j, err
	}
	t, _ := c.in.register.TargetOf(c.Policy, c.Target)
	return j.Cases[schema.Scope{Policy: t.Policy, Target: t.ID, Region: t.Region}], j, nil
}

// methods are what published methods say of each target.
func (c comparison) methods(ctx context.Context) (answer, error) {
	j, err := c.in.docket.JudgeAt(ctx, c.days[0], c.known)
	if err != nil {
		return answer{}, err
	}
	comparator.Order(j.Verdicts)
	list := []comparator.Opinions{}
	for _, v := range j.Verdicts {
		if c.wants(v) {
			list = append(list, telling.OpinionsOn(v, j.Cases[v.Scope()]))
		}
	}
	return answer{list, func() [][]string { return opinionRows(list) }, func(w io.Writer) {
		for _, o := range list {
			fmt.Fprintf(w, "%s  %s\n", o.Target, o.Status.Label().In(c.Lang))
			for _, m := range o.Methods {
				said := m.WhyNot.In(c.Lang)
				if m.Value != nil {
					said = m.Label.In(c.Lang) + schema.LanguageOf(c.Lang).Space + m.How.In(c.Lang)
				}
				fmt.Fprintf(w, "  %s: %s\n", m.Name.In(c.Lang), said)
			}
		}
	}}, nil
}

func opinionRows(list []comparator.Opinions) [][]string {
	rows := [][]string{{"as_of", "policy", "target", "region", "status", "method", "value", "score", "class", "missing"}}
	for _, o := range list {
		for _, m := range o.Methods {
			rows = append(rows, []string{o.AsOf.String(), o.Policy, o.Target, o.Region, string(o.Status), m.Method, number(m.Value), number(m.Score), m.Class, m.WhyNot.In(schema.Chinese)})
		}
	}
	return rows
}

// whatIf is what it would take, and where the change given would lead.
func (c comparison) whatIf(ctx context.Context) (answer, error) {
	k, _, err := c.one(ctx)
	if err != nil {
		return answer{}, err
	}
	each, err := c.in.register.Indicators.Amount(k.Indicator, c.WhatIf, k.Indicator.Unit)
	if err != nil {
		return answer{}, usage("bad-rate", "text", c.WhatIf, "unit", k.Indicator.Unit)
	}
	ways := telling.Take(k, &each)
	return answer{json: ways, tell: func(w io.Writer) {
		fmt.Fprintf(w, "%s  %s\n", ways.AsOf, k.Target.Title.In(c.Lang))
		if s := ways.WhyNot.In(c.Lang); s != "" {
			fmt.Fprintln(w, s)
		}
		for _, s := range ways.Sentences {
			fmt.Fprintln(w, s.In(c.Lang))
		}
	}}, nil
}

// districts are the parts of the target's region beside it.
func (c comparison) districts(ctx context.Context) (answer, error) {
	k, j, err := c.one(ctx)
	if err != nil {
		return answer{}, err
	}
	parts := c.in.docket.Divide(j, k)
	return answer{json: parts, tell: func(w io.Writer) {
		aligned(w, func(w io.Writer) {
			for _, p := range parts.Parts {
				said, asked := p.WhyNot.In(c.Lang), "-"
				if v := p.Verdict; v != nil {
					said, asked = v.Status.Label().In(c.Lang)+"  "+p.Source.In(c.Lang), p.Asked.String()
				}
				figures := fmt.Sprintf("%s / %s %s", shown(p.Value), asked, parts.Unit)
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", p.Region.Code, p.Region.Name.In(c.Lang), figures, p.Period, said)
			}
		})
		if parts.Sum == nil {
			fmt.Fprintln(w, parts.SumWhyNot.In(c.Lang))
			return
		}
		c.tell(w, "compare-sum", "period", parts.Period, "sum", parts.Sum, "value", parts.Value,
			"difference", parts.Difference, "unit", parts.Unit)
	}}, nil
}

// scorecard is how good the chances told were.
func (r *run) scorecard(s comparator.Scorecard) answer {
	return answer{json: s, tell: func(w io.Writer) {
		if s.Forecasts == 0 {
			r.tell(w, "scorecard-none", "waiting", s.Waiting)
			return
		}
		r.tell(w, "scorecard-head", "targets", s.Targets, "reached", s.Reached, "forecasts", s.Forecasts, "waiting", s.Waiting)
		r.tell(w, "scorecard-brier", "brier", fixed(s.Brier), "base", fixed(s.BaseBrier), "skill", fixed(s.Skill))
		if s.PaceBrier != nil {
			r.tell(w, "scorecard-pace", "n", s.PaceN, "pace", fixed(s.PaceBrier), "chance", fixed(s.PacedBy))
		}
		aligned(w, func(w io.Writer) {
			for _, b := range s.Bins {
				told := fmt.Sprintf("%.0f%%–%.0f%%", 100*b.From, 100*b.To)
				fmt.Fprintf(w, "%s\t%d\t%s\t%s\n", told, b.Told, ratio(&b.Mean), ratio(&b.Share))
			}
		})
	}}
}

func fixed(f *float64) string {
	if f == nil {
		return "—"
	}
	return strconv.FormatFloat(*f, 'f', 3, 64)
}
