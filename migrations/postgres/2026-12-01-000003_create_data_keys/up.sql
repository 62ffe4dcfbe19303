CREATE TABLE data_keys (
    id uuid PRIMARY KEY,
    office_id uuid NOT NULL REFERENCES offices (id),
    subject text NOT NULL CONSTRAINT ck_data_keys_subject CHECK (subject IN ('counselling-request', 'counselling-case', 'risk-alert', 'legal-aid-request')),
    kek_id text NOT NULL,
    wrapped bytea,
    created_at timestamptz NOT NULL,
    destroyed_at timestamptz,
    CONSTRAINT ck_data_keys_destroyed_at CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
);
CREATE INDEX ix_data_keys_kek ON data_keys (kek_id, id);

CREATE TABLE erasures (
    mark bytea PRIMARY KEY,
    erased_at timestamptz NOT NULL
);
