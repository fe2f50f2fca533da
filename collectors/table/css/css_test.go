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
		"for a screen":           {of("td", "", "e"), Look{Small: On, Lowered: On, Raised: Off}},
		"while it is pointed at": {of("td", "", "f"), Look{Lowered: On, Raised: Off}},
		"a number format":        {of("td", "", "g"), Look{Raised: On, Lowered: Off, Format: `"约"0.0;;@`}},
		"in a comment":           {of("td", "", "h"), Look{Lowered: On, Raised: Off}},
		"no width":               {of("td", "", "i"), Look{Narrow: On, Lowered: On, Raised: Off, Paper: "?"}},
	} {
		if c.got != c.want {
			t.Errorf("%s: %+v, want %+v", name, c.got, c.want)
		}
	}
	if got := (Look{Gone: On, Struck: On}).Over(Read("display:table-row; text-decoration:none;;x")); got != (Look{Gone: Off, Struck: Off}) {
		t.Errorf("%+v", got)
	}
}

// What hides an element in one way or another, and what only looks like it.
func TestWhatNoEyeSees(t *testing.T) {
	for style, want := range map[string]bool{
		"opacity:0": true, "opacity: .02": true, "opacity:3%": true, "opacity:.6": false, "opacity:1": false, "filter: blur(1px) opacity(0)": true,
		"filter:blur(1px)": false, "position:absolute;left:-9999px;top:0": true, "position:fixed;top:-500em": true, "left:-20px": false,
		"text-indent:-9999px": true, "text-indent:-2em": false, "margin:0 0 0 -2000px": true, "margin-left:-10px": false,
		"transform:scale(0)": true, "transform:scale(0, 1)": true, "transform:scale(1.2)": false, "transform:translate(-5000px, 0)": true,
		"transform:translate(-50%,-50%)": false, "transform:scale(,)": false, "scale:0": true, "clip:rect(0,0,0,0)": true,
		"clip: rect(1px 1px 1px 1px)": true, "clip:rect(0px,60px,200px,0px)": false, "clip:auto": false, "clip-path:inset(50%)": true, "clip-path:inset(2px)": false,
		"clip-path:circle(0)": true, "clip-path:circle(40%)": false, "width:1px;height:1px;overflow:hidden": true, "height:0;overflow:hidden": true,
		"max-width:0;overflow-x:hidden": true, "height:0": false, "width:90px;overflow:hidden": false, "content-visibility:hidden": true,
		"display:none": true, "mso-hide:all": true, "color:red": false, "": false,
	} {
		if got := Read(style).Lost(true); got != want {
			t.Errorf("%s is lost: %v", style, got)
		}
	}
	for style, want := range map[string]State{"font-size:0": On, "font:0/0 a": On, "font: bold 12px/1.5 Arial": Off, "visibility:hidden;font-size:9pt": Off, "color:red": Unsaid} {
		if got := Read(style).Small; got != want {
			t.Errorf("%s is small: %v", style, got)
		}
	}
	if Read("visibility:hidden;font-size:9pt").Unseen != On {
		t.Error("a size of its own makes hidden letters seen")
	}
}

func TestColours(t *testing.T) {
	for written, want := range map[string]string{"White": "ffffff", "#FFF": "ffffff", "#ffffff": "ffffff", "#ffffffff": "ffffff", "rgb(255, 255, 255)": "ffffff",
		"rgba(255,255,255,1)": "ffffff", "rgb(100%,100%,100%)": "ffffff", "window": "ffffff", "windowtext": "000000", "#1a2B3c": "1a2b3c", "rgb(26 43 60)": "1a2b3c",
		"transparent": "none", "rgba(0,0,0,0)": "none", "#12345600": "none", "inherit": "", "": "", "navy": "000080", "plum": "plum", "a=b": "a=b", "url(a.png) white": "?", "rgb(a,b,c)": "?"} {
		if got := Colour(written); got != want {
			t.Errorf("%q is %q, want %q", written, got, want)
		}
	}
}

// Any text is a style sheet.
func FuzzAdd(f *testing.F) {
	for _, s := range []string{"", "{", "}", "a{b:c", "@media x{a{display:none}", "/*", "<!--", "a{b:\"\\", "@import 'x';a,b{width:0}", "@@{{}}", "a{transform:scale(,);clip:rect(;color:rgba(}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var s Sheet
		s.Add(text)
		s.Of(Element{Tag: "td", Classes: []string{"a", "b"}}, []Element{{Tag: "table"}})
		Read(text)
	})
}
