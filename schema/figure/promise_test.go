package figure_test

import (
	"strings"
	"testing"

	"yardstick/schema"
	"yardstick/schema/figure"
)

func TestAPromisedDayTellsHowFarItIs(t *testing.T) {
	today := schema.NewDate(2025, 6, 30)
	for name, x := range map[string]struct {
		promised schema.Date
		status   schema.Status
		late     bool
		zh, en   string
		broken   bool
	}{
		"none":                         {schema.Date{}, schema.Lagging, false, "未承诺日期", "no day is promised", false},
		"to come":                      {schema.NewDate(2025, 9, 30), schema.Lagging, false, "2025-09-30（还有92天）", "92 days left", false},
		"tomorrow":                     {schema.NewDate(2025, 7, 1), schema.Lagging, false, "还有1天", "1 day left", false},
		"today":                        {today, schema.Missed, false, "就在今天", "today", false},
		"passed, and behind":           {schema.NewDate(2025, 5, 31), schema.Lagging, false, "承诺日期已过30天，目标仍为“进度滞后”", "passed 30 days ago and the target is still “lagging”", true},
		"passed, and at risk":          {schema.NewDate(2025, 6, 29), schema.AtRisk, false, "承诺日期已过1天，目标仍为“存在风险”", "still “at risk”", true},
		"passed, and reached":          {schema.NewDate(2025, 5, 31), schema.Achieved, false, "2025-05-31（已过30天）", "passed 30 days ago", false},
		"passed, and reached late":     {schema.NewDate(2025, 5, 31), schema.Missed, true, "2025-05-31（已过30天）", "passed 30 days ago", false},
		"passed, and nothing is known": {schema.NewDate(2025, 5, 31), schema.NoData, false, "2025-05-31（已过30天）", "passed 30 days ago", false},
	} {
		got, broken := figure.Promise(x.promised, today, schema.Verdict{Status: x.status, Marks: schema.Marks{ReachedLate: x.late}})
		if !strings.Contains(got.Zh, x.zh) || !strings.Contains(got.En, x.en) || broken != x.broken {
			t.Errorf("%s: %+v, broken %v", name, got, broken)
		}
	}
	deadline := schema.NewDate(2025, 12, 31)
	if said, ok := figure.AfterDeadline(deadline.AddDays(31), deadline); !ok || !strings.Contains(said.Zh, "晚于目标时限2025-12-31，晚31天") {
		t.Errorf("after the deadline: %v %+v", ok, said)
	}
	for name, day := range map[string]schema.Date{"on the deadline": deadline, "none": {}} {
		if said, ok := figure.AfterDeadline(day, deadline); ok {
			t.Errorf("%s: %+v", name, said)
		}
	}
	if said, ok := figure.AfterDeadline(deadline, schema.Date{}); ok {
		t.Errorf("without a deadline: %+v", said)
	}
}

func TestAGapSaysWhichSideItIsOn(t *testing.T) {
	gap := func(kind schema.Kind, value, target, missing string) string {
		v, g := dec(value), dec(missing)
		return figure.GapOf(schema.Verdict{Value: &v, Gap: &g}, schema.Target{Kind: kind, Value: dec(target), Unit: "天"}, schema.Indicator{}, "zh")
	}
	for want, got := range map[string]string{
		"95天": gap(schema.Added, "37", "132", "95"), "超出 4天": gap(schema.Added, "104", "100", "-4"), "余 1天": gap(schema.Cadence, "9", "10", "-1"),
		"超限 4天": gap(schema.Ceiling, "14", "10", "4"), "—": gap(schema.Added, "10", "10", "0"),
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if got := figure.GapOf(schema.Verdict{}, schema.Target{Kind: schema.Added}, schema.Indicator{}, "zh"); got != "—" {
		t.Errorf("an unknown gap is %s", got)
	}
}

func TestAStatementNamesTheOfficeItWasMadeForAlone(t *testing.T) {
	target := schema.Target{Owner: schema.Text{Zh: "市发展改革委", En: "Commission"}, Office: "fgw"}
	s := schema.Statement{By: "张三", Office: "fgw", Day: schema.NewDate(2025, 6, 1)}
	if got := figure.SaidBy(s, target); got.Zh != "张三（市发展改革委）填报于 2025-06-01" || got.En != "张三 (Commission), 2025-06-01" {
		t.Errorf("%+v", got)
	}
	s.Office = "nyj" // the target was another office's then
	if got := figure.SaidBy(s, target); got.Zh != "张三填报于 2025-06-01" {
		t.Errorf("%+v", got)
	}
	s.Withdrawn = "写错"
	if got := figure.SaidBy(s, target); got.Zh != "张三撤回于 2025-06-01" {
		t.Errorf("%+v", got)
	}
}
