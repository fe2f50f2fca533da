package schema

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// Decimal is an exact decimal number: coefficient times ten to the power of
// minus scale. It keeps how it was written: 2152.40 prints as 2152.40, while
// comparing equal to 2152.4. The zero Decimal is 0.
type Decimal struct {
	coef  *big.Int // nil means 0
	scale int      // digits after the point, never negative
}

// ErrNotDecimal is returned for text that is not a plain decimal number.
var ErrNotDecimal = errors.New("not a decimal number")

// maxDecimalDigits bounds what is parsed, so that a hostile cell cannot cost
// much time.
const maxDecimalDigits = 80

// ParseDecimal reads an optional sign, digits, and an optional fraction
// (ASCII only; an exponent such as 1.2e5 is read too, as spreadsheets write
// it). Separators, units and percent signs are the reader's business.
func ParseDecimal(s string) (Decimal, error) {
	mantissa, exponent := s, 0
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		e, err := strconv.Atoi(s[i+1:])
		if err != nil || e < -maxDecimalDigits || e > maxDecimalDigits {
			return Decimal{}, fmt.Errorf("%q: %w", s, ErrNotDecimal)
		}
		mantissa, exponent = s[:i], e
	}
	sign := ""
	if mantissa != "" && (mantissa[0] == '-' || mantissa[0] == '+') {
		sign, mantissa = strings.TrimPrefix(mantissa[:1], "+"), mantissa[1:]
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := whole + fraction
	if digits == "" || len(digits) > maxDecimalDigits || strings.Trim(digits, "0123456789") != "" {
		return Decimal{}, fmt.Errorf("%q: %w", s, ErrNotDecimal)
	}
	var coef *big.Int
	if n, err := strconv.ParseInt(sign+digits, 10, 64); err == nil { // nearly every one
		coef = big.NewInt(n)
	} else {
		coef, _ = new(big.Int).SetString(sign+digits, 10)
	}
	d := Decimal{coef, len(fraction) - exponent}
	if d.scale < 0 {
		d = Decimal{new(big.Int).Mul(coef, pow10(-d.scale)), 0}
	}
	return d, nil
}

// MustDecimal is ParseDecimal for constants; it panics.
func MustDecimal(s string) Decimal {
	d, err := ParseDecimal(s)
	if err != nil {
		panic(err)
	}
	return d
}

// NewDecimal is coef / 10^scale.
func NewDecimal(coef int64, scale int) Decimal {
	return Decimal{big.NewInt(coef), scale}
}

// DecimalFromRat rounds r half away from zero to scale digits after the point.
func DecimalFromRat(r *big.Rat, scale int) Decimal {
	num := new(big.Int).Mul(r.Num(), pow10(scale))
	quo, rem := new(big.Int).QuoRem(num, r.Denom(), new(big.Int))
	if new(big.Int).Abs(rem.Lsh(rem, 1)).Cmp(r.Denom()) >= 0 {
		quo.Add(quo, big.NewInt(int64(num.Sign())))
	}
	return Decimal{quo, scale}
}

func pow10(n int) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
}

func (d Decimal) int() *big.Int {
	if d.coef == nil {
		return new(big.Int)
	}
	return d.coef
}

// Scale is the number of digits written after the point.
func (d Decimal) Scale() int { return d.scale }

// Sign is -1, 0 or 1.
func (d Decimal) Sign() int { return d.int().Sign() }

// Rat is the exact value.
func (d Decimal) Rat() *big.Rat { return new(big.Rat).SetFrac(d.int(), pow10(d.scale)) }

// Float is the nearest float64, for judging and plotting only.
func (d Decimal) Float() float64 {
	// Both are exact up to 2^53 and 10^22, so the quotient is rounded once.
	if c := d.int(); c.IsInt64() && d.scale <= 22 {
		if n := c.Int64(); n > -1<<53 && n < 1<<53 {
			return float64(n) / math.Pow10(d.scale)
		}
	}
	f, _ := d.Rat().Float64()
	return f
}

func align(a, b Decimal) (x, y *big.Int, scale int) {
	x, y = a.int(), b.int()
	switch {
	case a.scale < b.scale:
		return new(big.Int).Mul(x, pow10(b.scale-a.scale)), y, b.scale
	case a.scale > b.scale:
		return x, new(big.Int).Mul(y, pow10(a.scale-b.scale)), a.scale
	}
	return x, y, a.scale
}

// Cmp is -1, 0 or 1 as d is less than, equal to or greater than e in value:
// 2152.40 equals 2152.4.
func (d Decimal) Cmp(e Decimal) int {
	x, y, _ := align(d, e)
	return x.Cmp(y)
}

// Equal reports equality of value, not of writing.
func (d Decimal) Equal(e Decimal) bool { return d.Cmp(e) == 0 }

// Add is d + e, exactly.
func (d Decimal) Add(e Decimal) Decimal {
	x, y, s := align(d, e)
	return Decimal{new(big.Int).Add(x, y), s}
}

// Sub is d - e, exactly.
func (d Decimal) Sub(e Decimal) Decimal {
	x, y, s := align(d, e)
	return Decimal{new(big.Int).Sub(x, y), s}
}

// Mul is d * e, exactly.
func (d Decimal) Mul(e Decimal) Decimal {
	return Decimal{new(big.Int).Mul(d.int(), e.int()), d.scale + e.scale}
}

// Neg is -d.
func (d Decimal) Neg() Decimal { return Decimal{new(big.Int).Neg(d.int()), d.scale} }

// Abs is d without its sign.
func (d Decimal) Abs() Decimal { return Decimal{new(big.Int).Abs(d.int()), d.scale} }

// Normal is d without trailing zeros after the point.
func (d Decimal) Normal() Decimal {
	coef, scale := new(big.Int).Set(d.int()), d.scale
	ten, rem := big.NewInt(10), new(big.Int)
	for scale > 0 {
		quo, r := new(big.Int).QuoRem(coef, ten, rem)
		if r.Sign() != 0 {
			break
		}
		coef, scale = quo, scale-1
	}
	return Decimal{coef, scale}
}

// Round is d rounded half away from zero to scale digits after the point; a d
// with fewer digits is left as it is.
func (d Decimal) Round(scale int) Decimal {
	if d.scale <= scale {
		return d
	}
	return DecimalFromRat(d.Rat(), scale)
}

// Fits reports whether d can be kept in a column Decimal(precision, scale)
// without losing a digit.
func (d Decimal) Fits(precision, scale int) bool {
	n := d.Normal()
	if n.scale > scale {
		return false
	}
	whole := new(big.Int).Quo(new(big.Int).Abs(n.int()), pow10(n.scale))
	return whole.Cmp(pow10(precision-scale)) < 0
}

// String prints d with the digits it was written with.
func (d Decimal) String() string {
	s := new(big.Int).Abs(d.int()).String()
	if d.scale > 0 {
		if len(s) <= d.scale {
			s = strings.Repeat("0", d.scale-len(s)+1) + s
		}
		s = s[:len(s)-d.scale] + "." + s[len(s)-d.scale:]
	}
	if d.Sign() < 0 {
		return "-" + s
	}
	return s
}

// MarshalJSON prints the number with its own digits, as a JSON number.
func (d Decimal) MarshalJSON() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalJSON reads a JSON number or a string, digit for digit.
func (d *Decimal) UnmarshalJSON(b []byte) error {
	s := string(b)
	if strings.HasPrefix(s, `"`) {
		if err := json.Unmarshal(b, &s); err != nil {
			return fmt.Errorf("reading a decimal: %w", err)
		}
	}
	v, err := ParseDecimal(s)
	if err != nil {
		return err
	}
	*d = v
	return nil
}
