-- Who is not to learn of what waits about a subject.
CREATE TABLE work_item_asides (
    subject_id BLOB NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id),
    since INTEGER NOT NULL,
    PRIMARY KEY (user_id, subject_id)
) STRICT;
INSERT INTO work_item_asides (subject_id, user_id, since)
SELECT request_id, user_id, declared_at FROM legal_aid_conflicts;

-- The day on which it was last looked whether a clock runs out soon.
ALTER TABLE legal_aid_clocks ADD COLUMN watched_on TEXT;
CREATE INDEX ix_legal_aid_clocks_due ON legal_aid_clocks (due_on, request_id);
