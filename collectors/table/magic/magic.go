// Package magic tells the format of a file by its bytes; its name has no say.
package magic

import (
	"bytes"
	"encoding/binary"
	"slices"

	"yardstick/collectors/table/refusal"
)

// Kind is what the first bytes say: one of the kinds below, or for what is not
// read the code of its problem or the id of its name.
type Kind string

// What may be read.
const (
	Text    Kind = ""
	Zip     Kind = "zip"
	OLE     Kind = "ole"
	Archive Kind = "archive"
)

// ByFirst names the format of a file by its first bytes; the file's name
// has no say.
func ByFirst(head []byte) Kind {
	for kind, magics := range map[Kind][]string{
		Zip: {"PK\x03\x04", "PK\x05\x06"}, OLE: {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}, Archive: {"\x1f\x8b"},
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
	return Text
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

// IsJSON tells a text of JSON by its two ends.
func IsJSON(head, tail []byte) bool {
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
