-- +goose Up
-- The range a figure is expected in at its deadline, beside the chance.
ALTER TABLE verdicts{{.Local}} {{.OnCluster}}
    ADD COLUMN IF NOT EXISTS forecast_p10 Nullable(Float64) AFTER chance,
    ADD COLUMN IF NOT EXISTS forecast_p50 Nullable(Float64) AFTER forecast_p10,
    ADD COLUMN IF NOT EXISTS forecast_p90 Nullable(Float64) AFTER forecast_p50;
{{if .Local}}
ALTER TABLE verdicts {{.OnCluster}}
    ADD COLUMN IF NOT EXISTS forecast_p10 Nullable(Float64) AFTER chance,
    ADD COLUMN IF NOT EXISTS forecast_p50 Nullable(Float64) AFTER forecast_p10,
    ADD COLUMN IF NOT EXISTS forecast_p90 Nullable(Float64) AFTER forecast_p50;
{{end}}
-- +goose Down
{{if .Local}}
ALTER TABLE verdicts {{.OnCluster}}
    DROP COLUMN IF EXISTS forecast_p90,
    DROP COLUMN IF EXISTS forecast_p50,
    DROP COLUMN IF EXISTS forecast_p10;
{{end}}
ALTER TABLE verdicts{{.Local}} {{.OnCluster}}
    DROP COLUMN IF EXISTS forecast_p90,
    DROP COLUMN IF EXISTS forecast_p50,
    DROP COLUMN IF EXISTS forecast_p10;
