-- +goose Up

-- Every vintage of every figure. Append-only: a correction is a new row, a
-- withdrawal a row in receipt_events. No partitions (an insert may touch any
-- year). value_text is the exact number in the catalogue's unit with the
-- digits the sender wrote; written is the cell as it stood.
CREATE TABLE IF NOT EXISTS observations{{.Local}} {{.OnCluster}}
(
    indicator    LowCardinality(String),
    region       LowCardinality(String),
    frequency    LowCardinality(String),
    basis        LowCardinality(String),
    period       String,
    period_end   Date32,
    value        Nullable(Decimal(38, 10)),
    value_text   String,
    written      String,
    unit_written LowCardinality(String),
    unit         LowCardinality(String),
    status       LowCardinality(String),
    note         String,
    published_at Date32,
    received_at  DateTime64(3, 'UTC'),
    receipt      String,
    cell         String,
    seq          UInt64,
    synthetic    Bool
)
ENGINE = {{.Engine "MergeTree" "observations"}}
ORDER BY (indicator, region, frequency, basis, period, published_at, seq)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1{{.Window}};
{{.Distributed "observations" "cityHash64(indicator, region)"}}

-- The life of a receipt. The last state by seq holds.
CREATE TABLE IF NOT EXISTS receipt_events{{.Local}} {{.OnCluster}}
(
    receipt String,
    seq     UInt64,
    state   LowCardinality(String),
    actor   String,
    at      DateTime64(3, 'UTC'),
    reason  String
)
ENGINE = {{.Engine "MergeTree" "receipt_events"}}
ORDER BY (receipt, seq)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1{{.Window}};
{{.Distributed "receipt_events" "cityHash64(receipt)"}}

-- What a receipt said: counts beside the whole answer as JSON.
CREATE TABLE IF NOT EXISTS receipts{{.Local}} {{.OnCluster}}
(
    receipt     String,
    seq         UInt64,
    feed        LowCardinality(String),
    file        String,
    status      LowCardinality(String),
    snapshot    String,
    rows        String,
    actor       String,
    received_at DateTime64(3, 'UTC'),
    synthetic   Bool,
    accepted    UInt64,
    revised     UInt64,
    unchanged   UInt64,
    rejected    UInt64,
    problems    UInt64,
    questions   UInt64,
    body        String
)
ENGINE = {{.Engine "MergeTree" "receipts"}}
ORDER BY (feed, received_at, receipt)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1{{.Window}};
{{.Distributed "receipts" "cityHash64(receipt)"}}

CREATE TABLE IF NOT EXISTS problems{{.Local}} {{.OnCluster}}
(
    receipt String,
    code    LowCardinality(String),
    kind    LowCardinality(String),
    file    String,
    sheet   String,
    line    UInt64,
    column  UInt32,
    cell    String,
    written String,
    zh      String,
    en      String
)
ENGINE = {{.Engine "MergeTree" "problems"}}
ORDER BY (receipt, line, column);
{{.Distributed "problems" "cityHash64(receipt)"}}

-- The figure in force for each key: a projection of observations, written
-- after each load, withdrawal or review. version is the ledger's sequence
-- number of that act, so an older vintage can come back after a withdrawal.
-- Read it with FINAL.
CREATE TABLE IF NOT EXISTS observations_current{{.Local}} {{.OnCluster}}
(
    indicator    LowCardinality(String),
    region       LowCardinality(String),
    frequency    LowCardinality(String),
    basis        LowCardinality(String),
    period       String,
    period_end   Date32,
    value        Nullable(Decimal(38, 10)),
    value_text   String,
    written      String,
    unit_written LowCardinality(String),
    unit         LowCardinality(String),
    status       LowCardinality(String),
    note         String,
    published_at Date32,
    received_at  DateTime64(3, 'UTC'),
    receipt      String,
    cell         String,
    seq          UInt64,
    synthetic    Bool,
    version      UInt64,
    is_deleted   UInt8
)
ENGINE = {{.Engine "ReplacingMergeTree" "observations_current" "version" "is_deleted"}}
ORDER BY (indicator, region, frequency, basis, period);
{{.Distributed "observations_current" "cityHash64(indicator, region)"}}

CREATE TABLE IF NOT EXISTS verdict_runs{{.Local}} {{.OnCluster}}
(
    run     String,
    at      DateTime64(3, 'UTC'),
    as_of   Date32,
    cause   LowCardinality(String),
    judged  UInt32,
    changed UInt32,
    height  UInt64
)
ENGINE = {{.Engine "MergeTree" "verdict_runs"}}
ORDER BY (at, run);
{{.Distributed "verdict_runs" "cityHash64(run)"}}

-- A row when status, value, rule or a mark changes, plus one a day for each
-- headline scope. body is the verdict with all its inputs, as JSON.
CREATE TABLE IF NOT EXISTS verdicts{{.Local}} {{.OnCluster}}
(
    run          String,
    at           DateTime64(3, 'UTC'),
    as_of        Date32,
    policy       LowCardinality(String),
    target       LowCardinality(String),
    region       LowCardinality(String),
    status       LowCardinality(String),
    rule         LowCardinality(String),
    cause        LowCardinality(String),
    value        Nullable(Decimal(38, 10)),
    gap          Nullable(Decimal(38, 10)),
    target_value Decimal(38, 10),
    unit         LowCardinality(String),
    period       String,
    period_end   Nullable(Date32),
    attainment   Nullable(Float64),
    progress     Nullable(Float64),
    schedule     Nullable(Float64),
    pace         Nullable(Float64),
    chance       Nullable(Float64),
    provisional  Bool,
    stale        Bool,
    synthetic    Bool,
    body         String
)
ENGINE = {{.Engine "MergeTree" "verdicts"}}
ORDER BY (policy, target, region, at, run);
{{.Distributed "verdicts" "cityHash64(policy, target, region)"}}

-- Registers as last loaded, for those who read the store with SQL.
CREATE TABLE IF NOT EXISTS targets{{.Local}} {{.OnCluster}}
(
    policy    LowCardinality(String),
    target    String,
    clause    UInt16,
    title_zh  String,
    title_en  String,
    kind      LowCardinality(String),
    direction LowCardinality(String),
    value     Decimal(38, 10),
    unit      LowCardinality(String),
    written   String,
    deadline  Nullable(Date32),
    start     Date32,
    baseline  Nullable(Decimal(38, 10)),
    indicator LowCardinality(String),
    region    LowCardinality(String),
    headline  Bool,
    owner_zh  String,
    owner_en  String,
    version   UInt64
)
ENGINE = {{.Engine "ReplacingMergeTree" "targets" "version"}}
ORDER BY (policy, target);
{{.Distributed "targets" "cityHash64(policy, target)"}}

CREATE TABLE IF NOT EXISTS indicators{{.Local}} {{.OnCluster}}
(
    indicator  String,
    name_zh    String,
    name_en    String,
    unit       String,
    unit_en    String,
    frequency  LowCardinality(String),
    basis      LowCardinality(String),
    definition String,
    version    UInt64
)
ENGINE = {{.Engine "ReplacingMergeTree" "indicators" "version"}}
ORDER BY indicator;
{{.Distributed "indicators" "cityHash64(indicator)"}}

CREATE TABLE IF NOT EXISTS regions{{.Local}} {{.OnCluster}}
(
    region   String,
    name_zh  String,
    name_en  String,
    parent   String,
    standard LowCardinality(String),
    version  UInt64
)
ENGINE = {{.Engine "ReplacingMergeTree" "regions" "version"}}
ORDER BY region;
{{.Distributed "regions" "cityHash64(region)"}}

-- When which registers were loaded; digest is of their whole content.
CREATE TABLE IF NOT EXISTS registers{{.Local}} {{.OnCluster}}
(
    digest String,
    at     DateTime64(3, 'UTC')
)
ENGINE = {{.Engine "MergeTree" "registers"}}
ORDER BY at;
{{.Distributed "registers" "cityHash64(digest)"}}

-- Counted: the receipts whose figures are in force. Every read goes through it.
CREATE VIEW IF NOT EXISTS counted {{.OnCluster}} AS
SELECT receipt
FROM receipt_events
GROUP BY receipt
HAVING argMax(state, seq) IN ('accepted', 'partial');

-- What was known on the day of the last comparison: the figures the verdicts
-- on show were judged on. Filter by indicator.
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

-- +goose Down
DROP VIEW IF EXISTS observations_known {{.OnCluster}};
DROP VIEW IF EXISTS counted {{.OnCluster}};
