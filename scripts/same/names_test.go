//go:build same

package same

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// names replaces what differs between two runs of one program by words that do
// not, so that only what is said remains. Everything that is replaced is here.
type names struct {
	hidden   []string          // pairs for a strings.Replacer: addresses and folders of the run
	receipts map[string]string // number -> feed and file, or the order of its first appearance
	kept     map[string]bool   // checksums of files that are the same for both sides
	first    uint64            // the ledger's number of the first figures; what came before is the program's own
	days     []string          // the days on which the run takes place, as they are written
}

func newNames() *names {
	n := &names{receipts: map[string]string{}, kept: map[string]bool{}}
	now := time.Now()
	for _, d := range []int{-1, 0, 1} {
		n.days = append(n.days, now.AddDate(0, 0, d).Format(time.DateOnly))
	}
	return n
}

// hide says what stands for a value of this run.
func (n *names) hide(value, word string) { n.hidden = append(n.hidden, value, word) }

// rule replaces a pattern. Each says why what it hides must differ.
type rule struct {
	pattern *regexp.Regexp
	word    string
}

var rules = []rule{
	// An asset's address holds the digest of its content: a line of CSS is not said to anybody.
	{regexp.MustCompile(`-[0-9a-f]{12}\.(css|js|svg|woff2|png)`), `-‹digest›.$1`},
	// Tokens of forms and drafts are random.
	{regexp.MustCompile(`(name="?csrf"? value="?)[0-9a-f]+`), `$1‹token›`},
	{regexp.MustCompile(`/upload/files/[0-9A-Za-z_-]{8,}`), `/upload/files/‹draft›`},
	// A cookie's value is random.
	{regexp.MustCompile(`(yardstick_(?:session|form)=)[0-9a-f]+`), `$1‹token›`},
	// An entity tag is made from the answer, which is compared itself.
	{regexp.MustCompile(`(?m)^Etag: .*$`), `Etag: ‹tag›`},
	// A page's inline script is named by its digest.
	{regexp.MustCompile(`'sha256-[0-9A-Za-z+/=]+'`), `'sha256-‹digest›'`},
	// How long something took is the machine's.
	{regexp.MustCompile(`"took(_ms)?": ?[0-9.]+`), `"took$1": ‹time›`},
	// The pinned clock begins at noon in Beijing: what it shows since is how long the run has lasted.
	{regexp.MustCompile(`2025-06-30(?:T0[4-6]:\d\d:\d\d(?:\.\d+)?Z| 1[2-4]:\d\d\b)`), `‹time›`},
	// The time of the day on which the pinned clock began to run.
	{regexp.MustCompile(`(?m)^(yardstick_clock_timestamp_seconds) .*$`), `$1 ‹time›`},
	// The short code of a receipt is the head of a digest over rows that hold the time they came.
	{regexp.MustCompile(`((?:核对码|Short code)\n)[0-9A-F]{4}-[0-9A-F]{4}\n`), "$1‹code›\n"},
	// A cursor holds a receipt's number or time.
	{regexp.MustCompile(`\bcursor=[0-9A-Za-z_%-]+`), `cursor=‹cursor›`},
	{regexp.MustCompile(`"next_cursor": ?"[^"]+"`), `"next_cursor": "‹cursor›"`},
}

var (
	receiptNumber = regexp.MustCompile(`R\d{8}-[0-9A-Z]{8}`)
	rowNumber     = regexp.MustCompile(`("seq": ?)(\d+)\b`)
	checksum      = regexp.MustCompile(`\b[0-9a-f]{64}\b|\b[0-9a-f]{128}\b`)
)

// text replaces all that differs by itself in a text.
func (n *names) text(s string) string {
	s = strings.NewReplacer(n.hidden...).Replace(s)
	s = receiptNumber.ReplaceAllStringFunc(s, n.receipt)
	for _, r := range rules {
		s = r.pattern.ReplaceAllString(s, r.word)
	}
	// Rows are numbered by the ledger, which one program may begin otherwise.
	s = rowNumber.ReplaceAllStringFunc(s, func(found string) string {
		seq, err := strconv.ParseUint(rowNumber.FindStringSubmatch(found)[2], 10, 64)
		if err != nil || seq < n.first {
			return found
		}
		return rowNumber.ReplaceAllString(found, "${1}first + "+strconv.FormatUint(seq-n.first, 10))
	})
	// Times of this run: when a file came in, when a page was made.
	s = n.moments().ReplaceAllString(s, "‹time›")
	// Chained hashes and signatures cover times and numbers of this run. Within a
	// text the first is 1, the second 2, so that which are alike is still said.
	seen := map[string]string{}
	return checksum.ReplaceAllStringFunc(s, func(sum string) string {
		if n.kept[sum] {
			return sum
		}
		if seen[sum] == "" {
			seen[sum] = "‹sum " + strconv.Itoa(len(seen)+1) + "›"
		}
		return seen[sum]
	})
}

// moments finds a day of this run with a time beside it, in every way times are
// written: 2026-11-29T23:33:43.17Z, 2026-11-30 07:33:43, 2026年11月30日 07:33.
func (n *names) moments() *regexp.Regexp {
	var ways []string
	for _, d := range n.days {
		at, _ := time.Parse(time.DateOnly, d)
		ways = append(ways, d, at.Format("2006年1月2日"), at.Format("2 Jan 2006"), at.Format("20060102"))
	}
	return regexp.MustCompile(`(?:` + strings.Join(ways, "|") + `)(?:T|%20|\+|, | )?\d\d(?::|%3A)?\d\d(?:(?::|%3A)?\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d|%2B\d\d%3A\d\d)?`)
}

// where is a place's name with the numbers of receipts replaced.
func (n *names) where(s string) string { return n.text(s) }

// receipt is a word for a receipt's number that both sides use.
func (n *names) receipt(number string) string {
	if n.receipts[number] == "" {
		n.receipts[number] = "‹receipt " + strconv.Itoa(len(n.receipts)+1) + "›"
	}
	return n.receipts[number]
}

// nameReceipts names every receipt of the demonstration by its feed and file,
// and keeps the checksums of what was handed in.
func (s *side) nameReceipts() error {
	a, err := s.get(s.visitor, "/api/v1/receipts?limit=1000")
	if err != nil {
		return err
	}
	var list []struct{ ID, Feed, File, Snapshot string }
	if err := json.Unmarshal(a.body, &list); err != nil {
		return fmt.Errorf("reading the receipts: %w\n%.300s", err, a.body)
	}
	if len(list) < 50 {
		return fmt.Errorf("%d receipts of the demonstration: too few", len(list))
	}
	slices.Reverse(list) // the newest came first
	taken := map[string]int{}
	for _, r := range list {
		name := r.Feed + "/" + r.File
		if taken[name]++; taken[name] > 1 {
			name += fmt.Sprintf(" %d", taken[name])
		}
		s.names.receipts[r.ID] = "‹" + name + "›"
		s.names.kept[r.Snapshot] = true
	}
	return s.numberRows()
}

// numberRows learns which entry of the ledger the first figures came with.
func (s *side) numberRows() error {
	a, err := s.get(s.visitor, "/api/v1/observations?limit=1000")
	if err != nil {
		return err
	}
	var list []struct{ Seq uint64 }
	if err := json.Unmarshal(a.body, &list); err != nil {
		return fmt.Errorf("reading the figures: %w\n%.300s", err, a.body)
	}
	for _, o := range list {
		if o.Seq > 0 && (s.names.first == 0 || o.Seq < s.names.first) {
			s.names.first = o.Seq
		}
	}
	if s.names.first == 0 {
		return errors.New("no figure says which entry it came with")
	}
	return nil
}
