package secrecy

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"sync"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// Bounds of looking through bytes.
const (
	mostAround = 256     // bytes before and after what is judged
	piece      = 1 << 18 // bytes looked through at a time
	headed     = 400     // bytes after a heading that what stands under it may begin in
	mostHits   = 1000    // of one file
	mostLevels = 100_000 // levels judged in one file; what bears more is asked of its cells alone
)

// hit is something that must not be kept, and where.
type hit struct {
	code string
	place
}

// writing is how characters are written as bytes. What is sought is sought in all
// of them at once: so no encoding need be known, and little is decoded.
type writing struct {
	secret, person []byte          // 密 and 身份
	levels, blanks [][]byte        // what may stand before 密
	step           int             // most characters take a multiple of so many bytes
	begins         func(byte) bool // a character surely begins with such a byte; nil: nothing is sure
	decode         func([]byte) string
}

// writings are UTF-8, GB18030 and UTF-16 of both orders.
var writings = sync.OnceValue(func() []writing {
	gbk := func(s string) []byte {
		b, _ := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(s)) // it writes every character
		return b
	}
	wide := func(order binary.AppendByteOrder) func(string) []byte {
		return func(s string) (b []byte) {
			for _, u := range utf16.Encode([]rune(s)) {
				b = order.AppendUint16(b, u)
			}
			return b
		}
	}
	back := func(order binary.ByteOrder) func([]byte) string {
		return func(b []byte) string {
			units := make([]uint16, len(b)/2)
			for i := range units {
				units[i] = order.Uint16(b[2*i:])
			}
			return string(utf16.Decode(units))
		}
	}
	var out []writing
	add := func(step int, begins func(byte) bool, encode func(string) []byte, decode func([]byte) string) {
		w := writing{secret: encode("密"), person: encode("身份"), step: step, begins: begins, decode: decode}
		for _, r := range "秘祕机機绝絕" {
			w.levels = append(w.levels, encode(string(r)))
		}
		for _, r := range " \t\u3000\u00a0\u200b" {
			w.blanks = append(w.blanks, encode(string(r)))
		}
		out = append(out, w)
	}
	add(1, utf8.RuneStart, func(s string) []byte { return []byte(s) }, func(b []byte) string { return string(b) })
	add(2, func(b byte) bool { return b < 0x40 }, gbk, func(b []byte) string {
		text, _ := simplifiedchinese.GB18030.NewDecoder().Bytes(b) // what is none becomes U+FFFD
		return string(text)
	})
	add(2, nil, wide(binary.LittleEndian), back(binary.LittleEndian))
	add(2, nil, wide(binary.BigEndian), back(binary.BigEndian))
	return out
})

// probe looks through bytes of any encoding.
type probe struct {
	hits []hit
	weak []hit // numbers, if what stands over them is their heading; words that may be all of a cell
	hint bool  // there is more to be judged, by cells
	seen bool  // a heading of identity numbers, in this text

	levels int
}

// stream looks through all of body. loose: it is no text. lines: its lines are
// counted for the place.
func (p *probe) stream(ctx context.Context, body io.Reader, at place, loose, lines bool) error {
	buf := make([]byte, piece+2*mostAround)
	kept, from, line := 0, 0, 1
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := io.ReadFull(body, buf[kept:])
		last := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !last {
			return err
		}
		n += kept
		to := n
		if !last {
			to = n - mostAround
		}
		where := func(int) place { return at }
		if lines {
			where = func(i int) place {
				p := at
				p.kind, p.line = "line", line+bytes.Count(buf[from:max(i, from)], []byte{'\n'})
				return p
			}
		}
		p.see(window{buf[:n], from, to, last}, where, loose)
		if last {
			return nil
		}
		line += bytes.Count(buf[from:to], []byte{'\n'})
		start := max(0, to-mostAround)
		kept, from = copy(buf, buf[start:n]), to-start
	}
}

// window is bytes of which those from to to are judged; the others stand around.
type window struct {
	all      []byte
	from, to int
	last     bool // nothing comes after all
}

// see judges what a window holds.
func (p *probe) see(w window, where func(int) place, loose bool) {
	for _, by := range writings() {
		for i := range w.each(by.person) {
			p.seen, p.hint = true, true
			if numbered(by.decode(w.all[i:min(len(w.all), i+headed)]), true, loose) {
				p.add(&p.weak, Identity, where(i))
			}
		}
		for i := range w.each(by.secret) {
			if !by.level(w.all[:i]) {
				continue
			}
			p.hint = true
			if p.levels++; p.levels > mostLevels {
				continue
			}
			switch text, at := by.around(w, i), where(i); {
			case borne(text), bare(text) && !at.ofTables():
				p.add(&p.hits, Marked, at)
			case bare(text), !loose && law().lone.MatchString(text):
				p.add(&p.weak, Marked, at) // a cell, perhaps
			}
		}
	}
	p.digits(w, where, loose)
}

func (p *probe) add(to *[]hit, code string, at place) {
	if len(*to) < mostHits {
		*to = append(*to, hit{code, at})
	}
}

// each gives where pattern begins in what is judged.
func (w window) each(pattern []byte) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for i := w.from; ; i++ {
			k := bytes.Index(w.all[i:], pattern)
			if i += k; k < 0 || i >= w.to || !yield(i) {
				return
			}
		}
	}
}

// level reports whether text ends in what makes 密 a level, before any blanks.
func (by writing) level(text []byte) bool {
	for trimmed := true; trimmed; {
		trimmed = false
		for _, blank := range by.blanks {
			if bytes.HasSuffix(text, blank) {
				text, trimmed = text[:len(text)-len(blank)], true
			}
		}
	}
	for _, l := range by.levels {
		if bytes.HasSuffix(text, l) {
			return true
		}
	}
	return false
}

// around is the text around place i; where it was cut stands an x, which is no end
// of what was written.
func (by writing) around(w window, i int) string {
	const most = 120 // bytes to either side; even
	from, to := max(0, i-most), min(len(w.all), i+most)
	from += (i - from) % by.step
	if k := slices.IndexFunc(w.all[from:i], func(b byte) bool { return by.begins != nil && by.begins(b) }); k > 0 && from > 0 {
		from += k
	}
	text := by.decode(w.all[from:to])
	if from > 0 {
		text = "x" + text
	}
	if to < len(w.all) || !w.last {
		text += "x"
	}
	return text
}

// digits judges runs of 15 digits and more: of one byte, of two, and full-width.
func (p *probe) digits(w window, where func(int) place, loose bool) {
	all, n := w.all, w.to
	const run = 15
	for i := w.from + run - 1; i < min(n+run, len(all)); i += run {
		if !digit(all[i]) {
			continue
		}
		lo, hi := i, i
		for lo > 0 && digit(all[lo-1]) {
			lo--
		}
		for hi < len(all) && digit(all[hi]) {
			hi++
		}
		if hi-lo >= run && lo >= w.from-run && lo < n {
			p.number(string(all[max(0, lo-2):min(len(all), hi+4)]), where(lo), loose)
		}
		i = max(i, hi-run)
	}
	for i := w.from; i < n; i += 2 * run { // one byte of a character of two lies here
		for k := i; k <= i+1 && k+1 < len(all); k++ {
			if digit(all[k]) && (all[k+1] == 0 || k > 0 && all[k-1] == 0) {
				p.wide(w, k, where, loose)
				break
			}
		}
	}
	for _, by := range fullWidth() {
		for i := w.from; i < n; {
			k := bytes.IndexByte(all[i:n], by.lead)
			if k < 0 {
				break
			}
			i += k
			end := i - by.before
			for end >= 0 && by.is(all, end) {
				end += by.size
			}
			if begin := i - by.before; (end-begin)/by.size >= run {
				p.number(by.text(all[begin:min(len(all), end+2*by.size)]), where(i), loose)
			}
			i = max(i+1, end+by.before)
		}
	}
}

// wide judges digits of two bytes each, one of which is at k.
func (p *probe) wide(w window, k int, where func(int) place, loose bool) {
	all := w.all
	lo := k
	for lo > 1 && digit(all[lo-2]) && all[lo-1] == 0 {
		lo -= 2
	}
	var text []byte
	at := lo
	for ; at < len(all) && digit(all[at]) && (at == lo || all[at-1] == 0); at += 2 {
		text = append(text, all[at])
	}
	if at < len(all) && all[at-1] == 0 {
		text = append(text, all[at])
	}
	if len(text) >= 15 && lo < w.to {
		p.number(string(text), where(lo), loose)
	}
}

// number judges a text of digits and what stands beside them.
func (p *probe) number(text string, at place, loose bool) {
	switch {
	case numbered(text, false, loose):
		p.add(&p.hits, Identity, at)
	case p.seen && numbered(text, true, loose):
		p.add(&p.weak, Identity, at)
	}
}

// full is a way that full-width digits are written: all share a byte.
type full struct {
	lead         byte
	before, size int // of the digit: bytes before lead, and all
	digit, first int // which byte tells the digit, and that of zero
	text         func([]byte) string
}

func fullWidth() []full {
	w := writings()
	return []full{{0xef, 0, 3, 2, 0x90, w[0].decode}, {0xa3, 0, 2, 1, 0xb0, w[1].decode}, {0xff, 1, 2, 0, 0x10, w[2].decode}, {0xff, 0, 2, 1, 0x10, w[3].decode}}
}

// is reports whether a full-width digit begins at i.
func (f full) is(b []byte, i int) bool {
	if i+f.size > len(b) || b[i+f.before] != f.lead || f.size == 3 && b[i+1] != 0xbc {
		return false
	}
	d := int(b[i+f.digit]) - f.first
	return d >= 0 && d <= 9
}
