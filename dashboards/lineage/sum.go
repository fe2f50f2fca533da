package lineage

import (
	"context"
	"errors"
	"math"
	"math/big"
	"slices"
	"strings"

	"yardstick/schema"
	"yardstick/schema/words"
)

// cell is where a reported figure was read, as it was taken in.
func (t *tracing) cell(o schema.Observation) *LineageCell {
	c := &LineageCell{Address: o.Cell, Cell: o.Cell, Written: o.Written, UnitWritten: o.UnitWritten, Headings: []schema.CellOrigin{}}
	if at := strings.LastIndexByte(o.Cell, '!'); at >= 0 {
		c.Sheet, c.Cell = o.Cell[:at], o.Cell[at+1:]
	}
	return c
}

// unitBeside adds where the unit stands when no heading of its own names it:
// behind the number, or with the indicator's name.
func (c *LineageCell) unitBeside(o schema.Observation, suffix string) {
	if o.Value == nil || o.UnitWritten == "" || slices.ContainsFunc(c.Headings, func(h schema.CellOrigin) bool { return h.Field == "unit" }) {
		return
	}
	if suffix != "" && strings.HasSuffix(suffix, o.UnitWritten) {
		c.Headings = append(c.Headings, schema.CellOrigin{Field: "unit", Cell: c.Cell, Text: o.UnitWritten})
		return
	}
	for _, h := range c.Headings {
		if h.Field == "indicator" && h.Cell != "" && strings.Contains(h.Text, o.UnitWritten) {
			c.Headings = append(c.Headings, schema.CellOrigin{Field: "unit", Cell: h.Cell, Text: o.UnitWritten})
			return
		}
	}
}

// whyNoTable says why a kept file is not shown.
func whyNoTable(err error) schema.Text {
	switch {
	case errors.Is(err, ErrTableTooLarge):
		return words.Say("board-no-table-large")
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return words.Say("board-no-table-slow")
	}
	return words.Say("board-no-table-unread")
}

// conversion is how the figure's value follows from the number in its cell; nil
// where redoing it does not give the value.
func (t *tracing) conversion(o schema.Observation, table schema.CellTable) *Conversion {
	ind, ok := t.Register.Indicators.ByCode(o.Indicator)
	if !ok || o.Value == nil || table.Number == nil {
		return nil
	}
	factor, err := t.Register.Indicators.Convert(ind, schema.NewDecimal(1, 0), o.UnitWritten)
	if err != nil {
		return nil
	}
	out := &Conversion{Number: *table.Number, Unit: o.UnitWritten, Suffix: table.Suffix, Factor: factor.Normal(), Value: *o.Value, Into: o.Unit}
	// The multipliers that stand behind numbers, 百 千 万 百万 千万 亿 万亿, by their zeros.
	for _, zeros := range []int{0, 2, 3, 4, 6, 7, 8, 12} {
		multiplier := schema.NewDecimal(int64(math.Pow10(zeros)), 0)
		if !table.Number.Mul(factor).Mul(multiplier).Equal(*o.Value) {
			continue
		}
		if zeros > 0 {
			out.Multiplier = &multiplier
		}
		return out
	}
	return nil
}

// equation is a formula with its figures, in the catalogue's units; "" where
// redoing it does not give the value.
func (t *tracing) equation(l Lineage) string {
	if l.Formula == nil || l.Figure.Value == nil {
		return ""
	}
	var text strings.Builder
	total := new(big.Rat)
	for i, term := range l.Terms {
		v := term.Figure.Value
		if v == nil || term.Role == schema.RoleDenominator && v.Sign() == 0 {
			return ""
		}
		sign := ""
		switch term.Role {
		case schema.RoleNumerator, schema.RolePart:
			total.Add(total, v.Rat())
			sign = " + "
		case schema.RoleBaseline:
			total.Sub(total, v.Rat())
			sign = " − "
		case schema.RoleDenominator:
			total.Quo(total, v.Rat())
			sign = " ÷ "
		default:
			return ""
		}
		if i > 0 {
			text.WriteString(sign)
		}
		text.WriteString(v.String())
	}
	out := text.String()
	switch l.Formula.Op {
	case "share":
		total.Mul(total, big.NewRat(100, 1))
		out += " × 100"
	case "yoy":
		total.Sub(total, big.NewRat(1, 1)).Mul(total, big.NewRat(100, 1))
		out = "(" + out + " − 1) × 100"
	}
	value := *l.Figure.Value
	switch {
	case value.Rat().Cmp(total) == 0:
		return out + " = " + value.String() + " " + l.Figure.Unit
	case schema.DecimalFromRat(total, value.Scale()).Equal(value):
		return out + " ≈ " + value.String() + " " + l.Figure.Unit
	}
	return ""
}
