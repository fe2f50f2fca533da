// Package telling says in words and figures what was judged: the sentences behind
// a verdict's reasons and all that pages, papers, lists and dashboards show of it.
// It is pure: the same verdict, register, language and day give the same words.
package telling

import (
	"strconv"

	"yardstick/comparator"
	"yardstick/schema"
	"yardstick/schema/figure"
	"yardstick/schema/words"
)

// setting is what a reason is about: by it an amount gets its unit and digits.
type setting struct {
	target schema.Target
	ind    schema.Indicator
}

// Verdict is v with its reasons in words. Of a verdict that was kept as words
// they stay what they are. ind is the target's entry in the catalogue.
func Verdict(v schema.Verdict, ind schema.Indicator) schema.Verdict {
	s := setting{schema.Target{
		Kind: v.Kind, Direction: v.Direction, Op: v.Op, Unit: v.Unit, Value: v.TargetValue, Tolerance: v.Tolerance, Thresholds: v.Thresholds,
	}, ind}
	v.Reason, v.PaceWhyNot, v.ChanceWhyNot = s.word(v.Reason), s.word(v.PaceWhyNot), s.word(v.ChanceWhyNot)
	return v
}

// Take is comparator.Take in words.
func Take(c comparator.Case, each *schema.Decimal) comparator.Ways {
	w, s := comparator.Take(c, each), setting{c.Target, c.Indicator}
	w.WhyNot = s.word(w.WhyNot)
	for i, r := range w.Sentences {
		w.Sentences[i] = s.word(r)
	}
	return w
}

// OpinionsOn is comparator.OpinionsOn in words.
func OpinionsOn(v schema.Verdict, c comparator.Case) comparator.Opinions {
	out, s := comparator.OpinionsOn(v, c), setting{c.Target, c.Indicator}
	for i := range out.Methods {
		o := &out.Methods[i]
		o.Name, o.Label, o.How, o.WhyNot = s.word(o.Name), s.word(o.Label), s.word(o.How), s.word(o.WhyNot)
	}
	return out
}

// Divide is comparator.Divide in words.
func Divide(c comparator.Case, parts []schema.Region, known map[string][]schema.Observation) comparator.Parts {
	out, s := comparator.Divide(c, parts, known), setting{c.Target, c.Indicator}
	out.SumWhyNot = s.word(out.SumWhyNot)
	for i := range out.Parts {
		p := &out.Parts[i]
		p.WhyNot = s.word(p.WhyNot)
		if p.Verdict != nil {
			told := Verdict(*p.Verdict, c.Indicator)
			p.Verdict = &told
		}
	}
	return out
}

// word tells a reason, one sentence after the other.
func (s setting) word(r schema.Reason) schema.Reason {
	if len(r.Says) == 0 {
		return r
	}
	var t schema.Text
	for _, one := range r.Says {
		t = t.Then(s.say(one))
	}
	return schema.Reason{Text: t}
}

func (s setting) say(one schema.Saying) schema.Text {
	args := make([]any, 0, 2*len(one.Args))
	for _, a := range one.Args {
		args = append(args, a.Name, s.arg(a))
	}
	return words.Say(one.Code, args...)
}

// arg words one argument.
func (s setting) arg(a schema.Arg) any {
	th := s.target.Thresholds
	switch a.As {
	case schema.AsPromised:
		return s.promised()
	case schema.AsDistance:
		return s.gap(func(of figure.Scale) string {
			return s.target.Gap(of.Figure(*a.Amount, nil, &s.target.Value)).Abs().String()
		})
	case schema.AsDifference:
		return s.gap(func(figure.Scale) string { return a.Amount.String() })
	case schema.AsAmount:
		if a.Amount.Equal(s.target.Value) { // the target's own digits
			return s.amount(func(figure.Scale) string { return a.Amount.String() })
		}
		return s.amount(func(of figure.Scale) string { return of.Figure(*a.Amount, nil, &s.target.Value).String() })
	case schema.AsEstimate:
		return s.amount(func(figure.Scale) string { return figure.Estimate(a.Number, s.target.Value) })
	case schema.AsSlope:
		return s.gap(func(figure.Scale) string { return figure.Significant(a.Number, 3) })
	case schema.AsChange:
		return s.gap(func(figure.Scale) string { return figure.Change(a.Number) })
	case schema.AsShare:
		return figure.PercentFine(a.Number)
	case schema.AsPace:
		return figure.Ratio(a.Number, th.PaceOnTrack, th.PaceAtRisk)
	case schema.AsChance:
		return figure.Chance(a.Number, th)
	case schema.AsBound:
		return figure.Bound(a.Number)
	case schema.AsBoundShare:
		return figure.BoundPercent(a.Number)
	case schema.AsFigures:
		return figure.Significant(a.Number, a.Digits)
	case schema.AsDecimals:
		return strconv.FormatFloat(a.Number, 'f', a.Digits, 64)
	case schema.AsCount:
		return strconv.Itoa(int(a.Number))
	case schema.AsDay:
		return figure.Day(a.Day)
	case schema.AsPeriod:
		return figure.Period(a.Periods[0], a.Basis)
	case schema.AsPeriods:
		return figure.Periods(a.Periods)
	case schema.AsStatus:
		return a.Status.Label()
	case schema.AsSaying:
		return s.say(*a.Saying)
	}
	return a.Text
}

// amount is a figure with the target's unit, gap one that lies between two.
func (s setting) amount(digits func(figure.Scale) string) schema.Text {
	return s.both(digits, func(of figure.Scale) string { return of.Unit })
}

func (s setting) gap(digits func(figure.Scale) string) schema.Text {
	return s.both(digits, func(of figure.Scale) string { return of.GapUnit })
}

func (s setting) both(digits, unit func(figure.Scale) string) schema.Text {
	return schema.Every(func(l schema.Language) string {
		of := figure.PlainScale(s.ind, s.target.Unit, l.Code)
		return figure.Close(digits(of), unit(of))
	})
}

// promised is the target as a figure must be: its value, or its bounds where it
// allows for some distance.
func (s setting) promised() schema.Text {
	plain := func(d *schema.Decimal) schema.Text {
		return s.amount(func(figure.Scale) string { return d.String() })
	}
	low, high := s.target.Bounds()
	switch {
	case s.target.Tolerance == nil:
		return plain(&s.target.Value)
	case low != nil && high != nil:
		return words.Say("judge-between", "low", plain(low), "high", plain(high))
	case low != nil:
		return words.Say("judge-about", "value", plain(&s.target.Value), "bound", plain(low))
	}
	return words.Say("judge-about", "value", plain(&s.target.Value), "bound", plain(high))
}
