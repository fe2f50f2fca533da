package pipeline

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"yardstick/collectors/reading"
	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
	"yardstick/collectors/validate"
	"yardstick/schema"
	"yardstick/schema/words"
)

// readerPanic is what a reader or check broke down with.
type readerPanic struct {
	value any
	stack string
}

func (p *readerPanic) Error() string { return fmt.Sprintf("a reader panicked: %v", p.value) }

// decoded is what was understood of a file: the one reading that preview, load
// and look are views of.
type decoded struct {
	file     *table.File
	tables   []*table.Table // as they are read: with a person's edits
	found    *account.Findings
	rows     []schema.Observation // the good ones
	places   []validate.Place     // where each stands
	lacking  []schema.Observation // rows that were left out, their keys alone
	rejected int
	left     int                 // rows that answers left out while they were read
	given    map[string]string   // answers and rules, by the keys of questions
	used     map[string][]string // an answer for the whole file: the indicators it concerned
	broke    bool                // a reader panicked: the receipt says so
}

// watcher is shown every candidate of a file; again tells that they all follow once more.
type watcher struct {
	each  func(*account.Candidate)
	again func()
}

// decode reads the file, once.
func (p *Pipeline) decode(ctx context.Context, src table.Source, s Submission, r schema.Receipt, seen watcher) (decoded, schema.Receipt, error) {
	d := decoded{found: &account.Findings{}}
	err := p.read(ctx, src, s, &r, &d, seen)
	var broke *readerPanic
	if errors.As(err, &broke) {
		p.o.Log.Error("a reader panicked", "feed", r.Feed, "receipt", r.ID, "file", r.File, "snapshot", r.Snapshot, "panic", broke.value, "stack", broke.stack)
		r.Status = schema.Failed
		r.Problems = []schema.Problem{{Code: ReaderFailed, File: r.File, Text: words.Say("problem-"+ReaderFailed, "id", r.ID)}}
		return decoded{file: d.file, tables: d.tables, broke: true}, r, nil
	}
	if err != nil {
		return d, r, err
	}
	f := d.found
	if len(d.rows) == 0 && d.rejected+d.left == 0 && len(f.Problems) == 0 && len(f.Questions) == 0 && len(f.Unmapped) == 0 {
		f.Problem(schema.Problem{Code: NoFigures, Text: words.Say("problem-" + NoFigures)})
	}
	return d, r, nil
}

// read takes the bytes through table, reading and validation. A panic in any
// of them becomes a readerPanic: one broken file must not stop the others.
func (p *Pipeline) read(ctx context.Context, src table.Source, s Submission, r *schema.Receipt, d *decoded, seen watcher) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &readerPanic{v, string(debug.Stack())}
		}
	}()
	var problems []schema.Problem
	if d.file, problems, err = p.table(ctx, src, r.File, table.Limits{}); err != nil {
		return err
	}
	r.Encoding = d.file.Encoding
	if len(problems) > 0 {
		d.given, r.Answers = knownOf(s, *r, nil, d.found)
		for _, problem := range problems {
			d.found.Problem(problem)
		}
		return nil
	}
	if d.tables, err = table.Edited(d.file.Tables, s.Edits); err != nil {
		return err
	}
	o := p.reading(nil, len(d.tables))
	if r.Layout, err = reading.Layout(ctx, d.tables, o); err != nil {
		return err
	}
	remembered, err := p.remembered(ctx, s.Feed.Name, r.Layout)
	if err != nil {
		return err
	}
	d.given, r.Answers = knownOf(s, *r, remembered, d.found)
	template := handedOut(ctx, d.tables)
	if key := written.ColumnKey(templateHint()); template && d.given[key] == "" {
		d.given[key] = validate.Ignore // what was reported last, beside what is filled in
	}
	o.Given = d.given
	sheets := reading.NewSheets(d.tables, o, rulesOf(s.Feed), s.Answers)
	before := *d.found
	for {
		*d.found = before
		again, err := p.readTables(ctx, s, r, d, template, sheets, seen.each)
		if err != nil || !again {
			return err
		}
		if seen.again != nil {
			seen.again()
		}
	}
}

// readTables reads every sheet as far as it is settled, and reports whether what they
// leave open settles more.
func (p *Pipeline) readTables(ctx context.Context, s Submission, r *schema.Receipt, d *decoded, template bool,
	sheets *reading.Sheets, each func(*account.Candidate)) (again bool, err error) {
	check := validate.New(validate.Options{
		Catalogue: p.o.Register.Indicators, Gazetteer: p.o.Register.Regions,
		Indicators: s.Feed.Indicators, Regions: s.Feed.Regions, Given: d.given,
		Published: p.published(s, *r), Today: p.day(r.ReceivedAt), Release: p.releaseDay(*r), Open: s.Feed.Name == "",
		Template: template,
	}, r.File, d.found)
	figures := make([]bool, len(d.tables))
	for i, t := range d.tables {
		o := sheets.Options(i)
		sheets.Tell(i, d.found)
		check.Of(o)
		err := reading.Read(ctx, t, o, d.found, func(c *account.Candidate) error {
			figures[i] = true
			if each != nil {
				each(c)
			}
			check.Row(c)
			return nil
		})
		if err != nil {
			return false, err
		}
	}
	d.rows, d.rejected = check.Close()
	d.places, d.used = check.Places(), check.Used()
	d.left, d.lacking = check.Left()
	return sheets.Settle(ctx, d.found, figures)
}

// templateHint heads the column of a template that shows what was reported last.
func templateHint() string { return words.Say("upload-blank-hint").In(schema.Chinese) }

// handedOut reports whether the file is a template of ours, which says so in its
// header: beside the figures to fill in are those reported last.
func handedOut(ctx context.Context, tables []*table.Table) bool {
	hint := templateHint()
	for _, t := range tables {
		for row, err := range t.Rows(ctx) {
			if err == nil && slices.Contains(row.Texts, hint) {
				return true
			}
			break // the header is the first row; what cannot be read is told by the reading
		}
	}
	return false
}

// reading is how tables are read: by the registers' names, and what was said
// about the file, of so many tables.
func (p *Pipeline) reading(given map[string]string, sheets int) account.Options {
	return account.Options{
		Headers: p.o.Register.Indicators, Given: given, Sheets: sheets,
		Known: func(name string) (string, schema.Basis, bool) {
			i, ok := p.o.Register.Indicators.Find(name)
			return i.Code, i.Basis, ok
		},
		Reports: func(name string, f schema.Frequency) bool {
			i, ok := p.o.Register.Indicators.Find(name)
			return !ok || slices.Contains(i.Frequencies, f)
		},
		Regions: func(name string) bool { _, ok := p.o.Register.Regions.Find(name); return ok },
		Place: func(name string) (string, bool) {
			region, ok := p.o.Register.Regions.Find(name)
			if len(region.Members) > 0 {
				return "", false
			}
			return region.Code, ok
		},
	}
}

// day is the day of a moment in the installation's time zone.
func (p *Pipeline) day(t time.Time) schema.Date { return schema.DateOf(t.In(p.o.Zone)) }

// published is the day for rows that do not say: the submission's, the day an
// embargo ends, the feed's rule, the day received. What we hold without embargo
// is public by the day we received it.
func (p *Pipeline) published(s Submission, r schema.Receipt) func(schema.Period) schema.Date {
	received, release := p.day(r.ReceivedAt), p.releaseDay(r)
	return func(period schema.Period) schema.Date {
		switch {
		case s.Published != nil:
			return *s.Published
		case !release.IsZero():
			return release
		case s.Feed.PublishedAfter != nil:
			if d := period.Last().AddDays(*s.Feed.PublishedAfter); d.Before(received) {
				return d
			}
		}
		return received
	}
}
