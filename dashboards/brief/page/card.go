package page

import (
	"fmt"
	"html/template"
	"io"

	"yardstick/schema"
)

// Card is a brief for a chat, as wide as a phone's picture.
type Card struct {
	Lang, Title, Policy, Number, AsOf string
	Warning                           string // what must be said of all of it
	Turned                            string
	Counts                            []Count
	WorstHead                         string
	Rows                              []CardRow
	Address, More                     string
}

// Language is the card's.
func (c Card) Language() schema.Language { return schema.LanguageOf(c.Lang) }

// Count is how many targets have a status.
type Count struct {
	Status     schema.Status
	Mark, Word string
	N          int
}

// CardRow is one of the worst.
type CardRow struct {
	Status                             schema.Status
	Mark, Word, Title                  string
	Value, Target, Gap, Outlook, Owner string
}

// WriteCard writes c as a page to be photographed.
func WriteCard(w io.Writer, c Card) error {
	style, err := files.ReadFile("templates/card.css")
	if err != nil {
		return fmt.Errorf("reading the card's stylesheet: %w", err)
	}
	t, err := template.New("card.html").Funcs(template.FuncMap{"hue": hue}).ParseFS(files, "templates/card.html")
	if err != nil {
		return fmt.Errorf("reading the card's template: %w", err)
	}
	view := struct {
		Card
		Style template.CSS
	}{c, template.CSS(string(style) + schema.StatusStyles("color"))} // our own
	if err := t.Execute(w, view); err != nil {
		return fmt.Errorf("writing the card: %w", err)
	}
	return nil
}
