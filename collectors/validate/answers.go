package validate

import (
	"slices"
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
	"yardstick/schema"
)

// KnownAnswer reports whether key is one that questions ask or a feed's rules
// may hold.
func KnownAnswer(key string) bool {
	switch key {
	case "indicator", "region", "year", "unit", "basis", "status", "period", "month", "rows", "columns", "heading", "frequency", "scaled",
		"explain", "estimate", "coverage", "reason":
		return true
	}
	kind, rest, ok := strings.Cut(key, ".")
	return ok && rest != "" && slices.Contains([]string{"unit", "basis", "column", "sheet", "explain"}, kind)
}

// OneTime reports whether an answer under key is about the figures of one file
// and never a rule for others.
func OneTime(key string) bool {
	kind, _, _ := strings.Cut(key, ".")
	return slices.Contains([]string{"explain", "estimate", "coverage", "reason"}, kind)
}

// Lasting reports whether an answer under key holds for later files of the same
// layout too: not one tied to a figure or to a time.
func Lasting(key string) bool {
	return KnownAnswer(key) && !OneTime(key) && !slices.Contains([]string{"year", "period", "month"}, key)
}

// badAnswer reports whether an answer cannot be understood.
func badAnswer(key, answer string) bool {
	switch kind, _, _ := strings.Cut(key, "."); kind {
	case "basis":
		return written.ReadBasis(answer) == nil
	case "status":
		_, ok := written.ReadStatus(answer)
		return !ok
	case "estimate":
		_, ok := estimateAnswer(answer)
		return !ok
	case "scaled":
		return strings.TrimSpace(answer) != "stored"
	case "coverage":
		return !accepts(answer)
	case "reason":
		_, ok := schema.ParseCorrection(strings.TrimSpace(answer))
		return !ok
	case "explain":
		return strings.TrimSpace(answer) == ""
	}
	return false
}

// estimateAnswer reads the answer to whether figures are estimates: E or F, or
// "" for no.
func estimateAnswer(answer string) (schema.ObsStatus, bool) {
	answer = strings.TrimSpace(answer)
	switch strings.ToLower(answer) {
	case "no", "n", "false", "否", "不是":
		return "", true
	case "yes", "y", "是":
		return schema.StatusEstimated, true
	}
	s, ok := written.ReadStatus(answer)
	return s, ok && (s == schema.StatusEstimated || s == schema.StatusForecast)
}

// Used tells, for answers that were given for the whole file (unit, basis), the
// codes of the indicators they concerned.
func (c *Checker) Used() map[string][]string {
	out := map[string][]string{}
	for k := range c.used {
		out[k[0]] = append(out[k[0]], k[1])
	}
	for _, codes := range out {
		slices.Sort(codes)
	}
	return out
}

// uses notes that the answer for the whole file under key settled something of
// the indicator.
func (c *Checker) uses(key, code string) { c.used[[2]string{key, code}] = true }

// usesWritten notes it where reading put the answer into a cell that the file
// does not have.
func (c *Checker) usesWritten(r *row, f account.Field, key, code string) {
	all := c.o.Given[key]
	if all == "" || c.o.Given[key+"."+code] != "" || r.Cell(f).Column != 0 {
		return
	}
	switch written := r.Written(f); {
	case f == account.Unit && written != strings.TrimSpace(all):
	case f == account.Basis && (written != "" && written != strings.TrimSpace(all) || len(r.Bases) == 0):
	default:
		c.uses(key, code)
	}
}
