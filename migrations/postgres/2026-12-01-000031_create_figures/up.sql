CREATE TABLE indicators (
    id uuid PRIMARY KEY,
    office_id uuid NOT NULL REFERENCES offices (id),
    plan_task text NOT NULL,
    kind text NOT NULL CONSTRAINT ck_indicators_kind CHECK (kind IN ('leaflets', 'broadcasts', 'documents_reviewed', 'inspections', 'establishments_approached', 'establishments_committed', 'establishments_converted', 'children_supported', 'other')),
    title_vi text NOT NULL,
    title_en text NOT NULL,
    unit_vi text NOT NULL,
    unit_en text NOT NULL,
    agency_id uuid NOT NULL REFERENCES agencies (id),
    is_active boolean NOT NULL,
    created_by_id uuid NOT NULL REFERENCES users (id),
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX ix_indicators_task ON indicators (office_id, plan_task, id);

CREATE TABLE figures (
    id uuid PRIMARY KEY,
    office_id uuid NOT NULL REFERENCES offices (id),
    indicator_id uuid NOT NULL REFERENCES indicators (id),
    from_on date NOT NULL,
    to_on date NOT NULL,
    amount bigint NOT NULL CONSTRAINT ck_figures_amount CHECK (amount >= 0),
    source_document text NOT NULL,
    note text,
    withdrawn_at timestamptz,
    withdrawn_by_id uuid REFERENCES users (id),
    withdrawn_reason text,
    entered_by_id uuid NOT NULL REFERENCES users (id),
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT ck_figures_to_on CHECK (from_on <= to_on),
    CONSTRAINT ck_figures_withdrawn_at CHECK ((withdrawn_at IS NULL) = (withdrawn_reason IS NULL))
);
CREATE INDEX ix_figures_indicator ON figures (indicator_id, to_on, id);
