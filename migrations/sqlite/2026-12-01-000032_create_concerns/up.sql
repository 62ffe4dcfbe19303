CREATE TABLE concerns (
    id BLOB PRIMARY KEY,
    office_id BLOB NOT NULL REFERENCES offices (id),
    code TEXT NOT NULL,
    topic TEXT NOT NULL,
    source TEXT NOT NULL CONSTRAINT ck_concerns_source CHECK (source IN ('counselling', 'legal_aid', 'session', 'inspection', 'desk', 'letter', 'agency', 'media', 'other')),
    informed_on TEXT NOT NULL,
    data_key_id BLOB NOT NULL REFERENCES data_keys (id),
    text_sealed BLOB NOT NULL,
    answer_sealed BLOB,
    status TEXT NOT NULL CONSTRAINT ck_concerns_status CHECK (status IN ('recorded', 'referred', 'answered', 'closed')),
    referred_to TEXT,
    referred_on TEXT,
    referral_number TEXT,
    referred_by_id BLOB REFERENCES users (id),
    answered_on TEXT,
    answer_number TEXT,
    reason_sealed BLOB,
    closed_at INTEGER,
    closed_by_id BLOB REFERENCES users (id),
    recorded_by_id BLOB NOT NULL REFERENCES users (id),
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT ck_concerns_closed_at CHECK ((status = 'closed') = (closed_at IS NOT NULL)),
    CONSTRAINT ck_concerns_referred_on CHECK ((referred_to IS NULL) = (referred_on IS NULL)),
    CONSTRAINT ck_concerns_answered_on CHECK (answered_on IS NULL OR referred_on IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX uq_concerns_office_id_code ON concerns (office_id, code);
CREATE INDEX ix_concerns_list ON concerns (office_id, id);
CREATE INDEX ix_concerns_day ON concerns (office_id, informed_on, id);

CREATE TABLE difficulties (
    id BLOB PRIMARY KEY,
    office_id BLOB NOT NULL REFERENCES offices (id),
    agency_id BLOB NOT NULL REFERENCES agencies (id),
    plan_task TEXT,
    title TEXT NOT NULL,
    search_key TEXT NOT NULL,
    text TEXT NOT NULL,
    proposal TEXT,
    raised_on TEXT NOT NULL,
    status TEXT NOT NULL CONSTRAINT ck_difficulties_status CHECK (status IN ('raised', 'forwarded', 'answered', 'closed')),
    forwarded_to TEXT,
    forwarded_on TEXT,
    forward_number TEXT,
    forwarded_by_id BLOB REFERENCES users (id),
    answer TEXT,
    answered_on TEXT,
    answer_number TEXT,
    answered_by_id BLOB REFERENCES users (id),
    closed_at INTEGER,
    closed_by_id BLOB REFERENCES users (id),
    closed_reason TEXT,
    raised_by_id BLOB NOT NULL REFERENCES users (id),
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT ck_difficulties_closed_at CHECK ((status = 'closed') = (closed_at IS NOT NULL)),
    CONSTRAINT ck_difficulties_forwarded_on CHECK ((forwarded_to IS NULL) = (forwarded_on IS NULL)),
    CONSTRAINT ck_difficulties_answered_on CHECK ((answer IS NULL) = (answered_on IS NULL))
) STRICT;
CREATE INDEX ix_difficulties_list ON difficulties (office_id, id);
CREATE INDEX ix_difficulties_agency ON difficulties (office_id, agency_id, id);
CREATE INDEX ix_difficulties_day ON difficulties (office_id, raised_on, id);
