package source

import (
	"context"
	"log/slog"
	"net/http"
	"path/filepath"
	"slices"
	"time"

	"yardstick/schema"
)

// Config is what a feed's configuration says of where its files come from. A new
// kind of source has its line in kinds.
type Config schema.Source

// kind is a way that files come.
type kind struct {
	actor  string // who hands its files in, as receipts tell
	rule   string // when it is visited where the feed does not say; "": when something comes
	chosen func(Config) bool
	paths  func(*Config) []*string                       // files and folders it names
	open   func(Config, *Options) (place, manner, error) // fills in its defaults
}

// kinds lists them; the last is that of a feed that names none.
func kinds() []kind {
	return []kind{
		{"pull", "@hourly", func(c Config) bool { return c.URL != "" }, nil, openPull},
		{"sftp", "*/5 * * * *", func(c Config) bool { return c.SFTP != nil }, sftpPaths, openSFTP},
		{"drop", "", func(c Config) bool { return c.Drop != "" }, func(c *Config) []*string { return []*string{&c.Drop} }, openDrop},
	}
}

// named are the kinds of source that a feed names.
func (c Config) named() []kind {
	return slices.DeleteFunc(kinds(), func(k kind) bool { return !k.chosen(c) })
}

// kindOf is the kind of source a feed has.
func kindOf(c Config) kind { return append(c.named(), kinds()[len(kinds())-1])[0] }

// Several reports whether a feed names more than one source.
func (c Config) Several() bool { return len(c.named()) > 1 }

// Paths are the files and folders it names, to be made whole.
func (c *Config) Paths() (out []*string) {
	for _, k := range c.named() {
		if k.paths != nil {
			out = append(out, k.paths(c)...)
		}
	}
	return out
}

// Options are what collecting a feed's files needs beside its configuration;
// zero fields mean the kind's defaults.
type Options struct {
	Feed string // its name
	Data string // folder: what is to be remembered stands in state/KIND/FEED.json, a drop folder without a name is drop/FEED

	Temp      string        // folder for downloads under way; default the system's
	Timeout   time.Duration // of one attempt, or for a server to send more
	Settle    time.Duration // a file is ready when neither size nor time changed for so long
	Still     time.Duration // and for so long where nothing tells whether it is still written; default 1 minute
	Every     time.Duration // how often a watched folder is looked through; default 3 s
	Limit     int64         // bytes of one file; default 1 GiB
	Attempts  int           // default 4
	Wait      time.Duration // before the second attempt, then doubled
	MaxWait   time.Duration // default 1 minute; also the longest a server may ask to wait
	Redirects int           // default 5
	Transport http.RoundTripper
	Now       func() time.Time
	Log       *slog.Logger
	// Told is a file's name as it may be told and kept; nil: as it is.
	Told func(name string) string
	// Grew is told a receipt whose file went on being written after it was taken,
	// and what the file was called; nil: nobody is.
	Grew func(ctx context.Context, receipt, name string) error
}

func (o Options) state(kind string) string {
	if o.Data == "" {
		return ""
	}
	return filepath.Join(o.Data, "state", kind, o.Feed+".json")
}
