package app

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"yardstick/collectors/desk"
	"yardstick/collectors/pipeline"
	"yardstick/collectors/table"
	"yardstick/collectors/table/refusal"
	"yardstick/schema"
	"yardstick/schema/words"
)

type previewCmd struct {
	sending
	File1 string `arg:"" name:"file" help:"The feed file. 报送文件。" type:"path"`
	Table bool   `help:"Print the table as read, before any interpretation. 只输出读到的表格。"`
}

// Run decodes and validates the file and stores nothing. Without --feed the
// reading alone is judged, and no store is needed.
func (c previewCmd) Run(ctx context.Context, r *run) (err error) {
	c.Correction, c.ReleaseAt = "", "" // they concern what is loaded
	if err := c.check(); err != nil {
		return err
	}
	file, err := os.Open(c.File1)
	if err != nil {
		return words.Fail(err, "file-unreadable", "file", c.File1)
	}
	defer file.Close()
	command := "preview"
	if c.Feed == "" {
		command = ""
	}
	in, err := openInstallation(ctx, r, command)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.close()) }()
	sub, err := c.submission(in.loc)
	if err != nil {
		return err
	}
	sub.Name, sub.Body = filepath.Base(c.File1), file
	if c.Table {
		return c.table(ctx, r, in.desk, sub)
	}
	seen, err := in.desk.Preview(ctx, sub)
	if err != nil {
		return err
	}
	if err := c.print(r, seen); err != nil {
		return err
	}
	return exitFor(seen.Receipt)
}

func (c previewCmd) print(r *run, seen pipeline.Preview) error {
	if err := c.aside(r, seen.Receipt); err != nil {
		return err
	}
	rows := func() [][]string {
		out := [][]string{{"indicator", "unit", "region", "period", "basis", "value", "status"}}
		for _, p := range seen.Rows {
			out = append(out, []string{p.Indicator, p.Unit, p.Region, p.Period, p.Basis, p.Value, p.Status})
		}
		return out
	}
	whole := map[string]any{"receipt": seen.Receipt, "rows": orEmpty(seen.Rows)}
	return r.print(answer{whole, rows, func(w io.Writer) {
		printReceipt(w, seen.Receipt, r.say, r.Lang)
		_ = csv.NewWriter(w).WriteAll(rows()) // w tells at its end what could not be written
	}})
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// table prints the tables as read: CSV, or JSON with each table's rows. An empty
// file is a table without rows, and told.
func (c previewCmd) table(ctx context.Context, r *run, d *desk.Desk, sub pipeline.Submission) error {
	file, problems, done, err := d.Tables(ctx, sub)
	if err != nil {
		return err
	}
	if r.Output == "json" {
		err = c.tableJSON(ctx, r, file, problems)
	} else {
		err = r.out(func(w io.Writer) error { return writeTables(ctx, w, file) })
	}
	if err = errors.Join(err, done()); err != nil {
		return err
	}
	for _, problem := range problems {
		fmt.Fprintln(r.Err, place(problem)+problem.In(r.Lang))
	}
	if len(problems) > 0 && problems[0].Code != refusal.Empty {
		return &exitError{code: exitRefused}
	}
	return nil
}

// filled walks the rows of a table to the last that holds anything, as a sheet ends.
func filled(ctx context.Context, t *table.Table) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		var blank [][]string
		for row, err := range t.Rows(ctx) {
			if err != nil {
				yield(nil, err)
				return
			}
			if row.Blank() {
				blank = append(blank, slices.Clone(row.Texts))
				continue
			}
			for _, texts := range append(blank, row.Texts) {
				if !yield(texts, nil) {
					return
				}
			}
			blank = blank[:0]
		}
	}
}

func writeTables(ctx context.Context, w io.Writer, file *table.File) error {
	out := csv.NewWriter(w)
	for i, t := range file.Tables {
		if i > 0 {
			if _, err := fmt.Fprintln(w); err != nil {
				return err
			}
		}
		for texts, err := range filled(ctx, t) {
			if err != nil {
				return err
			}
			if err := out.Write(texts); err != nil {
				return err
			}
		}
		out.Flush()
	}
	return out.Error()
}

func (c previewCmd) tableJSON(ctx context.Context, r *run, file *table.File, problems []schema.Problem) error {
	type sheet struct {
		Rows [][]string `json:"rows"`
	}
	out := struct {
		File     string           `json:"file"`
		Encoding string           `json:"encoding"`
		Tables   []sheet          `json:"tables"`
		Problems []schema.Problem `json:"problems"`
	}{file.Name, file.Encoding, []sheet{}, orEmpty(problems)}
	for _, t := range file.Tables {
		var s sheet
		for texts, err := range filled(ctx, t) {
			if err != nil {
				return err
			}
			s.Rows = append(s.Rows, slices.Clone(texts))
		}
		out.Tables = append(out.Tables, s)
	}
	return r.json(out)
}

// printReceipt writes a receipt for people: status, counts, what changed, and
// every problem and question with its place.
func printReceipt(w io.Writer, r schema.Receipt, say func(id string, args ...any) string, lang string) {
	fmt.Fprintln(w, say("receipt-line", "id", orDash(r.ID), "file", r.File, "status", r.Label().In(lang),
		"accepted", r.Accepted, "revised", r.Revised, "unchanged", r.UnchangedN, "rejected", r.Rejected))
	if r.Status == schema.Pending && r.Waits == schema.WaitsRelease {
		fmt.Fprintln(w, "  "+say("receipt-release")+" "+r.ReleaseAt.Format(time.RFC3339))
	}
	if r.Cells != nil {
		fmt.Fprintln(w, "  "+say("receipt-cells-line")+" "+say("receipt-cells", r.Cells.Counted()...))
	}
	if r.SameAs != "" {
		fmt.Fprintln(w, "  "+say("receipt-same", "id", r.SameAs))
	}
	for _, c := range r.Changes {
		if c.Old == nil && c.New == nil {
			continue
		}
		line := say("receipt-change", "indicator", c.Indicator, "region", c.Region, "period", c.Period, "old", shown(c.Old), "new", shown(c.New))
		if c.Was != nil {
			line += " " + say("receipt-was", "period", c.Was.Period.Text(c.Was.Basis))
		}
		if c.Hidden {
			line += " " + say("receipt-hidden")
		}
		fmt.Fprintln(w, "  "+line)
	}
	for _, p := range r.Problems {
		fmt.Fprintln(w, "  "+place(p)+p.In(lang))
	}
	for _, q := range r.Questions {
		fmt.Fprintln(w, "  "+place(q.Problem)+q.In(lang)+" "+say("receipt-answer", "key", schema.QuotedKey(q.Key)))
	}
}

func shown(d *schema.Decimal) string { return orDash(blank(d)) }

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
