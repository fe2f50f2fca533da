package source

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"

	"yardstick/schema"
	"yardstick/schema/words"
)

func sftpPaths(c *Config) []*string {
	return []*string{&c.SFTP.KeyFile, &c.SFTP.PasswordFile, &c.SFTP.KnownHosts}
}

// server takes files from an SFTP server, in a session a visit.
type server struct {
	schema.SFTP
	o    *Options
	host string // host:port
	n    *session
}

// openSFTP checks the configuration.
func openSFTP(c Config, o *Options) (place, manner, error) {
	s := &server{SFTP: *c.SFTP, o: o}
	host, port, err := net.SplitHostPort(s.Address)
	if err != nil {
		host, port = strings.Trim(s.Address, "[]"), "22"
	}
	number, err := strconv.Atoi(port)
	switch {
	case err != nil || number < 1 || number > 65535 || host == "" || strings.ContainsAny(host, "/@ ") || strings.Contains(s.Address, "://"):
		return nil, manner{}, words.Fail(nil, "sftp-address", "address", s.Address)
	case s.User == "":
		return nil, manner{}, words.Fail(nil, "sftp-user")
	case (s.KeyFile == "") == (s.PasswordFile == ""):
		return nil, manner{}, words.Fail(nil, "sftp-one-secret")
	case s.KnownHosts == "":
		return nil, manner{}, words.Fail(nil, "sftp-known-hosts")
	case s.Done != "" && s.Done != "move" && s.Done != "leave":
		return nil, manner{}, words.Fail(nil, "sftp-done", "written", s.Done)
	}
	s.Pattern, s.Folder, s.host = cmp.Or(s.Pattern, "*"), cmp.Or(s.Folder, "."), net.JoinHostPort(host, port)
	if _, err := path.Match(s.Pattern, "x"); err != nil {
		return nil, manner{}, words.Fail(err, "sftp-pattern", "pattern", s.Pattern)
	}
	def(&o.Timeout, 30*time.Second)
	def(&o.Settle, c.Still)
	def(&o.Settle, 30*time.Second)
	def(&o.Wait, 2*time.Second)
	return s, manner{where: s.where(), address: address(s.where()), failed: "sftp-failed", remember: true, moves: s.Done == "move", lingers: true}, nil
}

// check reads key, password and known hosts.
func (s *server) check() error {
	_, err := s.client()
	return err
}

// where names the server and folder for people; it holds no secret.
func (s *server) where() string {
	return "sftp://" + s.User + "@" + s.host + "/" + strings.TrimPrefix(s.Folder, "/")
}

// client makes the SSH configuration anew for each connection, so that a key
// that was replaced needs no restart.
func (s *server) client() (*ssh.ClientConfig, error) {
	check, err := knownhosts.New(s.KnownHosts)
	if err != nil {
		return nil, words.Fail(err, "sftp-known-hosts-file", "file", s.KnownHosts)
	}
	c := &ssh.ClientConfig{User: s.User, Timeout: s.o.Timeout, HostKeyCallback: s.verified(check), HostKeyAlgorithms: algorithms(check, s.host)}
	if s.PasswordFile != "" {
		password, err := Secret("", s.PasswordFile)
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
	text, err := os.ReadFile(s.KeyFile)
	if err != nil {
		return nil, words.Fail(err, "secret-file", "file", s.KeyFile)
	}
	key, err := ssh.ParsePrivateKey(text)
	var locked *ssh.PassphraseMissingError
	switch {
	case errors.As(err, &locked):
		return nil, words.Fail(nil, "sftp-key-locked", "file", s.KeyFile)
	case err != nil:
		return nil, words.Fail(nil, "sftp-key-unreadable", "file", s.KeyFile)
	}
	c.Auth = []ssh.AuthMethod{ssh.PublicKeys(key)}
	return c, nil
}

// verified is check with a sentence for what it refuses.
func (s *server) verified(check ssh.HostKeyCallback) ssh.HostKeyCallback {
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
			return permanent{words.Fail(nil, "sftp-host-changed", "host", s.host, "key", shown, "file", s.KnownHosts)}
		}
		return permanent{words.Fail(nil, "sftp-host-unknown", "host", s.host, "key", key.Type()+" "+shown, "file", s.KnownHosts)}
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
func (s *server) connect(ctx context.Context) (*session, error) {
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
			return nil, permanent{words.Fail(nil, "sftp-denied", "user", s.User, "host", s.host)}
		}
		return nil, fmt.Errorf("greeting the server: %w", err)
	}
	n.ssh = ssh.NewClient(transport, channels, requests)
	if n.Client, err = sftp.NewClient(n.ssh); err != nil {
		n.close()
		return nil, fmt.Errorf("asking for SFTP: %w", err)
	}
	n.timer.Stop()
	return n, nil
}

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

// during asks something of the server within its time; while nothing is asked the
// clock stands.
func (n *session) during(what func() error) error {
	n.timer.Reset(n.timeout)
	defer n.timer.Stop()
	return what()
}

// session is the one of this visit, opened when it is first asked for.
func (s *server) session(ctx context.Context) (n *session, err error) {
	if s.n == nil {
		s.n, err = s.connect(ctx)
	}
	return s.n, err
}

// list looks into the folder.
func (s *server) list(ctx context.Context) (out []entry, err error) {
	if _, err = s.session(ctx); err != nil {
		return nil, err
	}
	var entries []os.FileInfo
	err = s.n.during(func() error {
		entries, err = s.n.ReadDirContext(ctx, s.Folder)
		return err
	})
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, permanent{words.Fail(nil, "sftp-no-folder", "where", s.where())}
	case errors.Is(err, fs.ErrPermission):
		return nil, permanent{words.Fail(nil, "sftp-folder-denied", "where", s.where())}
	case err != nil:
		return nil, fmt.Errorf("looking into %s: %w", s.where(), err)
	}
	for _, info := range entries {
		if s.wanted(info) {
			out = append(out, entryOf(info))
		}
	}
	return out, nil
}

func (s *server) close() {
	if s.n != nil {
		s.n.close()
		s.n = nil
	}
}

// wanted reports whether an entry is a file of the pattern with a finished name.
// Links and folders are not followed; a name that is more than a name is left
// alone, and said.
func (s *server) wanted(info fs.FileInfo) bool {
	name := info.Name()
	if !info.Mode().IsRegular() {
		return false
	}
	if name == "" || name == "." || name == ".." || strings.ContainsAny(name, `/\`) || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		s.o.Log.Warn("a file with an odd name was left alone", "why", words.Say("sftp-odd-name", "name", fmt.Sprintf("%q", s.o.told(name)), "where", s.where()))
		return false
	}
	match, err := path.Match(s.Pattern, name)
	return err == nil && match && !temporary(name)
}

// whole: nothing but its stillness tells of a file on a server.
func (s *server) whole(entry, time.Duration) bool { return true }

// open downloads a file into one of our own. More than the limit is not
// fetched: what takes the file in refuses it for its length.
func (s *server) open(ctx context.Context, e entry, _ state) (*File, error) {
	n, name := s.n, path.Join(s.Folder, e.name)
	n.timer.Reset(n.timeout)
	defer n.timer.Stop()
	remote, err := n.Open(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, errNothing // taken away, or written anew
	case errors.Is(err, fs.ErrPermission):
		return nil, permanent{words.Fail(nil, "sftp-file-denied", "file", e.name, "where", s.where())}
	case err != nil:
		return nil, fmt.Errorf("opening %s: %w", name, err)
	}
	defer remote.Close()
	f, err := s.o.download(ctx, "sftp", &lively{remote, n})
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	f.Name, f.URL = e.name, s.where()+"/"+e.name
	after, err := remote.Stat()
	if f.size < e.size && f.size <= s.o.Limit || f.size > e.size || err == nil && !e.is(entryOf(after)) {
		err = errNothing
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("reading %s: %w", name, err), f.Close())
	}
	return f, nil
}

// lively tells the session that the server still sends.
type lively struct {
	io.Reader
	n *session
}

func (l *lively) Read(b []byte) (int, error) {
	k, err := l.Reader.Read(b)
	if k > 0 {
		l.n.timer.Reset(l.n.timeout)
	}
	return k, err
}

// done puts a file that has its receipt into done, refused or asked, if files
// are to be moved, the receipt beside it as NAME.receipt.json. Nothing is
// overwritten: a second file of a name becomes NAME~2. A file that was written
// anew meanwhile stays.
func (s *server) done(e entry, r schema.Receipt) (at string, err error) {
	if r.Status == schema.Failed {
		return "", permanent{words.Fail(nil, "sftp-receipt-failed", "file", e.name, "receipt", r.ID)}
	}
	if s.Done != "move" {
		return "", nil
	}
	text, err := receiptText(e, r)
	if err != nil {
		return "", permanent{err}
	}
	n, from, folder := s.n, path.Join(s.Folder, e.name), path.Join(s.Folder, folderOf(r.Status))
	err = n.during(func() error {
		now, err := n.Lstat(from)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return errNothing
		case err != nil:
			return err
		case !e.is(entryOf(now)):
			return errGrew
		}
		if err := n.Mkdir(folder); err != nil {
			if there, statErr := n.Lstat(folder); statErr != nil || !there.IsDir() {
				return err
			}
		}
		at, err = n.place(from, folder, e.name, text)
		return err
	})
	switch {
	case err == nil, errors.Is(err, errNothing), errors.Is(err, errGrew):
		return at, err
	case errors.Is(err, fs.ErrPermission):
		return "", permanent{words.Fail(nil, "sftp-move-denied", "file", e.name, "folder", folder, "user", s.User)}
	}
	return "", fmt.Errorf("moving %s to %s: %w", from, folder, err)
}

func (s *server) changed(ctx context.Context, f filed, _ bool) (changed bool, err error) {
	n, err := s.session(ctx)
	if err != nil {
		return false, err
	}
	err = n.during(func() error {
		info, err := n.Lstat(f.Path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil // somebody put it elsewhere
		}
		changed = err == nil && (info.Size() != f.Size || !info.ModTime().Equal(f.Modified))
		return err
	})
	return changed, err
}

func (s *server) back(ctx context.Context, f filed) error {
	n, err := s.session(ctx)
	if err != nil {
		return err
	}
	return n.during(func() error {
		for k := 1; k < mostAlike; k++ {
			to := path.Join(s.Folder, nth(f.Name, k))
			if _, err := n.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
				if err != nil {
					return err
				}
				continue
			}
			return n.Rename(f.Path, to) // which overwrites nothing
		}
		return fmt.Errorf("finding a name for %s in %s: %w", f.Name, s.Folder, fs.ErrExist)
	})
}

// place renames a file into the folder under a name that is free there. The
// receipt is written first and holds the name. It gives where the file lies then.
func (n *session) place(from, folder, name string, receipt []byte) (string, error) {
	for k := 1; k < mostAlike; k++ {
		to := path.Join(folder, nth(name, k))
		if _, err := n.Lstat(to); err == nil {
			continue
		}
		if _, err := n.Lstat(to + ".receipt.json"); err == nil {
			continue
		}
		out, err := n.OpenFile(to+".receipt.json", os.O_WRONLY|os.O_CREATE|os.O_EXCL)
		if err != nil {
			return "", err
		}
		_, err = out.ReadFrom(bytes.NewReader(receipt))
		if err = errors.Join(err, out.Close()); err == nil {
			err = n.Rename(from, to)
		}
		if err != nil {
			return "", errors.Join(err, n.Remove(to+".receipt.json"))
		}
		return to, nil
	}
	return "", fmt.Errorf("finding a name for %s in %s: %w", name, folder, fs.ErrExist)
}
