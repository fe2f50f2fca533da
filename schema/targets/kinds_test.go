package targets

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"yardstick/schema"
	"yardstick/schema/words"
)

const plan = "testdata/annual-plan.yaml"

func TestRatesRangesAndTheirToleranceAreRead(t *testing.T) {
	r, err := LoadFiles(plan)
	if err != nil {
		t.Fatal(err)
	}
	get := func(id string) schema.Target {
		g, ok := r.Target("example-2026-plan", id)
		if !ok {
			t.Fatalf("no target %s", id)
		}
		return g
	}
	for _, c := range []struct {
		id, value, tolerance string
		in, out              string // figures that meet it, and do not
		nature               schema.Nature
	}{
		{"gdp-growth", "5", "0.5", "4.5 5 5.2 9", "4.49 -1", schema.Expected},
		{"unemployment", "5.5", "", "5.5 4 0", "5.51", schema.Expected},
		{"consumer-prices", "2", "0.5", "1.5 2 2.5", "1.49 2.51", ""},
		{"budget-balance", "-1", "2", "-3 -1 1", "-3.01 1.01", ""},
	} {
		g := get(c.id)
		tolerance := ""
		if g.Tolerance != nil {
			tolerance = g.Tolerance.Normal().String()
		}
		if g.Value.Normal().String() != c.value || tolerance != c.tolerance || g.Nature != c.nature {
			t.Errorf("%s is %s ± %s, %q", c.id, g.Value, tolerance, g.Nature)
		}
		for _, v := range strings.Fields(c.in) {
			if d := schema.MustDecimal(v); !g.Meets(d) || g.Gap(d).Sign() > 0 {
				t.Errorf("%s does not meet %s: gap %s", v, c.id, g.Gap(d))
			}
		}
		for _, v := range strings.Fields(c.out) {
			if d := schema.MustDecimal(v); g.Meets(d) || g.Gap(d).Sign() <= 0 {
				t.Errorf("%s meets %s: gap %s", v, c.id, g.Gap(d))
			}
		}
	}
	if b := get("budget-balance"); b.Written != "-3—1%" {
		t.Errorf("written %q", b.Written)
	}
	grain := get("grain")
	if len(grain.Allocations) != 2 || grain.Allocations[0].Value.String() != "40000" || grain.Allocations[1].Value.String() != "15000" ||
		grain.Allocations[1].Region != "990100-L1" || grain.Allocations[0].Source.Zh == "" || grain.Nature != schema.Binding {
		t.Errorf("%+v", grain)
	}
}

func TestEachFaultOfThePlanIsTold(t *testing.T) {
	b, err := os.ReadFile(plan)
	if err != nil {
		t.Fatal(err)
	}
	s := compiled(t)
	if err := s.Validate(asJSON(t, b)); err != nil {
		t.Fatalf("the sound plan: %v", err)
	}
	for _, k := range []spoil{
		{"a rank", "kind: rate", "kind: rank", "register-rank", "kind: rank", true},
		{"a place in a ranking", "unit: \"%\"\n    written", "unit: 位次\n    written", "register-rank", "unit: 位次", true},
		{"about, without saying how much", "    value: 2\n    tolerance: 0.5\n", "    value: 2\n", "register-needs", "id: consumer-prices", true},
		{"a tolerance of nothing", "tolerance: 0.5\n    unit: \"%\"\n    written", "tolerance: 0\n    unit: \"%\"\n    written", "register-tolerance", "tolerance: 0", false},
		{"a tolerance for a level", "    value: 10\n", "    value: 10\n    tolerance: 1\n", "register-not-for", "tolerance: 1", true},
		{"a range for a rate", "    value: 5\n    tolerance: 0.5\n", "    range: {from: 4, to: 6}\n", "register-not-for", "range: {from: 4", true},
		{"a range and a value", "    range: {from: -3", "    value: 1\n    range: {from: -3", "register-range-alone", "value: 1", true},
		{"a range upside down", "range: {from: -3, to: 1}", "range: {from: 3, to: 1}", "register-range", "range: {from: 3", false},
		{"a range with an op of one side", "op: \"=\"\n    range", "op: \">=\"\n    range", "register-op", `op: ">="`, true},
		{"a range with one end", "range: {from: -3, to: 1}", "range: {from: -3}", "register-missing", "range: {from: -3}", true},
		{"a rate of buses", "    written: 5%左右", "    indicator: bus-count\n    written: 5%左右", "register-rate-unit", `unit: "%"`, false},
		{"a rate that is accumulated", "    written: 5%左右", "    indicator: growth-since\n    written: 5%左右", "register-rate-counted", "indicator: growth-since", false},
		{"an unknown nature", "nature: binding", "nature: hoped", "register-choice", "nature: hoped", true},
		{"an allocation to nowhere", `{region: "990102", value: 4`, `{region: "990109", value: 4`, "register-unknown-region", `"990109"`, false},
		{"an allocation to the whole", `{region: "990102", value: 4`, `{region: "990100", value: 4`, "register-not-part", `"990100", value`, false},
		{"an allocation twice", `{region: "990102", value: 4`, `{region: 990100-L1, value: 4`, "register-allocated-twice", "value: 1.5", false},
		{"an allocation without its source", `value: 1.5, source: {zh: 样政发〔2026〕3号附件, en: Annex to document 3 of 2026}`, "value: 1.5", "register-missing", "value: 1.5", true},
		{"an allocation of no number", `value: 1.5`, "value: some", "register-number", "value: some", true},
	} {
		t.Run(k.name, func(t *testing.T) {
			if !strings.Contains(string(b), k.old) {
				t.Fatalf("%q is not in the sound plan", k.old)
			}
			text := strings.Replace(string(b), k.old, k.new, 1)
			path := filepath.Join(t.TempDir(), "plan.yaml")
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			faults, found := CheckFile(path), false
			lines := strings.Split(text, "\n")
			for _, f := range faults {
				found = found || matches(f.En, words.Say(k.want).En) && f.Line > 0 && strings.Contains(lines[f.Line-1], k.line)
			}
			if !found {
				t.Errorf("want %s at %q, have:\n%v", k.want, k.line, faults)
			}
			if err := s.Validate(asJSON(t, []byte(text))); (err != nil) != k.schema {
				t.Errorf("the schema refuses it: %v, want %v", err, k.schema)
			}
		})
	}
}
