package bridge

import (
	"cmp"
	"embed"
	"fmt"
	"strings"
	"text/template"
	"time"

	"yardstick/schema"
	"yardstick/schema/words"
)

//go:embed templates/*.tmpl
var templates embed.FS

// Message is what one channel is told at once.
type Message struct {
	Lang   string // code of a language
	Test   bool   // sent by somebody trying the channel
	Urgent bool   // may wake people
	Fresh  []Item
	Repeat []Item
	Ended  []Item
	Still  int // others of the group that fire and were told before
	Cut    int // items left out because the channel's messages are short
}

// Item is one alert as people read it.
type Item struct {
	Title   string // 进度滞后：高标准农田
	Facts   string // value, target, gap, deadline, owner
	Next    string // what to do now
	Link    string // the page that shows it
	Runbook string
	Lasted  string // how long an ended alert lasted
}

// compose words n for a channel.
func compose(n news, lang string) Message {
	m := Message{Lang: lang, Still: n.still, Fresh: items(n.fresh, lang), Repeat: items(n.repeat, lang), Ended: items(n.ended, lang)}
	for _, a := range n.fresh {
		m.Urgent = m.Urgent || a.Labels["severity"] == "page"
		m.Test = m.Test || a.Labels["test"] == "yes"
	}
	return m
}

// annotation is the name of an annotation in lang: Chinese has the bare one.
func annotation(name, lang string) string {
	if lang == schema.Chinese {
		return name
	}
	return name + "_" + lang
}

func items(alerts []Alert, lang string) (out []Item) {
	for _, a := range alerts {
		out = append(out, item(a, lang))
	}
	return out
}

func item(a Alert, lang string) Item {
	in := func(name string) string {
		text := cmp.Or(a.Annotations[annotation(name, lang)], a.Annotations[annotation(name, schema.English)], a.Annotations[name])
		if lang == schema.Chinese {
			text = a.Annotations[name]
		}
		return strings.Join(strings.Fields(text), " ")
	}
	i := Item{Title: in("summary"), Facts: in("description"), Next: in("next"), Link: a.Annotations["link"], Runbook: a.Annotations["runbook"]}
	if i.Title == "" { // an alert of somebody else's rules
		i.Title = a.Name()
	}
	if a.resolved() && a.EndsAt.After(a.StartsAt) {
		i.Lasted = lasted(a.EndsAt.Sub(a.StartsAt), lang)
	}
	return i
}

// lasted words a duration to the largest unit that people would name.
func lasted(d time.Duration, lang string) string {
	switch {
	case d >= 48*time.Hour:
		return words.Say("alert-days", "n", int(d.Hours()/24)).In(lang)
	case d >= 2*time.Hour:
		return words.Say("alert-hours", "n", int(d.Hours())).In(lang)
	}
	return words.Say("alert-minutes", "n", max(1, int(d.Minutes()))).In(lang)
}

// Title is the message's first line, and the subject of a letter.
func (m Message) Title() string {
	mark := "alert-mark"
	switch {
	case m.Test:
		mark = "alert-mark-test"
	case m.Urgent:
		mark = "alert-mark-urgent"
	}
	var what string
	switch {
	case len(m.Fresh) == 1 && len(m.Repeat)+len(m.Ended) == 0:
		what = m.Fresh[0].Title
	case len(m.Ended) == 1 && len(m.Fresh)+len(m.Repeat) == 0:
		what = m.Say("alert-ended", "title", m.Ended[0].Title)
	default:
		var parts []string
		for _, p := range []struct {
			id string
			n  int
		}{{"alert-n-fresh", len(m.Fresh)}, {"alert-n-repeat", len(m.Repeat)}, {"alert-n-ended", len(m.Ended)}} {
			if p.n > 0 {
				parts = append(parts, m.Say(p.id, "n", p.n))
			}
		}
		what = strings.Join(parts, m.Say("alert-comma"))
	}
	return m.Say(mark) + what
}

// Single reports whether the title names the only item.
func (m Message) Single() bool {
	return len(m.Fresh)+len(m.Repeat)+len(m.Ended) == 1 && len(m.Repeat) == 0
}

// Say is a sentence of the catalogue in the message's language.
func (m Message) Say(id string, args ...any) string { return words.Say(id, args...).In(m.Lang) }

// Template forms.
const (
	formText     = "text"
	formMarkdown = "markdown"
	formMail     = "mail"
)

// render fills the form's template. While the text is longer than most bytes,
// the last item is left out and counted instead, but never the first.
func (m Message) render(form string, most int) (string, error) {
	t, err := template.New(form+".tmpl").Funcs(template.FuncMap{"plain": plain, "inc": func(i int) int { return i + 1 }}).ParseFS(templates, "templates/"+form+".tmpl")
	if err != nil {
		return "", fmt.Errorf("reading the template %s: %w", form, err)
	}
	for {
		var b strings.Builder
		if err := t.Execute(&b, m); err != nil {
			return "", fmt.Errorf("filling the template %s: %w", form, err)
		}
		text := strings.TrimSpace(b.String()) + "\n"
		if len(text) <= most {
			return text, nil
		}
		if !m.shorten() {
			return cut(text, most), nil
		}
	}
}

// shorten leaves the last item out: what ended first, then what is repeated.
func (m *Message) shorten() bool {
	for _, list := range []*[]Item{&m.Ended, &m.Repeat, &m.Fresh} {
		if n := len(*list); n > 0 && len(m.Fresh)+len(m.Repeat)+len(m.Ended) > 1 {
			*list = (*list)[: n-1 : n-1]
			m.Cut++
			return true
		}
	}
	return false
}

// cut ends text at a whole character within most bytes.
func cut(text string, most int) string {
	const end = "…\n"
	if most < len(end) {
		return ""
	}
	text = text[:most-len(end)]
	for len(text) > 0 && text[len(text)-1]&0xC0 == 0x80 {
		text = text[:len(text)-1]
	}
	if n := len(text); n > 0 && text[n-1] >= 0xC0 {
		text = text[:n-1]
	}
	return text + end
}

// plain takes the meaning from what Markdown would read as markup: the robots
// know no escapes, so wide forms stand in.
func plain(s string) string {
	return strings.NewReplacer("<", "＜", ">", "＞", "[", "［", "]", "］", "*", "＊", "`", "＇", "#", "＃").Replace(s)
}
