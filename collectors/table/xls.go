package table

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf16"

	"github.com/richardlehane/mscfb"

	"yardstick/collectors/table/archive"
	"yardstick/collectors/table/biff"
	"yardstick/collectors/table/numfmt"
	"yardstick/collectors/table/ooxml"
	"yardstick/collectors/table/refusal"
	"yardstick/collectors/table/runs"
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
var errXLS = &refusal.Fault{Code: refusal.FormatXLS}

// oldBook is an old workbook while it is read.
type oldBook struct {
	file     string
	stream   []byte
	limits   Limits
	texts    []string
	rich     map[int]runs.Runs // of those texts that are not of one piece
	codes    map[int]string
	fonts    []runs.Mark
	styles   []xlsStyle
	known    map[int]numfmt.Format
	date1904 bool
	sheets   []sheetPart
	cells    int
}

// xlsStyle is the number of a style's format and of its font, and its ground.
type xlsStyle struct {
	format, font int
	ground       bool // it is filled with another colour than white
}

// xls reads an Excel 97 workbook, which WPS writes as .et too.
func (r *fileReader) xls(ctx context.Context) error {
	r.file.Format = "xls"
	if r.src.Size() > archive.MostPacked {
		return r.refuse(refusal.WorkbookTooLarge, "limit", refusal.Megabytes(archive.MostPacked))
	}
	stream, err := r.oleStream()
	if err != nil {
		return err
	}
	b := &oldBook{file: r.file.Name, stream: stream, limits: r.limits, rich: map[int]runs.Runs{}, codes: map[int]string{},
		known: map[int]numfmt.Format{}}
	if err := b.globals(); err != nil {
		return refusal.Told(b.file, "", refusal.FormatXLS, err)
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
func (b *oldBook) record(at int) (kind int, data []byte, next int, err error) {
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
func (b *oldBook) segments(data []byte, next int) *biff.Segments {
	s := &biff.Segments{Parts: [][]byte{data}}
	for {
		kind, more, after, err := b.record(next)
		if err != nil || kind != recContinue {
			return s
		}
		s.Parts, next = append(s.Parts, more), after
	}
}

// globals reads the first substream: sheets, texts, formats.
func (b *oldBook) globals() error {
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
		s := &biff.Segments{Parts: [][]byte{data}}
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
			b.date1904 = s.U16() == 1
		case recBoundSheet:
			err = b.boundSheet(s)
		case recFormat:
			id := s.U16()
			b.codes[id], _ = s.Text(s.U16())
		case recFont:
			b.fonts = append(b.fonts, fontOf(s))
		case recXF:
			font := s.U16()
			b.styles = append(b.styles, xlsStyle{s.U16(), font, groundOf(data)})
		case recSST:
			err = b.sharedTexts(s)
		}
		if err != nil {
			return err
		}
		if s.Failed || len(b.styles) > ooxml.MostStyles {
			return errXLS
		}
		at = next
	}
}

func (b *oldBook) boundSheet(s *biff.Segments) error {
	offset, state, kind, length := s.U32(), s.U8(), s.U8(), s.U8()
	name, _ := s.Text(length)
	if s.Failed || len(b.sheets) >= mostSheets {
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

func (b *oldBook) sharedTexts(s *biff.Segments) error {
	s.U32()
	n := s.U32()
	if n > ooxml.MostStrings {
		return faultAt(refusal.WorkbookTooLarge, 0, 0, "limit", refusal.Megabytes(archive.MostPacked))
	}
	for range n {
		text, changes := s.Text(s.U16())
		if s.Failed {
			return errXLS
		}
		if r := b.runs(text, changes); r.Marked() {
			b.rich[len(b.texts)] = r
		}
		b.texts = append(b.texts, runs.Lines(text))
	}
	return nil
}

// isWhite reports whether a number of the palette is the colour of the sheet itself.
func isWhite(colour int) bool { return colour == 1 || colour == 9 || colour == 65 }

// groundOf reports whether a style's cells are filled with another colour than white.
func groundOf(xf []byte) bool {
	if len(xf) < 20 {
		return false
	}
	pattern, colour := xf[17]>>2, int(binary.LittleEndian.Uint16(xf[18:])&0x7f)
	return pattern > 1 || pattern == 1 && !isWhite(colour)
}

// fontOf reads what a font does to the text.
func fontOf(s *biff.Segments) runs.Mark {
	height, flags, colour := s.U16(), s.U16(), s.U16()
	s.U16()
	var m runs.Mark
	if isWhite(colour) {
		m |= runs.Pale
	}
	if height < 20*runs.LeastLetters {
		m |= runs.Unseen
	}
	switch s.U16() {
	case 1:
		m |= runs.Raised
	case 2:
		m |= runs.Lowered
	}
	if flags&8 != 0 {
		m |= runs.Struck
	}
	return m
}

// markOf is what a font of that number does; there is none of the number 4.
func (b *oldBook) markOf(font int) runs.Mark {
	if font > 4 {
		font--
	}
	if font >= len(b.fonts) {
		return 0
	}
	return b.fonts[font]
}

// runs cuts a text where its font changes.
func (b *oldBook) runs(text string, changes []biff.FontChange) runs.Runs {
	if changes == nil {
		return nil
	}
	var out runs.Writer
	units, from, own, m := utf16.Encode([]rune(text)), 0, false, runs.Mark(0)
	for _, c := range changes {
		if at := min(c.At, len(units)); at >= from {
			out.Add(runs.Lines(string(utf16.Decode(units[from:at]))), m, own)
			from, own, m = at, true, b.markOf(c.Font)
		}
	}
	out.Add(runs.Lines(string(utf16.Decode(units[from:]))), m, own)
	return out.Runs()
}

// styleOf gives the style of a number.
func (b *oldBook) styleOf(style int) runs.Style {
	if style >= len(b.styles) {
		return runs.Style{}
	}
	id := b.styles[style].format
	f, ok := b.known[id]
	if !ok {
		f = numfmt.FormatOf(id, b.codes[id])
		b.known[id] = f
	}
	return runs.Style{Format: f, Mark: b.markOf(b.styles[style].font), Ground: b.styles[style].ground}
}
