package app

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"time"

	"yardstick/comparator"
	"yardstick/comparator/docket"
	"yardstick/comparator/telling"
	"yardstick/schema"
)

// explain explains each verdict. What it would take is of the last day alone.
func explain(w io.Writer, in *installation, verdicts []verdictAt, last docket.Judgement, lang string) error {
	for i, v := range verdicts {
		if i > 0 {
			fmt.Fprintln(w)
		}
		var ways *comparator.Ways
		if c, ok := last.Cases[v.Scope()]; ok && c.AsOf == v.AsOf {
			found := telling.Take(c, nil)
			ways = &found
		}
		g, _ := in.register.Target(v.Policy, v.Target)
		if err := telling.Explain(w, v.Verdict, g, v.changed(), ways, lang); err != nil {
			return err
		}
	}
	return nil
}

// space stands between sentences: none in Chinese.
func space(lang string) string { return schema.LanguageOf(lang).Space }

// one is the case of the target asked for, as of the day.
func (c compareCmd) one(ctx context.Context, in *installation, asOf schema.Date, known time.Time) (comparator.Case, docket.Judgement, error) {
	j, err := in.docket.JudgeAt(ctx, asOf, known)
	if err != nil {
		return comparator.Case{}, j, err
	}
	t, _ := targetOf(in.register, c.Policy, c.Target)
	return j.Cases[schema.Scope{Policy: t.Policy, Target: t.ID, Region: t.Region}], j, nil
}

// methods prints what published methods say of each target.
func (c compareCmd) methods(ctx context.Context, r *run, in *installation, asOf schema.Date, known time.Time) (func() error, error) {
	j, err := in.docket.JudgeAt(ctx, asOf, known)
	if err != nil {
		return nil, err
	}
	comparator.Order(j.Verdicts)
	list := []comparator.Opinions{}
	for _, v := range j.Verdicts {
		if c.wants(v) {
			list = append(list, telling.OpinionsOn(v, j.Cases[v.Scope()]))
		}
	}
	return func() error {
		return r.answer(list, func() [][]string { return opinionRows(list) }, func(w io.Writer) error {
			for _, o := range list {
				fmt.Fprintf(w, "%s  %s\n", o.Target, o.Status.Label().In(r.Lang))
				for _, m := range o.Methods {
					said := m.WhyNot.In(r.Lang)
					if m.Value != nil {
						said = m.Label.In(r.Lang) + space(r.Lang) + m.How.In(r.Lang)
					}
					fmt.Fprintf(w, "  %s: %s\n", m.Name.In(r.Lang), said)
				}
			}
			return nil
		})
	}, nil
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

// whatIf prints what it would take, and where the change given would lead.
func (c compareCmd) whatIf(ctx context.Context, r *run, in *installation, asOf schema.Date, known time.Time) (func() error, error) {
	k, _, err := c.one(ctx, in, asOf, known)
	if err != nil {
		return nil, err
	}
	each, err := in.register.Indicators.Amount(k.Indicator, c.WhatIf, k.Indicator.Unit)
	if err != nil {
		return nil, usage("bad-rate", "text", c.WhatIf, "unit", k.Indicator.Unit)
	}
	ways := telling.Take(k, &each)
	return func() error {
		return r.answer(ways, nil, func(w io.Writer) error {
			fmt.Fprintf(w, "%s  %s\n", ways.AsOf, k.Target.Title.In(r.Lang))
			if s := ways.WhyNot.In(r.Lang); s != "" {
				fmt.Fprintln(w, s)
			}
			for _, s := range ways.Sentences {
				fmt.Fprintln(w, s.In(r.Lang))
			}
			return nil
		})
	}, nil
}

// districts prints the parts of the target's region beside it.
func (c compareCmd) districts(ctx context.Context, r *run, in *installation, asOf schema.Date, known time.Time) (func() error, error) {
	k, j, err := c.one(ctx, in, asOf, known)
	if err != nil {
		return nil, err
	}
	parts := in.docket.Divide(j, k)
	return func() error {
		return r.answer(parts, nil, func(w io.Writer) error {
			err := aligned(w, func(w io.Writer) {
				for _, p := range parts.Parts {
					said, asked := p.WhyNot.In(r.Lang), "-"
					if p.Verdict != nil {
						said, asked = p.Verdict.Status.Label().In(r.Lang)+"  "+p.Source.In(r.Lang), p.Asked.String()
					}
					figures := fmt.Sprintf("%s / %s %s", shown(p.Value), asked, parts.Unit)
					fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", p.Region.Code, p.Region.Name.In(r.Lang), figures, p.Period, said)
				}
			})
			if err != nil {
				return err
			}
			if parts.Sum != nil {
				fmt.Fprintln(w, r.say("compare-sum", "period", parts.Period, "sum", parts.Sum, "value", parts.Value, "difference", parts.Difference, "unit", parts.Unit))
			} else {
				fmt.Fprintln(w, parts.SumWhyNot.In(r.Lang))
			}
			return nil
		})
	}, nil
}

// printScorecard prints how good the chances told were.
func printScorecard(r *run, s comparator.Scorecard) error {
	return r.answer(s, nil, func(w io.Writer) error {
		if s.Forecasts == 0 {
			_, err := fmt.Fprintln(w, r.say("scorecard-none", "waiting", s.Waiting))
			return err
		}
		fmt.Fprintln(w, r.say("scorecard-head", "targets", s.Targets, "reached", s.Reached, "forecasts", s.Forecasts, "waiting", s.Waiting))
		fmt.Fprintln(w, r.say("scorecard-brier", "brier", fixed(s.Brier), "base", fixed(s.BaseBrier), "skill", fixed(s.Skill)))
		if s.PaceBrier != nil {
			fmt.Fprintln(w, r.say("scorecard-pace", "n", s.PaceN, "pace", fixed(s.PaceBrier), "chance", fixed(s.PacedBy)))
		}
		return aligned(w, func(w io.Writer) {
			for _, b := range s.Bins {
				fmt.Fprintf(w, "%.0f%%–%.0f%%\t%d\t%s\t%s\n", 100*b.From, 100*b.To, b.Told, ratio(&b.Mean), ratio(&b.Share))
			}
		})
	})
}

func fixed(f *float64) string {
	if f == nil {
		return "—"
	}
	return strconv.FormatFloat(*f, 'f', 3, 64)
}
