package table

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// delimiters that are looked for, the likeliest first.
const delimiters = ",\t;"

// tally is how many rows hold how many of each delimiter.
type tally [len(delimiters)]map[int]int

// sniff decides the delimiter from the whole text: the one that explains most,
// that is, whose commonest number of occurrences in a row, times the number of
// such rows, is highest. Delimiters between quotes do not count. A first line
// sep=; (a spreadsheet's own hint) decides at once. 0 means that there is none.
func sniff(ctx context.Context, enc encoding, src Source) (byte, error) {
	if d, err := hinted(enc.open(src)); err != nil || d != 0 {
		return d, err
	}
	t, balanced, err := count(ctx, enc.open(src), true)
	if err == nil && !balanced { // quotes lead astray here: count without them
		t, _, err = count(ctx, enc.open(src), false)
	}
	if err != nil {
		return 0, err
	}
	best, delimiter := 0, byte(0)
	for i := range delimiters {
		for n, rows := range t[i] {
			if n > 0 && n*rows > best {
				best, delimiter = n*rows, delimiters[i]
			}
		}
	}
	return delimiter, nil
}

func hinted(r io.Reader) (byte, error) {
	head := make([]byte, 6)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return 0, fmt.Errorf("finding the delimiter: %w", err)
	}
	text := string(head[:n])
	if len(text) >= 5 && strings.EqualFold(text[:4], "sep=") && strings.IndexByte(delimiters, text[4]) >= 0 &&
		(len(text) == 5 || text[5] == '\r' || text[5] == '\n') {
		return text[4], nil
	}
	return 0, nil
}

func count(ctx context.Context, src io.Reader, quotes bool) (t tally, balanced bool, err error) {
	for i := range t {
		t[i] = map[int]int{}
	}
	var in [len(delimiters)]int
	endRow := func() {
		for i, n := range in {
			t[i][n]++
			in[i] = 0
		}
	}
	r, quoted := bufio.NewReaderSize(src, 1<<16), false
	for n := 0; ; n++ {
		if n%(1<<18) == 0 && ctx.Err() != nil {
			return t, false, fmt.Errorf("finding the delimiter: %w", ctx.Err())
		}
		b, err := r.ReadByte()
		if errors.Is(err, io.EOF) {
			endRow()
			return t, !quoted, nil
		}
		if err != nil {
			return t, false, fmt.Errorf("finding the delimiter: %w", err)
		}
		switch b {
		case '"':
			quoted = quotes && !quoted
		case '\n', '\r':
			if !quoted {
				endRow()
			}
		case ',', '\t', ';':
			if !quoted {
				in[strings.IndexByte(delimiters, b)]++
			}
		}
	}
}
