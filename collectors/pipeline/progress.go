package pipeline

import (
	"yardstick/collectors/table"
)

// watched is a source that tells how far it has been read.
type watched struct {
	table.Source
	tell func(read, total int64)
}

// source is the plain source when nobody is to be told.
func (w watched) source() table.Source {
	if w.tell == nil {
		return w.Source
	}
	return w
}

// ReadAt reads and tells.
func (w watched) ReadAt(b []byte, at int64) (int, error) {
	n, err := w.Source.ReadAt(b, at)
	w.tell(at+int64(n), w.Size())
	return n, err
}
