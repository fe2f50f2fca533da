package board

import (
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"yardstick/comparator"
	"yardstick/comparator/telling"
	"yardstick/dashboards/draw"
	"yardstick/schema/figure"
)

// waysView is what it would take to reach a target, and a form to try a pace.
type waysView struct {
	Sentences []string
	None      string // why there is nothing to say
	Form      bool
	Rate      string // as asked for
	Unit      string
	Per       string
	Fault     string
	If        []string
	Paces     []paceLink
	Most      string // of the slider, and its step, in the unit shown
	Step      string
	One       float64 // of the unit shown in the catalogue's
	Plain     int     // sentences there are without a pace
}

// paceLink tries a pace that is worth trying.
type paceLink struct{ Name, Rate, Text, Href string }

// ways makes the section. What cannot be read as a pace is told beside the form:
// the page itself is not at fault.
func (b *board) ways(f *frame, r *http.Request, s telling.Subject, c comparator.Case) waysView {
	plain := telling.Take(c, nil)
	out := waysView{None: f.Say(plain.WhyNot.Text), Rate: r.URL.Query().Get("rate"), Unit: s.Scale.Unit}
	for _, said := range plain.Sentences {
		out.Sentences = append(out.Sentences, f.Say(said.Text))
	}
	if out.None != "" {
		return out
	}
	out.Form, out.Per = true, f.T("ways-per-"+string(plain.Frequency))
	out.slide(f, s, plain)
	if out.Rate == "" {
		return out
	}
	each, err := b.Register.Indicators.Amount(s.Ind, out.Rate, out.Unit)
	if err != nil {
		out.Fault = f.T("board-rate-bad", "written", out.Rate, "unit", out.Unit)
		return out
	}
	for _, said := range telling.Take(c, &each).Sentences[len(plain.Sentences):] {
		out.If = append(out.If, f.Say(said.Text))
	}
	return out
}

// slide sets how far the slider goes, and the paces offered: what is needed and
// what it was lately.
func (w *waysView) slide(f *frame, s telling.Subject, plain comparator.Ways) {
	w.Plain, w.One = len(plain.Sentences), 1/s.Scale.Shown(1)
	most := 0.0
	offer := func(id string, each float64, up bool) {
		if each <= 0 {
			return
		}
		each = s.Scale.Shown(each)
		most = max(most, each)
		rate := figure.Significant(each, 4)
		if back, err := strconv.ParseFloat(rate, 64); err == nil && up && back < each { // rounded down it would fall short
			rate = figure.Significant(each+math.Pow(10, math.Floor(math.Log10(each))-3), 4)
		}
		href := f.Link(f.Path())
		sep := "?"
		if strings.Contains(href, "?") {
			sep = "&"
		}
		w.Paces = append(w.Paces, paceLink{f.T(id), rate, figure.Join(rate, w.Unit), href + sep + "rate=" + url.QueryEscape(rate) + "#ways"})
	}
	if plain.Required != nil {
		offer("board-pace-needed", *plain.Required, true)
	}
	if plain.Recent != nil {
		offer("board-pace-recent", plain.Recent.Each, false)
	}
	if plain.Best != nil {
		offer("board-pace-best", plain.Best.Each, false)
	}
	if most == 0 {
		most = s.Scale.Shown(plain.Left.Float())
	}
	step := draw.NiceStep(most / 50)
	w.Most, w.Step = draw.TickText(math.Ceil(1.5*most/step)*step, step), draw.TickText(step, step)
}

// scorecardView is how good our own chances were.
type scorecardView struct {
	*frame
	Head  []string
	Bands []bandRow
	Bins  []binRow
}

type bandRow struct{ Status, Told, Reached, Share, Pace, PaceMet string }

type binRow struct{ Range, Told, Mean, Share string }

func (b *board) scorecard(f *frame, r *http.Request) (string, any, error) {
	f.Heading, f.Active = f.T("board-score-title"), "scorecard"
	s, err := b.Reader.Scorecard(r.Context())
	if err != nil {
		return "", nil, fmt.Errorf("reading the scorecard: %w", err)
	}
	b.originOf(f, r, false)
	view := scorecardView{frame: f}
	if s.Forecasts == 0 {
		view.Head = []string{f.T("board-score-none", "waiting", s.Waiting)}
		return "scorecard", view, nil
	}
	number := func(x *float64) string {
		if x == nil {
			return "—"
		}
		return strconv.FormatFloat(*x, 'f', 3, 64)
	}
	view.Head = []string{
		f.T("board-score-head", "targets", s.Targets, "reached", s.Reached, "forecasts", s.Forecasts, "waiting", s.Waiting),
		f.T("board-score-brier", "brier", number(s.Brier), "base", number(s.BaseBrier), "skill", number(s.Skill)),
	}
	if s.PaceBrier != nil {
		view.Head = append(view.Head, f.T("board-score-pace", "n", s.PaceN, "pace", number(s.PaceBrier), "chance", number(s.PacedBy)))
	}
	share := func(of, all int) string {
		if all == 0 {
			return "—"
		}
		return figure.Percent(float64(of) / float64(all))
	}
	for _, x := range s.Bands {
		view.Bands = append(view.Bands, bandRow{f.Say(x.Status.Label()), strconv.Itoa(x.Told), strconv.Itoa(x.Reached), share(x.Reached, x.Told), strconv.Itoa(x.Pace), share(x.PaceMet, x.Pace)})
	}
	for _, x := range s.Bins {
		view.Bins = append(view.Bins, binRow{figure.Percent(x.From) + "–" + figure.Percent(x.To), strconv.Itoa(x.Told), figure.Percent(x.Mean), figure.Percent(x.Share)})
	}
	return "scorecard", view, nil
}
