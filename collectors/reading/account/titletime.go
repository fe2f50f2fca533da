package account

import (
	"regexp"
	"slices"
	"strings"

	"yardstick/collectors/reading/written"
	"yardstick/schema"
)

// A title says its time in one piece (2025年1-6月) or in two that stand apart (2025年大连市
// 主要指标（上半年）). All that it says of time is its period: what is left over, or is more
// than one year and one part of it, leaves its period open.

// TitleTimes is what titles say of time.
type TitleTimes struct {
	Said   []Facet  // periods, each with its year
	Whole  bool     // no more of them speaks of time
	Within bool     // they speak of months or quarters, and of no one (月报)
	Other  bool     // it may be another time than the figures'
	Offers []string // periods that they may mean
}

// titleTime is one title taken apart.
type titleTime struct {
	full, years, parts []string
	other              bool   // what it says of time may be another than the figures'
	rest               string // the title, each piece of time replaced by \x00
}

const (
	monthNumber = `(?:1[0-2]|0?[1-9])`
	dash        = `\s*[-—–~～至到]+\s*`
	partOfYear  = `上半年|下半年|全年|前\s*[一二两三1-3]\s*个?季度|[一1](?:季度)?` + dash + `[二三四2-4]\s*季度|第?[一二三四1-4]\s*季度|` +
		`[Qq][1-4]|[Hh][12]|前\s*` + monthNumber + `\s*个月|` + monthNumber + `\s*月?份?` + dash + monthNumber + `\s*月份?|` +
		monthNumber + `\s*月(?:份|末|底|[上中下]旬)?`
)

var (
	titleParts = written.Pattern(partOfYear)
	// machine forms of months; what stands around them is looked at besides.
	titleMonths = written.Pattern(`(?:19|20)\d{2}[./]` + monthNumber + dash + monthNumber + `(?:月份?)?|` +
		`(?:19|20)\d{2}[-./]` + monthNumber + `(?:月份?)?|(?:19|20)\d{2}(?:0[1-9]|1[0-2])`)
	titleOpen     = written.Pattern(`半年|旬|[HhQq]\d|\d\s*期|(?:19|20)\d{2}\s*[-/.—–~～至到]+\s*(?:\d|\x00)`)
	titleIssue    = written.Pattern(`第\s*(` + monthNumber + `)\s*期`)
	titleWithin   = written.Pattern(`月报|月度|按月|季报|季度|按季|旬报|旬度`)
	firstMonths   = written.Pattern(`^前\s*(\d+)\s*个月$`)
	numeralYear   = written.Pattern(`[一二][〇零○ＯOo九][〇零○ＯOo一二三四五六七八九]{2}\s*年`)
	numeralMonths = written.Pattern(`(?:(十[一二]?|[一二三四五六七八九])(` + dash + `))?(十[一二]?|[一二三四五六七八九])月`)
	shortYears    = written.Pattern(`(^|[^\d])([0-4]\d)年(\s*(?:` + partOfYear + `))`)
)

var halves = strings.NewReplacer("H1", "上半年", "h1", "上半年", "H2", "下半年", "h2", "下半年")

var numerals = strings.NewReplacer("〇", "0", "零", "0", "○", "0", "Ｏ", "0", "O", "0", "o", "0", "一", "1", "二", "2", "三", "3",
	"四", "4", "五", "5", "六", "6", "七", "7", "八", "8", "九", "9")

var romans = strings.NewReplacer("Ⅰ", "一", "Ⅱ", "二", "Ⅲ", "三", "Ⅳ", "四")

// inDigits is a title whose years and months are written in digits.
func inDigits(title string) string {
	title = romans.Replace(title)
	title = numeralYear().ReplaceAllStringFunc(title, numerals.Replace)
	return numeralMonths().ReplaceAllStringFunc(title, func(s string) string {
		for _, ten := range [][2]string{{"十一", "11"}, {"十二", "12"}, {"十", "10"}} {
			s = strings.ReplaceAll(s, ten[0], ten[1])
		}
		return numerals.Replace(s)
	})
}

// titleOther are words beside which a period in a title is not the figures':
// when a table was made public or filled in, or what its prices are held to.
var titleOther = written.Pattern(`年鉴|发布|印发|公布|制表|填报|填表|报送|更新|截稿|不变价|可比价|基期|=\s*100|规划|目标|五年|普查|计划|预计|预测|调查制度|文号|〔`)

var (
	planWords = written.Pattern(`计划|目标|预计`)
)

// titleTime takes a title apart.
func (r *Reader) titleTime(title string) (t titleTime) {
	text := shortYears().ReplaceAllString(r.YearsInTitle(inDigits(title)), "${1}20${2}年${3}")
	t.rest = text
	take := func(re *regexp.Regexp, said func(s string, within bool) bool) {
		var b strings.Builder
		from := 0
		for _, m := range re.FindAllStringIndex(t.rest, -1) {
			beside := t.rest[max(0, m[0]-1):m[0]] + t.rest[m[1]:min(m[1]+1, len(t.rest))]
			if said(strings.Join(strings.Fields(t.rest[m[0]:m[1]]), ""), strings.ContainsAny(beside, "0123456789.-/")) {
				b.WriteString(t.rest[from:m[0]] + "\x00")
				from = m[1]
			}
		}
		t.rest = b.String() + t.rest[from:]
	}
	take(titleMonths(), func(s string, within bool) bool {
		p := r.Period(strings.TrimRight(s, "月份"))
		ok := p.Err == nil && !within // else of a day or a longer number
		if ok {
			t.full = append(t.full, p.Period.Chinese(p.Basis))
		}
		return ok
	})
	take(TitlePeriods(), func(s string, _ bool) bool {
		if p := r.Period(s); p.Annual() {
			t.years = append(t.years, strings.TrimRight(s, "年度")+"年")
		} else {
			t.full = append(t.full, s)
		}
		return true
	})
	take(titleParts(), func(s string, _ bool) bool {
		t.parts = append(t.parts, halves.Replace(firstMonths().ReplaceAllString(s, "1-${1}月")))
		return true
	})
	if len(t.full)+len(t.years)+len(t.parts) > 0 && written.CarriedOut().MatchString(text) {
		text = planWords().ReplaceAllString(text, "") // how much of a plan is done until then
	}
	t.other = titleOther().MatchString(text) && strings.ContainsAny(t.rest, "\x000123456789") ||
		strings.ContainsAny(t.rest, "月季旬") && strings.ContainsAny(t.rest, "0123456789一二三四上下前")
	return t
}

// TitleTimes puts together what some titles say of time.
func (r *Reader) TitleTimes(titles []Facet) (out TitleTimes) {
	var full, years, parts, open []Facet
	out.Whole = true
	for _, t := range titles {
		one := r.titleTime(t.Text)
		add := func(to *[]Facet, texts ...string) {
			for _, s := range texts {
				if !slices.ContainsFunc(*to, func(f Facet) bool { return f.Text == s }) {
					*to = append(*to, Facet{s, t.Cell})
				}
			}
		}
		add(&full, one.full...)
		add(&years, one.years...)
		add(&parts, one.parts...)
		for _, m := range titleIssue().FindAllStringSubmatch(one.rest, -1) {
			add(&open, m[1]+"月", "1-"+m[1]+"月")
		}
		if strings.Contains(one.rest, "半年") {
			add(&open, "上半年")
		}
		out.Other = out.Other || one.other
		out.Whole = out.Whole && !titleOpen().MatchString(one.rest)
		out.Within = out.Within || titleWithin().MatchString(one.rest)
	}
	out.Within = out.Within && len(full)+len(parts) == 0
	out.join(r, full, years, parts, open)
	return out
}

// join puts the parts of a year behind the year: what is open besides is offered alone.
func (t *TitleTimes) join(r *Reader, full, years, parts, open []Facet) {
	offer := func(text string) bool {
		p := r.Period(text)
		ok := p.Err == nil && p.Period.Frequency() != schema.Daily
		if ok && !slices.Contains(t.Offers, text) {
			t.Offers = append(t.Offers, text)
		}
		return ok
	}
	for _, f := range full {
		offer(f.Text)
	}
	for _, y := range years {
		for _, p := range slices.Concat(parts, open) {
			offer(y.Text + p.Text)
		}
	}
	for _, y := range years {
		offer(y.Text)
	}
	if t.Said = full; len(full)+len(parts) == 0 {
		t.Said = years
	}
	for _, f := range full { // its year is one of theirs
		y := Facet{r.Period(f.Text).Period.Last().String()[:4] + "年", f.Cell}
		if !slices.ContainsFunc(years, func(o Facet) bool { return o.Text == y.Text }) {
			years = append(years, y)
		}
	}
	if len(years) > 1 {
		t.Whole = false
		return
	}
	for _, p := range parts {
		for _, y := range years {
			t.Said = append(t.Said, Facet{y.Text + p.Text, p.Cell})
		}
	}
}

// CutTimes is a title with another text in the place of each piece of time.
func (r *Reader) CutTimes(title, mark string) string {
	text := strings.Join(strings.Fields(strings.ReplaceAll(r.titleTime(title).rest, "\x00", mark)), "")
	return emptyBrackets().ReplaceAllString(text, "")
}
