package board

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"

	"yardstick/dashboards/download"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/words"
)

// sheet is a table of a page as it can be taken away. Cells hold what the page
// shows without its units and marks, which have columns of their own, so that
// numbers stay numbers.
type sheet struct {
	ID      string // of the address: table=ID
	Title   schema.Text
	Columns []download.Column
	Rows    [][]string
	Facts   []download.Fact // told beside it: what, as of when, synthetic or not
}

// tabled is a page with tables that can be taken away.
type tabled interface{ sheets() []sheet }

// takeAway is one table of the page as a workbook or as CSV that a spreadsheet
// opens.
func takeAway(f *web.Frame, view any, id, written string) (web.File, error) {
	var all []sheet
	if v, ok := view.(tabled); ok {
		all = v.sheets()
	}
	i := slices.IndexFunc(all, func(s sheet) bool { return s.ID == id })
	if i < 0 {
		return web.File{}, web.NoTable(id)
	}
	format, ok := download.ParseFormat(written)
	if !ok || format != download.CSV && format != download.XLSX {
		return web.File{}, web.Refuse(http.StatusBadRequest, "board-bad-table-format", "written", written)
	}
	s := all[i]
	var buf bytes.Buffer
	t, err := download.New(&buf, download.Options{Format: format, People: true, Lang: f.Lang, Sheet: s.Title}, s.Columns)
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
	return web.File{Kind: format.MediaType(), Disposition: download.Disposition(name), Body: buf.Bytes()}, nil
}

// tableFacts are told of every table: what it is, as of when, and what the
// page's banner says.
func tableFacts(f *web.Frame, s sheet) []download.Fact {
	say := func(id string, value schema.Text) download.Fact {
		return download.Fact{Title: words.Say(id), Value: value}
	}
	out := []download.Fact{
		say("board-table-is", s.Title),
		say("board-f-policy", f.Policy.Title.Explained(schema.Same(f.Policy.Number))),
		say("board-f-asof", words.Say("board-known-on", "day", f.AsOf)),
	}
	for _, line := range f.Banner {
		out = append(out, say("board-table-note", schema.Same(line)))
	}
	return out
}

// taking is where a table can be had.
type taking struct {
	Frame     *frame
	XLSX, CSV string
}

// Taking offers the page's table id, for the template "take".
func (f *frame) Taking(id string) taking {
	return taking{f, f.TakeAway(id, string(download.XLSX)), f.TakeAway(id, string(download.CSV))}
}
