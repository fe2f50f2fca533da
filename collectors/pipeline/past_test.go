package pipeline

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"yardstick/collectors/validate"
	"yardstick/schema"
)

func answer(pairs ...string) func(*Submission) {
	return func(s *Submission) {
		s.Answers = map[string]string{}
		for _, p := range pairs {
			key, value, _ := strings.Cut(p, "=")
			s.Answers[key] = value
		}
	}
}

// found is every code a receipt tells.
func found(r schema.Receipt) string {
	var out []string
	for _, p := range r.Problems {
		out = append(out, p.Code)
	}
	for _, q := range r.Questions {
		out = append(out, q.Code)
	}
	return strings.Join(out, " ")
}

// level writes figures of the computing capacity by month, from January 2025.
func level(values ...string) string {
	var b strings.Builder
	b.WriteString(head)
	for i, v := range values {
		fmt.Fprintf(&b, "ai-compute,210200,2025-%02d,%s,PFlops,,,,2025-%02d-15\n", i+1, v, i+2)
	}
	return b.String()
}

func TestAJumpIsAskedAboutAndItsExplanationIsKeptWithWhoGaveIt(t *testing.T) {
	d := newDesk(t)
	d.send(t, level("300", "306", "312", "320", "325", "331"))
	text := level("300", "306", "312", "320", "325", "331", "3370")
	r := d.send(t, text)
	if counts(r) != "asked 0+0=0-7" || found(r) != validate.AskJump || r.Questions[0].Line != 8 || r.Questions[0].Cell != "D8" || r.Questions[0].File != "feed.csv" {
		t.Fatalf("%s %+v", counts(r), r.Questions)
	}
	if p, err := d.Preview(t.Context(), Submission{Feed: schema.Feed{Name: "accounts"}, Name: "feed.csv", Body: strings.NewReader(text)}); err != nil || found(p.Receipt) != validate.AskJump {
		t.Errorf("the preview finds %q, %v", found(p.Receipt), err)
	}
	r = d.send(t, text, answer("explain.ai-compute.210200.2025-07=新中心投产"))
	if counts(r) != "accepted 1+0=6-0" || len(r.Answers) != 1 || r.Answers[0].By != "desk" || !r.Answers[0].At.Equal(d.now) || r.Answers[0].Value != "新中心投产" {
		t.Errorf("%s %+v", counts(r), r.Answers)
	}
	if o := d.shelf.rows[len(d.shelf.rows)-1]; o.Note != "新中心投产" {
		t.Errorf("noted %q", o.Note)
	}
}

func TestAcceptValidTakesWhatNothingIsAskedAbout(t *testing.T) {
	d := newDesk(t)
	d.send(t, level("300", "306", "312", "320", "325", "331"))
	r := d.send(t, level("300", "306", "312", "320", "325", "331", "3370")+"gdp,210200,2024,9516.9,亿元,,,,\n", func(s *Submission) { s.AcceptValid = true })
	if counts(r) != "partial 1+0=6-1" || found(r) != validate.AskJump {
		t.Errorf("%s %s", counts(r), found(r))
	}
	if n := len(d.shelf.rows); n != 7 || d.shelf.rows[n-1].Indicator != "gdp" {
		t.Errorf("%d rows", n)
	}
}

func TestAFigureBeforeItsPeriodIsOverIsAnEstimateOrNotTaken(t *testing.T) {
	text := head + "gdp,210200,2025,10000,亿元,,,,\ngdp,210200,2024,9516.9,亿元,,,,\n"
	for answered, want := range map[string]string{
		"":            "asked 0+0=0-2 estimate-unclear",
		"estimate=E":  "accepted 2+0=0-0 ",
		"estimate=预测": "accepted 2+0=0-0 ",
		"estimate=no": "refused 0+0=0-2 period-unfinished",
		"estimate=8":  "refused 0+0=0-2 answer-invalid estimate-unclear",
	} {
		d := newDesk(t)
		change := func(*Submission) {}
		if answered != "" {
			change = answer(answered)
		}
		r := d.send(t, text, change)
		if got := counts(r) + " " + found(r); got != want {
			t.Errorf("%q: %s, want %s", answered, got, want)
		}
		for _, q := range r.Questions {
			if q.Key != "estimate" || !slices.Equal(q.Candidates, []string{"E", "F", "omit"}) || q.Cell != "C2" || strings.Contains(q.Zh, "{") || !slices.Equal(q.About, []string{"gdp"}) {
				t.Errorf("question %+v", q)
			}
		}
		if answered == "estimate=E" && (d.shelf.rows[0].Status != schema.StatusEstimated && d.shelf.rows[1].Status != schema.StatusEstimated) {
			t.Errorf("stored as %+v", d.shelf.rows)
		}
	}
	d := newDesk(t)
	if r := d.send(t, head+"gdp,210200,2025,10000,亿元,,E,,\n"); counts(r) != "accepted 1+0=0-0" {
		t.Errorf("a row that says E: %s %s", counts(r), found(r))
	}
	if r := d.send(t, head+"gdp,210200,2026,10500,亿元,,,,\n", func(s *Submission) { s.Feed.Given = map[string]string{"estimate": "E"} }); r.Status != schema.Asked {
		t.Errorf("a feed's rule makes estimates of what it likes: %s", counts(r))
	}
}

func TestALockedPeriodIsLeftAloneUntilItIsReopened(t *testing.T) {
	d := newDesk(t)
	text := head + "gdp,210200,2024,9516.9,亿元,,,,2025-01\n"
	act := func(kind schema.ActKind, subject string, fields map[string]string) {
		t.Helper()
		if _, err := d.shelf.Act(t.Context(), schema.Act{Kind: kind, Subject: subject, Actor: "王审核", Fields: fields}); err != nil {
			t.Fatal(err)
		}
	}
	act(schema.ActLock, "another", map[string]string{"through": "2025-12-31"})
	act(schema.ActLock, "*", map[string]string{"through": "2024-12-31"})
	r := d.send(t, text+"gdp,210200,2025-Q2,4647,亿元,,,,2025-07\n")
	if counts(r) != "refused 0+0=0-2" || found(r) != validate.PeriodLocked || r.Problems[0].Cell != "D2" || !strings.Contains(r.Problems[0].Zh, "王审核") {
		t.Fatalf("%s %+v", counts(r), r.Problems)
	}
	act(schema.ActReopen, "accounts", map[string]string{"from": "2024-01-01", "through": "2024-12-31", "reason": "经济普查"})
	if r := d.send(t, text); counts(r) != "accepted 1+0=0-0" {
		t.Errorf("reopened: %s %s", counts(r), found(r))
	}
	act(schema.ActLock, "accounts", map[string]string{"through": "2025-06-30"})
	if r := d.send(t, head+"gdp,大连市,2024,9516.90,亿元,,,,2025-01\n"); r.Status != schema.Unchanged {
		t.Errorf("the same figure again: %s %s", counts(r), found(r))
	}
}

func TestTwoFeedsThatSayOtherThingsOfOneDayClash(t *testing.T) {
	d := newDesk(t)
	other := func(s *Submission) { s.Feed.Name = "district" }
	first := d.send(t, head+"gdp,210200,2024,9516.9,亿元,,,,2025-01\n")
	r := d.send(t, head+"gdp,210200,2024,9500,亿元,,,,2025-01\n", other)
	if found(r) != validate.Clash || r.Status != schema.Refused || r.Problems[0].Cell != "D2" {
		t.Fatalf("%s %+v", counts(r), r.Problems)
	}
	for _, want := range []string{"accounts", "district", "9516.9", "9500", first.ID, "2025-01-31"} {
		if !strings.Contains(r.Problems[0].Zh, want) || !strings.Contains(r.Problems[0].En, want) {
			t.Errorf("%q does not say %s", r.Problems[0].Zh, want)
		}
	}
	for name, text := range map[string]string{
		"the same value":      "gdp,210200,2024,9516.90,亿元,,,,2025-01\n",
		"and not final":       "gdp,210200,2024,9516.90,亿元,,P,,2025-01\n",
		"another day":         "gdp,210200,2024,9540.2,亿元,,,,2025-10\n",
		"the same feed again": "gdp,210200,2024,9541,亿元,,,,2025-10\n",
	} {
		want := map[string]string{"and not final": validate.AskWeaker}[name]
		if r := d.send(t, head+text, other); name != "the same feed again" && found(r) != want {
			t.Errorf("%s: %s", name, found(r))
		}
	}
}

func TestAHeldFigureChangesOnlyWithAReasonWhereTheFeedWantsOne(t *testing.T) {
	text := head + "gdp,210200,2024,9540.2,亿元,,A,,2025-10\ngdp,210200,2023,8753,亿元,,,,2025-10\ngdp,210200,2022,8431,亿元,,,,2025-10\n"
	for name, c := range map[string]struct {
		change func(*Submission)
		want   string
		how    schema.Correction
	}{
		"not said":               {func(*Submission) {}, "asked 0+0=0-3 reason-missing", ""},
		"said":                   {func(s *Submission) { s.Correction = schema.Clerical }, "accepted 1+2=0-0 ", schema.Clerical},
		"answered":               {answer("reason=口径调整"), "accepted 1+2=0-0 ", schema.Redefinition},
		"answered otherwise":     {answer("reason=随便"), "refused 0+0=0-3 answer-invalid", ""},
		"not wanted":             {func(s *Submission) { s.Feed.RequireReason = false }, "accepted 1+2=0-0 ", ""},
		"the rest may be taken":  {func(s *Submission) { s.AcceptValid = true }, "partial 1+1=0-1 reason-missing", ""},
		"answered, and the rest": {func(s *Submission) { answer("reason=clerical")(s); s.AcceptValid = true }, "accepted 1+2=0-0 ", schema.Clerical},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.send(t, head+"gdp,210200,2024,9516.9,亿元,,P,,2025-01\ngdp,210200,2023,8752.9,亿元,,,,2024-01\n")
			r := d.send(t, text, func(s *Submission) { s.Feed.RequireReason = true; c.change(s) })
			if got := counts(r) + " " + found(r); got != c.want {
				t.Fatalf("%s, want %s: %+v", got, c.want, r.Problems)
			}
			for _, q := range r.Questions {
				if q.Key != "reason" || len(q.Candidates) != 4 || q.Cell != "D3" || !strings.Contains(q.Zh, "笔误") || strings.Contains(q.Zh+q.En, "{") {
					t.Errorf("question %+v", q)
				}
			}
			if r.Correction != c.how {
				t.Errorf("the receipt says %q", r.Correction)
			}
			for _, change := range r.Changes {
				want := c.how
				if change.Period == schema.Year(2024) {
					want = schema.Verified
				}
				if change.Correction != want || change.Difference == nil || !change.Difference.Equal(change.New.Sub(*change.Old)) {
					t.Errorf("change %+v", change)
				}
			}
		})
	}
}

func TestAFigureThatComesAfterItWasMissingIsASupplement(t *testing.T) {
	d := newDesk(t)
	d.send(t, head+"gdp,210200,2024,—,亿元,,,,2025-01\n")
	r := d.send(t, head+"gdp,210200,2024,9516.9,亿元,,,,2025-02\n", func(s *Submission) { s.Feed.RequireReason = true })
	if counts(r) != "accepted 0+1=0-0" || r.Changes[0].Correction != schema.Supplement || r.Changes[0].Difference != nil {
		t.Errorf("%s %+v", counts(r), r.Changes)
	}
}

func TestSeriesThatADeliveryLacksAreNamed(t *testing.T) {
	row := "%s,210200,2025-%02d,%d,%s,,,,2025-%02d-28\n"
	both := func(m int) string {
		return fmt.Sprintf(row, "ai-compute", m, 300+m, "PFlops", m+1) + fmt.Sprintf(row, "urban-village-projects", m, 20, "个", m+1)
	}
	d := newDesk(t)
	first := d.send(t, head+both(1))
	if c := first.Coverage; c == nil || c.Figures != 2 || !slices.Equal(c.Series, []string{"ai-compute 210200 point M", "urban-village-projects 210200 point M"}) {
		t.Fatalf("coverage %+v", c)
	}
	half := head + fmt.Sprintf(row, "ai-compute", 2, 302, "PFlops", 3)
	r := d.send(t, half)
	if found(r) != validate.AskCoverage || r.Questions[0].Key != "coverage" || !strings.Contains(r.Questions[0].Zh, "城中村改造项目") || !strings.Contains(r.Questions[0].En, "Urban-village") {
		t.Fatalf("%s %+v", counts(r), r.Questions)
	}
	if r := d.send(t, head+fmt.Sprintf(row, "ai-compute", 1, 299, "PFlops", 3)); found(r) != "" {
		t.Errorf("a correction is no delivery: %s", found(r))
	}
	if r := d.send(t, head+"ai-compute,210200,2025-02,302,PFlops,,,,2025-03-05\n"); found(r) != "" { // what is missing is due on the 15th
		t.Errorf("before it is due: %s", found(r))
	}
	d = newDesk(t)
	d.send(t, head+both(1))
	if r := d.send(t, half, func(s *Submission) { s.Feed.Hand = true }); found(r) != "" {
		t.Errorf("handed in without a feed: %s", found(r))
	}
	d = newDesk(t)
	d.send(t, head+both(1))
	if r := d.send(t, half, answer("coverage=accept")); counts(r) != "accepted 1+0=0-0" {
		t.Errorf("accepted: %s %s", counts(r), found(r))
	}
	if r := d.send(t, head+fmt.Sprintf(row, "ai-compute", 3, 303, "PFlops", 4)); found(r) != "" {
		t.Errorf("asked again next month: %s", found(r))
	}
	if r := d.send(t, head+both(4)+"gdp,大连是,2024,1,亿元,,,,\n", func(s *Submission) { s.AcceptValid = true }); r.Status != schema.Partial {
		t.Errorf("%s", counts(r))
	}
}

func TestAnEmbargoedFileWaitsForItsRelease(t *testing.T) {
	d := newDesk(t)
	release := func(days int) func(*Submission) {
		return func(s *Submission) { s.ReleaseAt = d.now.Add(time.Duration(days) * 24 * time.Hour) }
	}
	text := head + "gdp,210200,2024,9516.9,亿元,,P,,\nai-compute,210200,2025-08,410,PFlops,,,,2025-11-10\n"
	r := d.send(t, text, release(6))
	if counts(r) != "pending 2+0=0-0" || r.Waits != schema.WaitsRelease || !r.ReleaseAt.Equal(d.now.AddDate(0, 0, 6)) || len(d.shelf.rows) != 0 {
		t.Fatalf("%s %+v", counts(r), r.Problems)
	}
	if r := d.send(t, text, release(7)); found(r) != validate.PublishedEarly || r.Problems[0].Cell != "I3" || r.Status != schema.Refused {
		t.Errorf("public before its release: %s %+v", counts(r), r.Problems)
	}
	if r := d.send(t, head+"gdp,210200,2024,9516.9,亿元,,P,,\n", release(-1)); counts(r) != "accepted 1+0=0-0" || r.Waits != "" || d.shelf.rows[0].PublishedAt != schema.NewDate(2025, 11, 4) {
		t.Errorf("an embargo that is over: %s", counts(r))
	}
	if r := d.send(t, head+"gdp,210200,2024,9516.9,亿元,,P,,\n", release(6)); r.Status != schema.Unchanged {
		t.Errorf("what is public already: %s", counts(r))
	}
}

func TestRowsThatDoNotSayArePublicOnTheDayOfRelease(t *testing.T) {
	d := newDesk(t)
	var got []schema.Observation
	store := &committed{d.shelf, &got}
	d.o.Store = store
	d.send(t, head+"gdp,210200,2024,9516.9,亿元,,P,,\n", func(s *Submission) {
		s.ReleaseAt = d.now.Add(48 * time.Hour)
		days := 30
		s.Feed.PublishedAfter = &days
	})
	if len(got) != 1 || got[0].PublishedAt != schema.NewDate(2025, 11, 6) {
		t.Errorf("committed %+v", got)
	}
}

// committed shows the rows that are handed to the store.
type committed struct {
	*shelf
	rows *[]schema.Observation
}

func (c *committed) Commit(ctx context.Context, r schema.Receipt, rows []schema.Observation) (schema.Receipt, error) {
	*c.rows = slices.Clone(rows)
	return c.shelf.Commit(ctx, r, rows)
}

func TestAFeedUnderReviewWaitsForTheReviewer(t *testing.T) {
	d := newDesk(t)
	review := func(s *Submission) { s.Feed.Review = true; s.ReleaseAt = d.now.Add(time.Hour) }
	text := head + "gdp,210200,2024,9516.9,亿元,,P,,\n"
	if r := d.send(t, text, review); counts(r) != "pending 1+0=0-0" || r.Waits != schema.WaitsReview {
		t.Errorf("%s waits for %q", counts(r), r.Waits)
	}
	if r := d.send(t, head+"gdp,210200,2024,x,亿元,,P,,\n", review); r.Status != schema.Refused || r.Waits != "" {
		t.Errorf("%s waits for %q", counts(r), r.Waits)
	}
	p, err := d.Preview(t.Context(), Submission{Feed: schema.Feed{Name: "accounts", Review: true}, Name: "p.csv", Body: strings.NewReader(text)})
	if err != nil || p.Receipt.Status != schema.Pending {
		t.Errorf("the preview says %s, %v", p.Receipt.Status, err)
	}
}

// units is a month of figures of which the file does not say the unit.
func units(m int) string {
	return fmt.Sprintf("指标,地区,时期,数值\n智算算力规模,大连市,2025年%d月,%d\n高标准农田,大连市,2025年%d月,%d\n", m, 300+m, m, 30+m)
}

func TestAnswersAreRememberedForTheLayoutWithWhoGaveThem(t *testing.T) {
	d := newDesk(t)
	r := d.send(t, units(1))
	if r.Status != schema.Asked || len(r.Questions) != 2 || r.Layout == "" {
		t.Fatalf("%s %s layout %q", counts(r), found(r), r.Layout)
	}
	if len(d.shelf.acts) != 0 {
		t.Fatal("an answer nobody gave is remembered")
	}
	given := d.now
	first := d.send(t, units(1), answer("unit.ai-compute=PFlops", "unit.high-standard-farmland=万亩"))
	if first.Status != schema.Accepted || len(d.shelf.acts) != 2 {
		t.Fatalf("%s, %d acts", counts(first), len(d.shelf.acts))
	}
	d.now = d.now.AddDate(0, 0, 1)
	r = d.send(t, units(2), func(s *Submission) { s.Actor = "another" })
	if counts(r) != "accepted 2+0=0-0" || len(r.Answers) != 2 {
		t.Fatalf("next month: %s %s %+v", counts(r), found(r), r.Answers)
	}
	for _, a := range r.Answers {
		if !a.Remembered || a.By != "desk" || !a.At.Equal(given) || a.Receipt != first.ID {
			t.Errorf("answer %+v", a)
		}
	}
	if o := d.shelf.rows[3]; o.Value.String() != "320000" {
		t.Errorf("read as %s %s", o.Value, o.Unit)
	}
	if len(d.shelf.acts) != 2 {
		t.Errorf("what is remembered is remembered again: %d acts", len(d.shelf.acts))
	}
	p, err := d.Preview(t.Context(), Submission{Feed: schema.Feed{Name: "accounts"}, Name: "p.csv", Body: strings.NewReader(units(3))})
	if err != nil || p.Receipt.Status != schema.Accepted || len(p.Rows) != 2 {
		t.Errorf("the preview: %s, %d rows, %v", p.Receipt.Status, len(p.Rows), err)
	}
	if r := d.send(t, units(3), func(s *Submission) { s.Feed.Name = "another" }); r.Status != schema.Asked {
		t.Errorf("another feed: %s", counts(r))
	}
	if r := d.send(t, strings.Replace(units(3), "指标,地区", "序号,指标,地区", 1), func(*Submission) {}); r.Status == schema.Accepted {
		t.Errorf("another layout: %s", counts(r))
	}
}

func TestAnAnswerForTheWholeFileIsRememberedForWhatItConcerned(t *testing.T) {
	d := newDesk(t)
	one := "指标,地区,时期,数值\n高标准农田,大连市,2025年1月,31\n"
	if r := d.send(t, one, answer("unit=万亩")); r.Status != schema.Accepted {
		t.Fatalf("%s", counts(r))
	}
	if a := d.shelf.acts; len(a) != 1 || a[0].Fields["key"] != "unit.high-standard-farmland" || a[0].Fields["value"] != "万亩" || a[0].Subject != "accounts" || a[0].Fields["layout"] == "" {
		t.Fatalf("remembered %+v", a)
	}
	if r := d.send(t, units(2)); r.Status != schema.Asked || len(r.Questions) != 1 || !slices.Equal(r.Questions[0].About, []string{"ai-compute"}) {
		t.Errorf("what it did not concern is asked: %s %+v", counts(r), r.Questions)
	}
	r := d.send(t, strings.Replace(one, "1月,31", "2月,320000", 1), answer("unit=亩"))
	if r.Status != schema.Accepted || d.shelf.rows[len(d.shelf.rows)-1].Value.String() != "320000" || r.Answers[0].Remembered {
		t.Errorf("an answer now goes before one remembered: %s %+v", counts(r), r.Answers)
	}
	if r := d.send(t, strings.Replace(one, "1月,31", "3月,330000", 1)); r.Status != schema.Accepted || d.shelf.rows[len(d.shelf.rows)-1].Value.String() != "330000" {
		t.Errorf("the last answer holds: %s", counts(r))
	}
}

func TestWhatIsTiedToOneFigureOrTimeIsNotRemembered(t *testing.T) {
	d := newDesk(t)
	r := d.send(t, "指标,地区,时期,数值,单位\ngdp,大连市,1-6月,4647,亿元\ngdp,大连市,全年,10000,亿元\n",
		answer("year=2025", "estimate=E", "explain=x", "coverage=accept", "reason=clerical", "explain.gdp.210200.2025=y"))
	if r.Status != schema.Accepted || len(r.Answers) != 6 {
		t.Fatalf("%s %s %+v", counts(r), found(r), r.Answers)
	}
	if len(d.shelf.acts) != 0 {
		t.Errorf("remembered %+v", d.shelf.acts)
	}
}

func TestAnswersOfARefusedFileAreNotRemembered(t *testing.T) {
	d := newDesk(t)
	d.send(t, units(1)+"gdp,大连是,2024,1\n", answer("unit=亩"))
	if len(d.shelf.acts) != 0 {
		t.Errorf("remembered %+v", d.shelf.acts)
	}
}

func TestAnAnswerThatCannotBeRememberedIsAnError(t *testing.T) {
	d := newDesk(t)
	d.shelf.failActs = errors.New("disk full")
	s := Submission{Feed: schema.Feed{Name: "accounts"}, Name: "f.csv", Body: strings.NewReader(units(1)), Answers: map[string]string{"unit.ai-compute": "PFlops", "unit.high-standard-farmland": "万亩"}}
	if _, err := d.Run(t.Context(), s); !errors.Is(err, d.shelf.failActs) || !strings.Contains(err.Error(), "is in, but") {
		t.Errorf("error %v", err)
	}
}

func TestAnswersAreToldInOrder(t *testing.T) {
	d := newDesk(t)
	r := d.send(t, level("300"), answer("status=A", " basis =时点", "unit=PFlops"))
	keys := map[string]bool{}
	for _, a := range r.Answers {
		keys[a.Key] = true
	}
	if !slices.Equal(slices.Sorted(maps.Keys(keys)), []string{"basis", "status", "unit"}) || r.Answers[0].Key != "basis" {
		t.Errorf("%+v", r.Answers)
	}
}
