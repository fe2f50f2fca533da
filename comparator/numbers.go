package comparator

import (
	"math/big"

	"yardstick/schema"
)

// ratio is a/b, nil when b is not above zero: such a denominator gives no
// ratio.
func ratio(a, b *big.Rat) *big.Rat {
	if b.Sign() <= 0 {
		return nil
	}
	return new(big.Rat).Quo(a, b)
}

// number is r as the nearest float64, nil for nil.
func number(r *big.Rat) *float64 {
	if r == nil {
		return nil
	}
	f, _ := r.Float64()
	return &f
}

func ptr[T any](v T) *T { return &v }

func deref(f *float64) float64 {
	if f == nil {
		return 0
	}
	return *f
}

// What stands in a reason besides what schema.Say knows by its type.

func as(form schema.Form, f float64) schema.Arg { return schema.Arg{As: form, Number: f} }

func share(f *float64) schema.Arg { return as(schema.AsShare, deref(f)) }

func significant(f float64, digits int) schema.Arg {
	return schema.Arg{As: schema.AsFigures, Number: f, Digits: digits}
}

func decimals(f float64, digits int) schema.Arg {
	return schema.Arg{As: schema.AsDecimals, Number: f, Digits: digits}
}

// promised is the target as a figure must be.
func promised() schema.Arg { return schema.Arg{As: schema.AsPromised} }

// distance is how far v and the target are apart.
func distance(v schema.Decimal) schema.Arg {
	return schema.Arg{As: schema.AsDistance, Amount: &v}
}

// difference is what lies between two figures.
func difference(v schema.Decimal) schema.Arg {
	return schema.Arg{As: schema.AsDifference, Amount: &v}
}

func period(p schema.Period, b schema.Basis) schema.Arg {
	return schema.Arg{As: schema.AsPeriod, Periods: []schema.Period{p}, Basis: b}
}

// at is the point's period.
func at(p point) schema.Arg { return period(p.period, p.basis) }
