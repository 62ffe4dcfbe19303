CREATE TABLE counselling_notes (
    id BLOB PRIMARY KEY,
    case_id BLOB NOT NULL REFERENCES counselling_cases (id),
    appointment_id BLOB,
    author_id BLOB NOT NULL REFERENCES users (id),
    status TEXT NOT NULL CONSTRAINT ck_counselling_notes_status CHECK (status IN ('draft', 'signed')),
    phase TEXT NOT NULL CONSTRAINT ck_counselling_notes_phase CHECK (phase IN ('before', 'during', 'after')),
    sealed BLOB NOT NULL,
    summary_sealed BLOB,
    signed_at INTEGER,
    shared_at INTEGER,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT ck_counselling_notes_signed_at CHECK ((status = 'signed') = (signed_at IS NOT NULL))
) STRICT;
CREATE INDEX ix_counselling_notes_case ON counselling_notes (case_id, created_at, id);

CREATE TABLE counselling_note_addenda (
    id BLOB PRIMARY KEY,
    note_id BLOB NOT NULL REFERENCES counselling_notes (id),
    author_id BLOB NOT NULL REFERENCES users (id),
    sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX ix_counselling_note_addenda_note ON counselling_note_addenda (note_id, created_at, id);

CREATE TABLE counselling_note_shares (
    note_id BLOB NOT NULL REFERENCES counselling_notes (id),
    party_id BLOB NOT NULL REFERENCES counselling_parties (id),
    shared_at INTEGER NOT NULL,
    PRIMARY KEY (note_id, party_id)
) STRICT;
CREATE INDEX ix_counselling_note_shares_party ON counselling_note_shares (party_id, shared_at);

CREATE TABLE counselling_break_glass (
    id BLOB PRIMARY KEY,
    case_id BLOB NOT NULL REFERENCES counselling_cases (id),
    user_id BLOB NOT NULL REFERENCES users (id),
    reason_sealed BLOB NOT NULL,
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL
) STRICT;
CREATE INDEX ix_counselling_break_glass_window ON counselling_break_glass (case_id, user_id, ends_at);

CREATE TABLE counselling_consents (
    id BLOB PRIMARY KEY,
    case_id BLOB NOT NULL REFERENCES counselling_cases (id),
    party_id BLOB NOT NULL REFERENCES counselling_parties (id),
    decision TEXT NOT NULL CONSTRAINT ck_counselling_consents_decision CHECK (decision IN ('given', 'refused', 'withdrawn', 'not_required')),
    taken_on TEXT NOT NULL,
    is_in_person INTEGER NOT NULL,
    domestic_days INTEGER NOT NULL,
    intercountry_days INTEGER NOT NULL,
    withdrawn_on TEXT,
    is_late INTEGER NOT NULL,
    is_flagged INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    entered_by_id BLOB,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT ck_counselling_consents_withdrawn_on CHECK ((decision = 'withdrawn') = (withdrawn_on IS NOT NULL))
) STRICT;
CREATE INDEX ix_counselling_consents_case ON counselling_consents (case_id, created_at, id);
CREATE INDEX ix_counselling_consents_party ON counselling_consents (party_id);

CREATE TABLE counselling_follow_ups (
    id BLOB PRIMARY KEY,
    case_id BLOB NOT NULL REFERENCES counselling_cases (id),
    kind TEXT NOT NULL CONSTRAINT ck_counselling_follow_ups_kind CHECK (kind IN ('follow_up', 'post_adoption_report')),
    number INTEGER,
    status TEXT NOT NULL CONSTRAINT ck_counselling_follow_ups_status CHECK (status IN ('open', 'done', 'waived')),
    planned_on TEXT NOT NULL,
    due_on TEXT NOT NULL,
    done_on TEXT,
    sealed BLOB,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT ck_counselling_follow_ups_done_on CHECK ((status = 'done') = (done_on IS NOT NULL)),
    CONSTRAINT ck_counselling_follow_ups_number CHECK ((kind = 'post_adoption_report') = (number IS NOT NULL))
) STRICT;
CREATE INDEX ix_counselling_follow_ups_case ON counselling_follow_ups (case_id, due_on, id);
CREATE UNIQUE INDEX uq_counselling_follow_ups_number ON counselling_follow_ups (case_id, number) WHERE number IS NOT NULL;
