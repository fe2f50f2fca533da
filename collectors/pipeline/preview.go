package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	"yardstick/collectors/reading"
	"yardstick/collectors/source"
	"yardstick/collectors/table"
	"yardstick/schema"
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
func (p *Pipeline) Preview(ctx context.Context, s Submission) (out Preview, err error) {
	r, err := p.begin(s, p.o.Now())
	if err != nil {
		return out, err
	}
	r.ID = "" // nothing to ask for later
	src, err := spool(ctx, s.Body, p.limit(s))
	if errors.Is(err, source.ErrTooLarge) {
		r.Status, r.Problems = schema.Refused, []schema.Problem{tooLarge(r.File, p.limit(s))}
		return Preview{Receipt: r}, nil
	}
	if err != nil {
		return out, fmt.Errorf("previewing %s: %w", r.File, err)
	}
	defer func() { err = errors.Join(err, src.close()) }()
	r.Snapshot, r.Bytes = src.digest, src.size
	if s.Feed.Name != "" && p.o.Store != nil {
		if held, ok, err := p.sameBytes(ctx, s, r); err != nil || ok {
			if err != nil {
				return out, fmt.Errorf("previewing %s: %w", r.File, err)
			}
			r = unchanged(r, held)
			d, read, err := p.decode(ctx, src, s, r, p.collect(&out))
			if err == nil && !d.broke {
				d.found.Close(r.File)
				r.Encoding, r.ExcludedRows = read.Encoding, fill(read, d.found).ExcludedRows
			}
			out.Receipt = r
			return out, err
		}
	}
	d, r, err := p.decode(ctx, src, s, r, p.collect(&out))
	if err == nil {
		_, r, err = p.weigh(ctx, s, d, r)
	}
	if err != nil {
		return out, fmt.Errorf("previewing %s: %w", r.File, err)
	}
	out.Receipt = r
	return out, nil
}

// collect gathers the candidates of the last reading as preview rows.
func (p *Pipeline) collect(out *Preview) func() func(*reading.Candidate) {
	return func() func(*reading.Candidate) {
		out.Rows = nil
		return func(c *reading.Candidate) {
			if c.Bad&(reading.Indicator|reading.Region|reading.Period|reading.Value) == 0 {
				out.Rows = append(out.Rows, p.previewRow(c))
			}
		}
	}
}

func (p *Pipeline) previewRow(c *reading.Candidate) PreviewRow {
	name, unit := c.Written(reading.Indicator), c.Written(reading.Unit)
	ind, known := p.o.Register.Indicators.Find(name)
	if bare, inner, ok := reading.SplitBrackets(name); ok && !known && reading.LooksLikeUnit(inner) {
		name = bare
		if unit == "" {
			unit = inner
		}
		ind, known = p.o.Register.Indicators.Find(name)
	}
	if bare, ok := reading.CutBasis(name); ok && !known {
		ind, known = p.o.Register.Indicators.Find(bare)
	}
	if c.Suffix != "" && c.Suffix != unit {
		unit = c.Suffix + unit
	}
	row := PreviewRow{Indicator: name, Unit: unit, Region: c.Written(reading.Region), Period: c.When.String(),
		Basis: string(c.WhenBasis), Status: string(c.State)}
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
	src, err := spool(ctx, s.Body, p.limit(s))
	if errors.Is(err, source.ErrTooLarge) {
		return &table.File{Name: name}, []schema.Problem{tooLarge(name, p.limit(s))}, func() error { return nil }, nil
	}
	if err != nil {
		return nil, nil, nil, fmt.Errorf("reading %s: %w", name, err)
	}
	file, problems, err := table.Read(ctx, src, name, p.o.Limits)
	if err != nil {
		return nil, nil, nil, errors.Join(err, src.close())
	}
	return file, problems, src.close, nil
}

// spooled is a body on the disk for as long as it is looked at.
type spooled struct {
	*os.File
	size   int64
	digest string
}

// Size is the number of bytes.
func (s *spooled) Size() int64 { return s.size }

func (s *spooled) close() error { return errors.Join(s.File.Close(), os.Remove(s.Name())) }

func spool(ctx context.Context, body io.Reader, limit int64) (*spooled, error) {
	tmp, err := os.CreateTemp("", "yardstick-preview-*")
	if err != nil {
		return nil, fmt.Errorf("making a file to look at: %w", err)
	}
	s, sum := &spooled{File: tmp}, sha256.New()
	s.size, err = source.Copy(ctx, io.MultiWriter(tmp, sum), body, limit)
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	s.digest = hex.EncodeToString(sum.Sum(nil))
	return s, nil
}
