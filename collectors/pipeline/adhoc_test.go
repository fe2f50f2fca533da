package pipeline

import (
	"fmt"
	"os"
	"runtime/pprof"
	"strings"
	"testing"
	"time"
)

func TestAdhoc(t *testing.T) {
	var b strings.Builder
	b.WriteString("indicator,region,period,value,status,note,unit,published\n")
	for i := range 500000 {
		d := time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i%12000)
		fmt.Fprintf(&b, "bond-fund-disbursement-cadence,%s,%s,%d.%d,A,,天,%s\n", []string{"210200", "210202", "210203"}[i%3], d.Format("2006-01-02"), i%1000, i%10, d.AddDate(0, 0, 1+i/12000).Format("2006-01-02"))
	}
	d := newDesk(t)
	f, _ := os.Create("/tmp/cpu.prof")
	pprof.StartCPUProfile(f)
	s := time.Now()
	r, err := d.Preview(t.Context(), Submission{Name: "x", Body: strings.NewReader(b.String())})
	pprof.StopCPUProfile()
	t.Log(len(b.String())>>20, time.Since(s), counts(r.Receipt), err, len(r.Receipt.Problems))
	if len(r.Receipt.Problems) > 0 {
		t.Log(r.Receipt.Problems[0])
	}
}
