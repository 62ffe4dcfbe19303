CREATE TABLE deployment (
    id INTEGER PRIMARY KEY,
    is_demo INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    CONSTRAINT ck_deployment_id CHECK (id = 1)
) STRICT;

CREATE TABLE keyring (
    purpose TEXT NOT NULL,
    key_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (purpose, key_id)
) STRICT;

CREATE TABLE offices (
    id BLOB PRIMARY KEY,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    zone TEXT NOT NULL,
    prefix TEXT NOT NULL,
    settings TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX uq_offices_code ON offices (code);

CREATE TABLE reference_counters (
    office_id BLOB NOT NULL REFERENCES offices (id),
    series TEXT NOT NULL,
    year INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (office_id, series, year)
) STRICT;

CREATE TABLE agencies (
    id BLOB PRIMARY KEY,
    office_id BLOB NOT NULL REFERENCES offices (id),
    code TEXT NOT NULL,
    name_vi TEXT NOT NULL,
    name_en TEXT NOT NULL,
    name_key TEXT NOT NULL,
    kind TEXT NOT NULL CONSTRAINT ck_agencies_kind CHECK (kind IN ('unit', 'group', 'external')),
    active INTEGER NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX uq_agencies_office_id_code ON agencies (office_id, code);

CREATE TABLE rooms (
    id BLOB PRIMARY KEY,
    office_id BLOB NOT NULL REFERENCES offices (id),
    name TEXT NOT NULL,
    address TEXT,
    places INTEGER CONSTRAINT ck_rooms_places CHECK (places > 0),
    active INTEGER NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX uq_rooms_office_id_name ON rooms (office_id, name);

CREATE TABLE calendar_days (
    office_id BLOB NOT NULL REFERENCES offices (id),
    day TEXT NOT NULL,
    name_vi TEXT NOT NULL,
    kind TEXT NOT NULL CONSTRAINT ck_calendar_days_kind CHECK (kind IN ('holiday', 'swap_day_off', 'compensatory_day_off', 'make_up_workday')),
    confirmed INTEGER NOT NULL,
    version INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (office_id, day)
) STRICT;

CREATE TABLE plan_tasks (
    office_id BLOB NOT NULL REFERENCES offices (id),
    code TEXT NOT NULL,
    parent TEXT,
    title_vi TEXT NOT NULL,
    title_en TEXT NOT NULL,
    lead TEXT,
    coordinating TEXT NOT NULL,
    start_year INTEGER NOT NULL,
    end_year INTEGER,
    cadence TEXT,
    products TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (office_id, code)
) STRICT;

CREATE TABLE users (
    id BLOB PRIMARY KEY,
    office_id BLOB NOT NULL REFERENCES offices (id),
    email TEXT NOT NULL,
    email_verified_at INTEGER,
    password_hash TEXT,
    full_name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    phone TEXT,
    language TEXT NOT NULL CONSTRAINT ck_users_language CHECK (language IN ('vi', 'en')),
    roles TEXT NOT NULL,
    agency_id BLOB REFERENCES agencies (id),
    status TEXT NOT NULL CONSTRAINT ck_users_status CHECK (status IN ('invited', 'active', 'disabled')),
    generation INTEGER NOT NULL,
    preferences TEXT NOT NULL,
    locked_until INTEGER,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX uq_users_email ON users (email);
CREATE INDEX ix_users_office ON users (office_id, name_key, id);

CREATE TABLE devices (
    id BLOB PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (id),
    label TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;
CREATE INDEX ix_devices_user ON devices (user_id);

CREATE TABLE refresh_tokens (
    id BLOB PRIMARY KEY,
    device_id BLOB NOT NULL REFERENCES devices (id),
    user_id BLOB NOT NULL REFERENCES users (id),
    parent_id BLOB,
    digest BLOB NOT NULL,
    issued_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;
CREATE UNIQUE INDEX uq_refresh_tokens_digest ON refresh_tokens (digest);
CREATE UNIQUE INDEX uq_refresh_tokens_parent_id ON refresh_tokens (parent_id);
CREATE INDEX ix_refresh_tokens_device ON refresh_tokens (device_id);

CREATE TABLE one_time_tokens (
    id BLOB PRIMARY KEY,
    purpose TEXT NOT NULL CONSTRAINT ck_one_time_tokens_purpose CHECK (purpose IN ('verify_email', 'confirm_email', 'reset_password', 'invite_staff', 'registration', 'unsubscribe')),
    subject_id BLOB NOT NULL,
    binding TEXT NOT NULL,
    digest BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;
CREATE UNIQUE INDEX uq_one_time_tokens_digest ON one_time_tokens (digest);
CREATE INDEX ix_one_time_tokens_subject ON one_time_tokens (subject_id, purpose);

CREATE TABLE throttles (
    name TEXT PRIMARY KEY,
    window_from INTEGER NOT NULL,
    uses INTEGER NOT NULL
) STRICT;

CREATE TABLE idempotency_records (
    user_id BLOB NOT NULL REFERENCES users (id),
    office_id BLOB NOT NULL REFERENCES offices (id),
    route TEXT NOT NULL,
    key TEXT NOT NULL,
    body_digest BLOB NOT NULL,
    roles TEXT NOT NULL,
    answer TEXT,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, route, key)
) STRICT;
CREATE INDEX ix_idempotency_records_age ON idempotency_records (created_at);

CREATE TABLE audit_events (
    id BLOB PRIMARY KEY,
    office_id BLOB REFERENCES offices (id),
    at INTEGER NOT NULL,
    actor_id BLOB,
    action TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id BLOB,
    request_id TEXT,
    client TEXT,
    facts TEXT NOT NULL
) STRICT;
CREATE INDEX ix_audit_events_office ON audit_events (office_id, at, id);

CREATE TABLE audit_seals (
    number INTEGER PRIMARY KEY,
    event_id BLOB NOT NULL REFERENCES audit_events (id),
    digest BLOB NOT NULL,
    chain BLOB NOT NULL,
    sealed_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX uq_audit_seals_event_id ON audit_seals (event_id);

CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    holder BLOB NOT NULL,
    until INTEGER NOT NULL
) STRICT;

CREATE TABLE messages (
    id BLOB PRIMARY KEY,
    office_id BLOB NOT NULL REFERENCES offices (id),
    kind TEXT NOT NULL,
    class TEXT NOT NULL CONSTRAINT ck_messages_class CHECK (class IN ('account', 'session', 'case', 'plan')),
    user_id BLOB REFERENCES users (id),
    address TEXT NOT NULL,
    language TEXT NOT NULL CONSTRAINT ck_messages_language CHECK (language IN ('vi', 'en')),
    object_kind TEXT NOT NULL,
    object_id BLOB NOT NULL,
    object_version INTEGER NOT NULL,
    payload TEXT NOT NULL,
    dedupe_key TEXT NOT NULL,
    state TEXT NOT NULL CONSTRAINT ck_messages_state CHECK (state IN ('scheduled', 'queued', 'sending', 'sent', 'bounced', 'failed', 'superseded', 'cancelled', 'expired', 'suppressed')),
    not_before INTEGER NOT NULL,
    expires_at INTEGER,
    attempts INTEGER NOT NULL,
    first_attempt_at INTEGER,
    next_attempt_at INTEGER NOT NULL,
    lease_until INTEGER,
    lease_token BLOB,
    last_error TEXT,
    created_at INTEGER NOT NULL,
    settled_at INTEGER
) STRICT;
CREATE UNIQUE INDEX uq_messages_dedupe_key ON messages (dedupe_key);
CREATE INDEX ix_messages_due ON messages (next_attempt_at) WHERE state IN ('scheduled', 'queued', 'sending');
CREATE INDEX ix_messages_object ON messages (object_id, kind);
CREATE INDEX ix_messages_office ON messages (office_id, id);
CREATE INDEX ix_messages_user ON messages (user_id, id);

CREATE TABLE unreachable_addresses (
    office_id BLOB NOT NULL REFERENCES offices (id),
    address TEXT NOT NULL,
    reason TEXT NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (office_id, address)
) STRICT;

CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END;
CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events BEGIN SELECT RAISE(ABORT, 'audit rows are never deleted'); END;
CREATE TRIGGER audit_seals_no_update BEFORE UPDATE ON audit_seals BEGIN SELECT RAISE(ABORT, 'audit seals are never changed'); END;
CREATE TRIGGER audit_seals_no_delete BEFORE DELETE ON audit_seals BEGIN SELECT RAISE(ABORT, 'audit seals are never deleted'); END;
