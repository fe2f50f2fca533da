package refusal

import (
	"archive/zip"
	"compress/flate"
	"compress/gzip"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
)

// ErrEntity is a document type in a part: entities, or a file from elsewhere.
var ErrEntity = errors.New("the part declares a document type")

// Place is where in a file something stands: its line and its column from 1 (0:
// none), the name of its cell, and what is written there.
type Place struct {
	Line, Column  int
	Cell, Written string
}

// Fault is what a file may not hold, at a place.
type Fault struct {
	Code  string
	Place Place
	Args  []any
}

func (f *Fault) Error() string { return f.Code + " at " + f.Place.Cell }

// Refusal refuses the file for it. The sentence may name the place as {line},
// {column} and {cell}, what is written there as {written}, and the sheet.
func (f *Fault) Refusal(file, sheet string) error {
	at, written := f.Place, Excerpt(f.Place.Written)
	said := append(f.Args[:len(f.Args):len(f.Args)], "sheet", sheet,
		"line", at.Line, "column", at.Column, "cell", at.Cell, "written", written)
	p := Problem(file, f.Code, said...)
	p.Sheet, p.Line, p.Column, p.Cell, p.Written = sheet, at.Line, at.Column, at.Cell, written
	return Of(p)
}

// Told makes a fault of the bytes a refusal: its own code, or the general one of
// the format.
func Told(file, sheet, code string, err error) error {
	var refused *Refusal
	var f *Fault
	switch {
	case errors.As(err, &refused):
		return err
	case errors.Is(err, ErrEntity):
		return Refuse(file, XMLEntity)
	case errors.As(err, &f):
		return f.Refusal(file, sheet)
	case !OfBytes(err):
		return err
	case sheet != "":
		p := Problem(file, SheetDamaged, "sheet", sheet)
		p.Sheet = sheet
		return Of(p)
	}
	return Refuse(file, code)
}

// OfBytes tells what is wrong with the bytes from what is wrong with the machine.
func OfBytes(err error) bool {
	var syntax *xml.SyntaxError
	var bad *Fault
	var corrupt flate.CorruptInputError
	return errors.As(err, &syntax) || errors.As(err, &bad) || errors.As(err, &corrupt) ||
		errors.Is(err, zip.ErrFormat) || errors.Is(err, zip.ErrAlgorithm) || errors.Is(err, zip.ErrChecksum) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) ||
		errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum)
}

// Excerpt is text short enough for a sentence, on one line.
func Excerpt(s string) string {
	const most = 60
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "")), " ")
	n := 0
	for i := range s {
		if n == most {
			return s[:i] + "…"
		}
		n++
	}
	return s
}

// Megabytes writes a number of bytes: 1.5 MiB.
func Megabytes(n int64) string { return strconv.FormatFloat(float64(n)/(1<<20), 'f', 1, 64) + " MiB" }
