-- A request that staff wrote down is tied to its family's account by a one-time code.
ALTER TABLE legal_aid_requests ADD COLUMN claim_digest bytea;
ALTER TABLE legal_aid_requests ADD COLUMN claim_expires_at timestamptz;
CREATE INDEX ix_legal_aid_requests_claim ON legal_aid_requests (office_id, claim_digest) WHERE claim_digest IS NOT NULL;
