package validate

import (
	"slices"
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
	"yardstick/schema"
	"yardstick/schema/words"
)

// Ignore is the answer that a name, or a column, is none of the feed's.
const Ignore = "ignore"

// Bounds of the names that are not the feed's.
const (
	offered    = 3   // names to choose from
	apart      = 20  // names asked about one by one
	sought     = 500 // names that others are looked for
	mostNames  = 10_000
	namesNamed = 10 // in a question about all of them
	eachKeyed  = 100
)

// stranger is a name that is not the feed's: the registers lack it, or the feed
// may not write it.
type stranger struct {
	kind, name string
	cell       table.Cell
	sheet      string
	near       []string // codes it may be a slip of
	n          int      // rows of it that nobody said anything of
}

// unlisted deals with a row's name that is not the feed's. left: somebody said
// so, and the row is left out.
func (c *Checker) unlisted(r *row, kind, name string, cell table.Cell, known bool, near func() []string) (left bool) {
	long := len(name) > cachedBytes
	if long {
		name = table.Excerpt(name)
	}
	key := kind + "." + name
	s := c.strangers[key]
	if s == nil {
		s = &stranger{kind: kind, name: strings.Clone(name), cell: cell, sheet: r.Sheet}
		s.cell.Text = s.name
		if !known && !long && len(c.strange) < sought {
			s.near = near()
		}
		if len(c.strange) < mostNames {
			c.strangers[strings.Clone(key)] = s
			c.strange = append(c.strange, s)
		}
	}
	said := strings.TrimSpace(c.o.Given[key])
	if said == "" && len(s.near) == 0 {
		if said = strings.TrimSpace(c.o.Given["others."+kind+"s"]); said == Ignore {
			c.uses("others."+kind+"s", s.name)
		}
	}
	if said == Ignore {
		r.leave(c.found, LeftNotOurs, "name", name)
		return true
	}
	if !known {
		c.found.Lack(table.Excerpt(name))
	}
	s.n++
	return false
}

// means is the code or name that an answer gives to a name of the file; "": none.
func (c *Checker) means(kind, name string) string {
	if said := strings.TrimSpace(c.o.Given[kind+"."+name]); said != Ignore {
		return said
	}
	return ""
}

// unknownName reports whether an answer gives a name of the file to something
// that the registers do not know.
func (o Options) unknownName(key, answer string) bool {
	kind, name, one := strings.Cut(key, ".")
	answer = strings.TrimSpace(answer)
	if !one || name == "" || answer == Ignore {
		return false
	}
	ok := true
	switch kind {
	case "indicator":
		_, ok = o.Catalogue.Find(answer)
	case "region":
		if _, ok = o.Gazetteer.ByCode(answer); !ok {
			_, ok = o.Gazetteer.Find(answer)
		}
	case "others":
		ok = false
	}
	return !ok
}

// askNames asks whose the names are that are not the feed's: one by one of those
// that may be a slip, at once of all others.
func (c *Checker) askNames() {
	if c.o.Open {
		return
	}
	others, own := map[string][]*stranger{}, 0
	for _, s := range c.strange {
		switch {
		case s.n == 0:
		case len(s.near) > 0 && own < apart:
			own++
			c.found.Ask(account.Question("", s.sheet, s.cell, AskName, s.kind+"."+s.name, append(slices.Clone(s.near), Ignore), []string{s.name},
				"candidates", schema.ListedWords(s.near)))
		default:
			others[s.kind] = append(others[s.kind], s)
		}
	}
	for _, kind := range []string{"indicator", "region"} {
		all := others[kind]
		if len(all) == 0 {
			continue
		}
		var named []schema.Text
		for _, s := range all[:min(namesNamed, len(all))] {
			named = append(named, schema.Same(s.name))
		}
		if len(all) > namesNamed {
			named = append(named, words.Say("and-more"))
		}
		q := account.Question("", all[0].sheet, all[0].cell, AskOthers, "others."+kind+"s", []string{Ignore}, nil,
			"n", len(all), "names", schema.Listed(named...), "one", schema.QuotedKey(kind+"."+all[0].name), "what", words.Say("field-"+kind))
		for _, s := range all[:min(eachKeyed, len(all))] {
			q.Each = append(q.Each, kind+"."+s.name)
		}
		c.found.Ask(q)
	}
}

// Hangs reports whether a problem is that a name is not the feed's while one of the
// questions asks whose it is: the answer ends it, and nothing is to be mended.
func Hangs(p schema.Problem, questions []schema.Question) bool {
	kind := ""
	switch p.Code {
	case IndicatorUnknown, IndicatorNotAllowed:
		kind = "indicator"
	case RegionUnknown, RegionNotAllowed:
		kind = "region"
	default:
		return false
	}
	return slices.ContainsFunc(questions, func(q schema.Question) bool {
		return q.Key == "others."+kind+"s" || q.Code == AskName && strings.HasPrefix(q.Key, kind+".")
	})
}

// alike are the codes of those things one of whose names a name may be a slip of:
// a letter in five is another, at least one.
func alike[T any](name string, things []T, names func(T) (code string, all []string)) (codes []string) {
	short := []rune(written.FoldText(name))
	for _, one := range things {
		code, all := names(one)
		if slices.ContainsFunc(all, func(known string) bool {
			return distance(short, []rune(written.FoldText(known))) <= max(1, len(short)/5)
		}) {
			codes = append(codes, code)
		}
	}
	return codes
}

func namesOfIndicator(i schema.Indicator) (string, []string) {
	return i.Code, slices.Concat([]string{i.Code}, i.Name.Each(), i.Aliases)
}

func namesOfRegion(r schema.Region) (string, []string) { return r.Code, r.Name.Each() }

// distance is how many letters must be put in, taken out or changed to make b of
// a (Levenshtein 1966).
func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for i := range row {
		row[i] = i
	}
	for i := range a {
		corner := row[0]
		row[0] = i + 1
		for j := range b {
			next := min(row[j+1]+1, row[j]+1, corner)
			if a[i] != b[j] {
				next = min(row[j+1]+1, row[j]+1, corner+1)
			}
			corner, row[j+1] = row[j+1], next
		}
	}
	return row[len(b)]
}
