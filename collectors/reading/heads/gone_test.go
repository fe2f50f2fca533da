package heads_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"yardstick/collectors/reading/account"
)

// A growth, rank or share is of the row just above it: where that one is left out or asked
// about, so is it, whatever stood before.
func TestWhatIsSaidOfARowGoesWithIt(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 51))
	for n := range 300 {
		var text strings.Builder
		text.WriteString("盘锦市2023年\n指标,单位,1-3月,1-6月\n")
		given := map[string]string{}
		want := map[string]bool{} // of which indicators figures may be
		answered := n%2 == 0
		for i := range 2 + random.IntN(5) {
			name, part := fmt.Sprintf("充电桩%c型数量", 'A'+i), i > 0 && random.IntN(2) == 0
			switch {
			case part && random.IntN(4) == 0:
				name = "合计"
			case part:
				name = []string{"其中：", "#"}[random.IntN(2)] + name
				if answered {
					given["row."+name] = "ignore"
				}
			default:
				want[name] = true
			}
			fmt.Fprintf(&text, "%s,个,%d,%d\n", name, 10+i, 20+i)
			for _, w := range []string{"同比增速", "占比", "位次"} {
				if random.IntN(3) > 0 {
					fmt.Fprintf(&text, "%s,%%,%d.5,%d.6\n", w, i, i)
					if want[name] {
						want[name+w] = true
					}
				}
			}
		}
		got, found := read(t, text.String(), given)
		seen := map[string]bool{}
		for _, l := range got {
			name, _, _ := strings.Cut(l, "|")
			if seen[name] = true; !want[name] {
				t.Fatalf("%s\ngives %s", text.String(), l)
			}
		}
		if len(seen) != len(want) || answered && len(found.Questions) > 0 {
			t.Fatalf("%s\ngives %v, want %v; asked %v", text.String(), got, want, keysOf(found.Questions))
		}
	}
}

// So it is with columns.
func TestWhatIsSaidOfAColumnGoesWithIt(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		given map[string]string
		want  []string // names of the figures
		asked bool
	}{
		"a part that was left out":   {"盘锦市2023年\n地区,充电桩(个),其中：快充桩(个),增速(%)\n双台子区,5,2,3\n", map[string]string{"column.其中：快充桩(个)": "ignore"}, []string{"充电桩"}, false},
		"a total":                    {"2023年\n地区,充电桩(个),合计,增速(%)\n双台子区,5,2,3\n", nil, []string{"充电桩"}, false},
		"what was left out":          {"2023年\n地区,充电桩(个),换电站(座),增速(%)\n双台子区,5,2,3\n", map[string]string{"column.换电站(座)": "ignore"}, []string{"充电桩"}, true},
		"read":                       {"2023年\n地区,充电桩(个),增速(%),换电站(座)\n双台子区,5,2,3\n", map[string]string{"column.换电站(座)": "ignore"}, []string{"充电桩", "充电桩增速"}, false},
		"a period that was left out": {"盘锦市\n指标,单位,2022年1-6月,2023年1-6月,增速(%)\n充电桩,个,5,6,3\n", map[string]string{"column.2023年1-6月": "ignore"}, []string{"充电桩"}, true},
	} {
		got, found := read(t, c.text, c.given)
		var names []string
		for _, l := range got {
			at, _, _ := strings.Cut(l, "|")
			names = append(names, at)
		}
		if !slices.Equal(names, c.want) || (len(found.Questions) > 0) != c.asked {
			t.Errorf("%s: %v, asked %v", name, got, keysOf(found.Questions))
		}
	}
}

// A title that says which part alone is counted is asked about, unless the names say it.
func TestATitleThatNarrowsIsAskedAbout(t *testing.T) {
	for title, words := range map[string]string{
		"盘锦市2023年1-5月女性情况":          "女性",
		"盘锦市规模以上企业2023年1-6月":        "规模以上企业",
		"2023年1-6月盘锦市民营经济主要指标":      "民营",
		"盘锦市2023年1-6月农村统计表":         "农村",
		"盘锦市2023年1-6月主要经济指标":        "",
		"盘锦市农业农村局2023年1-6月报表":       "",
		"盘锦市2023年1-6月高质量发展情况":       "",
		"盘锦市2023年1-6月各项指标进度（单位：亿元）": "",
	} {
		for layout, text := range map[string]string{
			"rows": title + "\n指标,单位,数值\n充电桩,个,20\n高标准农田,亩,7\n",
			"tidy": title + "\n指标,地区,时期,数值,单位\n充电桩,盘锦市,2023年,20,个\n",
		} {
			key := "title." + words
			_, found := read(t, text, nil)
			if asked := slices.Contains(keysOf(found.Questions), key); asked != (words != "") {
				t.Errorf("%s, %s: asked %v", title, layout, keysOf(found.Questions))
			}
			if words == "" {
				continue
			}
			for answer, want := range map[string]string{"part": words + "充电桩", "own": "充电桩"} {
				got, found := read(t, text, map[string]string{key: answer, "region": "盘锦市", "period": "2023年"})
				if len(got) == 0 || !strings.HasPrefix(got[0], want+"|") || slices.Contains(keysOf(found.Questions), key) {
					t.Errorf("%s, %s=%s: %v %v", title, layout, answer, got, keysOf(found.Questions))
				}
			}
		}
	}
	if _, found := read(t, "盘锦市规上工业2023年1-6月情况\n指标,单位,数值\n规模以上工业增加值,亿元,20\n", nil); slices.ContainsFunc(keysOf(found.Questions), func(k string) bool { return strings.HasPrefix(k, "title.") }) {
		t.Errorf("the name says it, and is asked about: %v", keysOf(found.Questions))
	}
}

// So is the heading of a section, for the rows below it and those of its subsections, to
// the next of its level.
func TestAHeadingThatNarrowsIsAskedAbout(t *testing.T) {
	for heading, words := range map[string]string{
		"一、规模以上企业": "规模以上企业",
		"限额以上单位":   "限额以上",
		"二、 民营企业":  "民营企业",
		"三、农村居民":   "农村居民",
		"一、工业":     "",
	} {
		for _, sub := range []string{"", "（一）进度,,\n"} {
			text := "盘锦市主要指标\n指标,单位,2023年\n" + heading + ",,\n" + sub +
				"充电桩,个,20\n高标准农田,亩,7\n九、进度,,\n粮食产量,吨,9\n"
			key := "title." + words
			_, found := read(t, text, nil)
			if asked := slices.Contains(keysOf(found.Questions), key); asked != (words != "") {
				t.Errorf("%s: asked %v", heading, keysOf(found.Questions))
			}
			if words == "" {
				continue
			}
			for answer, want := range map[string]string{"part": words, "own": ""} {
				got, found := read(t, text, map[string]string{key: answer})
				if len(got) != 3 || len(found.Questions) > 0 || !strings.HasPrefix(got[0], want+"充电桩|") ||
					!strings.HasPrefix(got[1], want+"高标准农田|") || !strings.HasPrefix(got[2], "粮食产量|") {
					t.Errorf("%s, %s=%s: %v %v", heading, key, answer, got, keysOf(found.Questions))
				}
			}
		}
	}
}

// 合计 beside parts of one indicator is that one's own figure; beside places or other
// indicators it is none of theirs.
func TestATotalOverPartsIsTheWhole(t *testing.T) {
	got, _ := read(t, "盘锦市2023年5月\n地区,充电桩(个),,\n,合计,快充,慢充\n双台子区,41,20,21\n", nil)
	if len(got) != 3 || !strings.HasPrefix(got[0], "充电桩|双台子区|2023-05|41|") {
		t.Errorf("%v", got)
	}
	for _, text := range []string{"2023年5月\n指标,单位,双台子区,兴隆台区,合计\n充电桩,个,2,3,5\n", "2023年5月\n地区,充电桩(个),换电站(个),合计\n双台子区,2,3,5\n"} {
		if got, _ := read(t, text, nil); len(got) != 2 {
			t.Errorf("%s: %v", text, got)
		}
	}
}

// A rank left of the names ranks the rows; a title in two cells is no head; a period is no
// candidate for a name.
func TestRanksOfRowsAndTitlesInTwoCells(t *testing.T) {
	got, found := read(t, "2023年1-6月\n排名,地区,充电桩(个),增速(%)\n1,双台子区,65,5.1\n2,兴隆台区,45,4.1\n", nil)
	if len(got) != 4 || len(found.Questions) > 0 {
		t.Errorf("%v %v", got, keysOf(found.Questions))
	}
	got, found = read(t, "盘锦市,2023年\n指标,单位,1-3月,1-6月\n充电桩,个,65,70\n", nil)
	if len(got) != 2 || !strings.HasPrefix(got[0], "充电桩|盘锦市|2023-03|65|") || len(found.Problems) > 0 {
		t.Errorf("%v %v %v", got, keysOf(found.Questions), found.Problems)
	}
}

// A title that says change, plan, forecast or what is left out is asked about, unless the
// names or the heads of the table say so.
func TestATitleOfAnotherKindIsAskedAbout(t *testing.T) {
	for _, c := range []struct{ title, table, key, part string }{
		{"盘锦市2023年1-6月各产业增速", "指标,数值\n充电桩,5.5\n", "title.增速", "充电桩增速"},
		{"盘锦市2023年1-6月增长情况", "指标,单位,数值\n充电桩,个,20\n", "title.增长情况", "充电桩增速"},
		{"盘锦市2023年目标值", "指标,单位,2023年\n充电桩,个,20\n", "title.目标值", "目标值充电桩"},
		{"盘锦市2023年1-6月新增", "指标,单位,数值\n充电桩,个,20\n", "title.新增", "新增充电桩"},
		{"盘锦市2023年1-6月情况（不含辽东湾新区）", "指标,单位,数值\n充电桩,个,20\n", "title.不含辽东湾新区", "充电桩(不含辽东湾新区)"},
		{"盘锦市2023年1-6月指标及增速", "指标,单位,绝对额,增速(%)\n充电桩,个,20,3\n", "", ""},
		{"盘锦市2023年1-6月增速", "指标,单位,数值\n充电桩增长率,%,20\n", "", ""},
		{"盘锦市2023年1-6月目标任务完成情况", "指标,单位,年度目标,完成\n充电桩,个,40,20\n", "", ""},
		{"盘锦市2023年1-6月新增情况", "指标,单位,数值\n新增充电桩,个,20\n", "", ""},
	} {
		text := c.title + "\n" + c.table
		got, found := read(t, text, nil)
		var asked []string
		for _, k := range keysOf(found.Questions) {
			if strings.HasPrefix(k, "title.") {
				asked = append(asked, k)
			}
		}
		if c.key == "" && len(asked) > 0 || c.key != "" && !slices.Equal(asked, []string{c.key}) {
			t.Errorf("%s: asked %v, read %v", c.title, asked, got)
		}
		if c.key == "" {
			continue
		}
		for answer, want := range map[string]string{"part": c.part, "own": "充电桩"} {
			if got, _ := read(t, text, map[string]string{c.key: answer}); len(got) == 0 || !strings.HasPrefix(got[0], want+"|") {
				t.Errorf("%s, %s: %v", c.title, answer, got)
			}
		}
	}
}

// A title that the sheet's name repeats says the same.
func TestATitleThatIsTheSheetsNameToo(t *testing.T) {
	for name, key := range map[string]string{"盘锦市规模以上企业": "title.规模以上企业", "民营情况": "title.民营", "目标值": "title.目标值"} {
		text := name + "\n指标,单位,2023年\n充电桩,个,20\n"
		for _, sheets := range []int{1, 2} {
			o := account.Options{Given: map[string]string{"region": "盘锦市"}, Sheets: sheets}
			found := readNamed(t, name, text, o, func(*account.Candidate) error { return nil })
			if keys := keysOf(found.Questions); len(keys) != 1 || !strings.HasPrefix(key, keys[0]) || !strings.HasPrefix(keys[0], "title.") {
				t.Errorf("%s, of %d: asked %v", name, sheets, keys)
			}
		}
	}
}
