package pipeline

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"yardstick/schema"
	"yardstick/schema/vintage"
)

// Feeds of a year, in every form that departments send: after the first month
// no question is asked again, and what is stored is what the files say.
func TestAYearOfFeedsAsksNothingTwiceAndStoresWhatTheyHold(t *testing.T) {
	feeds := madeUpFeeds()
	if len(feeds) < 20 {
		t.Fatalf("%d feeds", len(feeds))
	}
	figures := 0
	for _, f := range feeds {
		t.Run(f.Name, func(t *testing.T) {
			d := newDesk(t)
			said := map[schema.Key]madeUp{}
			for i := range madeUpMonths {
				d.now = time.Date(2025, time.Month(i+2), 20, 0, 0, 0, 0, time.UTC)
				name, body, truth := f.Month(i)
				send := func(answers map[string]string) schema.Receipt {
					t.Helper()
					r, err := d.Run(t.Context(), Submission{Feed: schema.Feed{Name: f.Name}, Name: name, Body: bytes.NewReader(body), Actor: "desk", Answers: answers})
					if err != nil {
						t.Fatal(err)
					}
					return r
				}
				r := send(nil)
				if i == f.Asks && f.Answers != nil {
					if r.Status != schema.Asked {
						t.Fatalf("%s leaves something out and is %s", name, counts(r))
					}
					r = send(f.Answers)
				}
				if r.Status != schema.Accepted && r.Status != schema.Unchanged {
					t.Fatalf("%s: %s %.600s %.600s", name, counts(r), fmt.Sprint(r.Problems), fmt.Sprint(r.Questions))
				}
				for _, x := range truth {
					said[vintage.Fact(schema.Key{Indicator: x.Indicator, Region: x.Region, Basis: x.Basis, Period: x.Period})] = x
				}
				figures += holdsWhatIsSaid(t, name, d.shelf.rows, said)
			}
		})
	}
	t.Logf("%d figures compared", figures)
}

// holdsWhatIsSaid holds the figures in force against all that the files said so
// far, both ways.
func holdsWhatIsSaid(t *testing.T, name string, rows []schema.Observation, said map[schema.Key]madeUp) int {
	t.Helper()
	held := map[schema.Key]schema.Observation{}
	for _, o := range rows {
		fact := vintage.Fact(o.Key)
		if b, ok := held[fact]; !ok || o.Later(b) {
			held[fact] = o
		}
	}
	for k, x := range said {
		o, ok := held[k]
		switch {
		case !ok && x.Value == "":
		case !ok:
			t.Errorf("%s: %v is lost", name, k)
		case (o.Value == nil) != (x.Value == "") || o.Value != nil && !o.Value.Equal(schema.MustDecimal(x.Value)):
			t.Errorf("%s: %v is %v, the files say %q", name, k, o.Value, x.Value)
		case o.Unit != x.Unit:
			t.Errorf("%s: %v is in %s, not %s", name, k, o.Unit, x.Unit)
		}
	}
	for k := range held {
		if _, ok := said[k]; !ok {
			t.Errorf("%s: %v is in no file", name, k)
		}
	}
	return len(said)
}
