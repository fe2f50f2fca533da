package samples_test

import (
	"bytes"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/robfig/cron/v3"
	"go.yaml.in/yaml/v3"

	"yardstick/collectors/published"
	"yardstick/collectors/samples"
	"yardstick/collectors/samples/internal/generate"
	"yardstick/schema"
)

func TestSamplesAreExactlyWhatTheGeneratorMakes(t *testing.T) {
	made, err := generate.Files()
	if err != nil {
		t.Fatal(err)
	}
	names, err := fs.Glob(samples.FS(), "*/*.csv")
	if err != nil || len(names) != len(made) {
		t.Fatalf("%d files, the generator makes %d (%v); run go generate", len(names), len(made), err)
	}
	for _, name := range names {
		have, err := fs.ReadFile(samples.FS(), name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(have, made[name]) {
			t.Errorf("%s is not what the generator makes; run go generate", name)
		}
	}
}

type feed struct {
	Name       string           `yaml:"name"`
	Title      schema.Text      `yaml:"title"`
	Synthetic  bool             `yaml:"synthetic"`
	Schedule   string           `yaml:"schedule"`
	Frequency  schema.Frequency `yaml:"frequency"`
	Release    schema.Release   `yaml:"release"`
	Regions    []string         `yaml:"regions"`
	Indicators []string         `yaml:"indicators"`
}

func config(t *testing.T, fsys fs.FS) map[string]feed {
	t.Helper()
	b, err := fs.ReadFile(fsys, "feeds.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Feeds []feed `yaml:"feeds"`
	}
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	if err := d.Decode(&doc); err != nil {
		t.Fatal(err)
	}
	out := map[string]feed{}
	for _, f := range doc.Feeds {
		if _, twice := out[f.Name]; twice || f.Title.Zh == "" || f.Title.En == "" || f.Synthetic != (f.Frequency.Valid() && f.Release.Days > 0) {
			t.Errorf("feed %+v", f)
		}
		if _, err := cron.ParseStandard(f.Schedule); err != nil {
			t.Errorf("feed %s: %v", f.Name, err)
		}
		out[f.Name] = f
	}
	return out
}

func TestEachFeedWritesOnlyWhatItMay(t *testing.T) {
	f := allFeeds(t)
	made, real := config(t, samples.FS()), config(t, published.FS())
	used := map[string]map[string]bool{}
	for _, l := range f.lines {
		name := path.Dir(l.file)
		c, ok := made[name]
		if !ok {
			c, ok = real[name]
		}
		if !ok {
			t.Fatalf("%s belongs to no feed", l.file)
		}
		if c.Synthetic != l.obs.Synthetic {
			t.Errorf("feed %s calls itself synthetic: %v", name, c.Synthetic)
		}
		if !slices.Contains(c.Indicators, l.obs.Indicator) || !slices.Contains(c.Regions, l.obs.Region) {
			t.Errorf("%s writes %s of %s", l.file, l.obs.Indicator, l.obs.Region)
		}
		if used[name] == nil {
			used[name] = map[string]bool{}
		}
		used[name][l.obs.Indicator] = true
	}
	for _, all := range []map[string]feed{made, real} {
		for name, c := range all {
			for _, code := range c.Indicators {
				if !used[name][code] {
					t.Errorf("feed %s never writes %s", name, code)
				}
			}
		}
	}
}

func TestEverySyntheticRowSaysSoAndEveryPublishedOneNamesItsSource(t *testing.T) {
	for _, l := range allFeeds(t).lines {
		switch {
		case l.obs.Synthetic && !strings.HasPrefix(l.obs.Note, generate.Label):
			t.Errorf("%s: %v does not say that it is synthetic", l.file, l.cells)
		case !l.obs.Synthetic && !strings.HasPrefix(l.obs.Note, "来源："):
			t.Errorf("%s: %v names no source", l.file, l.cells)
		}
	}
}

func TestNoSyntheticFigureStandsOverAPublishedOne(t *testing.T) {
	real := map[schema.Key]bool{}
	f := allFeeds(t)
	for _, l := range f.lines {
		if !l.obs.Synthetic {
			real[l.obs.Key] = true
		}
	}
	if len(real) < 10 {
		t.Fatalf("only %d published figures", len(real))
	}
	for _, l := range f.lines {
		if l.obs.Synthetic && real[l.obs.Key] {
			t.Errorf("%s: %v was published", l.file, l.obs.Key)
		}
	}
}

func TestEveryTargetHasFiguresAndTheSamplesReachFromOctoberToDecember(t *testing.T) {
	f := allFeeds(t)
	first, last := map[string]schema.Date{}, map[string]schema.Date{}
	for _, l := range f.lines {
		o := l.obs
		if !o.Synthetic {
			continue
		}
		if d, ok := first[o.Indicator]; !ok || o.Period.Last().Before(d) {
			first[o.Indicator] = o.Period.Last()
		}
		if o.Period.Last().After(last[o.Indicator]) {
			last[o.Indicator] = o.Period.Last()
		}
		// A month's figures come about two weeks after it, never before it ends.
		if late := o.PublishedAt.DaysSince(o.Period.Last()); late < 0 || !strings.Contains(o.Note, "；") && late > 20 {
			t.Errorf("%s: %s of %s is published %s", l.file, o.Indicator, o.Period, o.PublishedAt)
		}
	}
	p, _ := f.register.Policy("dalian-2024-15")
	for _, target := range p.Targets {
		ind, _ := f.register.Indicators.ByCode(target.Indicator)
		if ind.Formula != nil {
			continue
		}
		if first[ind.Code].IsZero() {
			t.Errorf("%s has no sample", ind.Code)
		}
		if target.Deadline.IsZero() && last[ind.Code] != schema.NewDate(2025, 12, 31) {
			t.Errorf("%s ends at %s", ind.Code, last[ind.Code])
		}
	}
}

func TestSamplesExerciseTheReader(t *testing.T) {
	var semicolon, gb, english, chinese bool
	for _, name := range []string{"bond-funds", "finance", "science-and-talent", "industry", "housing-and-city", "agriculture-and-trade"} {
		b, err := fs.ReadFile(samples.FS(), name+"/2025-05.csv")
		if err != nil {
			t.Fatal(err)
		}
		head, _, _ := bytes.Cut(b, []byte("\n"))
		bom := bytes.HasPrefix(b, []byte("\ufeff"))
		gb = gb || !bom
		semicolon = semicolon || bytes.Count(head, []byte(";")) > 5
		english = english || bytes.Contains(head, []byte("indicator,region"))
		chinese = chinese || bom && bytes.Contains(head, []byte("指标"))
	}
	if !semicolon || !gb || !english || !chinese {
		t.Errorf("semicolons %v, GB18030 %v, English %v, Chinese %v", semicolon, gb, english, chinese)
	}
}

func TestRevisionsChangeWhatIsKnown(t *testing.T) {
	f := allFeeds(t)
	key := func(indicator string, p schema.Period) schema.Key {
		ind, _ := f.register.Indicators.ByCode(indicator)
		return schema.Key{Indicator: indicator, Region: "210200", Basis: ind.Basis, Period: p}
	}
	for _, k := range []struct {
		key               schema.Key
		before, was       string
		after, is         string
		wasFinal, isFinal bool
	}{
		{key("young-talent", schema.Month(2024, 12)), "2025-02-28", "99200", "2025-03-31", "102300", false, true},
		{key("affordable-homes", schema.Month(2025, 3)), "2025-05-31", "2630", "2025-06-30", "2560", true, true},
		{key("ai-compute", schema.Month(2025, 6)), "2025-08-31", "440", "2025-09-30", "436", false, true},
		{key("pension-finance-projects", schema.Month(2025, 12)), "2026-02-28", "10", "2026-03-31", "9", false, true},
		{key("gdp", schema.Quarter(2024, 4)), "2025-03-01", "9516.9", "2025-10-31", "9540.2", false, true},
	} {
		a, b := f.inForce(dayOf(t, k.before))[k.key], f.inForce(dayOf(t, k.after))[k.key]
		if a.Value == nil || b.Value == nil || a.Value.String() != k.was || b.Value.String() != k.is ||
			a.Status.Final() != k.wasFinal || b.Status.Final() != k.isFinal {
			t.Errorf("%v: %v %s, then %v %s", k.key, a.Value, a.Status, b.Value, b.Status)
		}
	}
}
