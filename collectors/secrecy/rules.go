package secrecy

import (
	"path"
	"regexp"
	"strings"
	"sync"
	"time"
)

// rules are what marks and numbers look like.
type rules struct {
	starred, alone, named, whole, lone, codes, level, grouped, person *regexp.Regexp
}

// law makes them once.
var law = sync.OnceValue(func() rules {
	const (
		blank = `[\s\p{Z}\x{200B}-\x{200D}\x{2060}\x{FEFF}]*`
		level = `[秘祕机機绝絕]` + blank + `密[级級]?`
		edge  = `[\s\p{Z},;|"'，；、。:：()（）\[\]【】〔〕《》<>·/—–\-]`
		term  = `(?:保密期限)?[:：]?` + blank + `(?:(?:[0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})` + blank +
			`(?:年|个月|個月|天)|长期|長期|启用前|解密前|至` + blank + `[0-9０-９]{4}` + blank + `年)`
		begin = `(?:^|[\n\r\t,;|"'，；、(（\[【〔《<])` + blank
		end   = `(?:$|` + edge + `)`
		open  = `[(（\[【〔〖《<「『]` + blank
		shut  = blank + `[)）\]】〕〗》>」』]`
		said  = `(?:密[级級]` + blank + `[:：]?` + blank + `)?`
		line  = `(?:^|[\n\r])` + blank
		done  = blank + `(?:$|[\n\r])`
		field = `(?:^|[\n\r\t,;|"'\x00])` + blank
		over  = blank + `(?:$|[\n\r\t,;|"'\x00])`
		only  = said + `(?:` + level + `|` + open + level + shut + `)`
	)
	return rules{
		starred: regexp.MustCompile(`(商业|商業)?` + blank + level + blank + `(?:[★☆⭐✩✪✫✬✭✮✯✰⋆]|[*＊﹡]` + blank + term + `)`),
		alone:   regexp.MustCompile(`(?:` + begin + `|密级` + blank + `[:：]?` + blank + `)` + level + edge + `*` + term + end),
		named:   regexp.MustCompile(`(?:密级|密級)` + blank + `[:：]` + blank + level + blank + `(?:$|[\n\r\t,;|"'，；、)）\]】〕])`),
		whole:   regexp.MustCompile(line + only + done + `|` + line + open + level + shut + `|` + open + level + shut + done),
		lone:    regexp.MustCompile(field + only + over),
		codes:   regexp.MustCompile(`&(?:"[^"]*"|[0-9]+|K[0-9A-Fa-f]{6}|[A-Za-z])`),
		level:   regexp.MustCompile(`^` + blank + level + blank + `$`),
		grouped: regexp.MustCompile(`[0-9]{6}[ \-\x{2010}-\x{2015}\x{A0}\x{3000}－][0-9]{8}[ \-\x{2010}-\x{2015}\x{A0}\x{3000}－][0-9]{3}[0-9Xx]`),
		person:  regexp.MustCompile(`身份[证證]|公民身份`),
	}
})

// found are the codes of what stands in texts, each once.
func found(texts ...string) (out []string) {
	var mark, number bool
	for _, text := range texts {
		mark = mark || marked(text)
		number = number || numbered(text, law().person.MatchString(text), false)
	}
	if mark {
		out = append(out, Marked)
	}
	if number {
		out = append(out, Identity)
	}
	return out
}

// marked reports whether text bears a mark of secrecy. Its ends are taken for the
// ends of what was written: a cell, a line.
func marked(text string) bool { return borne(text) || bare(text) }

// bare reports whether a line of the text is nothing but a level, or begins or ends in
// one in brackets.
func bare(text string) bool { return strings.Contains(text, "密") && law().whole.MatchString(text) }

// borne reports whether text bears a mark that is one wherever it stands.
func borne(text string) bool {
	if !strings.Contains(text, "密") {
		return false
	}
	l := law()
	for _, m := range l.starred.FindAllStringSubmatchIndex(text, -1) {
		if m[2] < 0 {
			return true
		}
	}
	return l.alone.MatchString(text) || l.named.MatchString(text)
}

// named are the codes of what a file's name says, or one of its folders': with its
// ending and without.
func named(name string) []string {
	texts := []string{name}
	for part := range strings.FieldsFuncSeq(name, func(r rune) bool { return r == '/' || r == '\\' }) {
		texts = append(texts, part, strings.TrimSuffix(part, path.Ext(part)))
	}
	return found(texts...)
}

// numbered reports whether text holds the number of an identity card; headed,
// that a heading says so of it: then older and looser forms count too. In bytes
// that are no text (loose) what follows a number may look like one more digit.
func numbered(text string, headed, loose bool) bool {
	text = plain(text)
	for from := 0; from < len(text); {
		if !digit(text[from]) {
			from++
			continue
		}
		to := from
		for to < len(text) && digit(text[to]) {
			to++
		}
		if isNumber(text, from, to, headed, loose) {
			return true
		}
		from = to
	}
	if headed {
		for _, s := range law().grouped.FindAllString(text, -1) {
			if right18(strings.Map(func(r rune) rune {
				if r >= '0' && r <= '9' || r == 'x' || r == 'X' {
					return r
				}
				return -1
			}, s)) {
				return true
			}
		}
	}
	return false
}

// isNumber judges the digits text[from:to], which no digit stands beside.
func isNumber(text string, from, to int, headed, loose bool) bool {
	fraction := from > 1 && text[from-1] == '.' && digit(text[from-2]) || to+1 < len(text) && text[to] == '.' && digit(text[to+1])
	switch run := text[from:to]; {
	case fraction:
		return false
	case len(run) == 18, loose && len(run) == 19:
		return right18(run[:18])
	case len(run) == 17 && to < len(text) && (text[to] == 'X' || text[to] == 'x'):
		return (to+1 == len(text) || !letter(text[to+1])) && right18(text[from:to+1])
	case len(run) == 15 && headed:
		return run[0] != '0' && dated("19"+run[6:12])
	}
	return false
}

// right18 reports whether 18 characters are a number by GB 11643: a date of birth
// at the seventh, and a check character by ISO 7064, MOD 11-2.
func right18(s string) bool {
	if len(s) != 18 || s[0] == '0' || !dated(s[6:14]) {
		return false
	}
	sum := 0
	for i := range 17 {
		sum = (sum + int(s[i]-'0')) * 2 % 11
	}
	check := (12 - sum) % 11
	if check == 10 {
		return s[17] == 'X' || s[17] == 'x'
	}
	return int(s[17]-'0') == check
}

// dated reports whether eight digits are a day on which somebody may have been
// born.
func dated(s string) bool {
	day, err := time.Parse("20060102", s)
	return err == nil && day.Year() >= 1850 && day.Year() < 2150
}

func digit(b byte) bool { return b >= '0' && b <= '9' }

func letter(b byte) bool { return digit(b) || b|0x20 >= 'a' && b|0x20 <= 'z' }

// plain writes full-width digits and X as those of a keyboard.
func plain(s string) string {
	if !strings.Contains(s, "\xef\xbc") {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r >= '０' && r <= '９' || r == 'Ｘ' || r == 'ｘ' || r == '．' {
			return r - 0xFEE0
		}
		return r
	}, s)
}
