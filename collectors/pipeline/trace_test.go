package pipeline

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/encoding/simplifiedchinese"

	"yardstick/collectors/published"
	"yardstick/collectors/samples"
	"yardstick/collectors/source"
	"yardstick/schema"
)

// layouts are files of the shapes feeds come in, each with the number of
// figures it brings. All figures are made up.
func layouts(t *testing.T) map[string]struct {
	file    string
	body    []byte
	figures int
	answers map[string]string
} {
	t.Helper()
	type layout = struct {
		file    string
		body    []byte
		figures int
		answers map[string]string
	}
	gbk := func(s string) []byte {
		out, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(s))
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	wide := "数据库：分省年度数据\n地区：大连市\n指标,2023年,2022年\n地区生产总值(亿元),\"8,752.9\",8430.9\n第一产业增加值(亿元),573.2,558.6\n注：按现价,含修订\n数据来源：某局\n"
	merged := Sheet{Name: "快报", Merges: [][4]int{{1, 1, 1, 5}, {3, 3, 2, 3}, {3, 3, 4, 5}, {3, 4, 1, 1}}, Rows: [][]any{
		r("大连市主要指标快报"), r("地区：大连市", "", "", "", "单位：万元"), r("指标", "2023年二季度", "", "2022年二季度", ""), r("", "当季", "累计", "当季", "累计"),
		r("地区生产总值", "=19800000", "=39200000", "=18100000", "=36900000"), r("第一产业增加值", "=1010000", "=2030000", "=950000", "=1920000"),
	}}
	html := `<html><head><meta charset="utf-8"></head><body><table><tr><td>地区：大连市</td><td></td><td>单位：亿元</td></tr><tr><th>指标</th><th>2023年</th><th>2022年</th></tr>` +
		`<tr><td>地区生产总值</td><td>8752.9</td><td>8430.9</td></tr><tr><td>第一产业增加值</td><td>573.2</td><td>558.6</td></tr></table></body></html>`
	stacked := "地区：大连市\n指标,2023年,2022年\n地区生产总值(亿元),8752.9,8430.9\n\n地区：大连市\n指标,2021年,2020年\n地区生产总值(亿元),7825.9,7030.4\n"
	var zipped, gzipped bytes.Buffer
	z := zip.NewWriter(&zipped)
	w, err := z.Create("产值/表.csv")
	if err == nil {
		_, err = w.Write(gbk(wide))
	}
	if err := errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	g := gzip.NewWriter(&gzipped)
	if _, err := g.Write([]byte(wide)); err != nil {
		t.Fatal(err)
	}
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	var long strings.Builder
	long.WriteString("指标,地区,时期,数值,单位\n")
	for i := range 100 {
		fmt.Fprintf(&long, "地区生产总值,大连市,%d年,%d.5,亿元\n", 1900+i, 1000+i)
	}
	return map[string]layout{
		"tidy with multipliers in the cells": {"月报.csv", []byte("指标,地区,时期,数值,单位\n高标准农田,大连市,2025年5月,31.40万亩,\n城中村改造户数,大连市,2025年5月,1.24万,户\n智算算力规模,大连市,2025年5月,0.41,EFlops\n"), 3, nil},
		"periods across in GBK":              {"年度.csv", gbk(wide), 4, nil},
		"merged headers of a new workbook":   {"快报.xlsx", XLSX(Sheet{Name: "说明", Rows: [][]any{r("填报说明")}}, merged), 8, nil},
		"merged headers of an old workbook":  {"快报.xls", XLS(merged), 8, nil},
		"a web page":                         {"网页.xls", []byte(html), 4, nil},
		"packed in a zip":                    {"年度.zip", zipped.Bytes(), 4, nil},
		"packed in a gz":                     {"年度.csv.gz", gzipped.Bytes(), 4, nil},
		"two tables on one sheet":            {"两表.csv", []byte(stacked), 4, nil},
		"entered by hand":                    {"report-value.csv", []byte("indicator,region,period,value,unit\nai-compute,210200,2025-04,0.39,EFlops\n"), 1, nil},
		"a unit that was answered":           {"答复.csv", []byte("指标,地区,时期,数值\n地区生产总值,大连市,2023年,87529000\n"), 1, map[string]string{"unit": "万元"}},
		"a long file":                        {"长表.csv", []byte(long.String()), 100, nil},
		"regions across":                     {"分区.csv", []byte("指标：地区生产总值(亿元)\n时间,中山区,西岗区,沙河口区\n2022年,1,2,3\n2023年,4,5,6\n"), 6, nil},
	}
}

func TestTheCellAFigureCameFromIsFoundInEveryLayout(t *testing.T) {
	for name, l := range layouts(t) {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			receipt := d.send(t, string(l.body), func(s *Submission) { s.Name, s.Answers = l.file, l.answers })
			if receipt.Status != schema.Accepted {
				t.Fatalf("%s: %+v %+v %v", receipt.Status, receipt.Problems, receipt.Questions, receipt.Unmapped)
			}
			if n := d.tracesBack(t, schema.Feed{Name: "accounts"}, receipt); n != l.figures {
				t.Errorf("%d figures were traced, %d stand in the file", n, l.figures)
			}
		})
	}
}

// tracesBack finds every figure of a receipt in its kept bytes: the one cell
// that is marked holds the text the figure was taken in with, its number
// converts to the figure's value, and the headings stand where they are said to.
func (d *desk) tracesBack(t *testing.T, feed schema.Feed, receipt schema.Receipt) (n int) {
	t.Helper()
	snap, err := d.o.Snapshots.Open(receipt.Snapshot)
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	for _, o := range d.shelf.rows {
		if o.Receipt != receipt.ID {
			continue
		}
		n++
		found, err := d.Trace(t.Context(), snap, feed, receipt, o.Cell)
		if err != nil {
			t.Fatalf("%s %s: %v", receipt.File, o.Cell, err)
		}
		var marked []string
		texts := map[string]string{}
		for _, row := range found.Rows {
			if len(row.Cells) != len(found.Columns) {
				t.Fatalf("row %d has %d cells for %d columns", row.Number, len(row.Cells), len(found.Columns))
			}
			for i, c := range row.Cells {
				name := fmt.Sprintf("%s%d", letters26(found.Columns[i].Number), row.Number)
				texts[name] = c.Text
				if c.Marked {
					marked = append(marked, name+"="+c.Text)
				}
			}
		}
		_, cell := Figure{Observation: o}.Place()
		if !found.Found || found.Text != o.Written || !slices.Equal(marked, []string{cell + "=" + o.Written}) {
			t.Errorf("%s %s: marked %q, read %q, taken in %q", receipt.File, o.Cell, marked, found.Text, o.Written)
		}
		if o.Value != nil && !converts(d, found, o) {
			t.Errorf("%s %s: %v%s in %q is not %s %s", receipt.File, o.Cell, found.Number, found.Suffix, o.UnitWritten, o.Value, o.Unit)
		}
		fields := map[string]bool{}
		for _, origin := range found.Origins {
			fields[origin.Field] = true
			if text, shown := texts[origin.Cell]; origin.Cell != "" && (!shown || !strings.Contains(squeezed(text), squeezed(origin.Text))) {
				t.Errorf("%s %s: the %s %q is not in %s, which holds %q", receipt.File, o.Cell, origin.Field, origin.Text, origin.Cell, text)
			}
		}
		for _, field := range []string{"indicator", "region", "period"} {
			if !fields[field] {
				t.Errorf("%s %s: where does the %s stand? %+v", receipt.File, o.Cell, field, found.Origins)
			}
		}
	}
	return n
}

func squeezed(s string) string { return strings.Join(strings.Fields(s), "") }

func letters26(n int) string {
	out := ""
	for ; n > 0; n = (n - 1) / 26 {
		out = string(rune('A'+(n-1)%26)) + out
	}
	return out
}

// converts reports whether the cell's number is the figure's value: in its
// unit, times a power of ten that stands behind it.
func converts(d *desk, found schema.CellTable, o schema.Observation) bool {
	ind, ok := d.o.Register.Indicators.ByCode(o.Indicator)
	if !ok || found.Number == nil {
		return false
	}
	value, err := d.o.Register.Indicators.Convert(ind, *found.Number, o.UnitWritten)
	if err != nil {
		return false
	}
	r := value.Rat()
	for range 13 {
		if r.Cmp(o.Value.Rat()) == 0 {
			return true
		}
		if found.Suffix == "" {
			return false
		}
		r.Mul(r, big.NewRat(10, 1))
	}
	return false
}

// Every figure of the feeds the program brings along, and nothing but figures
// that were taken in.
func TestEveryFigureOfTheFeedsBroughtAlongIsFoundInItsCell(t *testing.T) {
	d := newDesk(t)
	d.now = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	total := 0
	for _, fsys := range []fs.FS{published.FS(), samples.FS()} {
		text, err := fs.ReadFile(fsys, "feeds.yaml")
		if err != nil {
			t.Fatal(err)
		}
		var doc struct {
			Feeds []broughtFeed `yaml:"feeds"`
		}
		if err := yaml.Unmarshal(text, &doc); err != nil {
			t.Fatal(err)
		}
		for _, f := range doc.Feeds {
			names, err := fs.Glob(fsys, f.Name+"/*.csv")
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range names {
				body, err := fs.ReadFile(fsys, name)
				if err != nil {
					t.Fatal(err)
				}
				d.now = d.now.Add(time.Hour)
				feed := schema.Feed{Name: f.Name, Indicators: f.Indicators, Regions: f.Regions}
				receipt := d.send(t, string(body), func(s *Submission) { s.Feed, s.Name = feed, path.Base(name) })
				total += d.tracesBack(t, feed, receipt)
			}
		}
	}
	if total != len(d.shelf.rows) || total < 500 {
		t.Errorf("%d of %d figures were traced", total, len(d.shelf.rows))
	}
}

func TestWhatIsCutFromATracedTableIsCounted(t *testing.T) {
	d := newDesk(t)
	var b strings.Builder
	b.WriteString("地区：大连市\n指标")
	for year := 1950; year < 2020; year++ {
		fmt.Fprintf(&b, ",%d年", year)
	}
	for _, name := range []string{"第一产业增加值(亿元)", "第二产业增加值(亿元)", "第三产业增加值(亿元)"} {
		b.WriteString("\n" + name)
		for i := range 70 {
			fmt.Fprintf(&b, ",%d.5", 1000+i)
		}
	}
	receipt := d.send(t, b.String()+"\n", func(s *Submission) { s.Name = "宽表.csv" })
	if receipt.Status != schema.Accepted {
		t.Fatalf("%s %+v", receipt.Status, receipt.Questions)
	}
	snap, err := d.o.Snapshots.Open(receipt.Snapshot)
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	found, err := d.Trace(t.Context(), snap, schema.Feed{Name: "accounts"}, receipt, "AK4")
	if err != nil {
		t.Fatal(err)
	}
	shown, left := len(found.Columns), found.ColumnsLeft
	for _, c := range found.Columns {
		left += c.Before
	}
	if shown+left != 71 || shown > traceColumns || left == 0 {
		t.Errorf("%d columns shown and %d left out of 71", shown, left)
	}
	rows := found.RowsAfter
	for _, row := range found.Rows {
		rows += row.Before + 1
	}
	if rows != found.Records {
		t.Errorf("%d rows are accounted for of %d", rows, found.Records)
	}
	if _, err := d.Trace(t.Context(), snap, schema.Feed{Name: "accounts"}, receipt, "别的表!D4"); !errors.Is(err, ErrNotTraced) {
		t.Errorf("a sheet that is not there: %v", err)
	}
	if other, err := d.Trace(t.Context(), snap, schema.Feed{Name: "accounts"}, receipt, "ZZ4"); err != nil || other.Found || len(other.Origins) > 0 {
		t.Errorf("a cell beyond the table: %v %v", other.Found, err)
	}
}

// BenchmarkTrace finds a figure in the middle of a tidy file of 30 MB.
func BenchmarkTrace(b *testing.B) {
	d := newDesk(b)
	text := large(700_000, 0)
	kept, err := d.o.Snapshots.Put(b.Context(), strings.NewReader(text), source.Provenance{Feed: "accounts", Name: "feed.csv"}, 1<<30)
	if err != nil {
		b.Fatal(err)
	}
	receipt := schema.Receipt{ID: "R1", Feed: "accounts", File: "feed.csv", Snapshot: kept.SHA256, Bytes: kept.Bytes}
	b.ReportAllocs()
	for b.Loop() {
		snap, err := d.o.Snapshots.Open(kept.SHA256)
		if err != nil {
			b.Fatal(err)
		}
		found, err := d.Trace(b.Context(), snap, schema.Feed{Name: "accounts"}, receipt, "D350000")
		if err = errors.Join(err, snap.Close()); err != nil || !found.Found || len(found.Origins) == 0 {
			b.Fatalf("%v %v %v", err, found.Found, found.Origins)
		}
	}
	b.ReportMetric(float64(kept.Bytes)/1e6, "MB")
}
