package web

import (
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestColoursCanBeRead: text in every hue has the contrast WCAG 2.2 asks of
// small text (4.5 to 1) on both grounds, in light and in dark.
func TestColoursCanBeRead(t *testing.T) {
	css, err := os.ReadFile("assets/board.css")
	if err != nil {
		t.Fatal(err)
	}
	light := regexp.MustCompile(`(?s):root \{(.*?)\}`).FindStringSubmatch(string(css))
	dark := regexp.MustCompile(`(?s):root\[data-theme="dark"\] \{(.*?)\}`).FindStringSubmatch(string(css))
	system := regexp.MustCompile(`(?s)@media \(prefers-color-scheme: dark\) \{\s*:root:not\(\[data-theme\]\) \{(.*?)\}`).FindStringSubmatch(string(css))
	if plain := func(s string) string {
		return strings.Join(strings.Fields(strings.Replace(s, "color-scheme: dark;", "", 1)), " ")
	}; plain(dark[1]) != plain(system[1]) {
		t.Errorf("dark by choice and dark by the system are two shades:\n%s\n%s", dark[1], system[1])
	}
	shades := [][]string{light, dark}
	for i, shade := range shades {
		colour := map[string]string{}
		for _, m := range regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]+)`).FindAllStringSubmatch(shade[1], -1) {
			colour[m[1]] = m[2]
		}
		for _, ink := range []string{"ink", "quiet", "faint", "blue", "green", "amber", "red", "grey"} {
			for _, ground := range []string{"ground", "sheet"} {
				if c := contrast(colour[ink], colour[ground]); c < 4.5 {
					t.Errorf("shade %d: %s on %s has a contrast of %.2f", i, ink, ground, c)
				}
			}
		}
		if c := contrast(colour["banner-ink"], colour["banner"]); c < 4.5 {
			t.Errorf("shade %d: the banner has a contrast of %.2f", i, c)
		}
	}
}

// contrast is WCAG's ratio of relative luminances.
func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + .05) / (min(x, y) + .05)
}

func luminance(hex string) float64 {
	hex = strings.TrimPrefix(hex, "#")
	if len(hex) == 3 {
		hex = strings.Repeat(hex[:1], 2) + strings.Repeat(hex[1:2], 2) + strings.Repeat(hex[2:], 2)
	}
	total := 0.0
	for i, weight := range []float64{.2126, .7152, .0722} {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			return math.NaN()
		}
		c := float64(n) / 255
		if c <= .04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+.055)/1.055, 2.4)
		}
		total += weight * c
	}
	return total
}
