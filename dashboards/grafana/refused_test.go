package grafana

import (
	"fmt"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

func TestWhatThePlanMakesUpIsRefused(t *testing.T) {
	m := maker{plan: planned(), language: english}
	for written, want := range map[string]string{
		"{field: value, widht: 90}":          `no "widht"`,
		"{feild: value}":                     `"feild"`,
		"{field: value, color: gren}":        `"gren"`,
		"{field: value, whole: gren}":        `"gren"`,
		"{field: value, from: [1, gren]}":    `"gren"`,
		"{field: value, from: [one, green]}": "one",
		"{field: value, words: stauts}":      `"stauts"`,
		"{field: value, links: tagret}":      `"tagret"`,
	} {
		t.Run(written, func(t *testing.T) {
			var c yaml.Node
			if err := yaml.Unmarshal([]byte(written), &c); err != nil {
				t.Fatal(err)
			}
			defer func() {
				if said := fmt.Sprint(recover()); !strings.Contains(said, want) {
					t.Errorf("it says %s, without %s", said, want)
				}
			}()
			m.column(*c.Content[0])
		})
	}
}
