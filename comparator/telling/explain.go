package telling

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"yardstick/comparator"
	"yardstick/schema"
	"yardstick/schema/figure"
	"yardstick/schema/words"
)

// Explain says of a verdict, in sentences: where it stands, when it will be
// reached, how likely that is, what would still do, what to doubt, and what it was
// judged on. changed is why it is no longer the one before, if anything; ways is
// what it would take, nil where that is not told.
func Explain(w io.Writer, v schema.Verdict, g schema.Target, changed schema.Text, ways *comparator.Ways, lang string) error {
	e := explainer{w, lang}
	e.say("explain-head", "day", v.AsOf, "title", g.Title, "status", v.Status.Label(), "rule", v.Rule)
	if changed != (schema.Text{}) {
		fmt.Fprintln(w, changed.In(lang))
	}
	if ways != nil {
		e.when(v, *ways)
	}
	e.likely(v)
	e.part("explain-why", v.Reason.Text)
	e.part("explain-no-pace", v.PaceWhyNot.Text)
	e.doubts(v, g)
	if len(v.Inputs) > 0 {
		e.say("explain-inputs")
	}
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	for _, in := range v.Inputs {
		value := "-"
		if in.Value != nil {
			value = in.Value.String()
		}
		fmt.Fprintf(t, "  %s\t%s\t%s\t%s\t%s\t%s\t%s\n", in.Role, in.Indicator, in.Period, in.Basis, value, in.Unit, in.PublishedAt)
	}
	return t.Flush()
}

// explainer writes paragraphs.
type explainer struct {
	w    io.Writer
	lang string
}

func (e explainer) say(id string, args ...any) { fmt.Fprintln(e.w, words.Say(id, args...).In(e.lang)) }

// part is a heading with a sentence, if there is one.
func (e explainer) part(heading string, t schema.Text) {
	if s := t.In(e.lang); s != "" {
		fmt.Fprintln(e.w, words.Say(heading).In(e.lang)+s)
	}
}

// when is the deadline, what it takes and when it will be.
func (e explainer) when(v schema.Verdict, ways comparator.Ways) {
	switch left := v.Deadline.DaysSince(v.AsOf); {
	case v.Deadline.IsZero():
		e.say("explain-undated")
	case left >= 0:
		e.say("explain-deadline", "deadline", v.Deadline, "days", left)
	}
	var all []string
	for _, s := range ways.Sentences {
		all = append(all, s.In(e.lang))
	}
	if len(all) > 0 {
		fmt.Fprintln(e.w, words.Say("explain-when").In(e.lang)+strings.Join(all, schema.LanguageOf(e.lang).Space))
	}
}

// likely is the chance and the range, or why there is none.
func (e explainer) likely(v schema.Verdict) {
	if v.Chance == nil {
		e.part("explain-likely", v.ChanceWhyNot.Text)
		return
	}
	low, _ := v.Forecast.At(.1)
	mid, _ := v.Forecast.At(.5)
	high, _ := v.Forecast.At(.9)
	e.say("explain-chance", "chance", figure.Chance(*v.Chance, v.Thresholds), "low", sig(low), "mid", sig(mid), "high", sig(high), "unit", v.Unit, "target", v.TargetValue, "method", v.Forecast.Method)
}

// sig has four significant digits: an estimate.
func sig(f float64) string {
	if f >= 1000 || f <= -1000 {
		return strconv.FormatFloat(f, 'f', 0, 64)
	}
	return strconv.FormatFloat(f, 'g', 4, 64)
}

// doubts are the marks that should make a reader careful.
func (e explainer) doubts(v schema.Verdict, g schema.Target) {
	var all []string
	add := func(on bool, id string, args ...any) {
		if on {
			all = append(all, words.Say(id, args...).In(e.lang))
		}
	}
	add(v.Marks.Provisional, "explain-provisional")
	add(v.Marks.Stale, "explain-stale", "days", v.Marks.StaleDays)
	add(v.Marks.AwaitingFinal, "explain-awaiting")
	add(v.Marks.Synthetic, "explain-synthetic")
	if g.Reading != nil {
		add(v.Marks.ReadingUnconfirmed, "explain-reading", "reading", g.Reading.Text)
	}
	add(g.SinceAssumed, "explain-since", "since", g.Since)
	if len(all) > 0 {
		fmt.Fprintln(e.w, words.Say("explain-doubts").In(e.lang)+strings.Join(all, schema.LanguageOf(e.lang).Space))
	}
}
