// Package archive tells what a file is by what is in it, and takes the one file out of
// an archive, within bounds.
package archive

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

	"yardstick/collectors/table/magic"
	"yardstick/collectors/table/refusal"
)

// Bounds of an archive and of a workbook, which is one. They keep the memory
// for any file below 300 MB and the time below ten seconds.
const (
	MostPacked   = 48 << 20 // bytes of a workbook or an archive
	mostUnpacked = 64 << 20 // bytes of the one file inside
	mostEntries  = 2000
	MostRatio    = 200 // unpacked to packed, above 1 MiB; text packs 5 to 50 to 1
)

// Source is the bytes of a file: read at any place, any number of times.
type Source interface {
	io.ReaderAt
	Size() int64
}

// Opener opens a file, which refusals call by its name.
type Opener struct {
	Source
	Name string
	Most int64 // bytes that the file inside may have
}

func (o Opener) refuse(code string, args ...any) error {
	return refusal.Refuse(o.Name, code, args...)
}

// Kind is the format of the file; a zip comes with its directory.
func (o Opener) Kind() (magic.Kind, *zip.Reader, error) {
	head := make([]byte, 512)
	n, err := o.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", nil, fmt.Errorf("reading the first bytes: %w", err)
	}
	kind := magic.ByFirst(head[:n])
	if kind != magic.Zip {
		return kind, nil, nil
	}
	z, err := o.openZip()
	if err != nil {
		return "", nil, err
	}
	return packageKind(z), z, nil
}

// Unpack gives the file in an archive that holds exactly one, and its name. z is the
// archive's directory; nil: it is no zip.
func (o Opener) Unpack(z *zip.Reader) (*bytes.Reader, string, error) {
	if z != nil {
		return o.unzip(z)
	}
	if o.Size() > MostPacked {
		return nil, "", o.refuse(refusal.ArchiveTooLarge, "limit", refusal.Megabytes(MostPacked))
	}
	packed, err := gzip.NewReader(io.NewSectionReader(o, 0, o.Size()))
	if err != nil {
		return nil, "", o.fault(err)
	}
	defer packed.Close()
	inner := strings.TrimSuffix(o.Name, ".gz")
	if packed.Name != "" {
		inner = path.Base(slashed(packed.Name))
	}
	last := make([]byte, 4) // the size, as the file says
	if _, err := o.ReadAt(last, o.Size()-4); err != nil && !errors.Is(err, io.EOF) {
		return nil, "", fmt.Errorf("reading the archive: %w", err)
	}
	return o.inside(packed, inner, int64(binary.LittleEndian.Uint32(last)))
}

// slashed is a name with the slashes that archives should have in it.
func slashed(name string) string { return strings.ReplaceAll(name, `\`, "/") }

// openZip reads the directory of a zip, its entries counted before.
func (o Opener) openZip() (*zip.Reader, error) {
	if o.Size() > MostPacked {
		return nil, o.refuse(refusal.ArchiveTooLarge, "limit", refusal.Megabytes(MostPacked))
	}
	entries, err := countEntries(o)
	if err != nil {
		return nil, err
	}
	if entries > mostEntries {
		return nil, o.refuse(refusal.ArchiveMany, "n", entries)
	}
	z, err := zip.NewReader(o, o.Size())
	switch {
	case errors.Is(err, zip.ErrInsecurePath), err == nil:
	case refusal.OfBytes(err):
		return nil, o.refuse(refusal.FormatXLSX)
	default:
		return nil, fmt.Errorf("reading the archive: %w", err)
	}
	for _, f := range z.File {
		if unsafeName(slashed(f.Name)) {
			return nil, o.refuse(refusal.ArchiveName, "name", refusal.Excerpt(f.Name))
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

// PartName is a file's name as it is looked for in a workbook.
func PartName(f *zip.File) string { return strings.ToLower(strings.TrimPrefix(slashed(f.Name), "/")) }

// packageKind says what a zip is by the names in it: a workbook (magic.Zip), a plain
// archive, else the code of what is not read.
func packageKind(z *zip.Reader) magic.Kind {
	kind := magic.Archive
	for _, f := range z.File {
		switch name := PartName(f); {
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
			kind = magic.Zip
		}
	}
	return kind
}

// unzip takes the one file out of a zip; what a Mac adds beside it is no file.
func (o Opener) unzip(z *zip.Reader) (*bytes.Reader, string, error) {
	files := slices.DeleteFunc(slices.Clone(z.File), func(f *zip.File) bool {
		name := slashed(f.Name)
		return strings.HasSuffix(name, "/") || strings.HasPrefix(name, "__MACOSX/") || path.Base(name) == ".DS_Store"
	})
	switch {
	case len(files) > 1:
		return nil, "", o.refuse(refusal.ArchiveMany, "n", len(z.File))
	case len(files) == 0:
		return nil, "", o.refuse(refusal.ArchiveEmpty)
	case files[0].Flags&1 != 0:
		return nil, "", o.refuse(refusal.Password)
	case files[0].UncompressedSize64 > mostUnpacked:
		return nil, "", o.refuse(refusal.ArchiveTooLarge, "limit", refusal.Megabytes(mostUnpacked))
	}
	f, err := files[0].Open()
	if err != nil {
		return nil, "", o.fault(err)
	}
	defer f.Close()
	return o.inside(f, path.Base(slashed(files[0].Name)), int64(files[0].UncompressedSize64))
}

// inside reads the file in an archive, within bounds. declared is the size the
// archive says; it only makes room, the bytes are counted.
func (o Opener) inside(src io.Reader, name string, declared int64) (*bytes.Reader, string, error) {
	limit := min(int64(mostUnpacked), o.Most, max(1<<20, o.Size()*MostRatio))
	if declared > limit {
		return nil, "", o.refuse(refusal.ArchiveTooLarge, "limit", refusal.Megabytes(limit))
	}
	buf := bytes.NewBuffer(make([]byte, 0, declared+bytes.MinRead))
	_, err := buf.ReadFrom(io.LimitReader(src, limit+1))
	switch {
	case err != nil:
		return nil, "", o.fault(err)
	case int64(buf.Len()) > limit:
		return nil, "", o.refuse(refusal.ArchiveTooLarge, "limit", refusal.Megabytes(limit))
	case buf.Len() == 0:
		return nil, "", o.refuse(refusal.Empty)
	}
	return bytes.NewReader(buf.Bytes()), name, nil
}

// fault tells a fault of the bytes from one of the machine.
func (o Opener) fault(err error) error {
	if refusal.OfBytes(err) {
		return o.refuse(refusal.ArchiveDamaged)
	}
	return err
}
