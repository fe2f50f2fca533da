package account

import "testing"

func TestAKeyOfASheetIsParted(t *testing.T) {
	for key, want := range map[string][2]string{
		"period@2025年5月":   {"period", "2025年5月"},
		"region@a@b.c = d": {"region", "a@b.c = d"},
		"unit@甲.表":         {"unit", "甲.表"},
		"column.增速@F2":     {},
		"period@":          {},
		"rows@甲":           {},
		"region.大连@x":      {},
	} {
		kind, sheet, ok := OfSheet(key)
		if ok != (want[0] != "") || ok && (kind != want[0] || sheet != want[1] || SheetKey(kind, " "+sheet+" ") != key) {
			t.Errorf("%s: %q %q %v", key, kind, sheet, ok)
		}
	}
}
