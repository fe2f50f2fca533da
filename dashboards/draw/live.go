package draw

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"yardstick/comparator/telling"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/figure"
)

// Live is what the page's script draws the same trajectory from, in the unit
// shown. Days are YYYY-MM-DD. Texts are what the page itself would write.
type Live struct {
	Label    string            `json:"label"`
	Lang     string            `json:"lang"`
	Unit     string            `json:"unit"`
	Target   float64           `json:"target"`
	From     string            `json:"from"`
	To       string            `json:"to"`
	Deadline string            `json:"deadline,omitempty"`
	Points   []livePoint       `json:"points"`
	Schedule []livePlace       `json:"schedule"`
	Ahead    []livePlace       `json:"ahead"`
	Fan      []liveStep        `json:"fan"`
	Bounds   *[2]float64       `json:"bounds,omitempty"` // of what is drawn, where the fan goes on beyond them
	Whole    bool              `json:"whole,omitempty"`  // the figures are whole numbers
	Done     []string          `json:"done,omitempty"`   // milestone: the words for 0 and 1
	Vintages []liveVintage     `json:"vintages"`         // every published value, where a point is one figure; else none
	Known    []string          `json:"known"`            // days on which something was published, ascending
	Words    map[string]string `json:"words"`
}

// livePoint is a figure, or the start, which is nobody's.
type livePoint struct {
	Day      string  `json:"day"`
	Value    float64 `json:"value"`
	Break    bool    `json:"break,omitempty"`
	Hollow   bool    `json:"hollow,omitempty"` // not final
	Start    bool    `json:"start,omitempty"`
	Period   string  `json:"period,omitempty"`
	Text     string  `json:"text,omitempty"` // the value and its unit
	Notes    string  `json:"notes,omitempty"`
	Vintages int     `json:"vintages,omitempty"` // how many values were published for the period
}

type livePlace struct {
	Day   string  `json:"day"`
	Value float64 `json:"value"`
}

// liveStep is a step of the fan: the ends of the 80 and 50 per cent intervals
// and the median, and the same in words.
type liveStep struct {
	Day    string     `json:"day"`
	Values [5]float64 `json:"values"` // p10, p25, p50, p75, p90
	Text   string     `json:"text"`
}

// liveVintage is one published value of a period.
type liveVintage struct {
	Day       string  `json:"day"` // the period's last
	Period    string  `json:"period"`
	Value     float64 `json:"value"`
	Text      string  `json:"text"`
	Published string  `json:"published"`
	Hollow    bool    `json:"hollow,omitempty"`
	InForce   bool    `json:"in_force,omitempty"`
}

// LiveOf is the plot for the script. vintages are of the series judged.
func LiveOf(f *web.Frame, s telling.Subject, p telling.Drawing, vintages []schema.Observation) Live {
	out := Live{
		Label: Label(s), Lang: f.Lang, Unit: s.Scale.Unit, Target: s.Scale.Float(s.Of.Value), From: p.Start.String(), To: p.End.String(),
		Points: []livePoint{}, Schedule: livePlaces(s, p.Schedule), Ahead: livePlaces(s, p.Ahead), Fan: []liveStep{},
		Vintages: []liveVintage{}, Known: []string{}, Words: liveWords(f, s.Of.Kind.Limit()), Whole: Whole(p.Points, s.Scale),
	}
	if !s.V.Deadline.IsZero() {
		out.Deadline = s.V.Deadline.String()
	}
	counts := map[schema.Period]int{}
	for _, o := range vintages {
		counts[o.Period]++
	}
	plain := true // every point is one published figure, not a sum of them
	for _, pt := range p.Points {
		one := livePoint{Day: pt.Day.String(), Value: s.Scale.Float(pt.Value), Break: pt.Break, Start: pt.Obs == nil}
		if o := pt.Obs; o != nil {
			plain = plain && o.Value.Equal(pt.Value) && o.Receipt != ""
			one.Hollow = !o.Status.Final()
			one.Period = f.PeriodName(o.Period, o.Basis)
			one.Text = figure.Join(s.Scale.Figure(pt.Value, o, nil).String(), s.Scale.Unit)
			if s.Of.Kind == schema.Milestone {
				one.Text = f.T(map[bool]string{true: "board-done", false: "board-not-done"}[pt.Value.Sign() > 0])
			}
			one.Vintages = counts[o.Period]
			one.Notes = liveNotes(f, s, *o, pt, counts[o.Period])
		}
		out.Points = append(out.Points, one)
	}
	for _, step := range p.Fan[min(1, len(p.Fan)):] {
		out.Fan = append(out.Fan, liveStepOf(f, s, step))
	}
	if low, high, cut := Cut(p); cut {
		low, high = s.Scale.Shown(low), s.Scale.Shown(high)
		step := NiceStep((high - low) / 4)
		least := out.Points[0].Value // a count is not drawn below nought for the sake of some air
		for _, pt := range out.Points {
			least = min(least, pt.Value)
		}
		if low < 0 && least >= 0 {
			low = 0
		}
		out.Bounds = &[2]float64{math.Floor(low/step) * step, math.Ceil(high/step) * step}
	}
	if s.Of.Kind == schema.Milestone {
		out.Done = []string{f.T("board-not-done"), f.T("board-done")}
	}
	if plain {
		liveVintages(f, &out, s, p, vintages)
	}
	return out
}

// liveNotes is what must be said of a figure beside its value: as written where
// the point is a sum, when it was published, its status, how often it was.
func liveNotes(f *web.Frame, s telling.Subject, o schema.Observation, pt telling.Point, vintages int) string {
	var notes []string
	if o.Written != "" && (!o.Value.Equal(pt.Value) || o.UnitWritten != "" && figure.Join(o.Written, o.UnitWritten) != figure.Join(s.Scale.Figure(pt.Value, &o, nil).String(), s.Scale.Unit)) {
		row := f.Figure(o)
		notes = append(notes, f.T("board-live-written", "value", figure.Join(row.Value, row.Unit)))
	}
	notes = append(notes, f.T("board-live-published", "day", o.PublishedAt), f.ObsStatus(o.Status))
	if o.Synthetic {
		notes = append(notes, f.T("board-mark-synthetic"))
	}
	if vintages > 1 {
		notes = append(notes, f.T("board-live-vintages", "n", vintages))
	}
	return strings.Join(notes, " · ")
}

func livePlaces(s telling.Subject, line []telling.Place) []livePlace {
	out := make([]livePlace, len(line))
	for i, p := range line {
		out[i] = livePlace{p.Day.String(), s.Scale.Shown(p.Value)}
	}
	return out
}

func liveStepOf(f *web.Frame, s telling.Subject, step telling.FanStep) liveStep {
	show := func(x float64) string { return s.Scale.PerYear(x, 4) }
	text := f.T("board-live-fan", "day", step.Day, "mid", figure.Join(show(step.P50), s.Scale.Unit), "low", show(step.P10), "high", figure.Join(show(step.P90), s.Scale.Unit))
	out := liveStep{Day: step.Day.String(), Text: text}
	for i, x := range [5]float64{step.P10, step.P25, step.P50, step.P75, step.P90} {
		out.Values[i] = s.Scale.Shown(x)
	}
	return out
}

// liveVintages are all published values of the series drawn.
func liveVintages(f *web.Frame, out *Live, s telling.Subject, p telling.Drawing, vintages []schema.Observation) {
	var basis schema.Basis
	var freq schema.Frequency
	for _, pt := range p.Points {
		if pt.Obs != nil {
			basis, freq = pt.Obs.Basis, pt.Obs.Period.Frequency()
		}
	}
	all := slices.Clone(vintages)
	slices.SortStableFunc(all, func(a, b schema.Observation) int {
		return cmp.Or(a.PublishedAt.Compare(b.PublishedAt), cmp.Compare(a.Seq, b.Seq))
	})
	latest := map[schema.Period]int{}
	for _, o := range all {
		if o.Value == nil || !o.Judgeable() || o.Basis != basis || o.Period.Frequency() != freq || o.Period.Last().Before(p.Start) {
			continue
		}
		text := figure.Join(s.Scale.Figure(*o.Value, &o, nil).String(), s.Scale.Unit)
		if i, ok := latest[o.Period]; ok {
			out.Vintages[i].InForce = false
		}
		latest[o.Period] = len(out.Vintages)
		out.Vintages = append(out.Vintages, liveVintage{
			Day: o.Period.Last().String(), Period: f.PeriodName(o.Period, o.Basis), Value: s.Scale.Float(*o.Value), Text: text,
			Published: o.PublishedAt.String(), Hollow: !o.Status.Final(), InForce: true,
		})
		if day := o.PublishedAt.String(); !slices.Contains(out.Known, day) {
			out.Known = append(out.Known, day)
		}
	}
}

// liveWords are the words the script needs, of what there is to show.
func liveWords(f *web.Frame, limit bool) map[string]string {
	ids := map[string]string{
		"target": LineName(limit), "vintages": "board-live-all-vintages", "known": "board-live-known", "now": "board-live-known-now",
		"help": "board-live-help", "reset": "board-live-reset", "knows": "board-live-knows", "verdict": "board-live-verdict",
		"whatif": "board-live-whatif", "closer": "board-live-closer", "wider": "board-live-wider",
	}
	out := make(map[string]string, len(ids))
	for name, id := range ids {
		out[name] = f.T(id)
	}
	return out
}
