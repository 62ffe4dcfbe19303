DELETE FROM calendar_days WHERE removed_at IS NOT NULL;
ALTER TABLE calendar_days DROP COLUMN removed_at;
