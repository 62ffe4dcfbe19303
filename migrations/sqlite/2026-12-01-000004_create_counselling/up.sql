CREATE TABLE counselling_requests (
    id BLOB PRIMARY KEY,
    office_id BLOB NOT NULL REFERENCES offices (id),
    code TEXT NOT NULL,
    user_id BLOB REFERENCES users (id),
    data_key_id BLOB NOT NULL REFERENCES data_keys (id),
    status TEXT NOT NULL CONSTRAINT ck_counselling_requests_status CHECK (status IN ('received', 'contacted', 'case_opened', 'redirected', 'withdrawn', 'unreachable')),
    channel TEXT NOT NULL CONSTRAINT ck_counselling_requests_channel CHECK (channel IN ('online', 'desk', 'phone', 'post', 'partner')),
    party_role TEXT NOT NULL CONSTRAINT ck_counselling_requests_party_role CHECK (party_role IN ('birth_parent', 'relative', 'guardian', 'child', 'prospective_adoptive_parent', 'adoptive_parent', 'adult_adoptee', 'caregiver')),
    language TEXT NOT NULL CONSTRAINT ck_counselling_requests_language CHECK (language IN ('vi', 'en')),
    sealed BLOB NOT NULL,
    assignee_id BLOB REFERENCES users (id),
    contact_due_on TEXT NOT NULL,
    first_contacted_at INTEGER,
    case_id BLOB,
    ended_at INTEGER,
    version INTEGER NOT NULL,
    created_by BLOB,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX uq_counselling_requests_office_id_code ON counselling_requests (office_id, code);
CREATE INDEX ix_counselling_requests_list ON counselling_requests (office_id, created_at, id);
CREATE INDEX ix_counselling_requests_user ON counselling_requests (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX ix_counselling_requests_case ON counselling_requests (case_id) WHERE case_id IS NOT NULL;

CREATE TABLE counselling_contact_tries (
    id BLOB PRIMARY KEY,
    request_id BLOB NOT NULL REFERENCES counselling_requests (id),
    tried_on TEXT NOT NULL,
    tried_at INTEGER NOT NULL,
    tried_by BLOB NOT NULL,
    means TEXT NOT NULL CONSTRAINT ck_counselling_contact_tries_means CHECK (means IN ('call', 'email', 'visit', 'desk')),
    is_reached INTEGER NOT NULL
) STRICT;
CREATE INDEX ix_counselling_contact_tries_request ON counselling_contact_tries (request_id, tried_at);

CREATE TABLE counselling_cases (
    id BLOB PRIMARY KEY,
    office_id BLOB NOT NULL REFERENCES offices (id),
    reference TEXT NOT NULL,
    data_key_id BLOB NOT NULL REFERENCES data_keys (id),
    adoption_kind TEXT NOT NULL CONSTRAINT ck_counselling_cases_adoption_kind CHECK (adoption_kind IN ('domestic', 'intercountry', 'undetermined')),
    in_family TEXT NOT NULL CONSTRAINT ck_counselling_cases_in_family CHECK (in_family IN ('none', 'step_parent', 'aunt', 'uncle')),
    in_family_confirmed_by BLOB,
    phase TEXT NOT NULL CONSTRAINT ck_counselling_cases_phase CHECK (phase IN ('before', 'during', 'after')),
    checklist TEXT NOT NULL,
    status TEXT NOT NULL CONSTRAINT ck_counselling_cases_status CHECK (status IN ('open', 'on_hold', 'closed')),
    hold_reason TEXT CONSTRAINT ck_counselling_cases_hold_reason CHECK (hold_reason IN ('consent_withdrawn', 'other')),
    counsellor_id BLOB NOT NULL REFERENCES users (id),
    supervisor_id BLOB REFERENCES users (id),
    transfer_to_id BLOB REFERENCES users (id),
    closing_asked_by BLOB,
    erasure_asked_by BLOB,
    outcome TEXT CONSTRAINT ck_counselling_cases_outcome CHECK (outcome IN ('family_preserved', 'kinship_care', 'adopted_domestic', 'adopted_intercountry', 'consent_withdrawn', 'other_care', 'application_withdrawn', 'moved')),
    hand_over_on TEXT,
    sealed BLOB NOT NULL,
    is_restricted INTEGER NOT NULL,
    lock_seq INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    closed_at INTEGER,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT ck_counselling_cases_closed_at CHECK ((status = 'closed') = (closed_at IS NOT NULL)),
    CONSTRAINT ck_counselling_cases_held CHECK ((status = 'on_hold') = (hold_reason IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX uq_counselling_cases_office_id_reference ON counselling_cases (office_id, reference);
CREATE INDEX ix_counselling_cases_list ON counselling_cases (office_id, opened_at, id);
CREATE INDEX ix_counselling_cases_counsellor ON counselling_cases (counsellor_id, opened_at, id);

CREATE TABLE counselling_case_events (
    id BLOB PRIMARY KEY,
    case_id BLOB NOT NULL REFERENCES counselling_cases (id),
    at INTEGER NOT NULL,
    by_id BLOB,
    kind TEXT NOT NULL,
    facts TEXT NOT NULL,
    sealed BLOB
) STRICT;
CREATE INDEX ix_counselling_case_events_case ON counselling_case_events (case_id, at, id);

CREATE TABLE counselling_parties (
    id BLOB PRIMARY KEY,
    office_id BLOB NOT NULL REFERENCES offices (id),
    case_id BLOB NOT NULL REFERENCES counselling_cases (id),
    code TEXT NOT NULL,
    role TEXT NOT NULL CONSTRAINT ck_counselling_parties_role CHECK (role IN ('birth_parent', 'relative', 'guardian', 'child', 'prospective_adoptive_parent', 'adoptive_parent', 'adult_adoptee', 'caregiver')),
    language TEXT NOT NULL CONSTRAINT ck_counselling_parties_language CHECK (language IN ('vi', 'en')),
    user_id BLOB REFERENCES users (id),
    person_key BLOB NOT NULL,
    sealed BLOB NOT NULL,
    claim_digest BLOB,
    claim_expires_at INTEGER,
    claim_tries INTEGER NOT NULL,
    removed_at INTEGER,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX uq_counselling_parties_office_id_code ON counselling_parties (office_id, code);
CREATE INDEX ix_counselling_parties_case ON counselling_parties (case_id, created_at, id);
CREATE INDEX ix_counselling_parties_user ON counselling_parties (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX ix_counselling_parties_person ON counselling_parties (office_id, person_key);
