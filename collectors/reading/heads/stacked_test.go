package heads_test

import (
	"slices"
	"strings"
	"testing"

	"yardstick/collectors/reading/account"
	"yardstick/schema"
)

// known reads a text with the register's names of headers, indicators and regions, and
// gives name, place, period, number and unit of each figure.
func known(t *testing.T, text string, given map[string]string) (out []string, keys []string) {
	t.Helper()
	register, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	options := account.Options{Given: given, Known: func(name string) (string, schema.Basis, bool) {
		i, ok := register.Indicators.Find(name)
		return i.Code, i.Basis, ok
	}}
	found := readWith(t, text, options, func(c *account.Candidate) error {
		if c.Bad == 0 {
			out = append(out, strings.Join([]string{c.Written(account.Indicator), c.Written(account.Region), c.When.String(), c.Written(account.Value), c.Written(account.Unit)}, "|"))
		}
		return nil
	})
	return out, keysOf(found.Questions)
}

// A line that names what is counted, above the header again, begins another table: it is no
// place, and what stood above the first line of the kind is said of both.
func TestALineAboveTheHeaderAgainBeginsATable(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"names with units": {"平价菜店（家）\n地区,2023年5月\n康平县,7\n\n高标准农田（亩）\n地区,2023年5月\n法库县,9\n",
			[]string{"平价菜店|康平县|2023-05|7|家", "高标准农田|法库县|2023-05|9|亩"}},
		"without a blank row, three of them": {"平价菜店（家）\n地区,2023年5月,2023年6月\n康平县,7,8\n高标准农田（亩）\n地区,2023年5月,2023年6月\n康平县,9,10\n智算算力规模（PFlops）\n地区,2023年5月,2023年6月\n康平县,1,2\n",
			[]string{"平价菜店|康平县|2023-05|7|家", "平价菜店|康平县|2023-06|8|家", "高标准农田|康平县|2023-05|9|亩", "高标准农田|康平县|2023-06|10|亩", "智算算力规模|康平县|2023-05|1|PFlops", "智算算力规模|康平县|2023-06|2|PFlops"}},
		"a unit in a line of its own": {"高标准农田\n单位：亩\n地区,2023年5月\n康平县,7\n智算算力规模\n单位：PFlops\n地区,2023年5月\n康平县,9\n",
			[]string{"高标准农田|康平县|2023-05|7|亩", "智算算力规模|康平县|2023-05|9|PFlops"}},
		"names beside their units": {"高标准农田,单位：亩\n地区,2023年5月\n康平县,7\n智算算力规模,单位：PFlops\n地区,2023年5月\n康平县,9\n",
			[]string{"高标准农田|康平县|2023-05|7|亩", "智算算力规模|康平县|2023-05|9|PFlops"}},
		"periods down, the place above all": {"沈阳市主要指标\n高标准农田（亩）\n时间,数值\n2023年5月,7\n2023年6月,8\n\n智算算力规模（PFlops）\n时间,数值\n2023年5月,9\n2023年6月,5\n",
			[]string{"高标准农田|沈阳市|2023-05|7|亩", "高标准农田|沈阳市|2023-06|8|亩", "智算算力规模|沈阳市|2023-05|9|PFlops", "智算算力规模|沈阳市|2023-06|5|PFlops"}},
	} {
		if got, keys := known(t, c.text, nil); !slices.Equal(got, c.want) || len(keys) > 0 {
			t.Errorf("%s: %q, asked %v", name, got, keys)
		}
	}
}

// Nothing tells a place from a name that no register has: a line of it, and a row of it
// without figures, are asked about.
func TestANameWithoutFiguresAmongPlacesIsAskedAbout(t *testing.T) {
	for name, c := range map[string]struct {
		text, key string
		given     string // that ends the question
		want      []string
	}{
		"a line above the header again": {"平价菜店（家）\n地区,2023年5月\n康平县,7\n旅游满意度\n地区,2023年5月\n法库县,9\n", "indicator", "旅游满意度(%)",
			[]string{"平价菜店|康平县|2023-05|7|家", "旅游满意度|法库县|2023-05|9|%"}},
		"a line with a unit": {"平价菜店（家）\n地区,2023年5月\n康平县,7\n高标准农田（亩）\n法库县,9\n", "heading", "ignore",
			[]string{"平价菜店|康平县|2023-05|7|家", "平价菜店|法库县|2023-05|9|家"}},
		"a row of marks": {"平价菜店（家）\n地区,2023年5月,2023年6月\n康平县,7,8\n绿道长度,—,—\n法库县,9,10\n", "row.绿道长度", "ignore",
			[]string{"平价菜店|康平县|2023-05|7|家", "平价菜店|康平县|2023-06|8|家", "平价菜店|法库县|2023-05|9|家", "平价菜店|法库县|2023-06|10|家"}},
		"a row of marks that is a place": {"平价菜店（家）\n地区,2023年5月,2023年6月\n康平县,7,8\n长白岛,—,—\n", "row.长白岛", "region",
			[]string{"平价菜店|康平县|2023-05|7|家", "平价菜店|康平县|2023-06|8|家", "平价菜店|长白岛|2023-05|—|家", "平价菜店|长白岛|2023-06|—|家"}},
	} {
		if _, keys := known(t, c.text, nil); !slices.Contains(keys, c.key) {
			t.Errorf("%s: asked %v", name, keys)
		}
		got, keys := known(t, c.text, map[string]string{c.key: c.given})
		if len(keys) > 0 || !slices.Equal(got[:min(len(got), len(c.want))], c.want) {
			t.Errorf("%s: %q, asked %v", name, got, keys)
		}
	}
}

// The question about such a row says what it is about.
func TestARowAmongPlacesIsAskedUnderItsCode(t *testing.T) {
	for _, name := range []string{"绿道长度", "其他项目", "高新产业"} {
		_, found := read(t, "平价菜店（家）\n地区,2023年5月,2023年6月\n康平县,7,8\n"+name+",…,\n法库县,9,10\n", nil)
		if !slices.ContainsFunc(found.Questions, func(q schema.Question) bool { return q.Code == account.AskPlace && q.Key == "row."+name }) {
			t.Errorf("%s: asked %v", name, keysOf(found.Questions))
		}
	}
}

// The first quarter's and January's own figure is the running total: nothing is asked.
func TestTheFirstPeriodOfARunningTotalIsNotAskedAbout(t *testing.T) {
	for name, text := range map[string]string{
		"a title's quarter":           "沈阳市2023年一季度主要指标\n指标,单位,数值\n第二产业增加值,亿元,611.5\n",
		"a quarter at the head":       "指标,单位,2022年一季度,2023年一季度\n地区：沈阳市\n第三产业增加值,亿元,88.1,91.5\n",
		"a quarter beside the next":   "沈阳市2023年\n指标,单位,一季度,上半年\n地区生产总值,亿元,1780.2,3902\n",
		"all running totals of one":   "沈阳市2023年\n指标,单位,一季度,上半年,前三季度,全年\n地区生产总值,亿元,1780.2,3902,5810,8120\n",
		"down, beside the first nine": "沈阳市2023年\n时间,第一产业增加值（亿元）\n一季度,22\n前三季度,160\n",
	} {
		got, keys := known(t, strings.Replace(text, "地区：沈阳市\n", "", 1), nil)
		if slices.Contains(keys, "basis") || len(got) == 0 && name != "a quarter at the head" {
			t.Errorf("%s: %q, asked %v", name, got, keys)
		}
	}
	if _, keys := known(t, "沈阳市2023年\n指标,单位,一季度,二季度\n地区生产总值,亿元,1780.2,2122\n", nil); !slices.Contains(keys, "basis") {
		t.Errorf("quarters without a span are not asked about: %v", keys)
	}
}

// A number that blanks part, alone in its column, is asked about; the answer is the number.
func TestALoneNumberWithBlanksIsAskedAbout(t *testing.T) {
	for text, c := range map[string]struct{ key, meant string }{
		"沈阳市2023年1-6月\n指标,单位,数值\n第二产业增加值,亿元,1 611.5\n第一产业增加值,亿元,61\n":         {"seen.1 611.5", "1611.5"},
		"沈阳市2023年6月\n指标,单位,数值\n高标准农田,亩,12 345 678\n平价菜店,家,61\n":               {"seen.12 345 678", "12345678"},
		"指标,地区,时期,数值,单位\n高标准农田,沈阳市,2023-06,12 345,亩\n平价菜店,沈阳市,2023-06,61,家\n": {"seen.12 345", "12345"},
	} {
		_, found := read(t, text, nil)
		if i := slices.IndexFunc(found.Questions, func(q schema.Question) bool { return q.Code == account.AskBlanks }); i < 0 ||
			found.Questions[i].Key != c.key || !slices.Equal(found.Questions[i].Candidates, []string{c.meant}) || len(found.Problems) > 0 {
			t.Errorf("%s: asked %v, wrong %v", text, keysOf(found.Questions), found.Problems)
		}
		if got, keys := known(t, text, map[string]string{c.key: c.meant}); len(keys) > 0 || len(got) != 2 {
			t.Errorf("%s: %q, asked %v", text, got, keys)
		}
		if _, found := read(t, text, map[string]string{c.key: "7"}); len(found.Problems) != 1 || found.Problems[0].Code != account.AnswerInvalid {
			t.Errorf("%s: another number is taken: %v", text, found.Problems)
		}
	}
}
