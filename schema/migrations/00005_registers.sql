-- +goose Up
-- The digest of the registers that a run judged by: kept whole beside the
-- accepted rows, and named in the ledger when they came into force. Empty for
-- runs older than this column.
ALTER TABLE verdict_runs{{.Local}} {{.OnCluster}}
    ADD COLUMN IF NOT EXISTS registers String AFTER height;
{{if .Local}}
ALTER TABLE verdict_runs {{.OnCluster}}
    ADD COLUMN IF NOT EXISTS registers String AFTER height;
{{end}}
-- +goose Down
{{if .Local}}
ALTER TABLE verdict_runs {{.OnCluster}}
    DROP COLUMN IF EXISTS registers;
{{end}}
ALTER TABLE verdict_runs{{.Local}} {{.OnCluster}}
    DROP COLUMN IF EXISTS registers;
