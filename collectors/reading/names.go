package reading

import (
	"context"
	"path"
	"slices"
	"strconv"
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
	"yardstick/schema"
)

// label is what the name of a sheet reads as, and what its cells say beside it.
type label struct {
	read    bool               // it was looked at
	reader  *account.Reader    // of the sheet's periods and places
	period  account.PeriodText // Err: it is none; Partial: it names no year
	text    string             // of the period
	place   string
	years   []string                 // that stand in the sheet's titles
	periods []account.PeriodText     // that stand in any of its cells, with their years
	parts   []string                 // parts of a year that stand there without one
	places  []string                 // that its titles begin with
	texts   map[schema.Period]string // of those periods, as written
}

// Bounds of the cells that are held against a sheet's name.
const (
	labelRows   = 2000
	labelTitles = 8
	labelLetter = 120
)

// readLabel reads the name of a sheet, and what its cells say of time and place.
func (s *Sheets) readLabel(ctx context.Context, one *sheet) error {
	if one.label.read {
		return nil
	}
	o := s.o
	o.Given = nil
	r := account.NewReader(one.table, o, &account.Findings{}, nil)
	l := label{read: true, reader: r, texts: map[schema.Period]string{}}
	l.name(one.name, o)
	one.label = l
	if l.place == "" && l.period.Err != nil && !l.period.Partial() {
		return nil
	}
	filled := 0
	for row, err := range one.table.Rows(ctx) {
		if err != nil {
			return err
		}
		if row.Number > labelRows {
			break
		}
		if row.Blank() {
			continue
		}
		filled++
		said := 0
		for _, text := range row.Texts {
			if strings.TrimSpace(text) != "" {
				said++
			}
		}
		for _, text := range row.Texts {
			if len(text) < labelLetter*4 {
				one.label.see(text, filled <= labelTitles && said <= 2)
			}
		}
	}
	return nil
}

// name reads the name itself.
func (l *label) name(name string, o account.Options) {
	l.text = strings.Join(strings.Fields(labelEnd().ReplaceAllString(written.FoldWidth(name), "")), "")
	l.period = account.PeriodText{Err: schema.ErrPeriod}
	if p, ok := l.reader.Reference(l.text); ok && (p.Err != nil || p.Period.Frequency() != schema.Daily) {
		l.period = p
	}
	if o.Regions != nil && o.Regions(name) {
		l.place = name
	}
}

// labelEnd is what people write behind the period in a sheet's name.
var labelEnd = written.Pattern(`(?:数据|报表|月报|快报|统计|汇总|表)+$`)

// partial finds parts of a year that stand without one.
var partial = written.Pattern(`(?:\d{1,2}\s*[-—–~～至]\s*)?\d{1,2}\s*月|前[一二三]季度|上半年|[一二三四]季度`)

// dayOf finds days of a month: when a sheet was filled in is no period.
var dayOf = written.Pattern(`\d{1,2}\s*月\s*\d{1,2}\s*日`)

// see takes what a cell says of time and place.
func (l *label) see(text string, title bool) {
	text = strings.TrimSpace(text)
	if text == "" {
		return
	}
	if title {
		for _, p := range l.reader.PlacesIn([]string{text}) {
			if !slices.Contains(l.places, p) {
				l.places = append(l.places, p)
			}
		}
	}
	if !written.MaybePeriod(text) {
		return
	}
	dated := l.reader.YearsInTitle(text)
	for _, m := range account.TitlePeriods().FindAllString(dated, -1) {
		m = strings.Join(strings.Fields(m), "")
		p, ok := l.reader.Reference(m)
		if !ok || p.Err != nil || p.Period.Frequency() == schema.Daily || !strings.ContainsAny(m, "年季月Qq") {
			continue
		}
		if y := strconv.Itoa(p.Period.First().Year); title && !slices.Contains(l.years, y) {
			l.years = append(l.years, y)
		}
		if l.texts[p.Period] == "" {
			l.texts[p.Period] = m
			l.periods = append(l.periods, p)
		}
	}
	rest := dayOf().ReplaceAllString(account.TitlePeriods().ReplaceAllString(dated, ""), "")
	for _, m := range partial().FindAllString(rest, -1) {
		if m = strings.Join(strings.Fields(m), ""); !slices.Contains(l.parts, m) && len(l.parts) < 100 {
			l.parts = append(l.parts, m)
		}
	}
}

// reads reports whether the name of a sheet reads as what a kind of question is about.
func (l *label) reads(kind string) bool {
	switch kind {
	case "region":
		return l.place != ""
	case "year":
		return l.period.Err == nil
	}
	return l.period.Err == nil || l.period.Partial()
}

// dated is the period that the name says, in the year that the titles say where it names
// none; with their one year alone it is sure.
func (l *label) dated() (p account.PeriodText, text string, ok bool) {
	if l.period.Err == nil {
		return l.period, l.text, true
	}
	if len(l.years) != 1 || !l.period.Partial() {
		return p, "", false
	}
	text = l.years[0] + "年" + l.text
	p = l.reader.Period(text)
	return p, text, p.Err == nil
}

// answers is what a question of a kind may be answered by the sheet's name; sure where its
// cells say nothing else. others is what they say.
func (l *label) answers(kind, file string) (answer string, sure bool, others []string) {
	if kind == "region" {
		for _, p := range l.places {
			if !samePlace(p, l.place) {
				others = append(others, p)
			}
		}
		return l.place, len(others) == 0, others
	}
	p, text, ok := l.dated()
	if !ok {
		year := fileYear(file)
		if len(l.years) > 0 {
			year = l.years[0]
		}
		if p = l.reader.Period(year + "年" + l.text); year == "" || p.Err != nil {
			return "", false, nil
		}
		text = year + "年" + l.text
	}
	if kind == "year" {
		year := strconv.Itoa(p.Period.Last().Year)
		for _, other := range l.years {
			if other != year {
				others = append(others, other)
			}
		}
		sure = ok && len(others) == 0
		for _, part := range l.parts {
			q := l.reader.Period(year + "年" + part)
			sure = sure && q.Err == nil && !p.Period.Last().Before(q.Period.Last())
		}
		for _, q := range l.periods {
			sure = sure && strconv.Itoa(q.Period.Last().Year) == year
		}
		return year, sure, others
	}
	sure = ok
	for _, q := range l.periods {
		if !within(p, q) && (!q.Annual() || !within(q, p)) {
			sure = false
			others = append(others, l.texts[q.Period])
		}
	}
	for _, part := range l.parts {
		of := strconv.Itoa(p.Period.Last().Year) + "年" + part
		if q := l.reader.Period(of); q.Err != nil || !within(p, q) {
			sure = false
			if q.Err == nil && len(others) < 3 {
				others = append(others, of)
			}
		}
	}
	return text, sure, others
}

// within reports whether figures of q may stand on a sheet of p: it ends with it, or is a
// part of it.
func within(p, q account.PeriodText) bool {
	return p.Period.Last() == q.Period.Last() ||
		!q.Period.First().Before(p.Period.First()) && !p.Period.Last().Before(q.Period.Last())
}

// samePlace reports whether two names differ in the word of a place's rank alone.
func samePlace(a, b string) bool {
	return strings.TrimRight(a, "市省区县州盟旗") == strings.TrimRight(b, "市省区县州盟旗")
}

// fileYear is the one year that a file's name holds; "" none.
func fileYear(file string) (year string) {
	file = strings.TrimSuffix(path.Base(strings.ReplaceAll(file, `\`, "/")), path.Ext(file))
	for _, m := range digitRuns().FindAllString(written.FoldWidth(file), -1) {
		if len(m) != 4 || m < "1900" || m > "2100" {
			continue
		}
		if year != "" && year != m {
			return ""
		}
		year = m
	}
	return year
}

var digitRuns = written.Pattern(`\d+`)

// distinct reports whether the names of all sheets read as what a kind is about, no two
// the same.
func distinct(kind string, with []*sheet) bool {
	seen := map[string]bool{}
	for _, one := range with {
		name := strings.TrimRight(one.label.place, "市省区县州盟旗")
		if kind != "region" {
			name = one.label.text
			if p, _, ok := one.label.dated(); ok {
				name = p.Period.String() + string(p.Basis)
			}
		}
		if !one.label.reads(kind) || seen[name] {
			return false
		}
		seen[name] = true
	}
	return len(with) > 1
}

// fromNames takes the names of sheets for what they lack, where they are sure, and offers
// them elsewhere.
func (s *Sheets) fromNames(kind string, with []*sheet, found *account.Findings) (again bool) {
	all := distinct(kind, with)
	for _, one := range with {
		candidates, lack := found.Lacking[account.SheetFact{Sheet: one.table.Sheet, Kind: kind}]
		if !lack || one.given[kind] != "" {
			continue
		}
		if !one.label.reads(kind) {
			if kind == "year" {
				again = one.hint(kind, fileYear(one.table.File)) || again
			}
			continue
		}
		answer, sure, others := one.label.answers(kind, one.table.File)
		for _, c := range candidates {
			sure = sure && one.label.agrees(kind, answer, c)
		}
		if answer != "" && sure && all && !one.Doubt[kind] && s.o.Given[kind] == "" {
			one.given[kind], one.named[kind], again = answer, answer, true
			continue
		}
		again = one.hint(kind, append([]string{answer}, others...)...) || again
	}
	return again
}

// agrees reports whether another candidate says no other than the sheet's name.
func (l *label) agrees(kind, answer, other string) bool {
	switch kind {
	case "region":
		return samePlace(answer, other)
	case "year":
		return answer == other
	}
	p, q := l.reader.Period(answer), l.reader.Period(other)
	return p.Err == nil && q.Err == nil && (within(p, q) || q.Annual() && within(q, p))
}

// doubts finds sheets whose lines or titles say another place or time than their names:
// a sheet is copied for the next month, and one of the two is forgotten. A name that says
// which part of the title's year is meant is taken, where all names do.
func (s *Sheets) doubts(kind string, with []*sheet, found *account.Findings) (again bool) {
	all := distinct(kind, with)
	for _, one := range with {
		said := found.Taken[account.SheetFact{Sheet: one.table.Sheet, Kind: kind}]
		ruled := one.given[kind] != "" && !s.own(one, kind) && !all // a rule of the feed yields to names that all say something
		settled := s.own(one, kind) && one.given[kind] == said
		if said == "" || one.Doubt[kind] || settled || !one.label.reads(kind) || ruled {
			continue
		}
		if kind == "period" && one.label.fits(said) || kind != "period" && one.label.saysSame(kind, said) {
			continue
		}
		one.Doubt[kind], again = true, true
		if s.own(one, kind) {
			continue // it was answered: that goes before the line
		}
		delete(one.given, kind)
		answer, sure, _ := one.label.answers(kind, one.table.File)
		of := one.label.reader.Period(said)
		if kind == "period" && all && sure && of.Annual() && one.label.agrees(kind, answer, said) {
			one.given[kind], one.named[kind] = answer, answer
			continue
		}
		one.hint(kind, said, answer)
		one.Keyed[kind] = len(with) > 1
	}
	return again
}

// fits reports whether a period that goes for all of a sheet may stand under its name.
func (l *label) fits(said string) bool {
	q := l.reader.Period(said)
	if q.Err != nil {
		return true // it is read otherwise
	}
	p := l.period
	if p.Partial() {
		p = l.reader.Period(strconv.Itoa(q.Period.Last().Year) + "年" + l.text)
	}
	return p.Err != nil || within(p, q)
}

// saysSame reports whether a place or year that goes for all of a sheet is its name's.
func (l *label) saysSame(kind, said string) bool {
	if kind == "region" {
		return samePlace(strings.Join(strings.Fields(said), ""), l.place)
	}
	return said == strconv.Itoa(l.period.Period.Last().Year)
}
