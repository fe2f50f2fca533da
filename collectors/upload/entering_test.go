package upload

import (
	"context"
	"encoding/json"
	"errors"
	"mime/multipart"
	"net/http/httptest"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"yardstick/collectors/desk"
	"yardstick/comparator/docket"
	"yardstick/schema"
	"yardstick/schema/clickhouse"
	"yardstick/schema/engine/enginetest"
	"yardstick/schema/targets"
)

func TestAFigureSentNamesItsIndicatorRegionAndPeriod(t *testing.T) {
	const whole = `{"indicator":"gdp","region":"210200","period":"2025-Q2","value":4600.10,"unit":"亿元"}`
	if l, err := readLine(json.RawMessage(whole), 1); err != nil || l.Indicator != "gdp" || l.Region != "210200" || l.Period != "2025-Q2" || l.Value != "4600.10" || l.Unit != "亿元" {
		t.Errorf("%+v %v", l, err)
	}
	for value, want := range map[string]string{`"4600.10"`: "4600.10", `-3.20`: "-3.20", `0`: "0", `9`: "9", `null`: "", `""`: ""} {
		text := strings.Replace(whole, "4600.10", value, 1)
		if l, err := readLine(json.RawMessage(text), 1); err != nil || l.Value != want {
			t.Errorf("%s: %q %v", value, l.Value, err)
		}
	}
	for name, text := range map[string]string{
		"no indicator":   strings.Replace(whole, "gdp", "", 1),
		"no region":      strings.Replace(whole, "210200", "", 1),
		"no period":      strings.Replace(whole, "2025-Q2", "", 1),
		"a truth":        strings.Replace(whole, "4600.10", "true", 1),
		"a list":         strings.Replace(whole, "4600.10", "[1]", 1),
		"an unknown key": strings.Replace(whole, "unit", "units", 1),
		"not JSON":       whole[:len(whole)-1],
	} {
		if l, err := readLine(json.RawMessage(text), 7); err == nil {
			t.Errorf("%s: %+v", name, l)
		}
	}
	if l, err := readLine(json.RawMessage(`{"indicator":"gdp","region":"210200","period":"2025-Q2"}`), 1); err != nil || l.Value != "" {
		t.Errorf("without a value: %+v %v", l, err)
	}
}

func TestTypedFiguresAreThoseThatSaySomething(t *testing.T) {
	say := func(id string, _ ...any) string { return id }
	held := schema.MustDecimal("410")
	one := func(code string, last *schema.Observation) desk.Series {
		return desk.Series{Indicator: schema.Indicator{Code: code}, Region: schema.Region{Code: "210200"}, Last: last}
	}
	still := &schema.Observation{Key: schema.Key{Basis: schema.Point, Period: schema.Month(2025, 5)}, Value: &held, Written: "410", UnitWritten: "PFlops"}
	flow := &schema.Observation{Key: schema.Key{Basis: schema.InPeriod, Period: schema.Month(2025, 5)}, Value: &held}
	unknown := &schema.Observation{Key: schema.Key{Basis: schema.Point, Period: schema.Month(2025, 5)}}
	series := []desk.Series{one("still", still), one("flow", flow), one("unknown", unknown), one("new", nil)}
	for name, c := range map[string]struct {
		fields []string // field=value
		lines  string   // indicator period value unit basis
		fault  string
	}{
		"nothing at all":            {nil, "", "upload-nothing-entered"},
		"a period alone":            {[]string{"period:still/210200=2025-06"}, "", "upload-nothing-entered"},
		"a figure":                  {[]string{"period:still/210200=2025-06", "value:still/210200= 425 ", "unit:still/210200=PFlops"}, "still 2025-06 425 PFlops point", ""},
		"two of three":              {[]string{"period:still/210200=2025-06", "value:still/210200=1", "period:flow/210200=2025-06", "period:new/210200=2025-06", "value:new/210200=2"}, "still 2025-06 1  point; new 2025-06 2  ", ""},
		"a figure without a period": {[]string{"value:new/210200=2"}, "", "upload-no-period"},
		"no change":                 {[]string{"period:still/210200=2025-06", "same:still/210200=1"}, "still 2025-06 410 PFlops point", ""},
		"no change, and a figure":   {[]string{"period:still/210200=2025-06", "same:still/210200=1", "value:still/210200=2"}, "", "upload-same-and-value"},
		"no change of a flow":       {[]string{"period:flow/210200=2025-06", "same:flow/210200=1"}, "", "upload-same-impossible"},
		"no change of what is new":  {[]string{"period:new/210200=2025-06", "same:new/210200=1"}, "", "upload-same-impossible"},
		"no change of an unknown":   {[]string{"period:unknown/210200=2025-06", "same:unknown/210200=1"}, "", "upload-same-impossible"},
		"of another kind of period": {[]string{"period:still/210200=2025-Q2", "value:still/210200=1"}, "still 2025-Q2 1  ", ""},
		"a basis that is said":      {[]string{"period:still/210200=2025年1-6月", "value:still/210200=1"}, "still 2025年1-6月 1  ", ""},
		"no period that is known":   {[]string{"period:still/210200=soon", "value:still/210200=1"}, "still soon 1  ", ""},
	} {
		fields := map[string]string{}
		for _, f := range c.fields {
			k, v, _ := strings.Cut(f, "=")
			fields[k] = v
		}
		lines, fault := typed(say, schema.NewDate(2025, 7, 1), series, fields)
		var got []string
		for _, l := range lines {
			got = append(got, strings.Join([]string{l.Indicator, l.Period, l.Value, l.Unit, l.Basis}, " "))
		}
		if text := strings.Join(got, "; "); text != c.lines || fault != c.fault {
			t.Errorf("%s: %q %q, want %q %q", name, text, fault, c.lines, c.fault)
		}
	}
}

func TestAFilesNameIsWithoutTheSendersFolders(t *testing.T) {
	for disposition, want := range map[string]string{
		`form-data; name="file"; filename="a.csv"`:              "a.csv",
		`form-data; name="file"; filename="C:\\tables\\a.csv"`:  "a.csv",
		`form-data; name="file"; filename="/tables/june/a.csv"`: "a.csv",
		`form-data; name="file"; filename=""`:                   "",
		`form-data; name="file"`:                                "",
		`form-data; name="file"; filename="a.csv"; filename="b`: "",
		``: "",
	} {
		part := &multipart.Part{Header: textproto.MIMEHeader{"Content-Disposition": {disposition}}}
		if got := fileName(part); got != want {
			t.Errorf("%s: %q, want %q", disposition, got, want)
		}
	}
}

func TestAFormIsPrintedOfAReceiptAlone(t *testing.T) {
	eng := enginetest.Open(t)
	db := enginetest.Database(t, eng)
	if _, err := clickhouse.Migrate(t.Context(), eng.ClickHouseOptions(db, true), ""); err != nil {
		t.Fatal(err)
	}
	store, err := clickhouse.Open(t.Context(), clickhouse.Config{Read: eng.ClickHouseOptions(db, false)})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	register, err := targets.LoadWith()
	if err != nil {
		t.Fatal(err)
	}
	judged, err := docket.New(docket.Options{Register: register, Store: store, Now: time.Now, Location: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	empty := desk.New(desk.Options{Docket: judged, Real: time.Now})
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for ctx, want := range map[context.Context]error{t.Context(): nil, gone: context.Canceled} {
		p := &Pages{PageOptions: PageOptions{Desk: empty}}
		r := httptest.NewRequestWithContext(ctx, "GET", "/upload/receipts/R0/form", nil)
		r.SetPathValue("id", "R0")
		w := httptest.NewRecorder()
		err := p.ofReceipt(p.form)(w, r, &session{})
		if err == nil || want != nil && !errors.Is(err, want) || w.Body.Len() > 0 {
			t.Errorf("%v: %v, written %q", want, err, w.Body)
		}
	}
}
