-- The record of a talk as it was signed on paper.
CREATE TABLE counselling_note_scans (
    id uuid PRIMARY KEY,
    note_id uuid NOT NULL REFERENCES counselling_notes (id),
    media text NOT NULL CONSTRAINT ck_counselling_note_scans_media CHECK (media IN ('pdf', 'jpeg', 'png', 'heic', 'docx')),
    size integer NOT NULL,
    sealed bytea NOT NULL,
    uploaded_by_id uuid NOT NULL REFERENCES users (id),
    removed_at timestamptz,
    created_at timestamptz NOT NULL
);
CREATE INDEX ix_counselling_note_scans_note ON counselling_note_scans (note_id, created_at, id);
