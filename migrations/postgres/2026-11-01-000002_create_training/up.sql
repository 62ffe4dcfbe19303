CREATE TABLE training_sessions (
    id uuid PRIMARY KEY,
    office_id uuid NOT NULL REFERENCES offices (id),
    reference text NOT NULL,
    kind text NOT NULL CONSTRAINT ck_training_sessions_kind CHECK (kind IN ('conference', 'training', 'outreach', 'mobilisation', 'survey', 'inspection', 'review', 'meeting')),
    title text NOT NULL,
    title_key text NOT NULL,
    mail_title text,
    plan_task text NOT NULL,
    lead_agency_id uuid NOT NULL REFERENCES agencies (id),
    language text NOT NULL CONSTRAINT ck_training_sessions_language CHECK (language IN ('vi', 'en')),
    room_id uuid REFERENCES rooms (id),
    online_url text,
    capacity integer CONSTRAINT ck_training_sessions_capacity CHECK (capacity > 0),
    waitlist boolean NOT NULL,
    registration_opens_at timestamptz,
    registration_closes_at timestamptz,
    visibility text NOT NULL CONSTRAINT ck_training_sessions_visibility CHECK (visibility IN ('public', 'internal', 'invitation')),
    status text NOT NULL CONSTRAINT ck_training_sessions_status CHECK (status IN ('draft', 'published', 'completed', 'cancelled')),
    first_starts_at timestamptz NOT NULL,
    last_ends_at timestamptz NOT NULL,
    details text NOT NULL,
    tags text NOT NULL,
    calendar_sequence integer NOT NULL,
    published_at timestamptz,
    completed_at timestamptz,
    cancelled_at timestamptz,
    version integer NOT NULL,
    created_by uuid,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT ck_training_sessions_cancelled_at CHECK ((status = 'cancelled') = (cancelled_at IS NOT NULL)),
    CONSTRAINT ck_training_sessions_completed_at CHECK ((status = 'completed') = (completed_at IS NOT NULL))
);
CREATE UNIQUE INDEX uq_training_sessions_office_id_reference ON training_sessions (office_id, reference);
CREATE INDEX ix_training_sessions_start ON training_sessions (office_id, first_starts_at, id);
CREATE INDEX ix_training_sessions_room ON training_sessions (room_id, first_starts_at) WHERE room_id IS NOT NULL;

CREATE TABLE training_slots (
    id uuid PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES training_sessions (id),
    position integer NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    title text,
    mandatory boolean NOT NULL,
    CONSTRAINT ck_training_slots_ends_at CHECK (ends_at > starts_at)
);
CREATE INDEX ix_training_slots_session ON training_slots (session_id, position);

CREATE TABLE training_counters (
    session_id uuid PRIMARY KEY REFERENCES training_sessions (id),
    lock_seq bigint NOT NULL,
    seats_taken integer NOT NULL CONSTRAINT ck_training_counters_seats_taken CHECK (seats_taken >= 0),
    last_place bigint NOT NULL,
    counts text NOT NULL
);

CREATE TABLE attendees (
    id uuid PRIMARY KEY,
    office_id uuid NOT NULL REFERENCES offices (id),
    user_id uuid REFERENCES users (id),
    full_name text NOT NULL,
    name_key text NOT NULL,
    sort_key text NOT NULL,
    email text,
    phone text,
    sex text NOT NULL CONSTRAINT ck_attendees_sex CHECK (sex IN ('female', 'male', 'other', 'unknown')),
    birth_year integer,
    agency_id uuid REFERENCES agencies (id),
    organisation text,
    organisation_key text,
    position text,
    audience text NOT NULL CONSTRAINT ck_attendees_audience CHECK (audience IN ('official', 'police', 'health', 'justice', 'education', 'residential_group', 'religious_establishment', 'care_institution', 'mass_organisation', 'family', 'other')),
    language text NOT NULL CONSTRAINT ck_attendees_language CHECK (language IN ('vi', 'en')),
    merged_into uuid REFERENCES attendees (id),
    merge_undo text,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX uq_attendees_user_id ON attendees (user_id);
CREATE INDEX ix_attendees_sort ON attendees (office_id, sort_key, id);
CREATE INDEX ix_attendees_name ON attendees (office_id, name_key);
CREATE INDEX ix_attendees_merged ON attendees (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE registrations (
    id uuid PRIMARY KEY,
    office_id uuid NOT NULL REFERENCES offices (id),
    session_id uuid NOT NULL REFERENCES training_sessions (id),
    attendee_id uuid NOT NULL REFERENCES attendees (id),
    invited_attendee_id uuid REFERENCES attendees (id),
    status text NOT NULL CONSTRAINT ck_registrations_status CHECK (status IN ('invited', 'confirmed', 'waitlisted', 'declined', 'cancelled', 'merged')),
    place bigint NOT NULL,
    extra_seat boolean NOT NULL,
    walk_in boolean NOT NULL,
    source text NOT NULL CONSTRAINT ck_registrations_source CHECK (source IN ('organiser', 'self', 'import', 'walk_in', 'sheet')),
    sex text NOT NULL CONSTRAINT ck_registrations_sex CHECK (sex IN ('female', 'male', 'other', 'unknown')),
    audience text NOT NULL,
    agency_id uuid REFERENCES agencies (id),
    birth_year integer,
    expected_from timestamptz,
    result text CONSTRAINT ck_registrations_result CHECK (result IN ('present', 'absent', 'excused')),
    late boolean NOT NULL,
    left_early boolean NOT NULL,
    slots_present integer NOT NULL,
    ticket_generation integer NOT NULL,
    ticket_digest bytea NOT NULL,
    short_code text NOT NULL,
    note text,
    ended_by text CONSTRAINT ck_registrations_ended_by CHECK (ended_by IN ('attendee', 'office')),
    kept_id uuid REFERENCES registrations (id),
    version integer NOT NULL,
    created_by uuid,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX uq_registrations_session_id_attendee_id ON registrations (session_id, attendee_id) WHERE status IN ('invited', 'confirmed', 'waitlisted');
CREATE UNIQUE INDEX uq_registrations_ticket_digest ON registrations (ticket_digest);
CREATE UNIQUE INDEX uq_registrations_session_id_short_code ON registrations (session_id, short_code);
CREATE INDEX ix_registrations_session ON registrations (session_id, place, id);
CREATE INDEX ix_registrations_attendee ON registrations (attendee_id, session_id);
CREATE INDEX ix_registrations_kept ON registrations (kept_id) WHERE kept_id IS NOT NULL;

CREATE TABLE attendance_events (
    id uuid PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES training_sessions (id),
    registration_id uuid NOT NULL REFERENCES registrations (id),
    slot_id uuid NOT NULL,
    kind text NOT NULL CONSTRAINT ck_attendance_events_kind CHECK (kind IN ('in', 'out')),
    at timestamptz NOT NULL,
    method text NOT NULL CONSTRAINT ck_attendance_events_method CHECK (method IN ('qr', 'desk', 'sheet', 'import')),
    recorded_by uuid,
    nonce text NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX uq_attendance_events_session_id_nonce ON attendance_events (session_id, nonce);
CREATE INDEX ix_attendance_events_registration ON attendance_events (registration_id, slot_id);

CREATE TABLE attendance_marks (
    registration_id uuid NOT NULL REFERENCES registrations (id),
    slot_id uuid NOT NULL,
    session_id uuid NOT NULL REFERENCES training_sessions (id),
    mark text NOT NULL CONSTRAINT ck_attendance_marks_mark CHECK (mark IN ('present', 'absent', 'excused')),
    basis text NOT NULL CONSTRAINT ck_attendance_marks_basis CHECK (basis IN ('events', 'sheet', 'override', 'completion')),
    late boolean NOT NULL,
    left_early boolean NOT NULL,
    minutes integer NOT NULL,
    reason text,
    recorded_by uuid,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (registration_id, slot_id)
);
CREATE INDEX ix_attendance_marks_session ON attendance_marks (session_id, slot_id);

CREATE TABLE import_rows (
    session_id uuid NOT NULL REFERENCES training_sessions (id),
    file_digest bytea NOT NULL,
    row_number integer NOT NULL,
    result text NOT NULL,
    registration_id uuid,
    warnings text NOT NULL,
    PRIMARY KEY (session_id, file_digest, row_number)
);

CREATE TABLE sheet_rows (
    session_id uuid NOT NULL REFERENCES training_sessions (id),
    row_key text NOT NULL,
    registration_id uuid NOT NULL,
    digest bytea NOT NULL,
    PRIMARY KEY (session_id, row_key)
);

CREATE TABLE training_reminders (
    session_id uuid NOT NULL REFERENCES training_sessions (id),
    lead_hours integer NOT NULL,
    calendar_sequence integer NOT NULL,
    told_at timestamptz NOT NULL,
    PRIMARY KEY (session_id, lead_hours, calendar_sequence)
);
