package board

import (
	"fmt"
	"net/http"
	"strings"

	"yardstick/dashboards/board/figure"
	"yardstick/schema"
)

// routeLineage adds the pages of cells, figures and indicators, and the API.
func (b *board) routeLineage(mux *http.ServeMux) {
	mux.Handle("/cells/{receipt}/{cell}", b.page(b.cellPage))
	mux.Handle("/figures/{indicator}/{region}/{basis}/{period}", b.page(b.figurePage))
	mux.Handle("/indicators", b.page(b.indicators))
	mux.Handle("/indicators/{code}", b.page(b.indicator))
	mux.Handle("/api/v1/lineage", b.api(lineageParameters(), b.apiLineage))
}

// cellView is a figure with where it came from and what was made of it.
type cellView struct {
	*frame
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
	Facts                []linked
	Attached             []string
	AttachHref           string
	Life                 []lifeRow
	Answers              []fact
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
		vintageRow
		State, Why, Amount string
		Here               bool
	}
	verdictRow struct {
		Title, Href, Roles, Region string
		Status                     badge
	}
	historyRow struct {
		verdictRow
		Was         *badge
		Change      string
		First, Last string
		Stored      string
		Because     string
	}
	termRow struct {
		inputRow
		Indent int
		Name   string
		Where  string
	}
)

// cellPage is the figure that a receipt brought from a cell.
func (b *board) cellPage(f *frame, r *http.Request) (string, any, error) {
	receipt, cell := r.PathValue("receipt"), r.PathValue("cell")
	t := b.trace(r.Context(), f.asked)
	l, found, err := t.ofCell(receipt, cell)
	if err != nil {
		return "", nil, fmt.Errorf("tracing %s of %s: %w", cell, receipt, err)
	}
	if !found {
		return "", nil, fault(http.StatusNotFound, "board-no-cell", "receipt", receipt, "cell", cell)
	}
	return b.lineageView(f, r, t, l)
}

// figurePage is the figure of a key that is in force.
func (b *board) figurePage(f *frame, r *http.Request) (string, any, error) {
	k, err := b.keyOf(r.PathValue("indicator"), r.PathValue("region"), r.PathValue("basis"), r.PathValue("period"))
	if err != nil {
		return "", nil, err
	}
	t := b.trace(r.Context(), f.asked)
	l, found, err := t.ofKey(k, "")
	if err != nil {
		return "", nil, fmt.Errorf("tracing %s: %w", k.Indicator, err)
	}
	if !found {
		return "", nil, fault(http.StatusNotFound, "board-no-figure", b.keyWords(k, t.day)...)
	}
	return b.lineageView(f, r, t, l)
}

// lineageView turns a lineage into a page.
func (b *board) lineageView(f *frame, r *http.Request, t *tracing, l Lineage) (string, any, error) {
	table := t.readAnew(&l)
	o := l.Figure
	ind, _ := b.Register.Indicators.ByCode(o.Indicator)
	f.Heading, f.Active = f.T("board-lineage-title"), "lineage"
	f.Runs("cell.js")
	v := cellView{frame: f, L: l, Indicator: ind, Name: f.Say(l.IndicatorName), Region: f.Say(l.RegionName), Period: f.PeriodName(o.Period, o.Basis),
		Basis: f.basisName(o.Basis), Value: "—"}
	scale := figure.ScaleOf(ind, o.Unit, f.Lang)
	if o.Value != nil {
		v.Value, v.Unit = scale.Figure(*o.Value, &o, nil).String(), scale.Unit
	}
	v.Bits = []string{f.T("board-lineage-state-" + l.State), f.obsStatus(o.Status), f.T("board-published-on", "day", o.PublishedAt)}
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
	v.Vintages, v.Verdicts, v.History = f.vintageViews(l, scale), b.verdictRows(f, l.Verdicts), b.historyRows(f, l.History)
	if l.State == "derived" {
		v.Equation, v.Terms, v.FormulaSay = l.Equation, f.termRows(l.Terms, 0), b.formulaSay(f, ind)
	} else {
		v.reported(b, table)
	}
	b.originOf(f, r, o.Synthetic)
	return "cell", v, nil
}

// reported fills what only a figure has that somebody reported.
func (v *cellView) reported(b *board, table schema.CellTable) {
	f, l := v.frame, v.L
	if l.Cell.WhyNot != (schema.Text{}) {
		v.NoTable = f.Say(l.Cell.WhyNot)
	} else if kept := f.keptTable(l, table); len(kept.Rows) > 0 {
		v.Table = &kept
	}
	v.Ways = f.wayRows(l)
	rc := l.Receipt
	add := func(id, text string) *linked {
		if text == "" {
			return &linked{}
		}
		v.Facts = append(v.Facts, linked{Name: f.T(id), Text: text})
		return &v.Facts[len(v.Facts)-1]
	}
	add("board-r-id", rc.ID).Href = f.ReceiptLink(rc.ID)
	add("board-r-feed", b.feedTitle(f, rc.Feed, l.Indicator))
	if rc.Entered {
		add("board-r-file", f.T("board-entered"))
	} else {
		add("board-r-file", rc.File)
	}
	add("board-r-received", f.Time(rc.ReceivedAt))
	add("board-r-actor", rc.Actor)
	if rc.Reviewer != "" {
		add("board-r-reviewer", rc.Reviewer+f.T("board-comma")+f.Time(rc.ReviewedAt))
	}
	add("board-r-release", f.Time(rc.ReleaseAt))
	add(reasonName(rc.Status), rc.Reason)
	add("board-r-snapshot", rc.SHA256).Long = true
	if rc.Hash != "" {
		add("board-r-ledger", f.T("board-ledger-entry", "n", rc.Entry, "hash", rc.Hash)).Long = true
	}
	for _, a := range rc.Attachments {
		v.Attached = append(v.Attached, f.attachment(a))
	}
	if b.Upload != "" && len(v.Attached) > 0 {
		v.AttachHref = b.Upload + "/receipts/" + rc.ID
	}
	v.Life = f.lifeRows(rc.Life)
	for _, a := range rc.Answers {
		v.Answers = append(v.Answers, fact{Name: a.Key, Text: a.Value})
	}
}

// reasonName is what a receipt's reason is the reason of.
func reasonName(s schema.ReceiptStatus) string {
	if s == schema.Withdrawn {
		return "board-r-withdrawn"
	}
	return "board-r-reason"
}

func (f *frame) attachment(a LineageAttachment) string {
	return f.T("board-attached-"+a.What, "who", a.By, "when", f.Time(a.At))
}

func (f *frame) lifeRows(life []schema.ReceiptEvent) (out []lifeRow) {
	for _, e := range life {
		row := lifeRow{At: f.Time(e.At), State: f.Say(e.State.Label()), Shape: receiptShape(e.State), Said: e.Actor}
		if e.Actor != "" && e.Reason != "" {
			row.Said += " · "
		}
		row.Said += e.Reason
		out = append(out, row)
	}
	return out
}

// feedTitle is the feed's title with its name, as far as it is configured.
func (b *board) feedTitle(f *frame, name, indicator string) string {
	for _, feed := range b.Lineage.Writers(indicator) {
		if title := f.Say(feed.Title); feed.Name == name && title != "" {
			return title + " · " + name
		}
	}
	return name
}

// wayRows are the steps from the cell to the figure.
func (f *frame) wayRows(l Lineage) []wayRow {
	c := l.Cell
	written := c.Written
	if strings.TrimSpace(written) == "" {
		written = f.T("board-way-empty")
	}
	out := []wayRow{{f.T("board-way-written"), written, c.Address, "#here"}}
	seen := map[string]bool{}
	for _, h := range c.Headings {
		name := f.T("board-way-" + h.Field)
		seen[h.Field] = true
		row := wayRow{Name: name, Text: h.Text, Cell: h.Cell}
		if is := f.understood(l, h); is != "" && is != h.Text {
			row.Text = f.T("board-way-understood", "written", h.Text, "is", is)
		}
		if h.Cell == "" {
			row.Cell = f.T("board-way-given")
		} else {
			row.Href = "#c-" + h.Cell
		}
		out = append(out, row)
	}
	if !seen["unit"] && l.Figure.Value != nil {
		out = append(out, wayRow{Name: f.T("board-way-unit"), Text: c.UnitWritten, Cell: f.T("board-way-given")})
	}
	if s := f.conversionSay(c.Conversion); s != "" {
		out = append(out, wayRow{Name: f.T("board-way-value"), Text: s})
	}
	return out
}

// understood is what a heading was taken for, in words.
func (f *frame) understood(l Lineage, h schema.CellOrigin) string {
	switch h.Field {
	case "indicator":
		return f.Say(l.IndicatorName)
	case "region":
		return f.Say(l.RegionName)
	case "period":
		return f.PeriodName(l.Figure.Period, l.Figure.Basis)
	case "basis":
		return f.basisName(l.Figure.Basis)
	case "status":
		return f.obsStatus(l.Figure.Status)
	case "published":
		return l.Figure.PublishedAt.String()
	}
	return ""
}

// conversionSay is the arithmetic from the number written to the value held.
func (f *frame) conversionSay(c *Conversion) string {
	if c == nil {
		return ""
	}
	one := schema.NewDecimal(1, 0)
	if c.Multiplier == nil && c.Factor.Equal(one) {
		if c.Unit == c.Into || c.Unit == "" {
			return f.T("board-way-same", "value", c.Value.String(), "unit", c.Into)
		}
		return f.T("board-way-alike", "value", c.Value.String(), "unit", c.Unit, "into", c.Into)
	}
	left := c.Number.String()
	if c.Multiplier != nil {
		left += " × " + c.Multiplier.String()
	}
	if !c.Factor.Equal(one) {
		left += " × " + c.Factor.String()
	}
	return left + " = " + figure.Join(c.Value.String(), c.Into)
}

func (f *frame) vintageViews(l Lineage, scale figure.Scale) (out []vintageView) {
	for i := len(l.Vintages) - 1; i >= 0; i-- { // the newest first
		v := l.Vintages[i]
		row := vintageView{vintageRow: vintageRow{f.observation(v.Figure), f.Time(v.Figure.ReceivedAt), v.State == stateInForce},
			State: f.T("board-lineage-state-" + v.State), Here: v.Figure.Seq == l.Figure.Seq && v.Figure.Cell == l.Figure.Cell}
		row.Href = f.Link(v.Page)
		if v.Correction != "" {
			row.Why = f.Say(v.Correction.Label())
		}
		if o := v.Figure; o.Value != nil {
			row.Amount = figure.Join(scale.Figure(*o.Value, &o, nil).String(), scale.Unit)
		} else {
			row.Amount = "—"
		}
		switch {
		case v.Reason == "":
		case v.State == stateWithdrawn:
			row.State += f.T("board-semicolon") + v.Reason
		default:
			if row.Why != "" {
				row.Why += f.T("board-semicolon")
			}
			row.Why += v.Reason
		}
		out = append(out, row)
	}
	return out
}

func (b *board) verdictRow(f *frame, policy, target, region string, title schema.Text, status schema.Status) verdictRow {
	t, ok := b.Register.Target(policy, target)
	out := verdictRow{Title: f.Say(title), Href: f.TargetLink(policy, target), Status: f.badgeOf(schema.Verdict{Status: status, Kind: t.Kind})}
	if ok && t.Region != region {
		if place, ok := b.Register.Regions.ByCode(region); ok {
			out.Region = f.Say(place.Name)
		}
	}
	return out
}

func (b *board) verdictRows(f *frame, all []LineageVerdict) (out []verdictRow) {
	for _, v := range all {
		row := b.verdictRow(f, v.Policy, v.Target, v.Region, v.Title, v.Status)
		for i, role := range v.Roles {
			if i > 0 {
				row.Roles += f.T("board-comma")
			}
			row.Roles += f.role(role)
		}
		out = append(out, row)
	}
	return out
}

func (b *board) historyRows(f *frame, all []LineageUse) (out []historyRow) {
	for _, u := range all {
		row := historyRow{verdictRow: b.verdictRow(f, u.Policy, u.Target, u.Region, u.Title, u.Status), First: u.First.String(), Last: u.Last.String(),
			Stored: fmt.Sprint(u.Stored)}
		if u.Before != "" && u.Before != u.Status {
			was := f.badgeOf(schema.Verdict{Status: u.Before})
			row.Was = &was
		}
		row.Change = b.changeSay(f, u)
		if u.Cause != "" {
			row.Because = f.T("board-cause-" + u.Cause)
		}
		out = append(out, row)
	}
	return out
}

// changeSay is the figure judged before and then, on the scale people read.
func (b *board) changeSay(f *frame, u LineageUse) string {
	t, ok := b.Register.Target(u.Policy, u.Target)
	if !ok || u.Value == nil || t.Kind == schema.Milestone {
		return "—"
	}
	ind, _ := b.Register.Indicators.ByCode(t.Indicator)
	scale := figure.ScaleOf(ind, u.Unit, f.Lang)
	show := func(d schema.Decimal) string { return scale.Figure(d, nil, &t.Value).String() }
	now := figure.Join(show(*u.Value), scale.Unit)
	if u.Was == nil || u.Was.Equal(*u.Value) {
		return now
	}
	return show(*u.Was) + " → " + now
}

func (f *frame) termRows(terms []LineageTerm, indent int) (out []termRow) {
	for _, term := range terms {
		row := termRow{inputRow: f.observation(term.Figure), Indent: indent, Name: f.Say(term.IndicatorName)}
		row.Role, row.Href = f.T("board-term-"+term.Role), f.Link(term.Page)
		row.Where = term.Figure.Receipt
		if term.Figure.Cell != "" {
			row.Where += " " + term.Figure.Cell
		}
		if row.Where == "" {
			row.Where = f.T("board-term-derived")
		}
		out = append(out, row)
		out = append(out, f.termRows(term.Terms, indent+1)...)
	}
	return out
}

// sheets are the page's tables to be taken away.
func (v cellView) sheets() []sheet {
	return []sheet{v.vintageSheet()}
}
