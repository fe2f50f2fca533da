package web

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"yardstick/schema"
	"yardstick/schema/figure"
)

// ReceiptRow is one receipt in a few words.
type ReceiptRow struct {
	ID, Href, Word, Shape, File, Received, Counts, Trouble string
	Synthetic                                              bool
}

// StateBadge is a receipt's status in the shapes and hues of the board.
func (f *Frame) StateBadge(s schema.ReceiptStatus) figure.Badge {
	return figure.Badge{Shape: string(s.Drawn()), Word: f.Say(s.Label())}
}

// ReceiptBadge is StateBadge of a receipt; of a waiting one it says what for.
func (f *Frame) ReceiptBadge(r schema.Receipt) figure.Badge {
	return figure.Badge{Shape: string(r.Status.Drawn()), Word: f.Say(r.Label())}
}

// Counts says what became of a receipt's figures.
func (f *Frame) Counts(r schema.Receipt) string {
	return f.T("board-receipt-counts", "accepted", r.Accepted, "revised", r.Revised, "unchanged", r.UnchangedN, "rejected", r.Rejected)
}

// Cells says how the cells of a receipt's file ended, "" where that was not counted.
func (f *Frame) Cells(r schema.Receipt) string {
	if r.Cells == nil {
		return ""
	}
	return f.T("receipt-cells", r.Cells.Counted()...)
}

// ReceiptRow is the receipt for a list.
func (f *Frame) ReceiptRow(r schema.Receipt) ReceiptRow {
	out := ReceiptRow{
		ID: r.ID, Href: f.ReceiptLink(r.ID), Word: f.Say(r.Label()), Shape: string(r.Status.Drawn()),
		File: r.File, Received: f.Time(r.ReceivedAt), Synthetic: r.Synthetic,
		Counts: f.Counts(r),
	}
	switch {
	case len(r.Problems) > 0 && len(r.Questions) > 0:
		out.Trouble = f.T("board-receipt-both", "problems", len(r.Problems), "questions", len(r.Questions))
	case len(r.Problems) > 0:
		out.Trouble = f.T("board-receipt-problems", "n", len(r.Problems))
	case len(r.Questions) > 0:
		out.Trouble = f.T("board-receipt-questions", "n", len(r.Questions))
	}
	return out
}

// Place says where in the file a problem stands, as far as it is known.
func (f *Frame) Place(p schema.Problem) string {
	var parts []string
	if p.Sheet != "" {
		parts = append(parts, f.T("board-place-sheet", "sheet", p.Sheet))
	}
	if p.Line > 0 {
		parts = append(parts, f.T("board-place-line", "line", p.Line))
	}
	if p.Column > 0 {
		parts = append(parts, f.T("board-place-column", "column", p.Column))
	}
	if p.Cell != "" {
		parts = append(parts, f.T("board-place-cell", "cell", p.Cell))
	}
	if len(parts) == 0 {
		return "—"
	}
	return strings.Join(parts, f.T("board-comma"))
}

// Number is a count in digits.
func (f *Frame) Number(n int) string { return strconv.Itoa(n) }

// Clause names a clause of the policy.
func (f *Frame) Clause(n int) string { return f.T("board-clause", "n", n) }

// SayBeside says on a page about one thing whether that is synthetic, in the
// sentence of this id, or else whether what stands beside it rests on synthetic
// figures.
func (f *Frame) SayBeside(synthetic bool, id string, verdicts []schema.Verdict) {
	if !synthetic {
		id = "board-banner-receipts"
		if !slices.ContainsFunc(verdicts, func(v schema.Verdict) bool { return v.Marks.Synthetic }) {
			return
		}
	}
	f.Banner = append([]string{f.T(id)}, f.Banner...)
}

// Said is what an owner says of a target, as pages show it.
type Said struct {
	Frame           *Frame
	Cause, Measures []string // lines
	Withdrawn       string   // why it was taken back
	Promise, Late   string   // the day and how far it is; whether it is after the deadline
	Broken          bool     // the day is past and the target still behind or at risk
	By              string
	Synthetic       bool
}

// Said words a statement on a target that stands so, as of a day.
func (f *Frame) Said(s schema.Statement, t schema.Target, v schema.Verdict, asOf schema.Date) Said {
	out := Said{Frame: f, Cause: strings.Split(s.Cause, "\n"), Measures: strings.Split(s.Measures, "\n"), Withdrawn: s.Withdrawn, Synthetic: s.Synthetic}
	promise, broken := figure.Promise(s.Promised, asOf, v)
	out.Promise, out.Broken = f.Say(promise), broken
	if late, ok := figure.AfterDeadline(s.Promised, t.Deadline); ok {
		out.Late = f.Say(late)
	}
	out.By = f.Say(figure.SaidBy(s, t))
	return out
}

// Earlier leaves of a statement that was replaced the day that was promised.
func (s Said) Earlier(promised schema.Date) Said {
	if s.Broken = false; !promised.IsZero() {
		s.Promise = promised.String()
	}
	return s
}

// Contact is whom to ask about a target, with the telephone number in it.
type Contact struct{ Label, Before, Number, After string }

// Contact is whom to ask about a target; nothing when nobody is named.
func (f *Frame) Contact(t schema.Target) Contact {
	c := ContactOf(t.Contact)
	c.Label = f.T("board-f-contact")
	return c
}

// Digits are the number as a telephone dials it.
func (c Contact) Digits() string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, c.Number)
}

var digits = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[+0-9][-0-9 –()（）]*`) })

// ContactOf finds the telephone number in a contact: at least seven digits with
// what people write between them. An extension (转 8012) stays behind it.
func ContactOf(text string) Contact {
	for _, at := range digits().FindAllStringIndex(text, -1) {
		c := Contact{Before: text[:at[0]], Number: strings.TrimRight(text[at[0]:at[1]], " -–()（）")}
		if n := len(strings.TrimPrefix(c.Digits(), "+")); n >= 7 && n <= 15 {
			c.After = text[at[0]+len(c.Number):]
			return c
		}
	}
	return Contact{Before: text}
}
