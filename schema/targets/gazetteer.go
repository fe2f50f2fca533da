package targets

import "yardstick/schema"

// Gazetteer is the places figures are about. It is not changed after loading
// and is safe for concurrent use.
type Gazetteer struct {
	all    []schema.Region
	byCode map[string]int
	byName map[string][]int // folded; several where two cities use one name
}

// All is every region in register order.
func (g *Gazetteer) All() []schema.Region { return append([]schema.Region(nil), g.all...) }

// ByCode finds a region by its exact code.
func (g *Gazetteer) ByCode(code string) (schema.Region, bool) {
	i, ok := g.byCode[code]
	if !ok {
		return schema.Region{}, false
	}
	return g.all[i], true
}

// Find finds a region by code, name or alias, folded as Catalogue.Find does. A
// name that two cities use (高新区) finds nothing: that would be a guess; the
// code or the full name tells them apart.
func (g *Gazetteer) Find(name string) (schema.Region, bool) {
	at := g.byName[fold(name)]
	if len(at) != 1 {
		return schema.Region{}, false
	}
	return g.all[at[0]], true
}

// Nearest lists up to n regions whose names are most alike, the most alike
// first.
func (g *Gazetteer) Nearest(name string, n int) []schema.Region {
	sought := fold(name)
	all := make([]scored[schema.Region], len(g.all))
	for i, r := range g.all {
		all[i].item = r
	}
	for known, at := range g.byName {
		for _, i := range at {
			all[i].score = max(all[i].score, likeness(sought, known))
		}
	}
	return best(all, n)
}
