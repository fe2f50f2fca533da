package lineage

import (
	"strings"
	"testing"

	"yardstick/schema"
)

func TestAFigureAsWrittenNamesItsUnitOnce(t *testing.T) {
	one := schema.NewDecimal(1, 0)
	for _, c := range [][3]string{{"31.40", "万亩", "31.40 万亩"}, {"31.40万亩", "万亩", "31.40万亩"}, {"1.30万", "万户", "1.30万户"}, {"410", "PFlops", "410 PFlops"}, {"5", "", "5"}} {
		if got := asWritten(schema.Observation{Value: &one}, c[0], c[1]); strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(c[2], " ", "") {
			t.Errorf("%s in %s is written %q, want %q", c[0], c[1], got, c[2])
		}
	}
}
