package pipeline

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"html"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// rows is a sheet to write: strings, Numbers or nil.
type rows [][]any

// row makes a row of cells.
func row(cells ...any) []any { return cells }

// num is a cell that holds a number.
func num(text string) any { return Number(text) }

// text writes rows as separated text.
func (r rows) text(delimiter, end string) string {
	var b strings.Builder
	for _, line := range r {
		for i, cell := range line {
			if i > 0 {
				b.WriteString(delimiter)
			}
			if cell == nil {
				continue
			}
			t := fmt.Sprint(cell)
			if strings.ContainsAny(t, delimiter+"\"\r\n") {
				t = `"` + strings.ReplaceAll(t, `"`, `""`) + `"`
			}
			b.WriteString(t)
		}
		b.WriteString(end)
	}
	return b.String()
}

// csv is how statistical systems export: commas and CRLF.
func (r rows) csv() []byte { return []byte(r.text(",", "\r\n")) }

// square fills every row up to the widest, as spreadsheets export.
func (r rows) square() rows {
	wide := 0
	for _, line := range r {
		wide = max(wide, len(line))
	}
	for i := range r {
		for len(r[i]) < wide {
			r[i] = append(r[i], nil)
		}
	}
	return r
}

// page is a web page that holds the table, as old systems name .xls.
func (r rows) page() []byte {
	var b strings.Builder
	b.WriteString("<html><head><meta charset=\"utf-8\"></head><body><table border=1>")
	for _, line := range r {
		b.WriteString("<tr>")
		for _, cell := range line {
			if cell == nil {
				cell = ""
			}
			b.WriteString("<td>" + html.EscapeString(fmt.Sprint(cell)) + "</td>")
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</table></body></html>")
	return []byte(b.String())
}

func encoded(e encoding.Encoding, b []byte) []byte {
	out, err := e.NewEncoder().Bytes(b)
	if err != nil {
		panic(fmt.Sprintf("madeup: %v", err))
	}
	return out
}

func gbk(b []byte) []byte { return encoded(simplifiedchinese.GB18030, b) }
func bom(b []byte) []byte { return append([]byte("\xef\xbb\xbf"), b...) }
func wideText(b []byte) []byte {
	return encoded(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), b)
}

func gzipped(b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write(b)
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		panic(err) // a buffer does not fail
	}
	return out.Bytes()
}

func zipped(name string, b []byte) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	w, err := z.Create(name)
	if err == nil {
		_, err = w.Write(b)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		panic(err)
	}
	return out.Bytes()
}
