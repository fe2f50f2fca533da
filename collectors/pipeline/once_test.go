package pipeline

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"yardstick/collectors/table"
	"yardstick/schema"
)

// decodings counts what is decoded: calls of the decoder, and bytes read of
// what it was given.
type decodings struct {
	table.Source
	calls int
	read  int64
	files []*table.File
}

func (n *decodings) ReadAt(b []byte, at int64) (int, error) {
	got, err := n.Source.ReadAt(b, at)
	n.read += int64(got)
	return got, err
}

// counted puts a counter before the decoder.
func (d *desk) counted() *decodings {
	n, decode := &decodings{}, table.Read
	d.table = func(ctx context.Context, src table.Source, name string, l table.Limits) (*table.File, []schema.Problem, error) {
		n.calls++
		n.Source = src
		file, problems, err := decode(ctx, n, name, l)
		n.files = append(n.files, file)
		return file, problems, err
	}
	return n
}

// once checks that one file of so many bytes was decoded, its bytes and each of
// its rows one time.
func (n *decodings) once(t *testing.T, what string, size int) {
	t.Helper()
	if n.calls != 1 || n.read != int64(size) {
		t.Errorf("%s: decoded %d times, %d bytes read of %d", what, n.calls, n.read, size)
	}
	for _, file := range n.files {
		for _, tab := range file.Tables {
			if tab.Decoded != 1 {
				t.Errorf("%s: the rows of %q were decoded %d times", what, tab.Sheet, tab.Decoded)
			}
		}
	}
	*n = decodings{}
}

func TestAFileIsDecodedOnceHoweverItIsLookedAt(t *testing.T) {
	for name, l := range layouts(t) {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			n := d.counted()
			submission := func() Submission {
				return Submission{Feed: schema.Feed{Name: "accounts"}, Name: l.file, Body: bytes.NewReader(l.body), Answers: l.answers, Actor: "desk"}
			}
			for what, do := range map[string]func() (schema.Receipt, error){
				"a preview": func() (schema.Receipt, error) {
					p, err := d.Preview(t.Context(), submission())
					return p.Receipt, err
				},
				"a look": func() (schema.Receipt, error) {
					seen, err := d.Look(t.Context(), submission())
					if err == nil && (len(seen.Sheets) == 0 || seen.New != l.figures) {
						err = fmt.Errorf("%d sheets, %d new figures of %d", len(seen.Sheets), seen.New, l.figures)
					}
					return seen.Receipt, err
				},
			} {
				if r, err := do(); err != nil || r.Accepted != l.figures {
					t.Errorf("%s: %s, %v", what, counts(r), err)
				}
				n.once(t, what, len(l.body))
			}
			receipt, err := d.Run(t.Context(), submission())
			if err != nil || receipt.Accepted != l.figures {
				t.Fatalf("the load: %s, %v", counts(receipt), err)
			}
			n.once(t, "a load", len(l.body))
			snap, err := d.o.Snapshots.Open(receipt.Snapshot)
			if err != nil {
				t.Fatal(err)
			}
			defer snap.Close()
			if found, err := d.Trace(t.Context(), snap, schema.Feed{Name: "accounts"}, receipt, d.shelf.rows[0].Cell); err != nil || !found.Found {
				t.Errorf("the trace: %+v, %v", found, err)
			}
			n.once(t, "a trace", len(l.body))
		})
	}
}

func TestAFileIsDecodedOnceAlsoWhereAnswersAreRemembered(t *testing.T) {
	d := newDesk(t)
	d.send(t, units(1), answer("unit.ai-compute=PFlops", "unit.high-standard-farmland=万亩"))
	n := d.counted()
	if seen, err := d.Look(t.Context(), Submission{Feed: schema.Feed{Name: "accounts"}, Name: "p.csv", Body: strings.NewReader(units(2))}); err != nil || counts(seen.Receipt) != "accepted 2+0=0-0" {
		t.Errorf("the look: %s, %v", counts(seen.Receipt), err)
	}
	n.once(t, "a look", len(units(2)))
	if r := d.send(t, units(2)); counts(r) != "accepted 2+0=0-0" {
		t.Errorf("the load: %s", counts(r))
	}
	n.once(t, "a load", len(units(2)))
}

func TestAPersonsEditsLieBetweenTheTableAndItsReading(t *testing.T) {
	d := newDesk(t)
	text := head + "gdp,210200,2024,l0,亿元,,P,,2025-01\ngdp,210200,2023,9,亿元,,A,,2024-01\n"
	edits := func(s *Submission) {
		s.Edits = []table.Edit{{Cell: "D2", Text: "11"}, {Cell: "D3", Text: "9.5"}, {Cell: "D2", Text: "10.0"}}
	}
	if r := d.send(t, text); r.Status != schema.Refused {
		t.Fatalf("without edits: %s", counts(r))
	}
	s := Submission{Feed: schema.Feed{Name: "accounts"}, Name: "feed.csv", Body: strings.NewReader(text)}
	edits(&s)
	seen, err := d.Look(t.Context(), s)
	if err != nil || counts(seen.Receipt) != "accepted 2+0=0-0" || seen.Rows[0].Value != "10.0" || seen.Sheets[0].Rows[1].Cells[3] != "10.0" {
		t.Errorf("the look: %s, %+v, %v", counts(seen.Receipt), seen.Rows, err)
	}
	r := d.send(t, text, edits)
	if counts(r) != "accepted 2+0=0-0" || d.shelf.rows[0].Value.String() != "9.5" || d.shelf.rows[1].Value.String() != "10.0" {
		t.Errorf("the load: %s, %+v", counts(r), d.shelf.rows)
	}
	for _, e := range []table.Edit{{Cell: "Z2"}, {Cell: "D9"}, {Sheet: "another", Cell: "D2"}, {Cell: ""}, {Cell: "2"}} {
		s.Body, s.Edits = strings.NewReader(text), []table.Edit{e}
		if _, err := d.Preview(t.Context(), s); !errors.Is(err, table.ErrNoCell) {
			t.Errorf("%+v: %v", e, err)
		}
	}
}
