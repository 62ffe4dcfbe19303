CREATE TABLE plan_reports (
    id uuid PRIMARY KEY,
    office_id uuid NOT NULL REFERENCES offices (id),
    kind text NOT NULL CONSTRAINT ck_plan_reports_kind CHECK (kind IN ('annual', 'summary')),
    year integer NOT NULL,
    edition integer NOT NULL,
    edition_reason text,
    from_on date NOT NULL,
    to_on date NOT NULL,
    status text NOT NULL CONSTRAINT ck_plan_reports_status CHECK (status IN ('building', 'contributions_requested', 'consolidated', 'approved', 'issued', 'filed')),
    texts text NOT NULL,
    contributions_due_on date,
    returned_reason text,
    consolidated_at timestamptz,
    consolidated_by_id uuid REFERENCES users (id),
    approved_at timestamptz,
    approved_by_id uuid REFERENCES users (id),
    number text,
    dated_on date,
    signer text,
    recipients text NOT NULL,
    issued_at timestamptz,
    issued_by_id uuid REFERENCES users (id),
    filed_at timestamptz,
    filed_by_id uuid REFERENCES users (id),
    filed_way text,
    data_key_id uuid REFERENCES data_keys (id),
    created_by_id uuid NOT NULL REFERENCES users (id),
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT ck_plan_reports_edition CHECK ((edition = 1) = (edition_reason IS NULL)),
    CONSTRAINT ck_plan_reports_issued_at CHECK ((status IN ('issued', 'filed')) = (issued_at IS NOT NULL)),
    CONSTRAINT ck_plan_reports_number CHECK (issued_at IS NULL OR (number IS NOT NULL AND dated_on IS NOT NULL AND signer IS NOT NULL)),
    CONSTRAINT ck_plan_reports_filed_at CHECK ((status = 'filed') = (filed_at IS NOT NULL))
);
CREATE UNIQUE INDEX uq_plan_reports_office_id_kind_year_edition ON plan_reports (office_id, kind, year, edition);

CREATE TABLE report_snapshots (
    report_id uuid PRIMARY KEY REFERENCES plan_reports (id),
    cut_off_at timestamptz NOT NULL,
    query_version integer NOT NULL,
    content text NOT NULL,
    sha256 text NOT NULL
);

CREATE TABLE report_contributions (
    id uuid PRIMARY KEY,
    office_id uuid NOT NULL REFERENCES offices (id),
    report_id uuid NOT NULL REFERENCES plan_reports (id),
    agency_id uuid NOT NULL REFERENCES agencies (id),
    status text NOT NULL CONSTRAINT ck_report_contributions_status CHECK (status IN ('wanted', 'submitted', 'returned', 'accepted')),
    texts text NOT NULL,
    returned_reason text,
    submitted_at timestamptz,
    submitted_by_id uuid REFERENCES users (id),
    accepted_at timestamptz,
    accepted_by_id uuid REFERENCES users (id),
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT ck_report_contributions_accepted_at CHECK ((status = 'accepted') = (accepted_at IS NOT NULL))
);
CREATE UNIQUE INDEX uq_report_contributions_report_id_agency_id ON report_contributions (report_id, agency_id);

CREATE TABLE report_files (
    id uuid PRIMARY KEY,
    office_id uuid NOT NULL REFERENCES offices (id),
    report_id uuid NOT NULL REFERENCES plan_reports (id),
    kind text NOT NULL CONSTRAINT ck_report_files_kind CHECK (kind IN ('signed', 'proof')),
    media text NOT NULL,
    name text NOT NULL,
    size integer NOT NULL,
    sha256 text NOT NULL,
    uploaded_by_id uuid NOT NULL REFERENCES users (id),
    removed_at timestamptz,
    created_at timestamptz NOT NULL
);
CREATE INDEX ix_report_files_report ON report_files (report_id, id);
