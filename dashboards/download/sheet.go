package download

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
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
	format, ok := ParseFormat(written)
	if !ok || format != CSV && format != XLSX {
		return web.File{}, web.Refuse(http.StatusBadRequest, "board-bad-table-format", "written", written)
	}
	s := all[i]
	var buf bytes.Buffer
	t, err := New(&buf, Options{Format: format, People: true, Lang: f.Lang, Sheet: s.Title}, s.Columns)
	if err != nil {
		return web.File{}, fmt.Errorf("beginning the table %s: %w", id, err)
	}
	for _, row := range s.Rows {
		if err := t.Row(row...); err != nil {
			return web.File{}, fmt.Errorf("writing the table %s: %w", id, err)
		}
	}
	if err := t.Close(append(tableFacts(f, s), s.Facts...)...); err != nil {
		return web.File{}, fmt.Errorf("ending the table %s: %w", id, err)
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

// titled is one of a table that is taken away: its name for machines and the
// message that heads it.
func titled(name, id string, kind Kind) Column {
	return Column{Name: name, Title: words.Say(id), Kind: kind}
}

// TextColumn is a column of words of a table that is taken away; what it is
// called is a message.
func TextColumn(name, id string) Column { return titled(name, id, Text) }

// NumberColumn is a column of numbers, as TextColumn is one of words.
func NumberColumn(name, id string) Column { return titled(name, id, Number) }

// DayColumn is a column of days, as TextColumn is one of words.
func DayColumn(name, id string) Column { return titled(name, id, Date) }

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

// FigureColumns are those every list of published figures has.
func FigureColumns(more ...Column) []Column {
	return append([]Column{
		titled("period", "board-col-period", Text), titled("basis", "board-col-basis", Text),
		titled("value", "board-col-figure", Number), titled("unit", "board-col-unit", Text),
		titled("status", "board-col-obs", Text), titled("published", "board-col-published", Text),
		titled("receipt", "board-col-receipt", Text),
	}, more...)
}
