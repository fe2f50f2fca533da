package upload

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"rsc.io/qr"

	"yardstick/collectors/desk"
	"yardstick/collectors/pipeline"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/access"
)

// clock is a clock that a test moves.
type clock struct{ t time.Time }

func (c *clock) now() time.Time { return c.t }

// drafted is a draft of what was sent, in a folder.
func drafted(temp, body string) (*draft, error) {
	p := &Pages{PageOptions: PageOptions{Temp: temp, Now: time.Now}}
	return p.draft(httptest.NewRequest(http.MethodPost, "/upload/files", nil), &session{}, "", "", strings.NewReader(body))
}

func keepDraft(t *testing.T, s *sessions, x *session, temp string, size int64) *draft {
	t.Helper()
	d, err := drafted(temp, "figures")
	if err != nil {
		t.Fatal(err)
	}
	d.size = size
	if err := s.keep(x, d); err != nil {
		t.Fatal(err)
	}
	return d
}

// held reports whether a draft's file is still there; it has no name.
func held(d *draft) bool {
	_, err := d.file.ReadAt(make([]byte, 1), 0)
	return err == nil
}

func TestASessionEndsAndItsFilesWithIt(t *testing.T) {
	for name, wait := range map[string][]time.Duration{
		"left alone":              {sessionIdle + time.Second},
		"for too long altogether": {sessionIdle - time.Minute, sessionIdle - time.Minute, sessionIdle - time.Minute, sessionIdle - time.Minute, sessionIdle - time.Minute, sessionIdle - time.Minute, sessionIdle - time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			c, temp := &clock{time.Unix(1e9, 0)}, t.TempDir()
			s := newSessions(c.now)
			x := s.open(access.Identity{})
			d := keepDraft(t, s, x, temp, 7)
			r := requestWith(x)
			for i, d := range wait {
				if _, ok := s.of(r); !ok {
					t.Fatalf("it ended before step %d", i)
				}
				c.t = c.t.Add(d)
			}
			if _, ok := s.of(r); ok || held(d) || s.bytes != 0 {
				t.Errorf("still there: %v, its file %v, %d bytes", ok, held(d), s.bytes)
			}
		})
	}
}

func TestAFileOfAPageThatBreaksIsRemoved(t *testing.T) {
	temp := t.TempDir()
	p := &Pages{PageOptions: PageOptions{Temp: temp, Now: time.Now}}
	s := &session{csrf: "token"}
	typ, body := form(t, [2]string{"csrf", veil(s.csrf)}, [2]string{"file", "figures"})
	r := httptest.NewRequest(http.MethodPost, "/upload/files", strings.NewReader(body))
	r.Header.Set("Content-Type", typ)
	var drawn *draft
	defer func() {
		if recover() == nil || drawn == nil || held(drawn) {
			t.Errorf("the draft %v is still held", drawn)
		}
	}()
	_ = p.sent(func(_ http.ResponseWriter, _ *http.Request, _ *session, _ map[string]string, d *draft) error {
		drawn = d
		return d.opened(func(pipeline.Submission) error { panic("the page broke") })
	})(httptest.NewRecorder(), r, s)
}

func TestAReceiptStaysKnownWhenDraftsAreGivenUp(t *testing.T) {
	s := newSessions(time.Now)
	x := s.open(access.Identity{})
	s.forget(x, &draft{ID: "taken"}, "R1")
	for i := range 300 {
		s.forget(x, &draft{ID: fmt.Sprint(i)}, "")
	}
	if _, receipt := s.draft(x, "taken"); receipt != "R1" {
		t.Errorf("it became %q", receipt)
	}
}

func TestAReceiptIsShownWhateverItsAttachmentsSay(t *testing.T) {
	site, err := web.New(web.Options{Policies: []schema.Policy{{ID: "plan"}}, Today: func() schema.Date { return schema.NewDate(2025, 7, 1) }})
	if err != nil {
		t.Fatal(err)
	}
	p, err := NewPages(site, PageOptions{Temp: t.TempDir(), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	v := receiptView{frame: p.newFrame(httptest.NewRequest(http.MethodGet, "/upload/receipts/R1", nil), nil),
		R:           schema.Receipt{ID: "R1", Status: schema.Partial, ExcludedRows: []schema.Problem{{Line: 3}}},
		Attachments: []schema.Act{{Kind: schema.ActAttach, Fields: map[string]string{"sha256": "ab", "name": "sealed.pdf"}}}}
	body, err := p.views.Write("receipt", "frame", v)
	if err != nil || !strings.Contains(string(body), "sealed.pdf") {
		t.Fatalf("%v", err)
	}
	for _, odd := range []string{`id=""`, "no value", "upload-what-<", "upload-what- "} {
		if strings.Contains(string(body), odd) {
			t.Errorf("it says %s", odd)
		}
	}
}

func TestDraftsAreBounded(t *testing.T) {
	temp := t.TempDir()
	s := newSessions(time.Now)
	x := s.open(access.Identity{})
	first := keepDraft(t, s, x, temp, 1)
	var later []*draft
	for range mostDrafts {
		later = append(later, keepDraft(t, s, x, temp, 1))
	}
	if d, _ := s.draft(x, first.ID); d != nil || held(first) || slices.ContainsFunc(later, func(d *draft) bool { return !held(d) }) {
		t.Errorf("the oldest is there: %v, its file %v", d, held(first))
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("files with names: %v, %v", left, err)
	}
	y := s.open(access.Identity{})
	big, err := drafted(temp, "x")
	if err != nil {
		t.Fatal(err)
	}
	big.size = draftsAtOnce
	var full *web.Fault
	if err := s.keep(y, big); !errors.As(err, &full) || full.Code != http.StatusServiceUnavailable {
		t.Errorf("no room, and yet %v", err)
	}
	if d, _ := s.draft(y, s.list(x)[0].ID); d != nil {
		t.Error("a session sees another's draft")
	}
	big.remove()
	s.closeAll()
	if slices.ContainsFunc(later, held) {
		t.Error("files are left behind")
	}
}

func TestADraftOfWhatMustNotBeHereIsRefusedWithItsPlace(t *testing.T) {
	temp := t.TempDir()
	_, err := drafted(temp, "某某表\n绝密★长期\n")
	var told *web.Fault
	if !errors.As(err, &told) || told.Code != http.StatusUnprocessableEntity || !strings.Contains(told.Detail.Zh, "单元格 A2") || strings.Contains(told.Detail.Zh, "★") {
		t.Errorf("%v", err)
	}
}

func TestTooManySessionsEndTheOldest(t *testing.T) {
	c := &clock{time.Unix(1e9, 0)}
	s := newSessions(c.now)
	first := s.open(access.Identity{})
	for range mostSessions {
		c.t = c.t.Add(time.Millisecond)
		s.open(access.Identity{})
	}
	if _, ok := s.of(requestWith(first)); ok || len(s.all) != mostSessions {
		t.Errorf("%d sessions, the first there: %v", len(s.all), ok)
	}
}

func TestWrongTokensAreSlowedDown(t *testing.T) {
	c := &clock{time.Unix(1e9, 0)}
	s := newSessions(c.now)
	for i := range wrongInMinute {
		if s.throttled() {
			t.Fatalf("after %d already", i)
		}
		s.fail()
	}
	if !s.throttled() {
		t.Error("not slowed down")
	}
	if c.t = c.t.Add(61 * time.Second); s.throttled() {
		t.Error("for good")
	}
}

func TestTheQRCodeIsTheOneThatWasEncoded(t *testing.T) {
	text := "https://example.org/upload/receipts/R20250630-7K3QF2T8?sha256=" + strings.Repeat("a1", 32)
	got, err := drawQR(text)
	if err != nil {
		t.Fatal(err)
	}
	want, err := qr.Encode(text, qr.M)
	if err != nil {
		t.Fatal(err)
	}
	black := map[[2]int]bool{}
	for _, run := range strings.Split(strings.TrimSuffix(got.Path, "z"), "z") {
		var x, y, n int
		if _, err := sscan(run, &x, &y, &n); err != nil {
			t.Fatalf("%q: %v", run, err)
		}
		for i := range n {
			black[[2]int{x + i, y}] = true
		}
	}
	for y := range got.Size {
		for x := range got.Size {
			if black[[2]int{x, y}] != want.Black(x-quiet, y-quiet) {
				t.Fatalf("module %d,%d", x, y)
			}
		}
	}
}

func TestTypedFiguresBecomeATidyFile(t *testing.T) {
	got, err := desk.Tidy([]desk.Figure{{Indicator: "gdp", Region: "210200", Period: "2025-Q2", Value: "4600.10", Unit: "亿元"}, {Indicator: "ai-compute", Region: "210200", Period: "2025-06", Value: "-3.2", Note: `说明，"含"引号`}})
	want := "indicator,region,period,value,unit,note\ngdp,210200,2025-Q2,4600.10,亿元,\nai-compute,210200,2025-06,-3.2,,\"说明，\"\"含\"\"引号\"\n"
	if err != nil || string(got) != want {
		t.Errorf("%v\n%s", err, got)
	}
}

func TestAnEmbargoIsReadAsBrowsersAndPeopleWriteIt(t *testing.T) {
	zone := time.FixedZone("CST", 8*3600)
	for written, want := range map[string]string{
		"2025-07-15T10:00": "2025-07-15T02:00:00Z", "2025-07-15 10:00": "2025-07-15T02:00:00Z", "2025-07-15": "2025-07-14T16:00:00Z",
		"2025-07-15T10:00:00Z": "2025-07-15T10:00:00Z", "2025-07-15T10:00:00+08:00": "2025-07-15T02:00:00Z",
	} {
		if got, err := moment(written, zone); err != nil || got.Format(time.RFC3339) != want {
			t.Errorf("%s: %s %v", written, got, err)
		}
	}
	if at, err := moment(" ", zone); err != nil || !at.IsZero() {
		t.Error("nothing is no time")
	}
	if _, err := moment("2025-02-30", zone); err == nil {
		t.Error("a day that does not exist")
	}
}

func TestOneGoesOnlyToOurOwnPagesAfterSigningIn(t *testing.T) {
	for next, want := range map[string]string{"/upload": "/upload", "/upload/reports": "/upload/reports", "/uploads": "/upload", "//evil.example": "/upload",
		"https://evil.example": "/upload", `/upload/\evil`: "/upload", "/upload//evil.example": "/upload", "": "/upload"} {
		r := formRequest("/upload/session", "next", next)
		if got := nextOf(r); got != want {
			t.Errorf("%q leads to %q", next, got)
		}
	}
}

func TestNoChangeIsForWhatStandsStill(t *testing.T) {
	today := schema.NewDate(2025, 7, 1)
	for _, x := range []struct {
		basis  schema.Basis
		period schema.Period
		want   bool
	}{
		{schema.Point, schema.Month(2025, 5), true}, {schema.Cumulative, schema.Month(2024, 12), true},
		{schema.YearToDate, schema.Month(2025, 5), true}, {schema.YearToDate, schema.Month(2024, 12), false}, {schema.InPeriod, schema.Month(2025, 5), false},
	} {
		v := schema.MustDecimal("1")
		s := desk.Series{Last: &schema.Observation{Key: schema.Key{Basis: x.basis, Period: x.period}, Value: &v}}
		if got := steady(s, today); got != x.want {
			t.Errorf("%s %s: %v", x.basis, x.period, got)
		}
	}
}

func requestWith(x *session) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/upload", nil)
	r.AddCookie(&http.Cookie{Name: sessionCookie, Value: x.id})
	return r
}

func formRequest(path string, fields ...string) *http.Request {
	v := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		v.Set(fields[i], fields[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(v.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if err := r.ParseForm(); err != nil {
		panic(err)
	}
	return r
}

func sscan(run string, x, y, n *int) (int, error) { return fmt.Sscanf(run, "M%d %dh%d", x, y, n) }
