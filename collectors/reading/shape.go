package reading

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/heads"
	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
)

// The shape of a file is what does not change from one month's file to the
// next of the same form: its sheets, the kind of layout, the lines above each
// table and the cells of its header, with periods, dates and numbers folded
// away. The names of rows are no part of it, nor are the answers: the shape is
// found without them, so that it is the same before and after they are known.

// shapeVersion goes into every fingerprint: a change of what makes a shape must
// not find answers remembered for another one.
const shapeVersion = "1"

// Layout is a fingerprint of the shapes of a file's tables, 16 hex characters:
// files of the same form have the same one, though their periods, rows and
// figures differ. Answers do not change it. Tables alike that follow each other
// (a sheet a month) are one.
func Layout(ctx context.Context, tables []*table.Table, o account.Options) (string, error) {
	var shapes []string
	for _, t := range tables {
		s, err := shapeOf(ctx, t, o)
		if err != nil {
			return "", fmt.Errorf("finding the layout of %s: %w", t.File, err)
		}
		if n := len(shapes); n == 0 || shapes[n-1] != s {
			shapes = append(shapes, s)
		}
	}
	sum := sha256.Sum256([]byte(shapeVersion + "\x1c" + strings.Join(shapes, "\x1c")))
	return hex.EncodeToString(sum[:8]), nil
}

// shapeOf finds the shape of a table.
func shapeOf(ctx context.Context, t *table.Table, o account.Options) (string, error) {
	o.Given, o.Known = nil, nil
	r := &reader{Reader: account.NewReader(t, o, &account.Findings{}, nil)}
	sheet := written.FoldTimes(t.Sheet)
	if strings.HasPrefix(sheet, "sheet") || strings.HasPrefix(sheet, "工作表") {
		sheet = "" // nobody named it
	}
	if o.Sheets > 1 && t.Hidden {
		return written.JoinShape("hidden", sheet), nil
	}
	head, kind, above, err := r.tidyHeader(ctx)
	if err != nil {
		return "", err
	}
	if head != nil {
		cells := make([]string, len(head.Texts))
		for i, c := range head.Texts {
			cells[i] = written.FoldTimes(c)
		}
		name := ""
		if l := r.layoutOf(head); kind == "tidy" && !l.complete() {
			name = foldName(t.File) // it may say what no column says
		}
		return written.JoinShape(kind, sheet, name, written.JoinShape(above...), written.JoinShape(cells...)), nil
	}
	if o.Sheets > 1 && r.describes(ctx) {
		return written.JoinShape("described", sheet), nil
	}
	if t.Cells > heads.GridCells {
		return written.JoinShape("large", sheet, foldName(t.File)), nil
	}
	blocks, lacks, err := heads.Shapes(ctx, r.Reader)
	if err != nil {
		return "", err
	}
	name := ""
	if lacks {
		name = foldName(t.File)
	}
	return written.JoinShape("grid", sheet, name, written.JoinShape(blocks...)), nil
}

// tidyHeader finds the header of a tidy table, though it lack a column, or of
// an SDMX-CSV message.
func (r *reader) tidyHeader(ctx context.Context) (head *table.Row, kind string, above []string, err error) {
	n, bytes := 0, 0
	var before []*table.Row // the rows above the header, whose shapes are looked at once there is one
	shapes := func() (out []string) {
		for _, row := range before {
			out = append(out, r.AboveShape(row))
		}
		return out
	}
	for row, err := range r.Table.Rows(ctx) {
		if err != nil {
			return nil, "", nil, err
		}
		if n == 0 && isSDMX(row) {
			return row.Clone(), "sdmx", nil, nil
		}
		l := r.layoutOf(row)
		if l.complete() {
			return row.Clone(), "tidy", shapes(), nil
		}
		if head == nil && l.required() >= 3 {
			head = row.Clone()
		}
		if head == nil && !row.Blank() {
			before = append(before, row.Clone())
		}
		r.seeAbove(row)
		for _, text := range row.Texts {
			bytes += len(text)
		}
		if n++; n == account.HeaderWithin || bytes > account.HeaderWithinBytes {
			break
		}
	}
	if head == nil {
		return nil, "", nil, nil
	}
	return head, "tidy", shapes(), nil
}

// foldName is the name of a file without its folder, its extension and what
// changes from one period to the next.
func foldName(s string) string {
	s = path.Base(strings.ReplaceAll(s, `\`, "/"))
	for written.Is("extension", strings.ToLower(path.Ext(s))) {
		s = strings.TrimSuffix(s, path.Ext(s))
	}
	return strings.Trim(written.FoldTimes(s), "#-_.()")
}
