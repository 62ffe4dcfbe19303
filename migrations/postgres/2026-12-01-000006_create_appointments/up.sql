CREATE TABLE counsellor_calendars (
    counsellor_id uuid PRIMARY KEY REFERENCES users (id),
    office_id uuid NOT NULL REFERENCES offices (id),
    lock_seq integer NOT NULL,
    version integer NOT NULL,
    updated_at timestamptz NOT NULL
);

CREATE TABLE counsellor_hours (
    id uuid PRIMARY KEY,
    counsellor_id uuid NOT NULL REFERENCES users (id),
    weekday integer NOT NULL CONSTRAINT ck_counsellor_hours_weekday CHECK (weekday BETWEEN 1 AND 7),
    starts_minute integer NOT NULL,
    ends_minute integer NOT NULL,
    valid_from_on date NOT NULL,
    valid_to_on date,
    CONSTRAINT ck_counsellor_hours_minutes CHECK (starts_minute >= 0 AND starts_minute < ends_minute AND ends_minute <= 1440)
);
CREATE INDEX ix_counsellor_hours_counsellor ON counsellor_hours (counsellor_id);

CREATE TABLE counsellor_exceptions (
    id uuid PRIMARY KEY,
    counsellor_id uuid NOT NULL REFERENCES users (id),
    day_on date NOT NULL,
    kind text NOT NULL CONSTRAINT ck_counsellor_exceptions_kind CHECK (kind IN ('open', 'closed')),
    starts_minute integer NOT NULL,
    ends_minute integer NOT NULL,
    CONSTRAINT ck_counsellor_exceptions_minutes CHECK (starts_minute >= 0 AND starts_minute < ends_minute AND ends_minute <= 1440)
);
CREATE INDEX ix_counsellor_exceptions_counsellor ON counsellor_exceptions (counsellor_id, day_on);

CREATE TABLE counsellor_time_off (
    id uuid PRIMARY KEY,
    counsellor_id uuid NOT NULL REFERENCES users (id),
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    CONSTRAINT ck_counsellor_time_off_ends_at CHECK (starts_at < ends_at)
);
CREATE INDEX ix_counsellor_time_off_counsellor ON counsellor_time_off (counsellor_id, ends_at);

CREATE TABLE counselled_people (
    office_id uuid NOT NULL REFERENCES offices (id),
    person_key bytea NOT NULL,
    lock_seq integer NOT NULL,
    PRIMARY KEY (office_id, person_key)
);

CREATE TABLE counselling_appointments (
    id uuid PRIMARY KEY,
    office_id uuid NOT NULL REFERENCES offices (id),
    case_id uuid REFERENCES counselling_cases (id),
    request_id uuid REFERENCES counselling_requests (id),
    data_key_id uuid NOT NULL REFERENCES data_keys (id),
    counsellor_id uuid NOT NULL REFERENCES users (id),
    phase text NOT NULL CONSTRAINT ck_counselling_appointments_phase CHECK (phase IN ('before', 'during', 'after')),
    topics text NOT NULL,
    mode text NOT NULL CONSTRAINT ck_counselling_appointments_mode CHECK (mode IN ('at_office', 'home', 'phone', 'online')),
    sealed bytea NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    status text NOT NULL CONSTRAINT ck_counselling_appointments_status CHECK (status IN ('requested', 'confirmed', 'declined', 'cancelled', 'expired', 'completed', 'no_show')),
    expires_at timestamptz,
    cancelled_by text CONSTRAINT ck_counselling_appointments_cancelled_by CHECK (cancelled_by IN ('party', 'counsellor', 'office')),
    no_show_by text CONSTRAINT ck_counselling_appointments_no_show_by CHECK (no_show_by IN ('party', 'counsellor', 'interpreter')),
    follows_id uuid REFERENCES counselling_appointments (id),
    confirmed_at timestamptz,
    completed_at timestamptz,
    calendar_sequence integer NOT NULL,
    version integer NOT NULL,
    created_by uuid,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT ck_counselling_appointments_subject CHECK (case_id IS NOT NULL OR request_id IS NOT NULL),
    CONSTRAINT ck_counselling_appointments_ends_at CHECK (starts_at < ends_at),
    CONSTRAINT ck_counselling_appointments_expires_at CHECK (status <> 'requested' OR expires_at IS NOT NULL),
    CONSTRAINT ck_counselling_appointments_cancelled CHECK ((status = 'cancelled') = (cancelled_by IS NOT NULL)),
    CONSTRAINT ck_counselling_appointments_no_show CHECK ((status = 'no_show') = (no_show_by IS NOT NULL)),
    CONSTRAINT ck_counselling_appointments_completed CHECK ((status = 'completed') = (completed_at IS NOT NULL))
);
CREATE UNIQUE INDEX uq_counselling_appointments_follows_id ON counselling_appointments (follows_id);
CREATE INDEX ix_counselling_appointments_list ON counselling_appointments (office_id, starts_at, id);
CREATE INDEX ix_counselling_appointments_counsellor ON counselling_appointments (counsellor_id, ends_at);
CREATE INDEX ix_counselling_appointments_case ON counselling_appointments (case_id, starts_at);
CREATE INDEX ix_counselling_appointments_request ON counselling_appointments (request_id) WHERE request_id IS NOT NULL;
CREATE INDEX ix_counselling_appointments_expires ON counselling_appointments (expires_at) WHERE status = 'requested';

CREATE TABLE counselling_appointment_parties (
    id uuid PRIMARY KEY,
    office_id uuid NOT NULL REFERENCES offices (id),
    appointment_id uuid NOT NULL REFERENCES counselling_appointments (id),
    party_id uuid REFERENCES counselling_parties (id),
    person_key bytea NOT NULL,
    role text NOT NULL CONSTRAINT ck_counselling_appointment_parties_role CHECK (role IN ('birth_parent', 'relative', 'guardian', 'child', 'prospective_adoptive_parent', 'adoptive_parent', 'adult_adoptee', 'caregiver')),
    side text NOT NULL CONSTRAINT ck_counselling_appointment_parties_side CHECK (side IN ('birth', 'adoptive', 'neither')),
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    is_live boolean NOT NULL,
    has_attended boolean
);
CREATE INDEX ix_counselling_appointment_parties_appointment ON counselling_appointment_parties (appointment_id, id);
CREATE INDEX ix_counselling_appointment_parties_person ON counselling_appointment_parties (office_id, person_key, ends_at);
CREATE INDEX ix_counselling_appointment_parties_party ON counselling_appointment_parties (party_id) WHERE party_id IS NOT NULL;

CREATE TABLE counselling_appointment_events (
    id uuid PRIMARY KEY,
    appointment_id uuid NOT NULL REFERENCES counselling_appointments (id),
    at timestamptz NOT NULL,
    by_id uuid,
    kind text NOT NULL,
    facts text NOT NULL,
    sealed bytea
);
CREATE INDEX ix_counselling_appointment_events_appointment ON counselling_appointment_events (appointment_id, at, id);

-- The second fence: nobody is in two places, whatever the program does. SQLite has triggers.
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE counselling_appointments ADD CONSTRAINT ex_counselling_appointments_counsellor
    EXCLUDE USING gist (counsellor_id WITH =, tstzrange(starts_at, ends_at) WITH &&)
    WHERE (status IN ('requested', 'confirmed'));
ALTER TABLE counselling_appointment_parties ADD CONSTRAINT ex_counselling_appointment_parties_person
    EXCLUDE USING gist (office_id WITH =, person_key WITH =, tstzrange(starts_at, ends_at) WITH &&)
    WHERE (is_live);
