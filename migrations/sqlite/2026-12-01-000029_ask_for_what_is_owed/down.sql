DELETE FROM work_items WHERE kind IN ('product-owed', 'product-to-approve', 'difficulty-raised', 'concern-to-refer', 'report-to-approve');
CREATE TABLE new_work_items (
    id BLOB PRIMARY KEY,
    office_id BLOB NOT NULL REFERENCES offices (id),
    kind TEXT NOT NULL CONSTRAINT ck_work_items_kind CHECK (kind IN ('request-to-triage', 'contact-family', 'question-from-family', 'appointment-unanswered', 'hours-touch-appointments', 'note-unsigned', 'override-wanted', 'closing-awaits-approval', 'transfer-received', 'transfer-declined', 'case-given', 'closing-rejected', 'erasure-asked', 'consent-withdrawn', 'window-reminder-undeliverable', 'report-late', 'refusal-not-opened', 'centre-silent', 'withdrawal-asked', 'deadline-passed', 'possible-duplicate', 'mail-suppressed', 'risk-alert')),
    subject_kind TEXT NOT NULL,
    subject_id BLOB NOT NULL,
    owner_id BLOB REFERENCES users (id),
    role TEXT CONSTRAINT ck_work_items_role CHECK (role IN ('administrator', 'organiser', 'counsellor', 'supervisor', 'legal_aid_intake', 'reporter', 'contributor', 'auditor')),
    due_at INTEGER,
    done_at INTEGER,
    done_by_id BLOB REFERENCES users (id),
    dedupe_key TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT ck_work_items_whose CHECK (owner_id IS NOT NULL OR role IS NOT NULL),
    CONSTRAINT ck_work_items_done_by_id CHECK (done_by_id IS NULL OR done_at IS NOT NULL)
) STRICT;
INSERT INTO new_work_items (
    id, office_id, kind, subject_kind, subject_id, owner_id, role, due_at, done_at, done_by_id, dedupe_key, version,
    created_at, updated_at
)
SELECT
    id, office_id, kind, subject_kind, subject_id, owner_id, role, due_at, done_at, done_by_id, dedupe_key, version,
    created_at, updated_at
FROM work_items;
DROP TABLE work_items;
ALTER TABLE new_work_items RENAME TO work_items;
CREATE UNIQUE INDEX uq_work_items_office_id_dedupe_key ON work_items (office_id, dedupe_key);
CREATE INDEX ix_work_items_list ON work_items (office_id, (done_at IS NOT NULL), (due_at IS NULL), due_at, id);
CREATE INDEX ix_work_items_open ON work_items (office_id, (due_at IS NULL), due_at, id) WHERE done_at IS NULL;
CREATE INDEX ix_work_items_subject ON work_items (subject_id, kind);
