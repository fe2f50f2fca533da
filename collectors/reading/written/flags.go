package written

import (
	"regexp"
	"strings"
	"sync"

	"yardstick/schema"
)

// FlagLike reports whether a cell holds one of the short marks that stand
// beside figures: r revised, p provisional, ~ no figure, # confidential.
func FlagLike(s string) bool {
	s = FoldText(s)
	return len(s) == 1 && (s[0] >= 'a' && s[0] <= 'z' || strings.ContainsAny(s, "~#*+")) || s == "(p)" || s == "(r)"
}

// Legend is what the notes under a table say its flags mean.
type Legend map[string]string

var legendLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^([a-zA-Z~#*+])\s*(?:[:：=＝—-]|\s)\s*(\S.*)$`)
})

// See takes what a note says about flags.
func (l Legend) See(text string) {
	if m := legendLine().FindStringSubmatch(text); m != nil && len([]rune(m[2])) <= 20 {
		l[strings.ToLower(m[1])] = m[2]
	}
}

// Status reads a flag: by the file's legend, else by usual practice.
func (l Legend) Status(flag string) (schema.ObsStatus, bool) {
	flag = strings.Trim(FoldText(flag), "()")
	if said := l[flag]; said != "" {
		for _, w := range []struct {
			word   string
			status schema.ObsStatus
		}{{"没有", schema.StatusMissing}, {"无数", schema.StatusMissing}, {"缺", schema.StatusMissing}, {"不详", schema.StatusMissing}, {"not available", schema.StatusMissing}, {"no figure", schema.StatusMissing},
			{"修订", schema.StatusNormal}, {"revised", schema.StatusNormal}, {"临时", schema.StatusProvisional}, {"初步", schema.StatusProvisional}, {"provisional", schema.StatusProvisional}, {"preliminary", schema.StatusProvisional},
			{"估", schema.StatusEstimated}, {"estimate", schema.StatusEstimated}, {"预测", schema.StatusForecast}, {"forecast", schema.StatusForecast}, {"保密", "Q"}, {"confidential", "Q"},
			{"插补", schema.StatusImputed}, {"口径", "D"}} {
			if strings.Contains(strings.ToLower(Simplified(said)), w.word) {
				return w.status, true
			}
		}
		return "", false
	}
	switch flag {
	case "r":
		return schema.StatusNormal, true
	case "p":
		return schema.StatusProvisional, true
	case "e":
		return schema.StatusEstimated, true
	case "f":
		return schema.StatusForecast, true
	case "b":
		return schema.StatusBreak, true
	case "~":
		return schema.StatusMissing, true
	case "#", "c":
		return "Q", true
	}
	return "", false
}
