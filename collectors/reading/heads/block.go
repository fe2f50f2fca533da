package heads

import (
	"slices"
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
)

// kind is what a cell may be by its look alone. What it is decides its place.
type kind uint8

const (
	empty  kind = iota
	absent      // says that there is no figure, or is a flag
	strong      // a number that is no period
	weakly      // a number that may be a period as well: 2019, 201203
	period      // a period, and no number: 2024年, 1-9月
	word
)

// rowClass is what the cells of a row may be.
type rowClass struct {
	kinds     []kind
	filled    []int
	count     [word + 1]int
	naming    seen // a cell says that it heads names
	numbering seen // the cells number the columns
	noting    seen // it begins as a note does
	headOnly  seen // no cell holds what the heads of columns alone do not say
}

// seen is what was found when it was first asked for.
type seen uint8

// or is what was found, or what a look finds.
func (s *seen) or(look func() bool) bool {
	const no, yes seen = 1, 2
	if *s == 0 {
		*s = no
		if look() {
			*s = yes
		}
	}
	return *s == yes
}

// class looks at a row once.
func (g *grid) class(j int) *rowClass {
	if g.classes[j] != nil {
		return g.classes[j]
	}
	k := &rowClass{kinds: make([]kind, len(g.src[j].Texts))}
	for c := range g.src[j].Texts {
		if k.kinds[c] = g.kindOf(g.text(j, c)); k.kinds[c] != empty {
			k.filled = append(k.filled, c)
		}
		k.count[k.kinds[c]]++
	}
	g.classes[j] = k
	return k
}

// kindOf looks at a text; at one that a table says over and over, once.
func (g *grid) kindOf(text string) kind {
	if text == "" {
		return empty
	}
	k, known := g.kinds[text]
	if !known {
		if k = g.lookOf(text); len(g.kinds) < mostKinds && len(text) < 64 {
			g.kinds[text] = k
		}
	}
	return k
}

// mostKinds bounds the texts that are remembered.
const mostKinds = 1 << 14

func (g *grid) lookOf(text string) kind {
	if written.Missing(strings.ToLower(text)) || written.FlagLike(text) {
		return absent
	}
	if written.Digits(text) {
		return strong
	}
	_, dated := g.Reference(text)
	switch number := g.Number(text); {
	case number && dated && account.IsWeak(text):
		return weakly
	case number:
		return strong
	case dated:
		return period
	}
	return word
}

// numbers reports how many of a row's cells from column c on are numbers.
func (k *rowClass) numbers(c int) (n int) {
	for _, f := range k.filled {
		if f >= c && (k.kinds[f] == strong || k.kinds[f] == weakly) {
			n++
		}
	}
	return n
}

// block is one table: rows of header and of figures.
type block struct {
	*grid
	facts      account.Facts
	head, data []int
	from       int            // the first column of figures, as far as the first of their rows tells
	headings   []int          // rows of one text between the rows of figures
	next       int            // the first row after it
	headTexts  map[string]int // how often a text stands in the header
	sure       int            // rows down to this one belong to it, as far as was looked ahead
	numbers    []int          // rows that number the columns
	plain      int            // no row before it begins another table of this header
	lines      int            // that name what is counted in the table of the same header that follows; 0: none does
	sides      []*block       // the tables that stand side by side in it; nil: it is one
}

// block reads rows from i on as a table; nil: they are none. Which rows are its
// header is decided by their place, from above: a row below the first that names
// itself as the rows of figures do is one of them, whatever its numbers look like.
func (g *grid) block(i int, f account.Facts) *block {
	b := &block{grid: g, facts: f}
	if !g.opens(i) {
		return nil
	}
	j := i + 1
	b.head = append(b.head, i)
	for ; j < len(g.src) && len(b.head) < mostHead; j++ {
		if g.src[j].Blank() || g.note(j) && !g.about(j, b.head) || !b.headGoesOn(j) {
			break
		}
		if b.numbered(j) { // 甲, 乙, 1, 2: what the columns hold stands above
			b.numbers = append(b.numbers, j)
			continue
		}
		b.head = append(b.head, j)
	}
	if b.apart(i) {
		return b
	}
	for j < len(g.src) && g.src[j].Blank() && j-i < 10 {
		j++
	}
	if b.from = b.figuresFrom(j); b.from < 0 || !b.goesOn(j) {
		return nil
	}
	for ; j < len(g.src); j++ {
		if g.src[j].Blank() {
			k := j
			for k < len(g.src) && g.src[k].Blank() {
				k++
			}
			if k == len(g.src) || !b.goesOn(k) {
				break
			}
			if g.side == nil { // else the table beside it goes on
				g.Blank(g.src[j])
			}
			continue
		}
		if k := b.overNotes(j); k > j {
			for ; j < k; j++ {
				if !b.src[j].Blank() {
					b.Exclude(b.src[j], account.ExcludedNote)
				}
			}
			j--
			continue
		}
		if !b.goesOn(j) {
			break
		}
		if n, ok := b.stacked(j); ok {
			b.lines = n
			break
		}
		switch {
		case b.again(j):
			g.Exclude(g.src[j], account.ExcludedHeader)
		case b.heads(j):
			b.headings = append(b.headings, j)
		default:
			b.data = append(b.data, j)
		}
	}
	if g.side == nil {
		g.EndBlanks()
	}
	if b.next = j; len(b.data) == 0 {
		return nil
	}
	return b
}

// mostHead bounds the rows of a header.
const mostHead = 16

// opens reports whether a table may begin with row i: it names something, and what
// look like numbers in it are periods that follow each other.
func (g *grid) opens(i int) bool {
	k := g.class(i)
	if g.labelOf(i) != "" {
		return true
	}
	if k.count[strong] > 0 || k.count[word]+k.count[period]+k.count[weakly] == 0 {
		return false
	}
	if k.count[weakly] > 0 {
		_, dated := g.periodCols(i)
		return dated
	}
	return true
}

// headGoesOn reports whether row j is a further row of the header: it leaves the
// place of the rows' names empty, or says there what it is itself, or holds nothing
// but what only heads say (绝对额, 增速, 亿元).
func (b *block) headGoesOn(j int) bool {
	k := b.class(j)
	if b.labelOf(j) != "" {
		return true
	}
	if k.count[word]+k.count[period]+k.count[weakly] == 0 {
		return false
	}
	if len(k.filled) == 1 && k.filled[0] == 0 {
		return false // a heading of the rows below
	}
	first := b.text(j, 0)
	if b.numbered(j) {
		return true
	}
	if k.count[strong] > 0 {
		return false
	}
	if k.count[weakly] > 0 {
		_, dated := b.periodCols(j)
		return dated && (first == "" || b.LabelOf(first) != "" || first == b.text(b.head[0], 0))
	}
	if first == "" || b.LabelOf(first) != "" || first == b.text(b.head[0], 0) {
		return true
	}
	return k.headOnly.or(func() bool {
		return !slices.ContainsFunc(k.filled, func(c int) bool { return k.kinds[c] == absent || !written.HeadOnly(b.text(j, c)) })
	})
}

// numbered reports whether row j numbers the columns, as yearbooks do: 甲, 1, 2, 3.
func (b *block) numbered(j int) bool {
	k := b.class(j)
	return len(k.filled) >= len(b.class(b.head[0]).filled) && k.numbering.or(func() bool {
		texts := make([]string, 0, len(k.filled))
		for _, c := range k.filled {
			texts = append(texts, b.text(j, c))
		}
		return written.Numbering(texts)
	})
}

// figuresFrom is the first column of figures: that of the periods in the header,
// else the leftmost that the first rows below it hold numbers in, the names and
// periods of the rows aside; -1: there is none.
func (b *block) figuresFrom(j int) int {
	for _, h := range b.head {
		if cols, ok := b.periodCols(h); ok && len(cols) > 0 {
			return cols[0]
		}
	}
	if b.export != nil {
		return b.labelled + 1
	}
	first := -1
	for n := 0; j < len(b.src) && n < 50 && first != 1; j++ {
		k := b.class(j)
		for _, c := range k.filled {
			if first >= 0 && c >= first || k.count[strong]+k.count[weakly] == 0 {
				break
			}
			if c > 0 && (k.kinds[c] == strong || k.kinds[c] == weakly) && b.columnKind(c) == "" {
				first = c
			}
		}
		if n++; len(k.filled) == 0 && first >= 0 {
			break // the end of the table
		}
	}
	return first
}

// columnKind is what the header says that column c names of the rows; "" nothing.
func (b *block) columnKind(c int) account.Kind {
	for n := len(b.head) - 1; n >= 0; n-- {
		if t := b.text(b.head[n], c); t != "" {
			return b.LabelOf(t)
		}
	}
	return ""
}

// overNotes is the first row behind the notes that stand from row j on, where it is one
// of this table's: figures, names and words stand where those of its other rows do. Else
// it is j: the notes end the table.
func (b *block) overNotes(j int) int {
	was := b.noted
	defer func() { b.noted = was }()
	k := j
	for ; k < len(b.src); k++ {
		if b.src[k].Blank() {
			if k == j {
				return j
			}
			continue
		}
		if !b.note(k) || written.Signed(b.src[k].Texts) {
			break
		}
		b.noted = true
	}
	if k == j || k == len(b.src) || len(b.data) == 0 {
		return j
	}
	b.noted = false
	own := b.class(k)
	if own.numbers(b.from) == 0 || b.LabelOf(b.text(k, 0)) != "" || b.text(k, 0) == "" {
		return j
	}
	like := b.class(b.data[len(b.data)-1])
	for _, c := range own.filled {
		number := own.kinds[c] == strong || own.kinds[c] == weakly
		if c >= len(like.kinds) || number != (like.kinds[c] == strong || like.kinds[c] == weakly) && own.kinds[c] != absent && like.kinds[c] != absent {
			return j
		}
	}
	return k
}

// again reports whether row j repeats a row of the header.
func (b *block) again(j int) bool {
	return slices.ContainsFunc(slices.Concat(b.head, b.numbers), func(h int) bool { return slices.Equal(b.src[j].Texts, b.src[h].Texts) })
}

// heads reports whether row j is one text between rows of figures.
func (b *block) heads(j int) bool {
	k := b.class(j)
	return len(k.filled) == 1 && k.kinds[k.filled[0]] == word && !b.namesOnly(j)
}

// about reports whether row j, which begins as a note does (来源), is a row of
// the header: it says something of each column.
func (g *grid) about(j int, head []int) bool {
	n := len(g.class(head[0]).filled)
	return n > 1 && len(g.class(j).filled) >= n
}

// goesOn reports whether row j belongs to the table: to its figures, or as a
// heading that figures follow. A row that could head a table of its own ends it.
func (b *block) goesOn(j int) bool {
	if len(b.data) > 0 && b.again(j) || j <= b.sure {
		return true
	}
	was := b.noted
	defer func() { b.noted = was }()
	b.noted = false
	for k := j; k < len(b.src) && !b.src[k].Blank(); k++ {
		keyed := written.KeyedLine(account.FirstFilled(b.src[k]).Text)
		switch {
		case b.note(k) || keyed && k > j:
			return false
		case b.figures(k):
			b.sure = k // headings that figures follow
			return true
		case keyed || !b.heads(k):
			return false
		}
	}
	return false
}

// figures reports whether row j holds figures, says that they are missing, or names
// a row without any. Its place is that of a row of figures unless it leaves the
// names out, or says a header's word there, and holds no number.
func (b *block) figures(j int) bool {
	k := b.class(j)
	if b.namesOnly(j) {
		return true
	}
	if len(k.filled) == 1 && k.filled[0] < b.from && k.kinds[k.filled[0]] == period {
		return true // a period without figures
	}
	if len(k.filled) < 2 && !(len(k.filled) == 1 && k.filled[0] >= b.from && k.kinds[k.filled[0]] == strong) {
		return false
	}
	values, words, names := 0, 0, 0
	for _, c := range k.filled {
		switch {
		case c < b.from:
			names++
		case k.kinds[c] == word || k.kinds[c] == period:
			words++
		default:
			values++
		}
	}
	first := b.text(j, 0)
	headlike := first == "" || b.LabelOf(first) != "" || first == b.text(b.head[0], 0)
	switch {
	case k.count[strong] > 0:
		return true
	case k.count[weakly] > 0:
		_, dated := b.periodCols(j)
		return !dated || !headlike || len(b.data) > 0 && first == "" && names > 0
	case values > 0: // marks that there is no figure
		return names > 0
	}
	// Words alone: figures that cannot be read, unless they are the names above another table.
	return words > 0 && !headlike && names > 0 && !b.dated(first)
}

// namesOnly reports whether row j names a row of figures and holds none: a name
// in every column of names, or one that cannot be a heading.
func (b *block) namesOnly(j int) bool {
	cols := b.class(j).filled
	if len(cols) == 0 || cols[len(cols)-1] >= b.from || b.from > len(b.class(b.head[0]).kinds) {
		return false
	}
	if len(cols) > 1 {
		return len(cols) == b.from
	}
	name := b.text(j, cols[0])
	if _, _, ok := written.CutUnit(name); ok && b.columnKind(cols[0]) != account.KindRegion {
		return true
	}
	return b.from == 1 && b.columnKind(cols[0]) == account.KindRegion && b.LikePlace(name)
}
