// Package config is the configuration file: what it may say, what is wrong with
// it, and the registers it adds to.
package config

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"yardstick/alerts/bridge"
	"yardstick/collectors/source"
	"yardstick/schema"
	"yardstick/schema/access"
	"yardstick/schema/targets"
	"yardstick/schema/words"
)

// Config is the configuration file. Everything has a default; an unknown key
// is an error, so that a misspelt one is not lost.
type Config struct {
	Store       string          `yaml:"store"`      // embedded:PATH (default embedded:DATA/store), clickhouse://, http(s)://
	Cluster     string          `yaml:"cluster"`    // name of a ClickHouse cluster: replicated and distributed tables
	Data        string          `yaml:"data"`       // data folder
	TimeZone    string          `yaml:"time_zone"`  // default Asia/Shanghai
	Policies    []string        `yaml:"policies"`   // more registers, beside the embedded ones
	CompareAt   string          `yaml:"compare_at"` // cron of the comparator; default 5 minutes past midnight
	Offices     []schema.Office `yaml:"offices"`    // who answers for feeds
	Feeds       []schema.Feed   `yaml:"feeds"`      // where figures come from
	Tokens      []Token         `yaml:"tokens"`     // who may write over HTTP
	Owners      map[string]Own  `yaml:"owners"`     // by target id: who answers for it
	Listener    ListenerConfig  `yaml:"clickhouse"` // the read-only ClickHouse port
	ExternalURL string          `yaml:"external_url"`
	Alerts      bridge.Config   `yaml:"alerts"`   // whom to tell what Alertmanager posts
	Meetings    []schema.Date   `yaml:"meetings"` // days the targets were gone through at, which the board compares with
}

// Own names who answers for a target; the document names nobody.
type Own struct {
	Owner   schema.Text `yaml:"owner"`
	Support []string    `yaml:"support"`
	Contact string      `yaml:"contact"` // default: the office's
	Office  string      `yaml:"office"`  // an office's name: its tokens may speak for the target; its title is the default owner
}

// Token lets its bearer write. The secret itself is not kept: SHA256 is the hex
// digest of it.
type Token struct {
	Name   string      `yaml:"name"` // of the person; stands in receipts
	SHA256 string      `yaml:"sha256"`
	File   string      `yaml:"file"`   // or a file that holds the secret
	Office string      `yaml:"office"` // whose feeds it may use; empty: every office's
	Feeds  []string    `yaml:"feeds"`  // narrows it further; empty: all of them
	Role   access.Role `yaml:"role"`   // reporter (default) or reviewer
}

// Identity is whom the token stands for.
func (t Token) Identity() access.Identity {
	return access.Identity{Name: t.Name, Office: t.Office, Feeds: t.Feeds, Role: cmp.Or(t.Role, access.Reporter)}
}

// ListenerConfig is who may read over the ClickHouse port.
type ListenerConfig struct {
	User         string `yaml:"user"`
	PasswordFile string `yaml:"password_file"`
}

// WrongError says that a file cannot be used as it stands, and why.
type WrongError struct{ error }

// Unwrap is what is wrong.
func (w WrongError) Unwrap() error { return w.error }

// Read reads the file at path ("" gives the defaults); a store and a data folder
// that are not empty win over its own. What is wrong with it is a WrongError.
func Read(path, store, data string) (Config, error) {
	var c Config
	if path != "" {
		text, err := os.ReadFile(path)
		if err != nil {
			return c, words.Fail(err, "config-unreadable", "file", path)
		}
		dec := yaml.NewDecoder(bytes.NewReader(text))
		dec.KnownFields(true)
		if err := dec.Decode(&c); err != nil && !errors.Is(err, io.EOF) {
			return c, WrongError{words.Fail(nil, "config-bad", "file", path, "why", strings.ReplaceAll(err.Error(), "\n", "; "))}
		}
		c.resolve(filepath.Dir(path))
	}
	c.Data = cmp.Or(data, c.Data, "data")
	c.Store = cmp.Or(store, c.Store, "embedded:"+filepath.Join(c.Data, "store"))
	c.TimeZone, c.CompareAt = cmp.Or(c.TimeZone, "Asia/Shanghai"), cmp.Or(c.CompareAt, "5 0 * * *")
	for i := range c.Feeds {
		c.Feeds[i].Hand = c.Feeds[i].Name == schema.HandFeed
	}
	return c, c.check()
}

// resolve makes paths relative to the file's folder.
func (c *Config) resolve(dir string) {
	fix := func(p *string) {
		if *p != "" && !filepath.IsAbs(*p) {
			*p = filepath.Join(dir, *p)
		}
	}
	fix(&c.Data)
	fix(&c.Listener.PasswordFile)
	for i := range c.Policies {
		fix(&c.Policies[i])
	}
	for i := range c.Feeds {
		for _, p := range (*source.Config)(&c.Feeds[i].Source).Paths() {
			fix(p)
		}
	}
	for i := range c.Tokens {
		fix(&c.Tokens[i].File)
	}
	for _, p := range c.Alerts.Files() {
		fix(p)
	}
	if path, ok := strings.CutPrefix(c.Store, "embedded:"); ok {
		fix(&path)
		c.Store = "embedded:" + path
	}
}

// Location is the time zone.
func (c *Config) Location() *time.Location {
	loc, err := time.LoadLocation(c.TimeZone)
	if err != nil {
		return time.FixedZone("CST", 8*3600) // not reached: check has loaded it
	}
	return loc
}

// Path names something in the data folder.
func (c *Config) Path(parts ...string) string {
	return filepath.Join(append([]string{c.Data}, parts...)...)
}

// Register reads the embedded registers and those the configuration adds,
// and puts in the owners it names.
func (c Config) Register() (*targets.Register, error) {
	register, err := targets.LoadWith(c.Policies...)
	if err != nil {
		return nil, fmt.Errorf("loading the policy registers: %w", err)
	}
	for _, p := range register.Policies {
		for i := range p.Targets {
			if own, ok := c.Owners[p.Targets[i].ID]; ok {
				c.own(&p.Targets[i], own)
			}
		}
	}
	return register, nil
}

// own puts down who answers for a target. What is not said of the owner itself
// is taken from its office.
func (c Config) own(t *schema.Target, own Own) {
	t.Owner, t.Support, t.Contact, t.Office = own.Owner, own.Support, own.Contact, own.Office
	at := slices.IndexFunc(c.Offices, func(o schema.Office) bool { return o.Name == own.Office })
	if own.Office == "" || at < 0 {
		return
	}
	t.Contact = cmp.Or(t.Contact, c.Offices[at].Contact)
	if t.Owner == (schema.Text{}) {
		t.Owner = c.Offices[at].Title
	}
}

// Secret reads a secret from a file, without the line end editors add.
func Secret(path string) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", words.Fail(err, "config-unreadable", "file", path)
	}
	return strings.TrimRight(string(text), "\r\n"), nil
}
