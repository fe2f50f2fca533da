package targets

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

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
// when one holds the other.
func likeness(a, b string) float64 {
	if a == b {
		return 1
	}
	x, y := pairs(a), pairs(b)
	common, total := 0, 0
	for p, n := range x {
		common += min(n, y[p])
		total += n
	}
	for _, n := range y {
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

func pairs(s string) map[string]int {
	out := map[string]int{}
	r := []rune("^" + s + "$")
	for i := 0; i+1 < len(r); i++ {
		out[string(r[i:i+2])]++
	}
	return out
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
