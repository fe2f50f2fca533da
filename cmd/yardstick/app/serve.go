package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"yardstick/alerts"
	"yardstick/alerts/bridge"
	"yardstick/cmd/yardstick/config"
	"yardstick/collectors/schedule"
	uploads "yardstick/collectors/upload"
	"yardstick/comparator/exporter"
	"yardstick/dashboards/api"
	"yardstick/dashboards/board"
	"yardstick/dashboards/brief"
	"yardstick/dashboards/districts"
	"yardstick/dashboards/download"
	"yardstick/dashboards/lineage"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/engine"
	"yardstick/schema/store"
)

type serveCmd struct {
	Demo             bool   `help:"Load the synthetic sample feeds and pin the clock at 2025-06-30. 演示：载入合成示例数据，时间停在 2025-06-30。"`
	Listen           string `help:"Address of board, API and metrics. 监听地址。" default:"127.0.0.1:8080" placeholder:"ADDR"`
	ClickhouseListen string `help:"Address of the read-only ClickHouse port (off). 只读数据库端口。" placeholder:"ADDR"`
	WebConfig        string `name:"web.config.file" help:"TLS and basic auth, as in every Prometheus exporter. TLS 与身份验证。" type:"path" placeholder:"FILE"`
}

// server is an installation that serves.
type server struct {
	*installation
	r       *run
	cmd     serveCmd
	metrics *exporter.Exporter
	bridge  *bridge.Bridge
	revised *exporter.Turns
	cron    *schedule.Scheduler
	failed  chan error
	dirty   chan string   // why to compare; holds one
	untold  chan struct{} // there is a history to tell; holds one
	stop    store.Stopper
	ready   atomic.Bool // the first comparison is done
}

// Run collects, compares and serves until it is told to end.
func (c serveCmd) Run(ctx context.Context, r *run) error {
	s := &server{r: r, cmd: c, failed: make(chan error, 8), dirty: make(chan string, 1), untold: make(chan struct{}, 1)}
	err := s.start(ctx)
	if err == nil {
		err = s.wait(ctx)
	}
	return errors.Join(err, s.stop.Run())
}

// start opens everything in turn; what was opened is on the stop list.
func (s *server) start(ctx context.Context) error {
	cfg, err := s.r.config()
	if err != nil {
		return err
	}
	known, err := asksWho(s.cmd.WebConfig)
	if err != nil {
		return err
	}
	if s.cmd.Demo {
		if err := errors.Join(demoFeeds(&cfg), demoOwners(&cfg)); err != nil {
			return err
		}
	}
	if s.installation, err = configure(cfg, s.r.now); err != nil {
		return err
	}
	web, err := listen(ctx, s.cmd.Listen, known)
	if err != nil {
		return err
	}
	s.stop.Add(func() error { _ = web.Close(); return nil }) // closed already when it was served
	if err := s.openStore(ctx, "serve", s.r.Engine); err != nil {
		return err
	}
	s.stop.Add(s.installation.close)
	s.tellRule(s.r.log)
	pages := func(context.Context) error {
		handler, err := s.handler()
		if err == nil {
			s.stop.Add(serveWeb(web, handler, s.cmd.WebConfig, s.r.log, s.failed))
		}
		return err
	}
	for _, step := range []func(context.Context) error{s.mark, s.equip, pages, s.openSocket, s.openClickHouse} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// equip makes what only a server has: metrics, alerts, schedule.
func (s *server) equip(ctx context.Context) error {
	told := func(r schema.Receipt, took time.Duration) { s.metrics.ObserveReceipt(r, took) }
	if err := s.assemble(s.r.log, told); err != nil {
		return err
	}
	if err := s.desk.SaveRegisters(ctx); err != nil {
		return err
	}
	s.metrics = s.newExporter()
	var err error
	s.bridge, err = bridge.New(bridge.Options{Config: s.cfg.Alerts, State: s.cfg.Path("state", "alerts.json"), Observer: s.metrics, Log: s.r.log,
		Now: s.r.now, Working: func(t time.Time) bool { return s.calendar.OfficeHours(t.In(s.loc)) }})
	if err != nil {
		return err
	}
	last, err := s.store.LastVerdicts(ctx)
	if err != nil {
		return err
	}
	if s.revised, err = exporter.OpenTurns(s.cfg.Path("state", "revised.json"), last, s.r.log); err != nil {
		return err
	}
	s.desk.OnChange = func(cause string) {
		select {
		case s.dirty <- cause:
		default: // a comparison waits already; it will see this too
		}
	}
	s.cron, err = s.desk.Schedule(s.cfg.CompareAt)
	return err
}

// readers makes the pages that are read, and the API.
func (s *server) readers(site *web.Site) (pages, programs http.Handler, err error) {
	reader := s.reading()
	origins, err := lineage.New(site, lineage.Options{Register: s.register, Reader: reader, Tracer: reader, Figures: true})
	if err != nil {
		return nil, nil, fmt.Errorf("making the pages of lineage: %w", err)
	}
	parts, err := districts.New(site, s.register, reader)
	if err != nil {
		return nil, nil, fmt.Errorf("making the page of the districts: %w", err)
	}
	programs, err = api.New(site, api.Options{
		Register: s.register, Reader: reader, Figures: download.Reader{Store: s.store.Store, Register: s.register}, Archive: s.store.Store, Statements: s.desk,
		Lineage: api.Value{Shape: lineage.Lineage{}, Answer: origins.Answer}, Operations: uploads.Operations(),
	})
	if err != nil {
		return nil, nil, fmt.Errorf("making the API: %w", err)
	}
	pages, err = board.New(site, board.Options{Register: s.register, Reader: reader, Statements: s.desk, History: s.docket, Meetings: s.cfg.Meetings}, origins.Handle, parts.Handle)
	if err != nil {
		return nil, nil, fmt.Errorf("making the board: %w", err)
	}
	return pages, programs, nil
}

// handler is everything served over HTTP.
func (s *server) handler() (http.Handler, error) {
	site, err := web.New(web.Options{
		Policies: s.register.Policies, Today: s.today, Stamp: s.docket.Stamp, Entries: board.Entries(), Pinned: s.pinned, Traced: true, Upload: "/upload", Brief: "/brief",
		Location: s.loc, Logger: s.r.log,
	})
	if err != nil {
		return nil, fmt.Errorf("making the pages: %w", err)
	}
	pages, programs, err := s.readers(site)
	if err != nil {
		return nil, err
	}
	upload, desk, err := s.newUpload(site)
	if err != nil {
		return nil, err
	}
	s.stop.Add(desk.Close)
	mux := http.NewServeMux()
	mux.Handle("/", pages)
	mux.Handle("/api", programs)
	mux.Handle("/api/", programs)
	mux.Handle("/brief", brief.Handler(s.briefOptions(s.cmd.Listen), s.today, s.pinned, s.r.log))
	mux.Handle("/api/v1/feeds", programs)
	mux.Handle("/api/v1/feeds/", upload)
	mux.Handle("POST "+uploads.StatementsPath, upload)
	mux.Handle("/upload", desk)
	mux.Handle("/upload/", desk)
	mux.Handle("POST /api/v1/alerts/{route}", s.bridge)
	mux.HandleFunc("GET /runbooks/{name}", alerts.Runbook)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, req *http.Request) {
		if !s.ready.Load() || s.store.Ping(req.Context()) != nil {
			http.Error(w, "not ready", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ready")
	})
	texts, err := web.Compressed(mux)
	if err != nil {
		return nil, err
	}
	all := http.NewServeMux()
	all.Handle("/", texts)
	all.Handle("GET /metrics", s.metrics.Handler()) // compresses by itself
	return all, nil
}

// openSocket serves other commands of this folder.
func (s *server) openSocket(ctx context.Context) error {
	sql := http.NotFoundHandler() // a server elsewhere is read where it is
	if s.store.Engine != nil {
		var err error
		if sql, err = s.store.Engine.SocketHandler(); err != nil {
			return fmt.Errorf("opening the folder's socket: %w", err)
		}
	}
	l, err := store.Listen(ctx, s.cfg.Data)
	if err != nil {
		return err
	}
	s.stop.Add(serveSocket(l, orders(s.desk, sql), s.failed))
	return nil
}

// openClickHouse serves read-only SQL to Grafana and others, when asked for.
func (s *server) openClickHouse(ctx context.Context) error {
	if s.cmd.ClickhouseListen == "" || s.store.Engine == nil {
		return nil
	}
	options := engine.HandlerOptions{User: s.cfg.Listener.User}
	if s.cfg.Listener.PasswordFile != "" {
		var err error
		if options.Password, err = config.Secret(s.cfg.Listener.PasswordFile); err != nil {
			return err
		}
	}
	l, err := listen(ctx, s.cmd.ClickhouseListen, options.User != "" && options.Password != "")
	if err != nil {
		return err
	}
	s.stop.Add(func() error { _ = l.Close(); return nil })
	handler, err := s.store.Engine.Handler(options)
	if err != nil {
		return fmt.Errorf("opening the ClickHouse port: %w", err)
	}
	s.stop.Add(serveWeb(l, handler, "", s.r.log, s.failed))
	return nil
}

// wait runs the loops until the context ends or a server fails.
func (s *server) wait(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	var loops sync.WaitGroup
	defer func() {
		cancel()
		s.stopCollecting()
		loops.Wait()
	}()
	if err := s.first(ctx); err != nil {
		if ctx.Err() != nil {
			return nil // it says only that the start was ended
		}
		return err
	}
	s.ready.Store(true)
	s.r.tell(s.r.Err, "ready", "url", "http://"+s.cmd.Listen, "day", s.today())
	if s.cmd.Demo {
		s.r.tell(s.r.Err, "demo-notice", "day", s.today())
	}
	s.cron.Start(ctx)
	loops.Go(func() { s.compareLoop(ctx) })
	loops.Go(func() { s.tellLoop(ctx) })
	loops.Go(func() { every(ctx, 15*time.Second, func() { s.sample(ctx) }) })
	loops.Go(func() {
		s.inspect()
		every(ctx, time.Hour, s.inspect)
	})
	loops.Go(func() { s.bridge.Run(ctx, time.Minute) })
	loops.Go(func() { s.desk.ReleaseAll(ctx) })
	select {
	case <-ctx.Done():
		return nil
	case err := <-s.failed:
		return err
	}
}

// stopCollecting ends it. A run under way is told to end and waited for: what it
// has not committed is not in, and the file is still there for the next start.
func (s *server) stopCollecting() {
	ctx, cancel := context.WithTimeout(context.Background(), 500*time.Millisecond)
	defer cancel()
	_ = s.cron.Stop(ctx) // it says only that runs were cut off
}

// first does what comes before anything is shown.
func (s *server) first(ctx context.Context) error {
	if s.cmd.Demo {
		if err := s.loadSamples(ctx); err != nil {
			return err
		}
		if err := s.loadStatements(ctx); err != nil {
			return err
		}
	}
	s.desk.ReleaseNow(ctx)
	if err := s.compare(ctx, schema.CauseTime); err != nil || !s.cmd.Demo {
		return err
	}
	return s.docket.TellHistory(ctx, time.Now()) // a demonstration is whole when it is ready
}

// tellLoop tells the history of what was compared, at the start and after each
// comparison: nothing but Grafana's histories waits for it.
func (s *server) tellLoop(ctx context.Context) {
	for {
		if err := s.docket.TellHistory(ctx, time.Now()); err != nil && ctx.Err() == nil {
			s.r.log.Error("the history of verdicts is not told; the next comparison tells it", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-s.untold:
		}
	}
}

// compareLoop compares whenever something changed or its cron says so.
func (s *server) compareLoop(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case cause := <-s.dirty:
			if err := s.compare(ctx, cause); err != nil && ctx.Err() == nil {
				s.r.log.Error("comparison failed; the last verdicts stay on show", "err", err)
			}
		}
	}
}

// compare judges, keeps and shows.
func (s *server) compare(ctx context.Context, cause string) error {
	c, err := s.desk.Compare(ctx, cause)
	if err != nil {
		s.metrics.Failed(err)
		return err
	}
	s.sample(ctx)
	s.revised.Note(c.At, c.Verdicts, c.Causes)
	s.metrics.SetRevised(s.revised.List())
	if err := s.metrics.SetVerdicts(c.AsOf, c.At, c.Verdicts, c.Took, c.Causes); err != nil {
		return fmt.Errorf("showing the verdicts: %w", err)
	}
	select {
	case s.untold <- struct{}{}:
	default: // it is told with what came before
	}
	s.r.log.Info("compared", "as_of", c.AsOf, "verdicts", len(c.Verdicts), "changed", len(c.Causes), "cause", cause, "took", c.Took.Round(time.Millisecond))
	return nil
}

// every does f once a while, until ctx ends.
func every(ctx context.Context, while time.Duration, f func()) {
	tick := time.NewTicker(while)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			f()
		}
	}
}
