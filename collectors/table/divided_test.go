package table

import (
	"strings"
	"testing"

	"yardstick/collectors/table/refusal"
)

// What stands in quotes is one cell, whatever signs it holds and however many
// parts they would make.
func TestAQuotedNoteIsNeverDivided(t *testing.T) {
	for _, note := range []string{
		"注：1.本表为快报数，共 5 项,以年报为准。",
		"注：3 7,初步数",
		"来源;2;甲,乙",
		"见|4|页,附",
	} {
		for _, figures := range [][2]string{{"12.5", "２３４２．６６"}, {"12.5", "7"}} {
			text := "时间,甲(万元),乙(万元)\n" +
				strings.Repeat("2025年5月,"+figures[0]+","+figures[1]+"\n", 4) + `"` + note + `"` + "\n"
			f, problems, err := Read(t.Context(), strings.NewReader(text), "t.csv", Limits{})
			if err != nil || len(problems) > 0 {
				t.Fatalf("%s: %v %v", note, problems, err)
			}
			var last *Row
			for row, err := range f.Tables[0].Rows(t.Context()) {
				if err != nil {
					t.Fatal(err)
				}
				last = &Row{Texts: append([]string(nil), row.Texts...)}
			}
			if len(last.Texts) != 1 || last.Texts[0] != note || noted(f, refusal.NoteRowDivided) != nil {
				t.Errorf("%s beside %v is read as %q", note, figures, last.Texts)
			}
		}
	}
}
