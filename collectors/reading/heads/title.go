package heads

import (
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
	"yardstick/schema"
	"yardstick/schema/words"
)

// titleOther are words beside which a period in a title is not the figures':
// when a table was made public or filled in, or what its prices are held to.
var titleOther = written.Pattern(`年鉴|发布|印发|公布|制表|填报|填表|报送|更新|截稿|不变价|可比价|基期|=\s*100|规划|目标|五年|普查|计划|预计|预测|调查制度|文号|〔|\d{4}\s*[-/.]\s*\d`)

// titlePeriod is the one period that the lines above a table name: exactly one
// stands there, in a form with its year, and nothing says that it is another
// day than the figures'. ok is false where there is any doubt.
func (g *grid) titlePeriod(f account.Facts) (at account.Facet, p account.PeriodText, ok bool) {
	for _, t := range f.Titles {
		text := written.FoldWidth(t.Text)
		found := account.TitlePeriods().FindAllString(text, -1)
		rest := account.TitlePeriods().ReplaceAllString(text, "")
		if titleOther().MatchString(text) && (len(found) > 0 || strings.ContainsAny(rest, "0123456789")) ||
			strings.ContainsAny(rest, "月季旬") && strings.ContainsAny(rest, "0123456789一二三四上下前") {
			return account.Facet{}, p, false
		}
		for _, m := range found {
			if at.Said() {
				return account.Facet{}, p, false
			}
			if p, ok = g.reference(strings.Join(strings.Fields(m), "")); !ok || p.Err != nil || p.Period.Frequency() == schema.Daily {
				return account.Facet{}, p, false
			}
			at = account.Facet{Text: m, Cell: t.Cell}
		}
	}
	return at, p, at.Said()
}

// fromTitle takes the period from the title, where no line above the table and
// no answer names one, and says so. A year stands for the months and quarters
// of an axis that names none.
func (e *emitter) fromTitle() {
	if e.period.Said() || e.year.Said() || e.facts.Time.Said() {
		return
	}
	at, p, ok := e.titlePeriod(e.facts)
	if !ok {
		return
	}
	axis, years := false, false
	for _, l := range append(append([]*series{}, e.rows...), e.columns...) {
		axis = axis || l.period.Said()
		years = years || l.year.Said() || l.period.Said() && l.when.Err == nil
	}
	switch {
	case !axis:
		e.period, e.when, e.titled = at, p, true
	case !years && p.Period.Frequency() == schema.Annual:
		e.year = account.Facet{Text: p.Period.String(), Cell: at.Cell}
	default:
		return
	}
	told := account.At(e.Table.File, e.Table.Sheet, at.Cell, account.PeriodTold)
	told.Text = words.Say("excluded-"+account.PeriodTold, "cell", account.Spot(e.Table.Sheet, at.Cell), "period", at.Text)
	e.Found.Exclude(told)
}
