package schema

import "strings"

// ParseAnswer parts KEY=VALUE, an answer to a question. What comes after the
// first dot of a key may stand in double quotes, one within written twice, where
// it holds = itself: column."a=b"=ignore. ok is false without a key.
func ParseAnswer(text string) (key, value string, ok bool) {
	text = strings.TrimSpace(text)
	if kind, rest, dotted := strings.Cut(text, `."`); dotted && !strings.Contains(kind, "=") {
		var name strings.Builder
		for {
			part, after, closed := strings.Cut(rest, `"`)
			name.WriteString(part)
			switch {
			case closed && strings.HasPrefix(after, `"`):
				name.WriteByte('"')
				rest = after[1:]
				continue
			case closed && strings.HasPrefix(after, "="):
				return kind + "." + name.String(), strings.TrimSpace(after[1:]), kind != ""
			}
			break // no quotes around a name, but within it
		}
	}
	key, value, ok = strings.Cut(text, "=")
	key = strings.TrimSpace(key)
	return key, strings.TrimSpace(value), ok && key != ""
}

// QuotedKey is a question's key as ParseAnswer reads it back.
func QuotedKey(key string) string {
	kind, rest, dotted := strings.Cut(key, ".")
	if !dotted || !strings.Contains(rest, "=") && !strings.Contains(key, `."`) {
		return key
	}
	return kind + `."` + strings.ReplaceAll(rest, `"`, `""`) + `"`
}
