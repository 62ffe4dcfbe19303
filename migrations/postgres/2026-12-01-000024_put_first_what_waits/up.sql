-- A supervisor is told of erasures, and the list begins with what waits.
ALTER TABLE work_items DROP CONSTRAINT ck_work_items_kind;
ALTER TABLE work_items ADD CONSTRAINT ck_work_items_kind CHECK (kind IN ('request-to-triage', 'contact-family', 'question-from-family', 'appointment-unanswered', 'hours-touch-appointments', 'note-unsigned', 'override-wanted', 'closing-awaits-approval', 'transfer-received', 'transfer-declined', 'case-given', 'closing-rejected', 'erasure-asked', 'consent-withdrawn', 'window-reminder-undeliverable', 'report-late', 'refusal-not-opened', 'centre-silent', 'withdrawal-asked', 'deadline-passed', 'possible-duplicate', 'mail-suppressed', 'risk-alert'));
DROP INDEX ix_work_items_list;
CREATE INDEX ix_work_items_list ON work_items (office_id, (done_at IS NOT NULL), (due_at IS NULL), due_at, id);
