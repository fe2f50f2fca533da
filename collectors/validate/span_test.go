package validate

import (
	"slices"
	"strings"
	"testing"

	"yardstick/collectors/reading/account"
	"yardstick/schema"
)

// TestAContradictedSpanIsAskedAndEachCandidateLeadsIn: what a header, a form of a period
// or the column of the basis says against each other or against the catalogue has an
// answer, and no offered one is refused or asked again.
func TestAContradictedSpanIsAskedAndEachCandidateLeadsIn(t *testing.T) {
	periods := []string{"2024-05", "2024年1-5月", "2024年5月末", "2024年5月当月", "2024-Q2", "2024年上半年", "2024年二季度当季", "2024年4-6月", "2024Q3累计", "2023", "2023年末"}
	said := []string{"", "当期", "本期", "当月", "累计", "本年累计", "时点", "期末", "历年累计"}
	asked := 0
	for _, indicator := range []string{"gdp", "ai-compute", "high-standard-farmland", "urban-village-households"} {
		unit := map[string]string{"gdp": "亿元", "ai-compute": "PFlops", "high-standard-farmland": "亩", "urban-village-households": "户"}[indicator]
		for _, period := range periods {
			for _, basis := range said {
				text := head + indicator + ",210200," + period + ",20," + unit + "," + basis + ",,,\n"
				rows, _, found := check(t, text, nil)
				if len(found.Questions) == 0 {
					if len(found.Problems) == 1 && found.Problems[0].Code == FrequencyWrong || len(rows) == 1 && len(found.Problems) == 0 {
						continue // no such period of the indicator, or nothing to ask
					}
					t.Errorf("%s %s %s: %+v", indicator, period, basis, found.Problems)
					continue
				}
				asked++
				q := found.Questions[0]
				if len(found.Problems) > 0 || q.Code != AskConflict && q.Code != AskSpan || q.Key != "basis."+indicator || q.Cell == "" || q.Line != 2 || len(q.Candidates) == 0 || strings.Contains(q.Zh+q.En, "{") {
					t.Fatalf("%s %s %s: %+v %+v", indicator, period, basis, q, found.Problems)
				}
				for _, answer := range q.Candidates {
					rows, _, found := check(t, text, func(o *Options) { o.Given = map[string]string{q.Key: answer} })
					want := 1
					if answer == Omit {
						want = 0
					}
					if len(found.Problems)+len(found.Questions) > 0 || len(rows) != want {
						t.Errorf("%s %s %s=%s: %d rows, %+v %+v", indicator, period, basis, answer, len(rows), found.Problems, found.Questions)
					}
				}
			}
		}
	}
	if asked < 20 {
		t.Errorf("%d of them are asked: the test tests nothing", asked)
	}
}

func TestAnAnswerThatTheCatalogueExcludesIsRefusedAtTheAnswer(t *testing.T) {
	_, _, found := check(t, head+"ai-compute,210200,2024-05,20,PFlops,当月,,,\n", func(o *Options) { o.Given = map[string]string{"basis.ai-compute": "ytd"} })
	if !slices.ContainsFunc(found.Problems, func(p schema.Problem) bool {
		return p.Code == account.AnswerInvalid && strings.Contains(p.Zh, "basis.ai-compute") && strings.Contains(p.Zh, "point")
	}) {
		t.Errorf("found %+v", found.Problems)
	}
}

func TestAProblemThatAnOpenQuestionMayDissolveWaits(t *testing.T) {
	text := "某市2023年\n指标,单位,一季度,二季度,三季度,四季度,全年\n地区生产总值,亿元,31.5,33.1,35.2,40.4,140.2\n"
	_, _, found := check(t, text, func(o *Options) { o.Given = map[string]string{"region": "210200"} })
	if len(found.Problems) > 0 || len(found.Questions) != 1 || found.Questions[0].Key != "basis" {
		t.Fatalf("asked %+v, told %+v", found.Questions, found.Problems)
	}
	rows, _, found := check(t, text, func(o *Options) { o.Given = map[string]string{"region": "210200", "basis": "period"} })
	if len(found.Problems)+len(found.Questions) > 0 || len(rows) != 5 {
		t.Errorf("%d rows, %+v %+v", len(rows), found.Questions, found.Problems)
	}
	if _, _, found := check(t, text, func(o *Options) { o.Given = map[string]string{"region": "210200", "basis": "ytd"} }); len(found.Problems) != 1 || found.Problems[0].Code != DuplicateDiffers {
		t.Errorf("once it is answered the problem is told: %+v", found.Problems)
	}
}
