-- +goose Up
{{define "fact"}}if(basis = 'period' AND NOT (frequency = 'A' OR frequency = 'Q' AND endsWith(period, '-Q1')
        OR frequency = 'M' AND endsWith(period, '-01') OR frequency IN ('T', 'D') AND substring(period, 6, 5) = '01-01'),
        concat('period ', period), concat(if(basis = 'period', 'ytd', basis), ' ', toString(period_end))){{end}}
-- What vintages compete for, worked out from the key as it is written, which stays:
-- a stock, a total since some day and a total within the year are what they are on
-- their last day; what flowed in a period that begins with its year is the year to
-- date at its end. FactText of schema/vintage gives the same. Where one receipt wrote
-- a fact under two keys, the coarser period stands.
ALTER TABLE observations{{.Local}} {{.OnCluster}}
    ADD COLUMN IF NOT EXISTS fact String ALIAS {{template "fact"}};
{{if .Local}}
ALTER TABLE observations {{.OnCluster}}
    ADD COLUMN IF NOT EXISTS fact String ALIAS {{template "fact"}};
{{end}}
-- rule names the rule by which a figure was projected; one that names none was
-- projected when every key was a fact of its own.
ALTER TABLE observations_current{{.Local}} {{.OnCluster}}
    ADD COLUMN IF NOT EXISTS fact String ALIAS {{template "fact"}},
    ADD COLUMN IF NOT EXISTS rule LowCardinality(String);
{{if .Local}}
ALTER TABLE observations_current {{.OnCluster}}
    ADD COLUMN IF NOT EXISTS fact String ALIAS {{template "fact"}},
    ADD COLUMN IF NOT EXISTS rule LowCardinality(String);
{{end}}
-- What was known on the day of the last comparison, one figure a fact: those the
-- verdicts on show were judged on. Filter by indicator.
DROP VIEW IF EXISTS observations_known {{.OnCluster}};
CREATE VIEW IF NOT EXISTS observations_known {{.OnCluster}} AS
SELECT
    indicator, region,
    argMax(tuple(frequency), (published_at, seq, -coarse)).1  AS frequency,
    argMax(tuple(basis), (published_at, seq, -coarse)).1      AS basis,
    argMax(tuple(period), (published_at, seq, -coarse)).1     AS period,
    any(period_end)                                           AS period_end,
    argMax(tuple(value), (published_at, seq, -coarse)).1      AS value,
    argMax(tuple(value_text), (published_at, seq, -coarse)).1 AS value_text,
    argMax(tuple(unit), (published_at, seq, -coarse)).1       AS unit,
    argMax(tuple(status), (published_at, seq, -coarse)).1     AS status,
    argMax(tuple(receipt), (published_at, seq, -coarse)).1    AS receipt,
    argMax(tuple(synthetic), (published_at, seq, -coarse)).1  AS synthetic,
    max(published_at)                                         AS last_published_at,
    count()                                                   AS vintages
FROM
(
    SELECT *, fact, indexOf(['A', 'Q', 'M', 'T', 'D'], frequency) * 2 + (basis != 'period') AS coarse
    FROM observations
    WHERE receipt IN (SELECT receipt FROM counted)
      AND published_at <= (SELECT argMax(as_of, at) FROM verdict_runs)
)
GROUP BY indicator, region, fact;

-- +goose Down
DROP VIEW IF EXISTS observations_known {{.OnCluster}};
CREATE VIEW IF NOT EXISTS observations_known {{.OnCluster}} AS
SELECT
    indicator, region, frequency, basis, period,
    argMax(tuple(period_end), (published_at, seq)).1   AS period_end,
    argMax(tuple(value), (published_at, seq)).1        AS value,
    argMax(tuple(value_text), (published_at, seq)).1   AS value_text,
    argMax(tuple(unit), (published_at, seq)).1         AS unit,
    argMax(tuple(status), (published_at, seq)).1       AS status,
    argMax(tuple(receipt), (published_at, seq)).1      AS receipt,
    argMax(tuple(synthetic), (published_at, seq)).1    AS synthetic,
    max(published_at)                                  AS last_published_at,
    count()                                            AS vintages
FROM
(
    SELECT * FROM observations
    WHERE receipt IN (SELECT receipt FROM counted)
      AND published_at <= (SELECT argMax(as_of, at) FROM verdict_runs)
)
GROUP BY indicator, region, frequency, basis, period;
{{if .Local}}
ALTER TABLE observations_current {{.OnCluster}}
    DROP COLUMN IF EXISTS rule,
    DROP COLUMN IF EXISTS fact;
ALTER TABLE observations {{.OnCluster}}
    DROP COLUMN IF EXISTS fact;
{{end}}
ALTER TABLE observations_current{{.Local}} {{.OnCluster}}
    DROP COLUMN IF EXISTS rule,
    DROP COLUMN IF EXISTS fact;
ALTER TABLE observations{{.Local}} {{.OnCluster}}
    DROP COLUMN IF EXISTS fact;
