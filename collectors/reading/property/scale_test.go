package property

import (
	"strings"
	"testing"
)

// A column that figures are to be multiplied with counts whatever other columns stand
// beside it, and is never passed over.
func TestAMultiplierIsNeverPassedOver(t *testing.T) {
	for name, c := range map[string]struct {
		text    string
		answers map[string]string
		want    string // the last figure, or the key that is asked
	}{
		"few columns":         {"REF_AREA,INDICATOR,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,UNIT_MULT\n210203,gdp,2024,320.5,元,8\n", nil, "32050000000"},
		"another place":       {"UNIT_MULT,REF_AREA,INDICATOR,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE\n0,210203,gdp,2023,1,元\n3,210203,gdp,2024,320.5,元\n", nil, "320500"},
		"Chinese heads":       {"指标,地区,时期,数值,单位,UNIT_MULTIPLIER\n高标准农田,大连市,2025-06,39.5,亩,4\n", nil, "395000"},
		"none is meant":       {"指标,地区,时期,数值,单位,unit_mult\n高标准农田,大连市,2025-06,395000,亩,0\n", nil, "395000"},
		"a word for it":       {"指标,地区,时期,数值,单位,倍数\n高标准农田,大连市,2025-06,39.5,亩,万\n", nil, "?column.倍数"},
		"a factor, answered":  {"指标,地区,时期,数值,单位,倍数\n高标准农田,大连市,2025-06,39.5,亩,万\n", map[string]string{"column.倍数": "factor"}, "395000"},
		"in digits, answered": {"指标,地区,时期,数值,单位,乘数\n高标准农田,大连市,2025-06,39.5,亩,10000\n", map[string]string{"column.乘数": "factor"}, "395000"},
		"a power, answered":   {"指标,地区,时期,数值,单位,数量级\n高标准农田,大连市,2025-06,39.5,亩,4\n", map[string]string{"column.数量级": "power"}, "395000"},
		"ignore is refused":   {"指标,地区,时期,数值,单位,UNIT_MULT\n高标准农田,大连市,2025-06,39.5,亩,4\n", map[string]string{"column.UNIT_MULT": "ignore"}, "?!answer-invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			figures, r := preview(t, "f.csv", []byte(c.text), c.answers)
			if asked := open(r); len(asked) > 0 || strings.HasPrefix(c.want, "?") {
				if got := "?" + strings.Join(asked, " "); got != c.want {
					t.Errorf("got %s, want %s", got, c.want)
				}
				return
			}
			last := strings.Split(figures[len(figures)-1], "|")
			if got := strings.TrimSuffix(last[5], ".0"); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
