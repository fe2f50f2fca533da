package validate

import (
	"slices"

	"yardstick/collectors/reading/account"
	"yardstick/schema"
	"yardstick/schema/vintage"
)

// Amends reports whether answers change what the file says: then it is Amended
// and held against its past again.
func (d Doubts) Amends() bool { return len(d.Left)+len(d.Alone) > 0 }

// Amended is a file as the answers leave it: rows left out are listed, and their
// keys remembered as rows that were there; figures of a period alone have its
// basis. conflicts are rows that then contradict another, which is told; neither
// is good.
func (p Past) Amended(d Doubts, found *account.Findings) (out Past, conflicts int) {
	out = p
	out.Rows, out.Places, out.Fresh = nil, nil, nil
	out.Lacking = slices.Clone(p.Lacking)
	seen := make(map[once]int, len(p.Rows))
	bad := map[int]bool{}
	for i := range p.Rows {
		o := p.Rows[i]
		cell := p.Places[i].Cell
		cell.Text = o.Written
		if code := d.Left[i]; code != "" {
			found.Exclude(account.At(p.File, p.Places[i].Sheet, cell, code, "indicator", nameOf(p.Register.Indicators, o.Indicator), "period", o.Period.Text(o.Basis)))
			found.Turn(1, &found.Cells.LeftOut)
			out.Lacking = append(out.Lacking, schema.Observation{Key: o.Key})
			continue
		}
		if d.Alone[i] { // of a year: what its last period adds
			ind, _ := p.Register.Indicators.ByCode(o.Indicator)
			o.Period, o.Basis = vintage.Name(ind, vintage.Fact(o.Key)).Period, schema.InPeriod
		}
		v := once{vintage.Fact(o.Key), o.PublishedAt}
		first, again := seen[v]
		if !again || o.Key != out.Rows[first].Key && o.Says(out.Rows[first]) {
			if !again {
				seen[v] = len(out.Rows)
			}
			out.Rows, out.Places = append(out.Rows, o), append(out.Places, p.Places[i])
			continue
		}
		tellTwice(found, p.File, p.Places[i].Sheet, cell, out.Places[first], o.Says(out.Rows[first]), shown(out.Rows[first]), shown(o))
		if !o.Says(out.Rows[first]) {
			bad[first] = true
			conflicts++
			continue
		}
		found.Turn(1, &found.Cells.LeftOut)
	}
	if len(bad) > 0 {
		found.Turn(conflicts+len(bad), &found.Cells.Wrong)
		out.Rows, out.Places = without(out.Rows, bad), without(out.Places, bad)
	}
	return out, conflicts + len(bad)
}
