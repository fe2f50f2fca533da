package pipeline

import (
	"context"
	"fmt"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/validate"
	"yardstick/schema"
	"yardstick/schema/vintage"
)

// weigh holds what was understood of a file against what is held, and settles
// what becomes of it. It gives the rows to store, none where the file is
// refused, asked about or says nothing new.
func (p *Pipeline) weigh(ctx context.Context, s Submission, d decoded, r schema.Receipt) ([]schema.Observation, schema.Receipt, error) {
	if d.broke {
		return nil, r, nil
	}
	known := s.Feed.Name != "" && p.o.Store != nil
	var held []schema.Observation
	var doubts validate.Doubts
	var w vintage.Weighed
	if known && len(d.rows) > 0 && !d.found.Whole {
		last, ok, err := p.o.Store.LastReceipt(ctx, r.Feed)
		if err != nil {
			return nil, r, fmt.Errorf("looking for the feed's last delivery: %w", err)
		}
		past := validate.Past{Register: p.o.Register, File: r.File, Feed: r.Feed, Rows: d.rows, Places: d.places, Given: d.given,
			Correction: s.Correction, RequireReason: s.Feed.RequireReason, Whole: d.rejected == 0}
		if ok && !s.Feed.Hand {
			past.Last = last.Coverage
		}
		if held, err = p.hold(ctx, d.rows, past.Last); err != nil {
			return nil, r, err
		}
		w = compare(d.rows, held, r)
		past.Held, past.Fresh = held, w.Fresh
		if doubts, err = p.doubts(ctx, past); err != nil {
			return nil, r, err
		}
		for _, problem := range doubts.Problems {
			d.found.Problem(problem)
		}
		for _, q := range doubts.Questions {
			d.found.Ask(q)
		}
	}
	if known {
		if err := p.lastUnits(ctx, d.found.Questions); err != nil {
			return nil, r, err
		}
	}
	d.found.Close(r.File)
	r = fill(r, d.found)
	r.Rejected, r.Coverage = d.rejected, validate.Cover(d.rows)
	rows := d.rows
	switch {
	case len(d.found.Problems)+len(d.found.Questions) == 0:
		r.Status = schema.Accepted
	case s.AcceptValid && !d.found.Whole && len(rows) > len(doubts.Rows):
		r.Status = schema.Partial
		r.Rejected += len(doubts.Rows)
	default:
		if r.Status = schema.Asked; len(d.found.Problems) > 0 {
			r.Status = schema.Refused
		}
		r.Rejected += len(rows)
		return nil, r, nil
	}
	if !known {
		r.Accepted = len(rows)
		return nil, r, nil
	}
	if len(doubts.Rows) > 0 { // what is left may stand otherwise without them
		kept := make([]schema.Observation, 0, len(rows))
		for i, o := range rows {
			if !doubts.Rows[i] {
				kept = append(kept, o)
			}
		}
		rows = kept
		r.Coverage = validate.Cover(rows)
		w = compare(rows, held, r)
	}
	rows, r = tally(w, rows, doubts.Correction, r)
	r.Correction = doubts.Correction
	return rows, pend(s, rows, r), nil
}

// pend lets new figures wait for a reviewer or for the end of their embargo.
func pend(s Submission, rows []schema.Observation, r schema.Receipt) schema.Receipt {
	switch {
	case len(rows) == 0:
	case s.Feed.Review:
		r.Status, r.Waits = schema.Pending, schema.WaitsReview
	case r.ReleaseAt.After(r.ReceivedAt):
		r.Status, r.Waits = schema.Pending, schema.WaitsRelease
	}
	return r
}

// doubts runs the checks that need what is held, with the locks that hold.
func (p *Pipeline) doubts(ctx context.Context, past validate.Past) (validate.Doubts, error) {
	for _, kind := range []schema.ActKind{schema.ActLock, schema.ActReopen} {
		acts, err := p.o.Store.Acts(ctx, kind, "")
		if err != nil {
			return validate.Doubts{}, fmt.Errorf("looking for locked periods: %w", err)
		}
		past.Locks = append(past.Locks, acts...)
	}
	past.FeedOf = func(id string) (string, error) {
		from, _, err := p.o.Store.Receipt(ctx, id)
		if err != nil {
			return "", fmt.Errorf("looking for the receipt %s: %w", id, err)
		}
		return from.Feed, nil
	}
	return validate.History(past)
}

// releaseDay is the day an embargo still to come ends; zero: there is none.
func (p *Pipeline) releaseDay(r schema.Receipt) schema.Date {
	if !r.ReleaseAt.After(r.ReceivedAt) {
		return schema.Date{}
	}
	return p.day(r.ReleaseAt)
}

// fill puts what was found into the receipt, each with the file's name.
func fill(r schema.Receipt, found *account.Findings) schema.Receipt {
	for _, p := range found.Problems {
		p.File = r.File
		r.Problems = append(r.Problems, p)
	}
	for _, q := range found.Questions {
		q.File = r.File
		r.Questions = append(r.Questions, q)
	}
	for _, p := range found.Excluded {
		p.File = r.File
		r.ExcludedRows = append(r.ExcludedRows, p)
	}
	r.Unmapped = append(r.Unmapped, found.Unmapped...)
	return r
}
