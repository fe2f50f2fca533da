// Package derive computes indicators from others by the catalogue's formulas:
// share, ratio, sum, difference and growth over the year before. It computes
// from the vintages it is given, exactly, and tells what each figure came from
// and what was missing.
package derive

import (
	"errors"
	"fmt"
	"math/big"
	"slices"

	"yardstick/schema"
)

// digits after the point of a derived figure: a share of 14.962346 % is exact
// enough to tell any two published figures apart.
const digits = 6

// Faults of a formula.
var (
	ErrCircle  = errors.New("the formula leads back to itself")
	ErrUnit    = errors.New("the units do not fit the formula")
	ErrFormula = errors.New("the formula cannot be computed")
)

// Catalogue finds indicators. schema/targets satisfies it.
type Catalogue interface {
	ByCode(code string) (schema.Indicator, bool)
}

// Figure is a derived observation and the observations it came from, with what
// each was: numerator, denominator, part (added) or baseline (taken away).
type Figure struct {
	schema.Observation
	Terms []schema.Input
}

// Gap is a figure that could have been computed but for what is missing.
type Gap struct {
	Key     schema.Key // of the figure
	Term    string     // the indicator that is missing, or cannot be used
	Period  schema.Period
	Because Because
}

// Because says why a term could not be used.
type Because string

// The reasons.
const (
	Absent      Because = "absent"      // nobody reported it, or it is said to be missing
	Unit        Because = "unit"        // it is held in another unit than the catalogue's
	Denominator Because = "denominator" // it divides and is not above zero
)

// Result is what a formula gave.
type Result struct {
	Figures []Figure
	Missing []Gap
}

// Observations gives the figures alone.
func (r Result) Observations() []schema.Observation {
	out := make([]schema.Observation, len(r.Figures))
	for i, f := range r.Figures {
		out[i] = f.Observation
	}
	return out
}

// Terms gives, by key, what each figure came from.
func (r Result) Terms() map[schema.Key][]schema.Input {
	out := make(map[schema.Key][]schema.Input, len(r.Figures))
	for _, f := range r.Figures {
		out[f.Key] = f.Terms
	}
	return out
}

// Needs lists the indicators whose observations Compute wants for code: itself
// (a published figure goes before a computed one) and all terms, down to those
// that are not derived. It checks the formulas on the way: ErrCircle, ErrUnit,
// ErrFormula.
func Needs(cat Catalogue, code string) ([]string, error) {
	return needs(cat, code, nil, nil)
}

// needs walks down the formulas and adds to out; path holds the way, to refuse
// circles.
func needs(cat Catalogue, code string, path, out []string) ([]string, error) {
	if slices.Contains(path, code) {
		return out, fmt.Errorf("indicator %s: %w: %v", path[0], ErrCircle, append(path, code))
	}
	ind, ok := cat.ByCode(code)
	if !ok {
		return out, fmt.Errorf("indicator %s: %w: it is not in the catalogue", code, ErrFormula)
	}
	if !slices.Contains(out, ind.Code) {
		out = append(out, ind.Code)
	}
	if ind.Formula == nil {
		return out, nil
	}
	err := check(cat, ind)
	for _, term := range ind.Formula.Terms {
		if err != nil {
			break
		}
		out, err = needs(cat, term, append(slices.Clone(path), code), out)
	}
	return out, err
}

// check holds the formula against the units and bases of its terms.
func check(cat Catalogue, ind schema.Indicator) error {
	f := ind.Formula
	least, most := 2, 2
	switch f.Op {
	case "yoy":
		least, most = 1, 1
	case "sum":
		most = len(f.Terms)
	case "share", "ratio", "difference":
	default:
		return fmt.Errorf("indicator %s: %w: %q is none of share, ratio, sum, difference, yoy", ind.Code, ErrFormula, f.Op)
	}
	if len(f.Terms) < least || len(f.Terms) > most {
		return fmt.Errorf("indicator %s: %w: %s of %d terms", ind.Code, ErrFormula, f.Op, len(f.Terms))
	}
	var first schema.Indicator
	for i, code := range f.Terms {
		t, ok := cat.ByCode(code)
		if !ok {
			return fmt.Errorf("indicator %s: %w: term %s is not in the catalogue", ind.Code, ErrFormula, code)
		}
		if i == 0 {
			first = t
		}
		if f.Op != "ratio" && t.Unit != first.Unit {
			return fmt.Errorf("indicator %s: %w: %s is in %s and %s in %s", ind.Code, ErrUnit, first.Code, first.Unit, t.Code, t.Unit)
		}
		if t.Basis == schema.Cumulative && first.Basis == schema.Cumulative && t.Since != first.Since {
			return fmt.Errorf("indicator %s: %w: %s counts from %s and %s from %s", ind.Code, ErrFormula, first.Code, first.Since, t.Code, t.Since)
		}
	}
	want := first.Unit
	if f.Op == "share" || f.Op == "yoy" {
		want = "%"
	}
	if f.Op != "ratio" && ind.Unit != want {
		return fmt.Errorf("indicator %s: %w: a %s of %s is in %s, not %s", ind.Code, ErrUnit, f.Op, first.Unit, want, ind.Unit)
	}
	return nil
}

// Compute gives the figures of the indicator for the region that follow from
// the observations in force, where none is published for the same span.
// Derived terms are computed first. An indicator without a formula gives an
// empty result.
func Compute(cat Catalogue, code, region string, obs []schema.Observation) (Result, error) {
	if _, err := Needs(cat, code); err != nil {
		return Result{}, err
	}
	mine := make([]schema.Observation, 0, len(obs))
	for _, o := range obs {
		if o.Region == region {
			mine = append(mine, o)
		}
	}
	ind, _ := cat.ByCode(code)
	return compute(cat, ind, region, mine), nil
}

func compute(cat Catalogue, ind schema.Indicator, region string, obs []schema.Observation) Result {
	var out Result
	if ind.Formula == nil {
		return out
	}
	held := published(ind, obs)
	terms := make([]term, len(ind.Formula.Terms))
	spans := map[span]bool{}
	for i, code := range ind.Formula.Terms {
		of, _ := cat.ByCode(code)
		series := published(of, obs)
		for _, f := range compute(cat, of, region, obs).Figures { // where none that can be judged is published
			series[spanOf(f.Key)] = f.Observation
		}
		terms[i] = term{of, series}
		for s := range series {
			spans[s] = true
		}
	}
	for _, s := range sorted(spans) {
		if o, ok := held[s]; ok && o.Judgeable() {
			continue // published: the office's own figure
		}
		f := one{ind, region, s, terms}
		figure, gaps := f.compute()
		switch {
		case len(gaps) == 0:
			out.Figures = append(out.Figures, figure)
		case s.names(ind.Frequencies): // nobody expects a month of a quarterly share
			out.Missing = append(out.Missing, gaps...)
		}
	}
	return out
}

// one is the computation of one figure.
type one struct {
	ind    schema.Indicator
	region string
	span   span
	terms  []term
}

func (f one) compute() (Figure, []Gap) {
	inputs := f.inputs()
	key := f.key(inputs)
	var gaps []Gap
	gap := func(in wanted, why Because) {
		gaps = append(gaps, Gap{key, in.term.of.Code, in.at.of(in.term.of).Period, why})
	}
	for _, in := range inputs {
		switch o, ok := in.term.series[in.at]; {
		case !ok || o.Value == nil || !valued(o.Status):
			gap(in, Absent)
		case o.Unit != in.term.of.Unit:
			gap(in, Unit)
		case in.role == schema.RoleDenominator && o.Value.Sign() <= 0:
			gap(in, Denominator)
		}
	}
	if len(gaps) > 0 {
		return Figure{}, gaps
	}
	out := Figure{Observation: schema.Observation{Key: key, Unit: f.ind.Unit, UnitWritten: f.ind.Unit, Status: schema.StatusNormal}}
	total := new(big.Rat)
	for i, in := range inputs {
		o := in.term.series[in.at]
		out.Terms = append(out.Terms, schema.Input{Role: in.role, Observation: o})
		switch in.role {
		case schema.RoleNumerator, schema.RolePart:
			total.Add(total, o.Value.Rat())
		case schema.RoleBaseline:
			total.Sub(total, o.Value.Rat())
		case schema.RoleDenominator:
			total.Quo(total, o.Value.Rat())
		}
		out.inherit(o, i == 1 && f.ind.Formula.Op == "yoy")
	}
	switch f.ind.Formula.Op {
	case "share":
		total.Mul(total, big.NewRat(100, 1))
	case "yoy":
		total.Sub(total, big.NewRat(1, 1)).Mul(total, big.NewRat(100, 1))
	}
	value := schema.DecimalFromRat(total, digits)
	if exact := value.Normal(); exact.Rat().Cmp(total) == 0 {
		value = exact
	}
	out.Value, out.Written = &value, value.String()
	return out, nil
}

// inherit takes over what a figure has from an observation it rests on: the
// weakest status, the latest day and record. A year before that began a new
// series does not break growth over it.
func (f *Figure) inherit(o schema.Observation, yearBefore bool) {
	begins := yearBefore && o.Status == schema.StatusBreak
	if strength(o.Status) > strength(f.Status) && !begins {
		f.Status = o.Status
	}
	if o.PublishedAt.After(f.PublishedAt) {
		f.PublishedAt = o.PublishedAt
	}
	if o.ReceivedAt.After(f.ReceivedAt) {
		f.ReceivedAt = o.ReceivedAt
	}
	f.Seq = max(f.Seq, o.Seq)
	f.Synthetic = f.Synthetic || o.Synthetic
}

// weakness orders statuses from firm to weak.
const weakness = "AJSGDNUBPEIF"

func strength(s schema.ObsStatus) int {
	for i, r := range weakness {
		if s == schema.ObsStatus(r) {
			return i
		}
	}
	return len(weakness)
}

// valued reports whether a figure of the status holds a value to reckon with; a
// forecast or imputed one does, and what is computed from it is no better.
func valued(s schema.ObsStatus) bool { return strength(s) < len(weakness) }
