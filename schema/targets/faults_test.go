package targets

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"yardstick/schema/words"
)

// spoil is one thing done wrong to the sound register testdata/other-city.yaml.
type spoil struct {
	name     string
	old, new string // text replaced, at its first place
	want     string // the message
	line     string // text of the line it must name
	schema   bool   // the JSON Schema sees it too
}

func spoils() []spoil {
	return []spoil{
		{"an unknown key", "    kind: added\n", "    kind: added\n    dead_line: 2026-12-31\n", "register-unknown-key", "dead_line", true},
		{"a key twice", "    kind: added\n", "    kind: added\n    kind: level\n", "register-key-twice", "    kind: level", false},
		{"an unknown kind", "kind: added", "kind: extra", "register-choice", "kind: extra", true},
		{"an unknown comparison", `    value: "60"`, "    value: x60", "register-number", "x60", true},
		{"an unknown op", "op: \">=\"\n    value: \"60\"", "op: \">\"\n    value: \"60\"", "register-choice", `op: ">"`, true},
		{"op against kind", "op: \">=\"\n    value: \"60\"", "op: \"<=\"\n    value: \"60\"", "register-op", `op: "<="`, true},
		{"direction against op", "direction: up\n    op: \">=\"\n    value: \"60\"", "direction: down\n    op: \">=\"\n    value: \"60\"", "register-direction", "direction: down", true},
		{"an unknown unit", "unit: 万棵\n    window", "unit: 公顷\n    window", "register-unit", "unit: 公顷", false},
		{"no unit", "    unit: 万棵\n    window", "    window", "register-missing", "id: tree-planting", true},
		{"an empty unit", "unit: 万棵\n    window", "unit: \"\"\n    window", "register-missing", `unit: ""`, true},
		{"an unknown region", "region: 990100-L1", "region: 990100-L9", "register-unknown-region", "region: 990100-L9", false},
		{"the policy's region unknown", `region: "990100"`, `region: "990109"`, "register-unknown-region", `region: "990109"`, false},
		{"an unknown indicator", "    written: 60辆", "    indicator: new-bus\n    written: 60辆", "register-unknown-indicator", "indicator: new-bus", false},
		{"an id twice", "id: new-buses", "id: coal-use\n    indicator: new-buses", "register-twice", "id: coal-use\n    indicator", false},
		{"an id that is none", "id: new-buses", "id: New Buses\n    indicator: new-buses", "register-name", "id: New Buses", true},
		{"within without a window", "    window: {from: 2026-03-01, to: 2026-05-31}\n", "", "register-needs", "id: tree-planting", true},
		{"a window for a level", "    path: compound", "    path: compound\n    window: {from: 2026-03-01, to: 2026-05-31}", "register-not-for", "    window: {from: 2026-03-01", true},
		{"a window that ends before it begins", "to: 2026-05-31", "to: 2026-02-28", "register-order", "window:", false},
		{"a window beyond the deadline", "to: 2026-05-31}\n", "to: 2026-05-31}\n    deadline: 2026-04-30\n", "register-order", "window:", false},
		{"a deadline before the day of issue", "written: 60辆\n    deadline: 2026-12-31", "written: 60辆\n    deadline: 2025-12-31", "register-before-issue", "deadline: 2025-12-31", false},
		{"a day that does not exist", "written: 60辆\n    deadline: 2026-12-31", "written: 60辆\n    deadline: 2026-02-30", "register-date", "2026-02-30", false},
		{"a cadence without every", "    every: T\n", "", "register-needs", "id: bus-report", true},
		{"a cadence by the month", "every: T", "every: M", "register-choice", "every: M", true},
		{"a cadence on another frequency", "every: T", "every: D", "register-every", "id: bus-report", false},
		{"every for a count", "    written: 60辆", "    every: T\n    written: 60辆", "register-not-for", "every: T\n    written", true},
		{"a milestone without a deadline", "    unit: 座\n    deadline: 2026-09-30", "    unit: 座", "register-needs", "id: bridge", true},
		{"a milestone of two", "value: 1\n    unit: 座", "value: 2\n    unit: 座", "register-milestone", "value: 2", true},
		{"too many digits", "value: 38.5\n", "value: 38.12345678901\n", "register-digits", "38.12345678901", false},
		{"a value beyond the range", "value: 38.5\n", "value: 138.5\n", "register-implausible", "value: 138.5", false},
		{"a language missing", "title: {zh: 植树, en: Trees planted}", "title: {zh: 植树}", "register-language", "title: {zh: 植树}", true},
		{"a title in plain text", "title: {zh: 植树, en: Trees planted}", "title: 植树", "register-not-record", "title: 植树", true},
		{"thresholds out of order", "pace_at_risk: 0.7", "pace_at_risk: 0.95", "register-thresholds", "pace_at_risk: 0.95", false},
		{"a chance above one", "{pace_on_track: 0.9,", "{chance_on_track: 1.2, pace_on_track: 0.9,", "register-thresholds", "chance_on_track", false},
		{"a reading confirmed by nobody", "confirmed_by: 市统计局, ", "", "register-confirmed", "reading:", false},
		{"a baseline after the deadline", "baseline: {value: 150, date: 2025-12-31}", "baseline: {value: 150, date: 2028-12-31}", "register-order", "date: 2028-12-31", false},
		{"a baseline in words", "baseline: {value: 150, date: 2025-12-31}", "baseline: none", "register-baseline", "baseline: none", true},
		{"a baseline for a count", "    written: 60辆", "    baseline: {value: 3, date: 2026-01-10}\n    written: 60辆", "register-not-for", "baseline: {value: 3", false},
		{"a compound path from nothing", "baseline: {value: 150,", "baseline: {value: 0,", "register-compound", "path: compound", false},
		{"a plan without its path", "    path: plan\n", "", "register-plan", "- {date: 2026-12-31", true},
		{"a plan out of order", "{date: 2027-12-31, value: 38.5}", "{date: 2026-06-30, value: 38.5}", "register-order", "date: 2026-06-30", false},
		{"a clause that the document lacks", "clause: 5", "clause: 7", "register-integer", "clause: 7", false},
		{"a clause said to be without a number", "without_number: [6]", "without_number: [5, 6]", "register-has-number", "without_number", false},
		{"a clause forgotten", "without_number: [6]", "without_number: []", "register-no-number", "without_number", false},
		{"a formula in a circle", "formula: {op: share, terms: [green-power, all-power]}", "formula: {op: share, terms: [green-power-share, green-power-share]}", "register-circle", "formula:", false},
		{"a formula of unlike units", "terms: [green-power, all-power]", "terms: [green-power, tree-planting]", "register-formula-units", "formula:", false},
		{"a formula of an unknown term", "terms: [green-power, all-power]", "terms: [green-power, no-power]", "register-unknown-indicator", "formula:", false},
		{"a formula with too few terms", "terms: [green-power, all-power]", "terms: [green-power]", "register-terms", "formula:", false},
		{"a formula that is not in its unit", "op: share, terms", "op: sum, terms", "register-formula-result", "formula:", false},
		{"a name that another indicator has", "name: {zh: 大桥通车, en: Bridge open}", "name: {zh: 地区生产总值, en: Bridge open}", "register-name-taken", "code: bridge", false},
		{"a place's name twice in one city", "name: {zh: 东城区, en: East District}", "name: {zh: 高新区, en: East District}", "register-name-taken", "aliases: [样例高新区]", false},
		{"an indicator twice", "code: bridge", "code: gdp", "register-twice", "code: gdp", false},
		{"a factor of nothing", "units: [{unit: 万棵, factor: 10000}]", "units: [{unit: 万棵, factor: 0}]", "register-factor", "factor: 0", false},
		{"a unit twice", "units: [{unit: 万棵, factor: 10000}]", "units: [{unit: 万棵, factor: 10000}, {unit: 棵, factor: 10}]", "register-unit-twice", "unit: 棵, factor", false},
		{"an unknown frequency", "frequencies: [A]", "frequencies: [W]", "register-choice", "frequencies: [W]", true},
		{"a range upside down", "range: {min: 0, max: 100}", "range: {min: 200, max: 100}", "register-range", "min: 200", false},
		{"cumulative since nothing", "    since: 2026-01-10\n", "", "register-since-basis", "code: new-buses", true},
		{"counted from another day", "since: 2026-01-10", "since: 2026-02-01", "register-counted-from", "id: new-buses", false},
		{"a count judged on a stock", "basis: cumulative\n    since: 2026-01-10", "basis: point", "register-stock", "id: new-buses", false},
		{"a display unit nobody knows", "display_unit: 万吨", "display_unit: 克", "register-display-unit", "display_unit: 克", false},
		{"a region of no standard", "parent: \"990100\", standard: local", "parent: \"990100\", standard: own", "register-choice", "standard: own", true},
		{"a local code that looks national", "code: 990100-L1,", "code: \"990199\",", "register-region-code", `"990199"`, false},
		{"a parent that is nowhere", "parent: \"990100\", standard: local", "parent: X, standard: local", "register-unknown-region", "parent: X", false},
		{"an empty deadline, which is not none", "written: 60辆\n    deadline: 2026-12-31", "written: 60辆\n    deadline: \"\"", "register-date", "deadline: \"\"", true},
		{"an empty value", `    value: "60"`, `    value: ""`, "register-number", `value: ""`, true},
		{"clauses that are no number", "clauses: 6", "clauses: six", "register-integer", "clauses: six", true},
		{"no clauses", "clauses: 6\n", "", "register-missing", "policy: example", true},
		{"not a list", "support: [国网样例供电公司]", "support: 国网样例供电公司", "register-not-list", "support:", true},
		{"not a flag", "    written: 60辆", "    headline: maybe\n    written: 60辆", "register-flag", "maybe", true},
		{"YAML that cannot be read", "    written: 60辆", "    written: [60辆", "register-syntax", "", false},
		{"two documents", "statements:\n", "---\nstatements:\n", "register-one-document", "", false},
	}
}

func spoiled(t *testing.T, s spoil) (path, text string) {
	t.Helper()
	b, err := os.ReadFile("testdata/other-city.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(b), s.old) {
		t.Fatalf("%q is not in the sound register", s.old)
	}
	text = strings.Replace(string(b), s.old, s.new, 1)
	path = filepath.Join(t.TempDir(), "register.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path, text
}

func TestEachFaultIsToldWithItsLineInBothLanguages(t *testing.T) {
	for _, s := range spoils() {
		t.Run(s.name, func(t *testing.T) {
			path, text := spoiled(t, s)
			faults := CheckFile(path)
			if len(faults) == 0 {
				t.Fatal("nothing is found")
			}
			lines := strings.Split(text, "\n")
			want := words.Say(s.want).En
			for _, f := range faults {
				if f.File != path || f.Zh == "" || f.En == "" || f.Zh == f.En || strings.ContainsAny(f.Zh+f.En, "{}") && !strings.ContainsAny(s.new, "{}") {
					t.Errorf("badly told: %+v", f)
				}
				at := s.line == "" || f.Line > 0 && strings.Contains(strings.Join(lines[f.Line-1:], "\n"), s.line) &&
					strings.Contains(lines[f.Line-1], strings.Split(s.line, "\n")[0])
				if at && matches(f.En, want) {
					return
				}
			}
			t.Errorf("want %s at %q, have:\n%v", s.want, s.line, faults)
		})
	}
}

// matches reports whether a sentence is the message with its holes filled.
func matches(said, message string) bool {
	for message != "" {
		fixed, rest, _ := strings.Cut(message, "{")
		i := strings.Index(said, fixed)
		if i < 0 {
			return false
		}
		said = said[i+len(fixed):]
		_, message, _ = strings.Cut(rest, "}")
	}
	return true
}

func TestOneFaultIsNotToldAsMany(t *testing.T) {
	alone := []string{"an unknown kind", "clauses that are no number", "no clauses", "an empty value", "an unknown unit", "an unknown region",
		"a language missing", "an unknown indicator", "YAML that cannot be read", "op against kind", "too many digits"}
	for _, s := range spoils() {
		if !slices.Contains(alone, s.name) {
			continue
		}
		path, _ := spoiled(t, s)
		if faults := CheckFile(path); len(faults) != 1 {
			t.Errorf("%s: %d faults, want 1:\n%v", s.name, len(faults), faults)
		}
	}
}

func FuzzNoRegisterBreaksTheChecker(f *testing.F) {
	sound, err := os.ReadFile("testdata/other-city.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sound)
	for _, s := range spoils() {
		f.Add([]byte(strings.Replace(string(sound), s.old, s.new, 1)))
	}
	f.Add([]byte("&a {policy: *a, targets: [*a, *a], title: *a}"))
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := newLoader()
		if err != nil {
			t.Fatal(err)
		}
		l.add("fuzz.yaml", b)
		r, err := l.finish()
		var faults *FaultsError
		if err != nil && (!errors.As(err, &faults) || len(faults.Faults) == 0) {
			t.Fatalf("an error without a fault: %v", err)
		}
		if err == nil && r.Indicators == nil {
			t.Fatal("no fault and no register")
		}
	})
}

func TestAllFaultsAreToldAtOnce(t *testing.T) {
	b, err := os.ReadFile("testdata/other-city.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	n := 0
	for _, s := range spoils() {
		switch s.name {
		case "an unknown kind", "an unknown unit", "an unknown region", "thresholds out of order", "a clause that the document lacks",
			"a reading confirmed by nobody", "an unknown frequency", "a range upside down", "a language missing", "not a flag":
			text = strings.Replace(text, s.old, s.new, 1)
			n++
		}
	}
	path := filepath.Join(t.TempDir(), "many.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = LoadFiles(path)
	var all *FaultsError
	if !errors.As(err, &all) || len(all.Faults) < n {
		t.Fatalf("%d things are wrong, told: %v", n, err)
	}
	for i, f := range all.Faults {
		if i > 0 && f.Line < all.Faults[i-1].Line {
			t.Errorf("not in reading order: %v", f)
		}
		if !strings.Contains(err.Error(), fmt.Sprintf("%s:%d:%d: ", path, f.Line, f.Column)) {
			t.Errorf("the error does not name %s:%d", path, f.Line)
		}
	}
}

func TestAFileThatIsNotThereOrEmptyIsTold(t *testing.T) {
	if f := CheckFile("testdata/nowhere.yaml"); len(f) != 1 || f[0].Zh == "" || f[0].En == "" {
		t.Errorf("nowhere: %v", f)
	}
	if _, err := LoadFiles("testdata/nowhere.yaml"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("nowhere: %v", err)
	}
	empty := filepath.Join(t.TempDir(), "empty.yaml")
	for _, text := range []string{"", "# nothing\n", "[]\n", "just words\n"} {
		if err := os.WriteFile(empty, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if f := CheckFile(empty); len(f) != 1 {
			t.Errorf("%q: %v", text, f)
		}
	}
}

func TestOnePolicyInTwoFilesIsTold(t *testing.T) {
	_, err := LoadWith("policies/dalian-2024-15.yaml")
	var all *FaultsError
	if !errors.As(err, &all) || len(all.Faults) != 1 || !strings.Contains(all.Faults[0].En, "dalian-2024-15") {
		t.Errorf("the same policy twice: %v", err)
	}
}

// asJSON gives YAML the types JSON has: days stay text.
func asJSON(t *testing.T, text []byte) any {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	var plain func(n *yaml.Node)
	plain = func(n *yaml.Node) {
		if n.Tag == "!!timestamp" {
			n.Tag = "!!str"
		}
		for _, c := range n.Content {
			plain(c)
		}
	}
	plain(&doc)
	var v any
	if err := doc.Decode(&v); err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	out, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile("register.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("register.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("register.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTheJSONSchemaAcceptsEveryRegisterInTheHouse(t *testing.T) {
	s := compiled(t)
	for _, name := range []string{"policies/dalian-2024-15.yaml", "catalogue.yaml", "regions.yaml", "testdata/other-city.yaml"} {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(asJSON(t, b)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheJSONSchemaRefusesWhatASchemaCanSee(t *testing.T) {
	s := compiled(t)
	for _, k := range spoils() {
		if k.want == "register-syntax" || k.want == "register-key-twice" || k.want == "register-one-document" {
			continue // not a document that a schema is shown
		}
		_, text := spoiled(t, k)
		if err := s.Validate(asJSON(t, []byte(text))); (err != nil) != k.schema {
			t.Errorf("%s: the schema refuses it: %v, want %v (%v)", k.name, err != nil, k.schema, err)
		}
	}
}

func TestEverySentenceOfTheRegisterIsSaidSomewhere(t *testing.T) {
	var code strings.Builder
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(name, "_test.go") {
			code.Write(b)
		}
	}
	for _, id := range words.IDs() {
		if strings.HasPrefix(id, "register-") && !strings.Contains(code.String(), `"`+id+`"`) {
			t.Errorf("%s is never said", id)
		}
	}
	known := strings.Join(words.IDs(), " ") + " "
	for _, said := range regexp.MustCompile(`"(register-[^"]*)"`).FindAllStringSubmatch(code.String(), -1) {
		if !strings.Contains(known, said[1]+" ") {
			t.Errorf("%s has no sentence", said[1])
		}
	}
}
