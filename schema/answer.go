package schema

import "strings"

// KeySheet parts the kind of a question from the name of the sheet that it is about:
// period@2025年5月.
const KeySheet = "@"

// ParseAnswer parts KEY=VALUE, an answer to a question. What comes after the
// first dot of a key, or after the mark of a sheet, may stand in double quotes, one within written twice, where
// it holds = itself: column."a=b"=ignore. ok is false without a key.
func ParseAnswer(text string) (key, value string, ok bool) {
	text = strings.TrimSpace(text)
	mark := "."
	if kind, _, of := strings.Cut(text, KeySheet+`"`); of && !strings.ContainsAny(kind, "=.") {
		mark = KeySheet
	}
	if kind, rest, quoted := strings.Cut(text, mark+`"`); quoted && !strings.Contains(kind, "=") {
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
				return kind + mark + name.String(), strings.TrimSpace(after[1:]), kind != ""
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
	if kind, sheet, of := strings.Cut(key, KeySheet); of && !strings.Contains(kind, ".") {
		if strings.Contains(sheet, "=") || strings.HasPrefix(sheet, `"`) || strings.Contains(sheet, `."`) {
			return kind + KeySheet + `"` + strings.ReplaceAll(sheet, `"`, `""`) + `"`
		}
		return key
	}
	kind, rest, dotted := strings.Cut(key, ".")
	if !dotted || !strings.Contains(rest, "=") && !strings.Contains(key, `."`) {
		return key
	}
	return kind + `."` + strings.ReplaceAll(rest, `"`, `""`) + `"`
}
