package clickhouse

import (
	"context"
	"fmt"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"yardstick/schema"
)

// Dimensions is what the registers say of targets, indicators and regions, and
// the configuration of feeds.
type Dimensions struct {
	Policies   []schema.Policy
	Indicators []schema.Indicator
	Regions    []schema.Region
	Feeds      []schema.FeedState // who answers for each
	Digest     string             // of the registers' content: written again only when it differs
}

// SaveDimensions writes the registers for those who read the store with SQL.
// It does nothing when the store holds the same content already.
func (s *Store) SaveDimensions(ctx context.Context, d Dimensions) error {
	if s.write == nil {
		return fmt.Errorf("saving the registers: %w", ErrReadOnly)
	}
	s.act.Lock()
	defer s.act.Unlock()
	var held string
	if err := s.write.QueryRow(ctx, "SELECT argMax(digest, at) FROM registers").Scan(&held); err != nil {
		return fmt.Errorf("asking which registers the store holds: %w", err)
	}
	if held == d.Digest {
		return nil
	}
	version := uint64(s.now().UnixMicro())
	type insert struct {
		table string
		fill  func(driver.Batch) error
	}
	for _, in := range []insert{
		{"targets", func(b driver.Batch) error { return fillTargets(b, d.Policies, version) }},
		{"policies", func(b driver.Batch) error { return fillPolicies(b, d.Policies, version) }},
		{"allocations", func(b driver.Batch) error { return fillAllocations(b, d.Policies, version) }},
		{"feeds", func(b driver.Batch) error {
			for _, f := range d.Feeds {
				if err := b.Append(f.Name, f.Title.Zh, f.Title.En, f.By.Title.Zh, f.By.Title.En, f.By.Contact, string(f.Frequency), f.Synthetic, version); err != nil {
					return err
				}
			}
			return nil
		}},
		{"indicators", func(b driver.Batch) error {
			for _, i := range d.Indicators {
				if err := b.Append(i.Code, i.Name.Zh, i.Name.En, i.Unit, i.UnitEn, string(i.Frequency()), string(i.Basis), i.Definition.Zh, version); err != nil {
					return err
				}
			}
			return nil
		}},
		{"regions", func(b driver.Batch) error {
			for _, r := range d.Regions {
				if err := b.Append(r.Code, r.Name.Zh, r.Name.En, r.Parent, r.Standard, version); err != nil {
					return err
				}
			}
			return nil
		}},
		{"registers", func(b driver.Batch) error { return b.Append(d.Digest, s.now()) }}, // last: it vouches for the others
	} {
		batch, err := s.write.PrepareBatch(ctx, "INSERT INTO "+in.table)
		if err == nil {
			err = in.fill(batch)
		}
		if err == nil {
			err = batch.Send()
		}
		if err != nil {
			return fmt.Errorf("saving the registers' %s: %w", in.table, err)
		}
	}
	return nil
}

func fillTargets(b driver.Batch, policies []schema.Policy, version uint64) error {
	for _, p := range policies {
		for place, t := range p.Targets {
			start := t.Since
			if !t.WindowFrom.IsZero() {
				start = t.WindowFrom
			}
			if start.IsZero() {
				start = p.Issued
			}
			var reading schema.Text
			if t.Reading != nil {
				reading = t.Reading.Text
			}
			var baseline any
			if t.Baseline != nil {
				baseline = columnDecimal(t.Baseline)
			}
			if err := b.Append(p.ID, t.ID, uint16(t.Clause), t.Title.Zh, t.Title.En, string(t.Kind), string(t.Direction), columnDecimal(&t.Value),
				t.Unit, t.Written, columnDate(t.Deadline), date(start), baseline, t.Indicator, t.Region, t.Headline,
				t.Owner.Zh, t.Owner.En, t.Contact, t.Op, string(t.Every), reading.Zh, reading.En, !t.Reading.Confirmed(), uint32(place), version); err != nil {
				return fmt.Errorf("target %s: %w", t.ID, err)
			}
		}
	}
	return nil
}

func fillPolicies(b driver.Batch, policies []schema.Policy, version uint64) error {
	for _, p := range policies {
		clauses := []uint16{} // not nil: the column is a list
		for _, m := range p.WithoutNumber() {
			clauses = append(clauses, uint16(m.Clause))
		}
		if err := b.Append(p.ID, p.Number, p.Title.Zh, p.Title.En, date(p.Issued), p.Region, clauses, version); err != nil {
			return fmt.Errorf("policy %s: %w", p.ID, err)
		}
	}
	return nil
}

func fillAllocations(b driver.Batch, policies []schema.Policy, version uint64) error {
	for _, p := range policies {
		for _, t := range p.Targets {
			for _, a := range t.Allocations {
				if err := b.Append(p.ID, t.ID, a.Region, columnDecimal(&a.Value), a.Source.Zh, a.Source.En, version); err != nil {
					return fmt.Errorf("allocation of %s to %s: %w", t.ID, a.Region, err)
				}
			}
		}
	}
	return nil
}
