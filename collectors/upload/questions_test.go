package upload

import (
	"strings"
	"testing"

	"yardstick/collectors/pipeline"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/targets"
	"yardstick/schema/words"
)

func TestACandidateIsShownAsWhatItMeansToItsQuestion(t *testing.T) {
	register, err := targets.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range [][3]string{
		{"unit", "E", "E"}, {"unit.ai-compute", "F", "F"}, {"unit", "P", "P"}, {"estimate", "E", "是预计数"}, {"estimate", "omit", "不收这些数"},
		{"alone.gdp.210200", "period", "只是这一期的数"}, {"basis", "period", "当期数"}, {"blank", "keep", "保留原数（本期未报）"},
		{"blank", "withdraw:原数有误", "撤下原数：原数有误"}, {"explain.gdp.210200.2024", "omit", "不收这个数，原有数不变"},
		{"explain.value-jumps", "集中入统", "集中入统"}, {"indicator.生产总直", "gdp", "地区生产总值"}, {"indicator", "gdp", "gdp"},
		{"region.大连是", "210200", "大连市"}, {"others.regions", "ignore", "都与本报送源无关，以后也不读"}, {"column.序号", "ignore", "与填报无关，不读"},
		{"column.区域", "region", "地区"}, {"seen.label", "shown", "以显示的为准"}, {"hidden", "leave", "不读"}, {"october", "october", "10月"}, {"reason", "clerical", "笔误"}, {"unit", "笔误", "笔误"}, {"year", "2025", "2025"},
	} {
		if got := labelOf(register, c[0], c[1]).Zh; got != c[2] {
			t.Errorf("%s=%s is shown as %q, want %q", c[0], c[1], got, c[2])
		}
	}
}

func TestOneAnswerMayBeForAllQuestionsOfAKind(t *testing.T) {
	register, err := targets.Load()
	if err != nil {
		t.Fatal(err)
	}
	p := &Pages{PageOptions: PageOptions{Register: register}}
	f := &frame{Frame: &web.Frame{Lang: schema.Chinese}}
	asked := func(keys ...string) previewView {
		seen := pipeline.Look{}
		for _, key := range keys {
			code := "value-jumps"
			if strings.HasPrefix(key, "unit") {
				code = "unit-missing"
			}
			seen.Receipt.Questions = append(seen.Receipt.Questions, schema.Question{Problem: schema.Problem{Code: code, Text: schema.Same(key)}, Key: key, Candidates: []string{"集中入统", "omit"}})
		}
		v := previewView{frame: f, Seen: seen, D: &draft{Submission: pipeline.Submission{Answers: map[string]string{}}, asked: map[string]schema.Question{}}}
		v.questions(p, newMarks(f, seen))
		return v
	}
	if v := asked("explain.gdp.210200.2024", "unit.gdp", "unit.ai-compute"); len(v.Questions) != 3 {
		t.Errorf("%+v", v.Questions)
	}
	v := asked("explain.gdp.210200.2024", "explain.gdp.210200.2023", "unit.gdp")
	if len(v.Questions) != 4 {
		t.Fatalf("%+v", v.Questions)
	}
	all := v.Questions[3]
	if !all.All || all.Key != "explain.value-jumps" || len(all.Choices) != 2 || !all.Free || !strings.Contains(all.Text, "2个") || v.D.asked[all.Key].Key != all.Key {
		t.Errorf("%+v", all)
	}
}

// A question whose sentence says that something else than its candidates may be
// answered has a field for it on the page, and one that says to choose may be closed.
func TestAQuestionThatTakesAnOpenAnswerHasAFieldForIt(t *testing.T) {
	for _, id := range words.IDs() {
		kind, is := strings.CutPrefix(id, "form-")
		if !is {
			continue
		}
		said := words.Say(id).Zh
		choice := strings.Contains(said, "选一种") && !strings.Contains(said, "或写") || kind == "others" || kind == "estimate"
		key := kind
		if one, is := strings.CutPrefix(kind, "one-"); is {
			key = one + ".X"
		}
		if closed(key) && !choice {
			t.Errorf("%s: its page has no field, though it says %s", key, said)
		}
	}
}

// Each of the names that are not the feed's can be given its own meaning on the page;
// and while only that is open, nothing is said to be wrong with the file.
func TestEachOfTheNamesThatAreNotOursCanBeAnsweredByItself(t *testing.T) {
	register, err := targets.Load()
	if err != nil {
		t.Fatal(err)
	}
	p := &Pages{PageOptions: PageOptions{Register: register}}
	f := &frame{Frame: &web.Frame{Lang: schema.Chinese}}
	unknown := func(name string) schema.Problem {
		return schema.Problem{Code: "indicator-unknown", Written: name, Text: schema.Same(name)}
	}
	asks := schema.Question{Problem: schema.Problem{Code: "names-not-ours", Text: schema.Same("?")}, Key: "others.indicators", Candidates: []string{"ignore"},
		Each: []string{"indicator.森林覆盖率", "indicator.货运.周转量"}}
	for name, c := range map[string]struct {
		problems  []schema.Problem
		questions []schema.Question
		shape     string
		listed    int
	}{
		"only names":       {[]schema.Problem{unknown("森林覆盖率"), unknown("货运.周转量")}, []schema.Question{asks}, "at_risk", 0},
		"something wrong":  {[]schema.Problem{unknown("森林覆盖率"), {Code: "value-text", Text: schema.Same("!")}}, []schema.Question{asks}, "lagging", 1},
		"nobody asks":      {[]schema.Problem{unknown("森林覆盖率")}, nil, "lagging", 1},
		"of a region":      {[]schema.Problem{{Code: "region-unknown", Text: schema.Same("!")}}, []schema.Question{asks}, "lagging", 1},
		"a slip of a name": {[]schema.Problem{unknown("生产总直")}, []schema.Question{{Problem: schema.Problem{Code: "name-unknown"}, Key: "indicator.生产总直", Candidates: []string{"gdp", "ignore"}}}, "at_risk", 0},
	} {
		t.Run(name, func(t *testing.T) {
			seen := pipeline.Look{}
			seen.Receipt.Status, seen.Receipt.Problems, seen.Receipt.Questions = schema.Refused, c.problems, c.questions
			d := &draft{Submission: pipeline.Submission{Answers: map[string]string{"indicator.货运.周转量": "gdp"}}, asked: map[string]schema.Question{}}
			v := p.previewView(f, d, schema.FeedState{}, seen)
			if v.Shape != c.shape || len(v.Problems) != c.listed {
				t.Errorf("%s, %d listed: %s", v.Shape, len(v.Problems), v.Sentence)
			}
			became := receiptView{frame: f, R: seen.Receipt}
			if mends := strings.Contains(became.Sentence(), "错误"); mends != (c.listed > 0) || len(became.Wrong()) != c.listed {
				t.Errorf("the receipt says %s", became.Sentence())
			}
			for _, q := range v.Questions {
				if q.Key == asks.Key && (q.Free || !q.EachOpen || len(q.Each) != 2 || q.Each[0] != (eachRow{"indicator.森林覆盖率", "森林覆盖率", ""}) || q.Each[1] != (eachRow{"indicator.货运.周转量", "货运.周转量", "gdp"})) {
					t.Errorf("%+v", q)
				}
			}
		})
	}
}

func TestEveryKindOfDoubtHasAName(t *testing.T) {
	for _, id := range words.IDs() {
		code, is := strings.CutPrefix(id, "question-")
		if q := (schema.Question{Problem: schema.Problem{Code: code}, Key: "explain.x"}); is && strings.Contains(words.Say(id).Zh, "{key}=说明") && !words.Has("upload-kind-"+code) {
			t.Errorf("%s has no upload-kind-%s", keyOfAll(q), code)
		}
	}
}
