package words_test

import (
	"errors"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"yardstick/schema"
	"yardstick/schema/words"
)

func TestTheCatalogueIsWhole(t *testing.T) {
	if err := words.Check(); err != nil {
		t.Fatal(err)
	}
	hole := regexp.MustCompile(`\{[^}]*\}`)
	for _, id := range words.IDs() {
		s := words.Say(id)
		if s.Zh == "" || s.En == "" {
			t.Errorf("%s lacks a language", id)
		}
		zh, en := hole.FindAllString(s.Zh, -1), hole.FindAllString(s.En, -1)
		slices.Sort(zh)
		slices.Sort(en)
		if !slices.Equal(slices.Compact(zh), slices.Compact(en)) {
			t.Errorf("%s: the Chinese sentence has %v, the English %v", id, zh, en)
		}
	}
}

func TestArgumentsComeInTheirLanguage(t *testing.T) {
	got := words.Say("server-said", "what", schema.Text{Zh: "满了", En: "it is full"})
	if !strings.Contains(got.Zh, "满了") || !strings.Contains(got.En, "it is full") || strings.Contains(got.En, "满") {
		t.Fatalf("%+v", got)
	}
	if unknown := words.Say("no-such-sentence", "a", 1); !strings.Contains(unknown.Zh, "no-such-sentence") {
		t.Fatalf("a lapse is not seen: %+v", unknown)
	}
}

func TestAValueIsNeverTakenForAHole(t *testing.T) {
	got := words.Say("bad-day", "flag", "--{text}", "text", "{flag}")
	if !strings.Contains(got.Zh, "--{text}") || !strings.Contains(got.Zh, "“{flag}”") {
		t.Fatal(got.Zh)
	}
}

func TestAnErrorKeepsItsCause(t *testing.T) {
	err := words.Fail(fs.ErrNotExist, "file-unreadable", "file", "a.csv")
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "a.csv") {
		t.Fatal(err)
	}
}
