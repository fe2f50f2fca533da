package app

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"yardstick/collectors/desk"
	"yardstick/collectors/pipeline"
	"yardstick/collectors/table"
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
	format, err := r.format("table", "csv", "json")
	if err != nil {
		return err
	}
	c.Correction, c.ReleaseAt = "", "" // they concern what is loaded
	if err := c.check(); err != nil {
		return err
	}
	file, err := os.Open(c.File1)
	if err != nil {
		return words.Fail(err, "file-unreadable", "file", c.File1)
	}
	defer file.Close()
	h, err := c.house(ctx, r)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	sub, err := c.submission(h.loc)
	if err != nil {
		return err
	}
	sub.Name, sub.Body = filepath.Base(c.File1), file
	if c.Table {
		return c.table(ctx, r, h.desk, sub, format)
	}
	seen, err := h.desk.Preview(ctx, sub)
	if err != nil {
		return err
	}
	if err := c.print(r, format, seen); err != nil {
		return err
	}
	return exitFor(seen.Receipt)
}

func (c previewCmd) house(ctx context.Context, r *run) (*house, error) {
	if c.Feed != "" {
		return openHouse(ctx, r, "preview")
	}
	cfg, err := r.config()
	if err != nil {
		return nil, err
	}
	h, err := furnish(cfg, r.now)
	if err != nil {
		return nil, err
	}
	return h, h.assemble(r.log, nil)
}

func (c previewCmd) print(r *run, format string, seen pipeline.Preview) error {
	if c.Receipt != "" {
		side := *r
		side.File = c.Receipt
		if err := side.json(seen.Receipt); err != nil {
			return err
		}
	}
	switch format {
	case "json":
		return r.json(map[string]any{"receipt": seen.Receipt, "rows": orEmpty(seen.Rows)})
	case "csv":
		return r.out(func(w io.Writer) error { return writePreview(w, seen.Rows) })
	}
	return r.out(func(w io.Writer) error {
		printReceipt(w, seen.Receipt, r.say, r.Lang)
		return writePreview(w, seen.Rows)
	})
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func writePreview(w io.Writer, rows []pipeline.PreviewRow) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"indicator", "unit", "region", "period", "basis", "value", "status"}); err != nil {
		return err
	}
	for _, row := range rows {
		if err := out.Write([]string{row.Indicator, row.Unit, row.Region, row.Period, row.Basis, row.Value, row.Status}); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// table prints the tables as read: CSV, or JSON with each table's rows.
func (c previewCmd) table(ctx context.Context, r *run, d *desk.Desk, sub pipeline.Submission, format string) error {
	file, problems, done, err := d.Tables(ctx, sub)
	if err != nil {
		return err
	}
	write := func(w io.Writer) error { return writeTables(ctx, w, file) }
	if format == "json" {
		err = c.tableJSON(ctx, r, file, problems)
	} else {
		err = r.out(write)
	}
	if err = errors.Join(err, done()); err != nil {
		return err
	}
	for _, problem := range problems {
		fmt.Fprintln(r.Err, place(problem)+problem.In(r.Lang))
	}
	if len(problems) > 0 {
		return &exitError{code: exitRefused}
	}
	return nil
}

func writeTables(ctx context.Context, w io.Writer, file *table.File) error {
	out := csv.NewWriter(w)
	for i, t := range file.Tables {
		if i > 0 {
			if _, err := fmt.Fprintln(w); err != nil {
				return err
			}
		}
		for row, err := range t.Rows(ctx) {
			if err != nil {
				return err
			}
			if err := out.Write(row.Texts); err != nil {
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
		for row, err := range t.Rows(ctx) {
			if err != nil {
				return err
			}
			s.Rows = append(s.Rows, append([]string(nil), row.Texts...))
		}
		out.Tables = append(out.Tables, s)
	}
	return r.json(out)
}
