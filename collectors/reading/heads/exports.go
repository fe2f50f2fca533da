package heads

import (
	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
)

// labelOf is what an export's label at the head of row i says; "" where the row has
// none.
func (g *grid) labelOf(i int) account.Kind {
	if g.export == nil {
		return ""
	}
	t := written.FoldText(g.text(i, g.labelled))
	if k, ok := g.export.Labels[t]; ok {
		return k
	}
	if t == "" && g.export.First != "" && i+1 < len(g.src) && g.export.Labels[written.FoldText(g.text(i+1, g.labelled))] != "" {
		return g.export.First
	}
	return ""
}
