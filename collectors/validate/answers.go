package validate

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
	"yardstick/schema"
	"yardstick/schema/words"
)

// The keys of answers, by what they may be about.
const (
	aboutAll  = "indicator region year unit basis status period month rows columns heading frequency scaled multiplier hidden october axis explain estimate coverage reason blank alone"
	aboutOne  = "unit basis column row twice parts sheet seen explain reason blank alone indicator region period title" // an indicator, a column, a name …: unit.gdp
	aboutRest = "others.indicators others.regions"                                                                      // names that are none of the feed's
	aboutFile = "hidden seen explain estimate coverage reason blank alone"
	aboutTime = "year period month"
)

func among(keys, key string) bool { return slices.Contains(strings.Fields(keys), key) }

// KnownAnswer reports whether key is one that questions ask or a feed's rules
// may hold.
func KnownAnswer(key string) bool {
	if _, _, of := account.OfSheet(key); of {
		return true
	}
	kind, rest, ok := strings.Cut(key, ".")
	return !ok && among(aboutAll, key) || among(aboutRest, key) || rest != "" && among(aboutOne, kind)
}

// OneTime reports whether an answer under key is about the figures of one file
// and never a rule for others.
func OneTime(key string) bool {
	kind, _, _ := strings.Cut(key, ".")
	return among(aboutFile, kind)
}

// Lasting reports whether an answer under key holds for later files of the same
// layout too: not one tied to a figure or to a time.
func Lasting(key, answer string) bool {
	kind, _, _ := strings.Cut(key, ".")
	if of, _, ok := account.OfSheet(key); ok {
		kind = of
	}
	_, _, err := schema.ParsePeriod(strings.TrimSpace(answer))
	dated := among("column row", kind) && (err == nil || errors.Is(err, schema.ErrNoYear))
	return KnownAnswer(key) && !OneTime(key) && !among(aboutTime, kind) && !dated
}

// EachOf is the kind of key under which an answer for all of a file is kept for
// each of those it concerned: unit.gdp for unit, region.NAME for others.regions.
// never: it is not kept for all.
func EachOf(key string) (kind string, never bool) {
	if kind, others := strings.CutPrefix(key, "others."); others {
		return strings.TrimSuffix(kind, "s"), true
	}
	return key, false
}

// OfFeed reports whether an answer under key holds for all of a feed's files,
// whatever their layout: whose a name is.
func OfFeed(key string) bool {
	kind, name, one := strings.Cut(key, ".")
	return one && name != "" && among("indicator region others", kind)
}

// badAnswer reports whether an answer cannot be understood.
func badAnswer(key, answer string) bool {
	if kind, _, ok := account.OfSheet(key); ok {
		key = kind
	}
	switch kind, _, _ := strings.Cut(key, "."); kind {
	case "basis":
		return written.ReadBasis(answer) == nil && (!strings.Contains(key, ".") || strings.TrimSpace(answer) != Omit)
	case "status":
		_, ok := written.ReadStatus(answer)
		return !ok
	case "estimate":
		_, ok := estimateAnswer(answer)
		return !ok && strings.TrimSpace(answer) != Omit
	case "scaled":
		return strings.TrimSpace(answer) != "stored"
	case "coverage":
		return !accepts(answer)
	case "reason":
		_, ok := schema.ParseCorrection(strings.TrimSpace(answer))
		return !ok
	case "blank":
		what, _ := blankAnswer(answer)
		return what == ""
	case "explain", "alone":
		return strings.TrimSpace(answer) == ""
	}
	return false
}

// wrongSpan reports whether an answer says of one indicator a span that the catalogue
// excludes: a stock is of no month.
func (o Options) wrongSpan(key, answer string) bool {
	code, of := strings.CutPrefix(key, "basis.")
	ind, known := o.Catalogue.ByCode(code)
	if !of || !known {
		return false
	}
	said := BasisOf(answer, ind)
	return said != "" && !covers(ind, said)
}

// hangsOn names the kinds of questions that may do away with a problem of this code
// when they are answered: while one of them is open, the problem waits.
func hangsOn(code string) string {
	switch code {
	case DuplicateDiffers:
		return "indicator region year period month basis rows columns axis heading frequency october column row twice parts"
	case FrequencyWrong, account.OffFrequency, PeriodUnfinished, PeriodFar, DateOutOfRange:
		return "year period month basis rows columns axis frequency october column"
	case UnitNotConvertible, UnitConflict, OutOfRange, TooPrecise, TooLarge:
		return "rows columns axis scaled multiplier column row twice parts"
	}
	return ""
}

// estimateAnswer reads the answer to whether figures are estimates: E or F, or
// "" for no.
func estimateAnswer(answer string) (schema.ObsStatus, bool) {
	answer = strings.TrimSpace(answer)
	switch strings.ToLower(answer) {
	case "no", "n", "false", "否", "不是":
		return "", true
	case "yes", "y", "是":
		return schema.StatusEstimated, true
	}
	s, ok := written.ReadStatus(answer)
	return s, ok && (s == schema.StatusEstimated || s == schema.StatusForecast)
}

// Used tells, for answers that were given for the whole file (unit, basis), the
// codes of the indicators they concerned.
func (c *Checker) Used() map[string][]string {
	out := map[string][]string{}
	for k := range c.used {
		out[k[0]] = append(out[k[0]], k[1])
	}
	for _, codes := range out {
		slices.Sort(codes)
	}
	return out
}

// uses notes that the answer for the whole file under key settled something of
// the indicator.
func (c *Checker) uses(key, code string) { c.used[[2]string{key, code}] = true }

// usesWritten notes it where reading put the answer into a cell that the file
// does not have.
func (c *Checker) usesWritten(r *row, f account.Field, key, code string) {
	all := c.o.Given[key]
	if all == "" || c.o.Given[key+"."+code] != "" || r.Cell(f).Column != 0 {
		return
	}
	switch text := r.Written(f); {
	case f == account.Unit && text != strings.TrimSpace(all):
	case f == account.Basis && (text != "" && text != strings.TrimSpace(all) || !slices.Equal(r.Bases, written.ReadBasis(all))):
	default:
		c.uses(key, code)
	}
}

// estimates are the figures made public before their period ended: how many,
// and the first of them.
type estimates struct {
	n              int
	cell           table.Cell
	sheet          string
	end, published schema.Date
	about          []string
}

// unitGiven is the unit of an indicator for which the file names none: the
// answer or rule for this indicator, the one for the whole file where it suits,
// the catalogue's where all its units mean the same (家, 个 and 户 count alike).
func (c *Checker) unitGiven(ind schema.Indicator) (string, bool) {
	if u := strings.TrimSpace(c.o.Given["unit."+ind.Code]); u != "" {
		return u, true
	}
	one, all := schema.NewDecimal(1, 0), strings.TrimSpace(c.o.Given["unit"])
	if _, err := c.o.Catalogue.Convert(ind, one, all); err == nil {
		c.uses("unit", ind.Code)
		return all, true
	}
	for _, u := range ind.Units {
		if !u.Factor.Equal(one) {
			return all, all != ""
		}
	}
	return ind.Unit, true
}

func (c *Checker) askUnit(r *row, ind schema.Indicator, name string) {
	r.asks = true
	c.found.Lacks(r.Sheet, "unit", nil)
	once := name
	if c.keyed {
		once += "\x00" + r.Sheet
	}
	if !c.askedFor[once] && len(c.asked) < 1000 {
		c.askedFor[strings.Clone(once)] = true
		c.asked = append(c.asked, openUnit{ind, name, r.Cell(account.Value), strings.Clone(r.Sheet)})
	}
}

// ask puts the open units as questions: one key for a file, or a sheet, with one of them.
func (c *Checker) ask() {
	c.askNames()
	open := map[string]int{}
	for _, a := range c.asked {
		open[a.sheet]++
	}
	for _, a := range c.asked {
		key := "unit"
		switch {
		case c.keyed && open[a.sheet] == 1:
			key = account.SheetKey(key, a.sheet)
		case len(c.asked) > 1:
			key += "." + a.name
		}
		var candidates []string
		if a.ind.Unit != "" {
			candidates = append(candidates, a.ind.Unit)
		}
		for _, u := range a.ind.Units {
			candidates = append(candidates, u.Unit)
		}
		said := schema.ListedWords(candidates)
		if len(candidates) == 0 {
			said = words.Say("candidates-none")
		}
		c.found.Ask(account.Question("", a.sheet, a.cell, AskUnit, key, candidates, []string{cmp.Or(a.ind.Code, a.name)},
			"indicator", a.ind.Name, "candidates", said))
	}
	c.asked = nil
	if e := c.early; e.n > 0 {
		c.found.Ask(account.Question("", e.sheet, e.cell, AskEstimate, "estimate", []string{"E", "F", Omit}, e.about,
			"end", e.end, "published", e.published, "n", e.n))
	}
}
