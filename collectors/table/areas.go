package table

import (
	"cmp"
	"slices"
)

// areas finds the merged area at a cell without looking at all of them: they are
// halved by the longer side of what they cover, over and over.
type areas struct {
	all    []Merge
	number []int // of each in the file
	nodes  []areaNode
}

// areaNode covers some areas: a few of them, or two nodes.
type areaNode struct {
	cover    Merge
	from, to int // areas, where it has no nodes below it
	below    [2]int
}

// fewAreas are looked at one by one.
const fewAreas = 8

func newAreas(merges []Merge) *areas {
	a := &areas{all: slices.Clone(merges), number: make([]int, len(merges))}
	order := make([]int, len(merges))
	for i := range order {
		order[i] = i
	}
	a.build(order, merges, 0)
	return a
}

// build makes the node of some areas, which stand from a place on, and those
// below it.
func (a *areas) build(order []int, merges []Merge, from int) int {
	if len(order) == 0 {
		return -1
	}
	at, cover := len(a.nodes), merges[order[0]]
	for _, i := range order {
		m := merges[i]
		cover = Merge{min(cover.FirstRow, m.FirstRow), max(cover.LastRow, m.LastRow),
			min(cover.FirstColumn, m.FirstColumn), max(cover.LastColumn, m.LastColumn)}
	}
	a.nodes = append(a.nodes, areaNode{cover: cover, from: from, to: from + len(order), below: [2]int{-1, -1}})
	if len(order) <= fewAreas {
		for i, n := range order {
			a.all[from+i], a.number[from+i] = merges[n], n
		}
		return at
	}
	byRow := cover.LastRow-cover.FirstRow > cover.LastColumn-cover.FirstColumn
	slices.SortFunc(order, func(i, j int) int {
		if byRow {
			return cmp.Or(merges[i].FirstRow-merges[j].FirstRow, i-j)
		}
		return cmp.Or(merges[i].FirstColumn-merges[j].FirstColumn, i-j)
	})
	half := len(order) / 2
	first, second := a.build(order[:half], merges, from), a.build(order[half:], merges, from+half)
	a.nodes[at].below = [2]int{first, second}
	return at
}

func (m Merge) holds(row, column int) bool {
	return row >= m.FirstRow && row <= m.LastRow && column >= m.FirstColumn && column <= m.LastColumn
}

// at gives the first area of the file that a cell belongs to.
func (a *areas) at(row, column int) (Merge, bool) {
	if len(a.nodes) == 0 {
		return Merge{}, false
	}
	i := a.look(0, row, column, -1)
	if i < 0 {
		return Merge{}, false
	}
	return a.all[i], true
}

// look gives that of a node's areas, or the best so far.
func (a *areas) look(node, row, column, best int) int {
	n := &a.nodes[node]
	if !n.cover.holds(row, column) {
		return best
	}
	if n.below[0] >= 0 {
		return a.look(n.below[1], row, column, a.look(n.below[0], row, column, best))
	}
	for i := n.from; i < n.to; i++ {
		if a.all[i].holds(row, column) && (best < 0 || a.number[i] < a.number[best]) {
			best = i
		}
	}
	return best
}

// joined are spans in order, those that touch as one.
func joined(all []Span) []Span {
	all = slices.Clone(all)
	slices.SortFunc(all, func(a, b Span) int { return a.First - b.First })
	var out []Span
	for _, s := range all {
		if n := len(out); n > 0 && s.First <= out[n-1].Last+1 {
			out[n-1].Last = max(out[n-1].Last, s.Last)
		} else {
			out = append(out, s)
		}
	}
	return out
}
