package targets

import (
	"cmp"
	"strings"

	"go.yaml.in/yaml/v3"

	"yardstick/schema"
)

// defaults is what a target takes from its policy.
type defaults struct {
	policy     schema.Policy
	clauses    int
	thresholds schema.Thresholds
	owner      schema.Text
}

// readTarget reads one target. ok is false when it has no id to speak of.
func (l *loader) readTarget(f *file, n *yaml.Node, d defaults) (schema.Target, record, bool) {
	r, ok := f.record(n, "id", "clause", "title", "kind", "direction", "op", "value", "range", "tolerance", "unit", "written", "deadline", "window",
		"since", "since_assumed", "baseline", "indicator", "region", "headline", "every", "path", "plan", "thresholds",
		"reading", "owner", "support", "contact", "nature", "allocations")
	if !ok {
		return schema.Target{}, r, false
	}
	r.need("clause")
	t := schema.Target{
		Policy: d.policy.ID, ID: r.name("id"), Clause: r.integer("clause", 1, d.clauses), Title: r.both("title"),
		Kind:      r.kind(),
		Direction: schema.Direction(r.oneOf("direction", "up", "down")), Op: r.oneOf("op", ">=", "<=", "="),
		Unit: r.must("unit"), Written: r.text("written"), Deadline: r.date("deadline"),
		Since: r.date("since"), SinceAssumed: r.flag("since_assumed"),
		Indicator: r.text("indicator"), Region: r.text("region"), Headline: r.flag("headline"),
		Thresholds: r.overrides(d.thresholds), Owner: d.owner, Support: r.strings("support"), Contact: r.text("contact"),
	}
	if r.has("owner") {
		t.Owner = r.both("owner")
	}
	if r.has("nature") {
		t.Nature = schema.Nature(r.oneOf("nature", string(schema.Binding), string(schema.Expected)))
	}
	t.Indicator, t.Region = cmp.Or(t.Indicator, t.ID), cmp.Or(t.Region, d.policy.Region)
	t.Reading = r.reading()
	l.checkRegion(r, "region", t.Region)
	r.times(&t, d.policy.Issued)
	l.amounts(r, &t)
	checkKind(r, t)
	return t, r, t.ID != ""
}

// kind is one of the kinds there are. A rank among others is refused with a
// sentence of its own: it is not in the hands of who promises it, nor to be told
// from the figures that are collected.
func (r record) kind() schema.Kind {
	for _, key := range []string{"kind", "unit"} {
		switch strings.ToLower(r.text(key)) {
		case "rank", "ranking", "名", "位", "位次", "名次", "排名":
			r.at(key).fault("register-rank", "key", key, "written", r.text(key))
			if key == "kind" {
				return ""
			}
		}
	}
	var names []string
	for _, k := range schema.Kinds() {
		names = append(names, string(k))
	}
	return schema.Kind(r.oneOf("kind", names...))
}

// reading is one way to read the sentence, with who answered for it, if anyone.
func (r record) reading() *schema.Reading {
	s, ok := r.sub("reading", append(schema.LanguageCodes(), "confirmed_by", "confirmed_at")...)
	if !ok {
		return nil
	}
	out := &schema.Reading{Text: s.languages(), ConfirmedBy: s.text("confirmed_by"), ConfirmedAt: s.date("confirmed_at")}
	s.faultIf((out.ConfirmedBy == "") != (out.ConfirmedAt.IsZero()), "register-confirmed")
	return out
}

// fits faults a field that the kind may not have, or one that it must have and
// lacks.
func (r record) fits(kind schema.Kind, key string, may, must bool) {
	switch {
	case kind == "": // told; what it may have is not known
	case !may && r.has(key):
		r.at(key).fault("register-not-for", "kind", kind, "key", key)
	case must && !r.has(key):
		r.fault("register-needs", "kind", kind, "key", key)
	}
}

// times reads and checks deadline, window, start and cadence.
func (r record) times(t *schema.Target, issued schema.Date) {
	if w, ok := r.sub("window", "from", "to"); ok && w.need("from") && w.need("to") {
		t.WindowFrom, t.WindowTo = w.date("from"), w.date("to")
		w.order("from", t.WindowFrom, "to", t.WindowTo)
	}
	r.fits(t.Kind, "window", t.Kind == schema.Within, t.Kind == schema.Within)
	if t.Kind == schema.Within && !r.has("deadline") {
		t.Deadline = t.WindowTo
	}
	r.at("deadline").faultIf(!t.Deadline.IsZero() && t.Deadline.Before(issued),
		"register-before-issue", "deadline", t.Deadline, "issued", issued)
	r.at("window").order("window", t.WindowTo, "deadline", t.Deadline)
	if t.Since.IsZero() && (t.Kind == schema.Added || t.Kind == schema.Cadence || t.SinceAssumed) {
		t.Since = issued
	}
	r.at("since").order("since", t.Since, "deadline", t.Deadline)
	r.fits(t.Kind, "every", t.Kind == schema.Cadence, t.Kind == schema.Cadence)
	if t.Kind == schema.Cadence && r.has("every") {
		t.Every = schema.Frequency(r.oneOf("every", "T", "D"))
	}
}

// amounts reads value, baseline and plan, in the indicator's unit.
func (l *loader) amounts(r record, t *schema.Target) {
	value, tolerance := r.bounds(t)
	unit := t.Unit
	ind, known := l.catalogue.ByCode(t.Indicator)
	if !known {
		r.at("indicator").fault("register-unknown-indicator", "id", t.Indicator, "near", l.near(t.Indicator))
		return
	}
	factor, ok := factorOf(ind, unit)
	r.at("unit").faultIf(unit != "" && !ok,
		"register-unit", "written", unit, "unit", ind.Unit, "indicator", ind.Name)
	t.Unit = ind.Unit
	if value != nil {
		t.Value = r.scaled("value", *value, factor)
		if t.Written == "" {
			t.Written = value.String() + unit
		}
		r.at("value").faultIf(ind.Min != nil && t.Value.Cmp(*ind.Min) < 0 || ind.Max != nil && t.Value.Cmp(*ind.Max) > 0,
			"register-implausible", "value", t.Value, "indicator", ind.Name)
	}
	if tolerance != nil {
		t.Tolerance = new(scale(*tolerance, factor))
	}
	r.baseline(t, factor)
	r.path(t, factor)
	l.allocations(r, t, factor)
	checkBasis(r, *t, ind)
}

// scaled is the value of a field in the indicator's unit, which the store must
// be able to keep.
func (r record) scaled(key string, written, factor schema.Decimal) schema.Decimal {
	out := scale(written, factor)
	if !out.Fits(precision, maxScale) {
		r.at(key).fault("register-digits", "key", key, "written", written, "scale", maxScale)
	}
	return out
}

// bounds are the target's value and the tolerance around it, as written: value
// with or without tolerance, or for a range the two ends, of which the middle is
// the value and half the width the tolerance.
func (r record) bounds(t *schema.Target) (value, tolerance *schema.Decimal) {
	r.fits(t.Kind, "range", t.Kind == schema.Range, false)
	r.fits(t.Kind, "tolerance", t.Kind.Reads(), false)
	if !r.has("range") {
		r.need("value")
		value, tolerance = r.decimal("value"), r.decimal("tolerance")
		r.at("tolerance").faultIf(tolerance != nil && tolerance.Sign() <= 0, "register-tolerance")
		r.faultIf(tolerance == nil && t.Kind.Reads() && t.Op == "=",
			"register-needs", "kind", t.Kind, "key", "tolerance")
		return value, tolerance
	}
	for _, key := range []string{"value", "tolerance"} {
		if r.has(key) {
			r.at(key).fault("register-range-alone", "key", key)
		}
	}
	r.at("op").faultIf(t.Op != "=" && t.Op != "", "register-op", "kind", t.Kind, "op", t.Op, "want", "=")
	s, ok := r.sub("range", "from", "to")
	if !ok || !s.need("from") || !s.need("to") {
		return nil, nil
	}
	from, to := s.decimal("from"), s.decimal("to")
	if from == nil || to == nil {
		return nil, nil
	}
	if from.Cmp(*to) >= 0 {
		s.at("from").fault("register-range", "low", from, "high", to)
		return nil, nil
	}
	half := schema.MustDecimal("0.5")
	middle, width := from.Add(*to).Mul(half).Normal(), to.Sub(*from).Mul(half).Normal()
	if t.Written == "" {
		t.Written = from.String() + "—" + to.String() + t.Unit
	}
	return &middle, &width
}

// allocations are what parts of the target's region have to contribute, each
// with the document that says so.
func (l *loader) allocations(r record, t *schema.Target, factor schema.Decimal) {
	seen := map[string]bool{}
	for s := range r.records("allocations", "region", "value", "source") {
		a := schema.Allocation{Region: s.must("region"), Source: s.both("source")}
		s.need("value")
		l.checkRegion(s, "region", a.Region)
		if region, known := l.regions.ByCode(a.Region); known && region.Parent != t.Region {
			s.at("region").fault("register-not-part", "id", a.Region, "of", t.Region)
		}
		s.at("region").faultIf(seen[a.Region], "register-allocated-twice", "id", a.Region)
		seen[a.Region] = true
		if v := s.decimal("value"); v != nil && a.Region != "" {
			a.Value = s.scaled("value", *v, factor)
			t.Allocations = append(t.Allocations, a)
		}
	}
	r.fits(t.Kind, "allocations", t.Kind != schema.Milestone && t.Kind != schema.Cadence, false)
}

// baseline: unknown, or a value with its day. A count of what is newly added
// starts at zero by definition, on its first day.
func (r record) baseline(t *schema.Target, factor schema.Decimal) {
	switch {
	case t.Kind == schema.Added || t.Kind == schema.Within:
		t.Baseline, t.BaselineDate = new(schema.NewDecimal(0, 0)), t.Since
		if t.Kind == schema.Within {
			t.BaselineDate = t.WindowFrom
		}
		r.fits(t.Kind, "baseline", false, false)
		return
	case !r.has("baseline"):
		return
	case r.fields["baseline"].Kind == yaml.ScalarNode:
		r.at("baseline").faultIf(r.text("baseline") != "unknown", "register-baseline")
		return
	case t.Kind != schema.Level && t.Kind != "":
		r.fits(t.Kind, "baseline", false, false)
		return
	}
	s, ok := r.sub("baseline", "value", "date")
	if !ok || !s.need("value") || !s.need("date") {
		return
	}
	if v := s.decimal("value"); v != nil {
		t.Baseline, t.BaselineDate = new(scale(*v, factor)), s.date("date")
	}
	s.at("date").faultIf(!t.Deadline.IsZero() && !t.BaselineDate.Before(t.Deadline),
		"register-order", "first", "baseline", "a", t.BaselineDate, "second", "deadline", "b", t.Deadline)
}

// path reads how the value is expected to get from baseline to target.
func (r record) path(t *schema.Target, factor schema.Decimal) {
	t.Path = "linear"
	if r.has("path") {
		t.Path = r.oneOf("path", "linear", "compound", "plan")
	}
	r.at("plan").faultIf((t.Path == "plan") != r.has("plan"), "register-plan")
	r.at("path").faultIf(t.Path == "compound" && (t.Value.Sign() <= 0 || t.Baseline != nil && t.Baseline.Sign() <= 0),
		"register-compound")
	for s := range r.records("plan", "date", "value") {
		if !s.need("date") || !s.need("value") {
			continue
		}
		day, v := s.date("date"), s.decimal("value")
		if v == nil || day.IsZero() {
			continue
		}
		if k := len(t.Plan); k > 0 && !day.After(t.Plan[k-1].Date) {
			s.at("date").fault("register-order", "first", "plan", "a", t.Plan[k-1].Date, "second", "plan", "b", day)
		}
		s.at("date").order("plan", day, "deadline", t.Deadline)
		t.Plan = append(t.Plan, schema.PlanPoint{Date: day, Value: scale(*v, factor)})
	}
}

// checkKind: comparison sign, direction and deadline have to fit the kind.
func checkKind(r record, t schema.Target) {
	want := map[schema.Kind]string{schema.Added: ">=", schema.Within: ">=", schema.Ceiling: "<=", schema.Floor: ">=",
		schema.Milestone: "=", schema.Cadence: "<="}[t.Kind]
	switch {
	case t.Op == "" || t.Kind == "":
		return
	case t.Kind.Reads() && t.Op == "=" && t.Direction == schema.Down: // both sides count: the direction is always up
		r.at("direction").fault("register-direction", "direction", t.Direction, "op", t.Op)
	case want != "" && t.Op != want, t.Kind == schema.Level && t.Op == "=":
		r.at("op").fault("register-op", "kind", t.Kind, "op", t.Op, "want", cmp.Or(want, ">= / <="))
	case t.Direction != "" && (t.Op == "<=") != (t.Direction == schema.Down):
		r.at("direction").fault("register-direction", "direction", t.Direction, "op", t.Op)
	}
	switch t.Kind {
	case schema.Milestone:
		r.faultIf(t.Deadline.IsZero(), "register-needs", "kind", t.Kind, "key", "deadline")
		r.at("value").faultIf(!t.Value.Equal(schema.NewDecimal(1, 0)) && r.has("value"), "register-milestone")
	case schema.Ceiling, schema.Floor, schema.Cadence:
		r.at("deadline").faultIf(!t.Deadline.IsZero(), "register-not-for", "kind", t.Kind, "key", "deadline")
	}
}

// checkBasis: what is counted since a day must be counted, from that day; what
// is reported at least so often must have that frequency.
func checkBasis(r record, t schema.Target, ind schema.Indicator) {
	at := r.at("indicator")
	start := t.Since
	switch t.Kind {
	case schema.Rate:
		r.at("unit").faultIf(ind.Unit != "%" && ind.Unit != "‰" && ind.Unit != "百分点",
			"register-rate-unit", "indicator", ind.Name, "unit", ind.Unit)
		at.faultIf(ind.Basis == schema.Cumulative, "register-rate-counted", "indicator", ind.Name)
		return
	case schema.Within:
		start = t.WindowFrom
	case schema.Cadence:
		at.faultIf(t.Every != "" && ind.Frequency() != t.Every,
			"register-every", "every", t.Every, "frequency", ind.Frequency(), "indicator", ind.Name)
		return
	case schema.Added:
	default:
		return
	}
	at.faultIf(ind.Basis == schema.Point, "register-stock", "kind", t.Kind, "indicator", ind.Name)
	at.faultIf(ind.Basis == schema.Cumulative && ind.Since != start,
		"register-counted-from", "indicator", ind.Name, "a", ind.Since, "b", start)
}
