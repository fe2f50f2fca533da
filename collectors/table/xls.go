package table

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"strconv"
	"unicode/utf16"

	"github.com/richardlehane/mscfb"

	"yardstick/collectors/table/numfmt"
	"yardstick/collectors/table/refusal"
)

// Records of BIFF8 that are read ([MS-XLS] 2.3).
const (
	recFormula    = 0x0006
	recEOF        = 0x000a
	recDateMode   = 0x0022
	recFilePass   = 0x002f
	recFont       = 0x0031
	recContinue   = 0x003c
	recColInfo    = 0x007d
	recBoundSheet = 0x0085
	recMulRK      = 0x00bd
	recRString    = 0x00d6
	recXF         = 0x00e0
	recMerged     = 0x00e5
	recSST        = 0x00fc
	recLabelSST   = 0x00fd
	recDimensions = 0x0200
	recNumber     = 0x0203
	recLabel      = 0x0204
	recBoolErr    = 0x0205
	recString     = 0x0207
	recRow        = 0x0208
	recWindow2    = 0x023e
	recRK         = 0x027e
	recFormat     = 0x041e
	recBOF        = 0x0809
)

// mostXLSCells is what an old workbook may fill: its cells are held in memory.
const mostXLSCells = 1_000_000

// errXLS is damage in an old workbook.
var errXLS = &fault{code: refusal.FormatXLS}

// biff is an old workbook while it is read.
type biff struct {
	file     string
	stream   []byte
	limits   Limits
	texts    []string
	rich     map[int]runs // of those texts that are not of one piece
	codes    map[int]string
	fonts    []mark
	styles   []xlsStyle
	known    map[int]numfmt.Format
	date1904 bool
	sheets   []sheetPart
	cells    int
}

// xlsStyle is the number of a style's format and of its font.
type xlsStyle struct{ format, font int }

// xls reads an Excel 97 workbook, which WPS writes as .et too.
func (r *fileReader) xls(ctx context.Context) error {
	r.file.Format = "xls"
	if r.src.Size() > mostPacked {
		return r.refuse(refusal.WorkbookTooLarge, "limit", megabytes(mostPacked))
	}
	stream, err := r.oleStream()
	if err != nil {
		return err
	}
	b := &biff{file: r.file.Name, stream: stream, limits: r.limits, rich: map[int]runs{}, codes: map[int]string{},
		known: map[int]numfmt.Format{}}
	if err := b.globals(); err != nil {
		return toldOf(b.file, "", refusal.FormatXLS, err)
	}
	return r.sheets(b.sheets, refusal.FormatXLS, func(s sheetPart, found tallies) (*Table, string, error) {
		t, err := b.table(ctx, s, found)
		return t, "", err
	})
}

// oleStream takes the workbook out of its container; what else is in it is
// refused. The container is padded to whole sectors: some writers leave the last
// one short.
func (r *fileReader) oleStream() ([]byte, error) {
	size := r.src.Size()
	whole := make([]byte, (size+4095)/4096*4096)
	if _, err := r.src.ReadAt(whole[:size], 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	doc, err := mscfb.New(bytes.NewReader(whole))
	if err != nil {
		return nil, r.refuse(refusal.FormatXLS) // only the bytes can be at fault here
	}
	found := map[string]*mscfb.File{}
	for _, f := range doc.File {
		if _, twice := found[f.Name]; !twice {
			found[f.Name] = f
		}
	}
	if found["EncryptedPackage"] != nil {
		return nil, r.refuse(refusal.Password)
	}
	if f := found["Workbook"]; f != nil {
		if f.Size < 0 || f.Size > size {
			return nil, r.refuse(refusal.FormatXLS)
		}
		stream, err := io.ReadAll(io.LimitReader(f, size))
		if err != nil || int64(len(stream)) != f.Size {
			return nil, r.refuse(refusal.FormatXLS)
		}
		return stream, nil
	}
	switch {
	case found["Book"] != nil:
		return nil, r.refuse(refusal.FormatXLSOld)
	case found["WordDocument"] != nil:
		return nil, r.refuse(refusal.FormatWord)
	case found["PowerPoint Document"] != nil:
		return nil, r.refuseKind("format-name-slides")
	case found["__properties_version1.0"] != nil:
		return nil, r.refuseKind("format-name-mail")
	}
	return nil, r.refuse(refusal.FormatUnknown)
}

// record gives the record at an offset and the offset of the next; data is cut
// where the stream ends.
func (b *biff) record(at int) (kind int, data []byte, next int, err error) {
	if at < 0 || at+4 > len(b.stream) {
		return 0, nil, 0, errXLS
	}
	kind = int(binary.LittleEndian.Uint16(b.stream[at:]))
	size := int(binary.LittleEndian.Uint16(b.stream[at+2:]))
	if at+4+size > len(b.stream) {
		return 0, nil, 0, errXLS
	}
	return kind, b.stream[at+4 : at+4+size], at + 4 + size, nil
}

// segments gives a record's data with that of the CONTINUE records after it.
func (b *biff) segments(data []byte, next int) *segments {
	s := &segments{parts: [][]byte{data}}
	for {
		kind, more, after, err := b.record(next)
		if err != nil || kind != recContinue {
			return s
		}
		s.parts, next = append(s.parts, more), after
	}
}

// globals reads the first substream: sheets, texts, formats.
func (b *biff) globals() error {
	kind, data, at, err := b.record(0)
	if err != nil || kind != recBOF || len(data) < 4 {
		return errXLS
	}
	if binary.LittleEndian.Uint16(data) != 0x0600 {
		return faultAt(refusal.FormatXLSOld, 0, 0)
	}
	for {
		kind, data, next, err := b.record(at)
		if err != nil {
			return err
		}
		s := &segments{parts: [][]byte{data}}
		if kind == recSST || kind == recFormat { // collected for these alone: a chain is walked once
			s = b.segments(data, next)
		}
		switch kind {
		case recEOF:
			if len(b.sheets) == 0 {
				return errXLS
			}
			return nil
		case recFilePass:
			return faultAt(refusal.Password, 0, 0)
		case recDateMode:
			b.date1904 = s.u16() == 1
		case recBoundSheet:
			err = b.boundSheet(s)
		case recFormat:
			id := s.u16()
			b.codes[id], _ = s.text(s.u16())
		case recFont:
			b.fonts = append(b.fonts, s.font())
		case recXF:
			font := s.u16()
			b.styles = append(b.styles, xlsStyle{s.u16(), font})
		case recSST:
			err = b.sharedTexts(s)
		}
		if err != nil {
			return err
		}
		if s.failed || len(b.styles) > mostStyles {
			return errXLS
		}
		at = next
	}
}

func (b *biff) boundSheet(s *segments) error {
	offset, state, kind, length := s.u32(), s.u8(), s.u8(), s.u8()
	name, _ := s.text(length)
	if s.failed || len(b.sheets) >= mostSheets {
		return errXLS
	}
	for _, other := range b.sheets {
		if other.sheet && kind == 0 && other.offset == offset {
			return errXLS // one sheet under two names; it would be read over and over
		}
	}
	b.sheets = append(b.sheets, sheetPart{name: name, hidden: state&3 != 0, sheet: kind == 0, offset: offset})
	return nil
}

func (b *biff) sharedTexts(s *segments) error {
	s.u32()
	n := s.u32()
	if n > mostStrings {
		return faultAt(refusal.WorkbookTooLarge, 0, 0, "limit", megabytes(mostPacked))
	}
	for range n {
		text, changes := s.text(s.u16())
		if s.failed {
			return errXLS
		}
		if r := b.runs(text, changes); r.marked() {
			b.rich[len(b.texts)] = r
		}
		b.texts = append(b.texts, newLines(text))
	}
	return nil
}

// segments is a record's data across its continuations.
type segments struct {
	parts  [][]byte
	at     int  // in parts[0]
	failed bool // something was read beyond the end
}

// here gives what is left of the current part, going on to the next at its end.
func (s *segments) here() []byte {
	for len(s.parts) > 0 && s.at >= len(s.parts[0]) {
		s.parts, s.at = s.parts[1:], 0
	}
	if len(s.parts) == 0 {
		return nil
	}
	return s.parts[0][s.at:]
}

func (s *segments) u8() int {
	h := s.here()
	if len(h) == 0 {
		s.failed = true
		return 0
	}
	s.at++
	return int(h[0])
}

func (s *segments) u16() int { lo := s.u8(); return lo | s.u8()<<8 }

func (s *segments) u32() uint32 { lo := s.u16(); return uint32(lo) | uint32(s.u16())<<16 }

func (s *segments) u64() uint64 { lo := s.u32(); return uint64(lo) | uint64(s.u32())<<32 }

func (s *segments) skip(n int64) {
	for n > 0 && !s.failed {
		h := s.here()
		if len(h) == 0 {
			s.failed = true
			return
		}
		step := min(n, int64(len(h)))
		s.at, n = s.at+int(step), n-step
	}
}

// text reads a string of n characters whose flags come first: one byte each
// (the low half of UTF-16) or two, perhaps with runs of fonts and a guide
// after it, which says where each font begins. A continuation in the middle begins
// with flags of its own.
func (s *segments) text(n int) (string, []fontChange) {
	flags := s.u8()
	var runs int
	var extra uint32
	if flags&8 != 0 {
		runs = s.u16()
	}
	if flags&4 != 0 {
		extra = s.u32()
	}
	units := make([]uint16, 0, min(n, 4096))
	for len(units) < n && !s.failed {
		if s.at >= len(s.parts[0]) {
			if h := s.here(); len(h) == 0 {
				s.failed = true
				break
			}
			flags = s.u8()
		}
		if flags&1 != 0 {
			units = append(units, uint16(s.u16()))
		} else {
			units = append(units, uint16(s.u8()))
		}
		if len(s.parts) == 0 {
			s.failed = true
		}
	}
	changes := s.fontChanges(runs)
	s.skip(int64(extra))
	return string(utf16.Decode(units)), changes
}

// fontChange is where a font begins in a text, in units of UTF-16.
type fontChange struct{ at, font int }

func (s *segments) fontChanges(n int) []fontChange {
	var out []fontChange
	for ; n > 0 && !s.failed; n-- {
		out = append(out, fontChange{s.u16(), s.u16()})
	}
	return out
}

// font reads what a font does to the text.
func (s *segments) font() mark {
	s.u16()
	flags := s.u16()
	s.u32()
	var m mark
	switch s.u16() {
	case 1:
		m = raised
	case 2:
		m = lowered
	}
	if flags&8 != 0 {
		m |= struck
	}
	return m
}

// markOf is what a font of that number does; there is none of the number 4.
func (b *biff) markOf(font int) mark {
	if font > 4 {
		font--
	}
	if font >= len(b.fonts) {
		return 0
	}
	return b.fonts[font]
}

// runs cuts a text where its font changes.
func (b *biff) runs(text string, changes []fontChange) runs {
	if changes == nil {
		return nil
	}
	var out runWriter
	units, from, own, m := utf16.Encode([]rune(text)), 0, false, mark(0)
	for _, c := range changes {
		if at := min(c.at, len(units)); at >= from {
			out.add(newLines(string(utf16.Decode(units[from:at]))), m, own)
			from, own, m = at, true, b.markOf(c.font)
		}
	}
	out.add(newLines(string(utf16.Decode(units[from:]))), m, own)
	return out.runs()
}

// styleOf gives the style of a number.
func (b *biff) styleOf(style int) cellStyle {
	if style >= len(b.styles) {
		return cellStyle{}
	}
	id := b.styles[style].format
	f, ok := b.known[id]
	if !ok {
		f = numfmt.FormatOf(id, b.codes[id])
		b.known[id] = f
	}
	return cellStyle{f, b.markOf(b.styles[style].font)}
}

// rk unpacks a number of 30 bits: a whole one or a float, perhaps of hundredths.
func rk(v uint32) float64 {
	var f float64
	if v&2 != 0 {
		f = float64(int32(v) >> 2)
	} else {
		f = math.Float64frombits(uint64(v&^3) << 32)
	}
	if v&1 != 0 {
		f /= 100
	}
	return f
}

// biffError names an error value.
func biffError(code int) string {
	names := map[int]string{0x00: "#NULL!", 0x07: "#DIV/0!", 0x0f: "#VALUE!", 0x17: "#REF!", 0x1d: "#NAME?", 0x24: "#NUM!", 0x2a: "#N/A"}
	return cmp.Or(names[code], "#ERR"+strconv.Itoa(code))
}
