package api

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/clickhouse"
	"yardstick/schema/words"
)

// usualReceipts is the page of receipts where no limit is asked for.
const usualReceipts = 100

// FeedEntry is a feed as the API gives it.
type FeedEntry struct {
	Feed        string        `json:"feed"`
	Title       schema.Text   `json:"title"` // empty: the name serves
	LastSuccess time.Time     `json:"last_success,omitzero"`
	NextRun     time.Time     `json:"next_run,omitzero"`
	Due         schema.Date   `json:"due"`
	DuePeriod   schema.Period `json:"due_period"`
	Owed        int           `json:"owed"`
	NextDue     schema.Date   `json:"next_due"`
	NextPeriod  schema.Period `json:"next_period"`
	Questions   int           `json:"open_questions"`
	Problems    int           `json:"problem_count"`
	Synthetic   bool          `json:"synthetic,omitempty"`
}

func (b *room) feedListing() listing[FeedEntry] {
	return listing[FeedEntry]{
		name: "feeds",
		columns: always("feed", "title", "last_success", "next_run", "due", "due_period", "owed", "next_due", "next_period",
			"open_questions", "problem_count", "synthetic"),
		rows: func(f FeedEntry, c cells) [][]string {
			return [][]string{{f.Feed, f.Title.In(c.lang), c.time(f.LastSuccess), c.time(f.NextRun), f.Due.String(), f.DuePeriod.String(), strconv.Itoa(f.Owed),
				f.NextDue.String(), f.NextPeriod.String(), strconv.Itoa(f.Questions), strconv.Itoa(f.Problems), c.yes(f.Synthetic)}}
		},
		read: func(r *http.Request, m manner) ([]FeedEntry, any, error) {
			feeds, err := b.Reader.Feeds(r.Context())
			if err != nil {
				return nil, nil, fmt.Errorf("reading the feeds: %w", err)
			}
			all := make([]FeedEntry, len(feeds))
			for i, f := range feeds {
				all[i] = FeedEntry{f.Name, f.Title, f.LastSuccess, f.NextRun, f.Due, f.DuePeriod, f.Owed, f.NextDue, f.NextPeriod, f.Questions, f.Problems, f.Synthetic}
			}
			return paged(all, m, func(f FeedEntry) string { return f.Feed })
		},
	}
}

// ReceiptEntry is a receipt in a list: what became of the file, and how much of
// it. The whole one, with each problem, question and change, is at its address.
type ReceiptEntry struct {
	ID         string               `json:"id"`
	Status     schema.ReceiptStatus `json:"status"`
	Waits      string               `json:"waits_for,omitempty"`
	Feed       string               `json:"feed"`
	File       string               `json:"file"`
	Actor      string               `json:"actor,omitempty"`
	ReceivedAt time.Time            `json:"received_at"`
	Accepted   int                  `json:"accepted"`
	Revised    int                  `json:"revised"`
	Unchanged  int                  `json:"unchanged"`
	Rejected   int                  `json:"rejected"`
	Problems   int                  `json:"problem_count"`
	Questions  int                  `json:"open_questions"`
	SameAs     string               `json:"same_as,omitempty"`
	Correction schema.Correction    `json:"correction,omitempty"`
	Reason     string               `json:"reason,omitempty"`
	ReleaseAt  time.Time            `json:"release_at,omitzero"`
	Reviewer   string               `json:"reviewer,omitempty"`
	Bytes      int64                `json:"bytes"`
	Snapshot   string               `json:"snapshot,omitempty"`
	Synthetic  bool                 `json:"synthetic,omitempty"`
}

func (b *room) receiptListing() listing[ReceiptEntry] {
	return listing[ReceiptEntry]{
		name: "receipts",
		columns: always("receipt", "status", "feed", "file", "actor", "received_at", "accepted", "revised", "unchanged", "rejected", "problem_count",
			"open_questions", "same_as", "correction", "reason", "release_at", "reviewer", "bytes", "snapshot", "synthetic"),
		rows: func(r ReceiptEntry, c cells) [][]string {
			correction := ""
			if r.Correction != "" {
				correction = c.word(string(r.Correction), r.Correction.Label())
			}
			status := c.word(string(r.Status), schema.Receipt{Status: r.Status, Waits: r.Waits}.Label())
			return [][]string{{r.ID, status, r.Feed, r.File, r.Actor, c.time(r.ReceivedAt), strconv.Itoa(r.Accepted), strconv.Itoa(r.Revised),
				strconv.Itoa(r.Unchanged), strconv.Itoa(r.Rejected), strconv.Itoa(r.Problems), strconv.Itoa(r.Questions), r.SameAs, correction, r.Reason,
				c.time(r.ReleaseAt), r.Reviewer, strconv.FormatInt(r.Bytes, 10), r.Snapshot, c.yes(r.Synthetic)}}
		},
		read: b.readReceipts,
		most: usualReceipts,
	}
}

func (b *room) readReceipts(r *http.Request, m manner) ([]ReceiptEntry, any, error) {
	q := r.URL.Query()
	ask := clickhouse.ReceiptPage{Feed: q.Get("feed"), States: asked[schema.ReceiptStatus](q, "status"), Limit: m.limit + 1} // one more, to see whether any follow
	if _, err := m.place(&ask.After); err != nil {
		return nil, nil, err
	}
	from, to := schema.Date{}, schema.Date{}
	for name, day := range map[string]*schema.Date{"from": &from, "to": &to} {
		written := q.Get(name)
		if written == "" {
			continue
		}
		var err error
		if *day, err = schema.ParseDate(written); err != nil {
			return nil, nil, web.Refuse(http.StatusBadRequest, "board-bad-day", "written", written)
		}
	}
	if !from.IsZero() {
		ask.From = from.In(b.site.Location)
	}
	if !to.IsZero() {
		ask.Before = to.AddDays(1).In(b.site.Location)
		if to.Before(from) {
			return nil, nil, web.Refuse(http.StatusBadRequest, "board-api-range-turned")
		}
	}
	if err := b.hasFeed(r, ask.Feed); err != nil {
		return nil, nil, err
	}
	found, err := b.Archive.ReceiptsPage(r.Context(), ask)
	if err != nil {
		return nil, nil, fmt.Errorf("listing receipts: %w", err)
	}
	var next any
	if len(found) > m.limit {
		found = found[:m.limit]
		next = found[m.limit-1].Act
	}
	out := make([]ReceiptEntry, len(found))
	for i, r := range found {
		out[i] = ReceiptEntry{r.ID, r.Status, r.Waits, r.Feed, r.File, r.Actor, r.ReceivedAt, r.Accepted, r.Revised, r.UnchangedN, r.Rejected, len(r.Problems),
			len(r.Questions), r.SameAs, r.Correction, r.Reason, r.ReleaseAt, r.Reviewer, r.Bytes, r.Snapshot, r.Synthetic}
	}
	return out, next, nil
}

// hasFeed refuses a feed that nobody configured and nothing came from.
func (b *room) hasFeed(r *http.Request, name string) error {
	if name == "" {
		return nil
	}
	feeds, err := b.Reader.Feeds(r.Context())
	if err != nil {
		return fmt.Errorf("reading the feeds: %w", err)
	}
	if !slices.ContainsFunc(feeds, func(f schema.FeedState) bool { return f.Name == name }) {
		return web.Refuse(http.StatusNotFound, "board-api-no-feed", "feed", name)
	}
	return nil
}

func (b *room) receipt(r *http.Request) (any, error) {
	id := r.PathValue("id")
	receipt, ok, err := b.Reader.Receipt(r.Context(), id)
	switch {
	case err != nil:
		return nil, fmt.Errorf("reading the receipt %s: %w", id, err)
	case !ok:
		return nil, web.Refuse(http.StatusNotFound, "board-no-receipt", "receipt", id)
	}
	return receipt, nil
}

// ToldStatement is a statement as the API gives it.
type ToldStatement struct {
	schema.Statement
	Holds bool `json:"holds"` // it is in force on the day asked for
}

// statementListing are all statements said by a day, oldest first.
func (b *room) statementListing() listing[ToldStatement] {
	return listing[ToldStatement]{
		name:    "statements",
		columns: always("policy", "target", "day", "said_cause", "measures", "promised", "by", "office", "withdrawn", "holds", "synthetic"),
		rows: func(s ToldStatement, c cells) [][]string {
			return [][]string{{c.policy(s.Policy), c.target(s.Policy, s.Target), s.Day.String(), s.Cause, s.Measures, s.Promised.String(), s.By, s.Office,
				s.Withdrawn, c.yes(s.Holds), c.yes(s.Synthetic)}}
		},
		read: func(r *http.Request, m manner) ([]ToldStatement, any, error) {
			all, err := b.readStatements(r)
			if err != nil {
				return nil, nil, err
			}
			return paged(all, m, func(s ToldStatement) string { return strconv.FormatUint(s.Seq, 10) })
		},
	}
}

func (b *room) readStatements(r *http.Request) ([]ToldStatement, error) {
	day, err := b.site.AsOf(r.URL.Query().Get("as_of"))
	if err != nil {
		return nil, err
	}
	if _, err := b.policies(r); err != nil {
		return nil, err
	}
	policy, target := r.URL.Query().Get("policy"), r.URL.Query().Get("target")
	if err := b.hasTarget(policy, target); err != nil {
		return nil, err
	}
	all, err := b.Statements.Statements(r.Context(), policy, target, day)
	if err != nil {
		return nil, fmt.Errorf("reading the statements: %w", err)
	}
	holding, out := schema.Holding(all), make([]ToldStatement, 0, len(all))
	for _, s := range all {
		out = append(out, ToldStatement{s, holding[s.Subject()].Seq == s.Seq})
	}
	return out, nil
}

func (b *room) targetListing() listing[schema.Target] {
	return listing[schema.Target]{
		name: "targets",
		columns: always("policy", "target", "clause", "title", "kind", "direction", "op", "value", "tolerance", "unit", "written", "deadline",
			"window_from", "window_to", "since", "baseline", "baseline_date", "indicator", "region", "headline", "owner"),
		rows: func(t schema.Target, c cells) [][]string {
			indicator, _ := b.Register.Indicators.ByCode(t.Indicator)
			return [][]string{{c.policy(t.Policy), t.ID, strconv.Itoa(t.Clause), t.Title.In(c.lang), c.word(string(t.Kind), words.Say("api-kind-"+string(t.Kind))),
				c.word(string(t.Direction), words.Say("api-direction-"+string(t.Direction))), t.Op, t.Value.String(), digits(t.Tolerance), t.Unit, t.Written,
				t.Deadline.String(), t.WindowFrom.String(), t.WindowTo.String(), t.Since.String(), digits(t.Baseline), t.BaselineDate.String(),
				c.word(t.Indicator, indicator.Name), c.region(t.Region), c.yes(t.Headline), t.Owner.In(c.lang)}}
		},
		read: func(r *http.Request, m manner) ([]schema.Target, any, error) {
			policies, err := b.policies(r)
			if err != nil {
				return nil, nil, err
			}
			var all []schema.Target
			for _, p := range policies {
				all = append(all, p.Targets...)
			}
			return paged(all, m, func(t schema.Target) string { return t.Policy + " " + t.ID })
		},
	}
}

func (b *room) indicatorListing() listing[schema.Indicator] {
	return listing[schema.Indicator]{
		name:    "indicators",
		columns: always("indicator", "name", "definition", "unit", "frequency", "basis", "since", "min", "max", "formula", "parts", "owner"),
		rows: func(i schema.Indicator, c cells) [][]string {
			formula := ""
			if i.Formula != nil {
				formula = i.Formula.Op + "(" + strings.Join(i.Formula.Terms, ", ") + ")"
			}
			frequencies := make([]string, len(i.Frequencies))
			for n, f := range i.Frequencies {
				frequencies[n] = c.word(string(f), words.Say("api-frequency-"+string(f)))
			}
			return [][]string{{i.Code, i.Name.In(c.lang), i.Definition.In(c.lang), i.Unit, strings.Join(frequencies, " "),
				c.word(string(i.Basis), words.Say("download-basis-"+string(i.Basis))), i.Since.String(), digits(i.Min), digits(i.Max), formula,
				strings.Join(i.Parts, " "), i.Owner}}
		},
		read: whole(b.Register.Indicators.All, func(i schema.Indicator) string { return i.Code }),
	}
}

func (b *room) regionListing() listing[schema.Region] {
	return listing[schema.Region]{
		name:    "regions",
		columns: always("region", "name", "parent", "standard", "members", "aliases", "note"),
		rows: func(r schema.Region, c cells) [][]string {
			return [][]string{{r.Code, r.Name.In(c.lang), r.Parent, r.Standard, strings.Join(r.Members, " "), strings.Join(r.Aliases, " "), r.Note.In(c.lang)}}
		},
		read: whole(b.Register.Regions.All, func(r schema.Region) string { return r.Code }),
	}
}
