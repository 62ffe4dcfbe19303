-- Who is not to learn of what waits about a subject.
CREATE TABLE work_item_asides (
    subject_id uuid NOT NULL,
    user_id uuid NOT NULL REFERENCES users (id),
    since timestamptz NOT NULL,
    PRIMARY KEY (user_id, subject_id)
);
INSERT INTO work_item_asides (subject_id, user_id, since)
SELECT request_id, user_id, declared_at FROM legal_aid_conflicts;

-- The day on which it was last looked whether a clock runs out soon.
ALTER TABLE legal_aid_clocks ADD COLUMN watched_on date;
CREATE INDEX ix_legal_aid_clocks_due ON legal_aid_clocks (due_on, request_id);
