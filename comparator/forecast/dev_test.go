package forecast

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strconv"
	"testing"
	"time"
)

func agg(y []float64, k int) (o []float64) {
	n := len(y) / k
	y = y[len(y)-n*k:]
	for i := 0; i < n; i++ {
		o = append(o, average(y[i*k:(i+1)*k])*float64(k))
	}
	return
}

func devSeries() (ms [][]float64) {
	f, _ := os.Open("/tmp/vd/package/data/us-employment.csv")
	rows, _ := csv.NewReader(f).ReadAll()
	for c := 1; c < len(rows[0])-1; c++ {
		var y []float64
		for _, r := range rows[1:] {
			v, _ := strconv.ParseFloat(r[c], 64)
			y = append(y, v)
		}
		ms = append(ms, y)
	}
	b, _ := os.ReadFile("/tmp/vd/package/data/unemployment-across-industries.json")
	var u []struct {
		Series string
		Count  float64
		Rate   float64
	}
	json.Unmarshal(b, &u)
	by := map[string]int{}
	for _, x := range u {
		i, ok := by[x.Series]
		if !ok {
			i = len(ms)
			by[x.Series] = i
			ms = append(ms, nil)
		}
		ms[i] = append(ms[i], x.Count)
	}
	for _, file := range []string{"co2-concentration.csv", "sp500-2000.csv", "sp500.csv"} {
		f, _ := os.Open("/tmp/vd/package/data/" + file)
		rows, _ := csv.NewReader(f).ReadAll()
		var y []float64
		for i, r := range rows[1:] {
			v, _ := strconv.ParseFloat(r[1], 64)
			if file == "sp500-2000.csv" && i%21 != 0 {
				continue
			}
			y = append(y, v)
		}
		ms = append(ms, y)
	}
	return
}

func TestDevReal(t *testing.T) {
	ms := devSeries()
	for _, fr := range []struct{ k, m, h, w int }{{1, 12, 18, 70}, {3, 4, 8, 28}, {12, 1, 6, 0}} {
		s := map[Method]float64{}
		ma := map[Method]float64{}
		n := 0
		began := time.Now()
		for _, y0 := range ms {
			y := agg(y0, fr.k)
			for end := len(y); end-fr.h >= max(fr.w, 8); end -= max(1, fr.h/2) {
				tr := y[:end-fr.h]
				ac := y[end-fr.h : end]
				fs, err := Continue(tr, fr.m, fr.h, Methods()...)
				if err != nil {
					t.Fatal(err)
				}
				var d float64
				for i := fr.m; i < len(tr); i++ {
					d += math.Abs(tr[i]-tr[i-fr.m]) / float64(len(tr)-fr.m)
				}
				n++
				for i, k := range Methods() {
					for h := range ac {
						s[k] += 200 * math.Abs(ac[h]-fs[i][h]) / (math.Abs(ac[h]) + math.Abs(fs[i][h])) / float64(fr.h)
						ma[k] += math.Abs(ac[h]-fs[i][h]) / d / float64(fr.h)
					}
				}
			}
		}
		fmt.Println(fr, n, time.Since(began)/time.Duration(n))
		for _, k := range Methods() {
			fmt.Printf("  %-16s %6.2f %6.3f\n", k, s[k]/float64(n), ma[k]/float64(n))
		}
	}
}
