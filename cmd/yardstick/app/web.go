package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	toolkit "github.com/prometheus/exporter-toolkit/web"
	"go.yaml.in/yaml/v3"

	"yardstick/cmd/yardstick/config"
	"yardstick/collectors/upload"
	"yardstick/dashboards/web"
	"yardstick/schema/access"
	"yardstick/schema/engine"
	"yardstick/schema/words"
)

// listen opens addr. Beyond loopback it refuses unless somebody is asked for
// who they are.
func listen(ctx context.Context, addr string, authenticated bool) (net.Listener, error) {
	if err := engine.CheckListen(addr, authenticated); err != nil {
		return nil, &exitError{exitUsage, words.Fail(nil, "beyond-loopback", "addr", addr)}
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, words.Fail(err, "listen-failed", "addr", addr)
	}
	return l, nil
}

// asksWho reports whether a web configuration (TLS and basic auth as in every
// Prometheus exporter) admits only those it knows.
func asksWho(path string) (bool, error) {
	if path == "" {
		return false, nil
	}
	if err := toolkit.Validate(path); err != nil {
		return false, &exitError{exitUsage, words.Fail(err, "config-unreadable", "file", path)}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return false, words.Fail(err, "config-unreadable", "file", path)
	}
	var c struct {
		Users map[string]string `yaml:"basic_auth_users"`
		TLS   struct {
			ClientAuth string `yaml:"client_auth_type"`
		} `yaml:"tls_server_config"`
	}
	if err := yaml.Unmarshal(text, &c); err != nil {
		return false, words.Fail(err, "config-unreadable", "file", path)
	}
	return len(c.Users) > 0 || c.TLS.ClientAuth == "RequireAndVerifyClientCert", nil
}

// serveWeb serves handler on l in the background and returns how to stop it.
func serveWeb(l net.Listener, handler http.Handler, config string, log *slog.Logger, failed chan<- error) func() error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
	addr := []string{l.Addr().String()}
	return background(server, addr[0], failed, func() error {
		systemd := false
		quiet := slog.New(slog.DiscardHandler) // its lines say only what ours says
		return toolkit.Serve(l, server, &toolkit.FlagConfig{WebListenAddresses: &addr, WebSystemdSocket: &systemd, WebConfigFile: &config}, quiet)
	})
}

// serveSocket is serveWeb without TLS for the folder's socket.
func serveSocket(l net.Listener, handler http.Handler, failed chan<- error) func() error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	return background(server, "the folder's socket", failed, func() error { return server.Serve(l) })
}

// background serves until the server is stopped, which is returned, and tells
// failed why it ended before.
func background(server *http.Server, what string, failed chan<- error, serve func() error) (stop func() error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := serve(); err != nil && !errors.Is(err, http.ErrServerClosed) {
			failed <- fmt.Errorf("serving %s: %w", what, err)
		}
	}()
	return func() error { return stopServer(server, done) }
}

// stopServer lets answers under way end, for a second at most.
func stopServer(server *http.Server, done <-chan struct{}) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	err := server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = server.Close()
	}
	<-done
	if err != nil {
		return fmt.Errorf("stopping a server: %w", err)
	}
	return nil
}

// newUpload is the API and the pages that figures are handed in by.
func (s *server) newUpload(site *web.Site) (api http.Handler, pages *upload.Pages, err error) {
	tokens, shown, err := s.tokens()
	if err != nil {
		return nil, nil, err
	}
	offices := map[string]string{}
	for _, f := range s.cfg.Feeds {
		offices[f.Name] = f.Office
	}
	api, err = upload.New(upload.Config{Log: s.r.log, Tokens: tokens, Offices: offices, Zone: s.loc}, s.desk)
	if err != nil {
		return nil, nil, &exitError{exitUsage, err}
	}
	pages, err = upload.NewPages(site, upload.PageOptions{Register: s.register, Desk: s.desk, Tokens: tokens, Shown: shown,
		Address: s.cfg.ExternalURL, Temp: s.cfg.Path("state", "previews"), Now: s.r.now})
	if err != nil {
		return nil, nil, fmt.Errorf("making the upload pages: %w", err)
	}
	return api, pages, nil
}

// tokens are those of the configuration. A demonstration that nobody else can
// reach has two more, which its sign-in page shows.
func (s *server) tokens() (all []upload.Token, shown []string, err error) {
	for _, t := range s.cfg.Tokens {
		digest := t.SHA256
		if t.File != "" {
			secret, err := config.Secret(t.File)
			if err != nil {
				return nil, nil, err
			}
			digest = digestOf(secret)
		}
		all = append(all, upload.Token{Identity: t.Identity(), SHA256: digest})
	}
	if s.cmd.Demo && engine.CheckListen(s.cmd.Listen, false) == nil {
		shown = []string{"demo", "demo-reviewer"}
		all = append(all, upload.Token{Identity: access.Identity{Name: shown[0], Role: access.Reporter}, SHA256: digestOf(shown[0])},
			upload.Token{Identity: access.Local(shown[1]), SHA256: digestOf(shown[1])})
	}
	return all, shown, nil
}

func digestOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
