package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"yardstick/schema/clickhouse"
	"yardstick/schema/ledger"
	"yardstick/schema/targets"
	"yardstick/schema/words"
)

type auditCmd struct {
	Verify auditVerify `cmd:"" o:"table,json" help:"Check the whole chain. 核对账本。"`
	Show   auditShow   `cmd:"" o:"table,json" help:"List the entries. 列出账本。"`
}

type auditVerify struct{}

// Run reads the ledger from the first entry and says whether the chain holds,
// and whether the registers and changes of a rule it names are kept whole.
func (auditVerify) Run(r *run) error {
	path, err := r.ledgerPath()
	if err != nil {
		return err
	}
	rows := filepath.Join(filepath.Dir(filepath.Dir(path)), "rows")
	height, head, err := ledger.Verify(path, func(e ledger.Entry) error {
		moved, changes, err := clickhouse.NamesMoved(e)
		if changes && err == nil {
			_, err = clickhouse.KeptMoved(rows, moved)
		}
		if err != nil {
			return words.Fail(nil, "audit-rule", "seq", e.Seq, "why", err)
		}
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
	return r.print(answer{json: map[string]any{"height": height, "head": head}, tell: func(w io.Writer) {
		r.tell(w, "audit-good", "height", height, "head", head)
	}})
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
	return r.print(answer{json: entries, tell: func(w io.Writer) {
		for _, e := range entries {
			var said []string
			for _, name := range []string{"receipt", "state", "feed", "file", "reason", "kind", "subject"} {
				if e.Fields[name] != "" {
					said = append(said, e.Fields[name])
				}
			}
			at, fields := e.At.Format(time.RFC3339), strings.Join(said, " ")
			fmt.Fprintf(w, "%6d  %s  %-8s  %s  %.12s\n", e.Seq, at, e.Kind, fields, e.Hash)
		}
	}})
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
	return alone(ctx, r, "migrate", "migrated", func(in *installation) (int, error) {
		return in.store.Migrated, nil
	})
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
	return r.show(ctx, openInstallation, command, func(in *installation) (answer, error) {
		if in.store.Owner != nil {
			return answer{}, words.Fail(nil, "remote-only-local")
		}
		n, err := do(in)
		return answer{tell: func(w io.Writer) { r.tell(w, done, "n", n) }}, err
	})
}
