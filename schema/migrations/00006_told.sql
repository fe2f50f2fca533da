-- +goose Up
-- What there is to say of each target as of the last comparison, in the words and
-- digits every page has, for those who show it with SQL: nothing is to be worked
-- out from it. Of a scope the newest version counts. It holds nothing that the
-- verdicts do not: it is made anew when they, the wording or the registers
-- change. digest is of all that was told at once.
CREATE TABLE IF NOT EXISTS told{{.Local}} {{.OnCluster}}
(
    policy       LowCardinality(String),
    target       String,
    region       LowCardinality(String),
    lang         LowCardinality(String),
    as_of        Date32,
    place        UInt32,
    bound        Bool,
    title        String,
    status       LowCardinality(String),
    value        String,
    target_value String,
    gap          String,
    progress     Nullable(Float64),
    schedule     Nullable(Float64),
    lag          String,
    chance       String,
    outlook      String,
    deadline     String,
    period       String,
    owner        String,
    marks        String,
    lines        Array(String),
    story        String,
    digest       String,
    version      UInt64
)
ENGINE = {{.Engine "ReplacingMergeTree" "told" "version"}}
ORDER BY (policy, target, region, lang);
{{.Distributed "told" "cityHash64(policy, target)"}}

-- The way each target has gone and is to go, in the unit its figures are shown
-- in: the running figure it is judged on, the line of time, and what is expected.
CREATE TABLE IF NOT EXISTS told_curves{{.Local}} {{.OnCluster}}
(
    policy   LowCardinality(String),
    target   String,
    region   LowCardinality(String),
    lang     LowCardinality(String),
    day      Date32,
    unit     String,
    observed Nullable(Float64),
    goal     Float64,
    path     Nullable(Float64),
    p10      Nullable(Float64),
    p50      Nullable(Float64),
    p90      Nullable(Float64),
    version  UInt64
)
ENGINE = {{.Engine "ReplacingMergeTree" "told_curves" "version"}}
ORDER BY (policy, target, region, lang, day);
{{.Distributed "told_curves" "cityHash64(policy, target)"}}

-- +goose Down
DROP TABLE IF EXISTS told_curves {{.OnCluster}};
DROP TABLE IF EXISTS told {{.OnCluster}};
{{if .Local}}
DROP TABLE IF EXISTS told_curves{{.Local}} {{.OnCluster}};
DROP TABLE IF EXISTS told{{.Local}} {{.OnCluster}};
{{end}}
