package targets

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"yardstick/schema"
)

// readHeaders reads what header cells may say.
func (l *loader) readHeaders(f *file, n *yaml.Node) {
	fields := schema.FeedFields()
	r, ok := f.record(n, fields...)
	if !ok {
		return
	}
	for _, field := range fields {
		for _, cell := range r.strings(field) {
			if other, taken := l.catalogue.headers[fold(cell)]; taken && other != field {
				r.at(field).fault("register-name-taken", "name", cell, "first", other, "second", field)
			}
			l.catalogue.headers[fold(cell)] = field
		}
	}
}

func (l *loader) readIndicator(f *file, n *yaml.Node) {
	r, ok := f.record(n, "code", "name", "aliases", "definition", "unit", "unit_en", "units", "display_unit", "decimals",
		"frequencies", "basis", "since", "range", "release", "owner", "formula", "parts", "additive", "tolerance")
	if !ok {
		return
	}
	ind := schema.Indicator{
		Code: r.name("code"), Name: r.both("name"), Aliases: r.strings("aliases"), Definition: r.both("definition"),
		Unit: r.must("unit"), UnitEn: r.must("unit_en"), Display: r.text("display_unit"),
		Decimals: r.integer("decimals", 0, maxScale), Owner: r.text("owner"), Since: r.date("since"),
		Basis: schema.Basis(r.oneOf("basis", "point", "period", "ytd", "cumulative")),
	}
	ind.Units = r.units(ind)
	ind.Frequencies = r.frequencies()
	ind.Min, ind.Max = r.span("range")
	ind.Release = r.release()
	ind.Formula = r.formula()
	ind.Parts, ind.Additive, ind.Tolerance = r.strings("parts"), r.flag("additive"), r.decimal("tolerance")
	if _, ok := factorOf(ind, ind.Display); ind.Display != "" && !ok {
		r.at("display_unit").fault("register-display-unit", "unit", ind.Display)
	}
	if since := !ind.Since.IsZero(); since != (ind.Basis == schema.Cumulative) {
		r.at("since").fault("register-since-basis")
	}
	l.addIndicator(r, ind)
}

// addIndicator enters an indicator under its code, names and aliases.
func (l *loader) addIndicator(r record, ind schema.Indicator) {
	if ind.Code == "" || len(ind.Frequencies) == 0 {
		return // told already; nothing can refer to it
	}
	c := l.catalogue
	at := len(c.all)
	if !enter(&c.index, &l.indicators, r, ind.Code, ind) {
		return
	}
	for _, name := range slices.Concat([]string{ind.Code}, ind.Name.Each(), ind.Aliases) {
		key := fold(name)
		if key == "" {
			continue
		}
		if other, taken := c.byName[key]; taken && other[0] != at {
			r.at("aliases").fault("register-name-taken", "name", name, "first", c.all[other[0]].Code, "second", ind.Code)
			continue
		}
		c.byName[key] = []int{at}
	}
}

func (r record) units(ind schema.Indicator) []schema.UnitFactor {
	var out []schema.UnitFactor
	for u := range r.records("units", "unit", "factor") {
		name, factor := u.must("unit"), u.decimal("factor")
		u.need("factor")
		switch _, twice := factorOf(ind, name); {
		case name == "" || factor == nil:
			continue
		case factor.Sign() <= 0:
			u.at("factor").fault("register-factor", "unit", name)
			continue
		case twice:
			u.fault("register-unit-twice", "unit", name)
			continue
		}
		out = append(out, schema.UnitFactor{Unit: name, Factor: *factor})
		ind.Units = out
	}
	return out
}

func (r record) frequencies() []schema.Frequency {
	r.need("frequencies")
	var out []schema.Frequency
	for _, s := range r.strings("frequencies") {
		f := schema.Frequency(s)
		if !f.Valid() || slices.Contains(out, f) {
			r.at("frequencies").fault("register-choice", "key", "frequencies", "written", s, "allowed", "A, Q, M, T, D")
			continue
		}
		out = append(out, f)
	}
	return out
}

// span is a plausible range, either end of which may be open.
func (r record) span(key string) (low, high *schema.Decimal) {
	s, ok := r.sub(key, "min", "max")
	if !ok {
		return nil, nil
	}
	low, high = s.decimal("min"), s.decimal("max")
	s.faultIf(low != nil && high != nil && low.Cmp(*high) > 0, "register-range", "low", low, "high", high)
	return low, high
}

func (r record) release() schema.Release {
	r.need("release")
	s, ok := r.sub("release", "days", "grace")
	if !ok {
		return schema.Release{}
	}
	s.need("days")
	return schema.Release{Days: s.integer("days", 0, 730), Grace: s.integer("grace", 0, 730)}
}

func (r record) formula() *schema.Formula {
	s, ok := r.sub("formula", "op", "terms")
	if !ok {
		return nil
	}
	f := &schema.Formula{Op: s.oneOf("op", "share", "ratio", "sum", "difference", "yoy"), Terms: s.strings("terms")}
	want := map[string][2]int{"share": {2, 2}, "ratio": {2, 2}, "difference": {2, 2}, "sum": {2, 64}, "yoy": {1, 1}}[f.Op]
	s.at("terms").faultIf(f.Op != "" && (len(f.Terms) < want[0] || len(f.Terms) > want[1]),
		"register-terms", "op", f.Op, "low", want[0], "high", want[1], "n", len(f.Terms))
	return f
}

// checkFormulas looks at what derived indicators are computed from: known
// terms, fitting units and frequencies, no circle.
func (l *loader) checkFormulas() {
	c := l.catalogue
	for i, ind := range c.all {
		l.checkParts(l.indicators[i].at("parts"), ind)
		if ind.Formula == nil {
			continue
		}
		at := l.indicators[i].at("formula")
		terms := make([]schema.Indicator, 0, len(ind.Formula.Terms))
		for _, code := range ind.Formula.Terms {
			term, ok := c.ByCode(code)
			if !ok {
				at.fault("register-unknown-indicator", "id", code, "near", l.near(code))
				continue
			}
			terms = append(terms, term)
			at.faultIf(!slices.Contains(term.Frequencies, ind.Frequency()),
				"register-formula-frequency", "id", ind.Code, "term", code, "frequency", ind.Frequency())
		}
		checkFormulaUnits(at, ind, terms)
		if circle := l.circle(ind.Code, []string{ind.Code}); circle != nil {
			at.fault("register-circle", "path", strings.Join(circle, " → "))
		}
	}
}

// checkParts: what adds up to an indicator is known and in its unit.
func (l *loader) checkParts(at place, ind schema.Indicator) {
	for _, code := range ind.Parts {
		switch part, ok := l.catalogue.ByCode(code); {
		case !ok:
			at.fault("register-unknown-indicator", "id", code, "near", l.near(code))
		case part.Unit != ind.Unit:
			at.fault("register-formula-units", "first", ind.Code, "a", ind.Unit, "second", code, "b", part.Unit)
		}
	}
}

// checkFormulaUnits: what is added, subtracted or divided into a share is in
// one unit; a share or a growth rate is in percent; a sum keeps the unit.
func checkFormulaUnits(at place, ind schema.Indicator, terms []schema.Indicator) {
	if len(terms) == 0 {
		return
	}
	for _, t := range terms[1:] {
		at.faultIf(ind.Formula.Op != "ratio" && t.Unit != terms[0].Unit,
			"register-formula-units", "first", terms[0].Code, "a", terms[0].Unit, "second", t.Code, "b", t.Unit)
	}
	want := terms[0].Unit
	switch ind.Formula.Op {
	case "share", "yoy":
		want = "%"
	case "ratio":
		return
	}
	at.faultIf(ind.Unit != want, "register-formula-result", "id", ind.Code, "unit", ind.Unit, "want", want)
}

// circle gives the path by which an indicator is computed from itself, told
// once, at its first member in catalogue order.
func (l *loader) circle(start string, path []string) []string {
	ind, ok := l.catalogue.ByCode(path[len(path)-1])
	if !ok || ind.Formula == nil || l.catalogue.byCode[ind.Code] < l.catalogue.byCode[start] {
		return nil
	}
	for _, term := range ind.Formula.Terms {
		if term == start {
			return append(path, start)
		}
		if slices.Contains(path, term) {
			continue
		}
		if found := l.circle(start, append(slices.Clone(path), term)); found != nil {
			return found
		}
	}
	return nil
}

// near is a hint for a name that is not known.
func (l *loader) near(name string) string {
	var codes []string
	for _, ind := range l.catalogue.Nearest(name, 3) {
		codes = append(codes, ind.Code)
	}
	return strings.Join(codes, ", ")
}
