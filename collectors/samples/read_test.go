package samples_test

import (
	"encoding/csv"
	"io/fs"
	"path"
	"sort"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"yardstick/collectors/published"
	"yardstick/collectors/samples"
	"yardstick/schema"
	"yardstick/schema/targets"
)

// line is one row of a feed with its cells by field.
type line struct {
	file  string
	cells map[string]string
	obs   schema.Observation
}

// loaded are the feeds as read, oldest file first, each with its registers.
type feeds struct {
	register *targets.Register
	lines    []line
}

// read reads every file of a feed folder the plain way: no collector stands
// between the files and these tests.
func (f *feeds) read(t *testing.T, fsys fs.FS, synthetic bool) {
	t.Helper()
	names, err := fs.Glob(fsys, "*/*.csv")
	if err != nil || len(names) == 0 {
		t.Fatalf("no feed files: %v", err)
	}
	sort.SliceStable(names, func(i, j int) bool { return path.Base(names[i]) < path.Base(names[j]) })
	for _, name := range names {
		b, err := fs.ReadFile(fsys, name)
		if err != nil {
			t.Fatal(err)
		}
		text, bom := strings.CutPrefix(string(b), "\ufeff")
		if !bom {
			if text, err = simplifiedchinese.GB18030.NewDecoder().String(text); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		r := csv.NewReader(strings.NewReader(text))
		if first, _, _ := strings.Cut(text, "\n"); strings.Contains(first, ";") {
			r.Comma = ';'
		}
		rows, err := r.ReadAll()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, row := range rows[1:] {
			l := line{name, map[string]string{}, schema.Observation{}}
			for i, cell := range rows[0] {
				field, ok := f.register.Indicators.Header(cell)
				if !ok {
					t.Fatalf("%s: the header cell %q is not known", name, cell)
				}
				l.cells[field] = row[i]
			}
			l.obs = f.observation(t, l, uint64(len(f.lines)+1), synthetic)
			f.lines = append(f.lines, l)
		}
	}
}

// observation reads the row's cells as the catalogue understands them.
func (f *feeds) observation(t *testing.T, l line, seq uint64, synthetic bool) schema.Observation {
	t.Helper()
	fail := func(what string, err any) { t.Fatalf("%s: %s of %v: %v", l.file, what, l.cells, err) }
	ind, ok := f.register.Indicators.Find(l.cells["indicator"])
	if !ok {
		fail("indicator", l.cells["indicator"])
	}
	region, ok := f.register.Regions.Find(l.cells["region"])
	if !ok {
		fail("region", l.cells["region"])
	}
	p, told, err := schema.ParsePeriod(l.cells["period"])
	if err != nil {
		fail("period", err)
	}
	written, err := schema.ParseDecimal(l.cells["value"])
	if err != nil {
		fail("value", err)
	}
	value, err := f.register.Indicators.Convert(ind, written, l.cells["unit"])
	if err != nil {
		fail("unit", err)
	}
	basis := map[string]schema.Basis{"时点": schema.Point, "当期": schema.InPeriod, "累计": schema.YearToDate}[l.cells["basis"]]
	for _, b := range []schema.Basis{schema.Basis(l.cells["basis"]), told, ind.Basis} {
		if basis == "" {
			basis = b
		}
	}
	if basis != ind.Basis {
		fail("basis", basis)
	}
	if q, ok := p.EndingWith(ind.Frequency()); ok && basis != schema.InPeriod {
		p = q
	}
	if p.Frequency() != ind.Frequency() {
		fail("frequency", p)
	}
	o := schema.Observation{Key: schema.Key{Indicator: ind.Code, Region: region.Code, Basis: basis, Period: p}, Value: &value,
		Written: l.cells["value"], UnitWritten: l.cells["unit"], Unit: ind.Unit, Status: schema.ObsStatus(l.cells["status"]),
		Note: l.cells["note"], Seq: seq, Synthetic: synthetic}
	if o.Status == "" {
		o.Status = schema.StatusNormal
	}
	if !o.Status.Valid() {
		fail("status", o.Status)
	}
	o.PublishedAt = publishedOn(t, l.cells["published"])
	return o
}

// publishedOn reads a day; a month means its last day, nothing means today.
func publishedOn(t *testing.T, s string) schema.Date {
	t.Helper()
	if s == "" {
		return schema.NewDate(2026, 11, 23)
	}
	p, _, err := schema.ParsePeriod(s)
	if err != nil {
		t.Fatal(err)
	}
	return p.Last()
}

func allFeeds(t *testing.T) *feeds {
	t.Helper()
	r, err := targets.Load()
	if err != nil {
		t.Fatal(err)
	}
	f := &feeds{register: r}
	f.read(t, published.FS(), false)
	f.read(t, samples.FS(), true)
	return f
}
