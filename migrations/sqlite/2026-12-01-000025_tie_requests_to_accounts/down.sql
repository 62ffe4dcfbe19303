DROP INDEX ix_legal_aid_requests_claim;
ALTER TABLE legal_aid_requests DROP COLUMN claim_expires_at;
ALTER TABLE legal_aid_requests DROP COLUMN claim_digest;
