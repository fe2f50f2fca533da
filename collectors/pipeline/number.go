package pipeline

import (
	"encoding/binary"
	"fmt"
	"io"
	"sync"
	"time"
)

// alphabet is Crockford's base 32: no I, L, O or U, so that a number can be
// told over the telephone.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// numbers gives receipt numbers: R, the day, a hyphen and eight characters, of
// which four are the time of day (so that numbers sort by time) and four are
// random: R20250630-7K3QF2T8.
type numbers struct {
	rand io.Reader
	zone *time.Location

	mu    sync.Mutex
	given map[string]bool // in the present step
	step  string
}

const (
	timeBits = 20 // four characters
	rest     = 1<<20 - 1
)

func (n *numbers) next(now time.Time) (string, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	t := now.In(n.zone)
	day := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, n.zone)
	// 25 hours (a day with a clock change) in 2^20 steps of about 0.09 s.
	step := min(uint64(t.Sub(day))/uint64(25*time.Hour>>timeBits), rest)
	random := make([]byte, 4)
	if _, err := io.ReadFull(n.rand, random); err != nil {
		return "", fmt.Errorf("drawing a receipt number: %w", err)
	}
	prefix := "R" + t.Format("20060102") + "-" + letters(step)
	if prefix != n.step {
		n.step, n.given = prefix, map[string]bool{}
	}
	tail := uint64(binary.BigEndian.Uint32(random)) & rest
	for n.given[letters(tail)] {
		tail = (tail + 1) & rest
	}
	n.given[letters(tail)] = true
	return prefix + letters(tail), nil
}

// letters writes 20 bits as four characters.
func letters(v uint64) string {
	var b [4]byte
	for i := range b {
		b[i] = alphabet[v>>(15-5*i)&31]
	}
	return string(b[:])
}
