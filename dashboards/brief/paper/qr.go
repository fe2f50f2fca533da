package paper

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"

	"rsc.io/qr"
)

// quiet is the white border of a QR code, in modules (ISO/IEC 18004 asks for 4).
const quiet = 4

// drawn is a code's modules. Level M: 15 % may be lost to stamps and creases.
func (c Code) drawn() (*qr.Code, error) {
	code, err := qr.Encode(c.Address, qr.M)
	if err != nil {
		return nil, fmt.Errorf("drawing the QR code of %s: %w", c.Address, err)
	}
	return code, nil
}

// PNG is the code as a picture, eight pixels a module.
func (c Code) PNG() ([]byte, error) {
	code, err := c.drawn()
	if err != nil {
		return nil, err
	}
	const size = 8
	side := (code.Size + 2*quiet) * size
	img := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.White, color.Black})
	for y := range side {
		for x := range side {
			if code.Black(x/size-quiet, y/size-quiet) {
				img.SetColorIndex(x, y, 1)
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, fmt.Errorf("writing the QR code of %s: %w", c.Address, err)
	}
	return b.Bytes(), nil
}

// Path is the code as one path of an SVG, a unit a module, in a square of size.
func (c Code) Path() (path string, size int, err error) {
	code, err := c.drawn()
	if err != nil {
		return "", 0, err
	}
	var b strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			from := x
			for x < code.Size && code.Black(x, y) {
				x++
			}
			if x > from {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", from+quiet, y+quiet, x-from, x-from)
			}
		}
	}
	return b.String(), code.Size + 2*quiet, nil
}
