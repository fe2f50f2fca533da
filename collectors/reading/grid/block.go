package grid

import (
	"cmp"
	"slices"
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
)

// Kind is what a cell may be by its look alone. What it is decides its place.
type Kind uint8

const (
	empty  Kind = iota
	absent      // says that there is no figure, or is a flag
	strong      // a number that is no period
	weakly      // a number that may be a period as well: 2019, 201203
	period      // a period, and no number: 2024年, 1-9月
	Word        // anything else
)

// RowClass is what the cells of a row may be.
type RowClass struct {
	Kinds     []Kind // by column
	Filled    []int  // columns that hold anything
	count     [Word + 1]int
	naming    Seen // a cell says that it heads names
	numbering Seen // the cells number the columns
	noting    Seen // it begins as a note does
	headOnly  Seen // no cell holds what the heads of columns alone do not say
}

// Seen is what was found when it was first asked for.
type Seen uint8

// Or is what was found, or what a look finds.
func (s *Seen) Or(look func() bool) bool {
	const no, yes Seen = 1, 2
	if *s == 0 {
		*s = no
		if look() {
			*s = yes
		}
	}
	return *s == yes
}

// Class looks at a row once.
func (g *Grid) Class(j int) *RowClass {
	if g.classes[j] != nil {
		return g.classes[j]
	}
	k := &RowClass{Kinds: make([]Kind, len(g.Src[j].Texts))}
	for c := range g.Src[j].Texts {
		if k.Kinds[c] = g.kindOf(g.Text(j, c)); k.Kinds[c] != empty {
			k.Filled = append(k.Filled, c)
		}
		k.count[k.Kinds[c]]++
	}
	g.classes[j] = k
	return k
}

// kindOf looks at a text; at one that a table says over and over, once.
func (g *Grid) kindOf(text string) Kind {
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

func (g *Grid) lookOf(text string) Kind {
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
	return Word
}

// Numbers reports how many of a row's cells from column c on are numbers.
func (k *RowClass) Numbers(c int) (n int) {
	for _, f := range k.Filled {
		if f >= c && (k.Kinds[f] == strong || k.Kinds[f] == weakly) {
			n++
		}
	}
	return n
}

// Block is one table: rows of header and of figures.
type Block struct {
	*Grid
	Facts      account.Facts
	Head, Data []int
	From       int      // the first column of figures, as far as the first of their rows tells
	Headings   []int    // rows of one text between the rows of figures
	Next       int      // the first row after it
	sure       int      // rows down to this one belong to it, as far as was looked ahead
	Numbers    []int    // rows that number the columns
	plain      int      // no row before it begins another table of this header
	lines      int      // that name what is counted in the table of the same header that follows; 0: none does
	Sides      []*Block // the tables that stand side by side in it; nil: it is one
}

// block reads rows from i on as a table; nil: they are none. Which rows are its
// header is decided by their place, from above: a row below the first that names
// itself as the rows of figures do is one of them, whatever its numbers look like.
func (g *Grid) block(i int, f account.Facts) *Block {
	b := &Block{Grid: g, Facts: f}
	if !g.opens(i) {
		return nil
	}
	j := i + 1
	b.Head = append(b.Head, i)
	for ; j < len(g.Src) && len(b.Head) < mostHead; j++ {
		if g.Src[j].Blank() || g.note(j) && !g.about(j, b.Head) || !b.headGoesOn(j) {
			break
		}
		if b.numbered(j) { // 甲, 乙, 1, 2: what the columns hold stands above
			b.Numbers = append(b.Numbers, j)
			continue
		}
		b.Head = append(b.Head, j)
	}
	if b.apart(i) {
		return b
	}
	for j < len(g.Src) && g.Src[j].Blank() && j-i < 10 {
		j++
	}
	if b.From = b.figuresFrom(j); b.From < 0 || !b.goesOn(j) {
		return nil
	}
	for ; j < len(g.Src); j++ {
		if g.Src[j].Blank() {
			k := j
			for k < len(g.Src) && g.Src[k].Blank() {
				k++
			}
			if k == len(g.Src) || !b.goesOn(k) {
				break
			}
			if g.side == nil { // else the table beside it goes on
				g.Blank(g.Src[j])
			}
			continue
		}
		if k := b.overNotes(j); k > j {
			for ; j < k; j++ {
				if !b.Src[j].Blank() {
					b.Exclude(b.Src[j], account.ExcludedNote)
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
			g.Exclude(g.Src[j], account.ExcludedHeader)
		case b.heads(j):
			b.Headings = append(b.Headings, j)
		default:
			b.Data = append(b.Data, j)
		}
	}
	if g.side == nil {
		g.EndBlanks()
	}
	if b.Next = j; len(b.Data) == 0 {
		return nil
	}
	return b
}

// mostHead bounds the rows of a header.
const mostHead = 16

// opens reports whether a table may begin with row i: it names something, and what
// look like numbers in it are periods that follow each other.
func (g *Grid) opens(i int) bool {
	k := g.Class(i)
	if g.RowLabel(i) != "" {
		return true
	}
	if k.count[strong] > 0 || k.count[Word]+k.count[period]+k.count[weakly] == 0 {
		return false
	}
	if k.count[weakly] > 0 {
		_, dated := g.PeriodCols(i)
		return dated
	}
	return true
}

// headGoesOn reports whether row j is a further row of the header: it leaves the
// place of the rows' names empty, or says there what it is itself, or holds nothing
// but what only heads say (绝对额, 增速, 亿元).
func (b *Block) headGoesOn(j int) bool {
	k := b.Class(j)
	if b.RowLabel(j) != "" {
		return true
	}
	if k.count[Word]+k.count[period]+k.count[weakly] == 0 {
		return false
	}
	if len(k.Filled) == 1 && k.Filled[0] == 0 {
		return false // a heading of the rows below
	}
	first := b.Text(j, 0)
	if b.numbered(j) {
		return true
	}
	if k.count[strong] > 0 {
		return false
	}
	if k.count[weakly] > 0 {
		_, dated := b.PeriodCols(j)
		return dated && (first == "" || b.LabelOf(first) != "" || first == b.Text(b.Head[0], 0))
	}
	if first == "" || b.LabelOf(first) != "" || first == b.Text(b.Head[0], 0) {
		return true
	}
	return k.headOnly.Or(func() bool {
		return !slices.ContainsFunc(k.Filled, func(c int) bool { return k.Kinds[c] == absent || !written.HeadOnly(b.Text(j, c)) })
	})
}

// numbered reports whether row j numbers the columns, as yearbooks do: 甲, 1, 2, 3.
func (b *Block) numbered(j int) bool {
	k := b.Class(j)
	return len(k.Filled) >= len(b.Class(b.Head[0]).Filled) && k.numbering.Or(func() bool {
		texts := make([]string, 0, len(k.Filled))
		for _, c := range k.Filled {
			texts = append(texts, b.Text(j, c))
		}
		return written.Numbering(texts)
	})
}

// figuresFrom is the first column of figures: that of the periods in the header,
// else the leftmost that the first rows below it hold numbers in, the names and
// periods of the rows aside; -1: there is none.
func (b *Block) figuresFrom(j int) int {
	for _, h := range b.Head {
		if cols, ok := b.PeriodCols(h); ok && len(cols) > 0 {
			return cols[0]
		}
	}
	if b.Export != nil {
		return b.LabelColumn + 1
	}
	first := -1
	for n := 0; j < len(b.Src) && n < 50 && first != 1; j++ {
		k := b.Class(j)
		for _, c := range k.Filled {
			if first >= 0 && c >= first || k.count[strong]+k.count[weakly] == 0 {
				break
			}
			if c > 0 && (k.Kinds[c] == strong || k.Kinds[c] == weakly) && b.ColumnKind(c) == "" {
				first = c
			}
		}
		if n++; len(k.Filled) == 0 && first >= 0 {
			break // the end of the table
		}
	}
	return first
}

// ColumnKind is what the header says that column c names of the rows; "" nothing.
func (b *Block) ColumnKind(c int) account.Kind {
	for n := len(b.Head) - 1; n >= 0; n-- {
		if t := b.Text(b.Head[n], c); t != "" {
			return b.LabelOf(t)
		}
	}
	return ""
}

// overNotes is the first row behind the notes that stand from row j on, where it is one
// of this table's: figures, names and words stand where those of its other rows do. Else
// it is j: the notes end the table.
func (b *Block) overNotes(j int) int {
	was := b.noted
	defer func() { b.noted = was }()
	k := j
	for ; k < len(b.Src); k++ {
		if b.Src[k].Blank() {
			if k == j {
				return j
			}
			continue
		}
		if !b.note(k) || written.Signed(b.Src[k].Texts) {
			break
		}
		b.noted = true
	}
	if k == j || k == len(b.Src) || len(b.Data) == 0 {
		return j
	}
	b.noted = false
	own := b.Class(k)
	if own.Numbers(b.From) == 0 || b.LabelOf(b.Text(k, 0)) != "" || b.Text(k, 0) == "" {
		return j
	}
	like := b.Class(b.Data[len(b.Data)-1])
	for _, c := range own.Filled {
		number := own.Kinds[c] == strong || own.Kinds[c] == weakly
		if c >= len(like.Kinds) || number != (like.Kinds[c] == strong || like.Kinds[c] == weakly) && own.Kinds[c] != absent && like.Kinds[c] != absent {
			return j
		}
	}
	return k
}

// again reports whether row j repeats a row of the header.
func (b *Block) again(j int) bool {
	return slices.ContainsFunc(slices.Concat(b.Head, b.Numbers), func(h int) bool { return slices.Equal(b.Src[j].Texts, b.Src[h].Texts) })
}

// heads reports whether row j is one text between rows of figures.
func (b *Block) heads(j int) bool {
	k := b.Class(j)
	return len(k.Filled) == 1 && k.Kinds[k.Filled[0]] == Word && !b.namesOnly(j)
}

// about reports whether row j, which begins as a note does (来源), is a row of
// the header: it says something of each column.
func (g *Grid) about(j int, head []int) bool {
	n := len(g.Class(head[0]).Filled)
	return n > 1 && len(g.Class(j).Filled) >= n
}

// goesOn reports whether row j belongs to the table: to its figures, or as a
// heading that figures follow. A row that could head a table of its own ends it.
func (b *Block) goesOn(j int) bool {
	if len(b.Data) > 0 && b.again(j) || j <= b.sure {
		return true
	}
	was := b.noted
	defer func() { b.noted = was }()
	b.noted = false
	for k := j; k < len(b.Src) && !b.Src[k].Blank(); k++ {
		keyed := written.KeyedLine(account.FirstFilled(b.Src[k]).Text)
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
func (b *Block) figures(j int) bool {
	k := b.Class(j)
	if b.namesOnly(j) {
		return true
	}
	if len(k.Filled) == 1 && k.Filled[0] < b.From && k.Kinds[k.Filled[0]] == period {
		return true // a period without figures
	}
	if len(k.Filled) < 2 && (len(k.Filled) == 0 || k.Filled[0] < b.From || k.Kinds[k.Filled[0]] != strong) {
		return false
	}
	values, words, names := 0, 0, 0
	for _, c := range k.Filled {
		switch {
		case c < b.From:
			names++
		case k.Kinds[c] == Word || k.Kinds[c] == period:
			words++
		default:
			values++
		}
	}
	first := b.Text(j, 0)
	headlike := first == "" || b.LabelOf(first) != "" || first == b.Text(b.Head[0], 0)
	switch {
	case k.count[strong] > 0:
		return true
	case k.count[weakly] > 0:
		_, dated := b.PeriodCols(j)
		return !dated || !headlike || len(b.Data) > 0 && first == "" && names > 0
	case values > 0: // marks that there is no figure
		return names > 0
	}
	// words alone: figures that cannot be read, unless they are the names above another table.
	return words > 0 && !headlike && names > 0 && !b.Dated(first)
}

// namesOnly reports whether row j names a row of figures and holds none: a name
// in every column of names, or one that cannot be a heading.
func (b *Block) namesOnly(j int) bool {
	cols := b.Class(j).Filled
	if len(cols) == 0 || cols[len(cols)-1] >= b.From || b.From > len(b.Class(b.Head[0]).Kinds) {
		return false
	}
	if len(cols) > 1 {
		return len(cols) == b.From
	}
	name := b.Text(j, cols[0])
	if _, _, ok := written.CutUnit(name); ok && b.ColumnKind(cols[0]) != account.KindRegion {
		return true
	}
	return b.From == 1 && b.ColumnKind(cols[0]) == account.KindRegion && b.LikePlace(name)
}

// HeadOf is what stands at the head of a column, in the lowest row that says it.
func (b *Block) HeadOf(c int) (label string) {
	for _, h := range b.Head {
		label = cmp.Or(b.Text(h, c), label)
	}
	return label
}
