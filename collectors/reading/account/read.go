package account

import (
	"slices"
	"strconv"
	"strings"

	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
	"yardstick/schema"
)

// Number reports whether a text is a figure, with its unit or flag or none.
func (r *Reader) Number(text string) bool {
	if text == "" {
		return false
	}
	n := written.ReadNumber(text, r.Table.Delimiter)
	if n.Fault != "" || n.Value == nil || written.NoUnit(n.Suffix) {
		return false
	}
	return n.Suffix == "" || written.Multiplies(n.Suffix) || written.FlagLike(n.Suffix) || written.LooksLikeUnit(n.Suffix) // 90后创业者 is a name
}

// weak are forms of periods that may be figures as well: 2019, 2012.3, 201203.
var weak = written.Pattern(`^\d{4}(?:\.\d{1,2}|\d{2}|\d{4})?$`)

// IsWeak reports whether a text is such a form.
func IsWeak(text string) bool { return weak().MatchString(written.FoldText(text)) }

// Terms reports whether all periods of an axis are years of two digits (10年, 30年),
// which may be terms as well: beside another period they are years.
func Terms(texts []string) bool {
	return len(texts) > 0 && !slices.ContainsFunc(texts, func(t string) bool { return !shortYear().MatchString(written.FoldText(t)) })
}

var shortYear = written.Pattern(`^\d{2}年$`)

// Reference reads a period on an axis. Years are those people live in.
func (r *Reader) Reference(text string) (p PeriodText, ok bool) {
	if text == "" || len(text) > 64 || !written.MaybePeriod(text) || !written.BeginsPeriod(text) {
		return p, false
	}
	bare, _ := written.BarePeriod(text)
	p = r.Period(bare)
	if p.Err != nil {
		return p, p.Partial()
	}
	y := p.Period.First().Year
	return p, y >= 1900 && y <= 2100
}

// HeadPeriod parts the head of a column that holds a period and more: a place before
// it (大连市2025年4月), its unit in brackets behind it (2025年1-6月(亿元)), or what is said
// of it (2024年实际). ok is false where it is nothing of the kind.
func (r *Reader) HeadPeriod(text string) (place, period, rest string, ok bool) {
	if len(text) > 200 || !written.MaybePeriod(text) {
		return "", "", "", false
	}
	text = written.FoldWidth(text)
	letters := []rune(text)
	if LeadingPeriod().FindStringIndex(text) == nil {
		for n := min(len(letters)-2, 12); n > 1 && place == ""; n-- {
			if behind := strings.TrimSpace(string(letters[n:])); LeadingPeriod().MatchString(behind) && r.LikePlace(string(letters[:n])) {
				place, text = string(letters[:n]), behind
			}
		}
	}
	at := LeadingPeriod().FindStringIndex(text)
	if at == nil {
		return "", "", "", false
	}
	period, rest = strings.TrimSpace(text[:at[1]]), strings.TrimSpace(text[at[1]:])
	if _, dated := r.Reference(period); !dated || written.IndexBase(text) {
		return "", "", "", false
	}
	w, _, _ := written.HeadWord(rest)
	ok = rest == "" || w != "" || Bracketed(rest) || written.BasisWord(rest)
	return place, period, rest, ok
}

// Bracketed reports whether a text is a unit in brackets and no more.
func Bracketed(text string) bool {
	_, _, ok := written.CutUnit("_" + text)
	return ok && strings.ContainsAny(text[:min(3, len(text))], "([（【")
}

// TitlePeriod is the one period that the lines above a table name: one stands there,
// with its year, all that they say of time is part of it, and nothing says that it is
// another day than the figures'. ok is false where there is any doubt. A year is not
// whole where they speak of months or quarters (月报).
func (r *Reader) TitlePeriod(f Facts) (at Facet, p PeriodText, whole, ok bool) {
	times := r.TitleTimes(f.Titles)
	if times.Other {
		return Facet{}, p, false, false
	}
	for _, said := range times.Said {
		q, dated := r.Reference(said.Text)
		if !dated || q.Err != nil || q.Period.Frequency() == schema.Daily ||
			at.Said() && (q.Period.Last() != p.Period.Last() || q.Basis != p.Basis) {
			return Facet{}, p, false, false
		}
		if !at.Said() {
			at, p = said, q
		}
	}
	return at, p, !times.Within, at.Said() && times.Whole
}

// TitleNumber is the number of a table before its title.
var TitleNumber = written.Pattern(`^(?:附?表\s*[0-9一二三四五六七八九十.-]+[:：、.\s]*|[一二三四五六七八九十]+[、.]|[(（][0-9一二三四五六七八九十]+[)）]|附件?[0-9]*[:：]?)`)

// PlaceAt is the place that a title begins with; "" none.
func (r *Reader) PlaceAt(text string) string {
	letters := []rune(text)
	for n := min(len(letters), 12); n > 1; n-- {
		name, rest := string(letters[:n]), string(letters[n:])
		ranked := strings.ContainsRune("市省区县州盟旗", letters[n-1])
		known := r.Options.Regions != nil && r.Options.Regions(name) || written.Is("place", name) || ranked && written.Is("place", strings.TrimRight(name, "市省区县州盟旗"))
		dated := strings.HasPrefix(rest, "\x00")
		switch {
		case !r.LikePlace(name) || name == "全市" || name == "全省" || name == "全区" || name == "全县":
		case strings.HasPrefix(rest, "各") || strings.HasPrefix(rest, "分") || strings.HasPrefix(rest, "所辖") || strings.HasPrefix(rest, "辖"):
			return ""
		case ranked && (known || dated || written.Begins("title-begin", rest)) || known && (dated || written.Begins("title-begin", rest)) || name == "全国":
			return name
		}
	}
	return ""
}

// SpanOf is the frequency that an answer names; "" none.
func SpanOf(answer string) schema.Frequency {
	switch strings.ToLower(answer) {
	case "month", "m":
		return schema.Monthly
	case "quarter", "q":
		return schema.Quarterly
	case "year", "a":
		return schema.Annual
	}
	return ""
}

// SpansOf are the spans that days on the edges of months may stand for: those that
// each of them is the edge of, the longest last.
func SpansOf(days []schema.Date) (out []string) {
	last, _ := written.Edges(days)
	for _, answer := range []string{"month", "quarter", "year"} {
		each := !slices.ContainsFunc(days, func(d schema.Date) bool {
			p := schema.PeriodOf(SpanOf(answer), d)
			return last && p.Last() != d || !last && p.First() != d
		})
		if each {
			out = append(out, answer)
		}
	}
	return append(out, "day")
}

// Fiscal finds years that reach into the next, which look like months: 2009-10,
// 2010-11, 2011-12.
func Fiscal(texts []string, cells []table.Cell) (table.Cell, bool) {
	if len(texts) < 2 {
		return table.Cell{}, false
	}
	for _, t := range texts {
		if len(t) != 7 || t[4] != '-' && t[4] != '/' {
			return table.Cell{}, false
		}
		year, err := strconv.Atoi(t[:4])
		month, err2 := strconv.Atoi(t[5:])
		if err != nil || err2 != nil || month != (year+1)%100 {
			return table.Cell{}, false
		}
	}
	return cells[0], true
}
