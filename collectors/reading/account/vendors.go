package account

import (
	"slices"

	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
)

// Vendor describes the files that a data vendor gives: what its head rows are called,
// how its names are put together, what its days stand for. A file is known by the
// rows that all of its kind have; a further vendor is a further description.
type Vendor struct {
	Name   string
	Marks  []string        // labels of which each heads a row
	Labels map[string]Kind // what the labels of its rows and columns say
	First  Kind            // what the row above the first label names; "" nothing
	Parts  func(name string, place func(string) bool) (indicator, region, basis string)
}

// Vendors are those known.
func Vendors() []Vendor {
	return []Vendor{
		{
			Name: "Wind", Marks: []string{"指标名称", "频率", "单位", "来源"},
			Labels: map[string]Kind{"指标名称": KindIndicator, "频率": KindFreq, "单位": KindUnit, "指标id": KindCode,
				"来源": KindNote, "更新时间": KindNote, "时间区间": KindNote, "国家": KindRegion, "国家/地区": KindRegion, "地区": KindRegion},
			Parts: written.PartsByColon,
		},
		{
			Name: "Choice", Marks: []string{"指标名称", "指标id", "频率", "单位", "发布方"},
			Labels: map[string]Kind{"序号": KindCode, "日期": KindPeriod, "指标名称": KindIndicator, "指标id": KindCode,
				"频率": KindFreq, "单位": KindUnit, "发布方": KindNote, "来源": KindNote, "更新时间": KindNote},
			Parts: written.PartsByColon,
		},
		{
			Name: "CEIC", Marks: []string{"region", "frequency", "unit", "source", "seriesid"},
			Labels: map[string]Kind{"region": KindRegion, "frequency": KindFreq, "unit": KindUnit, "source": KindNote,
				"status": KindNote, "seriesid": KindCode, "srcode": KindCode, "mnemonic": KindCode, "functiondescription": KindNote,
				"firstobs.date": KindNote, "lastobs.date": KindNote, "lastupdatetime": KindNote, "subnational": KindNote,
				"seriesremarks": KindNote, "suggestions": KindNote, "mean": KindNote, "variance": KindNote},
			First: KindIndicator, Parts: written.PartsByColonLast,
		},
	}
}

// vendorRows is within how many rows a vendor's labels stand.
const vendorRows = 25

// VendorOf is the vendor whose labels the first rows have, and the column (from 0) in
// which they stand; nil: none's.
func VendorOf(rows []*table.Row) (v *Vendor, labelled int) {
	column := map[string]int{}
	for _, row := range rows[:min(len(rows), vendorRows)] {
		for c, text := range row.Texts[:min(3, len(row.Texts))] {
			if t := written.FoldText(text); t != "" {
				if _, known := column[t]; !known {
					column[t] = c
				}
			}
		}
	}
	for _, v := range Vendors() {
		first := column[v.Marks[0]]
		if !slices.ContainsFunc(v.Marks, func(m string) bool { c, ok := column[m]; return !ok || c != first }) {
			return &v, first
		}
	}
	return nil, 0
}
