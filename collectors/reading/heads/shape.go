package heads

import (
	"context"
	"slices"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
)

// Shapes gives the shape of each table on the sheet, and whether one of them
// leaves out what only the file's name may say.
func (g *grid) Shapes(ctx context.Context) (out []string, lacks bool, err error) {
	var lines []string
	err = g.parts(ctx, func(p part, row int, b *block) error {
		switch p {
		case above:
			lines = append(lines, g.AboveShape(g.src[row]))
		case whole:
			s := written.JoinShape(written.JoinShape(lines...), b.shape())
			if len(out) == 0 || out[len(out)-1] != s { // a block a year
				out = append(out, s)
			}
			lacks, lines = lacks || b.lacks(), nil
		}
		return nil
	})
	return out, lacks || len(out) == 0, err
}

// lacks reports whether neither the lines above the table nor its header or
// rows name the indicator, or the region.
func (b *block) lacks() bool {
	if b.sides != nil {
		return slices.ContainsFunc(b.sides, (*block).lacks)
	}
	a := newAxes(b)
	if !a.findDated() {
		return true
	}
	a.findPeriodColumn()
	a.findStub()
	a.readColumns()
	indicator, region := account.One(b.facts.Indicator).Said(), account.One(b.facts.Region).Said()
	for _, k := range a.stub {
		indicator, region = indicator || k == account.KindIndicator, region || k == account.KindRegion
	}
	for _, c := range a.columns {
		indicator, region = indicator || c.indicator.Said(), region || c.region.Said()
	}
	return !indicator || !region
}

// shape is the header, column by column. In a run of columns that name periods
// each kind of column counts once.
func (b *block) shape() string {
	if b.sides != nil {
		var sides []string
		for _, side := range b.sides {
			sides = append(sides, side.shape())
		}
		return written.JoinShape(sides...)
	}
	wide := 0
	for _, h := range b.head {
		if cols := b.class(h).filled; len(cols) > 0 {
			wide = max(wide, cols[len(cols)-1]+1)
		}
	}
	carried := make([]string, len(b.head))
	var columns []string
	var run []string // kinds of columns seen in this run of periods
	for c := range wide {
		cells := make([]string, len(b.head))
		dated, empty := false, true
		for n, h := range b.head {
			text := b.text(h, c)
			if text == "" && n < len(b.head)-1 {
				text = carried[n]
			} else if text != "" {
				carried[n] = text
			}
			cells[n] = written.FoldTimes(text)
			if p, ok := b.Reference(text); ok && !p.Period.IsZero() || ok && p.Err != nil {
				dated, cells[n] = true, "#"
			}
			empty = empty && b.text(h, c) == ""
		}
		s := written.JoinShape(cells...)
		switch {
		case empty && run != nil:
			continue // flags beside each period
		case dated:
			if slices.Contains(run, s) {
				continue
			}
			run = append(run, s)
		default:
			run = nil
		}
		columns = append(columns, s)
	}
	return written.JoinShape(columns...)
}
