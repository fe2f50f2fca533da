package heads

import (
	"context"
	"slices"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/grid"
	"yardstick/collectors/reading/written"
)

// Shapes gives the shape of each table on the sheet, and whether one of them
// leaves out what only the file's name may say.
func Shapes(ctx context.Context, r *account.Reader) (out []string, lacking bool, err error) {
	g, err := grid.New(ctx, r)
	if err != nil {
		return nil, false, err
	}
	var lines []string
	err = g.Parts(ctx, func(p grid.Part, row int, b *grid.Block) error {
		switch p {
		case grid.Above:
			lines = append(lines, g.AboveShape(g.Src[row]))
		case grid.Whole:
			s := written.JoinShape(written.JoinShape(lines...), shape(b))
			if len(out) == 0 || out[len(out)-1] != s { // a block a year
				out = append(out, s)
			}
			lacking, lines = lacking || lacks(b), nil
		}
		return nil
	})
	return out, lacking || len(out) == 0, err
}

// lacks reports whether neither the lines above the table nor its header or
// rows name the indicator, or the region.
func lacks(b *grid.Block) bool {
	if b.Sides != nil {
		return slices.ContainsFunc(b.Sides, lacks)
	}
	a := newAxes(b)
	if !a.findDated() {
		return true
	}
	a.findPeriodColumn()
	a.findStub()
	a.readColumns()
	indicator, region := account.One(b.Facts.Indicator).Said(), account.One(b.Facts.Region).Said()
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
func shape(b *grid.Block) string {
	if b.Sides != nil {
		var sides []string
		for _, side := range b.Sides {
			sides = append(sides, shape(side))
		}
		return written.JoinShape(sides...)
	}
	wide := 0
	for _, h := range b.Head {
		if cols := b.Class(h).Filled; len(cols) > 0 {
			wide = max(wide, cols[len(cols)-1]+1)
		}
	}
	carried := make([]string, len(b.Head))
	var columns []string
	var run []string // kinds of columns seen in this run of periods
	for c := range wide {
		cells := make([]string, len(b.Head))
		dated, empty := false, true
		for n, h := range b.Head {
			text := b.Text(h, c)
			if text == "" && n < len(b.Head)-1 {
				text = carried[n]
			} else if text != "" {
				carried[n] = text
			}
			cells[n] = written.FoldTimes(text)
			if p, ok := b.Reference(text); ok && !p.Period.IsZero() || ok && p.Err != nil {
				dated, cells[n] = true, "#"
			}
			empty = empty && b.Text(h, c) == ""
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
