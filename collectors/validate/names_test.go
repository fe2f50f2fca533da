package validate

import (
	"strings"
	"testing"

	"yardstick/schema/words"
)

func TestEveryKeySaysWhatAnAnswerMayBe(t *testing.T) {
	for _, key := range strings.Fields(aboutAll + " " + aboutOne) {
		if id := "form-" + key; !words.Has(id) || words.Say(id).Zh == words.Say(id).En {
			t.Errorf("there is no %s", id)
		}
	}
}

func TestDistanceCountsLetters(t *testing.T) {
	for _, c := range []struct {
		a, b string
		n    int
	}{{"", "", 0}, {"", "产值", 2}, {"产值", "", 2}, {"生产总值", "生产总直", 1}, {"生产总值", "生总产值", 2}, {"总值", "生产总值", 2}, {"kitten", "sitting", 3}, {"a", "b", 1}} {
		if n := distance([]rune(c.a), []rune(c.b)); n != c.n {
			t.Errorf("%q to %q: %d, want %d", c.a, c.b, n, c.n)
		}
	}
}
