package validate

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"yardstick/schema"
	"yardstick/schema/words"
)

// Omit is the answer that leaves a figure out: what is held stays as it is.
const Omit = "omit"

// What is said of a row without a figure where one is held.
const (
	keepHeld   = "keep"     // nothing was reported: what is held stays
	takeBack   = "withdraw" // withdraw:REASON: there is no such figure
	alonePart  = "period"   // the figure of the period alone
	aloneTotal = "ytd"      // the running total
)

// given is the answer under a kind of key for one figure: the nearest of
// KIND.INDICATOR.REGION.PERIOD, KIND.INDICATOR.REGION, KIND.INDICATOR, the others
// named, KIND.
func given(all map[string]string, kind string, k schema.Key, others ...string) string {
	keys := []string{kind + "." + k.Indicator + "." + k.Region + "." + k.Period.String(), kind + "." + k.Indicator + "." + k.Region, kind + "." + k.Indicator}
	for _, key := range slices.Concat(keys, others, []string{kind}) {
		if said := strings.TrimSpace(all[key]); said != "" {
			return said
		}
	}
	return ""
}

// explanation is what was said to a question of a code about one figure: for it,
// for its series, for all questions of the code, for the file.
func explanation(all map[string]string, code string, k schema.Key) string {
	return given(all, "explain", k, "explain."+code)
}

// omit takes a row out of the file: what is held stays.
func (j *judge) omit(row int, code string) {
	if j.out.Left == nil {
		j.out.Left = map[int]string{}
	}
	j.out.Left[row] = code
}

// blanks asks, once a file, about rows without a figure where one is held. An
// empty cell says that nothing was reported and takes nothing back; that there
// is no figure is an act and has a reason: the answer's, or the note of a row
// that gives its status too.
func (j *judge) blanks() {
	first, n := -1, 0
	var about []string
	for _, f := range j.Fresh {
		o := &j.Rows[f.Row]
		if o.Value != nil || f.Before == nil || f.Before.Value == nil || j.Places[f.Row].Stated && o.Note != "" {
			continue
		}
		switch what, reason := blankAnswer(given(j.Given, "blank", o.Key)); what {
		case keepHeld:
			j.omit(f.Row, LeftKept)
		case takeBack:
			o.Note = cmp.Or(o.Note, reason)
		default:
			if n++; first < 0 {
				first = f.Row
			}
			about = noted(about, o.Indicator)
			j.out.Rows[f.Row] = true
		}
	}
	if first < 0 {
		return
	}
	held := j.before(first)
	j.question(AskBlank, "blank", []string{keepHeld, takeBack + ":原数有误", takeBack + ":不再统计"}, about, j.Places[first].Sheet, j.cell(first),
		append(j.about(first), "n", n, "held", held.Value)...)
}

// noted is a list of at most a hundred codes with another.
func noted(codes []string, code string) []string {
	if len(codes) < 100 && !slices.Contains(codes, code) {
		return append(codes, code)
	}
	return codes
}

// before is the figure in whose place a new one comes; nil: none.
func (j *judge) before(row int) *schema.Observation {
	for _, f := range j.Fresh {
		if f.Row == row {
			return f.Before
		}
	}
	return nil
}

// blankAnswer reads what is to become of a row without a figure: keep, or
// withdraw with a reason. "": it cannot be understood.
func blankAnswer(answer string) (what, reason string) {
	answer = strings.TrimSpace(answer)
	if accepts(answer) || answer == keepHeld || answer == "保留" {
		return keepHeld, ""
	}
	for _, sign := range []string{":", "："} {
		if what, reason, ok := strings.Cut(answer, sign); ok && (what == takeBack || what == "撤下") {
			if reason = strings.TrimSpace(reason); reason != "" {
				return takeBack, reason
			}
		}
	}
	return "", ""
}

// firmness is how firm a status makes a figure: what is foreseen, what is
// estimated, what is found for the time being, what is final.
func firmness(s schema.ObsStatus) int {
	switch s {
	case schema.StatusForecast, schema.StatusImputed:
		return 0
	case schema.StatusEstimated:
		return 1
	case schema.StatusProvisional:
		return 2
	}
	return 3
}

// weaker asks about a forecast, estimate or provisional figure that comes in the
// place of a firmer one.
func (j *judge) weaker() {
	for _, f := range j.Fresh {
		o, b := &j.Rows[f.Row], f.Before
		if o.Value == nil || b == nil || b.Value == nil || firmness(o.Status) >= firmness(b.Status) || j.out.Rows[f.Row] {
			continue
		}
		if !j.ask(f.Row, AskWeaker, "held", shown(*b), "status", StatusName(o.Status), "was", StatusName(b.Status)) {
			j.settled[f.Row] = true
		}
	}
}

// Shifted figures: so many of them, of so many significant digits where nothing
// is held in their own place.
const (
	shiftedLeast  = 3
	shiftedDigits = 3
)

// digits counts the significant ones: 2 of 15000 and of 0.015.
func digits(v schema.Decimal) int {
	return len(strings.Trim(strings.NewReplacer("-", "", ".", "").Replace(v.Normal().String()), "0"))
}

// StatusName is a status of a figure as people call it.
func StatusName(s schema.ObsStatus) schema.Text {
	if id := "upload-status-" + string(s); words.Has(id) {
		return words.Say(id)
	}
	return schema.Same(string(s))
}

// repeats is how often figures of a file repeat those held so many steps away.
type repeats struct {
	rows   []int           // that repeat them
	others int             // that do not
	values map[string]bool // different ones among those that do
}

func (s *repeats) see(row int, v, held *schema.Decimal) {
	if !v.Equal(*held) {
		s.others++
		return
	}
	if s.values == nil {
		s.values = map[string]bool{}
	}
	s.rows, s.values[v.Normal().String()] = append(s.rows, row), true
}

// is reports whether it is the figures that moved: at least three, and four in
// five of those that can be compared.
func (s *repeats) is() bool {
	return len(s.rows) >= shiftedLeast && len(s.values) > 1 && 4*s.others <= len(s.rows)
}

// shifts are the steps that figures are looked for away from their place: one
// period, one year.
func (l *line) shifts() []int {
	if l.perYear < 2 {
		return []int{-1, 1}
	}
	return []int{-1, 1, -l.perYear, l.perYear}
}

// moved asks about series of which the file repeats what is held for the
// neighbouring periods: a column too far, or an old table under a new title. It
// is asked once of a series, and once of a file whose series have too few
// figures to tell by themselves.
func (j *judge) moved(lines map[seriesKey]*line, order []seriesKey) {
	all := map[int]*repeats{}
	for _, k := range order {
		l := lines[k]
		if j.movedAlone(l) {
			continue
		}
		for _, by := range l.shifts() {
			for i := range l.points {
				p := &l.points[i]
				held := l.was[p.ord+by]
				if p.row < 0 || p.o.Value == nil || held == nil || held.Value == nil || j.out.Rows[p.row] || digits(*p.o.Value) < shiftedDigits {
					continue
				}
				if all[by] == nil {
					all[by] = &repeats{}
				}
				all[by].see(p.row, p.o.Value, held.Value)
			}
		}
	}
	for _, by := range slices.Sorted(maps.Keys(all)) {
		if s := all[by]; s.is() && len(s.values) >= shiftedLeast {
			slices.Sort(s.rows)
			j.askMoved(s.rows, by)
			return
		}
	}
}

// movedAlone asks about one series.
func (j *judge) movedAlone(l *line) bool {
	for _, by := range l.shifts() {
		var s repeats
		changes := 0
		for i := range l.points {
			p := &l.points[i]
			held := l.was[p.ord+by]
			if p.row < 0 || p.o.Value == nil || held == nil || held.Value == nil || j.out.Rows[p.row] {
				continue
			}
			own := l.was[p.ord]
			if own == nil && digits(*p.o.Value) < shiftedDigits {
				continue // small numbers come again by themselves
			}
			if own != nil {
				changes++
			}
			s.see(p.row, p.o.Value, held.Value)
		}
		if s.is() {
			j.askMoved(s.rows, by)
			return true
		}
	}
	return false
}

// askMoved asks about figures that moved.
func (j *judge) askMoved(rows []int, by int) {
	way := "moved-later"
	if by > 0 {
		way = "moved-earlier"
	}
	j.askAll(rows, AskMoved, "n", len(rows), "way", words.Say(way, "n", max(by, -by)))
}

// askAll asks about the first of some figures; the others go with it.
func (j *judge) askAll(rows []int, code string, args ...any) {
	o := &j.Rows[rows[0]]
	why := explanation(j.Given, code, o.Key)
	if why == "" {
		j.question(code, ExplainKey(o.Key), explanations(code), []string{o.Indicator}, j.Places[rows[0]].Sheet, j.cell(rows[0]),
			append(j.about(rows[0]), args...)...)
	}
	for _, row := range rows {
		switch why {
		case "":
			j.out.Rows[row] = true
		case Omit:
			j.omit(row, LeftOmitted)
		default:
			j.settled[row] = true
			j.Rows[row].Note = cmp.Or(j.Rows[row].Note, why)
		}
	}
}

// alone asks, once a series, about figures of a period alone where running totals
// stand: from the second period of the year on, nearer to what the period adds
// than to what the total would be.
func (j *judge) alone(l *line) {
	if l.basis != schema.YearToDate || l.perYear < 2 || l.percent || l.linear || l.ind.Min == nil || l.ind.Min.Sign() < 0 {
		return
	}
	first, n, total, part := -1, 0, 0.0, 0.0
	for i := range l.points {
		p := &l.points[i]
		if p.row < 0 || j.out.Rows[p.row] || j.settled[p.row] || p.o.Status == schema.StatusBreak {
			continue
		}
		t, a, is := l.alone(i)
		if !is {
			continue
		}
		switch said := given(j.Given, "alone", p.o.Key); said {
		case "":
			if n++; first < 0 {
				first, total, part = i, t, a
			}
			p.suspect = true
		case alonePart:
			if j.out.Alone == nil {
				j.out.Alone = map[int]bool{}
			}
			p.suspect, j.out.Alone[p.row] = true, true
		case Omit:
			p.suspect = true
			j.omit(p.row, LeftOmitted)
		default:
			if j.settled[p.row] = true; said == aloneTotal {
				said = words.Say("note-running-total").In(schema.Chinese)
			}
			j.Rows[p.row].Note = cmp.Or(j.Rows[p.row].Note, said)
		}
	}
	if first < 0 {
		return
	}
	row := l.points[first].row
	o := &j.Rows[row]
	for i := range l.points {
		if p := &l.points[i]; p.row >= 0 && p.suspect {
			j.out.Rows[p.row] = true
		}
	}
	j.question(AskAlone, "alone."+o.Indicator+"."+o.Region, []string{alonePart, aloneTotal, Omit}, []string{o.Indicator}, j.Places[row].Sheet, j.cell(row),
		append(j.about(row), "n", n, "total", rounded(total, l.ind), "part", rounded(part, l.ind))...)
}

// rounded is a figure that is only expected, for a sentence.
func rounded(x float64, ind schema.Indicator) string {
	return strconv.FormatFloat(x, 'f', ind.Decimals, 64)
}

// countsBy is how many things a period must add so that chance alone does not
// make its total look like its part.
const countsBy = 30

// yearly reports whether all that is known of the series are whole years.
func (l *line) yearly() bool {
	return !slices.ContainsFunc(l.points, func(p point) bool { return p.ord%l.perYear+1 < l.perYear })
}

// growsOn reports whether the figures after i go on growing within the year, by
// so much a period, as a total does and its parts do not.
func (l *line) growsOn(i int, by float64) bool {
	last := i
	for k := i + 1; k < len(l.points) && l.points[k].ord/l.perYear == l.points[i].ord/l.perYear; k++ {
		last = k
	}
	return last > i && l.points[last].x-l.points[i].x >= by*float64(l.points[last].ord-l.points[i].ord)
}

// alone tells whether the figure at i, a running total by its key, is what its
// period alone adds: nearer to that than to the total there would be. The total
// is that of the year so far carried on as in the year before, or evenly; else
// that of the year before; else the nearest one, taken evenly.
func (l *line) alone(i int) (total, part float64, is bool) {
	p := &l.points[i]
	step := p.ord%l.perYear + 1
	if step == 1 || p.x <= 0 || l.yearly() {
		return 0, 0, false
	}
	var one [1]int
	near := l.earlier(i, 1, one[:0])
	if len(near) == 0 {
		near = l.later(i, 1, one[:0])
	}
	if len(near) == 0 {
		return 0, 0, false
	}
	ref := &l.points[near[0]]
	steps := float64(ref.ord%l.perYear + 1)
	total, part = ref.x*float64(step)/steps, ref.x/steps
	yearBack := func(ord int) float64 {
		k, found := slices.BinarySearchFunc(l.points, ord-l.perYear, func(p point, ord int) int { return cmp.Compare(p.ord, ord) })
		if !found || !l.points[k].usable || l.points[k].suspect {
			return 0
		}
		return l.points[k].x
	}
	switch before, from := yearBack(p.ord), yearBack(ref.ord); {
	case ref.ord < p.ord && ref.ord/l.perYear == p.ord/l.perYear:
		if before > 0 && from > 0 {
			total = ref.x * before / from
		}
		part = (total - ref.x) / float64(p.ord-ref.ord)
	case before > 0:
		if total, part = before, before/float64(step); yearBack(p.ord-1) > 0 {
			part = before - yearBack(p.ord-1)
		}
	}
	if part <= 0 || total <= part || l.counts && part < countsBy || l.growsOn(i, part/2) {
		return 0, 0, false
	}
	return total, part, p.x*p.x < total*part && p.x > part/2.5
}
