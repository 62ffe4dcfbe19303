CREATE TABLE concerns (
    id uuid PRIMARY KEY,
    office_id uuid NOT NULL REFERENCES offices (id),
    code text NOT NULL,
    topic text NOT NULL,
    source text NOT NULL CONSTRAINT ck_concerns_source CHECK (source IN ('counselling', 'legal_aid', 'session', 'inspection', 'desk', 'letter', 'agency', 'media', 'other')),
    informed_on date NOT NULL,
    data_key_id uuid NOT NULL REFERENCES data_keys (id),
    text_sealed bytea NOT NULL,
    answer_sealed bytea,
    status text NOT NULL CONSTRAINT ck_concerns_status CHECK (status IN ('recorded', 'referred', 'answered', 'closed')),
    referred_to text,
    referred_on date,
    referral_number text,
    referred_by_id uuid REFERENCES users (id),
    answered_on date,
    answer_number text,
    reason_sealed bytea,
    closed_at timestamptz,
    closed_by_id uuid REFERENCES users (id),
    recorded_by_id uuid NOT NULL REFERENCES users (id),
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT ck_concerns_closed_at CHECK ((status = 'closed') = (closed_at IS NOT NULL)),
    CONSTRAINT ck_concerns_referred_on CHECK ((referred_to IS NULL) = (referred_on IS NULL)),
    CONSTRAINT ck_concerns_answered_on CHECK (answered_on IS NULL OR referred_on IS NOT NULL)
);
CREATE UNIQUE INDEX uq_concerns_office_id_code ON concerns (office_id, code);
CREATE INDEX ix_concerns_list ON concerns (office_id, id);
CREATE INDEX ix_concerns_day ON concerns (office_id, informed_on, id);

CREATE TABLE difficulties (
    id uuid PRIMARY KEY,
    office_id uuid NOT NULL REFERENCES offices (id),
    agency_id uuid NOT NULL REFERENCES agencies (id),
    plan_task text,
    title text NOT NULL,
    search_key text NOT NULL,
    text text NOT NULL,
    proposal text,
    raised_on date NOT NULL,
    status text NOT NULL CONSTRAINT ck_difficulties_status CHECK (status IN ('raised', 'forwarded', 'answered', 'closed')),
    forwarded_to text,
    forwarded_on date,
    forward_number text,
    forwarded_by_id uuid REFERENCES users (id),
    answer text,
    answered_on date,
    answer_number text,
    answered_by_id uuid REFERENCES users (id),
    closed_at timestamptz,
    closed_by_id uuid REFERENCES users (id),
    closed_reason text,
    raised_by_id uuid NOT NULL REFERENCES users (id),
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT ck_difficulties_closed_at CHECK ((status = 'closed') = (closed_at IS NOT NULL)),
    CONSTRAINT ck_difficulties_forwarded_on CHECK ((forwarded_to IS NULL) = (forwarded_on IS NULL)),
    CONSTRAINT ck_difficulties_answered_on CHECK ((answer IS NULL) = (answered_on IS NULL))
);
CREATE INDEX ix_difficulties_list ON difficulties (office_id, id);
CREATE INDEX ix_difficulties_agency ON difficulties (office_id, agency_id, id);
CREATE INDEX ix_difficulties_day ON difficulties (office_id, raised_on, id);
