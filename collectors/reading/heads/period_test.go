package heads_test

import (
	"slices"
	"strings"
	"testing"
)

// What people write around a period in a column's head is read: the place before it, the
// unit behind it, that it is what was done; whatever stands to the left of the first.
func TestHeadsThatHoldAPeriodAndMoreAreRead(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"place and period":     {"指标,盘锦市2023年7月,营口市2023年7月\n充电桩(个),12,15\n", "充电桩|盘锦市|2023-07|12|个|[]| 充电桩|营口市|2023-07|15|个|[]|"},
		"period and unit":      {"盘锦市\n指标,2023年1-6月(亿元),2022年1-6月(亿元)\n甲产值,12,15\n", "甲产值|盘锦市|2023-06|12|亿元|[]| 甲产值|盘锦市|2022-06|15|亿元|[]|"},
		"what was done":        {"盘锦市\n指标,2022年实际,2023年1-6月\n甲产值(亿元),30,15\n", "甲产值|盘锦市|2022|30|亿元|[]| 甲产值|盘锦市|2023-06|15|亿元|[]|"},
		"growth first":         {"盘锦市\n指标,单位,增速(%),2023年1-6月\n甲产值,亿元,5.5,15\n", "甲产值增速|盘锦市|2023-06|5.5|%|[]| 甲产值|盘锦市|2023-06|15|亿元|[]|"},
		"a plan first":         {"盘锦市\n指标,单位,年度目标,2023年1-6月,完成率(%)\n甲产值,亿元,30,15,50\n", "甲产值|盘锦市|2023-06|15|亿元|[]|"},
		"each with its growth": {"盘锦市\n指标,单位,2022年1-6月,增速(%),2023年1-6月,增速(%)\n甲产值,亿元,14,5,15,6\n", "甲产值|盘锦市|2022-06|14|亿元|[]| 甲产值增速|盘锦市|2022-06|5|%|[]| 甲产值|盘锦市|2023-06|15|亿元|[]| 甲产值增速|盘锦市|2023-06|6|%|[]|"},
		"years across":         {"盘锦市\n指标：充电桩\n单位：个\n月份,2022年,2023年\n1月,12,15\n2月,13,16\n", "充电桩|盘锦市|2022-01|12|个|[]| 充电桩|盘锦市|2023-01|15|个|[]| 充电桩|盘锦市|2022-02|13|个|[]| 充电桩|盘锦市|2023-02|16|个|[]|"},
		"months as numbers":    {"盘锦市\n指标：充电桩\n单位：个\n月份,2022年,2023年\n1,12,15\n2,13,16\n", "充电桩|盘锦市|2022-01|12|个|[]| 充电桩|盘锦市|2023-01|15|个|[]| 充电桩|盘锦市|2022-02|13|个|[]| 充电桩|盘锦市|2023-02|16|个|[]|"},
		"a note in between":    {"盘锦市\n指标,单位,2023年7月\n充电桩,个,12\n注：绿道为累计数\n绿道,公里,31\n", "充电桩|盘锦市|2023-07|12|个|[]| 绿道|盘锦市|2023-07|31|公里|[]|"},
		"a day at the right":   {"盘锦市主要指标,,,制表日期：2023-08-01\n指标,单位,2023年6月,2023年7月\n充电桩,个,12,15\n", "充电桩|盘锦市|2023-06|12|个|[]| 充电桩|盘锦市|2023-07|15|个|[]|"},
		"a printed form":       {"表号：,盘统02表\n制定机关：,盘锦市统计局\n有效期至：,2026年12月\n填报单位,盘锦市统计局,,2023年7月\n盘锦市\n指标,单位,2023年6月,2023年7月\n甲,乙,1,2\n充电桩,个,12,15\n", "充电桩|盘锦市|2023-06|12|个|[]| 充电桩|盘锦市|2023-07|15|个|[]|"},
	} {
		t.Run(name, func(t *testing.T) {
			got, found := ofPeriods(t, c.text, nil)
			if strings.Join(got, " ") != c.want || len(found.Questions)+len(found.Problems) > 0 {
				t.Errorf("got  %s\nwant %s\n%v %+v", strings.Join(got, " "), c.want, keysOf(found.Questions), found.Problems)
			}
		})
	}
}

// Each candidate that is offered changes the outcome: the same question never follows.
func TestNoCandidateLeadsToTheSameQuestion(t *testing.T) {
	for _, text := range []string{
		"充电情况\n指标,盘锦市\n充电桩(个),12\n",
		"充电情况 2023\n地区,充电桩(个)\n盘锦市,12\n",
		"盘锦市各区情况\n地区,充电桩,,\n,2023年7月,,位次\n,绝对量(个),增速(%),\n双台子区,12,5,1\n大洼区,11,4,2\n",
		"盘锦市\n指标,单位,本批,2023年7月\n充电桩,个,5,12\n",
		"盘锦市\n指标,单位,合同数\n充电桩,个,12\n",
		"盘锦市\n,指标,单位,2023年6月,2023年7月\n202306,充电桩,个,12,15\n202307,绿道,公里,31,33\n",
		"盘锦市\n指标,单位,2022年,2023年\n,,2023年6月,2023年7月\n充电桩,个,12,15\n",
		"指标,甲区域2023年,乙区域2023年\n充电桩(个),12,15\n",
		"盘锦市\n指标,项目名称,2023年6月,2023年7月\n充电桩(个),东区,12,15\n绿道(公里),西区,31,33\n",
	} {
		walk(t, text, map[string]string{}, 6)
	}
}

// walk answers every question with each of its candidates.
func walk(t *testing.T, text string, given map[string]string, left int) {
	t.Helper()
	_, found := read(t, text, given)
	if left == 0 && len(found.Questions) > 0 {
		t.Errorf("%s: still asked after %v: %v", text, given, keysOf(found.Questions))
		return
	}
	for _, q := range found.Questions {
		for _, answer := range q.Candidates {
			next := map[string]string{q.Key: answer}
			for k, v := range given {
				next[k] = v
			}
			_, after := read(t, text, next)
			if i := slices.Index(keysOf(after.Questions), q.Key); i >= 0 && after.Questions[i].Cell == q.Cell {
				t.Errorf("%s: %s=%s after %v leads to the same question at %s", text, q.Key, answer, given, q.Cell)
				continue
			}
			walk(t, text, next, left-1)
		}
	}
}
