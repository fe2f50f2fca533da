package upload

import (
	"fmt"
	"mime"
	"net/http"
	"strings"

	"yardstick/collectors/desk"
	"yardstick/collectors/upload/blank"
	"yardstick/schema"
)

// blank hands out the template of a feed: FEED.xlsx or FEED.csv. Its first six
// columns are a tidy feed; what was reported last stands beside them.
func (p *pages) blank(w http.ResponseWriter, r *http.Request, _ *session) error {
	name, kind, ok := cutLast(r.PathValue("file"), ".")
	if !ok || kind != "xlsx" && kind != "csv" || !p.Desk.HasFeed(name) {
		return notFound("upload-no-template", "file", r.PathValue("file"))
	}
	series, err := p.Desk.SeriesOf(r.Context(), name)
	if err != nil {
		return fmt.Errorf("reading the series of %s: %w", name, err)
	}
	rows := p.blankRows(p.newFrame(r, nil), series)
	write, media := blank.CSV, "text/csv; charset=utf-8"
	if kind == "xlsx" {
		media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
		write = func(rows []blank.Row) ([]byte, error) { return blank.XLSX(rows, p.regionNames(series)) }
	}
	body, err := write(rows)
	if err != nil {
		return fmt.Errorf("making the template of %s: %w", name, err)
	}
	w.Header().Set("Content-Type", media)
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name + "." + kind}))
	_, _ = w.Write(body) // a reader who went away is no fault of ours
	return nil
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

func (p *pages) blankRows(f *frame, series []desk.Series) []blank.Row {
	out := make([]blank.Row, 0, len(series))
	for _, s := range series {
		shown := f.seriesRow(s, schema.FeedState{}, nil)
		row := blank.Row{Indicator: s.Indicator.Name.In(schema.Chinese), Region: s.Region.Name.In(schema.Chinese), Period: nextPeriod(s, p.Today()).String(), Unit: shown.Line.Unit,
			Basis: basisWord(s)}
		for _, u := range shown.Units {
			row.Units = append(row.Units, u.Value)
		}
		if s.Last != nil {
			value, unit := written(*s.Last)
			row.Hint = fmt.Sprintf("%s：%s %s", s.Last.Period.In(schema.Chinese, s.Last.Basis), value, unit)
		}
		out = append(out, row)
	}
	return out
}

// basisWord is the basis as the reader takes it.
func basisWord(s desk.Series) string {
	b := s.Indicator.Basis
	if s.Last != nil {
		b = s.Last.Basis
	}
	switch b {
	case schema.Point:
		return "时点"
	case schema.InPeriod:
		return "当期"
	case schema.YearToDate:
		return "本年累计"
	case schema.Cumulative:
		return "历年累计"
	}
	return ""
}

func (p *pages) regionNames(series []desk.Series) []string {
	var out []string
	seen := map[string]bool{}
	for _, s := range series {
		if !seen[s.Region.Name.In(schema.Chinese)] {
			seen[s.Region.Name.In(schema.Chinese)] = true
			out = append(out, s.Region.Name.In(schema.Chinese))
		}
	}
	return out
}
