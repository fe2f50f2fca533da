package lineage

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/figure"
)

// Lineage is the answer of GET /api/v1/lineage: where one figure comes from and
// what was made of it, as of a day. A figure is named by indicator, region,
// period and basis; receipt chooses one of its vintages, else the one in force
// is told.
type Lineage struct {
	schema.Key
	IndicatorName schema.Text        `json:"indicator_name"`
	RegionName    schema.Text        `json:"region_name"`
	AsOf          schema.Date        `json:"as_of"`              // what was published by the end of this day counts
	State         string             `json:"state"`              // in_force, superseded, withdrawn, later (published after as_of) or derived
	Page          string             `json:"page"`               // path of the page that shows it
	Figure        schema.Observation `json:"figure"`             // as written, with its value in the catalogue's unit
	Receipt       *LineageReceipt    `json:"receipt,omitempty"`  // that brought it; none for a derived figure
	Cell          *LineageCell       `json:"cell,omitempty"`     // it was read from; none for a derived figure
	Vintages      []LineageVintage   `json:"vintages"`           // all published values of it, oldest published first
	Verdicts      []LineageVerdict   `json:"verdicts"`           // that use it as of the day
	History       []LineageUse       `json:"history"`            // stored verdicts that used it, one entry a target and region
	Formula       *schema.Formula    `json:"formula,omitempty"`  // of a derived figure
	Terms         []LineageTerm      `json:"terms,omitempty"`    // that the formula reckoned with
	Equation      string             `json:"equation,omitempty"` // the formula with its figures; only where redoing it gives the value
}

// LineageReceipt is the receipt that brought a figure.
type LineageReceipt struct {
	ID          string                `json:"id"`
	Status      schema.ReceiptStatus  `json:"status"`
	Feed        string                `json:"feed"`
	File        string                `json:"file"`
	Entered     bool                  `json:"entered,omitempty"` // figures entered one by one, without a file of the sender's
	Bytes       int64                 `json:"bytes"`
	SHA256      string                `json:"sha256"` // of the bytes as received
	ReceivedAt  time.Time             `json:"received_at"`
	Actor       string                `json:"actor,omitempty"`    // who sent it
	Reviewer    string                `json:"reviewer,omitempty"` // who approved it
	ReviewedAt  time.Time             `json:"reviewed_at,omitzero"`
	ReleaseAt   time.Time             `json:"release_at,omitzero"` // end of its embargo
	Reason      string                `json:"reason,omitempty"`
	Synthetic   bool                  `json:"synthetic,omitempty"`
	Answers     []schema.Answer       `json:"answers,omitempty"` // to what the file left open
	Life        []schema.ReceiptEvent `json:"life"`
	Attachments []LineageAttachment   `json:"attachments"`
	Entry       uint64                `json:"ledger_entry"`          // its number in the ledger
	Hash        string                `json:"ledger_hash,omitempty"` // of the ledger up to this entry; "" where it is not known
}

// LineageAttachment is a file tied to a receipt. Its bytes and its name are for
// those who sign in.
type LineageAttachment struct {
	What string    `json:"what"` // signed-form or evidence
	By   string    `json:"by"`
	At   time.Time `json:"at"`
}

// LineageCell is where a figure was read, and how its value follows.
type LineageCell struct {
	Address     string              `json:"address"`            // sheet and cell as one: 快报!D7
	Sheet       string              `json:"sheet,omitempty"`    // "" for a text file
	Cell        string              `json:"cell"`               // as a spreadsheet names it
	Line        int                 `json:"line,omitempty"`     // of a text file, as an editor counts
	Written     string              `json:"written"`            // the cell's text as it was taken in
	UnitWritten string              `json:"unit_written"`       // the unit it was read in
	Text        string              `json:"text,omitempty"`     // the cell's text in the kept file, read anew
	Same        bool                `json:"same"`               // Text is what was taken in
	Format      string              `json:"format,omitempty"`   // of the kept file: csv, xlsx, xls or html
	Encoding    string              `json:"encoding,omitempty"` // of a text file
	Headings    []schema.CellOrigin `json:"headings"`           // where indicator, region, period and unit were read; empty where that cannot be retraced
	Conversion  *Conversion         `json:"conversion,omitempty"`
	WhyNot      schema.Text         `json:"why_not,omitzero"` // why the kept file was not read anew
}

// Conversion is how a figure's value follows from what was written: Number in
// Unit, times Multiplier (10000 for a 万 in the cell) and Factor, is the value
// in the catalogue's unit.
type Conversion struct {
	Number     schema.Decimal  `json:"number"`
	Unit       string          `json:"unit"`
	Multiplier *schema.Decimal `json:"multiplier,omitempty"`
	Suffix     string          `json:"suffix,omitempty"` // what stands behind the number in the cell
	Factor     schema.Decimal  `json:"factor"`
	Value      schema.Decimal  `json:"value"`
	Into       string          `json:"into"` // the catalogue's unit
}

// LineageVintage is one published value of the figure.
type LineageVintage struct {
	Figure     schema.Observation `json:"figure"`
	State      string             `json:"state"`                // in_force, superseded, withdrawn or later
	Replaced   *schema.Decimal    `json:"replaced,omitempty"`   // the value it replaced, in the catalogue's unit
	Correction schema.Correction  `json:"correction,omitempty"` // why: clerical, supplement, definition or final; "" not stated
	Reason     string             `json:"reason,omitempty"`     // in the sender's words
	Page       string             `json:"page"`
}

// LineageVerdict is a verdict that uses the figure as of the day.
type LineageVerdict struct {
	Policy string        `json:"policy"`
	Target string        `json:"target"`
	Region string        `json:"region"`
	Title  schema.Text   `json:"title"`
	Roles  []schema.Role `json:"roles"` // judged, baseline, numerator, denominator, part or history
	Status schema.Status `json:"status"`
}

// LineageUse tells of one target and region which stored verdicts used the
// figure. Verdicts are stored when they change, and of headline targets once a day.
type LineageUse struct {
	Policy string          `json:"policy"`
	Target string          `json:"target"`
	Region string          `json:"region"`
	Title  schema.Text     `json:"title"`
	First  schema.Date     `json:"first"` // day the first of them is as of
	Last   schema.Date     `json:"last"`
	Stored uint64          `json:"stored"`           // how many
	Before schema.Status   `json:"before,omitempty"` // status of the stored verdict before the first; "" for none
	Status schema.Status   `json:"status"`           // of the first
	Was    *schema.Decimal `json:"was"`              // figure judged before, in Unit
	Value  *schema.Decimal `json:"value"`            // figure judged then
	Unit   string          `json:"unit"`
	Cause  string          `json:"cause,omitempty"` // figure, revision, time or register; "" when nothing changed
}

// LineageTerm is one figure that a formula reckoned with.
type LineageTerm struct {
	Role          schema.Role        `json:"role"` // numerator, denominator, part (added) or baseline (taken away)
	IndicatorName schema.Text        `json:"indicator_name"`
	Figure        schema.Observation `json:"figure"`
	Page          string             `json:"page"`
	Terms         []LineageTerm      `json:"terms,omitempty"` // of a term that is derived itself
}

// Answer answers GET /api/v1/lineage.
func (b *Room) Answer(r *http.Request) (any, error) {
	q := r.URL.Query()
	for _, name := range []string{"indicator", "region", "period"} {
		if q.Get(name) == "" {
			return nil, web.Refuse(http.StatusBadRequest, "board-parameter-missing", "name", name)
		}
	}
	day, err := b.site.AsOf(q.Get("as_of"))
	if err != nil {
		return nil, err
	}
	k, err := b.keyOf(q.Get("indicator"), q.Get("region"), q.Get("basis"), q.Get("period"))
	if err != nil {
		return nil, err
	}
	t := b.trace(r.Context(), day)
	out, found, err := t.ofKey(k, q.Get("receipt"))
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, web.Refuse(http.StatusNotFound, "board-no-figure", b.keyWords(k, t.day)...)
	}
	t.readAnew(&out)
	return out, nil
}

// keyWords are a key's names and a day, for a sentence.
func (b *Room) keyWords(k schema.Key, day schema.Date) []any {
	ind, _ := b.Register.Indicators.ByCode(k.Indicator)
	region, _ := b.Register.Regions.ByCode(k.Region)
	return []any{"indicator", ind.Name, "region", region.Name, "period", figure.Period(k.Period, k.Basis), "day", day}
}

// keyOf reads a key as an address names it: indicator and region by code or
// name, the basis the indicator's own where none is written.
func (b *Room) keyOf(indicator, region, basis, period string) (k schema.Key, err error) {
	ind, ok := b.Register.Indicators.Find(indicator)
	if !ok {
		return k, web.Refuse(http.StatusNotFound, "board-no-indicator", "indicator", indicator)
	}
	place, ok := b.Register.Regions.Find(region)
	if !ok {
		return k, web.Refuse(http.StatusNotFound, "board-no-region", "region", region)
	}
	p, told, err := schema.ParsePeriod(period)
	if err != nil {
		return k, web.Refuse(http.StatusBadRequest, "board-bad-period", "written", period)
	}
	k = schema.Key{Indicator: ind.Code, Region: place.Code, Basis: schema.Basis(basis), Period: p}
	switch {
	case basis == "" && told != "":
		k.Basis = told
	case basis == "":
		k.Basis = ind.Basis
	case !k.Basis.Valid():
		return k, web.Refuse(http.StatusBadRequest, "board-bad-choice", "name", "basis", "written", basis, "allowed", "point, period, ytd, cumulative")
	}
	return k, nil
}

// receipt is what is told of the receipt that brought a figure.
func (t *tracing) receipt(r schema.Receipt) (*LineageReceipt, error) {
	out := &LineageReceipt{ID: r.ID, Status: r.Status, Feed: r.Feed, File: r.File, Entered: t.Tracer.Entered(r), Bytes: r.Bytes, SHA256: r.Snapshot,
		ReceivedAt: r.ReceivedAt, Actor: r.Actor, Reviewer: r.Reviewer, ReviewedAt: r.ReviewedAt, ReleaseAt: r.ReleaseAt, Reason: r.Reason,
		Synthetic: r.Synthetic, Answers: r.Answers, Life: []schema.ReceiptEvent{}, Attachments: []LineageAttachment{}, Entry: r.Seq}
	life, err := t.Tracer.Life(t.ctx, r.ID)
	if err != nil {
		return nil, fmt.Errorf("reading the life of %s: %w", r.ID, err)
	}
	out.Life = append(out.Life, life...)
	if out.Attachments, err = t.attached(r.ID); err != nil {
		return nil, err
	}
	if out.Hash, err = t.Tracer.Entry(t.ctx, r.Seq); err != nil {
		return nil, fmt.Errorf("reading the ledger: %w", err)
	}
	return out, nil
}

func (t *tracing) attached(receipt string) ([]LineageAttachment, error) {
	acts, err := t.Tracer.Attached(t.ctx, receipt)
	if err != nil {
		return nil, fmt.Errorf("listing what is attached to %s: %w", receipt, err)
	}
	out := make([]LineageAttachment, 0, len(acts))
	for _, a := range acts {
		out = append(out, LineageAttachment{a.Fields["what"], a.Actor, a.At})
	}
	return out, nil
}

// verdictsOn are the verdicts as of the day that use what is meant.
func (t *tracing) verdictsOn(meant func(schema.Input) bool) ([]LineageVerdict, error) {
	all, err := t.Reader.Verdicts(t.ctx, t.asOf)
	if err != nil {
		return nil, fmt.Errorf("reading the verdicts: %w", err)
	}
	out := []LineageVerdict{}
	for _, v := range all {
		var roles []schema.Role
		for _, in := range v.Inputs {
			if meant(in) && !slices.Contains(roles, in.Role) {
				roles = append(roles, in.Role)
			}
		}
		if len(roles) > 0 {
			out = append(out, LineageVerdict{v.Policy, v.Target, v.Region, t.titleOf(v.Policy, v.Target), roles, v.Status})
		}
	}
	return out, nil
}

func (b *Room) titleOf(policy, target string) schema.Text {
	if t, ok := b.Register.Target(policy, target); ok {
		return t.Title
	}
	return schema.Same(target)
}

func (t *tracing) uses(all []schema.Use) []LineageUse {
	out := []LineageUse{}
	for _, u := range all {
		v := u.First
		use := LineageUse{Policy: v.Policy, Target: v.Target, Region: v.Region, Title: t.titleOf(v.Policy, v.Target), First: v.AsOf, Last: u.Last,
			Stored: u.Count, Status: v.Status, Value: v.Value, Unit: v.Unit, Cause: u.Cause}
		if u.Before != nil {
			use.Before, use.Was = u.Before.Status, u.Before.Value
		}
		out = append(out, use)
	}
	return out
}

// readAnew reads the figure's cell in the kept file and puts in what it says.
func (t *tracing) readAnew(l *Lineage) schema.CellTable {
	if l.Terms != nil {
		l.Equation = t.equation(*l)
	}
	if l.Cell == nil {
		return schema.CellTable{}
	}
	r, ok, err := t.Reader.Receipt(t.ctx, l.Receipt.ID)
	if err == nil && !ok {
		err = ErrNoTable
	}
	var table schema.CellTable
	if err == nil {
		table, err = t.Tracer.Table(t.ctx, r, l.Cell.Address)
	}
	if err != nil {
		l.Cell.WhyNot = whyNoTable(err)
		if !errors.Is(err, ErrNoTable) && !errors.Is(err, ErrTableTooLarge) && !errors.Is(err, context.Canceled) {
			t.site.Logger.Warn("a kept file could not be shown", "receipt", l.Receipt.ID, "cell", l.Cell.Address, "err", err)
		}
		return table
	}
	c := l.Cell
	c.Text, c.Same = table.Text, table.Found && table.Text == c.Written
	if table.Format == "csv" {
		c.Line = table.Line // elsewhere rows are not lines
	}
	c.Format, c.Encoding = table.Format, table.Encoding
	c.Headings = append(c.Headings, table.Origins...)
	c.unitBeside(l.Figure, table.Suffix)
	c.Conversion = t.conversion(l.Figure, table)
	return table
}
