// Package targets holds the policy registers, the indicator catalogue and the
// regions: YAML, embedded, wholly checked when it is loaded. A stranger's
// register is read and checked by the same rules, and may bring indicators and
// regions of its own.
package targets

import (
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"go.yaml.in/yaml/v3"

	"yardstick/schema"
	"yardstick/schema/calendar"
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
	i := slices.IndexFunc(r.Policies, func(p schema.Policy) bool { return p.ID == id })
	if i < 0 {
		return schema.Policy{}, false
	}
	return r.Policies[i], true
}

// Target finds a target of a policy.
func (r *Register) Target(policy, id string) (schema.Target, bool) {
	p, _ := r.Policy(policy)
	i := slices.IndexFunc(p.Targets, func(t schema.Target) bool { return t.ID == id })
	if i < 0 {
		return schema.Target{}, false
	}
	return p.Targets[i], true
}

// TargetOf finds a target of a policy, or with "" of the first that has it.
func (r *Register) TargetOf(policy, id string) (schema.Target, bool) {
	for _, p := range r.Policies {
		if t, ok := r.Target(p.ID, id); ok && (policy == "" || policy == p.ID) {
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
	indicators []record // in the order of catalogue.all, as they stand in their files
	places     []record // in the order of regions.all
}

func emptyLoader() *loader {
	return &loader{
		catalogue: &Catalogue{index: newIndex[schema.Indicator](), headers: map[string]string{}},
		regions:   &Gazetteer{newIndex[schema.Region]()},
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

// kept is everything that verdicts are judged by besides figures: what the
// registers say, with the thresholds of each target, and the calendar.
type kept struct {
	Policies   []schema.Policy    `json:"policies"`
	Indicators []schema.Indicator `json:"indicators"`
	Regions    []schema.Region    `json:"regions"`
	Calendar   *calendar.Calendar `json:"calendar"`
}

// Keep gives the register and the calendar whole, as JSON: the same bytes for
// the same content. Read reads them.
func Keep(r *Register, c *calendar.Calendar) ([]byte, error) {
	b, err := json.Marshal(kept{r.Policies, r.Indicators.All(), r.Regions.All(), c})
	if err != nil {
		return nil, fmt.Errorf("writing the registers as JSON: %w", err)
	}
	return b, nil
}

// Read gives the register and the calendar that Keep gave as bytes, to judge by
// them. Names of columns are no part of them: feeds are read by today's.
func Read(b []byte) (*Register, *calendar.Calendar, error) {
	var k kept
	if err := json.Unmarshal(b, &k); err != nil {
		return nil, nil, fmt.Errorf("reading kept registers: %w", err)
	}
	l := emptyLoader()
	at := record{place: place{&file{"kept", &l.faults}, &yaml.Node{}}}
	for _, ind := range k.Indicators {
		l.addIndicator(at, ind)
	}
	for _, region := range k.Regions {
		enter(&l.regions.index, &l.places, at, region.Code, region)
	}
	for i, region := range k.Regions {
		l.nameRegion(i, region)
	}
	if faults := l.faults.sorted(); len(faults) > 0 {
		return nil, nil, fmt.Errorf("reading kept registers: %w", &FaultsError{faults})
	}
	return &Register{Policies: k.Policies, Indicators: l.catalogue, Regions: l.regions}, k.Calendar, nil
}
