-- A day that was entered wrongly counts for nothing; that it was taken back moves what was counted with it.
ALTER TABLE calendar_days ADD COLUMN removed_at timestamptz;
