package written

import (
	"slices"
	"strings"
	"testing"

	"yardstick/schema"
)

func TestTraditionalCharactersHaveOneSimpleFormOfTheSameLength(t *testing.T) {
	for _, c := range "廣門灣東陝蘇寧陽連濟臺區縣順慶貴雲龍遼華國產業總價單標數據時間額" {
		s := Simplified(string(c))
		if s == string(c) || len(s) != len(string(c)) {
			t.Errorf("%c is folded to %s", c, s)
		}
	}
}

func TestUnitsAreToldFromOtherWordsInBrackets(t *testing.T) {
	for _, u := range []string{"亿元", "％", "‰", "万吨", "亿立方米", "元/平方米", "元/人", "吨标准煤/万元", "万人次", "亿元人民币", "亿港元", "亿澳门元", "current US$", "% of GDP", "万千瓦时", "PFlops", "个百分点", "吨"} {
		if !LooksLikeUnit(u) {
			t.Errorf("%s is a unit", u)
		}
	}
	for _, w := range []string{"不含农户", "上年同期=100", "累计", "现价", "规模以上", "2020年", "含个人", "一", "万"} {
		if LooksLikeUnit(w) {
			t.Errorf("%s is no unit", w)
		}
	}
}

func TestNumbersAreReadAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string]string{
		"2152.40": "2152.40", "-3.2": "-3.2", "+5": "5", "0": "0", "0.0": "0.0", ".5": "0.5", " 12 ": "12",
		"9,516.9": "9516.9", "1,234,567": "1234567", "1 234 567.8": "1234567.8", "１２３．４": "123.4", "－５": "-5", "−5": "-5", "９，５１６．９": "9516.9",
		"15.3%": "15.3 %", "15.3％": "15.3 %", "3.1‰": "3.1 ‰", "43万": "43 万", "43 万亩": "43 万亩", "1.24万户": "1.24 万户", "9516.9亿": "9516.9 亿",
		"1.2E+05": "120000", "1e3": "1000", "0.95EFlops": "0.95 EFlops", "5.": "5", "- 5": "-5", "–0.4": "-0.4", "— 7": "-7", "‐3.5%": "-3.5 %", "负0.3": "-0.3", "负": "fault", "—5—": "fault", "12\u00a0345": "12345", "'5": "fault",
		"": "missing", "—": "missing", "——": "missing", "-": "missing", "--": "missing", "…": "missing", "……": "missing", "空": "missing", "n/a": "missing", "N/A": "missing", "　": "missing", "#N/A": "missing",
		"12,34": "fault", "9516,9": "fault", "1,2345": "fault", "1,234,56": "fault", "0,123": "fault", "1 2": "fault", "1.2.3": "fault", "一百": "fault", "无": "fault",
		"超20000*": "fault", "20000*": "fault", "约5": "fault", "100+": "fault", ">5": "fault", "5多": "fault", "5以上": "fault", "(5)": "fault", "5-6": "fault", "1/2": "fault", "#REF!": "fault", "=A1": "fault",
		"1,234.5,6": "fault", "--5": "fault", "1e999": "fault", "NaN5": "fault", "∞": "fault", "0x10": "10?", "1_000": "fault", "٣": "fault",
	} {
		t.Run(text, func(t *testing.T) {
			n := ReadNumber(text, ',')
			got := "missing"
			switch {
			case n.Fault != "":
				got = "fault"
			case n.Value != nil:
				got = strings.TrimSpace(n.Value.String() + " " + n.Suffix)
			}
			if want == "10?" { // digits after letters are no unit
				want = "fault"
			}
			if got != want {
				t.Errorf("%q is read as %s, want %s", text, got, want)
			}
		})
	}
}

func TestACommaBeforeThreeDigitsIsUnclearWhereSemicolonsPartTheCells(t *testing.T) {
	if n := ReadNumber("1,234", ';'); n.Fault != NumberAmbiguous {
		t.Errorf("read as %+v", n)
	}
	for _, clear := range []string{"1,234.5", "1,234,567"} {
		if n := ReadNumber(clear, ';'); n.Fault != "" {
			t.Errorf("%s: %s", clear, n.Fault)
		}
	}
}

func TestBasesAndStatusesAreReadInBothLanguages(t *testing.T) {
	for text, want := range map[string][]schema.Basis{
		"point": {schema.Point}, "时点": {schema.Point}, "期末": {schema.Point}, "当期": {schema.InPeriod}, "当月": {schema.InPeriod}, "YTD": {schema.YearToDate},
		"本年累计": {schema.YearToDate}, "累计": {schema.YearToDate, schema.Cumulative}, "cumulative": {schema.Cumulative}, "累 计": {schema.YearToDate, schema.Cumulative}, "同比": nil,
	} {
		if got := ReadBasis(text); !slices.Equal(got, want) {
			t.Errorf("%s is %v, want %v", text, got, want)
		}
	}
	for text, want := range map[string]schema.ObsStatus{"A": "A", "p": "P", "初步核算": "P", "最终核实": "A", "预计数": "E", "Ｐ": "P"} {
		if got, ok := ReadStatus(text); !ok || got != want {
			t.Errorf("%s is %s, want %s", text, got, want)
		}
	}
	if _, ok := ReadStatus("r"); ok {
		t.Error("r (revised) is no status of the list")
	}
}

func TestUnitsInBracketsAreCutOffNames(t *testing.T) {
	for name, want := range map[string]string{
		"国内生产总值(亿元)": "国内生产总值|亿元", "国内生产总值（亿元）": "国内生产总值|亿元", "比重(%)": "比重|%", "农田(高标准)(万亩)": "农田(高标准)|万亩", "GDP": "GDP|", "(亿元)": "(亿元)|", "a()": "a()|",
	} {
		bare, inner, ok := SplitBrackets(name)
		if !ok {
			bare, inner = name, ""
		}
		if got := bare + "|" + inner; got != want {
			t.Errorf("%s is cut as %s, want %s", name, got, want)
		}
	}
	if LooksLikeUnit("累计") || LooksLikeUnit("不含农户投资的固定资产") || !LooksLikeUnit("亿元") || !LooksLikeUnit("％") {
		t.Error("units are told from other words wrongly")
	}
}

func FuzzReadNumber(f *testing.F) {
	for _, s := range []string{"", "1", "-1,234.50", "１，２３４", "43万亩", "15.3%", "—", "1e5", "1e80", "1e-80", "超20000*", "9516,9", "1 234", "'1'", "- 5", "+", ".", "1e", "#REF!"} {
		f.Add(s, byte(','))
	}
	f.Fuzz(func(t *testing.T, s string, delimiter byte) {
		n := ReadNumber(s, delimiter)
		if n.Fault != "" && (n.Value != nil || n.Suffix != "") {
			t.Fatalf("%q: a fault and a figure: %+v", s, n)
		}
		if n.Value == nil {
			return
		}
		again, err := schema.ParseDecimal(n.Value.String())
		if err != nil || !again.Equal(*n.Value) {
			t.Fatalf("%q: %s does not come back: %v", s, n.Value, err)
		}
		if digits := strings.ContainsAny(FoldWidth(s), "0123456789"); !digits {
			t.Fatalf("%q holds no digit and is read as %s", s, n.Value)
		}
	})
}

func TestTimesAreFoldedAwayAndOtherWordsKept(t *testing.T) {
	for written, want := range map[string]string{
		"2025年9月":     "#",
		"2025年1—9月":   "#",
		"２０２５年前三季度":   "#",
		"9月累计":        "#累计",
		"1-9月累计":      "#累计",
		"Sep 2025":    "#",
		"2025 Q3":     "#",
		"2025-09":     "#",
		"第三产业增加值":     "第三产业增加值",
		"上年同期=100":    "上年同期=#",
		"二〇二五年九月":     "#",
		"表3 2025年9月末": "表#",
		"本年":          "本年",
		"May 2025":    "#",
		"market":      "market",
		"十月":          "#",
		"截至9月底余额":     "#余额",
	} {
		if got := FoldTimes(written); got != want {
			t.Errorf("%q folds to %q, want %q", written, got, want)
		}
	}
}

// A unit is cut off behind an underscore whatever it is.
func TestUnitsBehindUnderscoresAreCut(t *testing.T) {
	for text, want := range map[string]string{
		"绿化率_%": "绿化率 %", "就业增速＿％": "就业增速 ％", "死亡率_‰": "死亡率 ‰", "合格率 _ %": "合格率 %", "产值_亿元": "产值 亿元", "占比%": "占比 %",
	} {
		if bare, unit, _ := CutUnit(text); bare+" "+unit != want {
			t.Errorf("%s is cut into %q and %q", text, bare, unit)
		}
	}
}
