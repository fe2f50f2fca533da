package pipeline

import (
	"bytes"
	"io/fs"
	"path"
	"slices"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"yardstick/collectors/published"
	"yardstick/collectors/samples"
	"yardstick/schema"
)

// broughtFeed is a feed that the program brings along.
type broughtFeed struct {
	Name       string   `yaml:"name"`
	Regions    []string `yaml:"regions"`
	Indicators []string `yaml:"indicators"`
}

// The sample feeds and the published figures, loaded in the order of their
// months, are never asked about.
func TestTheFeedsBroughtAlongLoadWithoutAQuestion(t *testing.T) {
	d := newDesk(t)
	d.now = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	for _, fsys := range []fs.FS{published.FS(), samples.FS()} {
		text, err := fs.ReadFile(fsys, "feeds.yaml")
		if err != nil {
			t.Fatal(err)
		}
		var doc struct {
			Feeds []broughtFeed `yaml:"feeds"`
		}
		if err := yaml.Unmarshal(text, &doc); err != nil {
			t.Fatal(err)
		}
		for _, f := range doc.Feeds {
			names, err := fs.Glob(fsys, f.Name+"/*")
			if err != nil || len(names) == 0 {
				t.Fatalf("%s has no files: %v", f.Name, err)
			}
			slices.SortFunc(names, func(a, b string) int { return bytes.Compare([]byte(path.Base(a)), []byte(path.Base(b))) })
			for _, name := range names {
				body, err := fs.ReadFile(fsys, name)
				if err != nil {
					t.Fatal(err)
				}
				d.now = d.now.Add(time.Hour)
				r := d.send(t, string(body), func(s *Submission) {
					s.Feed = schema.Feed{Name: f.Name, Indicators: f.Indicators, Regions: f.Regions, RequireReason: false}
					s.Name = path.Base(name)
				})
				if r.Status != schema.Accepted {
					t.Errorf("%s: %s", name, counts(r))
					for _, q := range r.Questions {
						t.Log(q.Key, q.Zh)
					}
					for _, p := range r.Problems {
						t.Log(p.Zh)
					}
				}
			}
		}
	}
}
