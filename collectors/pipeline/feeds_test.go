package pipeline

import (
	"bytes"
	"encoding/csv"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"yardstick/schema"
)

const feeds = "../reading/testdata/feeds"

// figure is one line of a truth file, folded as a person would compare.
type figure struct{ indicator, region, period, basis string }

type unitValue struct{ unit, value string }

func plainText(s string) string {
	return strings.ToLower(strings.Join(strings.Fields(strings.NewReplacer("（", "(", "）", ")").Replace(s)), ""))
}

func truthOf(t *testing.T, path string) map[figure]unitValue {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := map[figure]unitValue{}
	for _, r := range rows[1:] {
		if r[4] != "" {
			k := figure{plainText(r[0]), plainText(r[2]), r[3], ""}
			if len(r) > 5 {
				k.basis = r[5]
			}
			out[k] = unitValue{plainText(r[1]), r[4]}
		}
	}
	return out
}

func equalNumbers(a, b string) bool {
	x, ok1 := new(big.Rat).SetString(a)
	y, ok2 := new(big.Rat).SetString(b)
	return ok1 && ok2 && x.Cmp(y) == 0
}

// Every made-up feed is read right and whole, or asked about, or refused, as
// its name says (ask-, no-); none is accepted with anything wrong.
func TestMadeUpFeedsAreReadRightOrNotAtAll(t *testing.T) {
	p := newDesk(t).Pipeline
	paths, err := filepath.Glob(feeds + "/*.truth.csv")
	if err != nil || len(paths) < 160 {
		t.Fatalf("%d feeds, %v", len(paths), err)
	}
	for _, truthPath := range paths {
		path := strings.TrimSuffix(truthPath, ".truth.csv")
		name := filepath.Base(path)
		t.Run(name, func(t *testing.T) {
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			seen, err := p.Preview(t.Context(), Submission{Name: name, Body: bytes.NewReader(b)})
			if err != nil {
				t.Fatal(err)
			}
			r := seen.Receipt
			want := schema.Accepted
			switch {
			case strings.HasPrefix(name, "ask-"):
				want = schema.Asked
			case strings.HasPrefix(name, "no-"):
				want = schema.Refused
			}
			if r.Status != want {
				t.Errorf("%s, want %s: %+v %+v", r.Status, want, r.Problems, r.Questions)
			}
			for _, q := range r.Questions {
				if q.Key == "" || q.Zh == "" || q.Why.Zh == "" || strings.Contains(q.Zh+q.En+q.Why.Zh, "{") || strings.HasPrefix(q.Zh, "question-") {
					t.Errorf("question %+v", q)
				}
			}
			if r.Status != schema.Accepted {
				return
			}
			truth := truthOf(t, truthPath)
			got := map[figure]bool{}
			for _, row := range seen.Rows {
				if row.Value == "" {
					continue
				}
				k := figure{plainText(row.Indicator), plainText(row.Region), row.Period, row.Basis}
				is, ok := truth[k]
				if !ok { // older truths say nothing of the basis
					k.basis = ""
					is, ok = truth[k]
				}
				if !ok {
					t.Errorf("invented %+v", row)
				} else if !equalNumbers(is.value, row.Value) || is.unit != plainText(row.Unit) {
					t.Errorf("read %+v, is %+v", row, is)
				}
				got[k] = true
			}
			for k := range truth {
				if !got[k] {
					t.Errorf("not read: %+v", k)
				}
			}
		})
	}
}
