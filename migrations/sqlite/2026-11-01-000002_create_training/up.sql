CREATE TABLE training_sessions (
    id BLOB PRIMARY KEY,
    office_id BLOB NOT NULL REFERENCES offices (id),
    reference TEXT NOT NULL,
    kind TEXT NOT NULL CONSTRAINT ck_training_sessions_kind CHECK (kind IN ('conference', 'training', 'outreach', 'mobilisation', 'survey', 'inspection', 'review', 'meeting')),
    title TEXT NOT NULL,
    title_key TEXT NOT NULL,
    mail_title TEXT,
    plan_task TEXT NOT NULL,
    lead_agency_id BLOB NOT NULL REFERENCES agencies (id),
    language TEXT NOT NULL CONSTRAINT ck_training_sessions_language CHECK (language IN ('vi', 'en')),
    room_id BLOB REFERENCES rooms (id),
    online_url TEXT,
    capacity INTEGER CONSTRAINT ck_training_sessions_capacity CHECK (capacity > 0),
    waitlist INTEGER NOT NULL,
    registration_opens_at INTEGER,
    registration_closes_at INTEGER,
    visibility TEXT NOT NULL CONSTRAINT ck_training_sessions_visibility CHECK (visibility IN ('public', 'internal', 'invitation')),
    status TEXT NOT NULL CONSTRAINT ck_training_sessions_status CHECK (status IN ('draft', 'published', 'completed', 'cancelled')),
    first_starts_at INTEGER NOT NULL,
    last_ends_at INTEGER NOT NULL,
    details TEXT NOT NULL,
    tags TEXT NOT NULL,
    calendar_sequence INTEGER NOT NULL,
    published_at INTEGER,
    completed_at INTEGER,
    cancelled_at INTEGER,
    version INTEGER NOT NULL,
    created_by BLOB,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT ck_training_sessions_cancelled_at CHECK ((status = 'cancelled') = (cancelled_at IS NOT NULL)),
    CONSTRAINT ck_training_sessions_completed_at CHECK ((status = 'completed') = (completed_at IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX uq_training_sessions_office_id_reference ON training_sessions (office_id, reference);
CREATE INDEX ix_training_sessions_start ON training_sessions (office_id, first_starts_at, id);
CREATE INDEX ix_training_sessions_room ON training_sessions (room_id, first_starts_at) WHERE room_id IS NOT NULL;

CREATE TABLE training_slots (
    id BLOB PRIMARY KEY,
    session_id BLOB NOT NULL REFERENCES training_sessions (id),
    position INTEGER NOT NULL,
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    title TEXT,
    mandatory INTEGER NOT NULL,
    CONSTRAINT ck_training_slots_ends_at CHECK (ends_at > starts_at)
) STRICT;
CREATE INDEX ix_training_slots_session ON training_slots (session_id, position);

CREATE TABLE training_counters (
    session_id BLOB PRIMARY KEY REFERENCES training_sessions (id),
    lock_seq INTEGER NOT NULL,
    seats_taken INTEGER NOT NULL CONSTRAINT ck_training_counters_seats_taken CHECK (seats_taken >= 0),
    last_place INTEGER NOT NULL,
    counts TEXT NOT NULL
) STRICT;

CREATE TABLE attendees (
    id BLOB PRIMARY KEY,
    office_id BLOB NOT NULL REFERENCES offices (id),
    user_id BLOB REFERENCES users (id),
    full_name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    email TEXT,
    phone TEXT,
    sex TEXT NOT NULL CONSTRAINT ck_attendees_sex CHECK (sex IN ('female', 'male', 'other', 'unknown')),
    birth_year INTEGER,
    agency_id BLOB REFERENCES agencies (id),
    organisation TEXT,
    organisation_key TEXT,
    position TEXT,
    audience TEXT NOT NULL CONSTRAINT ck_attendees_audience CHECK (audience IN ('official', 'police', 'health', 'justice', 'education', 'residential_group', 'religious_establishment', 'care_institution', 'mass_organisation', 'family', 'other')),
    language TEXT NOT NULL CONSTRAINT ck_attendees_language CHECK (language IN ('vi', 'en')),
    merged_into BLOB REFERENCES attendees (id),
    merge_undo TEXT,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX uq_attendees_user_id ON attendees (user_id);
CREATE INDEX ix_attendees_sort ON attendees (office_id, sort_key, id);
CREATE INDEX ix_attendees_name ON attendees (office_id, name_key);
CREATE INDEX ix_attendees_merged ON attendees (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE registrations (
    id BLOB PRIMARY KEY,
    office_id BLOB NOT NULL REFERENCES offices (id),
    session_id BLOB NOT NULL REFERENCES training_sessions (id),
    attendee_id BLOB NOT NULL REFERENCES attendees (id),
    invited_attendee_id BLOB REFERENCES attendees (id),
    status TEXT NOT NULL CONSTRAINT ck_registrations_status CHECK (status IN ('invited', 'confirmed', 'waitlisted', 'declined', 'cancelled', 'merged')),
    place INTEGER NOT NULL,
    extra_seat INTEGER NOT NULL,
    walk_in INTEGER NOT NULL,
    source TEXT NOT NULL CONSTRAINT ck_registrations_source CHECK (source IN ('organiser', 'self', 'import', 'walk_in', 'sheet')),
    sex TEXT NOT NULL CONSTRAINT ck_registrations_sex CHECK (sex IN ('female', 'male', 'other', 'unknown')),
    audience TEXT NOT NULL,
    agency_id BLOB REFERENCES agencies (id),
    birth_year INTEGER,
    expected_from INTEGER,
    result TEXT CONSTRAINT ck_registrations_result CHECK (result IN ('present', 'absent', 'excused')),
    late INTEGER NOT NULL,
    left_early INTEGER NOT NULL,
    slots_present INTEGER NOT NULL,
    ticket_generation INTEGER NOT NULL,
    ticket_digest BLOB NOT NULL,
    short_code TEXT NOT NULL,
    note TEXT,
    ended_by TEXT CONSTRAINT ck_registrations_ended_by CHECK (ended_by IN ('attendee', 'office')),
    kept_id BLOB REFERENCES registrations (id),
    version INTEGER NOT NULL,
    created_by BLOB,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX uq_registrations_session_id_attendee_id ON registrations (session_id, attendee_id) WHERE status IN ('invited', 'confirmed', 'waitlisted');
CREATE UNIQUE INDEX uq_registrations_ticket_digest ON registrations (ticket_digest);
CREATE UNIQUE INDEX uq_registrations_session_id_short_code ON registrations (session_id, short_code);
CREATE INDEX ix_registrations_session ON registrations (session_id, place, id);
CREATE INDEX ix_registrations_attendee ON registrations (attendee_id, session_id);
CREATE INDEX ix_registrations_kept ON registrations (kept_id) WHERE kept_id IS NOT NULL;

CREATE TABLE attendance_events (
    id BLOB PRIMARY KEY,
    session_id BLOB NOT NULL REFERENCES training_sessions (id),
    registration_id BLOB NOT NULL REFERENCES registrations (id),
    slot_id BLOB NOT NULL,
    kind TEXT NOT NULL CONSTRAINT ck_attendance_events_kind CHECK (kind IN ('in', 'out')),
    at INTEGER NOT NULL,
    method TEXT NOT NULL CONSTRAINT ck_attendance_events_method CHECK (method IN ('qr', 'desk', 'sheet', 'import')),
    recorded_by BLOB,
    nonce TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX uq_attendance_events_session_id_nonce ON attendance_events (session_id, nonce);
CREATE INDEX ix_attendance_events_registration ON attendance_events (registration_id, slot_id);

CREATE TABLE attendance_marks (
    registration_id BLOB NOT NULL REFERENCES registrations (id),
    slot_id BLOB NOT NULL,
    session_id BLOB NOT NULL REFERENCES training_sessions (id),
    mark TEXT NOT NULL CONSTRAINT ck_attendance_marks_mark CHECK (mark IN ('present', 'absent', 'excused')),
    basis TEXT NOT NULL CONSTRAINT ck_attendance_marks_basis CHECK (basis IN ('events', 'sheet', 'override', 'completion')),
    late INTEGER NOT NULL,
    left_early INTEGER NOT NULL,
    minutes INTEGER NOT NULL,
    reason TEXT,
    recorded_by BLOB,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (registration_id, slot_id)
) STRICT;
CREATE INDEX ix_attendance_marks_session ON attendance_marks (session_id, slot_id);

CREATE TABLE import_rows (
    session_id BLOB NOT NULL REFERENCES training_sessions (id),
    file_digest BLOB NOT NULL,
    row_number INTEGER NOT NULL,
    result TEXT NOT NULL,
    registration_id BLOB,
    warnings TEXT NOT NULL,
    PRIMARY KEY (session_id, file_digest, row_number)
) STRICT;

CREATE TABLE sheet_rows (
    session_id BLOB NOT NULL REFERENCES training_sessions (id),
    row_key TEXT NOT NULL,
    registration_id BLOB NOT NULL,
    digest BLOB NOT NULL,
    PRIMARY KEY (session_id, row_key)
) STRICT;

CREATE TABLE training_reminders (
    session_id BLOB NOT NULL REFERENCES training_sessions (id),
    lead_hours INTEGER NOT NULL,
    calendar_sequence INTEGER NOT NULL,
    told_at INTEGER NOT NULL,
    PRIMARY KEY (session_id, lead_hours, calendar_sequence)
) STRICT;
