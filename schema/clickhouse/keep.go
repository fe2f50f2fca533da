package clickhouse

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"yardstick/schema"
	"yardstick/schema/whole"
)

// keeper holds files by their SHA-256: accepted rows (a JSON object a line) and
// receipts (one JSON object), so that everything in ClickHouse can be rebuilt from
// the ledger and these.
type keeper whole.Store

// put writes what f gives, on the disk before it returns the digest.
func (k keeper) put(f func(io.Writer) error) (string, error) {
	digest, _, err := whole.Store(k).Put(func(tmp *whole.Spooled) error {
		out := bufio.NewWriterSize(tmp, 1<<18)
		return errors.Join(f(out), out.Flush())
	}, nil)
	if err != nil {
		return "", fmt.Errorf("keeping rows: %w", err)
	}
	return digest, nil
}

// get opens a kept file and gives its lines to f once the whole was checked
// against its digest.
func (k keeper) get(digest string, f func(*json.Decoder) error) error {
	file, err := whole.Store(k).Open(digest)
	if errors.Is(err, whole.ErrAltered) {
		return fmt.Errorf("kept rows %s were altered: their checksum differs", digest)
	}
	if err != nil {
		return fmt.Errorf("reading kept rows: %w", err)
	}
	defer file.Close()
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
