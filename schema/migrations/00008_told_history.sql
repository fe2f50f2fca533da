-- +goose Up
-- What there is to say of each verdict kept, a row of its target's history, in
-- the words and digits of today: of a verdict the newest version counts. wording
-- names the sentences and the registers it was told by; where another holds, all
-- is told anew.
CREATE TABLE IF NOT EXISTS told_history{{.Local}} {{.OnCluster}}
(
    policy  LowCardinality(String),
    target  LowCardinality(String),
    region  LowCardinality(String),
    lang    LowCardinality(String),
    at      DateTime64(3, 'UTC'),
    run     String,
    as_of   Date32,
    status  LowCardinality(String),
    value   String,
    gap     String,
    chance  String,
    cause   LowCardinality(String),
    marks   String,
    wording LowCardinality(String),
    version UInt64
)
ENGINE = {{.Engine "ReplacingMergeTree" "told_history" "version"}}
ORDER BY (policy, target, region, lang, at, run);
{{.Distributed "told_history" "cityHash64(policy, target, region)"}}

-- +goose Down
DROP TABLE IF EXISTS told_history {{.OnCluster}};
{{if .Local}}
DROP TABLE IF EXISTS told_history{{.Local}} {{.OnCluster}};
{{end}}
