package schema

import "time"

// Statement is what the owner of a target says of it (情况说明): why it stands
// as it does, what is being done, and the day it is promised to be mended by.
// It changes no verdict; it is shown beside it.
type Statement struct {
	Policy   string    `json:"policy"`
	Target   string    `json:"target"`
	Cause    string    `json:"cause"`    // 原因
	Measures string    `json:"measures"` // 措施
	Promised Date      `json:"promised"` // 承诺日期; zero when none is promised
	By       string    `json:"by"`       // who entered it
	Office   string    `json:"office"`   // for which office
	At       time.Time `json:"at"`
	Seq      uint64    `json:"seq"` // the ledger's
}
