package pipeline

import (
	"context"
	"errors"
	"fmt"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
	"yardstick/collectors/secrecy"
	"yardstick/collectors/source"
	"yardstick/collectors/table"
	"yardstick/schema"
	"yardstick/schema/whole"
)

// PreviewRow is a figure as the file says it: the indicator's name as written,
// without the unit. Value is "" for a missing figure.
type PreviewRow struct {
	Indicator string `json:"indicator"`
	Unit      string `json:"unit"`
	Region    string `json:"region"`
	Period    string `json:"period"`
	Basis     string `json:"basis"`
	Value     string `json:"value"`
	Status    string `json:"status"`
}

// Preview is what Run would do, and the rows as read.
type Preview struct {
	Receipt schema.Receipt
	Rows    []PreviewRow
}

// Preview decodes and validates a file and stores nothing. Without a feed it
// judges the reading alone: a name the registers lack is listed under Unmapped
// and is no problem, and nothing is held against the store. Rows with a cell
// that could not be read are among the problems, not among the rows.
func (p *Pipeline) Preview(ctx context.Context, s Submission) (Preview, error) {
	v, err := p.view(ctx, s, false)
	if err = errors.Join(err, v.close()); err != nil {
		return v.Preview, fmt.Errorf("previewing %s: %w", source.BaseName(s.Name), err)
	}
	return v.Preview, nil
}

// view is the reading of a file that is not taken in.
type view struct {
	Preview
	decoded
	places []place        // of every figure, in Look alone
	open   []PreviewRow   // figures that are not among the rows
	src    *whole.Spooled // nil for a file beyond the limit, which is not read
}

// place is where a figure stands, and what the file says there: Rows[at], or
// open[-1-at]. A large file has many of them.
type place struct {
	sheet       string
	row, column int32
	at          int32
}

func (v view) close() error {
	if v.src == nil {
		return nil
	}
	return v.src.Close()
}

// view reads a file and says what Run would do. The caller closes what it gives,
// also with an error. places says that it is to tell where each figure stands.
func (p *Pipeline) view(ctx context.Context, s Submission, places bool) (v view, err error) {
	r, err := p.begin(s, p.o.Now())
	if err != nil {
		return v, err
	}
	r.ID = "" // nothing to ask for later
	v.src, err = whole.Spool(ctx, "", "yardstick-preview-*", s.Body, limit(s))
	if errors.Is(err, whole.ErrTooLarge) {
		r.Status, r.Problems = schema.Refused, []schema.Problem{tooLarge(r.File, limit(s))}
		v.Receipt = r
		return v, nil
	}
	if err != nil {
		return v, err
	}
	if found, err := unkept(ctx, v.src, s); err != nil || len(found) > 0 {
		r.Status, r.Problems = schema.Refused, found
		v.Receipt = r
		return v, err
	}
	r.Snapshot, r.Bytes = v.src.SHA256(), v.src.Size()
	var held schema.Receipt
	same := false
	if s.Feed.Name != "" && p.o.Store != nil {
		if held, same, err = p.sameBytes(ctx, s, r); err != nil {
			return v, err
		}
	}
	if same {
		r = unchanged(r, held)
	}
	d, read, err := p.decode(ctx, v.src, s, r, watcher{func(c *account.Candidate) {
		good := c.Bad&(account.Indicator|account.Region|account.Period|account.Value) == 0
		if good {
			v.Rows = append(v.Rows, p.previewRow(c))
		}
		if !places || c.Number == nil {
			return
		}
		cell, at := c.Cell(account.Value), len(v.Rows)-1
		if !good {
			v.open = append(v.open, p.previewRow(c))
			at = -len(v.open)
		}
		v.places = append(v.places, place{c.Sheet, int32(cell.Row), int32(cell.Column), int32(at)})
	}, func() { v.Rows, v.open, v.places = nil, nil, nil }})
	v.decoded = d
	switch {
	case err != nil:
		return v, err
	case !same:
		_, v.Receipt, err = p.weigh(ctx, s, &v.decoded, read)
		return v, err
	case !d.broke:
		d.found.Close(r.File)
		r.Encoding, r.ExcludedRows = read.Encoding, fill(read, d.found).ExcludedRows
	}
	v.Receipt = r
	return v, nil
}

func (p *Pipeline) previewRow(c *account.Candidate) PreviewRow {
	name, unit := c.Written(account.Indicator), c.Written(account.Unit)
	ind, known := p.o.Register.Indicators.Find(name)
	if bare, inner, ok := written.CutUnit(name); ok && !known && (unit == "" || written.FoldText(unit) == written.FoldText(inner)) {
		name = bare
		if unit == "" {
			unit = inner
		}
		ind, known = p.o.Register.Indicators.Find(name)
	}
	if bare, inner, ok := written.SplitBrackets(name); ok && !known && unit == "" { // in a unit that the catalogue alone knows
		if of, found := p.o.Register.Indicators.Find(bare); found {
			if _, err := p.o.Register.Indicators.Convert(of, schema.NewDecimal(1, 0), inner); err == nil {
				name, unit, ind, known = bare, inner, of, true
			}
		}
	}
	if bare, ok := written.CutBasis(name); ok && !known {
		ind, known = p.o.Register.Indicators.Find(bare)
	}
	if c.Suffix != "" && c.Suffix != unit {
		unit = c.Suffix + unit
	}
	row := PreviewRow{Indicator: name, Unit: unit, Region: c.Written(account.Region), Period: c.When.String(),
		Basis: string(c.WhenBasis), Status: string(c.State)}
	if known && c.WhenBasis == schema.Point && ind.Basis != schema.InPeriod {
		row.Basis = string(ind.Basis) // 截至9月底 of a running total is the total
	}
	for i, b := range c.Bases {
		if i == 0 || known && b == ind.Basis {
			row.Basis = string(b)
		}
	}
	if c.Number != nil {
		row.Value = c.Number.String()
	}
	return row
}

// Table is the file as read, before any interpretation: its tables, or the
// problems that keep it from being read. The caller closes it.
func (p *Pipeline) Table(ctx context.Context, s Submission) (*table.File, []schema.Problem, func() error, error) {
	name := source.BaseName(s.Name)
	src, err := whole.Spool(ctx, "", "yardstick-preview-*", s.Body, limit(s))
	if errors.Is(err, whole.ErrTooLarge) {
		return &table.File{Name: name}, []schema.Problem{tooLarge(name, limit(s))}, func() error { return nil }, nil
	}
	if err != nil {
		return nil, nil, nil, fmt.Errorf("reading %s: %w", name, err)
	}
	problems, err := unkept(ctx, src, s)
	if err == nil && len(problems) > 0 {
		return &table.File{Name: secrecy.Name(name)}, problems, src.Close, nil
	}
	var file *table.File
	if err == nil {
		file, problems, err = p.table(ctx, src, name, table.Limits{})
	}
	if err != nil {
		return nil, nil, nil, errors.Join(err, src.Close())
	}
	return file, problems, src.Close, nil
}
