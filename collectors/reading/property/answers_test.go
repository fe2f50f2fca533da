package property

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"yardstick/collectors/pipeline"
	"yardstick/schema"
)

// rounds are how often a file may be asked about: what an answer opens is asked
// once more.
const rounds = 3

// walk answers whatever is asked of a table with the n-th of its candidates, and
// where there is none with the truth, and says what went wrong: "" nothing.
// asked is false where the table asks nothing.
func walk(ctx context.Context, p *pipeline.Pipeline, s spec, n int) (wrong, full string, asked bool, most int, err error) {
	name, body, _ := s.make()
	given := map[string]string{}
	for round := range rounds + 1 {
		got, err := p.Preview(ctx, pipeline.Submission{Name: name, Body: bytes.NewReader(body), Answers: given})
		if err != nil {
			return "", "", false, 0, fmt.Errorf("%s: %w", s, err)
		}
		r := got.Receipt
		switch {
		case r.Status == schema.Accepted:
			return "", "", round > 0, most, nil
		case len(r.Problems) > 0 && round == 0:
			return "", "", false, 0, nil // the file itself must be changed
		case len(r.Problems) > 0:
			for _, q := range r.Problems {
				full += "! " + q.Zh + "\n"
			}
			return refused(r, given), full, true, most, nil
		}
		for _, q := range r.Questions {
			full += fmt.Sprintf("? %s %v: %s\n", q.Key, q.Candidates, q.Zh)
			if _, again := given[q.Key]; again {
				return "asked again: " + q.Code, full, true, most, nil
			}
			if len(q.Candidates) == 0 && q.Form.Zh == "" && !strings.Contains(q.Zh, q.Key) {
				return "neither candidates nor the form of an answer: " + q.Code, full, true, most, nil
			}
			given[q.Key] = s.answer(q, n)
			full += fmt.Sprintf("= %s\n", given[q.Key])
			most = max(most, len(q.Candidates))
		}
	}
	return fmt.Sprintf("still asked after %d rounds", rounds), full, true, most, nil
}

// refused is what a file is refused for that was asked about before.
func refused(r schema.Receipt, given map[string]string) string {
	for _, p := range r.Problems {
		for key, answer := range given {
			if p.Written != "" && p.Written == answer {
				kind, _, _ := strings.Cut(key, ".")
				return "refused for the answer to " + kind + ": " + p.Code
			}
		}
	}
	var codes, keys []string
	for _, p := range r.Problems {
		codes = append(codes, p.Code)
	}
	for key := range given {
		kind, _, _ := strings.Cut(key, ".")
		keys = append(keys, kind)
	}
	slices.Sort(codes)
	slices.Sort(keys)
	return "refused once " + strings.Join(slices.Compact(keys), ", ") + " was answered: " + strings.Join(slices.Compact(codes), " ")
}

// answer is the n-th candidate of a question, or what the table's author knows.
func (s spec) answer(q schema.Question, n int) string {
	if len(q.Candidates) > 0 {
		return q.Candidates[n%len(q.Candidates)]
	}
	kind, about, _ := strings.Cut(q.Key, ".")
	switch kind {
	case "indicator":
		return s.inds[0].name
	case "region":
		return s.regions[0]
	case "period":
		if m := s.times[0]; m.basis == schema.YearToDate {
			return m.text
		}
		return s.times[0].period.String()
	case "year":
		return fmt.Sprint(s.times[0].period.First().Year)
	case "unit":
		for _, i := range s.inds {
			if strings.Contains(about, i.name) || slices.ContainsFunc(q.About, func(a string) bool { return strings.Contains(a, i.name) }) {
				return i.unit
			}
		}
		return s.inds[0].unit
	}
	return "ignore"
}

// Whatever is offered as an answer leads in: no question comes twice, no answer
// that was offered is refused, and every question says how it is answered.
//
// go test ./collectors/reading/property -run OfferedLeadsIn -v
func TestWhateverIsOfferedLeadsIn(t *testing.T) {
	tables, seed := setting(t, "READING_TABLES", 2000), setting(t, "READING_SEED", 1)
	var mu sync.Mutex
	asking, walks, examples := 0, 0, map[string]*example{}
	var group sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		group.Go(func() {
			p := reader()
			for k := w; k < tables; k += workers {
				s := random(uint64(seed), uint64(k))
				for way, most := 0, 1; way < most; way++ {
					wrong, full, asked, candidates, err := walk(t.Context(), p, s, way)
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					most = max(most, min(candidates, 12))
					if asked {
						walks++
						if way == 0 {
							asking++
						}
					}
					if wrong != "" {
						if examples[wrong] == nil {
							examples[wrong] = &example{spec: s, way: way, verdict: verdict{kind: "answers", why: wrong, full: full}}
						}
						examples[wrong].count++
					}
					mu.Unlock()
				}
			}
		})
	}
	group.Wait()
	t.Logf("of %d tables %d ask; they were answered in %d ways", tables, asking, walks)
	if asking == 0 {
		t.Error("no table asks anything")
	}
	shown := setting(t, "READING_EXAMPLES", 60)
	for _, e := range ranked(examples)[:min(shown, len(examples))] {
		s, full := e.spec, e.verdict.full
		for again := true; again; {
			again = false
			for _, c := range s.smaller() {
				wrong, f, _, _, err := walk(t.Context(), reader(), c, e.way)
				if err != nil {
					t.Fatal(err)
				}
				if wrong == e.verdict.why {
					s, full, again = c, f, true
					break
				}
			}
		}
		_, _, b := s.make()
		t.Errorf("%s (%d times, such as the candidates %d)\n%s\n%s\n%s", e.verdict.why, e.count, e.way, s, b.csv(false), full)
	}
	if len(examples) > shown {
		t.Errorf("and %v", slices.Sorted(maps.Keys(examples)))
	}
}
