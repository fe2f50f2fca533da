package pipeline

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"yardstick/collectors/reading"
	"yardstick/collectors/reading/account"
	"yardstick/collectors/table"
	"yardstick/collectors/validate"
	"yardstick/schema"
	"yardstick/schema/targets"
)

// read takes a file through table, reading and validation as a feed's.
func read(t *testing.T, register *targets.Register, name string, body []byte, given map[string]string) (rows []schema.Observation, found *account.Findings, layout string) {
	t.Helper()
	file, problems, err := table.Read(t.Context(), bytes.NewReader(body), name, table.Limits{})
	if err != nil || len(problems) > 0 {
		t.Fatalf("%s: %v %v", name, problems, err)
	}
	found = &account.Findings{}
	today := schema.NewDate(2026, time.February, 1)
	check := validate.New(validate.Options{Catalogue: register.Indicators, Gazetteer: register.Regions, Given: given,
		Published: func(schema.Period) schema.Date { return today }, Today: today}, name, found)
	o := account.Options{Headers: register.Indicators, Given: given, Sheets: len(file.Tables),
		Known: func(name string) (string, schema.Basis, bool) {
			i, ok := register.Indicators.Find(name)
			return i.Code, i.Basis, ok
		},
		Regions: func(name string) bool { _, ok := register.Regions.Find(name); return ok }}
	if layout, err = reading.Layout(t.Context(), file.Tables, o); err != nil {
		t.Fatal(err)
	}
	for _, tab := range file.Tables {
		if err := reading.Read(t.Context(), tab, o, found, func(c *account.Candidate) error { check.Row(c); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	rows, _ = check.Close()
	return rows, found, layout
}

func value(s string) string {
	if s == "" {
		return "missing"
	}
	d, err := schema.ParseDecimal(s)
	if err != nil {
		return err.Error()
	}
	return d.Normal().String()
}

func TestAYearOfMadeUpFeedsIsReadWhollyWithTheAnswersOfTheFirstMonth(t *testing.T) {
	register, err := targets.Load()
	if err != nil {
		t.Fatal(err)
	}
	feeds := madeUpFeeds()
	if len(feeds) < 20 {
		t.Errorf("%d feeds", len(feeds))
	}
	silent := 0
	for _, feed := range feeds {
		if len(feed.Answers) > 0 {
			silent++
		}
		t.Run(feed.Name, func(t *testing.T) {
			layout := ""
			for i := range madeUpMonths {
				name, body, truth := feed.Month(i)
				if again, same, _ := feed.Month(i); again != name || !bytes.Equal(same, body) {
					t.Fatal("other bytes the second time")
				}
				_, open, openLayout := read(t, register, name, body, nil)
				var asked []string
				for _, q := range open.Questions {
					asked = append(asked, q.Key)
				}
				slices.Sort(asked)
				if want := slices.Sorted(maps.Keys(feed.Answers)); i >= feed.Asks && !slices.Equal(asked, want) || i < feed.Asks && asked != nil {
					t.Errorf("%s asks %v, want %v; %+v", name, asked, want, open.Questions)
				}
				rows, found, itsLayout := read(t, register, name, body, feed.Answers)
				if len(found.Questions)+len(found.Problems) > 0 {
					t.Fatalf("%s: %+v %+v", name, found.Questions, found.Problems)
				}
				if layout == "" {
					layout = itsLayout
				}
				if itsLayout != layout || openLayout != layout {
					t.Errorf("%s has the layout %s (%s before the answers), the first month's is %s", name, itsLayout, openLayout, layout)
				}
				var got, want []string
				for _, o := range rows {
					v := "missing"
					if o.Value != nil {
						v = o.Value.Normal().String()
					}
					got = append(got, fmt.Sprint(o.Indicator, o.Region, o.Period, o.Basis, v, o.Unit, o.Status))
				}
				for _, f := range truth {
					want = append(want, fmt.Sprint(f.Indicator, f.Region, f.Period, f.Basis, value(f.Value), f.Unit, f.Status))
				}
				slices.Sort(got)
				slices.Sort(want)
				if !slices.Equal(got, want) {
					t.Errorf("%s: got %d\n%v\nwant %d\n%v", name, len(got), got, len(want), want)
				}
			}
		})
	}
	if silent < 7 {
		t.Errorf("only %d feeds leave something out", silent)
	}
}

func TestEveryMadeUpFeedHasALayoutOfItsOwn(t *testing.T) {
	register, err := targets.Load()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	for _, feed := range madeUpFeeds() {
		name, body, _ := feed.Month(0)
		_, _, layout := read(t, register, name, body, nil)
		if other := seen[layout]; other != "" {
			t.Errorf("%s and %s have one layout", feed.Name, other)
		}
		seen[layout] = feed.Name
	}
}
