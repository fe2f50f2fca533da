package heads

import (
	"slices"
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
)

// Tables stand below each other, each with a line that names what it counts and the same
// header: 平价菜店（家） above a header that repeats is no place among those above it.

// stacked reports whether another table of this header begins with row j: lines that name
// what is counted, and the header again. lines is how many name something.
func (b *block) stacked(j int) (lines int, ok bool) {
	if j < b.plain || len(b.data) == 0 {
		return 0, false
	}
	k, named := j, false
	for ; k < len(b.src) && !b.again(k); k++ {
		if b.src[k].Blank() {
			continue
		}
		if !b.above(k) || b.class(k).numbers(0) > 0 || b.class(k).count[period] > 0 {
			break
		}
		for _, c := range b.class(k).filled {
			t := b.text(k, c)
			named = named || b.counts(t)
			if !written.KeyedLine(t) && !written.LooksLikeUnit(t) {
				lines++
			}
		}
	}
	if lines > 0 && named && k < len(b.src) && b.again(k) {
		return lines, true
	}
	b.plain = k // none of the rows before it begins one
	return 0, false
}

// counts reports whether a line says what is counted below it: it bears a unit or, where
// the rows name no indicators themselves, is the name of one.
func (b *block) counts(text string) bool {
	name, _ := written.Outline(text)
	if _, _, cut := written.CutUnit(name); cut || written.UnitLine().MatchString(name) {
		return true
	}
	for c := range b.from {
		if b.columnKind(c) == account.KindIndicator {
			return false
		}
	}
	bare, _ := written.CutBasis(name)
	return b.Knows(name) || b.Knows(bare)
}

// regioned asks about a row that is named where places stand, by what is none of them, and
// that holds no figure: it may be a line that names what is counted below. false: it gives
// no figures.
func (a *axes) regioned(l *series, places bool) bool {
	of := l.region
	if !places || !of.Said() || of.Cell.Row != a.src[l.at].Number || a.LikePlace(of.Text) || a.class(l.at).numbers(a.from) > 0 ||
		account.Total(of.Text, account.KindRegion) {
		return true
	}
	key := "row." + of.Text
	switch answer := strings.TrimSpace(a.Options.Given[key]); answer {
	case "region":
		return true
	case "ignore":
		a.rowGone(l, func(r *table.Row) { a.Exclude(r, account.ExcludedRow) })
	default:
		a.rowGone(l, a.OpenRow)
		a.Ask(account.AskPlace, key, of.Cell, []string{"ignore", "region"})
	}
	return false
}

// anyPlace reports whether a row of the table is named by a place.
func (a *axes) anyPlace() bool {
	for c, k := range a.stub {
		if k == account.KindRegion && slices.ContainsFunc(a.data, func(d int) bool { return a.LikePlace(a.text(d, c)) }) {
			return true
		}
	}
	return false
}

// shared are the lines above a table that are said of the one below it too, when n lines
// name what that one counts: all before the last n that name something.
func (g *grid) shared(lines []int, n int) []int {
	if n == 0 {
		return nil
	}
	for at := len(lines) - 1; at >= 0; at-- {
		for _, c := range g.class(lines[at]).filled {
			if t := g.text(lines[at], c); !written.KeyedLine(t) && !written.LooksLikeUnit(t) {
				n--
			}
		}
		if n <= 0 {
			return lines[:at]
		}
	}
	return nil
}
