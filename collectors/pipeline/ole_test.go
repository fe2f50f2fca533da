package pipeline

import (
	"bytes"
	"encoding/binary"
	"slices"
	"unicode/utf16"
)

// OLE writes a compound file of one stream.
func OLE(name string, stream []byte) []byte {
	stream = append(slices.Clone(stream), make([]byte, max(4096-len(stream), (512-len(stream)%512)%512))...)
	data := len(stream) / 512
	fats := (data + 1 + 127) / 127
	fat := make([]uint32, fats*128)
	for i := range fat {
		fat[i] = 0xffffffff
	}
	for i := range fats {
		fat[i] = 0xfffffffd
	}
	fat[fats] = 0xfffffffe
	for i := range data {
		fat[fats+1+i] = uint32(fats + 2 + i)
	}
	fat[fats+data] = 0xfffffffe

	head := make([]byte, 512)
	copy(head, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	binary.LittleEndian.PutUint16(head[24:], 0x3e)
	binary.LittleEndian.PutUint16(head[26:], 3)
	binary.LittleEndian.PutUint16(head[28:], 0xfffe)
	binary.LittleEndian.PutUint16(head[30:], 9)
	binary.LittleEndian.PutUint16(head[32:], 6)
	binary.LittleEndian.PutUint32(head[44:], uint32(fats))
	binary.LittleEndian.PutUint32(head[48:], uint32(fats))
	binary.LittleEndian.PutUint32(head[56:], 4096)
	binary.LittleEndian.PutUint32(head[60:], 0xfffffffe)
	binary.LittleEndian.PutUint32(head[68:], 0xfffffffe)
	for i := range 109 {
		binary.LittleEndian.PutUint32(head[76+4*i:], 0xffffffff)
		if i < fats {
			binary.LittleEndian.PutUint32(head[76+4*i:], uint32(i))
		}
	}
	entry := func(name string, kind byte, child, start, size uint32) []byte {
		e := make([]byte, 128)
		for i, u := range utf16.Encode([]rune(name)) {
			binary.LittleEndian.PutUint16(e[2*i:], u)
		}
		binary.LittleEndian.PutUint16(e[64:], uint16(2*len(name)+2))
		e[66], e[67] = kind, 1
		binary.LittleEndian.PutUint32(e[68:], 0xffffffff)
		binary.LittleEndian.PutUint32(e[72:], 0xffffffff)
		binary.LittleEndian.PutUint32(e[76:], child)
		binary.LittleEndian.PutUint32(e[116:], start)
		binary.LittleEndian.PutUint32(e[120:], size)
		return e
	}
	out := head
	for _, n := range fat {
		out = binary.LittleEndian.AppendUint32(out, n)
	}
	directory := append(entry("Root Entry", 5, 1, 0xfffffffe, 0), entry(name, 2, 0xffffffff, uint32(fats+1), uint32(len(stream)))...)
	return append(append(out, append(directory, make([]byte, 256)...)...), stream...)
}

// Record is one record of an old workbook.
func Record(kind int, parts ...any) []byte {
	data := Bytes(parts...)
	return append(Bytes(uint16(kind), uint16(len(data))), data...)
}

// Bytes writes values one after the other, little-endian.
func Bytes(parts ...any) []byte {
	var b bytes.Buffer
	for _, p := range parts {
		if s, ok := p.(string); ok {
			p = []byte(s)
		}
		if err := binary.Write(&b, binary.LittleEndian, p); err != nil {
			panic(err)
		}
	}
	return b.Bytes()
}

// Wide is a text of two bytes a character.
func Wide(s string) []byte { return Bytes(utf16.Encode([]rune(s))) }
