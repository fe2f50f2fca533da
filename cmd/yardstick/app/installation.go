package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"yardstick/cmd/yardstick/config"
	"yardstick/collectors/desk"
	"yardstick/comparator/docket"
	"yardstick/schema"
	"yardstick/schema/calendar"
	"yardstick/schema/store"
	"yardstick/schema/targets"
)

// installation is everything a command works with: configuration, registers, calendar,
// store, and what uses them.
type installation struct {
	cfg      config.Config
	register *targets.Register
	calendar *calendar.Calendar
	loc      *time.Location
	now      func() time.Time // the installation's clock; pinned in a demonstration
	real     func() time.Time // the real one, that embargoes end by
	pinned   bool
	store    *store.Opened // nil: none was needed
	docket   *docket.Docket
	desk     *desk.Desk
}

// openInstallation opens everything for command, without a store for "". The caller
// closes it.
func openInstallation(ctx context.Context, r *run, command string) (*installation, error) {
	cfg, err := r.config()
	if err != nil {
		return nil, err
	}
	in, err := configure(cfg, r.now)
	if err == nil && command != "" {
		err = in.openStore(ctx, command, r.Engine)
	}
	if err != nil {
		return nil, err
	}
	in.tellRule(r.log)
	return in, in.assemble(r.log, nil)
}

// tellRule says in the log that figures stand by another rule than when the store
// was last open.
func (in *installation) tellRule(log *slog.Logger) {
	if in.store != nil && in.store.Recovered.Moved > 0 {
		log.Warn("figures of one economic fact compete now, whatever period they were written under: some stand no longer",
			"figures", in.store.Recovered.Moved, "entry", in.store.Ruled())
	}
}

// openWriting is openInstallation for a command that writes: what is due to be
// released comes into force first.
func openWriting(ctx context.Context, r *run, command string) (*installation, error) {
	in, err := openInstallation(ctx, r, command)
	if err != nil || in.store.Owner != nil {
		return in, err
	}
	// A release that cannot be done is told and keeps nobody from working.
	if _, err := in.desk.Release(ctx); err != nil && ctx.Err() == nil {
		r.log.Error("a release failed; it is tried again", "err", err)
	}
	return in, nil
}

// show opens the installation for command, has f find the answer, closes it and
// prints.
func (r *run) show(ctx context.Context, open opener, command string, f func(*installation) (answer, error)) error {
	in, err := open(ctx, r, command)
	if err != nil {
		return err
	}
	a, err := f(in)
	if err = errors.Join(err, in.close()); err != nil {
		return err
	}
	return r.print(a)
}

// opener is openInstallation or openWriting.
type opener func(ctx context.Context, r *run, command string) (*installation, error)

// configure makes an installation without its store: registers, calendar, clock.
func configure(cfg config.Config, now func() time.Time) (*installation, error) {
	if demonstrated(cfg) { // its owners come with its figures
		if err := demoOwners(&cfg); err != nil {
			return nil, err
		}
	}
	register, err := cfg.Register()
	if err != nil {
		return nil, err
	}
	days, err := calendar.Default()
	if err != nil {
		return nil, fmt.Errorf("loading the calendar: %w", err)
	}
	return &installation{cfg: cfg, register: register, calendar: days, loc: cfg.Location(), now: now, real: now}, nil
}

func (in *installation) openStore(ctx context.Context, command, library string) (err error) {
	in.store, err = store.Open(ctx, store.Options{Address: in.cfg.Store, Cluster: in.cfg.Cluster, Data: in.cfg.Data, Command: command, Library: library, Now: in.real})
	return err
}

// assemble makes docket and desk of what is open.
func (in *installation) assemble(log *slog.Logger, told func(schema.Receipt, time.Duration)) (err error) {
	o := docket.Options{Register: in.register, Calendar: in.calendar, Location: in.loc, Now: in.now}
	if in.store != nil {
		o.Store = in.store.Store
	}
	if in.docket, err = docket.New(o); err != nil {
		return err
	}
	in.desk = desk.New(desk.Options{Docket: in.docket, Feeds: in.cfg.Feeds, Offices: in.cfg.Offices, Data: in.cfg.Data, Zone: in.cfg.TimeZone,
		Real: in.real, Synthetic: demonstrated(in.cfg), Log: log, OnReceipt: told})
	return nil
}

func (in *installation) close() error {
	if in.store == nil {
		return nil
	}
	return in.store.Stop.Run()
}

// today is the day of the installation's clock in its time zone.
func (in *installation) today() schema.Date { return in.docket.Today() }

// reading is what pages read: verdicts and series from the docket, the rest from
// the desk.
type reading struct {
	*docket.Docket
	*desk.Desk
}

func (in *installation) reading() reading { return reading{in.docket, in.desk} }
