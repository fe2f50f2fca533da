package source

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"

	"yardstick/schema/words"
)

// SFTPOptions say where a feed's files lie; zero fields mean the defaults.
type SFTPOptions struct {
	Address      string // host or host:port; the port is 22 when none is given
	User         string
	KeyFile      string // private key without a passphrase; this or PasswordFile
	PasswordFile string
	KnownHosts   string // file that names the server's key, as ssh keeps it
	Folder       string // on the server; default the user's own
	Pattern      string // of the files' names, as in *.csv; default all
	Move         bool   // files dealt with move to done/, refused/ or asked/, the receipt beside them; else they stay

	State    string        // file that keeps what was taken
	Temp     string        // folder for downloads under way; default the system's
	Timeout  time.Duration // for the server to answer, or to send more; default 30 s
	Settle   time.Duration // between two looks that must show a file alike; default 5 s
	Limit    int64         // bytes of one file; default 1 GiB
	Attempts int           // default 4
	Wait     time.Duration // before the second attempt, then doubled; default 2 s
	MaxWait  time.Duration // default 1 minute
	Now      func() time.Time
	Log      *slog.Logger
}

// SFTP takes a feed's files from a folder of an SFTP server. The server's key
// is always verified.
type SFTP struct {
	o    SFTPOptions
	host string // host:port

	mu   sync.Mutex // one visit at a time
	seen map[string]sighting
	back map[string]sighting // files that could not be dealt with, and when to try again
}

// NewSFTP checks the options. It reads no file: see Check.
func NewSFTP(o SFTPOptions) (*SFTP, error) {
	host, port, err := net.SplitHostPort(o.Address)
	if err != nil {
		host, port = strings.Trim(o.Address, "[]"), "22"
	}
	number, err := strconv.Atoi(port)
	switch {
	case err != nil || number < 1 || number > 65535 || host == "" || strings.ContainsAny(host, "/@ ") || strings.Contains(o.Address, "://"):
		return nil, words.Fail(nil, "sftp-address", "address", o.Address)
	case o.User == "":
		return nil, words.Fail(nil, "sftp-user")
	case (o.KeyFile == "") == (o.PasswordFile == ""):
		return nil, words.Fail(nil, "sftp-one-secret")
	case o.KnownHosts == "":
		return nil, words.Fail(nil, "sftp-known-hosts")
	}
	if _, err := path.Match(o.Pattern, "x"); err != nil {
		return nil, words.Fail(err, "sftp-pattern", "pattern", o.Pattern)
	}
	or := func(d *time.Duration, def time.Duration) {
		if *d <= 0 {
			*d = def
		}
	}
	or(&o.Timeout, 30*time.Second)
	or(&o.Settle, 5*time.Second)
	or(&o.Wait, 2*time.Second)
	or(&o.MaxWait, time.Minute)
	if o.Limit <= 0 {
		o.Limit = 1 << 30
	}
	if o.Attempts <= 0 {
		o.Attempts = 4
	}
	if o.Pattern == "" {
		o.Pattern = "*"
	}
	if o.Folder == "" {
		o.Folder = "."
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &SFTP{o: o, host: net.JoinHostPort(host, port), seen: map[string]sighting{}, back: map[string]sighting{}}, nil
}

// Check reads key, password and known hosts, so that what is wrong with them is
// told before anything runs.
func (s *SFTP) Check() error {
	_, err := s.client()
	return err
}

// where names the server and folder for people; it holds no secret.
func (s *SFTP) where() string {
	return "sftp://" + s.o.User + "@" + s.host + "/" + strings.TrimPrefix(s.o.Folder, "/")
}

// client makes the SSH configuration anew for each connection, so that a key
// that was replaced needs no restart.
func (s *SFTP) client() (*ssh.ClientConfig, error) {
	check, err := knownhosts.New(s.o.KnownHosts)
	if err != nil {
		return nil, words.Fail(err, "sftp-known-hosts-file", "file", s.o.KnownHosts)
	}
	c := &ssh.ClientConfig{User: s.o.User, Timeout: s.o.Timeout, HostKeyCallback: s.verified(check), HostKeyAlgorithms: algorithms(check, s.host)}
	if s.o.PasswordFile != "" {
		password, err := Secret("", s.o.PasswordFile)
		if err != nil {
			return nil, err
		}
		c.Auth = []ssh.AuthMethod{ssh.Password(password), ssh.KeyboardInteractive(func(_, _ string, questions []string, echos []bool) ([]string, error) {
			if len(questions) == 1 && !echos[0] {
				return []string{password}, nil
			}
			return make([]string, len(questions)), nil
		})}
		return c, nil
	}
	text, err := os.ReadFile(s.o.KeyFile)
	if err != nil {
		return nil, words.Fail(err, "secret-file", "file", s.o.KeyFile)
	}
	key, err := ssh.ParsePrivateKey(text)
	var locked *ssh.PassphraseMissingError
	switch {
	case errors.As(err, &locked):
		return nil, words.Fail(nil, "sftp-key-locked", "file", s.o.KeyFile)
	case err != nil:
		return nil, words.Fail(nil, "sftp-key-unreadable", "file", s.o.KeyFile)
	}
	c.Auth = []ssh.AuthMethod{ssh.PublicKeys(key)}
	return c, nil
}

// verified is check with a sentence for what it refuses.
func (s *SFTP) verified(check ssh.HostKeyCallback) ssh.HostKeyCallback {
	return func(host string, remote net.Addr, key ssh.PublicKey) error {
		err := check(host, remote, key)
		var unknown *knownhosts.KeyError
		var revoked *knownhosts.RevokedError
		shown := ssh.FingerprintSHA256(key)
		switch {
		case err == nil:
			return nil
		case errors.As(err, &revoked):
			return permanent{words.Fail(nil, "sftp-host-revoked", "host", s.host, "key", shown)}
		case errors.As(err, &unknown) && len(unknown.Want) > 0:
			return permanent{words.Fail(nil, "sftp-host-changed", "host", s.host, "key", shown, "file", s.o.KnownHosts)}
		}
		return permanent{words.Fail(nil, "sftp-host-unknown", "host", s.host, "key", key.Type()+" "+shown, "file", s.o.KnownHosts)}
	}
}

// algorithms are those of the keys known for the host: a server offers several
// keys, and one that is not known must not be chosen where another is. Nil: the
// defaults.
func algorithms(check ssh.HostKeyCallback, host string) []string {
	// What is asked with a key that no file holds tells which are held.
	err := check(host, &net.TCPAddr{IP: net.IPv4zero}, noKey{})
	var known *knownhosts.KeyError
	if !errors.As(err, &known) {
		return nil
	}
	var out []string
	for _, k := range known.Want {
		switch kind := k.Key.Type(); kind {
		case ssh.KeyAlgoRSA:
			out = append(out, ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256)
		default:
			out = append(out, kind)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// noKey is a key that nobody has.
type noKey struct{}

func (noKey) Type() string                        { return "none" }
func (noKey) Marshal() []byte                     { return []byte("none") }
func (noKey) Verify([]byte, *ssh.Signature) error { return errors.New("no key verifies nothing") }

// session is a connection under way. What takes longer than the timeout without
// a sign of life ends it.
type session struct {
	*sftp.Client
	conn    net.Conn
	ssh     *ssh.Client
	timeout time.Duration
	timer   *time.Timer
	forget  func() bool
}

// connect opens a session that ends with the context.
func (s *SFTP) connect(ctx context.Context) (*session, error) {
	config, err := s.client()
	if err != nil {
		return nil, permanent{err}
	}
	dialer := net.Dialer{Timeout: s.o.Timeout}
	conn, err := dialer.DialContext(ctx, "tcp", s.host)
	if err != nil {
		return nil, fmt.Errorf("connecting: %w", err)
	}
	n := &session{conn: conn, timeout: s.o.Timeout}
	n.forget = context.AfterFunc(ctx, func() { _ = conn.Close() })
	n.timer = time.AfterFunc(s.o.Timeout, func() { _ = conn.Close() })
	transport, channels, requests, err := ssh.NewClientConn(conn, s.host, config)
	if err != nil {
		n.close()
		if strings.Contains(err.Error(), "unable to authenticate") { // x/crypto has no other sign of it
			return nil, permanent{words.Fail(nil, "sftp-denied", "user", s.o.User, "host", s.host)}
		}
		return nil, fmt.Errorf("greeting the server: %w", err)
	}
	n.ssh = ssh.NewClient(transport, channels, requests)
	if n.Client, err = sftp.NewClient(n.ssh); err != nil {
		n.close()
		return nil, fmt.Errorf("asking for SFTP: %w", err)
	}
	n.rest()
	return n, nil
}

// alive gives the server its time anew.
func (n *session) alive() { n.timer.Reset(n.timeout) }

// rest stops the clock while nothing is asked of the server.
func (n *session) rest() { n.timer.Stop() }

// close ends the session. The server is told, but not waited for.
func (n *session) close() {
	n.forget()
	n.timer.Stop()
	_ = n.conn.Close() // what was to be written was answered already
	if n.Client != nil {
		_ = n.Client.Close()
	}
	if n.ssh != nil {
		_ = n.ssh.Close()
	}
}

// during asks something of the server within its time.
func (n *session) during(what func() error) error {
	n.alive()
	defer n.rest()
	return what()
}

// backOff is half to all of a wait that doubles with each attempt, so that many
// collectors do not return at one moment.
func backOff(attempt int, wait, most time.Duration) time.Duration {
	full := min(wait<<min(attempt-1, 20), most)
	return full/2 + rand.N(full/2+1)
}
