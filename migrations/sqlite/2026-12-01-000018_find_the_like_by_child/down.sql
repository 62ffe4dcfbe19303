DROP INDEX ix_legal_aid_requests_child;
CREATE INDEX ix_legal_aid_requests_child ON legal_aid_requests (office_id, child_key) WHERE child_key IS NOT NULL;
