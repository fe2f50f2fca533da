package pipeline

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"yardstick/collectors/source"
	"yardstick/collectors/validate"
	"yardstick/schema"
	"yardstick/schema/vintage"
)

// large writes a tidy file of n figures: months of 20 indicators in 10 regions.
func large(n int, add float64) string {
	var b strings.Builder
	b.WriteString("indicator,region,period,value,published\n")
	codes := []string{"ai-compute", "high-standard-farmland", "urban-village-projects", "urban-village-households", "fair-price-shops",
		"minimum-down-payment", "tech-sme-npl-tolerance", "open-bid-subsidy-cap", "spring-events"}
	regions := []string{"210202", "210203", "210204", "210211", "210212", "210213", "210214", "210224", "210281", "210283"}
	start := schema.Month(1900, 1)
	for i := range n {
		series, step := i%(len(codes)*len(regions)), i/(len(codes)*len(regions))
		p := start.Add(step % 1500)
		value := 20 + add + 5*float64(step%7)/7
		fmt.Fprintf(&b, "%s,%s,%s,%.1f,%s\n", codes[series%len(codes)], regions[series/len(codes)], p, value, p.Last().AddDays(10+step/1500))
	}
	return b.String()
}

// BenchmarkLoad loads 200,000 figures: into an empty store, and as revisions of
// as many held ones.
func BenchmarkLoad(b *testing.B) {
	const n = 200_000
	first, second := large(n, 0), large(n, .1)
	for name, texts := range map[string][]string{"new": {first}, "revised": {first, second}} {
		b.Run(name, func(b *testing.B) {
			for range b.N {
				b.StopTimer()
				d := newDesk(b)
				d.o.Snapshots = source.Snapshots{Dir: b.TempDir()}
				for i, text := range texts {
					if i == len(texts)-1 {
						b.StartTimer()
					}
					if r := d.send(b, text); r.Status != schema.Accepted {
						b.Fatalf("%s %.500s %.500s", counts(r), fmt.Sprint(r.Problems), fmt.Sprint(r.Questions))
					}
				}
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "figures/s")
		})
	}
}

// BenchmarkChecks shows what the checks against the past cost beside the
// comparison with what is held, which was done before they came: the ratio is
// both over the comparison alone.
func BenchmarkChecks(b *testing.B) {
	const n = 200_000
	d := newDesk(b)
	d.o.Snapshots = source.Snapshots{Dir: b.TempDir()}
	d.send(b, large(n, 0))
	held := slices.Clone(d.shelf.rows)
	s := Submission{Feed: schema.Feed{Name: "accounts"}, Name: "f.csv", Actor: "desk"}
	r, err := d.begin(s, d.now)
	if err != nil {
		b.Fatal(err)
	}
	text := strings.NewReader(large(n, .1))
	u, r, err := d.decode(b.Context(), text, s, r, watcher{})
	if err != nil || len(u.rows) != n {
		b.Fatalf("%d rows, %v", len(u.rows), err)
	}
	var c vintage.Weighed
	b.Run("comparison", func(b *testing.B) {
		for range b.N {
			c = compare(u.rows, held, r)
		}
	})
	b.Run("checks", func(b *testing.B) {
		for range b.N {
			past := validate.Past{Register: d.o.Register, Feed: r.Feed, Rows: u.rows, Places: u.places, Given: u.given, Whole: true, Held: held, Fresh: c.Fresh}
			doubts, err := d.doubts(b.Context(), past)
			if err != nil || len(doubts.Questions)+len(doubts.Problems) > 0 {
				b.Fatalf("%.500s %.500s %v", fmt.Sprint(doubts.Questions), fmt.Sprint(doubts.Problems), err)
			}
		}
	})
}
