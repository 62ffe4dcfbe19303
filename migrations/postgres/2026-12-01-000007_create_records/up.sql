CREATE TABLE counselling_notes (
    id uuid PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES counselling_cases (id),
    appointment_id uuid,
    author_id uuid NOT NULL REFERENCES users (id),
    status text NOT NULL CONSTRAINT ck_counselling_notes_status CHECK (status IN ('draft', 'signed')),
    phase text NOT NULL CONSTRAINT ck_counselling_notes_phase CHECK (phase IN ('before', 'during', 'after')),
    sealed bytea NOT NULL,
    summary_sealed bytea,
    signed_at timestamptz,
    shared_at timestamptz,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT ck_counselling_notes_signed_at CHECK ((status = 'signed') = (signed_at IS NOT NULL))
);
CREATE INDEX ix_counselling_notes_case ON counselling_notes (case_id, created_at, id);

CREATE TABLE counselling_note_addenda (
    id uuid PRIMARY KEY,
    note_id uuid NOT NULL REFERENCES counselling_notes (id),
    author_id uuid NOT NULL REFERENCES users (id),
    sealed bytea NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX ix_counselling_note_addenda_note ON counselling_note_addenda (note_id, created_at, id);

CREATE TABLE counselling_note_shares (
    note_id uuid NOT NULL REFERENCES counselling_notes (id),
    party_id uuid NOT NULL REFERENCES counselling_parties (id),
    shared_at timestamptz NOT NULL,
    PRIMARY KEY (note_id, party_id)
);
CREATE INDEX ix_counselling_note_shares_party ON counselling_note_shares (party_id, shared_at);

CREATE TABLE counselling_break_glass (
    id uuid PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES counselling_cases (id),
    user_id uuid NOT NULL REFERENCES users (id),
    reason_sealed bytea NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL
);
CREATE INDEX ix_counselling_break_glass_window ON counselling_break_glass (case_id, user_id, ends_at);

CREATE TABLE counselling_consents (
    id uuid PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES counselling_cases (id),
    party_id uuid NOT NULL REFERENCES counselling_parties (id),
    decision text NOT NULL CONSTRAINT ck_counselling_consents_decision CHECK (decision IN ('given', 'refused', 'withdrawn', 'not_required')),
    taken_on date NOT NULL,
    is_in_person boolean NOT NULL,
    domestic_days integer NOT NULL,
    intercountry_days integer NOT NULL,
    withdrawn_on date,
    is_late boolean NOT NULL,
    is_flagged boolean NOT NULL,
    sealed bytea NOT NULL,
    entered_by_id uuid,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT ck_counselling_consents_withdrawn_on CHECK ((decision = 'withdrawn') = (withdrawn_on IS NOT NULL))
);
CREATE INDEX ix_counselling_consents_case ON counselling_consents (case_id, created_at, id);
CREATE INDEX ix_counselling_consents_party ON counselling_consents (party_id);

CREATE TABLE counselling_follow_ups (
    id uuid PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES counselling_cases (id),
    kind text NOT NULL CONSTRAINT ck_counselling_follow_ups_kind CHECK (kind IN ('follow_up', 'post_adoption_report')),
    number integer,
    status text NOT NULL CONSTRAINT ck_counselling_follow_ups_status CHECK (status IN ('open', 'done', 'waived')),
    planned_on date NOT NULL,
    due_on date NOT NULL,
    done_on date,
    sealed bytea,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT ck_counselling_follow_ups_done_on CHECK ((status = 'done') = (done_on IS NOT NULL)),
    CONSTRAINT ck_counselling_follow_ups_number CHECK ((kind = 'post_adoption_report') = (number IS NOT NULL))
);
CREATE INDEX ix_counselling_follow_ups_case ON counselling_follow_ups (case_id, due_on, id);
CREATE UNIQUE INDEX uq_counselling_follow_ups_number ON counselling_follow_ups (case_id, number) WHERE number IS NOT NULL;
