CREATE TABLE indicators (
    id BLOB PRIMARY KEY,
    office_id BLOB NOT NULL REFERENCES offices (id),
    plan_task TEXT NOT NULL,
    kind TEXT NOT NULL CONSTRAINT ck_indicators_kind CHECK (kind IN ('leaflets', 'broadcasts', 'documents_reviewed', 'inspections', 'establishments_approached', 'establishments_committed', 'establishments_converted', 'children_supported', 'other')),
    title_vi TEXT NOT NULL,
    title_en TEXT NOT NULL,
    unit_vi TEXT NOT NULL,
    unit_en TEXT NOT NULL,
    agency_id BLOB NOT NULL REFERENCES agencies (id),
    is_active INTEGER NOT NULL,
    created_by_id BLOB NOT NULL REFERENCES users (id),
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX ix_indicators_task ON indicators (office_id, plan_task, id);

CREATE TABLE figures (
    id BLOB PRIMARY KEY,
    office_id BLOB NOT NULL REFERENCES offices (id),
    indicator_id BLOB NOT NULL REFERENCES indicators (id),
    from_on TEXT NOT NULL,
    to_on TEXT NOT NULL,
    amount INTEGER NOT NULL CONSTRAINT ck_figures_amount CHECK (amount >= 0),
    source_document TEXT NOT NULL,
    note TEXT,
    withdrawn_at INTEGER,
    withdrawn_by_id BLOB REFERENCES users (id),
    withdrawn_reason TEXT,
    entered_by_id BLOB NOT NULL REFERENCES users (id),
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT ck_figures_to_on CHECK (from_on <= to_on),
    CONSTRAINT ck_figures_withdrawn_at CHECK ((withdrawn_at IS NULL) = (withdrawn_reason IS NULL))
) STRICT;
CREATE INDEX ix_figures_indicator ON figures (indicator_id, to_on, id);
