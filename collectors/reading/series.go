package reading

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"yardstick/collectors/table"
)

// leave lists a column as left out.
func (a *axes) leave(col *series, h int, code string) {
	if !col.skip {
		col.skip = true
		a.b.g.r.found.Exclude(a.b.g.r.problem(code, a.b.g.rows[h].Cell(col.at)))
	}
}

// askColumn asks what a column is, unless an answer says that it does not matter.
func (a *axes) askColumn(col *series, h int) {
	r, c := a.b.g.r, a.b.g.rows[h].Cell(col.at)
	if col.skip {
		return
	}
	col.skip = true
	key := columnKey(c.Text)
	if strings.TrimSpace(c.Text) == "" {
		key = "column." + table.ColumnName(c.Column)
	}
	if r.options.Given[key] == "ignore" {
		r.found.Exclude(r.problem(ExcludedColumn, c))
		return
	}
	r.ask(AskMeaning, key, c, []string{"ignore"})
}

// unclear asks which way the table is to be read.
func (a *axes) unclear(key string) error {
	r := a.b.g.r
	c := firstFilled(a.b.g.rows[a.b.head[0]])
	var candidates []string
	if key != "axis" {
		candidates = []string{"indicator", "region"}
	}
	r.found.Dropped += len(a.b.data)
	r.ask(AskAxis, key, c, candidates)
	return nil
}

// growthRow is a row of change that names no indicator of its own.
var growthRow = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:比?(?:上年|去年)?(?:同期|同月)?|累计|当月|当季|当期|本月|本季)*(?:同比|环比|名义|实际)*(?:增长|增减|增幅|增速|±|增长率|变动|增加)*(?:[(]?[%±+-]*[)]?)$`)
})

// readRows reads what each row is about from the columns that name it.
func (a *axes) readRows() {
	g := a.b.g
	cols := slices.Sorted(mapKeys(a.stub))
	down := map[int]facet{}
	merged := a.mergedColumns(cols)
	heading := facet{}
	headings := a.b.headings
	var last facet
	for _, d := range a.b.data {
		for len(headings) > 0 && headings[0] < d {
			heading = a.heading(headings[0])
			headings = headings[1:]
		}
		l := &series{at: d, region: heading}
		for _, c := range cols {
			f := facet{g.text(d, c), g.rows[d].Cell(c)}
			if m, ok := a.mergedName(d, c, down[c]); ok {
				f = m
			} else if f.text == "" && merged[c] {
				f = down[c]
			}
			down[c] = f
			switch a.stub[c] {
			case kindIndicator:
				if l.indicator.said() {
					g.r.ask(AskAxis, "rows", f.cell, []string{"indicator", "region"})
				}
				l.indicator = f
			case kindRegion:
				l.region = f
			case kindUnit:
				l.unit = f
			case kindBasis:
				l.basis = f
			case kindFreq:
				l.freq = f
			case kindNote:
				l.note = f
			case kindStatus:
				if f.said() {
					l.status = f
				}
			case kindPeriod:
				if c == a.part {
					if f.said() {
						if l.when.err == nil {
							l.period.text = l.when.period.String() + "年"
						}
						l.period.text += yearPart(f.text, a.partLabel)
						l.when = periodText{}
						l.when, _ = g.reference(l.period.text)
					}
					continue
				}
				bare, flag := barePeriod(f.text)
				if l.period = (facet{bare, f.cell}); flag != "" {
					l.status = facet{flag, f.cell}
				}
				l.when, _ = g.reference(f.text)
			case kindCode:
			default:
				g.r.ask(AskAxis, "rows", f.cell, []string{"indicator", "region"})
			}
		}
		if total(l.indicator.text, kindIndicator) || total(l.region.text, kindRegion) || total(l.period.text, kindPeriod) {
			g.r.exclude(g.rows[d], ExcludedTotal)
			continue
		}
		if p := first(l.region, l.indicator); (part(p.text) || part(l.indicator.text)) && !basisWord(p.text) && p.cell.Row == g.rows[d].Number {
			if part(l.indicator.text) {
				p = l.indicator
			}
			g.r.ask(AskRow, "row."+p.cell.Name(), p.cell, nil)
			continue
		}
		if basisWord(l.indicator.text) && last.said() {
			l.basis, l.indicator = l.indicator, facet{last.text, l.indicator.cell}
		} else if name := foldText(l.indicator.text); name != "" && growthRow().MatchString(name) {
			g.r.ask(AskRow, "row."+l.indicator.cell.Name(), l.indicator.cell, nil)
			l.indicator = facet{}
			continue
		} else if l.indicator.said() {
			last = l.indicator
		}
		a.rows = append(a.rows, l)
	}
	a.outlined()
}

// heading is what a row of one text between rows of figures says of the rows
// below it: that is never certain.
func (a *axes) heading(row int) facet {
	g := a.b.g
	c := firstFilled(g.rows[row])
	switch g.r.options.Given["heading"] {
	case "ignore":
		g.r.exclude(g.rows[row], ExcludedNote)
		return facet{}
	case "region":
		g.r.exclude(g.rows[row], ExcludedNote)
		return facet{strings.TrimSpace(c.Text), c}
	}
	g.r.ask(AskHeading, "heading", c, []string{"ignore", "region"})
	return facet{}
}

// mergedColumns are the columns of names in which cells stand empty below the
// one they were merged with: at least half of all.
func (a *axes) mergedColumns(cols []int) map[int]bool {
	out := map[int]bool{}
	for _, c := range cols {
		empty := 0
		for _, d := range a.b.data {
			if a.b.g.text(d, c) == "" {
				empty++
			}
		}
		k := a.stub[c]
		out[c] = empty > 0 && 2*empty >= len(a.b.data) && len(cols) > 1 && (k == kindRegion || k == kindIndicator || k == kindPeriod) && a.b.g.text(a.b.data[0], c) != ""
	}
	return out
}
