package targets

import (
	"errors"
	"fmt"
	"math/big"
	"strings"

	"yardstick/schema"
	"yardstick/schema/words"
)

// Catalogue is what can be measured. It is not changed after loading and is
// safe for concurrent use.
type Catalogue struct {
	all     []schema.Indicator
	byCode  map[string]int
	byName  map[string]int    // folded code, name or alias
	headers map[string]string // folded header cell to field
}

// ErrUnit is wrapped when a unit cannot be converted to the indicator's.
var ErrUnit = errors.New("the unit cannot be converted")

// All is every indicator in catalogue order.
func (c *Catalogue) All() []schema.Indicator { return append([]schema.Indicator(nil), c.all...) }

// ByCode finds an indicator by its exact code.
func (c *Catalogue) ByCode(code string) (schema.Indicator, bool) {
	i, ok := c.byCode[code]
	if !ok {
		return schema.Indicator{}, false
	}
	return c.all[i], true
}

// Find finds an indicator by code, name or alias, without regard to case,
// width of characters, spaces, quotation marks and the kind of brackets.
func (c *Catalogue) Find(name string) (schema.Indicator, bool) {
	i, ok := c.byName[fold(name)]
	if !ok {
		return schema.Indicator{}, false
	}
	return c.all[i], true
}

// Nearest lists up to n indicators whose names are most alike, the most alike
// first. Names with nothing in common are left out.
func (c *Catalogue) Nearest(name string, n int) []schema.Indicator {
	sought := fold(name)
	all := make([]scored[schema.Indicator], len(c.all))
	for i, ind := range c.all {
		all[i].item = ind
	}
	for known, i := range c.byName {
		all[i].score = max(all[i].score, likeness(sought, known))
	}
	return best(all, n)
}

// Header tells which field of a tidy feed a header cell names: indicator,
// region, period, value, unit, basis, status, note or published.
func (c *Catalogue) Header(cell string) (field string, ok bool) {
	field, ok = c.headers[fold(cell)]
	return field, ok
}

// Convert gives the value in the indicator's own unit, exactly. A value that
// already is in it keeps its digits as written; no unit at all is an error,
// like one that the indicator does not know: ErrUnit.
func (c *Catalogue) Convert(ind schema.Indicator, value schema.Decimal, unit string) (schema.Decimal, error) {
	factor, ok := factorOf(ind, unit)
	if !ok {
		return schema.Decimal{}, words.Fail(ErrUnit, "register-convert", "written", unit, "unit", ind.Unit, "indicator", ind.Name)
	}
	return scale(value, factor), nil
}

// Amount reads a number with a unit behind it, or without one, which is then
// taken to be in the unit given. It gives the value in the indicator's own unit.
// What is no number, or in a unit the indicator does not know, is an error.
func (c *Catalogue) Amount(ind schema.Indicator, text, unit string) (schema.Decimal, error) {
	text = strings.TrimSpace(text)
	behind := strings.TrimLeft(text, "+-0123456789.")
	d, err := schema.ParseDecimal(strings.TrimSpace(strings.TrimSuffix(text, behind)))
	if err != nil {
		return d, fmt.Errorf("reading the number: %w", err)
	}
	if behind = strings.TrimSpace(behind); behind != "" {
		unit = behind
	}
	return c.Convert(ind, d, unit)
}

// factorOf finds how much of the indicator's unit one of the written unit is.
func factorOf(ind schema.Indicator, unit string) (schema.Decimal, bool) {
	one, written := schema.NewDecimal(1, 0), fold(unit)
	if written == "" {
		return one, false
	}
	if written == fold(ind.Unit) || written == fold(ind.UnitEn) {
		return one, true
	}
	for _, u := range ind.Units {
		if written == fold(u.Unit) {
			return u.Factor, true
		}
	}
	return one, false
}

// scale multiplies exactly and keeps the written precision: 31.40 times 10000
// is 314000, 2152.40 times 0.0001 is 0.215240.
func scale(value, factor schema.Decimal) schema.Decimal {
	factor = factor.Normal()
	product := value.Mul(factor)
	zeros := 0
	for ten, r := big.NewRat(10, 1), factor.Rat(); factor.Scale() == 0 && factor.Sign() != 0; zeros++ {
		r.Quo(r, ten)
		if !r.IsInt() {
			break
		}
	}
	keep := max(0, value.Scale()+factor.Scale()-zeros)
	if cut := product.Round(keep); cut.Equal(product) {
		return cut
	}
	return product
}
