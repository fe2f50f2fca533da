package board

import (
	"strings"
	"testing"

	"yardstick/schema"
)

func TestTheLaggingListSaysWhatOwnersSayAndSoDoesItsTable(t *testing.T) {
	h := newBoard(t, newFixture(t), speaking(sampleSpeech()))
	body := page(t, h, "/lagging")
	has(t, text(body), "设备未到齐", "2025-05-31，承诺日期已过30天，目标仍为“进度滞后”", "认定慢", "未填报")
	if !strings.Contains(body, `href="/upload/statements/`+policyID+`/soe-layer-compression"`) {
		t.Error("where nothing was said, no link leads to where it is said")
	}
	csv := get(t, h, "/lagging?table=lagging&format=csv").Body.String()
	has(t, csv, "设备未到齐,催货,", "张三填报于 2025-04-18 · 演示数据", "未填报")
	if silent := text(page(t, newBoard(t, newFixture(t)), "/lagging")); strings.Contains(silent, "未填报") {
		t.Error("where no statements are read, one is said to be missing")
	}
	if early := text(page(t, h, "/lagging?as_of=2025-03-10&worst=27")); strings.Contains(early, "设备未到齐") {
		t.Error("looking back, the list knows what was said later")
	}
}

func TestFiguresOfTheLaggingListLeadToTheirCells(t *testing.T) {
	body := page(t, newBoard(t, newFixture(t)), "/lagging?worst=27")
	_, row, _ := strings.Cut(body, `id="t-ai-compute"`)
	row, _, _ = strings.Cut(row, "</tbody>")
	if !strings.Contains(row, `<a class="fig" href="/figures/`) && !strings.Contains(row, `<a class="fig" href="/cells/`) {
		t.Errorf("the figure leads nowhere:\n%s", row)
	}
	if !strings.Contains(page(t, newBoard(t, newFixture(t)), "/lagging?worst=27&as_of=2025-05-31"), "as_of=2025-05-31") {
		t.Error("looking back, the links forget the day")
	}
}

func TestTheGapOfACadenceIsTheVerdicts(t *testing.T) {
	p := schema.Target{Kind: schema.Cadence, Every: schema.TenDay, Unit: "天", Value: schema.MustDecimal("10")}
	for _, x := range []struct {
		every        schema.Frequency
		gap, lang    string
		number, rest string
	}{
		{schema.TenDay, "-10", "zh", "10", "天 距下次应报"},
		{schema.TenDay, "0", "zh", "0", "天 距下次应报"},
		{schema.TenDay, "3", "zh", "3", "天 报送超期"},
		{schema.Daily, "-1", "zh", "1", "个工作日 距下次应报"},
		{schema.Daily, "-1", "en", "1", "working day next report due in"},
		{schema.Daily, "2", "en", "2", "working days report late by"},
	} {
		value, gap := schema.MustDecimal("9"), schema.MustDecimal(x.gap)
		p.Every = x.every
		f := newFixture(t)
		b := &board{Options: Options{Register: f.register}}
		fr := inWords(x.lang)
		number, unit, word := b.subjectOf(fr, schema.Policy{}, p, schema.Verdict{Kind: schema.Cadence, Value: &value, Gap: &gap}, nil).Gap()
		if number != x.number || unit+" "+word != x.rest {
			t.Errorf("%+v is told as %s %s %s", x, word, number, unit)
		}
	}
}

func TestTheLinkToTheBriefHoldsOnlyWhatTheBriefUnderstands(t *testing.T) {
	h := newBoard(t, newFixture(t), func(o *made) { o.Brief = "/brief" })
	body := page(t, h, "/lagging?compare=meeting&worst=5&theme=dark&as_of=2025-05-31&lang=en")
	if !strings.Contains(body, `href="/brief?as_of=2025-05-31&amp;lang=en"`) {
		t.Error("the link to the brief asks for more than it can answer")
	}
}
