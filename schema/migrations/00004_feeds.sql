-- +goose Up
-- Whom to ask about a target, how it is meant where its text allows more than
-- one reading, and its place in the register: for those who read the store with
-- SQL.
ALTER TABLE targets{{.Local}} {{.OnCluster}}
    ADD COLUMN IF NOT EXISTS contact      String AFTER owner_en,
    ADD COLUMN IF NOT EXISTS op           LowCardinality(String) AFTER contact,
    ADD COLUMN IF NOT EXISTS every        LowCardinality(String) AFTER op,
    ADD COLUMN IF NOT EXISTS reading_zh   String AFTER every,
    ADD COLUMN IF NOT EXISTS reading_en   String AFTER reading_zh,
    ADD COLUMN IF NOT EXISTS reading_open Bool AFTER reading_en,
    ADD COLUMN IF NOT EXISTS place        UInt32 AFTER reading_open;
{{if .Local}}
ALTER TABLE targets {{.OnCluster}}
    ADD COLUMN IF NOT EXISTS contact      String AFTER owner_en,
    ADD COLUMN IF NOT EXISTS op           LowCardinality(String) AFTER contact,
    ADD COLUMN IF NOT EXISTS every        LowCardinality(String) AFTER op,
    ADD COLUMN IF NOT EXISTS reading_zh   String AFTER every,
    ADD COLUMN IF NOT EXISTS reading_en   String AFTER reading_zh,
    ADD COLUMN IF NOT EXISTS reading_open Bool AFTER reading_en,
    ADD COLUMN IF NOT EXISTS place        UInt32 AFTER reading_open;
{{end}}
-- The documents that promise. without_number are the clauses that name no
-- number and are not judged.
CREATE TABLE IF NOT EXISTS policies{{.Local}} {{.OnCluster}}
(
    policy         LowCardinality(String),
    number         String,
    title_zh       String,
    title_en       String,
    issued         Date32,
    region         LowCardinality(String),
    without_number Array(UInt16),
    version        UInt64
)
ENGINE = {{.Engine "ReplacingMergeTree" "policies" "version"}}
ORDER BY policy;
{{.Distributed "policies" "cityHash64(policy)"}}

-- What a part of the region has to contribute to a target, in its unit, and
-- where that is written.
CREATE TABLE IF NOT EXISTS allocations{{.Local}} {{.OnCluster}}
(
    policy    LowCardinality(String),
    target    String,
    region    LowCardinality(String),
    value     Decimal(38, 10),
    source_zh String,
    source_en String,
    version   UInt64
)
ENGINE = {{.Engine "ReplacingMergeTree" "allocations" "version"}}
ORDER BY (policy, target, region);
{{.Distributed "allocations" "cityHash64(policy, target)"}}

-- The configured feeds and who answers for them.
CREATE TABLE IF NOT EXISTS feeds{{.Local}} {{.OnCluster}}
(
    feed      LowCardinality(String),
    title_zh  String,
    title_en  String,
    office_zh String,
    office_en String,
    contact   String,
    frequency LowCardinality(String),
    synthetic Bool,
    version   UInt64
)
ENGINE = {{.Engine "ReplacingMergeTree" "feeds" "version"}}
ORDER BY feed;
{{.Distributed "feeds" "cityHash64(feed)"}}

-- What each feed had delivered and owed when a comparison was made. due is of
-- the oldest period not delivered, which lies ahead when nothing is late; owed
-- counts the late ones; latest is the newest period due by then, and came
-- whether it was there. An empty period and no day are nothing agreed.
CREATE TABLE IF NOT EXISTS feed_states{{.Local}} {{.OnCluster}}
(
    at           DateTime64(3, 'UTC'),
    as_of        Date32,
    feed         LowCardinality(String),
    due          Nullable(Date32),
    due_period   String,
    owed         UInt32,
    latest       String,
    came         Bool,
    last_success Nullable(DateTime64(3, 'UTC')),
    problems     UInt32,
    questions    UInt32
)
ENGINE = {{.Engine "MergeTree" "feed_states"}}
ORDER BY (at, feed);
{{.Distributed "feed_states" "cityHash64(feed)"}}

-- +goose Down
DROP TABLE IF EXISTS feed_states{{.Local}} {{.OnCluster}};
DROP TABLE IF EXISTS feeds{{.Local}} {{.OnCluster}};
DROP TABLE IF EXISTS allocations{{.Local}} {{.OnCluster}};
DROP TABLE IF EXISTS policies{{.Local}} {{.OnCluster}};
{{if .Local}}
DROP TABLE IF EXISTS feed_states {{.OnCluster}};
DROP TABLE IF EXISTS feeds {{.OnCluster}};
DROP TABLE IF EXISTS allocations {{.OnCluster}};
DROP TABLE IF EXISTS policies {{.OnCluster}};
ALTER TABLE targets {{.OnCluster}}
    DROP COLUMN IF EXISTS place, DROP COLUMN IF EXISTS reading_open, DROP COLUMN IF EXISTS reading_en, DROP COLUMN IF EXISTS reading_zh, DROP COLUMN IF EXISTS every, DROP COLUMN IF EXISTS op, DROP COLUMN IF EXISTS contact;
{{end}}
ALTER TABLE targets{{.Local}} {{.OnCluster}}
    DROP COLUMN IF EXISTS place, DROP COLUMN IF EXISTS reading_open, DROP COLUMN IF EXISTS reading_en, DROP COLUMN IF EXISTS reading_zh, DROP COLUMN IF EXISTS every, DROP COLUMN IF EXISTS op, DROP COLUMN IF EXISTS contact;
