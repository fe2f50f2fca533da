package pipeline

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"yardstick/collectors/reading"
	"yardstick/collectors/table"
	"yardstick/collectors/validate"
	"yardstick/schema"
)

// readerPanic is what a reader or check broke down with.
type readerPanic struct {
	value any
	stack string
}

func (p *readerPanic) Error() string { return fmt.Sprintf("a reader panicked: %v", p.value) }

// read takes the bytes through table, reading and validation. A panic in any
// of them becomes a readerPanic: one broken file must not stop the others.
func (p *Pipeline) read(ctx context.Context, src table.Source, s Submission, r schema.Receipt, found *reading.Findings,
	each func(*reading.Candidate)) (rows []schema.Observation, rejected int, encoding string, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &readerPanic{v, string(debug.Stack())}
		}
	}()
	file, problems, err := table.Read(ctx, src, r.File, p.o.Limits)
	if err != nil {
		return nil, 0, "", err
	}
	if len(problems) > 0 {
		for _, problem := range problems {
			found.Problem(problem)
		}
		return nil, 0, file.Encoding, nil
	}
	known := given(s, found)
	check := validate.New(validate.Options{
		Catalogue: p.o.Register.Indicators, Gazetteer: p.o.Register.Regions,
		Indicators: s.Feed.Indicators, Regions: s.Feed.Regions, Given: known,
		Published: p.published(s, r), Today: p.day(r.ReceivedAt), Open: s.Feed.Name == "",
	}, r.File, found)
	for _, t := range file.Tables {
		err := reading.Read(ctx, t, reading.Options{
			Headers: p.o.Register.Indicators, Given: known, Periods: p.periods, Sheets: len(file.Tables),
			Code:    func(name string) string { i, _ := p.o.Register.Indicators.Find(name); return i.Code },
			Regions: func(name string) bool { _, ok := p.o.Register.Regions.Find(name); return ok },
		}, found,
			func(c *reading.Candidate) error {
				if each != nil {
					each(c)
				}
				check.Row(c)
				return nil
			})
		if err != nil {
			return nil, 0, file.Encoding, err
		}
	}
	rows, rejected = check.Close()
	return rows, rejected, file.Encoding, nil
}

// day is the day of a moment in the house's time zone.
func (p *Pipeline) day(t time.Time) schema.Date { return schema.DateOf(t.In(p.o.Zone)) }

// published is the day for rows that do not say: the submission's, the feed's
// rule, the day received. What we hold is public by the day we received it.
func (p *Pipeline) published(s Submission, r schema.Receipt) func(schema.Period) schema.Date {
	received := p.day(r.ReceivedAt)
	return func(period schema.Period) schema.Date {
		switch {
		case s.Published != nil:
			return *s.Published
		case s.Feed.PublishedAfter != nil:
			if d := period.Last().AddDays(*s.Feed.PublishedAfter); d.Before(received) {
				return d
			}
		}
		return received
	}
}
