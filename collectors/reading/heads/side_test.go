package heads_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"yardstick/collectors/reading/account"
	"yardstick/schema"
)

// Labels belong to the figures at their right, up to where labels begin again.
func TestTablesSideBySideAreTables(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"periods down": {"盘锦市\n时期,充电桩(个),,时期,绿道(公里)\n2023年7月,12,,2023年9月,31\n2023年8月,15,,2023年10月,33\n",
			"充电桩|盘锦市|2023-07|12|个|[]| 充电桩|盘锦市|2023-08|15|个|[]| 绿道|盘锦市|2023-09|31|公里|[]| 绿道|盘锦市|2023-10|33|公里|[]|"},
		"places down, one indicator": {"2023年7月\n地区,充电桩(个),地区,充电桩(个)\n双台子区,12,大洼区,31\n兴隆台区,15,盘山县,33\n",
			"充电桩|双台子区|2023-07|12|个|[]| 充电桩|兴隆台区|2023-07|15|个|[]| 充电桩|大洼区|2023-07|31|个|[]| 充电桩|盘山县|2023-07|33|个|[]|"},
		"indicators down, the right one shorter": {"盘锦市\n指标,单位,2023年7月,2023年8月,,指标,单位,2022年7月,2022年8月\n充电桩,个,12,15,,绿道,公里,31,33\n公交站,座,7,8\n",
			"充电桩|盘锦市|2023-07|12|个|[]| 充电桩|盘锦市|2023-08|15|个|[]| 公交站|盘锦市|2023-07|7|座|[]| 公交站|盘锦市|2023-08|8|座|[]| 绿道|盘锦市|2022-07|31|公里|[]| 绿道|盘锦市|2022-08|33|公里|[]|"},
		"what stands before both holds for both": {"地区,指标,单位,2023年7月,指标,单位,2023年8月\n盘锦市,充电桩,个,12,绿道,公里,31\n营口市,公交站,座,7,步道,千米,9\n",
			"充电桩|盘锦市|2023-07|12|个|[]| 公交站|营口市|2023-07|7|座|[]| 绿道|盘锦市|2023-08|31|公里|[]| 步道|营口市|2023-08|9|千米|[]|"},
		"a name over each": {"充电桩（个）,,,绿道（公里）,\n地区,2023年7月,,地区,2023年7月\n双台子区,12,,双台子区,31\n大洼区,15,,大洼区,33\n",
			"充电桩|双台子区|2023-07|12|个|[]| 充电桩|大洼区|2023-07|15|个|[]| 绿道|双台子区|2023-07|31|公里|[]| 绿道|大洼区|2023-07|33|公里|[]|"},
		"places within places": {"2023年7月\n省份,城市,充电桩(个)\n辽宁省,盘锦市,12\n辽宁省,营口市,15\n", "充电桩|盘锦市|2023-07|12|个|[]| 充电桩|营口市|2023-07|15|个|[]|"},
		"columns that agree":   {"2023年7月\n地区,充电桩(个),地区\n双台子区,12,双台子区\n大洼区,15,大洼区\n", "充电桩|双台子区|2023-07|12|个|[]| 充电桩|大洼区|2023-07|15|个|[]|"},
	} {
		t.Run(name, func(t *testing.T) {
			got, found := ofPeriods(t, c.text, nil)
			if strings.Join(got, " ") != c.want || len(found.Questions)+len(found.Problems) > 0 {
				t.Errorf("got  %s\nwant %s\n%+v %+v", strings.Join(got, " "), c.want, found.Questions, found.Problems)
			}
		})
	}
}

// The last of two columns of one kind wins nowhere without a word.
func TestAKindThatStandsTwiceBeforeTheSameFiguresIsAskedOrWrong(t *testing.T) {
	for text, want := range map[string]string{
		"盘锦市\n时期,时间,充电桩(个)\n2023年7月,2023年9月,12\n2023年8月,2023年10月,15\n":   "twice.period=A:2023-07 twice.period=B:2023-09",
		"2023年7月\n地区,市县,充电桩(个)\n盘锦市,大洼区,12\n营口市,盘山县,15\n":                "twice.region=A:盘锦市 twice.region=B:大洼区",
		"盘锦市\n指标,单位,2023年1-3月,2023年1-6月,单位\n甲产值,万元,227000,470000,亿元\n":   "column-twice",
		"盘锦市\n指标,计量单位,单位,2023年1-3月,2023年1-6月\n甲产值,万元,亿元,227000,470000\n": "twice.unit=B:万元 twice.unit=C:亿元",
	} {
		_, found := read(t, text, nil)
		if want == "column-twice" {
			if len(found.Problems) == 0 || found.Problems[0].Code != want {
				t.Errorf("%s: %+v %+v", text, found.Problems, found.Questions)
			}
			continue
		}
		if len(found.Questions) != 1 {
			t.Errorf("%s: asked %+v", text, found.Questions)
			continue
		}
		for _, w := range strings.Fields(want) {
			answer, says, _ := strings.Cut(w, ":")
			key, value, _ := strings.Cut(answer, "=")
			if key != found.Questions[0].Key || !slices.Contains(found.Questions[0].Candidates, value) {
				t.Errorf("%s: %+v, want %s", text, found.Questions[0], answer)
			}
			got, left := ofPeriods(t, text, map[string]string{key: value})
			if len(left.Questions)+len(left.Problems) > 0 || len(got) == 0 || !strings.Contains(got[0], says) {
				t.Errorf("%s: after %s %v %+v %+v", text, answer, got, left.Questions, left.Problems)
			}
		}
	}
}

func keysOf(questions []schema.Question) (keys []string) {
	for _, q := range questions {
		keys = append(keys, q.Key)
	}
	return keys
}

// ofPeriods reads a text whose figures are of their periods alone, as answered.
func ofPeriods(t *testing.T, text string, given map[string]string) ([]string, *account.Findings) {
	t.Helper()
	all := map[string]string{"basis": "period"}
	maps.Copy(all, given)
	got, found := read(t, text, all)
	for i, l := range got {
		parts := strings.Split(l, "|")
		got[i] = strings.Join(append(parts[:5], "[]", parts[6]), "|")
	}
	return got, found
}
