CREATE TABLE data_keys (
    id BLOB PRIMARY KEY,
    office_id BLOB NOT NULL REFERENCES offices (id),
    subject TEXT NOT NULL CONSTRAINT ck_data_keys_subject CHECK (subject IN ('counselling-request', 'counselling-case', 'risk-alert', 'legal-aid-request')),
    kek_id TEXT NOT NULL,
    wrapped BLOB,
    created_at INTEGER NOT NULL,
    destroyed_at INTEGER,
    CONSTRAINT ck_data_keys_destroyed_at CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
) STRICT;
CREATE INDEX ix_data_keys_kek ON data_keys (kek_id, id);

CREATE TABLE erasures (
    mark BLOB PRIMARY KEY,
    erased_at INTEGER NOT NULL
) STRICT;
