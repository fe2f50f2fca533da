package reading

import (
	"regexp"
	"strings"
	"sync"

	"yardstick/schema"
	"yardstick/schema/words"
)

// titlePeriods finds what may be a period within a title, the longest form at
// each place.
var titlePeriods = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\d{4}\s*年?\s*第?[一二三四1-4]\s*季度|\d{4}\s*[Qq][1-4]|\d{4}\s*年\s*(?:上半年|前[一二三]季度)|` +
		`\d{4}\s*年\s*\d{1,2}\s*[-—–~～至]\s*\d{1,2}\s*月份?|\d{4}\s*年\s*\d{1,2}\s*月(?:份|末|底|[上中下]旬)?(?:\d{1,2}日)?|\d{4}\s*年度?`)
})

// titleOther are words beside which a period in a title is not the figures':
// when a table was made public or filled in, or what its prices are held to.
var titleOther = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`年鉴|发布|印发|公布|制表|填报|填表|报送|更新|截稿|不变价|可比价|基期|=\s*100|规划|目标|五年|普查|计划|预计|预测|调查制度|文号|〔|\d{4}\s*[-/.]\s*\d`)
})

// titlePeriod is the one period that the lines above a table name: exactly one
// stands there, in a form with its year, and nothing says that it is another
// day than the figures'. ok is false where there is any doubt.
func (g *grid) titlePeriod(f facts) (at facet, p periodText, ok bool) {
	for _, t := range f.titles {
		text := foldWidth(t.text)
		found := titlePeriods().FindAllString(text, -1)
		rest := titlePeriods().ReplaceAllString(text, "")
		if titleOther().MatchString(text) && (len(found) > 0 || strings.ContainsAny(rest, "0123456789")) ||
			strings.ContainsAny(rest, "月季旬") && strings.ContainsAny(rest, "0123456789一二三四上下前") {
			return facet{}, p, false
		}
		for _, m := range found {
			if at.said() {
				return facet{}, p, false
			}
			if p, ok = g.reference(strings.Join(strings.Fields(m), "")); !ok || p.err != nil || p.period.Frequency() == schema.Daily {
				return facet{}, p, false
			}
			at = facet{m, t.cell}
		}
	}
	return at, p, at.said()
}

// namedTitle is the indicator of the catalogue whose name one of the lines above
// a table is, as a whole, with or without its unit in brackets; none where two
// are. It concerns only a table that names no indicator itself.
func (r *reader) namedTitle(f facts) (at facet) {
	if r.options.Known == nil {
		return facet{}
	}
	for _, t := range f.titles {
		name := unmark(t.text)
		if bare, inner, ok := SplitBrackets(name); ok && LooksLikeUnit(inner) {
			name = bare
		}
		if _, _, known := r.options.Known(name); !known {
			continue
		}
		if at.said() {
			return facet{}
		}
		at = facet{t.text, t.cell}
	}
	return at
}

// fromTitle takes the period from the title, where no line above the table and
// no answer names one, and says so. A year stands for the months and quarters
// of an axis that names none.
func (e *emitter) fromTitle() {
	g := e.b.g
	if e.period.said() || e.year.said() || e.b.facts.time.said() {
		return
	}
	at, p, ok := g.titlePeriod(e.b.facts)
	if !ok {
		return
	}
	axis, years := false, false
	for _, l := range append(append([]*series{}, e.rows...), e.columns...) {
		axis = axis || l.period.said()
		years = years || l.year.said() || l.period.said() && l.when.err == nil
	}
	switch {
	case !axis:
		e.period, e.when, e.titled = at, p, true
	case !years && p.period.Frequency() == schema.Annual:
		e.year = facet{p.period.String(), at.cell}
	default:
		return
	}
	told := At(g.r.table.File, g.r.table.Sheet, at.cell, PeriodTold)
	told.Text = words.Say("excluded-"+PeriodTold, "cell", Spot(g.r.table.Sheet, at.cell), "period", at.text)
	g.r.found.Exclude(told)
}
