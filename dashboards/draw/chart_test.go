package draw

import "testing"

func TestTicksAreRound(t *testing.T) {
	for f, want := range map[float64]float64{.9: 1, 1: 1, 1.1: 2, 3: 5, 7: 10, 100: 100, 120: 200, .03: .05} {
		if got := NiceStep(f); got/want < .999 || got/want > 1.001 {
			t.Errorf("a step of %v becomes %v, want %v", f, got, want)
		}
	}
	if got := TickText(.30000000000000004, .1); got != "0.3" {
		t.Errorf("a tick reads %s", got)
	}
	if got := TickText(1000, 500); got != "1000" {
		t.Errorf("a tick reads %s", got)
	}
}
