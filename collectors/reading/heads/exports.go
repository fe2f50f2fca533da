package heads

import (
	"slices"
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
	"yardstick/schema"
)

// export describes the files that a data vendor gives: what its head rows are called,
// how its names are put together, what its days stand for. A file is known by the
// rows that all of its kind have; a further vendor is a further description.
type export struct {
	name   string
	marks  []string                // labels of which each heads a row
	labels map[string]account.Kind // what the labels of its rows and columns say
	first  account.Kind            // what the row above the first label names; "" nothing
	parts  func(name string) (indicator, region, basis string)
}

// exports are the vendors known.
func exports() []export {
	return []export{
		{
			name: "Wind", marks: []string{"指标名称", "频率", "单位", "来源"},
			labels: map[string]account.Kind{"指标名称": account.KindIndicator, "频率": account.KindFreq, "单位": account.KindUnit, "指标id": account.KindCode,
				"来源": account.KindNote, "更新时间": account.KindNote, "时间区间": account.KindNote, "国家": account.KindNote},
			parts: partsByColon,
		},
		{
			name: "Choice", marks: []string{"指标名称", "指标id", "频率", "单位", "发布方"},
			labels: map[string]account.Kind{"序号": account.KindCode, "日期": account.KindPeriod, "指标名称": account.KindIndicator, "指标id": account.KindCode,
				"频率": account.KindFreq, "单位": account.KindUnit, "发布方": account.KindNote, "来源": account.KindNote, "更新时间": account.KindNote},
			parts: partsByColon,
		},
		{
			name: "CEIC", marks: []string{"region", "frequency", "unit", "source", "seriesid"},
			labels: map[string]account.Kind{"region": account.KindRegion, "frequency": account.KindFreq, "unit": account.KindUnit, "source": account.KindNote,
				"status": account.KindNote, "seriesid": account.KindCode, "srcode": account.KindCode, "mnemonic": account.KindCode, "functiondescription": account.KindNote,
				"firstobs.date": account.KindNote, "lastobs.date": account.KindNote, "lastupdatetime": account.KindNote, "subnational": account.KindNote,
				"seriesremarks": account.KindNote, "suggestions": account.KindNote, "mean": account.KindNote, "variance": account.KindNote},
			first: account.KindIndicator, parts: partsByColonLast,
		},
	}
}

// exportRows is within how many rows a vendor's labels stand.
const exportRows = 25

// exported finds the vendor whose labels the first rows have.
func (g *grid) exported() {
	labels, column := map[string]int{}, map[string]int{}
	for i := range min(len(g.src), exportRows) {
		for c := range min(3, len(g.src[i].Texts)) {
			if t := written.FoldText(g.text(i, c)); t != "" {
				if _, known := labels[t]; !known {
					labels[t], column[t] = i, c
				}
			}
		}
	}
	for _, e := range exports() {
		if slices.ContainsFunc(e.marks, func(m string) bool { _, ok := labels[m]; return !ok || column[m] != column[e.marks[0]] }) {
			continue
		}
		g.export, g.labelled = &e, column[e.marks[0]]
		g.Labels = e.labels
		return
	}
}

// labelOf is what an export's label at the head of row i says; "" where the row has
// none.
func (g *grid) labelOf(i int) account.Kind {
	if g.export == nil {
		return ""
	}
	t := written.FoldText(g.text(i, g.labelled))
	if k, ok := g.export.labels[t]; ok {
		return k
	}
	if t == "" && g.export.first != "" && i+1 < len(g.src) && g.export.labels[written.FoldText(g.text(i+1, g.labelled))] != "" {
		return g.export.first
	}
	return ""
}

// partsByColon parts 大连市:地区生产总值:累计值, the place first and what span or change
// last.
func partsByColon(name string) (indicator, region, basis string) {
	parts := colons(name)
	if len(parts) > 1 {
		region, parts = parts[0], parts[1:]
	}
	return joined(parts, region)
}

// partsByColonLast parts Gross Domestic Product: ytd: Liaoning, the place last.
func partsByColonLast(name string) (indicator, region, basis string) {
	parts := colons(name)
	if n := len(parts); n > 1 && !saysSpan(parts[n-1]) && !changeWord(parts[n-1]) && !written.Is("current-price", written.FoldText(parts[n-1])) {
		region, parts = parts[n-1], parts[:n-1]
	}
	return joined(parts, region)
}

func colons(name string) (parts []string) {
	for _, p := range strings.FieldsFunc(name, func(r rune) bool { return r == ':' || r == '：' }) {
		parts = append(parts, strings.TrimSpace(p))
	}
	return parts
}

// joined makes one name of the parts: a span is the basis, a word of change is part of
// the name, current prices are what every amount is at.
func joined(parts []string, place string) (indicator, region, basis string) {
	for _, p := range parts {
		switch {
		case saysSpan(p):
			basis = p
		case written.Is("current-price", written.FoldText(p)):
		case indicator != "" && changeWord(p):
			indicator += p
		case indicator != "":
			indicator += ":" + p
		default:
			indicator = p
		}
	}
	return indicator, place, basis
}

func saysSpan(text string) bool {
	return written.BasisWord(text) || slices.Contains([]schema.Basis{schema.YearToDate}, schema.Basis(written.FoldText(text)))
}

func changeWord(text string) bool {
	w, _, _ := written.HeadWord(text)
	return w == "change" || slices.Contains([]string{"yoy", "mom", "qoq"}, written.FoldText(text))
}
