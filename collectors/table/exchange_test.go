package table

import (
	"testing"

	"yardstick/collectors/table/numfmt"
)

func TestSYLKIsRead(t *testing.T) {
	text := "ID;PWXL;N;E\r\nP;PGeneral\r\nP;P0.00\r\nP;P\"下降\"0.0\r\nP;Pyyyy\\-mm\\-dd\r\nF;P1;C3\r\nF;W2 2 0\r\nB;Y9;X9\r\n" +
		"C;Y1;X1;K\"a;;b \"\"c\"\"\"\r\nC;X2;K12.5\r\nC;X3;K12.5\r\nF;P2;Y2;X1\r\nC;Y2;X1;K8.4\r\nC;X2;EA1;K7\r\nC;X3;EA1\r\nC;X4;K#N/A\r\nC;X5;KTRUE\r\n" +
		"C;Y3;X1;K48030\r\nF;P3;Y3;X1\r\nE\r\n"
	f := read(t, []byte(text), "a.slk")
	got := cells(t, f.Tables[0])
	for name, want := range map[string]seenCell{"A1": {`a;b "c"`, numfmt.Agrees, "", ""}, "B1": {"12.5", numfmt.Agrees, "", ""}, "C1": {"12.50", numfmt.Agrees, "", ""},
		"A2": {"8.4", numfmt.FormatWords, "下降8.4", ""}, "B2": {"7", numfmt.Agrees, "", ""}, "C2": {"", numfmt.Uncalculated, "", ""},
		"D2": {"#N/A", numfmt.ErrorValue, "#N/A", ""}, "E2": {"TRUE", numfmt.Agrees, "", ""}, "A3": {"2031-07-01", numfmt.Agrees, "", ""}} {
		if c := got[name]; (seenCell{c.Text, c.Why, c.Shown, c.Bare}) != want {
			t.Errorf("%s is %+v", name, c)
		}
	}
	if f.Format != "slk" || len(got) != 9 || !f.Tables[0].ColumnHidden(2) || f.Tables[0].ColumnHidden(1) || !got["B2"].Formula {
		t.Errorf("%+v", got)
	}
}

func TestDIFIsRead(t *testing.T) {
	text := "TABLE\n0,1\n\"x\"\nVECTORS\n0,2\n\"\"\nTUPLES\n0,2\n\"\"\nDATA\n0,0\n\"\"\n-1,0\nBOT\n1,0\n\"名称\"\n1,0\n\"a \"\"b\"\"\"\n1,0\nplain\n" +
		"-1,0\nBOT\n0,12.50\nV\n0,0\nNA\n1,0\n\"\"\n0,1\nTRUE\n-1,0\nBOT\n1,0\n\"two\nlines\"\n-1,0\nEOD\n"
	f, rows := rowsOf(t, []byte(text))
	want := [][]string{{"名称", `a "b"`, "plain"}, {"12.50", "#N/A", "", "TRUE"}, {"two\nlines"}}
	if f.Format != "dif" || !same(rows, want) {
		t.Errorf("%s %q", f.Format, rows)
	}
}

// What only begins like one of them is text with separators.
func TestATextWhoseFirstCellIsIDIsNoSYLK(t *testing.T) {
	for _, text := range []string{"ID;Population;x\n1;2;3\n4;5;6\n", "TABLE;a;b\n0,1;2;3\n4;5;6\n"} {
		if f, _ := grid(t, text); f.Format != "csv" {
			t.Errorf("%q is read as %s", text, f.Format)
		}
	}
}
