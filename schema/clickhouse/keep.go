package clickhouse

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"yardstick/schema"
	"yardstick/schema/whole"
)

// keeper holds files by their SHA-256 in DIR/<two hex digits>/<digest>:
// accepted rows (a JSON object a line) and receipts (one JSON object), so that
// everything in ClickHouse can be rebuilt from the ledger and these.
type keeper struct{ dir string }

func (k keeper) path(digest string) string { return filepath.Join(k.dir, digest[:2], digest) }

// put writes what f gives, on the disk before it returns the digest.
func (k keeper) put(f func(io.Writer) error) (digest string, err error) {
	if err := os.MkdirAll(k.dir, 0o700); err != nil {
		return "", fmt.Errorf("making the folder of kept rows: %w", err)
	}
	tmp, err := os.CreateTemp(k.dir, "new-*")
	if err != nil {
		return "", fmt.Errorf("keeping rows: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(tmp.Name()))
		}
	}()
	sum, out := sha256.New(), bufio.NewWriterSize(tmp, 1<<18)
	err = f(io.MultiWriter(sum, out))
	err = errors.Join(err, out.Flush(), tmp.Chmod(0o400), tmp.Sync(), tmp.Close())
	digest = hex.EncodeToString(sum.Sum(nil))
	folder := filepath.Dir(k.path(digest))
	if err == nil {
		err = os.MkdirAll(folder, 0o700)
	}
	if err == nil {
		err = os.Rename(tmp.Name(), k.path(digest))
	}
	if err != nil {
		return "", fmt.Errorf("keeping rows: %w", err)
	}
	return digest, errors.Join(whole.SyncFolder(folder), whole.SyncFolder(k.dir))
}

// get opens a kept file and gives its lines to f once the whole was checked
// against its digest.
func (k keeper) get(digest string, f func(*json.Decoder) error) error {
	if len(digest) != hex.EncodedLen(sha256.Size) {
		return fmt.Errorf("%q is no digest", digest)
	}
	file, err := os.Open(k.path(digest))
	if err != nil {
		return fmt.Errorf("opening kept rows: %w", err)
	}
	defer file.Close()
	sum := sha256.New()
	_, err = io.Copy(sum, file)
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		return fmt.Errorf("reading kept rows: %w", err)
	}
	if hex.EncodeToString(sum.Sum(nil)) != digest {
		return fmt.Errorf("kept rows %s were altered: their checksum differs", digest)
	}
	return f(json.NewDecoder(bufio.NewReaderSize(file, 1<<18)))
}

func (k keeper) putRows(rows []schema.Observation) (string, error) {
	return k.put(func(w io.Writer) error {
		enc := json.NewEncoder(w)
		for i := range rows {
			if err := enc.Encode(&rows[i]); err != nil {
				return fmt.Errorf("writing row %d: %w", i+1, err)
			}
		}
		return nil
	})
}

func (k keeper) rows(digest string) (rows []schema.Observation, err error) {
	err = k.get(digest, func(d *json.Decoder) error {
		for {
			var o schema.Observation
			if err := d.Decode(&o); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return fmt.Errorf("reading row %d of %s: %w", len(rows)+1, digest, err)
			}
			rows = append(rows, o)
		}
	})
	return rows, err
}

func (k keeper) putReceipt(r schema.Receipt) (string, error) {
	return k.put(func(w io.Writer) error { return json.NewEncoder(w).Encode(r) })
}

func (k keeper) receipt(digest string) (r schema.Receipt, err error) {
	err = k.get(digest, func(d *json.Decoder) error { return d.Decode(&r) })
	return r, err
}
