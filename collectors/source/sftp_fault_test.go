package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"

	"yardstick/schema"
)

// rogue is a server made to misbehave in ways that sshd cannot be brought to: it
// lists names that no folder can hold, and its files may break off.
type rogue struct {
	names []string
	body  string
	size  int64 // that it tells of every file
	broke int   // readings that break off before one succeeds
	read  []string
}

// The handlers of an SFTP server.
func (r *rogue) Filelist(q *sftp.Request) (sftp.ListerAt, error) {
	if q.Method != "List" {
		return listings{listing{filepath.Base(q.Filepath), r.size}}, nil
	}
	var out listings
	for _, n := range r.names {
		out = append(out, listing{n, r.size})
	}
	return out, nil
}

func (r *rogue) Fileread(q *sftp.Request) (io.ReaderAt, error) {
	r.read = append(r.read, q.Filepath)
	if r.broke > 0 {
		r.broke--
		return breaking{}, nil
	}
	return strings.NewReader(r.body), nil
}

func (r *rogue) Filewrite(*sftp.Request) (io.WriterAt, error) {
	return nil, sftp.ErrSSHFxPermissionDenied
}
func (r *rogue) Filecmd(*sftp.Request) error { return sftp.ErrSSHFxPermissionDenied }

type breaking struct{}

func (breaking) ReadAt([]byte, int64) (int, error) { return 0, errors.New("the disk is gone") }

type listing struct {
	name string
	size int64
}

func (e listing) Name() string       { return e.name }
func (e listing) Size() int64        { return e.size }
func (e listing) Mode() fs.FileMode  { return 0o644 }
func (e listing) ModTime() time.Time { return time.Unix(1_750_000_000, 0) }
func (e listing) IsDir() bool        { return false }
func (e listing) Sys() any           { return nil }

type listings []listing

func (e listings) ListAt(out []os.FileInfo, from int64) (int, error) {
	n := 0
	for ; n < len(out) && int(from)+n < len(e); n++ {
		out[n] = e[int(from)+n]
	}
	if int(from)+n == len(e) {
		return n, io.EOF
	}
	return n, nil
}

// serve runs the server until the test ends and gives options to reach it.
func (r *rogue) serve(t *testing.T, auth func(*ssh.ServerConfig)) sftpOptions {
	t.Helper()
	dir := t.TempDir()
	public := sshKey(t, dir+"/host")
	text, err := os.ReadFile(dir + "/host")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.ParsePrivateKey(text)
	if err != nil {
		t.Fatal(err)
	}
	config := &ssh.ServerConfig{}
	auth(config)
	config.AddHostKey(signer)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go r.talk(conn, config)
		}
	}()
	for name, text := range map[string]string{"known": knownhosts.Line([]string{knownhosts.Normalize(l.Addr().String())}, public), "password": "geheim\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return sftpOptions{schema.SFTP{Address: l.Addr().String(), User: "desk", PasswordFile: dir + "/password", KnownHosts: dir + "/known", Folder: "/in"},
		Options{Feed: "feed", Data: t.TempDir(), Temp: t.TempDir(), Settle: 10 * time.Millisecond, Wait: time.Millisecond, Attempts: 3, Timeout: time.Minute}}
}

func (r *rogue) talk(conn net.Conn, config *ssh.ServerConfig) {
	transport, channels, requests, err := ssh.NewServerConn(conn, config)
	if err != nil {
		return
	}
	defer transport.Close()
	go ssh.DiscardRequests(requests)
	for offered := range channels {
		channel, asked, err := offered.Accept()
		if err != nil {
			return
		}
		go func() {
			for q := range asked {
				_ = q.Reply(q.Type == "subsystem" && bytes.HasSuffix(q.Payload, []byte("sftp")), nil)
			}
		}()
		_ = sftp.NewRequestServer(channel, sftp.Handlers{FileGet: r, FilePut: r, FileCmd: r, FileList: r}).Serve()
	}
}

func password(c *ssh.ServerConfig) {
	c.PasswordCallback = func(m ssh.ConnMetadata, given []byte) (*ssh.Permissions, error) {
		if m.User() == "desk" && string(given) == "geheim" {
			return nil, nil
		}
		return nil, errors.New("wrong")
	}
}

func asked(c *ssh.ServerConfig) {
	c.KeyboardInteractiveCallback = func(_ ssh.ConnMetadata, ask ssh.KeyboardInteractiveChallenge) (*ssh.Permissions, error) {
		if answers, err := ask("", "", []string{"Password: "}, []bool{false}); err != nil || len(answers) != 1 || answers[0] != "geheim" {
			return nil, errors.New("wrong")
		}
		return nil, nil
	}
}

func TestAPasswordOpensTheServerWhicheverWayItAsksForIt(t *testing.T) {
	for name, auth := range map[string]func(*ssh.ServerConfig){"at once": password, "by a question": asked} {
		r := &rogue{names: []string{"a.csv"}, body: "figures", size: 7}
		o := r.serve(t, auth)
		k := &taker{}
		got, err := k.collect(t, newSFTP(t, o))
		same(t, name, got, err, "a.csv=figures")
		o.PasswordFile = o.KnownHosts
		if _, err := k.collect(t, newSFTP(t, o)); said(err) != "sftp-denied" || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s, with another password: %v", name, err)
		}
	}
}

func TestNamesThatAreMoreThanNamesLeadNowhere(t *testing.T) {
	r := &rogue{names: []string{"../../etc/passwd", "/etc/passwd", `..\..\a.csv`, "..", ".", "", "a\nb.csv", "a\x00.csv", "\xff.csv", "sub/a.csv", "good.csv"}, body: "figures", size: 7}
	k := &taker{}
	o := r.serve(t, password)
	got, err := k.collect(t, newSFTP(t, o))
	// The client cuts a path to its last part, which lies in the folder.
	same(t, "of odd names", got, err, "a.csv=figures", "good.csv=figures", "passwd=figures")
	for _, name := range r.read {
		if path.Dir(name) != "/in" {
			t.Errorf("asked the server for %q", name)
		}
	}
	if left := files(t, o.Temp); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestAReadingThatBreaksOffIsMadeAnewAndNothingHalfIsTaken(t *testing.T) {
	r := &rogue{names: []string{"a.csv"}, body: "figures", size: 7, broke: 2}
	k := &taker{}
	o := r.serve(t, password)
	got, err := k.collect(t, newSFTP(t, o))
	same(t, "after two breaks", got, err, "a.csv=figures")
	if len(r.read) != 3 {
		t.Errorf("read %d times", len(r.read))
	}
	for _, size := range []int64{6, 8, 1 << 40} { // the file is not as long as the server says
		r := &rogue{names: []string{"a.csv"}, body: "figures", size: size}
		o := r.serve(t, password)
		got, err := k.collect(t, newSFTP(t, o))
		same(t, fmt.Sprintf("of a file said to have %d bytes", size), got, err)
		if left := files(t, o.Temp); len(left) != 0 {
			t.Errorf("left behind: %v", left)
		}
	}
}

func TestAServerThatForbidsWritingSaysSoAndTheFileIsNotTakenTwice(t *testing.T) {
	r := &rogue{names: []string{"a.csv"}, body: "figures", size: 7}
	o := r.serve(t, password)
	o.Done = "move"
	k := &taker{}
	got, err := k.collect(t, newSFTP(t, o))
	if said(err) != "sftp-move-denied" || len(got) != 1 {
		t.Errorf("took %q, %v", got, err)
	}
	if got, err = k.collect(t, newSFTP(t, o)); said(err) != "sftp-move-denied" || len(got) != 0 {
		t.Errorf("the second time: %q, %v", got, err)
	}
}
