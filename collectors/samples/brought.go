package samples

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"

	"go.yaml.in/yaml/v3"

	"yardstick/collectors/published"
	"yardstick/schema"
)

// Sample is a file that the program brings along, with its feed.
type Sample struct {
	Feed schema.Feed
	Name string
	Body []byte
}

// Feeds are those brought along: the synthetic samples and what Dalian published.
func Feeds() ([]schema.Feed, error) {
	all, err := shelves()
	var out []schema.Feed
	for _, s := range all {
		out = append(out, s.feeds...)
	}
	return out, err
}

// Missing are the files brought along that are not held, oldest first of each feed.
// held names bytes as FEED SHA256.
func Missing(held map[string]bool) ([]Sample, error) {
	all, err := shelves()
	if err != nil {
		return nil, err
	}
	var out []Sample
	for _, shelf := range all {
		for _, feed := range shelf.feeds {
			entries, err := fs.ReadDir(shelf.files, feed.Name)
			if err != nil {
				return nil, fmt.Errorf("listing the sample feed %s: %w", feed.Name, err)
			}
			for _, e := range entries {
				if path.Ext(e.Name()) != ".csv" {
					continue
				}
				body, err := fs.ReadFile(shelf.files, path.Join(feed.Name, e.Name()))
				if err != nil {
					return nil, fmt.Errorf("reading a sample: %w", err)
				}
				sum := sha256.Sum256(body)
				if !held[feed.Name+" "+hex.EncodeToString(sum[:])] {
					out = append(out, Sample{feed, e.Name(), body})
				}
			}
		}
	}
	return out, nil
}

// shelf is a set of feeds that the program brings along.
type shelf struct {
	files fs.FS
	feeds []schema.Feed
}

// shelves are the synthetic samples and Dalian's published figures.
func shelves() ([]shelf, error) {
	var out []shelf
	for _, files := range []fs.FS{published.FS(), FS()} {
		text, err := fs.ReadFile(files, "feeds.yaml")
		if err != nil {
			return nil, fmt.Errorf("reading the feeds brought along: %w", err)
		}
		var c struct {
			Feeds []schema.Feed `yaml:"feeds"`
		}
		dec := yaml.NewDecoder(bytes.NewReader(text))
		dec.KnownFields(true)
		if err := dec.Decode(&c); err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("reading the feeds brought along: %w", err)
		}
		out = append(out, shelf{files, c.Feeds})
	}
	return out, nil
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
	text, err := fs.ReadFile(FS(), "owners.yaml")
	if err != nil {
		return c, fmt.Errorf("reading the owners brought along: %w", err)
	}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	if err := dec.Decode(&c); err != nil && !errors.Is(err, io.EOF) {
		return c, fmt.Errorf("reading the owners brought along: %w", err)
	}
	return c, nil
}
