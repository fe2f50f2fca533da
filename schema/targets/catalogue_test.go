package targets

import (
	"errors"
	"testing"

	"yardstick/schema"
)

func TestNamesAreFoundHoweverTheyAreTyped(t *testing.T) {
	c := loaded(t).Indicators
	for name, code := range map[string]string{
		"gdp": "gdp", "ＧＤＰ": "gdp", " 地区 生产总值 ": "gdp", "国内生产总值": "gdp", "地区GDP": "gdp",
		"AI Compute": "ai-compute", "ai_compute": "ai-compute", "智算算力": "ai-compute", "智算算力规模": "ai-compute",
		"市级“揭榜挂帅”项目": "open-bid-projects", "市级揭榜挂帅项目": "open-bid-projects",
		"新增雏鹰，瞪羚、独角兽企业": "high-growth-firms",
		"战新产业占GDP比重":    "strategic-industry-gdp-share",
	} {
		if ind, ok := c.Find(name); !ok || ind.Code != code {
			t.Errorf("%q is %q, want %s", name, ind.Code, code)
		}
	}
	for _, name := range []string{"", "粮食产量", "生产"} {
		if ind, ok := c.Find(name); ok {
			t.Errorf("%q is taken for %s", name, ind.Code)
		}
	}
	for _, ind := range c.All() {
		for _, name := range append([]string{ind.Code, ind.Name.Zh, ind.Name.En}, ind.Aliases...) {
			if got, ok := c.Find(name); !ok || got.Code != ind.Code {
				t.Errorf("%q of %s finds %q", name, ind.Code, got.Code)
			}
		}
	}
}

func TestNearestOffersWhatWasProbablyMeant(t *testing.T) {
	c := loaded(t).Indicators
	for name, code := range map[string]string{
		"智算能力规模": "ai-compute", "高标农田面积": "high-standard-farmland", "地区生产总直": "gdp",
		"养老金融项目个数": "pension-finance-projects", "strategic industry value-add": "strategic-industry-value-added",
	} {
		near := c.Nearest(name, 3)
		if len(near) == 0 || len(near) > 3 || near[0].Code != code {
			t.Errorf("%q: nearest is %v, want %s first", name, codes(near), code)
		}
	}
	if near := c.Nearest("§§§", 5); len(near) != 0 {
		t.Errorf("nothing is like §§§, offered: %v", codes(near))
	}
	if near := c.Nearest("gdp", -1); len(near) != 0 {
		t.Errorf("fewer than none: %v", codes(near))
	}
}

func codes(all []schema.Indicator) []string {
	var out []string
	for _, i := range all {
		out = append(out, i.Code)
	}
	return out
}

func TestConversionIsExactAndKeepsTheDigits(t *testing.T) {
	c := loaded(t).Indicators
	for _, k := range []struct{ code, value, unit, want string }{
		{"high-standard-farmland", "43", "万亩", "430000"},
		{"high-standard-farmland", "31.40", "万亩", "314000"},
		{"high-standard-farmland", "31.41234", "万亩", "314123.4"},
		{"high-standard-farmland", "430000", "亩", "430000"},
		{"high-standard-farmland", "2.5", "公顷", "37.5"},
		{"urban-village-households", "1.24", "万户", "12400"},
		{"young-talent", "10", "万名", "100000"},
		{"young-talent", "9.92", " 万 人 ", "99200"},
		{"ai-compute", "1", "EFlops", "1000"},
		{"ai-compute", "0.606", "eflops", "606"},
		{"ai-compute", "0.6060", "EFLOPS", "606.0"},
		{"gdp", "2152.40", "亿元", "2152.40"},
		{"gdp", "2152.40", "100 Million Yuan", "2152.40"},
		{"gdp", "21524000", "万元", "2152.4000"},
		{"gdp", "215240000001", "元", "2152.40000001"},
		{"gdp", "1.00021", "万亿元", "10002.1"},
		{"gdp", "-3.2", "亿元", "-3.2"},
		{"minimum-down-payment", "1.5", "成", "15"},
		{"strategic-industry-gdp-share", "13.80", "％", "13.80"},
		{"affordable-homes", "0", "万套", "0"},
	} {
		ind, ok := c.ByCode(k.code)
		if !ok {
			t.Fatalf("no indicator %s", k.code)
		}
		got, err := c.Convert(ind, schema.MustDecimal(k.value), k.unit)
		if err != nil || got.String() != k.want {
			t.Errorf("%s %s of %s is %s (%v), want %s", k.value, k.unit, k.code, got, err, k.want)
		}
	}
	gdp, _ := c.ByCode("gdp")
	for _, unit := range []string{"", "亩", "%", "美元", "億円"} {
		if got, err := c.Convert(gdp, schema.MustDecimal("1"), unit); !errors.Is(err, ErrUnit) {
			t.Errorf("1 %q of GDP is %s (%v), want ErrUnit", unit, got, err)
		}
	}
	share, _ := c.ByCode("strategic-industry-gdp-share")
	if _, err := c.Convert(share, schema.MustDecimal("1"), "百分点"); !errors.Is(err, ErrUnit) {
		t.Errorf("a share is no difference of shares: %v", err)
	}
}

func TestHeaderCellsAreKnownInBothLanguages(t *testing.T) {
	c := loaded(t).Indicators
	for cell, want := range map[string]string{
		"指标": "indicator", "指标名称": "indicator", "指标代码": "indicator", "Indicator": "indicator", "INDICATOR": "indicator",
		"地区": "region", "区域": "region", "行政区划": "region", "时期": "period", "时间": "period", "报告期": "period", "统计时期": "period",
		"数值": "value", "值": "value", "本期值": "value", "完成数": "value", "OBS_VALUE": "value", "单位": "unit", "计量单位": "unit",
		"口径": "basis", "当期累计": "basis", "当期/累计": "basis", "状态": "status", "标识": "status", "备注": "note", "说明": "note", "来源": "note",
		"发布日期": "published", "公布日期": "published", "published_at": "published", "\ufeff 指 标 ": "indicator", "（单位）": "",
	} {
		got, ok := c.Header(cell)
		if got != want || ok != (want != "") {
			t.Errorf("%q heads %q, want %q", cell, got, want)
		}
	}
}

func TestEveryIndicatorSaysWhatItMeansInBothLanguages(t *testing.T) {
	for _, ind := range loaded(t).Indicators.All() {
		if ind.Definition.Zh == "" || ind.Definition.En == "" || ind.UnitEn == "" || ind.Release.Days == 0 || len(ind.Aliases) < 3 {
			t.Errorf("%s: %+v", ind.Code, ind)
		}
		if ind.Unit == "%" && ind.Code != "gdp-growth-real" && (ind.Max == nil || ind.Max.String() != "100") {
			t.Errorf("%s: a share lies between 0 and 100", ind.Code)
		}
		if ind.Min == nil {
			t.Errorf("%s has no plausible range", ind.Code)
		}
	}
}
