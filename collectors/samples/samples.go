// Package samples holds synthetic feeds for every target of the policy, so that
// the product can be seen at work: feeds.yaml, and in a folder a feed one file a
// month. The figures are invented, say so in every row, and stand for nothing
// that happened. internal/generate makes them.
package samples

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"

	"go.yaml.in/yaml/v3"

	"yardstick/collectors/published"
	"yardstick/schema"
)

//go:generate go run ./internal/generate/cmd .

//go:embed feeds.yaml owners.yaml */*.csv
var files embed.FS

// FS is feeds.yaml, FEED/YYYY-MM.csv, and owners.yaml with who answers for the
// targets and what they say.
func FS() fs.FS { return files }

// Sample is a file that the program brings along, with its feed.
type Sample struct {
	Feed schema.Feed
	Name string
	Body []byte
}

// Feeds are those brought along: the synthetic samples and what Dalian published.
func Feeds() (all []schema.Feed, err error) {
	err = eachFeed(func(_ fs.FS, f schema.Feed) error {
		all = append(all, f)
		return nil
	})
	return all, err
}

// Missing are the files brought along that are not held, oldest first of each feed.
// held names bytes as FEED SHA256.
func Missing(held map[string]bool) (out []Sample, err error) {
	err = eachFeed(func(files fs.FS, feed schema.Feed) error {
		all, err := filesOf(files, feed)
		for _, one := range all {
			if sum := sha256.Sum256(one.Body); !held[feed.Name+" "+hex.EncodeToString(sum[:])] {
				out = append(out, one)
			}
		}
		return err
	})
	return out, err
}

// filesOf are the files of a feed, oldest first; its folder must be there.
func filesOf(files fs.FS, feed schema.Feed) (out []Sample, err error) {
	entries, err := fs.ReadDir(files, feed.Name)
	for _, e := range entries {
		body, err := fs.ReadFile(files, path.Join(feed.Name, e.Name()))
		if err != nil {
			return nil, err
		}
		out = append(out, Sample{feed, e.Name(), body})
	}
	return out, err
}

// eachFeed gives each feed that the program brings along, with its files.
func eachFeed(each func(fs.FS, schema.Feed) error) error {
	for _, files := range []fs.FS{published.FS(), FS()} {
		var c struct {
			Feeds []schema.Feed `yaml:"feeds"`
		}
		if err := read(files, "feeds.yaml", &c); err != nil {
			return err
		}
		for _, feed := range c.Feeds {
			if err := each(files, feed); err != nil {
				return fmt.Errorf("reading the sample feed %s: %w", feed.Name, err)
			}
		}
	}
	return nil
}

// Cast is who answers for the targets in a demonstration, and what they
// say: owners by office, statements in the order they were made.
type Cast struct {
	Offices    []schema.Office     `yaml:"offices"`
	Owners     map[string][]string `yaml:"owners"`
	Statements []struct {
		Target   string      `yaml:"target"`
		Day      schema.Date `yaml:"day"`
		By       string      `yaml:"by"`
		Cause    string      `yaml:"cause"`
		Measures string      `yaml:"measures"`
		Promised schema.Date `yaml:"promised"`
	} `yaml:"statements"`
}

// ReadCast reads owners.yaml.
func ReadCast() (c Cast, err error) {
	err = read(files, "owners.yaml", &c)
	return c, err
}

// read reads a file brought along; a field it may not have is an error.
func read(from fs.FS, name string, into any) error {
	text, err := fs.ReadFile(from, name)
	if err != nil {
		return fmt.Errorf("reading what is brought along: %w", err)
	}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	if err := dec.Decode(into); err != nil {
		return fmt.Errorf("reading %s brought along: %w", name, err)
	}
	return nil
}
