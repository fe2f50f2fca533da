package account

import (
	"bytes"
	"slices"
	"testing"

	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
	"yardstick/collectors/table/numfmt"
	"yardstick/schema"
)

func open(t *testing.T, text string) (*table.Table, []*table.Row) {
	t.Helper()
	file, problems, err := table.Read(t.Context(), bytes.NewReader([]byte(text)), "f.csv", table.Limits{})
	if err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
	var rows []*table.Row
	for row, err := range file.Tables[0].Rows(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row.Clone())
	}
	return file.Tables[0], rows
}

// A cell that nothing was made of is a problem by itself; every other is counted once,
// as what it ended as.
func TestWhatIsLeftOverIsAProblem(t *testing.T) {
	tab, rows := open(t, "指标,2024年,多余\n甲,5,\n注：略,,\n")
	found := &Findings{}
	r := NewReader(tab, Options{}, found, func(*Candidate) error { return nil })
	r.Row = Candidate{Cells: [FieldCount]table.Cell{}}
	r.Row.Cells[Indicator.Index()], r.Row.Cells[Period.Index()], r.Row.Cells[Value.Index()] = rows[1].Cell(0), rows[0].Cell(1), rows[1].Cell(1)
	if err := r.Give(); err != nil {
		t.Fatal(err)
	}
	r.Label(rows[0].Cell(0))
	r.Exclude(rows[2], ExcludedNote)
	for _, row := range rows {
		r.Settle(row)
	}
	if want := (schema.Cells{Figures: 1, Labels: 3, LeftOut: 1, Wrong: 1}); found.Cells != want {
		t.Errorf("%+v, want %+v", found.Cells, want)
	}
	if len(found.Problems) != 1 || found.Problems[0].Code != CellUnread || found.Problems[0].Cell != "C1" || !found.Whole {
		t.Errorf("%+v", found.Problems)
	}
}

// Where a cell stores and shows two things a question asks once for all cells of the
// kind, and each of its answers is taken.
func TestWhatTheEyeSeesIsAskedAboutOnceAKind(t *testing.T) {
	tab, _ := open(t, "a,b\n")
	cell := func(text, shown, bare string, why numfmt.Doubt) table.Cell {
		return table.Cell{Text: text, Row: 1, Column: 1, About: numfmt.About{Why: why, Shown: shown, Bare: bare}}
	}
	for _, c := range []struct {
		cell       table.Cell
		candidates []string
		read       []string
	}{
		{cell("4101", "410¹", "410", numfmt.Raised), []string{"shown", "stored"}, []string{"410", "4101"}},
		{cell("430", "", "", numfmt.Struck), []string{"stored", "missing"}, []string{"430", ""}},
		{cell("5.1", "下降5.1", "", numfmt.FormatWords), []string{"stored", "minus"}, []string{"5.1", "-5.1"}},
		{cell("7", "", "", numfmt.FormatHides), []string{"stored", "missing"}, []string{"7", ""}},
		{cell("", "", "", numfmt.Uncalculated), []string{"missing"}, []string{""}},
		{cell("2025-10-01", "2025", "", numfmt.FormatDate), []string{"shown", "stored"}, []string{"2025", "2025-10-01"}},
	} {
		found := &Findings{}
		r := NewReader(tab, Options{}, found, nil)
		for range 2 {
			if _, ok := r.Seen(c.cell); ok {
				t.Errorf("%+v is taken without a word", c.cell)
			}
		}
		if len(found.Questions) != 1 || !slices.Equal(found.Questions[0].Candidates, c.candidates) || found.Questions[0].Code != AskSeen {
			t.Fatalf("%+v: %+v", c.cell, found.Questions)
		}
		for i, answer := range c.candidates {
			r := NewReader(tab, Options{Given: map[string]string{found.Questions[0].Key: answer}}, &Findings{}, nil)
			if text, ok := r.Seen(c.cell); !ok || text != c.read[i] {
				t.Errorf("%+v with %s is %q, want %q", c.cell, answer, text, c.read[i])
			}
		}
	}
	r := NewReader(tab, Options{}, &Findings{}, nil)
	for _, agrees := range []table.Cell{cell("5", "", "", numfmt.Agrees), cell("", "", "", numfmt.FormulaEmpty), cell("r", "⁽r⁾", "", numfmt.Raised)} {
		if text, ok := r.Seen(agrees); !ok || text != agrees.Text {
			t.Errorf("%+v is read as %q", agrees, text)
		}
	}
	if got := Named(cell("规模1", "规模¹", "规模", numfmt.Raised)); got != "规模" {
		t.Errorf("a name with a footnote is %q", got)
	}
}

// Blanks are marks of thousands where the whole column writes so, and else not.
func TestBlanksAreThousandsWhereAllOfAColumnOrRowWritesSo(t *testing.T) {
	for text, want := range map[string]bool{"甲,1 234,5 678\n": true, "1 234,1\n12 345,2\n12,3\n": true, "1 234,1\n": false, "1 234,1\n2345,2\n9 876,1\n": false} {
		tab, rows := open(t, text)
		r := NewReader(tab, Options{}, &Findings{}, nil)
		if got, err := r.Blanks(t.Context(), 1, rows[0]); err != nil || got != want {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	if n := written.ReadNumber("410\n425", ','); n.Fault != written.NumberSeveral {
		t.Errorf("two lines are read as %+v", n)
	}
}
