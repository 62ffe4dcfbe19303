CREATE TABLE deployment (
    id integer PRIMARY KEY,
    is_demo boolean NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT ck_deployment_id CHECK (id = 1)
);

CREATE TABLE keyring (
    purpose text NOT NULL,
    key_id text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (purpose, key_id)
);

CREATE TABLE offices (
    id uuid PRIMARY KEY,
    code text NOT NULL,
    name text NOT NULL,
    zone text NOT NULL,
    prefix text NOT NULL,
    settings text NOT NULL,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX uq_offices_code ON offices (code);

CREATE TABLE reference_counters (
    office_id uuid NOT NULL REFERENCES offices (id),
    series text NOT NULL,
    year integer NOT NULL,
    last integer NOT NULL,
    PRIMARY KEY (office_id, series, year)
);

CREATE TABLE agencies (
    id uuid PRIMARY KEY,
    office_id uuid NOT NULL REFERENCES offices (id),
    code text NOT NULL,
    name_vi text NOT NULL,
    name_en text NOT NULL,
    name_key text NOT NULL,
    kind text NOT NULL CONSTRAINT ck_agencies_kind CHECK (kind IN ('unit', 'group', 'external')),
    active boolean NOT NULL,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX uq_agencies_office_id_code ON agencies (office_id, code);

CREATE TABLE rooms (
    id uuid PRIMARY KEY,
    office_id uuid NOT NULL REFERENCES offices (id),
    name text NOT NULL,
    address text,
    places integer CONSTRAINT ck_rooms_places CHECK (places > 0),
    active boolean NOT NULL,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX uq_rooms_office_id_name ON rooms (office_id, name);

CREATE TABLE calendar_days (
    office_id uuid NOT NULL REFERENCES offices (id),
    day date NOT NULL,
    name_vi text NOT NULL,
    kind text NOT NULL CONSTRAINT ck_calendar_days_kind CHECK (kind IN ('holiday', 'swap_day_off', 'compensatory_day_off', 'make_up_workday')),
    confirmed boolean NOT NULL,
    version integer NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (office_id, day)
);

CREATE TABLE plan_tasks (
    office_id uuid NOT NULL REFERENCES offices (id),
    code text NOT NULL,
    parent text,
    title_vi text NOT NULL,
    title_en text NOT NULL,
    lead text,
    coordinating text NOT NULL,
    start_year integer NOT NULL,
    end_year integer,
    cadence text,
    products text NOT NULL,
    position integer NOT NULL,
    PRIMARY KEY (office_id, code)
);

CREATE TABLE users (
    id uuid PRIMARY KEY,
    office_id uuid NOT NULL REFERENCES offices (id),
    email text NOT NULL,
    email_verified_at timestamptz,
    password_hash text,
    full_name text NOT NULL,
    name_key text NOT NULL,
    phone text,
    language text NOT NULL CONSTRAINT ck_users_language CHECK (language IN ('vi', 'en')),
    roles text NOT NULL,
    agency_id uuid REFERENCES agencies (id),
    status text NOT NULL CONSTRAINT ck_users_status CHECK (status IN ('invited', 'active', 'disabled')),
    generation integer NOT NULL,
    preferences text NOT NULL,
    locked_until timestamptz,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX uq_users_email ON users (email);
CREATE INDEX ix_users_office ON users (office_id, name_key, id);

CREATE TABLE devices (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id),
    label text NOT NULL,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    revoked_at timestamptz
);
CREATE INDEX ix_devices_user ON devices (user_id);

CREATE TABLE refresh_tokens (
    id uuid PRIMARY KEY,
    device_id uuid NOT NULL REFERENCES devices (id),
    user_id uuid NOT NULL REFERENCES users (id),
    parent_id uuid,
    digest bytea NOT NULL,
    issued_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE UNIQUE INDEX uq_refresh_tokens_digest ON refresh_tokens (digest);
CREATE UNIQUE INDEX uq_refresh_tokens_parent_id ON refresh_tokens (parent_id);
CREATE INDEX ix_refresh_tokens_device ON refresh_tokens (device_id);

CREATE TABLE one_time_tokens (
    id uuid PRIMARY KEY,
    purpose text NOT NULL CONSTRAINT ck_one_time_tokens_purpose CHECK (purpose IN ('verify_email', 'confirm_email', 'reset_password', 'invite_staff', 'registration', 'unsubscribe')),
    subject_id uuid NOT NULL,
    binding text NOT NULL,
    digest bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE UNIQUE INDEX uq_one_time_tokens_digest ON one_time_tokens (digest);
CREATE INDEX ix_one_time_tokens_subject ON one_time_tokens (subject_id, purpose);

CREATE TABLE throttles (
    name text PRIMARY KEY,
    window_from timestamptz NOT NULL,
    uses integer NOT NULL
);

CREATE TABLE idempotency_records (
    user_id uuid NOT NULL REFERENCES users (id),
    office_id uuid NOT NULL REFERENCES offices (id),
    route text NOT NULL,
    key text NOT NULL,
    body_digest bytea NOT NULL,
    roles text NOT NULL,
    answer text,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, route, key)
);
CREATE INDEX ix_idempotency_records_age ON idempotency_records (created_at);

CREATE TABLE audit_events (
    id uuid PRIMARY KEY,
    office_id uuid REFERENCES offices (id),
    at timestamptz NOT NULL,
    actor_id uuid,
    action text NOT NULL,
    object_kind text NOT NULL,
    object_id uuid,
    request_id text,
    client text,
    facts text NOT NULL
);
CREATE INDEX ix_audit_events_office ON audit_events (office_id, at, id);

CREATE TABLE audit_seals (
    number bigint PRIMARY KEY,
    event_id uuid NOT NULL REFERENCES audit_events (id),
    digest bytea NOT NULL,
    chain bytea NOT NULL,
    sealed_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX uq_audit_seals_event_id ON audit_seals (event_id);

CREATE TABLE leases (
    name text PRIMARY KEY,
    holder uuid NOT NULL,
    until timestamptz NOT NULL
);

CREATE TABLE messages (
    id uuid PRIMARY KEY,
    office_id uuid NOT NULL REFERENCES offices (id),
    kind text NOT NULL,
    class text NOT NULL CONSTRAINT ck_messages_class CHECK (class IN ('account', 'session', 'case', 'plan')),
    user_id uuid REFERENCES users (id),
    address text NOT NULL,
    language text NOT NULL CONSTRAINT ck_messages_language CHECK (language IN ('vi', 'en')),
    object_kind text NOT NULL,
    object_id uuid NOT NULL,
    object_version integer NOT NULL,
    payload text NOT NULL,
    dedupe_key text NOT NULL,
    state text NOT NULL CONSTRAINT ck_messages_state CHECK (state IN ('scheduled', 'queued', 'sending', 'sent', 'bounced', 'failed', 'superseded', 'cancelled', 'expired', 'suppressed')),
    not_before timestamptz NOT NULL,
    expires_at timestamptz,
    attempts integer NOT NULL,
    first_attempt_at timestamptz,
    next_attempt_at timestamptz NOT NULL,
    lease_until timestamptz,
    lease_token uuid,
    last_error text,
    created_at timestamptz NOT NULL,
    settled_at timestamptz
);
CREATE UNIQUE INDEX uq_messages_dedupe_key ON messages (dedupe_key);
CREATE INDEX ix_messages_due ON messages (next_attempt_at) WHERE state IN ('scheduled', 'queued', 'sending');
CREATE INDEX ix_messages_object ON messages (object_id, kind);
CREATE INDEX ix_messages_office ON messages (office_id, id);
CREATE INDEX ix_messages_user ON messages (user_id, id);

CREATE TABLE unreachable_addresses (
    office_id uuid NOT NULL REFERENCES offices (id),
    address text NOT NULL,
    reason text NOT NULL,
    since timestamptz NOT NULL,
    PRIMARY KEY (office_id, address)
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'audit rows and seals are never changed'; END $$;
CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE ON audit_events FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_seals_append_only BEFORE UPDATE OR DELETE ON audit_seals FOR EACH ROW EXECUTE FUNCTION refuse_change();
