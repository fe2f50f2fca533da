package property

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// setting is a whole number of the environment.
func setting(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	v, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return v
}

// tally counts what became of the tables of one shape.
type tally struct {
	tables, open, straight, silent int
	why                            map[string]int // of what is asked though nothing lacks
}

type example struct {
	spec    spec
	verdict verdict
	shape   string
	count   int
	way     int // which candidates were chosen
}

// Tables of every shape, with what they say: none is taken wrongly in silence,
// and of those that lack nothing at least four in five go straight through.
//
// go test ./collectors/reading/property -run MadeUpTables -v
//
// READING_TABLES says how many, READING_SEED from which seed, READING_SHAPE
// of which shape alone, READING_EXAMPLES how many of each verdict are shown.
func TestMadeUpTablesAreTakenRightlyOrAskedAbout(t *testing.T) {
	tables, seed, only := setting(t, "READING_TABLES", 2000), setting(t, "READING_SEED", 1), os.Getenv("READING_SHAPE")
	var mu sync.Mutex
	counts, examples := map[string]*tally{}, map[string]*example{}
	var group sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		group.Go(func() {
			p := reader()
			for k := w; k < tables; k += workers {
				s := random(uint64(seed), uint64(k))
				if only != "" && s.shape != only {
					continue
				}
				v, err := judge(t.Context(), p, s)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				add(counts, examples, s, v)
				mu.Unlock()
			}
		})
	}
	group.Wait()
	all := &tally{}
	for _, c := range counts {
		all.tables, all.open, all.straight, all.silent = all.tables+c.tables, all.open+c.open, all.straight+c.straight, all.silent+c.silent
	}
	t.Log(table(counts, all))
	shown := setting(t, "READING_EXAMPLES", 60)
	for _, e := range ranked(examples) {
		if shown--; shown < 0 {
			t.Log("more kinds are not shown: READING_EXAMPLES")
			break
		}
		s, v, err := shrunk(t.Context(), reader(), e.spec, e.verdict)
		if err != nil {
			t.Fatal(err)
		}
		_, _, b := s.make()
		say := t.Logf
		if v.kind == silent || v.kind == unsaid {
			say = t.Errorf
		}
		say("%s (%d times, %s): %s\n%s\n%s\n%s", v.kind, e.count, e.shape, v.why, s, b.csv(false), v.full)
	}
	if closed := all.tables - all.open; all.straight*5 < closed*4 {
		t.Errorf("of %d tables that lack nothing %d go straight through", closed, all.straight)
	}
}

func add(counts map[string]*tally, examples map[string]*example, s spec, v verdict) {
	c := counts[s.shape]
	if c == nil {
		c = &tally{why: map[string]int{}}
		counts[s.shape] = c
	}
	c.tables++
	switch {
	case v.kind == silent || v.kind == unsaid:
		c.silent++
		if v.open {
			c.open++
		}
	case v.open:
		c.open++
	case v.kind == straight:
		c.straight++
	default:
		c.why[v.why]++
	}
	if v.kind != silent && v.kind != unsaid && v.kind != needless {
		return
	}
	key := v.kind + s.shape + v.why
	if examples[key] == nil {
		examples[key] = &example{spec: s, verdict: v, shape: s.shape}
	}
	examples[key].count++
}

// ranked are the examples, the silent first, then the most frequent.
func ranked(examples map[string]*example) []*example {
	return slices.SortedFunc(maps.Values(examples), func(a, b *example) int {
		return cmp.Or(cmp.Compare(a.verdict.kind, b.verdict.kind), b.count-a.count, cmp.Compare(a.shape+a.verdict.why, b.shape+b.verdict.why))
	})
}

// table is the distribution by shape.
func table(counts map[string]*tally, all *tally) string {
	var out strings.Builder
	line := func(name string, c *tally) {
		share := "—"
		if closed := c.tables - c.open; closed > 0 {
			share = fmt.Sprintf("%d %%", c.straight*100/closed)
		}
		fmt.Fprintf(&out, "%-16s %6d %6d %6d %9d %8s", name, c.tables, c.silent, c.open, c.straight, share)
		why := slices.SortedFunc(maps.Keys(c.why), func(a, b string) int { return cmp.Or(c.why[b]-c.why[a], cmp.Compare(a, b)) })
		for _, w := range why[:min(3, len(why))] {
			fmt.Fprintf(&out, "  %d× %s", c.why[w], w)
		}
		out.WriteString("\n")
	}
	fmt.Fprintf(&out, "\n%-16s %6s %6s %6s %9s %8s  asked though nothing lacks\n", "shape", "tables", "silent", "open", "straight", "share")
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		line(name, counts[name])
	}
	line("all", all)
	return out.String()
}
