CREATE TABLE counselling_requests (
    id uuid PRIMARY KEY,
    office_id uuid NOT NULL REFERENCES offices (id),
    code text NOT NULL,
    user_id uuid REFERENCES users (id),
    data_key_id uuid NOT NULL REFERENCES data_keys (id),
    status text NOT NULL CONSTRAINT ck_counselling_requests_status CHECK (status IN ('received', 'contacted', 'case_opened', 'redirected', 'withdrawn', 'unreachable')),
    channel text NOT NULL CONSTRAINT ck_counselling_requests_channel CHECK (channel IN ('online', 'desk', 'phone', 'post', 'partner')),
    party_role text NOT NULL CONSTRAINT ck_counselling_requests_party_role CHECK (party_role IN ('birth_parent', 'relative', 'guardian', 'child', 'prospective_adoptive_parent', 'adoptive_parent', 'adult_adoptee', 'caregiver')),
    language text NOT NULL CONSTRAINT ck_counselling_requests_language CHECK (language IN ('vi', 'en')),
    sealed bytea NOT NULL,
    assignee_id uuid REFERENCES users (id),
    contact_due_on date NOT NULL,
    first_contacted_at timestamptz,
    case_id uuid,
    ended_at timestamptz,
    version integer NOT NULL,
    created_by uuid,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX uq_counselling_requests_office_id_code ON counselling_requests (office_id, code);
CREATE INDEX ix_counselling_requests_list ON counselling_requests (office_id, created_at, id);
CREATE INDEX ix_counselling_requests_user ON counselling_requests (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX ix_counselling_requests_case ON counselling_requests (case_id) WHERE case_id IS NOT NULL;

CREATE TABLE counselling_contact_tries (
    id uuid PRIMARY KEY,
    request_id uuid NOT NULL REFERENCES counselling_requests (id),
    tried_on date NOT NULL,
    tried_at timestamptz NOT NULL,
    tried_by uuid NOT NULL,
    means text NOT NULL CONSTRAINT ck_counselling_contact_tries_means CHECK (means IN ('call', 'email', 'visit', 'desk')),
    is_reached boolean NOT NULL
);
CREATE INDEX ix_counselling_contact_tries_request ON counselling_contact_tries (request_id, tried_at);

CREATE TABLE counselling_cases (
    id uuid PRIMARY KEY,
    office_id uuid NOT NULL REFERENCES offices (id),
    reference text NOT NULL,
    data_key_id uuid NOT NULL REFERENCES data_keys (id),
    adoption_kind text NOT NULL CONSTRAINT ck_counselling_cases_adoption_kind CHECK (adoption_kind IN ('domestic', 'intercountry', 'undetermined')),
    in_family text NOT NULL CONSTRAINT ck_counselling_cases_in_family CHECK (in_family IN ('none', 'step_parent', 'aunt', 'uncle')),
    in_family_confirmed_by uuid,
    phase text NOT NULL CONSTRAINT ck_counselling_cases_phase CHECK (phase IN ('before', 'during', 'after')),
    checklist text NOT NULL,
    status text NOT NULL CONSTRAINT ck_counselling_cases_status CHECK (status IN ('open', 'on_hold', 'closed')),
    hold_reason text CONSTRAINT ck_counselling_cases_hold_reason CHECK (hold_reason IN ('consent_withdrawn', 'other')),
    counsellor_id uuid NOT NULL REFERENCES users (id),
    supervisor_id uuid REFERENCES users (id),
    transfer_to_id uuid REFERENCES users (id),
    closing_asked_by uuid,
    erasure_asked_by uuid,
    outcome text CONSTRAINT ck_counselling_cases_outcome CHECK (outcome IN ('family_preserved', 'kinship_care', 'adopted_domestic', 'adopted_intercountry', 'consent_withdrawn', 'other_care', 'application_withdrawn', 'moved')),
    hand_over_on date,
    sealed bytea NOT NULL,
    is_restricted boolean NOT NULL,
    lock_seq integer NOT NULL,
    opened_at timestamptz NOT NULL,
    closed_at timestamptz,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT ck_counselling_cases_closed_at CHECK ((status = 'closed') = (closed_at IS NOT NULL)),
    CONSTRAINT ck_counselling_cases_held CHECK ((status = 'on_hold') = (hold_reason IS NOT NULL))
);
CREATE UNIQUE INDEX uq_counselling_cases_office_id_reference ON counselling_cases (office_id, reference);
CREATE INDEX ix_counselling_cases_list ON counselling_cases (office_id, opened_at, id);
CREATE INDEX ix_counselling_cases_counsellor ON counselling_cases (counsellor_id, opened_at, id);

CREATE TABLE counselling_case_events (
    id uuid PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES counselling_cases (id),
    at timestamptz NOT NULL,
    by_id uuid,
    kind text NOT NULL,
    facts text NOT NULL,
    sealed bytea
);
CREATE INDEX ix_counselling_case_events_case ON counselling_case_events (case_id, at, id);

CREATE TABLE counselling_parties (
    id uuid PRIMARY KEY,
    office_id uuid NOT NULL REFERENCES offices (id),
    case_id uuid NOT NULL REFERENCES counselling_cases (id),
    code text NOT NULL,
    role text NOT NULL CONSTRAINT ck_counselling_parties_role CHECK (role IN ('birth_parent', 'relative', 'guardian', 'child', 'prospective_adoptive_parent', 'adoptive_parent', 'adult_adoptee', 'caregiver')),
    language text NOT NULL CONSTRAINT ck_counselling_parties_language CHECK (language IN ('vi', 'en')),
    user_id uuid REFERENCES users (id),
    person_key bytea NOT NULL,
    sealed bytea NOT NULL,
    claim_digest bytea,
    claim_expires_at timestamptz,
    claim_tries integer NOT NULL,
    removed_at timestamptz,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX uq_counselling_parties_office_id_code ON counselling_parties (office_id, code);
CREATE INDEX ix_counselling_parties_case ON counselling_parties (case_id, created_at, id);
CREATE INDEX ix_counselling_parties_user ON counselling_parties (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX ix_counselling_parties_person ON counselling_parties (office_id, person_key);
