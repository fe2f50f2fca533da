package targets

// LoadFiles reads registers from files, in place of the embedded policies and
// on top of the embedded catalogue and regions.
func LoadFiles(paths ...string) (*Register, error) {
	l, err := newLoader()
	if err != nil {
		return nil, err
	}
	return l.files(paths)
}
