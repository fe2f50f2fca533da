package app

import (
	"context"
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

// house is everything a command works with: configuration, registers, calendar,
// store, and the rooms that use them.
type house struct {
	cfg      config.Config
	register *targets.Register
	calendar *calendar.Calendar
	loc      *time.Location
	now      func() time.Time // the house's clock; pinned in a demonstration
	real     func() time.Time // the real one, that embargoes end by
	pinned   bool
	store    *store.Opened // nil: none was needed
	docket   *docket.Docket
	desk     *desk.Desk
}

// openHouse opens everything for command. The caller closes it.
func openHouse(ctx context.Context, r *run, command string) (*house, error) {
	cfg, err := r.config()
	if err != nil {
		return nil, err
	}
	h, err := furnish(cfg, r.now)
	if err != nil {
		return nil, err
	}
	if err := h.openStore(ctx, command, r.Engine); err != nil {
		return nil, err
	}
	return h, h.assemble(r.log, nil)
}

// openWriting is openHouse for a command that writes: what is due to be
// released comes into force first.
func openWriting(ctx context.Context, r *run, command string) (*house, error) {
	h, err := openHouse(ctx, r, command)
	if err != nil || h.store.Owner != nil {
		return h, err
	}
	// A release that cannot be done is told and keeps nobody from working.
	if _, err := h.desk.Release(ctx); err != nil && ctx.Err() == nil {
		r.log.Error("a release failed; it is tried again", "err", err)
	}
	return h, nil
}

// furnish makes a house without its store: registers, calendar, clock.
func furnish(cfg config.Config, now func() time.Time) (*house, error) {
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
	return &house{cfg: cfg, register: register, calendar: days, loc: cfg.Location(), now: now, real: now}, nil
}

func (h *house) openStore(ctx context.Context, command, library string) (err error) {
	h.store, err = store.Open(ctx, store.Options{Address: h.cfg.Store, Cluster: h.cfg.Cluster, Data: h.cfg.Data, Command: command, Library: library, Now: h.real})
	return err
}

// assemble makes docket and desk of what is open.
func (h *house) assemble(log *slog.Logger, told func(schema.Receipt, time.Duration)) (err error) {
	o := docket.Options{Register: h.register, Calendar: h.calendar, Location: h.loc, Now: h.now}
	if h.store != nil {
		o.Store = h.store.Store
	}
	if h.docket, err = docket.New(o); err != nil {
		return err
	}
	h.desk, err = desk.New(desk.Options{Docket: h.docket, Feeds: h.cfg.Feeds, Offices: h.cfg.Offices, Data: h.cfg.Data, Zone: h.cfg.TimeZone,
		Real: h.real, Synthetic: demonstrated(h.cfg), Log: log, OnReceipt: told})
	return err
}

func (h *house) close() error {
	if h.store == nil {
		return nil
	}
	return h.store.Stop.Run()
}

// today is the day of the house's clock in its time zone.
func (h *house) today() schema.Date { return h.docket.Today() }

// rooms are what pages read: verdicts and series from the docket, the rest from
// the desk.
type rooms struct {
	*docket.Docket
	*desk.Desk
}

func (h *house) rooms() rooms { return rooms{h.docket, h.desk} }
