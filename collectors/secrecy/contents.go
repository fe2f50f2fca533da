package secrecy

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/richardlehane/mscfb"
	"golang.org/x/net/html"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"yardstick/collectors/table"
)

// Bounds of what a file may unpack to.
const (
	mostUnpacked = 1 << 30  // bytes in all
	mostEntries  = 20_000   // of one archive
	mostNested   = 64 << 20 // bytes of a package within a package, which is held in memory
	mostDepth    = 3
	mostToken    = 1 << 20 // bytes of one tag, or of a text between two
)

// errBeyond is more than can be looked through.
var errBeyond = errors.New("it unpacks to more than can be looked through")

// looker looks through a file and what is packed in it.
type looker struct {
	ctx context.Context //nolint:containedctx // it is one look, and ends with it
	probe
	left int64 // bytes that may still be unpacked
}

// file looks through a file by what its first bytes say it is.
func (l *looker) file(src table.Source, at place, depth int) error {
	head := make([]byte, 8)
	n, err := src.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("reading the first bytes: %w", err)
	}
	all := io.NewSectionReader(src, 0, src.Size())
	switch head = head[:n]; {
	case bytes.HasPrefix(head, []byte("PK")):
		z, err := openZip(src)
		if err != nil {
			return err
		}
		if z != nil {
			return l.zip(z, at, depth)
		}
	case isOLE(head):
		if done, err := l.ole(src, at, depth); done || err != nil {
			return err
		}
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		if packed, err := gzip.NewReader(all); err == nil {
			l.written(place{kind: "entry"}, latin(packed.Name), latin(packed.Comment), string(packed.Extra))
			return errors.Join(l.packed(packed, at, depth), packed.Close())
		}
		_, _ = all.Seek(0, io.SeekStart) // a section cannot fail to
	}
	return l.text(all, at)
}

func isOLE(head []byte) bool {
	return bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))
}

// packed looks through what an archive gives. Where the archive is damaged what
// was read till there counts: what comes after it nobody can read.
func (l *looker) packed(body io.Reader, at place, depth int) error {
	counted := &budget{Reader: body, left: &l.left}
	in := bufio.NewReaderSize(counted, 4096)
	head, _ := in.Peek(8)
	var err error
	if nested := bytes.HasPrefix(head, []byte("PK\x03\x04")) || isOLE(head) || bytes.HasPrefix(head, []byte("\x1f\x8b")); nested && depth < mostDepth {
		var whole bytes.Buffer
		if _, err = whole.ReadFrom(io.LimitReader(in, mostNested+1)); whole.Len() > mostNested {
			return errBeyond
		}
		if err = errors.Join(l.ctx.Err(), beyond(err)); err == nil {
			err = l.file(bytes.NewReader(whole.Bytes()), at, depth+1)
		}
	} else {
		err = l.text(in, at)
	}
	return errors.Join(l.ctx.Err(), beyond(err))
}

// beyond is what of an error ends the look: a damaged archive does not.
func beyond(err error) error {
	if errors.Is(err, errBeyond) {
		return errBeyond
	}
	return nil
}

// budget counts what is unpacked.
type budget struct {
	io.Reader
	left *int64
}

func (b *budget) Read(into []byte) (int, error) {
	n, err := b.Reader.Read(into)
	if *b.left -= int64(n); *b.left < 0 {
		return 0, errBeyond
	}
	return n, err
}

// openZip opens a zip; nil when it is none. Its entries are counted before:
// archive/zip makes room for all of them.
func openZip(src table.Source) (*zip.Reader, error) {
	mark, n := []byte("PK\x01\x02"), 0
	buf := make([]byte, 1<<16)
	for at := int64(0); at < src.Size(); at += int64(len(buf) - len(mark) + 1) {
		got, err := src.ReadAt(buf, at)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("reading the archive: %w", err)
		}
		if n += bytes.Count(buf[:got], mark); n > mostEntries {
			return nil, errBeyond
		}
	}
	z, err := zip.NewReader(src, src.Size())
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, nil //nolint:nilnil,nilerr // no zip: its bytes are looked through as they are
	}
	return z, nil
}

// written looks through names and remarks that an archive gives as bytes of any
// encoding: by themselves, and each part of a path with its ending and without. No
// encoding has a slash or a point within a character.
func (l *looker) written(at place, texts ...string) {
	look := func(text string) {
		b := []byte(text)
		l.see(window{b, 0, len(b), true}, func(int) place { return at }, false)
	}
	for _, text := range texts {
		look(text)
		for part := range strings.SplitSeq(text, "/") {
			look(part)
			if stem := strings.TrimSuffix(part, path.Ext(part)); stem != part {
				look(stem)
			}
		}
	}
}

// latin gives the bytes of a text that was decoded as ISO 8859-1.
func latin(text string) string {
	b := make([]byte, 0, len(text))
	for _, r := range text {
		b = append(b, byte(r))
	}
	return string(b)
}

func (l *looker) zip(z *zip.Reader, at place, depth int) error {
	l.written(place{kind: "archive"}, z.Comment)
	for _, f := range z.File {
		if err := l.ctx.Err(); err != nil {
			return err
		}
		l.written(place{kind: "entry"}, f.Name, f.Comment, string(f.Extra))
		inside := place{kind: "part", part: Name(f.Name)}
		body, err := f.Open()
		if err != nil || f.Flags&1 != 0 { // packed in a way, or by a password, that nobody here can read
			continue
		}
		err = l.packed(body, inside, depth)
		if err = errors.Join(err, beyond(body.Close())); err != nil {
			return err
		}
	}
	return nil
}

// text looks through text of any encoding, or through what is no text.
func (l *looker) text(body io.Reader, at place) error {
	l.seen = false
	in := bufio.NewReaderSize(body, 4096)
	head, _ := in.Peek(1024)
	body = in
	if wide := bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")); wide {
		body = transform.NewReader(in, unicode.BOMOverride(transform.Nop))
		in = bufio.NewReaderSize(body, 4096)
		head, _ = in.Peek(1024)
		body = in
	}
	start := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	if bytes.HasPrefix(start, []byte("<")) {
		m := &markup{looker: l, at: at}
		return m.read(body)
	}
	return l.stream(l.ctx, body, at, bytes.IndexByte(head, 0) >= 0, at.kind == "file" && bytes.IndexByte(head, 0) < 0)
}

// ole looks through the streams of a compound document: an old workbook, an old
// text. done: it is one.
func (l *looker) ole(src table.Source, at place, depth int) (done bool, err error) {
	defer func() {
		if recover() != nil { // its bytes are looked through as they are
			done, err = false, nil
		}
	}()
	doc, err := mscfb.New(padded{src})
	if err != nil {
		return false, nil //nolint:nilerr // likewise
	}
	for _, f := range doc.File {
		if err := l.ctx.Err(); err != nil {
			return true, err
		}
		for _, code := range named(f.Name) {
			l.add(&l.hits, code, place{kind: "entry"})
		}
		if f.Size <= 0 || f.Size > src.Size() {
			continue
		}
		if strings.Contains(f.Name, "SummaryInformation") && f.Size <= mostToken {
			if err := l.properties(f); err != nil {
				return true, err
			}
			continue
		}
		if f.Name != "Workbook" && f.Name != "Book" || f.Size > mostNested {
			if err := l.packed(f, at, depth); err != nil {
				return true, err
			}
			continue
		}
		stream, err := io.ReadAll(io.LimitReader(f, f.Size))
		if err != nil {
			return false, nil //nolint:nilerr // likewise
		}
		l.seen = false
		if err := l.stream(l.ctx, bytes.NewReader(stream), at, true, false); err != nil {
			return true, err
		}
		l.continued(stream, at)
	}
	return true, nil
}

// properties looks through a set of a document's properties: each text in it ends in
// a zero and begins after the number of its bytes.
func (l *looker) properties(stream io.Reader) error {
	all, err := io.ReadAll(io.LimitReader(stream, mostToken))
	if err != nil {
		return l.ctx.Err() // it is damaged: what of it can be read is looked through
	}
	for _, by := range writings() {
		texts := strings.FieldsFunc(by.decode(all), func(r rune) bool { return r < ' ' || r == utf8.RuneError })
		for _, code := range found(texts...) {
			l.add(&l.hits, code, place{kind: "property"})
		}
	}
	return nil
}

// continued looks through the places of an old workbook where a text goes on in
// the next record: a head of four bytes, and mostly a byte of flags, stand in it.
func (l *looker) continued(stream []byte, at place) {
	const record, header, footer, most = 0x3c, 0x14, 0x15, 96
	for i := 0; i+4 <= len(stream); {
		kind, size := binary.LittleEndian.Uint16(stream[i:]), int(binary.LittleEndian.Uint16(stream[i+2:]))
		body := stream[i+4 : min(len(stream), i+4+size)]
		if (kind == header || kind == footer) && len(body) > 3 {
			text, by := body[3:], writings()
			for _, code := range found(parted(by[1].decode(text)), parted(by[2].decode(text))) {
				l.add(&l.hits, code, place{kind: "header"})
			}
		}
		if kind == record && i > 0 {
			before := stream[max(0, i-most):i]
			for skip := range min(2, len(body)) {
				joined := append(bytes.Clone(before), body[skip:min(len(body), most)]...)
				l.see(window{joined, 0, len(joined), false}, func(int) place { return at }, true)
			}
		}
		i += 4 + size
	}
}

// padded ends in whole sectors: some writers leave the last one short.
type padded struct{ table.Source }

func (p padded) ReadAt(b []byte, at int64) (int, error) {
	n, err := p.Source.ReadAt(b, at)
	if end := (p.Size() + 4095) / 4096 * 4096; errors.Is(err, io.EOF) && at+int64(len(b)) <= end {
		clear(b[n:])
		return len(b), nil
	}
	return n, err
}

// parted is the text of a header or footer with its codes as line ends: &R机密&P.
func parted(text string) string {
	if !strings.Contains(text, "密") {
		return text
	}
	return law().codes.ReplaceAllString(text, "\n")
}

// markup is a page, or XML, while its text is taken out: a mark may be cut by
// tags that are not seen, and lie between two that are.
type markup struct {
	*looker
	at     place
	inner  place // of an element that has a place of its own; no kind: none
	texts  []byte
	aside  []byte // attributes and comments
	pages  bool   // it is HTML
	tables int    // open ones
}

func (m *markup) read(body io.Reader) error {
	tokens := html.NewTokenizer(body)
	tokens.SetMaxBuf(mostToken)
	for n := 0; ; n++ {
		if n%4096 == 0 && m.ctx.Err() != nil {
			return m.ctx.Err()
		}
		switch kind := tokens.Next(); kind {
		case html.ErrorToken:
			m.flush()
			err := tokens.Err()
			if errors.Is(err, html.ErrBufferExceeded) { // more than a text can be: as it is
				rest := io.MultiReader(bytes.NewReader(bytes.Clone(tokens.Raw())), bytes.NewReader(bytes.Clone(tokens.Buffered())), body)
				return m.stream(m.ctx, rest, m.at, false, false)
			}
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		case html.TextToken:
			m.texts = append(m.texts, tokens.Text()...)
		case html.CommentToken, html.DoctypeToken:
			m.aside = append(append(m.aside, tokens.Text()...), '\n')
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			m.tag(tokens, kind)
		}
		if n := len(m.texts); n+len(m.aside) > mostToken && (n == 0 || m.texts[n-1] == '\n') || n > 4*mostToken {
			m.flush()
		}
	}
}

// tag takes a tag: it may end what is read as one, and bear text itself.
func (m *markup) tag(tokens *html.Tokenizer, kind html.TokenType) {
	raw := tokens.Raw()
	bears := kind != html.EndTagToken && telling(raw)
	full, more := tokens.TagName()
	name := string(full[bytes.IndexByte(full, ':')+1:])
	if m.pages = m.pages || name == "html"; apart(name) {
		m.texts = append(m.texts, '\n')
	}
	special := name == "comment" || strings.HasSuffix(name, "header") || strings.HasSuffix(name, "footer")
	if !m.pages && special {
		m.flush()
		m.inner = place{}
	}
	if name == "table" {
		m.flush()
		switch kind {
		case html.StartTagToken:
			m.tables++
		case html.EndTagToken:
			m.tables = max(0, m.tables-1)
		}
	}
	ref := ""
	if bears || name == "comment" || name == "sheet" {
		var values []byte
		for more {
			var key, value []byte
			key, value, more = tokens.TagAttr()
			values = append(append(values, value...), '\n')
			if string(key) == "ref" {
				ref = string(value)
			}
		}
		if name == "sheet" {
			for _, code := range found(string(values)) {
				m.add(&m.hits, code, place{kind: "sheet"})
			}
			return
		}
		m.aside = append(m.aside, values...)
	}
	switch {
	case m.pages || !special || kind != html.StartTagToken:
	case name == "comment" && ref != "":
		m.inner = place{kind: "comment", ref: ref}
	case name == "comment":
	default:
		m.inner = place{kind: "header"}
	}
}

// telling reports whether a tag may hold what is sought: most hold references.
func telling(tag []byte) bool {
	run := 0
	for _, b := range tag {
		if run++; !digit(b) {
			run = 0
		}
		if run >= 15 || b >= 0x80 || b == '&' {
			return true
		}
	}
	return false
}

// apart reports whether an element's text stands by itself: a cell, a paragraph.
func apart(name string) bool {
	switch name {
	case "si", "is", "v", "f", "c", "row", "p", "h", "h1", "h2", "h3", "h4", "tc", "tr", "td", "th", "li", "div", "br", "table", "table-cell", "comment",
		"oddheader", "evenheader", "firstheader", "oddfooter", "evenfooter", "firstfooter", "title", "subject", "keywords", "description", "creator", "category",
		"property", "user-defined", "contentstatus", "company", "manager", "text", "threadedcomment", "option", "label", "caption", "button", "pre", "h5", "h6", "dd", "dt":
		return true
	}
	return false
}

// flush judges what was gathered.
func (m *markup) flush() {
	at := m.at
	if m.inner.kind != "" {
		at = m.inner
	}
	if at.kind == "header" {
		m.texts = []byte(parted(string(m.texts)))
	}
	for i, text := range [][]byte{m.texts, m.aside} {
		at.outside = i > 0 || m.tables == 0 && at.kind == "file"
		m.see(window{text, 0, len(text), true}, func(int) place { return at }, false)
	}
	m.texts, m.aside = m.texts[:0], m.aside[:0]
}
