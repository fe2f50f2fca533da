package source

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"

	"yardstick/schema"
	"yardstick/schema/words"
)

// sftpOptions are what a test's collector is made with.
type sftpOptions struct {
	schema.SFTP
	Options
}

// daemon is Debian's own sshd with internal-sftp on a loopback port, with keys
// and a configuration of its own.
type daemon struct {
	address, folder, keys string // keys: its folder of keys
	options               sftpOptions
	stop                  func()
}

// sshKey writes a private key in OpenSSH's form and gives its public half.
func sshKey(t *testing.T, path string) ssh.PublicKey {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(private, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	return signer.PublicKey()
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// newServer starts sshd; more are lines for its configuration.
func newServer(t *testing.T, more ...string) *daemon {
	t.Helper()
	sshd, err := exec.LookPath("sshd")
	if err != nil {
		if sshd = "/usr/sbin/sshd"; exists(sshd) != nil {
			t.Fatal("没有 sshd，请先运行 make tools / sshd is missing: run `make tools` first")
		}
	}
	if os.Getuid() == 0 { // sshd parts its rights in this folder
		if err := os.MkdirAll("/run/sshd", 0o755); err != nil {
			t.Fatal(err)
		}
	}
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	s := &daemon{address: freeAddress(t), folder: t.TempDir(), keys: t.TempDir()}
	host, mine := sshKey(t, s.keys+"/host"), sshKey(t, s.keys+"/mine")
	sshKey(t, s.keys+"/stranger")
	_, port, _ := net.SplitHostPort(s.address)
	config := append([]string{"ListenAddress 127.0.0.1", "Port " + port, "HostKey " + s.keys + "/host", "PidFile none", "AuthorizedKeysFile " + s.keys + "/authorized",
		"StrictModes no", "UsePAM no", "PasswordAuthentication no", "KbdInteractiveAuthentication no", "PermitRootLogin yes", "LogLevel ERROR"}, more...)
	config = append(config, "Subsystem sftp internal-sftp")
	for name, text := range map[string]string{
		"config": strings.Join(config, "\n") + "\n", "authorized": string(ssh.MarshalAuthorizedKey(mine)),
		"known": knownhosts.Line([]string{knownhosts.Normalize(s.address)}, host) + "\n",
	} {
		if err := os.WriteFile(filepath.Join(s.keys, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(sshd, "-D", "-e", "-f", s.keys+"/config")
	var said strings.Builder
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s.stop = func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }
	t.Cleanup(func() {
		s.stop()
		if t.Failed() {
			t.Logf("sshd said: %s", said.String())
		}
	})
	for range 15_000 { // five minutes
		if conn, err := net.Dial("tcp", s.address); err == nil {
			_ = conn.Close()
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	s.options = sftpOptions{schema.SFTP{Address: s.address, User: me.Username, KeyFile: s.keys + "/mine", KnownHosts: s.keys + "/known", Folder: s.folder},
		Options{Feed: "feed", Data: t.TempDir(), Temp: t.TempDir(), Settle: 30 * time.Millisecond, Wait: time.Millisecond, Attempts: 1}}
	return s
}

func exists(path string) error { _, err := os.Stat(path); return err }

func (s *daemon) put(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(s.folder, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func newSFTP(t *testing.T, o sftpOptions) *Collector {
	t.Helper()
	s, err := open(Config{SFTP: &o.SFTP}, o.Options)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// taker takes files in: what it was given, and what it answers.
type taker struct {
	got    []string // name=content
	status schema.ReceiptStatus
	err    error
}

func (k *taker) take(_ context.Context, f *File) (schema.Receipt, error) {
	text, err := io.ReadAll(f)
	k.got = append(k.got, f.Name+"="+string(text))
	if k.status == "" {
		k.status = schema.Accepted
	}
	return schema.Receipt{ID: fmt.Sprintf("R%d", len(k.got)), Status: k.status, File: f.Name}, errors.Join(err, k.err)
}

func (k *taker) collect(t *testing.T, s *Collector) (got []string, err error) {
	t.Helper()
	k.got = nil
	err = s.Collect(t.Context(), k.take)
	slices.Sort(k.got)
	return k.got, err
}

func same(t *testing.T, what string, got []string, err error, want ...string) {
	t.Helper()
	if err != nil || !slices.Equal(got, want) && len(got)+len(want) > 0 {
		t.Errorf("%s: took %q (%v), want %q", what, got, err, want)
	}
}

func TestFilesOnASFTPServerAreTakenOnceAndStay(t *testing.T) {
	srv := newServer(t)
	s, k := newSFTP(t, srv.options), &taker{}
	srv.put(t, "a.csv", "figures 1")
	srv.put(t, "月报.csv", "figures 2")
	got, err := k.collect(t, s)
	same(t, "at first", got, err, "a.csv=figures 1", "月报.csv=figures 2")
	got, err = k.collect(t, s)
	same(t, "again", got, err)
	got, err = k.collect(t, newSFTP(t, srv.options))
	same(t, "after a new start", got, err)
	then := time.Now().Add(-time.Hour).Truncate(time.Second)
	if err := os.Chtimes(filepath.Join(srv.folder, "a.csv"), then, then); err != nil {
		t.Fatal(err)
	}
	got, err = k.collect(t, s)
	same(t, "with another time but the same bytes", got, err)
	srv.put(t, "a.csv", "figures 1, corrected")
	got, err = k.collect(t, s)
	same(t, "written anew", got, err, "a.csv=figures 1, corrected")
	if err := os.WriteFile(srv.options.state("sftp"), []byte("{damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err = k.collect(t, s)
	same(t, "with a damaged state", got, err, "a.csv=figures 1, corrected", "月报.csv=figures 2")
	if left := files(t, srv.options.Temp); len(left) != 0 {
		t.Errorf("downloads left behind: %v", left)
	}
	text, err := os.ReadFile(srv.options.state("sftp"))
	if err != nil || !strings.Contains(string(text), "a.csv") || strings.Contains(string(text), "PRIVATE") {
		t.Errorf("the state is %s (%v)", text, err)
	}
}

func TestDealtWithFilesMoveWithTheirReceiptAndNothingIsOverwritten(t *testing.T) {
	srv := newServer(t)
	srv.options.Done = "move"
	s, k := newSFTP(t, srv.options), &taker{}
	for _, c := range []struct {
		status schema.ReceiptStatus
		want   string
	}{{schema.Accepted, "done/a.csv"}, {schema.Accepted, "done/a~2.csv"}, {schema.Refused, "refused/a.csv"}, {schema.Asked, "asked/a.csv"}, {schema.Unchanged, "done/a~3.csv"}} {
		srv.put(t, "a.csv", "figures for "+c.want)
		k.status = c.status
		got, err := k.collect(t, s)
		same(t, c.want, got, err, "a.csv=figures for "+c.want)
		text, err := os.ReadFile(filepath.Join(srv.folder, c.want))
		receipt, err2 := os.ReadFile(filepath.Join(srv.folder, c.want+".receipt.json"))
		if err = errors.Join(err, err2); err != nil || string(text) != "figures for "+c.want || !strings.Contains(string(receipt), string(c.status)) {
			t.Errorf("%s: %q %q (%v)", c.want, text, receipt, err)
		}
	}
	if len(files(t, srv.folder)) != 10 {
		t.Errorf("in the folder: %v", files(t, srv.folder))
	}
}

func TestAMoveThatFailedIsMadeUpWithoutTakingTheFileTwice(t *testing.T) {
	srv := newServer(t)
	srv.options.Done = "move"
	k := &taker{}
	srv.put(t, "done", "a file where the folder should be")
	srv.put(t, "a.csv", "figures")
	srv.options.Pattern = "*.csv"
	s := newSFTP(t, srv.options)
	got, err := k.collect(t, s)
	if err == nil || len(got) != 1 {
		t.Fatalf("took %q, %v", got, err)
	}
	if err := os.Remove(filepath.Join(srv.folder, "done")); err != nil {
		t.Fatal(err)
	}
	got, err = k.collect(t, newSFTP(t, srv.options))
	same(t, "the second time", got, err)
	if exists(filepath.Join(srv.folder, "done", "a.csv")) != nil || exists(filepath.Join(srv.folder, "done", "a.csv.receipt.json")) != nil {
		t.Errorf("in the folder: %v", files(t, srv.folder))
	}
}

func TestWhatIsStillBeingWrittenOrIsNoFileIsLeftAlone(t *testing.T) {
	srv := newServer(t)
	lines := 0                           // of a file that grows between any two looks at the folder; 0: none does
	srv.options.Now = func() time.Time { // asked for after the folder was listed
		if lines > 0 {
			lines++
			srv.put(t, "growing.csv", strings.Repeat("line\n", lines))
		}
		return time.Now()
	}
	s, k := newSFTP(t, srv.options), &taker{}
	for _, name := range []string{"a.csv.part", "b.csv.filepart", ".hidden.csv", "~$c.xlsx", "d.tmp", "a.csv.receipt.json"} {
		srv.put(t, name, "unfinished")
	}
	outside := filepath.Join(t.TempDir(), "secret.csv")
	if err := errors.Join(os.WriteFile(outside, []byte("secret"), 0o600), os.Symlink(outside, filepath.Join(srv.folder, "link.csv")),
		os.Symlink("/etc", filepath.Join(srv.folder, "etc")), os.Mkdir(filepath.Join(srv.folder, "folder.csv"), 0o700)); err != nil {
		t.Fatal(err)
	}
	if got, err := k.collect(t, s); err != nil || len(got) != 0 {
		t.Errorf("took %q, %v", got, err)
	}
	lines = 1
	srv.put(t, "growing.csv", "line\n")
	srv.put(t, "whole.csv", "figures")
	got, err := k.collect(t, s)
	lines = 0
	same(t, "while one grows", got, err, "whole.csv=figures")
	if got, err = k.collect(t, s); err != nil || len(got) != 1 || !strings.HasPrefix(got[0], "growing.csv=line") {
		t.Errorf("when it is whole: %q, %v", got, err)
	}
}

func TestOnlyNamesOfThePatternAreTaken(t *testing.T) {
	srv := newServer(t)
	srv.options.Pattern = "gdp-*.csv"
	srv.put(t, "gdp-2025.csv", "1")
	srv.put(t, "notes.csv", "2")
	k := &taker{}
	got, err := k.collect(t, newSFTP(t, srv.options))
	same(t, "of the pattern", got, err, "gdp-2025.csv=1")
}

func TestAFileThatCannotBeTakenInIsTriedAgainLaterAndHoldsUpNoOther(t *testing.T) {
	srv := newServer(t)
	now := time.Now()
	srv.options.Settle = time.Nanosecond
	srv.options.Now = func() time.Time { now = now.Add(time.Second); return now }
	s := newSFTP(t, srv.options)
	srv.put(t, "a.csv", "bad day")
	srv.put(t, "b.csv", "figures")
	k, n := &taker{}, 0
	take := func(ctx context.Context, f *File) (schema.Receipt, error) {
		if n++; f.Name == "a.csv" && n < 3 {
			return schema.Receipt{}, errors.New("the store is away")
		}
		return k.take(ctx, f)
	}
	if err := s.Collect(t.Context(), take); err == nil || len(k.got) != 1 || k.got[0] != "b.csv=figures" {
		t.Errorf("took %q, %v", k.got, err)
	}
	if err := s.Collect(t.Context(), take); err != nil || len(k.got) != 1 {
		t.Errorf("at once again: %q, %v", k.got, err)
	}
	now = now.Add(time.Hour)
	if err := s.Collect(t.Context(), take); err != nil || len(k.got) != 2 {
		t.Errorf("later: %q, %v", k.got, err)
	}
}

func TestTheServersKeyIsAlwaysVerified(t *testing.T) {
	srv := newServer(t)
	srv.put(t, "a.csv", "figures")
	other := sshKey(t, srv.keys+"/other")
	for name, c := range map[string]struct{ line, id string }{
		"nothing known": {"", "sftp-host-unknown"},
		"another host":  {knownhosts.Line([]string{"example.org"}, other), "sftp-host-unknown"},
		"another key":   {knownhosts.Line([]string{knownhosts.Normalize(srv.address)}, other), "sftp-host-changed"},
	} {
		o := srv.options
		o.KnownHosts = filepath.Join(t.TempDir(), "known")
		if err := os.WriteFile(o.KnownHosts, []byte(c.line+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		o.Attempts = 4
		k := &taker{}
		got, err := k.collect(t, newSFTP(t, o))
		if len(got) != 0 || said(err) != c.id || !strings.Contains(err.Error(), "SHA256:") {
			t.Errorf("%s: took %q, %v", name, got, err)
		}
	}
}

// said is the sentence that an error holds.
func said(err error) string {
	var e *words.Error
	if errors.As(err, &e) {
		return e.ID
	}
	return fmt.Sprint(err)
}

func TestAServerWithSeveralKeysIsKnownByTheOneThatIsWritten(t *testing.T) {
	dir := t.TempDir()
	if out, err := exec.Command("ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", dir+"/rsa").CombinedOutput(); err != nil {
		t.Fatalf("ssh-keygen: %v %s", err, out)
	}
	srv := newServer(t, "HostKey "+dir+"/rsa")
	text, err := os.ReadFile(dir + "/rsa.pub")
	if err != nil {
		t.Fatal(err)
	}
	key, _, _, _, err := ssh.ParseAuthorizedKey(text)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(srv.options.KnownHosts, []byte(knownhosts.Line([]string{knownhosts.Normalize(srv.address)}, key)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	srv.put(t, "a.csv", "figures")
	k := &taker{}
	got, err := k.collect(t, newSFTP(t, srv.options))
	same(t, "by the RSA key", got, err, "a.csv=figures")
}

func TestEveryFaultOfTheWayHasItsSentence(t *testing.T) {
	srv := newServer(t)
	srv.put(t, "a.csv", "figures")
	locked := filepath.Join(t.TempDir(), "locked")
	_, private, _ := ed25519.GenerateKey(rand.Reader)
	block, err := ssh.MarshalPrivateKeyWithPassphrase(private, "", []byte("secret"))
	if err == nil {
		err = os.WriteFile(locked, pem.EncodeToMemory(block), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	for id, change := range map[string]func(*sftpOptions){
		"sftp-denied":           func(o *sftpOptions) { o.KeyFile = srv.keys + "/stranger" },
		"sftp-no-folder":        func(o *sftpOptions) { o.Folder = srv.folder + "/nosuch" },
		"sftp-key-locked":       func(o *sftpOptions) { o.KeyFile = locked },
		"sftp-key-unreadable":   func(o *sftpOptions) { o.KeyFile = srv.keys + "/known" },
		"secret-file":           func(o *sftpOptions) { o.KeyFile = srv.keys + "/nosuch" },
		"sftp-known-hosts-file": func(o *sftpOptions) { o.KnownHosts = srv.keys + "/nosuch" },
		"sftp-failed":           func(o *sftpOptions) { o.Address, o.Attempts = freeAddress(t), 3 },
	} {
		o := srv.options
		o.Attempts = 4
		change(&o)
		k := &taker{}
		if got, err := k.collect(t, newSFTP(t, o)); said(err) != id || len(got) != 0 || strings.Contains(fmt.Sprint(err), "PRIVATE") {
			t.Errorf("%s: took %q, %v", id, got, err)
		}
	}
	for id, change := range map[string]func(*sftpOptions){
		"sftp-address": func(o *sftpOptions) { o.Address = "sftp://example.org" }, "sftp-user": func(o *sftpOptions) { o.User = "" },
		"sftp-one-secret": func(o *sftpOptions) { o.PasswordFile = "x" }, "sftp-known-hosts": func(o *sftpOptions) { o.KnownHosts = "" },
		"sftp-pattern": func(o *sftpOptions) { o.Pattern = "[" },
	} {
		o := srv.options
		change(&o)
		if _, err := open(Config{SFTP: &o.SFTP}, o.Options); said(err) != id {
			t.Errorf("%s: %v", id, err)
		}
	}
}

func TestMoreThanTheLimitIsNotFetched(t *testing.T) {
	srv := newServer(t)
	srv.options.Limit = 1000
	srv.put(t, "large.csv", strings.Repeat("x", 100_000))
	k := &taker{}
	got, err := k.collect(t, newSFTP(t, srv.options))
	if err != nil || len(got) != 1 || len(got[0]) != len("large.csv=")+1001 {
		t.Errorf("took %d bytes, %v", len(strings.Join(got, "")), err)
	}
}

func TestAServerThatGoesAwayIsTriedAgainAndAnEndIsHeeded(t *testing.T) {
	srv := newServer(t)
	srv.stop()
	srv.options.Attempts, srv.options.Wait = 1000, time.Hour
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	err := newSFTP(t, srv.options).Collect(ctx, (&taker{}).take)
	if !errors.Is(err, context.DeadlineExceeded) { // the next attempt is an hour away
		t.Error(err)
	}
}

func TestAServerThatStallsIsLeft(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var calls atomic.Int32
	go func() { // takes the call and never says a word
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			calls.Add(1)
			defer conn.Close()
		}
	}()
	srv := newServer(t)
	srv.options.Address, srv.options.Timeout, srv.options.Attempts = l.Addr().String(), 50*time.Millisecond, 2
	if err := newSFTP(t, srv.options).Collect(t.Context(), (&taker{}).take); said(err) != "sftp-failed" || calls.Load() > 2 {
		t.Errorf("%v after %d calls", err, calls.Load())
	}
}
