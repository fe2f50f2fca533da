package account

import (
	"slices"
	"strconv"
	"strings"

	"yardstick/collectors/reading/written"
	"yardstick/schema"
)

// SaysOf reports whether a cell of the header says something of an indicator and
// names none.
func (r *Reader) SaysOf(text string) bool {
	_, rest := r.CutPeriod(text)
	w, _, _ := written.HeadWord(rest)
	return w != "" || r.ValueLabel(rest) || written.BasisWord(rest) || written.IndexBase(rest) || r.LabelOf(rest) == KindStatus
}

// CutPeriod parts a period before other words from them: 1-5月完成 is 1-5月 and 完成.
func (r *Reader) CutPeriod(text string) (period, rest string) {
	at := LeadingPeriod().FindStringIndex(written.FoldWidth(text))
	if at == nil {
		return "", text
	}
	folded, letters := written.FoldWidth(text), []rune(text)
	if len([]rune(folded)) != len(letters) { // signs without width are taken out
		return "", text
	}
	at[1] = len(string(letters[:len([]rune(folded[:at[1]]))]))
	if _, ok := r.Reference(text[:at[1]]); !ok {
		return "", text
	}
	return text[:at[1]], strings.TrimSpace(text[at[1]:])
}

// ValueLabel reports whether a header says that its column holds the figures,
// and no more: 数值, 绝对量.
func (r *Reader) ValueLabel(text string) bool {
	if w, _, _ := written.HeadWord(text); w == "level" {
		return true
	}
	f, _, ok := r.Header(text)
	return ok && f == Value && !written.BasisWord(text) // 本期数 says more
}

// Later is which (0 or 1) of two periods that lie a year apart is the later, to which a
// growth over the year before belongs; -1: they do not.
func Later(a, b PeriodText) int {
	if a.Err != nil || b.Err != nil || a.Period.Frequency() != b.Period.Frequency() || a.Basis != b.Basis {
		return -1
	}
	before := func(p schema.Period) schema.Date { d := p.Last(); d.Year--; return d }
	switch {
	case schema.PeriodOf(b.Period.Frequency(), before(a.Period)) == b.Period:
		return 0
	case schema.PeriodOf(a.Period.Frequency(), before(b.Period)) == a.Period:
		return 1
	}
	return -1
}

// Run is how far an axis of periods has come, and which way it goes.
type Run struct {
	Last      schema.Period
	Direction int
	Given     bool // its first year was answered: what turns passes into another
}

// Adjacent reports whether two periods of one frequency follow each other.
func Adjacent(a, b schema.Period) bool { return a.Since(b) == 1 || a.Since(b) == -1 }

// NextPart reads a part of a year that names none, behind others of its run: in the year
// of the one before, or in the next one where the months fall back past December (in the
// one before where they run backwards). Err tells that neither is certain.
func (r *Reader) NextPart(text string, at Run) PeriodText {
	year := at.Last.First().Year
	same := r.Period(strconv.Itoa(year) + "年" + text)
	if same.Err != nil || same.Basis == schema.YearToDate || same.Period.Frequency() != at.Last.Frequency() {
		return PeriodText{Err: schema.ErrNoYear}
	}
	d := same.Period.Compare(at.Last)
	passed := year + 1
	if d > 0 {
		passed = year - 1
	}
	other := r.Period(strconv.Itoa(passed) + "年" + text)
	adjacent := other.Err == nil && Adjacent(other.Period, at.Last)
	switch {
	case d != 0 && at.Direction*d > 0:
		return same
	case d != 0 && at.Direction == 0 && !adjacent:
		return same
	case d != 0 && at.Direction*d < 0 && other.Err == nil && (adjacent || at.Given):
		return other
	case d < 0 && at.Direction == 0: // 12月, 1月
		return other
	}
	return PeriodText{Err: schema.ErrNoYear}
}

// KindOf is what names on an axis are, where they tell it themselves; else "". places:
// some of them are places.
func (r *Reader) KindOf(names []string) (k Kind, places bool) {
	count := map[Kind]int{}
	growths := 0
	for _, n := range names {
		bare, _, _ := written.CutUnit(n)
		switch {
		case r.LikePlace(bare):
			count[KindRegion]++
		case written.BasisWord(n):
			count[KindBasis]++
		case written.GrowthRow(n):
			growths++
		case written.UnitWord(n):
			count[KindUnit]++
		case strings.Trim(written.FoldText(n), "0123456789.") == "":
			count[KindCode]++
		}
	}
	places = count[KindRegion] > 0
	for _, k := range []Kind{KindRegion, KindBasis, KindUnit, KindCode} {
		if n := count[k]; n > 0 && (n == len(names) || k == KindBasis && n+growths == len(names)) {
			return k, places
		}
	}
	return "", places
}

// National reports whether a file that comes from the national bureau can only be about
// the whole country: it is from one of its national data bases (the provinces' and
// cities' have names of their own) or about what is national by definition.
func National(f Facts, names []string) bool {
	if f.Region.Said() {
		return false
	}
	if base := strings.ReplaceAll(f.Database.Text, " ", ""); base != "" {
		return written.Is("national-base", base)
	}
	national := func(name string) bool { return written.Begins("national", strings.TrimSpace(name)) }
	foreign := func(t Facet) bool { return !national(t.Text) }
	return !slices.ContainsFunc(f.Titles, foreign) && slices.ContainsFunc(names, national)
}

// SheetTitle is the indicator a title names, when the sheet's name says the same.
func (r *Reader) SheetTitle(f Facts) Facet {
	sheet := strings.TrimSpace(r.Table.Sheet)
	if len([]rune(sheet)) < 3 || strings.HasPrefix(strings.ToLower(sheet), "sheet") || strings.HasPrefix(sheet, "表") {
		return Facet{}
	}
	if len(f.Titles) == 1 && strings.HasSuffix(f.Titles[0].Text, sheet) {
		return Facet{Text: sheet, Cell: f.Titles[0].Cell}
	}
	return Facet{}
}

// Registered is the code and the basis of an indicator that the registers know by a name.
func (r *Reader) Registered(name string) (code string, basis schema.Basis, ok bool) {
	if r.Options.Known == nil {
		return "", "", false
	}
	return r.Options.Known(name)
}
