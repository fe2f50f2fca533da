package config

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"yardstick/collectors/desk"
	"yardstick/collectors/schedule"
	"yardstick/collectors/source"
	"yardstick/schema"
	"yardstick/schema/clickhouse"
	"yardstick/schema/store"
	"yardstick/schema/words"
)

// faults gathers what is wrong with a configuration, each in both languages.
type faults []string

func (f *faults) add(id string, args ...any) { f.tell(words.Say(id, args...)) }

// when adds a fault where something is wrong.
func (f *faults) when(wrong bool, id string, args ...any) {
	if wrong {
		f.add(id, args...)
	}
}

func (f *faults) tell(t schema.Text) { *f = append(*f, t.All(" / ")) }

// because adds what err says, if anything.
func (f *faults) because(err error) {
	var said *words.Error
	several, joined := err.(interface{ Unwrap() []error })
	switch {
	case err == nil:
	case joined:
		for _, err := range several.Unwrap() {
			f.because(err)
		}
	case errors.As(err, &said):
		f.tell(said.Text)
	default:
		*f = append(*f, err.Error())
	}
}

func (f *faults) err() error {
	if len(*f) == 0 {
		return nil
	}
	return WrongError{errors.New(strings.Join(*f, "\n"))}
}

// check reports everything wrong with the configuration at once.
func (c *Config) check() error {
	var found faults
	if _, err := time.LoadLocation(c.TimeZone); err != nil {
		found.add("config-zone", "zone", c.TimeZone)
	}
	seen := map[string]bool{}
	for i, f := range c.Feeds {
		switch {
		case f.Name == "" || strings.ContainsAny(f.Name, "/\\ ?#%") || strings.HasPrefix(f.Name, "."):
			found.add("config-feed-name", "n", i+1, "name", f.Name)
		case seen[f.Name]:
			found.add("config-feed-twice", "name", f.Name)
		}
		seen[f.Name] = true
		found.when(source.Config(f.Source).Several(), "config-feed-source", "name", f.Name)
		if f.URL == "" { // an address is checked when it is used
			var said *words.Error
			if errors.As(source.Config(f.Source).Valid(), &said) {
				found.add("config-feed-sftp", "name", f.Name, "why", said.Text)
			}
		}
		found.when(f.Frequency != "" && !f.Frequency.Valid(),
			"config-feed-frequency", "name", f.Name, "frequency", f.Frequency)
	}
	met := map[schema.Date]bool{}
	for _, day := range c.Meetings {
		found.when(day.IsZero() || met[day], "config-meeting", "day", day)
		met[day] = true
	}
	c.checkPeople(&found)
	found.because(errors.Join(c.Alerts.Check()...))
	return found.err()
}

// checkPeople looks at offices, at feeds' offices and at tokens.
func (c *Config) checkPeople(found *faults) {
	offices, people := map[string]bool{}, map[string]bool{}
	for i, o := range c.Offices {
		switch {
		case strings.TrimSpace(o.Name) == "":
			found.add("config-office-name", "n", i+1)
		case offices[o.Name]:
			found.add("config-office-twice", "name", o.Name)
		}
		offices[o.Name] = true
	}
	for _, f := range c.Feeds {
		found.when(f.Office != "" && !offices[f.Office],
			"config-feed-office", "name", f.Name, "office", f.Office)
	}
	for _, id := range slices.Sorted(maps.Keys(c.Owners)) {
		if own := c.Owners[id]; own.Office != "" && !offices[own.Office] {
			found.add("statement-config-office", "target", id, "office", own.Office)
		}
	}
	for i, t := range c.Tokens {
		found.when((t.SHA256 == "") == (t.File == ""), "config-token", "n", i+1)
		switch {
		case strings.TrimSpace(t.Name) == "":
			found.add("config-token-name", "n", i+1)
		case people[t.Name]:
			found.add("config-token-twice", "name", t.Name)
		}
		people[t.Name] = true
		found.when(t.Office != "" && !offices[t.Office],
			"config-token-office", "name", t.Name, "office", t.Office)
		found.when(t.Role != "" && !t.Role.Valid(), "config-token-role", "name", t.Name, "role", t.Role)
	}
}

// CheckDeeply looks at what a configuration names: registers, indicators,
// regions, rules, addresses, secrets. Everything wrong is told at once.
func (c *Config) CheckDeeply() error {
	var found faults
	found.because(schedule.CheckRule(desk.ComparatorJob, c.CompareAt, c.TimeZone))
	if _, embedded := store.Embedded(c.Store); !embedded {
		if _, err := clickhouse.Address(c.Store); err != nil {
			found.add("config-store", "why", errors.Unwrap(err))
		}
	}
	c.checkTokens(&found)
	if c.Listener.PasswordFile != "" {
		_, err := Secret(c.Listener.PasswordFile)
		found.because(err)
	}
	register, err := c.Register()
	found.because(err)
	for _, f := range c.Feeds {
		found.because(errors.Join(desk.Check(f, c.TimeZone)...))
		if err != nil {
			continue
		}
		for _, code := range f.Indicators {
			if _, ok := register.Indicators.ByCode(code); !ok {
				found.add("config-feed-indicator", "name", f.Name, "code", code)
			}
		}
		for _, code := range f.Regions {
			if _, ok := register.Regions.ByCode(code); !ok {
				found.add("config-feed-region", "name", f.Name, "code", code)
			}
		}
	}
	if err != nil {
		return found.err()
	}
	for _, id := range slices.Sorted(maps.Keys(c.Owners)) {
		if _, known := register.TargetOf("", id); !known {
			found.add("config-owner", "target", id)
		}
	}
	return found.err()
}

// checkTokens looks at secrets and at the feeds that tokens name. Without
// configured feeds any name is one by hand.
func (c *Config) checkTokens(found *faults) {
	feeds := map[string]schema.Feed{}
	for _, f := range c.Feeds {
		feeds[f.Name] = f
	}
	for _, t := range c.Tokens {
		if t.File != "" {
			secret, err := Secret(t.File)
			found.when(err == nil && secret == "", "config-secret-empty", "file", t.File)
			found.because(err)
		} else if digest, err := hex.DecodeString(strings.TrimSpace(t.SHA256)); err != nil || len(digest) != sha256.Size {
			found.add("config-token-digest", "name", t.Name)
		}
		for _, name := range t.Feeds {
			f, known := feeds[name]
			switch {
			case !known && name != schema.HandFeed && len(feeds) > 0:
				found.add("config-token-feed", "name", t.Name, "feed", name)
			case known && !t.Identity().Uses(f):
				found.add("config-token-feed-office", "name", t.Name, "feed", name, "office", t.Office)
			}
		}
	}
}
