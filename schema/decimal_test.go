package schema_test

import (
	"encoding/json"
	"math/big"
	"math/rand/v2"
	"strconv"
	"testing"

	"yardstick/schema"
)

func TestDecimalsKeepWhatWasWritten(t *testing.T) {
	for text, want := range map[string]string{
		"2152.40": "2152.40", "-3.2": "-3.2", "+7": "7", "0.0010": "0.0010", ".5": "0.5", "5.": "5", "1.2e3": "1200", "12E-3": "0.012",
		"-0.50": "-0.50", "000": "0", "9516.9": "9516.9",
	} {
		d, err := schema.ParseDecimal(text)
		if err != nil || d.String() != want {
			t.Errorf("%s: %s, %v, want %s", text, d, err, want)
		}
		out, err := json.Marshal(d)
		var back schema.Decimal
		if err != nil || json.Unmarshal(out, &back) != nil || back.String() != want {
			t.Errorf("%s as JSON: %s, %v", text, out, err)
		}
	}
	for _, text := range []string{"", "-", ".", "1,000", "1 000", "１２", "1e999", "NaN", "0x10", "1.2.3", "--1"} {
		if d, err := schema.ParseDecimal(text); err == nil {
			t.Errorf("%q is read as %s", text, d)
		}
	}
}

func TestDecimalArithmeticIsExact(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	number := func() schema.Decimal {
		return schema.NewDecimal(random.Int64N(2e12)-1e12, random.IntN(8))
	}
	for range 2000 {
		a, b := number(), number()
		x, y := a.Rat(), b.Rat()
		if a.Add(b).Rat().Cmp(new(big.Rat).Add(x, y)) != 0 || a.Sub(b).Rat().Cmp(new(big.Rat).Sub(x, y)) != 0 ||
			a.Mul(b).Rat().Cmp(new(big.Rat).Mul(x, y)) != 0 || a.Cmp(b) != x.Cmp(y) || a.Normal().Cmp(a) != 0 {
			t.Fatalf("%s and %s", a, b)
		}
	}
	if a := schema.MustDecimal("2152.40"); !a.Equal(schema.MustDecimal("2152.4")) {
		t.Error("2152.40 is 2152.4")
	}
}

func TestRoundingIsHalfAwayFromZero(t *testing.T) {
	for text, want := range map[string]string{"1.25": "1.3", "-1.25": "-1.3", "1.24": "1.2", "1.2": "1.2", "0.05": "0.1", "-0.04": "0.0"} {
		if got := schema.MustDecimal(text).Round(1); got.String() != want {
			t.Errorf("%s rounds to %s, want %s", text, got, want)
		}
	}
}

func TestWhatDoesNotFitTheColumnIsKnown(t *testing.T) {
	for text, want := range map[string]bool{
		"0.0000000001": true, "0.00000000001": false, "0.10000000000000": true,
		"9999999999999999999999999999.9999999999": true, "10000000000000000000000000000": false,
	} {
		if got := schema.MustDecimal(text).Fits(38, 10); got != want {
			t.Errorf("%s fits: %v", text, got)
		}
	}
}

func FuzzDecimal(f *testing.F) {
	for _, s := range []string{"1", "-2.50", "1e5", ".1", "00.0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := schema.ParseDecimal(s)
		if err != nil {
			return
		}
		back, err := schema.ParseDecimal(d.String())
		if err != nil || back.String() != d.String() || !back.Equal(d) {
			t.Fatalf("%q gives %s, which is read as %s, %v", s, d, back, err)
		}
		if want, err := strconv.ParseFloat(s, 64); err == nil && want != 0 {
			if got := d.Float(); got/want < 1-1e-12 || got/want > 1+1e-12 {
				t.Fatalf("%q is %g as a float, want %g", s, got, want)
			}
		}
	})
}
