package reading

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"sync"

	"yardstick/collectors/table"
	"yardstick/schema"
	"yardstick/schema/words"
)

// noteStart is how a note under a table begins: 注：, 数据来源：, Note 1:, *.
var noteStart = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?i:(?:注|备注|附注|说明|资料来源|数据来源|来源|notes?|sources?|remarks?)\s*[0-9一二三四五①-⑨]*\s*(?:[:：.、．]|$)|[*＊※#])`)
})

// body reads a row below the header.
func (r *reader) body(row *table.Row) error {
	if row.Blank() {
		r.blank(row)
		return nil
	}
	r.endBlanks()
	if slices.Equal(row.Texts, r.layout.names) {
		r.exclude(row, ExcludedHeader)
		return nil
	}
	if r.isNote(row) {
		r.exclude(row, ExcludedNote)
		return nil
	}
	if !r.shaped(row) {
		r.found.Dropped++
		return nil
	}
	r.dimensions(row)
	r.candidate(row)
	return r.each(&r.row)
}

// dimensions asks about a column that may tell figures apart as soon as it says
// something.
func (r *reader) dimensions(row *table.Row) {
	r.further = slices.DeleteFunc(r.further, func(i int) bool {
		t := strings.TrimSpace(row.Cell(i).Text)
		if t == "" || t == "0" || t == "1" {
			return false
		}
		c := row.Cell(i)
		c.Text = r.layout.names[i]
		r.ask(AskDimension, columnKey(c.Text), c, []string{"ignore"})
		return true
	})
}

// isNote reports whether the row begins as a note does and holds no figure.
func (r *reader) isNote(row *table.Row) bool {
	if !noteStart().MatchString(strings.TrimSpace(firstFilled(row).Text)) {
		return false
	}
	at := func(f Field) string {
		if i := r.layout.column[f.index()]; i >= 0 {
			return row.Cell(i).Text
		}
		return ""
	}
	n := ReadNumber(at(Value), r.table.Delimiter)
	return r.period(at(Period)).err != nil || n.Fault != "" || n.Value == nil
}

// shaped tells of a row that has not the header's cells: what stands where
// cannot be known then.
func (r *reader) shaped(row *table.Row) bool {
	width := len(r.layout.names)
	for width > 0 && strings.TrimSpace(r.layout.names[width-1]) == "" {
		width--
	}
	filled, extra := 0, -1
	for i, t := range row.Texts {
		if strings.TrimSpace(t) == "" {
			continue
		}
		filled++
		unnamed := i >= width || strings.TrimSpace(r.layout.names[i]) == ""
		if unnamed && extra < 0 {
			extra = i
		}
	}
	switch {
	case filled == 1 && width > 1:
		r.found.Problem(r.problem(RowIncomplete, firstFilled(row)))
	case row.Len() > len(r.layout.names): // though the last be empty: a number may have been cut in two
		p := r.problem(RowRagged, row.Cell(len(r.layout.names)), "cells", row.Len(), "columns", len(r.layout.names))
		p.Written = table.Excerpt(joined(row))
		r.found.Problem(p)
	case extra >= 0:
		r.found.Problem(r.problem(ColumnUnnamed, row.Cell(extra)))
	case row.Len() < width && r.table.Sheet == "": // a workbook does not store the blank cells at the end
		c := row.Cell(row.Len()) // the first that is missing
		p := r.problem(RowRagged, c, "cells", row.Len(), "columns", width)
		p.Written = table.Excerpt(joined(row))
		r.found.Problem(p)
	default:
		return true
	}
	return false
}

// candidate reads the row's cells into r.row and tells what cannot be read.
func (r *reader) candidate(row *table.Row) {
	c := &r.row
	*c = Candidate{File: r.table.File, Sheet: r.table.Sheet, Line: row.Line, Row: row.Number}
	for i := range c.cells {
		f := Field(1 << i)
		switch col := r.layout.column[i]; {
		case col >= 0:
			c.cells[i] = row.Cell(col)
		case r.layout.given&f != 0:
			said := r.layout.above[f]
			if c.cells[i] = said.cell; said.cell.Column == 0 {
				c.cells[i] = table.Cell{Line: row.Line, Row: row.Number}
			}
			c.cells[i].Text = said.text
		default:
			c.cells[i] = table.Cell{Line: row.Line, Row: row.Number}
		}
	}
	r.dittos()
	for _, f := range []Field{Indicator, Region, Period} {
		if c.Written(f) == "" {
			r.bad(f, r.problem(CellEmpty, c.Cell(f), "field", f.Text()))
		}
	}
	if r.layout.given&Unit != 0 && (!fits(c.Written(Indicator), c.Written(Unit)) || r.layout.unit != "") {
		c.cells[Unit.index()] = table.Cell{Line: row.Line, Row: row.Number}
	}
	r.readPeriod()
	r.readValue()
	r.declared(c, row)
	r.readBasis()
	r.readStatus()
	r.readPublished()
}

// bad tells a problem of the row's field f.
func (r *reader) bad(f Field, p schema.Problem) {
	r.row.Bad |= f
	r.found.Problem(p)
}

// periodText is a period as read.
type periodText struct {
	period schema.Period
	basis  schema.Basis
	err    error
}

// period reads a reference period; what a file says over and over is read once.
func (r *reader) period(text string) periodText {
	if p, ok := r.periods[text]; ok {
		return p
	}
	var p periodText
	p.period, p.basis, p.err = r.options.Periods.Parse(strings.TrimSpace(text))
	if year := strings.TrimSuffix(strings.TrimSpace(r.options.Given["year"]), "年"); errors.Is(p.err, schema.ErrNoYear) && year != "" {
		p.period, p.basis, p.err = r.options.Periods.Parse(year + "年" + strings.TrimSpace(text))
	}
	if len(r.periods) < 1<<14 && len(text) < 64 {
		r.periods[strings.Clone(text)] = p
	}
	return p
}

func (r *reader) readPeriod() {
	c := &r.row
	if c.Bad&Period != 0 {
		return
	}
	p := r.period(c.Cell(Period).Text)
	switch {
	case p.err == nil:
		c.When, c.WhenBasis = p.period, p.basis
	case errors.Is(p.err, schema.ErrNoYear):
		c.Bad |= Period
		cell := c.Cell(Period)
		q := r.problem(AskYear, cell)
		q.Text = words.Say("question-"+AskYear, "cell", Spot(c.Sheet, cell), "written", table.Excerpt(cell.Text))
		r.found.Ask(schema.Question{Problem: q, Key: "year", Why: words.Say("why-" + AskYear)})
	case strings.Contains(c.Written(Period), "下半年"):
		r.bad(Period, r.problem(HalfYear, c.Cell(Period)))
	default:
		r.bad(Period, r.problem(NotAPeriod, c.Cell(Period)))
	}
}

func (r *reader) readValue() {
	c := &r.row
	n := ReadNumber(c.Cell(Value).Text, r.table.Delimiter)
	if n.Fault != "" {
		r.bad(Value, r.problem(n.Fault, c.Cell(Value)))
		return
	}
	if r.mergedValue() {
		c.Bad |= Value
		return
	}
	if c.Number, c.Suffix = n.Value, n.Suffix; n.Value != nil {
		r.asScaled(c.Cell(Value))
	}
	if written := c.Written(Unit); r.layout.unit != "" && written != "" && foldText(written) != foldText(r.layout.unit) {
		r.bad(Value, r.problem(UnitTwice, c.Cell(Unit), "unit", table.Excerpt(r.layout.unit)))
		return
	}
	if r.layout.unit != "" && c.Written(Unit) == "" {
		unit := &c.cells[Unit.index()]
		head := r.layout.column[Value.index()]
		*unit = table.Cell{Text: r.layout.unit, Line: c.Line, Row: c.Row, Column: head + 1}
	}
}

func (r *reader) readBasis() {
	c := &r.row
	text := c.Written(Basis)
	if text == "" {
		return
	}
	if c.Bases = ReadBasis(text); c.Bases == nil {
		r.bad(Basis, r.problem(BasisUnknown, c.Cell(Basis)))
	}
}

func (r *reader) readStatus() {
	c := &r.row
	text := c.Written(Status)
	if text == "" {
		return
	}
	var ok bool
	if c.State, ok = ReadStatus(text); !ok {
		r.bad(Status, r.problem(StatusUnknown, c.Cell(Status)))
	}
}

// readPublished reads the day a figure was made public; a month or a year
// means its last day.
func (r *reader) readPublished() {
	c := &r.row
	text := c.Written(Published)
	if text == "" {
		return
	}
	day, ok := ReadDay(text, r.period)
	if !ok {
		r.bad(Published, r.problem(BadPublished, c.Cell(Published)))
		return
	}
	c.Day = day
}

// ReadDay reads a day, or a month or year that stands for its last day.
func ReadDay(text string, read func(string) periodText) (schema.Date, bool) {
	p := read(text)
	if p.err != nil || p.basis != "" && p.basis != schema.Point {
		return schema.Date{}, false
	}
	switch p.period.Frequency() {
	case schema.Annual, schema.Monthly, schema.Daily:
		return p.period.Last(), true
	}
	return schema.Date{}, false
}

// ReadBasis reads a basis as people write it. 累计 alone may be within the year
// or since a named day: both are given, and the catalogue tells. Nil: unknown.
func ReadBasis(text string) []schema.Basis {
	switch foldText(text) {
	case "point", "时点", "时点数", "时点值", "期末", "期末数", "期末值", "月末", "季末", "年末", "存量":
		return []schema.Basis{schema.Point}
	case "period", "当期", "当期值", "当期数", "本期", "当月", "当月值", "本月", "当季", "当季值", "本季", "当年", "全年", "当日", "当旬", "流量":
		return []schema.Basis{schema.InPeriod}
	case "ytd", "yeartodate", "年内累计", "本年累计", "年初累计", "当年累计", "年累计", "自年初累计", "年初至今":
		return []schema.Basis{schema.YearToDate}
	case "cumulative", "历年累计", "总累计", "累计总数", "开始至今", "自发文累计", "自发文日起累计":
		return []schema.Basis{schema.Cumulative}
	case "累计", "累计值", "累计数":
		return []schema.Basis{schema.YearToDate, schema.Cumulative}
	}
	return nil
}

// ReadStatus reads an SDMX OBS_STATUS code or its usual Chinese or English word.
func ReadStatus(text string) (schema.ObsStatus, bool) {
	text = foldText(text)
	if s := schema.ObsStatus(strings.ToUpper(text)); s.Valid() {
		return s, true
	}
	switch text {
	case "初步", "初步数", "初步核算", "初步核算数", "快报", "快报数", "provisional", "preliminary":
		return schema.StatusProvisional, true
	case "最终", "最终数", "最终核实", "最终核实数", "正式", "正式数", "正常", "normal", "final":
		return schema.StatusNormal, true
	case "预计", "预计数", "估计", "估计数", "估算", "estimated", "estimate":
		return schema.StatusEstimated, true
	case "预测", "预测数", "forecast":
		return schema.StatusForecast, true
	case "缺失", "缺", "无数据", "missing":
		return schema.StatusMissing, true
	}
	return "", false
}
