package generate

import (
	"time"

	"yardstick/schema"
)

// curve is one invented series: a value a month from its first month on. The
// values are written as a clerk would write them, in the unit people use.
type curve struct {
	feed      string
	indicator string
	name      string // as written in feeds that name indicators in Chinese
	basis     schema.Basis
	unit      string
	first     schema.Period
	values    []string
	// provisional are the periods published as provisional at first.
	provisional []schema.Period
}

func month(y int, m time.Month) schema.Period { return schema.Month(y, m) }

// curves are chosen so that, judged by the published rules, every status occurs
// on some day: some promises are kept early, some late, some never; a limit is
// passed and kept again; a level is reached, lost and reached again.
func curves() []curve {
	oct, jan := month(2024, time.October), month(2025, time.January)
	at := func(p ...schema.Period) []schema.Period { return p }
	return []curve{
		{"finance", "tech-sme-npl-tolerance", "小微型科技企业不良贷款容忍度高出各项贷款不良率的幅度", schema.Point, "百分点", oct,
			list("2.50 2.50 2.60 2.80 3.20 2.90 2.80 2.70 2.70 2.60 2.60 2.60 2.50 2.50 2.50"), nil},
		{"finance", "first-loan-centres", "新增首贷中心", schema.Cumulative, "个", oct,
			list("0 0 1 1 1 2 2 3 3 3 3 3 4 4 4"), nil},
		{"finance", "minimum-down-payment", "商业性个人住房贷款最低首付比例", schema.Point, "%", oct,
			list("15 15 15 15 15 15 15 15 15 15 15 15 15 15 15"), nil},
		{"finance", "pension-finance-projects", "养老金融重点项目", schema.YearToDate, "个", jan,
			list("1 1 2 4 5 6 7 7 8 8 9 10"), at(month(2025, time.December))},

		{"science-and-talent", "high-growth-firms", "", schema.Cumulative, "家", oct,
			list("3 18 37 45 58 76 94 112 138 166 199 231 268 312 361"), nil},
		{"science-and-talent", "innovation-consortia", "", schema.Cumulative, "家", oct,
			list("2 9 21 32 42 55 69 84 95 105 116 126 138 148 158"), nil},
		{"science-and-talent", "major-rd-projects", "", schema.Cumulative, "项", oct,
			list("4 15 28 39 51 70 89 104 108 112 117 121 126 128 131"), nil},
		{"science-and-talent", "open-bid-projects", "", schema.Cumulative, "项", oct,
			list("0 0 1 1 2 3 4 5 5 6 6 7 8 8 9"), nil},
		{"science-and-talent", "open-bid-subsidy-cap", "", schema.Point, "万元", oct,
			list("0 0 600 600 800 800 800 950 950 950 1000 1000 1000 1000 1000"), nil},
		{"science-and-talent", "overseas-experts", "", schema.Cumulative, "项", oct,
			list("0 1 1 3 4 5 6 8 10 11 13 15 17 19 20"), nil},
		{"science-and-talent", "young-talent", "", schema.YearToDate, "万人", oct,
			list("8.62 9.31 9.92"), at(month(2024, time.December))},

		{"industry", "digital-retrofit-funds", "技术改造与数字化转型试点安排资金", schema.Cumulative, "亿元", oct,
			list("0.35 0.62 1.10 1.10 1.48 1.95 2.30 2.76 3.05 3.41 3.80 4.12 4.46 4.71 5.02"), nil},
		{"industry", "low-altitude-scenarios", "低空经济应用场景落地", schema.Cumulative, "个", oct,
			list("0 1 3 4 5 7 8 10 12 14 16 18 20 21 22"), nil},
		{"industry", "ai-compute", "智算算力规模", schema.Point, "PFlops", oct,
			list("298 305 316 329 345 362 385 410 440 478 520 561"), at(month(2025, time.June))},
		{"industry", "ai-compute", "智算算力规模", schema.Point, "EFlops", month(2025, time.October),
			list("0.606 0.655 0.720"), nil},
		{"industry", "soe-layer-compression", "国企子企业管理层级压缩", schema.Cumulative, "户", oct,
			list("1 6 11 16 22 27 32 37 47 58 70 81 94 106 118"), at(month(2025, time.December))},
		{"industry", "soe-innovation-consortia", "国有企业牵头新组建创新联合体", schema.YearToDate, "个", jan,
			list("0 0 0 1 1 1 2 2 2 3 3 3"), nil},

		{"housing-and-city", "affordable-sale-housing-delivery", "配售保障性住房启动项目", schema.Point, "项", oct,
			list("0 0 0 1"), nil},
		{"housing-and-city", "affordable-homes", "保障性住房房源", schema.Cumulative, "套", oct,
			list("0 420 1160 1480 1905 2630 3340 4012 4720 5385 6120 6844 7506 8233 9018"), nil},
		{"housing-and-city", "urban-village-projects", "城中村改造项目", schema.Point, "个", oct,
			list("14 14 15 16 16 17 18 19 20 20 21 22 23 23 24"), nil},
		{"housing-and-city", "urban-village-households", "城中村改造户数", schema.Point, "万户", oct,
			list("0.62 0.66 0.70 0.71 0.74 0.79 0.83 0.86 0.90 0.95 0.99 1.04 1.10 1.17 1.25"), nil},
		{"housing-and-city", "fair-price-shops", "平价菜店", schema.Point, "家", oct,
			list("71 73 76 78 80 83 86 89 93 97 101 98 97 99 102"), nil},

		{"agriculture-and-trade", "high-standard-farmland", "", schema.Point, "万亩", oct,
			list("19.2 20.5 21.9 23.3 24.7 26.7 29.0 31.4 33.7 36.0 38.3 40.7 43.1 41.8 43.6"), at(month(2025, time.December))},
		{"agriculture-and-trade", "large-events", "", schema.YearToDate, "场", jan,
			list("5 12 20 26 36 50 62 73 85 94 100 104"), at(month(2025, time.April))},
		{"agriculture-and-trade", "spring-events", "", schema.InPeriod, "项", month(2025, time.April),
			list("1 2 3"), nil},
	}
}

// quarters are the accounts: the value added of strategic industries, and GDP
// for the quarters of which no published figure is at hand. A quarter that has
// a published figure is never written here.
func quarters() []curve {
	q := func(y, n int) schema.Period { return schema.Quarter(y, n) }
	all := []schema.Period{q(2024, 4), q(2025, 1), q(2025, 2), q(2025, 3), q(2025, 4)}
	return []curve{
		{"industry", "gdp", "地区生产总值", schema.YearToDate, "亿元", q(2024, 1), list("2098.6 4408.3 6851.7"), nil},
		{"industry", "gdp", "地区生产总值", schema.YearToDate, "亿元", q(2025, 1), list("2248.6"), all},
		{"industry", "strategic-industry-value-added", "战略性新兴产业增加值", schema.YearToDate, "亿元", q(2024, 1),
			list("266.5 568.7 904.4 1284.8 310.3 655.2 1058.2 1510.3"), all},
	}
}

// revision restates a figure in a later month's file.
type revision struct {
	file      schema.Period // the month's file it comes in
	indicator string
	period    schema.Period
	value     string
	reason    string
}

func revisions() []revision {
	m := month
	return []revision{
		{m(2025, time.February), "young-talent", m(2024, time.December), "10.23", "最终核实"},
		{m(2025, time.April), "high-growth-firms", m(2025, time.February), "61", "补报"},
		{m(2025, time.May), "affordable-homes", m(2025, time.March), "2560", "核减"},
		{m(2025, time.June), "large-events", m(2025, time.April), "27", "最终核实"},
		{m(2025, time.June), "digital-retrofit-funds", m(2025, time.April), "2.34", "笔误"},
		{m(2025, time.August), "ai-compute", m(2025, time.June), "436", "最终核实"},
		{m(2025, time.September), "strategic-industry-value-added", schema.Quarter(2024, 4), "1288.0", "最终核实"},
		{m(2025, time.December), "strategic-industry-value-added", schema.Quarter(2025, 1), "311.0", "最终核实"},
		{m(2025, time.December), "gdp", schema.Quarter(2025, 1), "2251.0", "最终核实"},
		{m(2026, time.February), "pension-finance-projects", m(2025, time.December), "9", "最终核实"},
		{m(2026, time.February), "soe-layer-compression", m(2025, time.December), "118", "最终核实"},
		{m(2026, time.February), "high-standard-farmland", m(2025, time.December), "43.7", "最终核实"},
	}
}

// silent are the reports that were not made, so that a late cadence is seen.
func silent(p schema.Period) bool {
	if p == schema.TenDays(2025, time.September, 2) || p == schema.TenDays(2025, time.September, 3) {
		return true
	}
	d := p.First()
	return p.Frequency() == schema.Daily && d.Year == 2025 && d.Month == time.February && d.Day >= 10 && d.Day <= 12
}
