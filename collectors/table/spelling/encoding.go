// Package spelling finds out how the bytes of a text file spell it: its encoding,
// and the dialects of separators and quotes that its rows may be written in.
package spelling

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	xencoding "golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"yardstick/collectors/table/refusal"
	"yardstick/schema"
)

// Encoding is how the bytes spell text.
type Encoding struct {
	Name string
	skip int64              // length of the byte order mark
	unit int64              // bytes that its text is whole multiples of; 0: UTF-8, where nobody asks
	from xencoding.Encoding // nil: UTF-8

	Damaged  int // line of the first U+FFFD, which an earlier conversion left; 0: none
	Controls int // characters that no eye sees and no text should hold, read as blanks
	Control  int // line of the first
}

// Open reads the source as UTF-8 without byte order mark.
func (e Encoding) Open(src *io.SectionReader) io.Reader {
	r := e.raw(src)
	if e.from != nil {
		r = transform.NewReader(r, e.from.NewDecoder())
	}
	if e.Controls > 0 {
		return blanked{r}
	}
	return r
}

// blanked reads a text's control characters as blanks: what stood on both sides of
// one is not one number.
type blanked struct{ io.Reader }

func (r blanked) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	for i, b := range p[:n] {
		if isControl(rune(b)) {
			p[i] = ' '
		}
	}
	return n, err
}

func isControl(r rune) bool {
	return r < ' ' && r != 0 && r != '\t' && r != '\n' && r != '\r' || r == 0x7f
}

// raw reads the bytes without byte order mark.
func (e Encoding) raw(src *io.SectionReader) io.Reader {
	return io.NewSectionReader(src, e.skip, src.Size()-e.skip)
}

// western reports text whose bytes above ASCII stand alone, each a letter or sign
// of Western text: in Chinese, nearly all stand in pairs. Mostly is text where a few
// stand side by side (“ after a no-break blank, é after ç) and the others alone.
func western(ctx context.Context, src io.Reader) (alone, mostly bool, err error) {
	const signs = "\x80\x85\x91\x92\x93\x94\x95\x96\x97\x99\xa0\xa3\xa5\xa7\xa9\xab\xae\xb0\xb1\xb2\xb3\xb4\xb5\xb7\xb9\xba\xbb\xbc\xbd\xbe"
	runs, longer, longest, run := 0, 0, 0, 0
	known, side, before := true, false, byte(0)
	err = eachChunk(ctx, src, func(chunk []byte) {
		for _, b := range chunk {
			pair := b >= 0x80 && before >= 0x80
			side, before = side || pair, b
			if b < 0x80 || b == 0xa0 { // a no-break blank
				run = 0
				continue
			}
			letter := b >= 0xc0 && b <= 0xfd && b != 0xd7 && b != 0xf7
			known = known && (letter || strings.IndexByte(signs, b) >= 0)
			switch run++; run {
			case 1:
				runs++
			case 2:
				longer++
			}
			longest = max(longest, run)
		}
	})
	return known && !side, known && longest <= 3 && runs >= 4*longer, err
}

// WithoutMark is a text without the Ctrl-Z at its end, by which old programs mark it
// and fill its last block.
func WithoutMark(src io.ReaderAt, size int64) (*io.SectionReader, error) {
	const block = 512
	last := make([]byte, 1)
	for least := max(0, size-block); size > least; {
		if _, err := src.ReadAt(last, size-1); err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("reading the last bytes: %w", err)
		}
		if last[0] != 0x1a {
			break
		}
		size--
	}
	return io.NewSectionReader(src, 0, size), nil
}

// MarkupOf says whether text is a web page or XML: "" when it is neither.
func MarkupOf(src io.Reader) (string, error) {
	head := make([]byte, 1024)
	n, err := io.ReadFull(src, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("reading the first bytes: %w", err)
	}
	text := bytes.ToLower(bytes.TrimLeft(head[:n], " \t\r\n"))
	for _, tag := range []string{"<html", "<!doctype html", "<table", "<meta", "<div", "<head", "<body", "<style", "<!--"} {
		if bytes.HasPrefix(text, []byte(tag)) {
			return refusal.FormatHTML, nil
		}
	}
	switch {
	case bytes.HasPrefix(text, []byte("<?xml")) && bytes.Contains(text, []byte("<html")):
		return refusal.FormatHTML, nil
	case bytes.HasPrefix(text, []byte("<?xml")), bytes.HasPrefix(text, []byte("<!doctype")), bytes.HasPrefix(text, []byte("<workbook")), bytes.HasPrefix(text, []byte("mime-version:")):
		return refusal.FormatXML, nil
	}
	return "", nil
}

// LineCount follows line ends: CRLF, LF and CR each end one.
type LineCount struct {
	Line int
	cr   bool
}

// Step goes on by one character.
func (l *LineCount) Step(r rune) {
	if r == '\n' && !l.cr || r == '\r' {
		l.Line++
	}
	l.cr = r == '\r'
}

// spelling is what a walk over the bytes as UTF-8 found.
type spelling struct {
	invalid  int // line of the first byte that is no UTF-8; 0: none
	utf8Like int // first line that is UTF-8 Chinese, all of it or but for a byte or two
	utf8N    int // number of such lines
	otherN   int // lines with bytes that are no UTF-8 and little that is
	chinese  int // characters of Chinese text
	foreign  int // letters of scripts that no such file is written in, all of two bytes
	faults
}

// faults are characters that no feed should hold.
type faults struct {
	nul, control, damaged int // line of the first; 0: none
	controls              int // how many
}

func (f *faults) see(r rune, line int) {
	note := func(at *int) {
		if *at == 0 {
			*at = line
		}
	}
	switch {
	case r == 0:
		note(&f.nul)
	case r == utf8.RuneError:
		note(&f.damaged)
	case isControl(r):
		f.controls++
		note(&f.control)
	}
}

// Detect finds the encoding: UTF-16 by its mark or its NUL bytes; UTF-8 when
// all of it is; Windows-1252 when what is no ASCII stands alone everywhere; else
// GB18030 when all of it is, and no line looks like UTF-8 with a broken byte; else
// Windows-1252 when what is no ASCII stands alone nearly everywhere.
// Anything else is refused with the line named.
func Detect(ctx context.Context, src *io.SectionReader, name string) (Encoding, error) {
	enc := Encoding{Name: "UTF-8"}
	head := make([]byte, 1<<14)
	n, err := src.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return enc, fmt.Errorf("reading the first bytes: %w", err)
	}
	head = head[:n]
	if wide, ok := utf16Of(head); ok {
		return wide.decodes(ctx, src, name)
	}
	if bytes.HasPrefix(head, []byte("\xef\xbb\xbf")) {
		enc = Encoding{Name: "UTF-8 BOM", skip: 3}
	}
	s, err := spell(ctx, enc.Open(src))
	if err != nil {
		return enc, err
	}
	if enc.Damaged = s.damaged; s.invalid == 0 {
		if enc.skip == 0 && s.foreign > 0 && s.chinese == 0 {
			if other, ok, err := chinese(ctx, src, name); ok || err != nil {
				return other, err
			}
		}
		return enc.with(s.faults, src, name)
	}
	switch {
	case enc.skip > 0 || s.utf8N > 0 && s.utf8N >= s.otherN:
		return enc, refusal.Of(lineProblem(name, refusal.EncodingUnknown, s.invalid))
	case s.utf8N > 0:
		return enc, refusal.Of(lineProblem(name, refusal.EncodingMixed, s.utf8Like))
	}
	alone, mostly, err := western(ctx, enc.raw(src))
	if err != nil {
		return enc, err
	}
	west := Encoding{Name: "Windows-1252", unit: 1, from: charmap.Windows1252}
	if alone {
		return west.decodes(ctx, src, name)
	}
	enc, err = Encoding{Name: "GB18030", unit: 1, from: simplifiedchinese.GB18030}.decodes(ctx, src, name)
	var refused *refusal.Refusal
	if mostly && errors.As(err, &refused) && refused.Problems[0].Code == refusal.EncodingUnknown {
		return west.decodes(ctx, src, name)
	}
	return enc, err
}

// chinese reports whether bytes that happen to be UTF-8, of letters that no such
// file is written in, are Chinese text in GB18030: a few characters of it (元) are
// both.
func chinese(ctx context.Context, src *io.SectionReader, name string) (Encoding, bool, error) {
	enc := Encoding{Name: "GB18030", unit: 1, from: simplifiedchinese.GB18030}
	s, err := spell(ctx, enc.Open(src))
	if err != nil || s.damaged > 0 || s.invalid > 0 || s.chinese == 0 || s.foreign > 0 {
		return enc, false, err
	}
	enc, err = enc.with(s.faults, src, name)
	return enc, err == nil, err
}

// utf16Of tells UTF-16 by its mark; without one by NUL bytes, which no other
// text has, and by reading as sensible text in one order of bytes alone.
func utf16Of(head []byte) (Encoding, bool) {
	little := Encoding{Name: "UTF-16LE", unit: 2, from: unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)}
	big := Encoding{Name: "UTF-16BE", unit: 2, from: unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)}
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		little.skip, little.Name = 2, "UTF-16LE BOM"
		return little, true
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		big.skip, big.Name = 2, "UTF-16BE BOM"
		return big, true
	case bytes.IndexByte(head, 0) < 0:
		return Encoding{}, false
	}
	l, b := sensible(head, binary.LittleEndian), sensible(head, binary.BigEndian)
	switch {
	case l >= 0.95 && l > b:
		return little, true
	case b >= 0.95 && b > l:
		return big, true
	}
	return Encoding{}, false
}

// sensible is the share of 16-bit units, read in an order of bytes, that are signs
// such files are made of.
func sensible(head []byte, order binary.ByteOrder) float64 {
	good := 0
	for i := 0; i+1 < len(head); i += 2 {
		switch u := order.Uint16(head[i:]); {
		case u == '\t' || u == '\n' || u == '\r' || u >= ' ' && u < 0x7f, u >= 0x3400 && u <= 0x9fff, u >= 0xd800 && u <= 0xdfff,
			u >= 0x3000 && u <= 0x303f, u >= 0xff00 && u <= 0xffef, u >= 0x2010 && u <= 0x2030:
			good++
		}
	}
	return float64(good) / float64(max(len(head)/2, 1))
}

// with is the encoding of a text with such faults: NUL bytes are refused, and control
// characters where they are more than one in a hundred bytes, as in no text.
func (e Encoding) with(f faults, src *io.SectionReader, name string) (Encoding, error) {
	var out []schema.Problem
	if f.nul > 0 {
		out = append(out, lineProblem(name, refusal.NULByte, f.nul))
	}
	if e.Controls, e.Control = f.controls, f.control; int64(f.controls) > 3+src.Size()/100 {
		out = append(out, lineProblem(name, refusal.ControlCharacter, f.control))
	}
	if out == nil {
		return e, nil
	}
	return e, refusal.Of(out...)
}

func lineProblem(name, code string, line int) schema.Problem {
	p := refusal.Problem(name, code, "line", line)
	p.Line = line
	return p
}

// spell walks the bytes as UTF-8. A line counts as UTF-8 Chinese when it holds
// at least two Chinese characters in UTF-8 and more of them than bytes that
// are no UTF-8: text in GB18030 hardly ever does.
func spell(ctx context.Context, src io.Reader) (spelling, error) {
	var s spelling
	lines := LineCount{Line: 1}
	han, bad := 0, 0
	endLine := func(line int) {
		switch {
		case han >= 2 && han > bad:
			if s.utf8N == 0 {
				s.utf8Like = line
			}
			s.utf8N++
		case bad > 0:
			s.otherN++
		}
		han, bad = 0, 0
	}
	err := eachRune(ctx, src, &lines, func(c rune, size int) {
		switch {
		case c == utf8.RuneError && size == 1:
			bad++
			if s.invalid == 0 {
				s.invalid = lines.Line
			}
		case c >= 0x370 && c < 0x800:
			s.foreign++
			s.see(c, lines.Line)
		case c >= 0x3000 && c <= 0x9fff || c >= 0xff00 && c <= 0xffef:
			han++
			s.chinese++
			fallthrough
		default:
			s.see(c, lines.Line)
		}
		before := lines.Line
		if lines.Step(c); lines.Line > before {
			endLine(before)
		}
	})
	if err != nil {
		return s, fmt.Errorf("finding the encoding: %w", err)
	}
	endLine(lines.Line)
	return s, nil
}

// eachRune walks text and gives each character but the plain ones of ASCII,
// which are most of a file of figures.
func eachRune(ctx context.Context, src io.Reader, lines *LineCount, see func(c rune, size int)) error {
	buf := make([]byte, 1<<16)
	kept := 0 // bytes of a character whose rest is still to come
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := src.Read(buf[kept:])
		end := errors.Is(err, io.EOF)
		if err != nil && !end {
			return err
		}
		text, i := buf[:kept+n], 0
		for i < len(text) {
			if b := text[i]; b >= ' ' && b < 0x7f {
				for i++; i < len(text) && text[i] >= ' ' && text[i] < 0x7f; {
					i++
				}
				lines.cr = false
				continue
			}
			if !end && !utf8.FullRune(text[i:]) {
				break
			}
			c, size := utf8.DecodeRune(text[i:])
			see(c, size)
			i += size
		}
		kept = copy(buf, text[i:])
		if end {
			return nil
		}
	}
}

// decodes refuses text that is not wholly in the encoding, what could not be
// decoded standing as U+FFFD, or that holds what no feed should.
func (e Encoding) decodes(ctx context.Context, src *io.SectionReader, name string) (Encoding, error) {
	var f faults
	lines := LineCount{Line: 1}
	err := eachRune(ctx, e.Open(src), &lines, func(c rune, _ int) {
		f.see(c, lines.Line)
		lines.Step(c)
	})
	switch {
	case err != nil:
		return e, fmt.Errorf("decoding: %w", err)
	case f.damaged > 0 || (src.Size()-e.skip)%e.unit != 0:
		return e, refusal.Of(lineProblem(name, refusal.EncodingUnknown, max(f.damaged, 1)))
	}
	return e.with(f, src, name)
}
