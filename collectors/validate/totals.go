package validate

import (
	"maps"
	"slices"

	"yardstick/schema"
	"yardstick/schema/targets"
	"yardstick/schema/vintage"
	"yardstick/schema/words"
)

// Kin are the indicators and regions whose held figures the figures of rows are held
// against: their own, and of what is a whole and its parts those of all of it.
func Kin(register *targets.Register, rows []schema.Observation) (indicators, regions []string) {
	inds, places := map[string]bool{}, map[string]bool{}
	f := newFamilies(register)
	for i := range rows {
		k := rows[i].Key
		if inds[k.Indicator] && places[k.Region] {
			continue
		}
		inds[k.Indicator], places[k.Region] = true, true
		for _, whole := range f.of(k) {
			inds[whole.Indicator], places[whole.Region] = true, true
			for _, part := range whole.parts {
				inds[part.Indicator], places[part.Region] = true, true
			}
		}
	}
	return slices.Sorted(maps.Keys(inds)), slices.Sorted(maps.Keys(places))
}

// family is a whole and its parts: indicators that add up to another, or districts
// whose figures add up to their city's.
type family struct {
	schema.Key // of the whole, as a fact
	ind        schema.Indicator
	byRegion   bool
	inside     string // the one area that lies inside the whole and is not added; else ""
	parts      []schema.Key
}

// families finds what a figure belongs to as a whole or as a part.
type families struct {
	register  *targets.Register
	wholes    map[string][]string // indicators, by those that are parts of them
	districts map[string][]string // by the region they make up
}

// newFamilies reads the register. The districts that make up a region are those with
// a national code: areas without one lie inside the districts and are never added.
func newFamilies(register *targets.Register) *families {
	f := &families{register, map[string][]string{}, map[string][]string{}}
	for _, ind := range register.Indicators.All() {
		for _, part := range ind.Parts {
			f.wholes[part] = append(f.wholes[part], ind.Code)
		}
	}
	for _, r := range register.Regions.All() {
		if r.Standard != "local" && r.Parent != "" {
			f.districts[r.Parent] = append(f.districts[r.Parent], r.Code)
		}
	}
	return f
}

// of are the families of a figure, those that it is the whole of first.
func (f *families) of(k schema.Key) (out []family) {
	fact := vintage.Fact(k)
	for _, code := range append([]string{k.Indicator}, f.wholes[k.Indicator]...) {
		if ind, _ := f.register.Indicators.ByCode(code); len(ind.Parts) > 0 {
			whole := fact
			whole.Indicator = code
			one := family{Key: whole, ind: ind}
			for _, part := range ind.Parts {
				whole.Indicator = part
				one.parts = append(one.parts, whole)
			}
			out = append(out, one)
		}
	}
	ind, _ := f.register.Indicators.ByCode(k.Indicator)
	if !ind.Additive {
		return out
	}
	region, _ := f.register.Regions.ByCode(k.Region)
	for _, code := range []string{k.Region, region.Parent} {
		if districts := f.districts[code]; len(districts) > 1 && (code == k.Region || slices.Contains(districts, k.Region)) {
			whole := fact
			whole.Region = code
			one := family{Key: whole, ind: ind, byRegion: true}
			for _, district := range districts {
				whole.Region = district
				one.parts = append(one.parts, whole)
			}
			out = append(out, one)
		}
	}
	if region.Standard == "local" && region.Parent != "" {
		one := family{Key: fact, ind: ind, byRegion: true, inside: k.Region, parts: []schema.Key{fact}}
		one.Region = region.Parent
		out = append(out, one)
	}
	return out
}

// standing is the figure of a fact that will stand: of the file, or held.
type standing struct {
	*schema.Observation
	row int // in the file; -1: held
}

// totals asks about wholes that differ from the sum of their parts by more than the
// catalogue's tolerance, where all parts are known for the same fact, and about parts
// that are more than their whole, be it the file's or held; one of them is new.
// Nothing is mended: sums are published unadjusted (未作机械调整).
func (j *judge) totals() {
	f := newFamilies(j.Register)
	var all []family
	stands := map[schema.Key]standing{}
	fresh := make(map[int]bool, len(j.Fresh))
	type kind struct {
		schema.Key
		byRegion bool
		inside   string
	}
	known := map[kind]bool{}
	for _, fr := range j.Fresh {
		o := &j.Rows[fr.Row]
		if fresh[fr.Row] = !fr.Hidden; fr.Hidden || o.Value == nil {
			continue
		}
		for _, one := range f.of(o.Key) {
			if k := (kind{one.Key, one.byRegion, one.inside}); !known[k] {
				known[k], all = true, append(all, one)
				for _, member := range append(one.parts, one.Key) {
					stands[member] = standing{}
				}
			}
		}
	}
	if len(all) == 0 {
		return
	}
	stand := func(o *schema.Observation, row int) {
		fact := vintage.Fact(o.Key)
		if was, asked := stands[fact]; asked && (was.Observation == nil || !was.PublishedAt.After(o.PublishedAt)) {
			stands[fact] = standing{o, row}
		}
	}
	for i := range j.Held {
		stand(&j.Held[i], -1)
	}
	for i := range j.Rows {
		stand(&j.Rows[i], i)
	}
	for i := range all {
		j.total(&all[i], stands, fresh)
	}
}

// total asks about one whole. The figures it is made of are not taken either: which
// of them is wrong is not known.
func (j *judge) total(f *family, stands map[schema.Key]standing, fresh map[int]bool) {
	whole := stands[f.Key]
	if whole.Observation == nil || whole.Value == nil {
		return
	}
	known, sum, scale, below, above := []standing{}, schema.Decimal{}, whole.Value.Scale(), false, false
	rows := []int(nil) // new ones
	for _, k := range f.parts {
		part := stands[k]
		if part.Observation == nil || part.Value == nil {
			continue
		}
		known, sum, scale = append(known, part), sum.Add(*part.Value), min(scale, part.Value.Scale())
		below = below || part.Value.Sign() < 0
		above = above || part.Value.Sub(*whole.Value).Cmp(rounding(2, min(part.Value.Scale(), whole.Value.Scale()))) > 0
		if part.row >= 0 && fresh[part.row] {
			rows = append(rows, part.row)
		}
	}
	if whole.row >= 0 && fresh[whole.row] {
		rows = append(rows, whole.row)
	}
	diff := whole.Value.Sub(sum)
	complete := len(known) == len(f.parts) && f.inside == ""
	above = above && !below // one of them alone is more than all: no tolerance makes that right
	if len(rows) == 0 || len(known) == 0 || !complete && (below || diff.Sign() >= 0) ||
		!above && diff.Abs().Cmp(tolerated(f.ind, *whole.Value, len(known)+1, scale)) <= 0 {
		return
	}
	for _, s := range append(known, whole) {
		if s.row >= 0 && j.out.Rows[s.row] {
			return // one of them is asked about already
		}
	}
	code, at := AskTotal, whole.row
	if at < 0 || !complete {
		code, at = AskPart, rows[0]
	}
	if !j.ask(at, code, "sum", sum, "diff", diff.Abs(), "n", len(known), "cells", j.members(f, known), "whole", nameOf(j.Register.Indicators, f.Indicator),
		"wregion", j.region(f.Region), "held", shown(*whole.Observation)) {
		return
	}
	for _, row := range rows {
		j.out.Rows[row] = true
	}
}

// members names parts: those of the file by their cells, the others by their names.
func (j *judge) members(f *family, known []standing) schema.Text {
	var names []schema.Text
	for _, s := range known[:min(len(known), 12)] {
		switch name := nameOf(j.Register.Indicators, s.Indicator); {
		case s.row >= 0:
			names = append(names, schema.Same(j.Places[s.row].Cell.Name()))
		case f.byRegion:
			names = append(names, words.Say("part-held", "name", j.region(s.Region)))
		default:
			names = append(names, words.Say("part-held", "name", name))
		}
	}
	return schema.Listed(names...)
}

// tolerated is how far a total may be from the sum of its parts: the
// catalogue's percentage of it, and the rounding of n figures with so many
// decimal places.
func tolerated(ind schema.Indicator, total schema.Decimal, n, scale int) schema.Decimal {
	share := schema.NewDecimal(1, 0) // percent
	if ind.Tolerance != nil {
		share = *ind.Tolerance
	}
	allowed := total.Abs().Mul(share).Mul(schema.NewDecimal(1, 2))
	if rounded := rounding(n, scale); rounded.Cmp(allowed) > 0 {
		return rounded
	}
	return allowed
}

// rounding is what the rounding of n figures to so many decimal places may make.
func rounding(n, scale int) schema.Decimal { return schema.NewDecimal(int64(5*n), scale+1) }
