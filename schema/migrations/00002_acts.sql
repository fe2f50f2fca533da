-- +goose Up

-- What somebody did beside handing in receipts: answers to be remembered,
-- attachments, locks. Append-only; body is the act's fields as JSON.
CREATE TABLE IF NOT EXISTS acts{{.Local}} {{.OnCluster}}
(
    seq     UInt64,
    at      DateTime64(3, 'UTC'),
    kind    LowCardinality(String),
    subject String,
    actor   String,
    body    String
)
ENGINE = {{.Engine "MergeTree" "acts"}}
ORDER BY (kind, subject, seq)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1{{.Window}};
{{.Distributed "acts" "cityHash64(subject)"}}

-- A receipt that waited has a row for each step: the last by seq holds. This is
-- the way to read them.
CREATE VIEW IF NOT EXISTS receipts_latest {{.OnCluster}} AS
SELECT * FROM receipts
WHERE (receipt, seq) IN (SELECT receipt, max(seq) FROM receipts GROUP BY receipt);

-- +goose Down
DROP VIEW IF EXISTS receipts_latest {{.OnCluster}};
DROP TABLE IF EXISTS acts{{.Local}} {{.OnCluster}};
