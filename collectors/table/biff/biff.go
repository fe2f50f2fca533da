// Package biff reads the data of the records that old workbooks are made of
// ([MS-XLS] 2.3), across their continuations.
package biff

import (
	"cmp"
	"math"
	"strconv"
	"unicode/utf16"
)

// Segments is a record's data across its continuations.
type Segments struct {
	Parts  [][]byte
	at     int  // in Parts[0]
	Failed bool // something was read beyond the end
}

// Here gives what is left of the current part, going on to the next at its end.
func (s *Segments) Here() []byte {
	for len(s.Parts) > 0 && s.at >= len(s.Parts[0]) {
		s.Parts, s.at = s.Parts[1:], 0
	}
	if len(s.Parts) == 0 {
		return nil
	}
	return s.Parts[0][s.at:]
}

// U8 reads a byte.
func (s *Segments) U8() int {
	h := s.Here()
	if len(h) == 0 {
		s.Failed = true
		return 0
	}
	s.at++
	return int(h[0])
}

// U16 reads two bytes, the low one first.
func (s *Segments) U16() int { lo := s.U8(); return lo | s.U8()<<8 }

// U32 reads four bytes, the low one first.
func (s *Segments) U32() uint32 { lo := s.U16(); return uint32(lo) | uint32(s.U16())<<16 }

// U64 reads eight bytes, the low one first.
func (s *Segments) U64() uint64 { lo := s.U32(); return uint64(lo) | uint64(s.U32())<<32 }

// Skip passes over bytes.
func (s *Segments) Skip(n int64) {
	for n > 0 && !s.Failed {
		h := s.Here()
		if len(h) == 0 {
			s.Failed = true
			return
		}
		step := min(n, int64(len(h)))
		s.at, n = s.at+int(step), n-step
	}
}

// Text reads a string of n characters whose flags come first: one byte each
// (the low half of UTF-16) or two, perhaps with runs of fonts and a guide
// after it, which says where each font begins. A continuation in the middle begins
// with flags of its own.
func (s *Segments) Text(n int) (string, []FontChange) {
	flags := s.U8()
	var runs int
	var extra uint32
	if flags&8 != 0 {
		runs = s.U16()
	}
	if flags&4 != 0 {
		extra = s.U32()
	}
	units := make([]uint16, 0, min(n, 4096))
	for len(units) < n && !s.Failed {
		if s.at >= len(s.Parts[0]) {
			if h := s.Here(); len(h) == 0 {
				s.Failed = true
				break
			}
			flags = s.U8()
		}
		if flags&1 != 0 {
			units = append(units, uint16(s.U16()))
		} else {
			units = append(units, uint16(s.U8()))
		}
		if len(s.Parts) == 0 {
			s.Failed = true
		}
	}
	changes := s.FontChanges(runs)
	s.Skip(int64(extra))
	return string(utf16.Decode(units)), changes
}

// FontChange is where a font begins in a text, in units of UTF-16.
type FontChange struct{ At, Font int }

// FontChanges reads so many of them.
func (s *Segments) FontChanges(n int) []FontChange {
	var out []FontChange
	for ; n > 0 && !s.Failed; n-- {
		out = append(out, FontChange{s.U16(), s.U16()})
	}
	return out
}

// RK unpacks a number of 30 bits: a whole one or a float, perhaps of hundredths.
func RK(v uint32) float64 {
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

// ErrorName names an error value.
func ErrorName(code int) string {
	names := map[int]string{0x00: "#NULL!", 0x07: "#DIV/0!", 0x0f: "#VALUE!", 0x17: "#REF!", 0x1d: "#NAME?", 0x24: "#NUM!", 0x2a: "#N/A"}
	return cmp.Or(names[code], "#ERR"+strconv.Itoa(code))
}
