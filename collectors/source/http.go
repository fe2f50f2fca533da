package source

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"yardstick/schema"
	"yardstick/schema/whole"
	"yardstick/schema/words"
)

// ErrDowngrade is returned when a redirect leads from https to http.
var ErrDowngrade = errors.New("redirected from https to http")

// pull fetches a feed's one file over HTTP or HTTPS.
type pull struct {
	o      *Options
	url    *url.URL
	header map[string]string // request header -> environment variable with its value
	client *http.Client
}

// openPull checks the address and prepares a client. The headers are sent with
// every request to the address's own host.
func openPull(c Config, o *Options) (place, manner, error) {
	u, err := url.Parse(c.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, manner{}, words.Fail(err, "pull-address", "url", c.URL)
	}
	if u.User != nil {
		return nil, manner{}, words.Fail(nil, "pull-secret", "url", u.Redacted())
	}
	def(&o.Timeout, 2*time.Minute)
	def(&o.Redirects, 5)
	o.Settle = 0 // a server gives its file whole
	p := &pull{o: o, url: u, header: c.HeadersEnv}
	p.client = &http.Client{Transport: o.Transport, CheckRedirect: p.redirect}
	return p, manner{where: u.Redacted(), address: address(c.URL), failed: "pull-failed", remember: true}, nil
}

func (p *pull) check() error {
	_, err := p.headers()
	return err
}

// headers reads them anew for each request; every one that lacks its value is told.
func (p *pull) headers() (out http.Header, err error) {
	out = http.Header{}
	for _, name := range slices.Sorted(maps.Keys(p.header)) {
		value, lacks := Secret(p.header[name], "")
		out.Set(name, value)
		if lacks != nil {
			err = errors.Join(err, lacks)
		}
	}
	return out, err
}

func (p *pull) list(context.Context) ([]entry, error) { return []entry{{name: p.url.Redacted()}}, nil }
func (p *pull) close()                                {}
func (p *pull) whole(entry, time.Duration) bool       { return true }

func (p *pull) done(entry, schema.Receipt) (string, error) { return "", nil }

func (p *pull) changed(context.Context, filed, bool) (bool, error) { return false, nil }

func (p *pull) back(context.Context, filed) error { return nil }

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
func (p *pull) redirect(req *http.Request, via []*http.Request) error {
	last := via[len(via)-1]
	switch {
	case len(via) > p.o.Redirects:
		return permanent{words.Fail(nil, "pull-redirects", "url", p.url.String(), "n", p.o.Redirects)}
	case req.URL.Scheme != "https" && last.URL.Scheme == "https":
		return permanent{words.Fail(ErrDowngrade, "pull-downgrade", "url", p.url.String())}
	case req.URL.Scheme != "https" && req.URL.Scheme != "http":
		return permanent{words.Fail(nil, "pull-address", "url", req.URL.Redacted())}
	}
	if req.URL.Host != p.url.Host {
		for name := range p.header {
			req.Header.Del(name)
		}
	}
	return nil
}

// open makes one request for the file.
func (p *pull) open(ctx context.Context, _ entry, known state) (*File, error) {
	ctx, cancel := context.WithTimeout(ctx, p.o.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url.String(), nil)
	if err == nil {
		req.Header, err = p.headers()
	}
	if err != nil {
		return nil, permanent{err}
	}
	if known.ETag != "" {
		req.Header.Set("If-None-Match", known.ETag)
	}
	if known.LastModified != "" {
		req.Header.Set("If-Modified-Since", known.LastModified)
	}
	res, err := p.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	switch {
	case res.StatusCode == http.StatusNotModified:
		p.o.Log.Debug("not modified", "feed", p.o.Feed)
		return nil, errNothing
	case res.StatusCode == http.StatusOK:
	case res.StatusCode == http.StatusRequestTimeout, res.StatusCode == http.StatusTooManyRequests,
		res.StatusCode >= 500 && res.StatusCode != http.StatusNotImplemented:
		return nil, patience{words.Fail(nil, "pull-status", "status", res.Status), p.retryAfter(res.Header.Get("Retry-After"))}
	default:
		return nil, permanent{words.Fail(nil, "pull-status", "status", res.Status)}
	}
	tooLarge := permanent{words.Fail(whole.ErrTooLarge, "pull-too-large", "limit", p.o.Limit)}
	if res.ContentLength > p.o.Limit {
		return nil, tooLarge
	}
	f, err := p.o.download(ctx, "pull", res.Body)
	if err != nil {
		return nil, fmt.Errorf("reading the answer: %w", err) // a body that breaks off is tried again
	}
	if f.size > p.o.Limit {
		return nil, errors.Join(tooLarge, f.Close())
	}
	header := res.Header
	f.Name, f.URL = nameOf(res), p.url.Redacted()
	f.note = func(s *state) {
		s.ETag, s.LastModified, s.At = header.Get("ETag"), header.Get("Last-Modified"), p.o.Now().UTC()
	}
	return f, nil
}

// retryAfter reads the header: seconds or a date. 0: nothing usable.
func (p *pull) retryAfter(s string) time.Duration {
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
