package upload

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"yardstick/collectors/pipeline"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/figure"
	"yardstick/schema/words"
)

// most rows of a list on a page; how many there are beyond is said.
const mostListed = 300

// most is as many of a list as a page lists.
func most[T any](list []T) []T { return list[:min(len(list), mostListed)] }

// Most is that bound for templates.
func (f *frame) Most() int { return mostListed }

// previewView is a file before it is handed in.
type previewView struct {
	*frame
	D                *draft
	Feed             schema.FeedState
	Seen             pipeline.Look
	Shape, Sentence  string // of the state
	Waiting          bool   // the reader wanted to hand in what is not ready
	SameAs, SameHref string
	Ready, Helps     bool // may be handed in; the good rows alone may be
	Tallies          []tally
	Questions        []questionRow
	Answered         []answerRow
	Problems         []findingRow
	More             int // problems beyond those listed
	Changes          []changeRow
	Figures          []figureRow
	FiguresMore      int
	Marks            *marks
	Excluded, Notes  []findingRow
	Facts            []web.Fact
	Corrections      []option
	AsksWhy          bool // figures change, and nobody said why
	Release          string
}

type (
	tally struct {
		N           int
		Word, Shape string
	}
	option struct {
		Value, Label string
		Chosen       bool
	}
	findingRow struct {
		N                     int
		ID, Text, Place, Href string
	}
	questionRow struct {
		findingRow
		Key, Why, Form string
		Choices        []option
		Other          string    // a written answer
		Each           []eachRow // those it is about, which may be answered one by one
		EachOpen       bool      // some are
		Free, Long     bool
		All            bool // it answers all questions of a kind
	}
	eachRow   struct{ Key, Name, Answer string }
	answerRow struct {
		Key, Text, Value, By string
		Remembered           bool
	}
	changeRow struct {
		Indicator, Region, Period, Old, New, Diff, Unit, Note, Why, Cell, Href string
	}
	figureRow struct{ ID, Cell, Href, Indicator, Region, Period, Basis, Value, Unit, Status, Effect, Shape, Written string }
	cellView  struct {
		ID, Text, Class, Title string
		Marks                  []markView
	}
	markView struct{ Shape, N, Href, Label string }
)

func (p *Pages) previewView(f *frame, d *draft, feed schema.FeedState, seen pipeline.Look) previewView {
	r := seen.Receipt
	f.Heading, f.Tab = f.T("upload-preview-title"), "send"
	if d.Feed.Hand {
		f.Tab = "enter"
	}
	m := newMarks(f, seen)
	v := previewView{frame: f, D: d, Feed: feed, Seen: seen, Marks: m, Release: strings.Replace(f.Time(d.ReleaseAt), " ", "T", 1)}
	wrong := pipeline.Wrong(r)
	v.Problems = m.findings("p", most(wrong))
	v.More = len(wrong) - len(v.Problems)
	v.questions(p, m)
	v.Excluded = m.findings("x", most(r.ExcludedRows))
	v.Notes = m.findings("n", seen.Notes)
	v.figures(p, m)
	v.Facts = f.fileFacts(seen)
	v.state(len(wrong))
	_, reasoned := d.Answers["reason"]
	v.AsksWhy = seen.Revised > 0 && !reasoned && !slices.ContainsFunc(r.Questions, func(q schema.Question) bool { return q.Key == "reason" })
	for _, c := range schema.Corrections() {
		v.Corrections = append(v.Corrections, option{string(c), f.Say(c.Label()), c == d.Correction})
	}
	return v
}

// TitleOf is a feed as people call it.
func (f *frame) TitleOf(feed schema.FeedState) string { return cmp.Or(f.Say(feed.Title), feed.Name) }

// state is what to say first: whether the file may be handed in, or how much of it is
// to be mended and answered before.
func (v *previewView) state(wrong int) {
	r, n := v.Seen.Receipt, v.Seen.New+v.Seen.Revised+v.Seen.Same
	v.Ready = takes(r.Status)
	v.Helps = !v.Ready && n > 0 && r.Status != schema.Failed
	switch {
	case r.Status == schema.Unchanged:
		v.Shape, v.Sentence = "open", v.T("upload-state-unchanged", "n", r.UnchangedN)
	case v.Ready:
		v.Shape, v.Sentence = "on_track", v.T("upload-state-ready", "n", n)
	case wrong > 0:
		v.Shape, v.Sentence = "lagging", v.T("upload-state-problems", "problems", wrong, "questions", len(r.Questions))
	default:
		v.Shape, v.Sentence = "at_risk", v.T("upload-state-questions", "questions", len(r.Questions))
	}
	v.Tallies = append(v.tallies(v.Seen.New, v.Seen.Revised, v.Seen.Same), tally{len(r.Questions), v.T("upload-tally-questions"), "at_risk"},
		tally{wrong, v.T("upload-tally-problems"), "lagging"})
}

// tallies count what became of figures.
func (f *frame) tallies(fresh, revised, same int) []tally {
	return []tally{{fresh, f.T("upload-tally-new"), "on_track"}, {revised, f.T("upload-tally-revised"), "achieved"}, {same, f.T("upload-tally-same"), "open"}}
}

// figures lists what was understood and what it changes.
func (v *previewView) figures(p *Pages, m *marks) {
	seen := v.Seen
	for i, fig := range seen.Figures {
		row := p.figureRow(v.frame, fig, m)
		row.ID = fmt.Sprintf("v%d", i+1)
		m.figures[spot(fig.Place())] = row
		if i < mostListed {
			v.Figures = append(v.Figures, row)
		}
		if fig.Held && !fig.Same || fig.Hidden {
			c := schema.Change{Key: fig.Key, Old: fig.Old, New: fig.Value, OldStatus: fig.OldStatus, NewStatus: fig.Status, Hidden: fig.Hidden, Was: fig.Was}
			change := p.changeRow(v.frame, c)
			change.Cell, change.Href = row.Cell, row.Href
			v.Changes = append(v.Changes, change)
		}
	}
	for i, row := range most(seen.Open) {
		open := p.openRow(v.frame, row, m)
		open.ID = fmt.Sprintf("o%d", i+1)
		v.Figures = append(v.Figures, open)
	}
	v.FiguresMore = max(0, seen.New+seen.Revised+seen.Same+len(seen.Open)-len(v.Figures))
	v.Changes = most(v.Changes)
}

func (p *Pages) figureRow(f *frame, fig pipeline.Figure, m *marks) figureRow {
	sheet, cell := fig.Place()
	ind, _ := p.Register.Indicators.ByCode(fig.Indicator)
	scale := figure.ScaleOf(ind, fig.Unit, f.Lang)
	row := figureRow{Cell: m.named(sheet, cell), Href: "#" + m.cellID(sheet, cell), Indicator: p.indicatorName(f, fig.Indicator), Region: p.regionName(f, fig.Region),
		Period: f.PeriodName(fig.Period, fig.Basis), Basis: f.BasisName(fig.Basis), Unit: scale.Unit, Status: f.statusName(fig.Status), Value: shown(fig.Value, scale)}
	if fig.Value != nil {
		row.Value = scale.Figure(*fig.Value, &fig.Observation, nil).String()
		if fig.UnitWritten != "" && fig.UnitWritten != scale.Unit && fig.UnitWritten != ind.UnitEn {
			row.Written = f.T("upload-written", "written", fig.Written, "unit", fig.UnitWritten)
		}
	}
	switch {
	case fig.Same:
		row.Shape, row.Effect = "open", f.T("upload-effect-same")
	case fig.Held:
		row.Shape, row.Effect = "achieved", f.T("upload-effect-revised", "old", shown(fig.Old, scale))
	default:
		row.Shape, row.Effect = "on_track", f.T("upload-effect-new")
	}
	return row
}

// openRow is a figure that was read while something about it is asked or wrong.
func (p *Pages) openRow(f *frame, read pipeline.OpenFigure, m *marks) figureRow {
	row := figureRow{Cell: m.named(read.Sheet, read.Cell), Href: "#" + m.cellID(read.Sheet, read.Cell), Indicator: p.indicatorName(f, read.Indicator),
		Region: p.regionName(f, read.Region), Period: read.Period, Basis: cmp.Or(f.BasisName(schema.Basis(read.Basis)), "—"), Unit: cmp.Or(read.Unit, "—"), Value: read.Value,
		Status: cmp.Or(f.statusName(schema.ObsStatus(read.Status)), "—"), Shape: "at_risk", Effect: f.T("upload-effect-open")}
	if period, _, err := schema.ParsePeriod(read.Period); err == nil {
		row.Period = f.PeriodName(period, schema.Basis(read.Basis))
	}
	return row
}

// shown is a figure on the scale people speak in; a dash where there is none.
func shown(d *schema.Decimal, s figure.Scale) string {
	if d == nil {
		return "—"
	}
	return s.Number(*d)
}

// indicatorName is an indicator's name for its code, or as it was written.
func (p *Pages) indicatorName(f *frame, written string) string {
	if ind, ok := p.Register.Indicators.Find(written); ok {
		return f.Say(ind.Name)
	}
	return written
}

func (p *Pages) regionName(f *frame, written string) string {
	if region, ok := p.Register.Regions.Find(written); ok {
		return f.Say(region.Name)
	}
	return written
}

// statusName is an observation status as people read it.
func (f *frame) statusName(s schema.ObsStatus) string {
	if id := "upload-status-" + string(s); words.Has(id) {
		return f.T(id)
	}
	return string(s)
}

// changeRow is what happens to one figure held: old, new and the difference.
func (p *Pages) changeRow(f *frame, c schema.Change) changeRow {
	ind, _ := p.Register.Indicators.ByCode(c.Indicator)
	scale := figure.ScaleOf(ind, ind.Unit, f.Lang)
	out := changeRow{Indicator: p.indicatorName(f, c.Indicator), Region: p.regionName(f, c.Region), Period: f.PeriodName(c.Period, c.Basis),
		Old: shown(c.Old, scale), New: shown(c.New, scale), Diff: "—", Unit: scale.Unit}
	if c.Old != nil && c.New != nil {
		d := c.New.Sub(*c.Old)
		out.Diff = []string{"−", "", "+"}[d.Sign()+1] + scale.Number(d.Abs())
	}
	var notes []string
	if c.OldStatus != c.NewStatus && c.OldStatus != "" {
		notes = append(notes, f.T("upload-status-change", "old", f.statusName(c.OldStatus), "new", f.statusName(c.NewStatus)))
	}
	if c.Was != nil {
		notes = append(notes, f.T("board-change-was", "period", f.PeriodName(c.Was.Period, c.Was.Basis)))
	}
	if c.Hidden {
		notes = append(notes, f.T("board-change-hidden"))
	}
	out.Note = strings.Join(notes, f.T("board-comma"))
	if c.Correction != "" {
		out.Why = f.Say(c.Correction.Label())
	}
	return out
}

// facts are those of pairs of a message's id and a text that are known.
func (f *frame) facts(pairs ...string) (out []web.Fact) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			out = append(out, web.Fact{Name: f.T(pairs[i]), Text: pairs[i+1]})
		}
	}
	return out
}

// fileFacts say how the file was read.
func (f *frame) fileFacts(seen pipeline.Look) []web.Fact {
	var delimiter, ends string
	var names []string
	for i, s := range seen.Sheets {
		if i == 0 && s.Delimiter != 0 {
			named := map[byte]string{',': "comma", ';': "semicolon", '\t': "tab"}
			delimiter = f.T("upload-delimiter-" + cmp.Or(named[s.Delimiter], "bar"))
		}
		if i == 0 {
			ends = s.LineEnds
		}
		if s.Name != "" {
			names = append(names, s.Name)
		}
	}
	return f.facts("upload-fact-format", strings.ToUpper(seen.Format), "upload-fact-inner", seen.Inner,
		"upload-fact-encoding", seen.Receipt.Encoding, "upload-fact-delimiter", delimiter, "upload-fact-lines", ends,
		"upload-fact-sheets", strings.Join(names, f.T("board-comma")), "board-r-cells", f.Cells(seen.Receipt),
		"upload-fact-bytes", fmt.Sprint(seen.Receipt.Bytes), "upload-fact-digest", seen.Receipt.Snapshot)
}
