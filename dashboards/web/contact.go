package web

import (
	"strings"
	"yardstick/schema"
)

// Contact is whom to ask about a target, with the telephone number in it.
type Contact struct{ Label, Before, Number, After string }

// Contact is whom to ask about a target; nothing when nobody is named.
func (f *Frame) Contact(t schema.Target) Contact {
	c := ContactOf(t.Contact)
	c.Label = f.T("board-f-contact")
	return c
}

// Digits are the number as a telephone dials it.
func (c Contact) Digits() string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, c.Number)
}

// ContactOf finds the telephone number in a contact: at least seven digits with
// what people write between them. An extension (转 8012) stays behind it.
func ContactOf(text string) Contact {
	const between = " -–()（）"
	runes := []rune(text)
	for i := 0; i < len(runes); i++ {
		if !digit(runes[i]) && runes[i] != '+' {
			continue
		}
		end, digits := i, 0
		for j := i; j < len(runes) && (digit(runes[j]) || strings.ContainsRune(between, runes[j]) || j == i); j++ {
			if digit(runes[j]) {
				end, digits = j+1, digits+1
			}
		}
		if digits >= 7 && digits <= 15 {
			return Contact{Before: string(runes[:i]), Number: string(runes[i:end]), After: string(runes[end:])}
		}
		i = max(i, end-1)
	}
	return Contact{Before: text}
}

func digit(r rune) bool { return r >= '0' && r <= '9' }
