package lineage

import (
	"fmt"
	"net/http"
	"slices"

	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/figure"
)

// Bounds of the receipt page.
const (
	figuresShown  = 300    // rows of the table of figures
	figuresTaken  = 10_000 // of the same table as a file
	changesTraced = 60     // changes whose old cell is looked for
)

// receiptView is one receipt with everything it says.
type receiptView struct {
	told
	Row     web.ReceiptRow
	Bits    []string // origin and trouble
	Of      schema.Receipt
	Changes []changeRow
	Figures []broughtRow
	More    string // figures there are beyond those shown
	Effects []historyRow
	Without int // targets it was used for without a change

	brought []broughtRow
}

type (
	changeRow struct {
		Indicator, Region, Period, Old, New, Note string
		Difference, Unit, Why                     string
		OldHref, NewHref                          string
	}
	// broughtRow is one figure of a receipt.
	broughtRow struct {
		web.FigureRow
		Indicator, Region string
	}
)

func (b *Room) receipt(f *web.Frame, r *http.Request) (string, any, error) {
	id := r.PathValue("id")
	rc, ok, err := b.Reader.Receipt(r.Context(), id)
	if err != nil {
		return "", nil, fmt.Errorf("reading the receipt: %w", err)
	}
	if !ok {
		return "", nil, web.Refuse(http.StatusNotFound, "board-no-receipt", "receipt", id)
	}
	f.Heading, f.Active = f.T("board-receipt-title"), "feeds"
	view := receiptView{told: told{Frame: f}, Row: f.ReceiptRow(rc)}
	if rc.Synthetic {
		view.Bits = append(view.Bits, f.T("board-mark-synthetic"))
	}
	if view.Row.Trouble != "" {
		view.Bits = append(view.Bits, view.Row.Trouble)
	}
	view.facts(rc)
	if rc.Status == schema.Pending {
		rc.Changes = nil // the store veils them already; a page must never show them
		view.add("board-r-waits", f.T("board-r-veiled"))
	}
	view.Of = rc
	for _, c := range rc.Changes {
		if c.Correction == "" {
			c.Correction = rc.Correction
		}
		view.Changes = append(view.Changes, b.changeRow(f, c))
	}
	if err := view.trace(b, r, rc); err != nil {
		return "", nil, err
	}
	b.sayBeside(f, r, rc.Synthetic, "board-banner-receipts")
	return "receipt", view, nil
}

func (v *receiptView) facts(rc schema.Receipt) {
	f := v.Frame
	v.add("board-r-id", rc.ID)
	v.add("board-r-feed", rc.Feed)
	v.add("board-r-file", rc.File)
	v.add("board-r-received", f.Time(rc.ReceivedAt))
	v.add("board-r-actor", rc.Actor)
	v.add("board-r-counts", v.Row.Counts)
	v.add("board-r-cells", f.Cells(rc))
	v.add(reasonName(rc.Status), rc.Reason)
	if rc.Correction != "" {
		v.add("board-r-correction", f.Say(rc.Correction.Label()))
	}
	v.add("board-r-release", f.Time(rc.ReleaseAt))
	if rc.Reviewer != "" && !rc.ReviewedAt.IsZero() {
		v.add("board-r-reviewer", rc.Reviewer+f.T("board-comma")+f.Time(rc.ReviewedAt))
	} else {
		v.add("board-r-reviewer", rc.Reviewer)
	}
	v.add("board-r-encoding", rc.Encoding)
	if rc.Bytes > 0 {
		v.add("board-r-bytes", fmt.Sprint(rc.Bytes))
	}
	v.add("board-r-snapshot", rc.Snapshot).Long = true
	v.Answers = rc.Answers
}

// trace adds what the receipt brought and what came of it. Of a receipt that
// does not count there are no figures, and none are looked for.
func (v *receiptView) trace(b *Room, r *http.Request, rc schema.Receipt) error {
	ctx, f := r.Context(), v.Frame
	t := b.trace(ctx, f.Asked)
	life, err := b.Tracer.Life(ctx, rc.ID)
	if err != nil {
		return fmt.Errorf("reading the life of %s: %w", rc.ID, err)
	}
	if !slices.ContainsFunc(life, func(e schema.ReceiptEvent) bool { return e.State.Counts() }) {
		for i := range life {
			life[i].Reason = "" // it may quote the figures
		}
		v.Life = lifeRows(f, life)
		return nil
	}
	v.Life = lifeRows(f, life)
	hash, err := b.Tracer.Entry(ctx, rc.Seq)
	if err != nil {
		return fmt.Errorf("reading the ledger: %w", err)
	}
	v.entry(rc.Seq, hash)
	attached, err := t.attached(rc.ID)
	if err != nil {
		return err
	}
	v.attach(b, rc.ID, attached)
	if err := v.figures(b, r, rc); err != nil {
		return err
	}
	if err := v.changeLinks(t, rc); err != nil {
		return err
	}
	uses, err := b.Tracer.Uses(ctx, rc.ID, "")
	if err != nil {
		return fmt.Errorf("reading the verdicts made from %s: %w", rc.ID, err)
	}
	for i, row := range b.historyRows(f, t.uses(uses)) {
		if uses[i].Before != nil && uses[i].First.SameAs(*uses[i].Before) {
			v.Without++
			continue
		}
		v.Effects = append(v.Effects, row)
	}
	return nil
}

func (v *receiptView) figures(b *Room, r *http.Request, rc schema.Receipt) error {
	limit := figuresShown
	if r.URL.Query().Get("table") == "figures" {
		limit = figuresTaken
	}
	rows, all, err := b.Tracer.Brought(r.Context(), rc.ID, limit)
	if err != nil {
		return fmt.Errorf("reading the figures of %s: %w", rc.ID, err)
	}
	for _, o := range rows {
		row := broughtRow{FigureRow: v.Figure(o), Indicator: b.indicatorName(v.Frame, o.Indicator), Region: b.regionName(v.Frame, o.Region)}
		row.Href = v.FigureLink(o)
		v.brought = append(v.brought, row)
	}
	v.Figures = v.brought[:min(len(v.brought), figuresShown)]
	if n := int(all) - len(v.Figures); n > 0 {
		v.More = v.T("board-figures-more", "shown", len(v.Figures), "all", all, "most", figuresTaken)
	}
	return nil
}

// changeLinks lead from a changed figure to its old and its new cell.
func (v *receiptView) changeLinks(t *tracing, rc schema.Receipt) error {
	for i, c := range rc.Changes {
		if i >= changesTraced {
			break
		}
		vintages, err := t.Tracer.Published(t.ctx, c.Key)
		if err != nil {
			return fmt.Errorf("reading the vintages of %s: %w", c.Indicator, err)
		}
		at := slices.IndexFunc(vintages, func(o schema.Observation) bool {
			return o.Receipt == rc.ID && (o.Value == nil) == (c.New == nil) && (o.Value == nil || o.Value.Equal(*c.New))
		})
		if at < 0 {
			continue
		}
		v.Changes[i].NewHref = v.FigureLink(vintages[at])
		var old *schema.Observation
		for j := range vintages {
			o := &vintages[j]
			same := c.Old != nil && o.Value != nil && o.Value.Equal(*c.Old) || c.Old == nil && o.Value == nil
			if j != at && same && o.Status == c.OldStatus && o.Seq <= vintages[at].Seq && (old == nil || o.Later(*old)) {
				old = o
			}
		}
		if old != nil {
			v.Changes[i].OldHref = v.FigureLink(*old)
		}
	}
	return nil
}

func (b *Room) changeRow(f *web.Frame, c schema.Change) changeRow {
	out := changeRow{Indicator: b.indicatorName(f, c.Indicator), Region: b.regionName(f, c.Region), Period: f.PeriodName(c.Period, c.Basis),
		Old: "—", New: "—", Difference: "—"}
	ind, _ := b.Register.Indicators.ByCode(c.Indicator)
	scale := figure.ScaleOf(ind, ind.Unit, f.Lang)
	out.Unit = scale.Unit
	if c.Old != nil {
		out.Old = scale.Number(*c.Old)
	}
	if c.New != nil {
		out.New = scale.Number(*c.New)
	}
	if c.Old != nil && c.New != nil {
		switch d := c.New.Sub(*c.Old); d.Sign() {
		case 1:
			out.Difference = "+" + scale.Number(d)
		case -1:
			out.Difference = "−" + scale.Number(d.Abs())
		default:
			out.Difference = scale.Number(d)
		}
	}
	if c.Correction != "" {
		out.Why = f.Say(c.Correction.Label())
	}
	if c.OldStatus != c.NewStatus && c.OldStatus != "" && c.NewStatus != "" {
		out.Note = f.ObsStatus(c.OldStatus) + " → " + f.ObsStatus(c.NewStatus)
	}
	add := func(note string) {
		if out.Note != "" {
			out.Note += f.T("board-semicolon")
		}
		out.Note += note
	}
	if c.Was != nil {
		add(f.T("board-change-was", "period", f.PeriodName(c.Was.Period, c.Was.Basis)))
	}
	if c.Hidden {
		add(f.T("board-change-hidden"))
	}
	return out
}
