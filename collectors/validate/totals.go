package validate

import (
	"strings"

	"yardstick/schema"
)

// totals asks about totals that differ from the sum of their parts by more than
// the catalogue's tolerance, where the file holds the total and all parts for
// the same period: indicators that are sums of others, and the city beside its
// districts. Nothing is mended: sums are published unadjusted (未作机械调整).
func (j *judge) totals() {
	want := map[schema.Key]int{} // totals in the file
	fresh := make(map[int]bool, len(j.Fresh))
	for _, f := range j.Fresh {
		fresh[f.Row] = true
	}
	for i := range j.Rows {
		o := &j.Rows[i]
		ind, _ := j.Register.Indicators.ByCode(o.Indicator)
		if o.Value != nil && (len(ind.Parts) > 0 || ind.Additive && len(j.districts(o.Region)) > 1) {
			j.latest(want, i)
		}
	}
	if len(want) == 0 {
		return
	}
	all := make(map[schema.Key]int, len(j.Rows))
	for i := range j.Rows {
		j.latest(all, i)
	}
	for i := range j.Rows { // in the file's order
		k := j.Rows[i].Key
		if at, ok := want[k]; !ok || at != i {
			continue
		}
		ind, _ := j.Register.Indicators.ByCode(k.Indicator)
		of := func(codes []string, part func(*schema.Key) *string) {
			keys := make([]schema.Key, len(codes))
			for n, code := range codes {
				keys[n] = k
				*part(&keys[n]) = code
			}
			j.total(i, ind, keys, all, fresh)
		}
		if len(ind.Parts) > 0 {
			of(ind.Parts, func(k *schema.Key) *string { return &k.Indicator })
		}
		if districts := j.districts(k.Region); ind.Additive && len(districts) > 1 {
			of(districts, func(k *schema.Key) *string { return &k.Region })
		}
	}
}

// latest keeps the vintage made public last of each key.
func (j *judge) latest(rows map[schema.Key]int, i int) {
	k := j.Rows[i].Key
	if at, ok := rows[k]; !ok || !j.Rows[i].PublishedAt.Before(j.Rows[at].PublishedAt) {
		rows[k] = i
	}
}

// districts are the regions whose figures make up a region's: those with a
// national code. Areas without one lie inside the districts and are never added.
func (j *judge) districts(region string) []string {
	if j.parts == nil {
		j.parts = map[string][]string{}
		for _, r := range j.Register.Regions.All() {
			if r.Standard != "local" && r.Parent != "" {
				j.parts[r.Parent] = append(j.parts[r.Parent], r.Code)
			}
		}
	}
	return j.parts[region]
}

// total asks about one total, where it or a part is new. The figures it is made
// of are not taken either: which of them is wrong is not known.
func (j *judge) total(row int, ind schema.Indicator, parts []schema.Key, all map[schema.Key]int, fresh map[int]bool) {
	rows, sum, isNew := []int{row}, schema.Decimal{}, fresh[row]
	scale := j.Rows[row].Value.Scale()
	for _, k := range parts {
		i, ok := all[k]
		if !ok || j.Rows[i].Value == nil {
			return // not all of them are there
		}
		rows, sum, isNew = append(rows, i), sum.Add(*j.Rows[i].Value), isNew || fresh[i]
		scale = min(scale, j.Rows[i].Value.Scale())
	}
	total := *j.Rows[row].Value
	diff := total.Sub(sum)
	if !isNew || diff.Abs().Cmp(tolerated(ind, total, len(rows), scale)) <= 0 {
		return
	}
	for _, i := range rows {
		if j.out.Rows[i] {
			return // one of them is asked about already
		}
	}
	var cells []string
	for _, i := range rows[1:min(len(rows), 12)] {
		cells = append(cells, j.Places[i].Cell.Name())
	}
	if !j.ask(row, AskTotal, "sum", sum, "diff", diff, "n", len(parts), "cells", strings.Join(cells, "、")) {
		return
	}
	for _, i := range rows[1:] {
		if fresh[i] {
			j.out.Rows[i] = true
		}
	}
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
	if rounding := schema.NewDecimal(int64(5*n), scale+1); rounding.Cmp(allowed) > 0 {
		return rounding
	}
	return allowed
}
