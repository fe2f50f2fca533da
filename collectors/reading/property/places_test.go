package property

import (
	"slices"
	"strings"
	"testing"
)

// A name that begins with a place says whose its figure is, whatever the title says.
func TestANamesPlaceGoesBeforeTheTitles(t *testing.T) {
	for name, c := range map[string]struct {
		text    string
		answers map[string]string
		want    []string // region and value
		ask     string   // the one key that is asked
	}{
		"a district's own and the city's": {text: "西岗区2025年1-9月主要指标\n指标,单位,2025年1-9月\n全区地区生产总值,亿元,512.3\n全市第二产业增加值,亿元,2903.4\n第一产业增加值,亿元,1.5\n",
			want: []string{"西岗区|地区生产总值|512.3", "全市|第二产业增加值|2903.4", "西岗区|第一产业增加值|1.5"}},
		"a county's own": {text: "长海县2024年统计数据\n指标,单位,2024年\n本县地区生产总值,亿元,131.9\n大连市地区生产总值,亿元,9540.2\n",
			want: []string{"长海县|地区生产总值|131.9", "大连市|地区生产总值|9540.2"}},
		"names across": {text: "甘井子区2025年主要经济指标\n时间,全区地区生产总值（亿元）,全市地区生产总值（亿元）\n2025年1-3月,301,2210\n2025年1-6月,655,4705\n",
			want: []string{"甘井子区|地区生产总值|301", "全市|地区生产总值|2210", "甘井子区|地区生产总值|655", "全市|地区生产总值|4705"}},
		"the city's own": {text: "大连市2024年主要指标\n指标,单位,2024年\n全市生产总值,亿元,9540.2\n高新区生产总值,亿元,612\n",
			want: []string{"全市|生产总值|9540.2", "高新区|生产总值|612"}},
		"a group belongs to the name": {text: "大连市2025年6月情况\n指标,单位,数值\n市内五区平价菜店,家,93\n", want: []string{"大连市|市内五区平价菜店|93"}},
		"another city": {text: "云川市2024年主要指标\n指标,单位,2024年\n全市生产总值,亿元,812\n本市第一产业增加值,亿元,31\n",
			want: []string{"云川市|生产总值|812", "云川市|第一产业增加值|31"}},
		"a city in a city": {text: "庄河市2024年主要指标\n指标,单位,2024年\n全市生产总值,亿元,812\n", ask: "region.全市"},
		"which is answered": {text: "庄河市2024年主要指标\n指标,单位,2024年\n全市生产总值,亿元,812\n", answers: map[string]string{"region.全市": "庄河市"},
			want: []string{"全市|生产总值|812"}},
		"no district": {text: "大连市2024年主要指标\n指标,单位,2024年\n全区生产总值,亿元,812\n", ask: "region.全区"},
		"rows of regions": {text: "旅顺口区2025年1-6月地区生产总值（亿元）\n地区,2025年1-6月\n全区,250.5\n全市,4705\n",
			want: []string{"旅顺口区|生产总值|250.5", "全市|生产总值|4705"}},
		"a region beside a name that says another": {text: "指标,地区,时期,数值,单位\n全市生产总值,西岗区,2024年,320,亿元\n", ask: "region.全市生产总值"},
		"the name holds": {text: "指标,地区,时期,数值,单位\n全市生产总值,西岗区,2024年,320,亿元\n", answers: map[string]string{"region.全市生产总值": "大连市"},
			want: []string{"大连市|生产总值|320"}},
		"the label holds": {text: "指标,地区,时期,数值,单位\n全市生产总值,西岗区,2024年,320,亿元\n", answers: map[string]string{"region.全市生产总值": "ignore"},
			want: []string{"西岗区|生产总值|320"}},
		"both agree": {text: "指标,地区,时期,数值,单位\n大连市地区生产总值,大连,2024年,9540.2,亿元\n", want: []string{"大连|地区生产总值|9540.2"}},
	} {
		t.Run(name, func(t *testing.T) {
			figures, r := preview(t, "f.csv", []byte(c.text), c.answers)
			var keys []string
			for _, q := range r.Questions {
				keys = append(keys, q.Key)
			}
			if strings.Join(keys, " ") != c.ask || len(r.Problems) > 0 {
				t.Errorf("asked %v, wrong %+v", keys, r.Problems)
			}
			if c.ask != "" {
				return
			}
			var got []string
			for _, f := range figures {
				part := strings.Split(f, "|") // name, unit, region, period, basis, value
				got = append(got, strings.Join([]string{part[2], part[0], part[5]}, "|"))
			}
			slices.Sort(got)
			if want := slices.Sorted(slices.Values(c.want)); !slices.Equal(got, want) {
				t.Errorf("got  %v\nwant %v", got, want)
			}
		})
	}
}
