package table

import (
	"slices"
	"testing"
)

// A quote left open in one line and closed in a later one takes the rows between for a
// part of its cell: they are rows. Lines within a cell that are none stay within it.
func TestRowsThatAPairOfStrayQuotesTakesInAreRows(t *testing.T) {
	const head = "指标,地区,时期,数值,单位,备注\n"
	for text, want := range map[string][]string{
		head + "充电桩,盘锦市,2023-04,40,个,\"a\n充电桩,盘锦市,2023-05,41,个,b\"\n充电桩,盘锦市,2023-06,42,个,b\n": {"40", "41", "42"},
		head + "充电桩,盘锦市,2023-04,40,个,\"a\n充电桩,盘锦市,2023-05,41,个,b\n充电桩,盘锦市,2023-06,42,个,c\"\n": {"40", "41", "42"},
		head + "充电桩,盘锦市,2023-04,40,个,a\n充电桩,盘锦市,2023-05,41,个,\"注\n充电桩,盘锦市,2023-06,42,个,b\"\n": {"40", "41", "42"},
		head + "充电桩,盘锦市,2023-04,40,个,\"a\n两行的注, 2023\"\n充电桩,盘锦市,2023-05,41,个,b\n":             {"40", "41"},
		head + "充电桩,盘锦市,2023-04,40,个,\"a\n\"\"b\"\", c\"\n充电桩,盘锦市,2023-05,41,个,b\n":           {"40", "41"},
	} {
		_, rows := grid(t, text)
		var got []string
		for _, row := range rows[1:] {
			if len(row) > 3 {
				got = append(got, row[3])
			}
		}
		if !slices.Equal(got, want) || len(rows) != len(want)+1 {
			t.Errorf("%s: %q", text, rows)
		}
	}
}
