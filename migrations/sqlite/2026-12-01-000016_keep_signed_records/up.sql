-- The record of a talk as it was signed on paper.
CREATE TABLE counselling_note_scans (
    id BLOB PRIMARY KEY,
    note_id BLOB NOT NULL REFERENCES counselling_notes (id),
    media TEXT NOT NULL CONSTRAINT ck_counselling_note_scans_media CHECK (media IN ('pdf', 'jpeg', 'png', 'heic', 'docx')),
    size INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    uploaded_by_id BLOB NOT NULL REFERENCES users (id),
    removed_at INTEGER,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX ix_counselling_note_scans_note ON counselling_note_scans (note_id, created_at, id);
