package heads

import (
	"slices"
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/table"
)

// regioned asks about a row that is named where places stand, by what is none of them, and
// that holds no figure: it may be a line that names what is counted below. false: it gives
// no figures.
func (a *axes) regioned(l *series, places bool) bool {
	of := l.region
	if !places || !of.Said() || of.Cell.Row != a.Src[l.at].Number || a.LikePlace(of.Text) || a.Class(l.at).Numbers(a.From) > 0 ||
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
		if k == account.KindRegion && slices.ContainsFunc(a.Data, func(d int) bool { return a.LikePlace(a.Text(d, c)) }) {
			return true
		}
	}
	return false
}
