package upload

import (
	"strings"
	"testing"
)

func TestAFormCarriesItsTokenDifferentlyEveryTimeAndOnlyThatOneCounts(t *testing.T) {
	token := secret()
	one, two := veil(token), veil(token)
	if one == two || strings.Contains(one, token) {
		t.Errorf("two forms carry %q and %q", one, two)
	}
	if !carries(one, token) || !carries(two, token) {
		t.Error("a form's own token does not count")
	}
	for name, field := range map[string]string{"nothing": "", "the bare token": token, "another's": veil(secret()), "half": one[:len(one)/2], "no hex": strings.Repeat("x", len(one))} {
		if carries(field, token) {
			t.Errorf("%s counts", name)
		}
	}
	if carries(veil(""), "") {
		t.Error("nothing counts where there is no token")
	}
}
