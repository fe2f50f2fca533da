package lineage

import (
	"cmp"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"yardstick/dashboards/download"
	"yardstick/dashboards/show"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/figure"
)

// indicatorsView lists the catalogue.
type indicatorsView struct {
	*web.Frame
	Rows []indicatorRow
}

type indicatorRow struct {
	Code, Name, Href, Unit, Frequency, Basis, Formula string
	Targets                                           []linked
}

// indicatorView is one entry of the catalogue, in words, with its figures.
type indicatorView struct {
	told
	Indicator schema.Indicator
	Name      string
	Formula   []linked // its terms, each leading to its own page
	FormulaIs string
	Parts     []linked
	Targets   []useRow
	Writers   []string
	Latest    []latestRow
	XLSX, CSV string // every vintage
}

type (
	useRow struct {
		linked
		Status figure.Badge
		How    string
		Clause string
	}
	latestRow struct {
		web.FigureRow
		Region string
	}
)

func (b *Room) indicators(f *web.Frame, _ *http.Request) (string, any, error) {
	f.Heading, f.Active = f.T("board-indicators-title"), "indicators"
	v := indicatorsView{Frame: f}
	for _, ind := range b.Register.Indicators.All() {
		row := indicatorRow{Code: ind.Code, Name: f.Say(ind.Name), Href: f.IndicatorLink(ind.Code), Unit: unitOf(f, ind),
			Frequency: f.T("frequency-" + string(ind.Frequency())), Basis: f.BasisName(ind.Basis)}
		if ind.Formula != nil {
			row.Formula = b.formulaSay(f, ind)
		}
		for t, judged := range b.restingOn(ind) {
			l := linked{Text: f.Say(t.Title), Href: f.TargetLink(t.Policy, t.ID)}
			if judged.Code != ind.Code {
				l.Text = f.T("board-i-as-term", "title", l.Text)
			}
			row.Targets = append(row.Targets, l)
		}
		v.Rows = append(v.Rows, row)
	}
	return "indicators", v, nil
}

// restingOn are the targets judged on the indicator, or on what is computed from
// it, with the indicator that each is judged on.
func (b *Room) restingOn(ind schema.Indicator) iter.Seq2[schema.Target, schema.Indicator] {
	return func(yield func(schema.Target, schema.Indicator) bool) {
		for _, p := range b.Register.Policies {
			for _, t := range p.Targets {
				judged, _ := b.Register.Indicators.ByCode(t.Indicator)
				rests := t.Indicator == ind.Code || judged.Formula != nil && slices.Contains(judged.Formula.Terms, ind.Code)
				if rests && !yield(t, judged) {
					return
				}
			}
		}
	}
}

func unitOf(f *web.Frame, ind schema.Indicator) string {
	if f.Lang != schema.Chinese && ind.UnitEn != "" {
		return ind.UnitEn
	}
	return ind.Unit
}

func (b *Room) indicator(f *web.Frame, r *http.Request) (string, any, error) {
	ind, ok := b.Register.Indicators.ByCode(r.PathValue("code"))
	if !ok {
		return "", nil, web.Refuse(http.StatusNotFound, "board-no-indicator", "indicator", r.PathValue("code"))
	}
	f.Heading, f.Active = f.Say(ind.Name), "indicators"
	v := indicatorView{told: told{Frame: f}, Indicator: ind, Name: f.Say(ind.Name)}
	v.define(ind)
	if ind.Formula != nil {
		v.FormulaIs, v.Formula = b.formulaSay(f, ind), b.named(f, ind.Formula.Terms)
	}
	v.Parts = b.named(f, ind.Parts)
	verdicts, err := b.Reader.Verdicts(r.Context(), f.Asked)
	if err != nil {
		return "", nil, fmt.Errorf("reading the verdicts: %w", err)
	}
	v.Targets = b.usesOf(f, ind, verdicts)
	for _, feed := range b.Tracer.Writers(ind.Code) {
		if ind.Formula == nil {
			v.Writers = append(v.Writers, cmp.Or(f.Say(feed.Title), feed.Name))
		}
	}
	if v.Latest, err = b.latestOf(f, r, ind); err != nil {
		return "", nil, err
	}
	if b.Figures && ind.Formula == nil {
		v.XLSX, v.CSV = vintagesLink(f, ind.Code, download.XLSX), vintagesLink(f, ind.Code, download.CSV)
	}
	synthetic := slices.ContainsFunc(v.Latest, func(l latestRow) bool { return slices.Contains(l.Marks, f.T("board-mark-synthetic")) })
	b.sayBeside(f, r, synthetic, "board-banner-receipts")
	return "indicator", v, nil
}

// vintagesLink is every vintage of an indicator as a file, as of the page's day.
func vintagesLink(f *web.Frame, code string, format download.Format) string {
	q := url.Values{"indicator": {code}, "vintages": {"all"}, "format": {string(format)}, "as_of": {f.AsOf.String()}}
	if f.Lang != schema.Chinese {
		q.Set("lang", f.Lang)
	}
	if format == download.CSV {
		q.Set("bom", "true")
	}
	return web.ObservationsPath + "?" + q.Encode()
}

// define adds what the catalogue says of an indicator.
func (v *told) define(ind schema.Indicator) {
	f, add := v.Frame, v.add
	add("board-i-code", ind.Code)
	add("board-f-definition", f.Say(ind.Definition))
	add("board-i-unit", unitOf(f, ind))
	if f.Lang == schema.Chinese && ind.Display != "" && ind.Display != ind.Unit {
		add("board-i-display", ind.Display)
	}
	var units []string
	for _, u := range ind.Units {
		units = append(units, f.T("board-i-unit-factor", "unit", u.Unit, "factor", u.Factor.String(), "into", ind.Unit))
	}
	add("board-i-units", strings.Join(units, f.T("board-semicolon")))
	var freq []string
	for _, x := range ind.Frequencies {
		freq = append(freq, f.T("frequency-"+string(x)))
	}
	add("board-i-frequency", strings.Join(freq, f.T("board-comma")))
	basis := f.BasisName(ind.Basis)
	if !ind.Since.IsZero() {
		basis += f.T("board-comma") + f.T("board-i-since", "day", ind.Since)
	}
	add("board-col-basis", basis)
	if ind.Formula == nil {
		add("board-i-release", releaseSay(f, ind.Release))
	}
	switch {
	case ind.Min != nil && ind.Max != nil:
		add("board-i-range", f.T("board-i-range-both", "min", ind.Min, "max", ind.Max, "unit", unitOf(f, ind)))
	case ind.Min != nil:
		add("board-i-range", f.T("board-i-range-min", "min", ind.Min, "unit", unitOf(f, ind)))
	case ind.Max != nil:
		add("board-i-range", f.T("board-i-range-max", "max", ind.Max, "unit", unitOf(f, ind)))
	}
	if ind.Additive {
		add("board-i-additive", f.T("board-i-additive-yes"))
	}
	if ind.Tolerance != nil {
		add("board-i-tolerance", f.T("board-i-tolerance-is", "n", ind.Tolerance))
	}
	add("board-i-aliases", strings.Join(ind.Aliases, f.T("board-comma")))
	add("board-i-owner", ind.Owner)
}

// releaseSay is when a period's figure is due, in words.
func releaseSay(f *web.Frame, r schema.Release) string {
	var out string
	switch {
	case r.ByNext:
		out = f.T("board-i-release-next")
	case r.WorkingDays > 0 && r.Days > 0:
		out = f.T("board-i-release-both", "days", r.Days, "working", r.WorkingDays)
	case r.WorkingDays > 0:
		out = f.T("board-i-release-working", "working", r.WorkingDays)
	default:
		out = f.T("board-i-release-days", "days", r.Days)
	}
	if r.Grace > 0 {
		out += f.T("board-i-release-grace", "days", r.Grace)
	}
	return out
}

// formulaSay is a formula with the names of its terms; "" without one.
func (b *Room) formulaSay(f *web.Frame, ind schema.Indicator) string {
	if ind.Formula == nil {
		return ""
	}
	var names []string
	for _, term := range b.named(f, ind.Formula.Terms) {
		names = append(names, term.Text)
	}
	switch op := ind.Formula.Op; {
	case op == "share" && len(names) == 2:
		return names[0] + " ÷ " + names[1] + " × 100%"
	case op == "ratio" && len(names) == 2:
		return names[0] + " ÷ " + names[1]
	case op == "difference" && len(names) == 2:
		return names[0] + " − " + names[1]
	case op == "sum":
		return strings.Join(names, " + ")
	}
	return f.T("board-i-yoy", "name", names[0])
}

func (b *Room) named(f *web.Frame, codes []string) (out []linked) {
	for _, code := range codes {
		out = append(out, linked{Text: b.indicatorName(f, code), Href: f.IndicatorLink(code)})
	}
	return out
}

// usesOf are the targets that rest on the indicator, with their verdicts.
func (b *Room) usesOf(f *web.Frame, ind schema.Indicator, verdicts []schema.Verdict) (out []useRow) {
	for t, judged := range b.restingOn(ind) {
		row := useRow{linked: linked{Text: f.Say(t.Title), Href: f.TargetLink(t.Policy, t.ID)}, How: f.T("board-i-judged"), Clause: f.Clause(t.Clause)}
		if judged.Code != ind.Code {
			row.How = f.T("board-i-term", "name", f.Say(judged.Name))
		}
		p, _ := b.Register.Policy(t.Policy)
		row.Status = figure.BadgeOf(show.VerdictOf(p, t, verdicts, f.AsOf), f.Lang)
		out = append(out, row)
	}
	return out
}

// latestOf is the newest figure of each region and basis.
func (b *Room) latestOf(f *web.Frame, r *http.Request, ind schema.Indicator) (out []latestRow, err error) {
	rows, err := b.Tracer.InForce(r.Context(), f.Asked, ind.Code)
	if err != nil {
		return nil, fmt.Errorf("reading the figures of %s: %w", ind.Code, err)
	}
	type series struct {
		region    string
		basis     schema.Basis
		frequency schema.Frequency
	}
	last := map[series]schema.Observation{}
	for _, o := range rows {
		k := series{o.Region, o.Basis, o.Period.Frequency()}
		if held, ok := last[k]; !ok || o.Period.Last().After(held.Period.Last()) {
			last[k] = o
		}
	}
	for _, region := range b.Register.Regions.All() { // the city first, as the register has them
		first := len(out)
		for k, o := range last {
			if k.region != region.Code {
				continue
			}
			row := latestRow{f.Figure(o), f.Say(region.Name)}
			row.Href = f.FigureLink(o)
			if ind.Formula != nil && o.Value != nil {
				row.Value = figure.ScaleOf(ind, o.Unit, f.Lang).Figure(*o.Value, nil, nil).String()
			}
			out = append(out, row)
		}
		slices.SortFunc(out[first:], func(a, b latestRow) int {
			return cmp.Or(cmp.Compare(b.Period, a.Period), cmp.Compare(a.Basis, b.Basis))
		})
	}
	return out, nil
}
