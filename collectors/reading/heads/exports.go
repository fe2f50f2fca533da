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
	parts  func(name string, place func(string) bool) (indicator, region, basis string)
}

// exports are the vendors known.
func exports() []export {
	return []export{
		{
			name: "Wind", marks: []string{"指标名称", "频率", "单位", "来源"},
			labels: map[string]account.Kind{"指标名称": account.KindIndicator, "频率": account.KindFreq, "单位": account.KindUnit, "指标id": account.KindCode,
				"来源": account.KindNote, "更新时间": account.KindNote, "时间区间": account.KindNote, "国家": account.KindRegion, "国家/地区": account.KindRegion, "地区": account.KindRegion},
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

// partsByColon parts 大连市:地区生产总值:累计值: the place first, where it is one, and
// then the name as it is written, with the span or change at its end.
func partsByColon(name string, place func(string) bool) (indicator, region, basis string) {
	if first, rest, ok := strings.Cut(strings.ReplaceAll(name, "：", ":"), ":"); ok && place(strings.TrimSpace(first)) {
		name, region = strings.TrimSpace(rest), strings.TrimSpace(first)
	}
	return name, region, spanIn(name)
}

// partsByColonLast parts Gross Domestic Product: ytd: Liaoning, the place last.
func partsByColonLast(name string, _ func(string) bool) (indicator, region, basis string) {
	if at := strings.LastIndexByte(name, ':'); at > 0 {
		if last := strings.TrimSpace(name[at+1:]); !saysSpan(last) && !changeWord(last) && !written.Is("current-price", written.FoldText(last)) {
			name, region = strings.TrimSpace(name[:at]), last
		}
	}
	return name, region, spanIn(name)
}

// spanIn is the part of a name that says its span; "" none.
func spanIn(name string) string {
	for _, p := range strings.FieldsFunc(name, func(r rune) bool { return r == ':' || r == '：' }) {
		if saysSpan(strings.TrimSpace(p)) {
			return strings.TrimSpace(p)
		}
	}
	return ""
}

func saysSpan(text string) bool {
	return written.BasisWord(text) || schema.Basis(written.FoldText(text)) == schema.YearToDate
}

func changeWord(text string) bool {
	w, _, _ := written.HeadWord(text)
	return w == "change" || slices.Contains([]string{"yoy", "mom", "qoq"}, written.FoldText(text))
}
