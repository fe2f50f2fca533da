// Package ledger is the hash chain of everything that was written: an
// append-only file of length-prefixed canonical entries, each bound to the one
// before it by SHA-256 and on the disk before it counts.
//
// A record of the file is
//
//	length of the payload (8 bytes, big endian) | payload | hash (32 bytes)
//
// with hash = SHA-256(hash before | payload). The payload is a list of texts,
// each preceded by its length (8 bytes, big endian): sequence number, time
// (RFC 3339, UTC, nanoseconds), kind, then name and value of each field in the
// order of their names. So the same entry always has the same bytes, and no two
// entries share them.
package ledger

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"time"

	"yardstick/schema/whole"
)

// ErrBroken is returned when the chain does not hold: an entry was altered,
// removed or put in.
var ErrBroken = errors.New("the ledger's hash chain is broken")

// maxPayload bounds one entry; what is larger is kept beside the ledger by
// checksum.
const maxPayload = 16 << 20

const hashSize = sha256.Size

// Entry is one act that was written down.
type Entry struct {
	Seq    uint64            `json:"seq"` // 1 for the first
	At     time.Time         `json:"at"`
	Kind   string            `json:"kind"`
	Fields map[string]string `json:"fields"`
	Hash   string            `json:"hash"` // hex of the SHA-256 over the chain up to here
}

// Ledger is an open ledger file. It is safe for concurrent use; the caller
// sees to it that one process alone has it open.
type Ledger struct {
	mu     sync.Mutex
	file   *os.File
	size   int64
	seq    uint64
	head   [hashSize]byte
	failed error
}

// Open opens or makes the ledger at path and checks the whole chain. A torn
// last record (power lost while it was written: it never counted) is cut off
// and kept beside the file as PATH.torn.
func Open(path string) (*Ledger, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("making the ledger's folder: %w", err)
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening the ledger: %w", err)
	}
	l := &Ledger{file: file}
	if err := l.recover(path); err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("ledger %s: %w", path, err)
	}
	return l, nil
}

func (l *Ledger) recover(path string) error {
	good, err := scan(l.file, func(e Entry, hash [hashSize]byte) error {
		l.seq, l.head = e.Seq, hash
		return nil
	})
	if err != nil {
		return err
	}
	info, err := l.file.Stat()
	if err != nil {
		return fmt.Errorf("measuring the file: %w", err)
	}
	if info.Size() > good {
		if err := l.cut(path, good, info.Size()-good); err != nil {
			return err
		}
	}
	l.size = good
	return whole.SyncFolder(filepath.Dir(path))
}

// cut keeps the torn tail aside and truncates the file to its whole records.
func (l *Ledger) cut(path string, good, tail int64) error {
	torn := make([]byte, tail)
	if _, err := l.file.ReadAt(torn, good); err != nil {
		return fmt.Errorf("reading the torn record: %w", err)
	}
	if err := os.WriteFile(path+".torn", torn, 0o600); err != nil {
		return fmt.Errorf("keeping the torn record: %w", err)
	}
	if err := l.file.Truncate(good); err != nil {
		return fmt.Errorf("cutting the torn record: %w", err)
	}
	if err := l.file.Sync(); err != nil {
		return fmt.Errorf("syncing after the cut: %w", err)
	}
	return nil
}

// Next is the sequence number the next entry will have.
func (l *Ledger) Next() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.seq + 1
}

// Head is the height and the hash (hex) of the last entry; 0 and "" when empty.
func (l *Ledger) Head() (height uint64, hash string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.seq == 0 {
		return 0, ""
	}
	return l.seq, hex.EncodeToString(l.head[:])
}

// Append writes an entry and returns when it is on the disk. After a failed
// write the ledger refuses more: what the disk holds is then unknown, and
// opening it anew finds out.
func (l *Ledger) Append(at time.Time, kind string, fields map[string]string) (Entry, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.failed != nil {
		return Entry{}, fmt.Errorf("the ledger failed before and must be opened anew: %w", l.failed)
	}
	e := Entry{Seq: l.seq + 1, At: at.UTC(), Kind: kind, Fields: fields}
	payload := encode(e)
	if len(payload) > maxPayload {
		return Entry{}, fmt.Errorf("a ledger entry of %d bytes is over the limit of %d", len(payload), maxPayload)
	}
	hash := link(l.head, payload)
	record := binary.BigEndian.AppendUint64(nil, uint64(len(payload)))
	record = append(append(record, payload...), hash[:]...)
	if _, err := l.file.WriteAt(record, l.size); err != nil {
		l.failed = err
		return Entry{}, fmt.Errorf("writing a ledger entry: %w", err)
	}
	if err := l.file.Sync(); err != nil {
		l.failed = err
		return Entry{}, fmt.Errorf("syncing the ledger: %w", err)
	}
	l.size += int64(len(record))
	l.seq, l.head = e.Seq, hash
	e.Hash = hex.EncodeToString(hash[:])
	return e, nil
}

// Each calls f for every entry after height after, in order.
func (l *Ledger) Each(after uint64, f func(Entry) error) error {
	l.mu.Lock()
	size := l.size
	l.mu.Unlock()
	_, err := scan(io.NewSectionReader(l.file, 0, size), func(e Entry, _ [hashSize]byte) error {
		if e.Seq <= after {
			return nil
		}
		return f(e)
	})
	return err
}

// Close closes the file.
func (l *Ledger) Close() error {
	if err := l.file.Close(); err != nil {
		return fmt.Errorf("closing the ledger: %w", err)
	}
	return nil
}

// Verify reads the ledger at path without changing it, calls f (which may be
// nil) for each entry and gives height and head. A torn last record is no
// fault; anything else that does not fit is ErrBroken with its place.
func Verify(path string, f func(Entry) error) (height uint64, head string, err error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, "", fmt.Errorf("opening the ledger: %w", err)
	}
	defer file.Close()
	_, err = scan(file, func(e Entry, _ [hashSize]byte) error {
		height, head = e.Seq, e.Hash
		if f != nil {
			return f(e)
		}
		return nil
	})
	return height, head, err
}

// Holds reads the ledger from its first entry and holds it against the
// height and head that its writer knows of what it has written and read.
func Holds(path string, height uint64, head string) error {
	seen := ""
	got, _, err := Verify(path, func(e Entry) error {
		if e.Seq == height {
			seen = e.Hash
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case got < height:
		return fmt.Errorf("it has %d entries and had %d: %w", got, height, ErrBroken)
	case height > 0 && seen != head:
		return fmt.Errorf("its entry %d is another than the one written: %w", height, ErrBroken)
	}
	return nil
}

// scan reads whole records, checks the chain and returns how many bytes they
// take.
func scan(r io.Reader, f func(Entry, [hashSize]byte) error) (good int64, err error) {
	in := bufio.NewReaderSize(r, 1<<20)
	var head [hashSize]byte
	for seq := uint64(1); ; seq++ {
		payload, hash, err := readRecord(in)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return good, nil
		}
		if err != nil {
			return good, fmt.Errorf("entry %d at byte %d: %w", seq, good, err)
		}
		if link(head, payload) != hash {
			return good, fmt.Errorf("entry %d at byte %d does not follow from the entries before it: %w", seq, good, ErrBroken)
		}
		e, err := decode(payload)
		if err != nil || e.Seq != seq {
			return good, fmt.Errorf("entry %d at byte %d cannot be read: %w", seq, good, ErrBroken)
		}
		head, e.Hash = hash, hex.EncodeToString(hash[:])
		good += int64(8 + len(payload) + hashSize)
		if err := f(e, hash); err != nil {
			return good, err
		}
	}
}

func readRecord(in io.Reader) (payload []byte, hash [hashSize]byte, err error) {
	var prefix [8]byte
	if _, err := io.ReadFull(in, prefix[:]); err != nil {
		return nil, hash, err
	}
	n := binary.BigEndian.Uint64(prefix[:])
	if n > maxPayload {
		return nil, hash, fmt.Errorf("a length of %d bytes: %w", n, ErrBroken)
	}
	payload = make([]byte, n)
	if _, err := io.ReadFull(in, payload); err != nil {
		return nil, hash, err
	}
	_, err = io.ReadFull(in, hash[:])
	return payload, hash, err
}

func link(head [hashSize]byte, payload []byte) (hash [hashSize]byte) {
	h := sha256.New()
	h.Write(head[:])
	h.Write(payload)
	h.Sum(hash[:0])
	return hash
}

func encode(e Entry) []byte {
	texts := []string{strconv.FormatUint(e.Seq, 10), e.At.UTC().Format(time.RFC3339Nano), e.Kind}
	for _, name := range slices.Sorted(maps.Keys(e.Fields)) {
		texts = append(texts, name, e.Fields[name])
	}
	var out []byte
	for _, text := range texts {
		out = binary.BigEndian.AppendUint64(out, uint64(len(text)))
		out = append(out, text...)
	}
	return out
}

func decode(payload []byte) (Entry, error) {
	var texts []string
	for len(payload) > 0 {
		if len(payload) < 8 || uint64(len(payload)-8) < binary.BigEndian.Uint64(payload) {
			return Entry{}, ErrBroken
		}
		n := binary.BigEndian.Uint64(payload)
		texts, payload = append(texts, string(payload[8:8+n])), payload[8+n:]
	}
	if len(texts) < 3 || len(texts)%2 == 0 {
		return Entry{}, ErrBroken
	}
	seq, err := strconv.ParseUint(texts[0], 10, 64)
	if err != nil {
		return Entry{}, fmt.Errorf("reading the sequence number: %w", err)
	}
	at, err := time.Parse(time.RFC3339Nano, texts[1])
	if err != nil {
		return Entry{}, fmt.Errorf("reading the time: %w", err)
	}
	e := Entry{Seq: seq, At: at, Kind: texts[2], Fields: map[string]string{}}
	for i := 3; i < len(texts); i += 2 {
		e.Fields[texts[i]] = texts[i+1]
	}
	return e, nil
}
