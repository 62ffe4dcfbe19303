-- Products, reports and concerns have keys of their own.
-- SQLite changes no check: the table is made anew. Rows of other tables name its own, so these go
-- back under the name that those know, before the transaction ends.
PRAGMA defer_foreign_keys = ON;
CREATE TABLE new_data_keys (
    id BLOB PRIMARY KEY,
    office_id BLOB NOT NULL REFERENCES offices (id),
    subject TEXT NOT NULL CONSTRAINT ck_data_keys_subject CHECK (subject IN ('counselling-request', 'counselling-case', 'risk-alert', 'legal-aid-request', 'product', 'plan-report', 'concern')),
    kek_id TEXT NOT NULL,
    wrapped BLOB,
    created_at INTEGER NOT NULL,
    destroyed_at INTEGER,
    CONSTRAINT ck_data_keys_destroyed_at CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
) STRICT;
CREATE TEMP TABLE kept_data_keys AS
SELECT id, office_id, subject, kek_id, wrapped, created_at, destroyed_at FROM data_keys;
DROP TABLE data_keys;
ALTER TABLE new_data_keys RENAME TO data_keys;
INSERT INTO data_keys (id, office_id, subject, kek_id, wrapped, created_at, destroyed_at)
SELECT id, office_id, subject, kek_id, wrapped, created_at, destroyed_at FROM kept_data_keys;
DROP TABLE kept_data_keys;
CREATE INDEX ix_data_keys_kek ON data_keys (kek_id, id);
