package board

import (
	"slices"
	"strings"
	"testing"

	"yardstick/schema"
)

// A file that asks and that nobody answers: what stood before stands, and the
// pages say that a new file is there.
func TestAFileToBeConfirmedIsSaidBesideTheFiguresItIsAbout(t *testing.T) {
	for _, c := range []struct {
		lang, mark string
	}{{"zh", "新文件待确认"}, {"en", "new file unconfirmed"}} {
		pages := func(r ...schema.Receipt) map[string]string {
			f := newFixture(t)
			f.receipts = slices.Concat(r, f.receipts)
			h, out := newBoard(t, f), map[string]string{}
			for name, path := range map[string]string{"board": "/", "feeds": "/feeds", "its target": "/targets/" + policyID + "/ai-compute", "another": "/targets/" + policyID + "/high-standard-farmland",
				"a past day": "/targets/" + policyID + "/ai-compute?as_of=2025-05-31"} {
				sep := "?"
				if strings.Contains(path, "?") {
					sep = "&"
				}
				out[name] = text(page(t, h, path+sep+"lang="+c.lang))
			}
			return out
		}
		asked := schema.Receipt{ID: "R-2025-0011", Status: schema.Asked, Feed: "monthly-targets", File: "目标月报-2025-06.csv", ReceivedAt: sampleReceipts()[0].ReceivedAt.AddDate(0, 0, 1),
			Questions: []schema.Question{{Problem: schema.Problem{Code: "value-jumps", Text: schema.Text{Zh: "是否属实？", En: "Is it true?"}}, Key: "explain"}},
			Coverage:  &schema.Coverage{Series: []string{"ai-compute 210200 point M"}}}
		waits := map[string]bool{}
		for name, body := range pages(asked) {
			waits[name] = strings.Contains(body, c.mark)
		}
		if !waits["board"] || !waits["feeds"] || !waits["its target"] || waits["another"] || waits["a past day"] {
			t.Errorf("%s: %v", c.mark, waits)
		}
		refused := asked
		refused.Status = schema.Withdrawn
		answered := asked
		answered.ID, answered.Status, answered.Questions = "R-2025-0012", schema.Accepted, nil
		for _, list := range [][]schema.Receipt{{refused}, {answered, asked}, {}} {
			for name, body := range pages(list...) {
				if strings.Contains(body, c.mark) {
					t.Errorf("%s still says %q", name, c.mark)
				}
			}
		}
	}
}
