// Package download writes figures and tables for those who take them away: CSV
// for machines and for people, workbooks, SDMX-CSV and JSON. Rows are written
// as they come; nothing grows with their number.
package download

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"yardstick/schema"
)

// ErrTooManyRows is returned when a workbook's sheet cannot hold all rows.
var ErrTooManyRows = errors.New("more rows than a sheet holds")

// Format is how rows are written.
type Format string

// The formats, by the word that --output and ?format= name them with.
const (
	CSV  Format = "csv"
	XLSX Format = "xlsx"
	SDMX Format = "sdmx-csv" // SDMX-CSV 2.0
	JSON Format = "json"
)

const xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// Formats lists the formats, the default first.
func Formats() []Format { return []Format{CSV, XLSX, SDMX, JSON} }

// MediaType is the format's for a Content-Type header.
func (f Format) MediaType() string {
	return map[Format]string{CSV: "text/csv; charset=utf-8", XLSX: xlsxType, JSON: "application/json",
		SDMX: "application/vnd.sdmx.data+csv; version=2.0.0; charset=utf-8"}[f]
}

// Extension is what files of the format end with.
func (f Format) Extension() string {
	return map[Format]string{CSV: ".csv", XLSX: ".xlsx", SDMX: ".csv", JSON: ".json"}[f]
}

// Accepted is the format an Accept header prefers: the one with the greatest
// weight, the earlier of equals. "" and */* mean JSON, as elsewhere in the API;
// false when nothing that is named can be given. among are the formats there
// are; none named means all.
func Accepted(header string, among ...Format) (Format, bool) {
	if strings.TrimSpace(header) == "" {
		return JSON, true
	}
	best, weight := Format(""), 0.0
	for part := range strings.SplitSeq(header, ",") {
		kind, params, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		q := 1.0
		if written, ok := params["q"]; ok {
			if q, err = strconv.ParseFloat(written, 64); err != nil {
				continue
			}
		}
		f := ofMedia(kind, params["version"])
		if f == "" || len(among) > 0 && !slices.Contains(among, f) {
			continue
		}
		if q > weight && q <= 1 {
			best, weight = f, q
		}
	}
	return best, best != ""
}

func ofMedia(kind, version string) Format {
	switch kind {
	case "*/*", "application/*", "application/json":
		return JSON
	case "text/csv", "text/*":
		return CSV
	case xlsxType:
		return XLSX
	case "application/vnd.sdmx.data+csv":
		if version == "" || strings.HasPrefix(version, "2.") {
			return SDMX
		}
	}
	return ""
}

// Disposition is a Content-Disposition header that saves under name, whatever
// name holds: a plain name for old clients beside the whole one (RFC 6266).
func Disposition(name string) string {
	name = path.Base(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || strings.ContainsRune(`\:*?"<>|`, r) {
			return '-'
		}
		return r
	}, strings.ToValidUTF8(name, "-")))
	plain := strings.Map(func(r rune) rune {
		if r > '~' {
			return '_'
		}
		return r
	}, name)
	header := fmt.Sprintf(`attachment; filename="%s"`, strings.ReplaceAll(plain, "%", "_"))
	if plain != name || strings.Contains(name, "%") {
		header += "; filename*=UTF-8''" + percent(name)
	}
	return header
}

// percent encodes what RFC 8187 does not admit as it is.
func percent(s string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || strings.IndexByte("!#$&+-.^_`|~", c) >= 0 {
			b.WriteByte(c)
			continue
		}
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}

// Kind is what a column holds.
type Kind int

// The kinds. A cell of the latter two that holds something else is text.
const (
	Text   Kind = iota
	Number      // a decimal number, digit for digit
	Date        // YYYY-MM-DD
)

// Column is a column of a table: a name for machines, a title for people.
type Column struct {
	Name  string
	Title schema.Text
	Kind  Kind
	Width float64 // in characters; 0: by the kind
}

// Fact is a line of what is told about a table on the workbook's second sheet.
type Fact struct {
	Title schema.Text
	Value schema.Text
}

// Options say how a table is written.
type Options struct {
	Format Format
	People bool        // CSV that a spreadsheet opens: BOM, titles, no cell that turns into a formula
	Lang   string      // of titles, a code
	Sheet  schema.Text // the workbook's first sheet
}

// Writer takes a table row by row. Rows that were written are not whole before
// Close.
type Writer interface {
	// Row writes one row, a cell for each column.
	Row(cells ...string) error
	// Close ends the table. Facts are told where the format has a place for
	// them, which is a workbook's second sheet. The writer below stays open.
	Close(facts ...Fact) error
	// Discard gives up a table that will not be closed, and what it holds.
	Discard() error
}

// New begins a table of these columns, as CSV or as a workbook: SDMX-CSV and
// JSON are for observations alone.
func New(w io.Writer, o Options, columns []Column) (Writer, error) {
	switch o.Format {
	case CSV:
		return newCSV(w, o, columns)
	case XLSX:
		return newXLSX(w, o, columns)
	case SDMX, JSON:
	}
	return nil, fmt.Errorf("a table cannot be written as %q", o.Format)
}

// Table writes a whole table.
func Table(w io.Writer, o Options, columns []Column, rows [][]string, facts ...Fact) error {
	t, err := New(w, o, columns)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if err := t.Row(row...); err != nil {
			return errors.Join(err, t.Discard())
		}
	}
	return t.Close(facts...)
}

// guard makes text harmless for spreadsheets that people open: what would start
// a formula is led in by an apostrophe, which a spreadsheet does not show. A
// number is no formula.
func guard(s string) string {
	first, _ := utf8.DecodeRuneInString(s)
	if !strings.ContainsRune("=@\t\r\n+-＝＋－＠", first) {
		return s
	}
	if _, err := schema.ParseDecimal(s); err == nil && (first == '+' || first == '-') {
		return s
	}
	return "'" + s
}
