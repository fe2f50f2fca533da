// Package targets holds the policy registers, the indicator catalogue and the
// regions: YAML, embedded, wholly checked when it is loaded. A stranger's
// register is read and checked by the same rules, and may bring indicators and
// regions of its own.
package targets

import (
	"embed"
	"fmt"
	"io"
	"io/fs"
	"os"

	"go.yaml.in/yaml/v3"

	"yardstick/schema"
	"yardstick/schema/words"
)

//go:embed *.yaml policies/*.yaml
var embedded embed.FS

// Register is everything the registers say. It is not changed after loading.
type Register struct {
	Policies   []schema.Policy
	Indicators *Catalogue
	Regions    *Gazetteer
}

// Policy finds a policy by its id.
func (r *Register) Policy(id string) (schema.Policy, bool) {
	for _, p := range r.Policies {
		if p.ID == id {
			return p, true
		}
	}
	return schema.Policy{}, false
}

// Target finds a target of a policy.
func (r *Register) Target(policy, id string) (schema.Target, bool) {
	p, _ := r.Policy(policy)
	for _, t := range p.Targets {
		if t.ID == id {
			return t, true
		}
	}
	return schema.Target{}, false
}

// Load reads the embedded registers. The error is a *FaultsError when they are
// at fault.
func Load() (*Register, error) { return LoadWith() }

// LoadWith reads the embedded registers and those of the files beside them.
// The error is a *FaultsError with every fault of every file when there is any.
func LoadWith(paths ...string) (*Register, error) {
	names, err := fs.Glob(embedded, "policies/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("listing the embedded registers: %w", err)
	}
	l, err := newLoader()
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		b, err := embedded.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("reading the embedded register %s: %w", name, err)
		}
		l.add(name, b)
	}
	return l.files(paths)
}

// files adds register files and finishes.
func (l *loader) files(paths []string) (*Register, error) {
	for _, path := range paths {
		b, err := readFile(path)
		if err != nil {
			return nil, words.Fail(err, "register-unreadable", "file", path)
		}
		l.add(path, b)
	}
	return l.finish()
}

// CheckFile tells everything that is wrong with one register file; nothing
// means that it can be loaded.
func CheckFile(path string) []Fault {
	l, err := newLoader()
	if err == nil {
		var b []byte
		if b, err = readFile(path); err == nil {
			l.add(path, b)
			l.check()
			return l.faults.sorted()
		}
	}
	t := words.Say("register-unreadable", "file", path)
	return []Fault{{File: path, Text: t.Explained(schema.Same(err.Error()))}}
}

// readFile reads no more than it takes to see that a file is too large.
func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxRegister+1))
}

// section is one file's part of a register that is read in the second pass,
// when all indicators and regions are known.
type section struct {
	record
	policy *schema.Policy
}

type loader struct {
	faults     faultList
	catalogue  *Catalogue
	regions    *Gazetteer
	thresholds schema.Thresholds
	policies   []section
	indicators []entry // in the order of catalogue.all
	places     []entry // in the order of regions.all
}

// entry is an indicator or region as it stands in its file.
type entry struct{ record }

func emptyLoader() *loader {
	return &loader{
		catalogue: &Catalogue{byCode: map[string]int{}, byName: map[string]int{}, headers: map[string]string{}},
		regions:   &Gazetteer{byCode: map[string]int{}, byName: map[string][]int{}},
	}
}

func newLoader() (*loader, error) {
	l := emptyLoader()
	for _, part := range []struct {
		name string
		read func(*file, *yaml.Node)
	}{
		{"thresholds.yaml", l.readDefaults},
		{"headers.yaml", l.readHeaders},
		{"catalogue.yaml", l.readDocument},
		{"regions.yaml", l.readDocument},
	} {
		b, err := embedded.ReadFile(part.name)
		if err != nil {
			return nil, fmt.Errorf("reading the embedded %s: %w", part.name, err)
		}
		f := &file{part.name, &l.faults}
		if n := f.parse(b); n != nil {
			part.read(f, n)
		}
	}
	return l, nil
}

// add reads one register file: its indicators and regions at once, its policy
// when check comes.
func (l *loader) add(name string, b []byte) {
	f := &file{name, &l.faults}
	if n := f.parse(b); n != nil {
		l.readDocument(f, n)
	}
}

func (l *loader) readDocument(f *file, n *yaml.Node) {
	r, ok := f.record(n, policyKeys()...)
	if !ok {
		return
	}
	for _, item := range r.list("indicators") {
		l.readIndicator(f, item)
	}
	for _, item := range r.list("regions") {
		l.readRegion(f, item)
	}
	if r.has("policy") || r.has("targets") || !r.has("indicators") && !r.has("regions") {
		l.policies = append(l.policies, section{record: r})
	}
}

// check does what needs every file read: references, formulas, names.
func (l *loader) check() {
	l.checkRegions()
	l.checkFormulas()
	for i := range l.policies {
		l.readPolicy(&l.policies[i])
	}
}

func (l *loader) finish() (*Register, error) {
	l.check()
	if faults := l.faults.sorted(); len(faults) > 0 {
		return nil, &FaultsError{faults}
	}
	r := &Register{Indicators: l.catalogue, Regions: l.regions}
	for _, s := range l.policies {
		r.Policies = append(r.Policies, *s.policy)
	}
	return r, nil
}
