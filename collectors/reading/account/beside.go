package account

// Beside lists the columns (from 0) of each of the tables that stand side by side: from
// where labels begin again on, with the labels before them that hold for all; nil where
// they are one. kinds are what the header says of the columns, last the last that holds
// figures, wide how many there are.
func Beside(kinds []Kind, last, wide int) (out [][]int) {
	first := map[Kind]int{}
	starts := []int{0}
	figure := -1 // the last column of figures so far; others follow, the last
	for c := range last {
		k := kinds[c]
		if k == FigureColumn {
			figure = c
		}
		if !Naming(k) {
			continue
		}
		at, twice := first[k]
		if !twice {
			first[k] = c
			continue
		}
		if figure < at {
			continue
		}
		starts = append(starts, c)
		for n, d := range first { // labels of this table, and what it shares with the one before
			if d >= at {
				delete(first, n)
			}
		}
		first[k] = c
	}
	if len(starts) == 1 || len(starts) > mostBeside {
		return nil
	}
	for n, from := range starts {
		end := wide
		if n+1 < len(starts) {
			end = starts[n+1]
		}
		var columns []int
		if n > 0 {
			for c := 0; c < starts[1] && kinds[c] != kinds[from]; c++ { // 地区 before 指标, which begins again
				columns = append(columns, c)
			}
		}
		for c := from; c < end; c++ {
			columns = append(columns, c)
		}
		out = append(out, columns)
	}
	return out
}

// mostBeside bounds the tables beside each other: more are none that people write.
const mostBeside = 64

// FigureColumn is a column that its header says to hold figures, or names nothing of
// the rows.
const FigureColumn Kind = "figures"

// Naming reports whether labels of this kind name figures.
func Naming(k Kind) bool {
	return k == KindIndicator || k == KindRegion || k == KindPeriod
}
