package upload

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"yardstick/schema/access"
)

// Token lets its bearer hand in files. The secret itself is not kept.
type Token struct {
	access.Identity        // of who bears it
	SHA256          string // of the secret, in hex
}

// knownTokens are tokens with their digests as they are compared.
func knownTokens(tokens []Token) ([]Token, error) {
	out := slices.Clone(tokens)
	for i := range out {
		t := &out[i]
		t.SHA256 = strings.ToLower(strings.TrimSpace(t.SHA256))
		if digest, err := hex.DecodeString(t.SHA256); err != nil || len(digest) != sha256.Size {
			return nil, fmt.Errorf("token %d (%s): its SHA-256 is not 64 hex digits", i+1, t.Name)
		}
	}
	return out, nil
}

// tokenOf finds who bears the token of a secret. It takes as long for a wrong one
// as for any right one: digests are compared, all of them, in constant time.
func tokenOf(tokens []Token, secret string) (who access.Identity, ok bool) {
	sum := sha256.Sum256([]byte(secret))
	digest := []byte(hex.EncodeToString(sum[:]))
	for _, t := range tokens {
		if subtle.ConstantTimeCompare([]byte(t.SHA256), digest) == 1 {
			who, ok = t.Identity, true
		}
	}
	return who, ok && secret != ""
}

// signInView is the page that asks for a token.
type signInView struct {
	*frame
	Next    string
	Public  string // address of the receipt that anybody may see
	Wrong   string
	Tokens  bool // anybody can sign in at all
	Shown   []string
	Expired bool
}

// askToSignIn shows the sign-in page in place of the one asked for.
func (p *Pages) askToSignIn(w http.ResponseWriter, r *http.Request, code int, wrong string) error {
	f := p.titled(r, nil, "", "upload-title")
	value := ""
	if c, err := r.Cookie(formCookie); err == nil {
		value = c.Value
	}
	if value == "" {
		value = secret()
		http.SetCookie(w, cookie(r, formCookie, value, 0))
	}
	f.CSRF = p.sessions.sign(value)
	view := signInView{frame: f, Next: nextOf(r), Wrong: wrong, Tokens: len(p.Tokens) > 0, Shown: p.Shown}
	if id, ok := strings.CutPrefix(r.URL.Path, "/upload/receipts/"); ok && !strings.Contains(id, "/") {
		view.Public = f.Link("/receipts/" + url.PathEscape(id))
	}
	_, err := r.Cookie(sessionCookie)
	view.Expired = err == nil && wrong == ""
	return p.show(w, code, "signin", view)
}

// nextOf is where to go after signing in: a path of these pages, nothing else.
func nextOf(r *http.Request) string {
	next := r.URL.Path
	if r.Method != http.MethodGet {
		next = "/upload"
		if r.URL.Path == "/upload/session" && r.PostForm != nil {
			next = r.PostForm.Get("next")
		}
	}
	if next != "/upload" && !strings.HasPrefix(next, "/upload/") || strings.ContainsAny(next, "\\\r\n") || strings.Contains(next, "//") {
		return "/upload"
	}
	return next
}

// signIn opens a session for who gives a right token.
func (p *Pages) signIn(w http.ResponseWriter, r *http.Request, old *session) error {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	if err := r.ParseForm(); err != nil {
		return bad("upload-broken")
	}
	c, err := r.Cookie(formCookie)
	if err != nil || !carries(r.PostForm.Get("csrf"), p.sessions.sign(c.Value)) {
		return forged()
	}
	if p.sessions.throttled() {
		w.Header().Set("Retry-After", "60")
		return fault(http.StatusTooManyRequests, "upload-throttled")
	}
	who, ok := tokenOf(p.Tokens, strings.TrimSpace(r.PostForm.Get("token")))
	if !ok {
		p.sessions.fail()
		p.Logger.Warn("a wrong token was given", "from", r.RemoteAddr)
		return p.askToSignIn(w, r, http.StatusForbidden, p.newFrame(r, nil).T("upload-wrong-token"))
	}
	if old != nil {
		p.sessions.close(old)
	}
	s := p.sessions.open(who)
	http.SetCookie(w, cookie(r, sessionCookie, s.id, 0))
	http.SetCookie(w, cookie(r, formCookie, "", -1))
	return see(w, r, nextOf(r))
}

func (p *Pages) signOut(w http.ResponseWriter, r *http.Request, s *session) error {
	p.sessions.close(s)
	http.SetCookie(w, cookie(r, sessionCookie, "", -1))
	return see(w, r, "/upload")
}
