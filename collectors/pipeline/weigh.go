package pipeline

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/validate"
	"yardstick/schema"
	"yardstick/schema/vintage"
	"yardstick/schema/words"
)

// weigh holds what was understood of a file against what is held, and settles
// what becomes of it. It gives the rows to store, none where the file is
// refused, asked about or says nothing new.
func (p *Pipeline) weigh(ctx context.Context, s Submission, d *decoded, r schema.Receipt) ([]schema.Observation, schema.Receipt, error) {
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
		past := validate.Past{Register: p.o.Register, File: r.File, Feed: r.Feed, Rows: d.rows, Places: d.places, Lacking: d.lacking, Given: d.given,
			Correction: s.Correction, RequireReason: s.Feed.RequireReason && s.Feed.Revisions != schema.RevisionsExpected, Whole: d.rejected == 0}
		if ok && !s.Feed.Hand {
			past.Last = last.Coverage
		}
		if held, err = p.hold(ctx, d.rows, past.Last); err != nil {
			return nil, r, err
		}
		past.Held = held
		if w, doubts, err = p.settle(ctx, past, d, r); err != nil {
			return nil, r, err
		}
		doubted(d.found, doubts)
	}
	if known {
		if err := p.lastUnits(ctx, d.found.Questions); err != nil {
			return nil, r, err
		}
	}
	d.found.Close(r.File)
	r = fill(r, d.found)
	r.Rejected, r.Coverage = d.rejected, validate.Cover(d.rows, d.lacking)
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
		r.Coverage = validate.Cover(rows, d.lacking)
		w = compare(rows, held, r)
	}
	said := doubts.Correction
	if said == "" && s.Feed.Revisions == schema.RevisionsExpected {
		said = schema.Routine
	}
	rows, r = w.Settle(rows, said, r)
	if r.Correction = doubts.Correction; r.Revised > 0 {
		r.Correction = said
	}
	switch {
	case len(rows) == 0:
		if r.Status == schema.Accepted {
			r.Status, r.SameAs = schema.Unchanged, w.OnlySame()
		}
	case s.Feed.Review: // new figures wait for a reviewer, or for the end of their embargo
		r.Status, r.Waits = schema.Pending, schema.WaitsReview
	case r.ReleaseAt.After(r.ReceivedAt):
		r.Status, r.Waits = schema.Pending, schema.WaitsRelease
	}
	return rows, r, nil
}

// settle holds the file against its past, as the answers leave it: they may leave
// rows out, or say that a figure is of another basis; what is left is held
// against the past again.
func (p *Pipeline) settle(ctx context.Context, past validate.Past, d *decoded, r schema.Receipt) (vintage.Weighed, validate.Doubts, error) {
	for {
		w := compare(past.Rows, past.Held, r)
		past.Fresh = w.Fresh
		doubts, err := p.doubts(ctx, past)
		if err != nil || !doubts.Amends() {
			d.rows, d.places, d.lacking = past.Rows, past.Places, past.Lacking
			return w, doubts, err
		}
		n := 0
		past, n = past.Amended(doubts, d.found)
		d.rejected += n
		past.Whole = d.rejected == 0
	}
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

// doubted puts what is asked or wrong beside what is held among what was found: the
// cells of those figures end so.
func doubted(found *account.Findings, doubts validate.Doubts) {
	for _, problem := range doubts.Problems {
		found.Problem(problem)
	}
	for _, q := range doubts.Questions {
		found.Ask(q)
	}
	how := &found.Cells.Wrong
	if len(doubts.Questions) > 0 {
		how = &found.Cells.Asked
	}
	found.Turn(len(doubts.Rows), how)
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
	if found.Cells != (schema.Cells{}) {
		cells := found.Cells
		r.Cells = &cells
	}
	return r
}

// hold asks the store, once a load, for every vintage it holds of the
// indicators and regions of the file, of the wholes and parts of these, and of the
// feed's last delivery.
func (p *Pipeline) hold(ctx context.Context, rows []schema.Observation, last *schema.Coverage) ([]schema.Observation, error) {
	indicators, regions := validate.Kin(p.o.Register, rows)
	if last != nil {
		for _, s := range last.Series {
			if part := strings.Fields(s); len(part) > 1 {
				indicators, regions = append(indicators, part[0]), append(regions, part[1])
			}
		}
	}
	once := func(codes []string) []string { slices.Sort(codes); return slices.Compact(codes) }
	held, err := p.o.Store.Held(ctx, once(indicators), once(regions))
	if err != nil {
		return nil, fmt.Errorf("reading the figures held: %w", err)
	}
	return held, nil
}

// compare holds the rows, which become figures of the receipt, against the
// vintages the store holds.
func compare(rows, held []schema.Observation, r schema.Receipt) vintage.Weighed {
	for i := range rows {
		rows[i].Receipt, rows[i].ReceivedAt, rows[i].Synthetic = r.ID, r.ReceivedAt, r.Synthetic
	}
	return vintage.Weigh(held, rows)
}

// lastUnits puts the unit an indicator was last reported in into the questions
// that ask for its unit: first among the candidates, and in the sentence. It
// stays a question.
func (p *Pipeline) lastUnits(ctx context.Context, questions []schema.Question) error {
	var codes, places []string
	for _, q := range questions {
		if q.Code == validate.AskUnit && len(q.About) == 1 {
			codes = append(codes, q.About[0])
		}
	}
	if len(codes) == 0 {
		return nil
	}
	for _, r := range p.o.Register.Regions.All() {
		places = append(places, r.Code)
	}
	held, err := p.o.Store.Held(ctx, codes, places)
	if err != nil {
		return fmt.Errorf("looking for the units reported before: %w", err)
	}
	last := map[string]*schema.Observation{}
	for i := range held {
		if o := &held[i]; o.UnitWritten != "" && (last[o.Indicator] == nil || o.Seq >= last[o.Indicator].Seq) {
			last[o.Indicator] = o
		}
	}
	for i := range questions {
		q := &questions[i]
		if q.Code != validate.AskUnit || len(q.About) != 1 || last[q.About[0]] == nil {
			continue
		}
		o := last[q.About[0]]
		ind, ok := p.o.Register.Indicators.ByCode(o.Indicator)
		if !ok {
			continue
		}
		q.Candidates = append([]string{o.UnitWritten}, slices.DeleteFunc(slices.Clone(q.Candidates), func(u string) bool { return u == o.UnitWritten })...)
		q.Text = words.Say("asked-unit-as-before", "indicator", ind.Name, "unit", o.UnitWritten, "period", o.Period, "place", q.Cell,
			"candidates", schema.ListedWords(q.Candidates))
	}
	return nil
}
