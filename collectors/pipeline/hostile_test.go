package pipeline

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"yardstick/collectors/source"
	"yardstick/schema"
)

// Hostile files are refused with a sentence, soon, and do not fill the memory.
func TestHostileFilesAreRefusedSoonAndCheaply(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		most uint64 // things made: about twice as many as are today
	}{
		"a huge quote never closed":        {head + "gdp,\"" + strings.Repeat("大连,\n", 200_000), 20_000},
		"one line without an end":          {head + strings.Repeat("x", 8<<20), 20_000},
		"a row of a million cells":         {head + strings.Repeat(",", 1_000_000), 20_000},
		"thousands of columns, no header":  {strings.Repeat(strings.Repeat("a,", 2000)+"\n", 300), 70_000_000},
		"names nobody knows, all distinct": {head + distinct(12_000), 8_000_000},
		"blank lines alone":                {strings.Repeat("\r\n", 100_000), 2_000_000},
		"a long name in every row":         {head + strings.Repeat(strings.Repeat("名", 5000)+",210200,2024,1,亿元,,,,\n", 300), 60_000},
		"a number of many digits":          {head + "gdp,210200,2024," + strings.Repeat("9", 100_000) + ",亿元,,,,\n", 20_000},
		"an exponent far away":             {head + "gdp,210200,2024,1e999999999,亿元,,,,\n", 20_000},
		"brackets upon brackets":           {head + strings.Repeat("(", 40_000) + strings.Repeat(")", 40_000) + ",210200,2024,1,亿元,,,,\n", 20_000},
		"headers upon headers":             {strings.Repeat("指标,", 16_000) + "指标\n", 2_000_000},
	} {
		t.Run(name, func(t *testing.T) {
			d, text := newDesk(t), c.text
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			read := 0
			r := d.send(t, text, func(s *Submission) { s.AcceptValid, s.Body = true, counted{s.Body, &read} })
			runtime.ReadMemStats(&after)
			if r.Status != schema.Refused || len(r.Problems) == 0 || len(r.Problems) > 10_001 {
				t.Errorf("%s with %d problems", r.Status, len(r.Problems))
			}
			for _, p := range r.Problems {
				if len(p.Zh) > 2000 || len(p.Written) > 400 {
					t.Fatalf("a sentence of %d bytes", len(p.Zh))
				}
			}
			// How long it takes is counted, not timed: what is read, made and asked for.
			made, bytes := after.Mallocs-before.Mallocs, after.TotalAlloc-before.TotalAlloc
			if read != len(text) || made > c.most || bytes > bytesAThing*c.most+16*uint64(len(text)) || after.HeapAlloc > before.HeapAlloc+300<<20 {
				t.Errorf("it cost too much; %d things were allowed", c.most)
			}
			t.Logf("%d KiB: read %d KiB, made %d things of %d MiB together, %d left", len(text)>>10, read>>10, made, bytes>>20, int64(after.HeapAlloc-before.HeapAlloc)>>20)
		})
	}
}

// counted counts what is read through it.
type counted struct {
	io.Reader
	n *int
}

func (c counted) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	*c.n += n
	return n, err
}

func distinct(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "指标%d,地区%d,2024,1,亿元,,,,\n", i, i)
	}
	return b.String()
}

func FuzzRun(f *testing.F) {
	f.Add([]byte(tenFaults))
	f.Add([]byte("指标;地区;时期;数值\ngdp;大连;上半年;1,234\n"))
	f.Add([]byte("\xef\xbb\xbfindicator\tregion\tperiod\tvalue\tunit\tpublished\ngdp\t210200\t2024\t９，５１６．９\t亿元\t2025-01\n"))
	f.Add([]byte(head + "国内生产总值(亿元),大连市,2025年1-9月,—,,累计,,,\n注：a,b\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		d := newDesk(t)
		d.o.Snapshots = source.Snapshots{Dir: t.TempDir()}
		r, err := d.Run(t.Context(), Submission{Feed: schema.Feed{Name: "accounts"}, Name: "f.csv", Body: strings.NewReader(string(data))})
		if err != nil {
			t.Fatal(err)
		}
		in := r.Status == schema.Accepted
		if in != (len(d.shelf.rows) > 0) || len(d.shelf.rows) != r.Accepted+r.Revised {
			t.Fatalf("%s with %d rows stored", counts(r), len(d.shelf.rows))
		}
		if r.Status == schema.Failed || in && len(r.Problems)+len(r.Questions) > 0 || r.Status == schema.Refused && len(r.Problems) == 0 || r.Status == schema.Asked && len(r.Questions) == 0 {
			t.Fatalf("%+v", r)
		}
		for _, p := range r.Problems {
			if p.Zh == "" || p.En == "" || p.Code == "" {
				t.Fatalf("%+v", p)
			}
		}
		for _, o := range d.shelf.rows {
			if o.Period.IsZero() || !o.Basis.Valid() || !o.Status.Valid() || o.PublishedAt.IsZero() || o.Unit == "" || o.Value != nil && !o.Value.Fits(38, 10) {
				t.Fatalf("%+v", o)
			}
		}
	})
}
