package grafana_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yardstick/comparator"
	"yardstick/comparator/telling"
	"yardstick/dashboards/grafana"
	"yardstick/schema"
	"yardstick/schema/calendar"
	"yardstick/schema/clickhouse"
	"yardstick/schema/engine"
	"yardstick/schema/ledger"
	"yardstick/schema/targets"
)

// tell puts into the store what there is to say of the sample's verdicts, as a
// comparison does: worded from verdicts, register and figures.
func tell(t *testing.T, eng *engine.Engine, db string) []schema.Shown {
	t.Helper()
	dir := t.TempDir()
	book, err := ledger.Open(filepath.Join(dir, "ledger"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := clickhouse.Open(t.Context(), clickhouse.Config{
		Read: eng.ClickHouseOptions(db, false), Write: eng.ClickHouseOptions(db, true), Ledger: book, Rows: filepath.Join(dir, "rows"),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close(); _ = book.Close() })
	shown := shownOfSample(t)
	for range 2 { // the second time nothing is new
		if err := s.SaveTold(t.Context(), time.Date(2025, 6, 30, 8, 0, 0, 0, time.UTC), shown); err != nil {
			t.Fatal(err)
		}
	}
	register := sampleRegister(t)
	kept, err := s.Untold(t.Context(), "today's")
	if err == nil {
		err = s.SaveHistory(t.Context(), time.Date(2025, 6, 30, 8, 0, 0, 0, time.UTC), "today's", kept, func(k clickhouse.Kept, l schema.Language) schema.Shown {
			return telling.ShowKept(k.Verdict, register, l.Code)
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	return shown
}

func shownOfSample(t *testing.T) []schema.Shown {
	t.Helper()
	register, verdicts := sampleRegister(t), sampleVerdicts(t)
	figures := sampleFigures()
	days, err := calendar.Default()
	if err != nil {
		t.Fatal(err)
	}
	cases := map[schema.Scope]comparator.Case{}
	for _, v := range verdicts {
		g, _ := register.Target(v.Policy, v.Target)
		ind, _ := register.Indicators.ByCode(g.Indicator)
		g.Value, g.Region = v.TargetValue, v.Region
		cases[v.Scope()] = comparator.Case{Target: g, Indicator: ind, Region: schema.Region{Code: v.Region}, Issued: register.Policies[0].Issued, AsOf: v.AsOf, Observations: figures[v.Target], Calendar: days}
	}
	out := telling.ShowAll(verdicts, cases, register)
	// 瓦房店 has a figure and no allocation.
	farmland, _ := register.Target("p", "farmland")
	p, _, _ := schema.ParsePeriod("2025-05")
	value := schema.MustDecimal("70000")
	for _, l := range schema.Languages() {
		out = append(out, telling.ShowPart(schema.Verdict{
			Policy: "p", Target: "farmland", Region: "210281", Kind: farmland.Kind, Unit: "亩", Value: &value, Period: p, Marks: schema.Marks{Synthetic: true},
		}, nil, register, l.Code))
	}
	return out
}

// sampleRegister is the sample's targets as the telling knows them; those of an
// indicator of the catalogue have its units.
func sampleRegister(t *testing.T) *targets.Register {
	t.Helper()
	house, err := targets.Load()
	if err != nil {
		t.Fatal(err)
	}
	p := schema.Policy{ID: "p", Number: "某发〔2024〕1号", Issued: date("2024-10-27"), Region: "210200"}
	for _, g := range []struct {
		id, indicator, zh, kind, value, unit, deadline string
		clause                                         int
	}{
		{"compute", "ai-compute", "算力规模", "level", "1000", "PFlops", "2025-12-31", 7},
		{"farmland", "high-standard-farmland", "农田'甲", "level", "430000", "亩", "2025-12-31", 24},
		{"share", "strategic-industry-gdp-share", "占比", "level", "15", "%", "2025-12-31", 6},
		{"firms", "", "新增企业", "added", "400", "家", "2025-12-31", 4},
		{"events", "", "活动", "within", "100", "场", "2025-12-31", 19},
		{"payment", "", "首付比例", "floor", "15", "%", "", 10},
		{"report", "", "旬通报", "cadence", "10", "天", "", 1},
		{"homes", "", "交付", "milestone", "1", "项", "2025-12-31", 11},
	} {
		target := schema.Target{
			Policy: "p", ID: g.id, Clause: g.clause, Title: schema.Text{Zh: g.zh, En: g.id + " in English"}, Indicator: g.indicator, Region: "210200", Kind: schema.Kind(g.kind),
			Direction: schema.Up, WindowFrom: map[bool]schema.Date{true: date("2025-01-01")}[g.kind == "within"], Op: ">=", Value: schema.MustDecimal(g.value), Unit: g.unit, Owner: schema.Text{Zh: "未指定", En: "not named"}, Written: g.value,
		}
		if g.deadline != "" {
			target.Deadline = date(g.deadline)
		}
		if g.kind == "cadence" {
			target.Every, target.Op, target.Direction = schema.TenDay, "<=", schema.Down
		}
		p.Targets = append(p.Targets, target)
	}
	return &targets.Register{Policies: []schema.Policy{p}, Indicators: house.Indicators, Regions: house.Regions}
}

// sampleVerdicts are the sample's verdicts in force, with what its rows leave out.
func sampleVerdicts(t *testing.T) []schema.Verdict {
	t.Helper()
	var out []schema.Verdict
	add := func(id, region, status, kind, unit, period string, numbers string) {
		day, age := "null", 0
		if period != "" {
			p, _, err := schema.ParsePeriod(period)
			if err != nil {
				t.Fatal(err)
			}
			day, age = `"`+p.Last().String()+`"`, date("2025-06-30").DaysSince(p.Last())
		}
		deadline := `"2025-12-31"`
		if strings.Contains("floor cadence", kind) {
			deadline = "null"
		}
		body := fmt.Sprintf(`{"policy":"p","target":%q,"region":%q,"as_of":"2025-06-30","status":%q,"rule":"6 pace","kind":%q,"direction":"up","op":">=","unit":%q,"period":%q,`+
			`"observed_at":%s,"deadline":%s,"age_days":%d,"start":"2024-10-27",%s}`, id, region, status, kind, unit, period, day, deadline, age, numbers)
		var v schema.Verdict
		if err := json.Unmarshal([]byte(body), &v); err != nil {
			t.Fatalf("%v in %s", err, body)
		}
		out = append(out, v)
	}
	add("homes", "210200", "missed", "milestone", "项", "2025-05", `"value":0,"gap":1,"target_value":1`)
	add("farmland", "210213", "lagging", "level", "亩", "2025-05", `"value":40000,"gap":60000,"target_value":100000,"attainment":0.4,"progress":0.1,"schedule":0.5,"pace":0.2,"marks":{"synthetic":true}`)
	add("farmland", "210200", "lagging", "level", "亩", "2025-05", `"value":314000,"gap":116000,"target_value":430000,"baseline":300000,"baseline_date":"2024-10-27","attainment":0.73,"progress":0.107,"schedule":0.5,"pace":0.2,"marks":{"stale":true,"stale_days":12,"synthetic":true}`)
	add("compute", "210200", "lagging", "level", "PFlops", "2025-05", `"value":410.0,"gap":590.0,"target_value":1000,"attainment":0.41,"progress":0.2,"schedule":0.5,"pace":0.4,"chance":0.003,`+
		`"marks":{"reading_unconfirmed":true,"provisional":true,"synthetic":true},"reason":{"zh":"差得多。","en":"Far behind."},"thresholds":{"chance_on_track":0.8,"chance_at_risk":0.4,"pace_on_track":0.95,"pace_at_risk":0.8},`+
		`"expected":{"periods":6,"frequency":"M","day":"2027-03-19","months_late":15,"late":true},"forecast":{"quantiles":[{"p":0.1,"value":575.4},{"p":0.5,"value":629},{"p":0.9,"value":680.4}]},`+
		`"slope_required":1006,"inputs":[{"role":"judged","indicator":"ai-compute","region":"210200","period":"2025-05","basis":"point","value":410.0,"written":"410.0","unit":"PFlops"}]`)
	add("share", "210200", "at_risk", "level", "%", "2025-Q1", `"value":14.96,"gap":0.04,"target_value":15,"attainment":0.9973,"schedule":0.36,"pace":0.7`)
	add("firms", "210200", "on_track", "added", "家", "2024-12", `"value":70,"gap":330,"target_value":400,"attainment":0.175,"progress":0.175,"schedule":0.15,"pace":1.1,"baseline":0,"baseline_date":"2024-10-27"`)
	add("events", "210200", "at_risk", "within", "场", "2025-02", `"value":12,"gap":88,"target_value":100,"attainment":0.12,"progress":0.12,"schedule":0.16,"pace":0.75,"baseline":0,"start":"2024-12-31"`)
	add("payment", "210200", "on_track", "floor", "%", "2025-05", `"value":20,"gap":-5,"target_value":15`)
	add("report", "210200", "lagging", "cadence", "天", "", `"target_value":10`)
	return out
}

// sampleFigures are the figures in force of two targets, by target.
func sampleFigures() map[string][]schema.Observation {
	figure := func(basis schema.Basis, indicator, period, value string) schema.Observation {
		p, _, _ := schema.ParsePeriod(period)
		v := schema.MustDecimal(value)
		return schema.Observation{Key: schema.Key{Indicator: indicator, Region: "210200", Period: p, Basis: basis}, Value: &v, Written: value, Status: "A", PublishedAt: p.Last().AddDays(15)}
	}
	level := func(indicator, period, value string) schema.Observation {
		return figure(schema.Point, indicator, period, value)
	}
	return map[string][]schema.Observation{
		"compute":  {level("ai-compute", "2024-10", "100"), level("ai-compute", "2025-04", "380.5"), level("ai-compute", "2025-05", "410.0")},
		"farmland": {level("high-standard-farmland", "2025-05", "314000")},
		"share":    {level("strategic-industry-gdp-share", "2024-Q4", "13"), level("strategic-industry-gdp-share", "2025-Q1", "14.96")},
		"firms":    {figure(schema.InPeriod, "", "2024-10", "20"), figure(schema.InPeriod, "", "2024-11", "30"), figure(schema.InPeriod, "", "2024-12", "40")},
		"events":   {figure(schema.YearToDate, "", "2024-12", "90"), figure(schema.YearToDate, "", "2025-01", "5"), figure(schema.YearToDate, "", "2025-02", "12")},
		"payment":  {level("", "2025-05", "20")},
	}
}

func date(s string) schema.Date { return schema.DateOf(day(s)) }

// What a cell shows is what every page says, letter for letter.
func TestEveryCellIsTheTellersOwn(t *testing.T) {
	s := newStore(t)
	register := sampleRegister(t)
	for lang, title := range map[string]string{"zh": "全部目标（由差到好）", "en": "All targets, worst first"} {
		a := s.ask(t, query(t, lang, title))
		rows := map[string]int{}
		for i, id := range a.column(t, "target") {
			rows[fmt.Sprint(id)] = i
		}
		n := 0
		for _, v := range sampleVerdicts(t) {
			i, ok := rows[v.Target]
			if !ok || v.Region != "210200" {
				continue
			}
			n++
			told := telling.Tell(v, sampleFigures()[v.Target], register, lang, v.AsOf)
			for column, want := range map[string]string{"outlook": told.Outlook, "chance": told.Chance, "deadline": told.Deadline, "owner": told.Owner, "title": told.Title} {
				if want == "" {
					want = "—"
				}
				if got := fmt.Sprint(a.column(t, column)[i]); got != want {
					t.Errorf("%s %s: %s is %q, the pages say %q", lang, v.Target, column, got, want)
				}
			}
			for column, digits := range map[string]string{"value": told.Value, "target_value": told.Target, "gap": told.Gap} {
				got := fmt.Sprint(a.column(t, column)[i])
				if !strings.Contains(got, digits) || v.Value != nil && column == "value" && !strings.HasSuffix(got, told.Unit) {
					t.Errorf("%s %s: %s is %q, the pages say %q %s", lang, v.Target, column, got, digits, told.Unit)
				}
			}
		}
		if n != 8 {
			t.Errorf("%d targets were looked at", n)
		}
	}
}

// A dashboard works nothing out.
func TestNoQueryComputesWhatIsTold(t *testing.T) {
	for _, lang := range []string{"zh", "en"} {
		for _, query := range grafana.Queries(lang) {
			q := query.Raw
			if query.Kind != grafana.ClickHouse {
				continue
			}
			for _, f := range []string{"round(", "dateDiff(", "floor(", "ceil(", "roundBankers(", "formatReadable", "age(", "1 - v.pace", "v.schedule - v.progress", "/ 10000", "todecimal"} {
				if strings.Contains(strings.ToLower(q), strings.ToLower(f)) {
					t.Errorf("%s in\n%s", f, q)
				}
			}
		}
	}
}
