package comparator

import (
	"math/big"

	"yardstick/schema"
)

// Projection continues a pace in a straight line.
type Projection = schema.Projection

// farthest bounds how far ahead a straight line is continued.
const farthest = 100 * 366

// ceil is the least whole number not below r.
func ceil(r *big.Rat) *big.Rat {
	q, m := new(big.Int).DivMod(r.Num(), r.Denom(), new(big.Int))
	if m.Sign() > 0 {
		q.Add(q, big.NewInt(1))
	}
	return new(big.Rat).SetInt(q)
}
