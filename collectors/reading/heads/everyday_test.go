package heads_test

import (
	"fmt"
	"slices"
	"testing"

	"yardstick/collectors/reading/account"
	"yardstick/schema"
)

// Layouts that bureaus print: what their heads leave to the title, and what stands in two
// rows of heads.
func TestEverydayHeadsAreRead(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"a unit, and a percentage for growth": {"盘锦市2023年1-6月\n单位：万元、%\n指标,总量,增速,占比\n民生支出,70,3.5,12\n", []string{
			"民生支出|盘锦市|2023-06|70|万元|[]|", "民生支出增速|盘锦市|2023-06|3.5|%|[]|", "民生支出占比|盘锦市|2023-06|12|%|[]|"}},
		"the same beside the title's period": {"指标：民生支出,,,\n2023年上半年,,单位：万元；%,\n地区,总量,同比增长\n盘山县,70,3.5\n", []string{
			"民生支出|盘山县|2023-Q2|70|万元|[]|", "民生支出同比增长|盘山县|2023-Q2|3.5|%|[]|"}},
		"a rank below each": {"2023年1-6月\n地区,民生支出(万元),,增速(%),\n,总量,位次,增幅,位次\n盘山县,70,2,3.5,4\n", []string{
			"民生支出|盘山县|2023-06|70|万元|[]|", "民生支出位次|盘山县|2023-06|2|位|[]|",
			"民生支出增幅|盘山县|2023-06|3.5|%|[]|", "民生支出增速位次|盘山县|2023-06|4|位|[]|"}},
		"a rank beside a growth, the name in the rows": {"盘锦市2023年1-6月\n指标,单位,总量,位次,增速(%),位次\n民生支出,万元,70,2,3.5,4\n", []string{
			"民生支出|盘锦市|2023-06|70|万元|[]|", "民生支出位次|盘锦市|2023-06|2|位|[]|",
			"民生支出增速|盘锦市|2023-06|3.5|%|[]|", "民生支出增速位次|盘锦市|2023-06|4|位|[]|"}},
		"figures and units below both": {"盘锦市2023年1-6月\n指标,总量,,增速,\n,数值,单位,数值,单位\n民生支出,70,万元,3.5,%\n", []string{
			"民生支出|盘锦市|2023-06|70|万元|[]|", "民生支出增速|盘锦市|2023-06|3.5|%|[]|"}},
		"a total since January, and last year": {"盘锦市2023年1-6月\n指标,单位,累计,增长(%),2022年,增长(%)\n民生支出,万元,70,3.5,150,2.5\n", []string{
			"民生支出|盘锦市|2023-06|70|万元|[ytd cumulative]|", "民生支出增长|盘锦市|2023-06|3.5|%|[ytd cumulative]|",
			"民生支出|盘锦市|2022|150|万元|[]|", "民生支出增长|盘锦市|2022|2.5|%|[]|"}},
		"a total since January with its unit": {"盘锦市2023年1-6月\n指标,累计（万元）,增长（%）,2022年1-6月（万元）\n民生支出,70,3.5,68\n", []string{
			"民生支出|盘锦市|2023-06|70|万元|[ytd cumulative]|", "民生支出增长|盘锦市|2023-06|3.5|%|[ytd cumulative]|", "民生支出|盘锦市|2022-06|68|万元|[]|"}},
		"who reports": {"指标：民生支出\n单位：万元\n单位,2023年,2022年\n盘山县,70,68\n大洼区,60,58\n", []string{
			"民生支出|盘山县|2023|70|万元|[]|", "民生支出|盘山县|2022|68|万元|[]|", "民生支出|大洼区|2023|60|万元|[]|", "民生支出|大洼区|2022|58|万元|[]|"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, found := read(t, c.text, nil)
			if !slices.Equal(got, c.want) || len(found.Questions)+len(found.Problems) > 0 {
				t.Errorf("got  %q\nwant %q\nasked %v, %v", got, c.want, keysOf(found.Questions), found.Problems)
			}
		})
	}
}

// A month beside its running total is that month's own, also of what is counted since a
// day: only a stock has one figure for both.
func TestAMonthBesideItsTotalIsNoTotal(t *testing.T) {
	for basis, want := range map[schema.Basis]string{schema.Cumulative: "[period]", schema.YearToDate: "[period]", schema.Point: "[point]"} {
		for _, head := range []string{"8月,1-8月", "2023年8月,2023年1-8月"} {
			text := "盘锦市2023年8月情况\n指标,单位," + head + "\n充电桩,个,12,86\n"
			o := account.Options{Known: func(name string) (string, schema.Basis, bool) { return "x", basis, name == "充电桩" }}
			var got []string
			readWith(t, text, o, func(c *account.Candidate) error {
				got = append(got, fmt.Sprint(c.Bases))
				return nil
			})
			if len(got) == 0 || got[0] != want {
				t.Errorf("%s, %s: %v", basis, head, got)
			}
		}
	}
}
