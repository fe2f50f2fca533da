package download

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"yardstick/comparator/derive"
	"yardstick/schema"
	"yardstick/schema/clickhouse"
	"yardstick/schema/targets"
	"yardstick/schema/words"
)

// Asked is a selection as somebody wrote it, on a command line or in an
// address.
type Asked struct {
	Indicators, Regions []string // codes or names
	From, To            string   // a day, month, quarter or year: the period's first and last day
	AsOf                string   // a day
	KnownAt             string   // a time, or a day that means its end
	Vintages            string   // "" or all
}

// Selection says which figures are wanted.
type Selection struct {
	Indicators []string    // codes; none: all that are stored
	Regions    []string    // codes; none: all
	From, To   schema.Date // whose reference period ends within these days; zero: no bound
	AsOf       schema.Date // published by the end of that day; zero: whenever
	KnownAt    time.Time   // received, counted and not withdrawn by then; zero: now
	Vintages   bool        // every vintage, not only the one in force
}

// ErrAsked is wrapped by every error that a selection as written causes.
var ErrAsked = errors.New("the selection cannot be understood")

// Select reads what was asked. loc is where days end; name tells what people
// call a parameter: --as-of, as_of. Errors are sentences that wrap ErrAsked.
func (a Asked) Select(register *targets.Register, loc *time.Location, name func(parameter string) string) (s Selection, err error) {
	for _, written := range a.Indicators {
		ind, ok := register.Indicators.Find(written)
		if !ok {
			near := register.Indicators.Nearest(written, 3)
			return s, unknown("no-indicator", written, near, func(i schema.Indicator) string { return i.Code + " " + i.Name.In(schema.Chinese) })
		}
		s.Indicators = append(s.Indicators, ind.Code)
	}
	for _, written := range a.Regions {
		region, ok := register.Regions.Find(written)
		if !ok {
			near := register.Regions.Nearest(written, 3)
			return s, unknown("download-no-region", written, near, func(r schema.Region) string { return r.Code + " " + r.Name.In(schema.Chinese) })
		}
		s.Regions = append(s.Regions, region.Code)
	}
	if a.AsOf != "" {
		if s.AsOf, err = schema.ParseDate(a.AsOf); err != nil {
			return s, words.Fail(ErrAsked, "bad-day", "flag", name("as-of"), "text", a.AsOf)
		}
	}
	if s.KnownAt, err = instant(a.KnownAt, loc); err != nil {
		return s, words.Fail(ErrAsked, "bad-time", "flag", name("known-at"), "text", a.KnownAt)
	}
	switch a.Vintages {
	case "":
	case "all":
		s.Vintages = true
	default:
		return s, words.Fail(ErrAsked, "download-vintages-all", "flag", name("vintages"))
	}
	return s, s.periods(a, name)
}

// unknown says that a name is not known, and which are near it.
func unknown[T any](id, written string, near []T, call func(T) string) error {
	names := make([]string, len(near))
	for i, n := range near {
		names[i] = call(n)
	}
	return words.Fail(ErrAsked, id, "name", written, "near", strings.Join(names, ", "))
}

// periods reads the bounds of the reference periods.
func (s *Selection) periods(a Asked, name func(string) string) error {
	for _, bound := range []struct {
		parameter, written string
		set                func(schema.Period)
	}{
		{"from", a.From, func(p schema.Period) { s.From = p.First() }},
		{"to", a.To, func(p schema.Period) { s.To = p.Last() }},
	} {
		if bound.written == "" {
			continue
		}
		p, _, err := schema.ParsePeriod(bound.written)
		if err != nil {
			return words.Fail(ErrAsked, "download-bad-period", "flag", name(bound.parameter), "text", bound.written)
		}
		bound.set(p)
	}
	if !s.To.IsZero() && s.From.After(s.To) {
		return words.Fail(ErrAsked, "download-periods-turned", "from", name("from"), "to", name("to"))
	}
	return nil
}

// instant reads a time, or a day that means its end.
func instant(text string, loc *time.Location) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if d, err := schema.ParseDate(text); err == nil {
		return d.EndIn(loc), nil
	}
	return time.Parse(time.RFC3339, text)
}

// Within reports whether the period ends within the selection's bounds.
func (s Selection) Within(p schema.Period) bool {
	return (s.From.IsZero() || !p.Last().Before(s.From)) && (s.To.IsZero() || !p.Last().After(s.To))
}

// ErrStop is returned by what takes figures and ends the giving without an error.
var ErrStop = errors.New("enough was given")

// Place is where a figure stands in the order figures are given in: stored ones
// first, then computed ones; each by indicator, region, frequency, basis and
// period, vintages by day of publication and sequence.
type Place struct {
	Computed  bool             `json:"c,omitempty"`
	Indicator string           `json:"i"`
	Region    string           `json:"r"`
	Frequency schema.Frequency `json:"f"`
	Basis     schema.Basis     `json:"b"`
	Period    string           `json:"p"`
	Published schema.Date      `json:"d"`
	Seq       uint64           `json:"s"`
}

// PlaceOf is the figure's place. A figure that no receipt brought was computed.
func PlaceOf(o schema.Observation) Place {
	return Place{o.Receipt == "" && o.Seq == 0, o.Indicator, o.Region, o.Period.Frequency(), o.Basis, o.Period.String(), o.PublishedAt, o.Seq}
}

// Compare orders places.
func (p Place) Compare(q Place) int {
	if p.Computed != q.Computed {
		if q.Computed {
			return -1
		}
		return 1
	}
	return cmp.Or(cmp.Compare(p.Indicator, q.Indicator), cmp.Compare(p.Region, q.Region), cmp.Compare(p.Frequency, q.Frequency),
		cmp.Compare(p.Basis, q.Basis), cmp.Compare(p.Period, q.Period), p.Published.Compare(q.Published), cmp.Compare(p.Seq, q.Seq))
}

// Reader reads figures from a store as they are given away: those stored, then
// those that the catalogue's formulas give.
type Reader struct {
	*clickhouse.Store
	Register *targets.Register
}

// Extract is one reading of the store.
type Extract struct {
	Selection
	Stand uint64            // acts that are seen; all receipts after it do not count
	After *Place            // figures up to here were given already; nil: none
	Count func(rows uint64) // told how many stored rows there will be; may be nil
	Done  func(rows uint64) // told how many of them were given; may be nil
}

func (e Extract) query() clickhouse.Query {
	return clickhouse.Query{Indicators: e.Indicators, Regions: e.Regions, AsOf: e.AsOf, KnownAt: e.KnownAt, Vintages: e.Vintages,
		From: e.From, To: e.To, UpTo: e.Stand}
}

// Extract gives the selected figures one by one: those stored, then those that
// the catalogue's formulas give for indicators named. Memory does not grow with
// their number. f ends it with ErrStop.
func (r Reader) Extract(ctx context.Context, e Extract, f func(schema.Observation) error) error {
	stopped := false
	give := func(o schema.Observation) error {
		if e.After != nil && PlaceOf(o).Compare(*e.After) <= 0 {
			return nil
		}
		err := f(o)
		if errors.Is(err, ErrStop) {
			stopped, err = true, clickhouse.ErrStop
		}
		return err
	}
	if e.After == nil || !e.After.Computed {
		if err := r.stored(ctx, e, give); err != nil || stopped {
			return err
		}
	}
	if e.Vintages {
		return nil // what is computed has no vintages
	}
	for _, code := range r.Computed(e.Indicators) {
		if err := r.compute(ctx, e, code, give); err != nil {
			if stopped {
				return nil
			}
			return err
		}
	}
	return nil
}

// stored gives the figures of the store.
func (r Reader) stored(ctx context.Context, e Extract, give func(schema.Observation) error) error {
	q := e.query()
	series, err := r.Store.Series(ctx, q)
	if err != nil {
		return err
	}
	if e.Count != nil {
		var rows uint64
		for _, s := range series {
			rows += s.Rows
		}
		e.Count(rows)
	}
	if e.After != nil {
		series = slices.DeleteFunc(series, func(s clickhouse.Series) bool {
			last := Place{Indicator: s.Indicator, Region: s.Region, Frequency: "~"} // after all of the series
			return last.Compare(*e.After) < 0
		})
	}
	return r.Store.Each(ctx, q, series, e.Done, give)
}

// Computed are the named indicators that have a formula, in order.
func (r Reader) Computed(indicators []string) []string {
	var out []string
	for _, code := range indicators {
		if ind, ok := r.Register.Indicators.ByCode(code); ok && ind.Formula != nil {
			out = append(out, code)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// compute gives the figures that one indicator's formula yields. Its terms may
// lie outside the periods asked for.
func (r Reader) compute(ctx context.Context, e Extract, code string, give func(schema.Observation) error) error {
	q := e.query()
	q.From, q.To = schema.Date{}, schema.Date{}
	var err error
	if q.Indicators, err = derive.Needs(r.Register.Indicators, code); err != nil {
		return fmt.Errorf("computing %s: %w", code, err)
	}
	rows, err := r.Store.Observations(ctx, q)
	if err != nil {
		return err
	}
	regions := map[string][]schema.Observation{}
	for _, o := range rows {
		regions[o.Region] = append(regions[o.Region], o)
	}
	for _, region := range slices.Sorted(maps.Keys(regions)) {
		found, err := derive.Compute(r.Register.Indicators, code, region, regions[region])
		if err != nil {
			return fmt.Errorf("computing %s for %s: %w", code, region, err)
		}
		figures := found.Observations()
		slices.SortStableFunc(figures, func(a, b schema.Observation) int { return PlaceOf(a).Compare(PlaceOf(b)) })
		for _, o := range figures {
			if !e.Within(o.Period) {
				continue
			}
			if err := give(o); err != nil {
				return err
			}
		}
	}
	return nil
}
