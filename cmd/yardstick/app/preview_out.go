package app

import (
	"fmt"
	"io"
	"strings"
	"time"

	"yardstick/schema"
)

// printReceipt writes a receipt for people: status, counts, what changed, and
// every problem and question with its place.
func printReceipt(w io.Writer, r schema.Receipt, say func(id string, args ...any) string, lang string) {
	fmt.Fprintln(w, say("receipt-line", "id", orDash(r.ID), "file", r.File, "status", r.Label().In(lang),
		"accepted", r.Accepted, "revised", r.Revised, "unchanged", r.UnchangedN, "rejected", r.Rejected))
	if r.Status == schema.Pending && r.Waits == schema.WaitsRelease {
		fmt.Fprintln(w, "  "+say("receipt-release")+" "+r.ReleaseAt.Format(time.RFC3339))
	}
	if r.SameAs != "" {
		fmt.Fprintln(w, "  "+say("receipt-same", "id", r.SameAs))
	}
	for _, c := range r.Changes {
		if c.Old == nil && c.New == nil {
			continue
		}
		line := say("receipt-change", "indicator", c.Indicator, "region", c.Region, "period", c.Period, "old", shown(c.Old), "new", shown(c.New))
		if c.Hidden {
			line += " " + say("receipt-hidden")
		}
		fmt.Fprintln(w, "  "+line)
	}
	for _, p := range r.Problems {
		fmt.Fprintln(w, "  "+place(p)+p.In(lang))
	}
	for _, q := range r.Questions {
		fmt.Fprintln(w, "  "+place(q.Problem)+q.In(lang)+" "+say("receipt-answer", "key", q.Key))
	}
}

func shown(d *schema.Decimal) string {
	if d == nil {
		return "-"
	}
	return d.String()
}

// place is where a problem stands: sheet, line, column, cell.
func place(p schema.Problem) string {
	var parts []string
	if p.Sheet != "" {
		parts = append(parts, p.Sheet)
	}
	if p.Line > 0 {
		parts = append(parts, fmt.Sprintf("%d:%d", p.Line, p.Column))
	}
	if p.Cell != "" {
		parts = append(parts, p.Cell)
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, " ") + "  "
}
