package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"yardstick/schema/clickhouse"
	"yardstick/schema/ledger"
	"yardstick/schema/targets"
	"yardstick/schema/words"
)

type auditCmd struct {
	Verify auditVerify `cmd:"" formats:"table,json" help:"Check the whole chain. 核对账本。"`
	Show   auditShow   `cmd:"" formats:"table,json" help:"List the entries. 列出账本。"`
}

type auditVerify struct{}

// Run reads the ledger from the first entry and says whether the chain holds,
// and whether the registers it names are kept whole.
func (auditVerify) Run(r *run) error {
	path, err := r.ledgerPath()
	if err != nil {
		return err
	}
	rows := filepath.Join(filepath.Dir(filepath.Dir(path)), "rows")
	height, head, err := ledger.Verify(path, func(e ledger.Entry) error {
		digest, ok := clickhouse.NamesRegisters(e)
		if !ok {
			return nil
		}
		text, err := clickhouse.KeptRegisters(rows, digest)
		if err == nil {
			_, _, err = targets.Read(text)
		}
		if err != nil {
			return words.Fail(nil, "audit-registers", "seq", e.Seq, "why", err)
		}
		return nil
	})
	if errors.Is(err, ledger.ErrBroken) {
		return words.Fail(nil, "audit-broken", "why", err)
	}
	if err != nil {
		return err
	}
	if r.Output == "json" {
		return r.json(map[string]any{"height": height, "head": head})
	}
	return r.line("audit-good", "height", height, "head", head)
}

type auditShow struct {
	Last int `help:"Only the last N entries. 只列最后 N 条。" placeholder:"N"`
}

// Run lists the entries of the ledger, checked as they are read.
func (c auditShow) Run(r *run) error {
	path, err := r.ledgerPath()
	if err != nil {
		return err
	}
	entries := []ledger.Entry{}
	if _, _, err := ledger.Verify(path, func(e ledger.Entry) error {
		entries = append(entries, e)
		if c.Last > 0 && len(entries) > c.Last {
			entries = entries[1:]
		}
		return nil
	}); err != nil {
		return err
	}
	return r.answer(entries, nil, func(w io.Writer) error {
		for _, e := range entries {
			fields := []string{e.Fields["receipt"], e.Fields["state"], e.Fields["feed"], e.Fields["file"], e.Fields["reason"], e.Fields["kind"], e.Fields["subject"]}
			if _, err := fmt.Fprintf(w, "%6d  %s  %-8s  %s  %.12s\n", e.Seq, e.At.Format(time.RFC3339), e.Kind, strings.Join(slices.DeleteFunc(fields, func(f string) bool { return f == "" }), " "), e.Hash); err != nil {
				return err
			}
		}
		return nil
	})
}

func (r *run) ledgerPath() (string, error) {
	c, err := r.config()
	if err != nil {
		return "", err
	}
	path := c.Path("ledger", "ledger")
	if _, err := os.Stat(path); err != nil {
		return "", words.Fail(nil, "audit-none", "file", path)
	}
	return path, nil
}

type migrateCmd struct{}

// Run brings the store's tables to the newest version.
func (migrateCmd) Run(ctx context.Context, r *run) error {
	return alone(ctx, r, "migrate", "migrated", func(in *installation) (int, error) { return in.store.Migrated, nil })
}

type rebuildCmd struct{}

// Run fills the store from the ledger and the kept rows. Opening a store makes
// up whatever its tables lack, so a store that was emptied is filled by being
// opened.
func (rebuildCmd) Run(ctx context.Context, r *run) error {
	return alone(ctx, r, "rebuild", "rebuilt", func(in *installation) (int, error) {
		return in.store.Recovered.Finished, in.desk.Changed(ctx, "register")
	})
}

// alone does what only the owner of the folder may, and says how much it was.
func alone(ctx context.Context, r *run, command, done string, do func(*installation) (int, error)) error {
	n, err := visit(ctx, r, command, func(in *installation) (int, error) {
		if in.store.Owner != nil {
			return 0, words.Fail(nil, "remote-only-local")
		}
		return do(in)
	})
	if err != nil {
		return err
	}
	return r.line(done, "n", n)
}
