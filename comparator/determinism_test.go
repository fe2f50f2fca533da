package comparator_test

import (
	"math/rand/v2"
	"reflect"
	"testing"
)

// The same case has the same verdict, to the last field, however often it is
// judged: nothing may depend on the order in which a map is walked.
func TestTheSameCaseHasTheSameVerdict(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for range 2 * rounds {
		c := anyCase(t, r)
		v := judge(t, c)
		for range 8 {
			if w := judge(t, c); !reflect.DeepEqual(v, w) {
				t.Fatalf("first\n%+v\nthen\n%+v", v, w)
			}
		}
	}
}
