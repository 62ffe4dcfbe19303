CREATE TABLE work_items (
    id BLOB PRIMARY KEY,
    office_id BLOB NOT NULL REFERENCES offices (id),
    kind TEXT NOT NULL CONSTRAINT ck_work_items_kind CHECK (kind IN ('request-to-triage', 'contact-family', 'question-from-family', 'appointment-unanswered', 'hours-touch-appointments', 'note-unsigned', 'override-wanted', 'closing-awaits-approval', 'transfer-received', 'consent-withdrawn', 'window-reminder-undeliverable', 'report-late', 'refusal-not-opened', 'centre-silent', 'withdrawal-asked', 'deadline-passed', 'possible-duplicate', 'mail-suppressed', 'risk-alert')),
    subject_kind TEXT NOT NULL,
    subject_id BLOB NOT NULL,
    owner_id BLOB REFERENCES users (id),
    role TEXT CONSTRAINT ck_work_items_role CHECK (role IN ('administrator', 'organiser', 'counsellor', 'supervisor', 'legal_aid_intake', 'reporter', 'contributor', 'auditor')),
    due_at INTEGER,
    done_at INTEGER,
    done_by_id BLOB REFERENCES users (id),
    dedupe_key TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT ck_work_items_whose CHECK (owner_id IS NOT NULL OR role IS NOT NULL),
    CONSTRAINT ck_work_items_done_by_id CHECK (done_by_id IS NULL OR done_at IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX uq_work_items_office_id_dedupe_key ON work_items (office_id, dedupe_key);
CREATE INDEX ix_work_items_list ON work_items (office_id, due_at, id);
CREATE INDEX ix_work_items_subject ON work_items (subject_id, kind);

CREATE TABLE risk_alerts (
    id BLOB PRIMARY KEY,
    office_id BLOB NOT NULL REFERENCES offices (id),
    code TEXT NOT NULL,
    source TEXT NOT NULL CONSTRAINT ck_risk_alerts_source CHECK (source IN ('note', 'request', 'session', 'desk')),
    subject_kind TEXT CONSTRAINT ck_risk_alerts_subject_kind CHECK (subject_kind IN ('counselling-request', 'counselling-case', 'counselling-appointment', 'legal-aid-request', 'training-session')),
    subject_id BLOB,
    data_key_id BLOB NOT NULL REFERENCES data_keys (id),
    text_sealed BLOB NOT NULL,
    result_sealed BLOB,
    informed_at INTEGER NOT NULL,
    act_by INTEGER NOT NULL,
    status TEXT NOT NULL CONSTRAINT ck_risk_alerts_status CHECK (status IN ('open', 'acknowledged', 'closed')),
    raised_by_id BLOB REFERENCES users (id),
    escalate_at INTEGER NOT NULL,
    acknowledged_at INTEGER,
    acknowledged_by_id BLOB REFERENCES users (id),
    closed_at INTEGER,
    closed_by_id BLOB REFERENCES users (id),
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT ck_risk_alerts_subject_id CHECK ((subject_kind IS NULL) = (subject_id IS NULL)),
    CONSTRAINT ck_risk_alerts_acknowledged_at CHECK ((status = 'open') = (acknowledged_at IS NULL)),
    CONSTRAINT ck_risk_alerts_closed_at CHECK ((status = 'closed') = (closed_at IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX uq_risk_alerts_office_id_code ON risk_alerts (office_id, code);
CREATE INDEX ix_risk_alerts_list ON risk_alerts (office_id, id);
CREATE INDEX ix_risk_alerts_escalate ON risk_alerts (escalate_at) WHERE status = 'open';

CREATE TABLE risk_alert_tells (
    id BLOB PRIMARY KEY,
    alert_id BLOB NOT NULL REFERENCES risk_alerts (id),
    user_id BLOB NOT NULL REFERENCES users (id),
    told_at INTEGER NOT NULL
) STRICT;
CREATE INDEX ix_risk_alert_tells_alert ON risk_alert_tells (alert_id, id);
CREATE INDEX ix_risk_alert_tells_user ON risk_alert_tells (user_id, alert_id);

CREATE TABLE delegations (
    id BLOB PRIMARY KEY,
    office_id BLOB NOT NULL REFERENCES offices (id),
    from_id BLOB REFERENCES users (id),
    to_id BLOB NOT NULL REFERENCES users (id),
    duty TEXT NOT NULL CONSTRAINT ck_delegations_duty CHECK (duty IN ('supervise_counselling', 'counsel', 'intake')),
    starts_on TEXT NOT NULL,
    ends_on TEXT NOT NULL,
    revoked_at INTEGER,
    revoked_by_id BLOB REFERENCES users (id),
    created_by_id BLOB NOT NULL REFERENCES users (id),
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT ck_delegations_to_id CHECK (from_id <> to_id),
    CONSTRAINT ck_delegations_ends_on CHECK (starts_on <= ends_on)
) STRICT;
CREATE INDEX ix_delegations_list ON delegations (office_id, id);
CREATE INDEX ix_delegations_to ON delegations (to_id, duty);
