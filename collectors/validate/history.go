package validate

import (
	"cmp"
	"slices"
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/table"
	"yardstick/schema"
	"yardstick/schema/targets"
	"yardstick/schema/vintage"
)

// Place is where a figure stands in its file. The cell's text is the
// observation's own.
type Place struct {
	Sheet  string
	Cell   table.Cell
	Stated bool // its status is written beside it
}

// Past is the figures of a file and all that is known of them before: what the
// checks of History go by. Nothing in it is changed but the notes of Rows.
type Past struct {
	Register   *targets.Register
	File, Feed string
	Rows       []schema.Observation // every figure understood
	Places     []Place              // of Rows
	Lacking    []schema.Observation // rows that were left out, their keys alone: they were not forgotten
	Fresh      []vintage.Fresh      // rows that say something new, in the order made public
	Held       []schema.Observation // every counted vintage of the file's indicators and regions, oldest published first
	Last       *schema.Coverage     // of the feed's last delivery; nil: not known
	Locks      []schema.Act         // locks and reopenings
	Given      map[string]string    // answers, by the keys of questions
	Correction schema.Correction    // why held figures change, as the sender said; "" not said
	// RequireReason: a held figure changes only with a reason.
	RequireReason bool
	// Whole: no row of the file was rejected, so that what is missing is missing.
	Whole bool
	// FeedOf gives the feed of a receipt.
	FeedOf func(receipt string) (string, error)
}

// Doubts is what the checks found.
type Doubts struct {
	Problems   []schema.Problem
	Questions  []schema.Question
	Rows       map[int]bool      // rows that something is wrong or asked about
	Left       map[int]string    // rows that an answer leaves out, with the code it is listed under
	Alone      map[int]bool      // rows that an answer says are a period's alone, and no running total
	Correction schema.Correction // why held figures change, as said or answered
}

// judge holds one file against its past.
type judge struct {
	Past
	out     Doubts
	regions map[string]schema.Text
	keys    map[string]bool // questions asked
	settled map[int]bool    // rows of which an answer leaves nothing to ask
}

// History checks the figures of a file that are new vintages against those
// held before: locked periods, clashes between feeds, changes without a reason,
// percent taken for fractions, jumps, falling totals, figures that return,
// hundredfold and more of what is held of the fact itself, totals that differ from
// their parts, series that are missing. A question that
// is answered is not asked; its explanation becomes the figure's note.
func History(p Past) (Doubts, error) {
	j := &judge{Past: p, out: Doubts{Rows: map[int]bool{}, Correction: p.Correction}, regions: map[string]schema.Text{}, keys: map[string]bool{},
		settled: map[int]bool{}}
	if c, ok := schema.ParseCorrection(strings.TrimSpace(p.Given["reason"])); ok && j.out.Correction == "" {
		j.out.Correction = c
	}
	if len(p.Fresh) > 0 {
		j.locked()
		if err := j.clashes(); err != nil {
			return Doubts{}, err
		}
		j.blanks()
		j.weaker()
		j.reasons()
		j.series()
		j.returns()
		j.totals()
	}
	j.coverage()
	return j.out, nil
}

// ExplainKey is the key of the question about one figure.
func ExplainKey(k schema.Key) string {
	return "explain." + k.Indicator + "." + k.Region + "." + k.Period.String()
}

// problem tells something wrong with a row.
func (j *judge) problem(row int, code string, args ...any) {
	j.out.Rows[row] = true
	j.out.Problems = append(j.out.Problems, account.At(j.File, j.Places[row].Sheet, j.cell(row), code, append(j.about(row), args...)...))
}

func (j *judge) cell(row int) table.Cell {
	c := j.Places[row].Cell
	c.Text = j.Rows[row].Written
	return c
}

// about is what every sentence about a figure may say.
func (j *judge) about(row int) []any {
	o := &j.Rows[row]
	return []any{"indicator", nameOf(j.Register.Indicators, o.Indicator), "region", j.region(o.Region), "unit", o.Unit, "value", shown(*o),
		"period", o.Period.Text(o.Basis)}
}

func nameOf(all *targets.Catalogue, code string) schema.Text {
	ind, _ := all.ByCode(code)
	return ind.Name
}

func (j *judge) region(code string) schema.Text {
	name, ok := j.regions[code]
	if !ok {
		r, _ := j.Register.Regions.ByCode(code)
		name = r.Name
		j.regions[code] = name
	}
	return name
}

// ask puts the question about one figure, unless it is explained: then the
// explanation is noted and asked is false. A figure is asked about once.
func (j *judge) ask(row int, code string, args ...any) (asked bool) {
	o := &j.Rows[row]
	switch why := explanation(j.Given, code, o.Key); why {
	case "":
	case Omit:
		j.omit(row, LeftOmitted)
		return false
	default:
		o.Note = cmp.Or(o.Note, why)
		return false
	}
	j.out.Rows[row] = true
	j.question(code, ExplainKey(o.Key), explanations(code), []string{o.Indicator}, j.Places[row].Sheet, j.cell(row), append(j.about(row), args...)...)
	return true
}

func (j *judge) question(code, key string, candidates, about []string, sheet string, c table.Cell, args ...any) {
	if j.keys[key] || len(j.keys) >= mostAsked {
		return
	}
	j.keys[key] = true
	j.out.Questions = append(j.out.Questions, account.Question(j.File, sheet, c, code, key, candidates, about, args...))
}

// mostAsked bounds the questions about one file.
const mostAsked = 10_000

// explanations are what is often said to a question about a figure, and that it
// is left out; any words will do.
func explanations(code string) []string {
	said, ok := map[string][]string{AskFall: {"核减", "口径调整"}, AskTotal: {"未作机械调整", "口径不同"}, AskPart: {"未作机械调整", "口径不同"},
		AskSlip: {"原数单位有误"}, AskFraction: {"数值属实"},
		AskReturn: {"撤销上次更正"}, AskWeaker: {"重新核算", "原数有误", "原数本为预计"}, AskMoved: {"各期数确有修订", "数值恰好相同"}, AskWhole: {"平均数", "折合数"}}[code]
	if !ok {
		said = []string{"一次性因素", "口径调整", "集中入统"}
	}
	return append(said, Omit)
}

// locked tells of figures in locked periods.
func (j *judge) locked() {
	if len(j.Locks) == 0 {
		return
	}
	acts := slices.Clone(j.Locks)
	slices.SortStableFunc(acts, func(a, b schema.Act) int { return cmp.Compare(a.Seq, b.Seq) })
	known := map[schema.Period]*schema.Act{} // nil: not locked
	for _, f := range j.Fresh {
		period := vintage.Fact(j.Rows[f.Row].Key).Period
		by, ok := known[period]
		if !ok {
			if act, locked := schema.Locked(acts, j.Feed, period); locked {
				by = &act
			}
			known[period] = by
		}
		if by != nil {
			j.problem(f.Row, PeriodLocked, "by", by.Actor, "through", by.Fields["through"])
		}
	}
}

// clashes tells of figures that another feed has in force, made public on the
// same day and with another value.
func (j *judge) clashes() error {
	feeds := map[string]string{}
	for _, f := range j.Fresh {
		o, b := &j.Rows[f.Row], f.Before
		if b == nil || b.PublishedAt != o.PublishedAt || b.Receipt == o.Receipt || sameValue(b.Value, o.Value) {
			continue
		}
		feed, ok := feeds[b.Receipt]
		if !ok {
			var err error
			if feed, err = j.FeedOf(b.Receipt); err != nil {
				return err
			}
			feeds[b.Receipt] = feed
		}
		if feed != j.Feed {
			j.problem(f.Row, Clash, "other", feed, "feed", j.Feed, "receipt", b.Receipt, "held", shown(*b), "published", o.PublishedAt)
		}
	}
	return nil
}

func sameValue(a, b *schema.Decimal) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Equal(*b)
}

// reasons asks once why held figures change, where the feed wants a reason.
func (j *judge) reasons() {
	if !j.RequireReason || j.out.Correction != "" {
		return
	}
	first, n := -1, 0
	var about []string
	for _, f := range j.Fresh {
		if f.Before == nil || schema.CorrectionOf(*f.Before, j.Rows[f.Row], "") != "" {
			continue
		}
		if n++; first < 0 {
			first = f.Row
		}
		if code := j.Rows[f.Row].Indicator; len(about) < 100 && !slices.Contains(about, code) {
			about = append(about, code)
		}
		j.out.Rows[f.Row] = true
	}
	if first < 0 {
		return
	}
	var candidates []string
	var names []schema.Text
	for _, c := range schema.Corrections() {
		candidates = append(candidates, string(c))
		names = append(names, schema.Same(string(c)).Explained(c.Label()))
	}
	j.question(AskReason, "reason", candidates, about, j.Places[first].Sheet, j.cell(first),
		append(j.about(first), "n", n, "candidates", schema.Listed(names...))...)
}

// returns asks about corrections that bring an older vintage's value back.
func (j *judge) returns() {
	want := map[schema.Key]vintage.Fresh{}
	for _, f := range j.Fresh {
		o := &j.Rows[f.Row]
		if f.Before != nil && !f.Hidden && o.Value != nil && f.Before.Value != nil && !o.Value.Equal(*f.Before.Value) && !j.out.Rows[f.Row] {
			want[vintage.Fact(o.Key)] = f
		}
	}
	if len(want) == 0 {
		return
	}
	older := map[schema.Key]*schema.Observation{}
	for i := range j.Held {
		h := &j.Held[i]
		fact := vintage.Fact(h.Key)
		if f, ok := want[fact]; ok && h.Value != nil && h.Value.Equal(*j.Rows[f.Row].Value) {
			older[fact] = h
		}
	}
	for _, f := range j.Fresh {
		fact := vintage.Fact(j.Rows[f.Row].Key)
		if h := older[fact]; h != nil && want[fact].Row == f.Row {
			j.ask(f.Row, AskReturn, "held", shown(*f.Before), "day", h.PublishedAt)
		}
	}
}
