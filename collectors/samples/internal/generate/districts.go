package generate

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"yardstick/schema"
	"yardstick/schema/calendar"
)

// share is a district's invented share of the city's figure, in thousandths.
type share struct {
	region, name string
	of           int
}

// firms are shared out among all ten districts; the high-tech zone, which lies
// inside them, reports beside them.
func firms() (districts, zones []share) {
	return []share{
		{"210202", "中山区", 131}, {"210203", "西岗区", 62}, {"210204", "沙河口区", 118}, {"210211", "甘井子区", 243}, {"210212", "旅顺口区", 57},
		{"210213", "金州区", 251}, {"210214", "普兰店区", 41}, {"210224", "长海县", 8}, {"210281", "瓦房店市", 52}, {"210283", "庄河市", 37},
	}, []share{{"210200-L1", "金普新区", 274}, {"210200-L2", "高新区", 306}, {"210200-L3", "长兴岛", 19}}
}

// farmland has none in the three inner districts, which do not report.
func farmland() (districts, zones []share) {
	return []share{
		{"210211", "甘井子区", 21}, {"210212", "旅顺口区", 34}, {"210213", "金州区", 72}, {"210214", "普兰店区", 292}, {"210224", "长海县", 2},
		{"210281", "瓦房店市", 327}, {"210283", "庄河市", 252},
	}, []share{{"210200-L1", "金普新区", 94}}
}

// byDistrict shares the city's curves out among its districts and zones, which
// report in a feed of their own. From a hundred on the districts' sum is one
// short of the city's figure, as sums of districts are.
func byDistrict(days *calendar.Calendar, add func(string, schema.Period, row)) error {
	for _, in := range []struct {
		indicator, name string
		decimals        int
		of              func() (districts, zones []share)
	}{{"high-growth-firms", "新增雏鹰、瞪羚、独角兽企业", 0, firms}, {"high-standard-farmland", "高标准农田", 2, farmland}} {
		i := slices.IndexFunc(curves(), func(c curve) bool { return c.indicator == in.indicator })
		if i < 0 {
			return fmt.Errorf("the curve of %s, which districts share, is not there", in.indicator)
		}
		c := curves()[i]
		districts, zones := in.of()
		for n, written := range c.values {
			whole, err := strconv.ParseFloat(written, 64)
			if err != nil {
				return fmt.Errorf("sharing out %s: %w", in.indicator, err)
			}
			p := c.first.Add(n)
			values := portions(whole, districts, in.decimals)
			for _, z := range zones {
				values = append(values, strconv.FormatFloat(whole*float64(z.of)/1000, 'f', in.decimals, 64))
			}
			for k, s := range slices.Concat(districts, zones) {
				add("districts", p, row{in.indicator, in.name, c.unit, values[k], s.name, p, c.basis, schema.StatusNormal, released(days, p), Label})
			}
		}
	}
	return nil
}

// portions rounds each share so that they add up to the whole, or from a hundred
// on to one less; the last places go to those that rounding took most from. Where
// shares do not come to a thousand, the rest is nobody's.
func portions(whole float64, shares []share, decimals int) []string {
	unit := math.Pow(10, -float64(decimals))
	total := 0
	for _, s := range shares {
		total += s.of
	}
	left := int(math.Round(whole / unit * float64(total) / 1000))
	if whole >= 100 {
		left--
	}
	counts, order := make([]int, len(shares)), make([]int, len(shares))
	lost := make([]float64, len(shares))
	for i, s := range shares {
		exact := whole / unit * float64(s.of) / 1000
		counts[i], order[i] = int(exact), i
		lost[i] = exact - math.Floor(exact)
		left -= counts[i]
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case lost[a] > lost[b]:
			return -1
		case lost[a] < lost[b]:
			return 1
		}
		return 0
	})
	for _, i := range order[:max(0, min(left, len(order)))] {
		counts[i]++
	}
	out := make([]string, len(shares))
	for i, n := range counts {
		out[i] = strconv.FormatFloat(float64(n)*unit, 'f', decimals, 64)
	}
	return out
}
