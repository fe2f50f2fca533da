package account

import (
	"slices"
	"strings"

	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
)

// First is the first of them that says something.
func First(fs ...Facet) Facet {
	if i := slices.IndexFunc(fs, Facet.Said); i >= 0 {
		return fs[i]
	}
	return Facet{}
}

// Facet is one thing the file says and where.
type Facet struct {
	Text string
	Cell table.Cell
}

// Said reports whether it says something.
func (f Facet) Said() bool { return f.Text != "" }

// Facts are what the lines above a table say for all of it.
type Facts struct {
	Database, Region, Time, Indicator, Unit, Freq Facet
	Titles                                        []Facet
}

// See takes what one cell above the table says.
func (f *Facts) See(c table.Cell) {
	text := strings.TrimSpace(c.Text)
	if text == "" {
		return
	}
	set := func(at *Facet, value string) {
		value = strings.TrimSpace(value)
		if at.Said() && at.Text != value {
			value = at.Text + "、" + value // two lines: not one fact
		}
		*at = Facet{value, c}
	}
	key, said, keyed := written.KeyOf(text)
	if !keyed {
		if u := written.UnitLine().FindStringSubmatchIndex(written.Simplified(text)); u != nil { // every folded character is as long
			set(&f.Unit, text[u[2]:u[3]])
			if title := strings.TrimRight(strings.TrimSpace(text[:u[0]]+text[u[1]:]), "(（ "); title != "" && !strings.ContainsAny(title, ")）") {
				f.Titles = append(f.Titles, Facet{title, c})
			}
			return
		}
		if written.LooksLikeUnit(text) {
			set(&f.Unit, text)
			return
		}
		f.Titles = append(f.Titles, Facet{text, c})
		return
	}
	what, _ := written.Means("key", key)
	set(map[string]*Facet{"database": &f.Database, "region": &f.Region, "period": &f.Time, "indicator": &f.Indicator,
		"unit": &f.Unit, "frequency": &f.Freq}[what], said)
}

// One is a fact that names one thing only.
func One(f Facet) Facet {
	if written.Several(f.Text) {
		return Facet{}
	}
	return f
}

// TitlePeriods finds what may be a period within a title, the longest form at
// each place.
var TitlePeriods = written.Pattern(`\d{4}\s*年?\s*第?[一二三四1-4]\s*季度|\d{4}\s*[Qq][1-4]|\d{4}\s*年\s*(?:上半年|前[一二三]季度)|` +
	`\d{4}\s*年\s*\d{1,2}\s*[-—–~～至]\s*\d{1,2}\s*月份?|\d{4}\s*年\s*\d{1,2}\s*月(?:份|末|底|[上中下]旬)?(?:\d{1,2}日)?|\d{4}\s*年度?`)
