package pipeline

// Feeds of a year, a file a month, made up for tests: every kind of layout and
// format that departments send, some with something left out, and what each file
// says. The same bytes come every time.

import (
	"fmt"
	"strconv"
	"time"

	"yardstick/schema"
)

// madeUpMonths is how many files each feed has: January to December of 2025.
const madeUpMonths = 12

// madeUpFeed is a department's file that comes every month in one form.
type madeUpFeed struct {
	Name  string
	About string // what is particular about it
	// Answers are what the first file's questions must be told, by key; nil
	// where nothing is left out.
	Answers map[string]string
	Asks    int // the first month that asks: the January of a running total asks nothing

	month func(month int) (name string, body []byte)
	holds func(month int) []madeUp
}

// madeUp is what a file says, in the catalogue's code, unit, frequency and
// basis.
type madeUp struct {
	Indicator string
	Region    string
	Period    schema.Period
	Basis     schema.Basis
	Value     string // "" says that the figure is missing
	Unit      string
	Status    schema.ObsStatus
}

// Month gives the file of month i (from 0), its name and every figure it holds.
func (f madeUpFeed) Month(i int) (filename string, body []byte, truth []madeUp) {
	filename, body = f.month(i + 1)
	return filename, body, f.holds(i + 1)
}

// series is an indicator of the catalogue as a feed writes it.
type series struct {
	code, name string
	unit       string // of the catalogue
	basis      schema.Basis
	written    string // the unit the feed writes
	shift      int    // one of it is ten to this power of the catalogue's unit
	start      int    // in last digits of what is written
	step       int
	decimals   int // of what is written
}

// places are the codes of the regions the feeds name.
var places = []struct{ code, name string }{
	{"210200", "大连市"}, {"210202", "中山区"}, {"210203", "西岗区"}, {"210204", "沙河口区"}, {"210211", "甘井子区"}, {"210281", "瓦房店市"}, {"210283", "庄河市"},
}

func catalogue(name string) series {
	for _, s := range []series{
		{"ai-compute", "智算算力规模", "PFlops", schema.Point, "EFlops", 3, 152, 3, 2},
		{"high-standard-farmland", "高标准农田", "亩", schema.Point, "万亩", 4, 40125, 61, 2},
		{"first-loan-centres", "新增首贷中心", "个", schema.Cumulative, "个", 0, 3, 1, 0},
		{"high-growth-firms", "新增雏鹰、瞪羚、独角兽企业", "家", schema.Cumulative, "家", 0, 120, 9, 0},
		{"overseas-experts", "海外优秀专家柔性引进项目", "项", schema.Cumulative, "项", 0, 31, 4, 0},
		{"digital-retrofit-funds", "技术改造与数字化转型试点安排资金", "亿元", schema.Cumulative, "万元", -4, 52000, 3100, 0},
		{"low-altitude-scenarios", "低空经济应用场景落地", "个", schema.Cumulative, "个", 0, 12, 2, 0},
		{"minimum-down-payment", "商业性个人住房贷款最低首付比例", "%", schema.Point, "%", 0, 150, 0, 1},
		{"affordable-homes", "筹集保障性住房房源", "套", schema.Cumulative, "套", 0, 2210, 340, 0},
		{"urban-village-households", "城中村累计改造户数", "户", schema.Point, "万户", 4, 124, 5, 2},
		{"large-events", "具有影响力的大中型活动", "场", schema.YearToDate, "场", 0, 4, 5, 0},
		{"pension-finance-projects", "养老金融重点项目", "个", schema.YearToDate, "个", 0, 1, 1, 0},
		{"young-talent", "吸引集聚青年人", "人", schema.YearToDate, "万人", 4, 81, 77, 2},
		{"fair-price-shops", "市内五区平价菜店", "家", schema.Point, "家", 0, 152, 3, 0},
	} {
		if s.name == name || s.code == name {
			return s
		}
	}
	panic("madeup: no series " + name)
}

// digits is what a feed writes for one figure: n months from January on, in the
// place's share.
func (s series) digits(month, place int) int {
	n := s.start + s.step*(month-1) + (month*month*7+place*13)%max(1, s.step/3)
	return n + place*(s.start/7+2)
}

// says is the figure as written.
func (s series) says(month, place int) string { return fixed(s.digits(month, place), s.decimals) }

// fixed writes n last digits with so many decimals.
func fixed(n, decimals int) string {
	if decimals <= 0 {
		text := strconv.Itoa(n)
		for range -decimals {
			text += "0"
		}
		return text
	}
	text := fmt.Sprintf("%0*d", decimals+1, n)
	return text[:len(text)-decimals] + "." + text[len(text)-decimals:]
}

// grouped is text with commas between its thousands.
func grouped(text string) string {
	end := len(text)
	for i := range text {
		if text[i] == '.' {
			end = i
			break
		}
	}
	out := text[end:]
	for end > 3 {
		out, end = ","+text[end-3:end]+out, end-3
	}
	return text[:end] + out
}

// figure is what s says of a month, in the catalogue's unit.
func (s series) figure(month, place int) madeUp {
	f := madeUp{Indicator: s.code, Region: places[place].code, Basis: s.basis, Unit: s.unit, Status: schema.StatusNormal, Period: schema.Month(2025, time.Month(month)),
		Value: fixed(s.digits(month, place), s.decimals-s.shift)}
	return f
}

// missing is the figure of a month that the file says is not there.
func (s series) missing(month, place int) madeUp {
	f := s.figure(month, place)
	f.Value, f.Status = "", schema.StatusMissing
	return f
}
