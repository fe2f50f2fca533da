package table

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/transform"

	"yardstick/schema"
)

// encoding is how the bytes spell text.
type encoding struct {
	name string
	skip int64 // length of the byte order mark
	gb   bool
}

// open reads the source as UTF-8 without byte order mark.
func (e encoding) open(src Source) io.Reader {
	r := io.Reader(io.NewSectionReader(src, e.skip, src.Size()-e.skip))
	if e.gb {
		return transform.NewReader(r, simplifiedchinese.GB18030.NewDecoder())
	}
	return r
}

// foreign names the format of a file that is no text with separators, by its
// first bytes.
func foreign(src Source) (code string, err error) {
	head := make([]byte, 512)
	n, err := src.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("reading the first bytes: %w", err)
	}
	head = head[:n]
	for _, f := range []struct{ magic, code string }{
		{"PK\x03\x04", FormatXLSX}, {"PK\x05\x06", FormatXLSX}, {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FormatXLS},
		{"\x1f\x8b", FormatArchive}, {"Rar!", FormatArchive}, {"7z\xbc\xaf", FormatArchive}, {"BZh", FormatArchive},
		{"%PDF", FormatUnknown}, {"\x89PNG", FormatUnknown}, {"\xff\xd8\xff", FormatUnknown}, {"{\\rtf", FormatUnknown},
		{"\x7fELF", FormatUnknown}, {"PAR1", FormatUnknown},
		{"\xff\xfe", FormatUTF16}, {"\xfe\xff", FormatUTF16}, {"\x00\x00\xfe\xff", FormatUTF16},
	} {
		if bytes.HasPrefix(head, []byte(f.magic)) {
			return f.code, nil
		}
	}
	text := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n"))
	for _, tag := range []string{"<html", "<!doctype", "<?xml", "<table", "<meta", "<div"} {
		if bytes.HasPrefix(text, []byte(tag)) {
			return FormatHTML, nil
		}
	}
	even, odd := 0, 0
	for i, b := range head {
		if b == 0 {
			if i%2 == 0 {
				even++
			} else {
				odd++
			}
		}
	}
	if half := n / 2; half > 4 && (even == 0 && odd*4 > half || odd == 0 && even*4 > half) {
		return FormatUTF16, nil // without a mark: every second byte of its ASCII is NUL
	}
	return "", nil
}

// lineCount follows line ends: CRLF, LF and CR each end one.
type lineCount struct {
	line int
	cr   bool
}

func (l *lineCount) step(r rune) {
	if r == '\n' && !l.cr || r == '\r' {
		l.line++
	}
	l.cr = r == '\r'
}

// spelling is what a walk over the bytes as UTF-8 found.
type spelling struct {
	invalid  int // line of the first byte that is no UTF-8; 0: none
	utf8Like int // first line that is UTF-8 Chinese, all of it or but for a byte or two
	utf8N    int // number of such lines
	otherN   int // lines with bytes that are no UTF-8 and little that is
	faults
}

// faults are characters that no feed should hold.
type faults struct {
	nul, control, damaged int // line of the first; 0: none
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
	case r < ' ' && r != '\t' && r != '\n' && r != '\r', r == 0x7f:
		note(&f.control)
	}
}

// detect finds the encoding: UTF-8 when all of it is; else GB18030 when all of
// it is, and no line looks like UTF-8 with a broken byte. Anything else is a
// problem that names the line.
func detect(ctx context.Context, src Source, name string) (encoding, []schema.Problem, error) {
	enc := encoding{name: "UTF-8"}
	mark := make([]byte, 3)
	if n, _ := src.ReadAt(mark, 0); n == 3 && bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		enc = encoding{name: "UTF-8 BOM", skip: 3}
	}
	s, err := spell(ctx, enc.open(src))
	if err != nil {
		return enc, nil, fmt.Errorf("reading %s: %w", name, err)
	}
	if s.invalid == 0 {
		return enc, s.problems(name), nil
	}
	switch {
	case enc.skip > 0 || s.utf8N > 0 && s.utf8N >= s.otherN:
		return enc, []schema.Problem{lineProblem(name, EncodingUnknown, s.invalid)}, nil
	case s.utf8N > 0:
		return enc, []schema.Problem{lineProblem(name, EncodingMixed, s.utf8Like)}, nil
	}
	enc = encoding{name: "GB18030", gb: true}
	f, err := undecodable(ctx, enc.open(src))
	if err != nil {
		return enc, nil, fmt.Errorf("reading %s: %w", name, err)
	}
	if f.damaged > 0 {
		return enc, []schema.Problem{lineProblem(name, EncodingUnknown, f.damaged)}, nil
	}
	return enc, f.problems(name), nil
}

func (f faults) problems(name string) []schema.Problem {
	var out []schema.Problem
	add := func(line int, code string) {
		if line > 0 {
			out = append(out, lineProblem(name, code, line))
		}
	}
	add(f.nul, NULByte)
	add(f.control, ControlCharacter)
	add(f.damaged, TextDamaged)
	return out
}

func lineProblem(name, code string, line int) schema.Problem {
	p := problem(name, code, "line", line)
	p.Line = line
	return p
}

// spell walks the bytes as UTF-8. A line counts as UTF-8 Chinese when it holds
// at least two Chinese characters in UTF-8 and more of them than bytes that
// are no UTF-8: text in GB18030 hardly ever does.
func spell(ctx context.Context, src io.Reader) (spelling, error) {
	var s spelling
	r := bufio.NewReaderSize(src, 1<<16)
	lines := lineCount{line: 1}
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
	for n := 0; ; n++ {
		if n%(1<<16) == 0 && ctx.Err() != nil {
			return s, fmt.Errorf("finding the encoding: %w", ctx.Err())
		}
		c, size, err := r.ReadRune()
		if errors.Is(err, io.EOF) {
			endLine(lines.line)
			return s, nil
		}
		if err != nil {
			return s, fmt.Errorf("finding the encoding: %w", err)
		}
		switch {
		case c == utf8.RuneError && size == 1:
			bad++
			if s.invalid == 0 {
				s.invalid = lines.line
			}
		case c >= 0x3000 && c <= 0x9fff || c >= 0xff00 && c <= 0xffef:
			han++
			fallthrough
		default:
			s.see(c, lines.line)
		}
		before := lines.line
		if lines.step(c); lines.line > before {
			endLine(before)
		}
	}
}

// undecodable walks decoded text; what could not be decoded stands in it as
// U+FFFD.
func undecodable(ctx context.Context, src io.Reader) (faults, error) {
	var f faults
	r := bufio.NewReaderSize(src, 1<<16)
	lines := lineCount{line: 1}
	for n := 0; ; n++ {
		if n%(1<<16) == 0 && ctx.Err() != nil {
			return f, fmt.Errorf("decoding: %w", ctx.Err())
		}
		c, _, err := r.ReadRune()
		if errors.Is(err, io.EOF) {
			return f, nil
		}
		if err != nil {
			return f, fmt.Errorf("decoding: %w", err)
		}
		f.see(c, lines.line)
		lines.step(c)
	}
}
