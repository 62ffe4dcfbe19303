CREATE TABLE plan_reports (
    id BLOB PRIMARY KEY,
    office_id BLOB NOT NULL REFERENCES offices (id),
    kind TEXT NOT NULL CONSTRAINT ck_plan_reports_kind CHECK (kind IN ('annual', 'summary')),
    year INTEGER NOT NULL,
    edition INTEGER NOT NULL,
    edition_reason TEXT,
    from_on TEXT NOT NULL,
    to_on TEXT NOT NULL,
    status TEXT NOT NULL CONSTRAINT ck_plan_reports_status CHECK (status IN ('building', 'contributions_requested', 'consolidated', 'approved', 'issued', 'filed')),
    texts TEXT NOT NULL,
    contributions_due_on TEXT,
    returned_reason TEXT,
    consolidated_at INTEGER,
    consolidated_by_id BLOB REFERENCES users (id),
    approved_at INTEGER,
    approved_by_id BLOB REFERENCES users (id),
    number TEXT,
    dated_on TEXT,
    signer TEXT,
    recipients TEXT NOT NULL,
    issued_at INTEGER,
    issued_by_id BLOB REFERENCES users (id),
    filed_at INTEGER,
    filed_by_id BLOB REFERENCES users (id),
    filed_way TEXT,
    data_key_id BLOB REFERENCES data_keys (id),
    created_by_id BLOB NOT NULL REFERENCES users (id),
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT ck_plan_reports_edition CHECK ((edition = 1) = (edition_reason IS NULL)),
    CONSTRAINT ck_plan_reports_issued_at CHECK ((status IN ('issued', 'filed')) = (issued_at IS NOT NULL)),
    CONSTRAINT ck_plan_reports_number CHECK (issued_at IS NULL OR (number IS NOT NULL AND dated_on IS NOT NULL AND signer IS NOT NULL)),
    CONSTRAINT ck_plan_reports_filed_at CHECK ((status = 'filed') = (filed_at IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX uq_plan_reports_office_id_kind_year_edition ON plan_reports (office_id, kind, year, edition);

CREATE TABLE report_snapshots (
    report_id BLOB PRIMARY KEY REFERENCES plan_reports (id),
    cut_off_at INTEGER NOT NULL,
    query_version INTEGER NOT NULL,
    content TEXT NOT NULL,
    sha256 TEXT NOT NULL
) STRICT;

CREATE TABLE report_contributions (
    id BLOB PRIMARY KEY,
    office_id BLOB NOT NULL REFERENCES offices (id),
    report_id BLOB NOT NULL REFERENCES plan_reports (id),
    agency_id BLOB NOT NULL REFERENCES agencies (id),
    status TEXT NOT NULL CONSTRAINT ck_report_contributions_status CHECK (status IN ('wanted', 'submitted', 'returned', 'accepted')),
    texts TEXT NOT NULL,
    returned_reason TEXT,
    submitted_at INTEGER,
    submitted_by_id BLOB REFERENCES users (id),
    accepted_at INTEGER,
    accepted_by_id BLOB REFERENCES users (id),
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT ck_report_contributions_accepted_at CHECK ((status = 'accepted') = (accepted_at IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX uq_report_contributions_report_id_agency_id ON report_contributions (report_id, agency_id);

CREATE TABLE report_files (
    id BLOB PRIMARY KEY,
    office_id BLOB NOT NULL REFERENCES offices (id),
    report_id BLOB NOT NULL REFERENCES plan_reports (id),
    kind TEXT NOT NULL CONSTRAINT ck_report_files_kind CHECK (kind IN ('signed', 'proof')),
    media TEXT NOT NULL,
    name TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    uploaded_by_id BLOB NOT NULL REFERENCES users (id),
    removed_at INTEGER,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX ix_report_files_report ON report_files (report_id, id);
