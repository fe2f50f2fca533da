package css

import "testing"

func TestStylesSayWhatIsSeen(t *testing.T) {
	var s Sheet
	s.Add(`<!-- .a { display : none } td.b, #c{TEXT-DECORATION:underline line-through} table .d > span{visibility:collapse}
@media print { .e{display:none} } @media screen and (min-width:1px) { .e { font-size: 0px !important } } .f:hover{display:none}
.g{mso-number-format:"\0022约\00220\.0\;\;\@";vertical-align:super} /* .h{display:none} */ .i{width:0;background:url("a;b")} .a.x{} * {vertical-align:sub} -->`)
	of := func(tag, id string, classes ...string) Look {
		return s.Of(Element{Tag: tag, ID: id, Classes: classes}, nil)
	}
	for name, c := range map[string]struct{ got, want Look }{
		"a class":                {of("tr", "", "a"), Look{Gone: On, Lowered: On, Raised: Off}},
		"a class of a tag":       {of("td", "", "b"), Look{Struck: On, Lowered: On, Raised: Off}},
		"of another tag":         {of("th", "", "b"), Look{Lowered: On, Raised: Off}},
		"an id":                  {of("p", "c"), Look{Struck: On, Lowered: On, Raised: Off}},
		"within others":          {s.Of(Element{Tag: "span"}, []Element{{Tag: "table"}, {Tag: "tr"}, {Tag: "td", Classes: []string{"d"}}}), Look{Unseen: On, Lowered: On, Raised: Off}},
		"not within them":        {s.Of(Element{Tag: "span"}, []Element{{Tag: "td", Classes: []string{"d"}}, {Tag: "table"}}), Look{Lowered: On, Raised: Off}},
		"for a screen":           {of("td", "", "e"), Look{Unseen: On, Lowered: On, Raised: Off}},
		"while it is pointed at": {of("td", "", "f"), Look{Lowered: On, Raised: Off}},
		"a number format":        {of("td", "", "g"), Look{Raised: On, Lowered: Off, Format: `"约"0.0;;@`}},
		"in a comment":           {of("td", "", "h"), Look{Lowered: On, Raised: Off}},
		"no width":               {of("td", "", "i"), Look{Narrow: On, Lowered: On, Raised: Off}},
	} {
		if c.got != c.want {
			t.Errorf("%s: %+v, want %+v", name, c.got, c.want)
		}
	}
	if got := (Look{Gone: On, Struck: On}).Over(Read("display:table-row; text-decoration:none;;x")); got != (Look{Gone: Off, Struck: Off}) {
		t.Errorf("%+v", got)
	}
}

// Any text is a style sheet.
func FuzzAdd(f *testing.F) {
	for _, s := range []string{"", "{", "}", "a{b:c", "@media x{a{display:none}", "/*", "<!--", "a{b:\"\\", "@import 'x';a,b{width:0}", "@@{{}}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var s Sheet
		s.Add(text)
		s.Of(Element{Tag: "td", Classes: []string{"a", "b"}}, []Element{{Tag: "table"}})
		Read(text)
	})
}
