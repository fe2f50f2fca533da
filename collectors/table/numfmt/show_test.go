package numfmt

import "testing"

// What a format shows beside what is stored. Shown is "" where the eye sees the
// text itself.
func TestAFormatThatSaysSomethingElseIsDoubted(t *testing.T) {
	for _, c := range []struct {
		code   string
		number float64
		text   string
		why    Doubt
		shown  string
	}{
		// Nothing else is said: blanks, currencies, signs of percentages, colours, rounding.
		{"General", 12.5, "12.5", Agrees, ""},
		{"0.0_ ", 12.55, "12.55", Agrees, ""},
		{`"¥"#,##0.00`, 3333.5, "3333.50", Agrees, ""},
		{`[$¥-804]#,##0.00;[红色]-#,##0.00`, -3333.5, "-3333.50", Agrees, ""},
		{`[$CNY] 0.0`, 7.5, "7.5", Agrees, ""},
		{`0.0"%"`, 6.2, "6.2", Agrees, ""},
		{`0.00%`, 0.062, "6.20%", Agrees, ""},
		{`+0.0;-0.0;0.0`, 6.2, "6.2", Agrees, ""},
		{`+0.0;-0.0;0.0`, -6.2, "-6.2", Agrees, ""},
		{`_-* #,##0.0_-;\-* #,##0.0_-;_-* "-"??_-;_-@_-`, -6.2, "-6.2", Agrees, ""},
		{`0.0;[Red]-0.0`, -6.2, "-6.2", Agrees, ""},
		{`0.0"下降";`, 0.5, "0.5", FormatWords, "0.5下降"},
		{`0.0,`, 77123, "77123", Agrees, ""},
		{`0!.0,"万"`, 77123, "77123", Agrees, ""},
		{`0!.00,,"亿"`, 771230000, "771230000", Agrees, ""},
		{`0"年"`, 2031, "2031年", Agrees, ""},
		{`G/通用格式"年"`, 2031, "2031年", Agrees, ""},
		{`0.00E+00`, 12345, "12345", Agrees, ""},
		{`# ?/?`, 0.5, "0.5", Agrees, ""},
		{"0.00", 2031.1, "2031.10", Agrees, ""},
		{"@", 31.5, "31.5", Agrees, ""},
		// A sign that is not the number's.
		{`"下降"0.0`, 8.4, "8.4", FormatWords, "下降8.4"},
		{`"减少"0.0"个百分点"`, 8.4, "8.4", FormatWords, "减少8.4个百分点"},
		{`"增长"0.0;"下降"0.0`, -8.4, "-8.4", FormatWords, "下降8.4"},
		{`0.0;0.0`, -8.4, "-8.4", FormatWords, "8.4"},
		{`0.0;[Red]0.0`, -8.4, "-8.4", FormatWords, "8.4"},
		{`0.0_);(0.0)`, -8.4, "-8.4", FormatWords, "(8.4)"},
		{`(0.0)`, 8.4, "8.4", FormatWords, "(8.4)"},
		{`-0.0`, 8.4, "8.4", FormatWords, "-8.4"},
		{`▲0.0;▼0.0`, -8.4, "-8.4", FormatWords, "▼8.4"},
		{`[<0]"↓"0.0;0.0`, -8.4, "-8.4", FormatWords, "↓8.4"},
		// Units and other words.
		{`#,##0.0"亿元"`, 4321.5, "4321.5", FormatWords, "4,321.5亿元"},
		{`0.0亿元`, 4321.5, "4321.5", FormatWords, "4321.5亿元"},
		{`0!.0,"万元"`, 77123, "77123", FormatWords, "7.7万元"},
		{`0"年1-9月"`, 2031, "2031", FormatWords, "2031年1-9月"},
		{`0"月"`, 7, "7", FormatWords, "7月"},
		{`0000"-"00`, 203107, "203107", FormatWords, "2031-07"},
		{`"约"0.0`, 8.4, "8.4", FormatWords, "约8.4"},
		{`"超"0`, 8.4, "8.4", FormatWords, "超8"},
		{`"1"0`, 8, "8", FormatWords, "18"},
		{`[=1]"是";[=0]"否"`, 1, "1", FormatWords, "是"},
		{`0.0;-0.0;"—"`, 0, "0", FormatWords, "—"},
		{`_-* #,##0.0_-;\-* #,##0.0_-;_-* "-"??_-;_-@_-`, 0, "0", FormatWords, "-"},
		// Nothing is shown.
		{`;;;`, 8.4, "8.4", FormatHides, ""},
		{`;;;@`, 8.4, "8.4", FormatHides, ""},
		{`0.0;-0.0;`, 0, "0", FormatHides, ""},
		{`#`, 0.2, "0.2", FormatHides, ""},
		{`0;;`, -3, "-3", FormatHides, ""},
		// Days: of the 1st of July 2031, and the 1st of January.
		{"yyyy-mm-dd", 48030, "2031-07-01", Agrees, ""},
		{`yyyy"年"m"月"`, 48030, "2031-07", Agrees, ""},
		{"yyyy", 48030, "2031-07-01", FormatDate, "2031"},
		{`yyyy"年"`, 48030, "2031-07-01", FormatDate, "2031"},
		{`m"月"`, 48030, "2031-07-01", FormatDate, "7月"},
		{"m-d", 48030, "2031-07-01", FormatDate, "7-1"},
		{`yyyy"年1-"m"月"`, 48030, "2031-07-01", FormatWords, "2031年1-7月"},
		{`yyyy"年上半年"`, 48030, "2031-07-01", FormatWords, "2031年上半年"},
	} {
		text, a := FormatOf(0, c.code).Value(c.number, false)
		if text != c.text || a.Why != c.why || a.Shown != c.shown {
			t.Errorf("%g as %s is %q, %v %q; want %q, %v %q", c.number, c.code, text, a.Why, a.Shown, c.text, c.why, c.shown)
		}
	}
}

func TestAFormatMayHideATextOrAddToIt(t *testing.T) {
	for _, c := range []struct {
		code, text string
		why        Doubt
		shown      string
	}{
		{"@", "甲", Agrees, ""}, {"0.0", "甲", Agrees, ""}, {"General", "甲", Agrees, ""}, {";;;@", "甲", Agrees, ""}, {"_-@_-", "甲", Agrees, ""},
		{";;;", "甲", FormatHides, ""}, {`@"（暂定）"`, "甲", FormatWords, "甲（暂定）"}, {`0;0;0;"无"`, "甲", FormatWords, "无"}, {";;;", "", Agrees, ""},
	} {
		if why, shown := FormatOf(0, c.code).Text(c.text); why != c.why || shown != c.shown {
			t.Errorf("%q as %s: %v %q, want %v %q", c.text, c.code, why, shown, c.why, c.shown)
		}
	}
}

func TestASheetWithoutZerosHidesThem(t *testing.T) {
	if _, a := FormatOf(0, "0.0").WithoutZeros().Value(0, false); a.Why != FormatHides {
		t.Errorf("%+v", a)
	}
	if _, a := FormatOf(0, "0.0").WithoutZeros().Value(3, false); a.Why != Agrees {
		t.Errorf("%+v", a)
	}
}
