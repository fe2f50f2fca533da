package board

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"yardstick/comparator"
	"yardstick/comparator/forecast"
	"yardstick/comparator/telling"
	"yardstick/dashboards/draw"
	"yardstick/schema"
)

// judging answers as the fixture does, with verdicts the comparator makes of the
// same figures with its forecaster, and with a past.
type judging struct {
	*fixture
	forecaster forecast.Forecaster
	past       map[schema.Scope][]schema.Turn
}

func newJudging(t testing.TB) *judging {
	t.Helper()
	f, err := forecast.New()
	if err != nil {
		t.Fatal(err)
	}
	return &judging{fixture: newFixture(t), forecaster: f}
}

func (j *judging) Case(ctx context.Context, asOf schema.Date, policy, target string) (comparator.Case, bool, error) {
	c, ok, err := j.fixture.Case(ctx, asOf, policy, target)
	c.Forecaster = j.forecaster
	return c, ok, err
}

func (j *judging) Verdicts(ctx context.Context, asOf schema.Date) ([]schema.Verdict, error) {
	var out []schema.Verdict
	for _, p := range j.register.Policies {
		for _, t := range p.Targets {
			c, _, err := j.Case(ctx, asOf, p.ID, t.ID)
			if err != nil {
				return nil, err
			}
			out = append(out, telling.Verdict(comparator.Judge(c), c.Indicator))
		}
	}
	return out, nil
}

func (j *judging) Turns(context.Context, schema.Date, string) (map[schema.Scope][]schema.Turn, error) {
	return j.past, nil
}

func newJudgingBoard(t testing.TB, j *judging) http.Handler {
	t.Helper()
	return newBoard(t, j.fixture, func(o *made) { o.Reader, o.History = j, j })
}

func (j *judging) verdictOn(t *testing.T, id string) schema.Verdict {
	t.Helper()
	all, err := j.Verdicts(t.Context(), today)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range all {
		if v.Target == id {
			return v
		}
	}
	t.Fatalf("no verdict on %s", id)
	return schema.Verdict{}
}

// payload is what the page's script is given.
func payload(t *testing.T, body string) draw.Live {
	t.Helper()
	m := regexp.MustCompile(`(?s)<script type="application/json" id="trajectory-data">(.*?)</script>`).FindStringSubmatch(body)
	if m == nil {
		t.Fatal("the page gives its script nothing to draw")
	}
	var l draw.Live
	if err := json.Unmarshal([]byte(m[1]), &l); err != nil {
		t.Fatal(err)
	}
	return l
}

func TestATrajectoryShowsTheForecastTheVerdictRestsOn(t *testing.T) {
	j := newJudging(t)
	v := j.verdictOn(t, "ai-compute")
	if v.Forecast == nil {
		t.Fatalf("the sample has no forecast: %s", v.ChanceWhyNot.Zh)
	}
	h := newJudgingBoard(t, j)
	body := page(t, h, "/targets/"+policyID+"/ai-compute")
	for _, want := range []string{`<polygon class="fan"`, `<polygon class="fan inner"`, `<polyline class="median"`, `<polyline class="edge"`, `class="seen"`, `class="path"`, `class="target"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the drawing lacks %s", want)
		}
	}
	has(t, text(body), "预测：中位数与80%区间", "判定所依据的就是这一预测")
	l := payload(t, body)
	if len(l.Fan) != 7 || l.Fan[6].Day != "2025-12-31" {
		t.Fatalf("the fan's steps: %+v", l.Fan)
	}
	for i, p := range []float64{.1, .25, .5, .75, .9} {
		if q, ok := v.Forecast.At(p); !ok || l.Fan[6].Values[i] != q {
			t.Errorf("the fan ends at %v for %v, the verdict says %v", l.Fan[6].Values[i], p, q)
		}
	}
	overview := page(t, h, "/")
	if n := strings.Count(overview, `<polygon class="fan"`); n < 2 {
		t.Errorf("%d cards of the overview show their fan", n)
	}
}

func TestAFanInTheUnitPeopleSpeakInIsOnTheScaleOfItsFigures(t *testing.T) {
	l := payload(t, page(t, newJudgingBoard(t, newJudging(t)), "/targets/"+policyID+"/high-standard-farmland"))
	last := l.Points[len(l.Points)-1]
	if last.Value != 31.4 || last.Text != "31.40万亩" || l.Target != 43 || len(l.Fan) == 0 {
		t.Fatalf("%+v, target %v, fan %+v", last, l.Target, l.Fan)
	}
	for _, s := range l.Fan {
		if s.Values[0] < 31.4 || s.Values[4] > 200 {
			t.Errorf("a step of another scale: %+v", s)
		}
	}
}

func TestWhereThereIsNoForecastThePageSaysWhy(t *testing.T) {
	j := newJudging(t)
	v := j.verdictOn(t, "fair-price-shops")
	body := page(t, newJudgingBoard(t, j), "/targets/"+policyID+"/fair-price-shops")
	if strings.Contains(body, `class="fan"`) || v.ChanceWhyNot.Zh == "" || !strings.Contains(text(body), v.ChanceWhyNot.Zh) {
		t.Errorf("no fan, and why: %q", v.ChanceWhyNot.Zh)
	}
}

func TestATargetsPageTellsSinceWhenItStandsSoAndWhy(t *testing.T) {
	j := newJudging(t)
	v := j.verdictOn(t, "ai-compute")
	value := schema.MustDecimal("345")
	j.past = map[schema.Scope][]schema.Turn{v.Scope(): {
		{Scope: v.Scope(), Day: schema.NewDate(2024, 11, 30), To: schema.NoData},
		{Scope: v.Scope(), Day: schema.NewDate(2025, 3, 15), From: schema.NoData, To: v.Status, Cause: schema.CauseFigure, Value: &value, Period: schema.Month(2025, 2)},
	}}
	h := newJudgingBoard(t, j)
	body := page(t, h, "/targets/"+policyID+"/ai-compute")
	has(t, text(body), "自2025-03-15起为"+v.Status.Label().Zh+"（已107天）", "首次判定", "新数据", "345 PFlops", "2025年2月")
	// The figure that turned it leads to its receipt, the day to what was known on it.
	has(t, body, `href="/receipts/R-2025-0007"`, `href="/targets/`+policyID+`/ai-compute?as_of=2025-03-15"`, `<rect class="turn"`)

	j.past[v.Scope()][1].To = schema.Achieved
	if body := page(t, h, "/targets/"+policyID+"/ai-compute"); !strings.Contains(text(body), "与当时最后一次结论（已达标）不同") {
		t.Error("a verdict that was never told is not said to be judged anew")
	}
}

func TestPublishedValuesStandByPeriodWithWhatReplacedWhatAndWhy(t *testing.T) {
	j := newJudging(t)
	for i := range j.receipts {
		if j.receipts[i].ID == "R-2025-0007" {
			j.receipts[i].Correction = schema.Clerical
		}
	}
	body := text(page(t, newJudgingBoard(t, j), "/targets/"+policyID+"/ai-compute"))
	// The samples publish a provisional value first, and the final one after it.
	has(t, body, "取代 410 PFlops 最终核实", "首次公布", "已被替代")
}

func TestEveryTableOfTheTargetAndDistrictsPagesCanBeTakenAway(t *testing.T) {
	j := newJudging(t)
	v := j.verdictOn(t, "high-standard-farmland")
	j.past = map[schema.Scope][]schema.Turn{v.Scope(): {{Scope: v.Scope(), Day: schema.NewDate(2025, 5, 31), To: v.Status}}}
	withDistricts(t, j.fixture)
	h := newJudgingBoard(t, j)
	seen := 0
	for _, path := range []string{"/targets/" + policyID + "/high-standard-farmland", "/districts", "/districts?target=high-standard-farmland"} {
		body := page(t, h, path)
		tables := strings.Count(body, "<table")
		links := regexp.MustCompile(`<a href="([^"]*format=(xlsx|csv)[^"]*)" download`).FindAllStringSubmatch(body, -1)
		if len(links) < 2*tables {
			t.Errorf("%s has %d tables and %d files", path, tables, len(links))
		}
		for _, link := range links {
			seen++
			w := get(t, h, strings.ReplaceAll(link[1], "&amp;", "&"))
			switch {
			case w.Code != http.StatusOK:
				t.Errorf("%s answers %d", link[1], w.Code)
			case link[2] == "csv" && strings.Count(w.Body.String(), "\n") < 2:
				t.Errorf("%s is empty: %s", link[1], w.Body)
			case link[2] == "xlsx":
				if _, err := zip.NewReader(bytes.NewReader(w.Body.Bytes()), int64(w.Body.Len())); err != nil {
					t.Errorf("%s is no workbook: %v", link[1], err)
				}
			}
		}
	}
	if seen < 16 {
		t.Errorf("only %d files", seen)
	}
}

// withDistricts gives two districts and an overlapping area figures of the farmland.
func withDistricts(t *testing.T, f *fixture) {
	t.Helper()
	for code, share := range map[string]int64{"210214": 4, "210281": 3, "210200-L1": 2} {
		for _, o := range f.series[schema.SeriesKey{Indicator: "high-standard-farmland", Region: "210200"}] {
			part := o.Value.Mul(schema.NewDecimal(share, 1))
			o.Region, o.Value, o.Written, o.UnitWritten = code, &part, part.String(), "亩"
			f.series[schema.SeriesKey{Indicator: "high-standard-farmland", Region: code}] = append(f.series[schema.SeriesKey{Indicator: "high-standard-farmland", Region: code}], o)
		}
	}
}

func TestDistrictsAreRankedOnlyWhereSomethingWasAllocated(t *testing.T) {
	f := newFixture(t)
	withDistricts(t, f)
	h := newBoard(t, f)
	body := page(t, h, "/districts?target=high-standard-farmland")
	for _, region := range f.register.Regions.All() {
		if region.Parent == "210200" && !strings.Contains(body, ">"+region.Name.Zh+"<") && !strings.Contains(body, ">"+region.Name.Zh+" <") {
			t.Errorf("%s is not listed", region.Name.Zh)
		}
	}
	rows := regexp.MustCompile(`(?s)<tr[^>]*><td class="num rank">(.*?)</td><th scope="row">(.*?)[ <].*?</tr>`).FindAllStringSubmatch(body, -1)
	if len(rows) != 14 || rows[0][1] != "1" || rows[0][2] != "普兰店区" {
		t.Fatalf("the rows: %v", rows)
	}
	for _, row := range rows[1:] {
		if row[1] != "—" {
			t.Errorf("%s has the place %s and no allocation", row[2], row[1])
		}
	}
	has(t, text(body), "未分解，不排名", "先导区等（与各区市县有重叠，另列，不参与相加和排名）", "尚无数据", "已分解20万亩，目标43万亩，未分解23万亩")
	// Only what has figures is drawn, on its own scale or on one for all.
	if n := strings.Count(body, `class="chart"`); n != 2 {
		t.Errorf("%d small charts for the two districts with figures", n)
	}
	common := page(t, h, "/districts?target=high-standard-farmland&scale=common")
	ticks := regexp.MustCompile(`<text class="tick" x="0%"[^>]*>([^<]*)`)
	first := func(s string) (out []string) {
		for _, part := range strings.Split(s, `class="chart"`)[1:] {
			out = append(out, strings.Join(submatches(ticks, part), " "))
		}
		return out
	}
	if c := first(common); len(c) != 2 || c[0] != c[1] {
		t.Errorf("one scale for all: %v", c)
	}
	if strings.Contains(common, `aria-current="true">各自`) {
		t.Error("the switch does not say which scale it is")
	}
}

func submatches(re *regexp.Regexp, s string) (out []string) {
	for _, m := range re.FindAllStringSubmatch(s, -1) {
		out = append(out, m[1])
	}
	return out
}

func TestWhichTargetsHaveFiguresByDistrictIsSeenAtAGlance(t *testing.T) {
	f := newFixture(t)
	withDistricts(t, f)
	h := newBoard(t, f)
	body := page(t, h, "/districts")
	has(t, text(body), "27项目标中有1项有分地区数据")
	if n := strings.Count(body, `<td class="figure">`); n != 3 {
		t.Errorf("%d marks of figures, want those of two districts and an area", n)
	}
	// Another day keeps the target chosen.
	chosen := page(t, h, "/districts?target=high-standard-farmland")
	has(t, chosen, `<input type="hidden" name="target" value="high-standard-farmland">`, "target=high-standard-farmland")
	if w := get(t, h, "/districts?target=nothing"); w.Code != http.StatusNotFound {
		t.Errorf("a target that is none answers %d", w.Code)
	}
}
