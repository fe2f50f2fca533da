// Package areas finds the area of a sheet that a cell belongs to without looking at
// all of them.
package areas

import (
	"cmp"
	"slices"
)

// Area is some rows and columns, both ends inside.
type Area struct{ FirstRow, LastRow, FirstColumn, LastColumn int }

// Index holds areas halved by the longer side of what they cover, over and over.
type Index struct {
	all    []Area
	number []int // of each, as they were given
	nodes  []node
}

// node covers some areas: a few of them, or two nodes.
type node struct {
	cover    Area
	from, to int // areas, where it has no nodes below it
	below    [2]int
}

// few areas are looked at one by one.
const few = 8

// New is the index of the areas.
func New(all []Area) *Index {
	a := &Index{all: slices.Clone(all), number: make([]int, len(all))}
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	a.build(order, all, 0)
	return a
}

// build makes the node of some areas, which stand from a place on, and those
// below it.
func (a *Index) build(order []int, all []Area, from int) int {
	if len(order) == 0 {
		return -1
	}
	at, cover := len(a.nodes), all[order[0]]
	for _, i := range order {
		m := all[i]
		cover = Area{min(cover.FirstRow, m.FirstRow), max(cover.LastRow, m.LastRow),
			min(cover.FirstColumn, m.FirstColumn), max(cover.LastColumn, m.LastColumn)}
	}
	a.nodes = append(a.nodes, node{cover: cover, from: from, to: from + len(order), below: [2]int{-1, -1}})
	if len(order) <= few {
		for i, n := range order {
			a.all[from+i], a.number[from+i] = all[n], n
		}
		return at
	}
	byRow := cover.LastRow-cover.FirstRow > cover.LastColumn-cover.FirstColumn
	slices.SortFunc(order, func(i, j int) int {
		if byRow {
			return cmp.Or(all[i].FirstRow-all[j].FirstRow, i-j)
		}
		return cmp.Or(all[i].FirstColumn-all[j].FirstColumn, i-j)
	})
	half := len(order) / 2
	first, second := a.build(order[:half], all, from), a.build(order[half:], all, from+half)
	a.nodes[at].below = [2]int{first, second}
	return at
}

func (m Area) holds(row, column int) bool {
	return row >= m.FirstRow && row <= m.LastRow && column >= m.FirstColumn && column <= m.LastColumn
}

// At gives the number of the first area that a cell belongs to, from 0; -1: none.
func (a *Index) At(row, column int) int {
	if len(a.nodes) == 0 {
		return -1
	}
	i := a.look(0, row, column, -1)
	if i < 0 {
		return -1
	}
	return a.number[i]
}

// look gives that of a node's areas, or the best so far.
func (a *Index) look(at, row, column, best int) int {
	n := &a.nodes[at]
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
