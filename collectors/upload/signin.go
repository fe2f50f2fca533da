package upload

import (
	"net/http"
	"net/url"
	"strings"

	"yardstick/schema/words"
)

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
func (p *pages) askToSignIn(w http.ResponseWriter, r *http.Request, code int, wrong string) error {
	f := p.newFrame(r, nil)
	f.Heading = f.T("upload-title")
	value := ""
	if c, err := r.Cookie(formCookie); err == nil {
		value = c.Value
	}
	if value == "" {
		value = secret()
		http.SetCookie(w, cookie(r, formCookie, value, 0))
	}
	f.CSRF = p.sessions.sign(value)
	view := signInView{frame: f, Next: nextOf(r), Wrong: wrong, Tokens: len(p.tokens) > 0, Shown: p.Shown}
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
func (p *pages) signIn(w http.ResponseWriter, r *http.Request, old *session) error {
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
		return fault(http.StatusTooManyRequests, "upload-throttled-title", words.Say("upload-throttled"))
	}
	token, ok := tokenOf(p.tokens, strings.TrimSpace(r.PostForm.Get("token")))
	if !ok {
		p.sessions.fail()
		p.Logger.Warn("a wrong token was given", "from", r.RemoteAddr)
		f := p.newFrame(r, nil)
		return p.askToSignIn(w, r, http.StatusForbidden, f.T("upload-wrong-token"))
	}
	if old != nil {
		p.sessions.close(old)
	}
	s := p.sessions.open(token)
	http.SetCookie(w, cookie(r, sessionCookie, s.id, 0))
	http.SetCookie(w, cookie(r, formCookie, "", -1))
	return see(w, r, nextOf(r))
}

func (p *pages) signOut(w http.ResponseWriter, r *http.Request, s *session) error {
	p.sessions.close(s)
	http.SetCookie(w, cookie(r, sessionCookie, "", -1))
	return see(w, r, "/upload")
}
