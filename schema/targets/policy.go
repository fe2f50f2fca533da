package targets

import (
	"regexp"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"

	"yardstick/schema"
)

// policyKeys are the keys of a register file.
func policyKeys() []string {
	return []string{"policy", "number", "title", "issued", "region", "owner", "clauses", "without_number", "thresholds",
		"targets", "statements", "indicators", "regions"}
}

// maxClauses bounds the clauses of one document.
const maxClauses = 1000

// readPolicy reads one policy with its targets and measures.
func (l *loader) readPolicy(s *section) {
	r := s.record
	p := &schema.Policy{
		ID: r.name("policy"), Number: r.must("number"), Title: r.both("title"),
		Issued: r.date("issued"), Region: r.must("region"),
	}
	s.policy = p
	r.need("issued")
	clauses := maxClauses // while the number is missing or faulty, others are not blamed for it
	before := len(l.faults.all)
	if n := r.integer("clauses", 1, maxClauses); r.need("clauses") && len(l.faults.all) == before {
		clauses = n
	}
	counted := len(l.faults.all) == before
	l.checkRegion(r, "region", p.Region)
	for i := range l.policies {
		if other := l.policies[i]; other.policy != nil && other.policy != p && other.policy.ID == p.ID && p.ID != "" {
			r.at("policy").fault("register-twice", "id", p.ID, "file", other.file.name, "line", other.fields["policy"].Line)
		}
	}
	d := defaults{policy: *p, clauses: clauses, thresholds: r.overrides(l.thresholds),
		owner: schema.Text{Zh: "未指定", En: "not assigned"}}
	if r.has("owner") {
		d.owner = r.both("owner")
	}
	r.at("targets").faultIf(r.need("targets") && len(r.list("targets")) == 0,
		"register-missing", "key", "targets")
	lines := map[string]int{}
	for _, n := range r.list("targets") {
		t, at, ok := l.readTarget(r.file, n, d)
		if !ok {
			continue
		}
		if line, twice := lines[t.ID]; twice {
			at.at("id").fault("register-twice", "id", t.ID, "file", r.file.name, "line", line)
		}
		lines[t.ID] = at.node.Line
		p.Targets = append(p.Targets, t)
	}
	if counted {
		p.Measures = measures(r, p.Targets, clauses)
	}
}

// checkRegion faults a region that nobody knows.
func (l *loader) checkRegion(r record, key, code string) {
	if _, ok := l.regions.ByCode(code); code != "" && !ok {
		r.at(key).fault("register-unknown-region", "id", code)
	}
}

// measures lists every clause of the document. A clause is quantitative when a
// target stands under it; without_number, if the register gives it, has to say
// the same.
func measures(r record, targets []schema.Target, clauses int) []schema.Measure {
	out := make([]schema.Measure, clauses)
	for i := range out {
		out[i].Clause = i + 1
	}
	for _, t := range targets {
		if t.Clause >= 1 && t.Clause <= clauses {
			out[t.Clause-1].Quantitative = true
		}
	}
	for s := range r.records("statements", append(schema.LanguageCodes(), "clause")...) {
		if !s.need("clause") {
			continue
		}
		m := &out[s.integer("clause", 1, clauses)-1]
		m.Statements = append(m.Statements, s.languages())
	}
	if !r.has("without_number") {
		return out
	}
	said := map[int]bool{}
	for _, s := range r.strings("without_number") {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > clauses || said[n] {
			r.at("without_number").fault("register-integer", "key", "without_number", "written", s, "low", 1, "high", clauses)
			continue
		}
		said[n] = true
		r.at("without_number").faultIf(out[n-1].Quantitative, "register-has-number", "clause", n)
	}
	for _, m := range out {
		r.at("without_number").faultIf(!m.Quantitative && !said[m.Clause],
			"register-no-number", "clause", m.Clause)
	}
	return out
}

func thresholdKeys() []string {
	return []string{"pace_on_track", "pace_at_risk", "chance_on_track", "chance_at_risk", "not_begun"}
}

// readDefaults reads the numbers all targets are judged by, each of which says
// where it comes from.
func (l *loader) readDefaults(f *file, n *yaml.Node) {
	r, ok := f.record(n, thresholdKeys()...)
	if !ok {
		return
	}
	for _, key := range thresholdKeys() {
		r.need(key)
		one, ok := r.sub(key, "value", "source")
		if !ok {
			continue
		}
		one.both("source")
		one.need("value")
		if v := one.decimal("value"); v != nil {
			*threshold(&l.thresholds, key) = v.Float()
		}
	}
	checkThresholds(r.place, l.thresholds)
}

func threshold(t *schema.Thresholds, key string) *float64 {
	return map[string]*float64{"pace_on_track": &t.PaceOnTrack, "pace_at_risk": &t.PaceAtRisk,
		"chance_on_track": &t.ChanceOnTrack, "chance_at_risk": &t.ChanceAtRisk, "not_begun": &t.NotBegun}[key]
}

// overrides gives the thresholds with what the record sets itself.
func (r record) overrides(t schema.Thresholds) schema.Thresholds {
	s, ok := r.sub("thresholds", thresholdKeys()...)
	if !ok {
		return t
	}
	for _, key := range thresholdKeys() {
		if v := s.decimal(key); v != nil {
			*threshold(&t, key) = v.Float()
		}
	}
	checkThresholds(s.place, t)
	return t
}

// checkThresholds: at risk begins below on track, and chances and shares of
// time lie between 0 and 1.
func checkThresholds(at place, t schema.Thresholds) {
	at.faultIf(t.PaceAtRisk < 0 || t.PaceAtRisk >= t.PaceOnTrack,
		"register-thresholds", "low", "pace_at_risk", "a", t.PaceAtRisk, "high", "pace_on_track", "b", t.PaceOnTrack)
	at.faultIf(t.ChanceAtRisk < 0 || t.ChanceAtRisk >= t.ChanceOnTrack || t.ChanceOnTrack > 1,
		"register-thresholds", "low", "chance_at_risk", "a", t.ChanceAtRisk, "high", "chance_on_track", "b", t.ChanceOnTrack)
	at.faultIf(t.NotBegun < 0 || t.NotBegun >= 1,
		"register-thresholds", "low", "not_begun", "a", t.NotBegun, "high", "1", "b", 1)
}

// readRegion reads a place; its parent and members are checked at the end.
func (l *loader) readRegion(f *file, n *yaml.Node) {
	r, ok := f.record(n, "code", "name", "aliases", "parent", "standard", "members", "note")
	if !ok {
		return
	}
	region := schema.Region{
		Code: r.must("code"), Name: r.both("name"), Aliases: r.strings("aliases"), Parent: r.text("parent"),
		Standard: r.oneOf("standard", "GB/T 2260", "local"), Members: r.strings("members"),
	}
	if r.has("note") {
		region.Note = r.both("note")
	}
	if region.Code == "" {
		return
	}
	enter(&l.regions.index, &l.places, r, region.Code, region)
}

// checkRegions enters names and checks parents, members and codes.
func (l *loader) checkRegions() {
	g := l.regions
	national := regexp.MustCompile(`^\d{6}$`)
	for i, region := range g.all {
		r := l.places[i]
		r.at("code").faultIf((region.Standard == "GB/T 2260") != national.MatchString(region.Code) && region.Standard != "",
			"register-region-code", "id", region.Code)
		_, known := g.byCode[region.Parent]
		r.at("parent").faultIf(!known && region.Parent != "" && !national.MatchString(region.Parent) || region.Parent == region.Code,
			"register-unknown-region", "id", region.Parent)
		for _, member := range region.Members {
			if _, ok := g.byCode[member]; !ok || member == region.Code {
				r.at("members").fault("register-unknown-region", "id", member)
			}
		}
		l.nameRegion(i, region)
	}
}

// nameRegion enters a region's names. One name for two places of one city is a
// fault; for places of two cities it is left to Find, which then refuses it.
func (l *loader) nameRegion(at int, region schema.Region) {
	g := l.regions
	for _, name := range slices.Concat([]string{region.Code}, region.Name.Each(), region.Aliases) {
		key := fold(name)
		if key == "" || slices.Contains(g.byName[key], at) {
			continue
		}
		for _, other := range g.byName[key] {
			if g.all[other].Parent == region.Parent || g.all[other].Code == region.Parent || g.all[other].Parent == region.Code {
				l.places[at].at("aliases").fault("register-name-taken", "name", name, "first", g.all[other].Code, "second", region.Code)
			}
		}
		g.byName[key] = append(g.byName[key], at)
	}
}
