package upload

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"yardstick/collectors/desk"
	"yardstick/schema"
	"yardstick/schema/access"
	"yardstick/schema/words"
)

const (
	figures = "/api/v1/feeds/accounts/values"
	oneLine = `{"indicator":"gdp","region":"210200","period":"2025-Q2","value":4600.10}`
)

func TestFiguresAreHandedOnWithAllThatIsSaidOfThem(t *testing.T) {
	const beside = `"published":"2025-07-18","answers":{"unit":"亿元"},"accept_valid":true,"correction":"笔误","release_at":"2025-08-01T10:00:00+08:00","note":" 月报 "`
	for name, x := range map[string]call{
		"in the body":    {path: figures, body: `{"values":[` + oneLine + `],` + beside + `}`},
		"in the address": {path: figures + "?published=2025-07-18&answer=unit%3D%E4%BA%BF%E5%85%83&accept_valid=1&correction=%E7%AC%94%E8%AF%AF&release_at=2025-08-01T02:00:00Z&note=%E6%9C%88%E6%8A%A5", body: `{"values":[` + oneLine + `]}`},
	} {
		c := &clerk{status: schema.Accepted}
		base, _ := newServer(t, c)
		x.token = "Bearer all"
		if got, out, _ := do(t, base, x); got != 200 {
			t.Fatalf("%s: %d %v", name, got, out)
		}
		g := c.got
		if g.Feed.Name != "accounts" || !g.Feed.Hand || g.Name != "values.csv" || g.Actor != "统计局" || g.Published == nil || *g.Published != schema.NewDate(2025, 7, 18) ||
			len(g.Answers) != 1 || g.Answers["unit"] != "亿元" || !g.AcceptValid || g.Correction != schema.Clerical || g.Reason != "月报" ||
			!g.ReleaseAt.Equal(time.Date(2025, 8, 1, 2, 0, 0, 0, time.UTC)) || c.text != "indicator,region,period,value\ngdp,210200,2025-Q2,4600.10\n" {
			t.Errorf("%s: handed on %+v %q", name, g, c.text)
		}
	}
}

func TestAMissingFigureKeepsItsColumn(t *testing.T) {
	c := &clerk{status: schema.Asked}
	base, _ := newServer(t, c)
	got, _, _ := do(t, base, call{path: figures, token: "Bearer all", body: `{"values":[{"indicator":"gdp","region":"210200","period":"2025-Q2","value":null}]}`})
	if got != 202 || c.text != "indicator,region,period,value\ngdp,210200,2025-Q2,\n" || c.got.AcceptValid {
		t.Errorf("%d, %q", got, c.text)
	}
}

func TestWhatIsWrongWithFiguresIsTold(t *testing.T) {
	many := func(n int) string {
		return `{"values":[` + strings.TrimSuffix(strings.Repeat(oneLine+",", n), ",") + `]}`
	}
	for name, x := range map[string]struct {
		query, body string
		want        int
	}{
		"none":                         {"", `{"values":[]}`, 400},
		"as many as are taken":         {"", many(mostValues), 200},
		"one more":                     {"", many(mostValues + 1), 400},
		"a body that is too large":     {"", `{"values":[` + strings.Repeat(" ", mostValueBytes) + oneLine + `]}`, 413},
		"an unknown key":               {"", `{"values":[` + oneLine + `],"publishd":"2025-07-18"}`, 400},
		"two documents":                {"", `{"values":[` + oneLine + `]}{}`, 400},
		"no JSON":                      {"", `values`, 400},
		"a line without its region":    {"", `{"values":[{"indicator":"gdp","period":"2025-Q2","value":1}]}`, 400},
		"a day that does not exist":    {"", `{"values":[` + oneLine + `],"published":"2025-02-30"}`, 400},
		"a day twice":                  {"?published=2025-07-18", `{"values":[` + oneLine + `],"published":"2025-07-18"}`, 400},
		"an answer twice":              {"?answer=unit%3Da", `{"values":[` + oneLine + `],"answers":{"unit":"b"}}`, 400},
		"an answer without a question": {"", `{"values":[` + oneLine + `],"answers":{"":"b"}}`, 400},
		"no correction that is known":  {"", `{"values":[` + oneLine + `],"correction":"mood"}`, 400},
		"no moment":                    {"", `{"values":[` + oneLine + `],"release_at":"soon"}`, 400},
		"an unknown parameter":         {"?publishd=2025-07-18", `{"values":[` + oneLine + `]}`, 400},
	} {
		c := &clerk{status: schema.Accepted}
		base, _ := newServer(t, c)
		got, out, _ := do(t, base, call{path: figures + x.query, token: "Bearer all", body: x.body})
		if got != x.want || (c.got != nil) != (x.want == 200) {
			t.Errorf("%s: %d, want %d: %v", name, got, x.want, out)
		}
	}
}

func TestAMachinesFaultIsNoReceipt(t *testing.T) {
	c := &clerk{status: schema.Accepted, err: errors.New("disk full")}
	base, _ := newServer(t, c)
	if got, out, _ := do(t, base, call{path: figures, token: "Bearer all", body: `{"values":[` + oneLine + `]}`}); got != 500 || out["id"] != nil {
		t.Errorf("%d %v", got, out)
	}
}

func TestAReceiptIsTakenBackForAReasonAlone(t *testing.T) {
	const path = "/api/v1/feeds/accounts/receipts/R1/withdraw"
	for name, x := range map[string]struct {
		path, body string
		err        error
		want       int
		act        string
	}{
		"with a reason":           {path, `{"reason":" a slip "}`, nil, 200, "统计局 R1 a slip"},
		"without one":             {path, `{"reason":" "}`, nil, 400, ""},
		"of no such receipt":      {strings.Replace(path, "R1", "R2", 1), `{"reason":"a slip"}`, nil, 404, ""},
		"of another feed's":       {strings.Replace(path, "accounts", "farming", 1), `{"reason":"a slip"}`, nil, 404, ""},
		"no JSON":                 {path, `reason`, nil, 400, ""},
		"with a machine's fault":  {path, `{"reason":"a slip"}`, errors.New("disk full"), 500, ""},
		"an address that asks":    {path + "?force=1", `{"reason":"a slip"}`, nil, 400, ""},
		"with too much of a body": {path, `{"reason":"` + strings.Repeat("x", mostValueBytes) + `"}`, nil, 413, ""},
	} {
		c := &clerk{err: x.err}
		base, _ := newServer(t, c)
		got, out, _ := do(t, base, call{path: x.path, token: "Bearer all", body: x.body})
		if got != x.want || c.act != x.act {
			t.Errorf("%s: %d, want %d, and %q: %v", name, got, x.want, c.act, out)
		}
	}
}

func TestAStatementIsWrittenDownOrRefusedForItsReason(t *testing.T) {
	const body = `{"policy":"p","target":"t","cause":"rain","measures":"a roof"}`
	for name, x := range map[string]struct {
		call
		err  error
		want int
	}{
		"as it should be":        {call{token: "Bearer all", body: body}, nil, 201},
		"by nobody":              {call{body: body}, nil, 401},
		"by who may not":         {call{token: "Bearer farm", body: body}, words.Fail(access.ErrDenied, "statement-nameless"), 403},
		"on no target":           {call{token: "Bearer all", body: body}, words.Fail(desk.ErrNoTarget, "no-target", "name", "t"), 404},
		"that cannot be said":    {call{token: "Bearer all", body: body}, words.Fail(desk.ErrMisuse, "statement-needs"), 422},
		"with a machine's fault": {call{token: "Bearer all", body: body}, errors.New("disk full"), 500},
		"with an unknown key":    {call{token: "Bearer all", body: `{"goal":"t"}`}, nil, 400},
		"with an address's word": {call{token: "Bearer all", body: body, path: "?x=1"}, nil, 400},
		"by another method":      {call{token: "Bearer all", method: http.MethodGet}, nil, 405},
	} {
		c := &clerk{err: x.err}
		base, _ := newServer(t, c)
		x.path = StatementsPath + x.path
		got, out, _ := do(t, base, x.call)
		if got != x.want || (x.want == 201) != (c.act == "统计局 p/t rain" && x.err == nil) {
			t.Errorf("%s: %d, want %d, and %q: %v", name, got, x.want, c.act, out)
		}
	}
}

func TestASizeIsToldInTheUnitItFills(t *testing.T) {
	f := &frame{}
	for n, want := range map[int64]string{0: "0 B", 1023: "1023 B", 1 << 10: "1.0 KiB", 1<<20 - 1: "1024.0 KiB", 1 << 20: "1.0 MiB", 3 << 19: "1.5 MiB"} {
		if got := f.Size(strconv.FormatInt(n, 10)); got != want {
			t.Errorf("%d bytes are %s, want %s", n, got, want)
		}
	}
}

func TestWhatMayBeDoneWithAReceiptFollowsItsStatus(t *testing.T) {
	for name, x := range map[string]struct {
		r                        schema.Receipt
		reviews                  bool
		withdraw, resume, review bool
	}{
		"accepted":                  {schema.Receipt{Status: schema.Accepted, Snapshot: "a"}, true, true, false, false},
		"asked":                     {schema.Receipt{Status: schema.Asked, Snapshot: "a"}, true, true, true, false},
		"refused":                   {schema.Receipt{Status: schema.Refused, Snapshot: "a"}, true, false, true, false},
		"refused, as it may be":     {schema.Receipt{Status: schema.Refused, Snapshot: "a", Bytes: mostBytes}, true, false, true, false},
		"refused, as too large":     {schema.Receipt{Status: schema.Refused, Snapshot: "a", Bytes: mostBytes + 1}, true, false, false, false},
		"refused, no bytes kept":    {schema.Receipt{Status: schema.Refused}, true, false, false, false},
		"waiting for a reviewer":    {schema.Receipt{Status: schema.Pending, Waits: schema.WaitsReview, Actor: "Li"}, true, true, false, true},
		"waiting, to a reporter":    {schema.Receipt{Status: schema.Pending, Waits: schema.WaitsReview, Actor: "Li"}, false, true, false, false},
		"waiting, one's own":        {schema.Receipt{Status: schema.Pending, Waits: schema.WaitsReview, Actor: "Wang"}, true, true, false, false},
		"waiting for its time":      {schema.Receipt{Status: schema.Pending, Waits: schema.WaitsRelease, Actor: "Li"}, true, true, false, false},
		"withdrawn":                 {schema.Receipt{Status: schema.Withdrawn, Snapshot: "a"}, true, false, false, false},
		"failed, with bytes":        {schema.Receipt{Status: schema.Failed, Snapshot: "a"}, true, false, false, false},
		"unchanged, which is taken": {schema.Receipt{Status: schema.Unchanged, Snapshot: "a"}, true, schema.Unchanged.Counts(), false, false},
	} {
		v := receiptView{frame: &frame{Who: "Wang", Reviews: x.reviews}, R: x.r}
		if v.MayWithdraw() != x.withdraw || v.MayResume() != x.resume || v.MayReview() != x.review {
			t.Errorf("%s: %t %t %t", name, v.MayWithdraw(), v.MayResume(), v.MayReview())
		}
	}
}
