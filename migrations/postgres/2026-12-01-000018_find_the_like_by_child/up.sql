-- In the order it is asked for: without statistics SQLite went through the whole office to have it.
DROP INDEX ix_legal_aid_requests_child;
CREATE INDEX ix_legal_aid_requests_child ON legal_aid_requests (office_id, child_key, created_at, id) WHERE child_key IS NOT NULL;
