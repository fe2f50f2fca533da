package spelling

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Visible is a text without the signs that have no width, which no eye sees, and
// without no-break blanks between two Chinese characters, which part nothing there:
// a name with one in it would be another name that reads the same.
func Visible(text string) string {
	if !strings.Contains(text, "\xe2\x80") && !strings.Contains(text, "\xe2\x81") &&
		!strings.Contains(text, "\ufeff") && !strings.Contains(text, "\u00ad") && !strings.Contains(text, "\u00a0") {
		return text
	}
	text = strings.Map(func(r rune) rune {
		switch {
		case r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x206f, r == 0xfeff, r == 0x00ad:
			return -1
		}
		return r
	}, text)
	const blank = "\u00a0"
	parts := strings.Split(text, blank)
	var b strings.Builder
	for i, part := range parts {
		if i > 0 {
			before, _ := utf8.DecodeLastRuneInString(parts[i-1])
			after, _ := utf8.DecodeRuneInString(part)
			if !unicode.Is(unicode.Han, before) || !unicode.Is(unicode.Han, after) {
				b.WriteString(blank)
			}
		}
		b.WriteString(part)
	}
	return b.String()
}

// LineEnds names the line ends seen.
func LineEnds(lf, crlf, cr bool) string {
	switch {
	case crlf && (lf || cr), lf && cr:
		return "mixed"
	case crlf:
		return "CRLF"
	case cr:
		return "CR"
	case lf:
		return "LF"
	}
	return ""
}
