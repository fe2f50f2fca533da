package schema

import "time"

// Turn is a change of a verdict's status as it was told at the time: by a run
// of the comparator, on what was known then.
type Turn struct {
	Scope  Scope     `json:"scope"`
	Day    Date      `json:"day"`  // as of which it was judged
	At     time.Time `json:"at"`   // of the run
	From   Status    `json:"from"` // empty: the first that was told
	To     Status    `json:"to"`
	Cause  string    `json:"cause"` // one of Causes; empty for the first
	Value  *Decimal  `json:"value"` // judged, in the target's unit; nil when there was none
	Period Period    `json:"period"`
}
