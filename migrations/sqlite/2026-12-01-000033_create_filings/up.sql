CREATE TABLE obligation_filings (
    id BLOB PRIMARY KEY,
    office_id BLOB NOT NULL REFERENCES offices (id),
    obligation TEXT NOT NULL,
    filed_at INTEGER NOT NULL,
    number TEXT,
    note TEXT,
    filed_by_id BLOB REFERENCES users (id),
    withdrawn_at INTEGER,
    withdrawn_by_id BLOB REFERENCES users (id),
    withdrawn_reason TEXT,
    created_at INTEGER NOT NULL,
    CONSTRAINT ck_obligation_filings_withdrawn_at CHECK ((withdrawn_at IS NULL) = (withdrawn_reason IS NULL))
) STRICT;
CREATE UNIQUE INDEX uq_obligation_filings_office_id_obligation ON obligation_filings (office_id, obligation) WHERE withdrawn_at IS NULL;
CREATE INDEX ix_obligation_filings_office ON obligation_filings (office_id, obligation, id);
