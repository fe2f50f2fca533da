package schema

import (
	"fmt"
	"slices"
	"strings"
)

// The codes of the languages that everything is written in. What another
// language lacks is said in English.
const (
	Chinese = "zh"
	English = "en"
)

// Text is one sentence or name in the languages people read. A language that is
// added has its field here, its case in at and its line in Languages; its
// sentences stand in schema/words/messages.
type Text struct {
	Zh string `json:"zh" yaml:"zh"`
	En string `json:"en" yaml:"en"`
}

// at is where the text in lang stands; a language nobody knows is the first.
func (t *Text) at(lang string) *string {
	switch lang {
	case English:
		return &t.En
	}
	return &t.Zh
}

// Language is one of the languages people read.
type Language struct {
	Code     string                     // of --lang, ?lang= and the catalogue's columns
	Tag      string                     // what pages and documents say they are written in (BCP 47)
	Name     string                     // as its readers call it
	Needed   bool                       // a register gives its texts in it
	Space    string                     // between two sentences
	Comma    string                     // between the things of a list
	Pause    string                     // between the parts of a sentence
	Colon    string                     // after what is explained
	Brackets [2]string                  // around what explains
	Period   func(Period, Basis) string // a reference period as people read it
	Day      func(Date) string          // a day as papers write it
}

// Languages lists them, the one that is spoken unless another is asked for first.
func Languages() []Language {
	return []Language{
		{Chinese, "zh-CN", "中文", true, "", "、", "，", "：", [2]string{"（", "）"}, Period.Chinese, Date.chinese},
		{English, "en", "English", true, " ", ", ", ", ", ": ", [2]string{" (", ")"}, Period.English, Date.english},
	}
}

// LanguageOf is the language of a code, the first one for a code nobody knows.
func LanguageOf(code string) Language {
	all := Languages()
	for _, l := range all {
		if l.Code == code {
			return l
		}
	}
	return all[0]
}

// Others lists every language but l.
func (l Language) Others() []Language {
	return slices.DeleteFunc(Languages(), func(o Language) bool { return o.Code == l.Code })
}

// LanguageCodes lists the codes of the languages.
func LanguageCodes() []string {
	var out []string
	for _, l := range Languages() {
		out = append(out, l.Code)
	}
	return out
}

// Every is the text that say gives in each language.
func Every(say func(Language) string) Text {
	var t Text
	for _, l := range Languages() {
		*t.at(l.Code) = say(l)
	}
	return t
}

// Same is a text that is the same in every language.
func Same(s string) Text { return Every(func(Language) string { return s }) }

// Listed joins the things of a list.
func Listed(texts ...Text) Text {
	return Every(func(l Language) string {
		said := make([]string, len(texts))
		for i, t := range texts {
			said[i] = t.In(l.Code)
		}
		return strings.Join(said, l.Comma)
	})
}

// ListedWords is Listed for words that are the same in every language.
func ListedWords(list []string) Text {
	return Every(func(l Language) string { return strings.Join(list, l.Comma) })
}

// In gives the text in lang; what it lacks is said in English, else in Chinese.
func (t Text) In(lang string) string {
	if s := *t.at(lang); s != "" {
		return s
	}
	if t.En != "" {
		return t.En
	}
	return t.Zh
}

// Has reports whether the text is given in lang itself.
func (t Text) Has(lang string) bool { return *t.at(lang) != "" }

// With is the text with what it says in lang.
func (t Text) With(lang, s string) Text {
	*t.at(lang) = s
	return t
}

// Then is the text followed by another sentence.
func (t Text) Then(more Text) Text {
	return Every(func(l Language) string {
		if !t.Has(l.Code) || !more.Has(l.Code) {
			return *t.at(l.Code) + *more.at(l.Code)
		}
		return *t.at(l.Code) + l.Space + *more.at(l.Code)
	})
}

// Explained is the text with more of it in brackets.
func (t Text) Explained(more Text) Text {
	return Every(func(l Language) string { return t.In(l.Code) + l.Brackets[0] + more.In(l.Code) + l.Brackets[1] })
}

// Each lists the text in the languages it is given in.
func (t Text) Each() []string {
	var said []string
	for _, l := range Languages() {
		if s := *t.at(l.Code); s != "" || l.Needed {
			said = append(said, s)
		}
	}
	return said
}

// All is the text in every language, one after the other, for those whose
// language is not known.
func (t Text) All(between string) string {
	return strings.Join(t.Each(), between)
}

// Text is the period as people read it.
func (p Period) Text(b Basis) Text {
	return Every(func(l Language) string { return l.Period(p, b) })
}

// In is the period as people read it in lang.
func (p Period) In(lang string, b Basis) string { return LanguageOf(lang).Period(p, b) }

func (d Date) chinese() string { return fmt.Sprintf("%d年%d月%d日", d.Year, int(d.Month), d.Day) }

func (d Date) english() string { return fmt.Sprintf("%d %s %d", d.Day, d.Month, d.Year) }
