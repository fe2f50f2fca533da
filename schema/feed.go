package schema

import (
	"time"
)

// HandFeed is the name of what is handed in without naming a feed.
const HandFeed = "manual"

// Office answers for feeds. Feeds belong to an office and not to a person: a
// person who moves on takes nothing along.
type Office struct {
	Name    string `yaml:"name"`
	Title   Text   `yaml:"title"`
	Contact string `yaml:"contact"`
}

// Feed is one source of figures: what is agreed about it beforehand.
type Feed struct {
	Source `yaml:",inline"` // where its files come from

	Name       string    `yaml:"name"`
	Office     string    `yaml:"office"` // an office's name; empty: nobody's in particular
	Title      Text      `yaml:"title"`
	Cron       string    `yaml:"schedule"`   // cron of the collector; default every minute
	TimeZone   string    `yaml:"time_zone"`  // of the schedule; default the configuration's
	MaxBytes   int64     `yaml:"max_bytes"`  // of a file; 0: the limit of all
	Indicators []string  `yaml:"indicators"` // codes it may write; empty: all
	Regions    []string  `yaml:"regions"`    // codes it may write; empty: all
	Release    Release   `yaml:"release"`    // when a period is due
	Frequency  Frequency `yaml:"frequency"`  // of its deliveries; default M
	Synthetic  bool      `yaml:"synthetic"`

	// Given is what its files leave out, by the keys questions ask: unit,
	// unit.gdp, basis, status, region …
	Given map[string]string `yaml:"given"`
	// PublishedAfter is the rule for rows that do not say when they were made
	// public: so many days after the period's end, or the day received if that
	// is earlier. Nil: the day received.
	PublishedAfter *int `yaml:"published_after"`

	Review        bool      `yaml:"review"`         // another person must approve what it sends
	RequireReason bool      `yaml:"require_reason"` // a held figure changes for a stated reason only
	Revisions     Revisions `yaml:"revisions"`      // whether its source changes figures as a matter of course

	Hand bool `yaml:"-"` // no feed with deliveries of its own: what people hand in; no series is missing from it
}

// Source says where a feed's files come from. Package collectors/source knows what
// may be said; a new kind of source adds its keys here.
type Source struct {
	Drop       string            `yaml:"drop"`        // drop folder; default DATA/drop/NAME
	URL        string            `yaml:"url"`         // HTTP(S) pull instead of a drop folder
	HeadersEnv map[string]string `yaml:"headers_env"` // request header -> environment variable with its value
	SFTP       *SFTP             `yaml:"sftp"`        // SFTP server instead of a drop folder
	Still      time.Duration     `yaml:"still"`       // how long a file must not change where nothing else tells that it is whole; default 1 minute, of SFTP 30 s
}

// SFTP is a folder of an SFTP server that a feed's files are taken from. The
// server's key is always verified.
type SFTP struct {
	Address      string `yaml:"address"` // host or host:port; the port is 22 when none is given
	User         string `yaml:"user"`
	KeyFile      string `yaml:"key_file"`      // private key without a passphrase; this or
	PasswordFile string `yaml:"password_file"` // a file with the password
	KnownHosts   string `yaml:"known_hosts"`   // file that names the server's key, as ssh keeps it
	Folder       string `yaml:"folder"`        // on the server; default the user's own
	Pattern      string `yaml:"pattern"`       // of the files' names, as in *.csv; default all
	Done         string `yaml:"done"`          // move (to done/, refused/, asked/, the receipt beside the file) or leave (default)
}

// FeedState is how a feed stands on a day. A zero time, day or period is
// unknown or not agreed.
type FeedState struct {
	Feed
	By          Office    // who answers for it
	LastSuccess time.Time // newest accepted, partial or unchanged receipt
	Problems    int       // of the newest receipt
	Questions   int       // of the newest receipt
	Periods     []Date    // last days of the delivered reference periods, in order
	NextRun     time.Time // when it is collected next; zero when only by hand

	Due        Date   // day the oldest undelivered period is due
	DuePeriod  Period // that period
	Excused    Date   // until when its lateness is excused
	Owed       int    // periods that are late
	NextDue    Date   // day the first period that is not late yet is due
	NextPeriod Period // that period
	Newest     Period // the newest period that is due by the day
	Came       bool   // and whether it was delivered
}

// OnTime reports whether the feed owes a figure for the newest period that is
// due, and whether it has come.
func (s FeedState) OnTime() (owes, delivered bool) {
	if s.Newest.IsZero() {
		return false, false
	}
	return true, s.Came
}

// Asks reports whether the newest file of the feed waits for an answer: what was
// held before stands until then.
func (s FeedState) Asks() bool { return s.Questions > 0 && s.Problems == 0 }

// Revisions is what is to be thought of it when a feed changes held figures.
type Revisions string

// RevisionsExpected says that the source publishes first and later figures (bulletins,
// provisional to final). They come with its own reason, and nobody is asked.
const RevisionsExpected Revisions = "expected"
