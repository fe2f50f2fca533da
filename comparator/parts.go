package comparator

import (
	"cmp"
	"slices"

	"yardstick/schema"
)

// Parts are the parts of a target's region beside it: districts with the
// figures they published, held against what was allocated to them. A part
// without an allocation is listed and not judged, and never ranked. Nothing is
// repaired: the region is judged on its own figure, whatever its parts add up to.
type Parts struct {
	Policy     string          `json:"policy"`
	Target     string          `json:"target"`
	Region     string          `json:"region"`
	AsOf       schema.Date     `json:"as_of"`
	Unit       string          `json:"unit"`
	Period     schema.Period   `json:"period"`     // of the region's figure, which the sum is held against
	Value      *schema.Decimal `json:"value"`      // the region's own
	Sum        *schema.Decimal `json:"sum"`        // of the districts' figures for that period; nil when one is missing
	Difference *schema.Decimal `json:"difference"` // Sum - Value
	Missing    []string        `json:"missing"`    // districts without a figure for that period
	SumWhyNot  schema.Reason   `json:"sum_missing,omitzero"`
	Allocated  *schema.Decimal `json:"allocated"`         // sum of the allocations; nil without any
	Unassigned *schema.Decimal `json:"target_unassigned"` // target less allocations, where these can be added
	Parts      []Part          `json:"parts"`
}

// Part is one part. Exactly one of Verdict and WhyNot is there.
type Part struct {
	Region  schema.Region   `json:"region"`
	Value   *schema.Decimal `json:"value"` // its latest figure
	Period  schema.Period   `json:"period"`
	Added   bool            `json:"added"`            // it belongs to the sum: a district, which overlaps no other
	Asked   *schema.Decimal `json:"allocation"`       // what was allocated
	Source  schema.Text     `json:"source,omitzero"`  // where that is written
	Verdict *schema.Verdict `json:"verdict"`          // on the allocation
	WhyNot  schema.Reason   `json:"missing,omitzero"` // why it is not judged
}

// PartCase is the case of one part of the region of c, given the figures known
// of it. ok is false when nothing was allocated to it: it is not judged.
func PartCase(c Case, region schema.Region, obs []schema.Observation) (part Case, ok bool) {
	part = c
	part.Region, part.Observations = region, obs
	part.Target.Region, part.Target.Allocations, part.Target.Headline = region.Code, nil, false
	for _, a := range c.Target.Allocations {
		if a.Region != region.Code {
			continue
		}
		part.Target.Value, ok = a.Value, true
		if part.Target.Path == "plan" { // the plan is the whole's
			part.Target.Path, part.Target.Plan = "linear", nil
		}
		if !counted(part.Target.Kind) { // so is its baseline
			part.Target.Baseline, part.Target.BaselineDate = nil, schema.Date{}
		}
	}
	return part, ok
}

// Divide puts the parts of the region of c beside it. known are the figures of
// each part by its code; parts are all regions that lie in it. Districts with a
// code of GB/T 2260 are added up; areas and groups without one overlap them and
// never are.
func Divide(c Case, parts []schema.Region, known map[string][]schema.Observation) Parts {
	v := Judge(c)
	out := Parts{Policy: v.Policy, Target: v.Target, Region: v.Region, AsOf: v.AsOf, Unit: v.Unit, Period: v.Period, Value: v.Value}
	addable := !c.share()
	total, allocated, n, asked := schema.Decimal{}, schema.Decimal{}, 0, 0
	for _, region := range parts {
		p, _ := c.Part(region, known[region.Code])
		if p.Asked != nil {
			asked++
			if region.Standard == "GB/T 2260" {
				allocated = allocated.Add(*p.Asked)
			}
		}
		if p.Added = region.Standard == "GB/T 2260"; p.Added && v.Value != nil && addable {
			n++
			if value := c.partValue(region, known[region.Code], v); value != nil {
				total = total.Add(*value)
			} else {
				out.Missing = append(out.Missing, region.Code)
			}
		}
		if p.Asked != nil || p.Value != nil {
			out.Parts = append(out.Parts, p)
		}
	}
	switch {
	case !addable:
		out.SumWhyNot = schema.Because("parts-share")
	case v.Value == nil:
		out.SumWhyNot = schema.Because("parts-no-figure")
	case n == 0:
		out.SumWhyNot = schema.Because("parts-none")
	case len(out.Missing) > 0:
		out.SumWhyNot = schema.Because("parts-missing", "n", len(out.Missing), "all", n)
	default:
		difference := total.Sub(*v.Value)
		out.Sum, out.Difference = &total, &difference
	}
	if asked > 0 && addable {
		rest := c.Target.Value.Sub(allocated)
		out.Allocated, out.Unassigned = &allocated, &rest
	}
	// Districts first, in the order of their codes; never by how they do.
	slices.SortStableFunc(out.Parts, func(a, b Part) int {
		if a.Added != b.Added {
			return map[bool]int{true: -1, false: 1}[a.Added]
		}
		return cmp.Compare(a.Region.Code, b.Region.Code)
	})
	return out
}

// share reports whether the indicator is a share or rate, of which parts do not
// add up to the whole, or something done or not.
func (c Case) share() bool {
	if f := c.Indicator.Formula; f != nil && f.Op != "sum" && f.Op != "difference" {
		return true
	}
	k := c.Target.Kind
	return c.Indicator.Unit == "%" || c.Indicator.Unit == "‰" || c.Indicator.Unit == "百分点" ||
		limit(c.Target) || k.Reads() || k == schema.Milestone || k == schema.Cadence
}

// Part is one part of the region of c, given the figures known of it, and how it is
// judged, or would be were something allocated to it.
func (c Case) Part(region schema.Region, obs []schema.Observation) (out Part, v schema.Verdict) {
	part, ok := PartCase(c, region, obs)
	out.Region, v = region, Judge(part)
	if v.Value != nil && !v.Period.IsZero() {
		out.Value, out.Period = v.Value, v.Period
	}
	if !ok {
		out.WhyNot = schema.Because("parts-no-allocation")
		return out, v
	}
	for _, a := range c.Target.Allocations {
		if a.Region == region.Code {
			out.Asked, out.Source = &a.Value, a.Source
		}
	}
	out.Verdict = &v
	return out, v
}

// partValue is the part's figure for the very period of the region's.
func (c Case) partValue(region schema.Region, obs []schema.Observation, whole schema.Verdict) *schema.Decimal {
	part, _ := PartCase(c, region, obs)
	pts, _, hole := part.track()
	if hole {
		return nil
	}
	for _, p := range pts {
		if p.day == whole.Observed {
			return &p.value
		}
	}
	return nil
}
