package board

import (
	"encoding/json"
	"net/http/httptest"
	"testing"

	"yardstick/dashboards/browsertest"
)

// where tells how the marked cell stands in its table's window, whether its
// headings are in view with it, and what the keyboard reaches.
const where = `JSON.stringify((() => {
  const box = document.querySelector('.kept-box'), cell = document.getElementById('here');
  const b = box.getBoundingClientRect(), c = cell.getBoundingClientRect();
  const seen = (e) => { const r = e.getBoundingClientRect(); return r.right > b.left && r.left < b.right && r.bottom > b.top && r.top < b.bottom; };
  const number = cell.parentElement.querySelector('th').getBoundingClientRect();
  const side = cell.parentElement.querySelector('.side').getBoundingClientRect();
  const told = {inside: c.left >= b.left && c.right <= b.right && c.top >= b.top && c.bottom <= b.bottom, covered: c.left < side.right - 1,
    letters: [...box.querySelectorAll('thead th')].some((e) => e.textContent === 'D' && seen(e)), number: number.left >= b.left, head: seen(document.getElementById('c-C1')),
    side: side.left >= b.left && side.width > 20, label: box.getAttribute('aria-label'), caption: !!box.querySelector('caption'), current: cell.getAttribute('aria-current')};
  document.querySelector('a[href="#here"]').click();
  return {...told, focus: document.activeElement === box};
})())`

func TestTheMarkedCellIsInViewWithItsHeadingsOnEveryScreen(t *testing.T) {
	server := httptest.NewServer(newBoard(t, newFixture(t)))
	defer server.Close()
	b := browsertest.New(t)
	for _, width := range []int64{390, 1280, 1920} {
		b.Visit(t, server.URL+farmlandCell, browsertest.Look{Width: width})
		said := b.Eval(t, where)
		var w struct {
			Inside, Covered, Letters, Number, Head, Side, Focus, Caption bool
			Label, Current                                               string
		}
		if err := json.Unmarshal([]byte(said), &w); err != nil {
			t.Fatal(err)
		}
		if !w.Inside || w.Covered || !w.Side || !w.Letters || !w.Number || !w.Head || !w.Focus || !w.Caption || w.Label == "" || w.Current != "true" {
			t.Errorf("at %d px: %s", width, said)
		}
	}
}
