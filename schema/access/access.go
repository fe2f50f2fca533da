// Package access says who may do what: the same small policy for whoever comes
// over HTTP with a token and for whoever gives commands on the data folder.
package access

import (
	"errors"
	"slices"

	"yardstick/schema"
	"yardstick/schema/words"
)

// ErrDenied is wrapped by every refusal here; the error around it is a
// *words.Error that says why, and what to do.
var ErrDenied = errors.New("not permitted")

// Role is what somebody does with figures.
type Role string

// The roles. A reviewer may hand in too, but never reviews his own.
const (
	Reporter Role = "reporter" // hands in, answers, withdraws before review
	Reviewer Role = "reviewer" // also reviews, locks, reopens, withdraws
)

// Valid reports whether r is a role.
func (r Role) Valid() bool { return r == Reporter || r == Reviewer }

// Identity is who wants to do something. The name is a person's; feeds belong
// to an office, so that a person who leaves takes nothing along.
type Identity struct {
	Name   string
	Office string   // whose feeds he may use; "" all offices'
	Feeds  []string // narrows it further; empty: all of them
	Role   Role
}

// Local is who gives commands on the data folder itself: he owns it, so that
// only what holds for everybody holds for him.
func Local(name string) Identity { return Identity{Name: name, Role: Reviewer} }

// Reviews reports whether he reviews what others hand in, locks and reopens.
func (i Identity) Reviews() bool { return i.Role == Reviewer }

func denied(id string, args ...any) error { return words.Fail(ErrDenied, id, args...) }

// Uses reports whether the feed is one of those he may use. One that belongs to
// no office is everybody's.
func (i Identity) Uses(f schema.Feed) bool {
	return (i.Office == "" || f.Office == "" || f.Office == i.Office) && (len(i.Feeds) == 0 || slices.Contains(i.Feeds, f.Name))
}

// Use refuses handing in files, answers and attachments for a feed that is not
// his, and a look at its receipts whose figures are not in force yet.
func (i Identity) Use(f schema.Feed) error {
	if !i.Uses(f) {
		return denied("access-feed", "name", i.Name, "feed", f.Name)
	}
	return nil
}

// reviewer refuses who may not review that feed.
func (i Identity) reviewer(f schema.Feed) error {
	if !i.Reviews() {
		return denied("access-reviewer", "name", i.Name)
	}
	return i.Use(f)
}

// Withdraw refuses taking back a receipt: a reporter may before it was
// reviewed, a reviewer always.
func (i Identity) Withdraw(f schema.Feed, r schema.Receipt) error {
	if err := i.Use(f); err != nil {
		return err
	}
	if !i.Reviews() && r.Reviewer != "" {
		return denied("access-reviewed", "id", r.ID, "reviewer", r.Reviewer)
	}
	return nil
}

// Review refuses approving or rejecting a receipt. Nobody reviews what he
// handed in himself.
func (i Identity) Review(f schema.Feed, r schema.Receipt) error {
	if err := i.reviewer(f); err != nil {
		return err
	}
	if i.Name == "" || i.Name == r.Actor {
		return denied("access-own", "id", r.ID, "name", i.Name)
	}
	return nil
}

// Everywhere is the feed that stands for all of them.
func Everywhere() schema.Feed { return schema.Feed{Name: "*"} }

// Lock refuses locking or reopening a period of a feed, or of all of them.
func (i Identity) Lock(f schema.Feed) error {
	if f.Name == Everywhere().Name && (i.Office != "" || len(i.Feeds) > 0) {
		return denied("access-all-feeds", "name", i.Name)
	}
	return i.reviewer(f)
}

// Speak refuses a statement on a target: its owner's office makes it, and who
// answers for all offices; where no office is named, a reviewer does.
func (i Identity) Speak(t schema.Target) error {
	all := i.Office == "" && len(i.Feeds) == 0
	switch {
	case i.Name == "":
		return denied("statement-nameless")
	case t.Office == "" && i.Reviews(), t.Office != "" && (all || i.Office == t.Office):
		return nil
	case t.Office == "":
		return denied("statement-ownerless", "name", i.Name, "target", t.ID)
	}
	return denied("statement-not-yours", "name", i.Name, "target", t.ID, "office", t.Office)
}
