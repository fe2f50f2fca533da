// Package lineage shows where a figure comes from and what was made of it: the
// cell it was read from, its receipt, its vintages, the verdicts that use it,
// and what the catalogue says of its indicator.
package lineage

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"yardstick/collectors/desk"
	"yardstick/dashboards/download"
	"yardstick/dashboards/show"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/targets"
)

// Tracer gives what the lineage of figures is made of. It never gives figures
// of receipts that did not count at some time: those that wait, were refused or
// withdrawn while they waited.
type Tracer interface {
	// Published are all vintages of the fact of a key that ever counted, whatever
	// keys they were written under, oldest published first, those of receipts
	// withdrawn later included.
	Published(ctx context.Context, k schema.Key) ([]schema.Observation, error)
	// FromCell are the figures that a receipt brought from a cell.
	FromCell(ctx context.Context, receipt, cell string) ([]schema.Observation, error)
	// Brought are the figures a receipt brought, at most limit, and how many
	// there are.
	Brought(ctx context.Context, receipt string, limit int) ([]schema.Observation, uint64, error)
	// InForce are the figures of an indicator in force as of that day, of all
	// regions, those that a formula gives included.
	InForce(ctx context.Context, asOf schema.Date, indicator string) ([]schema.Observation, error)
	// Derived is a figure that a formula gave as of that day, with its terms;
	// false when none did.
	Derived(ctx context.Context, asOf schema.Date, k schema.Key) (schema.Observation, []schema.Input, bool, error)
	// Uses are how stored verdicts used a receipt's figures, or those of one of
	// its cells.
	Uses(ctx context.Context, receipt, cell string) ([]schema.Use, error)
	// UsesOf is Uses of the figures of a key, whoever brought them.
	UsesOf(ctx context.Context, k schema.Key) ([]schema.Use, error)
	// Life is what happened to a receipt, oldest first.
	Life(ctx context.Context, receipt string) ([]schema.ReceiptEvent, error)
	// Attached are the acts that tied files to a receipt.
	Attached(ctx context.Context, receipt string) ([]schema.Act, error)
	// Entry is the hash of an entry of the ledger; "" where it is not known.
	Entry(ctx context.Context, seq uint64) (hash string, err error)
	// Table is the table a figure was read from, around its cell: ErrNoTable or
	// ErrTableTooLarge where it cannot be shown.
	Table(ctx context.Context, r schema.Receipt, cell string) (schema.CellTable, error)
	// Entered reports whether the receipt's bytes are figures entered one by
	// one, without a file of the sender's.
	Entered(r schema.Receipt) bool
	// Writers are the feeds that may bring the indicator; none: any may.
	Writers(indicator string) []schema.Feed
}

// Errors of Tracer.Table.
var (
	ErrNoTable       = desk.ErrNoTable
	ErrTableTooLarge = desk.ErrTableTooLarge
)

// States of a vintage.
const (
	stateInForce    = "in_force"   // it counts as of the day
	stateSuperseded = "superseded" // a later one does
	stateWithdrawn  = "withdrawn"  // its receipt was taken back
	stateLater      = "later"      // published after the day looked back to
)

// tracing puts together the lineage of one figure as of a day.
type tracing struct {
	*Room
	ctx  context.Context
	asOf schema.Date // zero: today
	day  schema.Date // the same, told
}

func (b *Room) trace(ctx context.Context, asOf schema.Date) *tracing {
	t := &tracing{Room: b, ctx: ctx, asOf: asOf, day: asOf}
	if asOf.IsZero() {
		t.day = b.site.Today()
	}
	return t
}

// ofKey is the lineage of the figure of a key that is in force as of the day,
// or of one vintage of it where receipt names one; false when there is none.
func (t *tracing) ofKey(k schema.Key, receipt string) (out Lineage, found bool, err error) {
	out, found, err = t.vintage(k, func(v LineageVintage) bool {
		return receipt == "" && v.State == stateInForce || receipt != "" && v.Figure.Receipt == receipt
	})
	if err != nil || found || receipt != "" {
		return out, found, err
	}
	return t.derived(k)
}

// ofCell is the lineage of the figure a receipt brought from a cell.
func (t *tracing) ofCell(receipt, cell string) (out Lineage, found bool, err error) {
	rows, err := t.Tracer.FromCell(t.ctx, receipt, cell)
	if err != nil || len(rows) == 0 {
		return out, false, err
	}
	return t.vintage(rows[0].Key, func(v LineageVintage) bool { return v.Figure.Receipt == receipt && v.Figure.Cell == cell })
}

// vintage is the lineage of the vintage meant; false when there is none.
func (t *tracing) vintage(k schema.Key, meant func(LineageVintage) bool) (out Lineage, found bool, err error) {
	vintages, err := t.Tracer.Published(t.ctx, k)
	if err != nil {
		return out, false, fmt.Errorf("reading the vintages: %w", err)
	}
	told, err := t.vintages(vintages)
	if err != nil {
		return out, false, err
	}
	at := slices.IndexFunc(told, meant)
	if at < 0 {
		return out, false, nil
	}
	out, err = t.reported(told, at)
	return out, err == nil, err
}

// mostVintages bounds the vintages of one figure that are told with their
// reasons; a figure has a handful.
const mostVintages = 60

// vintages tells of each whether it counts and why it replaced the one before.
func (t *tracing) vintages(rows []schema.Observation) ([]LineageVintage, error) {
	receipts := map[string]schema.Receipt{}
	rows = rows[max(0, len(rows)-mostVintages):]
	out := make([]LineageVintage, len(rows))
	inForce := -1
	for i, o := range rows {
		r, ok := receipts[o.Receipt]
		if !ok {
			var err error
			if r, _, err = t.Reader.Receipt(t.ctx, o.Receipt); err != nil {
				return nil, fmt.Errorf("reading receipt %s: %w", o.Receipt, err)
			}
			receipts[o.Receipt] = r
		}
		v := LineageVintage{Figure: o, State: stateSuperseded, Page: web.LineagePath(o), Reason: r.Reason}
		switch {
		case r.Status == schema.Withdrawn:
			v.State = stateWithdrawn
		case o.PublishedAt.After(t.day):
			v.State = stateLater
		case inForce < 0 || o.Later(rows[inForce]):
			inForce = i
		}
		if c, ok := changeOf(r, o); ok {
			v.Replaced, v.Correction = c.Old, c.Correction
			if v.Correction == "" {
				v.Correction = r.Correction
			}
		}
		out[i] = v
	}
	if inForce >= 0 {
		out[inForce].State = stateInForce
	}
	return out, nil
}

// changeOf is what the receipt says it changed of the figure's key.
func changeOf(r schema.Receipt, o schema.Observation) (schema.Change, bool) {
	i := slices.IndexFunc(r.Changes, func(c schema.Change) bool {
		return c.Key == o.Key && (c.New == nil) == (o.Value == nil) && (c.New == nil || c.New.Equal(*o.Value))
	})
	if i < 0 {
		return schema.Change{}, false
	}
	return r.Changes[i], true
}

// begin names the figure.
func (t *tracing) begin(o schema.Observation) Lineage {
	ind, _ := t.Register.Indicators.ByCode(o.Indicator)
	region, _ := t.Register.Regions.ByCode(o.Region)
	return Lineage{Key: o.Key, IndicatorName: ind.Name, RegionName: region.Name, AsOf: t.day, Figure: o, Page: web.LineagePath(o),
		Vintages: []LineageVintage{}, Verdicts: []LineageVerdict{}, History: []LineageUse{}}
}

// reported is the lineage of a figure that somebody reported.
func (t *tracing) reported(vintages []LineageVintage, at int) (Lineage, error) {
	o := vintages[at].Figure
	out := t.begin(o)
	out.State, out.Vintages = vintages[at].State, vintages
	r, ok, err := t.Reader.Receipt(t.ctx, o.Receipt)
	if err != nil || !ok {
		return out, errors.Join(err, fmt.Errorf("receipt %s of a figure cannot be read", o.Receipt))
	}
	if out.Receipt, err = t.receipt(r); err != nil {
		return out, err
	}
	out.Cell = t.cell(o)
	out.Verdicts, err = t.verdictsOn(func(in schema.Input) bool {
		return in.Key == o.Key && in.Receipt == o.Receipt && in.Cell == o.Cell
	})
	if err != nil {
		return out, err
	}
	uses, err := t.Tracer.Uses(t.ctx, o.Receipt, o.Cell)
	if err != nil {
		return out, fmt.Errorf("reading the verdicts made from it: %w", err)
	}
	out.History = t.uses(uses)
	return out, nil
}

// derived is the lineage of a figure that a formula gave.
func (t *tracing) derived(k schema.Key) (out Lineage, found bool, err error) {
	o, terms, ok, err := t.Tracer.Derived(t.ctx, t.asOf, k)
	if err != nil || !ok {
		return out, false, err
	}
	ind, _ := t.Register.Indicators.ByCode(k.Indicator)
	k, out = o.Key, t.begin(o)
	out.State, out.Formula = "derived", ind.Formula
	if out.Terms, err = t.terms(terms, 0); err != nil {
		return out, false, err
	}
	uses, err := t.Tracer.UsesOf(t.ctx, k)
	if err != nil {
		return out, false, fmt.Errorf("reading the verdicts made from it: %w", err)
	}
	out.History = t.uses(uses)
	out.Verdicts, err = t.verdictsOn(func(in schema.Input) bool {
		return in.Key == k || slices.ContainsFunc(terms, func(term schema.Input) bool {
			return term.Key == in.Key && term.Receipt == in.Receipt && (in.Role == schema.RoleNumerator || in.Role == schema.RoleDenominator)
		})
	})
	return out, err == nil, err
}

// deepest bounds formulas of formulas; the register refuses circles.
const deepest = 8

// terms are what a formula reckoned with, each with its own way.
func (t *tracing) terms(inputs []schema.Input, depth int) ([]LineageTerm, error) {
	out := make([]LineageTerm, 0, len(inputs))
	for _, in := range inputs {
		ind, _ := t.Register.Indicators.ByCode(in.Indicator)
		term := LineageTerm{Role: in.Role, IndicatorName: ind.Name, Figure: in.Observation, Page: web.LineagePath(in.Observation)}
		if in.Receipt == "" && ind.Formula != nil && depth < deepest {
			_, below, ok, err := t.Tracer.Derived(t.ctx, t.asOf, in.Key)
			if err != nil {
				return nil, fmt.Errorf("reading the terms of %s: %w", in.Indicator, err)
			}
			if ok {
				if term.Terms, err = t.terms(below, depth+1); err != nil {
					return nil, err
				}
			}
		}
		out = append(out, term)
	}
	return out, nil
}

// Options are what the pages need to be built.
type Options struct {
	Register *targets.Register
	Reader   show.Reader
	Tracer   Tracer
	Figures  bool // the API gives observations, which an indicator's page leads to
}

// Room is the pages of lineage, and what the API tells of it.
type Room struct {
	Options
	site  *web.Site
	pages *web.Pages
}

//go:embed templates/*.html
var files embed.FS

// New makes the room.
func New(site *web.Site, o Options) (*Room, error) {
	pages, err := site.Pages(files, nil)
	if err != nil {
		return nil, err
	}
	pages.Take = download.TakeAway
	return &Room{o, site, pages}, nil
}

// Handle adds the pages `/cells/…`, `/figures/…`, `/indicators` and `/receipts/…`.
func (b *Room) Handle(mux *http.ServeMux) {
	mux.Handle("/cells/{receipt}/{cell}", b.pages.Page(b.cellPage))
	mux.Handle("/figures/{indicator}/{region}/{basis}/{period}", b.pages.Page(b.figurePage))
	mux.Handle("/indicators", b.pages.Page(b.indicators))
	mux.Handle("/indicators/{code}", b.pages.Page(b.indicator))
	mux.Handle("/receipts/{id}", b.pages.Page(b.receipt))
}

// sayBeside is the frame's SayBeside with the verdicts of the page's day. Where
// they cannot be read nothing is said of what stands beside.
func (b *Room) sayBeside(f *web.Frame, r *http.Request, synthetic bool, id string) {
	verdicts, err := b.Reader.Verdicts(r.Context(), f.Asked)
	if err != nil {
		b.site.Logger.Warn("the verdicts could not be read for the banner", "path", r.URL.Path, "err", err)
	}
	f.SayBeside(synthetic, id, verdicts)
}
