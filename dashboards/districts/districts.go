// Package districts is the page of the parts of a city: which targets they have
// figures for, and for one target all of them, ranked where something was
// allocated to them.
package districts

import (
	"cmp"
	"embed"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"

	"yardstick/comparator"
	"yardstick/comparator/telling"
	"yardstick/dashboards/download"
	"yardstick/dashboards/draw"
	"yardstick/dashboards/show"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/figure"
	"yardstick/schema/targets"
)

// districtsView is the parts of the city: which targets they have figures for,
// and for one target all of them.
type districtsView struct {
	*web.Frame
	Whole   string   // name of the region they are parts of
	Regions []column // columns of the glance, districts first
	Glance  []glanceRow
	With    int // targets that have a figure of any part

	Target  string // chosen; empty: none
	Targets []option
	Of      string // name of the region the target chosen is judged for
	Title   string
	Href    string
	Row     show.Row
	Asks    bool // something was allocated to some part
	Sum     string
	Told    []string // what was allocated, and who has no figure
	Ranked  bool
	Rows    []*districtRow // districts, which add up
	Apart   []*districtRow // areas that overlap them
	Common  bool           // the small charts have one scale
	Own     string         // links of the switch
	Shared  string
	Drawn   int // small charts there are

	subject telling.Subject
}

// column is a region at the head of the glance.
type column struct {
	Name string
	Area bool // it overlaps the districts
}

type option struct {
	ID, Title string
	Chosen    bool
}

// glanceRow is a target with a mark for each region.
type glanceRow struct {
	Title, Href     string
	Marks           []glanceMark
	Figures, Shares int // regions with a figure, with an allocation
}

// glanceMark is own (the region the target is judged for), figure, asked
// (allocated), both or none.
type glanceMark struct{ Class, Sign, Word string }

// districtRow is a part of the city on its page.
type districtRow struct {
	Code, Name, Note       string
	Rank                   string
	Value, Unit, Period    string
	Asked, Attainment, Gap string
	Status                 *figure.Badge
	Source                 *web.Source // where the value comes from
	Said, By               string      // By: the document that allocated it
	Chart                  *draw.Chart
	Asks                   bool // the table has columns for what was allocated

	attainment *float64
	points     []telling.Point
	asked      *schema.Decimal
}

// parts are the regions that lie in the region: districts first, then areas
// that overlap them, each in the register's order.
func (b *Room) partsOf(code string) (districts, areas []schema.Region) {
	for _, r := range b.register.Regions.All() {
		switch {
		case r.Parent != code:
		case r.Standard == "GB/T 2260":
			districts = append(districts, r)
		default:
			areas = append(areas, r)
		}
	}
	return districts, areas
}

func (b *Room) page(f *web.Frame, r *http.Request) (string, any, error) {
	f.Heading, f.Active = f.T("board-districts-title"), "districts"
	p := f.Policy
	view := districtsView{Frame: f, Target: r.URL.Query().Get("target"), Common: r.URL.Query().Get("scale") == "common"}
	if whole, ok := b.register.Regions.ByCode(p.Region); ok {
		view.Whole = f.Say(whole.Name)
	}
	all, err := b.reader.Verdicts(r.Context(), f.Asked)
	if err != nil {
		return "", nil, fmt.Errorf("reading the verdicts: %w", err)
	}
	verdicts := show.Verdicts(p, all, f.Asked)
	f.SayOrigin(verdicts)
	if err := b.glance(r, &view); err != nil {
		return "", nil, err
	}
	if view.Target == "" {
		return "districts", &view, nil
	}
	t, ok := b.register.Target(p.ID, view.Target)
	if !ok {
		return "", nil, web.Refuse(http.StatusNotFound, "board-no-target", "target", view.Target)
	}
	i := slices.IndexFunc(verdicts, func(v schema.Verdict) bool { return v.Target == t.ID })
	f.Heading = f.Say(t.Title) + " · " + f.Heading
	view.Own, view.Shared = web.WithQuery(f.Link(Path), "target", t.ID, "scale", ""), web.WithQuery(f.Link(Path), "target", t.ID, "scale", "common")
	view.subject = show.Subject(b.register, f, p, t, verdicts[i], nil)
	return "districts", &view, b.oneTarget(r, &view)
}

// glance marks which targets have figures of which parts.
func (b *Room) glance(r *http.Request, view *districtsView) error {
	f := view.Frame
	districts, areas := b.partsOf(f.Policy.Region)
	all := slices.Concat(districts, areas)
	for i, region := range all {
		view.Regions = append(view.Regions, column{f.Say(region.Name), i >= len(districts)})
	}
	var keys []schema.SeriesKey
	for _, t := range f.Policy.Targets {
		for _, region := range all {
			keys = append(keys, schema.SeriesKey{Indicator: t.Indicator, Region: region.Code})
		}
	}
	series, err := b.reader.Series(r.Context(), f.Asked, keys)
	if err != nil {
		return fmt.Errorf("reading the series of the districts: %w", err)
	}
	for _, t := range f.Policy.Targets {
		row := glanceRow{Title: f.Say(t.Title), Href: web.WithQuery(f.Link(Path), "target", t.ID)}
		for _, region := range all {
			has := slices.ContainsFunc(series[schema.SeriesKey{Indicator: t.Indicator, Region: region.Code}], schema.Observation.Judgeable)
			asked := slices.ContainsFunc(t.Allocations, func(a schema.Allocation) bool { return a.Region == region.Code })
			own := region.Code == t.Region
			if has && !own {
				row.Figures++
			}
			if asked {
				row.Shares++
			}
			row.Marks = append(row.Marks, markOf(f, has, asked, own))
		}
		if row.Figures > 0 {
			view.With++
		}
		view.Glance = append(view.Glance, row)
		view.Targets = append(view.Targets, option{t.ID, row.Title, t.ID == view.Target})
	}
	slices.SortStableFunc(view.Glance, func(a, b glanceRow) int { return b.Figures + b.Shares - a.Figures - a.Shares })
	return nil
}

func markOf(f *web.Frame, has, asked, own bool) glanceMark {
	switch {
	case own:
		return glanceMark{"own", "■", f.T("board-glance-own")}
	case has && asked:
		return glanceMark{"both", "◆", f.T("board-glance-both")}
	case has:
		return glanceMark{"figure", "●", f.T("board-glance-figure")}
	case asked:
		return glanceMark{"asked", "◇", f.T("board-glance-asked")}
	}
	return glanceMark{"none", "·", f.T("board-glance-none")}
}

// oneTarget fills in what every part has for the target chosen.
func (b *Room) oneTarget(r *http.Request, view *districtsView) error {
	f, s := view.Frame, view.subject
	view.Title, view.Href, view.Row = f.Say(s.Of.Title), f.TargetLink(s.P.ID, s.Of.ID), show.RowOf(f, s)
	view.Of = view.Whole
	if region, ok := b.register.Regions.ByCode(s.Of.Region); ok {
		view.Of = f.Say(region.Name)
	}
	c, ok, err := b.reader.Case(r.Context(), f.Asked, s.P.ID, s.Of.ID)
	if err != nil {
		return fmt.Errorf("reading the case of %s: %w", s.Of.ID, err)
	}
	parts := comparator.Parts{}
	if ok {
		if parts, err = b.reader.Parts(r.Context(), c); err != nil {
			return fmt.Errorf("reading the parts of %s: %w", s.Of.ID, err)
		}
		_, view.Sum = show.Parts(f, parts, s, nil)
	}
	districts, areas := b.partsOf(s.P.Region)
	var keys []schema.SeriesKey
	for _, region := range slices.Concat(districts, areas) {
		keys = append(keys, schema.SeriesKey{Indicator: s.Of.Indicator, Region: region.Code})
	}
	series, err := b.reader.Series(r.Context(), f.Asked, keys)
	if err != nil {
		return fmt.Errorf("reading the series of the districts: %w", err)
	}
	asks := slices.ContainsFunc(parts.Parts, func(p comparator.Part) bool { return p.Asked != nil })
	rows := func(regions []schema.Region) (out []*districtRow) {
		for _, region := range regions {
			part := comparator.Part{Region: region}
			if i := slices.IndexFunc(parts.Parts, func(p comparator.Part) bool { return p.Region.Code == region.Code }); i >= 0 {
				part = parts.Parts[i]
			}
			row := district(f, s, part, series[schema.SeriesKey{Indicator: s.Of.Indicator, Region: region.Code}])
			row.Asks = asks
			out = append(out, &row)
		}
		return out
	}
	view.Rows, view.Apart = rows(districts), rows(areas)
	view.Ranked, view.Asks = rank(view.Rows), asks
	view.told(parts)
	view.multiples()
	return nil
}

// told says what was allocated and whose figures the sum lacks.
func (v *districtsView) told(p comparator.Parts) {
	s := v.subject
	if p.Allocated != nil && p.Unassigned != nil {
		show := func(d schema.Decimal) string { return figure.Join(s.Scale.Number(d), s.Scale.Unit) }
		v.Told = append(v.Told, v.T("board-districts-allocated", "sum", show(*p.Allocated), "target", show(s.Of.Value), "rest", show(*p.Unassigned)))
	} else if !v.Asks {
		v.Told = append(v.Told, v.T("board-districts-none-allocated"))
	}
	var names []string
	for _, row := range v.Rows {
		if slices.Contains(p.Missing, row.Code) {
			names = append(names, row.Name)
		}
	}
	if len(names) > 0 && len(p.Missing) < len(v.Rows) {
		v.Told = append(v.Told, v.T("board-districts-missing", "names", strings.Join(names, v.T("board-comma"))))
	}
}

// district is one part's row.
func district(f *web.Frame, s telling.Subject, part comparator.Part, obs []schema.Observation) districtRow {
	out := districtRow{
		Code: part.Region.Code, Name: f.Say(part.Region.Name), Note: f.Say(part.Region.Note), Rank: "—", Value: "—", Asked: "—", Attainment: "—", Gap: "—",
		By: f.Say(part.Source), asked: part.Asked,
	}
	v := schema.Verdict{Value: part.Value, Period: part.Period}
	if part.Verdict != nil {
		v = *part.Verdict
	}
	if part.Value != nil {
		out.points = telling.Trajectory(v, s.Of, s.Ind, s.Start, obs)
		out.Value, out.Unit = s.PartFigure(*part.Value, part.Period, obs)
		out.Period = f.PeriodName(part.Period, s.Basis())
	}
	out.Source = show.PartSource(f, s, part, out.Value, obs)
	switch {
	case part.Asked == nil:
		out.Said = f.T("board-not-allocated")
	case part.Verdict != nil:
		status := figure.BadgeOf(v, f.Lang)
		out.Status, out.Asked, out.attainment = &status, s.Scale.Number(*part.Asked), v.Attainment
		if v.Attainment != nil {
			out.Attainment = figure.PercentFine(*v.Attainment)
		}
		if v.Gap != nil && v.Value != nil {
			out.Gap = s.Scale.Number(*v.Gap)
		}
	}
	if part.Value == nil {
		out.Said = f.T("board-district-no-figure") + map[bool]string{true: f.T("board-semicolon") + out.Said}[out.Said != ""]
	}
	return out
}

// rank orders the districts something was allocated to by what they have
// attained, the most first, and puts the others behind them in their own order,
// without a place. It reports whether there was anything to rank.
func rank(rows []*districtRow) bool {
	attained := func(r *districtRow) float64 {
		if r.attainment == nil {
			return math.Inf(-1)
		}
		return *r.attainment
	}
	slices.SortStableFunc(rows, func(a, b *districtRow) int { return cmp.Compare(attained(b), attained(a)) })
	ranked := false
	for i := range rows {
		if rows[i].attainment == nil {
			continue
		}
		ranked = true
		rows[i].Rank = fmt.Sprint(i + 1)
		if i > 0 && rows[i-1].attainment != nil && *rows[i-1].attainment == *rows[i].attainment {
			rows[i].Rank = rows[i-1].Rank
		}
	}
	return ranked
}

// Room is the page with what it reads.
type Room struct {
	register *targets.Register
	reader   show.Reader
	pages    *web.Pages
}

//go:embed templates/*.html
var files embed.FS

// New makes the room.
func New(site *web.Site, register *targets.Register, reader show.Reader) (*Room, error) {
	pages, err := site.Pages(files, nil)
	if err != nil {
		return nil, err
	}
	pages.Take = download.TakeAway
	return &Room{register, reader, pages}, nil
}

// Path is where the page is.
const Path = "/districts"

// Handle adds the page.
func (b *Room) Handle(mux *http.ServeMux) { mux.Handle(Path, b.pages.Page(b.page)) }
