package table

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"yardstick/collectors/table/refusal"
)

// Bounds of an archive and of a workbook, which is one. They keep the memory
// for any file below 300 MB and the time below ten seconds.
const (
	mostPacked   = 48 << 20 // bytes of a workbook or an archive
	mostUnpacked = 64 << 20 // bytes of the one file inside
	mostEntries  = 2000
	mostRatio    = 200 // unpacked to packed, above 1 MiB; text packs 5 to 50 to 1
)

// kind is the format of the source; a zip comes with its directory.
func (r *fileReader) kind() (formatKind, *zip.Reader, error) {
	head := make([]byte, 512)
	n, err := r.src.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", nil, fmt.Errorf("reading the first bytes: %w", err)
	}
	kind := formatByMagic(head[:n])
	if kind != isZip {
		return kind, nil, nil
	}
	z, err := r.openZip()
	if err != nil {
		return "", nil, err
	}
	return packageKind(z), z, nil
}

// unpack opens an archive that holds exactly one file and puts that file in the
// source's place. z is its directory; nil: it is no zip.
func (r *fileReader) unpack(z *zip.Reader) error {
	if z != nil {
		return r.unzip(z)
	}
	if r.src.Size() > mostPacked {
		return r.refuse(refusal.ArchiveTooLarge, "limit", megabytes(mostPacked))
	}
	packed, err := gzip.NewReader(io.NewSectionReader(r.src, 0, r.src.Size()))
	if err != nil {
		return r.archiveFault(err)
	}
	defer packed.Close()
	inner := strings.TrimSuffix(r.file.Name, ".gz")
	if packed.Name != "" {
		inner = path.Base(slashed(packed.Name))
	}
	last := make([]byte, 4) // the size, as the file says
	if _, err := r.src.ReadAt(last, r.src.Size()-4); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("reading the archive: %w", err)
	}
	return r.inside(packed, inner, int64(binary.LittleEndian.Uint32(last)))
}

// slashed is a name with the slashes that archives should have in it.
func slashed(name string) string { return strings.ReplaceAll(name, `\`, "/") }

// openZip reads the directory of a zip, its entries counted before.
func (r *fileReader) openZip() (*zip.Reader, error) {
	if r.src.Size() > mostPacked {
		return nil, r.refuse(refusal.ArchiveTooLarge, "limit", megabytes(mostPacked))
	}
	entries, err := countEntries(r.src)
	if err != nil {
		return nil, err
	}
	if entries > mostEntries {
		return nil, r.refuse(refusal.ArchiveMany, "n", entries)
	}
	z, err := zip.NewReader(r.src, r.src.Size())
	switch {
	case errors.Is(err, zip.ErrInsecurePath), err == nil:
	case faultOfBytes(err):
		return nil, r.refuse(refusal.FormatXLSX)
	default:
		return nil, fmt.Errorf("reading the archive: %w", err)
	}
	for _, f := range z.File {
		if unsafeName(slashed(f.Name)) {
			return nil, r.refuse(refusal.ArchiveName, "name", Excerpt(f.Name))
		}
	}
	return z, nil
}

// countEntries counts the marks of directory entries: archive/zip makes room
// for every one of them before its caller can look.
func countEntries(src Source) (int, error) {
	mark, n := []byte("PK\x01\x02"), 0
	buf := make([]byte, 1<<16)
	for at := int64(0); at < src.Size(); at += int64(len(buf) - len(mark) + 1) {
		got, err := src.ReadAt(buf, at)
		if err != nil && !errors.Is(err, io.EOF) {
			return 0, fmt.Errorf("reading the archive: %w", err)
		}
		n += bytes.Count(buf[:got], mark)
	}
	return n, nil
}

// unsafeName reports a name that leads out of the folder it is unpacked in.
func unsafeName(name string) bool {
	return strings.HasPrefix(name, "/") && !strings.HasPrefix(name, "/xl/") || strings.ContainsRune(name, 0) ||
		len(name) > 1 && name[1] == ':' || slices.Contains(strings.Split(name, "/"), "..")
}

// partName is a file's name as it is looked for in a workbook.
func partName(f *zip.File) string { return strings.ToLower(strings.TrimPrefix(slashed(f.Name), "/")) }

// packageKind says what a zip is by the names in it: a workbook (isZip), a plain
// archive, else the code of what is not read.
func packageKind(z *zip.Reader) formatKind {
	kind := isArchive
	for _, f := range z.File {
		switch name := partName(f); {
		case name == "xl/workbook.bin":
			return refusal.FormatXLSB
		case name == "content.xml":
			return refusal.FormatODS
		case strings.HasPrefix(name, "word/"):
			return refusal.FormatWord
		case strings.HasPrefix(name, "ppt/"):
			return "format-name-slides"
		case name == "ofd.xml":
			return "format-name-ofd"
		case name == "index.zip", strings.HasPrefix(name, "index/") && strings.HasSuffix(name, ".iwa"):
			return "format-name-numbers"
		case name == "encryptedpackage":
			return refusal.Password
		case name == "[content_types].xml", strings.HasPrefix(name, "xl/"):
			kind = isZip
		}
	}
	return kind
}

// unzip takes the one file out of a zip; what a Mac adds beside it is no file.
func (r *fileReader) unzip(z *zip.Reader) error {
	files := slices.DeleteFunc(slices.Clone(z.File), func(f *zip.File) bool {
		name := slashed(f.Name)
		return strings.HasSuffix(name, "/") || strings.HasPrefix(name, "__MACOSX/") || path.Base(name) == ".DS_Store"
	})
	switch {
	case len(files) > 1:
		return r.refuse(refusal.ArchiveMany, "n", len(z.File))
	case len(files) == 0:
		return r.refuse(refusal.ArchiveEmpty)
	case files[0].Flags&1 != 0:
		return r.refuse(refusal.Password)
	case files[0].UncompressedSize64 > mostUnpacked:
		return r.refuse(refusal.ArchiveTooLarge, "limit", megabytes(mostUnpacked))
	}
	f, err := files[0].Open()
	if err != nil {
		return r.archiveFault(err)
	}
	defer f.Close()
	return r.inside(f, path.Base(slashed(files[0].Name)), int64(files[0].UncompressedSize64))
}

// inside puts the file in an archive, within bounds, in the source's place.
// declared is the size the archive says; it only makes room, the bytes are counted.
func (r *fileReader) inside(src io.Reader, name string, declared int64) error {
	limit := min(int64(mostUnpacked), r.limits.Bytes, max(1<<20, r.src.Size()*mostRatio))
	if declared > limit {
		return r.refuse(refusal.ArchiveTooLarge, "limit", megabytes(limit))
	}
	buf := bytes.NewBuffer(make([]byte, 0, declared+bytes.MinRead))
	_, err := buf.ReadFrom(io.LimitReader(src, limit+1))
	switch {
	case err != nil:
		return r.archiveFault(err)
	case int64(buf.Len()) > limit:
		return r.refuse(refusal.ArchiveTooLarge, "limit", megabytes(limit))
	case buf.Len() == 0:
		return r.refuse(refusal.Empty)
	}
	r.src, r.file.Inner = bytes.NewReader(buf.Bytes()), name
	return nil
}

// archiveFault tells a fault of the bytes from one of the machine.
func (r *fileReader) archiveFault(err error) error {
	if faultOfBytes(err) {
		return r.refuse(refusal.ArchiveDamaged)
	}
	return err
}

// formatKind is what the first bytes say: one of the kinds below, or for what is
// not read the code of its problem or the id of its name.
type formatKind string

const (
	isText    formatKind = ""
	isZip     formatKind = "zip"
	isOLE     formatKind = "ole"
	isArchive formatKind = "archive"
)

// formatByMagic names the format of a file by its first bytes; the file's name
// has no say.
func formatByMagic(head []byte) formatKind {
	for kind, magics := range map[formatKind][]string{
		isZip: {"PK\x03\x04", "PK\x05\x06"}, isOLE: {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}, isArchive: {"\x1f\x8b"},
		refusal.FormatArchive: {"Rar!", "7z\xbc\xaf", "BZh", "\xfd7zXZ", "\x28\xb5\x2f\xfd"}, refusal.FormatPDF: {"%PDF"},
		refusal.FormatImage:      {"\x89PNG", "\xff\xd8\xff", "GIF8", "II*\x00", "MM\x00*"},
		refusal.FormatUnknown:    {"\x7fELF", "MZ\x90", "\x00\x00\xfe\xff", "\xff\xfe\x00\x00"},
		"format-name-rtf":        {"{\\rtf"},
		"format-name-parquet":    {"PAR1", "ARROW1", "Obj\x01"},
		"format-name-database":   {"SQLite format 3\x00", "\x00\x01\x00\x00Standard "},
		"format-name-statistics": {"$FL2", "$FL3", "<stata_dta>", "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xc2\xea\x81\x60", "RDX", "\x89HDF", "MATLAB 5.0"},
		"format-name-lotus":      {"\x00\x00\x02\x00\x06\x04\x06\x00", "\x00\x00\x1a\x00\x00\x10\x04\x00"},
		"format-name-caj":        {"CAJ\x00", "HN\x00\x00", "Founder CEB"},
	} {
		if slices.ContainsFunc(magics, func(magic string) bool { return bytes.HasPrefix(head, []byte(magic)) }) {
			return kind
		}
	}
	n := len(head)
	switch {
	case n > 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP",
		n > 12 && string(head[4:8]) == "ftyp" && bytes.Contains([]byte("heic heix mif1 msf1 avif"), head[8:12]),
		n > 30 && string(head[:2]) == "BM" && binary.LittleEndian.Uint32(head[6:]) == 0 && head[14] == 40:
		return refusal.FormatImage
	case n > 8 && head[0] == 9 && bytes.IndexByte([]byte{0, 2, 4, 8}, head[1]) >= 0 && head[3] == 0 &&
		bytes.IndexByte([]byte{4, 6, 8}, head[2]) >= 0:
		return refusal.FormatXLSOld // BIFF2 to BIFF4, without a container
	case n > 262 && string(head[257:262]) == "ustar":
		return refusal.FormatArchive
	case isDBF(head):
		return "format-name-dbf"
	}
	return isText
}

// isDBF tells a dBASE table: its version, the day it was changed, and a head of
// whole fields of 32 bytes.
func isDBF(head []byte) bool {
	if len(head) < 33 || bytes.IndexByte([]byte{0x02, 0x03, 0x04, 0x30, 0x31, 0x32, 0x43, 0x63, 0x83, 0x8b, 0x8e, 0xcb, 0xf5, 0xfb}, head[0]) < 0 {
		return false
	}
	size, row := int(binary.LittleEndian.Uint16(head[8:])), int(binary.LittleEndian.Uint16(head[10:]))
	return head[2] <= 12 && head[3] <= 31 && row > 1 && size >= 65 && ((size-1)%32 == 0 || (size-1-263)%32 == 0)
}

// isJSON tells a text of JSON by its two ends.
func isJSON(head, tail []byte) bool {
	head, tail = bytes.TrimSpace(head), bytes.TrimSpace(tail)
	if len(head) < 2 || len(tail) < 1 {
		return false
	}
	next := bytes.TrimSpace(head[1:])
	switch last := tail[len(tail)-1]; head[0] {
	case '{':
		return last == '}' && len(next) > 0 && next[0] == '"'
	case '[':
		return last == ']' && len(next) > 0 && bytes.IndexByte([]byte(`{["`), next[0]) >= 0
	}
	return false
}
