package source

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
)

// A file's name may be what must not be kept: it bears a mark of secrecy, or the
// number of an identity card. Then what is remembered, told and logged has another.

// told is a file's name as it may be told.
func (o *Options) told(name string) string {
	if o.Told == nil {
		return name
	}
	return o.Told(name)
}

// key is what a file is remembered by: its name or, where that may not be kept, what
// may be told of it, and sixteen bits that tell such files apart and give no name away.
func (o *Options) key(name string) string {
	shown := o.told(name)
	if shown == name {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	return shown + "#" + hex.EncodeToString(sum[:2])
}

// unname takes names that may not be kept out of what was remembered; it reports
// whether there were any.
func (o *Options) unname(s *state) (found bool) {
	for name, t := range s.Files {
		if key := o.key(name); key != name {
			found = true
			delete(s.Files, name)
			s.Files[key] = t
		}
	}
	kept := s.Filed[:0]
	for _, f := range s.Filed {
		if o.told(f.Name) == f.Name {
			kept = append(kept, f)
		}
	}
	found = found || len(kept) < len(s.Filed)
	s.Filed = kept
	return found
}

// unnamed is an error about a file without its name, where that may not be told.
func (o *Options) unnamed(e entry, err error) error {
	shown := o.told(e.name)
	if shown == e.name || err == nil || !strings.Contains(err.Error(), e.name) {
		return err
	}
	said := errors.New(strings.ReplaceAll(err.Error(), e.name, shown))
	var final permanent
	if errors.As(err, &final) {
		return permanent{said}
	}
	return said
}
