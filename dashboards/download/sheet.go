package download

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"

	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/words"
)

// Sheet is a table of a page as it can be taken away. Cells hold what the page
// shows without its units and marks, which have columns of their own, so that
// numbers stay numbers.
type Sheet struct {
	ID      string // of the address: table=ID
	Title   schema.Text
	Columns []Column
	Rows    [][]string
	Facts   []Fact // told beside it: what, as of when, synthetic or not
}

// sheets lists the tables of all pages and their columns: a line a column, its
// kind, and the message that heads it; the lines of a sheet that are another's
// stand there once.
//
//go:embed sheets.csv
var sheets string

// sheetLines are the lines of sheets.csv by the sheet's name, read once.
var sheetLines = sync.OnceValue(func() map[string][][]string {
	lines, err := csv.NewReader(strings.NewReader(sheets)).ReadAll()
	if err != nil {
		panic(fmt.Sprintf("sheets.csv cannot be read: %v", err)) // a test takes every table away
	}
	out := map[string][][]string{}
	for _, l := range lines {
		out[l[0]] = append(out[l[0]], l)
	}
	return out
})

// NewSheet is a table of sheets.csv, without rows. What stands before the last
// slash of its name tells it from a table of another page. It panics when there
// is none of that name.
func NewSheet(name string) Sheet {
	lines := sheetLines()[name]
	if lines == nil {
		panic(fmt.Sprintf("sheets.csv has no table %q", name))
	}
	out := Sheet{ID: path.Base(name)}
	for _, l := range lines {
		switch l[3] {
		case "sheet":
			out.Title = words.Say(l[2])
		case "as":
			out.Columns = append(out.Columns, NewSheet(l[1]).Columns...)
		default:
			kind := map[string]Kind{"number": Number, "day": Date}[l[3]]
			out.Columns = append(out.Columns, Column{Name: l[1], Title: words.Say(l[2]), Kind: kind})
		}
	}
	return out
}

// Add adds a row.
func (s *Sheet) Add(cells ...string) { s.Rows = append(s.Rows, cells) }

// Tabled is a page with tables that can be taken away.
type Tabled interface{ Sheets() []Sheet }

// TakeAway is one table of the page as a workbook or as CSV that a spreadsheet
// opens.
func TakeAway(f *web.Frame, view any, id, written string) (web.File, error) {
	var all []Sheet
	if v, ok := view.(Tabled); ok {
		all = v.Sheets()
	}
	i := slices.IndexFunc(all, func(s Sheet) bool { return s.ID == id })
	if i < 0 {
		return web.File{}, web.NoTable(id)
	}
	format := Format(written)
	if format != CSV && format != XLSX {
		return web.File{}, web.Refuse(http.StatusBadRequest, "board-bad-table-format", "written", written)
	}
	s := all[i]
	var buf bytes.Buffer
	options := Options{Format: format, People: true, Lang: f.Lang, Sheet: s.Title}
	if err := Table(&buf, options, s.Columns, s.Rows, append(tableFacts(f, s), s.Facts...)...); err != nil {
		return web.File{}, fmt.Errorf("writing the table %s: %w", id, err)
	}
	name := "yardstick-" + id + "-" + f.AsOf.String() + format.Extension()
	return web.File{Kind: format.MediaType(), Disposition: Disposition(name), Body: buf.Bytes()}, nil
}

// tableFacts are told of every table: what it is, as of when, and what the
// page's banner says.
func tableFacts(f *web.Frame, s Sheet) []Fact {
	say := func(id string, value schema.Text) Fact {
		return Fact{Title: words.Say(id), Value: value}
	}
	out := []Fact{
		say("board-table-is", s.Title),
		say("board-f-policy", f.Policy.Title.Explained(schema.Same(f.Policy.Number))),
		say("board-f-asof", words.Say("board-known-on", "day", f.AsOf)),
	}
	for _, line := range f.Banner {
		out = append(out, say("board-table-note", schema.Same(line)))
	}
	return out
}

// Bare is what a cell of a table holds of what a page shows: nothing where the
// page has a dash.
func Bare(shown string) string {
	if shown == "—" {
		return ""
	}
	return strings.ReplaceAll(shown, "−", "-")
}

// Numeral is Bare where it is a number, else empty: a column of numbers holds
// nothing else.
func Numeral(shown string) string {
	if _, err := schema.ParseDecimal(Bare(shown)); err != nil {
		return ""
	}
	return Bare(shown)
}
