package account

import (
	"slices"
	"strings"

	"yardstick/collectors/reading/written"
)

// NamedTitle is the indicator of the catalogue whose name one of the lines above
// a table is, as a whole, with or without its unit in brackets; none where two
// are. It concerns only a table that names no indicator itself.
func (r *Reader) NamedTitle(f Facts) (at Facet) {
	if r.Options.Known == nil {
		return Facet{}
	}
	for _, t := range f.Titles {
		name, unit, _ := written.CutUnit(written.Unmark(t.Text))
		if !r.knownTitle(name) {
			name = r.bareTitle(name)
		}
		if !r.knownTitle(name) {
			continue
		}
		if at.Said() {
			return Facet{}
		}
		if at = (Facet{name, t.Cell}); unit != "" {
			at.Text += "(" + unit + ")"
		}
	}
	return at
}

// knownTitle reports whether the registers know an indicator by a title, with or
// without its span at the end.
func (r *Reader) knownTitle(title string) bool {
	if r.Knows(title) {
		return true
	}
	bare, cut := written.CutBasis(title)
	return cut && r.Knows(bare)
}

// PlacesIn are the places that some lines begin with, each once.
func (r *Reader) PlacesIn(lines []string) (out []string) {
	for _, line := range lines {
		letters := []rune(r.CutTimes(line, ""))
		for n := min(len(letters), 12); n > 1; n-- {
			if p := string(letters[:n]); r.Options.Regions != nil && r.Options.Regions(p) {
				if !slices.Contains(out, p) {
					out = append(out, p)
				}
				break
			}
		}
	}
	return out
}

// bareTitle is a title without its period, its place and what says that it is a
// table: 地区生产总值 of 2024年辽宁省各市地区生产总值情况.
func (r *Reader) bareTitle(title string) string {
	text := r.CutTimes(TitleNumber().ReplaceAllString(written.FoldWidth(strings.TrimSpace(title)), ""), "")
	text = titleEnd().ReplaceAllString(titleYear().ReplaceAllString(text, ""), "")
	for {
		if r.knownTitle(text) {
			return text
		}
		letters, cut := []rune(text), 0
		if over := []rune(titleOver().FindString(text)); len(over) > 0 {
			for n := 1; n < len(over); n++ { // 各地 of 各地市内五区平价菜店
				if rest := string(letters[n:]); r.knownTitle(rest) {
					return rest
				}
			}
			text = string(letters[len(over):])
			continue
		}
		for n := min(len(letters)-2, 12); n > 1 && cut == 0; n-- {
			if r.LikePlace(string(letters[:n])) {
				cut = n
			}
		}
		if cut == 0 {
			return text
		}
		text = string(letters[cut:])
	}
}

var (
	titleYear = written.Pattern(`^(?:19|20)\d{2}年?`)
	titleEnd  = written.Pattern(`(?:情况|统计)*(?:一览|统计|情况)?(?:表|数据)$|(?:基本|主要)?情况$`)
	titleOver = written.Pattern(`^(?:份|度|末|各[地市省区县旗盟州先导区]*|分[地市省区县]+|历年|历史|年度|月度|季度|主要年份)`)
)
