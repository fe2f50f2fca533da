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

// unpack opens an archive that holds exactly one file, puts that file in the
// source's place and gives its format. A zip that is a workbook stays as it is.
func (r *fileReader) unpack(kind formatKind) (formatKind, error) {
	if kind == isZip {
		z, err := r.openZip()
		if err != nil {
			return "", err
		}
		if code := packageKind(z); code == "" {
			return isZip, nil
		} else if code != isArchive {
			return code, nil
		}
		return r.unzip(z)
	}
	if r.src.Size() > mostPacked {
		return "", r.refuse(refusal.ArchiveTooLarge, "limit", megabytes(mostPacked))
	}
	z, err := gzip.NewReader(io.NewSectionReader(r.src, 0, r.src.Size()))
	if err != nil {
		return "", r.archiveFault(err)
	}
	defer z.Close()
	var inner string
	if z.Name != "" {
		inner = path.Base(strings.ReplaceAll(z.Name, `\`, "/"))
	} else {
		inner = strings.TrimSuffix(r.file.Name, ".gz")
	}
	last := make([]byte, 4) // the size, as the file says
	if _, err := r.src.ReadAt(last, r.src.Size()-4); err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("reading the archive: %w", err)
	}
	return r.inside(z, inner, int64(binary.LittleEndian.Uint32(last)))
}

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
		if unsafeName(f.Name) {
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
	name = strings.ReplaceAll(name, `\`, "/")
	if strings.HasPrefix(name, "/") && !strings.HasPrefix(name, "/xl/") || strings.ContainsRune(name, 0) || len(name) > 1 && name[1] == ':' {
		return true
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == ".." {
			return true
		}
	}
	return false
}

// packageKind says what a zip is by the names in it: "" a workbook, isArchive
// a plain archive, else the code of what is not read.
func packageKind(z *zip.Reader) formatKind {
	office, sheets := false, false
	for _, f := range z.File {
		switch name := strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/")); {
		case name == "xl/workbook.bin":
			return refusal.FormatXLSB
		case name == "content.xml":
			return refusal.FormatODS
		case strings.HasPrefix(name, "word/"):
			return refusal.FormatWord
		case strings.HasPrefix(name, "ppt/"):
			return refusal.FormatUnknown
		case name == "encryptedpackage":
			return refusal.Password
		case name == "[content_types].xml":
			office = true
		case strings.HasPrefix(name, "xl/"):
			sheets = true
		}
	}
	if office || sheets {
		return ""
	}
	return isArchive
}

// unzip takes the one file out of a zip; what a Mac adds beside it is no file.
func (r *fileReader) unzip(z *zip.Reader) (formatKind, error) {
	var only *zip.File
	for _, f := range z.File {
		name := strings.ReplaceAll(f.Name, `\`, "/")
		if strings.HasSuffix(name, "/") || strings.HasPrefix(name, "__MACOSX/") || path.Base(name) == ".DS_Store" {
			continue
		}
		if only != nil {
			return "", r.refuse(refusal.ArchiveMany, "n", len(z.File))
		}
		only = f
	}
	switch {
	case only == nil:
		return "", r.refuse(refusal.ArchiveEmpty)
	case only.Flags&1 != 0:
		return "", r.refuse(refusal.Password)
	case only.UncompressedSize64 > mostUnpacked:
		return "", r.refuse(refusal.ArchiveTooLarge, "limit", megabytes(mostUnpacked))
	}
	f, err := only.Open()
	if err != nil {
		return "", r.archiveFault(err)
	}
	defer f.Close()
	return r.inside(f, path.Base(strings.ReplaceAll(only.Name, `\`, "/")), int64(only.UncompressedSize64))
}

// inside reads the file in an archive, within bounds, and gives its format.
// declared is the size the archive says; it only makes room, the bytes are counted.
func (r *fileReader) inside(src io.Reader, name string, declared int64) (formatKind, error) {
	packed := r.src.Size()
	limit := min(int64(mostUnpacked), r.limits.Bytes, max(1<<20, packed*mostRatio))
	if declared > limit {
		return "", r.refuse(refusal.ArchiveTooLarge, "limit", megabytes(limit))
	}
	buf := bytes.NewBuffer(make([]byte, 0, declared+bytes.MinRead))
	if _, err := buf.ReadFrom(io.LimitReader(src, limit+1)); err != nil {
		return "", r.archiveFault(err)
	}
	if int64(buf.Len()) > limit {
		return "", r.refuse(refusal.ArchiveTooLarge, "limit", megabytes(limit))
	}
	if buf.Len() == 0 {
		return "", r.refuse(refusal.Empty)
	}
	r.src, r.file.Inner = bytes.NewReader(buf.Bytes()), name
	kind := formatByMagic(buf.Bytes()[:min(buf.Len(), 512)])
	switch kind {
	case isArchive:
		return "", r.refuse(refusal.ArchiveNested)
	case isZip:
		z, err := r.openZip()
		if err != nil {
			return "", err
		}
		if kind = packageKind(z); kind == isArchive {
			return "", r.refuse(refusal.ArchiveNested)
		} else if kind == "" {
			kind = isZip
		}
	}
	return kind, nil
}

// archiveFault tells a fault of the bytes from one of the machine.
func (r *fileReader) archiveFault(err error) error {
	if faultOfBytes(err) {
		return r.refuse(refusal.ArchiveDamaged)
	}
	return err
}

// formatKind is what the first bytes say: one of the kinds below, or the code
// of a problem for what is not read.
type formatKind string

const (
	isText    formatKind = ""
	isZip     formatKind = "zip"
	isOLE     formatKind = "ole"
	isArchive formatKind = "archive"
)

func headOf(src Source) ([]byte, error) {
	head := make([]byte, 512)
	n, err := src.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("reading the first bytes: %w", err)
	}
	return head[:n], nil
}

// formatByMagic names the format of a file by its first bytes; the file's name
// has no say.
func formatByMagic(head []byte) formatKind {
	for _, f := range []struct {
		magic string
		kind  formatKind
	}{
		{"PK\x03\x04", isZip}, {"PK\x05\x06", isZip}, {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", isOLE}, {"\x1f\x8b", isArchive},
		{"Rar!", refusal.FormatArchive}, {"7z\xbc\xaf", refusal.FormatArchive}, {"BZh", refusal.FormatArchive}, {"\xfd7zXZ", refusal.FormatArchive}, {"\x28\xb5\x2f\xfd", refusal.FormatArchive},
		{"%PDF", refusal.FormatPDF}, {"\x89PNG", refusal.FormatImage}, {"\xff\xd8\xff", refusal.FormatImage}, {"GIF8", refusal.FormatImage}, {"II*\x00", refusal.FormatImage}, {"MM\x00*", refusal.FormatImage},
		{"{\\rtf", refusal.FormatWord}, {"\x7fELF", refusal.FormatUnknown}, {"PAR1", refusal.FormatUnknown}, {"MZ\x90", refusal.FormatUnknown},
		{"\x00\x00\xfe\xff", refusal.FormatUnknown}, {"\xff\xfe\x00\x00", refusal.FormatUnknown},
	} {
		if bytes.HasPrefix(head, []byte(f.magic)) {
			return f.kind
		}
	}
	switch {
	case len(head) > 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP", len(head) > 30 && string(head[:2]) == "BM" && binary.LittleEndian.Uint32(head[6:]) == 0 && head[14] == 40:
		return refusal.FormatImage
	case len(head) > 8 && head[0] == 9 && (head[1] == 0 || head[1] == 2 || head[1] == 4 || head[1] == 8) && head[3] == 0 && (head[2] == 4 || head[2] == 6 || head[2] == 8):
		return refusal.FormatXLSOld // BIFF2 to BIFF4, without a container
	}
	return isText
}
