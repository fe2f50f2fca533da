package source

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"yardstick/schema/words"
)

// ErrNotModified is returned by Fetch when nothing changed since the last
// download that was kept.
var ErrNotModified = errors.New("not modified since the last download")

// ErrDowngrade is returned when a redirect leads from https to http.
var ErrDowngrade = errors.New("redirected from https to http")

// PullOptions say where a feed is fetched from; zero fields mean the defaults.
type PullOptions struct {
	URL       string
	Header    http.Header   // sent with every request to URL's own host; secrets come from the environment or a file, see Secret
	State     string        // file that keeps ETag and Last-Modified
	Temp      string        // folder for downloads under way; default the system's
	Timeout   time.Duration // of one attempt; default 2 minutes
	Limit     int64         // bytes; default 1 GiB
	Attempts  int           // default 4
	Wait      time.Duration // before the second attempt, then doubled; default 1 s
	MaxWait   time.Duration // default 1 minute; also the longest Retry-After that is waited for
	Redirects int           // default 5
	Transport http.RoundTripper
	Now       func() time.Time
}

// Pull fetches a feed over HTTP or HTTPS.
type Pull struct {
	o      PullOptions
	url    *url.URL
	client *http.Client
}

// NewPull checks the address and prepares a client.
func NewPull(o PullOptions) (*Pull, error) {
	u, err := url.Parse(o.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, words.Fail(err, "pull-address", "url", o.URL)
	}
	if u.User != nil {
		return nil, words.Fail(nil, "pull-secret", "url", u.Redacted())
	}
	or := func(d *time.Duration, def time.Duration) {
		if *d <= 0 {
			*d = def
		}
	}
	or(&o.Timeout, 2*time.Minute)
	or(&o.Wait, time.Second)
	or(&o.MaxWait, time.Minute)
	if o.Limit <= 0 {
		o.Limit = 1 << 30
	}
	if o.Attempts <= 0 {
		o.Attempts = 4
	}
	if o.Redirects <= 0 {
		o.Redirects = 5
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	p := &Pull{o: o, url: u}
	p.client = &http.Client{Transport: o.Transport, CheckRedirect: p.redirect}
	return p, nil
}

// Secret reads a header's value from the environment variable or the file it
// names; exactly one of the two is given.
func Secret(env, file string) (string, error) {
	if (env == "") == (file == "") {
		return "", words.Fail(nil, "secret-one")
	}
	if env != "" {
		v, ok := os.LookupEnv(env)
		if !ok || v == "" {
			return "", words.Fail(nil, "secret-env", "env", env)
		}
		return v, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "", words.Fail(err, "secret-file", "file", file)
	}
	return strings.TrimRight(string(text), "\r\n"), nil
}

// redirect follows a few redirects, never from https to http, and takes our
// headers to no other host.
func (p *Pull) redirect(req *http.Request, via []*http.Request) error {
	last := via[len(via)-1]
	switch {
	case len(via) > p.o.Redirects:
		return permanent{words.Fail(nil, "pull-redirects", "url", p.o.URL, "n", p.o.Redirects)}
	case req.URL.Scheme != "https" && last.URL.Scheme == "https":
		return permanent{words.Fail(ErrDowngrade, "pull-downgrade", "url", p.o.URL)}
	case req.URL.Scheme != "https" && req.URL.Scheme != "http":
		return permanent{words.Fail(nil, "pull-address", "url", req.URL.Redacted())}
	}
	if req.URL.Host != p.url.Host {
		for name := range p.o.Header {
			req.Header.Del(name)
		}
	}
	return nil
}

// permanent marks an error that trying again does not mend.
type permanent struct{ error }

func (p permanent) Unwrap() error { return p.error }

// Download is a feed that was fetched whole.
type Download struct {
	Name string
	URL  string
	*os.File

	pull  *Pull
	state pullState
}

// Close removes the download from the disk.
func (d *Download) Close() error {
	return errors.Join(d.File.Close(), os.Remove(d.File.Name()))
}

// Keep remembers the download's ETag and Last-Modified, so that it is not
// fetched again. Call it when the feed has its receipt, not before: what is
// lost in between is then fetched again.
func (d *Download) Keep() error {
	if d.pull.o.State == "" {
		return nil
	}
	text, err := json.Marshal(d.state)
	if err != nil {
		return fmt.Errorf("keeping the state of %s: %w", d.URL, err)
	}
	if err := os.MkdirAll(filepath.Dir(d.pull.o.State), 0o700); err != nil {
		return fmt.Errorf("keeping the state of %s: %w", d.URL, err)
	}
	return writeWhole(d.pull.o.State, text, 0o600)
}

// pullState is what a server said of the last download that was kept.
type pullState struct {
	Address      string    `json:"address"` // SHA-256 of the URL: another address starts anew
	ETag         string    `json:"etag,omitempty"`
	LastModified string    `json:"last_modified,omitempty"`
	At           time.Time `json:"at"`
}

func (p *Pull) address() string {
	sum := sha256.Sum256([]byte(p.o.URL))
	return hex.EncodeToString(sum[:])
}

func (p *Pull) state() (s pullState, err error) {
	if p.o.State == "" {
		return s, nil
	}
	text, err := os.ReadFile(p.o.State)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return s, fmt.Errorf("reading the state of %s: %w", p.o.URL, err)
	}
	// A damaged state costs one download more, no figure.
	if json.Unmarshal(text, &s) != nil || s.Address != p.address() {
		return pullState{}, nil
	}
	return s, nil
}

// Fetch downloads the feed whole, trying again after passing faults. It gives
// ErrNotModified when the server says so, ErrTooLarge beyond the limit. The
// caller closes the download.
func (p *Pull) Fetch(ctx context.Context) (*Download, error) {
	state, err := p.state()
	if err != nil {
		return nil, err
	}
	for n := 1; ; n++ {
		d, wait, err := p.attempt(ctx, state)
		var final permanent
		switch {
		case err == nil:
			return d, nil
		case errors.Is(err, ErrNotModified):
			return nil, err
		case ctx.Err() != nil:
			return nil, fmt.Errorf("fetching %s: %w", p.url.Redacted(), ctx.Err())
		case errors.As(err, &final):
			return nil, fmt.Errorf("fetching %s: %w", p.url.Redacted(), final.error)
		case n >= p.o.Attempts || wait > p.o.MaxWait:
			return nil, words.Fail(err, "pull-failed", "url", p.url.Redacted(), "n", n)
		}
		if wait <= 0 {
			wait = backOff(n, p.o.Wait, p.o.MaxWait)
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
		case <-timer.C:
		}
	}
}

// attempt makes one request. wait is what the server asked for, else 0.
func (p *Pull) attempt(ctx context.Context, state pullState) (d *Download, wait time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, p.o.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.o.URL, nil)
	if err != nil {
		return nil, 0, permanent{err}
	}
	for name, values := range p.o.Header {
		req.Header[http.CanonicalHeaderKey(name)] = values
	}
	if state.ETag != "" {
		req.Header.Set("If-None-Match", state.ETag)
	}
	if state.LastModified != "" {
		req.Header.Set("If-Modified-Since", state.LastModified)
	}
	res, err := p.client.Do(req)
	if err != nil {
		return nil, 0, err
	}
	defer res.Body.Close()
	switch {
	case res.StatusCode == http.StatusNotModified:
		return nil, 0, ErrNotModified
	case res.StatusCode == http.StatusOK:
	case res.StatusCode == http.StatusRequestTimeout, res.StatusCode == http.StatusTooManyRequests,
		res.StatusCode >= 500 && res.StatusCode != http.StatusNotImplemented:
		return nil, p.retryAfter(res.Header.Get("Retry-After")), words.Fail(nil, "pull-status", "status", res.Status)
	default:
		return nil, 0, permanent{words.Fail(nil, "pull-status", "status", res.Status)}
	}
	if res.ContentLength > p.o.Limit {
		return nil, 0, permanent{words.Fail(ErrTooLarge, "pull-too-large", "limit", p.o.Limit)}
	}
	d, err = p.save(ctx, res)
	if errors.Is(err, ErrTooLarge) {
		err = permanent{words.Fail(ErrTooLarge, "pull-too-large", "limit", p.o.Limit)}
	}
	return d, 0, err
}

// save writes the answer's body to a file of its own. A body that breaks off
// is an error, and tried again.
func (p *Pull) save(ctx context.Context, res *http.Response) (*Download, error) {
	if p.o.Temp != "" {
		if err := os.MkdirAll(p.o.Temp, 0o700); err != nil {
			return nil, permanent{fmt.Errorf("making the folder for downloads: %w", err)}
		}
	}
	tmp, err := os.CreateTemp(p.o.Temp, "pull-*")
	if err != nil {
		return nil, permanent{fmt.Errorf("making a file for the download: %w", err)}
	}
	d := &Download{Name: nameOf(res), URL: p.url.Redacted(), File: tmp, pull: p, state: pullState{
		Address: p.address(), ETag: res.Header.Get("ETag"), LastModified: res.Header.Get("Last-Modified"), At: p.o.Now().UTC()}}
	_, err = Copy(ctx, tmp, res.Body, p.o.Limit)
	if err == nil {
		_, err = tmp.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("reading the answer: %w", err), d.Close())
	}
	return d, nil
}

// retryAfter reads the header: seconds or a date. 0: nothing usable.
func (p *Pull) retryAfter(s string) time.Duration {
	if s == "" {
		return 0
	}
	if d, err := time.ParseDuration(s + "s"); err == nil && strings.Trim(s, "0123456789") == "" {
		return d
	}
	if at, err := http.ParseTime(s); err == nil {
		return max(0, at.Sub(p.o.Now()))
	}
	return 0
}

// nameOf is the file's name: what the server says, else the path's last part.
func nameOf(res *http.Response) string {
	name := path.Base(res.Request.URL.Path)
	if _, params, err := mime.ParseMediaType(res.Header.Get("Content-Disposition")); err == nil && params["filename"] != "" {
		name = params["filename"]
	}
	return BaseName(name)
}

// BaseName is the last part of a name that somebody else gave, without
// characters that have no place in a file's name; "feed" when nothing is left.
func BaseName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return -1 // control characters, and those that turn the direction of text
		}
		return r
	}, name)
	name = strings.TrimSpace(name)
	for len(name) > 200 {
		r := []rune(name)
		name = string(r[len(r)/2:]) // the end holds the extension
	}
	if name == "" || name == "." || name == ".." || name == "/" {
		return "feed"
	}
	return name
}
