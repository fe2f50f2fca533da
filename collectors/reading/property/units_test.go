package property

import (
	"strings"
	"testing"
)

// A row of units under the heads may write each in brackets.
func TestUnitsUnderHeadsMayStandInBrackets(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"full-width": {"地区：庄河市\n时间,地区生产总值,地区生产总值增速\n,（万元）,（%）\n2025年1-3月,5012,3.5\n",
			"地区生产总值|万元|庄河市|2025-03|ytd|5012 地区生产总值增速|%|庄河市|2025-03|ytd|3.5"},
		"half-width": {"地区：庄河市\n时间,地区生产总值,第二产业增加值\n,(万元),(亿元)\n2025年1-3月,5012,3.5\n",
			"地区生产总值|万元|庄河市|2025-03|ytd|5012 第二产业增加值|亿元|庄河市|2025-03|ytd|3.5"},
		"square":  {"地区：庄河市\n年份,港口吞吐量\n,【万吨】\n2024年,812\n", "港口吞吐量|万吨|庄河市|2024||812"},
		"none of": {"地区：庄河市\n年份,港口吞吐量\n,万吨\n2024年,812\n", "港口吞吐量|万吨|庄河市|2024||812"},
	} {
		t.Run(name, func(t *testing.T) {
			figures, r := preview(t, "f.csv", []byte(c.text), nil)
			if got := strings.Join(figures, " "); got != c.want || len(open(r)) > 0 {
				t.Errorf("got %s, open %v", got, open(r))
			}
		})
	}
}
