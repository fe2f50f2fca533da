package pipeline

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"yardstick/schema"
)

func (d *desk) look(t *testing.T, text string) Look {
	t.Helper()
	seen, err := d.Look(t.Context(), Submission{Feed: schema.Feed{Name: "accounts"}, Name: "feed.csv", Body: strings.NewReader(text)})
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

func TestALookShowsEachFigureWithItsCellAndWhatItDoesAlsoWhereTheFileIsNotTaken(t *testing.T) {
	d := newDesk(t)
	d.send(t, head+"ai-compute,210200,2025-08,400,PFlops,,,,2025-09-01\nai-compute,210200,2025-07,390,PFlops,,,,2025-09-01\n")
	before := len(d.shelf.receipts)
	seen := d.look(t, head+"ai-compute,210200,2025-07,390,PFlops,,,,2025-10-01\nai-compute,210200,2025-08,0.402,EFlops,,,,2025-10-01\n"+
		"ai-compute,210200,2025-09,410,PFlops,,,,2025-10-01\nai-compute,210200,2025-10,many,PFlops,,,,2025-11-01\n算力,210200,2025-10,420,PFlops,,,,2025-11-01\n")
	if got := counts(seen.Receipt); got != "refused 0+0=0-5" || seen.New != 1 || seen.Revised != 1 || seen.Same != 1 {
		t.Fatalf("%s, new %d revised %d same %d", got, seen.New, seen.Revised, seen.Same)
	}
	var got []string
	for _, f := range seen.Figures {
		_, cell := f.Place()
		old := "-"
		if f.Old != nil {
			old = f.Old.String()
		}
		got = append(got, fmt.Sprintf("%s %s %s was %s held %v same %v", cell, f.Period, f.Value, old, f.Held, f.Same))
	}
	want := []string{"D2 2025-07 390 was 390 held true same true", "D3 2025-08 402 was 400 held true same false", "D4 2025-09 410 was - held false same false"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if len(seen.Open) != 1 || seen.Open[0].Cell != "D6" || seen.Open[0].Indicator != "算力" {
		t.Errorf("open %+v", seen.Open)
	}
	if s := seen.Sheets[0]; len(seen.Sheets) != 1 || s.Records != 6 || len(s.Rows) != 6 || s.Delimiter != ',' || s.Rows[4].Cells[3] != "many" || seen.Format != "csv" {
		t.Errorf("%+v", s)
	}
	if len(d.shelf.receipts) != before {
		t.Error("something was stored")
	}
}

func TestOfABigFileTheFirstRowsAndAllRowsWithFindingsAreShown(t *testing.T) {
	d := newDesk(t)
	var b strings.Builder
	b.WriteString("indicator,region,period,value,unit,published\n")
	for i := range 300 {
		value := fmt.Sprint(1000 + i)
		if i == 199 || i == 250 {
			value = "?!"
		}
		fmt.Fprintf(&b, "gdp,210200,%d-Q%d,%s,亿元,2025-10-01\n", 1940+i/4, i%4+1, value)
	}
	seen := d.look(t, b.String())
	var rows []string
	for _, r := range seen.Sheets[0].Rows[lookFirst:] {
		rows = append(rows, fmt.Sprintf("%d after %d", r.Number, r.After))
	}
	if want := []string{"201 after 170", "252 after 50", "0 after 49"}; !slices.Equal(rows, want) {
		t.Errorf("%q, want %q", rows, want)
	}
	if len(seen.Figures) != lookFirst-1 || seen.New != 298 {
		t.Errorf("%d figures shown, %d new", len(seen.Figures), seen.New)
	}
}

func TestALookAtWhatCannotBeReadSaysSo(t *testing.T) {
	d := newDesk(t)
	for _, text := range []string{"", "\x00\x01\x02\x03\x04", "只有一句话"} {
		if seen := d.look(t, text); len(seen.Receipt.Problems) == 0 {
			t.Errorf("%q is %s without a problem", text, seen.Receipt.Status)
		}
	}
}
