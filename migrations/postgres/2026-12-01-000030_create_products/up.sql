CREATE TABLE products (
    id uuid PRIMARY KEY,
    office_id uuid NOT NULL REFERENCES offices (id),
    kind text NOT NULL CONSTRAINT ck_products_kind CHECK (kind IN ('conference_report', 'training_report', 'survey_report', 'outreach_report', 'review_report', 'inspection_report', 'outreach_material', 'guidance_document', 'implementation_plan', 'coordination_regulation', 'annual_report', 'summary_report', 'other')),
    title text NOT NULL,
    search_key text NOT NULL,
    plan_task text NOT NULL,
    report_year integer NOT NULL,
    session_id uuid REFERENCES training_sessions (id),
    agency_id uuid NOT NULL REFERENCES agencies (id),
    number text,
    dated_on date,
    signer text,
    recipients text NOT NULL,
    note text,
    status text NOT NULL CONSTRAINT ck_products_status CHECK (status IN ('draft', 'submitted', 'approved', 'issued', 'superseded')),
    submitted_at timestamptz,
    submitted_by_id uuid REFERENCES users (id),
    returned_reason text,
    approved_at timestamptz,
    approved_by_id uuid REFERENCES users (id),
    issued_at timestamptz,
    issued_by_id uuid REFERENCES users (id),
    superseded_by_id uuid REFERENCES products (id),
    superseded_at timestamptz,
    data_key_id uuid REFERENCES data_keys (id),
    created_by_id uuid NOT NULL REFERENCES users (id),
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT ck_products_issued_at CHECK ((status IN ('issued', 'superseded')) = (issued_at IS NOT NULL)),
    CONSTRAINT ck_products_number CHECK (issued_at IS NULL OR (dated_on IS NOT NULL AND signer IS NOT NULL)),
    CONSTRAINT ck_products_superseded_at CHECK ((status = 'superseded') = (superseded_at IS NOT NULL))
);
CREATE INDEX ix_products_list ON products (office_id, id);
CREATE INDEX ix_products_task ON products (office_id, plan_task, id);
CREATE INDEX ix_products_session ON products (session_id);

CREATE TABLE product_files (
    id uuid PRIMARY KEY,
    office_id uuid NOT NULL REFERENCES offices (id),
    product_id uuid NOT NULL REFERENCES products (id),
    media text NOT NULL,
    name text NOT NULL,
    size integer NOT NULL,
    sha256 text NOT NULL,
    uploaded_by_id uuid NOT NULL REFERENCES users (id),
    removed_at timestamptz,
    created_at timestamptz NOT NULL
);
CREATE INDEX ix_product_files_product ON product_files (product_id, id);

CREATE TABLE owed_products (
    id uuid PRIMARY KEY,
    office_id uuid NOT NULL REFERENCES offices (id),
    session_id uuid NOT NULL REFERENCES training_sessions (id),
    kind text NOT NULL CONSTRAINT ck_owed_products_kind CHECK (kind IN ('conference_report', 'training_report', 'survey_report', 'outreach_report', 'review_report', 'inspection_report', 'outreach_material', 'guidance_document', 'implementation_plan', 'coordination_regulation', 'annual_report', 'summary_report', 'other')),
    status text NOT NULL CONSTRAINT ck_owed_products_status CHECK (status IN ('owed', 'delivered', 'waived')),
    product_id uuid REFERENCES products (id),
    waived_reason text,
    waived_by_id uuid REFERENCES users (id),
    waived_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT ck_owed_products_product_id CHECK ((status = 'delivered') = (product_id IS NOT NULL)),
    CONSTRAINT ck_owed_products_waived_at CHECK ((status = 'waived') = (waived_at IS NOT NULL))
);
CREATE UNIQUE INDEX uq_owed_products_session_id_kind ON owed_products (session_id, kind);
CREATE INDEX ix_owed_products_office ON owed_products (office_id, status, id);
