package heads_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// Two or three tables stand side by side, of one kind each: rows, periods, units and
// lengths their own, blank columns between them or none. Every figure is read with the
// names of its own table.
func TestMadeUpTablesSideBySideKeepTheirOwnNames(t *testing.T) {
	names := []string{"充电桩", "绿道", "公交站", "泊位", "展馆", "书屋", "驿站", "码头"}
	units := []string{"个", "座", "处", "套", "家"}
	places := []string{"双台子区", "兴隆台区", "大洼区", "盘山县", "鲅鱼圈区", "老边区"}
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 7))
		var lines [10][]string
		var truth []string
		down := r.IntN(3) // what stands down the rows: indicators, places, months
		names, places := slices.Clone(names), slices.Clone(places)
		r.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		r.Shuffle(len(places), func(i, j int) { places[i], places[j] = places[j], places[i] })
		value := 100
		for side := range 2 + r.IntN(2) {
			if side > 0 && r.IntN(2) == 0 {
				for i := range lines {
					lines[i] = append(lines[i], "")
				}
			}
			rows, width := 1+r.IntN(2), 1+r.IntN(3)
			var cells [10][]string
			month := func(i int) string { return fmt.Sprintf("202%d年%d月", side, 1+i) }
			when := func(i int) string { return fmt.Sprintf("202%d-%02d", side, 1+i) }
			switch down {
			case 0:
				cells[0] = []string{"指标", "单位"}
				for c := range width {
					cells[0] = append(cells[0], month(c))
				}
			case 1:
				cells[0] = []string{"地区"}
			case 2:
				cells[0] = []string{"时期"}
			}
			unit := units[r.IntN(len(units))]
			if down > 0 {
				for c := range width {
					cells[0] = append(cells[0], fmt.Sprintf("%s(%s)", names[(3*side+c)%len(names)], unit))
				}
			}
			for i := range rows {
				name, place, at := names[(2*side+i)%len(names)], "盘锦市", 0
				switch down {
				case 0:
					cells[1+i] = []string{name, unit}
				case 1:
					place, at = places[(2*side+i)%len(places)], 4
					cells[1+i] = []string{place}
				case 2:
					at = i
					cells[1+i] = []string{month(i)}
				}
				for c := range width {
					if value++; down == 0 {
						at = c
					} else {
						name = names[(3*side+c)%len(names)]
					}
					cells[1+i] = append(cells[1+i], fmt.Sprint(value))
					period := when(at)
					if down == 1 {
						period = "2023-05"
					}
					truth = append(truth, fmt.Sprintf("%s|%s|%s|%d|%s", name, place, period, value, unit))
				}
			}
			for i := range lines {
				for len(cells[i]) < len(cells[0]) {
					cells[i] = append(cells[i], "")
				}
				lines[i] = append(lines[i], cells[i]...)
			}
		}
		text := "盘锦市\n"
		if down == 1 {
			text = "2023年5月\n"
		}
		for _, l := range lines {
			if joined := strings.Join(l, ","); strings.Trim(joined, ",") != "" {
				text += joined + "\n"
			}
		}
		got, found := ofPeriods(t, text, nil)
		for i, l := range got {
			parts := strings.Split(l, "|")
			got[i] = strings.Join(parts[:5], "|")
		}
		got = slices.DeleteFunc(got, func(l string) bool { return strings.Contains(l, "|<nil>|") })
		slices.Sort(got)
		slices.Sort(truth)
		if !slices.Equal(got, truth) || len(found.Questions)+len(found.Problems) > 0 {
			t.Fatalf("seed %d:\n%s\ngot  %v\nwant %v\n%v %+v", seed, text, got, truth, keysOf(found.Questions), found.Problems)
		}
	}
}
