CREATE TABLE counsellor_calendars (
    counsellor_id BLOB PRIMARY KEY REFERENCES users (id),
    office_id BLOB NOT NULL REFERENCES offices (id),
    lock_seq INTEGER NOT NULL,
    version INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE counsellor_hours (
    id BLOB PRIMARY KEY,
    counsellor_id BLOB NOT NULL REFERENCES users (id),
    weekday INTEGER NOT NULL CONSTRAINT ck_counsellor_hours_weekday CHECK (weekday BETWEEN 1 AND 7),
    starts_minute INTEGER NOT NULL,
    ends_minute INTEGER NOT NULL,
    valid_from_on TEXT NOT NULL,
    valid_to_on TEXT,
    CONSTRAINT ck_counsellor_hours_minutes CHECK (starts_minute >= 0 AND starts_minute < ends_minute AND ends_minute <= 1440)
) STRICT;
CREATE INDEX ix_counsellor_hours_counsellor ON counsellor_hours (counsellor_id);

CREATE TABLE counsellor_exceptions (
    id BLOB PRIMARY KEY,
    counsellor_id BLOB NOT NULL REFERENCES users (id),
    day_on TEXT NOT NULL,
    kind TEXT NOT NULL CONSTRAINT ck_counsellor_exceptions_kind CHECK (kind IN ('open', 'closed')),
    starts_minute INTEGER NOT NULL,
    ends_minute INTEGER NOT NULL,
    CONSTRAINT ck_counsellor_exceptions_minutes CHECK (starts_minute >= 0 AND starts_minute < ends_minute AND ends_minute <= 1440)
) STRICT;
CREATE INDEX ix_counsellor_exceptions_counsellor ON counsellor_exceptions (counsellor_id, day_on);

CREATE TABLE counsellor_time_off (
    id BLOB PRIMARY KEY,
    counsellor_id BLOB NOT NULL REFERENCES users (id),
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    CONSTRAINT ck_counsellor_time_off_ends_at CHECK (starts_at < ends_at)
) STRICT;
CREATE INDEX ix_counsellor_time_off_counsellor ON counsellor_time_off (counsellor_id, ends_at);

CREATE TABLE counselled_people (
    office_id BLOB NOT NULL REFERENCES offices (id),
    person_key BLOB NOT NULL,
    lock_seq INTEGER NOT NULL,
    PRIMARY KEY (office_id, person_key)
) STRICT;

CREATE TABLE counselling_appointments (
    id BLOB PRIMARY KEY,
    office_id BLOB NOT NULL REFERENCES offices (id),
    case_id BLOB REFERENCES counselling_cases (id),
    request_id BLOB REFERENCES counselling_requests (id),
    data_key_id BLOB NOT NULL REFERENCES data_keys (id),
    counsellor_id BLOB NOT NULL REFERENCES users (id),
    phase TEXT NOT NULL CONSTRAINT ck_counselling_appointments_phase CHECK (phase IN ('before', 'during', 'after')),
    topics TEXT NOT NULL,
    mode TEXT NOT NULL CONSTRAINT ck_counselling_appointments_mode CHECK (mode IN ('at_office', 'home', 'phone', 'online')),
    sealed BLOB NOT NULL,
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    status TEXT NOT NULL CONSTRAINT ck_counselling_appointments_status CHECK (status IN ('requested', 'confirmed', 'declined', 'cancelled', 'expired', 'completed', 'no_show')),
    expires_at INTEGER,
    cancelled_by TEXT CONSTRAINT ck_counselling_appointments_cancelled_by CHECK (cancelled_by IN ('party', 'counsellor', 'office')),
    no_show_by TEXT CONSTRAINT ck_counselling_appointments_no_show_by CHECK (no_show_by IN ('party', 'counsellor', 'interpreter')),
    follows_id BLOB REFERENCES counselling_appointments (id),
    confirmed_at INTEGER,
    completed_at INTEGER,
    calendar_sequence INTEGER NOT NULL,
    version INTEGER NOT NULL,
    created_by BLOB,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT ck_counselling_appointments_subject CHECK (case_id IS NOT NULL OR request_id IS NOT NULL),
    CONSTRAINT ck_counselling_appointments_ends_at CHECK (starts_at < ends_at),
    CONSTRAINT ck_counselling_appointments_expires_at CHECK (status <> 'requested' OR expires_at IS NOT NULL),
    CONSTRAINT ck_counselling_appointments_cancelled CHECK ((status = 'cancelled') = (cancelled_by IS NOT NULL)),
    CONSTRAINT ck_counselling_appointments_no_show CHECK ((status = 'no_show') = (no_show_by IS NOT NULL)),
    CONSTRAINT ck_counselling_appointments_completed CHECK ((status = 'completed') = (completed_at IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX uq_counselling_appointments_follows_id ON counselling_appointments (follows_id);
CREATE INDEX ix_counselling_appointments_list ON counselling_appointments (office_id, starts_at, id);
CREATE INDEX ix_counselling_appointments_counsellor ON counselling_appointments (counsellor_id, ends_at);
CREATE INDEX ix_counselling_appointments_case ON counselling_appointments (case_id, starts_at);
CREATE INDEX ix_counselling_appointments_request ON counselling_appointments (request_id) WHERE request_id IS NOT NULL;
CREATE INDEX ix_counselling_appointments_expires ON counselling_appointments (expires_at) WHERE status = 'requested';

CREATE TABLE counselling_appointment_parties (
    id BLOB PRIMARY KEY,
    office_id BLOB NOT NULL REFERENCES offices (id),
    appointment_id BLOB NOT NULL REFERENCES counselling_appointments (id),
    party_id BLOB REFERENCES counselling_parties (id),
    person_key BLOB NOT NULL,
    role TEXT NOT NULL CONSTRAINT ck_counselling_appointment_parties_role CHECK (role IN ('birth_parent', 'relative', 'guardian', 'child', 'prospective_adoptive_parent', 'adoptive_parent', 'adult_adoptee', 'caregiver')),
    side TEXT NOT NULL CONSTRAINT ck_counselling_appointment_parties_side CHECK (side IN ('birth', 'adoptive', 'neither')),
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    is_live INTEGER NOT NULL,
    has_attended INTEGER
) STRICT;
CREATE INDEX ix_counselling_appointment_parties_appointment ON counselling_appointment_parties (appointment_id, id);
CREATE INDEX ix_counselling_appointment_parties_person ON counselling_appointment_parties (office_id, person_key, ends_at);
CREATE INDEX ix_counselling_appointment_parties_party ON counselling_appointment_parties (party_id) WHERE party_id IS NOT NULL;

CREATE TABLE counselling_appointment_events (
    id BLOB PRIMARY KEY,
    appointment_id BLOB NOT NULL REFERENCES counselling_appointments (id),
    at INTEGER NOT NULL,
    by_id BLOB,
    kind TEXT NOT NULL,
    facts TEXT NOT NULL,
    sealed BLOB
) STRICT;
CREATE INDEX ix_counselling_appointment_events_appointment ON counselling_appointment_events (appointment_id, at, id);

-- The second fence: nobody is in two places, whatever the program does. PostgreSQL excludes.
CREATE TRIGGER ex_counselling_appointments_counsellor_insert
BEFORE INSERT ON counselling_appointments
WHEN NEW.status IN ('requested', 'confirmed') AND EXISTS (
    SELECT 1 FROM counselling_appointments AS taken
    WHERE taken.status IN ('requested', 'confirmed')
    AND taken.counsellor_id = NEW.counsellor_id
    AND taken.id <> NEW.id AND taken.starts_at < NEW.ends_at AND NEW.starts_at < taken.ends_at
)
BEGIN
    SELECT RAISE(ABORT, 'appointment-overlap');
END;
CREATE TRIGGER ex_counselling_appointments_counsellor_update
BEFORE UPDATE ON counselling_appointments
WHEN NEW.status IN ('requested', 'confirmed') AND EXISTS (
    SELECT 1 FROM counselling_appointments AS taken
    WHERE taken.status IN ('requested', 'confirmed')
    AND taken.counsellor_id = NEW.counsellor_id
    AND taken.id <> NEW.id AND taken.starts_at < NEW.ends_at AND NEW.starts_at < taken.ends_at
)
BEGIN
    SELECT RAISE(ABORT, 'appointment-overlap');
END;
CREATE TRIGGER ex_counselling_appointment_parties_person_insert
BEFORE INSERT ON counselling_appointment_parties
WHEN NEW.is_live AND EXISTS (
    SELECT 1 FROM counselling_appointment_parties AS taken
    WHERE taken.is_live
    AND taken.office_id = NEW.office_id
    AND taken.person_key = NEW.person_key
    AND taken.id <> NEW.id AND taken.starts_at < NEW.ends_at AND NEW.starts_at < taken.ends_at
)
BEGIN
    SELECT RAISE(ABORT, 'appointment-overlap');
END;
CREATE TRIGGER ex_counselling_appointment_parties_person_update
BEFORE UPDATE ON counselling_appointment_parties
WHEN NEW.is_live AND EXISTS (
    SELECT 1 FROM counselling_appointment_parties AS taken
    WHERE taken.is_live
    AND taken.office_id = NEW.office_id
    AND taken.person_key = NEW.person_key
    AND taken.id <> NEW.id AND taken.starts_at < NEW.ends_at AND NEW.starts_at < taken.ends_at
)
BEGIN
    SELECT RAISE(ABORT, 'appointment-overlap');
END;
