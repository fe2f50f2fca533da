package property

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"yardstick/collectors/pipeline"
	"yardstick/schema"
	"yardstick/schema/targets"
)

var register = sync.OnceValue(func() *targets.Register {
	r, err := targets.Load()
	if err != nil {
		panic(err)
	}
	return r
})

// today is later than every period of a table.
var today = time.Date(2026, time.February, 1, 1, 0, 0, 0, time.UTC)

func reader() *pipeline.Pipeline {
	return pipeline.New(pipeline.Options{Register: register(), Now: func() time.Time { return today }})
}

// random draws the n-th table of a seed.
func random(seed, n uint64) spec {
	d := draw{rand.New(rand.NewPCG(seed, n))}
	total := 0
	for _, s := range shapes() {
		total += s.weight
	}
	at := d.IntN(total)
	for _, s := range shapes() {
		if at -= s.weight; at < 0 {
			return drawn(d, s)
		}
	}
	panic("no shape")
}

func drawn(d draw, s shape) spec {
	out := spec{seed: d.Uint64(), shape: s.name, has: map[string]bool{}}
	s.draw(d, &out)
	out.format = pick(d, []string{"csv", "csv", "csv", "gbk", "bom", "xlsx", "xlsx", "xlsx", "flat", "html"})
	d.features(&out, "ragged:30 sheet-of-notes:15")
	return out
}

// make writes the table, and says what it holds.
func (s spec) make() (name string, body []byte, b *book) {
	b, s = &book{}, s.clone() // a shape may settle what stands in it
	list := shapes()
	list[slices.IndexFunc(list, func(one shape) bool { return one.name == s.shape })].build(s, b)
	b.square()
	if s.has["ragged"] {
		b.ragged()
	}
	switch s.format {
	case "xlsx", "flat":
		return "t.xlsx", b.xlsx(s.format == "xlsx", s.has["sheet-of-notes"]), b
	case "html":
		return "t.xls", b.html(), b
	}
	body = b.csv(s.format == "bom")
	if s.format == "gbk" {
		coded, err := simplifiedchinese.GB18030.NewEncoder().Bytes(body)
		if err != nil {
			panic(err)
		}
		body = coded
	}
	return "t.csv", body, b
}

// ragged cuts lines of one cell to that cell, as statistical systems export.
func (b *book) ragged() {
	for k, row := range b.rows {
		last := 0
		for i, c := range row {
			if c.text != "" {
				last = i + 1
			}
		}
		if last == 1 {
			b.rows[k] = row[:1]
		}
	}
}

// What may become of a table.
const (
	straight = "straight" // nothing lacks, and all of it is taken, rightly
	rightly  = "rightly asked"
	needless = "asked though nothing lacks"
	silent   = "SILENT"
	unsaid   = "CELLS NOT ACCOUNTED FOR"
)

// verdict is what became of a table, and why, in a word and in full.
type verdict struct {
	kind, why, full string
	open            bool // something lacks, or may be asked
}

// judge has the table read, and holds what is taken against its truth.
func judge(ctx context.Context, p *pipeline.Pipeline, s spec) (verdict, error) {
	name, body, b := s.make()
	got, err := p.Preview(ctx, pipeline.Submission{Name: name, Body: bytes.NewReader(body)})
	if err != nil {
		return verdict{}, fmt.Errorf("%s: %w", s, err)
	}
	r := got.Receipt
	v := verdict{open: len(b.lacks)+len(b.may) > 0 || len(b.facts) == 0}
	if v.why, v.full = b.account(r, s.has["sheet-of-notes"] && (s.format == "xlsx" || s.format == "flat")); v.why != "" {
		v.kind = unsaid
		return v, nil
	}
	if r.Status == schema.Accepted {
		v.kind = straight
		if v.why, v.full = held(b, got.Rows); v.why != "" {
			v.kind = silent
		}
		return v, nil
	}
	var why []string
	for _, q := range r.Questions {
		why = append(why, q.Code)
		v.full += "? " + q.Key + ": " + q.Zh + "\n"
	}
	for _, q := range r.Problems {
		why = append(why, "!"+q.Code)
		v.full += "! " + q.Zh + "\n"
	}
	if once, known, err := after(ctx, p, s); err != nil || known && once.kind == silent {
		once.why, once.open = "once answered: "+once.why, v.open
		return once, err
	}
	slices.Sort(why)
	v.why = strings.Join(slices.Compact(why), " ")
	if v.kind = needless; v.open {
		v.kind = rightly
	}
	return v, nil
}

// account holds the receipt's count of cells against the sheet: each cell that
// holds anything ended as one thing. "": they agree.
func (b *book) account(r schema.Receipt, notes bool) (why, full string) {
	filled := 0
	if notes {
		filled = 2
	}
	for _, row := range b.rows {
		for _, c := range row {
			if strings.TrimSpace(c.text) != "" {
				filled++
			}
		}
	}
	if r.Cells == nil {
		return "", "" // a file that could not be opened
	}
	c := r.Cells
	sum := c.Figures + c.Labels + c.LeftOut + c.Asked + c.Wrong
	switch {
	case sum != filled:
		return "another number of cells", fmt.Sprintf("%d cells hold something, and %+v", filled, c)
	case r.Status == schema.Accepted && c.Figures < b.different():
		return "fewer cells of figures", fmt.Sprintf("%d figures stand in the sheet, and %+v", len(b.facts), c)
	case r.Status == schema.Accepted && c.Asked+c.Wrong > 0:
		return "taken with open cells", fmt.Sprintf("%+v", c)
	}
	return "", ""
}

// different is how many different figures stand in the sheet: one that stands twice is
// taken once.
func (b *book) different() int {
	seen := map[string]bool{}
	for _, f := range b.facts {
		seen[f.String()] = true
	}
	return len(seen)
}

// held holds accepted rows against the truth. "": they agree.
func held(b *book, rows []pipeline.PreviewRow) (why, full string) {
	if len(b.lacks) > 0 {
		var lacks []string
		for l := range b.lacks {
			lacks = append(lacks, l)
		}
		slices.Sort(lacks)
		return "taken although nothing says the " + strings.Join(lacks, ", "), listed(rows)
	}
	var left []pipeline.PreviewRow
	for _, r := range rows {
		if r.Value != "" {
			left = append(left, r)
		}
	}
	var wrong []string
	for _, f := range b.facts {
		at := slices.IndexFunc(left, f.is)
		if at < 0 {
			at = slices.IndexFunc(left, func(r pipeline.PreviewRow) bool { return f.fault(r) != "" && f.count(r) == 1 })
		}
		if at < 0 {
			wrong, full = append(wrong, "missing"), full+"missing "+f.String()+"\n"
			continue
		}
		if fault := f.fault(left[at]); fault != "" {
			wrong, full = append(wrong, "another "+fault), full+"expected "+f.String()+"\ngot      "+shown(left[at])+"\n"
		}
		left = slices.Delete(left, at, at+1)
	}
	for _, r := range left {
		wrong, full = append(wrong, "invented"), full+"invented "+shown(r)+"\n"
	}
	slices.Sort(wrong)
	return strings.Join(slices.Compact(wrong), ", "), full
}

func (f fact) String() string {
	names := strings.Join(slices.Compact(slices.Clone(f.names)), " or ")
	return fmt.Sprintf("%s | %s | %s | %s %s | %s", names, strings.Join(f.units, " or "), f.region, f.period, f.basis, f.value)
}

func shown(r pipeline.PreviewRow) string {
	return fmt.Sprintf("%s | %s | %s | %s %s | %s", r.Indicator, r.Unit, r.Region, r.Period, r.Basis, r.Value)
}

func listed(rows []pipeline.PreviewRow) (out string) {
	for _, r := range rows {
		out += "got      " + shown(r) + "\n"
	}
	return out
}

// is reports whether the row is this figure.
func (f fact) is(r pipeline.PreviewRow) bool { return f.count(r) == 0 }

// fault is the first thing in which the row is not this figure.
func (f fact) fault(r pipeline.PreviewRow) string {
	switch {
	case !slices.ContainsFunc(f.names, func(n string) bool { return folded(n) == folded(r.Indicator) }):
		return "name"
	case folded(f.region) != folded(r.Region):
		return "region"
	case !f.at(r):
		return "period"
	case !sameValue(f.value, r.Value):
		return "value"
	case !slices.ContainsFunc(f.units, func(u string) bool { return folded(u) == folded(r.Unit) }):
		return "unit"
	}
	return ""
}

// count is in how many things the row is another figure.
func (f fact) count(r pipeline.PreviewRow) (count int) {
	for f.fault(r) != "" && count < 6 {
		switch f.fault(r) {
		case "name":
			r.Indicator = f.names[0]
		case "region":
			r.Region = f.region
		case "period":
			r.Period, r.Basis = f.period.String(), string(f.basis)
		case "value":
			r.Value = f.value
		case "unit":
			r.Unit = f.units[0]
		}
		count++
	}
	return count
}

// folded is a name without what people add between its parts.
func folded(s string) string {
	s = strings.NewReplacer("（", "(", "）", ")", "：", ":", "　", "").Replace(s)
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" _:-—、,，/", r) {
			return -1
		}
		return r
	}, s)
}

func sameValue(a, b string) bool {
	a = strings.Map(func(r rune) rune {
		switch {
		case r == ',' || r == '%':
			return -1
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		}
		return r
	}, a)
	x, err := schema.ParseDecimal(a)
	if err != nil {
		return false
	}
	y, err := schema.ParseDecimal(b)
	return err == nil && x.Equal(y)
}

// at reports whether the row is of the figure's period and basis, however they
// are written: a running total at a year's end is the year's.
func (f fact) at(r pipeline.PreviewRow) bool {
	p, said, err := schema.ParsePeriod(r.Period)
	if err != nil {
		return false
	}
	basis := schema.Basis(r.Basis)
	if basis == "" {
		basis = said
	}
	if f.basis == "" && basis != "" {
		if i, ok := register().Indicators.Find(r.Indicator); ok && i.Basis == basis {
			basis = ""
		}
	}
	return moments(f.period, f.basis) == moments(p, basis)
}

func moments(p schema.Period, b schema.Basis) string {
	switch {
	case b == schema.YearToDate || p.Frequency() == schema.Annual && b != schema.Point:
		return "total " + p.Last().String()
	case b == schema.Point:
		return "point " + p.Last().String()
	}
	return p.String() + " " + string(b)
}

// String says how the table was drawn, in one line.
func (s spec) String() string {
	var has []string
	for k, v := range s.has {
		if v {
			has = append(has, k)
		}
	}
	slices.Sort(has)
	return fmt.Sprintf("%s as %s, unit by %s, region by %s, with %v", s.shape, s.format, s.unit, s.place, has)
}

// smaller are the tables that lack one thing of this one.
func (s spec) smaller() (out []spec) {
	cut := func(change func(*spec)) {
		c := s.clone()
		change(&c)
		out = append(out, c)
	}
	for k := range s.times {
		if len(s.times) > 1 && !s.whole {
			cut(func(c *spec) { c.times = slices.Delete(c.times, k, k+1) })
		}
	}
	for k := range s.regions {
		if len(s.regions) > 1 {
			cut(func(c *spec) { c.regions = slices.Delete(c.regions, k, k+1) })
		}
	}
	for k := range s.inds {
		if len(s.inds) > 1 {
			cut(func(c *spec) { c.inds = slices.Delete(c.inds, k, k+1) })
		}
		if s.inds[k].kind != "plain" {
			cut(func(c *spec) { c.inds[k].kind = "plain" })
		}
	}
	for k := range s.subs {
		if len(s.subs) > 1 {
			cut(func(c *spec) { c.subs = slices.Delete(c.subs, k, k+1) })
		}
	}
	for f, on := range s.has {
		if on {
			cut(func(c *spec) { delete(c.has, f) })
		}
	}
	if s.format != "csv" {
		cut(func(c *spec) { c.format = "csv" })
	}
	return out
}

// shrunk is a smallest table of the same verdict.
func shrunk(ctx context.Context, p *pipeline.Pipeline, s spec, v verdict) (spec, verdict, error) {
	for range 40 {
		found := false
		for _, c := range s.smaller() {
			w, err := judge(ctx, p, c)
			if err != nil {
				return s, v, err
			}
			if w.kind == v.kind && w.why == v.why {
				s, v, found = c, w, true
				break
			}
		}
		if !found {
			break
		}
	}
	return s, v, nil
}
