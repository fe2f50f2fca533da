package lineage

import (
	"fmt"
	"strings"

	"yardstick/dashboards/download"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/figure"
)

// wayRows are the steps from the cell to the figure.
func wayRows(f *web.Frame, l Lineage) []wayRow {
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
		if is := understood(f, l, h); is != "" && is != h.Text {
			row.Text = f.T("board-way-understood", "written", h.Text, "is", is)
		}
		switch h.Cell {
		case "":
			row.Cell = f.T("board-way-given")
		case c.Cell:
			row.Href = "#here"
		default:
			row.Href = "#c-" + h.Cell
		}
		out = append(out, row)
	}
	if !seen["unit"] && l.Figure.Value != nil {
		out = append(out, wayRow{Name: f.T("board-way-unit"), Text: c.UnitWritten, Cell: f.T("board-way-given")})
	}
	if s := conversionSay(f, c.Conversion); s != "" {
		out = append(out, wayRow{Name: f.T("board-way-value"), Text: s})
	}
	return out
}

// understood is what a heading was taken for, in words.
func understood(f *web.Frame, l Lineage, h schema.CellOrigin) string {
	switch h.Field {
	case "indicator":
		return f.Say(l.IndicatorName)
	case "region":
		return f.Say(l.RegionName)
	case "period":
		return f.PeriodName(l.Figure.Period, l.Figure.Basis)
	case "basis":
		return f.BasisName(l.Figure.Basis)
	case "status":
		return f.ObsStatus(l.Figure.Status)
	case "published":
		return l.Figure.PublishedAt.String()
	}
	return ""
}

// conversionSay is the arithmetic from the number written to the value held.
func conversionSay(f *web.Frame, c *Conversion) string {
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

func vintageViews(f *web.Frame, l Lineage, scale figure.Scale) (out []vintageView) {
	for i := len(l.Vintages) - 1; i >= 0; i-- { // the newest first
		v := l.Vintages[i]
		row := vintageView{VintageRow: web.VintageRow{FigureRow: f.Figure(v.Figure), Received: f.Time(v.Figure.ReceivedAt), InForce: v.State == stateInForce},
			State: f.T("board-lineage-state-" + v.State), Here: v.Figure.Seq == l.Figure.Seq && v.Figure.Cell == l.Figure.Cell}
		row.Href = f.Link(v.Page)
		row.AsWritten = asWritten(v.Figure, row.Value, row.Unit)
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

// asWritten is a figure's text with its unit, which may stand in the text
// already, wholly or in part: 1.30万 and 万户 are 1.30万户.
func asWritten(o schema.Observation, value, unit string) string {
	if o.Value == nil {
		return value
	}
	for runes, n := []rune(unit), len([]rune(unit)); n > 0; n-- { // the longest overlap first
		if strings.HasSuffix(value, string(runes[:n])) {
			return value + string(runes[n:])
		}
	}
	return figure.Join(value, unit)
}

func (b *Room) verdictRow(f *web.Frame, policy, target, region string, title schema.Text, status schema.Status) verdictRow {
	t, ok := b.Register.Target(policy, target)
	out := verdictRow{Title: f.Say(title), Href: f.TargetLink(policy, target), Status: figure.BadgeOf(schema.Verdict{Status: status, Kind: t.Kind}, f.Lang)}
	if place, known := b.Register.Regions.ByCode(region); ok && known && t.Region != region {
		out.Region = f.Say(place.Name)
	}
	return out
}

func (b *Room) verdictRows(f *web.Frame, all []LineageVerdict) (out []verdictRow) {
	for _, v := range all {
		row := b.verdictRow(f, v.Policy, v.Target, v.Region, v.Title, v.Status)
		var roles []string
		for _, role := range v.Roles {
			roles = append(roles, f.Role(role))
		}
		row.Roles = strings.Join(roles, f.T("board-comma"))
		out = append(out, row)
	}
	return out
}

func (b *Room) historyRows(f *web.Frame, all []LineageUse) (out []historyRow) {
	for _, u := range all {
		row := historyRow{verdictRow: b.verdictRow(f, u.Policy, u.Target, u.Region, u.Title, u.Status), First: u.First.String(), Last: u.Last.String(),
			Stored: fmt.Sprint(u.Stored)}
		if u.Before != "" && u.Before != u.Status {
			was := figure.BadgeOf(schema.Verdict{Status: u.Before}, f.Lang)
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
func (b *Room) changeSay(f *web.Frame, u LineageUse) string {
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

func termRows(f *web.Frame, terms []LineageTerm, indent int) (out []termRow) {
	for _, term := range terms {
		row := termRow{FigureRow: f.Figure(term.Figure), Indent: indent, Name: f.Say(term.IndicatorName)}
		row.Role, row.Href = f.T("board-term-"+string(term.Role)), f.Link(term.Page)
		row.Where = term.Figure.Receipt
		if term.Figure.Cell != "" {
			row.Where += " " + term.Figure.Cell
		}
		if row.Where == "" {
			row.Where = f.T("board-term-derived")
		}
		out = append(out, row)
		out = append(out, termRows(f, term.Terms, indent+1)...)
	}
	return out
}

// Sheets are the vintages of a figure.
func (v cellView) Sheets() []download.Sheet {
	s := download.NewSheet("cell/vintages")
	for _, row := range v.Vintages {
		s.Rows = append(s.Rows, row.Cells(row.Cell, row.State, row.Why))
	}
	return []download.Sheet{s}
}

// Sheets are an indicator's newest figures.
func (v indicatorView) Sheets() []download.Sheet {
	s := download.NewSheet("indicator/latest")
	for _, l := range v.Latest {
		s.Rows = append(s.Rows, append([]string{l.Region}, l.Cells(l.Cell)...))
	}
	return []download.Sheet{s}
}

// Sheets are the catalogue.
func (v indicatorsView) Sheets() []download.Sheet {
	s := download.NewSheet("indicators")
	for _, r := range v.Rows {
		s.Add(r.Code, r.Name, r.Unit, r.Frequency, r.Basis, r.Formula)
	}
	return []download.Sheet{s}
}

// Sheets are a receipt's tables.
func (v receiptView) Sheets() []download.Sheet {
	trouble := func(name string, all []schema.Problem) download.Sheet {
		s := download.NewSheet(name)
		for _, p := range all {
			s.Add(download.Bare(v.Place(p)), p.Written, v.Say(p.Text))
		}
		return s
	}
	questions, changes := download.NewSheet("receipt/questions"), download.NewSheet("receipt/changes")
	for _, q := range v.Of.Questions {
		questions.Add(download.Bare(v.Place(q.Problem)), q.Written, v.Say(q.Text), strings.Join(q.Candidates, v.T("board-comma")), q.Key)
	}
	for _, c := range v.Changes {
		changes.Add(c.Indicator, c.Region, c.Period, download.Numeral(c.Old), download.Numeral(c.New), c.Note)
	}
	figures, unmapped := download.NewSheet("receipt/figures"), download.NewSheet("receipt/unmapped")
	for _, row := range v.brought {
		figures.Rows = append(figures.Rows, append([]string{row.Indicator, row.Region}, row.Cells(row.Cell)...))
	}
	for _, name := range v.Of.Unmapped {
		unmapped.Add(name)
	}
	return []download.Sheet{trouble("receipt/problems", v.Of.Problems), questions, changes, figures, trouble("receipt/excluded", v.Of.ExcludedRows), unmapped}
}
