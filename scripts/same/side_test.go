//go:build same

package same

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// side is one of the two: its tree, its program and its demonstration.
type side struct {
	name, tree, files string // files: the tree whose sample files are handed in
	bin, dir, engine  string
	base, sql         string
	visitor           *http.Client // without a token
	log               bytes.Buffer
	cmd               *exec.Cmd
	said              sayings
	names             *names
}

func newSide(t *testing.T, name, tree string) *side {
	t.Helper()
	s := &side{name: name, tree: tree, dir: t.TempDir(), said: sayings{}, names: newNames()}
	s.visitor = &http.Client{Timeout: 30 * time.Minute, CheckRedirect: stay}
	s.engine = filepath.Join(rootOf(t), ".engine", "libchdb.so")
	if given := os.Getenv("YARDSTICK_ENGINE"); given != "" {
		s.engine = given
	}
	s.bin = filepath.Join(s.dir, "yardstick")
	build := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-o", s.bin, "./cmd/yardstick")
	build.Dir, build.Env = tree, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building %s: %v\n%s", tree, err, out)
	}
	return s
}

// stay shows a redirection instead of following it.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

func freePort(t *testing.T) string {
	t.Helper()
	var lc net.ListenConfig
	l, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// command is the program on the side's own data.
func (s *side) command(args ...string) *exec.Cmd {
	cmd := exec.Command(s.bin, append(args, "--data", filepath.Join(s.dir, "data"), "--quiet")...)
	cmd.Dir = s.files
	cmd.Env = append(os.Environ(), "YARDSTICK_ENGINE="+s.engine, "USER=officer", "COLUMNS=100")
	return cmd
}

func (s *side) start(t *testing.T) {
	t.Helper()
	page, sql := freePort(t), freePort(t)
	s.base, s.sql = "http://"+page, "http://"+sql
	s.names.hide(page, "‹page›")
	s.names.hide(sql, "‹sql›")
	s.names.hide(s.dir, "‹folder›")
	s.cmd = s.command("serve", "--demo", "--listen", page, "--clickhouse-listen", sql)
	s.cmd.Stderr = &s.log
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.cmd.Process.Kill() })
	for end := time.Now().Add(time.Hour); ; time.Sleep(100 * time.Millisecond) {
		if a, err := s.get(s.visitor, "/readyz"); err == nil && a.status == http.StatusOK {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("%s was not ready in an hour\n%s", s.name, s.log.Bytes())
		}
	}
	if err := s.nameReceipts(); err != nil {
		t.Fatal(err)
	}
}

func (s *side) end(t *testing.T) {
	t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
	if err := s.cmd.Wait(); err != nil {
		t.Errorf("%s did not end cleanly: %v\n%s", s.name, err, s.log.Bytes())
	}
}

// answer is what came back over HTTP.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (s *side) get(c *http.Client, path string) (answer, error) {
	return s.do(c, http.MethodGet, path, nil, nil)
}

func (s *side) do(c *http.Client, method, path string, header map[string]string, body io.Reader) (answer, error) {
	at := path
	if strings.HasPrefix(path, "/") {
		at = s.base + path
	}
	req, err := http.NewRequestWithContext(context.Background(), method, at, body)
	if err != nil {
		return answer{}, err
	}
	for k, v := range header {
		req.Header.Set(k, v)
	}
	resp, err := c.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Header, text}, err
}

// keep notes what was said at a place. A second saying at one place is an error
// of these tests.
func (s *side) keep(where, text string) error {
	where = s.names.where(where)
	if _, twice := s.said[where]; twice {
		return fmt.Errorf("asked twice: %s", where)
	}
	s.said[where] = s.names.text(text)
	return nil
}

// ask keeps what a path answers, as `GET path` or under the name given.
func (s *side) ask(c *http.Client, name, path string) (answer, error) {
	a, err := s.get(c, path)
	if err != nil {
		return a, fmt.Errorf("asking %s: %w", path, err)
	}
	if name == "" {
		name = "GET " + path
	}
	return a, s.keep(name, a.text())
}

// askAll keeps what each path answers.
func (s *side) askAll(c *http.Client, paths []string) error {
	var failed []error
	for _, p := range paths {
		_, err := s.ask(c, "", p)
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}

// visit is a browser's session of its own.
func visit() *http.Client {
	jar, _ := cookiejar.New(nil) // without options it cannot fail
	return &http.Client{Timeout: 30 * time.Minute, Jar: jar, CheckRedirect: stay}
}
