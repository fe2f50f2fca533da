package upload

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"yardstick/schema/access"
)

// How long and how many: sessions live in memory alone and have an end.
const (
	sessionIdle   = 2 * time.Hour
	sessionLife   = 12 * time.Hour
	mostSessions  = 1000
	mostDrafts    = 4 // of one session
	draftsAtOnce  = 2 << 30
	wrongInMinute = 20 // tokens that were wrong, of everybody
	sessionCookie = "yardstick_session"
	formCookie    = "yardstick_form"
)

// session is one person signed in with a token.
type session struct {
	id, csrf    string
	who         access.Identity
	began, seen time.Time
	drafts      []*draft          // oldest first
	done        map[string]string // draft handed in -> its receipt
}

// sessions are all of them. The key signs what is handed to people who have
// not signed in.
type sessions struct {
	now func() time.Time
	key []byte

	mu    sync.Mutex
	all   map[string]*session
	bytes int64 // of all drafts
	wrong []time.Time
}

func newSessions(now func() time.Time) *sessions {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails: see crypto/rand
	return &sessions{now: now, key: key, all: map[string]*session{}}
}

// secret is 128 random bits in hex.
func secret() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails: see crypto/rand
	return hex.EncodeToString(b)
}

// open begins a session; the oldest ends when there are too many.
func (s *sessions) open(who access.Identity) *session {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep()
	for len(s.all) >= mostSessions {
		s.end(slices.MinFunc(slices.Collect(maps.Values(s.all)), func(a, b *session) int { return a.seen.Compare(b.seen) }))
	}
	now := s.now()
	x := &session{id: secret(), csrf: secret(), who: who, began: now, seen: now}
	s.all[x.id] = x
	return x
}

// of finds the session of a request.
func (s *sessions) of(r *http.Request) (*session, bool) {
	c, err := r.Cookie(sessionCookie)
	if err != nil {
		return nil, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep()
	x, ok := s.all[c.Value]
	if ok {
		x.seen = s.now()
	}
	return x, ok
}

// sweep ends what is over. The caller holds the lock.
func (s *sessions) sweep() {
	now := s.now()
	for _, x := range s.all {
		if now.Sub(x.seen) > sessionIdle || now.Sub(x.began) > sessionLife {
			s.end(x)
		}
	}
}

// end forgets a session and removes what it kept. The caller holds the lock.
func (s *sessions) end(x *session) {
	for _, d := range x.drafts {
		s.bytes -= d.size
		d.remove()
	}
	x.drafts = nil
	delete(s.all, x.id)
}

func (s *sessions) close(x *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end(x)
}

// closeAll removes everything that was kept for people.
func (s *sessions) closeAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, x := range s.all {
		s.end(x)
	}
}

// keep adds a draft to a session; its oldest one makes room.
func (s *sessions) keep(x *session, d *draft) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(x.drafts) >= mostDrafts {
		s.drop(x, x.drafts[0])
	}
	if s.bytes+d.size > draftsAtOnce {
		return fault(http.StatusServiceUnavailable, "upload-full")
	}
	s.bytes += d.size
	x.drafts = append(x.drafts, d)
	return nil
}

// draft finds a draft of the session, or else the receipt that it became.
func (s *sessions) draft(x *session, id string) (d *draft, receipt string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.IndexFunc(x.drafts, func(d *draft) bool { return d.ID == id }); i >= 0 {
		return x.drafts[i], ""
	}
	return nil, x.done[id]
}

// list gives the session's drafts, newest first.
func (s *sessions) list(x *session) []*draft {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := slices.Clone(x.drafts)
	slices.Reverse(out)
	return out
}

// forget removes a draft that was given up, or became a receipt.
func (s *sessions) forget(x *session, d *draft, receipt string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drop(x, d)
	if receipt == "" {
		return
	}
	if x.done == nil || len(x.done) > 200 {
		x.done = map[string]string{}
	}
	x.done[d.ID] = receipt
}

func (s *sessions) drop(x *session, d *draft) {
	if i := slices.Index(x.drafts, d); i >= 0 {
		x.drafts = slices.Delete(x.drafts, i, i+1)
		s.bytes -= d.size
		d.remove()
	}
}

// throttled reports whether too many wrong tokens came in the last minute; a
// wrong one is counted by fail.
func (s *sessions) throttled() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	after := s.now().Add(-time.Minute)
	for len(s.wrong) > 0 && s.wrong[0].Before(after) {
		s.wrong = s.wrong[1:]
	}
	return len(s.wrong) >= wrongInMinute
}

func (s *sessions) fail() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wrong = append(s.wrong, s.now())
}

// sign is what the sign-in form carries for the cookie's value: whoever cannot
// set our cookie cannot make such a form.
func (s *sessions) sign(value string) string {
	m := hmac.New(sha256.New, s.key)
	m.Write([]byte(value))
	return hex.EncodeToString(m.Sum(nil))
}

// veil is how a form carries a token: under a pad of its own, both in hex.
// Pages are compressed, and what is the same in every answer could be guessed
// from their lengths.
func veil(token string) string {
	pad := make([]byte, len(token))
	_, _ = rand.Read(pad) // never fails: see crypto/rand
	under := make([]byte, len(token))
	subtle.XORBytes(under, pad, []byte(token))
	return hex.EncodeToString(pad) + hex.EncodeToString(under)
}

// carries reports whether a form's field is token under a veil.
func carries(field, token string) bool {
	b, err := hex.DecodeString(field)
	if err != nil || token == "" || len(b) != 2*len(token) {
		return false
	}
	got := make([]byte, len(token))
	subtle.XORBytes(got, b[:len(token)], b[len(token):])
	return subtle.ConstantTimeCompare(got, []byte(token)) == 1
}

// cookie is a cookie of these pages. A life of zero ends with the browser;
// below zero it is removed.
func cookie(r *http.Request, name, value string, maxAge int) *http.Cookie {
	return &http.Cookie{Name: name, Value: value, Path: "/upload", MaxAge: maxAge, HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteStrictMode}
}
