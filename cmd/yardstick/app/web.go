package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/prometheus/exporter-toolkit/web"
	"go.yaml.in/yaml/v3"

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
	if err := web.Validate(path); err != nil {
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
	done := make(chan struct{})
	go func() {
		defer close(done)
		addr := []string{l.Addr().String()}
		systemd := false
		quiet := slog.New(slog.DiscardHandler) // its lines say only what ours says
		err := web.Serve(l, server, &web.FlagConfig{WebListenAddresses: &addr, WebSystemdSocket: &systemd, WebConfigFile: &config}, quiet)
		if err != nil && !errors.Is(err, http.ErrServerClosed) {
			failed <- fmt.Errorf("serving %s: %w", addr[0], err)
		}
	}()
	return func() error { return stopServer(server, done) }
}

// serveSocket is serveWeb without TLS for the folder's socket.
func serveSocket(l net.Listener, handler http.Handler, failed chan<- error) func() error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := server.Serve(l); err != nil && !errors.Is(err, http.ErrServerClosed) {
			failed <- fmt.Errorf("serving the folder's socket: %w", err)
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
