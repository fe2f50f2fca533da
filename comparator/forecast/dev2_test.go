package forecast_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	. "yardstick/comparator/forecast"
	"yardstick/comparator/forecast/internal/simulate"
)

func TestDevSim(t *testing.T) {
	for _, w := range []simulate.World{simulate.Calibration(), simulate.HeldOut()} {
		for _, fr := range []struct{ m, h, lo, hi int }{{1, 6, 14, 41}, {4, 8, 16, 64}, {12, 18, 48, 126}} {
			s := map[Method]float64{}
			ma := map[Method]float64{}
			n, nd := 0, 0
			began := time.Now()
			for i := range 500 {
				ln := fr.lo + int(float64(fr.hi-fr.lo)*math.Mod(float64(i)*.618034, 1))
				y := w.Series(i, ln+fr.h, fr.m)
				tr, ac := y[:ln], y[ln:]
				fs, err := Continue(tr, fr.m, fr.h, Methods()...)
				if err != nil {
					t.Fatal(err)
				}
				var d float64
				for i := fr.m; i < len(tr); i++ {
					d += math.Abs(tr[i]-tr[i-fr.m]) / float64(len(tr)-fr.m)
				}
				n++
				if d > 0 {
					nd++
				}
				for i, k := range Methods() {
					for h := range ac {
						den := math.Abs(ac[h]) + math.Abs(fs[i][h])
						if den > 0 {
							s[k] += 200 * math.Abs(ac[h]-fs[i][h]) / den / float64(fr.h)
						}
						if d > 0 {
							ma[k] += math.Abs(ac[h]-fs[i][h]) / d / float64(fr.h)
						}
					}
				}
			}
			fmt.Println(w.Name, fr, n, nd, time.Since(began)/time.Duration(n))
			for _, k := range Methods() {
				fmt.Printf("  %-16s %6.2f %6.3f\n", k, s[k]/float64(n), ma[k]/float64(nd))
			}
		}
	}
}
