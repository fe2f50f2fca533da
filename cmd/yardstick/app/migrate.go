package app

import (
	"context"
	"errors"
	"fmt"

	"yardstick/schema/words"
)

type migrateCmd struct{}

// Run brings the store's tables to the newest version.
func (migrateCmd) Run(ctx context.Context, r *run) error {
	h, err := openHouse(ctx, r, "migrate")
	if err != nil {
		return err
	}
	if h.store.Owner != nil {
		return errors.Join(words.Fail(nil, "remote-only-local"), h.close())
	}
	if err := h.close(); err != nil {
		return err
	}
	fmt.Fprintln(r.Out, r.say("migrated", "n", h.store.Migrated))
	return nil
}

type rebuildCmd struct{}

// Run fills the store from the ledger and the kept rows. Opening a store makes
// up whatever its tables lack, so a store that was emptied is filled by being
// opened.
func (rebuildCmd) Run(ctx context.Context, r *run) error {
	h, err := openHouse(ctx, r, "rebuild")
	if err != nil {
		return err
	}
	if h.store.Owner != nil {
		return errors.Join(words.Fail(nil, "remote-only-local"), h.close())
	}
	err = h.desk.Changed(ctx, "register")
	if err = errors.Join(err, h.close()); err != nil {
		return err
	}
	fmt.Fprintln(r.Out, r.say("rebuilt", "n", h.store.Recovered.Finished))
	return nil
}
