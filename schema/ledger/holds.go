package ledger

import "fmt"

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
