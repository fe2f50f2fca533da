package telling

import (
	"regexp"
	"strings"

	"yardstick/schema"
	"yardstick/schema/words"
)

// methodWritten is how a forecast's record says what made it: the method, the
// frequency, how many figures, how many steps ahead, which calibration, and what
// had to be done to the series.
const methodWritten = `^([a-z0-9-]+); ([A-Z]), n=([0-9]+), h=([0-9]+); intervals calibrated (\S+) \((\S+)\)(?:; ([0-9]+) missing periods interpolated)?(; reported days in a row)?$`

// method words what made a forecast; a record that is written otherwise is shown
// as it is.
func (f Voice) method(written string) string {
	if strings.HasPrefix(written, "known;") {
		return f.T("board-made-by-known")
	}
	m := regexp.MustCompile(methodWritten).FindStringSubmatch(written)
	if m == nil {
		return written
	}
	var name any = m[1]
	if words.Has("board-made-by-" + m[1]) {
		name = words.Say("board-made-by-" + m[1])
	}
	unit := schema.Text{Zh: m[2], En: m[2]}
	if words.Has("board-made-by-" + m[2]) {
		unit = words.Say("board-made-by-" + m[2])
	}
	said := f.T("board-made-by", "method", name, "unit", unit, "n", m[3], "h", m[4], "made", m[5], "id", m[6])
	if m[7] != "" {
		said += f.T("board-made-by-filled", "n", m[7])
	}
	if m[8] != "" {
		said += f.T("board-made-by-working")
	}
	return said
}
