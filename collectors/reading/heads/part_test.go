package heads_test

import (
	"slices"
	"strings"
	"testing"
)

// What names a part and not its whole is of the nearest whole: below a gross product an
// indicator of its own, below anything else asked about.
func TestAPartIsOfTheNearestWhole(t *testing.T) {
	for name, c := range map[string]struct{ text, whole string }{
		"rows":                  {"盘锦市2023年1-6月\n指标,单位,数值\n固定资产投资,亿元,180\n第一产业,亿元,2\n第二产业,亿元,55\n", "固定资产投资"},
		"rows that stand in":    {"盘锦市2023年1-6月\n指标,单位,数值\n税收收入,亿元,180\n　第一产业,亿元,2\n", "税收收入"},
		"the unit in the name":  {"盘锦市\n指标,2023年1-6月\n全社会用电量(万千瓦时),180\n第一产业(万千瓦时),2\n", "全社会用电量"},
		"columns":               {"盘锦市\n时期,固定资产投资(亿元),第一产业(亿元)\n2023年1-3月,90,1\n2023年1-6月,180,2\n", "固定资产投资"},
		"a title":               {"盘锦市2023年1-6月固定资产投资情况\n单位：亿元\n指标,绝对额\n第二产业,55\n第三产业,123\n", "固定资产投资"},
		"a section":             {"盘锦市2023年1-6月\n单位：亿元\n指标,绝对额\n一、固定资产投资,\n第二产业,55\n第三产业,123\n", "固定资产投资"},
		"tidy rows":             {"指标,地区,时期,数值,单位\n固定资产投资,盘锦市,2023年1-6月,180,亿元\n第一产业,盘锦市,2023年1-6月,2,亿元\n", "固定资产投资"},
		"another unit between":  {"盘锦市2023年1-6月\n指标,单位,数值\n固定资产投资,亿元,180\n旅客,万人次,7\n第一产业,万元,20000\n", "固定资产投资"},
		"a name not registered": {"盘锦市2023年1-6月\n指标,单位,数值\n税收收入,亿元,180\n批发和零售业,亿元,2\n", "税收收入"},
	} {
		_, found := read(t, c.text, nil)
		key := "parts." + c.whole
		if !slices.Contains(keysOf(found.Questions), key) {
			t.Errorf("%s: asked %v, want %s", name, keysOf(found.Questions), key)
		}
		for answer, want := range map[string]string{"part": c.whole, "own": "", "ignore": ""} {
			got, left := read(t, c.text, map[string]string{key: answer})
			parts := slices.DeleteFunc(slices.Clone(got), func(l string) bool { return !strings.Contains(l, "产业|") && !strings.Contains(l, "零售业|") })
			if slices.Contains(keysOf(left.Questions), key) {
				t.Errorf("%s: %s leads to the same question", name, answer)
			}
			switch {
			case answer == "ignore" && len(parts) > 0, answer != "ignore" && len(parts) == 0:
				t.Errorf("%s, %s: %v", name, answer, got)
			case len(parts) > 0 && !strings.HasPrefix(parts[0], want) || answer == "own" && strings.HasPrefix(parts[0], c.whole):
				t.Errorf("%s, %s: %v", name, answer, parts)
			}
		}
	}
	for name, text := range map[string]string{
		"below a gross product":      "盘锦市2023年1-6月\n指标,单位,数值\n地区生产总值,亿元,180\n第一产业,亿元,2\n",
		"what is added stands above": "盘锦市2023年1-6月\n指标,单位,数值\n地区生产总值,亿元,180\n规模以上工业增加值,亿元,50\n第三产业,亿元,2\n",
		"a whole of another kind":    "盘锦市2023年1-6月\n指标,单位,数值\n充电桩,个,180\n第三产业,亿元,2\n",
		"nothing names a whole":      "盘锦市2023年1-6月主要经济指标\n指标,单位,数值\n第一产业,亿元,2\n第三产业,亿元,12\n",
		"a title of the product":     "盘锦市2023年1-6月地区生产总值情况\n指标,单位,数值\n第一产业,亿元,2\n第三产业,亿元,12\n",
		"whole names":                "盘锦市2023年1-6月\n指标,单位,数值\n固定资产投资,亿元,180\n第一产业增加值,亿元,2\n",
		"tidy rows of the product":   "指标,地区,时期,数值,单位\n固定资产投资,盘锦市,2023年1-6月,180,亿元\n地区生产总值,盘锦市,2023年1-6月,180,亿元\n第一产业,盘锦市,2023年1-6月,2,亿元\n",
	} {
		if got, found := read(t, text, nil); len(found.Questions)+len(found.Problems) > 0 || len(got) < 2 {
			t.Errorf("%s: %v %+v %+v", name, got, found.Questions, found.Problems)
		}
	}
}

// Months that fall back past December are of the next year; where no year is written
// the title's is not that of all of them.
func TestMonthsThatFallBackPassIntoTheNextYear(t *testing.T) {
	for text, c := range map[string]struct{ asked, answer, want string }{
		"盘锦市\n指标,单位,2022年11月,12月,1月,2月\n充电桩,个,1,2,3,4\n":  {"", "", "2022-11 2022-12 2023-01 2023-02"},
		"盘锦市\n指标,单位,2023年2月,1月,12月,11月\n充电桩,个,1,2,3,4\n":  {"", "", "2023-02 2023-01 2022-12 2022-11"},
		"盘锦市\n时期,充电桩(个)\n2022年三季度,1\n四季度,2\n一季度,3\n":      {"", "", "2022-Q3 2022-Q4 2023-Q1"},
		"盘锦市2022年\n指标,单位,11月,12月,1月,2月\n充电桩,个,1,2,3,4\n":  {"year", "2021", "2021-11 2021-12 2022-01 2022-02"},
		"盘锦市\n指标,单位,11月,12月,1月,2月\n充电桩,个,1,2,3,4\n":       {"year", "2022", "2022-11 2022-12 2023-01 2023-02"},
		"盘锦市2022年\n时期,充电桩(个)\n11月,1\n12月,2\n1月,3\n2月,4\n": {"year", "2022", "2022-11 2022-12 2023-01 2023-02"},
		"盘锦市\n指标,单位,2022年10月,12月,2月,4月\n充电桩,个,1,2,3,4\n":  {"year", "2022", "2022-10 2022-12 2023-02 2023-04"},
	} {
		given := map[string]string{"basis": "period"}
		if c.asked != "" {
			if _, found := read(t, text, nil); !slices.Contains(keysOf(found.Questions), c.asked) {
				t.Errorf("%s: asked %v", text, keysOf(found.Questions))
			}
			given[c.asked] = c.answer
		}
		got, found := read(t, text, given)
		var when []string
		for _, l := range got {
			when = append(when, strings.Split(l, "|")[2])
		}
		if strings.Join(when, " ") != c.want || len(found.Questions) > 0 {
			t.Errorf("%s: %v, want %s; %v", text, when, c.want, keysOf(found.Questions))
		}
	}
}
