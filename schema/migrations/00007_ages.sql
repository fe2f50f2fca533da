-- +goose Up
-- How old the figure behind a verdict is on the day told of, and how long the
-- next one has been overdue: a verdict that does not change is not kept daily.
ALTER TABLE told{{.Local}} {{.OnCluster}}
    ADD COLUMN IF NOT EXISTS age Int32 AFTER marks,
    ADD COLUMN IF NOT EXISTS stale_days UInt32 AFTER age;
{{if .Local}}
ALTER TABLE told {{.OnCluster}}
    ADD COLUMN IF NOT EXISTS age Int32 AFTER marks,
    ADD COLUMN IF NOT EXISTS stale_days UInt32 AFTER age;
{{end}}
-- +goose Down
{{if .Local}}
ALTER TABLE told {{.OnCluster}}
    DROP COLUMN IF EXISTS stale_days,
    DROP COLUMN IF EXISTS age;
{{end}}
ALTER TABLE told{{.Local}} {{.OnCluster}}
    DROP COLUMN IF EXISTS stale_days,
    DROP COLUMN IF EXISTS age;
