package schema

import (
	"math/rand/v2"
	"testing"
)

func TestAnAnswerIsPartedAtItsKey(t *testing.T) {
	for text, want := range map[string][2]string{
		"unit=亿元":                  {"unit", "亿元"},
		" unit.gdp = 亿元 ":          {"unit.gdp", "亿元"},
		"explain=一次性, 见 a=b":       {"explain", "一次性, 见 a=b"},
		"column.名, 二=ignore":       {"column.名, 二", "ignore"},
		`column."上年同月=100"=ignore`: {"column.上年同月=100", "ignore"},
		`column."说""明=1"=`:         {`column.说"明=1`, ""},
		`column."甲"指标=ignore`:      {`column."甲"指标`, "ignore"},
		`column."开口=ignore`:        {`column."开口`, "ignore"},
		`note=a."b"=c`:             {"note", `a."b"=c`},
		`unit."x.y"=1`:             {"unit.x.y", "1"},
		`indicator.a."b"=c`:        {"indicator.a.b", "c"},
		"period@5月=2025-05":        {"period@5月", "2025-05"},
		`period@"a=b"=2025-05`:     {"period@a=b", "2025-05"},
		`region@a@b.c=中山区`:         {"region@a@b.c", "中山区"},
		`region@"""甲""=.""x"=大连`:   {`region@"甲"=."x`, "大连"},
	} {
		if key, value, ok := ParseAnswer(text); !ok || key != want[0] || value != want[1] {
			t.Errorf("%q: %q %q %v, want %q", text, key, value, ok, want)
		}
	}
	for _, text := range []string{"", "unit", "=亿元", " = ", `."x"=y`} {
		if key, value, ok := ParseAnswer(text); ok {
			t.Errorf("%q: %q %q", text, key, value)
		}
	}
}

// Property: any key that questions ask is read back from its quoted form.
func TestEveryKeyIsReadBack(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	signs := []rune(`="".,:指标(100)a`)
	for range 20_000 {
		name := make([]rune, 1+r.IntN(8))
		for i := range name {
			name[i] = signs[r.IntN(len(signs))]
		}
		key := "column." + string(name) + []string{"", "z"}[r.IntN(2)]
		if got, value, ok := ParseAnswer(QuotedKey(key) + "=a=b,c"); !ok || got != key || value != "a=b,c" {
			t.Fatalf("%q, quoted %q, is read as %q %q %v", key, QuotedKey(key), got, value, ok)
		}
	}
}
