package pipeline

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"yardstick/collectors/source"
	"yardstick/collectors/table/refusal"
	"yardstick/collectors/validate"
	"yardstick/schema"
	"yardstick/schema/targets"
	"yardstick/schema/words"
)

// shelf is a store in memory that can be made to fail. The real one is tested
// with the pipeline end to end.
type shelf struct {
	mu       sync.Mutex
	rows     []schema.Observation
	receipts []schema.Receipt
	acts     []schema.Act
	fail     error
	failActs error
}

func (s *shelf) Held(_ context.Context, indicators, regions []string) (out []schema.Observation, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range s.rows {
		if slices.Contains(indicators, o.Indicator) && slices.Contains(regions, o.Region) {
			out = append(out, o)
		}
	}
	slices.SortStableFunc(out, func(a, b schema.Observation) int { return a.PublishedAt.Compare(b.PublishedAt) })
	return out, s.fail
}

func (s *shelf) LastReceipt(_ context.Context, feed string) (schema.Receipt, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range slices.Backward(s.receipts) {
		if r.Feed == feed && (r.Status.Counts() || r.Status == schema.Unchanged) {
			return r, true, nil
		}
	}
	return schema.Receipt{}, false, nil
}

func (s *shelf) Receipt(_ context.Context, id string) (schema.Receipt, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.receipts, func(r schema.Receipt) bool { return r.ID == id })
	if i < 0 {
		return schema.Receipt{}, false, nil
	}
	return s.receipts[i], true, nil
}

func (s *shelf) Act(_ context.Context, a schema.Act) (schema.Act, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failActs != nil {
		return a, s.failActs
	}
	a.Seq = uint64(len(s.receipts) + len(s.acts) + 1)
	s.acts = append(s.acts, a)
	return a, nil
}

func (s *shelf) Acts(_ context.Context, kind schema.ActKind, subject string) (out []schema.Act, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.acts {
		if a.Kind == kind && (subject == "" || a.Subject == subject) {
			out = append(out, a)
		}
	}
	return out, nil
}

func (s *shelf) ReceiptBySnapshot(_ context.Context, feed, digest string) (schema.Receipt, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range slices.Backward(s.receipts) {
		if r.Feed == feed && r.Snapshot == digest && r.Status.Counts() {
			return r, true, nil
		}
	}
	return schema.Receipt{}, false, nil
}

func (s *shelf) Commit(_ context.Context, r schema.Receipt, rows []schema.Observation) (schema.Receipt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != nil {
		return r, s.fail
	}
	r.Seq = uint64(len(s.receipts) + len(s.acts) + 1)
	for _, o := range rows {
		o.Seq = r.Seq
		if r.Status != schema.Pending {
			s.rows = append(s.rows, o)
		}
	}
	s.receipts = append(s.receipts, r)
	return r, nil
}

func (s *shelf) Record(ctx context.Context, r schema.Receipt) (schema.Receipt, error) {
	return s.Commit(ctx, r, nil)
}

// desk is a pipeline with its shelf and a clock that the test sets.
type desk struct {
	*Pipeline
	shelf *shelf
	now   time.Time
	dir   string
	told  []schema.Receipt
}

// register is loaded once: the fuzzer makes many desks.
var register = sync.OnceValues(targets.Load)

func newDesk(t testing.TB) *desk {
	t.Helper()
	register, err := register()
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{shelf: &shelf{}, now: time.Date(2025, 11, 3, 18, 30, 0, 0, time.UTC), dir: t.TempDir()}
	d.Pipeline = New(Options{Register: register, Snapshots: source.Snapshots{Dir: d.dir}, Store: d.shelf, Now: func() time.Time { return d.now },
		OnReceipt: func(r schema.Receipt, _ time.Duration) { d.told = append(d.told, r) }})
	return d
}

func (d *desk) send(t testing.TB, text string, change ...func(*Submission)) schema.Receipt {
	t.Helper()
	s := Submission{Feed: schema.Feed{Name: "accounts"}, Name: "feed.csv", Body: strings.NewReader(text), Actor: "desk"}
	for _, c := range change {
		c(&s)
	}
	r, err := d.Run(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

const head = "指标,地区,时期,数值,单位,口径,状态,备注,发布日期\n"

func counts(r schema.Receipt) string {
	return fmt.Sprintf("%s %d+%d=%d-%d", r.Status, r.Accepted, r.Revised, r.UnchangedN, r.Rejected)
}

func TestAGoodFeedIsTakenIn(t *testing.T) {
	d := newDesk(t)
	text := head + "gdp,210200,2024,9516.90,亿元,,P,,2025-01\nai-compute,大连,2025-08,0.95,EFlops,,,,\n"
	r := d.send(t, text)
	if counts(r) != "accepted 2+0=0-0" || r.Encoding != "UTF-8" || r.Bytes != int64(len(text)) || r.Actor != "desk" || !r.ReceivedAt.Equal(d.now) {
		t.Errorf("receipt %+v", r)
	}
	if len(d.shelf.rows) != 2 || len(d.told) != 1 || d.told[0].ID != r.ID {
		t.Errorf("%d rows, told %v", len(d.shelf.rows), d.told)
	}
	// 18:30 UTC is the next day in Shanghai: the day received.
	if o := d.shelf.rows[1]; o.PublishedAt != schema.NewDate(2025, 11, 4) || o.Receipt != r.ID || o.Cell != "D3" {
		t.Errorf("row %+v", o)
	}
	kept, err := os.ReadFile(filepath.Join(d.dir, r.Snapshot[:2], r.Snapshot))
	if err != nil || string(kept) != text {
		t.Errorf("the bytes are not kept: %v", err)
	}
}

func TestTheSameBytesTwiceChangeNothing(t *testing.T) {
	d := newDesk(t)
	text := head + "gdp,210200,2024,9516.9,亿元,,P,,2025-01\n"
	first := d.send(t, text)
	d.now = d.now.AddDate(0, 0, 30)
	if r := d.send(t, text); counts(r) != "unchanged 0+0=1-0" || r.SameAs != first.ID || r.ID == first.ID {
		t.Errorf("receipt %+v", r)
	}
	if len(d.shelf.rows) != 1 || len(d.shelf.receipts) != 2 {
		t.Errorf("%d rows, %d receipts", len(d.shelf.rows), len(d.shelf.receipts))
	}
	other := d.send(t, text, func(s *Submission) { s.Feed.Name = "another" })
	if counts(other) != "unchanged 0+0=1-0" || other.SameAs != first.ID {
		t.Errorf("the same figures by another feed: %+v", other)
	}
}

func TestTheSameFiguresInOtherBytesAreUnchanged(t *testing.T) {
	d := newDesk(t)
	first := d.send(t, head+"gdp,210200,2025年1-6月,4500.10,亿元,,P,,2025-07-20\n")
	d.now = d.now.AddDate(0, 0, 30)
	// another day without its own publication, another unit, another form of the period
	r := d.send(t, head+"地区生产总值,大连市,上半年,45001000.0,万元,累计,P,,\n", func(s *Submission) { s.Answers = map[string]string{"year": "2025"} })
	if counts(r) != "unchanged 0+0=1-0" || r.SameAs != first.ID || len(d.shelf.rows) != 1 {
		t.Errorf("receipt %+v", r)
	}
}

func TestARevisionIsANewVintageWithOldAndNew(t *testing.T) {
	d := newDesk(t)
	d.send(t, head+"gdp,210200,2024,9516.9,亿元,,P,,2025-01\n")
	r := d.send(t, head+"gdp,210200,2024,9540.2,亿元,,A,,2025-10\ngdp,210200,2023,8752.9,亿元,,,,\n")
	if counts(r) != "accepted 1+1=0-0" || len(r.Changes) != 1 {
		t.Fatalf("receipt %+v", r)
	}
	if c := r.Changes[0]; c.Old.String() != "9516.9" || c.New.String() != "9540.2" || c.OldStatus != "P" || c.NewStatus != "A" || c.Hidden {
		t.Errorf("change %+v", c)
	}
	if len(d.shelf.rows) != 3 {
		t.Errorf("%d vintages", len(d.shelf.rows))
	}
}

func TestAFigurePublishedEarlierNeverHidesALaterOne(t *testing.T) {
	d := newDesk(t)
	d.send(t, head+"gdp,210200,2024,9540.2,亿元,,A,,2025-10\n")
	r := d.send(t, head+"gdp,210200,2024,9516.9,亿元,,P,,2025-01\n")
	if counts(r) != "accepted 1+0=0-0" || len(r.Changes) != 1 || !r.Changes[0].Hidden || r.Changes[0].Old != nil {
		t.Errorf("receipt %+v", r)
	}
	// between the two: as of March, 9516.9 was in force
	if r := d.send(t, head+"gdp,210200,2024,9516.9,亿元,,P,,2025-03\n"); counts(r) != "unchanged 0+0=1-0" {
		t.Errorf("receipt %+v", r)
	}
	r = d.send(t, head+"gdp,210200,2024,9520,亿元,,P,,2025-03\n")
	if counts(r) != "accepted 0+1=0-0" || !r.Changes[0].Hidden || r.Changes[0].Old.String() != "9516.9" {
		t.Errorf("receipt %+v", r)
	}
}

func TestSeveralVintagesOfOneKeyInOneFile(t *testing.T) {
	d := newDesk(t)
	text := head + "gdp,210200,2024,9540.2,亿元,,A,,2025-10\ngdp,210200,2024,9516.9,亿元,,P,,2025-01\ngdp,210200,2024,9516.9,亿元,,P,,2025-02\n"
	r := d.send(t, text)
	if counts(r) != "accepted 1+1=1-0" || len(d.shelf.rows) != 2 {
		t.Errorf("receipt %+v", r)
	}
	if d.shelf.rows[0].PublishedAt.After(d.shelf.rows[1].PublishedAt) {
		t.Error("the vintages do not stand in the order they were made public")
	}
}

func TestAChangedStatusOrAFigureThatGoesMissingIsARevision(t *testing.T) {
	d := newDesk(t)
	d.send(t, head+"gdp,210200,2024,9516.9,亿元,,P,,2025-01\n")
	if r := d.send(t, head+"gdp,210200,2024,9516.90,亿元,,A,,2025-02\n"); counts(r) != "accepted 0+1=0-0" {
		t.Errorf("receipt %+v", r)
	}
	r := d.send(t, head+"gdp,210200,2024,—,亿元,,,,2025-03\n", answer("blank=withdraw:重复统计"))
	if counts(r) != "accepted 0+1=0-0" || r.Changes[0].New != nil || r.Changes[0].NewStatus != schema.StatusMissing {
		t.Errorf("receipt %+v", r)
	}
}

func TestWhoSaysWhenItWasPublished(t *testing.T) {
	row, forty := head+"gdp,210200,2024,9516.9,亿元,,,,\n", 40
	for name, c := range map[string]struct {
		change func(*Submission)
		want   schema.Date
	}{
		"the day received":            {func(*Submission) {}, schema.NewDate(2025, 11, 4)},
		"the submission":              {func(s *Submission) { d := schema.NewDate(2025, 3, 1); s.Published = &d; s.Feed.PublishedAfter = &forty }, schema.NewDate(2025, 3, 1)},
		"the feed's rule":             {func(s *Submission) { s.Feed.PublishedAfter = &forty }, schema.NewDate(2025, 2, 9)},
		"never later than we have it": {func(s *Submission) { n := 4000; s.Feed.PublishedAfter = &n }, schema.NewDate(2025, 11, 4)},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.send(t, row, c.change)
			if got := d.shelf.rows[0].PublishedAt; got != c.want {
				t.Errorf("published %s, want %s", got, c.want)
			}
		})
	}
}

// A feed with ten faults, one a row but for the last row, which has two.
const tenFaults = head +
	"地区生产总植,210200,2024,1,亿元,,,,\n" + //  2 A: indicator
	"gdp,大连是,2023,1,亿元,,,,\n" + //           3 B: region
	"gdp,210200,2024-13,1,亿元,,,,\n" + //        4 C: period
	"gdp,210200,2022,很多,亿元,,,,\n" + //          5 D: number
	"gdp,210200,2021,1,亩,,,,\n" + //            6 E: unit
	"gdp,210200,2020,1,亿元,大概,,,\n" + //         7 F: basis
	"gdp,210200,2019,1,亿元,,X,,\n" + //          8 G: status
	"gdp,210200,2018,1,亿元,,,,2026-01-01\n" + // 9 I: published in the future
	"strategic-industry-gdp-share,210200,2025年5月,142,%,累计,,,\n" // 10 C frequency, D range

func TestAFeedWithTenFaultsIsRefusedWholeWithTenProblems(t *testing.T) {
	d := newDesk(t)
	r := d.send(t, tenFaults+"gdp,210200,2017,5,亿元,,,,\n")
	var got []string
	for _, p := range r.Problems {
		got = append(got, fmt.Sprintf("%s %d:%d %s", p.Cell, p.Line, p.Column, p.Code))
		if p.File != "feed.csv" || p.Zh == "" || p.En == "" || p.Zh == p.En || strings.Contains(p.Zh+p.En, "{") || !strings.Contains(p.Zh, p.Cell) || !strings.Contains(p.En, p.Cell) {
			t.Errorf("problem %+v", p)
		}
	}
	want := []string{"A2 2:1 indicator-unknown", "B3 3:2 region-unknown", "C4 4:3 period-unreadable", "D5 5:4 value-not-a-number", "E6 6:5 unit-not-convertible",
		"F7 7:6 basis-unknown", "G8 8:7 status-unknown", "I9 9:9 published-in-future", "C10 10:3 frequency-wrong", "D10 10:4 value-out-of-range"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
	if counts(r) != "refused 0+0=0-10" || len(d.shelf.rows) != 0 || len(d.shelf.receipts) != 1 {
		t.Errorf("%s; %d rows, %d receipts stored", counts(r), len(d.shelf.rows), len(d.shelf.receipts))
	}
	if r := d.send(t, head+"gdp,210200,2017,5,亿元,,,,\n"); counts(r) != "accepted 1+0=0-0" {
		t.Errorf("the next good file: %s", counts(r))
	}
}

func TestTheSenderMayChooseTheGoodRows(t *testing.T) {
	d := newDesk(t)
	choose := func(s *Submission) { s.AcceptValid = true }
	text := tenFaults + "gdp,210200,2017,5,亿元,,,,\nai-compute,210200,2025-08,5,,,,,\n"
	r := d.send(t, text, choose)
	if counts(r) != "partial 1+0=0-10" || len(r.Problems) != 10 || len(r.Questions) != 3 || len(d.shelf.rows) != 1 {
		t.Errorf("%s: %d problems, %d questions, %d rows", counts(r), len(r.Problems), len(r.Questions), len(d.shelf.rows))
	}
	if r := d.send(t, text, choose); counts(r) != "partial 0+0=1-10" || len(d.shelf.rows) != 1 {
		t.Errorf("again: %s", counts(r))
	}
	// what concerns every row lets none be certain
	for name, text := range map[string]string{
		"a header nearly right": "指标,地区,时期,数值,单位,staus\ngdp,210200,2016,1,亿元,P\n",
		"a column twice":        "指标,地区,时期,数值,单位,地区代码\ngdp,210200,2016,1,亿元,210200\n",
	} {
		if r := d.send(t, text, choose); r.Status != schema.Asked && r.Status != schema.Refused || len(d.shelf.rows) != 1 {
			t.Errorf("%s: %s", name, counts(r))
		}
	}
}

func TestAQuestionStoresNothingUntilItIsAnswered(t *testing.T) {
	d := newDesk(t)
	text := head + "gdp,210200,2024,9516.9,,,,,\ngdp,210200,2023,8752.9,亿元,,,,\n"
	r := d.send(t, text)
	if counts(r) != "asked 0+0=0-2" || len(r.Questions) != 1 || r.Questions[0].Key != "unit" || r.Questions[0].File != "feed.csv" || len(d.shelf.rows) != 0 {
		t.Fatalf("%s %+v", counts(r), r.Questions)
	}
	r = d.send(t, text, func(s *Submission) { s.Answers = map[string]string{"unit": "亿元"} })
	if counts(r) != "accepted 2+0=0-0" {
		t.Errorf("answered: %s %+v", counts(r), r.Problems)
	}
	r = d.send(t, text, func(s *Submission) { s.Answers = map[string]string{"einheit": "亿元"} })
	if r.Status != schema.Refused || r.Problems[0].Code != validate.AnswerUnknown {
		t.Errorf("an answer to no question: %+v", r.Problems)
	}
}

func TestTheFeedsRulesGoBehindTheAnswers(t *testing.T) {
	d := newDesk(t)
	r := d.send(t, "指标,时期,数值\ngdp,2024,9516.9\n", func(s *Submission) {
		s.Feed.Given = map[string]string{"region": "大连市", "unit": "万元"}
		s.Answers = map[string]string{"unit": "亿元"}
	})
	if counts(r) != "accepted 1+0=0-0" || d.shelf.rows[0].Value.String() != "9516.9" || d.shelf.rows[0].Region != "210200" {
		t.Errorf("%s %+v", counts(r), r.Problems)
	}
}

func TestFilesThatCannotBeReadAreRefusedAndRecorded(t *testing.T) {
	d := newDesk(t)
	for name, c := range map[string]struct{ text, code string }{
		"empty":                {"", refusal.Empty},
		"a header alone":       {head, NoFigures},
		"a header and notes":   {head + "注：无\n", NoFigures},
		"a workbook":           {"PK\x03\x04", refusal.FormatXLSX},
		"a quote never closed": {head + "gdp,\"210200,2024\n", refusal.QuoteUnbalanced},
		"larger than allowed":  {head + strings.Repeat("x", 5000), refusal.TooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			r := d.send(t, c.text, func(s *Submission) { s.Feed.MaxBytes = 1000; s.AcceptValid = true })
			if r.Status != schema.Refused || len(r.Problems) != 1 || r.Problems[0].Code != c.code || strings.Contains(r.Problems[0].Zh+r.Problems[0].En, "{") {
				t.Errorf("%+v", r)
			}
		})
	}
	if len(d.shelf.receipts) != 6 {
		t.Errorf("%d receipts", len(d.shelf.receipts))
	}
}

func TestAPanicInAReaderFailsOneFileAndNoMore(t *testing.T) {
	d := newDesk(t)
	d.o.Register = &targets.Register{Indicators: d.o.Register.Indicators} // no regions: the check breaks down
	r := d.send(t, head+"gdp,210200,2024,1,亿元,,,,\n")
	if r.Status != schema.Failed || len(r.Problems) != 1 || r.Problems[0].Code != ReaderFailed || !strings.Contains(r.Problems[0].Zh, r.ID) {
		t.Errorf("%+v", r)
	}
	if len(d.shelf.rows) != 0 || len(d.shelf.receipts) != 1 {
		t.Errorf("%d rows, %d receipts", len(d.shelf.rows), len(d.shelf.receipts))
	}
}

func TestAFailingStoreIsAnErrorAndTheFeedCanBeSentAgain(t *testing.T) {
	d := newDesk(t)
	d.shelf.fail = errors.New("disk full")
	s := Submission{Feed: schema.Feed{Name: "accounts"}, Name: "feed.csv", Body: strings.NewReader(head + "gdp,210200,2024,1,亿元,,,,\n")}
	r, err := d.Run(t.Context(), s)
	if !errors.Is(err, d.shelf.fail) || r.Status != schema.Failed || len(d.told) != 1 {
		t.Errorf("%s, error %v, told %d", r.Status, err, len(d.told))
	}
	d.shelf.fail = nil
	if r := d.send(t, head+"gdp,210200,2024,1,亿元,,,,\n"); r.Status != schema.Accepted {
		t.Errorf("again: %s", r.Status)
	}
}

func TestABodyThatBreaksOffIsAnError(t *testing.T) {
	d := newDesk(t)
	broken := errors.New("connection reset")
	body := io.MultiReader(strings.NewReader(head), &brokenReader{broken})
	_, err := d.Run(t.Context(), Submission{Feed: schema.Feed{Name: "accounts"}, Name: "f.csv", Body: body})
	if !errors.Is(err, broken) || len(d.shelf.receipts) != 0 {
		t.Errorf("error %v, %d receipts", err, len(d.shelf.receipts))
	}
	left, _ := filepath.Glob(filepath.Join(d.dir, "*"))
	if len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

type brokenReader struct{ err error }

func (b *brokenReader) Read([]byte) (int, error) { return 0, b.err }

func TestManySendersAtOnceLoadAFigureOnce(t *testing.T) {
	d := newDesk(t)
	var group sync.WaitGroup
	statuses := make(chan schema.ReceiptStatus, 20)
	d.o.OnReceipt = func(schema.Receipt, time.Duration) {}
	for i := range 20 {
		group.Go(func() {
			text := head + fmt.Sprintf("gdp,210200,2024,9516.9,亿元,,P,第%d份,2025-01\n", i)
			r, err := d.Run(t.Context(), Submission{Feed: schema.Feed{Name: "accounts"}, Name: "f.csv", Body: strings.NewReader(text)})
			if err != nil {
				t.Error(err)
			}
			statuses <- r.Status
		})
	}
	group.Wait()
	close(statuses)
	n := map[schema.ReceiptStatus]int{}
	for s := range statuses {
		n[s]++
	}
	if n[schema.Accepted] != 1 || n[schema.Unchanged] != 19 || len(d.shelf.rows) != 1 {
		t.Errorf("%v, %d rows", n, len(d.shelf.rows))
	}
	ids := map[string]bool{}
	for _, r := range d.shelf.receipts {
		ids[r.ID] = true
	}
	if len(ids) != 20 {
		t.Errorf("%d numbers for 20 receipts", len(ids))
	}
}

func TestPreviewStoresNothingAndSaysWhatWouldCome(t *testing.T) {
	d := newDesk(t)
	d.send(t, head+"gdp,210200,2024,9516.9,亿元,,P,,2025-01\n")
	files := len(list(t, d.dir))
	p, err := d.Preview(t.Context(), Submission{Feed: schema.Feed{Name: "accounts"}, Name: "p.csv",
		Body: strings.NewReader(head + "gdp,210200,2024,9540.2,亿元,,A,,2025-10\n国内生产总值(亿元),大连,2025年1-9月,—,,,,,\n")})
	if err != nil {
		t.Fatal(err)
	}
	if counts(p.Receipt) != "accepted 1+1=0-0" || len(p.Receipt.Changes) != 1 || p.Receipt.ID != "" {
		t.Errorf("receipt %+v", p.Receipt)
	}
	want := []PreviewRow{{"gdp", "亿元", "210200", "2024", "", "9540.2", "A"}, {"国内生产总值", "亿元", "大连", "2025-09", "ytd", "", ""}}
	if !slices.Equal(p.Rows, want) {
		t.Errorf("rows %+v", p.Rows)
	}
	if len(d.shelf.rows) != 1 || len(d.shelf.receipts) != 1 || len(list(t, d.dir)) != files || len(d.told) != 1 {
		t.Error("the preview left something")
	}
}

func list(t *testing.T, dir string) (out []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		out = append(out, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestPreviewWithoutAFeedJudgesTheReadingAlone(t *testing.T) {
	d := newDesk(t)
	for name, c := range map[string]struct{ text, want string }{
		"names the registers lack": {"指标,地区,时期,数值,单位\n旅客吞吐量,火星,2024,5,人\n", "accepted 0+0=0-0 unmapped [旅客吞吐量 火星] rows 1"},
		"a unit nobody names":      {"指标,地区,时期,数值\n旅客吞吐量,大连,2024,5\n", "asked 0+0=0-1 unmapped [旅客吞吐量] rows 1"},
		"a number that is none":    {"指标,地区,时期,数值,单位\ngdp,大连,2024,x,亿元\ngdp,大连,2023,1,亿元\n", "refused 0+0=0-2 unmapped [] rows 1"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := d.Preview(t.Context(), Submission{Name: "p.csv", Body: strings.NewReader(c.text)})
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprintf("%s unmapped %v rows %d", counts(p.Receipt), p.Receipt.Unmapped, len(p.Rows)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestTheTableAsReadCanBeShown(t *testing.T) {
	d := newDesk(t)
	f, problems, closeIt, err := d.Table(t.Context(), Submission{Name: "x/../p.csv", Body: strings.NewReader("a;b\n1;\"2\"\n")})
	if err != nil || len(problems) > 0 || f.Name != "p.csv" {
		t.Fatalf("%v %v %+v", err, problems, f)
	}
	n := 0
	for row, err := range f.Tables[0].Rows(t.Context()) {
		if err != nil || row.Len() != 2 {
			t.Errorf("row %v: %v", row, err)
		}
		n++
	}
	if err := closeIt(); err != nil || n != 2 {
		t.Errorf("%d rows, closing: %v", n, err)
	}
}

func TestReceiptNumbersAreShortSortableAndDiffer(t *testing.T) {
	n := &numbers{rand: bytes.NewReader(bytes.Repeat([]byte{0, 0, 7, 255}, 2000)), zone: time.FixedZone("", 8*3600)}
	at, last, seen := time.Date(2025, 6, 29, 16, 0, 0, 0, time.UTC), "", map[string]bool{}
	for i := range 2000 {
		id, err := n.next(at)
		if err != nil {
			t.Fatal(err)
		}
		if len(id) != 18 || !strings.HasPrefix(id, "R20250630-") || strings.ContainsAny(id[1:], "ILOU") || seen[id] {
			t.Fatalf("number %s", id)
		}
		seen[id] = true
		if i%2 == 1 {
			at = at.Add(time.Second)
			if id[:14] < last {
				t.Fatalf("%s comes after %s", id, last)
			}
			last = id[:14]
		}
	}
	if id, err := (&numbers{rand: rand0{}, zone: time.UTC}).next(time.Date(2025, 6, 30, 23, 59, 59, 999, time.UTC)); err != nil || id[:14] <= "R20250630-"+letters(0) {
		t.Errorf("at the end of a day: %s, %v", id, err)
	}
}

type rand0 struct{}

func (rand0) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestNamesOfFilesCannotLeadAnywhere(t *testing.T) {
	d := newDesk(t)
	for name, want := range map[string]string{"../../etc/passwd": "passwd", `C:\报送\a.csv`: "a.csv", "a\x00b\n.csv": "ab.csv", "": "feed", "..": "feed", "a\u202evsc.exe": "avsc.exe"} {
		r := d.send(t, head+"gdp,210200,2024,1,亿元,,,,\n", func(s *Submission) { s.Name = name })
		if r.File != want {
			t.Errorf("%q is kept as %q, want %q", name, r.File, want)
		}
	}
}

func TestEverySentenceIsInTheCatalogue(t *testing.T) {
	for _, c := range []string{ReaderFailed, NoFigures, validate.AnswerUnknown} {
		if !slices.Contains(words.IDs(), "problem-"+c) {
			t.Errorf("no sentence for %s", c)
		}
	}
}
