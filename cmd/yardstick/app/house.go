package app

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"yardstick/collectors/pipeline"
	"yardstick/comparator/forecast"
	"yardstick/schema"
	"yardstick/schema/calendar"
	"yardstick/schema/clickhouse"
	"yardstick/schema/targets"
)

// house is everything a command works with: configuration, registers, calendar
// and store.
type house struct {
	cfg      Config
	register *targets.Register
	calendar *calendar.Calendar
	forecast forecast.Forecaster
	store    *opened
	loc      *time.Location
	now      func() time.Time // the house's clock; pinned in a demonstration
	real     func() time.Time // the real one, that embargoes end by
	pinned   bool
	pipe     *pipeline.Pipeline // the server's; nil: made for each use
	onChange func(cause string) // set by the server: compare soon; nil: compare at once
	onWait   func()             // set by the server: a receipt waits for its release; nil: nobody needs to know

	judgedBy string // digest of the registers as kept; "" before saveRegisters

	saying sync.Mutex // statements are written down one after the other

	cache struct {
		sync.Mutex
		height uint64
		days   map[schema.Date]judgement
	}
}

// openHouse opens everything for command. The caller closes it.
func openHouse(ctx context.Context, r *run, command string) (*house, error) {
	cfg, err := readConfig(r.Config, r.globals)
	if err != nil {
		return nil, err
	}
	h, err := furnish(cfg, r.now)
	if err != nil {
		return nil, err
	}
	if h.store, err = openStore(ctx, cfg, command, r.Engine, r.now); err != nil {
		return nil, err
	}
	return h, nil
}

// furnish makes a house without its store: registers, calendar, clock.
func furnish(cfg Config, now func() time.Time) (*house, error) {
	if demonstrated(cfg) { // its owners come with its figures
		if err := demoOwners(&cfg); err != nil {
			return nil, err
		}
	}
	register, err := loadRegister(cfg)
	if err != nil {
		return nil, err
	}
	days, err := calendar.Default()
	if err != nil {
		return nil, fmt.Errorf("loading the calendar: %w", err)
	}
	forecaster, err := forecast.New()
	if err != nil {
		return nil, fmt.Errorf("loading the forecaster: %w", err)
	}
	return &house{cfg: cfg, register: register, calendar: days, forecast: remember(forecaster), loc: cfg.location(), now: now, real: now}, nil
}

// loadRegister reads the embedded registers and those the configuration adds,
// and puts in the owners it names.
func loadRegister(cfg Config) (*targets.Register, error) {
	register, err := targets.LoadWith(cfg.Policies...)
	if err != nil {
		return nil, fmt.Errorf("loading the policy registers: %w", err)
	}
	for _, p := range register.Policies {
		for i := range p.Targets {
			if own, ok := cfg.Owners[p.Targets[i].ID]; ok {
				cfg.own(&p.Targets[i], own)
			}
		}
	}
	return register, nil
}

// own puts down who answers for a target. What is not said of the owner itself
// is taken from its office.
func (c Config) own(t *schema.Target, own Own) {
	t.Owner, t.Support, t.Contact, t.Office = own.Owner, own.Support, own.Contact, own.Office
	at := slices.IndexFunc(c.Offices, func(o Office) bool { return o.Name == own.Office })
	if own.Office == "" || at < 0 {
		return
	}
	t.Contact = cmp.Or(t.Contact, c.Offices[at].Contact)
	if t.Owner == (schema.Text{}) {
		t.Owner = c.Offices[at].Title
	}
}

func (h *house) close() error {
	if h.store == nil {
		return nil
	}
	return h.store.stop.run()
}

// today is the day of the house's clock in its time zone.
func (h *house) today() schema.Date { return schema.DateOf(h.now().In(h.loc)) }

// indicator finds an indicator by code, name or alias.
func (h *house) indicator(name string) (schema.Indicator, error) {
	if ind, ok := h.register.Indicators.Find(name); ok {
		return ind, nil
	}
	var near []string
	for _, i := range h.register.Indicators.Nearest(name, 3) {
		near = append(near, i.Code+" "+i.Name.In(schema.Chinese))
	}
	return schema.Indicator{}, usage("no-indicator", "name", name, "near", strings.Join(near, ", "))
}

// saveRegisters keeps the registers whole and writes them into the store for
// readers of SQL, unless it holds the same already.
func (h *house) saveRegisters(ctx context.Context) error {
	whole, err := targets.Keep(h.register, h.calendar)
	if err != nil {
		return err
	}
	if h.judgedBy, err = h.store.KeepRegisters(ctx, whole); err != nil {
		return err
	}
	d := clickhouse.Dimensions{Policies: h.register.Policies, Indicators: h.register.Indicators.All(), Regions: h.register.Regions.All(), Feeds: h.feedDimensions()}
	text, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("digesting the registers: %w", err)
	}
	sum := sha256.Sum256(text)
	d.Digest = hex.EncodeToString(sum[:])
	return h.store.SaveDimensions(ctx, d)
}
