package main

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"yardstick/comparator"
	"yardstick/schema"
)

// questions are the ten a leader asks, each from the overview.
type questions struct {
	d         *demonstration
	l         *leader
	now, then map[string]schema.Verdict
	days      map[schema.Date]map[string]schema.Verdict
}

const lagged = `table.rank tbody[id^="t-"]`

const overviewRow = `table.targets tbody tr[id^="t-"]`

// lagging opens the list of what is behind.
func (q questions) lagging() { q.l.follow("nav a", q.l.say("board-nav-lagging")) }

func (q questions) who(t *testing.T) {
	owners := map[string]schema.Target{}
	for _, target := range read[[]schema.Target](t, q.d, "/api/v1/targets") {
		owners[target.ID] = target
	}
	for id, row := range q.l.texts(overviewRow, ".c-owner") {
		has(t, "the overview's row of "+id, row[".c-owner"], owners[id].Owner.In(q.l.lang))
	}
	q.lagging()
	rows := q.l.texts(lagged, ".k-who")
	if len(rows) == 0 {
		t.Fatal("nothing is listed")
	}
	for id, row := range rows {
		if owners[id].Contact == "" {
			t.Errorf("%s names nobody to call", id)
		}
		has(t, id, row[".k-who"], owners[id].Owner.In(q.l.lang), owners[id].Contact)
	}
}

func (q questions) since(t *testing.T) {
	has(t, "the overview", q.l.eval(`document.querySelector('#changes summary').innerText`), "2025-05-31")
	q.l.press("#changes summary", "")
	said := q.l.texts("#changes li")
	n := 0
	for id, v := range q.now {
		w := q.then[id]
		if v.Status == w.Status {
			continue
		}
		n++
		title := q.title(t, id)
		if !slices.ContainsFunc(values(said), func(s string) bool {
			return strings.Contains(s, title) && strings.Contains(s, q.l.statusWord(w)) && strings.Contains(s, q.l.statusWord(v))
		}) {
			t.Errorf("no line says that %s turned from %s to %s: %v", title, w.Status, v.Status, said)
		}
	}
	if n == 0 || n != len(said) {
		t.Errorf("%d lines of changes, the API has %d", len(said), n)
	}
	row := q.l.texts(overviewRow, ".c-trend")["ai-compute"]
	has(t, "the row", row[".c-trend"], "+"+q.now["ai-compute"].Value.Sub(*q.then["ai-compute"].Value).String())
}

func values(of map[string]map[string]string) (out []string) {
	for _, x := range of {
		out = append(out, x[""])
	}
	return out
}

func (q questions) title(t *testing.T, id string) string {
	t.Helper()
	for _, target := range read[[]schema.Target](t, q.d, "/api/v1/targets") {
		if target.ID == id {
			return target.Title.In(q.l.lang)
		}
	}
	t.Fatalf("the API knows no target %s", id)
	return ""
}

func (q questions) worst(t *testing.T) {
	q.lagging()
	q.l.follow("nav.switch a", q.l.say("board-lagging-worst", "n", 13))
	shown := strings.Fields(q.l.eval(`[...document.querySelectorAll('` + lagged + `')].map(e => e.id.slice(2)).join(' ')`))
	order := read[[]schema.Verdict](t, q.d, "/api/v1/verdicts?as_of=2025-06-30")
	slices.SortStableFunc(order, schema.Verdict.CompareWorst)
	want := make([]string, 13)
	for i := range want {
		want[i] = order[i].Target
	}
	if !slices.Equal(shown, want) {
		t.Errorf("the worst thirteen are\n%v, the API's verdicts say\n%v", shown, want)
	}
	for i, id := range shown {
		row := q.l.texts(lagged, ".k-status", ".k-n")[id]
		has(t, id, row[".k-n"], strconv.Itoa(i+1))
		has(t, id, row[".k-status"], q.l.statusWord(q.now[id]))
		if i == 1 { // one is enough to know that the numbers go with the rows
			break
		}
	}
}

func (q questions) districts(t *testing.T) {
	const target = "high-growth-firms"
	q.l.follow("nav a", q.l.say("board-nav-districts"))
	q.l.follow("table.glance th a", q.title(t, target))
	parts := read[comparator.Parts](t, q.d, "/api/v1/districts?target="+target)
	shown := map[string]string{}
	for _, row := range q.l.texts("table.parts tbody tr", "th", ".strong") {
		if v := row[".strong"]; v != "" && v != "—" {
			shown[row["th"]] = v
		}
	}
	if len(parts.Parts) == 0 || len(shown) != len(parts.Parts) {
		t.Errorf("%d parts have a figure, the API has %d: %v", len(shown), len(parts.Parts), shown)
	}
	for _, p := range parts.Parts {
		found := false
		for name, v := range shown {
			found = found || strings.HasPrefix(name, p.Region.Name.In(q.l.lang)) && v == p.Value.String()
		}
		if !found {
			t.Errorf("%s %s does not stand there: %v", p.Region.Name.En, p.Value, shown)
		}
	}
}

func (q questions) final(t *testing.T) {
	word := q.l.say("board-mark-provisional")
	rows := q.l.texts(overviewRow, ".c-value")
	n := 0
	for id, v := range q.now {
		if v.Marks.Provisional {
			n++
		}
		if strings.Contains(rows[id][".c-value"], word) != v.Marks.Provisional {
			t.Errorf("%s is provisional: %v, its row says %s", id, v.Marks.Provisional, rows[id][".c-value"])
		}
	}
	if n == 0 || n == len(rows) {
		t.Fatalf("%d of %d figures are provisional: nothing to tell apart", n, len(rows))
	}
	q.l.follow("#t-ai-compute th a", "")
	has(t, "the target's page", q.l.eval(`document.querySelector('.verdict').innerText`), q.l.say("board-not-provisional"))
}

func (q questions) when(t *testing.T) {
	q.lagging()
	for id, row := range q.l.texts(lagged, ".k-since") {
		day, err := schema.ParseDate(dayIn(row[".k-since"]))
		if err != nil {
			t.Errorf("%s tells no day: %s", id, row[".k-since"])
			continue
		}
		before := schema.Month(day.Year, day.Month).Prev().Last()
		if v := q.on(t, day)[id]; v.Status != q.now[id].Status {
			t.Errorf("%s stands so since %s; on that day the API says %s", id, day, v.Status)
		}
		if strings.Contains(row[".k-since"], q.l.firstWord()) {
			continue // nothing was compared before
		}
		if v := q.on(t, before)[id]; v.Status == q.now[id].Status {
			t.Errorf("%s stands so since %s; the API says the same of %s", id, day, before)
		}
	}
}

// on is the API's verdicts of a day, asked for once.
func (q questions) on(t *testing.T, day schema.Date) map[string]schema.Verdict {
	t.Helper()
	if _, ok := q.days[day]; !ok {
		q.days[day] = q.d.apiVerdicts(t, day.String())
	}
	return q.days[day]
}

// firstWord begins the note that a status was there at the first comparison.
func (l *leader) firstWord() string {
	said, _, _ := strings.Cut(l.say("board-since-first", "days", "#"), "#")
	return strings.TrimSpace(said)
}

// dayIn is the day written in a text; the text where there is none.
func dayIn(text string) string {
	for i := 0; i+10 <= len(text); i++ {
		if _, err := schema.ParseDate(text[i : i+10]); err == nil {
			return text[i : i+10]
		}
	}
	return text
}

func (q questions) why(t *testing.T) {
	q.lagging()
	statements := map[string]schema.Statement{}
	for _, s := range schema.Holding(read[[]schema.Statement](t, q.d, "/api/v1/statements?as_of=2025-06-30")) {
		statements[s.Target] = s
	}
	for id, row := range q.l.texts(lagged, ".k-why") {
		has(t, id, row[".k-why"], q.now[id].Reason.In(q.l.lang))
		if s, ok := statements[id]; ok && s.Withdrawn == "" {
			has(t, id, row[".k-why"], s.Cause)
		} else if q.now[id].Behind() {
			has(t, id, row[".k-why"], q.l.say("statement-missing"))
		}
	}
}

func (q questions) done(t *testing.T) {
	rows, n := q.l.texts(overviewRow, ".c-deadline"), 0
	for id, v := range q.now {
		if v.Expected == nil || v.Status == schema.Achieved || v.Marks.ReachedLate {
			continue
		}
		n++
		month := schema.Month(v.Expected.Day.Year, v.Expected.Day.Month)
		wants := []string{map[string]string{"zh": month.Chinese(schema.Point), "en": month.English(schema.Point)}[q.l.lang]}
		if v.Expected.MonthsLate > 0 {
			wants = append(wants, strconv.Itoa(v.Expected.MonthsLate))
		}
		has(t, id, rows[id][".c-deadline"], wants...)
	}
	if n == 0 {
		t.Error("the API expects no day of any target")
	}
}

func (q questions) takes(t *testing.T) {
	q.l.follow("#t-ai-compute th a", "")
	said := q.l.eval(`document.querySelector('#ways').innerText`)
	ways := read[comparator.Ways](t, q.d, "/api/v1/ways?target=ai-compute&as_of=2025-06-30")
	if len(ways.Sentences) == 0 {
		t.Fatal("the API has nothing to say")
	}
	has(t, "the page", said, q.l.say("board-h-ways"))
	for _, s := range ways.Sentences {
		has(t, "the page", said, s.In(q.l.lang))
	}
}

func (q questions) known(t *testing.T) {
	const day = "2025-03-31"
	q.l.follow(".jumps a", q.l.say("board-jump-quarter")+" "+day)
	has(t, "the banner", q.l.eval(`document.querySelector('.banner').innerText`), q.l.say("board-asof-viewing", "day", day))
	rows := q.l.texts(overviewRow, ".c-status", ".now")
	old := q.d.apiVerdicts(t, day)
	differ := 0
	for id, v := range old {
		if v.Status != q.now[id].Status {
			differ++
		}
		has(t, id, rows[id][".c-status"], q.l.statusWord(v))
		for _, in := range v.Inputs {
			if in.Role == schema.RoleJudged && in.Cell != "" && v.Value != nil && in.Value.Equal(*v.Value) && in.UnitWritten == in.Unit && v.Kind != schema.Milestone && !strings.Contains(in.Unit, "亩") {
				has(t, id, rows[id][".now"], in.Written)
			}
		}
		if v.Value == nil {
			has(t, id, rows[id][".now"], "—")
		}
	}
	if differ == 0 {
		t.Error("nothing stood otherwise then: the test could not tell the days apart")
	}
}
