package web

import (
	"slices"
	"strconv"
	"strings"

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
