CREATE TABLE products (
    id BLOB PRIMARY KEY,
    office_id BLOB NOT NULL REFERENCES offices (id),
    kind TEXT NOT NULL CONSTRAINT ck_products_kind CHECK (kind IN ('conference_report', 'training_report', 'survey_report', 'outreach_report', 'review_report', 'inspection_report', 'outreach_material', 'guidance_document', 'implementation_plan', 'coordination_regulation', 'annual_report', 'summary_report', 'other')),
    title TEXT NOT NULL,
    search_key TEXT NOT NULL,
    plan_task TEXT NOT NULL,
    report_year INTEGER NOT NULL,
    session_id BLOB REFERENCES training_sessions (id),
    agency_id BLOB NOT NULL REFERENCES agencies (id),
    number TEXT,
    dated_on TEXT,
    signer TEXT,
    recipients TEXT NOT NULL,
    note TEXT,
    status TEXT NOT NULL CONSTRAINT ck_products_status CHECK (status IN ('draft', 'submitted', 'approved', 'issued', 'superseded')),
    submitted_at INTEGER,
    submitted_by_id BLOB REFERENCES users (id),
    returned_reason TEXT,
    approved_at INTEGER,
    approved_by_id BLOB REFERENCES users (id),
    issued_at INTEGER,
    issued_by_id BLOB REFERENCES users (id),
    superseded_by_id BLOB REFERENCES products (id),
    superseded_at INTEGER,
    data_key_id BLOB REFERENCES data_keys (id),
    created_by_id BLOB NOT NULL REFERENCES users (id),
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT ck_products_issued_at CHECK ((status IN ('issued', 'superseded')) = (issued_at IS NOT NULL)),
    CONSTRAINT ck_products_number CHECK (issued_at IS NULL OR (dated_on IS NOT NULL AND signer IS NOT NULL)),
    CONSTRAINT ck_products_superseded_at CHECK ((status = 'superseded') = (superseded_at IS NOT NULL))
) STRICT;
CREATE INDEX ix_products_list ON products (office_id, id);
CREATE INDEX ix_products_task ON products (office_id, plan_task, id);
CREATE INDEX ix_products_session ON products (session_id);

CREATE TABLE product_files (
    id BLOB PRIMARY KEY,
    office_id BLOB NOT NULL REFERENCES offices (id),
    product_id BLOB NOT NULL REFERENCES products (id),
    media TEXT NOT NULL,
    name TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    uploaded_by_id BLOB NOT NULL REFERENCES users (id),
    removed_at INTEGER,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX ix_product_files_product ON product_files (product_id, id);

CREATE TABLE owed_products (
    id BLOB PRIMARY KEY,
    office_id BLOB NOT NULL REFERENCES offices (id),
    session_id BLOB NOT NULL REFERENCES training_sessions (id),
    kind TEXT NOT NULL CONSTRAINT ck_owed_products_kind CHECK (kind IN ('conference_report', 'training_report', 'survey_report', 'outreach_report', 'review_report', 'inspection_report', 'outreach_material', 'guidance_document', 'implementation_plan', 'coordination_regulation', 'annual_report', 'summary_report', 'other')),
    status TEXT NOT NULL CONSTRAINT ck_owed_products_status CHECK (status IN ('owed', 'delivered', 'waived')),
    product_id BLOB REFERENCES products (id),
    waived_reason TEXT,
    waived_by_id BLOB REFERENCES users (id),
    waived_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT ck_owed_products_product_id CHECK ((status = 'delivered') = (product_id IS NOT NULL)),
    CONSTRAINT ck_owed_products_waived_at CHECK ((status = 'waived') = (waived_at IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX uq_owed_products_session_id_kind ON owed_products (session_id, kind);
CREATE INDEX ix_owed_products_office ON owed_products (office_id, status, id);
