// Package property tests reading by tables made at random with their truth: out
// of every shape that feeds come in, with values that look like years, months,
// codes and shares. What is read of a table is held against what it says.
package property

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"

	"yardstick/schema"
)

// spec describes one made-up table: build makes always the same of it. A smaller
// table is made by taking from its lists.
type spec struct {
	seed    uint64
	shape   string
	inds    []ind
	regions []string
	times   []moment
	subs    []sub
	has     map[string]bool // what stands beside the figures, and how
	unit    string          // where units stand: bracket, column, line, none
	place   string          // where the region stands: line, title, column, none
	format  string          // csv, gbk, bom, xlsx, flat (a workbook without merged cells), html
	whole   bool            // its moments belong together
}

// ind is an indicator as a table names it.
type ind struct {
	name, unit string
	known      *schema.Indicator // of the catalogue; nil: made up
	kind       string            // of its values
}

// moment is a reference period as a table writes it.
type moment struct {
	text   string // 2025年1-9月
	bare   string // 1-9月: for a table whose title says the year; "" none
	period schema.Period
	basis  schema.Basis // what the writing says
}

// sub is a column or row under an indicator.
type sub struct {
	word string // 增速
	unit string // as written after it, in brackets: %; "" none
	kind string // level, change, rank or share
}

// draw is the random choice of a table.
type draw struct{ *rand.Rand }

func (d draw) chance(percent int) bool { return d.IntN(100) < percent }

func pick[T any](d draw, list []T) T { return list[d.IntN(len(list))] }

// some are between low and high of the list, in its order.
func some[T any](d draw, list []T, low, high int) []T {
	count := min(len(list), low+d.IntN(high-low+1))
	at := d.Perm(len(list))[:count]
	slices.Sort(at)
	out := make([]T, 0, count)
	for _, i := range at {
		out = append(out, list[i])
	}
	return out
}

// features sets each with its chance in percent.
func (d draw) features(s *spec, chances string) {
	for _, f := range strings.Fields(chances) {
		name, percent, _ := strings.Cut(f, ":")
		var p int
		if _, err := fmt.Sscan(percent, &p); err != nil {
			panic(f)
		}
		if d.chance(p) {
			s.has[name] = true
		}
	}
}

// clone is a copy whose lists can be cut.
func (s spec) clone() spec {
	s.inds, s.regions, s.times, s.subs = slices.Clone(s.inds), slices.Clone(s.regions), slices.Clone(s.times), slices.Clone(s.subs)
	has := map[string]bool{}
	for k, v := range s.has {
		has[k] = v
	}
	s.has = has
	return s
}

// hash is a number that only the words and the table's seed decide.
func (s spec) hash(words ...string) int {
	h := fnv.New64a()
	fmt.Fprint(h, s.seed, strings.Join(words, "\x00"))
	return int(h.Sum64() >> 33)
}

// one is one of a list, decided by the seed and a word.
func one[T any](s spec, word string, list ...T) T { return list[s.hash("one", word)%len(list)] }

// value is a figure of an indicator as written, or a mark for none.
func (s spec) value(i ind, words ...string) string {
	if s.has["steady"] {
		return s.steady(i, words)
	}
	key := append([]string{"value", i.name}, words...)
	if s.has["missing"] && s.hash(append(key, "gap")...)%6 == 0 {
		return one(s, "mark", "", "—", "-", "…", "n/a", "--")
	}
	return number(i.kind, s.hash(key...))
}

// steady is a whole figure that grows with the months, and is the same in every file
// that holds it.
func (s spec) steady(i ind, words []string) string {
	month := 0
	for _, w := range words {
		if p, _, err := schema.ParsePeriod(w); err == nil {
			month = int(p.Last().Month)
		}
	}
	base := s.hash("steady", i.name, words[0])
	if i.known != nil && i.known.Basis == schema.YearToDate {
		return fmt.Sprint((30 + base%60) * month)
	}
	return fmt.Sprint(200 + base%600 + 9*month)
}

// missing reports whether what value gave is a mark.
func missing(text string) bool {
	return !strings.ContainsAny(text, "0123456789０１２３４５６７８９")
}

// number writes a figure of a kind.
func number(kind string, h int) string {
	switch kind {
	case "year":
		return fmt.Sprint(1900 + h%200)
	case "yeardot":
		return fmt.Sprintf("%d.%d", 1000+h%1100, 1+h/7%9)
	case "month":
		return fmt.Sprintf("%d%02d", 1990+h%40, 1+h/50%12)
	case "day":
		return fmt.Sprintf("%d%02d%02d", 2001+h%25, 1+h/50%12, 1+h/700%28)
	case "small":
		return fmt.Sprint(1 + h%12)
	case "share":
		return fmt.Sprintf("0.%03d", 1+h%99)
	case "signed":
		return fmt.Sprintf("%.1f", float64(h%400-200)/10+0.05)
	case "signed%":
		return number("signed", h) + "%"
	case "wide":
		return strings.Map(func(r rune) rune { return r - '!' + '！' }, number("plain", h))
	case "percent":
		return fmt.Sprintf("%d.%d", 5+h%30, h/31%10)
	case "index":
		return fmt.Sprintf("%d.%d", 95+h%12, h/31%10)
	case "thousands":
		return fmt.Sprintf("%d,%03d.%d", 1+h%90, h/97%1000, h/7%10)
	case "big":
		return fmt.Sprint(1000000 + h%9000000)
	case "count":
		return fmt.Sprint(2 + h%800)
	case "zero":
		return fmt.Sprint(h % 3)
	case "rank":
		return fmt.Sprint(1 + h%14)
	}
	return fmt.Sprintf("%d.%02d", 10+h%5000, h/11%100)
}

// fact adds a figure to the book, unless text is a mark for none, and gives its
// cell.
func (b *book) fact(text string, f fact) cell {
	if !missing(text) {
		f.value = text
		b.facts = append(b.facts, f)
	}
	return n(text)
}

// figure adds an indicator's own figure.
func (s spec) figure(b *book, i ind, region string, m moment, words ...string) cell {
	text := s.value(i, append([]string{region, m.text}, words...)...)
	if i.known != nil && i.known.Decimals == 0 && strings.Contains(text, ".") {
		b.maybe("whole") // 12.5 firms
	}
	return b.fact(text, fact{names: []string{i.name}, region: region,
		period: m.period, basis: m.basis, units: s.units(i)})
}

// bare tells the book that nothing says whether these figures are of the period
// alone or totals: months and quarters of flows, but for the first of a year.
func (s spec) bare(b *book, m moment, inds ...ind) {
	if m.basis != "" || m.period.Frequency() == schema.Annual {
		return
	}
	for _, i := range inds {
		switch {
		case i.known == nil:
			b.maybe("basis")
		case i.known.Basis == schema.YearToDate && m.period.First().Month != 1:
			b.lack("basis")
		}
	}
}

// units are those a figure of the indicator may bear: none where only the
// catalogue says it.
func (s spec) units(i ind) []string {
	if s.unit == "none" {
		return []string{i.unit, ""}
	}
	return []string{i.unit}
}
