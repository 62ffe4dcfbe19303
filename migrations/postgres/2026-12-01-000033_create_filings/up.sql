CREATE TABLE obligation_filings (
    id uuid PRIMARY KEY,
    office_id uuid NOT NULL REFERENCES offices (id),
    obligation text NOT NULL,
    filed_at timestamptz NOT NULL,
    number text,
    note text,
    filed_by_id uuid REFERENCES users (id),
    withdrawn_at timestamptz,
    withdrawn_by_id uuid REFERENCES users (id),
    withdrawn_reason text,
    created_at timestamptz NOT NULL,
    CONSTRAINT ck_obligation_filings_withdrawn_at CHECK ((withdrawn_at IS NULL) = (withdrawn_reason IS NULL))
);
CREATE UNIQUE INDEX uq_obligation_filings_office_id_obligation ON obligation_filings (office_id, obligation) WHERE withdrawn_at IS NULL;
CREATE INDEX ix_obligation_filings_office ON obligation_filings (office_id, obligation, id);
