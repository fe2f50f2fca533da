package upload

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"yardstick/collectors/pipeline"
	"yardstick/schema"
	"yardstick/schema/figure"
	"yardstick/schema/words"
)

// most rows of a list on a page; how many there are beyond is said.
const mostListed = 300

// previewView is a file before it is handed in.
type previewView struct {
	*frame
	ID, File, FeedTitle string
	Shape               string // of the state
	Sentence            string
	Waiting             bool // the reader wanted to hand in what is not ready
	SameAs, SameHref    string
	Ready, Helps        bool // may be handed in; the good rows alone may be
	Tallies             []tally
	Questions           []questionRow
	Answered            []answerRow
	Problems            []findingRow
	More                int // problems beyond those listed
	Changes             []changeRow
	Figures             []figureRow
	FiguresMore         int
	Sheets              []sheetView
	Excluded            []findingRow
	Notes               []findingRow
	Facts               []pair
	Revises             bool
	Correction          schema.Correction
	Corrections         []option
	ReasonAsked         bool
	Published, Release  string
	Note                string
	Entered             bool
	Evidence            string
	Review              bool
}

type (
	pair   struct{ Name, Text string }
	tally  struct{ N, Word, Shape, Href string }
	option struct {
		Value, Label string
		Chosen       bool
	}
	questionRow struct {
		N                         int
		ID, Key, Text, Why, Place string
		Href, Written             string
		Candidates                []option
		Other                     string // a written answer
		Free, Long                bool
		Choose, Write             string // names of the form's fields
	}
	answerRow struct {
		Key, Text, Value, By, Where string
		Remembered                  bool
	}
	findingRow struct {
		N                              int
		ID, Text, Place, Href, Written string
	}
	changeRow struct {
		Indicator, Region, Period, Old, New, Diff, Unit, Note, Why, Cell, Href string
	}
	figureRow struct{ ID, Cell, Href, Indicator, Region, Period, Basis, Value, Unit, Status, Effect, Shape, Written string }
	sheetView struct {
		ID, Title, About string
		Columns          []string
		Rows             []rowView
		Open             bool
		Wide             string
	}
	rowView struct {
		Number int
		Cells  []cellView
		Gap    string
		Marked bool
	}
	cellView struct {
		ID, Text, Class, Title string
		Marks                  []markView
	}
	markView struct{ Shape, N, Href, Label string }
)

func (p *pages) previewView(f *frame, d *draft, feed schema.FeedState, seen pipeline.Look) previewView {
	r := seen.Receipt
	f.Heading, f.Tab = f.T("upload-preview-title"), "send"
	if d.entered {
		f.Tab = "enter"
	}
	_, reasoned := d.says.answers["reason"]
	v := previewView{frame: f, ID: d.id, File: d.name, FeedTitle: titleOf(f, feed), Correction: d.says.correction, Note: d.says.note,
		Entered: d.entered, Revises: seen.Revised > 0 && !reasoned, Review: feed.Review}
	if d.says.published != nil {
		v.Published = d.says.published.String()
	}
	if !d.says.release.IsZero() {
		v.Release = d.says.release.In(p.Location).Format("2006-01-02T15:04")
	}
	if d.evidence != nil {
		v.Evidence = d.evidence.name
	}
	m := newMarks(f, seen)
	for i, problem := range r.Problems {
		if i == mostListed {
			v.More = len(r.Problems) - i
			break
		}
		v.Problems = append(v.Problems, m.finding("p", i+1, problem))
	}
	v.questions(r, d, m)
	for i, problem := range r.ExcludedRows[:min(len(r.ExcludedRows), mostListed)] {
		v.Excluded = append(v.Excluded, m.finding("x", i+1, problem))
	}
	for i, note := range seen.Notes {
		v.Notes = append(v.Notes, m.finding("n", i+1, note))
	}
	v.figures(p, seen, m)
	v.Sheets = m.sheets(seen)
	v.Facts = f.fileFacts(seen)
	v.state(seen)
	for _, c := range schema.Corrections() {
		v.Corrections = append(v.Corrections, option{string(c), f.Say(c.Label()), c == d.says.correction})
	}
	return v
}

func titleOf(f *frame, feed schema.FeedState) string {
	if t := f.Say(feed.Title); t != "" {
		return t
	}
	return feed.Name
}

// state is what to say first: whether the file may be handed in.
func (v *previewView) state(seen pipeline.Look) {
	r, n := seen.Receipt, seen.New+seen.Revised+seen.Same
	v.Ready = r.Status != schema.Asked && r.Status != schema.Refused && r.Status != schema.Failed
	v.Helps = !v.Ready && n > 0 && r.Status != schema.Failed
	switch {
	case r.Status == schema.Unchanged:
		v.Shape, v.Sentence = "open", v.T("upload-state-unchanged", "n", r.UnchangedN)
	case v.Ready:
		v.Shape, v.Sentence = "on_track", v.T("upload-state-ready", "n", n)
	case len(r.Problems) > 0:
		v.Shape, v.Sentence = "lagging", v.T("upload-state-problems", "problems", len(r.Problems), "questions", len(r.Questions))
	default:
		v.Shape, v.Sentence = "at_risk", v.T("upload-state-questions", "questions", len(r.Questions))
	}
	add := func(n int, id, shape, href string) {
		v.Tallies = append(v.Tallies, tally{fmt.Sprint(n), v.T(id), shape, href})
	}
	add(seen.New, "upload-tally-new", "on_track", "#figures")
	add(seen.Revised, "upload-tally-revised", "achieved", "#changes")
	add(seen.Same, "upload-tally-same", "open", "#figures")
	add(len(r.Questions), "upload-tally-questions", "at_risk", "#questions")
	add(len(r.Problems), "upload-tally-problems", "lagging", "#problems")
}

// questions lists what is asked, and what was answered with its answer.
func (v *previewView) questions(r schema.Receipt, d *draft, m *marks) {
	for i, q := range r.Questions {
		if q.Key == "reason" {
			v.ReasonAsked = true
		}
		row := questionRow{N: i + 1, ID: fmt.Sprintf("q%d", i+1), Key: q.Key, Text: v.Say(q.Text), Why: v.Say(q.Why), Written: q.Written,
			Place: m.place(q.Problem), Href: m.href(q.Problem), Choose: "choose:" + q.Key, Write: "write:" + q.Key, Free: true,
			Long: strings.HasPrefix(q.Key, "explain") || q.Key == "coverage"}
		given := d.says.answers[q.Key]
		for _, c := range q.Candidates {
			row.Candidates = append(row.Candidates, option{c, v.Say(labelOf(c)), c == given})
			if c == given {
				given = ""
			}
		}
		row.Other = given
		row.Free = !closed(q.Key)
		m.mark(q.Problem, markView{"at_risk", fmt.Sprint(row.N), "#" + row.ID, v.T("upload-mark-question", "n", row.N)})
		v.Questions = append(v.Questions, row)
	}
	open := map[string]bool{}
	for _, q := range r.Questions {
		open[q.Key] = true
	}
	for _, key := range sortedKeys(d.says.answers) {
		if !open[key] {
			v.Answered = append(v.Answered, answerRow{Key: key, Text: v.Say(d.asked[key].Text), Value: v.Say(labelOf(d.says.answers[key]))})
		}
	}
	for _, a := range r.Answers {
		if a.Remembered {
			v.Answered = append(v.Answered, answerRow{Key: a.Key, Value: v.Say(labelOf(a.Value)), Remembered: true,
				By: v.T("upload-remembered", "who", a.By, "when", v.Time(a.At))})
		}
	}
}

// closed reports whether a question takes its candidates alone.
func closed(key string) bool {
	kind, _, _ := strings.Cut(key, ".")
	return kind == "estimate" || kind == "basis" || kind == "reason" || kind == "frequency" || kind == "unit"
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// figures lists what was understood and what it changes.
func (v *previewView) figures(p *pages, seen pipeline.Look, m *marks) {
	byKey := map[schema.Key]string{}
	for i, fig := range seen.Figures {
		row := p.figureRow(v.frame, fig, m)
		row.ID = fmt.Sprintf("v%d", i+1)
		m.understood(fig, row)
		byKey[fig.Key] = row.Href
		if i < mostListed {
			v.Figures = append(v.Figures, row)
		}
		if fig.Held && !fig.Same || fig.Hidden {
			c := schema.Change{Key: fig.Key, Old: fig.Old, New: fig.Value, OldStatus: fig.OldStatus, NewStatus: fig.Status, Hidden: fig.Hidden}
			change := p.changeRow(v.frame, c)
			change.Cell, change.Href = row.Cell, row.Href
			v.Changes = append(v.Changes, change)
		}
	}
	for i, row := range seen.Open[:min(len(seen.Open), mostListed)] {
		open := p.openRow(v.frame, row, m)
		open.ID = fmt.Sprintf("o%d", i+1)
		v.Figures = append(v.Figures, open)
	}
	v.FiguresMore = max(0, seen.New+seen.Revised+seen.Same+len(seen.Open)-len(v.Figures))
	v.Changes = v.Changes[:min(len(v.Changes), mostListed)]
}

func (p *pages) figureRow(f *frame, fig pipeline.Figure, m *marks) figureRow {
	sheet, cell := fig.Place()
	ind, _ := p.Register.Indicators.ByCode(fig.Indicator)
	scale := figure.ScaleOf(ind, fig.Unit, f.Lang)
	row := figureRow{Cell: cell, Href: "#" + m.cellID(sheet, cell), Indicator: p.indicatorName(f, fig.Indicator), Region: p.regionName(f, fig.Region),
		Period: f.PeriodName(fig.Period, fig.Basis), Basis: f.T("board-basis-" + string(fig.Basis)), Unit: scale.Unit, Status: f.statusName(fig.Status), Value: shown(fig.Value, scale)}
	if fig.Value != nil {
		row.Value = scale.Figure(*fig.Value, &fig.Observation, nil).String()
		if fig.UnitWritten != "" && fig.UnitWritten != scale.Unit && fig.UnitWritten != ind.UnitEn {
			row.Written = f.T("upload-written", "written", fig.Written, "unit", fig.UnitWritten)
		}
	}
	if len(m.sheetNames) > 1 && sheet != "" {
		row.Cell = sheet + "!" + cell
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
func (p *pages) openRow(f *frame, read pipeline.OpenFigure, m *marks) figureRow {
	row := figureRow{Cell: read.Cell, Href: "#" + m.cellID(read.Sheet, read.Cell), Indicator: read.Indicator, Region: read.Region, Period: read.Period,
		Unit: read.Unit, Value: read.Value, Status: f.statusName(schema.ObsStatus(read.Status)), Shape: "at_risk", Effect: f.T("upload-effect-open")}
	if read.Sheet != "" && len(m.sheetNames) > 1 {
		row.Cell = read.Sheet + "!" + read.Cell
	}
	if ind, ok := p.Register.Indicators.Find(read.Indicator); ok {
		row.Indicator = f.Say(ind.Name)
	}
	if region, ok := p.Register.Regions.Find(read.Region); ok {
		row.Region = f.Say(region.Name)
	}
	if period, _, err := schema.ParsePeriod(read.Period); err == nil {
		row.Period = f.PeriodName(period, schema.Basis(read.Basis))
	}
	row.Basis = "—"
	if read.Basis != "" {
		row.Basis = f.T("board-basis-" + read.Basis)
	}
	row.Unit, row.Status = cmp.Or(row.Unit, "—"), cmp.Or(row.Status, "—")
	return row
}

// shown is a figure on the scale people speak in; a dash where there is none.
func shown(d *schema.Decimal, s figure.Scale) string {
	if d == nil {
		return "—"
	}
	return s.Number(*d)
}

func (p *pages) indicatorName(f *frame, code string) string {
	if ind, ok := p.Register.Indicators.ByCode(code); ok {
		return f.Say(ind.Name)
	}
	return code
}

func (p *pages) regionName(f *frame, code string) string {
	if region, ok := p.Register.Regions.ByCode(code); ok {
		return f.Say(region.Name)
	}
	return code
}

// statusName is an observation status as people read it.
func (f *frame) statusName(s schema.ObsStatus) string {
	if id := "upload-status-" + string(s); words.Has(id) {
		return f.T(id)
	}
	return string(s)
}

// changeRow is what happens to one figure held: old, new and the difference.
func (p *pages) changeRow(f *frame, c schema.Change) changeRow {
	ind, _ := p.Register.Indicators.ByCode(c.Indicator)
	scale := figure.ScaleOf(ind, ind.Unit, f.Lang)
	out := changeRow{Indicator: p.indicatorName(f, c.Indicator), Region: p.regionName(f, c.Region), Period: f.PeriodName(c.Period, c.Basis),
		Old: shown(c.Old, scale), New: shown(c.New, scale), Diff: "—", Unit: scale.Unit}
	if c.Old != nil && c.New != nil {
		d := c.New.Sub(*c.Old)
		switch size := scale.Number(d.Abs()); d.Sign() {
		case 1:
			out.Diff = "+" + size
		case -1:
			out.Diff = "−" + size
		default:
			out.Diff = size
		}
	}
	var notes []string
	if c.OldStatus != c.NewStatus && c.OldStatus != "" {
		notes = append(notes, f.T("upload-status-change", "old", f.statusName(c.OldStatus), "new", f.statusName(c.NewStatus)))
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

// fileFacts say how the file was read.
func (f *frame) fileFacts(seen pipeline.Look) []pair {
	var out []pair
	add := func(id, text string) {
		if text != "" {
			out = append(out, pair{f.T(id), text})
		}
	}
	add("upload-fact-format", strings.ToUpper(seen.Format))
	add("upload-fact-inner", seen.Inner)
	add("upload-fact-encoding", seen.Receipt.Encoding)
	if len(seen.Sheets) > 0 {
		s := seen.Sheets[0]
		if s.Delimiter != 0 {
			add("upload-fact-delimiter", f.T("upload-delimiter-"+delimiterName(s.Delimiter)))
		}
		add("upload-fact-lines", s.LineEnds)
	}
	var names []string
	for _, s := range seen.Sheets {
		if s.Name != "" {
			names = append(names, s.Name)
		}
	}
	add("upload-fact-sheets", strings.Join(names, f.T("board-comma")))
	add("upload-fact-bytes", fmt.Sprint(seen.Receipt.Bytes))
	add("upload-fact-digest", seen.Receipt.Snapshot)
	return out
}

func delimiterName(b byte) string {
	switch b {
	case ',':
		return "comma"
	case ';':
		return "semicolon"
	case '\t':
		return "tab"
	}
	return "bar"
}
