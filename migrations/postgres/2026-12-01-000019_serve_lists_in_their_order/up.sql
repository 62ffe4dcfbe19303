-- Each list by an index of its own order: what went through a whole office, or sorted it, for a
-- page of fifty. A key that is there for its order ends in the id, as the order does.
DROP INDEX ix_work_items_list;
CREATE INDEX ix_work_items_list ON work_items (office_id, (due_at IS NULL), due_at, id);
CREATE INDEX ix_work_items_open ON work_items (office_id, (due_at IS NULL), due_at, id) WHERE done_at IS NULL;
DROP INDEX ix_counselling_requests_user;
CREATE INDEX ix_counselling_requests_user ON counselling_requests (user_id, created_at, id) WHERE user_id IS NOT NULL;
CREATE INDEX ix_counselling_requests_assignee ON counselling_requests (assignee_id, created_at, id) WHERE assignee_id IS NOT NULL;
DROP INDEX ix_counselling_appointments_case;
CREATE INDEX ix_counselling_appointments_case ON counselling_appointments (case_id, starts_at, id) WHERE case_id IS NOT NULL;
CREATE INDEX ix_counselling_appointments_given ON counselling_appointments (counsellor_id, starts_at, id);
CREATE INDEX ix_audit_events_object ON audit_events (object_id, at, id) WHERE object_id IS NOT NULL;
