package pipeline

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"yardstick/collectors/reading"
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

// decoded is what was understood of a file.
type decoded struct {
	found    *reading.Findings
	rows     []schema.Observation // the good ones
	places   []validate.Place     // where each stands
	rejected int
	given    map[string]string   // answers and rules, by the keys of questions
	used     map[string][]string // an answer for the whole file: the indicators it concerned
	broke    bool                // a reader panicked: the receipt says so
}

// decode reads the file. It is read again where answers are remembered for its
// layout, which is known only then. begin, if any, is called for each reading
// and gives what every candidate is shown to.
func (p *Pipeline) decode(ctx context.Context, src table.Source, s Submission, r schema.Receipt, begin func() func(*reading.Candidate)) (decoded, schema.Receipt, error) {
	d, r, err := p.once(ctx, src, s, r, nil, begin)
	if err != nil || d.broke {
		return d, r, err
	}
	remembered, err := p.remembered(ctx, s.Feed.Name, r.Layout)
	if err != nil || len(remembered) == 0 {
		return d, r, err
	}
	layout := r.Layout
	d, r, err = p.once(ctx, src, s, r, remembered, begin)
	r.Layout = layout
	return d, r, err
}

// once reads the file one time with the answers remembered.
func (p *Pipeline) once(ctx context.Context, src table.Source, s Submission, r schema.Receipt, remembered map[string]schema.Answer,
	begin func() func(*reading.Candidate)) (decoded, schema.Receipt, error) {
	d := decoded{found: &reading.Findings{}}
	k := knownOf(s, r, remembered, d.found)
	d.given, r.Answers = k.given, k.answers
	var each func(*reading.Candidate)
	if begin != nil {
		each = begin()
	}
	encoding, err := p.read(ctx, src, s, r, &d, each)
	var broke *readerPanic
	if errors.As(err, &broke) {
		p.o.Log.Error("a reader panicked", "feed", r.Feed, "receipt", r.ID, "file", r.File, "snapshot", r.Snapshot, "panic", broke.value, "stack", broke.stack)
		r.Status = schema.Failed
		r.Problems = []schema.Problem{{Code: ReaderFailed, File: r.File, Text: words.Say("problem-"+ReaderFailed, "id", r.ID)}}
		return decoded{broke: true}, r, nil
	}
	if err != nil {
		return d, r, err
	}
	f := d.found
	if len(d.rows) == 0 && d.rejected == 0 && len(f.Problems) == 0 && len(f.Questions) == 0 && len(f.Unmapped) == 0 {
		f.Problem(schema.Problem{Code: NoFigures, Text: words.Say("problem-" + NoFigures)})
	}
	r.Encoding, r.Layout = encoding, f.Layout
	return d, r, nil
}

// read takes the bytes through table, reading and validation. A panic in any
// of them becomes a readerPanic: one broken file must not stop the others.
func (p *Pipeline) read(ctx context.Context, src table.Source, s Submission, r schema.Receipt, d *decoded, each func(*reading.Candidate)) (encoding string, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &readerPanic{v, string(debug.Stack())}
		}
	}()
	file, problems, err := table.Read(ctx, src, r.File, p.o.Limits)
	if err != nil {
		return "", err
	}
	if len(problems) > 0 {
		for _, problem := range problems {
			d.found.Problem(problem)
		}
		return file.Encoding, nil
	}
	check := validate.New(validate.Options{
		Catalogue: p.o.Register.Indicators, Gazetteer: p.o.Register.Regions,
		Indicators: s.Feed.Indicators, Regions: s.Feed.Regions, Given: d.given,
		Published: p.published(s, r), Today: p.day(r.ReceivedAt), Release: p.releaseDay(r), Open: s.Feed.Name == "",
	}, r.File, d.found)
	for _, t := range file.Tables {
		err := reading.Read(ctx, t, reading.Options{
			Headers: p.o.Register.Indicators, Given: d.given, Periods: p.periods, Sheets: len(file.Tables),
			Known: func(name string) (string, schema.Basis, bool) {
				i, ok := p.o.Register.Indicators.Find(name)
				return i.Code, i.Basis, ok
			},
			Regions: func(name string) bool { _, ok := p.o.Register.Regions.Find(name); return ok },
		}, d.found,
			func(c *reading.Candidate) error {
				if each != nil {
					each(c)
				}
				check.Row(c)
				return nil
			})
		if err != nil {
			return file.Encoding, err
		}
	}
	d.rows, d.rejected = check.Close()
	d.places, d.used = check.Places(), check.Used()
	return file.Encoding, nil
}

// day is the day of a moment in the house's time zone.
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
