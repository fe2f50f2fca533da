package targets

import (
	"cmp"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"unicode"

	"yardstick/schema"
	"yardstick/schema/words"
)

// index holds things by their codes and names, in the order they were read. It
// is not changed after loading and is safe for concurrent use.
type index[T any] struct {
	all    []T
	byCode map[string]int
	byName map[string][]int // folded code, name or alias; several where two cities use one name
}

func newIndex[T any]() index[T] {
	return index[T]{byCode: map[string]int{}, byName: map[string][]int{}}
}

// Catalogue is what can be measured.
type Catalogue struct {
	index[schema.Indicator]
	headers map[string]string // folded header cell to field
}

// Gazetteer is the places figures are about.
type Gazetteer struct{ index[schema.Region] }

// ErrUnit is wrapped when a unit cannot be converted to the indicator's.
var ErrUnit = errors.New("the unit cannot be converted")

// All is everything in the registers' order.
func (x *index[T]) All() []T { return slices.Clone(x.all) }

// ByCode finds a thing by its exact code.
func (x *index[T]) ByCode(code string) (found T, ok bool) {
	i, ok := x.byCode[code]
	if ok {
		found = x.all[i]
	}
	return found, ok
}

// Find finds a thing by code, name or alias, without regard to case, width of
// characters, spaces, quotation marks and the kind of brackets. A name that two
// cities use (高新区) finds nothing: that would be a guess; the code or the full
// name tells them apart.
func (x *index[T]) Find(name string) (found T, ok bool) {
	at := x.byName[fold(name)]
	if len(at) != 1 {
		return found, false
	}
	return x.all[at[0]], true
}

// of finds a thing by what is said of another that is named by an alias: GDP同比增长 is
// 地区生产总值同比增长.
func (x *index[T]) of(name string, title func(T) string) (found T, ok bool) {
	folded := []rune(fold(name))
	for n := len(folded) - 1; n > 1; n-- {
		whole, known := x.Find(string(folded[:n]))
		rest := strings.TrimLeft(string(folded[n:]), ":：_-")
		if !known || rest == "" {
			continue
		}
		for _, said := range []string{rest, strings.TrimPrefix(rest, "累计"), strings.TrimPrefix(rest, "累计") + "增长"} {
			if said == "" || said == "增长" {
				continue
			}
			if found, ok = x.Find(title(whole) + said); ok {
				return found, true
			}
		}
	}
	return found, false
}

// Find finds an indicator by code, name or alias as every register does, and a growth by
// whichever name of what grows.
func (c *Catalogue) Find(name string) (found schema.Indicator, ok bool) {
	if found, ok = c.index.Find(name); ok || len(name) > longestName {
		return found, ok
	}
	return c.of(name, func(i schema.Indicator) string { return i.Name.Zh })
}

// longestName bounds, in bytes, the names that are taken apart.
const longestName = 200

// Nearest lists up to n things whose names are most alike, the most alike
// first. Names with nothing in common are left out.
func (x *index[T]) Nearest(name string, n int) []T {
	sought := fold(name)
	of := pairs(sought)
	all := make([]scored[T], len(x.all))
	for i, one := range x.all {
		all[i].item = one
	}
	for known, at := range x.byName {
		for _, i := range at {
			all[i].score = max(all[i].score, likeness(sought, of, known))
		}
	}
	return best(all, n)
}

// enter puts a thing under its code, with its place in places; a second one of
// that code is a fault.
func enter[T any](x *index[T], places *[]record, r record, code string, one T) bool {
	if i, twice := x.byCode[code]; twice {
		first := (*places)[i]
		r.at("code").fault("register-twice", "id", code, "file", first.file.name, "line", first.node.Line)
		return false
	}
	x.byCode[code] = len(x.all)
	x.all, *places = append(x.all, one), append(*places, r)
	return true
}

// Header tells which field of a tidy feed a header cell names: indicator,
// region, period, value, unit, basis, status, note or published.
func (c *Catalogue) Header(cell string) (field string, ok bool) {
	field, ok = c.headers[fold(cell)]
	return field, ok
}

// Convert gives the value in the indicator's own unit, exactly. A value that
// already is in it keeps its digits as written; no unit at all is an error,
// like one that the indicator does not know: ErrUnit.
func (c *Catalogue) Convert(ind schema.Indicator, value schema.Decimal, unit string) (schema.Decimal, error) {
	factor, ok := factorOf(ind, unit)
	if !ok {
		return schema.Decimal{}, words.Fail(ErrUnit, "register-convert", "written", unit, "unit", ind.Unit, "indicator", ind.Name)
	}
	return scale(value, factor), nil
}

// Amount reads a number with a unit behind it, or without one, which is then
// taken to be in the unit given. It gives the value in the indicator's own unit.
// What is no number, or in a unit the indicator does not know, is an error.
func (c *Catalogue) Amount(ind schema.Indicator, text, unit string) (schema.Decimal, error) {
	text = strings.TrimSpace(text)
	behind := strings.TrimLeft(text, "+-0123456789.")
	d, err := schema.ParseDecimal(strings.TrimSpace(strings.TrimSuffix(text, behind)))
	if err != nil {
		return d, fmt.Errorf("reading the number: %w", err)
	}
	if behind = strings.TrimSpace(behind); behind != "" {
		unit = behind
	}
	return c.Convert(ind, d, unit)
}

// factorOf finds how much of the indicator's unit one of the written unit is.
func factorOf(ind schema.Indicator, unit string) (schema.Decimal, bool) {
	one, written := schema.NewDecimal(1, 0), fold(unit)
	if written == "" {
		return one, false
	}
	if written == fold(ind.Unit) || written == fold(ind.UnitEn) {
		return one, true
	}
	for _, u := range ind.Units {
		if written == fold(u.Unit) {
			return u.Factor, true
		}
	}
	return one, false
}

// scale multiplies exactly and keeps the written precision: 31.40 times 10000
// is 314000, 2152.40 times 0.0001 is 0.215240.
func scale(value, factor schema.Decimal) schema.Decimal {
	factor = factor.Normal()
	product := value.Mul(factor)
	zeros := 0
	for ten, r := big.NewRat(10, 1), factor.Rat(); factor.Scale() == 0 && factor.Sign() != 0; zeros++ {
		r.Quo(r, ten)
		if !r.IsInt() {
			break
		}
	}
	keep := max(0, value.Scale()+factor.Scale()-zeros)
	if cut := product.Round(keep); cut.Equal(product) {
		return cut
	}
	return product
}

// fold gives names that people would call the same one form: half width, lower
// case, without spaces, quotation marks and dots, one kind of bracket, hyphen
// for underscore.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 0xff01 && r <= 0xff5e:
			r -= 0xfee0
		case unicode.IsSpace(r) || r == 0xfeff || r == 0x200b:
			return -1
		}
		switch r {
		case '“', '”', '‘', '’', '"', '\'', '「', '」', '『', '』', '·', '•', '﹒':
			return -1
		case '〔', '【', '[', '{', '﹙':
			return '('
		case '〕', '】', ']', '}', '﹚':
			return ')'
		case '_', '–', '—', '－', '‐':
			return '-'
		case '、', '，':
			return ','
		}
		return unicode.ToLower(r)
	}, s)
}

// likeness of two folded names, from 0 to 1: the share of pairs of neighbouring
// characters they have in common (the Sørensen-Dice coefficient), or near 1
// when one holds the other. x are the pairs of a.
func likeness(a string, x map[pair]int, b string) float64 {
	if a == b {
		return 1
	}
	common, n := 0, 0
	var met []pair // of b, those that a has too
	before := '^'
	for _, r := range b + "$" {
		p := pair{before, r}
		before = r
		if n++; x[p] == 0 {
			continue
		}
		met = append(met, p)
		if count(met, p) <= x[p] {
			common++
		}
	}
	total := n
	for _, n := range x {
		total += n
	}
	score := 0.0
	if total > 0 {
		score = 2 * float64(common) / float64(total)
	}
	short, long := a, b
	if len(short) > len(long) {
		short, long = long, short
	}
	if len([]rune(short)) >= 2 && strings.Contains(long, short) {
		score = max(score, 0.5+0.4*float64(len(short))/float64(len(long)))
	}
	return score
}

// pair is two neighbouring characters.
type pair [2]rune

func pairs(s string) map[pair]int {
	out := map[pair]int{}
	before := '^'
	for _, r := range s + "$" {
		out[pair{before, r}]++
		before = r
	}
	return out
}

func count(all []pair, p pair) (n int) {
	for _, one := range all {
		if one == p {
			n++
		}
	}
	return n
}

// scored is a candidate with its likeness.
type scored[T any] struct {
	item  T
	score float64
}

// best gives the n highest of the candidates that have anything in common with
// what is sought, in their own order where equal.
func best[T any](all []scored[T], n int) []T {
	all = slices.DeleteFunc(all, func(s scored[T]) bool { return s.score <= 0 })
	slices.SortStableFunc(all, func(a, b scored[T]) int { return cmp.Compare(b.score, a.score) })
	out := make([]T, 0, max(0, min(n, len(all))))
	for _, s := range all[:max(0, min(n, len(all)))] {
		out = append(out, s.item)
	}
	return out
}
