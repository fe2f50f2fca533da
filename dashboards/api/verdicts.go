package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"yardstick/comparator"
	"yardstick/comparator/telling"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/clickhouse"
	"yardstick/schema/words"
)

const (
	mostDaysAsked   = 4000 // of a history that is judged again
	mostDaysJudged  = 31   // of it in one answer; the next page goes on
	historiesAtOnce = 2
)

// Archive gives what was kept, page by page, to readers of the API. Nothing
// that comes meanwhile moves what a reader has not seen yet.
type Archive interface {
	// ReceiptsPage are receipts, the newest first.
	ReceiptsPage(ctx context.Context, q clickhouse.ReceiptPage) ([]clickhouse.Arrived, error)
	// KeptVerdicts are verdicts as they were kept, the oldest first.
	KeptVerdicts(ctx context.Context, q clickhouse.KeptPage) ([]clickhouse.Kept, error)
}

// KeptVerdict is a verdict of the API: of a day; of a history beside it why it
// is no longer the one before; as kept, when the comparator kept it.
type KeptVerdict struct {
	schema.Verdict
	Was    schema.Status `json:"was,omitempty"`
	Cause  string        `json:"cause,omitempty"`
	KeptAt time.Time     `json:"kept_at,omitzero"`
}

// verdictAsk is a request for verdicts, understood: of a day, or of a history
// From and To.
type verdictAsk struct {
	clickhouse.KeptPage
	asOf schema.Date
	step string // "": as kept
}

func (b *room) verdictListing() listing[KeptVerdict] {
	return listing[KeptVerdict]{
		name: "verdicts",
		columns: func(q url.Values) []string {
			names := []string{"as_of", "policy", "target", "region", "status", "rule", "value", "target_value", "gap", "unit", "period",
				"attainment", "progress", "schedule", "pace", "chance", "deadline", "provisional", "stale", "synthetic"}
			if q.Get("from") != "" {
				names = append(names, "was", "cause", "kept_at")
			}
			return names
		},
		rows: verdictRows,
		read: b.readVerdicts,
	}
}

func (b *room) askedVerdicts(r *http.Request) (a verdictAsk, err error) {
	q := r.URL.Query()
	for _, d := range []struct {
		name string
		day  *schema.Date
	}{{"as_of", &a.asOf}, {"from", &a.From}, {"to", &a.To}} {
		if *d.day, err = b.site.AsOf(q.Get(d.name)); err != nil {
			return a, err
		}
	}
	a.step = q.Get("step")
	switch {
	case a.From.IsZero() && (!a.To.IsZero() || a.step != ""):
		return a, web.Refuse(http.StatusBadRequest, "board-api-from")
	case !a.From.IsZero() && !a.asOf.IsZero():
		return a, web.Refuse(http.StatusBadRequest, "board-api-day-or-range")
	}
	if a.To.IsZero() {
		a.To = b.site.Today()
	}
	if a.From.After(a.To) {
		return a, web.Refuse(http.StatusBadRequest, "board-api-range-turned")
	}
	if _, err = b.policies(r); err != nil {
		return a, err
	}
	a.Policy, a.Target = q.Get("policy"), q.Get("target")
	if err := b.hasTarget(a.Policy, a.Target); err != nil {
		return a, err
	}
	if written := q.Get("region"); written != "" {
		region, ok := b.Register.Regions.Find(written)
		if !ok {
			return a, web.Refuse(http.StatusNotFound, "board-api-no-region", "region", written)
		}
		a.Region = region.Code
	}
	a.Statuses = asked[schema.Status](q, "status")
	return a, nil
}

// wants reports whether the verdict is one of those asked for.
func (a verdictAsk) wants(v schema.Verdict) bool {
	return (a.Policy == "" || v.Policy == a.Policy) && (a.Target == "" || v.Target == a.Target) && (a.Region == "" || v.Region == a.Region) &&
		(len(a.Statuses) == 0 || slices.Contains(a.Statuses, v.Status))
}

func (b *room) readVerdicts(r *http.Request, m manner) ([]KeptVerdict, any, error) {
	a, err := b.askedVerdicts(r)
	if err != nil {
		return nil, nil, err
	}
	if a.From.IsZero() {
		return b.verdictsOf(r.Context(), a, m)
	}
	if m.limit == 0 {
		m.limit = mostRows
	}
	if a.step == "" {
		return b.keptHistory(r.Context(), a, m)
	}
	return b.judgedHistory(r.Context(), a, m)
}

// dayPlace is a place in a list of verdicts: after the verdict on the scope as
// of the day; without a scope after the whole day.
type dayPlace struct {
	Day   schema.Date   `json:"d"`
	Scope *schema.Scope `json:"s,omitempty"`
}

// verdictsOf are the verdicts as of one day. A list begun before midnight goes
// on with the day it began on.
func (b *room) verdictsOf(ctx context.Context, a verdictAsk, m manner) ([]KeptVerdict, any, error) {
	var p dayPlace
	on, err := m.place(&p)
	if err != nil {
		return nil, nil, err
	}
	day := a.asOf
	if day.IsZero() {
		day = b.site.Today()
		if on && p.Day.Before(day) {
			day = p.Day
		}
	}
	if on && (p.Day != day || p.Scope == nil) {
		return nil, nil, web.Refuse(http.StatusBadRequest, "board-bad-cursor")
	}
	return b.judged(ctx, a, m, []schema.Date{day}, p, map[schema.Scope]schema.Verdict{})
}

// occupy takes one of a few places for work that is heavy; done gives it back.
func (b *room) occupy(ctx context.Context) (done func(), err error) {
	select {
	case b.heavy <- struct{}{}:
		return func() { <-b.heavy }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("waiting for others' histories: %w", ctx.Err())
	}
}

// judgedHistory judges again as of each of the days, from what was published by
// its end, and tells why a verdict differs from that of the day before. A page
// ends at its limit, or after a month of days.
func (b *room) judgedHistory(ctx context.Context, a verdictAsk, m manner) (out []KeptVerdict, next any, err error) {
	days, err := schema.Steps(a.From, a.To, a.step, mostDaysAsked)
	switch {
	case errors.Is(err, schema.ErrStep):
		return nil, nil, web.Refuse(http.StatusBadRequest, "board-api-step", "written", a.step)
	case err != nil:
		return nil, nil, web.Refuse(http.StatusBadRequest, "board-api-range", "most", mostDaysAsked)
	}
	var p dayPlace
	i := 0
	if on, err := m.place(&p); err != nil {
		return nil, nil, err
	} else if on {
		if i = slices.Index(days, p.Day); i < 0 {
			return nil, nil, web.Refuse(http.StatusBadRequest, "board-bad-cursor")
		}
		if p.Scope == nil {
			i++
		}
	}
	done, err := b.occupy(ctx)
	if err != nil {
		return nil, nil, err
	}
	defer done()
	before := map[schema.Scope]schema.Verdict{}
	if i > 0 && i < len(days) {
		all, err := b.Reader.Verdicts(ctx, days[i-1])
		if err != nil {
			return nil, nil, fmt.Errorf("judging as of %s: %w", days[i-1], err)
		}
		for _, v := range all {
			before[v.Scope()] = v
		}
	}
	return b.judged(ctx, a, m, days[i:], p, before)
}

// judged are the verdicts as of the days, from a place on, and why each differs
// from the one before it.
func (b *room) judged(ctx context.Context, a verdictAsk, m manner, days []schema.Date, from dayPlace,
	before map[schema.Scope]schema.Verdict) (out []KeptVerdict, next any, err error) {
	for n, day := range days {
		if n == mostDaysJudged {
			return out, dayPlace{Day: days[n-1]}, nil
		}
		all, err := b.Reader.Verdicts(ctx, day)
		if err != nil {
			return nil, nil, fmt.Errorf("judging as of %s: %w", day, err)
		}
		late := all
		if from.Scope != nil && day == from.Day {
			late = all[slices.IndexFunc(all, func(v schema.Verdict) bool { return v.Scope() == *from.Scope })+1:]
		}
		for _, v := range late {
			switch {
			case !a.wants(v):
			case m.limit > 0 && len(out) == m.limit:
				scope := out[len(out)-1].Scope()
				return out, dayPlace{out[len(out)-1].AsOf, &scope}, nil
			default:
				at := KeptVerdict{Verdict: v}
				if old, ok := before[v.Scope()]; ok && !v.SameAs(old) {
					at.Was, at.Cause = old.Status, comparator.Cause(old, v)
				}
				out = append(out, at)
			}
		}
		for _, v := range all {
			before[v.Scope()] = v
		}
	}
	return out, nil, nil
}

// keptHistory are the verdicts as they were kept.
func (b *room) keptHistory(ctx context.Context, a verdictAsk, m manner) ([]KeptVerdict, any, error) {
	if b.Archive == nil {
		return nil, nil, web.Refuse(http.StatusNotFound, "board-no-api")
	}
	a.Limit = m.limit + 1 // one more, to see whether any follow
	var p clickhouse.KeptPlace
	if on, err := m.place(&p); err != nil {
		return nil, nil, err
	} else if on {
		a.After = &p
	}
	done, err := b.occupy(ctx)
	if err != nil {
		return nil, nil, err
	}
	defer done()
	found, err := b.Archive.KeptVerdicts(ctx, a.KeptPage)
	if err != nil {
		return nil, nil, fmt.Errorf("reading what was kept: %w", err)
	}
	var next any
	if len(found) > m.limit {
		found = found[:m.limit]
		last := found[m.limit-1]
		next = clickhouse.KeptPlace{AsOf: last.AsOf, At: last.At.UnixMilli(), Policy: last.Policy, Target: last.Target, Region: last.Region, Run: last.Run}
	}
	out := make([]KeptVerdict, len(found))
	for i, k := range found {
		t, _ := b.Register.Target(k.Policy, k.Target)
		ind, _ := b.Register.Indicators.ByCode(t.Indicator)
		out[i] = KeptVerdict{Verdict: telling.Verdict(k.Verdict, ind), Cause: k.Cause, KeptAt: k.At}
		if k.Was != k.Status {
			out[i].Was = k.Was
		}
	}
	return out, next, nil
}

// verdictRows is a verdict as compare writes it in CSV.
func verdictRows(v KeptVerdict, c cells) [][]string {
	row := []string{v.AsOf.String(), c.policy(v.Policy), c.target(v.Policy, v.Target), c.region(v.Region), c.word(string(v.Status), v.Status.Label()),
		v.Rule, digits(v.Value), v.TargetValue.String(), digits(v.Gap), v.Unit, v.Period.String(), ratioCell(v.Attainment), ratioCell(v.Progress),
		ratioCell(v.Schedule), ratioCell(v.Pace), ratioCell(v.Chance), v.Deadline.String(), c.yes(v.Marks.Provisional), c.yes(v.Marks.Stale), c.yes(v.Marks.Synthetic),
		"", c.cause(v.Cause), c.time(v.KeptAt)}
	if v.Was != "" {
		row[20] = c.word(string(v.Was), v.Was.Label())
	}
	return [][]string{row}
}

func (c cells) cause(code string) string {
	if code == "" {
		return ""
	}
	return c.word(code, words.Say("compare-cause-"+code))
}

// digits are a number's own; nothing when it is unknown.
func digits(d *schema.Decimal) string {
	if d == nil {
		return ""
	}
	return d.String()
}

func ratioCell(f *float64) string {
	if f == nil {
		return ""
	}
	return strconv.FormatFloat(*f, 'g', -1, 64)
}

// time is a moment in the installation's zone.
func (c cells) time(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(c.b.site.Location).Format(time.RFC3339)
}

// yes is true or false, or what people say.
func (c cells) yes(is bool) string {
	if is {
		return c.word("true", words.Say("board-api-yes"))
	}
	return c.word("false", words.Say("board-api-no"))
}

func (c cells) policy(id string) string {
	p, _ := c.b.Register.Policy(id)
	return c.word(id, schema.Text{Zh: p.Number})
}

func (c cells) target(policy, id string) string {
	t, _ := c.b.Register.Target(policy, id)
	return c.word(id, t.Title)
}

func (c cells) region(code string) string {
	region, _ := c.b.Register.Regions.ByCode(code)
	return c.word(code, region.Name)
}
