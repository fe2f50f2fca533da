package lineage

import (
	"cmp"
	"fmt"
	"net/http"

	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/figure"
)

// cellView is a figure with where it came from and what was made of it.
type cellView struct {
	told
	L                    Lineage
	Indicator            schema.Indicator
	Name, Region, Period string
	Basis                string
	Value, Unit          string
	Bits                 []string
	Warn                 string // withdrawn, superseded, or of a later day
	Table                *keptTable
	NoTable              string
	Ways                 []wayRow
	Vintages             []vintageView
	Verdicts             []verdictRow
	History              []historyRow
	Terms                []termRow
	Equation             string
	FormulaSay           string
}

type (
	// linked is a fact that may lead somewhere; Long is a checksum to be broken anywhere.
	linked struct {
		Name, Text, Href string
		Long             bool
	}
	// wayRow is one step from the cell's text to the figure, with the cell it rests on.
	wayRow      struct{ Name, Text, Cell, Href string }
	lifeRow     struct{ At, State, Shape, Said string }
	vintageView struct {
		web.VintageRow
		State, Why, Amount, AsWritten string
		Here                          bool
	}
	verdictRow struct {
		Title, Href, Roles, Region string
		Status                     figure.Badge
	}
	historyRow struct {
		verdictRow
		Was         *figure.Badge
		Change      string
		First, Last string
		Stored      string
		Because     string
	}
	termRow struct {
		web.FigureRow
		Indent int
		Name   string
		Where  string
	}
)

// cellPage is the figure that a receipt brought from a cell.
func (b *Room) cellPage(f *web.Frame, r *http.Request) (string, any, error) {
	receipt, cell := r.PathValue("receipt"), r.PathValue("cell")
	t := b.trace(r.Context(), f.Asked)
	l, found, err := t.ofCell(receipt, cell)
	if err != nil {
		return "", nil, fmt.Errorf("tracing %s of %s: %w", cell, receipt, err)
	}
	if !found {
		return "", nil, web.Refuse(http.StatusNotFound, "board-no-cell", "receipt", receipt, "cell", cell)
	}
	return b.lineageView(f, r, t, l)
}

// figurePage is the figure of a key that is in force.
func (b *Room) figurePage(f *web.Frame, r *http.Request) (string, any, error) {
	k, err := b.keyOf(r.PathValue("indicator"), r.PathValue("region"), r.PathValue("basis"), r.PathValue("period"))
	if err != nil {
		return "", nil, err
	}
	t := b.trace(r.Context(), f.Asked)
	l, found, err := t.ofKey(k, "")
	if err != nil {
		return "", nil, fmt.Errorf("tracing %s: %w", k.Indicator, err)
	}
	if !found {
		return "", nil, web.Refuse(http.StatusNotFound, "board-no-figure", b.keyWords(k, t.day)...)
	}
	return b.lineageView(f, r, t, l)
}

// lineageView turns a lineage into a page.
func (b *Room) lineageView(f *web.Frame, r *http.Request, t *tracing, l Lineage) (string, any, error) {
	table := t.readAnew(&l)
	o := l.Figure
	ind, _ := b.Register.Indicators.ByCode(o.Indicator)
	f.Heading, f.Active = f.T("board-lineage-title"), "lineage"
	f.Runs("cell.js")
	v := cellView{told: told{Frame: f}, L: l, Indicator: ind, Name: f.Say(l.IndicatorName), Region: f.Say(l.RegionName), Period: f.PeriodName(o.Period, o.Basis),
		Basis: f.BasisName(o.Basis), Value: "—"}
	scale := figure.ScaleOf(ind, o.Unit, f.Lang)
	if o.Value != nil {
		v.Value, v.Unit = scale.Figure(*o.Value, &o, nil).String(), scale.Unit
	}
	v.Bits = []string{f.T("board-lineage-state-" + l.State), f.ObsStatus(o.Status), f.T("board-published-on", "day", o.PublishedAt)}
	if o.Synthetic {
		v.Bits = append(v.Bits, f.T("board-mark-synthetic"))
	}
	if o.Note != "" {
		v.Bits = append(v.Bits, f.T("board-note-is", "note", o.Note))
	}
	switch l.State {
	case stateWithdrawn, stateSuperseded, stateLater:
		v.Warn = f.T("board-lineage-warn-"+l.State, "day", l.AsOf)
		if l.State == stateWithdrawn && l.Receipt.Reason != "" {
			v.Warn += f.T("board-lineage-because", "reason", l.Receipt.Reason)
		}
	}
	v.Vintages, v.Verdicts, v.History = vintageViews(f, l, scale), b.verdictRows(f, l.Verdicts), b.historyRows(f, l.History)
	if l.State == "derived" {
		v.Equation, v.Terms, v.FormulaSay = l.Equation, termRows(f, l.Terms, 0), b.formulaSay(f, ind)
	} else {
		v.reported(b, table)
	}
	b.sayBeside(f, r, o.Synthetic, "board-banner-figure")
	return "cell", v, nil
}

// reported fills what only a figure has that somebody reported.
func (v *cellView) reported(b *Room, table schema.CellTable) {
	f, l := v.Frame, v.L
	if l.Cell.WhyNot != (schema.Text{}) {
		v.NoTable = f.Say(l.Cell.WhyNot)
	} else if kept := drawTable(f, l, table); len(kept.Rows) > 0 {
		v.Table = &kept
	}
	v.Ways = wayRows(f, l)
	rc := l.Receipt
	v.add("board-r-id", rc.ID).Href = f.ReceiptLink(rc.ID)
	v.add("board-r-feed", b.feedTitle(f, rc.Feed, l.Indicator))
	if rc.Entered {
		v.add("board-r-file", f.T("board-entered"))
	} else {
		v.add("board-r-file", rc.File)
	}
	v.add("board-r-received", f.Time(rc.ReceivedAt))
	v.add("board-r-actor", rc.Actor)
	if rc.Reviewer != "" {
		v.add("board-r-reviewer", rc.Reviewer+f.T("board-comma")+f.Time(rc.ReviewedAt))
	}
	v.add("board-r-release", f.Time(rc.ReleaseAt))
	v.add(reasonName(rc.Status), rc.Reason)
	v.add("board-r-snapshot", rc.SHA256).Long = true
	v.entry(rc.Entry, rc.Hash)
	v.attach(b, rc.ID, rc.Attachments)
	v.Life, v.Answers = lifeRows(f, rc.Life), rc.Answers
}

// told is what is told of a receipt, or of an indicator.
type told struct {
	*web.Frame
	Facts      []linked
	Attached   []string
	AttachHref string
	Life       []lifeRow
	Answers    []schema.Answer
}

// add adds a fact, unless there is nothing to say.
func (v *told) add(id, text string) *linked {
	if text == "" {
		return &linked{}
	}
	v.Facts = append(v.Facts, linked{Name: v.T(id), Text: text})
	return &v.Facts[len(v.Facts)-1]
}

// entry is the receipt's entry in the ledger, where that is known.
func (v *told) entry(n uint64, hash string) {
	if hash != "" {
		v.add("board-r-ledger", v.T("board-ledger-entry", "n", n, "hash", hash)).Long = true
	}
}

// attach tells of the files tied to the receipt.
func (v *told) attach(b *Room, receipt string, all []LineageAttachment) {
	for _, a := range all {
		v.Attached = append(v.Attached, v.T("board-attached-"+a.What, "who", a.By, "when", v.Time(a.At)))
	}
	if b.site.Upload != "" && len(all) > 0 {
		v.AttachHref = b.site.Upload + "/receipts/" + receipt
	}
}

// indicatorName is the indicator's name, or its code where there is none.
func (b *Room) indicatorName(f *web.Frame, code string) string {
	ind, _ := b.Register.Indicators.ByCode(code)
	return cmp.Or(f.Say(ind.Name), code)
}

// regionName is the region's name, or its code where there is none.
func (b *Room) regionName(f *web.Frame, code string) string {
	region, _ := b.Register.Regions.ByCode(code)
	return cmp.Or(f.Say(region.Name), code)
}

// reasonName is what a receipt's reason is the reason of.
func reasonName(s schema.ReceiptStatus) string {
	if s == schema.Withdrawn {
		return "board-r-withdrawn"
	}
	return "board-r-reason"
}

func lifeRows(f *web.Frame, life []schema.ReceiptEvent) (out []lifeRow) {
	for _, e := range life {
		row := lifeRow{At: f.Time(e.At), State: f.Say(e.State.Label()), Shape: string(e.State.Drawn()), Said: e.Actor}
		if e.Actor != "" && e.Reason != "" {
			row.Said += " · "
		}
		row.Said += e.Reason
		out = append(out, row)
	}
	return out
}

// feedTitle is the feed's title with its name, as far as it is configured.
func (b *Room) feedTitle(f *web.Frame, name, indicator string) string {
	for _, feed := range b.Tracer.Writers(indicator) {
		if title := f.Say(feed.Title); feed.Name == name && title != "" {
			return title + " · " + name
		}
	}
	return name
}
