package engine

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// HandlerOptions are the listener's limits and its user. A zero limit means the
// value given beside it.
type HandlerOptions struct {
	User, Password string        // basic auth; an empty User admits everybody who calls loopback by name
	MaxTime        time.Duration // one statement's time; 30 s
	MaxMemory      uint64        // one statement's memory in bytes; 2 GiB
	MaxResultRows  uint64        // rows of one answer; 5 million
	MaxResultBytes uint64        // bytes of one answer, uncompressed; 1 GiB
	MaxBody        int64         // bytes of one request's body; 1 MiB
	Connections    int           // statements at a time; 2
	Wait           time.Duration // how long a statement waits for its turn; 10 s
	anyHost        bool          // behind a unix socket there is no name to check
}

// withDefaults fills in the zero values.
func (o HandlerOptions) withDefaults() HandlerOptions {
	o.MaxTime = cmp.Or(o.MaxTime, 30*time.Second)
	o.MaxMemory = cmp.Or(o.MaxMemory, 2<<30)
	o.MaxResultRows = cmp.Or(o.MaxResultRows, 5_000_000)
	o.MaxResultBytes = cmp.Or(o.MaxResultBytes, 1<<30)
	o.MaxBody = cmp.Or(o.MaxBody, 1<<20)
	o.Connections = cmp.Or(o.Connections, 2)
	o.Wait = cmp.Or(o.Wait, 10*time.Second)
	return o
}

// listener answers strangers' read-only SQL in ClickHouse's HTTP form.
type listener struct {
	HandlerOptions
	pool *pool
	gate *gate
}

// Handler answers others (Grafana, curl, clickhouse-go over http://) in
// ClickHouse's HTTP form, reading only: SELECT, SHOW, DESCRIBE, EXPLAIN, EXISTS,
// no table functions but those that make rows of nothing, no files, and no
// settings but max_execution_time, which can only be lowered. It has connections
// of its own with the limits set and then readonly=1. GET and POST, /ping.
// Whoever listens beyond loopback must give a User: see CheckListen.
func (e *Engine) Handler(o HandlerOptions) (http.Handler, error) {
	o = o.withDefaults()
	limits := baseline(o.MaxMemory)
	limits["max_execution_time"] = strconv.FormatFloat(max(o.MaxTime.Seconds(), 1), 'f', 0, 64)
	limits["max_result_rows"] = strconv.FormatUint(o.MaxResultRows, 10)
	limits["max_result_bytes"] = strconv.FormatUint(o.MaxResultBytes, 10)
	limits["max_ast_depth"] = "500"
	limits["readonly"] = "1"
	p, err := e.newPool("listener", o.Connections, limits, roleReader)
	if err != nil {
		return nil, fmt.Errorf("opening the listener's connections: %w", err)
	}
	g, err := newGate(context.Background(), p)
	if err != nil {
		return nil, fmt.Errorf("asking for the table functions: %w", err)
	}
	return &listener{o, p, g}, nil
}

// SocketHandler answers the same read-only SQL to our own commands, which reach
// it through a unix socket. The socket's rights (0600)
// stand in for a password; time and size are bounded more widely.
func (e *Engine) SocketHandler() (http.Handler, error) {
	return e.Handler(HandlerOptions{
		MaxTime: 10 * time.Minute, MaxMemory: e.maxMemory, MaxResultRows: 1 << 40, MaxResultBytes: 1 << 50,
		MaxBody: maxSQL, Connections: 2, Wait: time.Minute, anyHost: true,
	})
}

// CheckListen refuses an address that others than this machine can reach when
// there is no authentication. It does not resolve names: only "localhost" and
// loopback numbers count as this machine.
func CheckListen(addr string, hasAuth bool) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("%s: %q: %w", say("监听地址无效", "the address to listen on is not valid"), addr, err)
	}
	if hasAuth || loopback(host) {
		return nil
	}
	return fmt.Errorf("%s: %s", addr, say("未设用户名和密码时只能监听本机地址（127.0.0.1）",
		"without a user and a password only loopback (127.0.0.1) may be listened on"))
}

// loopback says whether a host part names this machine only.
func loopback(host string) bool {
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// ServeHTTP implements http.Handler.
func (l *listener) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/ping" {
		_, _ = io.WriteString(w, "Ok.\n")
		return
	}
	if err := l.admit(r); err != nil {
		if err.Code == codeAuthentication {
			w.Header().Set("WWW-Authenticate", `Basic realm="yardstick", charset="UTF-8"`)
		}
		fail(w, err)
		return
	}
	if r.URL.Path != "/" && r.URL.Path != "" {
		http.NotFound(w, r)
		return
	}
	if r.Method == http.MethodGet && !r.URL.Query().Has("query") {
		_, _ = io.WriteString(w, "Ok.\n")
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, l.MaxBody)
	c, body, err := l.serve(r)
	if err != nil {
		fail(w, err)
		return
	}
	defer func() { _ = body.Close() }()
	maps.Copy(w.Header(), c.header(body))
	if _, err := io.Copy(flusher{w, http.NewResponseController(w)}, body); err != nil {
		// The head has gone out; breaking the connection off is the only way
		// left to tell the client that the answer is not whole.
		panic(http.ErrAbortHandler)
	}
}

// admit checks who calls. Without a password it checks that loopback was called
// by its name, so that a web page cannot reach it under a name of its own.
func (l *listener) admit(r *http.Request) *Error {
	if l.User == "" {
		host := r.Host
		if h, _, err := net.SplitHostPort(host); err == nil {
			host = h
		}
		if l.anyHost || loopback(host) {
			return nil
		}
		return refuse(codeAccessDenied, "%s (ACCESS_DENIED)", say("未设密码时只能以本机地址访问", "without a password the listener answers to loopback names only"))
	}
	user, password, ok := r.BasicAuth()
	if !ok {
		user, password = r.Header.Get("X-ClickHouse-User"), r.Header.Get("X-ClickHouse-Key")
	}
	if user == "" && password == "" {
		q := r.URL.Query()
		user, password = q.Get("user"), q.Get("password")
	}
	// Hashing first makes the comparison's time independent of the lengths.
	same := func(a, b string) int {
		x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
		return subtle.ConstantTimeCompare(x[:], y[:])
	}
	if same(user, l.User)&same(password, l.Password) != 1 {
		return refuse(codeAuthentication, "%s (AUTHENTICATION_FAILED)", say("用户名或密码不对", "Authentication failed: password is incorrect, or there is no user with such name"))
	}
	return nil
}

// serve checks and runs a request.
func (l *listener) serve(r *http.Request) (*call, *reply, error) {
	c, err := parseCall(r)
	if err != nil {
		return nil, nil, err
	}
	limit, err := l.settings(r.Context(), c)
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithTimeout(r.Context(), limit)
	context.AfterFunc(r.Context(), cancel) // the request's context ends with its handler
	if err := l.gate.check(ctx, l.pool, c); err != nil {
		return nil, nil, err
	}
	var encode func([]byte) ([]byte, error)
	if c.format == "Native" && c.revision > 0 {
		encode = reencode(c.revision)
	}
	a, err := l.start(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	body, err := newReply(c, a, encode)
	return c, body, err
}

// start waits for a connection, not too long, and runs the statement.
func (l *listener) start(ctx context.Context, c *call) (*answer, error) {
	wait, cancel := context.WithTimeout(ctx, l.Wait)
	con, err := l.pool.take(wait)
	cancel()
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return nil, refuse(codeTooManyQueries, "%s (TOO_MANY_SIMULTANEOUS_QUERIES)", say("同时查询过多，请稍后再试", "too many statements at a time, try again later"))
	}
	if err != nil {
		return nil, err
	}
	s := c.statement
	s.stream = c.streams()
	return con.start(ctx, s, func() { l.pool.free <- con })
}

// settings keeps the time limit asked for, never above our own, and refuses
// every other setting: 115 when there is no such setting, else 164.
func (l *listener) settings(ctx context.Context, c *call) (time.Duration, error) {
	limit := l.MaxTime
	for _, p := range c.settings {
		switch p.name {
		case "max_execution_time":
			s, err := strconv.ParseFloat(p.value, 64)
			if err != nil || !(s >= 0) {
				return 0, refuse(codeBadArguments, "max_execution_time: %q", p.value)
			}
			if s > 0 && s < limit.Seconds() {
				limit = max(time.Duration(s*float64(time.Second)), time.Millisecond)
			}
			continue
		case "readonly":
			if p.value == "1" || p.value == "2" {
				continue
			}
		}
		n, err := l.pool.text(ctx, statement{sql: "SELECT count() FROM system.settings WHERE name = {name:String}", format: "TSV", params: []param{{"name", p.name}}})
		if err != nil {
			return 0, err
		}
		if strings.TrimSpace(n) == "0" {
			return 0, refuse(codeUnknownSetting, "Unknown setting '%s'. (UNKNOWN_SETTING)", p.name)
		}
		return 0, refuse(codeReadonly, "Cannot modify '%s' setting in readonly mode. (READONLY)", p.name)
	}
	c.settings = nil
	return limit, nil
}

// fail answers with an error.
func fail(w http.ResponseWriter, err error) {
	status, h, text := failure(err)
	maps.Copy(w.Header(), h)
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}

// flusher sends each piece on as it comes.
type flusher struct {
	io.Writer
	c *http.ResponseController
}

func (f flusher) Write(p []byte) (int, error) {
	n, err := f.Writer.Write(p)
	if err == nil {
		err = f.c.Flush()
	}
	if errors.Is(err, http.ErrNotSupported) {
		err = nil
	}
	return n, err
}
